"""Makes the letters of an entry: words, PDF, and the notice that will carry it to its recipient.

A letter is made once per number, entry, kind and role. The PDF is kept by content; the database
learns of document and notice in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.explaining import Explaining
from activities.invoice_pages import INVOICED, Creditor, Debtor, InvoicePages
from activities.typesetting import Typesetting
from activities.wording import TEMPLATES, Text, Wording, plain, region, words_of
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import NotFound
from models.letters import TO_OFFICES, Counted, Stated, stated
from models.parties import Language, Party, Role
from register.parties import contact_of

if TYPE_CHECKING:
    from models.register import DocumentRow, NoticeRow
    from register.documents import DocumentStore

_TO_PARTIES = (Role.APPLICANT, Role.INVOICE_ADDRESSEE)
_MEANT_FOR_OFFICES = (*TO_OFFICES, LetterKind.LIMIT_WARNING, LetterKind.DATE_MOVED)
OFFICE_LANGUAGES = (Language.NL, Language.FR, Language.EN)
"""Languages that committees and desk are written to in: the applicant's, when it is one of them."""


@dataclass(frozen=True)
class Recipient:
    """Who receives a letter, in which language, at which addresses. `redirected`: to the desk instead."""

    lines: tuple[str, ...]
    language: Language
    email: str
    redirected: bool = False


class Documents:
    """Makes letters and keeps them.

    `addresses` are those of the committees and of the desk; `creditor` is the agency on its invoices,
    and its address stands in the letterhead. `office_language` is that of letters to committees and
    desk where the applicant's is not known, or is German.
    """

    def __init__(
        self,
        url: str,
        store: DocumentStore,
        agency_name: str,
        mail_from: str,
        addresses: Mapping[Role, str],
        templates: Path = TEMPLATES,
        creditor: Creditor | None = None,
        office_language: Language = Language.NL,
    ) -> None:
        self._url = url
        self._store = store
        self._agency = plain(agency_name)
        creditor = creditor or Creditor(self._agency)
        self._account = plain(creditor.account)
        self._address = [plain(line).strip() for line in creditor.address.split(";") if line.strip()]
        self._office_language = office_language
        self._mail_domain = mail_from.rpartition("@")[2]
        self._addresses = dict(addresses)
        # an id is made from the contact itself, so what was read once stays true
        self._contact = lru_cache(maxsize=1000)(partial(contact_of, url))
        self._wording = Wording(templates)
        self._invoice_pages = InvoicePages(self._wording, creditor)
        self._typesetting = Typesetting(templates)

    @activity.defn
    def make(self, batch: LetterBatch) -> list[str]:
        """Makes the letters of one entry and prepares their notices; returns the documents' names.

        A letter whose recipient is not known goes to the desk, and says so.

        Idempotent: by number, entry, kind and role, and by its ordinal when a batch has several of
        one kind for one role; a letter that was made is not made again.
        """
        asked = _numbered(batch)
        made = self._names_of_made(list(asked))
        rows = [self._made(batch, key, *which) for key, which in asked.items() if key not in made]
        made |= self._kept(rows)
        return [made[key] for key in asked]

    def layout(
        self, batch: LetterBatch, letter: Letter, to: Recipient | None = None, draft: bool = False
    ) -> tuple[dict[str, Any], Recipient]:
        """A letter as the layouts take it (words only, on one line each), and its recipient.

        `to` is for a letter that is only looked at; a draft says that it is one.

        Raises: ValidationError for facts that are not those of this kind of letter.
        """
        facts = stated(letter.kind, letter.facts)
        recipient = to or self._recipient(batch, letter)
        values = self._values(batch, letter, facts, recipient.language)
        text = self._wording.write(letter.kind.value, recipient.language, values)
        laid_out = self._laid_out(batch, letter, facts, recipient, text)
        if draft:
            notes = self._wording.words(recipient.language)["notes"]
            laid_out["draft"] = notes["draft"]
            laid_out["notes"].insert(0, _note(notes, "draft"))
        if letter.kind in INVOICED:
            debtor = self._debtor(batch)
            laid_out |= self._invoice_pages.page(batch, letter, debtor, recipient.language)
            if attached := self._invoice_pages.attached(batch, letter, debtor, recipient.language):
                name = laid_out["labels"]["attached"].format(name=attached[0])
                laid_out["attached"] = [name]
        return laid_out, recipient

    def attached(self, batch: LetterBatch, letter: Letter) -> tuple[str, bytes] | None:
        """The name and content of the file that a letter carries within it, if it does."""
        if letter.kind not in INVOICED:
            return None
        language = self._recipient(batch, letter).language
        return self._invoice_pages.attached(batch, letter, self._debtor(batch), language)

    def pdf(self, laid_out: dict[str, Any], on: date) -> bytes:
        """A letter that is laid out, as PDF; nothing is kept."""
        return self._typesetting.pdf(laid_out, on)

    def pages(self, laid_out: dict[str, Any], ppi: float = 100) -> list[bytes]:
        """The pages of a letter that is laid out, as PNG pictures; nothing is kept."""
        return self._typesetting.pages(laid_out, ppi)

    def html(self, laid_out: dict[str, Any]) -> str:
        """The words of a letter that is laid out, as an HTML page."""
        return self._wording.html(laid_out)

    def _made(
        self, batch: LetterBatch, key: str, letter: Letter, ordinal: int
    ) -> tuple[DocumentRow, NoticeRow]:
        from models.register import DocumentRow, NoticeRow

        laid_out, recipient = self.layout(batch, letter)
        pdf = self._typesetting.pdf(laid_out, batch.on, self.attached(batch, letter))
        sha256 = self._store.keep(pdf)
        role = letter.role.value.replace("_", "-") + (f"-{ordinal}" if ordinal > 1 else "")
        name = f"{batch.entry:02d}-{letter.kind.value}-{role}-{recipient.language.value}.pdf"
        cover = self._wording.write(
            "notice",
            recipient.language,
            {"number": batch.number, "title": laid_out["title"], "document": name},
        )
        laid_out["cover"] = [part["text"] for part in cover.parts]
        body = [*laid_out["cover"], "* * *", *words_of(laid_out)]
        document = DocumentRow(
            number=batch.number,
            entry=batch.entry,
            name=name,
            sha256=sha256,
            size=len(pdf),
            letter=letter.kind.value,
            language=recipient.language.value,
        )
        notice = NoticeRow(
            key=key,
            number=batch.number,
            entry=batch.entry,
            letter=letter.kind.value,
            role=Role.DESK.value if recipient.redirected else letter.role.value,
            recipient=recipient.email,
            message_id=f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{self._mail_domain}>",
            subject=shorten(cover.title, 200, placeholder=" …"),
            body="\n\n".join(body) + "\n",
            document=name,
            sha256=sha256,
        )
        return document, notice

    def _recipient(self, batch: LetterBatch, letter: Letter) -> Recipient:
        language = batch.applicant.language if batch.applicant else self._office_language
        if letter.role not in _TO_PARTIES and language not in OFFICE_LANGUAGES:
            language = self._office_language
        if letter.role not in _TO_PARTIES:
            return Recipient((self._office(letter.role, language),), language, self._addresses[letter.role])
        party = batch.applicant if letter.role is Role.APPLICANT else self._payer(batch)
        return self._reached(party) or Recipient(
            (self._office(Role.DESK, language),), language, self._addresses[Role.DESK], redirected=True
        )

    def _reached(self, party: Party | None) -> Recipient | None:
        if party is None:
            return None
        try:
            contact = self._contact(party.id)
        except NotFound:
            return None
        # an address outside ASCII needs a mail server that we cannot count on: a person forwards it
        if not contact.email.isascii() or not contact.email.isprintable():
            return None
        lines = [plain(line) for line in (contact.name, *contact.address.splitlines())]
        return Recipient(tuple(filter(None, lines)), party.language, contact.email)

    def _payer(self, batch: LetterBatch) -> Party | None:
        """Whom the invoice was issued to: it stays so when the case has become a programme."""
        from sqlalchemy import select
        from sqlmodel import col

        from models.register import InvoiceRow
        from register.database import transaction

        if batch.invoice is None:
            return batch.invoice_addressee
        asked = select(InvoiceRow.addressee).where(col(InvoiceRow.invoice) == batch.invoice.invoice)  # type: ignore[call-overload]
        with transaction(self._url) as session:
            kept = session.scalar(asked)
        try:
            contact = self._contact(kept) if kept else None
        except NotFound:
            contact = None
        if kept is None or contact is None:
            return batch.invoice_addressee
        return Party(id=kept, name=contact.name, language=contact.language)

    def _debtor(self, batch: LetterBatch) -> Debtor:
        payer = self._payer(batch)
        if payer is None:
            return Debtor("")
        try:
            contact = self._contact(payer.id)
        except NotFound:
            return Debtor(payer.name)
        return Debtor(contact.name, contact.address, contact.enterprise_number)

    def _office(self, role: Role, language: Language) -> str:
        return self._wording.words(language)["recipients"][role.value]

    def _values(
        self, batch: LetterBatch, letter: Letter, facts: Stated, language: Language
    ) -> dict[str, Any]:
        values: dict[str, Any] = {
            "number": batch.number,
            "procedure": self._wording.words(language)["procedures"][batch.procedure],
            "product": batch.product,
            "applicant": batch.applicant.name if batch.applicant else "",
            "on": batch.on,
            "article": self._wording.article(batch.article, language),
            "account": self._account,
            "role": letter.role.value,
            "facts": facts,
        }
        if batch.invoice:
            values["invoice"] = batch.invoice
        if batch.credit_note:
            values["credit_note"] = batch.credit_note
        return values

    def _laid_out(
        self, batch: LetterBatch, letter: Letter, facts: Stated, recipient: Recipient, text: Text
    ) -> dict[str, Any]:
        language = recipient.language
        words = self._wording.words(language)
        labels, notes = words["labels"], words["notes"]
        about = [
            (labels["procedure"], words["procedures"][batch.procedure]),
            (labels["product"], batch.product.trade_name),
            (labels["substance"], batch.product.active_substance),
            (labels["indication"], batch.product.indication),
        ]
        if batch.applicant:
            about.append((labels["applicant"], batch.applicant.name))
        if batch.article:
            article = self._wording.article(batch.article, language)
            about.append((labels["basis"], f"{article} {labels['decree']}"))
        marked = []
        if recipient.redirected:
            marked.append(_note(notes, "redirected"))
        if letter.role not in _TO_PARTIES and letter.kind not in _MEANT_FOR_OFFICES:
            marked.append(_note(notes, "copy"))
        if facts.assumed:
            marked.append(_note(notes, "assumed"))
        if facts.reckonings:
            marked.append(self._counted(facts.reckonings, language))
        if letter.unverified:
            names = [self._wording.clause(clause, language) for clause in letter.unverified]
            marked.append(_note(notes, "unverified", names))
        return {
            "language": language.value,
            "region": region(language),
            "year": batch.on.year,
            "month": batch.on.month,
            "day": batch.on.day,
            "agency": self._agency,
            "address": self._address,
            "contact": plain(self._addresses[Role.DESK]),
            "number": plain(batch.number),
            "labels": labels,
            "recipient": list(recipient.lines),
            "references": [
                [labels["reference"], plain(batch.number)],
                [labels["entry"], str(batch.entry)],
                [labels["date"], self._wording.long_date(batch.on, language)],
            ],
            "about": [[label, plain(value)] for label, value in about],
            "title": text.title,
            "draft": "",
            "salutation": words["salutations"][letter.role.value],
            "parts": list(text.parts),
            "notes": marked,
            "illegible": _note(notes, "illegible"),
            "closing": labels["closing"],
            "signature": [self._agency, labels["desk"]],
        }

    def _counted(self, counted: tuple[Counted, ...], language: Language) -> dict[str, Any]:
        """The note that says how the dates of a letter came about; several have the clause before each."""
        told = []
        for one in counted:
            explaining = Explaining(self._wording, language, one.off)
            sentences = explaining.short(one.reckoning, one.article)
            told.append([plain(self._wording.clock(one.clause, language)), " ".join(sentences)])
        notes = self._wording.words(language)["notes"]
        if len(told) == 1:
            return {"title": notes["counted"], "text": told[0][1], "items": []}
        return {"title": notes["counted_several"], "text": "", "items": [], "parts": told}

    def _names_of_made(self, keys: list[str]) -> dict[str, str]:
        from sqlalchemy import select
        from sqlmodel import col

        from models.register import NoticeRow
        from register.database import transaction

        asked = select(NoticeRow).where(col(NoticeRow.key).in_(keys))
        with transaction(self._url) as session:
            return {row.key: row.document for row in session.scalars(asked)}

    def _kept(self, rows: list[tuple[DocumentRow, NoticeRow]]) -> dict[str, str]:
        from sqlalchemy.exc import IntegrityError

        from register.database import transaction

        names = {notice.key: notice.document for _, notice in rows}
        try:
            with transaction(self._url) as session:
                session.add_all([row for pair in rows for row in pair])
        except IntegrityError:
            # another attempt was faster: what it wrote stands, and all of it stands
            standing = self._names_of_made(list(names))
            if set(standing) != set(names):
                raise
            return standing
        return names


def _numbered(batch: LetterBatch) -> dict[str, tuple[Letter, int]]:
    """The letters by key, each with its ordinal among those of its kind and role."""
    asked: dict[str, tuple[Letter, int]] = {}
    for letter in batch.letters:
        first = f"{batch.number}/{batch.entry}/{letter.kind.value}/{letter.role.value}"
        key, ordinal = first, 1
        while key in asked:
            ordinal += 1
            key = f"{first}/{ordinal}"
        asked[key] = (letter, ordinal)
    return asked


def _note(notes: dict[str, str], note: str, items: list[str] | None = None) -> dict[str, Any]:
    return {"title": notes[note], "text": notes[f"{note}_text"], "items": items or []}
