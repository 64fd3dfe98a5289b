"""The phases of a dossier and the states of a programme, in legal order."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a dossier or a programme stands."""

    ADMISSIBILITY = "admissibility"
    COMPLETION = "completion"
    INVOICE = "invoice"
    OPINION = "opinion"
    QUESTIONS = "questions"
    DECISION = "decision"
    # how an examination ends
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    GRANTED = "granted"
    NOTED = "noted"
    WITHOUT_OBJECT = "without_object"
    # a programme
    AUTHORISED = "authorised"
    SUSPENDED = "suspended"
    CLOSED_TO_NEW_PATIENTS = "closed_to_new_patients"
    CLOSED = "closed"


ENDS = frozenset(
    {
        Phase.INADMISSIBLE,
        Phase.WITHDRAWN,
        Phase.REFUSED,
        Phase.GRANTED,
        Phase.NOTED,
        Phase.WITHOUT_OBJECT,
        Phase.CLOSED,
    }
)
"""Phases that nothing legal follows; an unpaid invoice may still be awaited."""


class PublicList(StrEnum):
    """The three lists of the agency's public page (domain notes, section 11)."""

    AUTHORISED = "authorised"
    SUSPENDED = "suspended"
    CLOSED = "closed"
