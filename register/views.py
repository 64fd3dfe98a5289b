"""Answers what people ask the register: which cases, what is due, what happened in this one.

Only reads, and only with what Python and the database's own library bring: the command line calls
this for every list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import NotFound
from register.reading import Questions, Row, as_day, last_day, questions, texts

if TYPE_CHECKING:
    from models.receipts import Receipt

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
    """A letter on its way to one recipient; models/register.py tells its states."""

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

    @property
    def ended_with(self) -> int:
        """The entry after which nothing was awaited any more; 0 for a case that has not ended.

        A payment that is taken back later may have something awaited again: its account has, not the case.
        """
        from models.phases import ENDS

        ended = 0
        for entry in self.entries:
            if entry.phase not in ENDS:
                ended = 0
            elif not entry.awaits:
                ended = ended or entry.sequence
        return ended


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
        values.append(last_day(today, due_within).isoformat())
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
            authorised_on=as_day(authorised_on),
            clocks=texts(clocks),
            law=law,
            conditions=tuple(
                (c["number"], date.fromisoformat(c["due_on"])) for c in texts(conditions) if not c["overdue"]
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


def laws_carried(url: str) -> list[dict[str, Any]]:
    """The law of every case that was ever entered, each once. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT body FROM law")
    return [json.loads(body) if isinstance(body, str) else body for (body,) in rows]


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


def receipt_of(found: Case, line: Line) -> Receipt:
    """The receipt of an entry, as the register keeps it."""
    from models.phases import Phase
    from models.receipts import Receipt

    return Receipt(
        number=found.state.number,
        phase=Phase(line.phase),
        awaits=line.awaits,
        due_on=line.due_on,
        overdue=line.overdue,
        entry=line.sequence,
        act=line.act,
        on=line.happened_on,
        letters=tuple(d.letter for d in found.documents if d.entry == line.sequence and d.letter),
        unverified=line.unverified,
    )


def natural(number: str) -> tuple[str | int, ...]:
    """The order in which people count: CUP-2026-99 comes before CUP-2026-100."""
    return tuple(int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", number)))


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
        values[column] = texts(row[column])
    for column in (11, 17, 18, 19, 21):
        values[column] = as_day(row[column])
    due_on: date | None = values[11]
    values[12] = bool(row[12]) or (due_on is not None and due_on < today)
    values[13], values[20] = bool(row[13]), bool(row[20])
    return State(*values)


def _line(row: Row) -> Line:
    values = list(row)
    values[2], values[8] = as_day(row[2]), as_day(row[8])
    values[7], values[11] = texts(row[7]), texts(row[11])
    values[9] = bool(row[9])
    values[10] = json.loads(row[10]) if isinstance(row[10], str) else row[10]
    values[12] = texts(row[12])
    return Line(*values)


def _invoice(row: Row) -> IssuedInvoice:
    values = list(row)
    for column in (5, 6, 7, 9):
        values[column] = as_day(row[column])
    return IssuedInvoice(*values)


def _by_number(state: State) -> tuple[str | int, ...]:
    return natural(state.number)


def _by_day(state: State) -> tuple[Any, ...]:
    return (not state.overdue, state.due_on or date.min, _by_number(state))
