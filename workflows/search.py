"""What a dossier or programme can be found by in Temporal: the search attributes, typed.

Lists that must be right come from the register; these serve the Temporal UI and its filters, and
reach it a moment later. They are never encrypted: no name of a person belongs here.
"""

from __future__ import annotations

from datetime import datetime

from temporalio.common import SearchAttributeKey

PROCEDURE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("LegalProcedure")
"""CUP, MNP or UMN. Not called Procedure: that is a reserved word in Temporal's queries."""

KIND: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Kind")
"""Kind of dossier, or programme."""

PHASE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Phase")
"""The phase in which the case rests."""

APPLICANT: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Applicant")
"""Who filed: the organisation."""

PROGRAMME: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("Programme")
"""Number of the programme under which a dossier is filed."""

DUE_ON: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("DueOn")
"""The day on which the current time limit ends, as the instant at which it begins in Brussels."""

ALL: tuple[SearchAttributeKey[str] | SearchAttributeKey[datetime], ...] = (
    PROCEDURE,
    KIND,
    PHASE,
    APPLICANT,
    PROGRAMME,
    DUE_ON,
)
"""All of them, for those who register them."""
