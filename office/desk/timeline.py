"""The picture of a case's clocks: what ran, stood still, was extended and moved, what is due, today.

Made from the register alone: the clocks of the last entry, and the calendar of the law they rest on.
A day that was told is shown as it was told, whatever a later release would count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from models import parts
from models.clock import Calendar, Clock, StepKind, anniversary
from models.due import TASKS, what
from models.errors import BeyondHorizon
from models.messages import reader, word, worded
from models.programme import authorisation_year
from office.showing import ASSUMED, cited, governs, lasting, left, one_line
from procedures.registry import jurisdictions
from register.case import Case, Line
from register.clocks import counts_to, working_days_between

ONE_DAY = timedelta(days=1)

_PUBLISHED_AS = re.compile(r" \([A-Za-z]+ [0-9][0-9A-Z]{5,}\)|, [A-Za-z]+ [0-9][0-9A-Z]{5,}\b")
"""The number of a text in an official journal or database, as the law books and the letters write it."""


class SpanKind(StrEnum):
    """What the days of a row are."""

    PHASE = "phase"
    RAN = "ran"
    FIXED = "fixed"
    EXTENDED = "extended"
    MOVED = "moved"
    LATE = "late"
    STOPPED = "stopped"


class Span(BaseModel):
    """Days of one kind, first and last included; `says` is what a reader should know of them."""

    kind: SpanKind
    first: date
    last: date
    says: str = ""


class Row(BaseModel):
    """One clock; or, without `ref`, the phases or the authorisation year of a case.

    `says` is where the clock comes from and whose turn it is; `left` how far the day `counted_to` is, in
    words: of two readings the later one, once the earlier has passed.
    """

    ref: str = ""
    title: str
    says: str = ""
    started_on: date | None = None
    due_on: date | None = None
    counted_to: date | None = None
    left: str = ""
    marks: str = ""
    spans: tuple[Span, ...] = ()


class DayOff(BaseModel):
    """A weekday that is a public holiday, or a closing day of the agency."""

    day: date
    name: str
    closing: bool = False


class Picture(BaseModel):
    """Everything that is drawn, in civil days from `first` to `last`."""

    number: str
    title: str
    says: str
    today: date
    first: date
    last: date
    rows: tuple[Row, ...]
    days_off: tuple[DayOff, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """How many days the picture shows."""
        return (self.last - self.first).days + 1

    def within(self, day: date) -> date:
        """The day, or the first one of the picture where it lies before."""
        return max(day, self.first)


def picture_of(case: Case, laws: dict[str, dict[str, Any]], today: date) -> Picture:
    """The picture of a case as its last entry left it, with the laws that its entries name."""
    state, law = case.state, laws[case.entries[-1].law]
    calendar = Calendar.model_validate(law["calendar"])
    clocks = [_clock_row(case, told, laws, calendar, today) for told in case.entries[-1].clocks]
    clocks.sort(key=lambda row: (row.due_on or date.max, row.ref))
    rows = [*_authorisation_year(case, today), *clocks]
    first, last = _extent(case, rows, today)
    return Picture(
        number=state.number,
        title=one_line(f"{state.number}: {word(state.kind)}, {word(state.phase)}"),
        says=one_line(", ".join(filter(None, (parts.name(state.subject["parts"]), state.holder)))),
        today=today,
        first=first,
        last=last,
        rows=tuple(_shown(row, first) for row in (_phases(case, last, today), *rows)),
        days_off=_days_off(calendar, first, last),
        remarks=tuple(_remarks(case, rows, calendar)),
    )


# One clock.


def _clock_row(
    case: Case, told: dict[str, Any], laws: dict[str, dict[str, Any]], calendar: Calendar, today: date
) -> Row:
    ref, due_on = told["ref"], date.fromisoformat(told["due_on"]) if told.get("due_on") else None
    clock = Clock.model_validate(told["clock"]) if told.get("clock") else None
    if clock is not None:
        counted = lasting(clock.ahead or clock.limit, case.state.procedure)
        if clock.clause not in ("", ref):  # what it governs, where the name of the row does not say it
            counted = f"{counted}, {governs(clock.clause, case.state.procedure)}"
        law = laws[clock.law or case.entries[-1].law]  # the one that it was counted with
        article = _by_its_name(
            cited(law["clauses"].get(clock.clause, {}).get("article", ""), case.state.procedure)
        )
        spans = _spans(clock, due_on, calendar, today)
        counted = worded("timeline.limit", limit=counted)
    else:
        fixed = "a-task" if ref.startswith(TASKS) else "a-fixed-day"
        article, counted = _condition(case, ref), worded(f"timeline.{fixed}")
        since = _told_since(case, ref)
        spans = [Span(kind=SpanKind.FIXED, first=since, last=due_on)] if due_on and since <= due_on else []
    late_on = date.fromisoformat(told["late_on"]) if told.get("late_on") else due_on
    if late_on and late_on < today:
        spans.append(Span(kind=SpanKind.LATE, first=late_on + ONE_DAY, last=today))
    marks = "†" if case.state.assumed and due_on else ""
    degree = word(told["degree"]) if told.get("degree") else ""
    return Row(
        ref=ref,
        title=one_line(what(ref)),
        says=worded("language.semicolon").join(
            one_line(said)
            for said in (counted, article, degree, worded("timeline.whose-turn", desk=word(told["desk"])))
            if said
        ),
        started_on=clock.started_on if clock else None,
        due_on=due_on,
        counted_to=counts_to(due_on, late_on, today) if due_on else None,
        left=_left(due_on, late_on, calendar, today),
        marks=marks,
        spans=tuple(spans),
    )


def _by_its_name(article: str) -> str:
    """An article without the number under which its text was published: `umn explain` has that."""
    return _PUBLISHED_AS.sub("", article)


def _spans(clock: Clock, due_on: date | None, calendar: Calendar, today: date) -> list[Span]:
    """The days after the one on which the clock started, each of one kind."""
    counted_until, until_without_extension = _ends(clock, due_on, calendar)
    last = due_on or max([today, *(stop.first for stop in clock.stops)])
    reasons = one_line(", ".join(dict.fromkeys(e.reason for e in clock.extensions if e.reason)))
    spans: list[Span] = []
    day = clock.started_on + ONE_DAY
    while day <= last:
        stop = next((stop for stop in clock.stops if stop.covers(day)), None)
        if stop is not None:
            span = Span(kind=SpanKind.STOPPED, first=day, last=day, says=one_line(stop.reason))
        elif day > counted_until:
            says = worded("timeline.counted-until", until=counted_until)
            span = Span(kind=SpanKind.MOVED, first=day, last=day, says=says)
        elif day > until_without_extension:
            span = Span(kind=SpanKind.EXTENDED, first=day, last=day, says=reasons)
        else:
            span = Span(kind=SpanKind.RAN, first=day, last=day)
        if spans and (spans[-1].kind, spans[-1].says) == (span.kind, span.says):
            spans[-1].last = day
        else:
            spans.append(span)
        day += ONE_DAY
    return spans


def _ends(clock: Clock, due_on: date | None, calendar: Calendar) -> tuple[date, date]:
    """The last day before the rules moved it, and the one that there was without extensions.

    As late as can be while it has none, and where the calendar does not reach.
    """
    if due_on is None:
        return date.max, date.max
    if clock.ahead:
        return due_on, due_on
    counted = (StepKind.COUNTED, StepKind.ENDS_WITH_STOP)
    try:
        ends = [step.on for step in clock.reckon(calendar, due_on).steps if step.kind in counted]
        without = clock.model_copy(update={"extensions": []}).due_on(calendar) if clock.extensions else None
    except BeyondHorizon:
        return date.max, date.max
    return ends[-1] or date.max, without or date.max


def _told_since(case: Case, ref: str) -> date:
    """The day of the first entry that told a fixed day."""
    told = (line.happened_on for line in case.entries if any(clock["ref"] == ref for clock in line.clocks))
    return next(told, case.entries[-1].happened_on)


def _condition(case: Case, ref: str) -> str:
    texts = (str(c["text"]) for c in case.state.conditions if ref == f"condition-{c['number']}")
    return next(texts, "")


def _left(due_on: date | None, late_on: date | None, calendar: Calendar, today: date) -> str:
    if due_on is None or late_on is None:
        return worded("timeline.stopped")
    to = counts_to(due_on, late_on, today)
    covered = calendar.first <= min(today, to) <= max(today, to) <= calendar.last
    days = calendar.working_days_between(today, to) if covered else working_days_between(today, to, ())
    return left(days, (to - today).days, to != due_on, "" if covered else "‡")


# The case around its clocks.


def _phases(case: Case, last: date, today: date) -> Row:
    """The phases that the case went through, to today; the day of a change belongs to the new one.

    Only what changes the phase begins one: what is entered late, or was filed elsewhere before, moves none.
    """
    spans: list[Span] = []
    until = min(last, today)
    opened_on = case.entries[0].happened_on
    changes = [
        (max(_began(line), opened_on), line.phase)
        for before, line in pairwise((None, *case.entries))
        if before is None or before.phase != line.phase
    ]
    ends = until + ONE_DAY
    for began_on, phase in reversed(changes):
        if (first := min(began_on, ends)) == ends:
            continue
        if spans and spans[0].says == word(phase):
            spans[0].first = first
        else:
            spans.insert(0, Span(kind=SpanKind.PHASE, first=first, last=ends - ONE_DAY, says=word(phase)))
        ends = first
    return Row(title=worded("timeline.phase"), spans=tuple(spans))


def _began(line: Line) -> date:
    """The day on which the phase of an entry begins: what silence brought about exists from its own day."""
    exists_from = line.facts.get("effective_on") if "silent_until" in line.facts else None
    return min(line.happened_on, date.fromisoformat(exists_from)) if exists_from else line.happened_on


def _authorisation_year(case: Case, today: date) -> Iterator[Row]:
    state = case.state
    if state.kind != "programme" or state.authorised_on is None or state.ended:
        return
    counts_from = state.in_force_on or state.authorised_on
    year = authorisation_year(counts_from, today)
    first, end = anniversary(counts_from, year - 1), anniversary(counts_from, year)
    assumed = "†" if state.assumed else ""
    span = Span(
        kind=SpanKind.PHASE,
        first=first,
        last=end - ONE_DAY,
        says=worded("timeline.year", year=year, mark=assumed),
    )
    yield Row(
        title=worded("timeline.authorisation-year"),
        says=worded("timeline.authorised-on", on=state.authorised_on, mark=assumed),
        started_on=first,
        spans=(span,),
    )


def _extent(case: Case, rows: list[Row], today: date) -> tuple[date, date]:
    """First and last day, with a margin. A programme is shown from its authorisation year on.

    What was due before that, and still stands open, is within.
    """
    begins = [day for row in rows for day in (row.started_on, row.due_on) if day]
    if case.state.kind != "programme" or not begins:
        begins.append(case.state.opened_on)
    ends = [row.counted_to for row in rows if row.counted_to]
    ends += [span.last for row in rows for span in row.spans]
    ends.append(case.entries[-1].happened_on if case.state.ended else today)
    first, last = min(begins), max(*ends, max(begins))
    margin = max(2, (last - first).days // 25)
    return first - ONE_DAY, last + timedelta(days=margin)


def _shown(row: Row, first: date) -> Row:
    """The row without what ended before the picture begins; what began before it keeps its first day."""
    return row.model_copy(update={"spans": tuple(span for span in row.spans if span.last >= first)})


def _days_off(calendar: Calendar, first: date, last: date) -> tuple[DayOff, ...]:
    names: dict[date, str] = {}
    for year in range(max(first, calendar.first).year, min(last, calendar.last).year + 1):
        names |= jurisdictions()[calendar.name].holiday_names(year, reader())
    found = {
        day: DayOff(day=day, name=names.get(day, worded("timeline.public-holiday")))
        for day in calendar.holidays
    }
    for closing in calendar.closing_days:
        found[closing.day] = DayOff(day=closing.day, name=one_line(closing.reason), closing=True)
    return tuple(
        found[day] for day in sorted(found) if first <= day <= last and calendar.is_off_on_a_weekday(day)
    )


def _remarks(case: Case, rows: list[Row], calendar: Calendar) -> Iterator[str]:
    line, state = case.entries[-1], case.state
    if not any(row.ref for row in rows):
        yield worded("timeline.ended" if state.ended else "timeline.no-clock", number=state.number)
    for told in line.clocks:
        if told.get("clock") and told.get("due_on"):
            yield from _counted_otherwise(told, calendar)
    if any("‡" in row.left for row in rows):
        yield worded("timeline.no-calendar")
    if any("†" in row.marks + row.says for row in rows):
        yield f"{worded(ASSUMED)}."


def _counted_otherwise(told: dict[str, Any], calendar: Calendar) -> Iterator[str]:
    try:
        counts = Clock.model_validate(told["clock"]).due_on(calendar)
    except BeyondHorizon:
        return
    if str(counts) != told["due_on"]:
        yield worded("timeline.counted-otherwise", clock=told["ref"], told=told["due_on"], counts=counts)
