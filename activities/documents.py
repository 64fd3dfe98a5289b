"""Makes the letters of an entry: words, PDF, and the notice that will carry it to its recipient.

A letter is made once per number, entry, kind and role. The PDF is kept by content; the database
learns of document, notice and what the letter was made from in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.addressing import Addressing
from activities.invoice_pages import Creditor
from activities.letter_pages import LetterPages, Recipient
from activities.wording import TEMPLATES, words_of
from models.entry import Letter, LetterBatch
from models.parties import Language, Role, mail_addresses
from register.notices import message_id

if TYPE_CHECKING:
    from models.register import DocumentRow, MadeLetterRow, NoticeRow
    from register.documents import DocumentStore

    Made = tuple[DocumentRow, MadeLetterRow, list[NoticeRow]]


class Documents:
    """Makes letters and keeps them, with what each was made from.

    `addresses` are those of the committees and of the desk, several with commas between them; `creditor` is
    the agency on its invoices; `office_language` as in activities/addressing.py.
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
        self._mail_domain = mail_from.rpartition("@")[2]
        known = {role: mail_addresses(written) for role, written in addresses.items()}
        self.pages = LetterPages(agency_name, known[Role.DESK][0], templates, creditor)
        self._addressing = Addressing(url, self.pages.wording, known, office_language)

    @activity.defn
    def make(self, batch: LetterBatch) -> list[str]:
        """Makes the letters of one entry and prepares their notices; returns the documents' names.

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
        recipient = self._addressing.recipient(batch, letter)
        debtor = self._addressing.debtor(batch, letter)
        return self.pages.layout(batch, letter, recipient, debtor), recipient

    def _made(self, batch: LetterBatch, key: str, letter: Letter, ordinal: int) -> Made:
        from models.register import DocumentRow, MadeLetterRow, NoticeRow

        laid_out, recipient = self.layout(batch, letter)
        debtor = self._addressing.debtor(batch, letter)
        attached = self.pages.attached(batch, letter, debtor, recipient.language)
        pdf = self.pages.pdf(laid_out, batch.on, attached)
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
        alone = batch.model_copy(update={"letters": (letter,)})
        made_from = MadeLetterRow(
            number=batch.number,
            entry=batch.entry,
            name=name,
            redirected=recipient.redirected,
            made_from=alone.model_dump(mode="json"),
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
        return document, made_from, notices

    def _names_of_made(self, keys: list[str]) -> dict[str, str]:
        from sqlalchemy import select
        from sqlmodel import col

        from models.register import NoticeRow
        from register.database import transaction

        asked = select(NoticeRow).where(col(NoticeRow.key).in_(keys))
        with transaction(self._url) as session:
            return {row.key: row.document for row in session.scalars(asked)}

    def _kept(self, made: list[Made]) -> dict[str, str]:
        from sqlalchemy.exc import IntegrityError

        from register.database import transaction

        names = {notices[0].key: document.name for document, _, notices in made}
        try:
            with transaction(self._url) as session:
                session.add_all([row for *one, notices in made for row in (*one, *notices)])
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
