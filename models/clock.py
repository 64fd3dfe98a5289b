"""A statutory clock: a limit, the day it starts, its stops and extensions, and the day it ends.

The clock is a budget. Its unit says which days use it up; a stop is days that use nothing up; an
extension makes it larger. The last day is always derived from these, never kept alone, and every
derivation says how it came about (`Reckoning.steps`).

The order, in full:

1. The day of the event is not counted.
2. Days (or working days) that are not stopped are counted until the budget is used up. A limit in
   months or years ends on the same day of its last month, or on the last day of a month that has no
   such day; each stopped day within it moves that end by one day.
3. Questions that went out no later than the last day stop the clock, also when no day of the budget
   was left: the limit then ends with the stop. Questions after the last day stop nothing.
4. An end on a Saturday, a Sunday, a public holiday or a closing day moves, once, to the next working
   day. Nothing is moved before.
5. Regulation 1182/71 only: a period of two days or more has at least two working days, not stopped.

Stops that overlap count each day once. While a stop is open there is no last day. An extension that
takes effect after the last day comes too late and adds nothing; together extensions add no more than
their cap.

Law: Regulation (EEC, Euratom) No 1182/71, art. 3; for the Belgian administrative way our reading
(domain notes, 8.3; not verified), which is the same without point 5.
Units: calendar days, working days, months, years. A limit without a unit cannot be written.
Everything here is arithmetic on civil dates. The only instants are in `civil_day` and `start_of`.
"""

from __future__ import annotations

import calendar as gregorian
import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from models.errors import BeyondHorizon, InputRefused

BRUSSELS = ZoneInfo("Europe/Brussels")
ONE_DAY = timedelta(days=1)
UNDELIVERED = "undelivered"
"""Why a limit does not run that starts with the receipt of a letter."""


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


class Rules(StrEnum):
    """How the end of a period is found; a clause says which of these it follows."""

    EU_1182_71 = "eu-1182-71"
    BELGIAN = "be-administrative"
    PLAIN = "plain"

    @property
    def rolls(self) -> bool:
        """Whether an end on a day off moves to the next working day."""
        return self is not Rules.PLAIN

    @property
    def needs_two_working_days(self) -> bool:
        """Whether a period of two days or more has at least two working days (art. 3(5))."""
        return self is Rules.EU_1182_71


class Limit(BaseModel):
    """A period of time in law: an amount and the unit it is counted in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(ge=0, le=100_000)
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value.replace('_', ' ')}"

    @classmethod
    def parse(cls, written: str) -> Limit:
        """A limit as people write it, such as "14 calendar_days".

        Raises: InputRefused for a missing or unknown unit, or an amount that is none.
        """
        found = re.fullmatch(r"\s*([0-9]{1,6})(?:[\s_]+([a-z_ ]+?))?\s*", written.lower())
        units = ", ".join(Unit)
        if not found:
            raise InputRefused(f"{written!r} is no limit; write it as an amount and a unit ({units}).")
        if found[2] is None:
            raise InputRefused(f"The limit {written!r} has no unit; say which: {units}.")
        unit = found[2].replace(" ", "_")
        named = {u.value: u for u in Unit} | {u.value.removesuffix("s"): u for u in Unit}
        if unit not in named:
            raise InputRefused(f"{found[2]!r} is no unit; it is one of {units}.")
        if int(found[1]) > 100_000:
            raise InputRefused(f"The limit {written!r} is longer than anything that law knows.")
        return cls(amount=int(found[1]), unit=named[unit])


class ClosingDay(BaseModel):
    """A day on which the agency is closed beside the public holidays, and who signed for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    reason: str = Field(min_length=1, max_length=300)
    by: str = Field(min_length=1, max_length=120)
    entered_on: date


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
    closing_days: tuple[ClosingDay, ...] = ()

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset((*self.holidays, *(closing.day for closing in self.closing_days)))

    def is_working(self, day: date) -> bool:
        """Whether the agency's law counts the day as a working day.

        Raises: BeyondHorizon when the calendar does not cover the day.
        """
        if not self.first <= day <= self.last:
            raise self.beyond(str(day))
        return day.weekday() < 5 and day not in self._off

    def beyond(self, day: str) -> BeyondHorizon:
        """The refusal of a day that the calendar does not cover."""
        covers = f"The calendar {self.name} ({self.version}) covers {self.first} to {self.last}"
        return BeyondHorizon(f"{covers}; {day} is beyond it.")

    def is_off_on_a_weekday(self, day: date) -> bool:
        """Whether a public holiday or a closing day takes a weekday away."""
        return day.weekday() < 5 and day in self._off

    def working_day_from(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days_between(self, day: date, later: date) -> int:
        """How many working days come after `day` up to and with `later`; negative when it is past."""
        if later < day:
            return -self.working_days_between(later, day)
        return sum(self.is_working(day + ONE_DAY * n) for n in range(1, (later - day).days + 1))

    def with_closing_day(self, closing: ClosingDay) -> Calendar:
        """The same calendar with one more day off, and a version that tells so."""
        if any(known.day == closing.day for known in self.closing_days):
            return self
        days = sorted((*self.closing_days, closing), key=lambda known: known.day)
        made_from = self.version.split(" + ")[0]
        which = hashlib.sha256(",".join(str(known.day) for known in days).encode()).hexdigest()[:8]
        return self.model_copy(
            update={"closing_days": tuple(days), "version": f"{made_from} + closing days {which}"}
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Calendar:
        """Made anew: a copy as pydantic makes it would keep the days off that were looked up before."""
        return Calendar(**{**dict(self), **(update or {})})


class Stop(BaseModel):
    """Days on which the limit does not run: `first` to `last`, both included; open until then.

    `asked_on` is the day on which the questions went out; it decides whether they came in time.
    `recorded_on` and `ended_recorded_on` are the days on which beginning and end were written down.
    """

    model_config = ConfigDict(extra="forbid")

    first: date
    last: date | None = None
    reason: str = ""
    asked_on: date | None = None
    recorded_on: date | None = None
    ended_recorded_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the limit does not run on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


class Extension(BaseModel):
    """More of the same unit: how much, why, from which day, and when it was written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(ge=1, le=100_000)
    reason: str = ""
    effective_on: date | None = None
    recorded_on: date | None = None


class Revised(BaseModel):
    """A change of law that the clock followed: on which day, and the limit that it had until then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    limit: Limit


class StepKind(StrEnum):
    """What a step of a reckoning tells; each has a sentence in every language."""

    FIXED = "fixed"
    STARTED = "started"
    REVISED = "revised"
    STOPPED = "stopped"
    STOP_OPEN = "stop-open"
    STOPPED_NOTHING = "stopped-nothing"
    STOP_TOO_LATE = "stop-too-late"
    STOP_OUTSIDE = "stop-outside"
    STOPS_OVERLAP = "stops-overlap"
    EXTENDED = "extended"
    EXTENSION_CAPPED = "extension-capped"
    EXTENSION_TOO_LATE = "extension-too-late"
    DAYS_OFF = "days-off"
    COUNTED = "counted"
    ENDS_WITH_STOP = "ends-with-stop"
    ROLLED = "rolled"
    TWO_WORKING_DAYS = "two-working-days"
    DUE = "due"
    NO_DUE_DATE = "no-due-date"


class Step(BaseModel):
    """One step of a reckoning; which fields it has depends on its kind.

    `on` is the day the step leads to or speaks of, `first` and `last` a span, `days` how many, `off`
    the public holidays and closing days that mattered, `reason` what a person wrote.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: StepKind
    on: date | None = None
    first: date | None = None
    last: date | None = None
    days: int | None = None
    limit: Limit | None = None
    rules: Rules | None = None
    off: tuple[date, ...] = ()
    reason: str = ""


class Reckoning(BaseModel):
    """A due date with the steps that led to it; `due_on` is None while a stop is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due_on: date | None
    calendar: str
    steps: tuple[Step, ...]


class Clock(BaseModel):
    """A limit that runs from `started_on` (not counted itself): minus its stops, plus its extensions.

    `clause` is where the limit comes from; nothing when it was typed by hand. `article`, `from_on` and
    `verified` are those of the value that it was counted with: a later one that it does not follow changes
    nothing of what it says. Clocks of earlier releases carry none of the three.
    """

    model_config = ConfigDict(extra="forbid")

    clause: str = ""
    article: str = ""
    from_on: date | None = None
    verified: bool | None = None
    limit: Limit
    rules: Rules = Rules.BELGIAN
    started_on: date
    stops: list[Stop] = Field(default_factory=list)
    extensions: list[Extension] = Field(default_factory=list)
    revisions: list[Revised] = Field(default_factory=list)
    cap: int | None = None

    def stop(
        self, asked_on: date, reason: str = "", recorded_on: date | None = None, on_the_last_day: bool = True
    ) -> None:
        """Stops from the day after the questions went out.

        `on_the_last_day`: whether questions stop it also when no day of the limit is left.
        """
        asked = asked_on if on_the_last_day else None
        self.stops.append(
            Stop(first=asked_on + ONE_DAY, reason=reason, asked_on=asked, recorded_on=recorded_on)
        )

    def restart(self, answered_on: date, recorded_on: date | None = None) -> None:
        """Ends the open stops that an answer can end, on its day, which still counts as stopped.

        An answer on the day of the question leaves nothing stopped.
        """
        for stop in self.stops:
            if stop.last is None and stop.first <= answered_on + ONE_DAY:
                stop.last, stop.ended_recorded_on = answered_on, recorded_on

    def await_receipt(self, recorded_on: date | None = None) -> None:
        """The letter on whose receipt it starts came back: until it is received, nothing runs."""
        self.stops.append(Stop(first=self.started_on + ONE_DAY, reason=UNDELIVERED, recorded_on=recorded_on))

    def received(self, on: date) -> None:
        """The letter was received: the limit starts on that day."""
        self.started_on, self.stops = on, [stop for stop in self.stops if stop.reason != UNDELIVERED]

    def extend(
        self, amount: int, reason: str, effective_on: date | None, recorded_on: date | None = None
    ) -> None:
        """Adds to the budget, in the unit of the limit."""
        self.extensions.append(
            Extension(amount=amount, reason=reason, effective_on=effective_on, recorded_on=recorded_on)
        )

    def follow(
        self, limit: Limit, rules: Rules, article: str, from_on: date, verified: bool, on: date
    ) -> None:
        """Takes over another limit, by a change of law that reaches clocks that run on that day."""
        if limit != self.limit:
            self.revisions.append(Revised(on=on, limit=self.limit))
        self.limit, self.rules = limit, rules
        self.article, self.from_on, self.verified = article, from_on, verified

    @property
    def stopped(self) -> bool:
        """Whether a stop is still open."""
        return any(stop.last is None for stop in self.stops)

    def runs_on(self, day: date) -> bool:
        """Whether the limit runs on that day."""
        return not any(stop.covers(day) for stop in self.stops)

    def due_on(self, calendar: Calendar) -> date | None:
        """The last day of the limit; None while a stop is open that began in time.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        if self.stopped:
            # questions after the last day stop nothing, also while they are open
            over = self.model_copy(update={"stops": [stop for stop in self.stops if stop.last]})
            due_on = over.due_on(calendar)
            asked = [stop.asked_on for stop in self.stops if not stop.last]
            return due_on if due_on and all(on and on > due_on for on in asked) else None
        return self._ends(self.limit.amount + self._granted(calendar, []), calendar, [])

    def reckon(self, calendar: Calendar) -> Reckoning:
        """The last day of the limit, and how it came about.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        steps = [Step(kind=StepKind.STARTED, on=self.started_on, limit=self.limit, rules=self.rules)]
        steps += [Step(kind=StepKind.REVISED, on=past.on, limit=past.limit) for past in self.revisions]
        due_on = self.due_on(calendar)
        stopped: set[date] = set()
        told = 0
        for stop in sorted(self.stops, key=lambda stop: stop.first):
            first = max(stop.first, self.started_on + ONE_DAY)  # before it runs there is nothing to stop
            span: dict[str, Any] = {"first": first, "last": stop.last, "reason": stop.reason}
            too_late = due_on is not None and stop.first > due_on
            if stop.asked_on and due_on and stop.asked_on > due_on:
                steps.append(Step(kind=StepKind.STOP_TOO_LATE, on=stop.asked_on, reason=stop.reason))
            elif stop.last is None:
                steps.append(Step(kind=StepKind.STOP_OPEN, **span))
            elif stop.last < stop.first:
                steps.append(Step(kind=StepKind.STOPPED_NOTHING, on=stop.last, reason=stop.reason))
            elif stop.last < first or too_late:
                steps.append(Step(kind=StepKind.STOP_OUTSIDE, **(span | {"first": stop.first})))
            else:
                days = _span(first, stop.last)
                stopped.update(days)
                told += len(days)
                steps.append(Step(kind=StepKind.STOPPED, days=len(days), **span))
        if told > len(stopped):
            steps.append(Step(kind=StepKind.STOPS_OVERLAP, days=len(stopped)))
        if due_on is None:
            steps.append(Step(kind=StepKind.NO_DUE_DATE))
        else:
            over = self.model_copy(update={"stops": [stop for stop in self.stops if stop.last]})
            over._ends(self.limit.amount + over._granted(calendar, steps), calendar, steps)
            steps.append(Step(kind=StepKind.DUE, on=due_on))
        return Reckoning(due_on=due_on, calendar=f"{calendar.name}, {calendar.version}", steps=tuple(steps))

    def _granted(self, calendar: Calendar, steps: list[Step]) -> int:
        """What the extensions add: those in time, and no more than the cap."""
        granted = 0
        for extension in sorted(self.extensions, key=lambda e: e.effective_on or date.min):
            tells: dict[str, Any] = {"on": extension.effective_on, "reason": extension.reason}
            if extension.effective_on and extension.effective_on > self._ends(
                self.limit.amount + granted, calendar, []
            ):
                steps.append(Step(kind=StepKind.EXTENSION_TOO_LATE, **tells))
                continue
            room = extension.amount if self.cap is None else self.cap - granted
            added = min(extension.amount, max(room, 0))
            granted += added
            limit = Limit(amount=added, unit=self.limit.unit)
            kind = StepKind.EXTENDED if added == extension.amount else StepKind.EXTENSION_CAPPED
            steps.append(Step(kind=kind, limit=limit, **tells))
        return granted

    def _ends(self, budget: int, calendar: Calendar, steps: list[Step]) -> date:
        """The last day of a budget; every stop has an end. Tells its steps."""
        end = self._counted(budget, calendar, steps)
        due = self._moved(end, budget, calendar)
        for stop in sorted(self.stops, key=lambda stop: stop.asked_on or date.max):
            # asked in time, with no day of the budget left: the limit ends with the stop
            last = stop.last or stop.first
            if stop.asked_on and stop.asked_on <= due and stop.first <= last and end < last:
                end = last
                steps.append(Step(kind=StepKind.ENDS_WITH_STOP, on=end, first=stop.asked_on))
                due = self._moved(end, budget, calendar)
        rolled = calendar.working_day_from(end) if self.rules.rolls else end
        if rolled != end:
            off = _span(end, rolled - ONE_DAY)
            steps.append(
                Step(
                    kind=StepKind.ROLLED,
                    first=end,
                    on=rolled,
                    rules=self.rules,
                    off=tuple(day for day in off if calendar.is_off_on_a_weekday(day)),
                )
            )
        if due != rolled:
            off = _span(self.started_on + ONE_DAY, due)
            steps.append(
                Step(
                    kind=StepKind.TWO_WORKING_DAYS,
                    on=due,
                    rules=self.rules,
                    off=tuple(day for day in off if calendar.is_off_on_a_weekday(day)),
                )
            )
        return due

    def _counted(self, budget: int, calendar: Calendar, steps: list[Step]) -> date:
        """The day on which the budget is used up, before anything moves it."""
        day, off = self.started_on, list[date]()
        match self.limit.unit:
            case Unit.MONTHS | Unit.YEARS:
                months = budget * (12 if self.limit.unit is Unit.YEARS else 1)
                if day.year + months // 12 > calendar.last.year:
                    raise calendar.beyond(f"a day {months} months after {day}")
                day = add_months(day, months)
                passed = self.started_on + ONE_DAY
                while self.stops and passed <= day:
                    if not self.runs_on(passed):
                        if day > calendar.last:
                            raise calendar.beyond(str(day))
                        day += ONE_DAY
                    passed += ONE_DAY
            case Unit.CALENDAR_DAYS:
                while budget:
                    if day > calendar.last:
                        raise calendar.beyond(str(day))
                    day += ONE_DAY
                    budget -= self.runs_on(day)
            case Unit.WORKING_DAYS:
                while budget:
                    day += ONE_DAY
                    if calendar.is_working(day):
                        budget -= self.runs_on(day)
                    elif calendar.is_off_on_a_weekday(day) and self.runs_on(day):
                        off.append(day)
        if off:
            steps.append(Step(kind=StepKind.DAYS_OFF, off=tuple(off)))
        steps.append(Step(kind=StepKind.COUNTED, on=day, rules=self.rules))
        return day

    def _moved(self, end: date, budget: int, calendar: Calendar) -> date:
        """The end after the rules have moved it."""
        if end > calendar.last:
            raise calendar.beyond(str(end))
        if not self.rules.rolls:
            return end
        due = calendar.working_day_from(end)
        in_days = self.limit.unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
        if self.rules.needs_two_working_days and budget >= (2 if in_days else 1):
            while self._working_days(due, end, calendar) < 2:
                due = calendar.working_day_from(due + ONE_DAY)
        return due

    def _working_days(self, due: date, end: date, calendar: Calendar) -> int:
        """Working days of the period, at most two: running ones up to its end, then all of them."""
        found, day = 0, due
        while found < 2 and day > self.started_on:
            found += calendar.is_working(day) and (day > end or self.runs_on(day))
            day -= ONE_DAY
        return found


def before(day: date, limit: Limit, calendar: Calendar) -> date:
    """The day that lies a limit before another, for reminders and warnings; it is never rolled.

    Units: calendar days and working days. Raises: ValueError for others, BeyondHorizon.
    """
    match limit.unit:
        case Unit.CALENDAR_DAYS:
            return day - timedelta(days=limit.amount)
        case Unit.WORKING_DAYS:
            left = limit.amount
            while left:
                day -= ONE_DAY
                left -= calendar.is_working(day)
            return day
        case _:
            raise ValueError(f"a warning is counted back in days, not in {limit.unit}")


def days_before(day: date, limit: Limit) -> date:
    """The day that lies a limit before another, for reminders. Calendar days only."""
    if limit.unit is not Unit.CALENDAR_DAYS:
        raise ValueError(f"a reminder is counted back in calendar days, not in {limit.unit}")
    return day - timedelta(days=limit.amount)


def _span(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]
