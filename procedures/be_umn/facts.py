"""What the applicant's form says that the rules of eligibility ask."""

from __future__ import annotations

from typing import Literal

from models.eligibility import Answer
from models.travelling import Travelling

Disease = Literal["chronic", "seriously-debilitating", "life-threatening"]


class Answers(Travelling, frozen=True):
    """What the applicant's form says that the rules ask; None where it says nothing.

    The `alternative` answers are about the best treatment that there is for the condition, with a
    medicine that is authorised.
    """

    disease: tuple[Disease, ...] | None = None
    alternative_authorised: Answer = None
    alternative_marketed: Answer = None
    alternative_reimbursed: Answer = None
    group_of_patients: Answer = None
    free_of_charge: Answer = None
    one_indication: Answer = None
    human_medicine: Answer = None
    trial_considered: Answer = None
    authorised: Answer = None
    marketed: Answer = None
    centralised_scope: Literal["mandatory", "optional", "none"] | None = None
    application_submitted: Answer = None
    trials_ongoing: Answer = None
    indication_authorised: Answer = None
    indication_marketed: Answer = None
    indication_under_review: Answer = None
    trials_relevant: Answer = None
    written_request: Answer = None
    applicant_holds_authorisation: Answer = None
