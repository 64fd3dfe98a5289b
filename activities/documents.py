"""Makes the letters of an entry: words, PDF, and the notice that will carry it to its recipient.

A letter is made once per number, entry, kind and role. The PDF is kept by content; the database
learns of document and notice in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.explaining import Explaining
from activities.invoice_pages import INVOICED, Creditor, Debtor, InvoicePages
from activities.typesetting import Typesetting
from activities.wording import TEMPLATES, Text, Wording, plain
from models.clock import Reckoning
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import NotFound
from models.parties import Language, Party, Role, is_mail_address, mail_addresses
from register.notices import message_id
from register.parties import contact_of

if TYPE_CHECKING:
    from models.register import DocumentRow, NoticeRow
    from register.documents import DocumentStore

_TO_PARTIES = (Role.APPLICANT, Role.INVOICE_ADDRESSEE)
_TO_OFFICES = (
    LetterKind.OPINION_REQUEST,
    LetterKind.LIMIT_WARNING,
    LetterKind.LIMIT_PASSED,
    LetterKind.DATE_MOVED,
    LetterKind.CONFLICT,
    LetterKind.SUSPENSION_PROPOSED,
)


@dataclass(frozen=True)
class Recipient:
    """Who receives a letter, in which language, at which addresses. `redirected`: to the desk instead."""

    lines: tuple[str, ...]
    language: Language
    addresses: tuple[str, ...]
    redirected: bool = False


class Documents:
    """Makes letters and keeps them.

    `addresses` are those of the committees and of the desk, several with commas between them; `creditor` is
    the agency on its invoices.
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
    ) -> None:
        self._url = url
        self._store = store
        self._agency = plain(agency_name)
        creditor = creditor or Creditor(self._agency)
        self._account = plain(creditor.account)
        self._mail_domain = mail_from.rpartition("@")[2]
        self._addresses = {role: mail_addresses(written) for role, written in addresses.items()}
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

    def layout(self, batch: LetterBatch, letter: Letter) -> tuple[dict[str, Any], Recipient]:
        """A letter as the layout takes it (words only, on one line each), and its recipient."""
        recipient = self._recipient(batch, letter)
        values = self._values(batch, letter, recipient.language)
        text = self._wording.write(letter.kind.value, recipient.language, values)
        laid_out = self._laid_out(batch, letter, recipient, text)
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

    def pages(self, batch: LetterBatch, letter: Letter, ppi: float = 100) -> list[bytes]:
        """The pages of a letter as PNG pictures; nothing is kept."""
        return self._typesetting.pages(self.layout(batch, letter)[0], ppi)

    def _made(
        self, batch: LetterBatch, key: str, letter: Letter, ordinal: int
    ) -> tuple[DocumentRow, list[NoticeRow]]:
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
        closing = self._wording.words(recipient.language)["labels"]["closing"]
        body = [laid_out["salutation"], *(part["text"] for part in cover.parts), closing, self._agency]
        document = DocumentRow(
            number=batch.number,
            entry=batch.entry,
            name=name,
            sha256=sha256,
            size=len(pdf),
            letter=letter.kind.value,
            language=recipient.language.value,
        )
        # the first of several addresses has the letter's own key: by it the letter is known as made
        keys = [key if nth == 1 else f"{key}/to-{nth}" for nth in range(1, len(recipient.addresses) + 1)]
        notices = [
            NoticeRow(
                key=own,
                number=batch.number,
                entry=batch.entry,
                letter=letter.kind.value,
                role=Role.DESK.value if recipient.redirected else letter.role.value,
                recipient=address,
                message_id=message_id(own, self._mail_domain),
                subject=shorten(cover.title, 200, placeholder=" …"),
                body="\n\n".join(body) + "\n",
                document=name,
                sha256=sha256,
                since=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            for own, address in zip(keys, recipient.addresses, strict=True)
        ]
        return document, notices

    def _recipient(self, batch: LetterBatch, letter: Letter) -> Recipient:
        language = batch.applicant.language if batch.applicant else Language.NL
        if letter.role in _TO_PARTIES:
            reached = self._reached(batch.applicant if letter.role is Role.APPLICANT else self._payer(batch))
        else:
            addresses = self._addresses.get(letter.role, ())
            lines = (self._office(letter.role, language),)
            reached = Recipient(lines, language, addresses) if addresses else None
        return reached or Recipient(
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
        if not is_mail_address(contact.email):
            return None
        lines = [plain(line) for line in (contact.name, *contact.address.splitlines())]
        return Recipient(tuple(filter(None, lines)), party.language, (contact.email,))

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

    def _values(self, batch: LetterBatch, letter: Letter, language: Language) -> dict[str, Any]:
        values: dict[str, Any] = {
            "number": batch.number,
            "procedure": self._wording.words(language)["procedures"][batch.procedure],
            "product": batch.product,
            "applicant": batch.applicant.name if batch.applicant else "",
            "on": batch.on,
            "article": self._wording.article(batch.article, language),
            "account": self._account,
            "role": letter.role.value,
            "facts": letter.facts,
        }
        if batch.invoice:
            values["invoice"] = batch.invoice
        if batch.credit_note:
            values["credit_note"] = batch.credit_note
        return values

    def _laid_out(
        self, batch: LetterBatch, letter: Letter, recipient: Recipient, text: Text
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
        if letter.role not in _TO_PARTIES and letter.kind not in _TO_OFFICES:
            marked.append(_note(notes, "copy"))
        if letter.facts.get("assumed"):
            marked.append(_note(notes, "assumed"))
        if counted := letter.facts.get("reckonings"):
            marked.append(self._counted(counted, language))
        if letter.unverified:
            names = [self._wording.clause(clause, language) for clause in letter.unverified]
            marked.append(_note(notes, "unverified", names))
        return {
            "language": language.value,
            "region": "GB" if language is Language.EN else "BE",
            "year": batch.on.year,
            "month": batch.on.month,
            "day": batch.on.day,
            "agency": self._agency,
            "contact": plain(self._addresses[Role.DESK][0]),
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
            "salutation": words["salutations"][letter.role.value],
            "parts": list(text.parts),
            "notes": marked,
            "illegible": _note(notes, "illegible"),
            "closing": labels["closing"],
            "signature": [self._agency, labels["desk"]],
        }

    def _counted(self, counted: list[dict[str, Any]], language: Language) -> dict[str, Any]:
        """The note that says how the dates of a letter came about; several have the clause before each."""
        told = []
        for one in counted:
            closed = {date.fromisoformat(day): reason for day, reason in one["off"].items()}
            explaining = Explaining(self._wording, language, closed)
            sentences = explaining.short(Reckoning.model_validate(one["reckoning"]), one["article"])
            told.append([plain(self._wording.clock(one["clause"], language)), " ".join(sentences)])
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

    def _kept(self, rows: list[tuple[DocumentRow, list[NoticeRow]]]) -> dict[str, str]:
        from sqlalchemy.exc import IntegrityError

        from register.database import transaction

        names = {notices[0].key: document.name for document, notices in rows}
        try:
            with transaction(self._url) as session:
                session.add_all([row for document, notices in rows for row in (document, *notices)])
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
