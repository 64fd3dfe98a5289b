"""Opinions and decisions, with their grounds, conditions and dates.

A refusal, a withdrawal or an inadmissible dossier is a legal outcome, never an error.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.parties import Body
from models.phases import Phase


class View(StrEnum):
    """What a body thinks; it binds nobody by itself."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_REMARKS = "favourable_with_remarks"
    UNFAVOURABLE = "unfavourable"


class Opinion(BaseModel):
    """The opinion of a body, or that the agency went on without it, with the ground."""

    body: Body
    view: View | None
    given_on: date
    text: str = ""


class Outcome(StrEnum):
    """How an examination ends. Which of these a decision may take, the procedure says."""

    AUTHORISED = "authorised"
    AUTHORISED_WITH_CONDITIONS = "authorised_with_conditions"
    REFUSED = "refused"
    CONTINUED = "continued"
    CONTINUED_WITH_CONDITIONS = "continued_with_conditions"
    SUSPENDED = "suspended"
    CLOSED_TO_NEW_PATIENTS = "closed_to_new_patients"
    CLOSED = "closed"
    NOTED = "noted"
    # ends without a decision on the merits
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"
    WITHOUT_OBJECT = "without_object"

    @property
    def with_conditions(self) -> bool:
        """Whether this outcome carries conditions with due dates."""
        return self in (Outcome.AUTHORISED_WITH_CONDITIONS, Outcome.CONTINUED_WITH_CONDITIONS)

    @property
    def ends_inclusion(self) -> bool:
        """Whether no new patients come in after it, so that treated patients need a continuity plan."""
        return self in (Outcome.CLOSED_TO_NEW_PATIENTS, Outcome.CLOSED)

    @property
    def halts(self) -> bool:
        """Whether a programme takes no new patients after it, so that its physicians are told."""
        return self is Outcome.SUSPENDED or self.ends_inclusion

    @property
    def burdens(self) -> bool:
        """Whether it may be contested by whoever it burdens, so that its letter names the remedies."""
        return self.halts or self.with_conditions or self in (Outcome.REFUSED, Outcome.INADMISSIBLE)

    @property
    def phase(self) -> Phase:
        """The phase in which a dossier with this outcome ends."""
        match self:
            case Outcome.REFUSED | Outcome.INADMISSIBLE | Outcome.WITHDRAWN | Outcome.NOTED:
                return Phase(self.value)
            case Outcome.WITHOUT_OBJECT:
                return Phase.WITHOUT_OBJECT
            case _:
                return Phase.GRANTED


class Condition(BaseModel):
    """Something the applicant owes under a decision, by a day."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=2000)
    due_on: date
    number: int = 0
    met_on: date | None = None
    reminded: bool = False
    overdue: bool = False


class Decision(BaseModel):
    """A binding outcome with its grounds and its four dates."""

    outcome: Outcome
    grounds: str
    continuity_plan: str = ""
    conditions: list[Condition] = Field(default_factory=list)
    decided_on: date
    effective_on: date
    notified_on: date | None = None
