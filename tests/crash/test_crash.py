"""The whole office, with all of its processes taken away by -9 again and again, and without mail."""

from __future__ import annotations

import asyncio
import email
import random
import socket
import threading
import time
from collections import Counter
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from office.service.running import recall
from procedures.be_umn.samples.make import CUP_FORM
from tests.cli.desk import Desk, civil_today, eventually, free_port, kill, office

pytestmark = pytest.mark.server

KILLS = 6
SEED = 20_061_214


def life(number: str) -> list[tuple[str, ...]]:
    """The acts from the first check to a programme that was suspended, lifted and closed."""
    in_half_a_year = civil_today() + timedelta(days=180)
    return [
        ("declare-incomplete", number, "--missing", "Annex IV in French"),
        ("receive-completion", number),
        ("declare-admissible", number),
        ("fix-contribution", number, "--amount", "19284.61", "--source", "test"),
        (
            "raise-questions",
            number,
            "--body",
            "commission",
            "--days",
            "10",
            "--question",
            "How is unused product destroyed?",
        ),
        ("receive-answers", number),
        *(("judge", number, "--rule", rule, "--verdict", "pass", "--grounds", "x") for rule in OPEN_RULES),
        ("book-payment", number, "--amount", "19284.61"),
        ("give-opinion", number, "--body", "ethics_committee", "--view", "favourable"),
        ("give-opinion", number, "--body", "commission", "--view", "favourable"),
        (
            *("decide", number, "--outcome", "authorised_with_conditions", "--grounds", "unmet need"),
            *("--condition", f"{in_half_a_year}: report"),
        ),
        ("authorise-provisionally", number, "--requested-by", "importer", "--grounds", "supply is assured"),
        ("suspend", number, "--grounds", "a signal", "--for-safety"),
        ("lift-suspension", number, "--grounds", "explained"),
        ("meet-condition", number, "--condition", "1"),
        ("close", number, "--grounds", "on the market", "--continuity-plan", "by pharmacies"),
        ("record-publication", number),
        ("record-fact", number, "--fact", "no-patient-left", "--source", "the holder"),
    ]


OPEN_RULES = ("E-01", "E-02", "E-08")
"""Those of the sample that a person judges."""

ACTS = [
    "Received",
    "DeclaredIncomplete",
    "CompletionReceived",
    "DeclaredAdmissible",
    "ContributionFixed",
    "QuestionsRaised",
    "AnswersReceived",
    "RuleJudged",
    "RuleJudged",
    "RuleJudged",
    "InvoicePaid",
    "OpinionGiven",
    "OpinionGiven",
    "Decided",
    "ProvisionallyAuthorised",
    "SuspensionImposed",
    "SuspensionLifted",
    "ConditionMet",
    "Closed",
    "PublicationRecorded",
    "FactRecorded",
]


class Machine:
    """A machine that fails: it takes all processes away, then starts the office again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._falling: threading.Thread | None = None
        self.failures = 0

    def falls_in(self, seconds: float) -> None:
        def fall() -> None:
            time.sleep(seconds)
            running = recall(self._desk.settings.var)
            assert running is not None
            kill(running.server, running.worker, running.postman)
            self._desk.up()
            self.failures += 1

        self._falling = threading.Thread(target=fall)
        self._falling.start()

    def stands(self) -> None:
        if self._falling:
            self._falling.join()
            self._falling = None


def typed_until_done(desk: Desk, words: tuple[str, ...]) -> Any:
    """Types the same words again for as long as the outside world does not answer."""
    for _ in range(20):
        answer = desk.asks(*words, "-o", "json")
        if answer.code == 0:
            return answer.document
        answer.ended(5)
        time.sleep(0.3)
    raise AssertionError(answer)


def settled(desk: Desk, number: str) -> Any:
    """The case once each of its letters has left, to the desk where nobody else's address is known."""

    def on_their_way() -> list[Any]:
        return [
            notice for notice in desk.sees(number)["notices"] if notice["state"] not in ("sent", "to_forward")
        ]

    # the postman's shift that was killed must end first
    eventually(lambda: not on_their_way(), patience=120, instead=lambda: (on_their_way(), problems(desk)))
    return desk.sees(number)


def assert_everything_once(desk: Desk, number: str, case: Any) -> None:
    entries, typed = case["entries"], [line for line in case["entries"] if line["act"] != "LetterLeft"]
    assert [line["act"] for line in typed] == ACTS
    assert [line["sequence"] for line in entries] == list(range(1, len(entries) + 1))
    assert len({line["request_id"] for line in typed[1:]}) == len(ACTS) - 1
    assert desk.entries_in_history(number) == len(entries)
    assert [(i["cents"], i["paid_on"] is not None) for i in case["invoices"]] == [(1_928_461, True)]
    keys = [notice["key"] for notice in case["notices"]]
    assert len(keys) == len(set(keys))
    letters = {(line["entry"], line["letter"]) for line in case["documents"] if line["letter"]}
    assert letters == {(notice["entry"], notice["letter"]) for notice in case["notices"]}
    assert not desk.on_their_way(number)


def test_a_procedure_survives_a_machine_that_fails_again_and_again(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with office(tmp_path / "var") as desk:
        machine = Machine(desk)
        package = desk.package(tmp_path)
        number = desk.does("submit", str(package))["number"]
        acts = life(number)
        fatal = sorted(chance.sample(range(len(acts)), KILLS))
        receipts = []
        for place, words in enumerate(acts):
            if place in fatal:
                machine.stands()
                # An act takes some 50 ms, its letters some 100 more: before, within and after.
                machine.falls_in(chance.uniform(0.0, 0.2))
            receipts.append(typed_until_done(desk, words))
        machine.stands()
        assert machine.failures == KILLS

        case = settled(desk, number)

        assert_everything_once(desk, number, case)
        assert len({receipt["entry"] for receipt in receipts}) == len(ACTS) - 1
        assert desk.does("submit", str(package))["number"] == number
        sent = [
            email.message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in desk.settings.outbox.glob("*.eml")
        ]
        assert len(sent) == len(case["notices"])
        assert len({message["Message-ID"] for message in sent}) == len(sent)
        # What a killed worker had half written stays hidden; nobody takes it for a letter.
        assert all(f.suffix == ".eml" or f.name[0] == "." for f in desk.settings.outbox.iterdir())


class Mailbox:
    """What a mail server received."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken over"


def test_without_a_mail_server_everything_goes_on_and_letters_arrive_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    mailbox = Mailbox()
    # held, and not listened on: nobody answers there, and no other programme can come to do so
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = held.getsockname()[1]
    with held, office(tmp_path / "var", smtp_host="127.0.0.1", smtp_port=port) as desk:
        number = desk.submits(tmp_path)
        for words in life(number)[:3]:
            desk.does(*words)
        case = desk.sees(number)
        assert case["phase"] == "opinion"
        assert {notice["state"] for notice in case["notices"]} <= {"to_make", "pending"}

        held.close()
        controller = Controller(mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            desk.does(*life(number)[3])
            case = settled(desk, number)
        finally:
            controller.stop()

        arrived = Counter(message["Message-ID"] for message in mailbox.messages)
        assert set(arrived.values()) == {1}
        assert len(arrived) == len(case["notices"]) >= 5
        assert {notice["letter"] for notice in case["notices"]} >= {
            "acknowledgement",
            "incomplete",
            "invoice",
        }
        assert not desk.settings.outbox.exists() or not list(desk.settings.outbox.iterdir())


APPLICANT = CUP_FORM["applicant"]["email"]


class HeldMailbox(Mailbox):
    """It takes the first letter to the applicant and does not answer before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = threading.Event()
        self.let_go = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if APPLICANT in envelope.rcpt_tos and not self.holds.is_set():
            self.holds.set()
            await asyncio.to_thread(self.let_go.wait, 90)
        return answer


def problems(desk: Desk) -> str:
    return str(desk.asks("status", "-o", "json").document["problems"])


def test_a_postman_killed_with_a_letter_in_his_hand_leaves_a_doubt_and_sends_nothing_twice(
    tmp_path: Path,
) -> None:
    mailbox = HeldMailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with office(tmp_path / "var", smtp_host="127.0.0.1", smtp_port=controller.port) as desk:
            number = desk.submits(tmp_path)
            assert mailbox.holds.wait(30)
            running = recall(desk.settings.var)
            assert running is not None
            kill(running.postman)
            assert "No postman runs" in problems(desk)
            desk.does("declare-incomplete", number, "--missing", "Annex IV")  # answered all the same
            desk.up()

            def states() -> dict[str, str]:
                return {notice["letter"]: notice["state"] for notice in desk.sees(number)["notices"]}

            eventually(lambda: states()["acknowledgement"] == "in_doubt", patience=120)
            # what is behind a doubt waits, and it is said
            assert eventually(lambda: states().get("incomplete") == "pending", patience=30)
            key = f"{number}/1/acknowledgement/applicant"
            assert key in problems(desk)
            assert key in desk.asks("show", number).ended(0).out.replace("\n", "")
            mailbox.let_go.set()
            assert desk.does("notices", "again", key)["state"] == "sent"
            eventually(lambda: states()["incomplete"] == "sent", patience=30)
        to_applicant = [message for message in mailbox.messages if APPLICANT in message["To"]]
        arrived = Counter(message["Message-ID"] for message in to_applicant)
        assert len(arrived) == 2
        # the first one was taken by the server before the postman died, and left again by a person's word
        assert sorted(arrived.values()) == [1, 2]
    finally:
        mailbox.let_go.set()
        controller.stop()
