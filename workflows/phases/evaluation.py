"""The evaluation of a programme by its authority, on the state of science.

Law: how it may end, and by when it is owed, stand in the law that the programme carries. It answers the
earliest period that has ended and was not evaluated; one at another moment, because something was learnt, is
beside them.
Silence: does not apply here; one that is not made is missed (workflows/phases/obligation.py).
"""

from __future__ import annotations

from typing import Any

from models.acts import Evaluated
from models.entry import LetterKind
from models.notes import DossierEnded
from models.parties import Role
from workflows.in_force import ProgrammeInForce
from workflows.phases.dossiers import apply_decisions


def evaluate(life: ProgrammeInForce, act: Evaluated) -> None:
    """The programme goes on, or not, as the evaluation says, from the day on which that takes effect."""
    programme, on = life.programme, act.on or life.today
    ruling = life.law.ruling(act.outcome)
    if obligation := programme.fulfil(act.command, on):
        life.note(due_on=obligation.due_on, filed=obligation.filed)
    facts: dict[str, Any] = {
        "kind": "evaluation",
        "outcome": act.outcome.value,
        "grounds": act.grounds,
        "continuity_plan": act.continuity_plan,
        "conditions": [
            condition.model_dump(mode="json", include={"number", "text", "due_on"})
            for condition in programme.owes(act.conditions)
        ],
        "decided_on": on,
        "effective_on": act.effective_on or on,
        **({"until_on": act.until_on} if act.until_on else {}),
    }
    life.note(**facts)
    for role in (Role.APPLICANT, *(life.law.copies_to if ruling.halts else ())):
        life.notify(
            LetterKind.DECISION, role, life.law.conditions, signatory=act.signatory(life.law), **facts
        )
    programme.to_take_effect.append(
        DossierEnded(
            dossier=programme.number,
            on=on,
            kind="evaluation",
            outcome=act.outcome,
            course=ruling.course,
            grounds=act.grounds,
            conditions=act.conditions,
            effective_on=act.effective_on or on,
            until_on=act.until_on,
        )
    )
    apply_decisions(life)
