"""What `umn reconcile` finds: each difference is made for real, is found, and is gone once it is mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from models.errors import NotReachable
from office.connection import connect, prepare_namespace
from office.desk.envelopes import by_person
from office.intake.taking_in import start
from office.service.histories import keep_ended
from office.service.launching import wait_for
from office.service.payloads import CONVERTER
from office.service.problems import Problem
from office.service.reconciling import WORKFLOW, reconcile
from office.service.seals import WORDS
from office.settings import Settings
from register import database, reconciliations
from register.carried import carried
from register.database import migrate
from register.documents import DocumentStore, belongs
from tests.cli.desk import Desk, eventually, office

pytestmark = pytest.mark.server

Told = list[dict[str, Any]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with office(tmp_path_factory.mktemp("reconciled") / "var") as desk:
        yield desk


@pytest.fixture(scope="module")
def number(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A case with acts, and letters that left."""
    number = desk.submits(tmp_path_factory.mktemp("package"))
    desk.does("declare-incomplete", number, "--missing", "Annex IV")
    desk.does("receive-completion", number)
    desk.does("declare-admissible", number)
    desk.does("fix-contribution", number, "--amount", "100.00", "--source", "test")
    desk.sees_at_rest(number)
    return number


def found(desk: Desk, *words: str) -> Told:
    """What a comparison finds that an operator asks for."""
    answer = desk.asks("reconcile", *words, "-o", "json")
    problems: Told = answer.ended(5 if answer.document["problems"] else 0).document["problems"]
    return problems


@contextmanager
def changed(settings: Settings, *statements: str) -> Iterator[None]:
    """The register, as somebody changed it who can write its file, until it is as it was."""
    with sqlite3.connect(settings.var / "register.db") as register:
        others = [f'"{row[1]}"' for row in register.execute("PRAGMA table_info(entry)") if row[5] == 0]
        triggers = register.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        entries = register.execute("SELECT * FROM entry").fetchall()
        states = register.execute("SELECT * FROM current_state").fetchall()
        invoices = register.execute("SELECT * FROM invoice").fetchall()
        for name, _ in triggers:
            register.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            register.execute(statement.replace("OTHERS", ", ".join(others)))
    try:
        yield
    finally:
        with sqlite3.connect(settings.var / "register.db") as register:
            for table, rows in (("entry", entries), ("current_state", states), ("invoice", invoices)):
                register.execute(f"DELETE FROM {table}")
                places = ", ".join("?" * len(rows[0]))
                register.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
            for _, sql in triggers:
                register.execute(sql)


def test_an_office_that_is_well_has_no_differences_and_status_says_when_that_was(
    desk: Desk, number: str
) -> None:
    told = desk.types("reconcile", "--deep").ended(0)
    assert "Register, Temporal and documents agree." in told.out
    told = desk.types("verify").ended(0)
    assert "Everything is as it was sealed." in told.out
    assert desk.asks("verify", "--deep", "-o", "json").ended(0).document["problems"] == []
    looked = desk.asks("reconcile", "-o", "json").ended(0).document["looked"]
    assert (looked["cases"], looked["running"], looked["unnamed"]) == (1, 1, 0)
    assert looked["entries"] == len(desk.sees(number)["entries"])
    assert looked["documents"] > 5
    compared = desk.asks("status", "-o", "json").document["compared"]
    assert compared["differences"] == 0
    assert datetime.now(UTC) - datetime.fromisoformat(compared["at"]) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("statement", "kind", "said", "deep"),
    [
        # the act of a person that is not the last entry: only its history knows
        ("UPDATE entry SET \"by\" = 'Mallory' WHERE sequence = 2", "entries-differ", "Entry 2", True),
        ("UPDATE entry SET digest = 'f' WHERE sequence = {last}", "entries-differ", "Entry", False),
        ("UPDATE invoice SET cents = 1", "entries-differ", "history tells it: invoice", True),
        ("DELETE FROM entry WHERE sequence = {last}", "entries-missing", "the newest is", False),
        ("UPDATE current_state SET entry = entry - 1", "register-behind", "has lost", False),
        (
            "INSERT INTO entry (number, sequence, OTHERS) SELECT number, sequence + 1, OTHERS FROM entry "
            "WHERE sequence = {last}; UPDATE current_state SET entry = entry + 1",
            "behind", "its memory is older than the register", False,
        ),
    ],
)  # fmt: skip
def test_a_register_that_somebody_changed_is_found(
    desk: Desk, number: str, statement: str, kind: str, said: str, deep: bool
) -> None:
    last = len(desk.sees(number)["entries"])
    with changed(desk.settings, *statement.format(last=last).split("; ")):
        if deep:
            assert {one["kind"] for one in found(desk)} <= {*WORDS}  # by its seals alone
        told = found(desk, *(["--deep"] if deep else []))
        assert {one["kind"] for one in told} & {"row-changed", "row-gone", "row-without-seal"}
    told = [one for one in told if one["kind"] not in WORDS]
    assert {one["kind"] for one in told} <= {kind, "entries-missing", "entries-differ"}
    (differs,) = (one for one in told if one["kind"] == kind)
    mends = f"reopen {number}" if kind == "behind" else "restore BACKUP"
    assert (differs["number"], differs["possible"]) == (number, [mends])
    assert said in differs["sentence"]
    assert found(desk) == []


def test_a_document_that_is_missing_or_changed_is_found_with_the_place_of_its_copy(
    desk: Desk, number: str
) -> None:
    store, one, other = DocumentStore(desk.settings.documents), *desk.sees(number)["documents"][:2]
    paths = [store.path(document["sha256"]) for document in (one, other)]
    kept = [path.read_bytes() for path in paths]
    paths[0].unlink()
    paths[1].write_bytes(b"another")
    try:
        missing, other_one = sorted(found(desk), key=lambda told: str(told["kind"]), reverse=True)
        assert (missing["kind"], other_one["kind"]) == ("document-missing", "document-changed")
        assert repr(one["name"]) in missing["sentence"]
        assert missing["possible"][0].startswith(f"cp BACKUP/documents/{one['sha256'][:2]}/{one['sha256']}")
        seen = desk.asks("status", "-o", "json").ended(5).document["problems"]
        assert {told["kind"] for told in seen} == {"document-missing", "document-changed"}
        assert all(told["possible"][-1] == "reconcile" for told in seen)  # of that moment, and asked again so
    finally:
        for path, content in zip(paths, kept, strict=True):
            path.write_bytes(content)
    assert found(desk) == []
    assert desk.asks("status", "-o", "json").ended(0).document["problems"] == []


def test_a_letter_that_left_and_of_which_its_case_was_not_told_is_found(desk: Desk, number: str) -> None:
    tells = "UPDATE notice SET tells = '{}', since = '{}', next_attempt = '{}' WHERE entry = 1"
    early, later = "2026-01-01T00:00:00+00:00", "2199-01-01T00:00:00+00:00"
    url = desk.settings.register_url
    database.changed(url, tells.format("left", early, later))
    try:
        assert {one["kind"] for one in found(desk)} == {"letter-not-told"}
    finally:
        database.changed(url, tells.format("", early, ""))
    assert found(desk) == []


def test_a_case_that_was_terminated_is_found_until_it_is_reopened(desk: Desk, tmp_path: Path) -> None:
    lost = desk.submits(tmp_path)

    async def terminate() -> None:
        client = await connect(desk.settings)
        await client.get_workflow_handle(lost).terminate("a slip of the hand")

    wait_for(terminate())
    (told,) = eventually(lambda: found(desk))
    assert (told["kind"], told["number"]) == ("not-running", lost)
    assert told["possible"] == [f"reopen {lost}"]
    assert (
        f"Temporal does not run 1 case that the register holds open: {lost}." in desk.types("up").ended(0).err
    )
    desk.does("reopen", lost, "--grounds", "It was a slip of the hand.")
    eventually(lambda: kinds(desk, "not-running") == [])  # nor as what was found before
    eventually(lambda: not found(desk, "--deep"))
    desk.does("withdraw", lost)


async def elsewhere(settings: Settings, namespace: str) -> Client:
    """The same server, and a namespace that knows nothing."""
    client = await connect(settings)
    week = Duration(seconds=7 * 86_400)
    asked = RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=week)
    await client.workflow_service.register_namespace(asked)
    other = await Client.connect(
        client.service_client.config.target_host, namespace=namespace, data_converter=CONVERTER
    )
    await prepare_namespace(other)
    return other


async def until_it_answers(client: Client, settings: Settings) -> list[Problem]:
    """What is found, once the new namespace knows what it is asked by."""
    import asyncio

    from temporalio.service import RPCError

    for _ in range(100):
        try:
            return (await reconcile(client, settings))[1]
        except RPCError:
            await asyncio.sleep(0.2)
    raise AssertionError("the namespace does not answer")


async def test_a_temporal_that_was_lost_is_found_case_by_case(desk: Desk, number: str) -> None:
    problems = await until_it_answers(await elsewhere(desk.settings, "lost"), desk.settings)
    (lost,) = (problem for problem in problems if problem.kind == "not-running")
    assert lost.number == number
    assert "is not known to this Temporal" in lost.sentence


async def test_a_register_that_was_emptied_is_found_case_by_case(
    desk: Desk, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = replace(desk.settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(empty.register_url)
    client = await connect(desk.settings)
    filed = carried(desk.settings.register_url, number)
    another = filed.model_copy(update={"documents": filed.documents[1:]})
    begun = ("submit", desk.by, by_person(desk.settings))
    made, problems = await reconcile(client, empty)
    (behind,) = (problem for problem in problems if problem.kind == "register-behind")
    assert (behind.number, behind.possible) == (number, ("restore BACKUP",))
    assert "the register holds 0" in behind.sentence
    assert made.looked["unnamed"] == made.looked["documents"]
    with pytest.raises(NotReachable, match="for another dossier"):
        await start(client, empty, "Dossier", another, "", begun)
    assert await start(client, empty, "Dossier", filed, "", begun) is False
    belongs(empty.register_url, DocumentStore(tmp_path / "documents"))
    assert "documents" in {problem.kind for problem in (await reconcile(client, empty))[1]}


async def test_a_history_that_is_kept_changed_or_not_at_all_is_found(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = desk.submits(tmp_path)
    desk.does("withdraw", ended)
    client = await connect(desk.settings)

    def rows() -> list[tuple[str, str]]:
        with sqlite3.connect(desk.settings.var / "register.db") as register:
            return register.execute("SELECT number, sha256 FROM history WHERE number = ?", [ended]).fetchall()

    monkeypatch.setattr("office.service.reconciling.KEPT_WITHIN", timedelta(seconds=-5))
    import asyncio

    async def at_last() -> str:
        for _ in range(100):
            async for _kept in keep_ended(client, desk.settings):
                pass
            if found_rows := rows():
                return found_rows[0][1]
            await asyncio.sleep(0.2)
        raise AssertionError("it is not kept")

    sha256 = await at_last()
    assert [p for p in (await reconcile(client, desk.settings, deep=True))[1] if p.number == ended] == []
    path = DocumentStore(desk.settings.documents).path(sha256)
    whole = path.read_bytes()
    path.write_bytes(b"another")
    try:
        (changed_one,) = (p for p in (await reconcile(client, desk.settings))[1] if p.number == ended)
    finally:
        path.write_bytes(whole)
    assert changed_one.kind == "document-changed"
    assert "the history of the run" in changed_one.sentence
    with changed(desk.settings, f"DELETE FROM history WHERE number = '{ended}'"):
        missing = {p.kind for p in (await reconcile(client, desk.settings))[1] if p.number == ended}
    assert {"history-missing", "row-gone"} <= missing


async def test_the_worker_compares_every_night_and_a_night_that_is_missed_twice_is_told(
    desk: Desk, number: str
) -> None:
    client, url = await connect(desk.settings), desk.settings.register_url
    handle = client.get_schedule_handle(f"{desk.settings.task_queue}-{WORKFLOW}")
    described = await handle.describe()
    assert [spec.hour[0].start for spec in described.schedule.spec.calendars] == [4]
    assert described.schedule.spec.time_zone_name == "Europe/Brussels"
    last = reconciliations.last(url)
    assert last is not None
    early = (datetime.now(UTC) - timedelta(hours=51)).isoformat(timespec="seconds")
    reconciliations.keep(url, replace(last, began_at=early, ended_at=early))
    (late,) = kinds(desk, "not-reconciled")
    assert "not for two nights" in late["sentence"]
    await handle.trigger()
    eventually(lambda: (made := reconciliations.last(url)) and made.began_at > early, patience=60)
    with database.asked(url) as ask:
        assert ask("SELECT count(*) FROM head WHERE occasion LIKE 'night %'") == [(1,)]
    assert kinds(desk, "not-reconciled") == []


def kinds(desk: Desk, kind: str) -> Told:
    problems: Told = desk.asks("status", "-o", "json").document["problems"]
    return [problem for problem in problems if problem["kind"] == kind]
