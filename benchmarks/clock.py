"""Due dates per second: plain limits, stopped ones, months, and reckonings that tell their steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle

from benchmarks.figures import Figure, Tell, median
from jurisdictions.be.calendars import belgium
from models.clock import Clock, Extension, Limit, Rules, Stop, Unit

SECONDS, ROUNDS = 0.5, 3
FIRST = date(2026, 1, 1)
CALENDAR_DAYS = Limit(amount=30, unit=Unit.CALENDAR_DAYS)
WORKING_DAYS = Limit(amount=40, unit=Unit.WORKING_DAYS)
A_YEAR = Limit(amount=12, unit=Unit.MONTHS)


def measure(tell: Tell) -> list[Figure]:
    """Rates on one core; calendar and clocks are there before."""
    calendar = belgium(FIRST.year)
    plain, stopped = _clocks(WORKING_DAYS), _clocks(WORKING_DAYS, stops=3, extended=True)
    figures = []
    for what, clocks in {
        "30 calendar days": _clocks(CALENDAR_DAYS),
        "30 calendar days, Regulation 1182/71": _clocks(CALENDAR_DAYS, Rules.EU_1182_71),
        "40 working days": plain,
        "40 working days, three stops": _clocks(WORKING_DAYS, stops=3),
        "40 working days, three stops, an extension": stopped,
        "12 months": _clocks(A_YEAR),
        "12 months, three stops": _clocks(A_YEAR, stops=3),
    }.items():
        tell(what)
        rates = _rates(lambda clock: clock.due_on(calendar), clocks)
        figures.append(median("clock", f"due dates, {what}", rates, "per second"))
    for what, clocks in {
        "40 working days": plain,
        "40 working days, three stops, an extension": stopped,
    }.items():
        tell(f"steps of {what}")
        rates = _rates(lambda clock: clock.reckon(calendar, FIRST), clocks)
        figures.append(median("clock", f"due dates with steps, {what}", rates, "per second"))
    return figures


def _clocks(
    limit: Limit, rules: Rules = Rules.BELGIAN, stops: int = 0, extended: bool = False
) -> list[Clock]:
    """A clock for each day of a year: weekends and holidays weigh as they do in practice."""
    return [_clock(FIRST + timedelta(n), limit, rules, stops, extended) for n in range(365)]


def _clock(started_on: date, limit: Limit, rules: Rules, stops: int, extended: bool) -> Clock:
    clock = Clock(limit=limit, rules=rules, started_on=started_on)
    for nth in range(stops):
        asked_on = started_on + timedelta(5 + 20 * nth)
        clock.stops.append(
            Stop(first=asked_on + timedelta(1), last=asked_on + timedelta(10), asked_on=asked_on)
        )
    if extended:
        clock.extensions.append(Extension(amount=10, effective_on=started_on + timedelta(7)))
    return clock


def _rates(once: Callable[[Clock], object], clocks: list[Clock]) -> list[float]:
    return [_rate(once, clocks) for _ in range(ROUNDS)]


def _rate(once: Callable[[Clock], object], clocks: list[Clock]) -> float:
    """How many clocks per second."""
    began, turns = time.perf_counter(), 0
    for clock in cycle(clocks):
        once(clock)
        turns += 1
        if time.perf_counter() - began > SECONDS:
            break
    return turns / (time.perf_counter() - began)
