"""Makes a letter of the outbox: words, PDF, and the notices that will carry it to its recipient.

A letter is made once. The PDF is kept by content; the database learns of document and notices in one
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

from activities.addressing import Addressing
from activities.invoice_pages import Creditor
from activities.letter_pages import LetterPages, Recipient
from activities.letter_text import words_of
from activities.signing import Signatures
from activities.wording import TEMPLATES
from models.entry import Letter, LetterBatch
from models.errors import ProcedureError
from models.messages import Message
from models.parties import Channel, Language, Role, Spoken, mail_addresses
from procedures import registry
from register.database import asked
from register.notices import message_id

if TYPE_CHECKING:
    from models.register import LetterRow, NoticeRow
    from register.documents import DocumentStore


class _Drawn(NamedTuple):
    """A letter as it was drawn: its document, and the words that carry it."""

    name: str
    pdf: bytes
    recipient: Recipient
    subject: str
    body: str
    html: str
    redirected: str


class CannotBeNamed(ProcedureError):
    """A letter has to name the service that answers questions, and what of it is not set."""


class Documents:
    """Makes letters and keeps them.

    `addresses` are those of the committees and of the desk, several with commas between them; `creditor` is
    the agency on its invoices; `office_language` as in activities/addressing.py. Where it `lacks` what a
    letter has to name by law, none is made. `signatures` sign what a person decided.
    """

    def __init__(
        self,
        url: str,
        store: DocumentStore,
        agency_name: Spoken,
        mail_from: str,
        addresses: Mapping[Role, str],
        templates: Path = TEMPLATES,
        creditor: Creditor | None = None,
        office_language: Language = Language.NL,
        lacks: tuple[Message, ...] = (),
        signatures: Signatures | None = None,
    ) -> None:
        self._lacks = lacks
        self._url = url
        self._store = store
        self._mail_domain = mail_from.rpartition("@")[2]
        known = {role: mail_addresses(written) for role, written in addresses.items()}
        self.pages = LetterPages(agency_name, known[Role.DESK][0], templates, creditor, signatures)
        self._addressing = Addressing(url, self.pages.wording_of, known, office_language, asked)

    def make(self, row: LetterRow) -> list[NoticeRow]:
        """Makes a letter of the outbox, and its notices. Returns: the notices that can leave by themselves.

        Idempotent: by the key of the letter; one that was made is not made again.

        Raises: NotReachable when the register or the store does not answer; CannotBePrinted until a person
        has looked at signs that its fonts do not have; CannotBeSigned until a key is mended; anything else
        when a person has to mend a template or a fact first.
        """
        if self._lacks:
            raise CannotBeNamed(self._lacks[0].key, **self._lacks[0].facts)
        batch = LetterBatch.model_validate(row.made_from)
        (letter,) = batch.letters
        return self._kept(batch, letter, row, self._drawn(batch, letter, row))

    def layout(self, batch: LetterBatch, letter: Letter) -> tuple[dict[str, Any], Recipient]:
        """A letter as the layouts take it (words only, on one line each), and its recipient.

        Raises: ValidationError for facts that are not those of this kind of letter.
        """
        recipient = self._addressing.recipient(batch, letter)
        debtor = self._addressing.debtor(batch, letter)
        return self.pages.layout(batch, letter, recipient, debtor), recipient

    def _drawn(self, batch: LetterBatch, letter: Letter, row: LetterRow) -> _Drawn:
        laid_out, recipient = self.layout(batch, letter)
        debtor = self._addressing.debtor(batch, letter)
        attached = self.pages.attached(batch, letter, debtor, recipient.language)
        pdf = self.pages.pdf(laid_out, batch.on, attached, spelt_out=bool(row.looked_at_by))
        role = row.role.replace("_", "-") + (f"-{row.ordinal}" if row.ordinal > 1 else "")
        name = f"{batch.entry:02d}-{row.letter}-{role}-{recipient.language.value}.pdf"
        said = {"number": batch.number, "title": laid_out["title"], "document": name}
        cover = self.pages.wording_of(batch.procedure).write("notice", recipient.language, said)
        laid_out["cover"] = [part["text"] for part in cover.parts]
        body = "\n\n".join([*laid_out["cover"], "* * *", *words_of(laid_out)]) + "\n"
        subject = shorten(cover.title, 200, placeholder=" …")
        notes = self.pages.wording_of(batch.procedure).words(recipient.language)["notes"]
        redirected = notes["redirected"] if recipient.redirected else ""
        return _Drawn(name, pdf, recipient, subject, body, self.pages.html(laid_out), redirected)

    def _kept(self, batch: LetterBatch, letter: Letter, row: LetterRow, drawn: _Drawn) -> list[NoticeRow]:
        """Keeps document and notices, unless another attempt was faster: then what it wrote stands."""
        from models.register import DocumentRow, NoticeRow
        from register.database import change, transaction

        sha256 = self._store.keep(drawn.pdf)
        document = {
            "number": batch.number,
            "entry": batch.entry,
            "name": drawn.name,
            "sha256": sha256,
            "size": len(drawn.pdf),
            "letter": letter.kind.value,
            "language": drawn.recipient.language.value,
        }
        notices = self._notices(row, drawn, sha256)
        made = (
            "UPDATE letter SET state = 'made', since = ?, reason = '', document = ?, redirected = ? "
            "WHERE key = ? AND state <> 'made'"
        )
        values = (notices[0].since, drawn.name, drawn.recipient.redirected, row.key)
        with transaction(self._url) as session:
            if not change(session, made, values):
                return []
            session.execute(DocumentRow.__table__.insert(), document)
            session.execute(NoticeRow.__table__.insert(), [notice.model_dump() for notice in notices])
        return [notice for notice in notices if notice.state == "pending"]

    def _notices(self, row: LetterRow, drawn: _Drawn, sha256: str) -> list[NoticeRow]:
        from models.register import NoticeRow

        recipient = drawn.recipient
        by_mail = recipient.channel is Channel.EMAIL
        addressed = recipient.addresses if by_mail else (", ".join(recipient.lines)[:254],)
        # the first of several addresses has the letter's own key
        keys = [row.key if nth == 1 else f"{row.key}/to-{nth}" for nth in range(1, len(addressed) + 1)]
        return [
            NoticeRow(
                key=key,
                of=row.key,
                number=row.number,
                entry=row.entry,
                letter=row.letter,
                role=row.role,
                recipient=address,
                message_id=message_id(key, row.says, self._mail_domain),
                subject=drawn.subject,
                body=drawn.body,
                html=drawn.html,
                document=drawn.name,
                sha256=sha256,
                state="pending" if by_mail else "to_post",
                since=datetime.now(UTC).isoformat(timespec="milliseconds"),
                channel=recipient.channel.value,
                redirected=drawn.redirected,
            )
            for key, address in zip(keys, addressed, strict=True)
        ]


class DocumentsByProcedure:
    """Makes each letter as the office of its procedure does."""

    def __init__(self, of: Mapping[str, Documents]) -> None:
        self._of = of

    def make(self, row: LetterRow) -> list[NoticeRow]:
        """As `Documents.make`, by the documents of the procedure of the letter.

        Raises: UnknownClause for a procedure that this process does not hold.
        """
        procedure = row.made_from["procedure"]
        registry.procedure(procedure)
        return self._of[procedure].make(row)
