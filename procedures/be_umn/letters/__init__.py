"""The letters that compassionate use and medical need have beside the engine's, and what each states.

The words stand beside this file: a folder for each letter, or part of one, and words.<language>.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from models import entry
from models.letters import Closure, Notified, Stated
from models.words import spelt


class LetterKind(entry.LetterKind):
    """Who is told of an application; what reminds of a duty or tells it passed; what brings into force."""

    EVALUATION_DUE = spelt("evaluation-due")
    EVALUATION_MISSED = spelt("evaluation-missed")
    LIST_DUE = spelt("list-due")
    LIST_OVERDUE = spelt("list-overdue")
    FOR_INFORMATION = spelt("for-information")
    PROVISIONAL_AUTHORISATION = spelt("provisional-authorisation")
    SUCCESSOR = spelt("successor")


class ForInformation(Stated):
    """An application, told to whoever gives no opinion on it: the day on which it came or was admitted."""

    to_offices: ClassVar[bool] = True

    on: date


class ListOwed(Stated):
    """The period that a list of reactions covers, and the day by which it is filed, on each reading."""

    from_on: date
    until_on: date
    due_on: date
    late_on: date | None = None


class EvaluationOwed(ListOwed):
    """The period that the agency evaluates, and the days by which it does."""

    to_offices: ClassVar[bool] = True


class ChangeProposed(EvaluationOwed):
    """A missed evaluation, and the proposal that follows from it."""

    missed_on: date


class ProvisionallyAuthorised(Notified):
    """The provisional authorisation of making available: who asked for it, why, from which day."""

    requested_by: Literal["manufacturer", "importer", "applicant-for-authorisation"]
    grounds: str
    on: date


class SuccessorTold(Notified):
    """What becomes of the medical need programme for the indications that were refused."""

    outcome: Literal["established", "rejected", "tacit"]
    indications: str
    successor: str = ""
    grounds: str = ""
    on: date


class ClosureOfProgramme(Closure):
    """The same, with the facts by which a programme ends here."""

    fact: Literal["", "on-the-market", "indication-authorised"] = ""


LETTERS: Mapping[entry.LetterKind, type[Stated]] = {
    LetterKind.FOR_INFORMATION: ForInformation,
    LetterKind.LIST_DUE: ListOwed,
    LetterKind.LIST_OVERDUE: ListOwed,
    LetterKind.EVALUATION_DUE: EvaluationOwed,
    LetterKind.EVALUATION_MISSED: EvaluationOwed,
    LetterKind.CHANGE_PROPOSED: ChangeProposed,
    LetterKind.PROVISIONAL_AUTHORISATION: ProvisionallyAuthorised,
    LetterKind.SUCCESSOR: SuccessorTold,
    LetterKind.CLOSURE: ClosureOfProgramme,
}
