"""At which hour of a day cases are woken: at once for what takes effect, by the morning for the rest."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from models.clock import civil_day, start_of
from models.waking import AT_ONCE, BY_MORNING, wakes_at

NUMBERS = [f"CUP-2026-{serial:05d}" for serial in range(10_000)]
PLAIN, SHORT, LONG = date(2026, 6, 2), date(2026, 3, 29), date(2026, 10, 25)
"""Days of 24, 23 and 25 hours."""


def instants(day: date, only_tells: bool) -> list[datetime]:
    return [wakes_at(day, number, only_tells) for number in NUMBERS]


@pytest.mark.parametrize("day", [PLAIN, SHORT, LONG])
@pytest.mark.parametrize(("only_tells", "within"), [(False, AT_ONCE), (True, BY_MORNING)])
def test_cases_are_spread_evenly_over_the_beginning_of_their_civil_day(day, only_tells, within):
    after = [instant - start_of(day).astimezone(UTC) for instant in instants(day, only_tells)]
    assert {civil_day(instant) for instant in instants(day, only_tells)} == {day}
    assert all(timedelta() <= late < within for late in after)
    parts = Counter(late * 90 // within for late in after)
    assert len(parts) == 90
    assert max(parts.values()) < 1.5 * len(NUMBERS) / 90


def test_no_more_of_a_thousand_silences_wait_at_a_time_than_an_act_can_wait_for():
    seconds = Counter(instant.replace(microsecond=0) for instant in instants(PLAIN, only_tells=False)[:1000])
    assert max(seconds.values()) <= 25


def test_a_case_is_woken_at_the_same_hour_whichever_day_it_is():
    hours = {wakes_at(day, NUMBERS[0], True) - start_of(day).astimezone(UTC) for day in (PLAIN, LONG)}
    assert len(hours) == 1
