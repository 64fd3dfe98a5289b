"""What invoices ask and have received, as a movement is judged against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.errors import NotFound
from models.payments import (
    Movement,
    Owed,
    Paid,
    digits_of,
    framed,
)
from register.movements import BOOKED, REFUSED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import InvoiceRow


class Invoices(dict[str, Owed]):
    """The invoices that a movement may mean, by the digits of their communications, looked up when asked."""

    def __init__(self, session: Session, movement: Movement) -> None:
        super().__init__()
        self._session = session
        if movement.reversal and movement.reverses:
            for row in _paid_by(session, movement.reverses):
                self[digits_of(row.communication)] = owed(session, row)

    def __missing__(self, digits: str) -> Owed:
        row = _invoice(self._session, digits)
        if row is None:
            raise KeyError(digits)
        self[digits] = found = owed(self._session, row)
        return found

    def __contains__(self, digits: object) -> bool:
        return super().__contains__(digits) or _invoice(self._session, str(digits)) is not None

    def get(self, digits: str, default: Any = None) -> Any:
        """The invoice of those digits, if there is one."""
        return self[digits] if digits in self else default  # noqa: SIM401  (its own get would not look it up)


def _invoice(session: Session, digits: str) -> InvoiceRow | None:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow

    return session.scalar(select(InvoiceRow).where(col(InvoiceRow.communication) == framed(digits)))


def invoice_of(session: Session, number: str) -> InvoiceRow:
    """The invoice of a dossier. Raises: NotFound when it has none."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow

    row = session.scalar(select(InvoiceRow).where(col(InvoiceRow.number) == number))
    if row is None:
        raise NotFound("money.no-invoice", number=number, possible=(f"show {number}",))
    return row


def _paid_by(session: Session, reference: str) -> list[InvoiceRow]:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow, MovementRow, ShareRow

    rows = session.scalars(
        select(InvoiceRow)
        .join(ShareRow, col(ShareRow.invoice) == col(InvoiceRow.invoice))
        .join(MovementRow, col(MovementRow.id) == col(ShareRow.movement))
        .where(col(MovementRow.reference) == reference, col(ShareRow.state) != REFUSED)
    )
    return list({row.invoice: row for row in rows}.values())


def owed(session: Session, row: InvoiceRow) -> Owed:
    """What an invoice asks, and what it has received."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import CurrentState, MovementRow, ShareRow

    case = session.get(CurrentState, row.number)
    shares = session.execute(
        select(ShareRow, MovementRow)
        .join(MovementRow, col(MovementRow.id) == col(ShareRow.movement))
        .where(col(ShareRow.invoice) == row.invoice, col(ShareRow.state) != REFUSED)
        .order_by(col(ShareRow.movement), col(ShareRow.part))
    ).all()
    taken_back = {share.reverses for share, _ in shares if share.reverses}
    return Owed(
        invoice=row.invoice,
        number=row.number,
        issued_on=row.issued_on,
        cents=row.cents,
        credited_cents=row.credited_cents,
        received_cents=row.paid_cents,
        collected=row.collected_on is not None,
        withdrawn=bool(case and case.phase == "withdrawn"),
        paid=tuple(
            Paid(movement.id, movement.reference, movement.cents, share.cents)
            for share, movement in shares
            if share.cents > 0 and movement.id not in taken_back and share.state == BOOKED
        ),
    )
