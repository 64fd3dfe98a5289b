"""What an ended case leaves to its account, as the register holds it. Only reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.account import Account
from models.clock import Clock
from models.decision import Condition, Content
from models.dossier import Invoice
from models.entry import Standing
from models.errors import RegisterConflict
from models.flags import flag
from models.law.applicable import Law
from models.objection import APPEAL, LIMITS, Objection
from models.parties import Party
from models.phases import Phase, PublicList
from models.receipts import Docket, Rest
from register.case import Case, IssuedInvoice, Line, case
from register.views import State, laws


def account_of(url: str, number: str) -> Account:
    """The invoice of an ended case, what was objected to it, its last row and its law.

    Raises: RegisterConflict when it has not ended, or its law is lost; NotReachable.
    """
    found = case(url, number, date.max)
    last = found.entries[-1]
    law = Law.model_validate(laws(url, [last.law])[last.law])
    if not found.ended_with:
        raise RegisterConflict("register.not-ended", number=number)
    state, phase = found.state, Phase(found.state.phase)
    invoice = _invoice(found, found.invoices[0]) if found.invoices else None
    clocks = {ref: clock for ref in LIMITS if (clock := _clock((last,), ref))}
    passed = {
        line.facts["clause"]: date.fromisoformat(line.facts["due_on"])
        for line in found.entries
        if line.act == "LimitPassed" and line.facts["clause"] in clocks
    }
    flags = (
        *(invoice.flags if invoice else ()),
        *(flag("limit-passed", clause, due_on) for clause, due_on in passed.items()),
    )
    return Account(
        number=number,
        opened_on=state.opened_on,
        docket=Docket(
            entries=state.entry,
            rest=Rest(phase=phase, possible=last.possible, due_on=last.due_on),
        ),
        invoice=invoice,
        objection=_objection(found),
        clocks=clocks,
        began=dict.fromkeys(clocks, _objected(found)[-1].sequence if clocks else 0),
        passed=passed,
        standing=_standing(state, phase, last.law, flags),
        law=law.brief(),
        booked={
            line.request_id: line.sequence
            for line in found.entries
            if line.request_id and line.sequence > found.ended_with
        },
    )


def _invoice(found: Case, row: IssuedInvoice) -> Invoice:
    reopened = [line.happened_on for line in found.entries if line.act == "PaymentReversed"]
    return Invoice(
        invoice=row.invoice,
        cents=row.cents,
        communication=row.communication,
        issued_on=row.issued_on,
        due_on=row.due_on,
        paid_on=row.paid_on,
        reminders=row.reminders,
        collected_on=row.collected_on,
        paid_cents=row.paid_cents,
        credited_cents=row.credited_cents,
        reopened_on=reopened[-1] if reopened else None,
        objectable=_clock(reversed(found.entries), APPEAL),
    )


def _clock(lines: Iterable[Line], ref: str) -> Clock | None:
    """The clock of a clause, as the first of some entries that tells it does."""
    told = (one["clock"] for line in lines for one in line.clocks if one["ref"] == ref and one.get("clock"))
    return next(map(Clock.model_validate, told), None)


def _objected(found: Case) -> list[Line]:
    """The objection that stands, and what came of it, entry by entry."""
    acts = ("ObjectionRecorded", "ObjectionHeard", "ObjectionDecided", "CourtSeised")
    return [
        line
        for line in found.entries
        if line.act in acts
        and not (line.facts.get("lacks") or (line.facts.get("too_late_since") and not line.facts["excused"]))
    ]


def _objection(found: Case) -> Objection | None:
    on = {line.act: line for line in _objected(found)}
    if not on:
        return None
    heard, decided, in_court = (
        on[act].happened_on if act in on else None
        for act in ("ObjectionHeard", "ObjectionDecided", "CourtSeised")
    )
    recorded = on["ObjectionRecorded"]
    return Objection(
        received_on=recorded.happened_on,
        hearing=recorded.facts["hearing"],
        heard_on=heard,
        decided_on=decided,
        in_court_on=in_court,
    )


def _standing(state: State, phase: Phase, law: str, flags: tuple[str, ...]) -> Standing:
    return Standing(
        kind=state.kind,
        procedure=state.procedure,
        parent=state.parent,
        officer=state.officer,
        # its row holds a name; letters go to whom the invoice was issued, whom the register finds itself
        applicant=Party(id="", name=state.holder) if state.holder else None,
        subject=state.about,
        phase=phase,
        possible=state.possible,
        flags=tuple(flag for flag in state.flags if flag not in flags),
        public_list=PublicList(state.public_list) if state.public_list else None,
        last_update_on=state.last_update_on,
        authorised_on=state.authorised_on,
        in_force_on=state.in_force_on,
        review_on=state.review_on,
        assumed=state.assumed,
        conditions=tuple(Condition(**condition) for condition in state.conditions),
        facts=state.facts,
        content=Content.model_validate(state.content) if state.content else None,
        law=law,
    )
