"""The phases of a dossier and the states of a programme, in legal order."""

from __future__ import annotations

from enum import StrEnum

from models.words import Word, spelt


class Kind(Word):
    """What an applicant files. Which kinds there are, the procedure says."""


class Phase(Word):
    """Where a dossier or a programme stands: the phases of an examination, and its ends of the engine's own.

    A procedure adds how an examination may end by a decision, and what the life is called that it opens.
    """

    ADMISSIBILITY = spelt("admissibility")
    COMPLETION = spelt("completion")
    OPINION = spelt("opinion")
    DECISION = spelt("decision")
    # how an examination ends
    INADMISSIBLE = spelt("inadmissible")
    WITHDRAWN = spelt("withdrawn")
    GRANTED = spelt("granted")
    WITHOUT_OBJECT = spelt("without_object")


class Stage(StrEnum):
    """How far the examination of a dossier has come: what it goes on with, whatever run is current."""

    RECEIVED = "received"
    ADMISSIBILITY = "admissibility"
    COMPLETION = "completion"
    OPINIONS = "opinions"
    DECISION = "decision"
    DECIDED = "decided"
    EFFECT = "effect"
    SETTLEMENT = "settlement"
    ENDED = "ended"


class Course(StrEnum):
    """How the life of what was authorised goes on."""

    GOES_ON = "goes_on"
    HALTED = "halted"  # until that is lifted
    ADMITS_NO_MORE = "admits_no_more"  # it goes on for those who are in it
    ENDED = "ended"


class PublicList(Word):
    """A list of a public register. Which ones there are, the procedure says."""
