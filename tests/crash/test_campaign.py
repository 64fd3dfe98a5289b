"""Kills of worker, postman, server and terminals without end, while lives are lived and statements come in.

Nothing is lost, nothing doubled, and in the end register, Temporal and documents agree: in an office on one
machine, on SQLite or PostgreSQL, and in one on two machines with a Temporal of its own. `make chaos` tells
what it saw.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from models.errors import OutsideWorldFailed
from office.connection import connect
from office.service import server
from office.service.embedded import start_server
from office.service.launching import wait_for
from office.service.running import recall
from office.settings import Settings
from samples.statements.make import Payment, coda
from tests.cli.desk import Desk, TerminalLost, civil_today, eventually, kill, office
from tests.crash.test_crash import ACTS, Mailbox, life
from tests.ports import free_port
from tests.register.conftest import postgresql  # noqa: F401

pytestmark = [pytest.mark.server, pytest.mark.timeout(7200)]

A_FEW = 32
KILLS = int(os.environ.get("UMN_TEST_KILLS", "300"))
"""Processes that are taken away, at least: in every run of the tests, and where there is time."""

SEED = int(os.environ.get("UMN_TEST_SEED", "20061214"))
LANES = 4
"""Lives that are lived at the same time."""

_statements, _databases = itertools.count(1), itertools.count(1)

FALLS = (
    *(("worker",), ("postman",), ("server",), ("worker", "postman")),
    *[("server", "worker", "postman", "terminal")] * 3,
    *[("terminal",)] * 4,
)
"""What is killed together, as often as it stands here; a terminal with whatever is typed in it."""


class SlowMailbox(Mailbox):
    """It takes a letter, and thinks before and after: who hands it over may be gone before it answers."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(random.uniform(0.0, 0.2))
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(random.uniform(0.0, 0.2))
        return answer


class Failing(threading.Thread):
    """Kills, waits or not, and starts again what is missing, as many times as is asked."""

    def __init__(self, place: Place, chance: random.Random, most: int) -> None:
        super().__init__()
        self._place, self._chance, self._most = place, chance, most
        self.people: list[Desk] = []
        self.kills: Counter[str] = Counter()
        self.falls = 0
        self.over = False

    def run(self) -> None:
        try:
            while self.kills.total() < self._most:
                parts = self._chance.choice(FALLS)
                # whoever lost his terminal types on at once; an office that fell needs seconds
                time.sleep(self._chance.uniform(0.05, 1.0 if parts == ("terminal",) else 3.0))
                self._fall(parts)
                self.falls += 1
                self.kills.update(parts)
        finally:
            self.over = True

    def _fall(self, parts: tuple[str, ...]) -> None:
        if "terminal" in parts:
            self._chance.choice(self.people).loses_its_terminal()
        if office := [part for part in parts if part != "terminal"]:
            desk = self._chance.choice(self._place.desks)
            for part in office:
                of = self._place.temporal if part == "server" else desk.settings
                running = recall(of.var)
                assert running is not None
                kill(getattr(running, part))
            time.sleep(self._chance.choice((0.0, 0.0, 0.3, 1.0)))
            self._up(desk)

    def _up(self, desk: Desk) -> None:
        for _ in range(4):  # a busy machine may take longer than the office waits
            try:
                self._place.up(desk)
            except OutsideWorldFailed:
                continue
            return
        self._place.up(desk)


@dataclass(frozen=True)
class Place:
    """The machines of an office, each with its operators; `temporal` is where the server runs."""

    desks: tuple[Desk, ...]
    temporal: Settings

    def up(self, desk: Desk) -> None:
        """Starts what is missing there."""
        if self.temporal is not desk.settings:
            start_server(self.temporal, recall(self.temporal.var), lambda line: None)
        desk.up()


@contextmanager
def one_machine(var: Path, database_url: str, mail: dict[str, Any]) -> Iterator[Place]:
    """An office as `umn up` starts it."""
    with office(var, database_url=database_url, **mail) as desk:
        yield Place((desk,), desk.settings)


@contextmanager
def two_machines(var: Path, database_url: str, mail: dict[str, Any]) -> Iterator[Place]:
    """Two workers and two postmen on one queue, with one register and store, and a Temporal beside both."""
    elsewhere = Settings(var=var / "temporal", temporal_port=free_port(), ui=False)
    elsewhere.var.mkdir(parents=True)
    (elsewhere.var / "log").mkdir()
    address = start_server(elsewhere, None, lambda line: None).address
    made = {"temporal_port": free_port(), "ui_port": free_port(), "task_queue": "umn-desk", **mail}
    machines = (Settings(var=var / name, database_url=database_url, **made) for name in ("one", "two"))
    desks = tuple(map(Desk, machines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEMPORAL_ADDRESS", address)
        patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
        try:
            for desk in desks:
                desk.environment["TEMPORAL_ADDRESS"] = address
                desk.settings.var.mkdir()
                if desk is not desks[0]:
                    desk.settings.documents.symlink_to(desks[0].settings.documents)
                    copytree(desks[0].settings.keys, desk.settings.keys)  # one office, one key
                    copy(desks[0].settings.own_key, desk.settings.own_key)
                desk.types("up").ended(0)
            yield Place(desks, elsewhere)
        finally:
            for desk in desks:
                server.down(desk.settings, say=lambda line: None)
    server.down(elsewhere, say=lambda line: None)


class Lane:
    """Somebody who lives one life after the other, and types each act until it is answered.

    Every other life is paid by a bank statement.
    """

    def __init__(self, desk: Desk, failing: Failing, into: Path) -> None:
        self._desk, self._failing, self._into = desk, failing, into
        self.receipts: dict[str, list[Any]] = {}
        self.by_statement: set[str] = set()
        self.cut_short: set[str] = set()
        self.repeated = 0
        failing.people.append(desk)

    def live(self) -> None:
        try:
            while not (self._failing.over and self.receipts):
                opened = self._types(("submit", str(self._desk.package(self._into))))
                number = opened["number"]
                self.receipts[number] = [opened]
                for words in life(number):
                    if words[0] == "book-payment" and len(self.receipts) % 2:
                        self._pays_by_statement(number)
                    else:
                        self.receipts[number].append(self._types(words))
        finally:
            self._desk.leaves()

    def _pays_by_statement(self, number: str) -> None:
        (invoice,) = self._types(("show", number))["invoices"]
        paid, nth = Payment(invoice["cents"], invoice["communication"]), next(_statements)
        file = self._into / f"statement-{nth}.cod"
        file.write_bytes(coda([paid], civil_today(), number=nth, opening=1_000_000 + nth * invoice["cents"]))
        self._types(("payments", "import", str(file)))
        self.by_statement.add(number)
        eventually(lambda: self._types(("show", number))["invoices"][0]["paid_on"], patience=600)

    def _types(self, words: tuple[str, ...]) -> Any:
        until = time.monotonic() + 600
        while True:
            answer = None
            try:
                answer = self._desk.asks(*words, "-o", "json")
            except TerminalLost as lost:  # in a new one the same words, but for what was answered
                with suppress(ValueError):
                    if "error" not in (document := json.loads(lost.shown)):
                        self.cut_short.add(words[1])  # it may not have noted yet that it had answered
                        return document
            except BrokenPipeError:
                pass  # it was taken away before anything was typed
            if answer and answer.code == 0:
                return answer.document
            if answer:
                answer.ended(5)
            assert time.monotonic() < until, answer or words
            self.repeated += 1
            time.sleep(0.2 if answer else 0)


def settle_letters(desk: Desk, mailbox: Mailbox) -> Counter[str]:
    """A person looks at each letter whose fate nobody knows, and says what became of it.

    Returns: how many arrived although it was not known, and how many did not.
    """
    settled: Counter[str] = Counter()

    def all_left() -> bool:
        # what lies at the desk, as nobody else's address is known, has left
        waiting = [notice for notice in desk.does("notices") if notice["state"] != "to_forward"]
        for notice in waiting:
            if notice["state"] == "in_doubt":
                there = notice["message_id"] in arrived(mailbox)
                desk.does("notices", "delivered" if there else "again", notice["key"])
                settled["arrived" if there else "sent again"] += 1
        return not waiting

    eventually(all_left, patience=1800)  # they wait for the end of each shift that was killed
    return settled


def arrived(mailbox: Mailbox) -> Counter[str]:
    return Counter(message["Message-ID"] for message in mailbox.messages)


def ended_in_temporal(desk: Desk, number: str) -> bool:
    async def ask() -> bool:
        client = await connect(desk.settings)
        described = await client.get_workflow_handle(number).describe()
        return described.status is not None and described.status.name == "COMPLETED"

    return wait_for(ask())


def assert_lived_once(desk: Desk, number: str, lane: Lane) -> None:
    """Every act that was answered is entered where its receipt says, once; Temporal remembers the same."""
    receipts, by_statement = lane.receipts[number], number in lane.by_statement
    case = desk.sees(number)
    entries = {line["sequence"]: line for line in case["entries"]}
    typed = [line for line in case["entries"] if line["request_id"]]
    assert [*entries] == [*range(1, len(entries) + 1)]
    assert {receipt["entry"]: receipt["act"] for receipt in receipts} == {
        entry: entries[entry]["act"] for entry in sorted(receipt["entry"] for receipt in receipts)
    }
    lived = [act.replace("InvoicePaid", "PaymentReceived") if by_statement else act for act in ACTS]
    assert [line["act"] for line in case["entries"] if line["act"] != "LetterLeft"] == lived
    assert len({line["request_id"] for line in typed}) == len(typed)
    assert desk.entries_in_history(number) == len(entries)
    eventually(lambda: ended_in_temporal(desk, number), patience=120)
    assert [(i["cents"], i["paid_on"] is not None) for i in case["invoices"]] == [(1_928_461, True)]
    letters = [(line["entry"], line["letter"]) for line in case["documents"] if line["letter"]]
    assert set(letters) == {(notice["entry"], notice["letter"]) for notice in case["notices"]}
    assert {notice["state"] for notice in case["notices"]} <= {"sent", "delivered", "to_forward"}
    assert number in lane.cut_short or not desk.on_their_way(number)


def new_database(server: str) -> str:
    """The address of an empty database of a PostgreSQL server."""
    import psycopg

    name = f"campaign_{next(_databases)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?")


def beside(desk: Desk) -> Desk:
    """Another operator of the same machine."""
    other = Desk(desk.settings)
    other.environment = desk.environment
    return other


PLACES = {"one machine": one_machine, "one machine, PostgreSQL": one_machine, "two machines": two_machines}


@pytest.mark.parametrize(
    ("where", "kills"),
    [("one machine", A_FEW), *(pytest.param(where, KILLS, marks=pytest.mark.long) for where in PLACES)],
)
def test_kills_without_end_lose_nothing_and_double_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, where: str, kills: int
) -> None:
    database = "" if where == "one machine" else new_database(request.getfixturevalue("postgresql"))
    mailbox, began = SlowMailbox(), time.monotonic()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": controller.port}
        with PLACES[where](tmp_path / "var", database, mail) as place:
            desk, failing = place.desks[0], Failing(place, random.Random(SEED), kills)
            at = itertools.cycle(place.desks)
            lanes = [Lane(beside(next(at)), failing, tmp_path) for _ in range(LANES)]
            failing.start()
            with ThreadPoolExecutor(LANES) as people:
                for lived in [people.submit(lane.live) for lane in lanes]:
                    lived.result()
            failing.join()
            doubts = settle_letters(desk, mailbox)
            lives = {number: receipts for lane in lanes for number, receipts in lane.receipts.items()}
            for lane in lanes:
                for number in lane.receipts:
                    assert_lived_once(desk, number, lane)
            notices = [notice for number in lives for notice in desk.sees(number)["notices"]]
            serials = sorted(i["invoice"] for number in lives for i in desk.sees(number)["invoices"])
            # the list of runs is a moment behind
            eventually(
                lambda: desk.asks("reconcile", "--deep").code == 0,
                patience=60,
                instead=lambda: desk.asks("reconcile", "--deep"),
            )
            compared = desk.does("reconcile", "--deep")["looked"]
    finally:
        controller.stop()

    assert len(set(serials)) == len(lives)
    assert int(serials[-1].partition("-")[2]) == len(lives)  # no number is missing among them
    twice = {letter: times for letter, times in arrived(mailbox).items() if times > 1}
    assert not twice
    assert arrived(mailbox).keys() == {notice["message_id"] for notice in notices if notice["message_id"]}
    assert failing.kills.total() >= kills
    acts, again = sum(map(len, lives.values())), sum(lane.repeated for lane in lanes)
    paid = sum(len(lane.by_statement) for lane in lanes)
    print(
        f"\n{where}: {failing.kills.total()} kills in {failing.falls} falls and "
        f"{time.monotonic() - began:.0f} s, {dict(failing.kills)}: {len(lives)} lives, {paid} of them paid "
        f"by statement, {acts} acts answered, {again} typed again, {len(arrived(mailbox))} letters arrived "
        f"once, {dict(doubts)} of those in doubt; in the end all agree: {compared}"
    )
