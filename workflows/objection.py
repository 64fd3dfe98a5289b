"""An objection to an invoice, beside every phase: received, heard, decided, and perhaps brought to court.

Law: Act of 20 July 2006, art. 14/20; the clauses `payment-appeal`, `objection-decision`, `objection-court`.
An objection that lacks what the law asks for on pain of nullity starts nothing, and neither does one that
came too late; the debtor is told what.
Silence: three months without a decision open the way to court, and decide nothing. What is asked is final
when three months more, or three months since the decision was known, have passed and nobody went to court.
Until then it is not handed over to collection; whether an objection suspends payment or interest no text
says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from models.acts import Act, CourtSeised, ObjectionDecided, ObjectionHeard, ObjectionRecorded
from models.entry import Credit, LetterKind
from models.law.applicable import cites
from models.objection import APPEAL, COURT, DECISION, LIMITS, Objection
from models.parties import Role
from workflows.case import Case


def answers(case: Case) -> dict[type[Act], Callable[[Any], bool | None]]:
    """What may be done about an objection until what is asked is final, and what answers it."""
    objection = case.carried.objection
    if objection is None or not {*LIMITS} & {*case.clocks}:
        return {}
    possible: dict[type[Act], Callable[[Any], bool | None]] = {CourtSeised: partial(seise_court, case)}
    if DECISION in case.clocks:
        possible = {ObjectionDecided: partial(decide, case), **possible}
        if objection.to_be_heard:
            possible = {ObjectionHeard: partial(hear, case), **possible}
    return possible


def unlisted(case: Case) -> dict[type[Act], Callable[[Any], bool | None]]:
    """An objection may come whenever there is an invoice and none stands; that one is in court, later too."""
    if stands := case.carried.objection:
        told = stands.in_court_on or {*LIMITS} & {*case.clocks}
        return {} if told else {CourtSeised: partial(seise_court, case)}
    return {ObjectionRecorded: partial(record, case)} if case.carried.invoice else {}


def contested_until(case: Case) -> date | None:
    """The last day on which what is asked is not final; none ends it before a decision, or in court."""
    objection, court = case.carried.objection, case.clocks.get(COURT)
    if objection is None:
        return None
    if court and not objection.in_court_on:
        return court.late_on(case.law.calendar) or date.max
    return date.max if objection.in_court_on or DECISION in case.clocks else None


def record(case: Case, act: ObjectionRecorded) -> None:
    """The objection is checked against what the law asks for; one that lacks any of it is null."""
    on, too_late_since = act.on or case.today, act.too_late_since(case.carried, case.today)
    lacks = [lack.value for lack in act.lacks]
    case.note(lacks=lacks, hearing=act.hearing.value, reasoned=act.reasoned)
    said: dict[str, Any] = {"received_on": on, "hearing": act.hearing.value}
    if too_late_since:
        case.note(too_late_since=too_late_since, excused=act.excused)
    if lacks or (too_late_since and not act.excused):
        said |= {"too_late_since": None if act.excused else too_late_since, "lacks": lacks}
        _tell(case, APPEAL, **said)
        return
    case.carried.objection = Objection(received_on=on, hearing=act.hearing)
    decide_by = case.start(DECISION, on).due_on(case.law.calendar)
    case.note(decide_by=decide_by)
    _tell(case, DECISION, **said, decide_by=decide_by)


def hear(case: Case, act: ObjectionHeard) -> None:
    """The debtor was heard, or duly summoned."""
    assert case.carried.objection is not None
    case.carried.objection.heard_on = act.on or case.today


def decide(case: Case, act: ObjectionDecided) -> bool:
    """The amount is fixed; what the invoice asks beyond it is credited, and the way to court is told.

    The time to go to court runs from knowledge of the decision: the letter names its length and no day.

    Returns: True, as the day that counts may have been that of the decision.
    """
    objection, invoice, on = case.carried.objection, case.carried.invoice, act.on or case.today
    assert objection is not None
    assert invoice is not None
    objection.decided_on = on
    case.clocks.pop(COURT, None)
    case.note(cents=act.cents, grounds=act.grounds, decided_by=act.decided_by)
    if beyond := case.carried.creditable_cents - act.cents:
        invoice.credit(beyond, on)
        case.credit(Credit(cents=beyond, reason=act.grounds, issued_on=case.today))
        case.tell(LetterKind.CREDIT_NOTE, Role.INVOICE_ADDRESSEE, reason=act.grounds)
    _tell(
        case,
        COURT,
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
    case.start_by_letter(COURT, LetterKind.OBJECTION, on)
    return True


def seise_court(case: Case, act: CourtSeised) -> None:
    """The debtor went to court: nothing is handed over any more before a person has ended it."""
    assert case.carried.objection is not None
    case.carried.objection.in_court_on = act.on or case.today


def _tell(case: Case, clause: str, **said: Any) -> None:
    said["article"] = cites(case.law.digest, clause)
    case.tell(LetterKind.OBJECTION, Role.INVOICE_ADDRESSEE, (clause,), **said)
