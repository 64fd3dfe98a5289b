"""The shape of a procedure: its kinds of dossier and, for each, what its examination holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.decision import Outcome
from models.law.clause import Clause
from models.parties import Body


class Kind(StrEnum):
    """What an applicant files."""

    APPLICATION = "application"
    MODIFICATION = "modification"
    SAFETY_REPORT = "safety-report"
    RE_EVALUATION = "re-evaluation"


@dataclass(frozen=True)
class Examination:
    """What the examination of one kind of dossier holds."""

    article: str
    contribution: Clause | None
    opinions: tuple[Body, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Procedure:
    """A procedure as laid down by law: a code that numbers begin with, and its examinations.

    `safety_report` is the interval at which its programmes report on safety.
    """

    code: str
    name: str
    article: str
    safety_report: Clause
    examinations: dict[Kind, Examination]


APPLICATION_OUTCOMES = (
    Outcome.AUTHORISED,
    Outcome.AUTHORISED_WITH_CONDITIONS,
    Outcome.REFUSED,
)
RE_EVALUATION_OUTCOMES = (
    Outcome.CONTINUED,
    Outcome.CONTINUED_WITH_CONDITIONS,
    Outcome.CLOSED_TO_NEW_PATIENTS,
    Outcome.SUSPENDED,
    Outcome.CLOSED,
)
