"""A bank movement as the register keeps it: its shares, what is left of it, and what is still to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models.errors import NotFound
from models.payments import (
    ShareKind,
    Verdict,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import MovementRow, ShareRow

LOCK = 6_301_004
"""Verdicts and decisions are made one at a time: two never see the same open amount."""

SENDING, BOOKED, REFUSED = "sending", "booked", "refused"


@dataclass(frozen=True, slots=True)
class ToSend:
    """A share that was written down and has no answer yet: the act that it asks for."""

    movement: str
    part: int
    number: str
    cents: int
    request_id: str
    by: str
    on: date
    kind: ShareKind = ShareKind.PLAIN


def keep(session: Session, row: MovementRow, verdict: Verdict, by: str) -> None:
    """Writes a verdict down, with the shares that are to be sent."""
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import ShareRow

    row.state, row.reason, row.note = verdict.state.value, verdict.reason.value, ""
    last = session.scalar(select(func.max(ShareRow.part)).where(col(ShareRow.movement) == row.id)) or 0
    for part, share in enumerate(verdict.shares, start=last + 1):
        session.add(
            ShareRow(
                movement=row.id,
                part=part,
                number=share.number,
                invoice=share.invoice,
                cents=share.cents,
                reverses=share.reverses,
                kind=share.kind.value,
                request_id=f"{row.id}-{part}",
                by=by,
                state=SENDING,
            )
        )
    session.flush()


def to_send(session: Session, row: MovementRow) -> list[ToSend]:
    """The shares of a movement that have no answer yet."""
    return [
        ToSend(
            movement=row.id,
            part=share.part,
            number=share.number,
            cents=share.cents,
            request_id=share.request_id,
            by=share.by,
            on=row.booked_on,
            kind=ShareKind(share.kind),
        )
        for share in shares_of(session, row)
        if share.state == SENDING
    ]


def rest_of(session: Session, row: MovementRow) -> int:
    """What no invoice took of a movement, and no refund."""
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import RefundRow

    gives = session.scalar(select(func.sum(col(RefundRow.cents))).where(col(RefundRow.movement) == row.id))
    given = session.scalar(select(func.sum(col(RefundRow.cents))).where(col(RefundRow.of) == row.id))
    shares = sum(share.cents for share in shares_of(session, row) if share.state != REFUSED)
    return row.cents - shares + int(gives or 0) - int(given or 0)


def shares_of(session: Session, row: MovementRow) -> list[ShareRow]:
    """What invoices took of a movement, part by part."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import ShareRow

    asked = select(ShareRow).where(col(ShareRow.movement) == row.id).order_by(col(ShareRow.part))
    return list(session.scalars(asked))


def movement_of(session: Session, movement: str) -> MovementRow:
    """The movement of that name, held until all is written. Raises: NotFound."""
    from models.register import MovementRow

    row = session.get(MovementRow, movement, with_for_update=True)
    if row is None:
        raise NotFound("money.no-movement", movement=movement, possible=("payments",))
    return row


def importer_of(session: Session, row: MovementRow) -> str:
    """Who took in the file in which a movement stands."""
    from models.register import StatementRow

    statement = session.get(StatementRow, row.file)
    return statement.by if statement else ""
