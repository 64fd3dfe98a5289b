"""Counts a period that somebody types: the calculator of `umn clock`, without server or register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from activities.explaining import Explaining
from activities.wording import TEMPLATES, Wording
from models.clock import Calendar, Clock, ClosingDay, Extension, Limit, Reckoning, Rules, Stop
from models.errors import BeyondHorizon, InputRefused
from models.law.calendars import belgium, closed_also
from models.parties import Language

CALENDARS = ("BE", "agency")
"""The public holidays of Belgium; the same with the closing days that the agency entered."""

_TYPED = "--closed"
_MOST = 100_000


def period(
    limit: str,
    start: date,
    stops: Sequence[str] = (),
    extensions: Sequence[str] = (),
    cap: int | None = None,
    rules: str = Rules.BELGIAN,
) -> Clock:
    """The clock that was typed. Raises: InputRefused naming the option that cannot be read."""
    if cap is not None and cap < 0:
        raise InputRefused(f"--cap {cap} is less than nothing.")
    return Clock(
        limit=Limit.parse(limit),
        rules=Rules(rules),
        started_on=start,
        stops=[_stop(written) for written in stops],
        extensions=[_extension(written) for written in extensions],
        cap=cap,
    )


def calendar_of(name: str, start: date, closed: Sequence[date], law: Path) -> Calendar:
    """The calendar of that name for a period that starts on a day, with more closing days.

    Raises: InputRefused for an unknown name, BeyondHorizon for a day that it does not cover.
    """
    if name not in CALENDARS:
        raise InputRefused(f"No calendar is called {name!r}; there is {' and '.join(CALENDARS)}.")
    entered: tuple[ClosingDay, ...] = ()
    if name == "agency":
        from office.agency_law import read

        entered = read(law).closing_days
    calendar = _covering(start, entered)
    for day in closed:
        calendar.is_working(day)  # refuses a day beyond it
    typed = tuple(ClosingDay(day=day, reason=_TYPED, by=_TYPED, entered_on=day) for day in closed)
    return closed_also(calendar, typed)


def reckoned(clock: Clock, calendar: Calendar) -> Reckoning:
    """The last day and its steps. Raises: BeyondHorizon for any day that the calendar does not cover."""
    for day in _days(clock):
        if day > calendar.last:
            raise _beyond(calendar, day)
    try:
        return clock.reckon(calendar)
    except (OverflowError, ValueError):
        raise _beyond(calendar, "the last day") from None


def told(reckoning: Reckoning, clock: Clock, calendar: Calendar, language: str) -> dict[str, Any]:
    """The answer for programs; its texts, and the last line, are what people read."""
    closed = {c.day: "" if c.by == _TYPED else c.reason for c in calendar.closing_days}
    explaining = Explaining(Wording(TEMPLATES), Language(language), closed)
    return {
        "due_on": reckoning.due_on,
        "limit": clock.limit.model_dump(mode="json"),
        "calendar": reckoning.calendar,
        "rules": clock.rules.value,
        "steps": [
            {**step.model_dump(mode="json", exclude_defaults=True), "text": text}
            for step, text in zip(reckoning.steps, explaining.sentences(reckoning), strict=True)
        ],
        "text": explaining.last_day(reckoning.due_on),
    }


def lines(answer: dict[str, Any]) -> Iterator[str]:
    """The answer for people: numbered sentences, then the date."""
    for n, step in enumerate(answer["steps"], 1):
        yield f"{n}. {step['text']}"
    yield answer["text"]


def _stop(written: str) -> Stop:
    span, at, asked = written.partition("@")
    first, dots, last = span.partition("..")
    if not dots:
        raise InputRefused(
            f"--stop {written!r} is no span; write it as 2026-05-03..2026-05-10 or 2026-05-03.., with "
            "@2026-05-02 behind it when the day of the questions counts."
        )
    begin = _day("--stop", first, written)
    end = _day("--stop", last, written) if last else None
    if end and end < begin:
        raise InputRefused(f"--stop {written!r} ends before it begins.")
    asked_on = _day("--stop", asked, written) if at else None
    if asked_on and asked_on >= begin:
        raise InputRefused(f"--stop {written!r}: the questions went out before the limit stood still.")
    return Stop(first=begin, last=end, asked_on=asked_on)


def _extension(written: str) -> Extension:
    amount, at, day = written.partition("@")
    if not (amount.isascii() and amount.isdigit() and len(amount) < 7 and 0 < int(amount) <= _MOST):
        raise InputRefused(
            f"--extension {written!r} does not begin with how much it adds, in the unit of the limit; "
            "write it as 5, or as 5@2026-05-20 with the day on which it takes effect."
        )
    return Extension(amount=int(amount), effective_on=_day("--extension", day, written) if at else None)


def _day(option: str, day: str, written: str) -> date:
    try:
        if len(day) == len("2026-05-03"):
            return date.fromisoformat(day)
    except ValueError:
        pass
    raise InputRefused(f"{option} {written!r}: {day!r} is no day; write it as 2026-05-03.")


def _covering(start: date, closing_days: tuple[ClosingDay, ...]) -> Calendar:
    """A calendar that begins with the year of the start, and has holidays in it."""
    try:
        calendar = belgium(start.year, closing_days)
        covered = calendar.first <= start <= calendar.last
    except (OverflowError, ValueError):
        covered = False
    if not covered or not any(holiday.year == start.year for holiday in calendar.holidays):
        raise BeyondHorizon(f"No calendar is held for {start}; nothing is guessed.")
    return calendar


def _days(clock: Clock) -> Iterator[date]:
    for stop in clock.stops:
        yield from filter(None, (stop.first, stop.last))
    for extension in clock.extensions:
        yield from filter(None, (extension.effective_on,))


def _beyond(calendar: Calendar, day: date | Literal["the last day"]) -> BeyondHorizon:
    return BeyondHorizon(
        f"The calendar {calendar.name} ({calendar.version}) covers {calendar.first} to {calendar.last}; "
        f"{day} is beyond it."
    )
