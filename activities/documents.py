"""Makes the letters of an entry: words, PDF, and the notice that will carry it to its recipient.

A letter is made once per number, entry, kind and role. The PDF is kept by content; the database
learns of document and notice in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.invoice_pages import INVOICED, Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.wording import TEMPLATES, plain, words_of
from models.entry import Letter, LetterBatch
from models.errors import NotFound
from models.parties import (
    OFFICE_LANGUAGES,
    TO_PARTIES,
    Contact,
    Language,
    Party,
    Role,
    is_mail_address,
    mail_addresses,
)
from register import recipients
from register.notices import message_id
from register.parties import contact_of

if TYPE_CHECKING:
    from models.register import DocumentRow, NoticeRow
    from register.documents import DocumentStore
    from register.recipients import KeptRecipient


class Documents:
    """Makes letters and keeps them.

    `addresses` are those of the committees and of the desk, several with commas between them; `creditor` is
    the agency on its invoices. `office_language` is that of letters to committees and desk where the
    applicant's is not known, or is German.
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
        self._office_language = office_language
        self._mail_domain = mail_from.rpartition("@")[2]
        self._addresses = {role: mail_addresses(written) for role, written in addresses.items()}
        # an id is made from the contact itself, so what was read once stays true
        self._contact = lru_cache(maxsize=1000)(partial(contact_of, url))
        self.pages = LetterPages(agency_name, self._addresses[Role.DESK][0], templates, creditor)

    @activity.defn
    def make(self, batch: LetterBatch) -> list[str]:
        """Makes the letters of one entry and prepares their notices; returns the documents' names.

        A letter goes to whom a person named for this case, else to the contact that was filed or the
        address that is set. One whose recipient is not known goes to the desk, and says so.

        Idempotent: by number, entry, kind and role, and by its ordinal when a batch has several of
        one kind for one role; a letter that was made is not made again.
        """
        asked = _numbered(batch)
        made = self._names_of_made(list(asked))
        rows = [self._made(batch, key, *which) for key, which in asked.items() if key not in made]
        made |= self._kept(rows)
        return [made[key] for key in asked]

    def layout(self, batch: LetterBatch, letter: Letter) -> tuple[dict[str, Any], Recipient]:
        """A letter as the layouts take it (words only, on one line each), and its recipient.

        Raises: ValidationError for facts that are not those of this kind of letter.
        """
        recipient = self._recipient(batch, letter)
        return self.pages.layout(batch, letter, recipient, self._debtor(batch, letter)), recipient

    def attached(self, batch: LetterBatch, letter: Letter) -> tuple[str, bytes] | None:
        """The name and content of the file that a letter carries within it, if it does."""
        language = self._recipient(batch, letter).language
        return self.pages.attached(batch, letter, self._debtor(batch, letter), language)

    def _made(
        self, batch: LetterBatch, key: str, letter: Letter, ordinal: int
    ) -> tuple[DocumentRow, list[NoticeRow]]:
        from models.register import DocumentRow, NoticeRow

        laid_out, recipient = self.layout(batch, letter)
        pdf = self.pages.pdf(laid_out, batch.on, self.attached(batch, letter))
        sha256 = self._store.keep(pdf)
        role = letter.role.value.replace("_", "-") + (f"-{ordinal}" if ordinal > 1 else "")
        name = f"{batch.entry:02d}-{letter.kind.value}-{role}-{recipient.language.value}.pdf"
        cover = self.pages.wording.write(
            "notice",
            recipient.language,
            {"number": batch.number, "title": laid_out["title"], "document": name},
        )
        laid_out["cover"] = [part["text"] for part in cover.parts]
        body = [*laid_out["cover"], "* * *", *words_of(laid_out)]
        html = self.pages.html(laid_out)
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
                html=html,
                document=name,
                sha256=sha256,
                since=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            for own, address in zip(keys, recipient.addresses, strict=True)
        ]
        return document, notices

    def _recipient(self, batch: LetterBatch, letter: Letter) -> Recipient:
        named = recipients.of(self._url, batch.number)
        role, own = letter.role, named.get(letter.role)
        spoken = self._language(batch.applicant, named.get(Role.APPLICANT))
        if role in TO_PARTIES:
            reached = self._reached(batch.applicant if role is Role.APPLICANT else self._payer(batch), own)
        else:
            spoken = spoken if spoken in OFFICE_LANGUAGES else self._office_language
            addresses = own.addresses if own else self._addresses.get(role, ())
            language = (own and own.language) or spoken
            lines = (self._office(role, language),)
            reached = Recipient(lines, language, addresses) if addresses else None
        if reached:
            return reached
        meant = (role,) if role not in TO_PARTIES else ()  # for whoever forwards it
        offices = tuple(self._office(office, spoken) for office in (*meant, Role.DESK))
        return Recipient(offices, spoken, self._addresses[Role.DESK], redirected=True)

    def _reached(self, party: Party | None, named: KeptRecipient | None) -> Recipient | None:
        contact = self._known(party)
        # an address outside ASCII needs a mail server that we cannot count on: a person forwards it
        addresses = named.addresses if named else (contact.email,) if contact else ()
        if party is None or not all(map(is_mail_address, addresses)) or not addresses:
            return None
        written = (contact.name, *contact.address.splitlines()) if contact else (party.name,)
        lines = tuple(filter(None, (plain(line) for line in written)))
        return Recipient(lines, self._language(party, named), addresses)

    def _language(self, party: Party | None, named: KeptRecipient | None) -> Language:
        """The language of a party: as a person said, as it was filed, or that of the office."""
        contact = self._known(party)
        filed = contact.language if contact else party.language if party else None
        return (named and named.language) or filed or self._office_language

    def _known(self, party: Party | None) -> Contact | None:
        try:
            return self._contact(party.id) if party else None
        except NotFound:
            return None

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
        contact = self._known(Party(id=kept, name=kept)) if kept else None
        return Party(id=kept, name=contact.name) if kept and contact else batch.invoice_addressee

    def _debtor(self, batch: LetterBatch, letter: Letter) -> Debtor:
        payer = self._payer(batch) if letter.kind in INVOICED else None
        if payer is None:
            return Debtor("")
        contact = self._known(payer)
        if contact is None:
            return Debtor(payer.name)
        return Debtor(contact.name, contact.address, contact.enterprise_number)

    def _office(self, role: Role, language: Language) -> str:
        return self.pages.wording.words(language)["recipients"][role.value]

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
