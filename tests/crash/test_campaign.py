"""Kills of worker, postman and server without end, while lives are lived: nothing is lost, nothing doubled.

`make chaos` does it a hundred times, and tells what it saw.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from models.errors import OutsideWorldFailed
from office.connection import connect
from office.service.launching import wait_for
from office.service.running import recall
from tests.cli.desk import Desk, eventually, free_port, kill, office
from tests.crash.test_crash import ACTS, Mailbox, life

pytestmark = [pytest.mark.server, pytest.mark.long, pytest.mark.timeout(7200)]

KILLS = int(os.environ.get("UMN_TEST_KILLS", "20"))
SEED = int(os.environ.get("UMN_TEST_SEED", "20061214"))
LANES = 4
"""Lives that are lived at the same time."""

FALLS = (("worker",), ("postman",), ("server",), ("worker", "postman"), ("server", "worker", "postman"))
"""What is killed together."""


class SlowMailbox(Mailbox):
    """It takes a letter, and thinks before and after: who hands it over may be gone before it answers."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(random.uniform(0.0, 0.2))
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(random.uniform(0.0, 0.2))
        return answer


class Failing(threading.Thread):
    """Kills, waits or not, and starts again what is missing, as many times as is asked."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        super().__init__()
        self._desk, self._chance = desk, chance
        self.kills: Counter[str] = Counter()
        self.over = False

    def run(self) -> None:
        try:
            for _ in range(KILLS):
                time.sleep(self._chance.uniform(0.05, 3.0))
                running = recall(self._desk.settings.var)
                assert running is not None
                parts = self._chance.choice(FALLS)
                kill(*(getattr(running, part) for part in parts))
                self.kills.update(parts)
                time.sleep(self._chance.choice((0.0, 0.0, 0.3, 1.0)))
                self._up()
        finally:
            self.over = True

    def _up(self) -> None:
        for _ in range(4):  # a busy machine may take longer than the office waits
            try:
                self._desk.up()
            except OutsideWorldFailed:
                continue
            return
        self._desk.up()


class Lane:
    """Somebody who lives one life after the other, and types each act until it is answered."""

    def __init__(self, desk: Desk, failing: Failing, into: Path) -> None:
        self._desk, self._failing, self._into = desk, failing, into
        self.receipts: dict[str, list[Any]] = {}
        self.repeated = 0

    def live(self) -> None:
        try:
            while not (self._failing.over and self.receipts):
                opened = self._types(("submit", str(self._desk.package(self._into))))
                number = opened["number"]
                self.receipts[number] = [opened]
                for words in life(number):
                    self.receipts[number].append(self._types(words))
        finally:
            self._desk.leaves()

    def _types(self, words: tuple[str, ...]) -> Any:
        until = time.monotonic() + 600
        while True:
            answer = self._desk.asks(*words, "-o", "json")
            if answer.code == 0:
                return answer.document
            answer.ended(5)
            assert time.monotonic() < until, answer
            self.repeated += 1
            time.sleep(0.2)


def settle_letters(desk: Desk, mailbox: Mailbox) -> Counter[str]:
    """A person looks at each letter whose fate nobody knows, and says what became of it.

    Returns: how many arrived although it was not known, and how many did not.
    """
    settled: Counter[str] = Counter()

    def all_left() -> bool:
        waiting = desk.does("notices")
        for notice in waiting:
            if notice["state"] == "in_doubt":
                there = notice["message_id"] in arrived(mailbox)
                desk.does("notices", "delivered" if there else "again", notice["key"])
                settled["arrived" if there else "sent again"] += 1
        return not waiting

    eventually(all_left, patience=900)
    return settled


def arrived(mailbox: Mailbox) -> Counter[str]:
    return Counter(message["Message-ID"] for message in mailbox.messages)


def ended_in_temporal(desk: Desk, number: str) -> bool:
    async def ask() -> bool:
        client = await connect(desk.settings)
        described = await client.get_workflow_handle(number).describe()
        return described.status is not None and described.status.name == "COMPLETED"

    return wait_for(ask())


def assert_lived_once(desk: Desk, number: str, receipts: list[Any]) -> None:
    """Every act that was answered is entered where its receipt says, once; Temporal remembers the same."""
    case = desk.sees(number)
    entries = {line["sequence"]: line for line in case["entries"]}
    typed = [line for line in case["entries"] if line["request_id"]]
    assert [*entries] == [*range(1, len(entries) + 1)]
    assert {receipt["entry"]: receipt["act"] for receipt in receipts} == {
        entry: entries[entry]["act"] for entry in sorted(receipt["entry"] for receipt in receipts)
    }
    assert [line["act"] for line in case["entries"] if line["act"] != "LetterLeft"] == ACTS
    assert len({line["request_id"] for line in typed}) == len(typed)
    assert desk.entries_in_history(number) == len(entries)
    eventually(lambda: ended_in_temporal(desk, number), patience=120)
    assert [(i["cents"], i["paid_on"] is not None) for i in case["invoices"]] == [(1_928_461, True)]
    letters = [(line["entry"], line["letter"]) for line in case["documents"] if line["letter"]]
    assert set(letters) == {(notice["entry"], notice["letter"]) for notice in case["notices"]}
    assert {notice["state"] for notice in case["notices"]} <= {"sent", "delivered"}
    assert not desk.on_their_way(number)


def test_kills_without_end_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    mailbox, began = SlowMailbox(), time.monotonic()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with office(tmp_path / "var", smtp_host="127.0.0.1", smtp_port=controller.port) as desk:
            failing = Failing(desk, random.Random(SEED))
            lanes = [Lane(Desk(desk.settings), failing, tmp_path) for _ in range(LANES)]
            failing.start()
            with ThreadPoolExecutor(LANES) as people:
                for lived in [people.submit(lane.live) for lane in lanes]:
                    lived.result()
            failing.join()
            doubts = settle_letters(desk, mailbox)
            lives = {number: receipts for lane in lanes for number, receipts in lane.receipts.items()}
            for number, receipts in lives.items():
                assert_lived_once(desk, number, receipts)
            notices = [notice for number in lives for notice in desk.sees(number)["notices"]]
            serials = sorted(i["invoice"] for number in lives for i in desk.sees(number)["invoices"])
            desk.asks("documents", "--verify").ended(0)
    finally:
        controller.stop()

    assert len(set(serials)) == len(lives)
    assert int(serials[-1].partition("-")[2]) == len(lives)  # no number is missing among them
    twice = {letter: times for letter, times in arrived(mailbox).items() if times > 1}
    assert not twice
    assert arrived(mailbox).keys() == {notice["message_id"] for notice in notices if notice["message_id"]}
    assert failing.kills.total() >= KILLS
    acts, again = sum(map(len, lives.values())), sum(lane.repeated for lane in lanes)
    print(
        f"\n{KILLS} falls in {time.monotonic() - began:.0f} s, {dict(failing.kills)}: {len(lives)} lives, "
        f"{acts} acts answered, {again} typed again, {len(arrived(mailbox))} letters arrived once, "
        f"{dict(doubts)} of those in doubt"
    )
