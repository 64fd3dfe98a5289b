"""Suspension of a programme, its lifting, and the proposal to suspend that a person decides on.

Law: powers of the Minister or the delegate under Medicines Act of 25 March 1964, art. 6quater, and
Royal Decree of 14 December 2006, art. 106 and 108 (grounds and form not verified).
Silence: a suspension lasts until it is lifted; a proposal stays until a person decides on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.acts import SuspensionDeclined, SuspensionImposed, SuspensionLifted
from models.entry import LetterKind
from models.programme import Suspension
from workflows.decision import remedies

if TYPE_CHECKING:
    from workflows.programme import ProgrammeLife

POWER = ("power-to-suspend",)


def impose_suspension(life: ProgrammeLife, act: SuspensionImposed) -> None:
    """Suspends by the agency or at the applicant's request; for safety at once, else on the day given.

    A suspension may join another one, in effect or to come; none takes the place of another.
    """
    imposed_on = act.on or life.today
    suspension = Suspension(
        imposed_on=imposed_on,
        effective_on=act.effective_on or imposed_on,
        requested_by=act.requested_by,
        grounds=act.grounds,
        for_safety=act.for_safety,
    )
    life.programme.suspensions.append(suspension)
    facts = suspension.model_dump(
        mode="json", include={"grounds", "effective_on", "requested_by", "for_safety"}
    )
    life.note(**facts)
    remedy, named = remedies(life.law) if act.requested_by == "agency" else ((), {})
    life.announce(LetterKind.SUSPENSION, (*POWER, *remedy), **facts, **named)
    take_effect(life)


def take_effect(life: ProgrammeLife) -> None:
    """Suspensions whose day has come take effect; the programme stands on the list of suspended ones."""
    for suspension in life.programme.suspensions_to_come:
        if suspension.effective_on <= life.today:
            suspension.in_effect = True
            life.programme.last_update_on = suspension.effective_on


def lift_suspension(life: ProgrammeLife, act: SuspensionLifted) -> None:
    """The programme goes on as it was before: authorised, or closed to new patients.

    Lifts what is in effect; a suspension to come stays, unless nothing is in effect: then it is that.
    """
    lifted_on = act.on or life.today
    programme = life.programme
    programme.suspensions = programme.suspensions_to_come if programme.suspended else []
    programme.last_update_on = lifted_on
    facts: dict[str, Any] = {"grounds": act.grounds}
    if coming := [suspension.effective_on for suspension in programme.suspensions]:
        facts["again_on"] = min(coming)
    life.note(**facts)
    life.announce(LetterKind.SUSPENSION_LIFTED, POWER, **facts, on=lifted_on)


def decline_suspension(life: ProgrammeLife, act: SuspensionDeclined) -> None:
    """A person declines the proposal; the missed re-evaluation stays flagged until it is filed."""
    for re_evaluation in life.programme.re_evaluations:
        if re_evaluation.proposed_on and not re_evaluation.declined_on:
            re_evaluation.declined_on = act.on or life.today
    life.note(grounds=act.grounds)
