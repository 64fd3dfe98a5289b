"""Answers what people ask the register of one case: where it stands, and all that happened in it.

Only reads, and only with what Python and the database's own library bring.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from models.due import on_its_day
from models.errors import NotFound
from register.notices import Notice, of_case
from register.reading import Questions, Row, as_day, document, questions, texts
from register.views import STATE, State, by_number, falls_due, natural, next_first, states_of

if TYPE_CHECKING:
    from models.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what happened, who did it, and what fell due and was possible after it."""

    sequence: int
    recorded_at: str
    happened_on: date
    act: str
    by: str
    request_id: str | None
    phase: str
    possible: tuple[str, ...]
    due_on: date | None
    overdue: bool
    ended: bool
    facts: dict[str, Any]
    unconfirmed: dict[str, str]
    clocks: tuple[dict[str, Any], ...]
    law: str
    receipt: dict[str, Any] | None = None
    envelope: dict[str, Any] | None = None

    @property
    def prepared_by(self) -> str:
        """Who prepared what another person signed."""
        return str(self._signed.get("prepared", {}).get("certificate", {}).get("person", ""))

    @property
    def one_person(self) -> bool:
        """Whether one person did what takes two, as the office had no other (models/people.py)."""
        return bool(self._signed.get("certificate", {}).get("takes") == "one")

    @property
    def _signed(self) -> dict[str, Any]:
        """The envelope of the person: within that of the worker, which did what was ordered."""
        envelope = self.envelope or {}
        return dict(envelope.get("ordered", envelope))


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
class Case:
    """All that the register holds of one number."""

    state: State
    entries: tuple[Line, ...]
    documents: tuple[KeptDocument, ...]
    invoices: tuple[IssuedInvoice, ...]
    notices: tuple[Notice, ...]
    programme: State | None
    dossiers: tuple[State, ...]

    @property
    def ended_with(self) -> int:
        """The entry after which nothing was possible any more; 0 for a case that has not ended.

        A payment that is taken back later may make something possible again: in its account, not the case.
        """
        return next((entry.sequence for entry in self.entries if entry.ended), 0)


def case(url: str, number: str, today: date) -> Case:
    """All that the register holds of a dossier or programme, entries in their order.

    Raises: NotFound with the nearest numbers when there is none of that number; NotReachable when
    there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        states = states_of(_of(ask, STATE, "current_state", number), today)
        if not states:
            raise _not_found(ask, number)
        state = states[0]  # its day stays that of where it rests; what it tells comes as lists order it
        state = replace(state, falls_due=next_first(state, today).falls_due)
        lines = (
            'sequence, recorded_at, happened_on, act, "by", request_id, phase, possible, due_on, overdue, '
            "ended, facts, unconfirmed, clocks, law, receipt, envelope"
        )
        documents = "entry, name, sha256, size, letter, language"
        invoices = (
            "invoice, number, cents, communication, addressee, issued_on, due_on, paid_on, reminders, "
            "collected_on, paid_cents, credited_cents"
        )
        over = ask(f"SELECT {STATE} FROM current_state WHERE number = ?", [state.parent or ""])
        under = ask(f"SELECT {STATE} FROM current_state WHERE parent = ?", [number])
        return Case(
            state=state,
            entries=tuple(_line(row) for row in _of(ask, lines, "entry", number, "sequence")),
            documents=tuple(
                KeptDocument(*row) for row in _of(ask, documents, "document", number, "entry, name")
            ),
            invoices=tuple(_invoice(row) for row in _of(ask, invoices, "invoice", number, "year, serial")),
            notices=of_case(ask, number),
            programme=next((one for one in states_of(over, today) if one.number != number), None),
            dossiers=tuple(
                sorted((one for one in states_of(under, today) if one.number != number), key=by_number)
            ),
        )


def receipt_of(found: Case, line: Line) -> Receipt:
    """The receipt of an entry, as it was given; made from the entry where it answered nobody."""
    from models.law.degree import Degree
    from models.phases import Phase
    from models.receipts import Receipt

    if line.receipt:
        return Receipt.model_validate(line.receipt)

    return Receipt(
        number=found.state.number,
        procedure=found.state.procedure,
        phase=Phase(line.phase),
        possible=line.possible,
        due_on=line.due_on,
        falls_due=on_its_day(falls_due(line.clocks, line.due_on), line.due_on),
        overdue=line.overdue,
        entry=line.sequence,
        act=line.act,
        on=line.happened_on,
        letters=tuple(d.letter for d in found.documents if d.entry == line.sequence and d.letter),
        unconfirmed={clause: Degree(degree) for clause, degree in line.unconfirmed.items()},
    )


def _of(ask: Questions, columns: str, table: str, number: str, order: str = "number") -> list[Row]:
    return ask(f"SELECT {columns} FROM {table} WHERE number = ? ORDER BY {order}", [number])


def _not_found(ask: Questions, number: str) -> NotFound:
    from difflib import get_close_matches

    known = {row[0].upper(): row[0] for row in ask("SELECT number FROM current_state")}
    meant = natural(number.strip().upper())
    near = [known[upper] for upper in known if natural(upper) == meant]
    near += [known[upper] for upper in get_close_matches(number.strip().upper(), known, n=3, cutoff=0.7)]
    near = list(dict.fromkeys(near))[:3]
    if near:
        return NotFound(
            "case.unknown-but-near",
            number=number,
            near=near,
            possible=tuple(f"show {found}" for found in near),
        )
    return NotFound("case.unknown", number=number, possible=("list",))


def _line(row: Row) -> Line:
    values = list(row)
    values[2], values[8] = as_day(row[2]), as_day(row[8])
    values[7], values[12] = texts(row[7]), document(row[12])
    values[9], values[10] = bool(row[9]), bool(row[10])
    values[11] = json.loads(row[11]) if isinstance(row[11], str) else row[11]
    values[13] = texts(row[13])
    for column in (15, 16):
        values[column] = json.loads(row[column]) if isinstance(row[column], str) else row[column]
    return Line(*values)


def _invoice(row: Row) -> IssuedInvoice:
    values = list(row)
    for column in (5, 6, 7, 9):
        values[column] = as_day(row[column])
    return IssuedInvoice(*values)
