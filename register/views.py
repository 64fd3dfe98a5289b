"""Answers what people ask the register: which cases, what is due, what happened in this one.

Only reads, and only with what Python and the database's own library bring: the command line calls
this for every list.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.errors import NotFound
from register.reading import Questions, Row, questions

_STATE = (
    "number, entry, kind, procedure, programme, applicant, trade_name, active_substance, indication, "
    "phase, awaits, due_on, overdue, ended, flags, unverified, public_list, last_update_on, "
    "authorised_on, re_evaluation_on, assumed, opened_on, recorded_at, conditions"
)


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier or programme stands. `overdue`: its day has passed, or an entry says so."""

    number: str
    entry: int
    kind: str
    procedure: str
    programme: str | None
    applicant: str
    trade_name: str
    active_substance: str
    indication: str
    phase: str
    awaits: tuple[str, ...]
    due_on: date | None
    overdue: bool
    ended: bool
    flags: tuple[str, ...]
    unverified: tuple[str, ...]
    public_list: str | None
    last_update_on: date | None
    authorised_on: date | None
    re_evaluation_on: date | None
    assumed: bool
    opened_on: date
    recorded_at: str
    conditions: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what happened, who did it, and what was awaited after it."""

    sequence: int
    recorded_at: str
    happened_on: date
    act: str
    by: str
    request_id: str | None
    phase: str
    awaits: tuple[str, ...]
    due_on: date | None
    overdue: bool
    facts: dict[str, Any]
    unverified: tuple[str, ...]
    clocks: tuple[dict[str, Any], ...] = ()
    law: str = ""


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A day that counts in an open case. `clock` is as models/clock.py writes it, or nothing.

    `law` is the hash of the law that it rests on: see `laws`. `entry` is the last one of its case.
    """

    number: str
    entry: int
    kind: str
    procedure: str
    product: str
    applicant: str
    phase: str
    ref: str
    desk: str
    due_on: date | None
    clock: dict[str, Any] | None
    unverified: bool
    assumed: bool
    law: str
    recorded_at: str
    awaits: tuple[str, ...]
    flags: tuple[str, ...]
    late: bool = False
    """An entry of an earlier release says that its day has passed, and not which day."""


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock and how far its day is from today; negative when the day has passed.

    Both numbers of days are None for a clock that stands still. `weekdays_only`: working days were
    counted from Monday to Friday, because no calendar of the case's own law covers them.
    """

    clock: RunningClock
    overdue: bool
    working_days: int | None
    calendar_days: int | None
    weekdays_only: bool


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that has not ended: its clocks as models/entry.py writes them, and the hash of its law."""

    number: str
    kind: str
    authorised_on: date | None
    clocks: tuple[dict[str, Any], ...]
    law: str
    conditions: tuple[tuple[int, date], ...]


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document of an entry. `letter` says which letter of ours it is; filed documents have none."""

    entry: int
    name: str
    sha256: str
    size: int
    letter: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class FiledName:
    """A name in the register, and the document that it stands for."""

    number: str
    entry: int
    name: str
    sha256: str


LAPSES = frozenset({"payment-appeal"})
"""Clocks of a right and not of a duty: when their day has passed nobody is late."""


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """A contribution that was asked for, in cents, and how far it is paid."""

    invoice: str
    number: str
    cents: int
    communication: str
    addressee: str
    issued_on: date
    due_on: date
    paid_on: date | None
    reminders: int
    collected_on: date | None
    paid_cents: int
    credited_cents: int


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A letter on its way to one recipient. `state`: pending, sending, sent, in_doubt."""

    key: str
    entry: int
    letter: str
    role: str
    recipient: str
    subject: str
    document: str
    sha256: str
    state: str
    sent_at: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """All that the register holds of one number."""

    state: State
    entries: tuple[Line, ...]
    documents: tuple[KeptDocument, ...]
    invoices: tuple[IssuedInvoice, ...]
    notices: tuple[SentNotice, ...]
    programme: State | None
    dossiers: tuple[State, ...]


def cases(
    url: str,
    *,
    today: date,
    kind: str | None = None,
    phase: str | None = None,
    applicant: str | None = None,
    procedure: str | None = None,
    due_within: int | None = None,
    overdue: bool = False,
    open_only: bool = False,
    limit: int | None = None,
) -> list[State]:
    """The cases that all given answers fit, in the order of their numbers.

    `applicant` is a part of the name, in any case of letters. `due_within` counts calendar days from
    today and includes what is overdue; its list begins with what is due first.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    conditions = ["TRUE"]
    values: list[object] = []
    for column, value in (("kind", kind), ("phase", phase), ("procedure", procedure)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    if due_within is not None:
        conditions.append("(due_on <= ? OR overdue)")
        values.append(_last_day(today, due_within).isoformat())
    if overdue:
        conditions.append("(due_on < ? OR overdue)")
        values.append(today.isoformat())
    if open_only:
        conditions.append("NOT ended")
    with questions(url) as ask:
        rows = ask(f"SELECT {_STATE} FROM current_state WHERE {' AND '.join(conditions)}", values)
    found = [_state(row, today) for row in rows]
    if applicant:
        part = applicant.casefold()
        # Here and not in SQL: SQLite compares letters beyond ASCII as they are.
        found = [state for state in found if part in state.applicant.casefold()]
    found.sort(key=_by_day if due_within is not None else _by_number)
    return found if limit is None else found[:limit]


def due(url: str, today: date, within: int, desk: str | None = None) -> list[DueClock]:
    """The clocks that end within so many calendar days, desk by desk, and all that stand still.

    A desk with something overdue comes before the others. Within a desk: what is overdue, then by day,
    then what stands still.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    last = _last_day(today, within)
    found = [
        clock
        for clock in _running(url)
        if (clock.due_on is None or clock.due_on <= last)
        and desk in (None, clock.desk)
        and not (clock.ref in LAPSES and clock.due_on and clock.due_on < today)
    ]
    days_off = _DaysOff(laws(url, (clock.law for clock in found)))
    told = [_told(clock, today, days_off) for clock in found]
    urgency: dict[str, tuple[bool, date]] = {}
    for one in told:
        urgency[one.clock.desk] = min(_urgency(one), urgency.get(one.clock.desk, (True, date.max)))
    return sorted(
        told,
        key=lambda one: (
            urgency[one.clock.desk],
            one.clock.desk,
            _urgency(one),
            natural(one.clock.number),
            one.clock.ref,
        ),
    )


def open_clocks(url: str) -> list[RunningClock]:
    """Every clock of every case that has not ended, and every invoice term, by day and number.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    by_day = sorted(_running(url), key=lambda clock: (natural(clock.number), clock.ref))
    return sorted(by_day, key=lambda clock: clock.due_on or date.max)


def open_cases(url: str) -> list[OpenCase]:
    """Every case that has not ended, with its clocks and its law, by number.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    columns = "number, kind, authorised_on, clocks, law, conditions"
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM current_state WHERE NOT ended")
    found = [
        OpenCase(
            number=number,
            kind=kind,
            authorised_on=_date(authorised_on),
            clocks=_texts(clocks),
            law=law,
            conditions=tuple(
                (c["number"], date.fromisoformat(c["due_on"])) for c in _texts(conditions) if not c["overdue"]
            ),
        )
        for number, kind, authorised_on, clocks, law, conditions in rows
    ]
    return sorted(found, key=lambda case: natural(case.number))


def laws(url: str, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The laws under these hashes, as models/law/applicable.py writes them.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    found: dict[str, dict[str, Any]] = {}
    with questions(url) as ask:
        for digest in sorted(set(digests) - {""}):
            for row in ask("SELECT body FROM law WHERE digest = ?", [digest]):
                found[digest] = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return found


def case(url: str, number: str, today: date) -> Case:
    """All that the register holds of a dossier or programme, entries in their order.

    Raises: NotFound with the nearest numbers when there is none of that number; NotReachable when
    there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        states = [_state(row, today) for row in _of(ask, _STATE, "current_state", number)]
        if not states:
            raise _not_found(ask, number)
        state = states[0]
        lines = (
            'sequence, recorded_at, happened_on, act, "by", request_id, phase, awaits, due_on, overdue, '
            "facts, unverified, clocks, law"
        )
        documents = "entry, name, sha256, size, letter, language"
        invoices = (
            "invoice, number, cents, communication, addressee, issued_on, due_on, paid_on, reminders, "
            "collected_on, paid_cents, credited_cents"
        )
        notices = "key, entry, letter, role, recipient, subject, document, sha256, state, sent_at"
        over = ask(f"SELECT {_STATE} FROM current_state WHERE number = ?", [state.programme or ""])
        under = ask(f"SELECT {_STATE} FROM current_state WHERE programme = ?", [number])
        return Case(
            state=state,
            entries=tuple(_line(row) for row in _of(ask, lines, "entry", number, "sequence")),
            documents=tuple(
                KeptDocument(*row) for row in _of(ask, documents, "document", number, "entry, name")
            ),
            invoices=tuple(_invoice(row) for row in _of(ask, invoices, "invoice", number, "year, serial")),
            notices=tuple(SentNotice(*row) for row in _of(ask, notices, "notice", number, "entry, key")),
            programme=next((_state(row, today) for row in over if row[0] != number), None),
            dossiers=tuple(sorted((_state(row, today) for row in under if row[0] != number), key=_by_number)),
        )


def natural(number: str) -> tuple[str | int, ...]:
    """The order in which people count: CUP-2026-99 comes before CUP-2026-100."""
    return tuple(int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", number)))


def working_days_between(day: date, later: date, off: Sequence[str]) -> int:
    """How many working days come after `day` up to and with `later`; negative when it is past.

    `off` are the weekdays that do not count, in order, as text; models/clock.py counts the same one by
    one, which a list of ten thousand has no time for.
    """
    if later < day:
        return -working_days_between(later, day, off)
    taken_away = bisect_right(off, later.isoformat()) - bisect_right(off, day.isoformat())
    return _weekdays_until(later) - _weekdays_until(day) - taken_away


def _weekdays_until(day: date) -> int:
    weeks, days = divmod(day.toordinal(), 7)  # day 1 was a Monday
    return 5 * weeks + min(days, 5)


class _DaysOff:
    """The weekdays that each law takes away, and the days that its calendar covers."""

    def __init__(self, bodies: dict[str, dict[str, Any]]) -> None:
        self._calendars = {digest: body["calendar"] for digest, body in bodies.items()}
        self._known: dict[tuple[str, ...], list[str]] = {}

    def of(self, law: str, *days: date) -> list[str] | None:
        """Public holidays and closing days from Monday to Friday; None when a day is not covered."""
        calendar = self._calendars.get(law)
        if calendar is None or not all(
            calendar["first"] <= day.isoformat() <= calendar["last"] for day in days
        ):
            return None
        closed = tuple(closing["day"] for closing in calendar["closing_days"])
        same = (calendar["name"], calendar["version"], calendar["first"], *closed)
        if same not in self._known:
            off = {*calendar["holidays"], *closed}
            self._known[same] = sorted(day for day in off if date.fromisoformat(day).weekday() < 5)
        return self._known[same]


def _told(clock: RunningClock, today: date, days_off: _DaysOff) -> DueClock:
    if clock.due_on is None:
        return DueClock(clock, clock.late, working_days=None, calendar_days=None, weekdays_only=False)
    off = days_off.of(clock.law, today, clock.due_on)
    return DueClock(
        clock,
        overdue=clock.late or clock.due_on < today,
        working_days=working_days_between(today, clock.due_on, off or ()),
        calendar_days=(clock.due_on - today).days,
        weekdays_only=off is None,
    )


def _urgency(told: DueClock) -> tuple[bool, date]:
    return (not told.overdue, told.clock.due_on or (date.min if told.overdue else date.max))


def _running(url: str) -> list[RunningClock]:
    columns = (
        "number, entry, kind, procedure, trade_name, applicant, phase, assumed, law, recorded_at, awaits, "
        "flags, clocks, due_on, overdue, unverified"
    )
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM current_state WHERE NOT ended")
    found: list[RunningClock] = []
    for row in rows:
        number, entry, kind, procedure, product, applicant, phase, assumed, law, recorded_at = row[:10]
        awaits, flags, clocks = _texts(row[10]), _texts(row[11]), _texts(row[12])
        due_on, overdue, unverified = row[13:]
        earlier = not clocks and bool(due_on or overdue)  # by a release that told the day only
        if earlier:
            unsure = bool(_texts(unverified))
            clocks = ({"ref": phase, "desk": "desk", "due_on": due_on, "unverified": unsure},)
        found += [
            RunningClock(
                number=number,
                entry=entry,
                kind=kind,
                procedure=procedure,
                product=product,
                applicant=applicant,
                phase=phase,
                ref=clock["ref"],
                desk=clock["desk"],
                due_on=_date(clock.get("due_on")),
                clock=clock.get("clock"),
                unverified=bool(clock.get("unverified")),
                assumed=bool(assumed),
                law=law,
                recorded_at=recorded_at,
                awaits=awaits,
                flags=flags,
                late=earlier and bool(overdue),
            )
            for clock in clocks
        ]
    return found


def filed_names(url: str) -> list[FiledName]:
    """Every name under which a document was filed or sent, in every case."""
    with questions(url) as ask:
        rows = ask("SELECT number, entry, name, sha256 FROM document ORDER BY number, entry, name")
    return [FiledName(*row) for row in rows]


def _of(ask: Questions, columns: str, table: str, number: str, order: str = "number") -> list[Row]:
    return ask(f"SELECT {columns} FROM {table} WHERE number = ? ORDER BY {order}", [number])


def _not_found(ask: Questions, number: str) -> NotFound:
    from difflib import get_close_matches

    known = {row[0].upper(): row[0] for row in ask("SELECT number FROM current_state")}
    meant = natural(number.strip().upper())
    near = [known[upper] for upper in known if natural(upper) == meant]
    near += [known[upper] for upper in get_close_matches(number.strip().upper(), known, n=3, cutoff=0.7)]
    near = list(dict.fromkeys(near))[:3]
    advice = f"The nearest are {', '.join(near)}." if near else "`umn list` shows those there are."
    return NotFound(
        f"The register holds no dossier or programme {number}. {advice}",
        possible=tuple(f"show {found}" for found in near) or ("list",),
    )


def _state(row: Row, today: date) -> State:
    values = list(row)
    for column in (10, 14, 15, 23):
        values[column] = _texts(row[column])
    for column in (11, 17, 18, 19, 21):
        values[column] = _date(row[column])
    due_on: date | None = values[11]
    values[12] = bool(row[12]) or (due_on is not None and due_on < today)
    values[13], values[20] = bool(row[13]), bool(row[20])
    return State(*values)


def _line(row: Row) -> Line:
    values = list(row)
    values[2], values[8] = _date(row[2]), _date(row[8])
    values[7], values[11] = _texts(row[7]), _texts(row[11])
    values[9] = bool(row[9])
    values[10] = json.loads(row[10]) if isinstance(row[10], str) else row[10]
    values[12] = _texts(row[12])
    return Line(*values)


def _invoice(row: Row) -> IssuedInvoice:
    values = list(row)
    for column in (5, 6, 7, 9):
        values[column] = _date(row[column])
    return IssuedInvoice(*values)


def _last_day(today: date, days: int) -> date:
    return today + timedelta(days=min(days, (date.max - today).days))


def _by_number(state: State) -> tuple[str | int, ...]:
    return natural(state.number)


def _by_day(state: State) -> tuple[Any, ...]:
    return (not state.overdue, state.due_on or date.min, _by_number(state))


def _texts(value: str | Iterable[Any]) -> tuple[Any, ...]:
    """A JSON column: text from SQLite, a list from PostgreSQL."""
    if value == "[]":
        return ()
    return tuple(json.loads(value) if isinstance(value, str) else value)


def _date(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
