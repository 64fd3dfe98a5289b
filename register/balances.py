"""What statements say of the balances of the agency's accounts, beside the movements that are kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.messages import Message
from models.statements import Span
from register.reading import Questions

Account = tuple[str, str]
"""An account, and its currency."""


@dataclass(frozen=True, slots=True)
class Balance:
    """An account in a year: what the statements say it began and ended with, and what moved; in cents."""

    account: str
    currency: str
    opening: int
    moved: int
    closing: int


COUNTS = "m.state <> 'known' AND m.reason <> 'perhaps_known'"
"""Of the movements `m`, those that count once: not those that are, or may be, another one told again."""


def balances(ask: Questions, year: int) -> tuple[list[Balance], list[Message]]:
    """The accounts of which statements tell a day of the year; and where balances and movements differ."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days: defaultdict[Account, defaultdict[date, list[_Piece]]] = defaultdict(lambda: defaultdict(list))
    pieces: dict[tuple[date, Any, Any], _Piece] = {}
    for account, currency, file, told, spans in ask(
        "SELECT account, currency, file, told, spans FROM balance b WHERE closed_on >= ? OR closed_on = "
        "(SELECT MAX(o.closed_on) FROM balance o WHERE o.account = b.account AND o.currency = b.currency "
        "AND o.closed_on < ?) ORDER BY closed_on, file, told",
        [first.isoformat(), first.isoformat()],
    ):
        for day, start, end, between, _ in json.loads(spans) if isinstance(spans, str) else spans:
            if day <= last.isoformat():
                on = date.fromisoformat(day)
                pieces[on, file, told] = _Piece([Span(on, start, end, tuple(between))])
                days[account, currency][on].append(pieces[on, file, told])
    moved: dict[str, int] = {}
    for id_, day, cents, file, told in ask(
        "SELECT id, booked_on, cents, file, told FROM movement m "
        f"WHERE {COUNTS} AND booked_on BETWEEN ? AND ? UNION ALL "
        "SELECT m.id, m.booked_on, m.cents, t.file, t.told FROM telling t JOIN movement m "
        f"ON m.id = t.movement WHERE {COUNTS} AND m.booked_on BETWEEN ? AND ?",
        [first.isoformat(), last.isoformat()] * 2,
    ):
        on = day if isinstance(day, date) else date.fromisoformat(day)
        if piece := pieces.get(
            (on, file, told)
        ):  # a day on which it was booked in one form and not in another
            piece.moved[id_] = int(cents)
        moved[id_] = int(cents)
    for day, file, told, names in ask(
        "SELECT booked_on, file, told, candidates FROM movement WHERE reason = 'same' "
        "AND booked_on BETWEEN ? AND ?",
        [first.isoformat(), last.isoformat()],
    ):
        if piece := pieces.get((day if isinstance(day, date) else date.fromisoformat(day), file, told)):
            known = json.loads(names) if isinstance(names, str) else names
            piece.moved |= {name: moved[name] for name in known if name in moved}
    found, differences = list[Balance](), list[Message]()
    for which in sorted(days):
        balance, said = _of_year(which, days[which], first)
        found += [balance] if balance else []
        differences += said
    return found, differences


@dataclass(frozen=True, slots=True)
class _Gap:
    """Within a day: the balance after which nothing is told, the one that goes on, and the last one."""

    closing: int
    opening: int
    end: int


@dataclass(slots=True)
class _Piece:
    """What statements tell of a day of an account without a gap: balances before and after, and movements."""

    spans: list[Span]
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def balances(self) -> set[int]:
        return {balance for span in self.spans for balance in (span.start, span.end)}

    @property
    def starts(self) -> set[int]:
        """Where it may begin: what nothing leads to, unless it comes back to where it was."""
        return _first({span.start for span in self.spans}, self.steps)

    @property
    def ends(self) -> set[int]:
        """Where it may end: what nothing goes on from, unless it comes back to where it was."""
        return _first({span.end for span in self.spans}, {(end, start) for start, end in self.steps})

    @property
    def steps(self) -> set[tuple[int, int]]:
        """From which balance which other one was reached, in whatever order a statement tells its entries."""
        steps = {(span.start, span.end) for span in self.spans}
        for span in self.spans:
            steps |= {step for passed in span.passes for step in ((span.start, passed), (passed, span.end))}
        return steps

    def gap(self, start: int, end: int) -> _Gap | None:
        """Where what is told does not hang together, though it ends elsewhere than by its movements."""
        if later := self.starts - _reached(start, self.steps):  # nothing that is told leads there
            last, opening = max(self.ends), min(later)
            return _Gap(opening - (last - end), opening, last)
        back = {(after, before) for before, after in self.steps}
        gaps = [  # nothing that is told goes on from there
            _Gap(closing, closing + last - end, last)
            for last in sorted(self.ends)
            for closing in sorted(self.ends - _reached(last, back))
        ]
        return min(gaps, key=lambda one: one.opening not in self.balances, default=None)

    def joins(self, other: _Piece) -> bool:
        """Whether one goes on where the other is, or both tell a movement."""
        return bool(self.balances & other.balances or self.moved.keys() & other.moved.keys())


def _first(asked: set[int], steps: set[tuple[int, int]]) -> set[int]:
    """Of the balances asked, those to which none leads that they do not lead back to."""
    reached = {one: _reached(one, steps) for one in asked}
    return {
        one
        for one in asked
        if all(one not in found or other in reached[one] for other, found in reached.items())
    }


def _reached(one: int, steps: set[tuple[int, int]]) -> set[int]:
    """The balances to which one leads, itself among them."""
    after: defaultdict[int, set[int]] = defaultdict(set)
    for start, end in steps:
        after[start].add(end)
    found, ahead = {one}, [one]
    while ahead:
        new = after[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def _joined(told: Sequence[_Piece]) -> list[_Piece]:
    """What statements tell of a day, put together where they meet."""
    pieces: list[_Piece] = []
    for piece in told:
        meets = [other for other in pieces if other.joins(piece)]
        pieces = [other for other in pieces if other not in meets]
        for other in meets:
            piece = _Piece(other.spans + piece.spans, other.moved | piece.moved)
        pieces.append(piece)
    return pieces


def _of_year(
    which: Account, days: Mapping[date, Sequence[_Piece]], first: date
) -> tuple[Balance | None, list[Message]]:
    """An account from day to day: each begins as the one before ended, and ends with what moved on it."""
    account = {"account": which[0], "currency": which[1]}
    said: list[Message] = []
    at: set[int] = set()
    before: date | None = None
    opening, moved = None, 0
    for day in sorted(days):
        pieces = _joined(days[day])
        if day < first:
            at, before = {end for piece in pieces for end in piece.ends}, day
            continue
        ended = set[int]()
        for piece in sorted(pieces, key=lambda one: (not at & one.starts, min(one.starts))):
            sums = {start: start + sum(piece.moved.values()) for start in piece.starts}
            start = min(sums, key=lambda one: (one not in at, sums[one] not in piece.ends, one))
            if at and start not in at:
                facts = {"before": before, "closing": max(at), "day": day, "opening": start}
                said.append(Message("money.gap", **account, **facts, missing=start - max(at)))
            end = sums[start]
            if end not in piece.ends:
                if gap := piece.gap(start, end):
                    facts = {"before": day, "closing": gap.closing, "day": day, "opening": gap.opening}
                    said.append(Message("money.gap", **account, **facts, missing=gap.opening - gap.closing))
                    end = gap.end
                else:
                    facts = {"made": end, "closing": max(piece.ends)}
                    said.append(Message("money.day-differs", **account, day=day, **facts))
                    end = max(piece.ends)
            opening = start if opening is None else opening
            moved += sum(piece.moved.values())
            at, before = {end}, day
            ended.add(end)
        at = ended
    return (None if opening is None else Balance(*which, opening, moved, max(at))), said


def told_again(ask: Questions, first: date, last: date) -> int:
    """How many entries of statements told a movement of these days that was known."""
    rows = ask(
        "SELECT COUNT(*) FROM (SELECT t.file, t.told, t.entry FROM telling t JOIN movement m "
        "ON m.id = t.movement WHERE m.booked_on BETWEEN ? AND ? UNION SELECT file, told, entry FROM movement "
        "WHERE reason = 'same' AND booked_on BETWEEN ? AND ?) again",
        [first.isoformat(), last.isoformat()] * 2,
    )
    return int(rows[0][0])


def candidates(ask: Questions, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What movements that another one may be are, and the file that told each first."""
    if not ids:
        return
    places = ", ".join("?" * len(ids))
    rows = ask(
        "SELECT m.id, m.booked_on, m.cents, m.currency, m.statement, m.payer, m.structured, m.communication, "
        "m.state, f.name FROM movement m JOIN statement f ON f.file = m.file "
        f"WHERE m.id IN ({places}) ORDER BY m.id",
        list(ids),
    )
    for id_, day, cents, currency, statement, payer, structured, communication, state, name in rows:
        yield {
            "id": id_,
            "booked_on": day if isinstance(day, date) else date.fromisoformat(day),
            "cents": int(cents),
            "currency": currency,
            "statement": statement,
            "payer": payer,
            "communication": structured or communication,
            "state": state,
            "file": name,
        }
