"""What an applicant files, and all that its examination carries."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from models.decision import Decision, Opinion
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
    """A contribution asked for: integer cents, structured communication, and how far it is paid."""

    invoice: str
    cents: int
    communication: str
    issued_on: date
    due_on: date
    paid_on: date | None = None
    reminders: int = 0
    collected_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Neither paid nor handed over to collection."""
        return self.paid_on is None and self.collected_on is None

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once; an invoice is overdue once it was reminded of."""
        return (f"invoice {self.invoice} overdue",) if self.is_open and self.reminders else ()


class Carried(BaseModel):
    """What a dossier and a programme carry alike through every run."""

    model_config = ConfigDict(extra="forbid")

    opened_on: date
    docket: Docket = Field(default_factory=Docket)
    invoice: Invoice | None = None

    @property
    def since(self) -> date:
        """The day on which the present phase began."""
        return self.docket.since or self.opened_on

    @property
    def invoiced_on(self) -> date:
        """The day of the invoice."""
        return self.invoice.issued_on if self.invoice else self.opened_on

    @property
    def open_cents(self) -> int:
        """What is still to be paid, in cents."""
        return self.invoice.cents if self.invoice and self.invoice.is_open else 0


class Dossier(Carried):
    """One dossier: what was filed, the law of its own date, and where its examination stands.

    `opened_on` is the day on which the agency received it: the law of that day applies.
    `programme` is the number it was filed under, or nothing for an application.
    """

    number: str
    kind: Kind
    procedure: str
    programme: str | None = None
    taken_in_by: str
    cesp_number: str = ""
    applicant: Party
    invoice_addressee: Party
    product: Product
    documents: tuple[FiledDocument, ...] = ()
    year: int | None = None
    period: str = ""
    law: Law

    opinions: list[Opinion] = Field(default_factory=list)
    decision: Decision | None = None

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
