"""The letters that the hospital exemption has beside the engine's, and what each states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from models.entry import LetterKind as AnyLetter
from models.letters import Stated
from procedures.be_hospital_exemption.words import LetterKind


class InForce(Stated):
    """The suspensive condition was met on a day: the exemption is in force from then on."""

    on: date


class ReportOwed(Stated):
    """The year that an activity report covers, and the day by which it is filed, on each reading."""

    from_on: date
    until_on: date
    due_on: date
    late_on: date | None = None


class EvaluationOwed(ReportOwed):
    """The year that is evaluated, and the days by which it is."""

    to_offices: ClassVar[bool] = True


LETTERS: Mapping[AnyLetter, type[Stated]] = {
    LetterKind.IN_FORCE: InForce,
    LetterKind.ACTIVITY_REPORT_DUE: ReportOwed,
    LetterKind.ACTIVITY_REPORT_OVERDUE: ReportOwed,
    LetterKind.EVALUATION_DUE: EvaluationOwed,
    LetterKind.EVALUATION_MISSED: EvaluationOwed,
}
