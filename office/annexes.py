"""What the application form (Annex II) and the form of the re-evaluation (Annex X) ask, as typed fields.

Every field may stay unanswered; what the form should have said is a finding, not a refusal. No field is
about one patient. The annexes themselves were not obtained: the fields are those of domain notes 5.2 and
9, and the questions are those of the rules of eligibility.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from models.eligibility import Answers

Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=300)]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Phone = Annotated[str, Field(max_length=40)]

ONLY = {
    "centralised_scope": "CUP",
    "application_submitted": "CUP",
    "indication_authorised": "MNP",
    "indication_marketed": "MNP",
    "indication_under_review": "MNP",
    "trials_relevant": "MNP",
    "written_request": "MNP",
    "applicant_holds_authorisation": "MNP",
}
"""Questions that the rules of one procedure ask; in the other one they only tell the right route."""


class Responsible(BaseModel):
    """Who is responsible of the programme, or its physician: as it is printed on the protocol."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Short | None = None
    address: Short | None = None
    phone: Phone | None = None
    email: Short | None = None


class Application(Answers):
    """Annex II: the application for a programme, with the answers that the rules of eligibility ask."""

    strength: Short | None = None
    pharmaceutical_form: Short | None = None
    responsible: Responsible = Responsible()
    responsible_physician: Responsible = Responsible()
    inclusion_criteria: Text | None = None
    duration: Text | None = None
    costs: Text | None = None
    unused_product: Text | None = None
    consent_attached: StrictBool | None = None
    patients_expected: Count | None = None
    cohort_requested: StrictBool | None = None

    @property
    def answers(self) -> Answers:
        """The part that the rules look at."""
        return Answers(**{name: getattr(self, name) for name in Answers.model_fields})


class ReEvaluation(BaseModel):
    """Annex X: what became of the programme in the year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authorisation_state: Text | None = None
    trials_state: Text | None = None
    reimbursement_state: Text | None = None
    alternative_authorised: StrictBool | None = None
    alternative_marketed: StrictBool | None = None
    alternative_reimbursed: StrictBool | None = None
    patients_asked: Count | None = None
    patients_included: Count | None = None
    patients_stopped: Count | None = None
    patients_ongoing: Count | None = None
    safety_summary: Text | None = None
    susars: Count | None = None
    changes: Text | None = None
    supply: Text | None = None
    wish: Literal["continue", "close"] | None = None

    @property
    def answers(self) -> Answers:
        """The part that the rules look at again."""
        return Answers(
            alternative_authorised=self.alternative_authorised,
            alternative_marketed=self.alternative_marketed,
            alternative_reimbursed=self.alternative_reimbursed,
        )


def unanswered(section: Application | ReEvaluation, procedure: str) -> tuple[str, ...]:
    """The fields that the form of that procedure should have answered, in their order."""
    missing: list[str] = []
    for name in type(section).model_fields:
        value = getattr(section, name)
        if ONLY.get(name, procedure) != procedure:
            continue
        if isinstance(value, Responsible):
            missing += [f"{name}.{part}" for part in Responsible.model_fields if not getattr(value, part)]
        elif value is None or value == "":
            missing.append(name)
    return tuple(missing)
