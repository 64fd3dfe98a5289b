"""Suspension of a programme, and its lifting.

Law: the clause `power-to-suspend`; what may be contested names its remedy. No text speaks of a suspension:
that it is a modality of a programme, and published as one, is our reading.
Silence: a suspension lasts until it is lifted.
"""

from __future__ import annotations

from typing import Any

from models.acts import SuspensionImposed, SuspensionLifted
from models.entry import LetterKind
from models.programme import Suspension
from workflows.in_force import ProgrammeInForce
from workflows.phases.publicity import to_be_published

POWER = "power-to-suspend"


def impose_suspension(life: ProgrammeInForce, act: SuspensionImposed) -> None:
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
    if act.requested_by == "applicant":  # whoever asks for it is suspended by no power over anybody
        life.notify_all(LetterKind.SUSPENSION, act, (POWER,), **facts)
    else:
        life.notify_by_power(LetterKind.SUSPENSION, act, POWER, **facts)
    take_effect(life)


def take_effect(life: ProgrammeInForce) -> None:
    """Suspensions whose day has come take effect; the programme stands on the list of suspended ones."""
    for suspension in life.programme.suspensions_to_come:
        if suspension.effective_on <= life.today:
            suspension.in_effect = True
            life.programme.last_update_on = suspension.effective_on
            to_be_published(life, life.programme, suspension.effective_on)


def lift_suspension(life: ProgrammeInForce, act: SuspensionLifted) -> None:
    """The programme goes on as it was before: authorised, or closed to new patients.

    Lifts what is in effect; a suspension to come stays, unless nothing is in effect: then it is that.
    """
    lifted_on = act.on or life.today
    programme = life.programme
    programme.suspensions = programme.suspensions_to_come if programme.suspended else []
    programme.last_update_on = lifted_on
    to_be_published(life, programme, lifted_on)
    facts: dict[str, Any] = {"grounds": act.grounds}
    if coming := [suspension.effective_on for suspension in programme.suspensions]:
        facts["again_on"] = min(coming)
    life.note(**facts)
    life.notify_by_power(LetterKind.SUSPENSION_LIFTED, act, POWER, **facts, on=lifted_on)
