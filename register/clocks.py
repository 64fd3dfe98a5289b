"""Answers what falls due: the clocks of the open cases, the most urgent first, and what stands still."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.due import LAPSES
from register.reading import as_day, last_day, questions, read_at_once
from register.views import laws, natural


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A day that counts in an open case. `clock` is as models/clock.py writes it, or nothing.

    `law` is the hash of the law that it rests on: see `laws`. `entry` is the last one of its case. `silence`
    is what follows on `effect_on` where nobody does anything. `officer` has the case in hand, if anybody.
    """

    number: str
    entry: int
    kind: str
    procedure: str
    title: str
    holder: str
    phase: str
    ref: str
    desk: str
    due_on: date | None
    clock: dict[str, Any] | None
    degree: str
    late_on: date | None
    silence: str
    effect_on: date | None
    assumed: bool
    law: str
    recorded_at: str
    possible: tuple[str, ...]
    flags: tuple[str, ...]
    officer: str = ""


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock and how far its day is from today; negative when the day has passed.

    Of two readings the later day counts once the earlier one has passed; `counted_to` says which. All three
    are None for a clock that stands still. `weekdays_only`: working days were counted from Monday to Friday,
    because no calendar of the case's own law covers them.
    """

    clock: RunningClock
    overdue: bool
    counted_to: date | None
    working_days: int | None
    calendar_days: int | None
    weekdays_only: bool


def due(
    url: str, today: date, within: int, desk: str | None = None, officer: str | None = None
) -> list[DueClock]:
    """The clocks that end within so many calendar days, desk by desk, and all that stand still.

    A desk with something overdue comes before the others. Within a desk: what is overdue, then by day,
    then what stands still.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    found = [
        clock
        for clock in _running(url, last_day(today, within))
        if desk in (None, clock.desk)
        and officer in (None, clock.officer)
        and not (clock.ref in LAPSES and clock.due_on and (clock.late_on or clock.due_on) < today)
    ]
    days_off = _DaysOff(laws(url, (clock.law for clock in found)))
    told = [_told(clock, today, days_off) for clock in found]
    urgency: dict[str, tuple[bool, date]] = {}
    for one in told:
        urgency[one.clock.desk] = min(_urgency(one), urgency.get(one.clock.desk, (True, date.max)))
    return sorted(
        told,
        key=lambda one: (
            urgency[one.clock.desk],
            one.clock.desk,
            _urgency(one),
            natural(one.clock.number),
            one.clock.ref,
        ),
    )


def open_clocks(url: str) -> list[RunningClock]:
    """Every clock of every case that has not ended, and every invoice term, by day and number.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    by_day = sorted(_running(url), key=lambda clock: (natural(clock.number), clock.ref))
    return sorted(by_day, key=lambda clock: clock.due_on or date.max)


def counts_to(due_on: date, late_on: date | None, today: date) -> date:
    """The day to count to: the earlier one while it has not passed, then that of the later reading."""
    return due_on if due_on >= today else late_on or due_on


def working_days_between(day: date, later: date, off: Sequence[str]) -> int:
    """How many working days come after `day` up to and with `later`; negative when it is past.

    `off` are the weekdays that do not count, in order, as text; models/clock.py counts the same one by
    one, which a list of ten thousand has no time for.
    """
    if later < day:
        return -working_days_between(later, day, off)
    taken_away = bisect_right(off, later.isoformat()) - bisect_right(off, day.isoformat())
    return _weekdays_until(later) - _weekdays_until(day) - taken_away


def _weekdays_until(day: date) -> int:
    weeks, days = divmod(day.toordinal(), 7)  # day 1 was a Monday
    return 5 * weeks + min(days, 5)


class _DaysOff:
    """The weekdays that each law takes away, and the days that its calendar covers."""

    def __init__(self, bodies: dict[str, dict[str, Any]]) -> None:
        self._calendars = {digest: body["calendar"] for digest, body in bodies.items()}
        self._known: dict[tuple[str, ...], list[str]] = {}

    def of(self, law: str, *days: date) -> list[str] | None:
        """Public holidays and closing days from Monday to Friday; None when a day is not covered."""
        calendar = self._calendars[law]
        if not all(calendar["first"] <= day.isoformat() <= calendar["last"] for day in days):
            return None
        closed = tuple(closing["day"] for closing in calendar["closing_days"])
        same = (calendar["name"], calendar["version"], calendar["first"], *closed)
        if same not in self._known:
            held = calendar["holidays"].items()  # by year, as models/clock.py writes them
            holidays = (f"{year}-{day[:2]}-{day[2:]}" for year, days in held for day in days.split())
            off = {*holidays, *closed}
            self._known[same] = sorted(day for day in off if date.fromisoformat(day).weekday() < 5)
        return self._known[same]


def _told(clock: RunningClock, today: date, days_off: _DaysOff) -> DueClock:
    if clock.due_on is None:
        return DueClock(clock, False, None, None, None, weekdays_only=False)
    to = counts_to(clock.due_on, clock.late_on, today)
    off = days_off.of(clock.law, today, to)
    return DueClock(
        clock,
        overdue=to < today,
        counted_to=to,
        working_days=working_days_between(today, to, off or ()),
        calendar_days=(to - today).days,
        weekdays_only=off is None,
    )


def _urgency(told: DueClock) -> tuple[bool, date]:
    return (not told.overdue, told.counted_to or date.max)


def _running(url: str, last: date = date.max) -> list[RunningClock]:
    """The clocks that run until a day at the latest, and all that stand still."""
    until = last.isoformat()
    columns = (
        "number, entry, kind, procedure, title, holder, phase, assumed, law, recorded_at, possible, "
        "flags, clocks, officer"
    )
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM current_state WHERE NOT ended")
    found: list[RunningClock] = []
    for row in read_at_once(rows, (10, 11, 12)):
        number, entry, kind, procedure, title, holder, phase, assumed, law, recorded_at = row[:10]
        found += [
            RunningClock(
                number=number,
                entry=entry,
                kind=kind,
                procedure=procedure,
                title=title,
                holder=holder,
                phase=phase,
                ref=clock["ref"],
                desk=clock["desk"],
                due_on=as_day(clock.get("due_on")),
                clock=clock.get("clock"),
                degree=clock.get("degree") or "",
                late_on=as_day(clock.get("late_on")),
                silence=clock.get("silence", ""),
                effect_on=as_day(clock.get("effect_on")),
                assumed=bool(assumed),
                law=law,
                recorded_at=recorded_at,
                possible=tuple(row[10]),
                flags=tuple(row[11]),
                officer=row[13],
            )
            for clock in row[12]
            if (clock.get("due_on") or "") <= until
        ]
    return found
