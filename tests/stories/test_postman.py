"""Letters and cases go their own ways: no act waits for a letter, and no letter for another lane."""

from __future__ import annotations

import asyncio
import socketserver
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from temporalio.client import Client, Interceptor, OutboundInterceptor

from models.acts import (
    ContributionFixed,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    QuestionsRaised,
    Withdrawn,
)
from models.clock import start_of
from models.entry import LetterKind
from models.parties import Channel
from models.waking import BY_MORNING
from office.letters.notices import posted
from office.letters.postman import keep_awake, wake, waker_of
from office.settings import Settings
from procedures.be_umn.words import Kind, Role
from procedures.books import applicable_law
from register import outbox
from register.case import Line
from register.database import migrate, transaction
from register.notices import notices
from register.notices import one as notice_of
from register.recipients import Said, keep
from tests.letters.sample_letters import batch, letter
from tests.ports import free_port, held_port
from tests.stories.desk import Office
from tests.stories.test_held_up import until_hindered
from worker import postman_of, worker_of
from workflows.postman import HANDS

pytestmark = pytest.mark.server


class MailTrouble:
    """A mail server that is silent, drips, is slow, refuses or is down, until it is mended."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[tuple[str, Message]] = []
        self._held = held_port(self.port)
        self.comes_up()
        self.begins()

    def begins(self, mode: str = "") -> None:
        self.mode, self.slow_for = mode, ""
        self.mended, self.let_go = threading.Event(), threading.Event()
        self.in_hand = threading.Event()
        if mode == "down":
            self.goes_down()

    def is_mended(self) -> None:
        if self.mode == "down":
            self.comes_up()
        self.mode = ""
        self.mended.set()

    def comes_up(self) -> None:
        self._held.close()
        self._listening = _Listening(("127.0.0.1", self.port), _Session)
        self._listening.trouble = self
        threading.Thread(target=self._listening.serve_forever, daemon=True).start()

    def goes_down(self) -> None:
        self._listening.shutdown()
        self._listening.server_close()
        self._held = held_port(self.port)

    def takes(self, recipient: str, mail: Message) -> None:
        if self.mode == "slow":
            self.mended.wait(4)
        if recipient == self.slow_for:
            self.in_hand.set()
            self.let_go.wait(15)
        self.taken.append((recipient, mail))


class _Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    trouble: MailTrouble


class _Session(socketserver.StreamRequestHandler):
    server: _Listening

    def handle(self) -> None:
        with suppress(OSError):
            self._speak(self.server.trouble)

    def _speak(self, trouble: MailTrouble) -> None:
        if trouble.mode == "silent":
            trouble.mended.wait(60)
            return
        self._say("421 too busy" if trouble.mode == "refusing" else "220 ready")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                self._say("354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                trouble.takes(recipient, message_from_bytes(content, policy=default))
                self._say("250 taken")
            else:
                self._say("221 bye" if word == b"QUIT" else "250 well")
            if word == b"QUIT":
                return

    def _say(self, line: str) -> None:
        for byte in f"{line}\r\n".encode():
            self.wfile.write(bytes([byte]))
            if self.server.trouble.mode == "dripping":
                self.server.trouble.mended.wait(0.4)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailTrouble]:
    server = MailTrouble()
    yield server
    server.goes_down()


@pytest.fixture
def trouble(mail: MailTrouble) -> MailTrouble:
    """The mail server as it is when nothing is wrong with it."""
    mail.begins()
    return mail


@pytest.fixture(scope="module")
async def mailing(skipping, tmp_path_factory, mail) -> AsyncIterator[Office]:
    """An office with that mail server; another one on the same server of Temporal has none."""
    var = tmp_path_factory.mktemp("mailing")
    settings = Settings(var=var, smtp_host="127.0.0.1", smtp_port=mail.port, task_queue="umn-mailing")
    migrate(settings.register_url)
    async with at_work(skipping.client, settings):
        office = Office(skipping, settings, first=500)
        office.hears = False  # what an act waits for is measured here
        yield office


class at_work:  # noqa: N801
    """Worker and postman of an office, each with threads of its own as in two processes."""

    def __init__(self, client, settings: Settings) -> None:
        self.threads = ThreadPoolExecutor(10), ThreadPoolExecutor(10)
        self.workers = (
            worker_of(client, settings, self.threads[0]),
            postman_of(client, settings, self.threads[1]),
        )

    async def __aenter__(self) -> None:
        for worker in self.workers:
            await worker.__aenter__()

    async def __aexit__(self, *ended) -> None:
        for worker in self.workers:
            await worker.__aexit__(*ended)
        for threads in self.threads:
            threads.shutdown()


async def first_acts(office: Office) -> tuple[str, float]:
    """A dossier's first acts, most with letters. Returns: its number, and how long all answers took."""
    began = time.monotonic()
    number = await office.submits()
    for act, said in (
        (DeclaredAdmissible, {}),
        (ContributionFixed, {"cents": 5, "source": "the accounts"}),
        (QuestionsRaised, {"body": "commission", "days": 10, "questions": ("Which dose?",)}),
        (InvoicePaid, {"cents": 5}),
    ):
        await office.performs(number, act, **said)
    return number, time.monotonic() - began


async def until(true, patience: float = 30.0) -> None:
    ends = time.monotonic() + patience
    while not true():
        assert time.monotonic() < ends
        await asyncio.sleep(0.02)


async def test_a_letter_that_a_person_posts_starts_its_limit_when_it_was_posted_or_presented(
    mailing: Office, trouble: MailTrouble
) -> None:
    # the first one: each case of another test lives through these days too
    url = mailing.settings.register_url
    number = await mailing.submits()
    keep(url, number, Role.APPLICANT, Said(channel=Channel.REGISTERED), "Ann")
    incomplete = await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
    await mailing.postman_rests()
    task = next(one for one in notices(url, number) if one.letter == "incomplete")
    assert (task.state, task.channel) == ("to_post", "registered")
    began = mailing.today
    await mailing.days_pass(17)

    async def says(on: date, presented: date | None = None, proof: str = "") -> dict:
        return await posted(
            mailing.settings, task.key, "Ann", None, on, mailing.today, presented, proof, mailing.client
        )

    async def entered(times: int) -> list[Line]:
        """What was entered of the letter, once that is so much; warnings of the limit stand between."""
        for _ in range(6000):
            found = [line for line in mailing.shows(number).entries if line.act == "LetterLeft"]
            if len(found) >= times:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(mailing.acts(number))

    told = await says(began + timedelta(days=8), proof="RR123456789BE")
    assert (told["state"], told["told"]) == ("sent", True)
    (line,) = await entered(1)
    assert (line.act, line.by, line.happened_on) == ("LetterLeft", "Ann", began + timedelta(days=8))
    assert line.due_on is not None
    assert incomplete.due_on is not None
    assert line.due_on > incomplete.due_on
    await says(began + timedelta(days=8), proof="RR123456789BE")  # told twice, entered once
    await says(began + timedelta(days=8), presented=began + timedelta(days=16))
    _, line = await entered(2)
    assert line.happened_on == began + timedelta(days=16)
    await says(began + timedelta(days=1))  # an earlier day starts nothing
    await mailing.days_pass(1)
    assert len(await entered(2)) == 2
    letters = [one for one in notices(url, number) if one.letter == "date-moved"]
    assert [one.state for one in letters] == ["to_post", "to_post"]


@pytest.mark.parametrize("how", ["silent", "dripping", "slow", "refusing", "down"])
async def test_acts_are_answered_as_without_mail_and_letters_leave_afterwards_once_and_in_order(
    office: Office, mailing: Office, trouble: MailTrouble, how: str
) -> None:
    await first_acts(office)  # warms up
    _, without = await first_acts(office)
    trouble.begins(how)
    already = len(trouble.taken)
    number, with_trouble = await first_acts(mailing)
    assert with_trouble < 6 * without
    told = notices(mailing.settings.register_url, number)
    assert {one.state for one in told} != {"sent"}  # the trouble was real

    trouble.is_mended()
    for _ in range(60):
        found = notices(mailing.settings.register_url, number)
        if {one.state for one in found} == {"sent"}:
            break
        await mailing.time_passes(timedelta(minutes=2))
        await asyncio.sleep(0.3)
    assert {one.state for one in found} == {"sent"}, found
    by_id = {one.message_id: one for one in found}
    left = [by_id[mail["Message-ID"]] for _, mail in trouble.taken[already:]]
    assert len(left) == len(found) == len({one.key for one in left})
    for role in {one.role for one in left}:
        entries = [one.entry for one in left if one.role == role]
        assert entries == sorted(entries)


async def test_two_lanes_do_not_wait_for_each_other(mailing: Office, trouble: MailTrouble) -> None:
    url = mailing.settings.register_url
    trouble.slow_for = "regulatory@exemplar.example"  # the applicant's mail takes for ever
    number = await mailing.submits()
    await mailing.performs(number, DeclaredAdmissible)
    await mailing.performs(number, ContributionFixed, cents=5, source="the accounts")
    offices = {"ethics-committee@agency.invalid", "commission@agency.invalid"}
    await until(lambda: offices <= {recipient for recipient, _ in trouble.taken})
    assert "sent" not in {one.state for one in notices(url, number) if one.role == "applicant"}
    trouble.let_go.set()
    await mailing.postman_rests()
    assert {one.state for one in notices(url, number)} == {"sent"}


async def test_wakes_that_are_asked_for_together_are_sent_as_one_and_none_is_lost(mailing: Office) -> None:
    sent = 0

    class Counting(Interceptor):
        def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
            return Counted(next)

    class Counted(OutboundInterceptor):
        async def start_workflow(self, input):
            nonlocal sent
            sent += 1
            return await super().start_workflow(input)

    ask = waker_of(Client(mailing.client.service_client, interceptors=[Counting()]), mailing.settings)
    for times in (1, 2, 3):
        for _ in range(50):
            ask()
        await until(lambda times=times: sent >= times)
    await asyncio.sleep(0.2)
    assert sent == 3


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
async def test_lanes_that_a_fault_of_ours_stops_hold_no_hand(mailing: Office, trouble: MailTrouble) -> None:
    url = mailing.settings.register_url
    broken = [f"CUP-2019-{nth:03d}" for nth in range(2 * HANDS)]
    with transaction(url) as session:
        for number in broken:
            told = batch(letter(LetterKind.LIMIT_PASSED), applicant=None)
            outbox.put(session, told.model_copy(update={"number": number, "on": "no day"}))
    number = await mailing.submits()
    await mailing.postman_rests()
    assert {one.state for one in notices(url, number)} == {"sent"}
    assert [one.state for each in broken for one in notices(url, each)] == ["not_made"] * len(broken)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
async def test_one_wake_is_enough_for_more_lanes_than_are_told_at_once(mailing: Office) -> None:
    url = mailing.settings.register_url
    many = [f"CUP-2018-{nth:03d}" for nth in range(outbox.MOST + HANDS)]
    told = batch(letter(LetterKind.LIMIT_PASSED), applicant=None)
    with transaction(url) as session:
        for number in many:  # none can be made: it is the lanes that are counted
            outbox.put(session, told.model_copy(update={"number": number, "on": "no day"}))
    await wake(mailing.client, mailing.settings)
    await mailing.postman_rests()
    assert [one.state for each in many for one in notices(url, each)] == ["not_made"] * len(many)


async def test_a_lane_whose_document_cannot_be_kept_leaves_its_hand_and_goes_on_by_itself(
    mailing: Office, trouble: MailTrouble
) -> None:
    url, store = mailing.settings.register_url, mailing.settings.documents
    await mailing.submits()
    await mailing.postman_rests()
    aside = store.rename(store.with_name("aside"))
    store.write_text("not a folder")
    number = await mailing.submits()
    postman = f"{mailing.settings.task_queue}-postman"
    await until_hindered(mailing, postman, True)
    assert {one.state for one in notices(url, number)} == {"to_make"}
    store.unlink()
    aside.rename(store)
    for _ in range(60):
        await mailing.time_passes(timedelta(minutes=2))
        if {one.state for one in notices(url, number)} == {"sent"}:
            break
        await asyncio.sleep(0.1)
    assert {one.state for one in notices(url, number)} == {"sent"}
    await until_hindered(mailing, postman, False)


async def test_a_wake_that_was_lost_loses_no_letter(mailing: Office, trouble: MailTrouble) -> None:
    lost = batch(letter(LetterKind.LIMIT_PASSED), applicant=None)
    with transaction(mailing.settings.register_url) as session:
        outbox.put(session, lost)  # and nobody wakes the postman
    await mailing.submits()  # whatever wakes him next
    await mailing.postman_rests()
    assert {one.state for one in notices(mailing.settings.register_url, lost.number)} == {"sent"}


async def test_a_postman_who_is_cancelled_goes_on(mailing: Office, trouble: MailTrouble) -> None:
    trouble.begins("down")
    number = await mailing.submits()
    await until(lambda: any(one.attempts for one in notices(mailing.settings.register_url, number)))
    postman = mailing.handle(f"{mailing.settings.task_queue}-postman")
    await postman.cancel()
    trouble.is_mended()
    await mailing.time_passes(timedelta(minutes=11))
    await mailing.postman_rests()
    assert {one.state for one in notices(mailing.settings.register_url, number)} == {"sent"}
    await postman.result()


def answers_due(since: date) -> date | None:
    law = applicable_law("CUP", Kind.APPLICATION, since)
    return law.clock("answers", since).due_on(law.calendar)


def two_working_days(since: date) -> bool:
    """Whether this day and the next one are working days, and a letter of the next one makes a difference."""
    law = applicable_law("CUP", Kind.APPLICATION, since)
    days = (since, since + timedelta(days=1))
    return all(map(law.calendar.is_working, days)) and len({*map(answers_due, days)}) == 2


def answered(line: Line) -> date:
    """Until when the questions are to be answered, as an entry tells it."""
    return next(date.fromisoformat(clock["due_on"]) for clock in line.clocks if clock["ref"] == "answers")


async def asks(office: Office) -> tuple[str, int]:
    """A dossier whose applicant was asked something. Returns: its number, and the entry that asked."""
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    return number, (
        await office.performs(number, QuestionsRaised, body="commission", days=10, questions=("Which dose?",))
    ).entry


async def test_a_letter_that_leaves_on_its_day_moves_nothing_and_is_entered_nowhere(
    mailing: Office, trouble: MailTrouble
) -> None:
    number, entry = await asks(mailing)
    await mailing.postman_rests()
    await mailing.days_pass(1)
    lines = mailing.shows(number).entries
    left = {line.facts["letter"] for line in lines if line.act == "LetterLeft"}
    assert len(left) == 2  # that of the admissibility, and the last one that passes the file on
    assert "questions" not in left  # they only begin a limit
    assert answered(lines[-1]) == answers_due(lines[entry - 1].happened_on)


async def test_a_letter_that_leaves_on_another_day_starts_its_limit_on_the_day_on_which_it_leaves(
    mailing: Office, trouble: MailTrouble
) -> None:
    await mailing.looks_at_the_calendar()
    while not two_working_days(mailing.today):
        await mailing.days_pass(1)
    midnight = start_of(mailing.today + timedelta(days=1))
    await mailing.time_passes(midnight - await mailing.environment.get_current_time() - timedelta(minutes=9))
    trouble.begins("refusing")
    number, entry = await asks(mailing)
    await mailing.time_passes(timedelta(minutes=10))
    trouble.is_mended()
    await mailing.time_passes(timedelta(minutes=11))
    await mailing.postman_rests()
    await mailing.time_passes(
        BY_MORNING
    )  # the invoice left as late, and its term starts as late: two entries
    last = entry + 6  # two of letters that end limits, and two of the European agency, which was told late
    case = await mailing.is_written(number, last)
    today = await mailing.looks_at_the_calendar()
    (moved,) = (line for line in case.entries if line.facts.get("letter") == "questions")
    assert (moved.act, moved.by, moved.happened_on) == ("LetterLeft", "the mail server", today)
    assert answered(moved) == answers_due(today)
    assert [line["clause"] for line in moved.facts["moved"]] == ["answers"]
    assert (moved.sequence, "date-moved", "applicant") in await mailing.letters(number)
    await mailing.days_pass(1)
    assert mailing.shows(number).state.entry == last  # those letters move nothing again


async def test_a_postman_who_was_terminated_is_woken_by_his_own_process(
    mailing: Office, trouble: MailTrouble
) -> None:
    # near the end: the test server skips no time over what a terminated run had in hand
    trouble.slow_for = "regulatory@exemplar.example"
    await mailing.submits()
    assert await asyncio.to_thread(trouble.in_hand.wait, 30)  # else he may have ended by himself
    await mailing.handle(f"{mailing.settings.task_queue}-postman").terminate()
    trouble.let_go.set()
    stands = batch(letter(LetterKind.LIMIT_PASSED), applicant=None)
    with transaction(mailing.settings.register_url) as session:
        outbox.put(session, stands.model_copy(update={"number": "CUP-2019-900"}))
    awake = asyncio.create_task(keep_awake(mailing.client, mailing.settings, every=0.1))
    await mailing.postman_rests()
    awake.cancel()
    assert {one.state for one in notices(mailing.settings.register_url, "CUP-2019-900")} == {"sent"}


async def test_a_terminated_case_is_not_said_to_be_told_and_an_ended_one_waits_for_nothing(
    mailing: Office, trouble: MailTrouble
) -> None:
    # the last one: a case that never goes on is tried every ten minutes, however much time is skipped
    url = mailing.settings.register_url
    for ends in (False, True):
        number = await mailing.submits()
        keep(url, number, Role.APPLICANT, Said(channel=Channel.REGISTERED), "Ann")
        await mailing.performs(number, DeclaredIncomplete, missing=("The protocol",))
        await mailing.postman_rests()
        (task,) = (one for one in notices(url, number) if one.letter == "incomplete")
        if ends:
            await mailing.performs(number, Withdrawn)
            await mailing.handle(number).result()
        else:
            await mailing.handle(number).terminate()
        on = mailing.today
        told = await posted(mailing.settings, task.key, "Ann", None, on, on, client=mailing.client)
        assert told["state"] == "sent"
        until = time.monotonic() + 60  # the desk waits for a while only, and the postman may be busy
        while ends and notice_of(url, task.key).tells and time.monotonic() < until:
            await asyncio.sleep(0.1)
        assert (notice_of(url, task.key).tells == "") == ends
        assert ends or not told["told"]
