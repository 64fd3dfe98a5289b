"""Closure to new patients, and the end of a programme; both with a continuity plan for treated patients.

Law: Royal Decree of 14 December 2006, art. 106 and 108 (form not verified); Regulation (EC) 726/2004,
art. 83 § 8: treated patients keep access until the product is on the market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.acts import Closed, ClosedToNewPatients
from models.entry import LetterKind
from workflows.decision import remedies

if TYPE_CHECKING:
    from workflows.programme import ProgrammeLife

POWER = ("power-to-close",)


def close_to_new_patients(life: ProgrammeLife, act: ClosedToNewPatients) -> None:
    """No new patients from this day; the yearly re-evaluation goes on."""
    on = act.on or life.today
    life.programme.closed_to_new_patients_on = life.programme.last_update_on = on
    facts: dict[str, Any] = {"grounds": act.grounds, "continuity_plan": act.continuity_plan}
    life.note(**facts)
    remedy, named = remedies(life.law)
    life.announce(LetterKind.CLOSED_TO_NEW_PATIENTS, (*POWER, *remedy), **facts, **named, on=on)


def close_programme(life: ProgrammeLife, act: Closed) -> None:
    """The programme ends; nothing falls due any more but an unpaid invoice."""
    on = act.on or life.today
    life.programme.closed_on = life.programme.last_update_on = on
    facts: dict[str, Any] = {"grounds": act.grounds, "continuity_plan": act.continuity_plan}
    life.note(**facts)
    remedy, named = remedies(life.law)
    life.announce(LetterKind.CLOSURE, (*POWER, *remedy), **facts, **named, on=on)
