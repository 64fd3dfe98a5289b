"""A second way to every due date: naive, slow, and without a line in common with `models/`.

It marks each day as working and as stopped, and counts. Days are dates, units, rules and channels are words,
stops are (first, last, asked_on), extensions (amount, effective_on), closing days (day, published_on). The
numbers are those of `models/clock.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(1)
HOUR = timedelta(hours=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
FROM_THE_LAST = "hours from the last one of the day"
"""What the later reading of a limit in hours is counted in."""

DAYS_OR_MORE = {
    "hours": 10**9,  # never: on the earlier reading nothing moves them
    FROM_THE_LAST: 48,
    "calendar_days": 2,
    "working_days": 2,
    "weeks": 1,
    "months": 1,
    "years": 1,
}
"""The smallest amount of each unit that is two days or more."""

StopDays = tuple[date, date | None, date | None]
Added = tuple[int, date | None]
Closed = tuple[date, date]


def easter(year: int) -> date:
    """The first Sunday after the full moon of spring; the moon's age by golden number and epact."""
    golden, century = year % 19 + 1, year // 100 + 1
    left_out = century * 3 // 4 - 12  # leap days that the Gregorian calendar leaves out
    moon = (century * 8 + 5) // 25 - 5
    epact = (golden * 11 + 20 + moon - left_out) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full_moon = date(year, 3, 1) + DAY * (43 - epact)
    if full_moon < date(year, 3, 21):
        full_moon += DAY * 30
    sunday = full_moon + DAY
    while sunday.isoweekday() != 7:
        sunday += DAY
    return sunday


@cache
def legal_holidays(year: int) -> frozenset[date]:
    """The ten legal holidays of Belgium."""
    return frozenset(
        {
            date(year, 1, 1),
            easter(year) + DAY,
            date(year, 5, 1),
            easter(year) + DAY * 39,  # Ascension Day
            easter(year) + DAY * 50,  # Whit Monday
            date(year, 7, 21),
            date(year, 8, 15),
            date(year, 11, 1),
            date(year, 11, 11),
            date(year, 12, 25),
        }
    )


def works(day: date, closed: Collection[date] = ()) -> bool:
    return day.isoweekday() < 6 and day not in legal_holidays(day.year) and day not in closed


def closing(closed: Collection[Closed]) -> set[date]:
    """The closing days that count: published before the first day of their year."""
    return {day for day, published in closed if published.year < day.year}


def received(channel: str, left: date, presented: date | None) -> list[date]:
    """The day before day 1 of what a letter starts, on each reading of when it counts as received."""
    if channel == "email":  # presumed, and nothing hangs on it
        return [left]
    if channel == "registered_with_acknowledgement":
        return [presented or left]
    day, working_days = left, {"post": 3, "registered": 3, "ebox": 1}.get(channel, 0)
    while working_days:
        day += DAY
        working_days -= works(day)  # whatever the agency closes
    if presented and presented > day:
        return [presented]
    return [day] if day == left else [day - DAY, day]


def due(
    start: date,
    amount: int,
    unit: str,
    rules: str,
    stops: Collection[StopDays] = (),
    extensions: Collection[Added] = (),
    cap: int | None = None,
    closed: Collection[Closed] = (),
) -> date | None:
    """The last day, none while a stop in time is open; an extension is in time by the last day without it."""
    if still := [asked for _, last, asked in stops if last is None]:
        rest = [stop for stop in stops if stop[1]]
        end = due(start, amount, unit, rules, rest, extensions, cap, closed)
        return end if end and all(asked and asked > end for asked in still) else None
    return _ends(start, amount, unit, rules, stops, extensions, cap, closed)[1]


def with_a_day_left(
    start: date,
    amount: int,
    unit: str,
    rules: str,
    stops: Collection[StopDays] = (),
    extensions: Collection[Added] = (),
    cap: int | None = None,
    closed: Collection[Closed] = (),
) -> date | None:
    """The last day where it ends with a stop, as if the day of the questions was stopped too; else none."""
    if unit == "hours" or not stops or any(last is None for _, last, _ in stops):
        return None
    budget, _ = _ends(start, amount, unit, rules, stops, extensions, cap, closed)
    end = used_up(start, budget, unit, rules, stood_still(stops), closed)
    moved: set[date] = set()
    for first, last, asked in sorted(stops, key=lambda stop: stop[2] or date.max):
        last_day = _moved(start, end, budget, unit, rules, stood_still(stops), closed)
        if asked and last and asked <= last_day and first <= last and last > end:
            end = last
            moved.add(asked)
    earlier = [(asked if asked in moved and asked else first, last, asked) for first, last, asked in stops]
    return due(start, amount, unit, rules, earlier, extensions, cap, closed) if moved else None


def from_the_last_hour(
    start: date, amount: int, rules: str, stops: Collection[StopDays], *rest: Any
) -> date | None:
    """The last day of hours that begin with the day after, and of which no day of questions uses any up."""
    longer = [(min(first, asked or first), last, asked) for first, last, asked in stops]
    return due(start, amount, FROM_THE_LAST, rules, longer, *rest)


def _ends(
    start: date,
    amount: int,
    unit: str,
    rules: str,
    stops: Collection[StopDays],
    extensions: Collection[Added],
    cap: int | None,
    closed: Collection[Closed],
) -> tuple[int, date]:
    """The whole budget, and its last day."""
    accepted: set[int] = set()
    while True:  # each extension in time may bring another into time
        added = sum(more for n, (more, _) in enumerate(extensions) if n in accepted)
        budget = amount + (added if cap is None else min(added, cap))
        end = _last_day(start, budget, unit, rules, stops, closed)
        in_time = {n for n, (_, day) in enumerate(extensions) if day is None or day <= end}
        if in_time <= accepted:
            return budget, end
        accepted |= in_time


def _last_day(
    start: date, budget: int, unit: str, rules: str, stops: Collection[StopDays], closed: Collection[Closed]
) -> date:
    """Point 3: while questions in time leave more stopped days after the end, it ends with the last."""
    over = [(first, last, asked) for first, last, asked in stops if last]
    stopped = stood_still(over)
    end = used_up(start, budget, unit, rules, stopped, closed)
    while True:
        last_day = _moved(start, end, budget, unit, rules, stopped, closed)
        in_time = [(first, last) for first, last, asked in over if asked and asked <= last_day]
        later = [last for first, last in in_time if first <= last and last > end]
        if not later:
            return last_day
        end = max(later)


def stood_still(stops: Collection[StopDays]) -> set[date]:
    """The days of the stops that have ended."""
    ended = [(first, last) for first, last, _ in stops if last]
    return {first + DAY * n for first, last in ended for n in range((last - first).days + 1)}


def used_up(
    start: date, budget: int, unit: str, rules: str, stopped: set[date], closed: Collection[Closed]
) -> date:
    """Points 1 and 2: the day on which nothing is left; plain counting knows no closing days."""
    off = closing(closed) if rules != "plain" else set()
    if unit in ("months", "years"):
        months = budget * {"months": 1, "years": 12}[unit]
        to_the_eve = rules == "be-administrative" and months
        goal = eve(start, months) if to_the_eve else months_later(start, months)
        while rules == "be-whole-months" and months and (goal + DAY).day != 1:
            goal += DAY
        return _moved_by_stops(start, goal, stopped)
    if unit == "weeks":  # as often as that day of the week comes round
        goal = start
        for _ in range(budget):
            goal += DAY
            while goal.isoweekday() != start.isoweekday():
                goal += DAY
        return _moved_by_stops(start, goal, stopped)
    if "hours" in unit:
        return _hour_by_hour(start, budget, unit == FROM_THE_LAST, rules == "eu-1182-71", stopped)
    day = start
    while budget:
        day += DAY
        if day not in stopped and (unit == "calendar_days" or works(day, off)):
            budget -= 1
    return day


def _hour_by_hour(start: date, hours: int, from_the_last: bool, left_out: bool, stopped: set[date]) -> date:
    """The day of the last hour, each of them an instant; the one of the event is left out, or is not."""
    first = start + DAY if from_the_last else start
    hour = datetime(first.year, first.month, first.day, tzinfo=BRUSSELS).astimezone(UTC)
    hour += HOUR if left_out and not from_the_last else timedelta()
    last = start
    while hours:
        day = hour.astimezone(BRUSSELS).date()
        if day == start or day not in stopped:
            hours, last = hours - 1, day
        hour += HOUR
    return last


def _moved_by_stops(start: date, goal: date, stopped: set[date]) -> date:
    """Each stopped day on the way moves a day that was named."""
    end = goal
    while end != (further := goal + DAY * sum(start < day <= end for day in stopped)):
        end = further
    return end


def _moved(
    start: date,
    end: date,
    budget: int,
    unit: str,
    rules: str,
    stopped: set[date],
    closed: Collection[Closed],
) -> date:
    """Points 4 and 5: the day that the rules make of an end; at home no closing day moves it."""
    if rules == "plain" or unit == "hours":
        return end
    off = closing(closed) if rules == "eu-1182-71" else set()
    day = end
    while not works(day, off) and not (unit == FROM_THE_LAST and rules == "eu-1182-71"):
        day += DAY
    if rules == "eu-1182-71" and budget >= DAYS_OR_MORE[unit]:
        while not _two_working_days(start, end, day, stopped, off):
            day += DAY
    return day


def _two_working_days(
    start: date, end: date, last: date, stopped: set[date], closed: Collection[date]
) -> bool:
    """Whether two working days of the period were not stopped; after its end nothing is."""
    days = [start + DAY * n for n in range(1, (last - start).days + 1)]
    found = [day for day in days if works(day, closed) and (day > end or day not in stopped)]
    return len(found) >= 2


def months_later(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError


def eve(start: date, months: int) -> date:
    """From the day after: as many dates of that day are passed as there are months, and the last is left out.

    A month that has no such date is passed with its last day, which then counts.
    """
    first = start + DAY
    day, left = first, months
    while left:
        day += DAY
        last_of_month = (day + DAY).month != day.month
        if day.day == first.day:
            left -= 1
        elif last_of_month and day.day < first.day:
            left -= 1
            if not left:
                return day
    return day - DAY


def working_days_back(day: date, amount: int, closed: Collection[date] = ()) -> date:
    """The day so many working days before another."""
    passed = [back for n in range(1, amount * 2 + 30) if works(back := day - DAY * n, closed)]
    return passed[amount - 1] if amount else day
