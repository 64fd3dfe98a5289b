"""Writes the register: one entry, and all that changes with it, in one transaction.

An entry, the current state, the invoice and the documents of a case stand together or not at all.
Nothing else writes entries.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities import invoices
from models.entry import Entered, Entry
from models.errors import RegisterConflict

SHOWN = (
    "public_list",
    "last_update_on",
    "trade_name",
    "active_substance",
    "indication",
    "authorised_on",
    "assumed",
)
"""What the public register shows of a case."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from models.entry import Standing
    from models.law.applicable import Law


class RegisterEntries:
    """Writes entries into the register at an address.

    `lists_changed` is called after an entry that changes what the public lists show, once it stands.
    """

    def __init__(self, url: str, lists_changed: Callable[[], object] | None = None) -> None:
        self._url = url
        self._lists_changed = lists_changed

    @activity.defn
    def enter(self, entry: Entry) -> Entered:
        """Writes one entry and replaces the current state of its case.

        Idempotent: by number and sequence. The same entry again, even long after, changes nothing and
        gets the same answer; the instant at which it was written down does not count.

        Raises: RegisterConflict when another entry stands under that sequence, or an earlier one is
        missing. It is retried, not given up: the case waits, visibly, until a person has looked.
        NotReachable when the database does not answer.
        """
        from sqlalchemy.exc import IntegrityError

        from register.database import transaction

        try:
            with transaction(self._url) as session:
                entered, changed = _entered(session, entry)
        except IntegrityError:
            # another attempt of the same entry was faster; what it wrote is read now
            with transaction(self._url) as session:
                entered, changed = _entered(session, entry)
        if changed and self._lists_changed:
            self._lists_changed()
        return entered


def digest(entry: Entry) -> str:
    """What the entry says, short. A field that is added later, at its default, does not change it."""
    says = entry.model_dump(mode="json", exclude={"recorded_at"}, exclude_defaults=True)
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


def _entered(session: Session, entry: Entry) -> tuple[Entered, bool]:
    """The answer to an entry, and whether the public lists may show something else now."""
    from sqlalchemy import select

    from models.register import CurrentState, EntryRow

    state, line = CurrentState.__table__, EntryRow.__table__  # type: ignore[attr-defined]
    shown = (state.c[column] for column in SHOWN)
    stood = session.execute(
        select(state.c.entry, *shown).where(state.c.number == entry.number).with_for_update()
    ).first()
    last = stood[0] if stood else None
    says = digest(entry)
    if entry.sequence <= (last or 0):
        stands = session.scalar(
            select(line.c.digest).where(line.c.number == entry.number, line.c.sequence == entry.sequence)
        )
        if stands != says:
            raise RegisterConflict(
                f"Entry {entry.sequence} of {entry.number} stands and says something else than the one "
                f"now offered ({entry.act}). The first one stays; see `umn show {entry.number}`."
            )
        entered = Entered(
            invoice=invoices.of(session, entry.number) if entry.demand else None,
            credit_note=invoices.credited_by(session, entry.number, entry.sequence) if entry.credit else None,
        )
        # perhaps the attempt before this one was killed before it could say so
        return entered, entry.standing.public_list is not None
    if entry.sequence != (last or 0) + 1:
        raise RegisterConflict(
            f"Entry {entry.sequence} of {entry.number} cannot stand: the register ends at {last or 0}. "
            f"Entry {(last or 0) + 1} comes first."
        )
    session.execute(line.insert(), _line(entry, says))
    becomes = _state(entry)
    if last is None:
        session.execute(state.insert(), {**becomes, "opened_on": entry.happened_on})
    else:
        session.execute(state.update().where(state.c.number == entry.number), becomes)
    invoice = invoices.issue(session, entry.number, entry.demand) if entry.demand else None
    credited = entry.credit
    credit_note = invoices.credit(session, entry.number, entry.sequence, credited) if credited else None
    if entry.invoice:
        invoices.settle(session, entry.number, entry.invoice)
    _file(session, entry)
    if entry.law:
        _keep_law(session, entry.law)
    shows = tuple(becomes[column] for column in SHOWN)
    changed = becomes["public_list"] is not None and shows != (tuple(stood[1:]) if stood else ())
    return Entered(invoice=invoice, credit_note=credit_note), changed


def _line(entry: Entry, says: str) -> dict[str, Any]:
    standing = entry.standing
    return {
        "number": entry.number,
        "sequence": entry.sequence,
        "recorded_at": _instant(entry),
        "happened_on": entry.happened_on,
        "act": entry.act,
        "by": entry.by,
        "request_id": entry.request_id,
        "phase": standing.phase.value,
        "awaits": list(standing.awaits),
        "due_on": standing.due_on,
        "overdue": standing.overdue,
        "facts": entry.model_dump(mode="json", include={"facts"})["facts"],
        "unverified": list(standing.unverified),
        "digest": says,
        **_clocks(standing),
    }


def _state(entry: Entry) -> dict[str, Any]:
    standing = entry.standing
    return {
        "number": entry.number,
        "entry": entry.sequence,
        "kind": str(standing.kind),
        "procedure": standing.procedure,
        "programme": standing.programme,
        "applicant": standing.applicant.name if standing.applicant else "",
        "trade_name": standing.product.trade_name,
        "active_substance": standing.product.active_substance,
        "indication": standing.product.indication,
        "phase": standing.phase.value,
        "awaits": list(standing.awaits),
        "due_on": standing.due_on,
        "overdue": standing.overdue,
        "ended": standing.ended,
        "flags": list(standing.flags),
        "unverified": list(standing.unverified),
        "public_list": standing.public_list.value if standing.public_list else None,
        "last_update_on": standing.last_update_on,
        "authorised_on": standing.authorised_on,
        "re_evaluation_on": standing.re_evaluation_on,
        "assumed": standing.assumed,
        "conditions": [
            c.model_dump(mode="json", include={"number", "text", "due_on", "overdue"})
            for c in standing.conditions
        ],
        "recorded_at": _instant(entry),
        **_clocks(standing),
    }


def _clocks(standing: Standing) -> dict[str, Any]:
    clocks = [clock.model_dump(mode="json", exclude_defaults=True) for clock in standing.clocks]
    return {"clocks": clocks, "law": standing.law}


def _keep_law(session: Session, law: Law) -> None:
    """The law under its hash, once; many files of a day share it."""
    from sqlalchemy import exists, select

    from models.register import LawRow

    table = LawRow.__table__  # type: ignore[attr-defined]
    if not session.scalar(select(exists().where(table.c.digest == law.digest))):
        session.execute(table.insert(), {"digest": law.digest, "body": law.model_dump(mode="json")})


def _file(session: Session, entry: Entry) -> None:
    from models.register import DocumentRow

    if not entry.documents:
        return
    if len({document.name for document in entry.documents}) < len(entry.documents):
        raise RegisterConflict(
            f"Entry {entry.sequence} of {entry.number} has two documents of one name; "
            "each name of an entry leads to one content."
        )
    session.execute(
        DocumentRow.__table__.insert(),  # type: ignore[attr-defined]
        [
            {"number": entry.number, "entry": entry.sequence, **document.model_dump()}
            for document in entry.documents
        ],
    )


def _instant(entry: Entry) -> str:
    at = entry.recorded_at
    return (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)).isoformat(timespec="milliseconds")
