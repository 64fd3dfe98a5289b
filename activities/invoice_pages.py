"""The page of an invoice or credit note: its facts in order, the QR code to pay by, and its UBL document.

What is printed, what the QR code says and what the UBL document says come from the same facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from activities.letter_text import plain, structured
from activities.ubl import Bill, BilledParty, ubl
from activities.wording import Wording
from models.dossier import CreditNote, Invoice
from models.entry import Letter, LetterBatch, LetterKind
from models.messages import Message
from models.parties import EnterpriseNumber, Language, Spoken, enterprise_number, said_in
from models.phases import Kind
from procedures.registry import contribution_of

INVOICED = (LetterKind.INVOICE, LetterKind.CREDIT_NOTE)
"""The letters that are laid out as invoices."""

_LONGEST_NAME = 70
"""Characters of a beneficiary in a payment QR code (EPC069-12)."""


@dataclass(frozen=True)
class Creditor:
    """The agency as its letters and invoices name it; what is not set is not named.

    `account` is an IBAN and `enterprise_number` a Belgian one, both checked. With `ubl` an invoice to
    a debtor who has a Belgian enterprise number carries its UBL document.
    """

    name: Spoken
    address: Spoken = ""
    enterprise_number: str = ""
    account: str = ""
    ubl: bool = False
    telephone: str = ""

    def spoken(self, language: Language) -> SpokenCreditor:
        """The same with its name and address in a language, where they are set in several."""
        name, address = plain(said_in(self.name, language)), said_in(self.address, language)
        return SpokenCreditor(name, address, self.enterprise_number, self.account, self.ubl)


@dataclass(frozen=True)
class SpokenCreditor(Creditor):
    """A creditor in one language."""

    name: str
    address: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of its address."""
        return tuple(filter(None, (plain(line).strip() for line in self.address.split(";"))))


@dataclass(frozen=True)
class Debtor:
    """Whom an invoice is for; only a name when nothing else is known."""

    name: str
    address: str = ""
    enterprise_number: str = ""


class InvoicePages:
    """Lays out invoices and credit notes of one creditor."""

    def __init__(self, wording: Wording, creditor: Creditor) -> None:
        self._wording = wording
        self._creditor = creditor

    def page(self, batch: LetterBatch, letter: Letter, debtor: Debtor, language: Language) -> dict[str, Any]:
        """What the layout of invoices takes beside what that of every letter takes."""
        words = self._wording.words(language)["invoice"]
        invoice, note = _of(batch, letter)
        issued_on = note.issued_on if note else invoice.issued_on
        amount = self._wording.euros(note.cents if note else invoice.cents, language)
        total = words["credited" if note else "total"]
        if note:
            second = (words["corrects"], self._invoice_of_a_day(invoice, language))
        else:
            second = (words["due"], self._wording.long_date(invoice.due_on, language))
        on = (words["on"], self._wording.long_date(issued_on, language))
        return {
            "layout": "invoice",
            "invoice": words,
            "debtor": [plain(line) for line in (debtor.name, *debtor.address.splitlines()) if line.strip()],
            "debtor_number": _number(words, debtor.enterprise_number),
            "creditor": _named(words, self._creditor.spoken(language)),
            "figures": [on, second, (words["dossier"], plain(batch.number)), (total, amount)],
            "line": self._line(batch, letter, language),
            "line_about": self._about(batch, language),
            "amount": amount,
            "total": total,
            "still_owed": self._wording.euros(invoice.owed_cents, language) if note else "",
            "pay": None if note else self._payment(invoice, language),
            "source": self._source(letter, language),
        }

    def attached(
        self, batch: LetterBatch, letter: Letter, debtor: Debtor, language: Language
    ) -> tuple[str, bytes] | None:
        """The UBL document and its name; nothing when it is not wanted, or its debtor has no endpoint."""
        creditor, number = self._creditor.spoken(language), _checked(debtor.enterprise_number)
        if not creditor.ubl or number is None or not number.is_belgian:
            return None
        words = self._wording.words(language)["invoice"]
        invoice, note = _of(batch, letter)
        debtor_lines = tuple(filter(None, (plain(line).strip() for line in debtor.address.splitlines())))
        bill = Bill(
            number=note.credit_note if note else invoice.invoice,
            issued_on=note.issued_on if note else invoice.issued_on,
            due_on=None if note else invoice.due_on,
            dossier=batch.number,
            cents=note.cents if note else invoice.cents,
            line=self._line(batch, letter, language),
            about=self._about(batch, language),
            note=plain(note.reason) if note else "",
            outside_vat=words["outside_vat"],
            creditor=BilledParty(creditor.name, creditor.lines, _digits(creditor.enterprise_number)),
            debtor=BilledParty(plain(debtor.name), debtor_lines, number.number),
            communication="" if note else structured(invoice.communication),
            account="" if note else creditor.account.replace(" ", ""),
            corrects=(invoice.invoice, invoice.issued_on) if note else None,
        )
        return f"{letter.kind.value}-{bill.number}.xml", ubl(bill)

    def _line(self, batch: LetterBatch, letter: Letter, language: Language) -> str:
        """What is asked or credited, in one line."""
        words = self._wording.words(language)["invoice"]
        invoice, note = _of(batch, letter)
        if note:
            return words["credit_on"].format(invoice=self._invoice_of_a_day(invoice, language))
        contribution = contribution_of(batch.procedure, Kind(letter.facts["kind"]))
        # a dossier may pay none that the law names
        asked = self._wording.words(language)["clauses"].get(contribution, words["contribution"])
        return asked[0].upper() + asked[1:]

    def _about(self, batch: LetterBatch, language: Language) -> str:
        about = plain(batch.subject.name)
        dossier = self._wording.words(language)["invoice"]["dossier"]
        dossier = dossier if language is Language.DE else dossier.lower()  # nouns have capitals there
        return f"{about}, {dossier} {plain(batch.number)}"

    def _source(self, letter: Letter, language: Language) -> str:
        """Who says that the amount is this one; nothing on a credit note."""
        source = plain(self._wording.source(str(letter.facts.get("source", "")), language))
        return self._wording.words(language)["invoice"]["source"].format(source=source) if source else ""

    def _invoice_of_a_day(self, invoice: Invoice, language: Language) -> str:
        on = self._wording.long_date(invoice.issued_on, language)
        return self._wording.words(language)["invoice"]["of_day"].format(invoice=invoice.invoice, on=on)

    def _payment(self, invoice: Invoice, language: Language) -> dict[str, Any]:
        words, creditor = self._wording.words(language)["invoice"], self._creditor.spoken(language)
        account = creditor.account
        amount = self._wording.euros(invoice.cents, language)
        communication = structured(invoice.communication)
        due_on = self._wording.long_date(invoice.due_on, language)
        rows = [(words["total"], amount), (words["due"], due_on), (words["beneficiary"], creditor.name)]
        if account:
            rows.append((words["account"], account))
        said = {"amount": amount, "account": account, "communication": communication}
        return {
            "rows": rows,
            "communication": communication,
            "qr": payment_qr(creditor, invoice) if account else "",
            "qr_alt": words["qr_alt"].format(**said) if account else "",
        }


def _named(words: dict[str, str], creditor: SpokenCreditor) -> list[list[str]]:
    """Address and number of the agency, with their labels."""
    lines = [["", line] for line in creditor.lines]
    if number := _number(words, creditor.enterprise_number):
        lines.append(number)
    return lines


def payment_qr(creditor: SpokenCreditor, invoice: Invoice) -> str:
    """The QR code by which an app of a bank fills in the transfer (EPC069-12), as SVG.

    The structured communication stands in the text field: the guideline keeps the other one for
    references of ISO 11649.
    """
    from segno.helpers import make_epc_qr

    code = make_epc_qr(
        name=_at_a_word(creditor.name),
        iban=creditor.account.replace(" ", ""),
        amount=Decimal(invoice.cents) / 100,
        text=structured(invoice.communication),
        encoding="utf-8",
    )
    drawn = BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, border=4, light="white")
    return drawn.getvalue().decode()


def _at_a_word(name: str) -> str:
    """A name as long as the code takes it; a longer one ends with a whole word, which a bank can compare."""
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME + 1].rpartition(" ")[0].rstrip(" ,;–-/") or name[:_LONGEST_NAME]


def _of(batch: LetterBatch, letter: Letter) -> tuple[Invoice, CreditNote | None]:
    if batch.invoice is None:
        raise ValueError(Message("letter.no-invoice", letter=letter.kind.value, number=batch.number))
    if letter.kind != LetterKind.CREDIT_NOTE:
        return batch.invoice, None
    if batch.credit_note is None:
        raise ValueError(Message("letter.no-credit-note", letter=letter.kind.value, number=batch.number))
    return batch.invoice, batch.credit_note


def _number(words: dict[str, str], written: str) -> list[str]:
    """An enterprise or VAT number with its label, nothing when there is none.

    One that was kept before numbers were checked is printed as it was written.
    """
    if not written.strip():
        return []
    number = _checked(written)
    label = words["vat_number" if number and not number.is_belgian else "enterprise_number"]
    return [label, plain(str(number or written))]


def _checked(written: str) -> EnterpriseNumber | None:
    try:
        return enterprise_number(written) if written.strip() else None
    except ValueError:
        return None


def _digits(written: str) -> str:
    number = _checked(written)
    return number.number if number else ""
