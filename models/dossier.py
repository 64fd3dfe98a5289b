"""What an applicant files, and all that its examination carries."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from models.clock import Clock
from models.decision import Decision, Opinion
from models.eligibility import Assessed
from models.findings import Finding
from models.law.applicable import Law
from models.law.procedures.shape import Kind
from models.parties import Body, Party, Product
from models.receipts import Docket


class FiledDocument(BaseModel):
    """A file of the e-submission: its name as data, its content by hash. Never the content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    size: int


class Invoice(BaseModel):
    """A contribution asked for: integer cents, structured communication, and how far it is paid.

    `cents` is what was asked and never changes. `paid_cents` is what arrived, `credited_cents` what credit
    notes took back; an invoice paid before parts were counted has `paid_on` only. One that came back and
    reached its addressee later has `received_on`, and `payable_until`, the last day of its term since then.
    `clock` is how that day was counted; it stands with the day, whatever becomes of law and calendar.
    """

    invoice: str
    cents: int
    communication: str
    issued_on: date
    due_on: date
    paid_on: date | None = None
    reminders: int = 0
    collected_on: date | None = None
    paid_cents: int = 0
    credited_cents: int = 0
    reopened_on: date | None = None
    received_on: date | None = None
    payable_until: date | None = None
    clock: Clock | None = None

    @property
    def received_cents(self) -> int:
        """What has arrived for it, in cents."""
        return self.paid_cents or (self.cents if self.paid_on else 0)

    @property
    def owed_cents(self) -> int:
        """What is still to be paid in cents, also once it is in collection; never below nothing."""
        return max(0, self.cents - self.credited_cents - self.received_cents)

    @property
    def surplus_cents(self) -> int:
        """What has arrived beyond what is asked in cents, since a credit note; it goes back."""
        return max(0, self.received_cents + self.credited_cents - self.cents)

    @property
    def is_open(self) -> bool:
        """Neither paid, nor credited whole, nor handed over to collection."""
        return self.paid_on is None and self.collected_on is None and self.owed_cents > 0

    def receive(self, cents: int, on: date) -> None:
        """Money arrived; the invoice is paid on the day on which nothing is owed any more."""
        self.paid_cents = self.received_cents + cents
        self._settle(on)

    def take_back(self, cents: int, on: date) -> None:
        """Money that had arrived was taken back; a paid invoice is open again, and reminded of from then."""
        self.paid_cents = self.received_cents - cents
        was_paid = self.paid_on is not None
        if not self.paid_cents:
            self.paid_on = None  # before parts were counted, a day alone meant paid whole
        if was_paid and self.owed_cents:
            self.paid_on, self.reopened_on, self.reminders = None, on, 0

    @property
    def pressed_from(self) -> date:
        """The day from which reminders are counted: the due date, or the day it was open again after it."""
        return max(self.term_ends_on, self.reopened_on or self.term_ends_on)

    @property
    def term_ends_on(self) -> date:
        """The last day to pay: the one that it names, or the later one that follows from its receipt."""
        return self.payable_until or self.due_on

    def credit(self, cents: int, on: date) -> None:
        """A credit note takes back what was asked; what was paid beyond it is a surplus."""
        self.paid_cents = self.received_cents
        self.credited_cents += cents
        self._settle(on)

    def _settle(self, on: date) -> None:
        if self.paid_on is None and self.received_cents and not self.owed_cents:
            self.paid_on = on

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once; an invoice is overdue once it was reminded of."""
        return (f"invoice {self.invoice} overdue",) if self.is_open and self.reminders else ()


class CreditNote(BaseModel):
    """What an invoice no longer asks for: integer cents, with the reason. The invoice itself stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credit_note: str
    invoice: str
    cents: int
    reason: str
    issued_on: date


class Carried(BaseModel):
    """What a dossier and a programme carry alike through every run."""

    model_config = ConfigDict(extra="forbid")

    opened_on: date
    docket: Docket = Field(default_factory=Docket)
    invoice: Invoice | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of eligibility that a person may judge; a dossier has some."""
        return ()

    @property
    def since(self) -> date:
        """The day on which the present phase began."""
        return self.docket.since or self.opened_on

    @property
    def undelivered(self) -> tuple[str, ...]:
        """The notices of letters that came back."""
        return tuple(letter.notice for letter in self.docket.undelivered)

    @property
    def invoiced_on(self) -> date:
        """The day of the invoice."""
        return self.invoice.issued_on if self.invoice else self.opened_on

    @property
    def open_cents(self) -> int:
        """What is still to be paid, in cents."""
        return self.invoice.owed_cents if self.invoice and self.invoice.is_open else 0

    @property
    def owed_cents(self) -> int:
        """What is still to be paid in cents, also when it was handed over to collection."""
        return self.invoice.owed_cents if self.invoice else 0

    @property
    def surplus_cents(self) -> int:
        """What has arrived beyond what the invoice asks, in cents."""
        return self.invoice.surplus_cents if self.invoice else 0

    @property
    def received_cents(self) -> int:
        """What has arrived for the invoice, in cents."""
        return self.invoice.received_cents if self.invoice else 0

    @property
    def creditable_cents(self) -> int:
        """What credit notes can still take back of the invoice, in cents."""
        return self.invoice.cents - self.invoice.credited_cents if self.invoice else 0


class Dossier(Carried):
    """One dossier: what was filed, the law of its own date, and where its examination stands.

    `opened_on` is the day on which the agency received it: the law of that day applies.
    `delivered_at` is the platform's receipt and `taken_in_at` the agency's own, two instants in UTC (check
    P-13); the day that counts is that of the first.
    `programme` is the number it was filed under, or nothing for an application. `findings` are what
    the intake found, `checklist` the rules of eligibility as they stand.
    """

    number: str
    kind: Kind
    procedure: str
    programme: str | None = None
    taken_in_by: str
    cesp_number: str = ""
    delivered_at: datetime | None = None
    taken_in_at: datetime | None = None
    applicant: Party
    invoice_addressee: Party
    product: Product
    documents: tuple[FiledDocument, ...] = ()
    year: int | None = None
    period: str = ""
    findings: tuple[Finding, ...] = ()
    checklist: tuple[Assessed, ...] = ()
    law: Law

    opinions: list[Opinion] = Field(default_factory=list)
    decision: Decision | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of eligibility that its checklist holds."""
        return tuple(line.rule for line in self.checklist)

    @property
    def asked_on(self) -> date:
        """The day of the last questions."""
        return self.docket.asked_on or self.opened_on

    @property
    def bodies_awaited(self) -> tuple[Body, ...]:
        """Bodies whose opinion the procedure asks for and that have not been heard."""
        heard = {opinion.body for opinion in self.opinions}
        return tuple(body for body in self.law.opinions if body not in heard)

    @property
    def conditions_open(self) -> tuple[int, ...]:
        """A dossier has no conditions of its own; its programme has."""
        return ()
