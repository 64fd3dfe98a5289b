"""Issues invoices and credit notes: numbers without gaps, and a structured communication for ever.

The only numbers left out are those that a restore leaves out, and the register says which.

Law: one contribution per submitted dossier, paid under the communication of its invoice (domain
notes, 7.3 and 7.4). What was issued never changes: the database refuses it, and a credit note takes
back what an invoice asked too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.dossier import CreditNote, Invoice
from models.entry import Credit, Demand, LetterBatch
from models.errors import RegisterConflict
from models.interest import Terms, claimed, interest
from register.restores import next_serial, of_credit_notes, of_invoices

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import CreditNoteRow, InvoiceRow

KIND = 1
"""The last digit of a communication's base: an invoice for a contribution. 0 and 2 to 9 are free."""

_LOCK = 6_301_002
_CREDIT_LOCK = 6_301_006


def issue(session: Session, number: str, demand: Demand) -> Invoice:
    """Issues the invoice of a dossier, in the transaction of its entry.

    Units: cents. The number is of the year in which the invoice is issued.

    Idempotent: by dossier number; the same demand again gives the invoice as it was issued.

    Raises: RegisterConflict when the dossier has an invoice for another demand.
    """
    from sqlalchemy import func, select

    from models.register import InvoiceRow
    from register.database import one_at_a_time

    one_at_a_time(session, _LOCK)
    standing = issued(session, number)
    if standing is not None:
        _same(standing, number, demand)
        return _as_issued(standing, demand)
    year = demand.issued_on.year
    last = session.scalar(select(func.max(InvoiceRow.serial)).where(InvoiceRow.year == year))  # type: ignore[arg-type]
    serial = next_serial(session, of_invoices(year), last)
    row = InvoiceRow(
        invoice=f"{year}-{serial:05d}",
        year=year,
        serial=serial,
        number=number,
        cents=demand.cents,
        communication=communication(year, serial),
        addressee=demand.addressee.id,
        issued_on=demand.issued_on,
        due_on=demand.due_on,
    )
    session.add(row)
    session.flush()
    return _as_issued(row, demand)


def of(session: Session, number: str, demand: Demand | None = None) -> Invoice:
    """The invoice of a dossier as it was issued, with the clock of the demand that it answers.

    Raises: RegisterConflict when there is none.
    """
    row = issued(session, number)
    if row is None:
        raise RegisterConflict("money.none-stands", number=number)
    return _as_issued(row, demand)


def credit(session: Session, number: str, entry: int, credit: Credit) -> CreditNote:
    """Issues a credit note on the invoice of a dossier, in the transaction of its entry.

    Units: cents. The number is of the year in which the credit note is issued.

    Idempotent: by dossier number and entry; the same entry again gives the credit note as it was issued.

    Raises: RegisterConflict when the dossier has no invoice, or when its credit notes together would
    take back more than the invoice asked.
    """
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import CreditNoteRow
    from register.database import one_at_a_time

    one_at_a_time(session, _CREDIT_LOCK)
    standing = _credit_note(session, number, entry)
    if standing is not None:
        return _as_credited(standing)
    invoice = of(session, number)
    before = session.scalar(
        select(func.sum(CreditNoteRow.cents)).where(col(CreditNoteRow.invoice) == invoice.invoice)
    )
    if (before or 0) + credit.cents > invoice.cents:
        raise RegisterConflict(
            "money.more-than-credited",
            invoice=invoice.invoice,
            number=number,
            cents=invoice.cents,
            credited=before or 0,
            more=credit.cents,
        )
    year = credit.issued_on.year
    last = session.scalar(select(func.max(CreditNoteRow.serial)).where(col(CreditNoteRow.year) == year))
    serial = next_serial(session, of_credit_notes(year), last)
    row = CreditNoteRow(
        credit_note=f"CN-{year}-{serial:05d}",
        year=year,
        serial=serial,
        invoice=invoice.invoice,
        number=number,
        entry=entry,
        cents=credit.cents,
        reason=credit.reason,
        issued_on=credit.issued_on,
    )
    session.add(row)
    session.flush()
    return _as_credited(row)


def credited_by(session: Session, number: str, entry: int) -> CreditNote:
    """The credit note that an entry of a dossier issued.

    Raises: RegisterConflict when there is none.
    """
    row = _credit_note(session, number, entry)
    if row is None:
        raise RegisterConflict("money.no-credit-note-stands", entry=entry, number=number)
    return _as_credited(row)


def settle(session: Session, number: str, invoice: Invoice) -> None:
    """Notes how far an invoice is paid, reminded of, or handed over to collection.

    Idempotent: by invoice number; the newest entry of a case calls it last.

    Raises: RegisterConflict when no such invoice was issued.
    """
    from sqlalchemy import update
    from sqlmodel import col

    from models.register import InvoiceRow

    change = update(InvoiceRow).where(
        col(InvoiceRow.invoice) == invoice.invoice, col(InvoiceRow.communication) == invoice.communication
    )
    done = session.execute(
        change.values(
            paid_on=invoice.paid_on,
            reminders=invoice.reminders,
            collected_on=invoice.collected_on,
            paid_cents=invoice.paid_cents,
            credited_cents=invoice.credited_cents,
        ).execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise RegisterConflict(
            "money.not-issued-here",
            number=number,
            invoice=invoice.invoice,
            communication=invoice.communication,
        )


def communication(year: int, serial: int) -> str:
    """The structured communication of an invoice: `+++ddd/dddd/ddddd+++`.

    Two digits of the year, seven of the serial, one of the kind, and two check digits. The kind
    keeps the base from ever being zero.

    Raises: RegisterConflict beyond 9,999,999 invoices in a year.
    """
    from stdnum.be import ogm_vcs

    if not 1 <= serial <= 9_999_999:
        raise RegisterConflict("money.no-room", serial=serial, year=year)
    base = f"{year % 100:02d}{serial:07d}{KIND}"
    return f"+++{ogm_vcs.format(base + ogm_vcs.calc_check_digits(base))}+++"


def issued(session: Session, number: str) -> InvoiceRow | None:
    """The row of a dossier's invoice, if it has one."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow

    return session.scalar(select(InvoiceRow).where(col(InvoiceRow.number) == number))


def _same(row: InvoiceRow, number: str, demand: Demand) -> None:
    asked = (demand.cents, demand.addressee.id, demand.issued_on, demand.due_on)
    if asked != (row.cents, row.addressee, row.issued_on, row.due_on):
        raise RegisterConflict(
            "money.second-invoice",
            number=number,
            invoice=row.invoice,
            cents=row.cents,
            issued_on=row.issued_on,
            more=demand.cents,
            more_on=demand.issued_on,
        )


def _as_issued(row: InvoiceRow, demand: Demand | None) -> Invoice:
    return Invoice(
        invoice=row.invoice,
        cents=row.cents,
        communication=row.communication,
        issued_on=row.issued_on,
        due_on=row.due_on,
        late_on=demand.late_on if demand else None,
        clock=demand.clock if demand else None,
    )


def _credit_note(session: Session, number: str, entry: int) -> CreditNoteRow | None:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import CreditNoteRow

    of_entry = col(CreditNoteRow.number) == number, col(CreditNoteRow.entry) == entry
    return session.scalar(select(CreditNoteRow).where(*of_entry))


def _as_credited(row: CreditNoteRow) -> CreditNote:
    return CreditNote(
        credit_note=row.credit_note,
        invoice=row.invoice,
        cents=row.cents,
        reason=row.reason,
        issued_on=row.issued_on,
    )


def with_owed(session: Session, batch: LetterBatch) -> LetterBatch:
    """A letter that tells the terms of interest tells what its debtor owes altogether on its day, too.

    Law: Act of 20 July 2006, art. 14/17 § 1: on all that the debtor owes, not on the invoice; what is late on
    one reading only costs nothing.
    """
    if not any(letter.facts.get("interest") for letter in batch.letters):
        return batch
    from register.database import asking
    from register.debts import owing_of

    late = owing_of(asking(session), batch.on, batch.number)
    letters = []
    for letter in batch.letters:
        if told := letter.facts.get("interest"):
            terms = Terms.model_validate(told)
            cents = claimed(interest([one.debt for one in late], terms, batch.on), terms)
            owed = {"cents": sum(one.owed for one in late), "interest": cents}
            letter = letter.model_copy(update={"facts": {**letter.facts, "owed": owed if cents else None}})
        letters.append(letter)
    return batch.model_copy(update={"letters": tuple(letters)})
