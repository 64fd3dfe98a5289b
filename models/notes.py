"""What a case is told by others than people: dossiers, the postman, Temporal.

It cannot be refused. It waits in the docket until the case is at rest, across every change of run, and is
heard once.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.counts import Count
from models.decision import Condition, Outcome, Words
from models.parties import Channel, Language, Party, Role
from models.phases import Course
from models.signs import THE_PROCEDURE
from models.subjects import Subject
from models.texts import Name, Remark
from models.travelling import Travelling


class Note(Travelling, frozen=True):
    """What a dossier tells its programme, or the postman a case. It travels by signal."""

    dossier: str
    on: date

    @property
    def said_by(self) -> str:
        """Who tells it, as the entry names him."""
        return self.dossier


class DossierFiled(Note):
    """A dossier was filed under the programme."""

    note: Literal["DossierFiled"] = "DossierFiled"
    kind: str
    year: int | None = None


class DossierEnded(Note):
    """The examination of such a dossier ended, by a decision or without one; `course` is what it leads to.

    `subject` is what the programme is about from then on, and `applicant` whose it is, where that changes;
    `fact` the one of its life that the decision is. `counts` are the numbers that were filed.
    """

    note: Literal["DossierEnded"] = "DossierEnded"
    kind: str
    year: int | None = None
    outcome: Outcome
    course: Course | None = None
    fact: str = ""
    grounds: str = ""
    effective_on: date
    until_on: date | None = None
    conditions: tuple[Condition, ...] = ()
    elements: Words = Field(default_factory=dict)
    protocol: str = ""
    subject: Subject | None = None
    applicant: Party | None = None
    counts: tuple[Count, ...] = ()


class FactTold(Note):
    """Another case brought a fact about, of the law of this one: `dossier` is the number of the other."""

    note: Literal["FactTold"] = "FactTold"
    fact: Name


class PublicNote(Note):
    """The public register was published, with what this case had to have published. `dossier` is itself."""

    @property
    def said_by(self) -> str:
        """Nobody's act: the register is published after every change of its lists, and every night."""
        return THE_PROCEDURE


class Published(PublicNote):
    """It was published in every language that is asked for."""

    note: Literal["Published"] = "Published"


class PublishedInPart(PublicNote):
    """It was published, and lacks parts in a language in which they are asked for."""

    note: Literal["PublishedInPart"] = "PublishedInPart"
    lacking: dict[Language, tuple[str, ...]]


class LetterNote(Note):
    """What became of a letter of the case itself: `notice` is its key in the register, `by` who says so."""

    request_id: str
    notice: str
    letter: str
    role: Role
    entry: int = Field(ge=1)
    by: Literal["the mail server", "the postman"] | Name

    def may_be(self, number: str, today: date) -> bool:
        """Whether a case of that number can have told such a letter, and by today."""
        told = f"{number}/{self.entry}/{self.letter}/{self.role.value}/"
        return f"{self.notice}/".startswith(told) and self.on <= today

    @property
    def said_by(self) -> str:
        """A mail server, the postman, or a person."""
        return self.by


class LetterLeft(LetterNote):
    """A letter has left on a day; what runs from its receipt runs from the day that its channel gives.

    `presented_on` is the day on which it was presented, `received_on` that of its proven receipt.
    `proof` is the reference of the post or the answer of the mail server, without addresses.
    """

    note: Literal["LetterLeft"] = "LetterLeft"
    channel: Channel
    presented_on: date | None = None
    received_on: date | None = None
    proof: str = ""


class LetterRefused(LetterNote):
    """Nobody receives a letter: a mail server takes it at no address of its recipient, or it has none.

    What has no address that mail can go to went to the desk instead, which is told by the postman.
    """

    note: Literal["LetterRefused"] = "LetterRefused"


class RegisterAhead(Note):
    """The register holds an act of the case, as `entry`: it may have lost the task that entered it.

    `dossier` is the case itself.
    """

    note: Literal["RegisterAhead"] = "RegisterAhead"
    entry: int = Field(ge=1)


class CancellationRequested(Travelling, frozen=True):
    """Somebody asked Temporal to cancel the case. The law knows no such end: a person looks at it."""

    note: Literal["CancellationRequested"] = "CancellationRequested"
    on: date
    reason: str = ""

    @property
    def said_by(self) -> str:
        """Whoever it was, it was asked of Temporal and not of the case."""
        return THE_PROCEDURE


class Reopened(Travelling, frozen=True):
    """Temporal had lost the case, or was set back: it goes on from `entries`, the last that the register has.

    A person reopened it and says why, or it found another entry standing in the place of its next one:
    `refused` is then the act that could not be entered, if it was one.
    """

    note: Literal["Reopened"] = "Reopened"
    on: date
    entries: int = Field(ge=1)
    by: Literal["the procedure"] | Name = THE_PROCEDURE
    grounds: Remark = ""
    refused: str = ""

    @property
    def said_by(self) -> str:
        """The person, or the procedure."""
        return self.by


TELLS = "take_note"
"""What a note travels as, and what the office certifies for it."""

Notes = (
    DossierFiled
    | DossierEnded
    | FactTold
    | Published
    | PublishedInPart
    | LetterLeft
    | LetterRefused
    | RegisterAhead
)
AnyNote = Annotated[Notes, Field(discriminator="note")]
"""Any note of a dossier to its programme, of another programme, the postman, the worker or a publication."""

Told = Annotated[Notes | CancellationRequested | Reopened, Field(discriminator="note")]
"""Anything that a case is told."""
