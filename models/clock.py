"""A statutory clock: a limit with its unit, a start, its stops, and the day on which it ends.

Law: the counting convention is our reading (domain notes, 8.3; not verified): the day of the
event is not counted; a stop runs from the day after the questions went out to the day on which
the complete answer arrived, both included; an end that falls on a Saturday, a Sunday or a public
holiday moves once, at the very end, to the next working day.
Units: calendar days, working days, months, years. A limit without a unit cannot be written.

Everything here is arithmetic on civil dates. The only instants are in `civil_day` and `start_of`.
"""

from __future__ import annotations

import calendar as gregorian
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from models.errors import BeyondHorizon

BRUSSELS = ZoneInfo("Europe/Brussels")


def civil_day(instant: datetime) -> date:
    """The civil date in Brussels at an instant (an aware datetime)."""
    return instant.astimezone(BRUSSELS).date()


def start_of(day: date) -> datetime:
    """The instant at which a civil day begins in Brussels."""
    return datetime.combine(day, time(), tzinfo=BRUSSELS)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def anniversary(day: date, nth: int) -> date:
    """The nth anniversary, always counted from the first day, so that it never drifts.

    Rounding: 29 February is kept on 28 February in years without it and returns to the 29th.
    """
    return add_months(day, 12 * nth)


class Unit(StrEnum):
    """What a limit is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class Limit(BaseModel):
    """A period of time in law: an amount and the unit it is counted in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(ge=0)
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value.replace('_', ' ')}"


class Calendar(BaseModel):
    """Which days are working days, as known when the law of a file was put together.

    `version` names the data it was made from, so that a later edition never moves a date that
    was already told to someone. Days outside `first`..`last` are refused, not guessed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    first: date
    last: date
    holidays: tuple[date, ...]

    @cached_property
    def _closed(self) -> frozenset[date]:
        return frozenset(self.holidays)

    def is_working(self, day: date) -> bool:
        """Whether the agency's law counts the day as a working day.

        Raises: BeyondHorizon when the calendar does not cover the day.
        """
        if not self.first <= day <= self.last:
            raise BeyondHorizon(
                f"The calendar {self.name} ({self.version}) covers {self.first} to {self.last}; "
                f"{day} is beyond it."
            )
        return day.weekday() < 5 and day not in self._closed

    def working_day_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day


class Stop(BaseModel):
    """Days on which the limit does not run: `first` to `last`, both included; open until then."""

    model_config = ConfigDict(extra="forbid")

    first: date
    last: date | None = None


class Clock(BaseModel):
    """A limit that runs from `started_on` (not counted itself), minus its stops."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit
    started_on: date
    stops: list[Stop] = Field(default_factory=list)

    def stop(self, asked_on: date) -> None:
        """Stops from the day after the questions went out."""
        self.stops.append(Stop(first=asked_on + timedelta(days=1)))

    def restart(self, answered_on: date) -> None:
        """Ends the open stop on the day of the answer, which still counts as stopped.

        An answer on the day of the question leaves nothing stopped.
        """
        for stop in self.stops:
            if stop.last is None:
                stop.last = answered_on

    @property
    def stopped(self) -> bool:
        """Whether a stop is still open."""
        return any(stop.last is None for stop in self.stops)

    def runs_on(self, day: date) -> bool:
        """Whether the limit runs on that day."""
        return not any(s.first <= day and (s.last is None or day <= s.last) for s in self.stops)

    def due_on(self, calendar: Calendar) -> date | None:
        """The last day of the limit; None while a stop is open.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        if self.stopped:
            return None
        day = self.started_on
        if self.limit.unit in (Unit.MONTHS, Unit.YEARS):
            months = self.limit.amount * (12 if self.limit.unit is Unit.YEARS else 1)
            day = add_months(self.started_on, months)
            first = self.started_on + timedelta(days=1)
            while first <= day:
                if not self.runs_on(first):
                    day += timedelta(days=1)
                first += timedelta(days=1)
            return calendar.working_day_from(day)
        left = self.limit.amount
        while left:
            day += timedelta(days=1)
            counts = self.limit.unit is Unit.CALENDAR_DAYS or calendar.is_working(day)
            if counts and self.runs_on(day):
                left -= 1
        return calendar.working_day_from(day)


def days_before(day: date, limit: Limit) -> date:
    """The day that lies a limit before another, for reminders. Calendar days only."""
    if limit.unit is not Unit.CALENDAR_DAYS:
        raise ValueError(f"a reminder is counted back in calendar days, not in {limit.unit}")
    return day - timedelta(days=limit.amount)
