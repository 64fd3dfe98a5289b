"""Letters that come back, and hours without mail: real mail server, real Temporal server."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from models.acts import (
    CompletionReceived,
    ContributionFixed,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionGiven,
    Withdrawn,
)
from models.parties import Party
from office.letters.at_desk import addressed, at_desk
from office.letters.notices import again, bounced, delivered, meant
from office.settings import Settings
from procedures.be_umn.words import Kind, Role
from procedures.books import applicable_law
from register.clocks import due
from register.database import migrate
from register.notices import Notice, notices, waiting
from register.recipients import Said, keep
from tests.letters.letter_desk import Postman
from tests.ports import free_port, held_port
from tests.stories.desk import EXEMPLAR, Office
from tests.stories.steps import authorised
from worker import postman_of, worker_of

pytestmark = pytest.mark.server

TO = "new-address@exemplar.example"
PAYER = "invoice_addressee"


class MailServer:
    """A mail server of the outside world, which can be down."""

    def __init__(self) -> None:
        self.postman = Postman(port=free_port())
        self._controller: Controller | None = None
        self._held: socket.socket | None = None

    def comes_up(self) -> None:
        if self._held:
            self._held.close()
        self._controller = Controller(self.postman, hostname="127.0.0.1", port=self.postman.port)
        self._controller.start()

    def goes_down(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller, self._held = None, held_port(self.postman.port)

    @property
    def taken(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.postman.taken]


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.comes_up()
    yield server
    server.goes_down()


@pytest.fixture(scope="module")
async def mailing(skipping, tmp_path_factory, mail, walked) -> AsyncIterator[Office]:
    settings = Settings(
        var=tmp_path_factory.mktemp("office"), smtp_host="127.0.0.1", smtp_port=mail.postman.port
    )
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            office = Office(skipping, settings)
            yield office
    office.remember_what_was_walked(walked)


async def letter(office: Office, number: str, kind: str, role: str = "applicant") -> Notice:
    """The newest notice of a letter, once it has left."""
    for _ in range(6000):
        found = [
            one
            for one in notices(office.settings.register_url, number)
            if (one.letter, one.role) in ((kind, role), (kind, PAYER))
        ]
        if found and found[-1].state == "sent":
            return found[-1]
        await asyncio.sleep(0.02)
    raise AssertionError(f"{kind} of {number} has not left: {found}")


async def is_entered(office: Office, number: str, act: str) -> None:
    """Waits until the newest entry of a case is of that kind; nobody is given a receipt for it."""
    for _ in range(6000):
        if office.acts(number)[-1] == act:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(office.acts(number))


async def comes_back(office: Office, notice: Notice, reason: str = "550 no such user") -> dict:
    today = await office.looks_at_the_calendar()
    sign = await office.signs("Ann")
    return await bounced(office.settings, notice, reason, "Ann", today, today, office.client, sign)


async def leaves_again(office: Office, key: str, to: str | None = TO) -> dict:
    return await again(office.settings, key, "Ann", to, office.client)


def last_day(clause: str, since: date) -> date | None:
    law = applicable_law("CUP", Kind.APPLICATION, since)
    return law.clock(clause, since).due_on(law.calendar)


def clocks(office: Office, number: str) -> dict:
    return {
        told.clock.ref: told.clock.due_on
        for told in due(office.settings.register_url, office.today, 400)
        if told.clock.number == number
    }


async def test_what_asks_for_a_completion_and_came_back_starts_no_limit_until_it_is_received(mailing, mail):
    number = await mailing.submits()
    asked = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    incomplete = await letter(mailing, number, "incomplete")
    told = await comes_back(mailing, incomplete, "550 5.1.1 <regulatory@exemplar.example> unknown")
    assert (told["state"], told["case"]["due_on"]) == ("bounced", None)
    assert told["case"]["phase"] == "completion"
    again_told = await comes_back(mailing, (await settled(mailing, incomplete.key)))
    assert again_told["case"]["entry"] == told["case"]["entry"]  # typed twice, told once

    state = mailing.shows(number).state
    assert f"letter-came-back:incomplete:{asked.entry}" in state.flags
    task = f"undelivered-{asked.entry}-incomplete-applicant"
    assert clocks(mailing, number)[task] == mailing.today
    assert clocks(mailing, number)["completion"] is None
    assert waiting(mailing.settings.register_url) == 1

    await mailing.days_pass(60)  # twice the limit: no silence, and no warning of its end
    assert mailing.acts(number)[-1] == "NoticeBounced"

    sent = await leaves_again(mailing, incomplete.key)
    assert (sent["state"], sent["ended"]) == ("sent", True)
    arrived = await mailing.is_written(number, told["case"]["entry"] + 1)
    await mailing.looks_at_the_calendar()
    (line,) = [entry for entry in arrived.entries if entry.sequence == told["case"]["entry"] + 1]
    assert (line.act, line.by, line.happened_on) == ("LetterLeft", "Ann", mailing.today)
    assert line.due_on == last_day("completion", mailing.today)
    assert task not in clocks(mailing, number)
    assert mailing.shows(number).state.flags == ()
    assert mail.postman.taken[-2]["To"] == TO or mail.postman.taken[-1]["To"] == TO
    moved = await letter(mailing, number, "date-moved")
    assert moved.role == "applicant"

    await mailing.waits_until(line.due_on + timedelta(days=1))
    assert mailing.acts(number)[-1] == "LimitPassed"


async def settled(office: Office, key: str) -> Notice:
    return next(one for one in notices(office.settings.register_url, key.split("/")[0]) if one.key == key)


async def test_a_bounce_is_read_from_the_message_of_the_mail_server(mailing, mail, tmp_path):
    number = await mailing.submits()
    await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    incomplete = await letter(mailing, number, "incomplete")
    file = tmp_path / "bounce.eml"
    file.write_bytes(bounce_of(incomplete))
    found, reason = meant(mailing.settings, None, message=file)
    assert (found.key, reason) == (incomplete.key, "5.1.1 smtp; 550 no such user")
    told = await comes_back(mailing, found, reason)
    assert told["case"]["phase"] == "completion"
    await mailing.days_pass(40)
    assert mailing.acts(number)[-1] == "NoticeBounced"
    on = mailing.today - timedelta(days=3)  # it was handed over by a courier, and entered later
    sign = await mailing.signs("Ann")
    told = await delivered(mailing.settings, found.key, "Ann", on, mailing.today, mailing.client, sign)
    assert told["state"] == "sent"
    assert mailing.shows(number).state.due_on == last_day("completion", on)
    await mailing.performs(number, CompletionReceived)
    assert waiting(mailing.settings.register_url) == 0


async def test_an_invoice_that_came_back_is_not_pressed_for(mailing):
    number = await mailing.submits()
    await mailing.performs(number, DeclaredAdmissible)
    fixed = await mailing.performs(number, ContributionFixed, cents=5, source="the accounts")
    invoice = await letter(mailing, number, "invoice")
    named = clocks(mailing, number)["payment"]
    await comes_back(mailing, invoice)
    assert clocks(mailing, number)["payment"] is None
    assert clocks(mailing, number)["payment-appeal"] is None
    await mailing.days_pass(100)  # beyond every reminder, and beyond collection
    assert not {"PaymentReminded", "HandedToCollection"} & set(mailing.acts(number))
    await leaves_again(mailing, invoice.key)
    await mailing.is_written(number, mailing.shows(number).state.entry)
    await is_entered(mailing, number, "LetterLeft")
    await mailing.looks_at_the_calendar()
    ends = clocks(mailing, number)["payment"]
    assert named < mailing.today
    assert ends == last_day("payment", mailing.today)
    assert fixed.entry < mailing.shows(number).state.entry
    await mailing.waits_until(ends + timedelta(days=1))
    assert mailing.acts(number)[-1] == "PaymentReminded"
    await mailing.performs(number, InvoicePaid, cents=5)


async def test_an_invoice_that_was_paid_while_it_lay_undelivered_starts_nothing_when_it_arrives(mailing):
    number = await mailing.submits()
    await mailing.performs(number, DeclaredAdmissible)
    await mailing.performs(number, ContributionFixed, cents=5, source="the accounts")
    invoice = await letter(mailing, number, "invoice")
    await comes_back(mailing, invoice)
    await mailing.performs(number, InvoicePaid, cents=5)
    await leaves_again(mailing, invoice.key)
    await is_entered(mailing, number, "LetterLeft")
    assert mailing.shows(number).entries[-1].facts["moved"] == []
    assert "payment" not in clocks(mailing, number)


async def test_an_invoice_that_leaves_again_after_a_withdrawal_is_owed_from_then(mailing):
    number = await mailing.submits()
    await mailing.performs(number, DeclaredAdmissible)
    await mailing.performs(number, ContributionFixed, cents=5, source="the accounts")
    invoice = await letter(mailing, number, "invoice")
    await mailing.performs(number, Withdrawn)
    await comes_back(mailing, invoice)
    await mailing.days_pass(9)
    await leaves_again(mailing, invoice.key)
    await is_entered(mailing, number, "LetterLeft")
    facts = mailing.shows(number).entries[-1].facts
    assert "without_object" not in facts
    assert [day["clause"] for day in facts["moved"]] == ["payment"]
    assert clocks(mailing, number)["payment"] == last_day("payment", mailing.today)
    await mailing.performs(number, InvoicePaid, cents=5)


async def test_a_letter_that_comes_back_after_the_end_is_noted_with_the_letter_only(mailing):
    number = await mailing.submits()
    await mailing.performs(number, Withdrawn)
    withdrawal = await letter(mailing, number, "withdrawal")
    entries = mailing.acts(number)
    told = await comes_back(mailing, withdrawal)
    assert (told["state"], told["case"]) == ("bounced", None)
    assert mailing.acts(number) == entries
    sent = await leaves_again(mailing, withdrawal.key)
    assert sent["state"] == "sent"
    assert mailing.acts(number) == entries
    assert [one.state for one in notices(mailing.settings.register_url, number)] == [
        "sent",
        "sent",
        "replaced",
        "sent",
    ]


async def test_a_decision_that_came_back_is_a_task_of_its_programme_and_moves_no_day(mailing):
    number = await authorised(mailing)
    decision = next(one for one in notices(mailing.settings.register_url, number) if one.letter == "decision")
    due_on = mailing.shows(number).state.due_on
    told = await comes_back(mailing, await letter(mailing, number, "decision", decision.role))
    assert (told["case"]["phase"], told["case"]["due_on"]) == ("authorised", due_on.isoformat())
    assert clocks(mailing, number)[f"undelivered-{decision.entry}-decision-{decision.role}"] == mailing.today
    await mailing.days_pass(370)  # into the next authorisation year, in a run of its own
    state = mailing.shows(number).state
    assert f"letter-came-back:decision:{decision.entry}" in state.flags
    sign = await mailing.signs("Ann")
    told = await delivered(
        mailing.settings, decision.key, "Ann", mailing.today, mailing.today, mailing.client, sign
    )
    assert told["case"]["act"] == "NoticeDelivered"
    assert not [flag for flag in mailing.shows(number).state.flags if "came-back" in flag]


async def test_where_no_limit_runs_from_receipt_a_bounce_is_a_task_and_moves_no_day(mailing):
    law = applicable_law("CUP", Kind.APPLICATION, await mailing.looks_at_the_calendar())
    counted_otherwise = {id_: one.model_copy(update={"receipt_of": ""}) for id_, one in law.clauses.items()}
    number = await mailing.submits(law=law.model_copy(update={"clauses": counted_otherwise}))
    receipt = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    told = await comes_back(mailing, await letter(mailing, number, "incomplete"))
    assert told["case"]["due_on"] == receipt.due_on.isoformat()
    assert clocks(mailing, number)[f"undelivered-{receipt.entry}-incomplete-applicant"] == mailing.today


async def test_mail_is_down_for_hours_and_everything_else_goes_on(mailing, mail):
    before = len(mail.taken)
    mail.goes_down()
    number = await mailing.submits()
    await mailing.performs(number, DeclaredAdmissible)
    await mailing.performs(number, ContributionFixed, cents=5, source="the accounts")
    await mailing.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await mailing.performs(number, OpinionGiven, body=body, view="favourable")
    assert mailing.shows(number).state.phase == "decision"
    await mailing.time_passes(timedelta(hours=3))
    url = mailing.settings.register_url
    mine = notices(url, number)
    assert {one.state for one in mine} == {"pending"}
    first = {role: next(one for one in mine if one.role == role) for role in {one.role for one in mine}}
    assert all("could not be used" in one.reason for one in first.values())  # others wait behind it
    assert len(mail.taken) == before
    mail.comes_up()
    for _ in range(30):
        await mailing.time_passes(timedelta(minutes=10))
        if {one.state for one in notices(url, number)} == {"sent"}:
            break
        await asyncio.sleep(0.05)
    left = mail.taken[before:]
    assert sorted(left) == sorted(one.message_id for one in notices(url, number))
    assert len(left) == len(set(left)) > 3


async def test_a_letter_that_comes_back_twice_stands_still_twice(mailing):
    number = await mailing.submits()
    await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    sent = await letter(mailing, number, "incomplete")
    url, entries = mailing.settings.register_url, []
    for _ in range(2):
        told = await comes_back(mailing, await settled(mailing, sent.key))
        assert told["case"]["due_on"] is None
        entries.append(told["case"]["entry"])
        today = await mailing.looks_at_the_calendar()
        sign = await mailing.signs("Ann")
        told = await delivered(mailing.settings, sent.key, "Ann", today, today, mailing.client, sign)
        assert told["case"]["due_on"] == str(last_day("completion", today))
        entries.append(told["case"]["entry"])
    assert entries == list(range(entries[0], entries[0] + 4))
    assert [one.state for one in notices(url, number) if one.letter == "incomplete"] == ["sent"]


async def test_a_letter_that_is_refused_for_good_starts_no_limit_until_it_is_received(mailing, mail):
    number = await mailing.submits()
    await mailing.postman_rests()
    mail.postman.recipient_refusals.append("550 5.1.1 no such user")
    receipt = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    assert receipt.due_on is not None  # as the letter tells it
    told = (await mailing.is_written(number, receipt.entry + 1)).entries[-1]
    assert (told.act, told.by, told.due_on) == ("LetterRefused", "the mail server", None)
    (refused,) = [n for n in notices(mailing.settings.register_url, number) if n.letter == "incomplete"]
    assert refused.state == "refused"
    assert clocks(mailing, number)[f"undelivered-{receipt.entry}-incomplete-applicant"] == mailing.today
    await mailing.days_pass(60)
    assert mailing.acts(number)[-1] == "LetterRefused"  # no silence takes effect
    await leaves_again(mailing, refused.key, to=None)
    left = receipt.entry + 2  # a check whose days had gone by passes right after it
    entries = (await mailing.is_written(number, left)).entries
    (told,) = [entry for entry in entries if entry.sequence == left]
    await mailing.looks_at_the_calendar()
    assert (told.act, told.due_on) == ("LetterLeft", last_day("completion", mailing.today))


async def test_a_letter_without_an_address_starts_no_limit_until_a_person_has_delivered_it(mailing, mail):
    number = await mailing.submits(applicant=Party(id="lost", name="Exemplar Pharma"))
    receipt = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    (said,) = at_desk(mailing.settings, receipt)
    assert "The letter incomplete to the applicant goes to the desk instead" in said
    assert addressed(mailing.settings, receipt) == ["incomplete (applicant)"]
    told = (await mailing.is_written(number, receipt.entry + 1)).entries[-1]
    assert (told.act, told.by, told.due_on) == ("LetterRefused", "the postman", None)
    (waits,) = [n for n in notices(mailing.settings.register_url, number) if n.letter == "incomplete"]
    assert (waits.state, waits.redirected) == ("to_forward", "Aan het loket gericht")
    assert clocks(mailing, number)["completion"] is None
    await mailing.days_pass(60)
    assert mailing.acts(number)[-1] == "LetterRefused"  # no silence takes effect
    today = await mailing.looks_at_the_calendar()
    sign = await mailing.signs("Ann")
    arrived = await delivered(mailing.settings, waits.key, "Ann", today, today, mailing.client, sign)
    assert arrived["case"]["due_on"] == str(last_day("completion", today))
    assert (await settled(mailing, waits.key)).state == "sent"


async def test_a_letter_that_one_of_two_addresses_took_was_received(mailing, mail):
    number = await mailing.submits()
    await mailing.postman_rests()
    two = ("gone@exemplar.example", TO)
    keep(mailing.settings.register_url, number, Role.APPLICANT, Said(two), "Ann")
    mail.postman.recipient_refusals.append("550 5.1.1 no such user")
    receipt = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    for _ in range(6000):
        found = {n.state for n in notices(mailing.settings.register_url, number) if n.entry == receipt.entry}
        if found == {"refused", "sent"}:
            break
        await asyncio.sleep(0.02)
    await mailing.days_pass(3)
    assert found == {"refused", "sent"}
    assert not {"LetterRefused", "LetterLeft"} & set(mailing.acts(number))
    assert mailing.shows(number).state.due_on == receipt.due_on


async def test_no_address_and_no_language_of_anybody_is_in_any_payload(mailing):
    hidden = (EXEMPLAR.email, "exemplar.example", TO, "agency.invalid", "550 ", '"language":"')
    decoded = 0
    postman = f"{mailing.settings.task_queue}-postman"
    for id_ in (*mailing.numbers, postman):
        history = await mailing.handle(id_).fetch_history()
        for told in payloads(history.to_json_dict()):
            decoded += 1
            assert not [secret for secret in hidden if secret in told], told
    assert decoded > 200


def payloads(node: object) -> Iterator[str]:
    """Every text in a history, with its payloads decoded."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "data" and isinstance(value, str):
                with contextlib.suppress(UnicodeDecodeError):
                    yield base64.b64decode(value).decode()
            else:
                yield from payloads(value)
    elif isinstance(node, list):
        for value in node:
            yield from payloads(value)
    elif isinstance(node, str):
        yield node


def bounce_of(notice: Notice) -> bytes:
    """What the mail server of a recipient sends back."""
    original = EmailMessage()
    original["Message-ID"], original["Subject"] = notice.message_id, notice.subject
    original.set_content("…")
    text = f"""From: MAILER-DAEMON@exemplar.example
To: umn@agency.invalid
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.exemplar.example

Final-Recipient: rfc822; {notice.recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: message/rfc822

{original.as_string()}
--b--
"""
    return message_from_bytes(text.encode()).as_bytes()
