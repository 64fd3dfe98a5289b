"""The answer to an act, and what a dossier or programme carries to give it once and for all."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, field_serializer

from models.due import Due
from models.flags import flag
from models.law.degree import Degree
from models.notes import (
    AnyNote,
    DossierEnded,
    DossierFiled,
    FactTold,
    LetterNote,
    PublicNote,
    RegisterAhead,
    Told,
)
from models.phases import Phase
from models.travelling import Travelling

EVENTS_OF_A_RUN = 2_000
"""How long the history of a run may be before the case is carried over to a new one, at rest."""


class Receipt(Travelling, frozen=True):
    """What the operator is told: where the case stands, what falls due until when, and what is possible.

    `due_on` is the day that counts, a civil date in Brussels, `falls_due` what falls due on it and by
    whom; `possible` are commands of the command line, and nobody waits for them; `unconfirmed` are
    the clauses behind the day that no person has confirmed, each with its degree of truth.
    """

    number: str
    procedure: str
    phase: Phase
    possible: tuple[str, ...]
    due_on: date | None
    falls_due: tuple[Annotated[Due, PlainSerializer(vars)], ...] = ()
    overdue: bool = False
    entry: int
    act: str
    on: date
    letters: tuple[str, ...] = ()
    invoice: str | None = None
    unconfirmed: dict[str, Degree] = Field(default_factory=dict)


class Given(Travelling, frozen=True):
    """An act that was answered: what it said, short, and the entry; the register keeps its receipt."""

    digest: str
    entry: int
    on: date


class Rest(Travelling, frozen=True):
    """Where a case rests: its phase, what may be done now, and the day that counts."""

    phase: Phase
    possible: tuple[str, ...]
    due_on: date | None = None
    overdue: bool = False
    unconfirmed: dict[str, Degree] = Field(default_factory=dict)


class Undelivered(Travelling, frozen=True):
    """A letter of ours that came back, by its notice. The clocks of `clauses` start when it is received."""

    notice: str
    letter: str
    entry: int
    on: date
    clauses: tuple[str, ...] = ()


class Left(Travelling, frozen=True):
    """When and how a letter left from whose receipt a limit counts, by its notice."""

    notice: str
    letter: str
    entry: int
    on: date
    channel: str
    proof: str = ""


class CancellationAsked(Travelling, frozen=True):
    """A cancellation that was requested of Temporal and that no person has looked at yet."""

    entry: int
    on: date


class Docket(Travelling):
    """Travels with a case through every run: the entry counter, the last rest, receipts given, notes heard.

    `since` is the day on which the present phase began: no act of it can have happened earlier.

    Acts that were answered are remembered for two authorisation years: request ids deduplicate across runs,
    because the server itself deduplicates per run only. The receipts are in the register. `officer` is who
    of the office has the case in hand.

    `under_way` and `ended` are the dossiers filed under the number, without it: so each of their notes is
    heard once, for as long as the programme lives; `linked` are facts that other
    cases told, each heard once; `noted` are the notes of letters. `told` was heard and is
    not taken up yet. `left` are the letters that left from whose receipt a limit counts.
    """

    entries: int = 0
    officer: str = ""
    since: date | None = None
    rest: Rest | None = None
    given: dict[str, Given] = Field(default_factory=dict)
    under_way: list[str] = Field(default_factory=list)
    ended: list[str] = Field(default_factory=list)
    linked: list[str] = Field(default_factory=list)
    published_on: date | None = None
    told: list[Told] = Field(default_factory=list)
    undelivered: list[Undelivered] = Field(default_factory=list)
    noted: list[str] = Field(default_factory=list)
    left: list[Left] = Field(default_factory=list)
    cancellation: CancellationAsked | None = None

    @field_serializer("told")
    def _whole(self, told: list[Any]) -> list[dict[str, Any]]:
        """With the word that tells which note it is, also where defaults are left out."""
        return [note.model_dump(mode="json") for note in told]

    def hear(self, number: str, note: AnyNote, today: date) -> bool:
        """Takes a note into the queue. Returns: False for one that is not to be heard.

        Of publications none is heard that is older than the one before. Of letters only those are heard that
        an entry of the number told, also one that the case has yet to hear of, and of no day to come; of
        dossiers only those of its series: once when it was filed, then once when it ended. A fact of another
        case is heard once.
        """
        if isinstance(note, RegisterAhead):
            if note.dossier != number or note.entry <= self.entries or note in self.told:
                return False
            self.told.append(note)
            return True
        if isinstance(note, LetterNote):
            if note.request_id in self.noted or not note.may_be(number, today):
                return False
            self.noted.append(note.request_id)
            self.told.append(note)
            return True
        if isinstance(note, PublicNote):
            known = note.dossier != number or any(isinstance(told, PublicNote) for told in self.told)
            if known or not (self.published_on or note.on) <= note.on <= today:
                return False
            self.published_on = note.on
            self.told.append(note)
            return True
        if isinstance(note, FactTold):
            told = f"{note.dossier} {note.fact}"
            if note.on > today or note.dossier == number or told in self.linked:
                return False
            self.linked.append(told)
            self.told.append(note)
            return True
        series, _, dossier = note.dossier.partition(f"{number}/")
        if series or not dossier:
            return False
        match note:
            case DossierFiled() if dossier not in (*self.under_way, *self.ended):
                self.under_way.append(dossier)
            case DossierEnded() if dossier in self.under_way:
                self.under_way.remove(dossier)
                self.ended.append(dossier)
            case _:
                return False
        self.told.append(note)
        return True

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once."""
        came_back = [flag("letter-came-back", letter.letter, letter.entry) for letter in self.undelivered]
        asked = [flag("cancellation-requested", self.cancellation.on)] if self.cancellation else []
        return (*came_back, *asked)

    def waits_for(self, clause: str) -> bool:
        """Whether the limit of a clause does not run, because the letter that starts it came back."""
        return any(clause in letter.clauses for letter in self.undelivered)

    def letter_left(self, notice: str, letter: str, entry: int, on: date, channel: str, proof: str) -> None:
        """Keeps when and how a letter left; what is said last of a notice stands."""
        told = Left(notice=notice, letter=letter, entry=entry, on=on, channel=channel, proof=proof)
        self.left = [*(one for one in self.left if one.notice != notice), told]

    def enter_phase(self, phase: Phase, on: date) -> None:
        """Remembers when a phase began."""
        if self.rest is None or phase != self.rest.phase:
            self.since = on

    def forget_before(self, day: date) -> None:
        """Forgets acts older than a day."""
        self.given = {k: g for k, g in self.given.items() if g.on >= day}
