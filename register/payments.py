"""Keeps what becomes of bank movements, and what invoices took of them.

A verdict and the shares to send are written before any act leaves, so that whoever goes on after a crash
sends the very same acts again.
"""

from __future__ import annotations

from models.payments import (
    Movement,
    Reason,
    State,
    match,
)
from register.movements import (
    BOOKED,
    LOCK,
    REFUSED,
    SENDING,
    ToSend,
    importer_of,
    keep,
    movement_of,
    rest_of,
    to_send,
)
from register.owed import Invoices


def judged(url: str, movement: str, by: str = "") -> list[ToSend]:
    """The verdict on a movement, made once and kept; the shares that still have to be sent.

    Idempotent: by movement; a verdict that stands is not made again.
    """
    from register.database import one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        row = movement_of(session, movement)
        if row.state == State.READ.value:
            told = Movement(**{name: getattr(row, name) for name in Movement.__slots__})
            keep(session, row, match(told, Invoices(session, told)), by or importer_of(session, row))
        return to_send(session, row)


def booked(url: str, sent: ToSend) -> None:
    """The act of a share has its receipt. Idempotent: by movement and part; the first answer stands."""
    from models.register import ShareRow
    from register.database import one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        share = session.get(ShareRow, (sent.movement, sent.part))
        assert share is not None
        if share.state == SENDING:
            share.state = BOOKED


def refused(url: str, sent: ToSend, message: str) -> bool:
    """The act of a share was refused: its movement waits for a person, with the words of the refusal.

    A movement that no person has decided on is judged once more first: another payment of the same
    invoice may have come between. Returns: whether it is to be judged again.
    """
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import MovementDecisionRow, ShareRow
    from register.database import one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        row = movement_of(session, sent.movement)
        share = session.get(ShareRow, (sent.movement, sent.part))
        assert share is not None
        if share.state != SENDING:
            return False
        share.state = REFUSED
        session.flush()
        decided = session.scalar(
            select(func.count()).where(col(MovementDecisionRow.movement) == sent.movement)
        )
        again = not decided and sent.part == 1 and rest_of(session, row) == row.cents
        row.state = State.READ.value if again else State.PARKED.value
        row.reason = "" if again else Reason.REFUSED.value
        row.note = message[:400]
        return again
