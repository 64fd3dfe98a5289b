"""The agenda of a morning: what `umn desk` shows, as it is sent to each desk, and weekly to a head of unit.

A desk has it at eight on every working day, a head of unit on the first one of a week, in the language of the
office, where there is anything to say. What is new is what came since the one before could be sent.
"""

from __future__ import annotations

import hashlib
import logging
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from models.agenda import Agenda, Mail
from models.due import Due
from models.errors import BeyondHorizon, InputRefused
from models.messages import Message, named_act, named_word, worded
from models.parties import Role, mail_addresses
from models.signs import visible
from office.desk.morning import SHOWN, Morning, lies
from office.law.agency import read
from office.letters.offices import not_carried_on, offices, unreached
from office.money.showing import why_it_waits
from office.publication.schedule import zone
from office.service.daily import Daily, schedule
from office.showing import Output, far, print_json, say
from procedures.books import Books
from procedures.registry import folder_of, jurisdiction_of
from register import restores
from register.notices import STATES

if TYPE_CHECKING:
    from temporalio.client import Client

    from office.settings import Settings
    from register.clocks import DueClock

WORKFLOW, HOUR = "agenda", 8
"""What the schedule is called after our task queue, and when: as the office opens."""

ONE_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """Who has an agenda: of the day, or of the week, for procedures by their codes."""

    address: str
    weekly: bool
    language: str
    procedures: tuple[str, ...]

    @property
    def key(self) -> str:
        """What names the reader in Temporal, where no address stands."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:12]


def readers(settings: Settings) -> list[Reader]:
    """Each address of a desk that mail can reach, and each of a head of unit. Raises: InputRefused."""
    nobody = {code for code, role in unreached(settings) if role == Role.DESK}
    found: dict[tuple[str, bool], Reader] = {}
    for code, office in offices(settings).items():
        if not_carried_on(settings, code):
            continue
        desk = "" if code in nobody else office.addresses.get(Role.DESK, "")
        for weekly, written in ((False, desk), (True, office.head_of_unit)):
            for address in mail_addresses(written):
                known = found.get((address, weekly))
                found[address, weekly] = Reader(
                    address,
                    weekly,
                    known.language if known else office.language.value,
                    (*(known.procedures if known else ()), code),
                )
    return [*found.values()]


def due_at(settings: Settings, at: datetime) -> list[Agenda]:
    """The agendas of the morning of an instant; none while a restore keeps back what leaves.

    Raises: InputRefused when the file of offices or of law cannot stand; NotReachable.
    """
    if restores.waiting(settings.register_url):
        return []
    day, books = at.astimezone(zone()).date(), read(settings.law)
    until = datetime.combine(day + ONE_DAY, time(), zone())
    return [
        Agenda(reader=one.key, day=day, weekly=one.weekly, until=until)
        for one in readers(settings)
        if _is_for(books, one, day)
    ]


def written(settings: Settings, agenda: Agenda) -> Mail | None:
    """What an agenda says now; nothing where nothing lies there, or nobody has it any more.

    Raises: InputRefused; NotReachable.
    """
    asked = (agenda.reader, agenda.weekly)
    reader = next((one for one in readers(settings) if (one.key, one.weekly) == asked), None)
    if reader is None or restores.waiting(settings.register_url):
        return None
    since = datetime.combine(_before(read(settings.law), reader, agenda.day), time(HOUR), zone())
    told = lies(settings.register_url, agenda.day, since, of=reader.procedures)
    parts = [*_parts(told)]
    if not parts:
        return None
    say = partial(_in_words, language=reader.language)
    named = "week" if agenda.weekly else "day"
    lines = [say(Message(f"agenda.of-{named}", day=agenda.day, procedures=reader.procedures))]
    for title, rows, command in parts:
        lines += ["", say(title), *(f"- {say(row)}" for row in rows[:SHOWN])]
        if len(rows) > SHOWN:
            lines.append(say(Message("desk.more", n=len(rows) - SHOWN, command=command)))
    lines += ["", say(Message("agenda.end"))]
    overdue = sum(one.overdue for one in told.ours)
    subject = say(Message(f"agenda.subject-{named}", day=agenda.day, due=len(told.ours), overdue=overdue))
    return Mail(reader.address, subject, "\n".join(lines) + "\n")


@dataclass(frozen=True)
class Foreseen:
    """What would leave for a reader; no mail where nothing lies there."""

    reader: Reader
    mail: Mail | None


def foreseen(settings: Settings, day: date) -> list[Foreseen]:
    """What each reader would have if it left now, on whichever day: nothing is sent.

    Raises: InputRefused while a restore keeps back what leaves, or as `due_at`; NotReachable.
    """
    if restores.waiting(settings.register_url):
        raise InputRefused("agenda.kept-back", possible=("release",))
    until = datetime.combine(day + ONE_DAY, time(), zone())
    return [
        Foreseen(one, written(settings, Agenda(reader=one.key, day=day, weekly=one.weekly, until=until)))
        for one in readers(settings)
    ]


def show_mails(found: list[Foreseen], output: Output) -> None:
    """Shows it, mail by mail, each in the language of its office."""
    if output == "json":
        return print_json(
            [
                {
                    "recipient": one.reader.address,
                    "weekly": one.reader.weekly,
                    "procedures": one.reader.procedures,
                    "subject": one.mail.subject if one.mail else None,
                    "body": one.mail.body if one.mail else None,
                }
                for one in found
            ]
        )
    for one in found:
        if one.mail is None:
            say(worded("agenda.nothing-for", recipient=one.reader.address) + "\n")
        else:
            say(worded("agenda.would-leave", recipient=one.mail.recipient, subject=one.mail.subject))
            say(f"\n{textwrap.indent(one.mail.body, '    ')}")
    if not found:
        say(worded("agenda.no-reader"))
    say(worded("letter.nothing-sent"))
    return None


async def every_morning(client: Client, settings: Settings) -> None:
    """Has it sent every morning. Idempotent; a Temporal that refuses it is warned about: letters go on."""
    daily = Daily(
        "Agenda",
        WORKFLOW,
        HOUR,
        zone().key,
        settings.letters_queue,
        static_summary="the agendas of the morning",
    )
    if refused := await schedule(client, settings, daily):
        log.warning("%s: %s", Message("agenda.not-every-morning"), refused)


def _is_for(books: Books, reader: Reader, day: date) -> bool:
    """Whether a reader has an agenda on a day: a working day, for a week the first one of it."""
    earlier = [day - n * ONE_DAY for n in range(1, day.weekday() + 1)] if reader.weekly else []
    return _is_working(books, reader, day) and not any(_is_working(books, reader, one) for one in earlier)


def _before(books: Books, reader: Reader, day: date) -> date:
    """The day before on which the reader could have one."""
    before = day - ONE_DAY
    while not _is_for(books, reader, before):
        before -= ONE_DAY
    return before


def _is_working(books: Books, reader: Reader, day: date) -> bool:
    """Whether an authority of the reader works on a day; where no calendar reaches, Monday to Friday.

    On a closing day nobody does, also on one that was published too late to move a limit.
    """
    for folder in {folder_of(code) for code in reader.procedures}:
        closing_days = books.books[folder].closing_days
        try:
            calendar = jurisdiction_of(folder).calendar(day.year, ())
            works = calendar.is_working(day)
        except BeyondHorizon:
            works = day.isoweekday() <= 5
        if works and all(closed.day != day for closed in closing_days):
            return True
    return False


def _parts(told: Morning) -> Iterator[tuple[Message, list[Message], str]]:
    """The parts in which something lies, each with the command that shows all of it."""
    signed = [
        Message("agenda.to-sign", number=one.number, command=one.command, by=one.by, n=one.preparation)
        for one in told.to_sign
    ]
    letters = [
        Message("agenda.letter-because", notice=one.key, state=STATES[one.state], why=one.reason)
        if one.reason
        else Message("agenda.letter", notice=one.key, state=STATES[one.state])
        for one in told.letters
    ]
    movements = [
        Message(
            "agenda.movement",
            movement=one.id,
            booked=one.booked_on,
            cents=one.cents,
            currency=one.currency,
            why=why_it_waits(one),
        )
        for one in told.movements
    ]
    news = [
        Message(
            "agenda.new",
            number=one.number,
            title=one.title,
            act=named_act(one.act),
            by=one.by,
            phase=named_word(one.phase),
        )
        for one in told.news
    ]
    for key, rows, command in (
        ("desk.ours", [_due(one, told.today) for one in told.ours], "umn due"),
        ("desk.others", [_due(one, told.today) for one in told.others], "umn list --overdue"),
        ("desk.to-sign", signed, "umn sign"),
        ("desk.letters", letters, "umn notices"),
        ("desk.movements", movements, "umn payments"),
        ("desk.news", news, "umn list"),
    ):
        if rows:
            facts = {"since": told.since} if key == "desk.news" else {}
            yield Message(key, n=len(rows), **facts), rows, command


def _due(told: DueClock, today: date) -> Message:
    clock = told.clock
    due = Due(
        clock.ref, clock.desk, clock.due_on, clock.degree, clock.silence, clock.effect_on, clock.late_on
    )
    left = far(told.working_days or 0, told.calendar_days or 0)
    return Message("agenda.due", number=clock.number, title=clock.title, due=due.message(today), left=left)


def _in_words(said: Message, language: str) -> str:
    """On one line, each sign of it seen: titles and reasons are others' words."""
    return re.sub(r"[ \n]+", " ", visible(said.in_words(language)))
