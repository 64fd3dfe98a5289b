"""The letters that the certificate of a treatment centre has beside the engine's, and what each states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.letters import Stated
from procedures.be_centre.words import LetterKind


class ReportOwed(Stated):
    """The report of one year, with its day."""

    year: int
    due_on: date


LETTERS: Mapping[LetterKind, type[Stated]] = {
    LetterKind.ACTIVITY_REPORT_DUE: ReportOwed,
    LetterKind.ACTIVITY_REPORT_OVERDUE: ReportOwed,
}
