"""An objection to an invoice, beside every phase: received, heard, decided, and perhaps brought to court.

Law: Act of 20 July 2006, art. 14/20; the clauses `payment-appeal`, `objection-decision`, `objection-court`.
An objection that lacks what the law asks for on pain of nullity starts nothing, and the debtor is told what.
Silence: three months without a decision open the way to court; they decide nothing. Until what is asked is
final it is not handed over to collection; whether an objection suspends payment or interest no text says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from models.account import Account
from models.acts import Act, CourtSeised, ObjectionDecided, ObjectionHeard, ObjectionRecorded
from models.entry import Credit, LetterKind, OpenClock
from models.objection import Objection
from models.parties import Role
from workflows.case import Case

DECISION = "objection-decision"
COURT = "objection-court"


def answers(case: Case) -> dict[type[Act], Callable[[Any], None]]:
    """What may be done about an objection that stands, and what answers it."""
    objection = case.carried.objection
    if objection is None or objection.in_court_on:
        return {}
    possible: dict[type[Act], Callable[[Any], None]] = {CourtSeised: partial(seise_court, case)}
    if objection.awaits_decision:
        possible = {ObjectionDecided: partial(decide, case), **possible}
        if objection.to_be_heard:
            possible = {ObjectionHeard: partial(hear, case), **possible}
    return possible


def unlisted(case: Case) -> dict[type[Act], Callable[[Any], None]]:
    """An objection may come whenever there is an invoice and none stands against it."""
    stands = case.carried.objection or case.carried.invoice is None or isinstance(case.carried, Account)
    return {} if stands else {ObjectionRecorded: partial(record, case)}


def open_clocks(case: Case) -> list[OpenClock]:
    """The time to decide on an objection, until somebody has."""
    objection = case.carried.objection
    if objection is None or not objection.awaits_decision:
        return []
    return [
        OpenClock(
            ref=DECISION,
            desk=Role.DESK,
            due_on=objection.clock.due_on(case.law.calendar),
            clock=objection.clock.model_copy(deep=True),
            degree=objection.clock.degree,
        )
    ]


def record(case: Case, act: ObjectionRecorded) -> None:
    """The objection is checked against what the law asks for; one that lacks any of it is null."""
    on = act.on or case.today
    lacks = [lack.value for lack in act.lacks]
    case.note(lacks=lacks, hearing=act.hearing.value, reasoned=act.reasoned)
    said: dict[str, Any] = {"received_on": on, "hearing": act.hearing.value}
    if lacks:
        case.tell(LetterKind.OBJECTION, Role.INVOICE_ADDRESSEE, ("payment-appeal",), **said, lacks=lacks)
        return
    clock = case.law.clock(DECISION, on)
    case.carried.objection = Objection(received_on=on, hearing=act.hearing, clock=clock)
    decide_by = clock.due_on(case.law.calendar)
    case.tell(LetterKind.OBJECTION, Role.INVOICE_ADDRESSEE, (DECISION,), clock, **said, decide_by=decide_by)


def hear(case: Case, act: ObjectionHeard) -> None:
    """The debtor was heard, or duly summoned."""
    assert case.carried.objection is not None
    case.carried.objection.heard_on = act.on or case.today


def decide(case: Case, act: ObjectionDecided) -> None:
    """The amount is fixed; what the invoice asks beyond it is credited, and the way to court is told."""
    objection, invoice, on = case.carried.objection, case.carried.invoice, act.on or case.today
    assert objection is not None
    assert invoice is not None
    objection.decided_on = on
    objection.final_on = case.law.clock(COURT, on).late_on(case.law.calendar)
    case.note(cents=act.cents, grounds=act.grounds, decided_by=act.decided_by)
    if beyond := case.carried.creditable_cents - act.cents:
        invoice.credit(beyond, on)
        case.credit(Credit(cents=beyond, reason=act.grounds, issued_on=case.today))
        case.tell(LetterKind.CREDIT_NOTE, Role.INVOICE_ADDRESSEE, reason=act.grounds)
    case.tell(
        LetterKind.OBJECTION,
        Role.INVOICE_ADDRESSEE,
        (COURT,),
        received_on=objection.received_on,
        hearing=objection.hearing.value,
        decision={
            "on": on,
            "by": act.decided_by,
            "cents": act.cents,
            "grounds": act.grounds,
            "court": case.law.limit(COURT).model_dump(mode="json"),
        },
    )


def seise_court(case: Case, act: CourtSeised) -> None:
    """The debtor went to court: nothing is handed over any more before a person has ended it."""
    assert case.carried.objection is not None
    case.carried.objection.in_court_on = act.on or case.today
