"""The office without mail, and with its postman taken away; what a life is, and a machine that fails."""

from __future__ import annotations

import asyncio
import email
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
from tests.cli.desk import Desk, civil_today, eventually, kill, office
from tests.ports import free_port, held_port

pytestmark = pytest.mark.server


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
    """A machine that fails: it takes the whole office away, then starts it again."""

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


def settled(desk: Desk, number: str) -> Any:
    """The case once each of its letters has left, to the desk where nobody else's address is known."""

    def on_their_way() -> list[Any]:
        return [
            notice for notice in desk.sees(number)["notices"] if notice["state"] not in ("sent", "to_forward")
        ]

    # the postman's shift that was killed must end first
    eventually(lambda: not on_their_way(), patience=120, instead=lambda: (on_their_way(), problems(desk)))
    return desk.sees(number)


class Mailbox:
    """The letters that a mail server received; the agenda of eight o’clock is none of them."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        if any(message.iter_attachments()):
            self.messages.append(message)
        return "250 taken over"


def test_without_a_mail_server_everything_goes_on_and_letters_arrive_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    mailbox = Mailbox()
    held = held_port()
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
