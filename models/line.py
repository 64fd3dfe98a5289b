"""Where a statement stands on its account beside those that are known: by the balances of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from models.statements import Span, Statement

Place = tuple[str, int]
"""Where a statement stands: its file, and which of that file's it is."""

Telling = tuple[str, int, int]
"""Where an entry stands: its file, which of that file's statements, and its place there."""


@dataclass(frozen=True, slots=True)
class Balanced:
    """A statement of the account that is known, by its balances."""

    place: Place
    form: str
    opening: int
    closing: int
    closed_on: date
    spans: tuple[Span, ...]


class Where(Enum):
    """Whether a statement tells the part of the account in which a known entry stands."""

    INSIDE = auto()
    OUTSIDE = auto()
    UNSURE = auto()


class Line:
    """Where a statement stands on its account, day by day, by the balances of those that are known.

    A balance that was there more than once on a day does not tell where a statement stands that begins or
    ends with it.
    """

    def __init__(self, statement: Statement, told: Iterable[Balanced]) -> None:
        self._spans = {span.day: span for span in statement.spans}
        self._ends: defaultdict[date, defaultdict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._again: defaultdict[date, set[int]] = defaultdict(set)
        self._stood: defaultdict[date, set[int]] = defaultdict(set)
        self._alike: defaultdict[tuple[date, int, int], set[Place]] = defaultdict(set)
        for span in self._spans.values():
            self._again[span.day] |= span.passes | ({span.start} & {span.end})
        for place, span in (
            (one.place, span) for one in told for span in one.spans if span.day in self._spans
        ):
            self._alike[span.day, span.start, span.end].add(place)
            self._ends[span.day][span.start].add(span.end)
            self._again[span.day] |= span.passes
            self._stood[span.day] |= {span.start, span.end} | span.passes
        self._reached: dict[tuple[date, int], Collection[int]] = {}

    def where(self, told: Balanced, day: date, entries: Set[int]) -> Where:
        """Whether the statement tells what another one tells of a day in those entries.

        It does where it begins before and ends after. A balance that nobody told of the day lies beyond what
        is known of it; where both begin, or end, with one that was there once, one lies within the other:
        what the longer one tells, the shorter one need not. Which of them is the longer one is not told where
        the other one passes the balance at which this one begins or ends: only the entries beyond it are in
        both, whichever it is.
        """
        ours = self._spans.get(day)
        theirs = next((span for span in told.spans if span.day == day), None)
        if ours is None or theirs is None:
            return Where.UNSURE
        begins, ends = self._was_once(day, ours.start), self._was_once(day, ours.end)
        if begins and ours.start in self._after(day, theirs.end):
            return Where.OUTSIDE
        if ends and theirs.start in self._after(day, ours.end):
            return Where.OUTSIDE
        begins = begins and theirs.start in self._after(day, ours.start)
        ends = ends and ours.end in self._after(day, theirs.end)
        stood = self._stood[day]
        begin_alike, end_alike = ours.start == theirs.start, ours.end == theirs.end
        goes_further = begin_alike and not end_alike and theirs.end not in self._after(day, ours.end)
        goes_further = goes_further and (ours.end not in theirs.passes or entries <= theirs.lead_to(ours.end))
        begins_before = end_alike and not begin_alike and ours.start not in self._after(day, theirs.start)
        begins_before = begins_before and (
            ours.start not in theirs.passes or entries <= theirs.follow(ours.start)
        )
        inside = begins and (ends or ours.end not in stood or goes_further)
        inside = inside or (ends and (ours.start not in stood or begins_before))
        return Where.INSIDE if inside else Where.UNSURE

    def alike(self, day: date) -> frozenset[Place]:
        """The statements that begin and end a day as this one does, where that is no round way.

        One of them is told again; which, they do not say.
        """
        ours = self._spans.get(day)
        if ours is None or ours.passes & {ours.start, ours.end} or ours.start in self._after(day, ours.end):
            return frozenset()
        return frozenset(self._alike[day, ours.start, ours.end])

    def _was_once(self, day: date, balance: int) -> bool:
        later = list(self._ends[day][balance])
        return balance not in self._again[day] and all(balance not in self._after(day, end) for end in later)

    def _after(self, day: date, balance: int) -> Collection[int]:
        """The balances of a day that followed a balance, and itself."""
        if (day, balance) not in self._reached:
            found, ends = {balance}, self._ends[day]
            coming = [balance]
            while coming:
                more = ends[coming.pop()] - found
                found |= more
                coming += more
            self._reached[day, balance] = found
        return self._reached[day, balance]
