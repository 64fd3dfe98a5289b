"""How the Union counts: lists of days off that were found, years that are assumed, what no day off moves."""

from __future__ import annotations

from datetime import date

import pytest
from holidays.countries.belgium import Belgium

from jurisdictions.eu.calendars import (
    LAST_YEAR,
    LISTS,
    assumed,
    easter,
    holiday_names,
    holidays,
    institutions,
)
from models.clock import Calendar, Clock, Limit, Rules, StepKind, Unit, add_months
from models.errors import BeyondHorizon
from models.law.clause import calendar_days

TODAY = date(2023, 6, 1)
CALENDAR = institutions(2023)


def clock(amount: int, since: date, unit: Unit = Unit.CALENDAR_DAYS) -> Clock:
    return Clock(limit=Limit(amount=amount, unit=unit), rules=Rules.EU_1182_71, started_on=since)


def told(reckoned: Clock, calendar: Calendar = CALENDAR) -> set[StepKind]:
    return {step.kind for step in reckoned.reckon(calendar, TODAY).steps}


@pytest.mark.parametrize("year", LISTS)
def test_the_rule_of_assumed_years_gives_the_lists_that_were_found(year):
    assert assumed(year) == holidays(year)


@pytest.mark.parametrize("year", range(2004, LAST_YEAR - 20))
def test_easter_is_the_one_that_others_compute(year):
    assert any(day == easter(year) for day in Belgium(years=year))


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_every_day_off_has_a_name_and_one_that_is_assumed_says_so(language):
    for year in (*LISTS, 2025, 2026):
        assert [*holiday_names(year, language)] == [*holidays(year)]
    assert all(name.endswith(")") for name in holiday_names(2025, language).values())
    assert not any(name.endswith(")") for name in holiday_names(2023, language).values())


def test_a_period_ends_on_the_next_working_day_of_the_institutions():
    """Fifteen days from 3 May 2023 end on Ascension Day; the day after it is off, too, and then a weekend."""
    assert clock(15, date(2023, 5, 3)).due_on(CALENDAR) == date(2023, 5, 22)


def test_a_period_of_two_days_has_two_working_days():
    """From Wednesday 5 April 2023: Maundy Thursday to Easter Monday are off."""
    assert clock(2, date(2023, 4, 5)).due_on(CALENDAR) == date(2023, 4, 12)


def test_what_is_counted_back_is_due_on_the_day_itself():
    """Six months before 5 August 2023, a Saturday: 5 February 2023, a Sunday, and nobody moves it."""
    ahead = Limit(amount=6, unit=Unit.MONTHS)
    back = clock(0, date(2023, 8, 5), Unit.MONTHS).model_copy(update={"ahead": ahead})
    assert back.due_on(CALENDAR) == back.late_on(CALENDAR) == date(2023, 2, 5)


def test_weeks_end_on_the_same_day_of_the_week_and_move_off_a_day_off():
    """Two weeks from Thursday 4 May 2023 would be 18 May, Ascension Day; the day after is off, too."""
    assert clock(1, date(2023, 5, 3), Unit.WEEKS).due_on(CALENDAR) == date(2023, 5, 10)
    assert clock(2, date(2023, 5, 4), Unit.WEEKS).due_on(CALENDAR) == date(2023, 5, 22)


def test_two_months_from_the_last_of_december_end_with_february():
    assert clock(2, date(2022, 12, 31), Unit.MONTHS).due_on(CALENDAR) == date(2023, 2, 28)


def test_a_year_whose_list_was_not_found_is_assumed_and_said_so():
    assert StepKind.DAYS_OFF_ASSUMED not in told(clock(10, date(2023, 3, 1)))
    assert StepKind.DAYS_OFF_ASSUMED in told(clock(10, date(2025, 3, 1)))


def test_what_no_day_off_moves_rests_on_no_list():
    plain = Clock(limit=calendar_days(10), rules=Rules.PLAIN, started_on=date(2025, 3, 1))
    assert StepKind.DAYS_OFF_ASSUMED not in told(plain)


def test_before_anything_was_in_force_nothing_is_guessed():
    with pytest.raises(BeyondHorizon):
        institutions(2003)


def test_the_calendar_of_a_file_reaches_ten_years():
    assert institutions(2025).last == add_months(date(2025, 12, 31), 120)
