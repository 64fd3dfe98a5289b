"""The letters that the conditional authorisation has beside the engine's, and what each states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from models.entry import LetterKind as AnyLetter
from models.letters import Stated
from procedures.eu_cma.words import LetterKind


class PeriodOwed(Stated):
    """What is owed for a period, and the day by which it is filed."""

    from_on: date
    until_on: date
    due_on: date
    late_on: date | None = None


class ReviewOwed(PeriodOwed):
    """What the agency itself owes for a period."""

    to_offices: ClassVar[bool] = True


LETTERS: Mapping[AnyLetter, type[Stated]] = {
    LetterKind.RENEWAL_DUE: PeriodOwed,
    LetterKind.RENEWAL_OVERDUE: PeriodOwed,
    LetterKind.SAFETY_UPDATE_DUE: PeriodOwed,
    LetterKind.SAFETY_UPDATE_OVERDUE: PeriodOwed,
    LetterKind.OBLIGATIONS_REVIEW_DUE: ReviewOwed,
    LetterKind.OBLIGATIONS_REVIEW_MISSED: ReviewOwed,
}
