"""The yearly re-evaluation of a programme (Annex X), and what it is told of its dossiers.

Law: Royal Decree of 14 December 2006, art. 106 and 108 (period not verified); Annex X of the agency's
guidance. Filed early, on time, late or never, each has its outcome:

    early, on time   no (more) reminders; the dossier is examined
    late             the same, marked late; a proposal to suspend stays before the person
    never            the day after it was due it is flagged and escalated to applicant and desk; when the
                     limit of the escalation has passed a suspension is proposed to a person

Silence: a missed re-evaluation is never a lapse. The programme goes on until a person decides.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from models.acts import DossierEnded, DossierFiled
from models.clock import days_before
from models.decision import Outcome
from models.entry import LetterKind
from models.law.procedures.shape import Kind
from models.parties import Role
from models.phases import Phase
from models.programme import ReEvaluation, Suspension
from workflows.safety_report import take_report_ended, take_report_filed
from workflows.suspension import take_effect

if TYPE_CHECKING:
    from workflows.programme import ProgrammeLife


CLAUSES = ("re-evaluation",)


def remind(life: ProgrammeLife, due: ReEvaluation) -> None:
    """Reminds of the coming re-evaluation; reminders missed while nothing ran are sent as one."""
    ladder = life.programme.law.ladder("re-evaluation-reminders")
    while due.reminders < len(ladder) and days_before(due.due_on, ladder[due.reminders]) <= life.today:
        due.reminders += 1
    facts: dict[str, Any] = {"year": due.year, "due_on": due.due_on, "assumed": life.programme.assumed}
    life.happens("ReEvaluationReminded", **facts)
    if life.today <= due.due_on:
        counts = life.programme.clock_to(*CLAUSES, due.due_on)
        life.tell(LetterKind.RE_EVALUATION_DUE, rests_on=CLAUSES, counts=counts, **facts)


def flag_missed(life: ProgrammeLife, due: ReEvaluation, on: date) -> None:
    """The day passed and nothing was filed: flagged, and escalated to the applicant and the desk."""
    due.missed_on = on
    facts: dict[str, Any] = {"year": due.year, "due_on": due.due_on, "assumed": life.programme.assumed}
    life.happens("ReEvaluationMissed", on, **facts)
    life.tell(LetterKind.RE_EVALUATION_MISSED, rests_on=CLAUSES, **facts)
    life.tell(LetterKind.RE_EVALUATION_MISSED, Role.DESK, CLAUSES, **facts)


def propose_suspension(life: ProgrammeLife, due: ReEvaluation, on: date) -> None:
    """Puts a suspension before a person; nothing changes until that person acts."""
    due.proposed_on = on
    facts: dict[str, Any] = {"year": due.year, "due_on": due.due_on, "missed_on": due.missed_on}
    facts["assumed"] = life.programme.assumed
    life.happens("SuspensionProposed", on, **facts)
    life.tell(LetterKind.SUSPENSION_PROPOSED, Role.DESK, (*CLAUSES, "re-evaluation-escalation"), **facts)


def take_note_filed(life: ProgrammeLife, filed: DossierFiled) -> None:
    """A dossier was filed under the programme; a report or re-evaluation is no longer waited for."""
    life.note(kind=filed.kind)
    if filed.kind == Kind.SAFETY_REPORT:
        take_report_filed(life, filed)
    due = life.programme.re_evaluation(filed.year) if filed.kind == Kind.RE_EVALUATION else None
    if due is None:
        return
    first = days_before(due.due_on, life.programme.law.ladder("re-evaluation-reminders")[0])
    due.filed_on, due.dossier = filed.on, filed.dossier
    due.filed = "early" if filed.on < first else "on time" if filed.on <= due.due_on else "late"
    life.note(year=due.year, filed=due.filed)


def take_note_ended(life: ProgrammeLife, ended: DossierEnded) -> None:
    """A dossier ended: a modification changes the programme, a re-evaluation continues or halts it."""
    programme = life.programme
    life.note(kind=ended.kind, outcome=ended.outcome.value, effective_on=ended.effective_on)
    if programme.closed_on:
        life.note(without_object=True)
        return
    if ended.kind == Kind.RE_EVALUATION:
        programme.settle(ended.year, ended.outcome)
    if ended.kind == Kind.SAFETY_REPORT:
        take_report_ended(life, ended)
    if ended.outcome.phase is not Phase.GRANTED:
        return
    programme.owes(ended.conditions)
    programme.to_take_effect.append(ended)
    apply_decisions(life)


def apply_decisions(life: ProgrammeLife) -> None:
    """Decisions whose day has come change the programme; the others wait for their day."""
    programme = life.programme
    come = [ended for ended in programme.to_take_effect if ended.effective_on <= life.today]
    for ended in come:
        programme.to_take_effect.remove(ended)
        if ended.product:
            programme.product, programme.last_update_on = ended.product, ended.effective_on
        match ended.outcome:
            case Outcome.SUSPENDED:
                suspension = Suspension(
                    imposed_on=ended.on,
                    effective_on=ended.effective_on,
                    requested_by="agency",
                    grounds=ended.grounds,
                )
                programme.suspensions.append(suspension)
                take_effect(life)
            case Outcome.CLOSED_TO_NEW_PATIENTS:
                programme.closed_to_new_patients_on = programme.last_update_on = ended.effective_on
            case Outcome.CLOSED:
                programme.closed_on = programme.last_update_on = ended.effective_on
