"""The shape of the register: entries that never change, and the current state beside them.

Tables by SQLModel, for SQLite and PostgreSQL alike; `register/migrations` creates them. Civil dates
are dates; instants are UTC, written as ISO text so that both databases give back what was put in. Long
because all tables stand here: the shape of the register is seen at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, Table, UniqueConstraint
from sqlmodel import Field, SQLModel


class Row(SQLModel):
    """A row of the register; its table is asked and written to directly where there are many."""

    __table__: ClassVar[Table]


class EntryRow(Row, table=True):
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
    possible: list[str] = Field(sa_column=Column(JSON, nullable=False))
    due_on: date | None = None
    overdue: bool = False
    ended: bool = False
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    unconfirmed: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)
    clocks: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    law: str = Field(default="", max_length=64)
    receipt: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    envelope: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class RepetitionRow(Row, table=True):
    """An act that came once more, in another envelope, after its entry stood: it stands once."""

    __tablename__ = "repetition"

    number: str = Field(primary_key=True, max_length=80)
    sequence: int = Field(primary_key=True)
    repetition: int = Field(primary_key=True)
    recorded_at: str = Field(max_length=40)
    request_id: str = Field(max_length=80)
    envelope: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class LawRow(Row, table=True):
    """The law that entries rest on, whole, by its hash: what was told from it can be reckoned again."""

    __tablename__ = "law"

    digest: str = Field(primary_key=True, max_length=64)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CarriedRow(Row, table=True):
    """All that an open case carries from its last entry on, without its law; replaced with each entry."""

    __tablename__ = "carried"

    number: str = Field(primary_key=True, max_length=80)
    entry: int
    kind: str = Field(max_length=40)
    law: str = Field(max_length=64)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CurrentState(Row, table=True):
    """One row per dossier and programme, replaced with each entry, in the same transaction.

    `subject` is what it is about (models/subjects.py), `title` its one line in lists. `parent` is the number
    of the case that it was filed under, `holder` the name of who filed it, or holds what was authorised.
    """

    __tablename__ = "current_state"

    number: str = Field(primary_key=True, max_length=80)
    entry: int
    kind: str = Field(max_length=40)
    procedure: str = Field(max_length=20)
    parent: str | None = Field(default=None, max_length=80, index=True)
    officer: str = Field(default="", max_length=200)
    holder: str = Field(max_length=300)
    title: str = Field(max_length=300)
    subject: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    phase: str = Field(max_length=40)
    possible: list[str] = Field(sa_column=Column(JSON, nullable=False))
    due_on: date | None = Field(default=None, index=True)
    overdue: bool = False
    ended: bool = False
    flags: list[str] = Field(sa_column=Column(JSON, nullable=False))
    unconfirmed: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    public_list: str | None = Field(default=None, max_length=20)
    last_update_on: date | None = None
    authorised_on: date | None = None
    in_force_on: date | None = None
    review_on: date | None = None
    assumed: bool = False
    conditions: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    facts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    opened_on: date
    recorded_at: str = Field(max_length=40)
    clocks: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    law: str = Field(default="", max_length=64)


class InvoiceRow(Row, table=True):
    """A contribution that was asked for. Numbers have no gaps within a year but those of `SkippedRow`."""

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
    paid_cents: int = 0
    credited_cents: int = 0

    __table_args__ = (UniqueConstraint("year", "serial", name="invoice_without_gaps"),)


class CreditNoteRow(Row, table=True):
    """What an invoice no longer asks for. Numbers as of invoices, in a series of their own; never changed."""

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


class StatementRow(Row, table=True):
    """A file of bank statements that was taken in, by its content; never changed."""

    __tablename__ = "statement"

    file: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=200)
    form: str = Field(max_length=20)
    by: str = Field(max_length=120)
    imported_on: date


class BalanceRow(Row, table=True):
    """What a statement of a file says of the account: its balances, and those of each day; never changed.

    `told` is the place of the statement in its file; `spans` are a day, the balances before and
    after it, those between its entries, and the places of these.
    """

    __tablename__ = "balance"

    file: str = Field(primary_key=True, max_length=64)
    told: int = Field(primary_key=True)
    account: str = Field(max_length=34, index=True)
    currency: str = Field(max_length=3)
    number: str = Field(max_length=60)
    opening: int = Field(sa_column=Column(BigInteger, nullable=False))
    closing: int = Field(sa_column=Column(BigInteger, nullable=False))
    closed_on: date
    spans: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))


class MovementRow(Row, table=True):
    """One movement of the agency's account, once, whatever files tell it. Who paid stays here.

    `file`, `told` and `entry` are where it was told first: the entry of a statement of a file. `state`: read,
    matched, parked, returned, known; `reason` says why (models/payments.py). `candidates` are the movements
    that it may be, is, or is told by in parts.
    """

    __tablename__ = "movement"
    __table_args__ = (Index("ix_movement_account", "account", "booked_on"),)

    id: str = Field(primary_key=True, max_length=24)
    file: str = Field(max_length=64, index=True)
    place: int
    told: int
    entry: int
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
    candidates: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class TellingRow(Row, table=True):
    """An entry of a statement that tells a movement which another one told before; never changed.

    Where a person said so, it is the movement itself that says which it is: that can be taken back.
    """

    __tablename__ = "telling"

    file: str = Field(primary_key=True, max_length=64)
    told: int = Field(primary_key=True)
    entry: int = Field(primary_key=True)
    movement: str = Field(primary_key=True, max_length=24, index=True)


class ShareRow(Row, table=True):
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
    kind: str = Field(default="", max_length=20)


class RefundRow(Row, table=True):
    """What of a movement went back by another one, as a person told it; never changed."""

    __tablename__ = "refund"

    movement: str = Field(primary_key=True, max_length=24)
    of: str = Field(primary_key=True, max_length=24, index=True)
    cents: int
    by: str = Field(max_length=120)
    on: date


class MovementDecisionRow(Row, table=True):
    """What a person decided on a movement, with name and day; never changed."""

    __tablename__ = "movement_decision"

    movement: str = Field(primary_key=True, max_length=24)
    sequence: int = Field(primary_key=True)
    decision: str = Field(max_length=20)
    said: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    by: str = Field(max_length=120)
    on: date


class DocumentRow(Row, table=True):
    """A document of a case, by content: what the applicant filed, or a letter of ours."""

    __tablename__ = "document"

    number: str = Field(primary_key=True, max_length=80)
    entry: int = Field(primary_key=True)
    name: str = Field(primary_key=True, max_length=500)
    sha256: str = Field(max_length=64)
    size: int
    letter: str | None = Field(default=None, max_length=40)
    language: str | None = Field(default=None, max_length=2)


class LetterRow(Row, table=True):
    """A letter that an entry told: in the outbox until it is made, then what its document was made from.

    Written with its entry. `made_from` is the batch of its entry with this letter alone (models/entry.py);
    that, and what else the entry told, is never changed. `says` is the digest of what the entry told, with
    the numbers that were issued with it. `position` is its place among the letters of the entry, `ordinal`
    among those of its kind and role. `state`: to_make; not_made waits for a person, and `reason` says why;
    made as `document`. `since` is when it came into that state. `redirected`: it went to the desk, as no
    address was known. One that takes the place of another was written by a person, and `why`.
    Signs that the fonts do not have are spelt by their numbers once a person has looked at it.
    """

    __tablename__ = "letter"

    key: str = Field(primary_key=True, max_length=200)
    number: str = Field(max_length=80, index=True)
    entry: int
    position: int
    letter: str = Field(max_length=40)
    role: str = Field(max_length=40)
    ordinal: int = 1
    awaited: bool = False
    made_from: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    says: str = Field(default="", max_length=64)
    state: str = Field(default="to_make", max_length=20, index=True)
    since: str = Field(max_length=40)
    reason: str = Field(default="", max_length=400)
    document: str = Field(default="", max_length=500)
    redirected: bool = False
    by: str = Field(default="", max_length=120)
    why: str = Field(default="", max_length=400)
    looked_at_by: str = Field(default="", max_length=120)


class SummaryRow(Row, table=True):
    """The summary for publication of a case in one language, and its indication; never changed.

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


class PublicationRow(Row, table=True):
    """A publication of a public register that changed what is public; never changed.

    `number` counts from 1 in each register, without a gap but those of `SkippedRow`.
    """

    __tablename__ = "publication"

    public_register: str = Field(primary_key=True, max_length=40)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    published_at: str = Field(max_length=40)
    programmes: int


class PublishedRow(Row, table=True):
    """What a publication changed for a programme, and the programme as it was shown then; never changed.

    `public_list` is empty when it is shown no more, `was` when it was not shown before. `subject` are the
    parts of its subject, `texts` the one that is told in several languages, by language. Summaries are kept
    by digest, and so is the `past`: history and day of authorisation.
    """

    __tablename__ = "published"

    number: str = Field(primary_key=True, max_length=80)
    public_register: str = Field(primary_key=True, max_length=40)
    publication: int = Field(primary_key=True, index=True)
    what: str = Field(max_length=20)
    was: str = Field(max_length=20)
    public_list: str = Field(max_length=20)
    parts: dict[str, list[str]] = Field(sa_column=Column(JSON, nullable=False))
    title: str = Field(max_length=300)
    subject: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    texts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    summaries: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    last_update_on: date
    past: str = Field(max_length=64)


class DocumentStoreRow(Row, table=True):
    """The one folder of documents that belongs to the register, by the id that lies in it."""

    __tablename__ = "document_store"

    one: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(max_length=36)


class ReconciliationRow(Row, table=True):
    """The last comparison of register, Temporal and documents; each takes the place of the one before.

    `looked` says at how many of what it looked, `findings` what differed, each as `umn status` tells a
    problem. `many` is how many there were: of one kind the first are kept. Instants are UTC.
    """

    __tablename__ = "reconciliation"

    one: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    began_at: str = Field(max_length=40)
    ended_at: str = Field(max_length=40)
    deep: bool = False
    looked: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    findings: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    many: int


class RefusedPackageRow(Row, table=True):
    """The fact that a package was refused, and why. Nothing else of it is kept."""

    __tablename__ = "refused_package"

    id: int | None = Field(default=None, primary_key=True)
    refused_at: str = Field(max_length=40)
    by: str = Field(max_length=120)
    name: str = Field(max_length=120)
    sha256: str | None = Field(default=None, max_length=64)
    code: str = Field(max_length=40)
    message: str = Field(max_length=4000)


class NoticeRow(Row, table=True):
    """One notice per letter and recipient; `of` is the key of its letter.

    `state`: pending, sending, sent; to_post is a person's to send; in_doubt, refused, bounced wait for a
    person; so does to_forward, which reached the desk instead of its addressee; replaced; by a fault of ours
    it is not_sent, or its case not_told of it (`tells` says whether it left or was refused; `proof` is then
    the refusal). `since` is when it came into that state (not_told: when it left or was refused), `reason`
    what a mail server or a person said, or what the fault is, `settled_by` who decided what a machine could
    not know. One that was sent again after it came back stays, and is named by the new one as what it
    `replaces`. `html` is the body once more, for readers of such mail.

    `channel` is by which way it goes. It left on `left_on` (`sent_at` is the instant of an e-mail), was
    presented and received on the days that are known; `proof` is the reference of the post, or the answer of
    the mail server. After so many `attempts` it is tried again at `next_attempt`, at once where it is empty.
    `tells` is what its case is yet to be told: left, refused or nothing; once it left or was refused, the
    attempts are those of telling it; `returned`: it was told that this
    letter came back, or that nobody receives it. `redirected`: it goes to the desk, as no address of its
    addressee is known, and its subject begins with these words.
    """

    __tablename__ = "notice"

    key: str = Field(primary_key=True, max_length=200)
    of: str = Field(max_length=200, index=True)
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
    channel: str = Field(default="email", max_length=40)
    left_on: date | None = None
    presented_on: date | None = None
    received_on: date | None = None
    proof: str = Field(default="", max_length=400)
    attempts: int = 0
    next_attempt: str = Field(default="", max_length=40)
    tells: str = Field(default="", max_length=20, index=True)
    returned: bool = False
    redirected: str = Field(default="", max_length=60)


class PartyRow(Row, table=True):
    """How an organisation is reached. Kept here, never in workflow payloads."""

    __tablename__ = "party"

    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=200)
    language: str = Field(max_length=2)
    email: str = Field(max_length=254)
    address: str = Field(default="", max_length=400)
    private_undertaking: bool | None = None
    country: str = Field(default="", max_length=2)
    postal_code: str = Field(default="", max_length=12)
    commune: str = Field(default="", max_length=100)
    acts_language: str | None = Field(default=None, max_length=2)
    enterprise_number: str = Field(default="", max_length=20)


class RecipientRow(Row, table=True):
    """To whom the letters of a case in one role go, as a person said; never changed, a newer one follows.

    `addresses` with commas between them, none where they go by another way than e-mail. `channel` is by which
    way. `letters_in` and `acts_in` are the languages that a person chose, and `why`. The rest is what
    was said of the party since it was filed (models/languages.py).
    """

    __tablename__ = "recipient"

    number: str = Field(primary_key=True, max_length=80)
    role: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    addresses: str = Field(max_length=2000)
    channel: str = Field(default="email", max_length=40)
    letters_in: str | None = Field(default=None, max_length=2)
    acts_in: str | None = Field(default=None, max_length=2)
    why: str = Field(default="", max_length=400)
    private_undertaking: bool | None = None
    country: str | None = Field(default=None, max_length=2)
    postal_code: str | None = Field(default=None, max_length=12)
    commune: str | None = Field(default=None, max_length=100)
    language: str | None = Field(default=None, max_length=2)
    acts_language: str | None = Field(default=None, max_length=2)
    by: str = Field(max_length=120)
    recorded_at: str = Field(max_length=40)


class OfficeKeyRow(Row, table=True):
    """A public key of the office, as OpenSSH writes it; never changed. The last one is the office's now.

    `by` is whoever started the office with it, `since` the instant.
    """

    __tablename__ = "office_key"

    change: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str = Field(max_length=200)
    since: str = Field(max_length=40)
    by: str = Field(max_length=120)


class PeopleRow(Row, table=True):
    """Something that was said of a person of the office (models/people.py); never changed, others follow.

    `by` is who said it, `recorded_at` the instant from which it holds.
    """

    __tablename__ = "people"

    event: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(max_length=120)
    recorded_at: str = Field(max_length=40)
    by: str = Field(max_length=120)
    said: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PreparationRow(Row, table=True):
    """An act that one person prepared for another one to sign (models/envelope.py); never changed.

    `number` is that of its case, or what else it is done to. `act` is all that it says but who does it and
    under which request id; `envelope` is that of `by`, who prepared it. Once it is signed the entry of
    that request id stands.
    """

    __tablename__ = "preparation"

    preparation: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(max_length=80, index=True)
    command: str = Field(max_length=60)
    request_id: str = Field(max_length=80, unique=True)
    by: str = Field(max_length=120)
    prepared_at: str = Field(max_length=40)
    act: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    envelope: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class OfficeActRow(Row, table=True):
    """What somebody did in the office and in no case, on what is called `number`, signed; never changed.

    `envelope` is that of `by`, with all that the act said, and within it that of whoever prepared it.
    """

    __tablename__ = "office_act"

    request_id: str = Field(primary_key=True, max_length=80)
    command: str = Field(max_length=60)
    number: str = Field(max_length=80, index=True)
    by: str = Field(max_length=120)
    signed_at: str = Field(max_length=40)
    envelope: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PreparationAnswerRow(Row, table=True):
    """What became of a preparation that was not signed: who declined it, and why. Never changed."""

    __tablename__ = "preparation_answer"

    preparation: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    answer: str = Field(max_length=20)
    by: str = Field(max_length=120)
    answered_at: str = Field(max_length=40)
    why: str = Field(default="", max_length=400)


class HistoryRow(Row, table=True):
    """What Temporal held of a run that has ended, kept by content: compressed, as it can be replayed.

    `how` it ended is in Temporal's word, such as continued_as_new. `events` is their number, `sha256` and
    `size` those of the compressed file. Instants are UTC.
    """

    __tablename__ = "history"

    run: str = Field(primary_key=True, max_length=40)
    number: str = Field(index=True, max_length=80)
    workflow: str = Field(max_length=100)
    kind: str = Field(max_length=40)
    began_at: str = Field(max_length=40)
    ended_at: str = Field(index=True, max_length=40)
    how: str = Field(max_length=40)
    events: int
    sha256: str = Field(max_length=64)
    size: int


class AllottedNumber(Row, table=True):
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


class RestoredRow(Row, table=True):
    """A restore of the register from a backup, and when a person let what leaves us leave again.

    `copied_at` is when the set was made, `skip` how many numbers of each series are left out since then, as
    they may have been given. Nothing leaves before `released_at`.
    """

    __tablename__ = "restored"

    restore: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    copied_at: str = Field(max_length=40)
    restored_at: str = Field(max_length=40)
    by: str = Field(max_length=120)
    skip: int
    released_at: str = Field(default="", max_length=40)
    released_by: str = Field(default="", max_length=120)


class SkippedRow(Row, table=True):
    """The serials that a restore leaves out of a series: after `after`, up to `until`; never changed."""

    __tablename__ = "skipped"

    series: str = Field(primary_key=True, max_length=80)
    restore: int = Field(primary_key=True)
    after: int
    until: int


class LeftBeforeRow(Row, table=True):
    """A message that had left before a restore, as a mail journal or an outbox shows; never changed.

    `sent_at` is its instant, `proof` where it was seen.
    """

    __tablename__ = "left_before"

    message_id: str = Field(primary_key=True, max_length=200)
    restore: int
    sent_at: str = Field(max_length=40)
    proof: str = Field(max_length=400)


class UnsealedRow(Row, table=True):
    """A row that was written and not sealed yet: none is left when a transaction of ours ends.

    The database itself notes each, by triggers. What stands here longer was written by something else than
    the office. `work` is the transaction where the database can tell it, `key` the row's own as a list,
    `was` what its columns that change held before; both as JSON.
    """

    __tablename__ = "unsealed"

    id: int | None = Field(default=None, primary_key=True)
    work: str = Field(max_length=40)
    stream: str = Field(max_length=80)
    of: str = Field(max_length=40)
    key: str
    was: str | None = None


class SealRow(Row, table=True):
    """What a transaction wrote in one stream, by digest, chained to the seal before it; never changed.

    A stream is a case, by its number, or a table whose rows belong to no case (register/seals.py). `covers`
    are the rows: table, key, digest, the sign of each column, and what changed in place, before and after.
    `id` is the order over all streams, `sequence` that in its own, without gap. Instants are UTC.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("stream", "sequence", name="seal_without_gaps"),)

    id: int | None = Field(default=None, primary_key=True)
    stream: str = Field(max_length=80)
    sequence: int
    at: str = Field(max_length=40)
    covers: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    chain: str = Field(max_length=64)


class HeadRow(Row, table=True):
    """The last seal of every stream that moved since the head before it; chained, signed, never changed.

    `occasion` is the night or the entry that it was made for. `until` is the last seal that it knows, by its
    id; `heads` the streams, each with the sequence and the chain of its last seal. `key` is the public half
    of the office's key, as OpenSSH writes it. Instants are UTC.
    """

    __tablename__ = "head"

    head: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = Field(max_length=40)
    occasion: str = Field(max_length=120, unique=True)
    until: int
    heads: dict[str, list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    chain: str = Field(max_length=64)
    key: str = Field(max_length=120)
    signature: str = Field(max_length=120)


class AnchorRow(Row, table=True):
    """That a head was written to a second place, and when; never changed."""

    __tablename__ = "anchor"

    head: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: str = Field(primary_key=True, max_length=400)
    at: str = Field(max_length=40)
