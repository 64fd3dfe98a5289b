"""Closure to new patients, and the end of a programme; both with a continuity plan for treated patients.

Law: the clause `power-to-close`; what may be contested names its remedy.
Silence: does not apply; nothing closes by itself.
"""

from __future__ import annotations

from typing import Any

from models.acts import Closed, ClosedToNewPatients
from models.entry import LetterKind
from workflows.in_force import ProgrammeInForce
from workflows.phases.publicity import to_be_published

POWER = "power-to-close"


def close_to_new_patients(life: ProgrammeInForce, act: ClosedToNewPatients) -> None:
    """No new patients from this day; what is owed stays owed."""
    on = act.on or life.today
    life.programme.closed_to_new_patients_on = life.programme.last_update_on = on
    to_be_published(life, life.programme, on)
    facts: dict[str, Any] = {"grounds": act.grounds, "continuity_plan": act.continuity_plan}
    life.note(**facts)
    life.notify_by_power(LetterKind.CLOSED_TO_NEW_PATIENTS, act, POWER, **facts, on=on)


def close_programme(life: ProgrammeInForce, act: Closed) -> None:
    """The programme ends; nothing falls due any more but an unpaid invoice."""
    on = act.on or life.today
    life.programme.closed_on = life.programme.last_update_on = on
    to_be_published(life, life.programme, on)
    facts: dict[str, Any] = {"grounds": act.grounds, "continuity_plan": act.continuity_plan}
    life.note(**facts)
    life.notify_by_power(LetterKind.CLOSURE, act, POWER, **facts, on=on)
