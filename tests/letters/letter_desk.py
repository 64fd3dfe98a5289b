"""The letter desk of an agency and the mail server of a recipient, for the tests of letters."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from activities.documents import Documents, DocumentsByProcedure
from activities.letters import Letters
from activities.mail import MailServer
from activities.notifications import Notifications
from models.entry import LetterBatch
from models.notes import LetterNote
from models.parties import Contact, Language, Party
from models.register import DocumentRow, LetterRow, NoticeRow
from procedures.be_umn.words import Role
from register import outbox
from register.database import engine
from register.documents import DocumentStore
from register.parties import keep

MAIL_FROM = "umn@agency.invalid"
ADDRESSES = {
    Role.DESK: "desk@agency.invalid",
    Role.ETHICS_COMMITTEE: "ethics@agency.invalid",
    Role.COMMISSION: "commission@agency.invalid",
}


class Told(list[tuple[str, LetterNote]]):
    """What cases were told of letters."""

    def append(self, number: str, note: LetterNote) -> bool:  # type: ignore[override]
        super().append((number, note))
        return True


@dataclass
class LetterDesk:
    """The letter desk of an agency: real database, real store, real templates."""

    url: str
    folder: Path
    store: DocumentStore
    outbox: Path
    documents: Documents
    told: Told = field(default_factory=lambda: Told())

    def applicant(self, language: Language = Language.NL, email: str = "pharma@example.org") -> Party:
        contact = Contact(
            name="Voorbeeld Pharma NV",
            language=language,
            email=email,
            address="Voorbeeldstraat 1\n1000 Brussel",
            private_undertaking=True,
            country="BE",
            # in Brussels a company is written to in the language that it used; who used English is of Antwerp
            postal_code="2000" if language is Language.EN else "1000",
        )
        return keep(self.url, contact)

    def writes_to(self, role: Role, written: str) -> None:
        """A committee, the physicians or the desk are reached at other addresses."""
        addresses = {**ADDRESSES, role: written}
        self.documents = Documents(self.url, self.store, "Test Agency for Medicines", MAIL_FROM, addresses)

    def makes(self, batch: LetterBatch) -> list[str]:
        """Tells letters as their entry does, and makes them. Returns: the names of their documents."""
        return makes(self.documents, self.url, batch)

    def delivers(self, server: MailServer | None = None, by: Letters | None = None) -> list[str]:
        """Carries what can be carried, after a while. Returns: the notices that wait for a person."""
        letters = by or self.letters(server)
        self.change(next_attempt="")
        while lanes := letters.look().lanes:
            for lane in lanes:
                letters.carry([lane])
        return sorted(row.key for row in self.notices() if row.state in ("in_doubt", "refused"))

    def letters(self, server: MailServer | None = None) -> Letters:
        """The hands of a postman of this desk."""
        return Letters(self.url, self.documents, self.notifications(server), self.told.append)

    def notifications(self, server: MailServer | None = None) -> Notifications:
        return Notifications(self.url, self.store, self.outbox, server, MAIL_FROM)

    def notices(self) -> list[NoticeRow]:
        with Session(engine(self.url)) as session:
            return list(session.exec(select(NoticeRow)).all())

    def states(self) -> list[str]:
        return sorted(row.state for row in self.notices())

    def change(self, **values: Any) -> None:
        """Changes notices as something else than the office might: the register guards what they say."""
        with Session(engine(self.url)) as session, session.begin():
            session.execute(text("DROP TRIGGER IF EXISTS notice_stands"))
            for row in session.exec(select(NoticeRow)).all():
                for name, value in values.items():
                    setattr(row, name, value)

    def kept(self) -> list[DocumentRow]:
        with Session(engine(self.url)) as session:
            return list(session.exec(select(DocumentRow)).all())

    def pdf(self, name: str) -> bytes:
        return self.store.read(next(row.sha256 for row in self.kept() if row.name == name))

    def mails_in_outbox(self) -> list[EmailMessage]:
        files = sorted(self.outbox.iterdir()) if self.outbox.exists() else []
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


@dataclass
class Postman:
    """A mail server that can be told to refuse, or to hang up with the letter in its hand."""

    taken: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    recipient_refusals: list[str] = field(default_factory=list)
    sender_refusals: list[str] = field(default_factory=list)
    hang_up_after_data: bool = False
    keeps_what_it_hangs_up_on: bool = True
    slow_seconds: float = 0
    silent: bool = False
    has_a_letter: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.sender_refusals:
            return self.sender_refusals.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.silent:
            await asyncio.sleep(self.slow_seconds)
        if self.recipient_refusals:
            return self.recipient_refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.has_a_letter.set()
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.refusals:
            return self.refusals.pop(0)
        if not self.hang_up_after_data or self.keeps_what_it_hangs_up_on:
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        if self.hang_up_after_data:
            server.transport.abort()
        return "250 OK"

    @property
    def server(self) -> MailServer:
        """Whoever uses it gives up soon where it lets wait, and else not, however busy the machine is."""
        waits = {"patience": 0.5, "courtesies": 1.0, "verdict": 0.5} if self.slow_seconds >= 1 else {}
        return MailServer("127.0.0.1", self.port, **waits)


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """The words of all pages, with line breaks and hyphenation undone."""
    text = "\n".join(page.extract_text() for page in reader(pdf).pages)
    return re.sub(r"\s+", " ", re.sub(r"[\u00ad‐]\n", "", text))


def makes(documents: Documents | DocumentsByProcedure, url: str, batch: LetterBatch) -> list[str]:
    """Tells letters as their entry does, and makes them. Returns: the names of their documents."""
    asked = [f"{batch.number}/{batch.entry}/{one.kind.value}/{one.role.value}" for one in batch.letters]
    keys = [
        key if asked[:nth].count(key) == 0 else f"{key}/{asked[:nth].count(key) + 1}"
        for nth, key in enumerate(asked)
    ]
    with contextlib.suppress(IntegrityError), Session(engine(url)) as session, session.begin():
        outbox.put(session, batch)  # unless they were told before
    for key in keys:
        documents.make(told(url, key))
    with Session(engine(url)) as session:
        return [session.get_one(LetterRow, key).document for key in keys]


def told(url: str, key: str) -> LetterRow:
    """A letter as it lies in the outbox."""
    with Session(engine(url), expire_on_commit=False) as session:
        return session.get_one(LetterRow, key)
