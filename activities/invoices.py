"""Issues invoices and credit notes: numbers without gaps, and a structured communication for ever.

Law: one contribution per submitted dossier, paid under the communication of its invoice (domain
notes, 7.3 and 7.4). What was issued never changes: the database refuses it, and a credit note takes
back what an invoice asked too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.dossier import CreditNote, Invoice
from models.entry import Credit, Demand
from models.errors import RegisterConflict

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
        return _as_issued(standing)
    year = demand.issued_on.year
    last = session.scalar(select(func.max(InvoiceRow.serial)).where(InvoiceRow.year == year))  # type: ignore[arg-type]
    serial = (last or 0) + 1
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
    return _as_issued(row)


def of(session: Session, number: str) -> Invoice:
    """The invoice of a dossier as it was issued.

    Raises: RegisterConflict when there is none.
    """
    row = issued(session, number)
    if row is None:
        raise RegisterConflict(f"An entry of {number} asked for an invoice, but none stands.")
    return _as_issued(row)


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
            f"Invoice {invoice.invoice} of {number} asks {invoice.cents} cents, {before or 0} of which are "
            f"credited; {credit.cents} more cannot be. The entry waits until a person has looked."
        )
    year = credit.issued_on.year
    last = session.scalar(select(func.max(CreditNoteRow.serial)).where(col(CreditNoteRow.year) == year))
    serial = (last or 0) + 1
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
        raise RegisterConflict(f"Entry {entry} of {number} asked for a credit note, but none stands.")
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
            paid_cents=invoice.received_cents,
            credited_cents=invoice.credited_cents,
        ).execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise RegisterConflict(
            f"An entry of {number} speaks of invoice {invoice.invoice} with {invoice.communication}, "
            "which this register did not issue. The entry waits until the register is complete."
        )


def communication(year: int, serial: int) -> str:
    """The structured communication of an invoice: `+++ddd/dddd/ddddd+++`.

    Two digits of the year, seven of the serial, one of the kind, and two check digits. The kind
    keeps the base from ever being zero.

    Raises: RegisterConflict beyond 9,999,999 invoices in a year.
    """
    from stdnum.be import ogm_vcs

    if not 1 <= serial <= 9_999_999:
        raise RegisterConflict(f"The communication of invoice {serial} of {year} has no room for its serial.")
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
            f"{number} has invoice {row.invoice} for {row.cents} cents of {row.issued_on}; a second one, for "
            f"{demand.cents} cents of {demand.issued_on}, is not issued. A dossier has one contribution."
        )


def _as_issued(row: InvoiceRow) -> Invoice:
    return Invoice(
        invoice=row.invoice,
        cents=row.cents,
        communication=row.communication,
        issued_on=row.issued_on,
        due_on=row.due_on,
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
