"""The shape of the register: entries that never change, and the current state beside them.

Tables by SQLModel, for SQLite and PostgreSQL alike; `register/migrations` creates them. Civil dates
are dates; instants are UTC, written as ISO text so that both databases give back what was put in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel


class EntryRow(SQLModel, table=True):
    """One line of the register. Written once; a second, different line is refused."""

    __tablename__ = "entry"

    number: str = Field(primary_key=True, max_length=80)
    sequence: int = Field(primary_key=True)
    recorded_at: str = Field(max_length=40)
    happened_on: date
    act: str = Field(max_length=60)
    by: str = Field(max_length=120)
    request_id: str | None = Field(default=None, max_length=80)
    phase: str = Field(max_length=40)
    awaits: list[str] = Field(sa_column=Column(JSON, nullable=False))
    due_on: date | None = None
    overdue: bool = False
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    unverified: list[str] = Field(sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)
    clocks: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False, server_default="[]"))
    law: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})


class LawRow(SQLModel, table=True):
    """The law that entries rest on, whole, by its hash: what was told from it can be reckoned again."""

    __tablename__ = "law"

    digest: str = Field(primary_key=True, max_length=64)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CurrentState(SQLModel, table=True):
    """One row per dossier and programme, replaced with each entry, in the same transaction."""

    __tablename__ = "current_state"

    number: str = Field(primary_key=True, max_length=80)
    entry: int
    kind: str = Field(max_length=40)
    procedure: str = Field(max_length=20)
    programme: str | None = Field(default=None, max_length=80, index=True)
    applicant: str = Field(max_length=300)
    trade_name: str = Field(max_length=300)
    active_substance: str = Field(max_length=300)
    indication: str
    phase: str = Field(max_length=40)
    awaits: list[str] = Field(sa_column=Column(JSON, nullable=False))
    due_on: date | None = Field(default=None, index=True)
    overdue: bool = False
    ended: bool = False
    flags: list[str] = Field(sa_column=Column(JSON, nullable=False))
    unverified: list[str] = Field(sa_column=Column(JSON, nullable=False))
    public_list: str | None = Field(default=None, max_length=20)
    last_update_on: date | None = None
    authorised_on: date | None = None
    re_evaluation_on: date | None = None
    assumed: bool = False
    conditions: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    opened_on: date
    recorded_at: str = Field(max_length=40)
    clocks: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False, server_default="[]"))
    law: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})


class InvoiceRow(SQLModel, table=True):
    """A contribution that was asked for. Numbers have no gaps within a year."""

    __tablename__ = "invoice"

    invoice: str = Field(primary_key=True, max_length=20)
    year: int
    serial: int
    number: str = Field(max_length=80, unique=True)
    cents: int
    communication: str = Field(max_length=20, unique=True)
    addressee: str = Field(max_length=80)
    issued_on: date
    due_on: date
    paid_on: date | None = None
    reminders: int = 0
    collected_on: date | None = None
    paid_cents: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    credited_cents: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    __table_args__ = (UniqueConstraint("year", "serial", name="invoice_without_gaps"),)


class CreditNoteRow(SQLModel, table=True):
    """What an invoice no longer asks for. Numbers have no gaps within a year; never changed."""

    __tablename__ = "credit_note"

    credit_note: str = Field(primary_key=True, max_length=20)
    year: int
    serial: int
    invoice: str = Field(max_length=20, index=True)
    number: str = Field(max_length=80)
    entry: int
    cents: int
    reason: str
    issued_on: date

    __table_args__ = (
        UniqueConstraint("year", "serial", name="credit_note_without_gaps"),
        UniqueConstraint("number", "entry", name="credit_note_once_per_entry"),
    )


class StatementRow(SQLModel, table=True):
    """A file of bank statements that was taken in, by its content; never changed."""

    __tablename__ = "statement"

    file: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)
    form: str = Field(max_length=20)
    statements: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    by: str = Field(max_length=120)
    imported_on: date


class MovementRow(SQLModel, table=True):
    """One movement of the agency's account, once, whatever files tell it. Who paid stays here.

    `state`: read, matched, parked, returned; `reason` says why (models/payments.py).
    """

    __tablename__ = "movement"

    id: str = Field(primary_key=True, max_length=24)
    file: str = Field(max_length=64, index=True)
    place: int
    account: str = Field(max_length=34)
    statement: str = Field(max_length=60)
    sequence: str = Field(max_length=40)
    reference: str = Field(max_length=60, index=True)
    booked_on: date
    cents: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    structured: str = Field(max_length=20)
    communication: str = Field(max_length=300)
    reversal: bool = False
    reverses: str = Field(default="", max_length=60)
    payer: str = Field(max_length=40)
    payer_account: str = Field(max_length=40)
    state: str = Field(max_length=20, index=True)
    reason: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=400)


class ShareRow(SQLModel, table=True):
    """What an invoice took of a movement, by one act on its dossier. `state`: sending, booked, refused.

    A refused share counts for nothing; its line stays. `kind` as in models/payments.py.
    """

    __tablename__ = "movement_share"

    movement: str = Field(primary_key=True, max_length=24)
    part: int = Field(primary_key=True)
    number: str = Field(max_length=80, index=True)
    invoice: str = Field(max_length=20, index=True)
    cents: int
    reverses: str = Field(default="", max_length=24)
    request_id: str = Field(max_length=80, unique=True)
    by: str = Field(max_length=120)
    state: str = Field(max_length=20)
    kind: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})


class RefundRow(SQLModel, table=True):
    """What of a movement went back by another one, as a person told it; never changed."""

    __tablename__ = "refund"

    movement: str = Field(primary_key=True, max_length=24)
    of: str = Field(primary_key=True, max_length=24, index=True)
    cents: int
    by: str = Field(max_length=120)
    on: date


class MovementDecisionRow(SQLModel, table=True):
    """What a person decided on a movement, with name and day; never changed."""

    __tablename__ = "movement_decision"

    movement: str = Field(primary_key=True, max_length=24)
    sequence: int = Field(primary_key=True)
    decision: str = Field(max_length=20)
    said: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    by: str = Field(max_length=120)
    on: date


class DocumentRow(SQLModel, table=True):
    """A document of a case, by content: what the applicant filed, or a letter of ours."""

    __tablename__ = "document"

    number: str = Field(primary_key=True, max_length=80)
    entry: int = Field(primary_key=True)
    name: str = Field(primary_key=True, max_length=500)
    sha256: str = Field(max_length=64)
    size: int
    letter: str | None = Field(default=None, max_length=40)
    language: str | None = Field(default=None, max_length=2)


class MadeLetterRow(SQLModel, table=True):
    """What a letter of ours was made from, by the name of its document; never changed.

    `made_from` is the batch of its entry with this letter alone (models/entry.py). `redirected`: it went to
    the desk, as no address was known. Letters that were made before there was this table have no row.
    """

    __tablename__ = "made_letter"

    number: str = Field(primary_key=True, max_length=80)
    entry: int = Field(primary_key=True)
    name: str = Field(primary_key=True, max_length=500)
    redirected: bool
    made_from: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class SummaryRow(SQLModel, table=True):
    """The summary for publication (Annex IV) of a case in one language, and its indication; never changed.

    `translates` is the indication of the case that this one says in its language: it is public only as
    long as that is the indication. `document` is the filed document that the text was read from, if any.
    """

    __tablename__ = "summary"

    number: str = Field(primary_key=True, max_length=80)
    language: str = Field(primary_key=True, max_length=2)
    version: int = Field(primary_key=True)
    text: str
    indication: str
    translates: str
    document: str = Field(max_length=500)
    by: str = Field(max_length=120)
    recorded_at: str = Field(max_length=40)


class PublicationRow(SQLModel, table=True):
    """A publication that changed what is public; never changed. `number` counts from 1 without a gap."""

    __tablename__ = "publication"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    published_at: str = Field(max_length=40)
    programmes: int


class PublishedRow(SQLModel, table=True):
    """What a publication changed for a programme, and the programme as it was shown then; never changed.

    `public_list` is empty when it is shown no more, `was` when it was not shown before. Summaries are kept
    by digest, and so is the `past`: history and day of authorisation.
    """

    __tablename__ = "published"

    number: str = Field(primary_key=True, max_length=80)
    publication: int = Field(primary_key=True, index=True)
    what: str = Field(max_length=20)
    was: str = Field(max_length=20)
    public_list: str = Field(max_length=20)
    parts: dict[str, list[str]] = Field(sa_column=Column(JSON, nullable=False))
    trade_name: str = Field(max_length=300)
    active_substance: str = Field(max_length=300)
    indications: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    summaries: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    last_update_on: date
    past: str = Field(max_length=64)


class RefusedPackageRow(SQLModel, table=True):
    """The fact that a package was refused, and why. Nothing else of it is kept."""

    __tablename__ = "refused_package"

    id: int | None = Field(default=None, primary_key=True)
    refused_at: str = Field(max_length=40)
    by: str = Field(max_length=120)
    name: str = Field(max_length=120)
    sha256: str | None = Field(default=None, max_length=64)
    code: str = Field(max_length=40)
    message: str = Field(max_length=4000)


class NoticeRow(SQLModel, table=True):
    """One notice per letter and recipient.

    `state`: pending, sending, sent; in_doubt, refused, bounced wait for a person; replaced.
    `since` is when it came into that state, `reason` what a mail server or a person said, `settled_by` who
    decided what a machine could not know. One that was sent again after it came back stays, and is named
    by the new one as what it `replaces`. `html` is the body once more, for readers of such mail.
    """

    __tablename__ = "notice"

    key: str = Field(primary_key=True, max_length=200)
    number: str = Field(max_length=80, index=True)
    entry: int
    letter: str = Field(max_length=40)
    role: str = Field(max_length=40)
    recipient: str = Field(max_length=254)
    message_id: str = Field(max_length=200)
    subject: str = Field(max_length=300)
    body: str
    document: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    state: str = Field(default="pending", max_length=20, index=True)
    sent_at: str | None = Field(default=None, max_length=40)
    html: str = Field(default="")
    since: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=400)
    settled_by: str = Field(default="", max_length=120)
    replaces: str = Field(default="", max_length=200, index=True)


class PartyRow(SQLModel, table=True):
    """How an organisation is reached. Kept here, never in workflow payloads."""

    __tablename__ = "party"

    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=200)
    language: str = Field(max_length=2)
    email: str = Field(max_length=254)
    address: str = Field(default="", max_length=400)
    enterprise_number: str = Field(default="", max_length=20)


class RecipientRow(SQLModel, table=True):
    """To whom the letters of a case in one role go, as a person said; never changed, a newer one follows.

    `addresses` with commas between them; an empty `language` is the one that was known before.
    """

    __tablename__ = "recipient"

    number: str = Field(primary_key=True, max_length=80)
    role: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    addresses: str = Field(max_length=2000)
    language: str = Field(max_length=2)
    by: str = Field(max_length=120)
    recorded_at: str = Field(max_length=40)


class AllottedNumber(SQLModel, table=True):
    """A number given to a submission, once: the same submission finds the same number again.

    `claim` names what the number was given for (a delivery, or a row of an imported page), and
    `digest` its content, so that a changed package under a used delivery number is refused.
    """

    __tablename__ = "allotted_number"

    number: str = Field(primary_key=True, max_length=80)
    series: str = Field(max_length=60)
    serial: int
    claim: str = Field(max_length=200, unique=True)
    digest: str = Field(max_length=64)

    __table_args__ = (UniqueConstraint("series", "serial", name="number_once_in_its_series"),)
