"""A statutory clock, checked against a walker of days that shares no code with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.clock import Clock, Limit, Stop, Unit, add_months, anniversary, civil_day, start_of
from models.errors import BeyondHorizon
from models.law.calendars import belgium

BE = belgium(2024)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def walk(start: date, amount: int, working: bool, stopped: set[date]) -> date:
    """One day at a time: count the days that count, then step off a weekend or holiday."""
    day, counted = start, 0
    while counted < amount:
        day += timedelta(1)
        free = day.isoweekday() > 5 or day in BE.holidays
        if day not in stopped and not (working and free):
            counted += 1
    while day.isoweekday() > 5 or day in BE.holidays:
        day += timedelta(1)
    return day


@given(
    DAYS,
    st.integers(0, 90),
    st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS]),
    st.lists(st.tuples(st.integers(1, 120), st.integers(0, 40)), max_size=4),
)
def test_due_dates_agree_with_a_walk_day_by_day(start, amount, unit, stops):
    periods = [(start + timedelta(first), start + timedelta(first + length)) for first, length in stops]
    stopped = {a + timedelta(n) for a, b in periods for n in range((b - a).days + 1)}
    clock = Clock(limit=Limit(amount=amount, unit=unit), started_on=start)
    clock.stops = [Stop(first=a, last=b) for a, b in periods]  # they may overlap: a day stops once
    assert clock.due_on(BE) == walk(start, amount, unit is Unit.WORKING_DAYS, stopped)


def days(amount: int, started_on: date) -> Clock:
    return Clock(limit=Limit(amount=amount, unit=Unit.CALENDAR_DAYS), started_on=started_on)


def test_the_day_of_the_event_is_not_counted_and_a_holiday_moves_the_end():
    assert days(14, date(2026, 4, 30)).due_on(BE) == date(2026, 5, 15)  # the 14th is Ascension Day


def test_stop_changes_due_date():
    clock = days(10, date(2026, 3, 2))
    before = clock.due_on(BE)
    clock.stop(date(2026, 3, 4))
    clock.restart(date(2026, 3, 9))
    assert clock.due_on(BE) == before + timedelta(5)


def test_roll_only_at_end():
    """Two stops of one day before a Friday: rolled once it is Tuesday to Monday, not twice."""
    clock = days(4, date(2026, 3, 2))  # ends on Friday 6 March
    assert clock.due_on(BE) == date(2026, 3, 6)
    for asked in (date(2026, 3, 3), date(2026, 3, 5)):
        clock.stop(asked)
        clock.restart(asked + timedelta(1))
    assert clock.due_on(BE) == date(2026, 3, 9)  # Sunday the 8th moves to Monday


def test_open_request_is_total():
    """A closed stop and an open one: there is no due date, and no crash."""
    clock = days(10, date(2026, 3, 2))
    clock.stop(date(2026, 3, 3))
    clock.restart(date(2026, 3, 4))
    clock.stop(date(2026, 3, 5))
    assert clock.stopped
    assert clock.due_on(BE) is None


def test_questions_answered_on_the_same_day_stop_nothing():
    clock = days(10, date(2026, 3, 2))
    before = clock.due_on(BE)
    clock.stop(date(2026, 3, 4))
    clock.restart(date(2026, 3, 4))
    assert clock.due_on(BE) == before


def test_unit_is_mandatory():
    with pytest.raises(ValidationError, match="unit"):
        Limit.model_validate({"amount": 10})


def test_working_day_is_civil():
    """A working day is a day of the calendar, also when a change of summer time makes it 23 hours."""
    clock = Clock(limit=Limit(amount=1, unit=Unit.WORKING_DAYS), started_on=date(2026, 3, 27))
    assert clock.due_on(BE) == date(2026, 3, 30)
    assert start_of(date(2026, 3, 30)) - start_of(date(2026, 3, 29)) == timedelta(1)
    assert civil_day(datetime.fromisoformat("2026-03-28T23:30:00+00:00")) == date(2026, 3, 29)
    assert civil_day(datetime.fromisoformat("2026-06-30T22:30:00+00:00")) == date(2026, 7, 1)


def test_calendar_horizon_guard():
    with pytest.raises(BeyondHorizon, match="covers 2024-01-01 to 2034-12-31"):
        days(30, date(2034, 12, 20)).due_on(BE)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(1, 120))
def test_months_keep_their_day_or_the_last_of_the_month(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_anniversary_30y(day):
    """Thirty anniversaries without drift; 29 February returns in each leap year."""
    for year in range(1, 31):
        on = anniversary(day, year)
        assert on.year == day.year + year
        assert (on.month, on.day) == (day.month, day.day) or (
            (day.month, day.day) == (2, 29) and (on.month, on.day) == (2, 28) and on.year % 4 != 0
        )
