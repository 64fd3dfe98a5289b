"""The answer to an act, and what a dossier or programme carries to give it once and for all."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from models.phases import Phase


class Receipt(BaseModel):
    """What the operator is told: where the case stands, what is awaited now, and until when.

    `awaits` are commands of the command line; `due_on` is a civil date in Brussels; `unverified`
    names the clauses behind it that no person has compared with the text of the law.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    phase: Phase
    awaits: tuple[str, ...]
    due_on: date | None
    overdue: bool = False
    entry: int
    act: str
    on: date
    letters: tuple[str, ...] = ()
    invoice: str | None = None
    unverified: tuple[str, ...] = ()


class Given(BaseModel):
    """A receipt that was given, with what the act said, so that it is never given twice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    receipt: Receipt


class Rest(BaseModel):
    """Where a case rests: its phase, what may be done now, and the day that counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phase: Phase
    awaits: tuple[str, ...]
    due_on: date | None = None
    overdue: bool = False
    unverified: tuple[str, ...] = ()


class Undelivered(BaseModel):
    """A letter of ours that came back, by its notice. The clocks of `clauses` start when it is received."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notice: str
    letter: str
    entry: int
    on: date
    clauses: tuple[str, ...] = ()


class Docket(BaseModel):
    """Travels with a case through every run: the entry counter, the last rest, receipts given.

    `since` is the day on which the present phase began: no act of it can have happened earlier.

    `law` is the hash of the law that the register was told last.
    Receipts are kept for two authorisation years: request ids deduplicate across runs, because the
    server itself deduplicates per run only.
    """

    entries: int = 0
    since: date | None = None
    asked_on: date | None = None
    rest: Rest | None = None
    given: dict[str, Given] = Field(default_factory=dict)
    noted: list[str] = Field(default_factory=list)
    law: str = ""
    undelivered: list[Undelivered] = Field(default_factory=list)

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once."""
        return tuple(
            f"letter {letter.letter} of entry {letter.entry} came back" for letter in self.undelivered
        )

    def waits_for(self, clause: str) -> bool:
        """Whether the limit of a clause does not run, because the letter that starts it came back."""
        return any(clause in letter.clauses for letter in self.undelivered)

    def enter_phase(self, phase: Phase, on: date) -> None:
        """Remembers when a phase began; one that goes on after questions began before them."""
        before = self.rest.phase if self.rest else None
        if phase is before:
            return
        if phase is Phase.QUESTIONS:
            self.asked_on = on
        elif before is not Phase.QUESTIONS:
            self.since = on

    def forget_before(self, day: date) -> None:
        """Drops receipts of acts older than a day."""
        self.given = {k: g for k, g in self.given.items() if g.receipt.on >= day}
