"""What the letter of an act of the authority states beside its facts: who took it, and the remedies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.decision import Competence
from models.errors import InputRefused
from models.law.applicable import Law


def signatory(
    possible: tuple[Competence, ...], law: Law, given: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Any]]:
    """Who took the act, of those who may, from the facts that name person and capacity; and the other facts.

    Raises: InputRefused where one of them is missing, saying which capacities there are.
    """
    left = dict(given)
    if already := left.pop("signatory", None):
        return dict(already), left
    said = {fact: str(left.pop(fact, "")) for fact in ("decided_by", "capacity", "designation")}
    competence = next((one for one in possible if one.capacity.value == said["capacity"]), None)
    if len(possible) == 1 and not said["capacity"]:
        (competence,) = possible
    if not (said["decided_by"] and competence):
        capacities = tuple(one.capacity.value for one in possible)
        raise InputRefused("letter.who-decides", capacities=capacities, possible=capacities)
    signed = {"person": said["decided_by"], "capacity": competence.capacity.value}
    article = law.clauses[competence.clause].article
    return {**signed, "designation": said["designation"], "article": article}, left


def remedy(law: Law, clause: str) -> dict[str, Any]:
    """A period of the remedy, and where that is written."""
    return {"within": law.limit(clause).model_dump(mode="json"), "article": law.clauses[clause].article}
