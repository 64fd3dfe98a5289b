"""Answers what people ask the register of all cases: which there are, where they stand, what is due.

Only reads, and only with what Python and the database's own library bring: the command line calls
this for every list. Long because the questions share rows and their reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from models.due import LAPSES, Due, in_order
from models.errors import RegisterConflict
from register.addresses import spoken
from register.reading import Row, as_day, days, last_day, questions, read_at_once, texts

if TYPE_CHECKING:
    from models.subjects import Subject

_DIGITS = re.compile(r"([0-9]+)")

STATE = (
    "number, entry, kind, procedure, parent, holder, title, subject, phase, possible, due_on, overdue, "
    "ended, flags, unconfirmed, public_list, last_update_on, authorised_on, in_force_on, review_on, assumed, "
    "opened_on, recorded_at, conditions, clocks, facts, content, officer"
)


NEVER = date.max.isoformat()

LISTED = "number, kind, title, holder, phase, due_on, overdue, assumed, flags, unconfirmed, clocks, possible"

_JSON = (7, 9, 13, 14, 23, 24, 25, 26)
"""Which of these columns hold JSON."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier or programme stands. `overdue`: its day has passed, or an entry says so.

    `title` is what its `subject` is called in lists; `parent` is the number that it was filed under, and
    `holder` who filed it or holds what was authorised, `officer` who of the office has it in hand.
    `falls_due` is everything that does, first what falls due on the day that counts (`due_on`); `facts` are
    those of its life, each with its day.
    """

    number: str
    entry: int
    kind: str
    procedure: str
    parent: str | None
    holder: str
    title: str
    subject: dict[str, Any]
    phase: str
    possible: tuple[str, ...]
    due_on: date | None
    overdue: bool
    ended: bool
    flags: tuple[str, ...]
    unconfirmed: dict[str, str]
    public_list: str | None
    last_update_on: date | None
    authorised_on: date | None
    in_force_on: date | None
    review_on: date | None
    assumed: bool
    opened_on: date
    recorded_at: str
    conditions: tuple[dict[str, Any], ...]
    falls_due: tuple[Due, ...] = ()
    facts: dict[str, date] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    officer: str = ""

    @property
    def translated(self) -> str:
        """The part of its subject that its public register tells in several languages; empty without one."""
        from procedures.registry import translated

        return translated(self.procedure, self.subject["parts"])

    @property
    def about(self) -> Subject:
        """Its subject, as a case carries it."""
        from models.subjects import Subject

        return Subject.model_construct(**self.subject)


class Listed(NamedTuple):
    """A case as a line of a list tells it. `falls_due` is what does on the day that counts, and nothing else.

    A list of ten thousand lines reads no more of each than it tells.
    """

    number: str
    kind: str
    title: str
    holder: str
    phase: str
    due_on: date | None
    overdue: bool
    assumed: bool
    flags: tuple[str, ...]
    unconfirmed: dict[str, str]
    falls_due: tuple[Due, ...]
    possible: tuple[str, ...]


C = TypeVar("C", State, Listed)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that has not ended: its clocks as models/entry.py writes them, and the hash of its law.

    `counts_from` is the day from which the years of a programme run.
    """

    number: str
    kind: str
    counts_from: date | None
    clocks: tuple[dict[str, Any], ...]
    law: str
    conditions: tuple[tuple[int, date], ...]
    facts: dict[str, date]


@dataclass(frozen=True, slots=True)
class FiledName:
    """A name in the register, and what it stands for: a or the history of a run by its id.

    A history belongs to no `entry`: that is 0.
    """

    number: str
    entry: int
    name: str
    sha256: str


def cases(url: str, *, today: date, **asked: Any) -> list[State]:
    """The cases that all given answers fit, whole: as `listed` chooses and orders them."""
    return _fitting(url, STATE, partial(states_of, today=today), today, **asked)


def listed(url: str, *, today: date, **asked: Any) -> list[Listed]:
    """The cases that all given answers fit, in the order of their numbers.

    `kind`, `phase` and `procedure` are codes. `officer` is the whole name of who has it in hand. `holder` is
    a part of the name, in any case of letters. `due_within` counts calendar days from today and includes
    what is overdue; its list begins with what is due first. `overdue` and `open_only` leave out what is not;
    `limit` is how many there are at most.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    return _fitting(url, LISTED, partial(_listed, today=today), today, **asked)


def _fitting(
    url: str,
    columns: str,
    read: Callable[[list[Row]], list[C]],
    today: date,
    *,
    kind: str | None = None,
    phase: str | None = None,
    holder: str | None = None,
    procedure: str | None = None,
    officer: str | None = None,
    due_within: int | None = None,
    overdue: bool = False,
    open_only: bool = False,
    limit: int | None = None,
) -> list[C]:
    conditions = ["TRUE"]
    values: list[object] = []
    for column, value in (("kind", kind), ("phase", phase), ("procedure", procedure), ("officer", officer)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    if open_only:
        conditions.append("NOT ended")
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM current_state WHERE {' AND '.join(conditions)}", values)
    found = [next_first(one, today) for one in read(rows)]
    if due_within is not None:
        last = last_day(today, due_within)
        found = [one for one in found if one.overdue or (one.due_on and one.due_on <= last)]
    if overdue:
        found = [one for one in found if one.overdue]
    if holder:
        part = holder.casefold()
        # Here and not in SQL: SQLite compares letters beyond ASCII as they are.
        found = [state for state in found if part in state.holder.casefold()]
    found.sort(key=_by_day if due_within is not None else by_number)
    return found if limit is None else found[:limit]


def next_first(one: C, today: date) -> C:
    """A case by the first day of all that somebody has to do, and what falls due on it first."""
    asked = [due for due in one.falls_due if due.due_on and due.ref not in LAPSES and not due.by_itself]
    first = min(asked, key=lambda due: due.due_on or date.max, default=None)
    due_on, overdue = one.due_on, one.overdue
    if first and (due_on is None or (first.due_on or date.max) < due_on):
        due_on, overdue = first.due_on, first.is_late(today)
    if isinstance(one, State):
        return replace(one, due_on=due_on, overdue=overdue, falls_due=in_order(one.falls_due, due_on))
    on_its_day = tuple(due for due in one.falls_due if due.due_on == due_on)
    return one._replace(due_on=due_on, overdue=overdue, falls_due=on_its_day)


def numbers(url: str, written: str) -> list[str]:
    """The number that was written, where there is a case of it; else all numbers. Raises: NotReachable."""
    with questions(url) as ask:
        there = ask("SELECT number FROM current_state WHERE number = ?", [written])
        return [number for (number,) in there or ask("SELECT number FROM current_state")]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest entry of a case."""

    number: str
    title: str
    act: str
    by: str
    phase: str
    recorded_at: str


def news(url: str, since: datetime) -> list[Newest]:
    """The newest entry of each case, the latest first, where it came since. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask(
            'SELECT s.number, s.title, e.act, e."by", e.phase, e.recorded_at FROM current_state s '
            "JOIN entry e ON e.number = s.number AND e.sequence = s.entry "
            "WHERE s.recorded_at >= ? ORDER BY s.recorded_at DESC",
            [since.astimezone(UTC).isoformat(timespec="milliseconds")],
        )
    return [Newest(*row) for row in rows]


def open_by_kind(url: str) -> dict[tuple[str, str], int]:
    """How many cases have not ended, by procedure and kind. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT procedure, kind, count(*) FROM current_state WHERE NOT ended GROUP BY 1, 2")
    return {(procedure, kind): many for procedure, kind, many in rows}


def procedures(url: str) -> dict[str, str]:
    """The code of the procedure of every case, by its number. Raises: NotReachable."""
    with questions(url) as ask:
        return dict(ask("SELECT number, procedure FROM current_state"))


def open_cases(url: str) -> list[OpenCase]:
    """Every case that has not ended, with its clocks and its law, by number.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    columns = "number, kind, COALESCE(in_force_on, authorised_on), clocks, law, conditions, facts"
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM current_state WHERE NOT ended")
    found = [
        OpenCase(
            number=number,
            kind=kind,
            counts_from=as_day(counts_from),
            clocks=texts(clocks),
            law=law,
            conditions=tuple((c["number"], date.fromisoformat(c["due_on"])) for c in texts(conditions)),
            facts=days(facts),
        )
        for number, kind, counts_from, clocks, law, conditions, facts in rows
    ]
    return sorted(found, key=lambda case: natural(case.number))


@dataclass(frozen=True)
class Stand:
    """How far the register has come with a case: its last entry, when it was written, whether it ended."""

    entry: int
    ended: bool
    recorded_at: str


def stands(url: str) -> dict[str, Stand]:
    """How far every case has come, by number.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        rows = ask("SELECT number, entry, ended, recorded_at FROM current_state")
    return {number: Stand(entry, bool(ended), recorded_at) for number, entry, ended, recorded_at in rows}


@dataclass(frozen=True)
class Request:
    """A request to cancel a case that no person has looked at yet, and when it was written down."""

    number: str
    recorded_at: str
    possible: tuple[str, ...]


def requests_to_cancel(url: str) -> list[Request]:
    """The requests to cancel that wait for a person, the oldest first.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        rows = ask(
            "SELECT state.number, max(entry.recorded_at), state.possible, state.flags "
            "FROM current_state AS state JOIN entry ON entry.number = state.number "
            "WHERE entry.act = 'CancellationRequested' AND NOT state.ended "
            "GROUP BY state.number ORDER BY 2"
        )
    told = [(Request(number, at, texts(possible)), texts(flags)) for number, at, possible, flags in rows]
    return [request for request, flags in told if any(f.startswith("cancellation-requested:") for f in flags)]


def laws(url: str, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The laws that entries name by these hashes, as models/law/applicable.py writes them.

    Raises: RegisterConflict when the register does not hold one: an entry and its law stand together, so it
    is a damaged copy. NotReachable when there is no register yet, or it does not answer.
    """
    found: dict[str, dict[str, Any]] = {}
    with questions(url) as ask:
        for digest in sorted(set(digests)):
            rows = ask("SELECT body FROM law WHERE digest = ?", [digest])
            if not rows:
                raise RegisterConflict(
                    "register.law-missing",
                    url=spoken(url),
                    law=digest[:12],
                    possible=("status",),
                )
            found[digest] = json.loads(rows[0][0]) if isinstance(rows[0][0], str) else rows[0][0]
    return found


def laws_carried(url: str) -> list[dict[str, Any]]:
    """The law of every case that was ever entered, each once. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT body FROM law")
    return [json.loads(body) if isinstance(body, str) else body for (body,) in rows]


def natural(number: str) -> tuple[str | int, ...]:
    """The order in which people count: 2026-99 comes before 2026-100."""
    return tuple(int(part) if i % 2 else part for i, part in enumerate(_DIGITS.split(number)))


def filed_names(url: str) -> list[FiledName]:
    """Every name under which something is kept in the store: filed or sent, or the history of a run."""
    with questions(url) as ask:
        rows = ask("SELECT number, entry, name, sha256 FROM document ORDER BY number, entry, name")
        runs = ask("SELECT number, run, sha256 FROM history ORDER BY number, ended_at")
    return [FiledName(*row) for row in rows] + [FiledName(number, 0, run, sha) for number, run, sha in runs]


def states_of(rows: list[Row], today: date) -> list[State]:
    """Rows of STATE."""
    return [_state(row, today) for row in read_at_once(rows, _JSON)]


def _state(row: Row, today: date) -> State:
    """A row whose JSON has been read."""
    values = list(row)
    for column in (9, 13, 23):
        values[column] = tuple(row[column])
    for column in (10, 16, 17, 18, 19, 21):
        if row[column]:
            values[column] = as_day(row[column])
    due_on: date | None = values[10]
    values[12], values[20], values[25] = bool(row[12]), bool(row[20]), days(row[25]) if row[25] else {}
    values[24] = due = falls_due(row[24], due_on)
    passed = due_on is not None and due_on < today and _has_passed(due, due_on, today)
    values[11] = bool(row[11]) or passed
    return State(*values)


def _listed(rows: list[Row], today: date) -> list[Listed]:
    """Rows of LISTED."""
    found, now = [], today.isoformat()
    for *says, due_on, overdue, assumed, flags, unconfirmed, clocks, possible in read_at_once(
        rows, (8, 9, 10, 11)
    ):
        due, day = tuple[Due, ...](), as_day(due_on)
        last = max(now, day.isoformat()) if day else NEVER
        if some := [c for c in clocks if (on := c.get("due_on")) and on <= last]:
            due = falls_due(some, day)
        if day:
            overdue = overdue or (day < today and _has_passed(due, day, today))
        marks = day, bool(overdue), bool(assumed)
        found.append(Listed._make((*says, *marks, tuple(flags), unconfirmed, due, tuple(possible))))
    return found


def _has_passed(falls_due: tuple[Due, ...], due_on: date, today: date) -> bool:
    """Whether the day that counts has passed, on the later of its readings too."""
    return all(due.passed_after < today for due in falls_due if due.due_on == due_on and due.passed_after)


def falls_due(clocks: Iterable[dict[str, Any]], due_on: date | None) -> tuple[Due, ...]:
    """What falls due by clocks as an entry keeps them, first what does on the day that counts."""
    return in_order(
        (
            Due(
                c["ref"],
                c["desk"],
                as_day(c.get("due_on")),
                c.get("degree") or "",
                c.get("silence", ""),
                as_day(c.get("effect_on")),
                as_day(c.get("late_on")),
                bool((c.get("clock") or {}).get("presumed")),
            )
            for c in clocks
        ),
        due_on,
    )


def by_number(state: State | Listed) -> tuple[str | int, ...]:
    """The order of numbers."""
    return natural(state.number)


def _by_day(state: State | Listed) -> tuple[Any, ...]:
    return (not state.overdue, state.due_on or date.min, by_number(state))
