"""What a workflow hands to the register and to the letter desk. Small, and free of personal data.

Each is keyed by number and entry, which makes every effect idempotent.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from pydantic import Field

from models.clock import Clock, civil_day
from models.decision import Condition, Content
from models.dossier import CreditNote, FiledDocument, Invoice
from models.due import Due, in_order
from models.law.applicable import Change
from models.law.degree import Degree
from models.notes import FactTold
from models.parties import Language, Party, Role
from models.phases import Phase, PublicList
from models.receipts import Receipt
from models.subjects import Subject
from models.travelling import Travelling
from models.words import Word, spelt


class OpenClock(Travelling, frozen=True):
    """A day that counts in a case: the clock that leads to it, or the decision that fixed it.

    `ref` stays the same as long as the clock runs, whatever moves its end. `desk` is whose turn it is.
    `clock` is None when a person fixed the day; `due_on` is None while a stop is open. `silence` is what it
    means by law that the day passes, from the day `effect_on`; `late_on` is the day on the later of
    two readings. `degree` is that of the clause behind it; none where a person fixed the day.
    """

    ref: str
    desk: Role
    due_on: date | None
    clock: Clock | None = None
    degree: Degree | None = None
    late_on: date | None = None
    silence: str = ""
    effect_on: date | None = None

    @property
    def due(self) -> Due:
        """What falls due, in the words that people read."""
        presumed = self.clock is not None and self.clock.presumed
        told = (self.degree or "", self.silence, self.effect_on, self.late_on, presumed)
        return Due(self.ref, self.desk.value, self.due_on, *told)


class Standing(Travelling, frozen=True):
    """Where a case stands after an entry: the one row that lists are made from.

    `parent` is the number of the case that it was filed under; by `review_on` it is judged anew. `officer` is
    who of the office has it in hand.
    """

    kind: str
    procedure: str
    parent: str | None = None
    officer: str = ""
    applicant: Party | None
    subject: Subject
    phase: Phase
    possible: tuple[str, ...]
    due_on: date | None = None
    overdue: bool = False
    ended: bool = False
    flags: tuple[str, ...] = ()
    unconfirmed: dict[str, Degree] = Field(default_factory=dict)
    public_list: PublicList | None = None
    last_update_on: date | None = None
    authorised_on: date | None = None
    in_force_on: date | None = None
    review_on: date | None = None
    assumed: bool = False
    conditions: tuple[Condition, ...] = ()
    facts: dict[str, date] = Field(default_factory=dict)
    content: Content | None = None
    clocks: tuple[OpenClock, ...] = ()
    law: str

    @property
    def falls_due(self) -> tuple[Due, ...]:
        """What falls due, as the clocks that run tell it."""
        return in_order((clock.due for clock in self.clocks), self.due_on)


class Demand(Travelling, frozen=True):
    """A contribution to be invoiced: the register gives it its number and its communication.

    `clock` is how its last day was counted, and `late_on` that day on the later of two readings; they stand
    with the invoice, whatever becomes of law and calendar.
    """

    cents: int = Field(gt=0)
    addressee: Party
    issued_on: date
    due_on: date
    late_on: date | None = None
    clock: Clock | None = None


class Credit(Travelling, frozen=True):
    """What a dossier's invoice shall no longer ask for: the register gives the credit note its number."""

    cents: int = Field(gt=0)
    reason: str = Field(min_length=1, max_length=4000)
    issued_on: date


class LetterKind(Word):
    """The letters that the engine sends; models/letters.py says what each states. Procedures add theirs."""

    ACKNOWLEDGEMENT = spelt("acknowledgement")
    INCOMPLETE = spelt("incomplete")
    INADMISSIBLE = spelt("inadmissible")
    ADMISSIBLE = spelt("admissible")
    INVOICE = spelt("invoice")
    INVOICE_REMINDER = spelt("invoice-reminder")
    CREDIT_NOTE = spelt("credit-note")
    OBJECTION = spelt("objection-answered")
    SERVICES_SUSPENDED = spelt("services-suspended")
    OPINION_REQUEST = spelt("opinion-request")
    OPINION_TOLD = spelt("opinion-told")
    OPINION_SENT_BACK = spelt("opinion-sent-back")
    COMPLETED_IN_TIME = spelt("completed-in-time")
    QUESTIONS = spelt("questions")
    LIMIT_WARNING = spelt("limit-warning")
    LIMIT_PASSED = spelt("limit-passed")
    DATE_MOVED = spelt("date-moved")
    CONFLICT = spelt("conflict")
    LATE_OPINION = spelt("late-opinion")
    DECISION = spelt("decision")
    DETERMINATION = spelt("determination")
    PUBLICATION = spelt("publication")
    WITHDRAWAL = spelt("withdrawal")
    WITHOUT_OBJECT = spelt("without-object")
    CONDITION_DUE = spelt("condition-due")
    CONDITION_OVERDUE = spelt("condition-overdue")
    REPORT_REQUESTED = spelt("report-requested")
    REQUESTED_REPORT_OVERDUE = spelt("requested-report-overdue")
    CHANGE_PROPOSED = spelt("change-proposed")
    DAY_DROPPED = spelt("day-dropped")
    SUSPENSION = spelt("suspension")
    SUSPENSION_LIFTED = spelt("suspension-lifted")
    CLOSED_TO_NEW_PATIENTS = spelt("closed-to-new-patients")
    CLOSURE = spelt("closure")
    VALIDITY_ENDS = spelt("validity-ends")
    VALIDITY_RENEWED = spelt("validity-renewed")
    HOLDER_CHANGED = spelt("holder-changed")
    REOPENED = spelt("reopened")


class Letter(Travelling, frozen=True):
    """A letter to make and send: what it is, to whom, and the facts its template may use.

    Once per occasion: the key is number, entry, kind and role. `awaited`: a limit starts
    when it is received or ends when it has left, so its case is told when it has. One that `corrects`
    another of that day says the same without its slip of the pen. One that names a `party` goes to that one,
    which is not, or not any more, that of the case.
    """

    kind: LetterKind
    role: Role
    facts: dict[str, Any] = Field(default_factory=dict)
    unconfirmed: dict[str, Degree] = Field(default_factory=dict)
    awaited: bool = False
    corrects: date | None = None
    party: Party | None = None


class Entry(Travelling, frozen=True):
    """One line of the register, never changed.

    `happened_on` is the day the fact really happened, `recorded_at` the instant (UTC) at which it was
    written down. `receipt` answers whoever acted; the register adds the invoice that it issues. `carried` is
    all that the case carries from this rest on, without its law, so that it can be taken up again from here;
    `change` is a change of its law: the register keeps the changed one whole.
    `envelope` is the one in which the act came (models/envelope.py), or that of the worker, which writes what
    no person brought about. `letters` leave once it stands; `article` and `invoice_addressee` are for them.
    """

    number: str
    sequence: int = Field(ge=1)
    recorded_at: datetime
    happened_on: date
    act: str
    by: str
    request_id: str | None = None
    envelope: dict[str, Any] | None = None
    receipt: Receipt | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    standing: Standing
    demand: Demand | None = None
    credit: Credit | None = None
    invoice: Invoice | None = None
    documents: tuple[FiledDocument, ...] = ()
    carried: dict[str, Any] = Field(default_factory=dict)
    change: Change | None = None
    letters: tuple[Letter, ...] = ()
    article: str = ""
    invoice_addressee: Party | None = None

    @property
    def digest(self) -> str:
        """All that it says, in twelve signs: what a history keeps of it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


class Declined(Travelling, frozen=True):
    """What was prepared for another person to sign, and who declined it."""

    preparation: int
    by: str


class Answered(Travelling, frozen=True):
    """The entry whose receipt is asked for once more; `known` is the last one that its case knows."""

    number: str
    entry: int = Field(ge=1)
    known: int | None = None


class Entered(Travelling):
    """The register's answer: the entry stands, and this is the invoice or credit note it issued, if any.

    `stands` begins the digest of the line that stands, as the register keeps it, and `says` that of what
    people read in it: the history keeps with them what `umn reconcile` compares. `goes_on`: it stood already,
    and what the case does not know of it, or acts that came after it, stand too.
    """

    invoice: Invoice | None = None
    credit_note: CreditNote | None = None
    stands: str = ""
    says: str = ""
    goes_on: bool = False


class TakenUp(Travelling, frozen=True):
    """What the register holds of a case whose next entry found another one standing in its place: `entry`.

    `entries` is its last one, and `requests` are the acts that stand from there on, by their request ids;
    `carried` what it goes on with, of a dossier or its programme, and nothing of an account or of a case that
    has ended.
    """

    entry: int
    act: str
    by: str
    on: date
    entries: int
    phase: str
    ended: bool
    requests: tuple[str, ...] = ()
    is_programme: bool = False
    carried: dict[str, Any] = Field(default_factory=dict)


class ToBook(Travelling, frozen=True):
    """Movements to book, by their ids: what travels. Who pays, and from which account, never does.

    `left` are those whose dossier did not answer; they are tried again after the others.
    """

    movements: tuple[str, ...]
    left: tuple[str, ...] = ()


class Publications(Travelling, frozen=True):
    """The versions of the public registers that stand, and the cases that are told that they stand in them.

    Each with the parts that lack a language in which they are asked for, by language.
    """

    versions: str
    told: dict[str, dict[Language, tuple[str, ...]]] = Field(default_factory=dict)


class Linked(Travelling, frozen=True):
    """What cases are told of facts that others brought about, by the number of whoever is told."""

    told: dict[str, list[FactTold]] = Field(default_factory=dict)


class LetterBatch(Travelling, frozen=True):
    """Letters of one entry, and what they are made from. Offices are reached through the settings.

    `yours` is the reference under which the applicant filed. `replaces` is the key of a letter whose place
    this one takes, with the day that the other one has.
    """

    number: str
    entry: int
    on: date
    procedure: str
    applicant: Party | None
    invoice_addressee: Party | None = None
    subject: Subject
    yours: str = ""
    article: str = ""
    invoice: Invoice | None = None
    credit_note: CreditNote | None = None
    replaces: str = ""
    letters: tuple[Letter, ...]

    @classmethod
    def of(
        cls, entry: Entry, invoice: Invoice | None, credit_note: CreditNote | None, yours: str = ""
    ) -> LetterBatch:
        """The letters of an entry with all that they are made from, what was issued with it too."""
        standing = entry.standing
        return cls(
            number=entry.number,
            entry=entry.sequence,
            on=civil_day(entry.recorded_at),
            procedure=standing.procedure,
            applicant=standing.applicant,
            invoice_addressee=entry.invoice_addressee,
            subject=standing.subject,
            yours=yours,
            article=entry.article,
            invoice=invoice,
            credit_note=credit_note,
            letters=entry.letters,
        )
