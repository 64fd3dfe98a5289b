"""The statutory clock: what each rule means by example, and proof against a walker of days.

`tests/law/walker.py` shares no code with the clock; a disagreement is a fault of one of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from jurisdictions.be.calendars import belgium
from models.clock import (
    Calendar,
    Clock,
    ClosingDay,
    Extension,
    Limit,
    Reckoning,
    Rules,
    SecondReading,
    Step,
    StepKind,
    Stop,
    Unit,
    add_months,
    anniversary,
    before,
    civil_day,
    eve_of_months,
    start_of,
)
from models.errors import BeyondHorizon, InputRefused
from models.law.degree import Degree
from models.parties import Channel
from procedures.be_umn.law.time_limits import TIME_LIMITS
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from tests.law import walker

DAY = timedelta(1)
BE = belgium(2024)
EU = Rules.EU_1182_71
LAW = applicable_law("CUP", Kind.APPLICATION, date(2024, 1, 1))
BELGIAN = "be-administrative"


def closing(day: date, published: date | None = None) -> ClosingDay:
    """Published in time, where nothing else is said."""
    published = published or date(day.year - 1, 12, 31)
    return ClosingDay(
        day=day, reason="bridging day", by="Case officer A", entered_on=published, published_on=published
    )


@cache
def calendar(closed: frozenset[walker.Closed]) -> Calendar:
    return belgium(2024, tuple(closing(*of) for of in sorted(closed)))


# --- cases: the same one for the clock and for the walker


class Case(NamedTuple):
    """A clock in plain words, with everything that may happen to it.

    `channel` and `presented` are of the letter that starts it, `other` is its length on a second reading.
    """

    start: date
    amount: int
    unit: str
    rules: str
    stops: tuple[walker.StopDays, ...] = ()
    extensions: tuple[walker.Added, ...] = ()
    cap: int | None = None
    closed: frozenset[walker.Closed] = frozenset()
    channel: str = ""
    presented: date | None = None
    other: int | None = None

    @property
    def clock(self) -> Clock:
        return Clock(
            limit=Limit(amount=self.amount, unit=Unit(self.unit)),
            rules=Rules(self.rules),
            started_on=self.start,
            stops=[Stop(first=first, last=last, asked_on=asked) for first, last, asked in self.stops],
            extensions=[Extension(amount=more, effective_on=day) for more, day in self.extensions],
            cap=self.cap,
        )

    @property
    def both(self) -> Clock:
        """The clock with the two readings that its letter or its clause has."""
        clock = self.clock
        if self.channel:
            start = LAW.start(Channel(self.channel), self.start, self.presented, None)
            second = SecondReading(started_on=start.later_on) if start.later_on else None
            clock.received(start.on, second, not start.proven)
        elif self.other is not None:
            clock.second = SecondReading(limit=Limit(amount=self.other, unit=Unit(self.unit)))
        return clock

    @property
    def reckoning(self) -> Reckoning:
        return self.clock.reckon(calendar(self.closed), self.start)

    @property
    def due_on(self) -> date | None:
        return self.clock.due_on(calendar(self.closed))

    @property
    def last_days(self) -> tuple[date | None, date | None]:
        """The day that is told, and the one after which silence has its effect."""
        clock = self.both
        return clock.due_on(calendar(self.closed)), clock.late_on(calendar(self.closed))

    @property
    def walked(self) -> date | None:
        return walker.due(*self[:8])

    @property
    def walked_both(self) -> tuple[date | None, date | None]:
        """The earliest and the latest of all readings; no latest one while a reading has no last day."""
        starts = walker.received(self.channel, self.start, self.presented) if self.channel else [self.start]
        amounts = [self.amount] if self.other is None or self.channel else [self.amount, self.other]
        rest = self[2:8]
        days = [walker.due(start, amount, *rest) for start in starts for amount in amounts]
        if self.unit == "hours":
            for start in starts:
                days += [walker.from_the_last_hour(start, amount, *self[3:8]) for amount in amounts]
        known = [day for day in days if day]
        left = [walker.with_a_day_left(start, amount, *rest) for start in starts for amount in amounts]
        ends_with_a_stop = [day for day in left if day]
        late = max(known + ends_with_a_stop) if known and len(known) == len(days) else None
        return min(known, default=None), late


FIRST = date(2024, 1, 1)
LENGTH = {
    "hours": 1 / 24,
    "calendar_days": 1.0,
    "working_days": 1.45,
    "weeks": 7.0,
    "months": 30.4,
    "years": 365.2,
}
"""About how many days each unit is, to aim stops and extensions at the end of a period."""

AMOUNTS = {
    "hours": (0, 1, 23, 24, 25, 47, 48, 72, 96, 500),
    "calendar_days": (0, 1, 2, 3, 4, 5, 7, 10, 14, 30, 90),
    "working_days": (0, 1, 2, 3, 4, 5, 10, 20, 40),
    "weeks": (0, 1, 2, 3, 6),
    "months": (0, 1, 1, 2, 3, 6),
    "years": (0, 0, 1),
}
START_DAYS = 2200
"""So many days may be a first day; the longest period still ends within the calendar."""

CLOSED = [
    frozenset(
        ((day := FIRST + DAY * days.randrange(2600)), day - DAY * days.choice((1, 40, 200, 366)))
        for _ in range(days.choice((0, 20, 100, 400)))
    )
    for days in map(Random, range(12))
]


def a_case(random: Random) -> Case:
    """Any case; many of its stops and extensions come about when the period ends."""
    unit = random.choice((*AMOUNTS, "calendar_days", "working_days", "months"))
    start = FIRST + DAY * random.randrange(START_DAYS)
    amount = random.choice(AMOUNTS[unit])
    whole = int(amount * LENGTH[unit])

    def near() -> date:
        around_end = random.random() < 0.6
        return start + DAY * (whole + random.randint(-4, 5) if around_end else random.randint(-5, whole + 12))

    def stop() -> walker.StopDays:
        asked = near()
        first = asked + DAY * random.choice((1, 1, 1, 1, 1, 2, 3))
        last = None if random.random() < 0.02 else first + DAY * random.choice((-1, -1, 0, 1, 2, 3, 5, 8, 30))
        return first, last, asked if random.random() < 0.8 else None

    def extension() -> walker.Added:
        more = random.randint(1, 12) if unit.endswith("days") else 24 if unit == "hours" else 1
        return more, near() if random.random() < 0.8 else None

    channel = random.choice((*(of.value for of in Channel), *[""] * 7))
    return Case(
        start,
        amount,
        unit,
        random.choice(list(Rules)).value,
        tuple(stop() for _ in range(random.choice((0, 1, 1, 2, 3, 4)))),
        tuple(extension() for _ in range(random.choice((0, 0, 1, 2, 3)))),
        random.choice((None, None, None, 0, 1, 3, 8)),
        random.choice(CLOSED),
        channel,
        start + DAY * random.randrange(12) if channel and random.random() < 0.5 else None,
        random.choice(AMOUNTS[unit]) if random.random() < 0.3 else None,
    )


# --- proof


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 100))])
def test_the_clock_agrees_with_a_walk_day_by_day(seed):
    """A thousand cases; in `make long` a hundred thousand: channels, eves, closing days, stops, brackets."""
    random = Random(seed)
    for nth in range(1_000):
        case = a_case(random)
        assert case.last_days == case.walked_both, f"seed {seed}, case {nth}: {case}"


def in_march(amount: int, unit: str, rules: str, *stops: tuple[int, int], start: int = 2) -> Case:
    """A case of March 2026, with questions out on one day and answered on another."""
    days = [(date(2026, 3, asked), date(2026, 3, answered)) for asked, answered in stops]
    asked_and_answered = tuple((asked + DAY, answered, asked) for asked, answered in days)
    return Case(date(2026, 3, start), amount, unit, rules, asked_and_answered)


LONGER_OF_TWO = in_march(3, "calendar_days", "be-administrative", (5, 10), (5, 20))
ASKED_WHILE_STOPPED = in_march(3, "calendar_days", "be-administrative", (5, 10), (6, 20))
ASKED_LATER_RECORDED_FIRST = Case(
    date(2026, 3, 2),
    5,
    "calendar_days",
    "plain",
    stops=(
        (date(2026, 3, 11), date(2026, 3, 16), date(2026, 3, 10)),
        (date(2026, 3, 11), date(2026, 3, 13), date(2026, 3, 7)),
    ),
)
NO_MONTHS = in_march(0, "months", "eu-1182-71")
NO_DAYS_WHILE_STOPPED = in_march(0, "calendar_days", "plain", (1, 10))


def stops(start: date) -> st.SearchStrategy[walker.StopDays]:
    def stop(asked: int, gap: int, days: int, known: bool, still_open: bool) -> walker.StopDays:
        out = start + DAY * asked
        first = out + DAY * gap
        return first, None if still_open else first + DAY * (days - 1), out if known else None

    rarely = st.integers(0, 20).map(lambda n: n == 20)
    return st.builds(stop, st.integers(-5, 150), st.integers(1, 3), st.integers(0, 40), st.booleans(), rarely)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = FIRST + DAY * draw(st.integers(0, START_DAYS))
    unit = draw(st.sampled_from(list(AMOUNTS)))
    takes_effect = st.none() | st.integers(-5, 200).map(lambda n: start + DAY * n)
    extension = st.tuples(st.integers(1, 1 if unit == "years" else 6), takes_effect)
    return Case(
        start,
        draw(st.integers(0, {"hours": 700, "weeks": 30, "months": 12, "years": 1}.get(unit, 120))),
        unit,
        draw(st.sampled_from(list(Rules))).value,
        tuple(draw(st.lists(stops(start), max_size=4))),
        tuple(draw(st.lists(extension, max_size=3))),
        draw(st.none() | st.integers(0, 9)),
        frozenset(
            (start + DAY * n, start + DAY * (n - ago))
            for n, ago in draw(st.sets(st.tuples(st.integers(0, 160), st.integers(1, 300)), max_size=6))
        ),
    )


@given(cases())
@example(LONGER_OF_TWO)
@example(ASKED_WHILE_STOPPED)
@example(ASKED_LATER_RECORDED_FIRST)
@example(NO_MONTHS)
@example(NO_DAYS_WHILE_STOPPED)
@settings(deadline=None)
def test_the_clock_agrees_with_a_walk_on_cases_made_to_fail(case):
    assert case.due_on == case.walked


@given(cases())
@example(LONGER_OF_TWO)
@example(ASKED_LATER_RECORDED_FIRST)
@settings(deadline=None)
def test_the_order_in_which_facts_were_recorded_changes_nothing(case):
    turned = case._replace(stops=case.stops[::-1], extensions=case.extensions[::-1])
    assert turned.due_on == case.due_on


@given(cases())
@settings(deadline=None, max_examples=300)
def test_every_step_of_a_reckoning_leads_to_its_due_date(case):
    reckoning = case.reckoning
    steps = {kind: [step for step in reckoning.steps if step.kind is kind] for kind in StepKind}
    first, last = reckoning.steps[0], reckoning.steps[-1]
    began = StepKind.FROM_FIRST_HOUR if case.unit == "hours" else StepKind.STARTED
    assert (first.kind, first.on, first.limit) == (began, case.start, case.clock.limit)
    assert reckoning.due_on == case.due_on
    told = (
        StepKind.STOPPED,
        StepKind.STOPPED_NOTHING,
        StepKind.STOP_OPEN,
        StepKind.STOP_TOO_LATE,
        StepKind.STOP_OUTSIDE,
    )
    assert sum(len(steps[kind]) for kind in told) == len(case.stops)
    assert all(step.on > reckoning.due_on for step in steps[StepKind.STOP_TOO_LATE])
    assert all(step.days == (step.last - step.first).days + 1 for step in steps[StepKind.STOPPED])
    if reckoning.due_on is None:
        assert last.kind is StepKind.NO_DUE_DATE
        assert steps[StepKind.STOP_OPEN]
        assert not steps[StepKind.COUNTED]
        return
    assert (last.kind, last.on) == (StepKind.DUE, reckoning.due_on)

    granted = sum(s.limit.amount for s in (*steps[StepKind.EXTENDED], *steps[StepKind.EXTENSION_CAPPED]))
    assert granted <= (granted if case.cap is None else case.cap)
    longer = case._replace(amount=case.amount + granted, extensions=(), cap=None)
    assert longer.walked == reckoning.due_on  # also when questions after it are still open

    (counted,) = steps[StepKind.COUNTED]
    stopped = walker.stood_still(case.stops)
    assert counted.on == walker.used_up(*longer[:4], stopped, case.closed)
    day = counted.on
    for step in steps[StepKind.ENDS_WITH_STOP]:
        assert (step.on, step.first) in {(b, asked) for _, b, asked in case.stops}
        assert step.on > day
        day = step.on
    assert len(steps[StepKind.ROLLED]) <= 1
    for step in steps[StepKind.ROLLED]:
        passed = [day + DAY * n for n in range((step.on - day).days)]
        assert step.first == day
        closed = walker.closing(case.closed) if case.rules == "eu-1182-71" else ()
        assert not any(walker.works(off, closed) for off in passed)
        assert walker.works(step.on, closed)
        assert step.off == tuple(off for off in passed if off.isoweekday() < 6)
        day = step.on
    for step in steps[StepKind.TWO_WORKING_DAYS]:
        assert case.rules == "eu-1182-71"
        assert step.on > day
        day = step.on
    assert day == reckoning.due_on


# --- the count


def clock(amount: int, start: date, unit: Unit = Unit.CALENDAR_DAYS, rules: Rules = Rules.BELGIAN) -> Clock:
    return Clock(limit=Limit(amount=amount, unit=unit), started_on=start, rules=rules)


def march(day: int) -> date:
    """A day of March 2026: the 1st is a Sunday, and there is no public holiday."""
    return date(2026, 3, day)


def test_the_day_of_the_event_is_not_counted_and_a_holiday_moves_the_end():
    assert clock(14, date(2026, 4, 30)).due_on(BE) == date(2026, 5, 15)  # the 14th is Ascension Day


def test_a_limit_of_no_days_ends_on_its_own_day_or_the_next_working_day():
    for unit in Unit:
        for rules in Rules:
            assert clock(0, march(2), unit, rules).due_on(BE) == march(2), (unit, rules)
            stays = rules is Rules.PLAIN or unit is Unit.HOURS
            saturday_moves = march(7) if stays else march(9)
            assert clock(0, march(7), unit, rules).due_on(BE) == saturday_moves, (unit, rules)


def test_a_month_from_31_january_ends_on_the_last_of_february():
    january = date(2026, 1, 31)
    assert clock(1, january, Unit.MONTHS, Rules.PLAIN).due_on(BE) == date(2026, 2, 28)
    assert clock(1, january, Unit.MONTHS).due_on(BE) == march(2)  # the 28th is a Saturday
    assert clock(1, date(2024, 1, 31), Unit.MONTHS).due_on(BE) == date(2024, 2, 29)
    assert clock(2, january, Unit.MONTHS).due_on(BE) == march(31)


def test_three_months_from_28_february_run_from_1_march_to_31_may():
    """From the day after the event to the eve (Judicial Code, art. 52 and 54)."""
    february = date(2028, 2, 29), date(2029, 2, 28)
    assert [clock(3, day, Unit.MONTHS).due_on(BE) for day in february] == [
        date(2028, 5, 31),
        date(2029, 5, 31),
    ]
    assert clock(1, date(2029, 4, 30), Unit.MONTHS).due_on(BE) == date(2029, 5, 31)
    assert clock(1, date(2027, 2, 28), Unit.YEARS).due_on(BE) == date(2028, 2, 29)
    assert clock(3, date(2029, 2, 27), Unit.MONTHS).due_on(BE) == date(2029, 5, 28)  # the 27th is a Sunday


def test_what_recurs_stays_on_its_anniversary_and_the_european_month_on_the_date_of_the_event():
    """Neither is counted to an eve."""
    for rules in (Rules.PLAIN, Rules.EU_1182_71):
        assert clock(3, date(2029, 2, 28), Unit.MONTHS, rules).due_on(BE) == date(2029, 5, 28)
    assert anniversary(date(2027, 2, 28), 1) == date(2028, 2, 28)
    assert clock(1, date(2024, 2, 29), Unit.YEARS, Rules.PLAIN).due_on(BE) == date(2025, 2, 28)


def test_stopped_days_move_the_end_of_a_month_one_by_one():
    a_month = clock(1, march(2), Unit.MONTHS, Rules.PLAIN)
    a_month.stops = [
        Stop(first=march(4), last=march(9)),  # six days: to 8 April
        Stop(first=date(2026, 4, 5), last=date(2026, 4, 6)),  # within it only because of the first
    ]
    assert a_month.due_on(BE) == date(2026, 4, 10)


def test_plain_rules_never_move_an_end():
    assert clock(5, march(2), rules=Rules.PLAIN).due_on(BE) == march(7)  # a Saturday
    assert clock(1, date(2026, 12, 24), rules=Rules.PLAIN).due_on(BE) == date(2026, 12, 25)


def test_a_period_of_two_days_has_two_working_days_under_regulation_1182_71():
    friday = march(6)
    assert clock(2, friday, rules=EU).due_on(BE) == march(10)
    assert clock(2, friday).due_on(BE) == march(9)  # the Belgian way does not ask for it
    assert clock(1, friday, rules=EU).due_on(BE) == march(9)  # one day is not two
    assert clock(2, march(2), rules=EU).due_on(BE) == march(4)


def test_stopped_working_days_are_none_of_the_two_working_days():
    period = clock(2, march(5), rules=EU)  # Friday and Saturday are its days
    period.stop(march(5))
    period.restart(march(6))  # Friday was stopped: Saturday and Sunday, then Monday and Tuesday
    assert period.due_on(BE) == march(10)


BRIDGING = date(2026, 5, 15)  # the day after Ascension


def test_a_closing_day_is_no_working_day_and_moves_no_end_of_calendar_days():
    bridging = BE.closed_also((closing(BRIDGING),))
    assert clock(1, date(2026, 5, 13), Unit.WORKING_DAYS).due_on(bridging) == date(2026, 5, 18)
    assert clock(15, date(2026, 4, 30)).due_on(bridging) == BRIDGING
    assert clock(1, date(2026, 4, 15), Unit.MONTHS).due_on(bridging) == BRIDGING
    assert clock(1, date(2026, 5, 13), Unit.WORKING_DAYS, rules=Rules.PLAIN).due_on(bridging) == BRIDGING
    assert clock(15, date(2026, 4, 30), rules=EU).due_on(bridging) == date(2026, 5, 18)


@pytest.mark.parametrize(("published", "ends"), [(date(2025, 12, 31), 18), (date(2026, 1, 1), 15)])
def test_a_closing_day_counts_if_it_was_published_before_its_year(published, ends):
    bridging = BE.closed_also((closing(BRIDGING, published),))
    assert clock(1, date(2026, 5, 13), Unit.WORKING_DAYS).due_on(bridging) == date(2026, 5, ends)


def test_closing_days_published_in_december_move_a_limit_that_runs_over_new_year():
    """55 working days from Monday 16 November 2026 end on 3 February 2027; two days more, on 5 February."""
    before_they_are_known = belgium(2026)
    limit = clock(55, date(2026, 11, 16), Unit.WORKING_DAYS)
    assert limit.due_on(before_they_are_known) == date(2027, 2, 3)
    told = [step.on for step in limit.reckon(before_they_are_known, date(2026, 11, 16)).steps]
    assert date(2027, 1, 1) in told  # that those of 2027 may still come
    assert not any(
        step.kind is StepKind.CLOSING_DAYS_TO_COME
        for step in limit.reckon(before_they_are_known, date(2027, 1, 1)).steps
    )
    two = [closing(date(2027, 1, 4), date(2026, 12, 31)), closing(date(2027, 1, 5), date(2026, 12, 31))]
    assert limit.due_on(before_they_are_known.closed_also(two)) == date(2027, 2, 5)
    late = [closing(of.day, date(2027, 1, 1)) for of in two]
    assert limit.due_on(before_they_are_known.closed_also(late)) == date(2027, 2, 3)


def test_a_closing_day_is_off_also_when_the_calendar_was_already_asked():
    used = belgium(2025)
    assert used.is_working(date(2026, 5, 15))
    assert not used.with_closing_day(closing(date(2026, 5, 15))).is_working(date(2026, 5, 15))


# --- stops


def test_stop_changes_due_date():
    """Elsewhere a suspension was a mark on the case, and its due date stayed."""
    period = clock(10, march(2))
    unstopped = period.due_on(BE)
    period.stop(march(4))
    period.restart(march(9))
    assert period.due_on(BE) == unstopped + DAY * 5


def test_roll_only_at_end():
    """Elsewhere each stop was moved off the weekend by itself, which gave Tuesday for Monday."""
    period = clock(4, march(2))
    assert period.due_on(BE) == march(6)  # a Friday
    for asked in (march(3), march(5)):
        period.stop(asked)
        period.restart(asked + DAY)
    assert period.due_on(BE) == march(9)


def test_open_request_is_total():
    """Elsewhere one closed and one open request together crashed, or gave a wrong day."""
    period = clock(10, march(2))
    period.stop(march(3))
    period.restart(march(4))
    period.stop(march(5))
    assert period.stopped
    assert period.due_on(BE) is None
    reckoning = period.reckon(BE, date(2026, 1, 1))
    assert reckoning.due_on is None
    assert [step.kind for step in reckoning.steps][-2:] == [StepKind.STOP_OPEN, StepKind.NO_DUE_DATE]


def test_a_clock_as_it_stood_hears_of_nothing_that_is_recorded_later():
    period = clock(10, march(2))
    period.stop(march(4))
    stood = period.as_it_stands()
    period.restart(march(6))
    period.stop(march(9))
    period.extend(5, "more to read", march(6))
    assert stood.due_on(BE) is None
    stood.restart(march(4))
    assert (len(stood.stops), stood.extensions, stood.due_on(BE)) == (1, [], march(12))


def test_while_a_stop_is_open_there_is_no_last_day_and_its_end_brings_it_back():
    period = clock(10, march(2))
    period.stop(march(4))
    assert period.due_on(BE) is None
    period.restart(march(6))
    assert period.due_on(BE) == march(16)  # the 14th is a Saturday


def test_questions_answered_on_the_same_day_stop_nothing():
    period = clock(10, march(2))
    unstopped = period.due_on(BE)
    period.stop(march(4))
    period.restart(march(4))
    assert period.due_on(BE) == unstopped
    assert StepKind.STOPPED_NOTHING in {step.kind for step in period.reckon(BE, date(2026, 1, 1)).steps}


def test_questions_on_the_day_of_the_answer_stop_without_a_gap():
    period = clock(7, march(2))
    for asked, answered in ((3, 5), (5, 10)):  # answered and asked again on the 5th
        period.stop(march(asked))
        period.restart(march(answered))
    assert period.due_on(BE) == march(16)  # seven days stopped, 4 to 10 March


def test_days_in_two_stops_count_once():
    period = clock(7, march(2))
    period.stops = [Stop(first=march(4), last=march(8)), Stop(first=march(6), last=march(10))]
    assert period.due_on(BE) == march(16)


def steps_of(*stops: Stop) -> list[Step]:
    three_days = Limit(amount=3, unit=Unit.CALENDAR_DAYS)
    clock = Clock(limit=three_days, started_on=date(2026, 3, 2), stops=list(stops))
    return list(clock.reckon(belgium(2026), date(2026, 1, 1)).steps)


def test_a_stop_tells_only_the_days_on_which_the_limit_would_have_run():
    before = steps_of(Stop(first=date(2026, 2, 20), last=date(2026, 3, 4)))[1]
    assert (before.kind, before.first, before.days) == (StepKind.STOPPED, date(2026, 3, 3), 2)
    for first, last in ((date(2026, 2, 1), date(2026, 3, 2)), (date(2026, 4, 6), date(2026, 4, 10))):
        outside = steps_of(Stop(first=first, last=last))
        assert [step.kind.value for step in outside] == ["started", "stop-outside", "counted", "due"]
        assert (outside[1].first, outside[1].last) == (first, last)


def test_days_in_two_stops_are_told_to_count_once():
    first, second = Stop(first=date(2026, 3, 3), last=date(2026, 3, 5)), Stop(first=date(2026, 3, 4))
    second.last = date(2026, 3, 6)
    overlap = next(step for step in steps_of(first, second) if step.kind is StepKind.STOPS_OVERLAP)
    assert overlap.days == 4
    apart = Stop(first=date(2026, 3, 6), last=date(2026, 3, 6))
    assert all(step.kind is not StepKind.STOPS_OVERLAP for step in steps_of(first, apart))


def test_the_holiday_that_took_a_working_day_from_a_short_period_is_told():
    clock = Clock(
        limit=Limit(amount=2, unit=Unit.CALENDAR_DAYS),
        rules=Rules.EU_1182_71,
        started_on=date(2026, 12, 31),
    )
    (moved,) = [
        s for s in clock.reckon(belgium(2026), date(2026, 1, 1)).steps if s.kind is StepKind.TWO_WORKING_DAYS
    ]
    assert (moved.on, moved.off) == (date(2027, 1, 5), (date(2027, 1, 1),))


def test_a_change_of_law_that_a_clock_follows_is_one_of_its_steps():
    clock = Clock(limit=Limit(amount=3, unit=Unit.WORKING_DAYS), started_on=date(2026, 3, 2))
    longer = Limit(amount=5, unit=Unit.WORKING_DAYS)
    on = date(2026, 3, 4)
    clock.follow(longer, Rules.BELGIAN, None, "A decree, art. 1", on, Degree.CONFIRMED, on)
    started, revised, *_, due = clock.reckon(belgium(2026), date(2026, 1, 1)).steps
    assert (started.limit, revised.on, revised.limit) == (
        longer,
        date(2026, 3, 4),
        Limit(amount=3, unit=Unit.WORKING_DAYS),
    )
    assert due.on == date(2026, 3, 9)


def test_an_answer_that_arrives_on_a_holiday_ends_the_stop_on_that_day():
    for unit, due_on in ((Unit.CALENDAR_DAYS, date(2026, 5, 4)), (Unit.WORKING_DAYS, date(2026, 5, 5))):
        period = clock(2, date(2026, 4, 27), unit)
        period.stop(date(2026, 4, 27))
        period.restart(date(2026, 5, 1))  # Labour Day, a Friday
        assert period.due_on(BE) == due_on


def test_questions_on_the_last_legal_day_are_in_time():
    """With no day left the limit ends with the answer; a day later the questions come too late."""
    period = clock(3, march(2))
    period.stop(march(5))
    period.restart(march(10))
    assert period.due_on(BE) == march(10)
    too_late = clock(3, march(2))
    too_late.stop(march(6))
    too_late.restart(march(10))
    assert too_late.due_on(BE) == march(5)


def test_questions_on_a_last_day_that_a_weekend_gave_are_in_time():
    period = clock(5, march(2))
    assert period.due_on(BE) == march(9)  # a Saturday rolled to Monday
    period.stop(march(9))
    period.restart(march(14))
    assert period.due_on(BE) == march(16)  # the answer came on a Saturday
    too_late = clock(5, march(2))
    too_late.stop(march(10))
    too_late.restart(march(14))
    assert too_late.due_on(BE) == march(9)


def test_the_longer_of_two_questions_on_the_last_day_decides():
    assert LONGER_OF_TWO.due_on == march(20)


def test_questions_while_the_last_day_is_stopped_are_in_time():
    assert ASKED_WHILE_STOPPED.due_on == march(20)
    assert ASKED_LATER_RECORDED_FIRST.due_on == march(16)


# --- extensions


@pytest.mark.parametrize("effective_on", [march(3), march(12)], ids=["before the stop", "after the stop"])
def test_an_extension_before_or_after_a_stop_gives_the_same_day(effective_on):
    period = clock(10, march(2))
    period.stop(march(4))
    period.restart(march(9))
    period.extend(5, "complex file", effective_on)
    assert period.due_on(BE) == march(23)  # 22 March is a Sunday


def test_extensions_together_add_no_more_than_their_cap():
    period = clock(10, march(2))
    period.cap = 6
    period.extend(4, "complex file", march(3))
    period.extend(4, "more annexes", march(4))
    assert period.due_on(BE) == march(18)
    kinds = [step.kind for step in period.reckon(BE, date(2026, 1, 1)).steps]
    assert StepKind.EXTENDED in kinds
    assert StepKind.EXTENSION_CAPPED in kinds


def test_an_extension_after_the_last_day_comes_too_late():
    period = clock(5, march(2))  # Saturday the 7th moves to the 9th
    period.extend(4, "complex file", march(10))
    assert period.due_on(BE) == march(9)
    period.extend(4, "complex file", march(9))
    assert period.due_on(BE) == march(16)  # 15 March is a Sunday; the first one came in time after all


# --- limits in words, and days


def test_unit_is_mandatory():
    """Elsewhere a limit without a unit was a limit of no length."""
    with pytest.raises(ValidationError, match="unit"):
        Limit.model_validate({"amount": 10})
    with pytest.raises(InputRefused, match="no unit"):
        Limit.parse("14")


NO_LIMITS = ("", "14", "14 days", "14 minutes", "calendar_days", "-1 months", "1.5 years")


@pytest.mark.parametrize("written", NO_LIMITS)
def test_a_limit_without_a_known_unit_is_refused(written):
    with pytest.raises(InputRefused, match="calendar_days"):
        Limit.parse(written)


@pytest.mark.parametrize("unit", Unit)
def test_a_limit_reads_as_it_is_written(unit):
    limit = Limit(amount=14, unit=unit)
    for written in (f"14 {unit}", f" 14 {unit.upper()} ", str(limit), f"14_{unit}", f"14 {unit[:-1]}"):
        assert Limit.parse(written) == limit


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_week_is_seven_days_under_every_rule(case):
    """The same end, moved by the same days off and stops; extensions and their cap are in weeks, too."""
    weeks = case._replace(unit="weeks", amount=case.amount % 30)
    in_days = weeks._replace(
        unit="calendar_days",
        amount=7 * weeks.amount,
        extensions=tuple((7 * amount, on) for amount, on in case.extensions),
        cap=None if case.cap is None else 7 * case.cap,
    )
    assert weeks.last_days == in_days.last_days


@pytest.mark.parametrize("rules", Rules)
def test_weeks_end_on_the_day_of_the_week_of_the_event(rules):
    """Regulation 1182/71, art. 3(2)(c); a day off moves that end as any other."""
    wednesday, sunday = march(4), march(8)
    assert clock(2, wednesday, Unit.WEEKS, rules).due_on(BE) == march(18)
    assert clock(1, sunday, Unit.WEEKS, rules).due_on(BE) == (march(16) if rules.rolls else march(15))


# --- hours


def every_hour(day: date) -> list[datetime]:
    """Each hour of a day in Brussels, by the instant at which it begins."""
    begins, hour = datetime(day.year, day.month, day.day, tzinfo=walker.BRUSSELS), timedelta(hours=1)
    instants = (begins.astimezone(UTC) + hour * n for n in range(25))
    return [instant for instant in instants if civil_day(instant) == day]


@settings(max_examples=400, deadline=None)
@given(st.integers(0, START_DAYS), st.integers(1, 400))
@example((march(28) - FIRST).days, 24)  # the next day has twenty-three hours
@example((date(2026, 10, 24) - FIRST).days, 24)  # and here twenty-five
def test_hours_end_between_those_from_the_first_and_from_the_last_hour_of_the_day(start, amount):
    """Regulation 1182/71, art. 3(1) and (2)(a): the hour of the event is left out, the last one ends it."""
    hour, day = timedelta(hours=1), FIRST + DAY * start
    ends = {civil_day(event + hour * amount) for event in every_hour(day)}
    period = clock(amount, day, Unit.HOURS, EU)
    assert period.due_on(BE) == min(ends)
    late = [reading.due_on(BE) for reading in period.readings(BE)][-1]
    moved = late == period.late_on(BE) and amount >= 48 and late > max(ends)
    assert late == max(ends) or moved
    plain = period.model_copy(update={"rules": Rules.PLAIN})
    from_the_moment = {civil_day(event + hour * amount - hour) for event in every_hour(day)}
    assert plain.due_on(BE) == min(from_the_moment)
    assert plain.late_on(BE) == max(ends)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_later_end_of_hours_is_never_before_the_earlier_one(case):
    due_on, late_on = case._replace(unit="hours", amount=case.amount * 5).last_days
    assert late_on is None or (due_on is not None and due_on <= late_on)


def test_hours_are_moved_by_no_day_off_and_hold_two_working_days_on_their_later_reading():
    """Art. 3(4) excepts periods in hours, art. 3(5) does not; the Judicial Code (art. 53) excepts nothing."""
    friday = march(6)
    a_day, two_days, three = (clock(hours, friday, Unit.HOURS, EU) for hours in (24, 48, 72))
    assert (a_day.due_on(BE), a_day.late_on(BE)) == (march(7), march(7))
    assert a_day.later_on(BE) is None  # whichever the hour, it ends on that Saturday
    assert (two_days.due_on(BE), two_days.late_on(BE)) == (march(8), march(10))
    assert (three.due_on(BE), three.late_on(BE)) == (march(9), march(10))
    belgian = clock(24, friday, Unit.HOURS)
    assert (belgian.due_on(BE), belgian.late_on(BE)) == (friday, march(9))
    kinds = [{step.kind for step in one.steps} for one in two_days.reckonings(BE, friday)]
    assert [StepKind.TWO_WORKING_DAYS in one for one in kinds] == [False, True]


def test_questions_stop_hours_for_whole_days_and_their_own_day_counts_on_one_reading():
    period = clock(72, march(2), Unit.HOURS, EU)
    period.stop(march(4))
    assert period.due_on(BE) is None
    period.restart(march(9))
    assert (period.due_on(BE), period.late_on(BE)) == (march(10), march(11))


def test_an_extension_of_hours_is_in_hours():
    period = clock(24, march(2), Unit.HOURS, EU)
    period.extend(48, "complex file", march(3))
    assert (period.due_on(BE), period.late_on(BE)) == (march(5), march(5))


def test_working_day_is_civil():
    """Elsewhere a working day was 24 hours, and a change to summer time moved it."""
    assert clock(1, march(27), Unit.WORKING_DAYS).due_on(BE) == march(30)
    short_day = start_of(march(30)).astimezone(UTC) - start_of(march(29)).astimezone(UTC)
    assert short_day == timedelta(hours=23)
    assert civil_day(datetime.fromisoformat("2026-03-28T23:30:00+00:00")) == march(29)
    assert civil_day(datetime.fromisoformat("2026-06-30T22:30:00+00:00")) == date(2026, 7, 1)


def test_calendar_horizon_guard():
    """Elsewhere the list of holidays ran out, and days after it were working days without a word."""
    with pytest.raises(BeyondHorizon, match=f"covers {BE.first} to {BE.last}"):
        clock(30, BE.last - DAY * 11).due_on(BE)
    with pytest.raises(BeyondHorizon):
        clock(30, BE.last - DAY * 11).reckon(BE, date(2026, 1, 1))


def test_the_first_and_the_last_day_of_a_calendar_are_known_and_no_other():
    assert not BE.is_working(BE.first)  # New Year
    assert BE.last.isoweekday() == 7
    last_friday = BE.last - DAY * 2
    assert clock(4, last_friday - DAY * 4).due_on(BE) == last_friday
    for day in (BE.first - DAY, BE.last + DAY):
        with pytest.raises(BeyondHorizon, match=str(day)):
            BE.is_working(day)
    for unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS):
        with pytest.raises(BeyondHorizon):
            clock(1, last_friday, unit).due_on(BE)  # it would move into the next year
    with pytest.raises(BeyondHorizon):
        clock(3, BE.first - DAY * 10, Unit.WORKING_DAYS).due_on(BE)


@pytest.mark.parametrize("rules", Rules)
@pytest.mark.parametrize("unit", Unit)
def test_a_limit_longer_than_any_calendar_is_refused(unit, rules):
    with pytest.raises(BeyondHorizon):
        clock(100_000, march(2), unit, rules).due_on(BE)


@pytest.mark.parametrize("unit", Unit)
def test_a_stop_longer_than_any_calendar_is_refused(unit):
    period = clock(100 if unit is Unit.HOURS else 10, march(2), unit)
    period.stops = [Stop(first=march(4), last=date.max)]
    with pytest.raises(BeyondHorizon):
        period.due_on(BE)


@pytest.mark.parametrize("closed", CLOSED, ids=len)
def test_a_warning_lies_so_many_days_before(closed):
    random, be = Random(1), calendar(closed)
    for _ in range(500):
        day, amount = FIRST + DAY * random.randrange(200, 2600), random.randint(0, 60)
        working = Limit(amount=amount, unit=Unit.WORKING_DAYS)
        assert before(day, working, be) == walker.working_days_back(day, amount, walker.closing(closed)), (
            day,
            amount,
        )
        assert before(day, Limit(amount=amount, unit=Unit.CALENDAR_DAYS), be) == day - DAY * amount


def test_a_warning_is_counted_in_days_within_the_calendar():
    with pytest.raises(BeyondHorizon):
        before(BE.first + DAY * 3, Limit(amount=10, unit=Unit.WORKING_DAYS), BE)
    with pytest.raises(ValueError, match="months"):
        before(march(2), Limit(amount=1, unit=Unit.MONTHS), BE)


# --- decades


@cache
def due_on_every_start(limit: Limit, rules: Rules, last: int) -> list[tuple[date, date | None]]:
    """The due date for each start day from 2024 to the end of a year."""
    found = []
    for year in range(2024, last + 1):
        be, day = belgium(year), date(year, 1, 1)
        while day.year == year:
            found.append((day, Clock(limit=limit, rules=rules, started_on=day).due_on(be)))
            day += DAY
    return found


PERIODS = [clause for clause in TIME_LIMITS if clause.values[-1].limits]


@pytest.mark.parametrize("last", [2034, pytest.param(2100, marks=pytest.mark.long)])
@pytest.mark.parametrize("clause", PERIODS, ids=lambda clause: clause.id)
def test_every_start_day_from_2024_on_has_one_due_date(clause, last):
    value = clause.values[-1]
    for limit in value.limits:
        dues = due_on_every_start(limit, value.rules, last)
        assert len(dues) == (date(last + 1, 1, 1) - date(2024, 1, 1)).days
        previous = date.min
        for start, due_on in dues:
            assert due_on >= max(start, previous), (start, limit)
            assert not value.rules.rolls or walker.works(due_on), (start, limit)
            previous = due_on


@pytest.mark.parametrize("first_year", range(2024, 2113, 10))
def test_the_holidays_of_each_year_are_the_legal_ones(first_year):
    """Easter and Pentecost Sundays stand in the library's list too."""
    be = belgium(first_year)
    for year in range(first_year, min(first_year + 10, 2113)):
        sundays = {walker.easter(year), walker.easter(year) + DAY * 49}
        assert {day for day in be.holidays if day.year == year} - sundays == walker.legal_holidays(year)


@given(
    st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    st.integers(1, 60),
    st.sampled_from(["calendar_days", "working_days", "months"]),
    st.integers(0, 9),
    st.one_of(st.none(), st.integers(1, 60)),
    st.booleans(),
)
def test_of_two_readings_the_earlier_is_told_and_the_later_has_effects(
    start, amount, unit, after, other, stopped
):
    """Each as the second way counts it by itself; a stop stops both."""
    a_stop = [(start + 3 * DAY, start + 8 * DAY, start + 2 * DAY)] if stopped else []
    second = SecondReading(
        says="the other one",
        after=Limit(amount=after, unit=Unit.WORKING_DAYS),
        limit=Limit(amount=other, unit=Unit(unit)) if other else None,
    )
    two = Case(start, amount, unit, BELGIAN, tuple(a_stop)).clock
    two.second = second.brief()
    later_start = walker.due(start, after, "working_days", "plain")
    days = [
        walker.due(start, amount, unit, BELGIAN, a_stop),
        walker.due(later_start, other or amount, unit, BELGIAN, a_stop),
    ]
    assert [reading.due_on(BE) for reading in two.readings(BE)][:2] == days
    for began, budget in ((start, amount), (later_start, other or amount)) if stopped else ():
        ((_, last, asked),) = a_stop
        if walker.due(began, budget, unit, "plain") <= asked <= walker.due(began, budget, unit, BELGIAN):
            days.append(walker.due(began, budget, unit, BELGIAN, [(asked, last, asked)]))
    assert (two.due_on(BE), two.late_on(BE)) == (min(days[:2]), max(days))
    assert two.reckon(BE, start).due_on == min(days[:2])


def test_questions_of_the_last_day_end_the_limit_with_the_stop_or_leave_that_day_for_after_it():
    """Forty working days from Monday 1 March 2027; on the last one the limit is stopped for ten days."""
    limit, be = Limit(amount=40, unit=Unit.WORKING_DAYS), belgium(2027)
    forty = Clock(limit=limit, started_on=date(2027, 3, 1))
    assert (forty.due_on(be), forty.later_on(be)) == (date(2027, 4, 27), None)
    forty.suspend(date(2027, 4, 27), date(2027, 4, 28), date(2027, 5, 7))
    assert (forty.due_on(be), forty.later_on(be)) == (date(2027, 5, 7), date(2027, 5, 10))
    assert forty.reckon(be, be.first).due_on == date(2027, 5, 7)


def test_a_clock_of_one_reading_has_one_last_day():
    one = clock(30, march(2))
    assert one.readings(BE) == (one,)
    assert one.late_on(BE) == one.due_on(BE)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 120))
def test_months_keep_their_day_or_the_last_of_the_month(day, months):
    later = add_months(day, months)
    assert later == walker.months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(1, 120))
@example(date(2027, 2, 28), 3)
@example(date(2027, 1, 30), 1)
def test_months_after_an_event_end_on_the_eve_of_the_day_on_which_they_would_begin_again(day, months):
    """So periods that follow upon each other leave no day out, and share none."""
    ends = eve_of_months(day, months)
    assert ends == walker.eve(day, months)
    first, after = day + DAY, ends + DAY
    assert (after.year - first.year) * 12 + after.month - first.month == months + (after.day < first.day)
    assert after.day == first.day or after.day == 1  # a month without that date is whole
    assert ends >= add_months(day, months)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
@example(date(2024, 2, 29))
def test_anniversary_30y(day):
    """Elsewhere intervals were added up over the years, and drifted; each leap year brings back the 29th."""
    for year in range(1, 31):
        on = anniversary(day, year)
        assert on.year == day.year + year
        assert (on.month, on.day) == (day.month, day.day) or (
            (day.month, day.day) == (2, 29) and (on.month, on.day) == (2, 28) and on.year % 4 != 0
        )
