"""The entry that a case writes at its rest, and the receipt that answers whoever acted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio import workflow

from models.account import Account
from models.acts import Act
from models.dossier import Dossier, FiledDocument
from models.due import on_its_day
from models.entry import Entry, Standing
from models.envelope import BEGINNINGS, MEMO
from models.parties import Party
from models.receipts import Given, Receipt, Rest
from models.signs import THE_PROCEDURE
from workflows import beside
from workflows.case import Case, Happened


def entry_of(case: Case, happened: Happened, rest: Rest, recorded_at: datetime) -> Entry:
    """What has happened, and where the case rests now."""
    request, sealed = happened.request, happened.envelope
    standing = standing_of(case, rest)
    return Entry(
        number=case.carried.number,
        sequence=case.docket.entries,
        recorded_at=recorded_at,
        happened_on=happened.on,
        act=happened.act,
        by=happened.by,
        request_id=request.request_id if request else None,
        envelope=sealed.kept(request) if sealed and request else begun_in(happened),
        receipt=receipt_of(case, happened, rest, standing) if request else None,
        facts=happened.facts,
        standing=standing,
        change=happened.change,
        carried=kept(case, happened),
        demand=happened.demand,
        credit=happened.credit,
        invoice=case.carried.invoice,
        documents=getattr(request, "documents", ()) if request else filed(case),
        letters=tuple(happened.letters),
        article=case.carried.law.article if happened.letters else "",
        invoice_addressee=pays(case) if happened.letters else None,
    )


def begun_in(happened: Happened) -> dict[str, Any] | None:
    """The envelope in which somebody began this run, where that is what happened."""
    if happened.act not in BEGINNINGS or happened.by == THE_PROCEDURE:
        return None
    kept: dict[str, Any] | None = workflow.memo_value(MEMO, None)
    return kept


def receipt_of(case: Case, happened: Happened, rest: Rest, standing: Standing) -> Receipt:
    """What whoever acted is told; the register adds the invoice that it issues."""
    return Receipt(
        number=case.carried.number,
        procedure=case.carried.law.procedure,
        phase=rest.phase,
        possible=rest.possible,
        due_on=rest.due_on,
        falls_due=on_its_day(standing.falls_due, rest.due_on),
        overdue=rest.overdue,
        entry=case.docket.entries,
        act=happened.act,
        on=happened.on,
        letters=tuple(letter.kind.value for letter in happened.letters),
        unconfirmed=rest.unconfirmed,
    )


def standing_of(case: Case, rest: Rest) -> Standing:
    """Where the case stands, with what counts beside its phases."""
    standing = case.standing(rest)
    return standing.model_copy(update={"flags": (*standing.flags, *beside.flags(case))})


def given(case: Case, happened: Happened, request: Act) -> Given:
    """That an act was answered, and by which entry."""
    return Given(digest=request.digest, entry=case.docket.entries, on=happened.on)


def kept(case: Case, happened: Happened) -> dict[str, Any]:
    """What the register keeps beside the entry: the case at this rest, without its law."""
    carries = case.carries
    if isinstance(carries, Account):
        return {}  # it is read from the register itself
    kept = carries.written("law")
    if request := happened.request:  # answered, once the entry stands
        answered = given(case, happened, request).model_dump(mode="json")
        kept["docket"].setdefault("given", {})[request.request_id] = answered
    return kept


def filed(case: Case) -> tuple[FiledDocument, ...]:
    """The documents of a dossier, with its first entry."""
    first = case.docket.entries == 1
    return case.carried.documents if first and isinstance(case.carried, Dossier) else ()


def pays(case: Case) -> Party | None:
    """Whom an invoice is addressed to."""
    carried = case.carried
    return carried.invoice_addressee if isinstance(carried, Dossier) else carried.applicant
