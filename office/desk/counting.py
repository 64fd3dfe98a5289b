"""Counts a period that somebody types: the calculator of `umn clock`, without server or register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from activities.explaining import Explaining
from activities.wording import TEMPLATES, Wording
from models.clock import (
    ONE_DAY,
    Calendar,
    Clock,
    ClosingDay,
    Extension,
    Limit,
    Reckoning,
    Rules,
    SecondReading,
    Stop,
)
from models.errors import BeyondHorizon, InputRefused
from models.law.arrival import Start
from models.law.clause import Applied
from models.messages import Message, reader
from models.parties import Channel, Language
from office.commands import day_of
from procedures.registry import Jurisdiction, folders, jurisdiction, jurisdiction_of, jurisdictions

_TYPED = "--closed"
_MOST = 100_000


def period(
    limit: str,
    start: date,
    rules: str | None = None,
    or_limit: str | None = None,
    or_after: str | None = None,
) -> Clock:
    """The clock of a limit that was typed, on one reading or on two. Raises: InputRefused."""
    second = SecondReading(
        limit=Limit.parse(or_limit) if or_limit else None, after=Limit.parse(or_after) if or_after else None
    )
    return Clock(
        limit=Limit.parse(limit),
        second=second if or_limit or or_after else None,
        rules=Rules(rules or Rules.BELGIAN),
        started_on=start,
    )


def by_clause(
    law: Path, clause: str, start: date, rules: str | None = None, letter: Arrived | None = None
) -> Clock:
    """The clock of a clause as it is in force on a day; what is due ahead of another limit counts back.

    A letter starts it as it starts that of a case: by its receipt, by its sending, or as the clause says.

    Raises: UnknownClause, NoRuleInForce; InputRefused for a clause that is no limit, or that no letter
    starts.
    """
    from office.law.agency import read

    books = read(law)
    known = books.written(clause)
    applied = known.applied_on(start)
    if len(applied.limits) != 1:
        raise InputRefused("counting.no-limit", clause=clause)
    clock = applied.clock(start)
    if letter:
        if not applied.receipt_of and not applied.sending_of:
            possible = (f"clock --clause {clause} --start DAY",)
            raise InputRefused("counting.no-letter-starts-it", clause=clause, possible=possible)
        clock = started_by(clock, letter, applied)
    for owed in (owed for of in folders()[known.book].procedures for owed in of.life.obligations):
        if owed.ahead == known.id:
            counted = {"clause": known.id, "ahead": applied.limits[0], "second": None}
            within = books.clause(f"{known.book}/{owed.within}").applied_on(start)
            clock = within.clock(start).model_copy(update=counted)
            break
    return clock.model_copy(update={"rules": Rules(rules)}) if rules else clock


def with_stops(clock: Clock, stops: Sequence[str], extensions: Sequence[str], cap: int | None) -> Clock:
    """The clock with the stops and extensions that were typed.

    Raises: InputRefused naming the option that cannot be read.
    """
    if cap is not None and cap < 0:
        raise InputRefused("counting.no-cap", cap=cap)
    return clock.model_copy(
        update={
            "stops": [_stop(written) for written in stops],
            "extensions": [_extension(written) for written in extensions],
            "cap": cap,
        }
    )


class Arrived(NamedTuple):
    """A letter that starts a limit: its channel, the day that was typed, and from which day it counts.

    `sent`: from which day what runs from its sending counts. `proven`: no rule gives the day of its receipt,
    which has to be proven.
    """

    channel: Channel
    on: date
    start: Start
    sent: date
    article: str
    proven: bool = False


def arrived(channel: Channel, on: date, calendar: Calendar, law: Path) -> Arrived:
    """When a letter counts as received that went by a channel, with the article in force on that day.

    The day is the fact that the rule of the channel counts.

    Raises: InputRefused where the jurisdiction has no rule for the channel, NoRuleInForce for a day before.
    """
    from office.law.agency import read

    for rule in jurisdiction(calendar.name).arrivals:
        if rule.channel is channel:
            proven = rule.counts == "proven"
            start = Start(on) if proven else rule.start(on, on, calendar)
            clause = next(said for said in read(law).clauses if said.id == rule.clause)
            sent = rule.sent(on, calendar)
            return Arrived(channel, on, start, sent, clause.applied_on(on).article, proven)
    raise InputRefused("counting.no-arrival", channel=channel.value)


def started_by(clock: Clock, letter: Arrived, applied: Applied | None = None) -> Clock:
    """The clock, started by the letter, as its clause says; a limit that was typed runs from its receipt.

    A clause of two starts has them by some channels only, and none where the day of receipt is proven. Two
    readings that were typed stand.
    """
    if applied and applied.sending_of:
        return clock.model_copy(update={"started_on": letter.sent})
    if clock.second and applied is None:
        return clock
    second = clock.second.by(None if letter.proven else letter.channel.value) if clock.second else None
    if second and second.after:
        return clock.model_copy(update={"started_on": letter.on, "second": second})
    if later_on := letter.start.later_on:
        second = (second or SecondReading()).model_copy(update={"started_on": later_on})
    return clock.model_copy(update={"started_on": letter.start.on, "second": second})


def calendar_of(name: str, start: date, closed: Sequence[date], law: Path, clause: str = "") -> Calendar:
    """The calendar of that name for a period that starts on a day, with more closing days.

    A jurisdiction has its public holidays, a law book those and the closing days that were entered for it;
    without a name it is the jurisdiction of the clause, or that in which closing days are entered.

    Raises: InputRefused for an unknown name, UnknownClause where none is named and none is meant,
        BeyondHorizon for a day that it does not cover.
    """
    from office.law.agency import read

    entered: tuple[ClosingDay, ...] = ()
    if name in folders():
        of, entered = jurisdiction_of(name), read(law).books[name].closing_days
    elif name in jurisdictions():
        of = jurisdiction(name)
    elif not name:
        of = jurisdiction_of(read(law).clause(clause).book) if clause else jurisdiction()
    else:
        raise InputRefused("counting.no-calendar", name=name, known=(*jurisdictions(), *folders()))
    calendar = _covering(of, start, entered)
    for day in closed:
        calendar.is_working(day)  # refuses a day beyond it
    typed = tuple(ClosingDay(day=day, reason=_TYPED, by=_TYPED, entered_on=day) for day in closed)
    return calendar.closed_also(typed)


def reckoned(clock: Clock, calendar: Calendar, today: date) -> tuple[Reckoning, ...]:
    """The last day and its steps, on each reading. Raises: BeyondHorizon for a day beyond the calendar."""
    for day in _days(clock):
        if day > calendar.last:
            raise _beyond(calendar, day)
    try:
        return clock.reckonings(calendar, today)
    except (OverflowError, ValueError):
        raise _beyond(calendar, Message("counting.the-last-day")) from None


def told(
    clock: Clock, calendar: Calendar, lang: str | None, today: date, letter: Arrived | None = None
) -> dict[str, Any]:
    """The answer for programs; its texts are what people read. Each reading has its own steps.

    The language is that of whoever reads, or another one.
    """
    language = Language(lang or reader())
    closed = {c.day: "" if c.by == _TYPED else c.reason for c in calendar.closing_days}
    wording = Wording(TEMPLATES, jurisdiction(calendar.name).letters)
    explaining = Explaining(wording, language, closed)
    readings = reckoned(clock, calendar, today)
    days = [reading.due_on for reading in readings if reading.due_on]
    return {
        "due_on": min(days, default=None),
        "late_on": clock.late_on(calendar),
        "limit": clock.limit.model_dump(mode="json"),
        "calendar": readings[0].calendar,
        "rules": clock.rules.value,
        "letter": _of_letter(letter, clock, wording, language) if letter else "",
        "readings": [
            {
                "due_on": reading.due_on,
                "steps": [
                    {**step.model_dump(mode="json", exclude_defaults=True), "text": text}
                    for step, text in explaining.steps(reading)
                ],
            }
            for reading in readings
        ],
        "text": explaining.last_day(min(days, default=None)),
        "late_text": explaining.later_day(late_on) if (late_on := clock.later_on(calendar)) else "",
    }


def _of_letter(letter: Arrived, clock: Clock, wording: Wording, language: Language) -> str:
    """When the letter counts as received, with the article, and what the words leave open.

    Of a limit that runs from its sending its first day.
    """
    later_on = clock.second.started_on if clock.second else None
    sent = (clock.started_on, later_on) != (letter.start.on, letter.start.later_on)
    values = {
        "first": wording.long_date(clock.started_on + ONE_DAY, language),
        "channel": wording.words_for("channels", letter.channel.value, language),
        "on": wording.long_date(letter.on, language),
        "start": wording.long_date(letter.start.later_on or letter.start.on, language),
        "article": wording.source(letter.article, language),
    }
    key = "by_letter_or_day_one" if letter.start.later_on else "by_letter"
    key = "by_letter_proven" if letter.proven else "by_letter_sent" if sent else key
    return wording.words_for("explain", key, language).format(**values)


def lines(answer: dict[str, Any]) -> Iterator[str]:
    """The answer for people: the letter, numbered sentences for each reading, then the dates."""
    if answer["letter"]:
        yield answer["letter"]
    for reading in answer["readings"]:
        for n, step in enumerate(reading["steps"], 1):
            yield f"{n}. {step['text']}"
        if answer["late_text"] and reading is not answer["readings"][-1]:
            yield ""
    yield answer["text"]
    if answer["late_text"]:
        yield answer["late_text"]


def _stop(written: str) -> Stop:
    span, at, asked = written.partition("@")
    first, dots, last = span.partition("..")
    if not dots:
        raise InputRefused("counting.no-span", written=written)
    begin = day_of(first, "--stop")
    end = day_of(last, "--stop") if last else None
    if end and end < begin:
        raise InputRefused("counting.ends-before-it-begins", written=written)
    asked_on = day_of(asked, "--stop") if at else None
    if asked_on and asked_on >= begin:
        raise InputRefused("counting.asked-too-late", written=written)
    return Stop(first=begin, last=end, asked_on=asked_on)


def _extension(written: str) -> Extension:
    amount, at, day = written.partition("@")
    if not (amount.isascii() and amount.isdigit() and len(amount) < 7 and 0 < int(amount) <= _MOST):
        raise InputRefused("counting.no-extension", written=written)
    return Extension(amount=int(amount), effective_on=day_of(day, "--extension") if at else None)


def _covering(of: Jurisdiction, start: date, closing_days: tuple[ClosingDay, ...]) -> Calendar:
    """A calendar that begins with the year of the start, and has holidays in it."""
    try:
        calendar = of.calendar(start.year, closing_days)
        covered = calendar.first <= start <= calendar.last
    except (OverflowError, ValueError):
        covered = False
    if not covered or not any(holiday.year == start.year for holiday in calendar.holidays):
        raise BeyondHorizon("counting.no-calendar-for", start=start)
    return calendar


def _days(clock: Clock) -> Iterator[date]:
    for stop in clock.stops:
        yield from filter(None, (stop.first, stop.last))
    for extension in clock.extensions:
        yield from filter(None, (extension.effective_on,))


def _beyond(calendar: Calendar, day: date | Message) -> BeyondHorizon:
    return BeyondHorizon(
        "law.beyond-the-calendar",
        calendar=calendar.name,
        version=calendar.version,
        first=calendar.first,
        last=calendar.last,
        day=day,
    )
