"""What is owed under a programme: reminded of, fulfilled, or told to be late and escalated.

Law: what is owed, by whom and when stands in the law that the programme carries (models/law/owed.py); a
condition is part of its decision.

    early, on time   no (more) reminders; a dossier is examined, an act is done
    late             the same, marked late; a proposal stays before the person
    asked for        owed from then on, beside what recurs; only told to be late
    never            flagged and told to whoever owes it and to the desk, once its day has passed on every
                     reading; where its law says so, it is put before a person to change or to end the
                     programme once the limit of the escalation has passed

Silence: never a lapse and never a suspension by itself. The programme goes on until a person decides.
"""

from __future__ import annotations

from typing import Any

from models.acts import (
    ConditionMet,
    DayDropped,
    MarketingApplication,
    ProgrammeConfirmed,
    ProposalDeclined,
    ReportRequested,
)
from models.clock import anniversary
from models.entry import LetterKind
from models.law.owed import Owed
from models.notes import DossierFiled
from models.obligations import Obligation, Press
from models.parties import Party, Role
from models.programme import Step, authorisation_year
from workflows import effects
from workflows.in_force import ProgrammeInForce


def press(life: ProgrammeInForce, step: Step) -> None:
    """A day came that presses for something that is owed."""
    owed, obligation = life.programme.obligation(step.ref)
    match step.does:
        case Press.REMINDED:
            remind(life, owed, obligation)
        case Press.MISSED:
            flag_missed(life, owed, obligation, step)
        case Press.PROPOSED:
            propose_change(life, owed, obligation, step)


def remind(life: ProgrammeInForce, owed: Owed, obligation: Obligation) -> None:
    """Reminds of what falls due; those missed while nothing ran are sent as one, none after its day.

    The desk is told, too, of a renewal that is due at once because its day had passed.
    """
    obligation.remind(owed, life.law, life.today)
    facts = obligation.facts(owed)
    life.happens(owed.reminded, **facts)
    if life.today <= obligation.due_on:
        counts = life.programme.clock_to(owed, obligation)
        for role in dict.fromkeys((owed.owes, *([Role.DESK] if obligation.at_once(owed) else []))):
            life.tell(LetterKind(owed.due_letter), role, obligation.behind(owed), counts, **facts)


def flag_missed(life: ProgrammeInForce, owed: Owed, obligation: Obligation, step: Step) -> None:
    """The day passed in silence: flagged, and told to whoever owes it and to the desk."""
    obligation.missed_on = step.on
    facts = obligation.facts(owed)
    life.happens(owed.told_late, step.on, **facts)
    letter = owed.late_letter if not obligation.requested_on else LetterKind.REQUESTED_REPORT_OVERDUE
    for role in dict.fromkeys((owed.owes, Role.DESK)):
        life.tell(LetterKind(letter), role, obligation.behind(owed), **facts)


def propose_change(life: ProgrammeInForce, owed: Owed, obligation: Obligation, step: Step) -> None:
    """Puts a change or the end of the programme before a person; nothing happens until that person acts."""
    obligation.proposed_on = step.on
    facts = obligation.facts(owed) | {"missed_on": obligation.missed_on}
    life.happens("ChangeProposed", step.on, **facts)
    behind = (*obligation.behind(owed), owed.escalation)
    life.tell(LetterKind.CHANGE_PROPOSED, Role.DESK, behind, **facts)


def decline_proposal(life: ProgrammeInForce, act: ProposalDeclined) -> None:
    """A person declines the proposal; what was missed stays flagged until it is done."""
    for obligation in life.programme.obligations:
        if obligation.proposal_open:
            obligation.declined_on = act.on or life.today
    life.programme.proposals, life.programme.awaited = [], []
    life.programme.decline_counts()
    life.note(grounds=act.grounds)


def request_report(life: ProgrammeInForce, act: ReportRequested) -> None:
    """What the law lets be asked for is asked for: whoever owes it is told, and it is owed."""
    programme, on = life.programme, act.on or life.today
    owed, obligation = programme.ask_for(act.report, on, act.due_on)
    signatory = act.signatory(life.law)
    if signatory:
        life.note(signatory=signatory.model_dump(mode="json", exclude_defaults=True))
    life.note(requested=obligation.ref, due_on=obligation.due_on, grounds=act.grounds)
    life.tell(
        LetterKind.REPORT_REQUESTED,
        owed.owes,
        obligation.behind(owed),
        programme.clock_to(owed, obligation),
        clause=obligation.ref,
        at_once=obligation.due_on == on,
        due_on=obligation.due_on,
        grounds=act.grounds,
    )


def meet_condition(life: ProgrammeInForce, act: ConditionMet) -> None:
    """The applicant did what a decision asked."""
    owed = life.law.owed_by_decision
    assert owed is not None
    _, obligation = life.programme.obligation(f"{owed.ref}-{act.condition}")
    obligation.done_on = act.on or life.today
    life.note(condition=act.condition, text=obligation.text)


def take_filed(life: ProgrammeInForce, filed: DossierFiled) -> None:
    """A dossier was filed under the programme; what it fulfils is no longer waited for."""
    life.note(kind=filed.kind)
    if obligation := life.programme.file(filed):
        life.note(due_on=obligation.due_on, filed=obligation.filed)


def learn_of_application(life: ProgrammeInForce, act: MarketingApplication) -> None:
    """A marketing authorisation was applied for, or the application withdrawn, which changes no day back."""
    programme, on = life.programme, act.on or life.today
    if act.withdrawn:
        programme.withdrawn.append(act.command)
        life.note(withdrawn_on=on)
        return
    dropped = [each.ref for each in programme.learn(act.command, on)]
    life.note(applied_on=on, dropped=dropped, in_doubt=list(programme.days_in_doubt))


def drop_day(life: ProgrammeInForce, act: DayDropped) -> None:
    """A person drops a day that is in doubt; whoever owed it is told that it is asked no more."""
    owed, obligation = life.programme.drop(act.day)
    facts: dict[str, Any] = {"due_on": obligation.due_on, "grounds": act.grounds}
    life.note(day=act.day, **facts)
    behind = obligation.behind(owed)
    life.tell(LetterKind.DAY_DROPPED, owed.owes, behind, clause=act.day, **facts)


async def confirm(life: ProgrammeInForce, act: ProgrammeConfirmed) -> None:
    """What nobody knew of a programme that was taken over is known: from now on its periods run.

    Law: that of the procedure that it follows, as it stood when its present year began.
    """
    programme = life.programme
    procedure = act.procedure or programme.procedure
    year = authorisation_year(act.in_force_on, life.today)
    law = await effects.law_of_year(procedure, anniversary(act.in_force_on, year - 1))
    if procedure != programme.procedure:
        life.note(procedure=procedure)
    programme.applicant = Party(id="", name=act.holder)
    life.note(holder=act.holder, in_force_on=act.in_force_on, marketing_application=act.marketing_application)
    if act.marketing_application != "none":
        programme.facts[MarketingApplication.command] = act.marketing_application
    programme.confirm(act.in_force_on, law, life.today)
