"""What a dossier or programme can be found by in Temporal: the search attributes, typed.

Lists that must be right come from the register; these serve the Temporal UI and its filters, and
reach it a moment later. They are never encrypted: no name of a person belongs here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from models.dossier import Dossier
from models.programme import Programme
from models.receipts import Rest

PROCEDURE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("LegalProcedure")
"""The code of the procedure. Not called Procedure: that is a reserved word in Temporal's queries."""

KIND: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Kind")
"""Kind of dossier, or programme."""

PHASE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Phase")
"""The phase in which the case rests."""

APPLICANT: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Applicant")
"""Who filed, or holds what was authorised: the organisation."""

PROGRAMME: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Programme")
"""Number of the case that a dossier is filed under, its own where it is under none."""

DUE_ON: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("DueOn")
"""The day that counts, as `2026-12-18`: the same in every time zone, and in the order of its letters."""

HINDERED_SINCE: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("HinderedSince")
"""Since when something outside, such as the register, has not done its part, tried several times."""

ALL: tuple[SearchAttributeKey[str] | SearchAttributeKey[datetime], ...] = (
    PROCEDURE,
    KIND,
    PHASE,
    APPLICANT,
    PROGRAMME,
    DUE_ON,
    HINDERED_SINCE,
)
"""All of them, for those who register them."""


def of_case(case: Dossier | Programme) -> TypedSearchAttributes:
    """What a case is found by from the first moment of a run, which may begin at a rest of the case."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(PROCEDURE, case.procedure),
        SearchAttributePair(KIND, str(case.kind) if isinstance(case, Dossier) else "programme"),
        SearchAttributePair(APPLICANT, case.applicant.name if case.applicant else ""),
        SearchAttributePair(PROGRAMME, getattr(case, "programme", None) or case.number),
    ]
    if rest := case.docket.rest:
        pairs.append(SearchAttributePair(PHASE, rest.phase.value))
        pairs += [SearchAttributePair(DUE_ON, str(rest.due_on))] if rest.due_on else []
    return TypedSearchAttributes(pairs)


def where_it_rests(rest: Rest) -> list[SearchAttributeUpdate[Any]]:
    """Phase and day of a rest, in the place of those of another one."""
    due = DUE_ON.value_set(str(rest.due_on)) if rest.due_on else DUE_ON.value_unset()
    return [PHASE.value_set(rest.phase.value), due]
