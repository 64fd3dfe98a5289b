"""Writes the register: one entry, and all that changes with it, in one transaction.

An entry, the current state, the invoice and the documents of a case stand together or not at all.
Nothing else writes entries. Long because all that stands or falls with an entry is written here.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date
from functools import partial
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities import invoices
from activities.citing import with_words
from models.correction import Correctable
from models.entry import Answered, Declined, Entered, Entry, LetterBatch, TakenUp
from models.errors import Overtaken, RegisterConflict
from models.programme import Programme
from models.receipts import Receipt
from register import carried, corrections, laws, outbox, preparations
from register.case import case, receipt_of
from register.reconciliations import SHORT, Line

SHOWN = (
    "public_list",
    "last_update_on",
    "subject",
    "authorised_on",
    "in_force_on",
    "assumed",
)
"""What the public register shows of a case."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from models.dossier import Invoice
    from models.entry import Standing


class RegisterEntries:
    """Writes entries into the register at an address.

    `lists_changed` is called after an entry that changes what the public lists show, `letters_wait` after one
    that tells letters, `decided` with case and entry after one of an act that somebody signed, each once it
    stands. None is waited for. `logged` is told of every entry that stands, also of one that came again. What
    no person brought about is `sealed` by whoever writes it.
    """

    def __init__(
        self,
        url: str,
        lists_changed: Callable[[], object] | None = None,
        letters_wait: Callable[[], object] | None = None,
        decided: Callable[[str, int], object] | None = None,
        sealed: Callable[[Entry, str], dict[str, Any]] | None = None,
        logged: Callable[[Entry], object] | None = None,
    ) -> None:
        self._url = url
        self._sealed = sealed
        self._lists_changed = lists_changed
        self._letters_wait = letters_wait
        self._decided = decided
        self._logged = logged

    @activity.defn
    def enter(self, entry: Entry) -> Entered:
        """Writes one entry, with its letters into the outbox, and replaces the current state of its case.

        Idempotent: by number and sequence. The same entry again, even long after, changes nothing and
        gets the same answer; the instant at which it was written down does not count, nor the day on
        which the case itself heard what no person did, nor the request id of an act that is done again.

        Raises: Overtaken when another entry stands under that sequence: the case goes on from the register.
        RegisterConflict when an earlier one is missing. It is retried, not given up: the case waits, visibly,
        until a person has looked. NotReachable when the database does not answer.
        """
        from sqlalchemy.exc import IntegrityError

        from register.database import transaction

        if self._sealed and entry.envelope is None:
            entry = entry.model_copy(update={"envelope": self._sealed(entry, digest(entry))})
        try:
            with transaction(self._url) as session:
                entered, changed = _entered(session, entry)
        except IntegrityError:
            # another attempt of the same entry was faster; what it wrote is read now
            with transaction(self._url) as session:
                entered, changed = _entered(session, entry)
        if self._logged:
            self._logged(entry)
        if changed and self._lists_changed:
            self._lists_changed()
        if entry.letters and self._letters_wait:
            self._letters_wait()
        if self._decided and "signatory" in entry.facts:
            self._decided(entry.number, entry.sequence)
        return entered

    @activity.defn
    def receipt(self, answered: Answered) -> Receipt:
        """The receipt of an entry, once more. Idempotent: it only reads."""
        found = case(self._url, answered.number, date.max)
        (line,) = (line for line in found.entries if line.sequence == answered.entry)
        return receipt_of(found, line)

    @activity.defn
    def declined(self, request_id: str) -> Declined | None:
        """Who declined what was prepared under a request id, if anybody. Idempotent: it only reads."""
        one = preparations.declined(self._url, request_id)
        return Declined(preparation=one.preparation, by=one.answered_by) if one else None

    @activity.defn
    def correctable(self, asked: Answered) -> Correctable | None:
        """What of an entry can be put right, and its letters. Idempotent: it only reads."""
        return corrections.stands(self._url, asked.number, asked.entry, asked.known)

    @activity.defn
    def taken_up(self, asked: Answered) -> TakenUp:
        """What stands in the place of an entry, and with what its case goes on from its last one.

        Its letters are told to it anew. Idempotent: what a case knows it hears once only.

        Raises: NotFound when nothing is kept of a case that is open; NotReachable.
        """
        found = case(self._url, asked.number, date.max)
        (line,) = (line for line in found.entries if line.sequence == asked.entry)
        kept = None if found.ended_with else carried.carried(self._url, asked.number)
        if kept:
            carried.tells_anew(self._url, asked.number)
            if self._letters_wait:
                self._letters_wait()
        return TakenUp(
            entry=line.sequence,
            act=line.act,
            by=line.by,
            on=line.happened_on,
            entries=found.state.entry,
            phase=found.state.phase,
            ended=found.state.ended,
            requests=tuple(one.request_id for one in found.entries[asked.entry - 1 :] if one.request_id),
            is_programme=isinstance(kept, Programme),
            carried=kept.written() if kept else {},
        )


_BESIDE = {"recorded_at", "carried", "receipt", "envelope"}
"""What may differ where the same entry is written once more, and what the case carries besides."""


def digest(entry: Entry) -> str:
    """What the entry says, short; not what the case carries besides."""
    says = entry.model_dump(mode="json", exclude=_BESIDE, exclude_defaults=True)
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


def _told(entry: Entry, batch: LetterBatch) -> str:
    """What the entry tells in its letters, short: the same for the same act, done again after it was lost.

    So neither the request counts nor when it was written down; the number of what was issued with it does.
    """
    issued = [batch.invoice and batch.invoice.invoice, batch.credit_note and batch.credit_note.credit_note]
    standing = entry.standing
    party = standing.applicant.id if standing.applicant else ""
    facts = entry.model_dump(mode="json", include={"facts"})["facts"]
    says = [entry.act, entry.by, str(entry.happened_on), standing.phase, party, facts, issued]
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


def _entered(session: Session, entry: Entry) -> tuple[Entered, bool]:
    """The answer to an entry, and whether the public lists may show something else now."""
    from sqlalchemy import select

    from models.register import CurrentState, EntryRow

    state, line = CurrentState.__table__, EntryRow.__table__
    shown = (state.c[column] for column in SHOWN)
    stood = session.execute(
        select(state.c.entry, *shown).where(state.c.number == entry.number).with_for_update()
    ).first()
    last = stood[0] if stood else None
    says = digest(entry)
    if stood and entry.sequence <= stood[0]:
        stands = session.execute(
            select(
                line.c.digest,
                line.c.request_id,
                line.c.act,
                line.c.by,
                line.c.happened_on,
                line.c.phase,
                line.c.facts,
                line.c.envelope,
            ).where(line.c.number == entry.number, line.c.sequence == entry.sequence)
        ).one()
        same = stands.digest == says
        if not (
            same or _heard_later(entry, stands) or _repeated(entry, stands) or _done_again(entry, stands)
        ):
            raise Overtaken("register.entry-stands", entry=entry.sequence, number=entry.number, act=entry.act)
        if entry.envelope and entry.request_id and entry.envelope != stands.envelope:
            _repeat(session, entry, entry.envelope, entry.request_id)
        entered = Entered(
            invoice=invoices.of(session, entry.number, entry.demand) if entry.demand else None,
            credit_note=invoices.credited_by(session, entry.number, entry.sequence) if entry.credit else None,
            stands=stands.digest[:SHORT],
            says=_read_of(stands._asdict()),
            goes_on=bool(entry.request_id and not same)
            or (entry.sequence < stood[0] and _acted_after(session, entry)),
        )
        # perhaps the attempt before this one was killed before it could say so
        return entered, entry.standing.public_list is not None
    if entry.sequence != (last or 0) + 1:
        raise RegisterConflict(
            "register.entry-out-of-order",
            entry=entry.sequence,
            number=entry.number,
            last=last or 0,
            first=(last or 0) + 1,
        )
    becomes = _state(entry)
    if last is None:
        session.execute(state.insert(), {**becomes, "opened_on": entry.happened_on})
    else:
        session.execute(state.update().where(state.c.number == entry.number), becomes)
    invoice = invoices.issue(session, entry.number, entry.demand) if entry.demand else None
    credited = entry.credit
    credit_note = invoices.credit(session, entry.number, entry.sequence, credited) if credited else None
    written = _line(entry, says)
    session.execute(line.insert(), {**written, "receipt": _receipt(entry, invoice)})
    if entry.invoice:
        invoices.settle(session, entry.number, entry.invoice)
    _file(session, entry)
    carried.keep_within(session, entry, invoice)
    if entry.change:
        laws.keep_changed(session, entry.change, entry.standing.law)
    if entry.letters:
        told = LetterBatch.of(entry, invoice or entry.invoice, credit_note, _yours(session, entry))
        batch = invoices.with_owed(session, told)
        outbox.put(session, with_words(batch, partial(laws.held, session)), _told(entry, batch))
    shows, showed = tuple(becomes[column] for column in SHOWN), tuple(stood[1:]) if stood else (None,)
    changed = (shows[0] or showed[0]) is not None and shows != showed
    reads = _read_of(written)
    return Entered(invoice=invoice, credit_note=credit_note, stands=says[:SHORT], says=reads), changed


def _repeat(session: Session, entry: Entry, envelope: dict[str, Any], request_id: str) -> None:
    """Keeps the envelope of an act that came once more; each once."""
    from sqlalchemy import select

    from models.register import RepetitionRow

    table = RepetitionRow.__table__
    of = table.c.number == entry.number, table.c.sequence == entry.sequence
    known = session.execute(select(table.c.envelope).where(*of)).scalars().all()
    if envelope not in known:
        told = {"number": entry.number, "sequence": entry.sequence, "repetition": len(known) + 1}
        told |= {"recorded_at": _instant(entry), "request_id": request_id}
        session.execute(table.insert(), {**told, "envelope": envelope})


def _yours(session: Session, entry: Entry) -> str:
    """The reference under which the applicant filed a case, as its first entry has it.

    What comes as a form alone has none: what its first entry has is a reference of the authority.
    """
    from sqlalchemy import select

    from models.register import EntryRow
    from procedures.registry import intake

    if entry.standing.kind in intake(entry.standing.procedure).form_alone:
        return ""
    table = EntryRow.__table__
    first = select(table.c.facts).where(table.c.number == entry.number, table.c.sequence == 1)
    return str((session.scalar(first) or {}).get("cesp_number", ""))


def _acted_after(session: Session, entry: Entry) -> bool:
    """Whether a person acted on the case after an entry that comes again: it was set back.

    Entries that no person brought about may have been written by one task, which was lost and is done again.
    """
    from sqlalchemy import select

    from models.register import EntryRow

    line = EntryRow.__table__
    later = line.c.number == entry.number, line.c.sequence > entry.sequence
    acts = select(line.c.sequence).where(*later, line.c.request_id.is_not(None)).limit(1)
    return entry.request_id is not None or session.execute(acts).first() is not None


def _heard_later(entry: Entry, stands: Any) -> bool:
    """Whether what stands is the same step of the procedure, heard on an earlier day.

    The task that entered it was lost, and was done again after midnight: what stands was told first, also
    in its letters. Where money moves, or a person acted, nothing is taken over.
    """
    if entry.request_id or stands.request_id or entry.demand or entry.credit:
        return False
    says = entry.act, entry.standing.phase, entry.model_dump(mode="json")["facts"]
    return says == (stands.act, stands.phase, stands.facts)


def _repeated(entry: Entry, stands: Any) -> bool:
    """Whether what stands is the very act of a person, done again since the task that entered it was lost.

    What it says follows from the day on which it is done, and it stands as it was entered: the case goes on
    from there.
    """
    if entry.request_id is None or entry.request_id != stands.request_id:
        return False
    if entry.envelope and stands.envelope:
        return bool(entry.envelope.get("act") == stands.envelope.get("act"))
    told = entry.model_dump(mode="json", include={"facts"})["facts"]
    return (entry.act, entry.by, told) == (stands.act, stands.by, stands.facts)


def _done_again(entry: Entry, stands: Any) -> bool:
    """Whether what stands is the same act of the same person, under another request id.

    Temporal was set back to an earlier moment, and whoever acted then has done it again: what stands is
    taken over, with its letters and its invoice.
    """
    if entry.request_id is None or stands.request_id is None:
        return False
    told = entry.model_dump(mode="json", include={"facts"})["facts"]
    says = entry.act, entry.by, entry.happened_on, entry.standing.phase, told
    return says == (stands.act, stands.by, stands.happened_on, stands.phase, stands.facts)


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
        "possible": list(standing.possible),
        "due_on": standing.due_on,
        "overdue": standing.overdue,
        "ended": standing.ended,
        "facts": entry.model_dump(mode="json", include={"facts"})["facts"],
        "unconfirmed": dict(standing.unconfirmed),
        "digest": says,
        "envelope": entry.envelope,
        **_clocks(standing),
    }


def _read_of(line: dict[str, Any]) -> str:
    """The digest of what people read in a line."""
    return Line(**{part: line[part] for part in Line.__dataclass_fields__}).says


def _receipt(entry: Entry, invoice: Invoice | None) -> dict[str, Any] | None:
    """The receipt of whoever acted, with the invoice that was issued with the entry."""
    if entry.receipt is None:
        return None
    issued = {"invoice": invoice.invoice} if invoice else {}
    return entry.receipt.model_copy(update=issued).model_dump(mode="json")


def _state(entry: Entry) -> dict[str, Any]:
    standing = entry.standing
    return {
        "number": entry.number,
        "entry": entry.sequence,
        "kind": str(standing.kind),
        "procedure": standing.procedure,
        "parent": standing.parent,
        "officer": standing.officer,
        "holder": standing.applicant.name if standing.applicant else "",
        "title": standing.subject.title,
        "subject": standing.subject.model_dump(mode="json"),
        "phase": standing.phase.value,
        "possible": list(standing.possible),
        "due_on": standing.due_on,
        "overdue": standing.overdue,
        "ended": standing.ended,
        "flags": list(standing.flags),
        "unconfirmed": dict(standing.unconfirmed),
        "public_list": standing.public_list.value if standing.public_list else None,
        "last_update_on": standing.last_update_on,
        "authorised_on": standing.authorised_on,
        "in_force_on": standing.in_force_on,
        "review_on": standing.review_on,
        "assumed": standing.assumed,
        "conditions": [
            c.model_dump(mode="json", include={"number", "text", "due_on"}) for c in standing.conditions
        ],
        "facts": {fact: on.isoformat() for fact, on in standing.facts.items()},
        "content": standing.content.model_dump(mode="json") if standing.content else {},
        "recorded_at": _instant(entry),
        **_clocks(standing),
    }


def _clocks(standing: Standing) -> dict[str, Any]:
    clocks = [clock.model_dump(mode="json", exclude_defaults=True) for clock in standing.clocks]
    return {"clocks": clocks, "law": standing.law}


def _file(session: Session, entry: Entry) -> None:
    from models.register import DocumentRow

    if not entry.documents:
        return
    if len({document.name for document in entry.documents}) < len(entry.documents):
        raise RegisterConflict("register.two-documents", entry=entry.sequence, number=entry.number)
    session.execute(
        DocumentRow.__table__.insert(),
        [
            {"number": entry.number, "entry": entry.sequence, **document.model_dump()}
            for document in entry.documents
        ],
    )


def _instant(entry: Entry) -> str:
    at = entry.recorded_at
    return (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)).isoformat(timespec="milliseconds")
