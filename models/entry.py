"""What a workflow hands to the register and to the letter desk. Small, and free of personal data.

Each is keyed by number and entry, which makes every effect idempotent.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.clock import Clock
from models.decision import Condition
from models.dossier import CreditNote, FiledDocument, Invoice
from models.law.applicable import Law
from models.parties import Party, Product, Role
from models.phases import Phase, PublicList


class OpenClock(BaseModel):
    """A day that counts in a case: the clock that leads to it, or the decision that fixed it.

    `ref` stays the same as long as the clock runs, whatever moves its end. `desk` is whose turn it is.
    `clock` is None when a person fixed the day; `due_on` is None while a stop is open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    desk: Role
    due_on: date | None
    clock: Clock | None = None
    unverified: bool = False


class Standing(BaseModel):
    """Where a case stands after an entry: the one row that lists are made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    procedure: str
    programme: str | None = None
    applicant: Party | None
    product: Product
    phase: Phase
    awaits: tuple[str, ...]
    due_on: date | None = None
    overdue: bool = False
    ended: bool = False
    flags: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    public_list: PublicList | None = None
    last_update_on: date | None = None
    authorised_on: date | None = None
    re_evaluation_on: date | None = None
    assumed: bool = False
    conditions: tuple[Condition, ...] = ()
    clocks: tuple[OpenClock, ...] = ()
    law: str = ""


class Demand(BaseModel):
    """A contribution to be invoiced: the register gives it its number and its communication."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cents: int = Field(gt=0)
    addressee: Party
    issued_on: date
    due_on: date


class Credit(BaseModel):
    """What a dossier's invoice shall no longer ask for: the register gives the credit note its number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cents: int = Field(gt=0)
    reason: str = Field(min_length=1, max_length=4000)
    issued_on: date


class Entry(BaseModel):
    """One line of the register, never changed.

    `happened_on` is the day the fact really happened, `recorded_at` the instant (UTC) at which it was
    written down. `law` is what the clocks rest on, told once; later entries name it by its hash.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    sequence: int = Field(ge=1)
    recorded_at: datetime
    happened_on: date
    act: str
    by: str
    request_id: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    standing: Standing
    demand: Demand | None = None
    credit: Credit | None = None
    invoice: Invoice | None = None
    documents: tuple[FiledDocument, ...] = ()
    law: Law | None = None


class Entered(BaseModel):
    """The register's answer: the entry stands, and this is the invoice or credit note it issued, if any."""

    invoice: Invoice | None = None
    credit_note: CreditNote | None = None


class ToBook(BaseModel):
    """Movements to book, by their ids: what travels. Who pays, and from which account, never does.

    `left` are those whose dossier did not answer; they are tried again after the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    movements: tuple[str, ...]
    left: tuple[str, ...] = ()


class LetterKind(StrEnum):
    """Every letter of the life cycle; what each states is in models/letters.py."""

    ACKNOWLEDGEMENT = "acknowledgement"
    INCOMPLETE = "incomplete"
    INADMISSIBLE = "inadmissible"
    ADMISSIBLE = "admissible"
    INVOICE = "invoice"
    INVOICE_REMINDER = "invoice-reminder"
    CREDIT_NOTE = "credit-note"
    OPINION_REQUEST = "opinion-request"
    QUESTIONS = "questions"
    CLOCK_RESTARTED = "clock-restarted"
    LIMIT_WARNING = "limit-warning"
    LIMIT_PASSED = "limit-passed"
    DATE_MOVED = "date-moved"
    CONFLICT = "conflict"
    DECISION = "decision"
    PUBLICATION = "publication"
    WITHDRAWAL = "withdrawal"
    WITHOUT_OBJECT = "without-object"
    CONDITION_DUE = "condition-due"
    CONDITION_OVERDUE = "condition-overdue"
    SAFETY_REPORT_DUE = "safety-report-due"
    SAFETY_REPORT_OVERDUE = "safety-report-overdue"
    RE_EVALUATION_DUE = "re-evaluation-due"
    RE_EVALUATION_MISSED = "re-evaluation-missed"
    SUSPENSION_PROPOSED = "suspension-proposed"
    SUSPENSION = "suspension"
    SUSPENSION_LIFTED = "suspension-lifted"
    CLOSED_TO_NEW_PATIENTS = "closed-to-new-patients"
    CLOSURE = "closure"


class Letter(BaseModel):
    """A letter to make and send: what it is, to whom, and the facts its template may use.

    Once per occasion: the key is number, entry, kind and role.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: LetterKind
    role: Role
    facts: dict[str, Any] = Field(default_factory=dict)
    unverified: tuple[str, ...] = ()


class LetterBatch(BaseModel):
    """The letters of one entry. Committees and desks are reached through the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    entry: int
    on: date
    procedure: str
    applicant: Party | None
    invoice_addressee: Party | None = None
    product: Product
    article: str = ""
    invoice: Invoice | None = None
    credit_note: CreditNote | None = None
    letters: tuple[Letter, ...]


class Occasion(BaseModel):
    """The entry whose notices are to be sent: what `Notifications.deliver` is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    entry: int = Field(ge=1)


class TurnedAway(BaseModel):
    """A letter that a mail server will never take: which notice, and since when that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    entry: int = Field(ge=1)
    notice: str
    letter: LetterKind
    role: Role
    since: str


class SentAgain(BaseModel):
    """A letter that leaves once more: as which notice, and on which day it left.

    `replaces` is the notice in whose place it leaves: its own, where that was refused and never left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    entry: int = Field(ge=1)
    notice: str
    replaces: str = ""
    letter: LetterKind
    role: Role
    by: str
    on: date | None = None
