"""A statutory clock: a limit, the day it starts, its stops and extensions, and the day it ends.

The clock is a budget. Its unit says which days use it up; a stop is days that use nothing up; an
extension makes it larger. The last day is always derived from these, never kept alone, and every
derivation says how it came about (`Reckoning.steps`). Long because clock, calendar and rules are one
calculation: why a limit ends on a day is read in one place.

The order, in full:

1. The day of the event is not counted, save of a limit in hours. The hour of the event is not known here: it
   was the first one of that day or the last one, and both are kept (below).
2. Days (or working days) that are not stopped are counted until the budget is used up. A week is seven
   days: it ends on the day of the week of the event (Regulation 1182/71, art. 3(2)(c)). A limit in
   months or years that runs from an event goes from the day after it to the eve of that day's date in the
   last month, or to the last day of a month that has no such date: three months from 28 February are
   1 March to 31 May. Regulation 1182/71 ends it on the date of the event itself, and so does plain
   counting: what recurs stays on its anniversary; whole months of the calendar end with the last of them.
   Each stopped day within it moves that end by one day.
3. Questions that went out no later than the last day stop the clock, also when no day of the budget
   was left: the limit then ends with the stop. Questions after the last day stop nothing.
4. An end on a Saturday, a Sunday or a public holiday moves, once, to the next day that is none. Nothing is
   moved before.
5. Regulation 1182/71 only: a period of two days or more has at least two working days, not stopped.
   Neither 4 nor 5 moves the earlier end of hours; each moves the later one where its text does not except
   hours: Regulation 1182/71 does for 4 (art. 3(4)) and not for 5, the Judicial Code nowhere (art. 53).
6. What is due a time `ahead` of such an end is counted back from it before anything moves it, and is itself
   not moved: a day off is told as the working day before it, and nobody is late before the one after it. By
   Regulation 1182/71 (art. 3(4), second subparagraph) it is the day itself.

A closing day of the authority is no working day if it was published before the year in which it lies. The
Belgian administrative way leaves it out while working days are counted and never moves an end because of it;
Regulation 1182/71 does both; plain counting (the third working day after posting) does neither.

Where words allow two readings, a clock has both (`SecondReading`): the earlier day is told, warned of and
listed, an effect against somebody follows only after the later one. A limit that ends with a stop has two as
well: the day of the questions was its last one, or is left for after the stop. So has a limit in hours, since
cases know days and not instants: the later one also leaves the day of questions for after the stop. Hours are
those of the day in Brussels, which has one less or one more when summer time begins or ends. By Regulation
1182/71 the hour of the event is not counted (art. 3(1)), so that 24 hours never end on its day.

Stops that overlap count each day once. While a stop is open there is no last day. An extension that
takes effect after the last day comes too late and adds nothing; together extensions add no more than
their cap.

Law: Regulation (EEC, Euratom) No 1182/71, art. 3; for the Belgian administrative way the Judicial Code,
art. 52 to 54 (months and years: our reading of 52 and 54 together), without point 5.
Units: hours, calendar days, working days, weeks, months, years. A limit without a unit cannot be written.
Everything here is arithmetic on civil dates. The only instants are in `civil_day`, `start_of` and `hours_of`.
"""

from __future__ import annotations

import calendar as gregorian
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_serializer, field_validator

from models.errors import BeyondHorizon, InputRefused, Malformed
from models.law.degree import Degree
from models.messages import Message
from models.texts import Line
from models.travelling import Travelling

BRUSSELS = ZoneInfo("Europe/Brussels")
ONE_DAY = timedelta(days=1)
A_WEEK = 7
"""Days."""

TWO_DAYS = 48
"""Hours."""

REMEMBERED = 100
"""Last days that a calendar remembers: a case has some ten, and its law stays in memory with it."""

UNDELIVERED = "undelivered"
"""Why a limit does not run that starts with the receipt of a letter."""


def civil_day(instant: datetime) -> date:
    """The civil date in Brussels at an instant (an aware datetime)."""
    return instant.astimezone(BRUSSELS).date()


def start_of(day: date) -> datetime:
    """The instant at which a civil day begins in Brussels."""
    return datetime.combine(day, time(), tzinfo=BRUSSELS)


def hours_of(day: date) -> int:
    """How many hours a civil day has in Brussels: 24, or 23 and 25 where summer time begins and ends."""
    begins, ends = (start_of(one).astimezone(UTC) for one in (day, day + ONE_DAY))
    return (ends - begins) // timedelta(hours=1)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def months_between(day: date, later: date) -> int:
    """How many months lie between the months of two days."""
    return (later.year - day.year) * 12 + later.month - day.month


def eve_of_months(day: date, months: int) -> date:
    """The last day of so many months after an event: from the day after it to the eve.

    A month without the date of that day ends it on its own last day.
    """
    first = day + ONE_DAY
    again = add_months(first, months)
    return again - ONE_DAY if again.day == first.day else again


def anniversary(day: date, nth: int) -> date:
    """The nth anniversary, always counted from the first day, so that it never drifts.

    A programme is a year old on the date on which it began, and what recurs falls due on that date: it is no
    period after an event, and does not end on an eve.

    Rounding: 29 February is kept on 28 February in years without it and returns to the 29th.
    """
    return add_months(day, 12 * nth)


class Unit(StrEnum):
    """What a limit is counted in."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Rules(StrEnum):
    """How the end of a period is found; a clause says which of these it follows."""

    EU_1182_71 = "eu-1182-71"
    BELGIAN = "be-administrative"
    WHOLE_MONTHS = "be-whole-months"
    PLAIN = "plain"

    @property
    def rolls(self) -> bool:
        """Whether an end on a day off moves to the next working day."""
        return self is not Rules.PLAIN

    @property
    def rolls_hours(self) -> bool:
        """Whether nothing excepts a period in hours from that: art. 3(4) does, the Judicial Code does not."""
        return self.rolls and self is not Rules.EU_1182_71

    @property
    def leaves_out_the_hour(self) -> bool:
        """Whether the hour of the event is not counted, as its day is not (art. 3(1))."""
        return self is Rules.EU_1182_71

    @property
    def ends_on_the_eve(self) -> bool:
        """Whether months and years go from the day after the event to the eve (Judicial Code, art. 54)."""
        return self is Rules.BELGIAN

    @property
    def counts_closing_days(self) -> bool:
        """Whether closing days of the authority are left out of working days."""
        return self is not Rules.PLAIN

    @property
    def rolls_over_closing_days(self) -> bool:
        """Whether an end on a closing day moves too."""
        return self is Rules.EU_1182_71

    @property
    def moves_what_is_counted_back(self) -> bool:
        """Whether a day off by which something is due ahead of an end is late only after a working day."""
        return self is not Rules.EU_1182_71

    @property
    def needs_two_working_days(self) -> bool:
        """Whether a period of two days or more has at least two working days (art. 3(5))."""
        return self is Rules.EU_1182_71


class Limit(Travelling, frozen=True):
    """A period of time in law: an amount and the unit it is counted in."""

    amount: int = Field(ge=0, le=100_000)
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit.value.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"

    @property
    def at_once(self) -> bool:
        """Whether something is to be done on the day itself."""
        return self.amount == 0

    @classmethod
    def parse(cls, written: str) -> Limit:
        """A limit as people write it, such as "14 calendar_days".

        Raises: InputRefused for a missing or unknown unit, or an amount that is none.
        """
        found = re.fullmatch(r"\s*([0-9]{1,6})(?:[\s_]+([a-z_ ]+?))?\s*", written.lower())
        units = [unit.value for unit in Unit]
        if not found:
            raise InputRefused("limit.not-a-limit", written=written, units=units)
        if found[2] is None:
            raise InputRefused("limit.no-unit", written=written, units=units)
        unit = found[2].replace(" ", "_")
        named = {u.value: u for u in Unit} | {u.value.removesuffix("s"): u for u in Unit}
        if unit not in named:
            raise InputRefused("limit.no-such-unit", unit=found[2], units=units)
        if int(found[1]) > 100_000:
            raise InputRefused("limit.too-long", written=written)
        return cls(amount=int(found[1]), unit=named[unit])


class ClosingDay(Travelling, frozen=True):
    """A day on which the agency is closed beside the public holidays, since when that is public, who signed.

    It counts only if it was published before the year in which it lies. A case carries the day alone; when it
    was published, who signed and why is kept in the register.

    Law: said with the jurisdiction (jurisdictions/be/calendars.py).
    """

    day: date
    reason: Line | Literal[""] = ""
    by: Line | Literal[""] = ""
    entered_on: date | None = None
    published_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether it was published in time; one whose day of publication is not carried was."""
        return self.published_on is None or self.published_on < date(self.day.year, 1, 1)


class Calendar(Travelling, frozen=True):
    """Which days are working days, as known when the law of a file was put together.

    `version` names the data it was made from, so that a later edition never moves a date that
    was already told to someone. Days outside `first`..`last` are refused, not guessed. Closing days can still
    be published where some text has them count: it `may_close`. Of the years `assumed`
    no list of days off was found: those that are held are assumed, and whoever reckons with them is told.
    """

    name: str
    version: str
    first: date
    last: date
    holidays: tuple[date, ...]
    closing_days: tuple[ClosingDay, ...] = ()
    may_close: bool = True
    assumed: tuple[int, ...] = ()

    @field_validator("holidays", mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        if not isinstance(written, Mapping):
            return written
        days = [f"{year}{day}" for year, days in written.items() for day in str(days).split()]
        return tuple(date.fromisoformat(day) for day in days)

    @field_serializer("holidays", when_used="json")
    def _written(self, holidays: tuple[date, ...]) -> dict[str, str]:
        """By year, month and day of each in four digits: twelve years travel with every case."""
        years: dict[int, list[str]] = {}
        for day in holidays:
            years.setdefault(day.year, []).append(f"{day:%m%d}")
        return {f"{year:04d}": " ".join(years[year]) for year in sorted(years)}

    def brief(self) -> Calendar:
        """The calendar as a case carries it: the closing days without who signed for them, and why."""
        return self.model_copy(
            update={"closing_days": tuple(ClosingDay(day=closing.day) for closing in self.closing_days)}
        )

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset((*self.holidays, *(closing.day for closing in self.closing_days)))

    @cached_property
    def _legal(self) -> frozenset[date]:
        return frozenset(self.holidays)

    @cached_property
    def _counted(self) -> dict[tuple[str, str], date | None]:
        return {}

    def remembered(self, which: str, clock: Clock, count: Callable[[], date | None]) -> date | None:
        """A last day of a clock as it stands; each turn of a case asks for the same ones many times."""
        asked = (which, clock.model_dump_json())
        try:
            return self._counted[asked]
        except KeyError:
            if len(self._counted) >= REMEMBERED:
                self._counted.clear()
            return self._counted.setdefault(asked, count())

    def is_working(self, day: date, closing: bool = True) -> bool:
        """Whether the day is a working day; closing days of the authority are none where they count.

        Raises: BeyondHorizon when the calendar does not cover the day.
        """
        if not self.first <= day <= self.last:
            raise self.beyond(day)
        return day.weekday() < 5 and day not in (self._off if closing else self._legal)

    def beyond(self, day: date | Message) -> BeyondHorizon:
        """The refusal of a day that the calendar does not cover."""
        return BeyondHorizon(
            "law.beyond-the-calendar",
            calendar=self.name,
            version=self.version,
            first=self.first,
            last=self.last,
            day=day,
        )

    def is_off_on_a_weekday(self, day: date, closing: bool = True) -> bool:
        """Whether a public holiday takes a weekday away, or a closing day where they count."""
        return day.weekday() < 5 and day in (self._off if closing else self._legal)

    def working_day_from(self, day: date, closing: bool = True) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day, closing):
            day += ONE_DAY
        return day

    def working_day_until(self, day: date, closing: bool = True) -> date:
        """The day itself when it is a working day, else the last one before it."""
        while not self.is_working(day, closing):
            day -= ONE_DAY
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
        made_from = self.version.partition("+")[0]
        which = hashlib.sha256(",".join(str(known.day) for known in days).encode()).hexdigest()[:8]
        return self.model_copy(
            update={"closing_days": tuple(days), "version": f"{made_from}+closing-days.{which}"}
        )

    def closed_also(self, closing_days: Iterable[ClosingDay]) -> Calendar:
        """The calendar with those closing days that it covers and that were published in time."""
        calendar = self
        for closing in closing_days:
            if closing.counts and calendar.first <= closing.day <= calendar.last:
                calendar = calendar.with_closing_day(closing)
        return calendar

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Calendar:
        """Made anew: a copy as pydantic makes it would keep the days off that were looked up before."""
        return Calendar(**{**dict(self), **(update or {})})


class Stop(Travelling):
    """Days on which the limit does not run: `first` to `last`, both included; open until then.

    `asked_on` is the day on which the questions went out; it decides whether they came in time.
    `recorded_on` and `ended_recorded_on` are the days on which beginning and end were written down.
    """

    first: date
    last: date | None = None
    reason: str = ""
    asked_on: date | None = None
    recorded_on: date | None = None
    ended_recorded_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the limit does not run on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


class Extension(Travelling, frozen=True):
    """More of the same unit: how much, why, from which day, and when it was written down."""

    amount: int = Field(ge=1, le=100_000)
    reason: str = ""
    effective_on: date | None = None
    recorded_on: date | None = None


class Revised(Travelling, frozen=True):
    """A change of law that the clock followed: on which day, and the limit that it had until then."""

    on: date
    limit: Limit


class StepKind(StrEnum):
    """What a step of a reckoning tells; each has a sentence in every language."""

    FIXED = "fixed"
    STARTED = "started"
    FROM_FIRST_HOUR = "from-first-hour"
    FROM_LAST_HOUR = "from-last-hour"
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
    AHEAD = "ahead"
    ASKED_BEFORE = "asked-before"
    ROLLED = "rolled"
    TWO_WORKING_DAYS = "two-working-days"
    CLOSING_DAYS_TO_COME = "closing-days-to-come"
    DAYS_OFF_ASSUMED = "days-off-assumed"
    PRESUMED = "presumed"
    DUE = "due"
    NO_DUE_DATE = "no-due-date"


class Step(Travelling, frozen=True):
    """One step of a reckoning; which fields it has depends on its kind.

    `on` is the day the step leads to or speaks of, `first` and `last` a span, `days` how many, `off`
    the public holidays and closing days that mattered, `reason` what a person wrote.
    """

    kind: StepKind
    on: date | None = None
    first: date | None = None
    last: date | None = None
    days: int | None = None
    limit: Limit | None = None
    rules: Rules | None = None
    off: tuple[date, ...] = ()
    reason: str = ""


class Reckoning(Travelling, frozen=True):
    """A due date with the steps that led to it; `due_on` is None while a stop is open."""

    due_on: date | None
    calendar: str
    steps: tuple[Step, ...]


class SecondReading(Travelling, frozen=True):
    """The other way to read a clause, as `says` tells: another limit, start, end, or other rules.

    `after`: it starts so much later than the event. `started_on`: it starts on that day, as the channel of a
    letter has it; a clause never says so. `not_by` are the channels by which it starts with the event on
    either reading. `rules`: it ends by these.
    """

    says: str = ""
    limit: Limit | None = None
    after: Limit | None = None
    started_on: date | None = None
    not_by: tuple[str, ...] = ()
    rules: Rules | None = None

    def brief(self) -> SecondReading:
        """What counts of it, without its words."""
        return self.model_copy(update={"says": ""})

    def by(self, channel: str | None) -> SecondReading | None:
        """What is left of it by a channel: its own start by some only, and by none where that is proven."""
        if channel and channel not in self.not_by:
            return self.brief()
        left = SecondReading(limit=self.limit, rules=self.rules)
        return left if self.limit or self.rules else None


class Clock(Travelling):
    """A limit that runs from `started_on` (not counted itself): minus its stops, plus its extensions.

    `clause` is where the limit comes from; nothing when it was typed by hand. `law` is the hash of the law
    that it was counted with, `from_on` and `degree` are those of its value there: a later one that it does
    not follow changes nothing of what it says. A clock that was typed by hand carries none of the three.
    `presumed`: it starts with the receipt of a letter, on a day that no law gives and nobody proved.
    `ahead`: what it leads to is due so long before its end. Such a clock has its readings of its own.
    `last_hour`: it is the later reading of a limit in hours; no clock that runs says so.
    """

    clause: str = ""
    law: str = ""
    from_on: date | None = None
    degree: Degree | None = None
    second: SecondReading | None = None
    presumed: bool = False
    ahead: Limit | None = None
    last_hour: bool = False
    limit: Limit
    rules: Rules = Rules.BELGIAN
    started_on: date
    stops: list[Stop] = Field(default_factory=list)
    extensions: list[Extension] = Field(default_factory=list)
    revisions: list[Revised] = Field(default_factory=list)
    cap: int | None = None

    def as_it_stands(self) -> Clock:
        """A copy that nothing changes which is recorded of the clock later."""
        lists = {
            "stops": [stop.model_copy() for stop in self.stops],
            "extensions": [*self.extensions],
            "revisions": [*self.revisions],
        }
        return self.model_copy(update=lists)

    def stop(self, asked_on: date, reason: str = "", recorded_on: date | None = None) -> None:
        """Stops from the day after the questions went out, also when no day of the limit is left."""
        self.stops.append(
            Stop(first=asked_on + ONE_DAY, reason=reason, asked_on=asked_on, recorded_on=recorded_on)
        )

    def suspend(
        self, asked_on: date, first: date, last: date, reason: str = "", recorded_on: date | None = None
    ) -> None:
        """Stands still on the days that were set when the questions went out, whenever the answer comes."""
        stop = Stop(first=first, last=last, reason=reason, asked_on=asked_on, recorded_on=recorded_on)
        self.stops.append(stop)

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

    def received(self, on: date, second: SecondReading | None = None, presumed: bool = False) -> None:
        """The letter was received: the limit starts on that day, or on the other reading of it."""
        self.started_on, self.stops = on, [stop for stop in self.stops if stop.reason != UNDELIVERED]
        self.second, self.presumed = second, presumed

    def extend(
        self, amount: int, reason: str, effective_on: date | None, recorded_on: date | None = None
    ) -> None:
        """Adds to the budget, in the unit of the limit."""
        self.extensions.append(
            Extension(amount=amount, reason=reason, effective_on=effective_on, recorded_on=recorded_on)
        )

    def follow(
        self,
        limit: Limit,
        rules: Rules,
        second: SecondReading | None,
        law: str,
        from_on: date,
        degree: Degree,
        on: date,
    ) -> None:
        """Takes over another limit, by a change of law that reaches clocks that run on that day."""
        if limit != self.limit:
            self.revisions.append(Revised(on=on, limit=self.limit))
        self.limit, self.rules, self.second = limit, rules, second
        self.law, self.from_on, self.degree = law, from_on, degree

    def rests_on_assumed(self, due_on: date, calendar: Calendar) -> bool:
        """Whether its last day may be another one, because days off of its year are only assumed."""
        moves = self._moves or self.limit.unit is Unit.WORKING_DAYS
        return moves and due_on.year in calendar.assumed

    @property
    def counts_closing_days(self) -> bool:
        """Whether a closing day can move its end."""
        in_working_days = self.limit.unit is Unit.WORKING_DAYS and self.rules.counts_closing_days
        return in_working_days or (self._moves and self.rules.rolls_over_closing_days)

    @property
    def _rolls(self) -> bool:
        """Whether an end on a day off moves; of hours only the later one, where no text excepts them."""
        in_hours = self.limit.unit is Unit.HOURS
        return self.last_hour and self.rules.rolls_hours if in_hours else self.rules.rolls

    @property
    def _moves(self) -> bool:
        """Whether a day off can move its end."""
        return self._rolls or self._needs_two_working_days(self.limit.amount)

    def _needs_two_working_days(self, budget: int) -> bool:
        """Whether two of its days are working days (art. 3(5)); of hours on their later reading only."""
        two_days = {Unit.HOURS: TWO_DAYS, Unit.CALENDAR_DAYS: 2, Unit.WORKING_DAYS: 2}.get(self.limit.unit, 1)
        told_earlier = self.limit.unit is Unit.HOURS and not self.last_hour
        return self.rules.needs_two_working_days and budget >= two_days and not told_earlier

    @property
    def stopped(self) -> bool:
        """Whether a stop is still open."""
        return any(stop.last is None for stop in self.stops)

    def runs_on(self, day: date) -> bool:
        """Whether the limit runs on that day."""
        return not any(stop.covers(day) for stop in self.stops)

    def readings(self, calendar: Calendar) -> tuple[Clock, ...]:
        """The clock on each of its readings: one, or two by clause, by a stop on its last day, by hours."""
        first, second = self.model_copy(update={"second": None}), self.second
        if second is None:
            return first, *first._later(calendar)
        started_on = second.started_on or self.started_on
        if second.after:
            later = Clock(limit=second.after, rules=Rules.PLAIN, started_on=started_on).due_on(calendar)
            started_on = later or started_on
        differs = {"limit": second.limit or self.limit, "rules": second.rules or self.rules}
        other = first.model_copy(update={**differs, "started_on": started_on})
        return first, other, *first._later(calendar), *other._later(calendar)

    def _later(self, calendar: Calendar) -> tuple[Clock, ...]:
        """The reading of its own on which it ends later, where it has one."""
        return self._from_last_hour(calendar) if self.limit.unit is Unit.HOURS else self._left_a_day(calendar)

    def _from_last_hour(self, calendar: Calendar) -> tuple[Clock, ...]:
        """The clock as if the event had come in the last hour of its day, and questions in the first one."""
        stops = [
            stop.model_copy(update={"first": min(stop.first, stop.asked_on)}) if stop.asked_on else stop
            for stop in self.stops
        ]
        late = self.model_copy(update={"last_hour": True, "stops": stops})
        return () if late.due_on(calendar) == self.due_on(calendar) else (late,)

    def _left_a_day(self, calendar: Calendar) -> tuple[Clock, ...]:
        """Where it ends with a stop: the clock as if its last day were left after the stop."""
        if self.stopped or not self.stops:
            return ()
        steps = list[Step]()
        self._ends(self.limit.amount + self._granted(calendar, []), calendar, steps)
        asked = {step.first for step in steps if step.kind is StepKind.ENDS_WITH_STOP}
        stops = [
            stop.model_copy(update={"first": stop.asked_on}) if stop.asked_on in asked else stop
            for stop in self.stops
        ]
        return (self.model_copy(update={"stops": stops}),) if asked else ()

    def later_on(self, calendar: Calendar) -> date | None:
        """The last day on the later of two readings; None where there is one reading, or no last day."""
        return self.late_on(calendar) if len(self.readings(calendar)) > 1 else None

    def reckonings(self, calendar: Calendar, today: date) -> tuple[Reckoning, ...]:
        """How its last day came about on each of its readings. Raises: BeyondHorizon."""
        return tuple(reading.reckon(calendar, today) for reading in self.readings(calendar))

    def late_on(self, calendar: Calendar) -> date | None:
        """The last day on the reading that ends later; None while one of them has no last day.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        return calendar.remembered("late", self, partial(self._late_on, calendar))

    def _late_on(self, calendar: Calendar) -> date | None:
        if self.ahead:
            return self._ahead(self.ahead, calendar, [])[1]
        days = [reading.due_on(calendar) for reading in self.readings(calendar)]
        return None if None in days else max(day for day in days if day)

    def _earlier(self, calendar: Calendar) -> Clock:
        """The clock on the reading that ends earlier."""
        return min(self.readings(calendar), key=lambda reading: reading.due_on(calendar) or date.max)

    def due_on(self, calendar: Calendar) -> date | None:
        """The last day of the limit, on the earlier reading; None while a stop is open that began in time.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        return calendar.remembered("due", self, partial(self._due_on, calendar))

    def _due_on(self, calendar: Calendar) -> date | None:
        if self.ahead:
            return self._ahead(self.ahead, calendar, [])[0]
        if self.second:
            return self._earlier(calendar).due_on(calendar)
        if self.stopped:
            # questions after the last day stop nothing, also while they are open
            over = self.model_copy(update={"stops": [stop for stop in self.stops if stop.last]})
            due_on = over.due_on(calendar)
            asked = [stop.asked_on for stop in self.stops if not stop.last]
            return due_on if due_on and all(on and on > due_on for on in asked) else None
        return self._ends(self.limit.amount + self._granted(calendar, []), calendar, [])

    def reckon(self, calendar: Calendar, today: date) -> Reckoning:
        """The last day of the limit, and how it came about, on the earlier reading, as it is known today.

        Beside a day of a year whose closing days may still be published it says so.

        Raises: BeyondHorizon when the limit ends beyond the calendar.
        """
        if self.second:
            return self._earlier(calendar).reckon(calendar, today)
        began = StepKind.STARTED
        if self.limit.unit is Unit.HOURS:
            began = StepKind.FROM_LAST_HOUR if self.last_hour else StepKind.FROM_FIRST_HOUR
        steps = [Step(kind=began, on=self.started_on, limit=self.limit, rules=self.rules)]
        if self.ahead:
            asked_on, _ = self._ahead(self.ahead, calendar, steps)
            steps.append(Step(kind=StepKind.DUE, on=asked_on))
            return Reckoning(due_on=asked_on, calendar=_named(calendar), steps=tuple(steps))
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
            if due_on.year > today.year and calendar.may_close and self.counts_closing_days:
                steps.append(Step(kind=StepKind.CLOSING_DAYS_TO_COME, on=date(due_on.year, 1, 1)))
            if self.rests_on_assumed(due_on, calendar):
                steps.append(Step(kind=StepKind.DAYS_OFF_ASSUMED, on=date(due_on.year, 1, 1)))
            if self.presumed:
                steps.append(Step(kind=StepKind.PRESUMED, on=self.started_on))
            steps.append(Step(kind=StepKind.DUE, on=due_on))
        return Reckoning(due_on=due_on, calendar=_named(calendar), steps=tuple(steps))

    def _ahead(self, ahead: Limit, calendar: Calendar, steps: list[Step]) -> tuple[date, date]:
        """The day by which what is due ahead of the end is asked for, and the last day on every reading.

        Months counted back lead to several days where theirs differ in length: the first of them is asked
        for, and only after the last one, moved, anybody is late. Tells its steps.
        """
        end = self._counted(self.limit.amount, calendar, steps)
        months = ahead.amount * (12 if ahead.unit is Unit.YEARS else 1)
        first = add_months(end, -months)
        last = max(first, add_months(end + ONE_DAY, -months) - ONE_DAY)
        if not self.rules.moves_what_is_counted_back:
            steps.append(Step(kind=StepKind.AHEAD, first=first, last=last, on=first, limit=ahead))
            return first, last
        closing = self.rules.rolls_over_closing_days
        asked_on = calendar.working_day_until(first, closing)
        steps.append(Step(kind=StepKind.AHEAD, first=first, last=last, on=asked_on, limit=ahead))
        if asked_on != first:
            steps.append(Step(kind=StepKind.ASKED_BEFORE, first=first, on=asked_on))
        return asked_on, calendar.working_day_from(last, closing)

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
        closing = self.rules.rolls_over_closing_days
        rolled = calendar.working_day_from(end, closing) if self._rolls else end
        if rolled != end:
            off = _span(end, rolled - ONE_DAY)
            steps.append(
                Step(
                    kind=StepKind.ROLLED,
                    first=end,
                    on=rolled,
                    rules=self.rules,
                    off=tuple(day for day in off if calendar.is_off_on_a_weekday(day, closing)),
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
                    raise calendar.beyond(Message("law.months-after", months=months, day=day))
                # no months: it ends on the day of the event itself
                to_the_eve = self.rules.ends_on_the_eve and months
                day = eve_of_months(day, months) if to_the_eve else add_months(day, months)
                if self.rules is Rules.WHOLE_MONTHS and months:
                    day = day.replace(day=gregorian.monthrange(day.year, day.month)[1])
                passed = self.started_on + ONE_DAY
                while self.stops and passed <= day:
                    if not self.runs_on(passed):
                        if day > calendar.last:
                            raise calendar.beyond(day)
                        day += ONE_DAY
                    passed += ONE_DAY
            case Unit.HOURS:
                if not self.last_hour:  # the rest of the day of the event counts
                    budget -= hours_of(day) - self.rules.leaves_out_the_hour
                while budget > 0:
                    if day > calendar.last:
                        raise calendar.beyond(day)
                    day += ONE_DAY
                    budget -= hours_of(day) if self.runs_on(day) else 0
            case Unit.CALENDAR_DAYS | Unit.WEEKS:
                budget *= A_WEEK if self.limit.unit is Unit.WEEKS else 1
                while budget:
                    if day > calendar.last:
                        raise calendar.beyond(day)
                    day += ONE_DAY
                    budget -= self.runs_on(day)
            case Unit.WORKING_DAYS:
                closing = self.rules.counts_closing_days
                while budget:
                    day += ONE_DAY
                    if calendar.is_working(day, closing):
                        budget -= self.runs_on(day)
                    elif calendar.is_off_on_a_weekday(day, closing) and self.runs_on(day):
                        off.append(day)
        if off:
            steps.append(Step(kind=StepKind.DAYS_OFF, off=tuple(off)))
        steps.append(Step(kind=StepKind.COUNTED, on=day, rules=self.rules))
        return day

    def _moved(self, end: date, budget: int, calendar: Calendar) -> date:
        """The end after the rules have moved it."""
        if end > calendar.last:
            raise calendar.beyond(end)
        due = calendar.working_day_from(end, self.rules.rolls_over_closing_days) if self._rolls else end
        if self._needs_two_working_days(budget):
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

    Units: calendar days and working days. Raises: Malformed for others, BeyondHorizon.
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
            raise Malformed("limit.warning-in-days", unit=limit.unit.value)


def days_before(day: date, limit: Limit) -> date:
    """The day that lies a limit before another, for reminders. Calendar days only."""
    if limit.unit is not Unit.CALENDAR_DAYS:
        raise Malformed("limit.reminder-in-calendar-days", unit=limit.unit.value)
    return day - timedelta(days=limit.amount)


def _named(calendar: Calendar) -> str:
    return f"{calendar.name}, {calendar.version}"


def _span(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]
