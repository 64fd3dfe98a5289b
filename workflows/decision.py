"""The decision with its grounds and dates, its notification, and how an examination ends without one.

Law: Medicines Act of 25 March 1964, art. 6quater; Royal Decree of 14 December 2006, art. 106 and 108.
Silence: no tacit decision, only a flag; the decision stays awaited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.acts import AnswersReceived, Decided, QuestionsRaised, ReadingChosen, Silence
from models.decision import Decision, Outcome
from models.eligibility import Verdict
from models.entry import LetterKind
from models.law.applicable import Law
from models.parties import Role
from models.phases import Phase
from workflows.opinion import choose_reading, obtain_answers, take_late_answers
from workflows.proceeding import Ended, in_facts

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination


async def take_decision(dossier: DossierExamination) -> Decision:
    """The Minister or the delegate decides within the limit; late questions still stop its clock."""
    said = dossier.law.every_limit_is_told and dossier.passed.get("decision")
    overdue = said == dossier.due("decision")
    while True:
        due_on = dossier.due("decision")
        overdue = overdue and due_on < dossier.today
        match await dossier.next_act(
            Decided,
            *dossier.may_ask,
            *dossier.late_acts,
            phase=Phase.DECISION,
            due_on=due_on,
            overdue=overdue,
            rests_on=("decision",),
        ):
            case Decided() as act:
                decided_on = act.on or dossier.today
                if dossier.two_readings:
                    dossier.note(readings_left_open=dossier.two_readings.facts(dossier))
                return Decision(
                    outcome=act.outcome,
                    grounds=act.grounds,
                    continuity_plan=act.continuity_plan,
                    conditions=[
                        condition.model_copy(update={"number": number})
                        for number, condition in enumerate(act.conditions, start=1)
                    ],
                    decided_on=decided_on,
                    effective_on=act.effective_on or decided_on,
                )
            case QuestionsRaised() as act:
                await obtain_answers(dossier, act)
            case AnswersReceived() as act:
                take_late_answers(dossier, act)
            case ReadingChosen() as act:
                choose_reading(dossier, act)
            case Silence():  # no tacit decision
                dossier.limit_passed(Phase.DECISION, "decision", due_on)
                overdue = True


def decide_without_merits(dossier: DossierExamination, end: Ended) -> Decision:
    """A dossier that is inadmissible or withdrawn ends without a decision on the merits."""
    on = dossier.today if isinstance(end.act, Silence) else end.act.on or dossier.today
    return Decision(outcome=end.outcome, grounds=end.grounds, decided_on=on, effective_on=on)


def notify_decision(dossier: DossierExamination, decision: Decision) -> None:
    """The outcome is sent to the applicant; a decision on the merits also to the bodies that were heard.

    One that halts a programme is also sent to its physicians.
    """
    decision.notified_on = dossier.today
    dossier.filed.decision = decision
    facts = decision.model_dump(mode="json", include=_FACTS) | {"kind": dossier.filed.kind.value}
    facts["conditions"] = [c.model_dump(mode="json", include=_OWED) for c in decision.conditions]
    dossier.note(**facts, notified_on=decision.notified_on)
    match decision.outcome:
        case Outcome.INADMISSIBLE:
            remedy, named = remedies(dossier.law)
            dossier.tell(LetterKind.INADMISSIBLE, rests_on=remedy, grounds=decision.grounds, **named)
        case Outcome.WITHDRAWN:
            owed = dossier.filed.invoice is not None  # after validation it stays due (F-11)
            dossier.tell(LetterKind.WITHDRAWAL, withdrawn_on=decision.decided_on, fee_due=owed)
        case Outcome.WITHOUT_OBJECT:
            dossier.tell(LetterKind.WITHOUT_OBJECT)
        case _:
            facts |= in_facts("rules", (r for r in dossier.filed.checklist if r.verdict is not Verdict.OPEN))
            remedy, named = remedies(dossier.law) if decision.outcome.burdens else ((), {})
            facts, behind = facts | named, (*judged_by(dossier), *remedy)
            dossier.tell(LetterKind.DECISION, rests_on=behind, **facts)
            for opinion in dossier.filed.opinions:
                if opinion.view is not None:
                    dossier.tell(LetterKind.DECISION, opinion.body.role, behind, **facts)
            if decision.outcome.halts:
                dossier.tell(LetterKind.DECISION, Role.PHYSICIANS, behind, **facts)


def judged_by(dossier: DossierExamination) -> tuple[str, ...]:
    """The clauses behind a decision on the merits: who decides, and by which condition."""
    return tuple(c for c in ("power-to-decide", "alternative-treatment") if c in dossier.filed.law.clauses)


def remedies(law: Law) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The clause of the remedy and what a letter states of it; nothing in laws of earlier releases.

    A remedy is the addressee's: no clock of the case runs for it.
    """
    clause = law.clauses.get("remedy-annulment")
    if clause is None:
        return (), {}
    within = law.limit(clause.clause).model_dump(mode="json")
    return (clause.clause,), {"remedy": {"within": within, "article": clause.article}}


_FACTS = {"outcome", "grounds", "continuity_plan", "decided_on", "effective_on"}
_OWED = {"number", "text", "due_on"}
