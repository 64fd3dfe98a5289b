"""The entry into force of what was authorised, where it takes a provisional authorisation, or a fact.

Law: what brings a programme into force stands in the law that it carries (models/law/states.py).
Silence: does nothing; no period runs. Until then nothing is supplied, published or owed by interval.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.acts import ProvisionallyAuthorised
from models.entry import LetterKind
from workflows.in_force import ProgrammeInForce
from workflows.phases.publicity import list_for_publication


def enter_into_force(life: ProgrammeInForce, act: ProvisionallyAuthorised) -> None:
    """In force from the day of the grant, also where that is entered later; the years run from it."""
    into_force = life.law.into_force
    assert into_force is not None
    on = act.on or life.today
    life.programme.enter_into_force(on, life.today)
    facts: dict[str, Any] = {"requested_by": act.requested_by, "grounds": act.grounds}
    life.note(**facts)
    signatory = act.signatory(life.law)
    life.notify(
        LetterKind(into_force.letter), rests_on=(into_force.clause,), signatory=signatory, **facts, on=on
    )
    list_for_publication(life, life.programme)


def fulfil_condition(life: ProgrammeInForce, on: date) -> None:
    """The suspensive condition is met: in force from that day, also where it is entered later.

    Interpretation: not from the day of the decision; whether it reaches back to that no text here says.
    """
    into_force = life.law.into_force
    assert into_force is not None
    life.programme.enter_into_force(on, life.today)
    life.tell(LetterKind(into_force.letter), rests_on=(into_force.clause,), on=on)
    list_for_publication(life, life.programme)
