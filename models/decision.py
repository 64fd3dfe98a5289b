"""Opinions and decisions, with their grounds, conditions and dates.

A refusal, a withdrawal or an inadmissible dossier is a legal outcome, never an error.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from models.parties import Body, Language
from models.phases import Course, Kind, Phase
from models.texts import Sentence
from models.travelling import Travelling
from models.words import Word, spelt


class View(StrEnum):
    """What a body thinks; whether anything can be granted without it, the law says.

    A conditional opinion is none of its own: whoever enters it says which it is.
    """

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_REMARKS = "favourable_with_remarks"
    UNFAVOURABLE = "unfavourable"
    CONDITIONAL = "conditional"

    @property
    def favours(self) -> bool:
        """Whether it is a favourable opinion, with or without remarks."""
        return self in (View.FAVOURABLE, View.FAVOURABLE_WITH_REMARKS)


class Opinion(Travelling):
    """The opinion of a body: the day on which it was given, and that on which it arrived where that is later.

    `tacit`: the body was silent, and by law its silence counts as this opinion from the day that is given.
    `late`: it was given after its last day. `received_on`: the applicant, who may contest it, had it on that
    day, as far as is known; `presumed`, where nobody proved that day. It is `final_since` the last day for a
    notice, where none came.
    """

    body: Body
    view: View
    given_on: date
    arrived_on: date | None = None
    text: str = ""
    tacit: bool = False
    late: bool = False
    received_on: date | None = None
    presumed: bool = False
    final_since: date | None = None


class Capacity(Word):
    """In which capacity a person decides for the authority; a procedure brings them."""


class Competence(Travelling, frozen=True):
    """Who may decide for the authority: in which capacity, and by which clause.

    `admits`: on whether a dossier is admissible; `rejects`: only that it is not, where the law has another
    one decide that; `evaluates`: only that a programme goes on as it is; `asks`: only for what is owed on
    request, which nobody else asks for then; the others on everything else.
    `designated`: only within a designation, which every act under it names. `elsewhere`: whoever has it is
    not of this office, where such an act is entered: it names the person who took it.
    """

    capacity: Capacity
    clause: str
    elsewhere: bool = False
    admits: bool = False
    rejects: bool = False
    evaluates: bool = False
    asks: bool = False
    designated: bool = False


class Signatory(Travelling, frozen=True):
    """Who took an act of the authority: the person, the capacity, the designation if any, and the clause."""

    person: str
    capacity: Capacity
    designation: str = ""
    clause: str


class Outcome(Word):
    """How an examination ends: without a decision on the merits, or as the procedure lets decide."""

    INADMISSIBLE = spelt("inadmissible")
    WITHDRAWN = spelt("withdrawn")
    WITHOUT_OBJECT = spelt("without_object")


class Ruling(Travelling, frozen=True):
    """What it means that an examination ends with an outcome, as the law of the file says it.

    The dossier ends in `phase`. `course` is how the life goes on of what was authorised, once the outcome
    takes effect: nothing where it leaves that as it is. `refuses`: what was asked for is refused. `accepts`:
    what was filed is accepted, for which nothing may be missing; an application that was announced is
    awaited. `fact`: to the programme under which it was filed it is a fact of this name. One that decides
    nothing, as taking note of a report, is not `contestable`: no remedy is told with it.
    """

    outcome: Outcome
    phase: Phase = Phase.GRANTED
    course: Course | None = None
    with_conditions: bool = False
    refuses: bool = False
    accepts: bool = False
    fact: str = ""
    contestable: bool = True

    @property
    def ends_inclusion(self) -> bool:
        """Whether no new patients come in after it, so that treated patients need a continuity plan."""
        return self.course in (Course.ADMITS_NO_MORE, Course.ENDED)

    @property
    def halts(self) -> bool:
        """Whether no new patients come in, be it for a time, so that whoever has copies is told."""
        return self.course is Course.HALTED or self.ends_inclusion


WITHOUT_MERITS = (
    Ruling(outcome=Outcome.INADMISSIBLE, phase=Phase.INADMISSIBLE),
    Ruling(outcome=Outcome.WITHDRAWN, phase=Phase.WITHDRAWN),
    Ruling(outcome=Outcome.WITHOUT_OBJECT, phase=Phase.WITHOUT_OBJECT),
)
"""How an examination ends without a decision on the merits, in every procedure."""


DURATION = "duration"
"""The element of a decision that is a day: the last one on which what it sets up is valid."""


class Condition(Travelling):
    """Something the applicant owes under a decision, by a day."""

    text: Sentence = Field(max_length=2000)
    due_on: date
    number: int = 0


Words = dict[Language, dict[str, str]]
"""What elements state in words: by language, and in each by the element."""


class Content(Travelling, frozen=True):
    """What was determined of the elements that the law names: for the public, and for whoever looks on.

    `elements` are those that are told in words, by language; of the others the filed version of the
    `protocol` tells, but for those that are `undetermined`.
    """

    until_on: date | None = None
    elements: Words = Field(default_factory=dict)
    protocol: str = ""
    undetermined: tuple[str, ...] = ()


class Decision(Travelling):
    """A binding outcome with its grounds and its dates; `until_on` is the last day of what it authorises.

    `elements` is what it states of the elements that the law names, in words of one language or of several;
    of the others the filed version of the `protocol` tells. One that silence took the place of has no
    grounds, and determines nothing but its outcome; `silence_of` is then the clause of the limit that passed,
    and `silent_until` the last day on which somebody could have acted. One that a dossier is inadmissible
    names the condition that is `unmet`, where the law knows some.
    """

    outcome: Outcome
    signatory: Signatory | None = None
    grounds: str
    unmet: str = ""
    continuity_plan: str = ""
    conditions: list[Condition] = Field(default_factory=list)
    decided_on: date
    effective_on: date
    until_on: date | None = None
    elements: Words = Field(default_factory=dict)
    protocol: str = ""
    notified_on: date | None = None
    silent_until: date | None = None
    silence_of: str = ""


class SetUpBySilence(Travelling):
    """What silence set up: the kind of its dossier, until when that could be decided, and as what.

    `decision` was taken by then and entered after it: a person chooses which of both counts.
    """

    kind: Kind
    until: date
    rulings: tuple[Ruling, ...]
    decision: Decision | None = None
