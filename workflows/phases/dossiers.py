"""What a programme is told of its dossiers: modifications, and what it owes.

Law: the course that each outcome takes in the law of the dossier. A decision changes the programme on the
day on which it takes effect, and not before.
Silence: does not apply.
"""

from __future__ import annotations

from models.decision import WITHOUT_MERITS
from models.entry import LetterKind
from models.notes import DossierEnded
from models.phases import Course
from models.programme import Suspension
from workflows.in_force import ProgrammeInForce
from workflows.phases.counts import measure
from workflows.phases.facts import happened_by_decision
from workflows.phases.publicity import to_be_published
from workflows.phases.suspension import take_effect
from workflows.phases.validity import tell_renewed


def take_note_ended(life: ProgrammeInForce, ended: DossierEnded) -> None:
    """A dossier ended: one changes what the programme is about, another continues or halts it."""
    programme = life.programme
    life.note(kind=ended.kind, outcome=ended.outcome.value, effective_on=ended.effective_on)
    was = programme.validity.until_on if programme.validity else None
    programme.settle(ended, life.today)
    if was and ended.kind == life.law.renewed_by and ended.course is Course.GOES_ON:
        tell_renewed(life, was)
    if ended.fact:
        happened_by_decision(life, ended.fact, ended.on)
    refused = any(ended.outcome == ruling.outcome for ruling in WITHOUT_MERITS)
    grants = ended.course is Course.GOES_ON
    measure(life, (c for c in ended.counts if not refused and (grants or c.period_until)))
    if ended.course is None:
        return
    programme.owes(ended.conditions)
    programme.to_take_effect.append(ended)
    apply_decisions(life)


def change_holder(life: ProgrammeInForce, ended: DossierEnded) -> None:
    """It passes to somebody else, who has the decision; whoever had it until then is told, too."""
    programme, before = life.programme, life.programme.applicant
    programme.applicant = ended.applicant or before
    if before is None or ended.applicant in (None, before):
        return
    assert ended.applicant
    life.notify(
        LetterKind.HOLDER_CHANGED,
        party=before,
        holder=ended.applicant.name,
        dossier=ended.dossier,
        decided_on=ended.on,
        on=ended.effective_on,
    )


def apply_decisions(life: ProgrammeInForce) -> None:
    """Decisions whose day has come change the programme; the others wait for their day."""
    programme = life.programme
    come = [ended for ended in programme.to_take_effect if ended.effective_on <= life.today]
    for ended in come:
        programme.to_take_effect.remove(ended)
        programme.subject = ended.subject or programme.subject
        change_holder(life, ended)
        programme.determine(ended.until_on, ended.elements, ended.protocol, life.today)
        match ended.course:
            case Course.HALTED:
                suspension = Suspension(
                    imposed_on=ended.on,
                    effective_on=ended.effective_on,
                    requested_by="agency",
                    grounds=ended.grounds,
                )
                programme.suspensions.append(suspension)
                take_effect(life)
            case Course.ADMITS_NO_MORE:
                programme.closed_to_new_patients_on = ended.effective_on
            case Course.ENDED:
                programme.closed_on = ended.effective_on
        modalities = ended.conditions or ended.until_on or ended.elements or ended.protocol
        changed = ended.subject or ended.applicant
        if changed or modalities or ended.course is not Course.GOES_ON:
            programme.last_update_on = ended.effective_on
            to_be_published(life, programme, ended.effective_on)
