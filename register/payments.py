"""Keeps bank movements, and what invoices took of them.

A movement enters once; its verdict and the shares to send are written before any act leaves, so that
whoever goes on after a crash sends the very same acts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused
from models.payments import (
    Movement,
    Reason,
    State,
    Verdict,
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

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import MovementRow


def take_in(url: str, statement: Mapping[str, Any], movements: Iterable[Mapping[str, Any]]) -> int:
    """Keeps the movements of one file, those that are new. Returns: how many were.

    Idempotent: by file and by movement; a movement that another file told stays as it was read first.

    Raises: InputRefused when a movement is known under the same name with another amount or day.
    """
    from sqlalchemy import select

    from models.register import MovementRow, StatementRow
    from register.database import one_at_a_time, transaction

    table, files = MovementRow.__table__, StatementRow.__table__  # type: ignore[attr-defined]
    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        if session.scalar(select(files.c.file).where(files.c.file == statement["file"])) is None:
            session.execute(files.insert(), dict(statement))
        offered = {str(row["id"]): row for row in movements}
        known: dict[str, tuple[Any, ...]] = {}
        for some in _in_parts(list(offered)):
            rows = session.execute(
                select(table.c.id, table.c.cents, table.c.booked_on, table.c.currency).where(
                    table.c.id.in_(some)
                )
            )
            known |= {row[0]: tuple(row[1:]) for row in rows}
        for id_, stands in known.items():
            row = offered[id_]
            if stands != (row["cents"], row["booked_on"], row["currency"]):
                raise InputRefused(
                    "money.told-otherwise",
                    movement=row["sequence"],
                    statement=row["statement"],
                    cents=stands[0],
                    currency=stands[2],
                    on=stands[1],
                    other=row["cents"],
                    other_currency=row["currency"],
                    other_on=row["booked_on"],
                )
        new = [dict(row, state=State.READ.value, reason="", note="") for row in offered.values()]
        new = [row for row in new if row["id"] not in known]
        if new:
            session.execute(table.insert(), new)
        return len(new)


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
            keep(session, row, _verdict(session, row, told), by or importer_of(session, row))
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


def _verdict(session: Session, row: MovementRow, told: Movement) -> Verdict:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementRow

    if told.reference:  # the same movement told under another statement number, or by another format
        alike = session.scalar(
            select(col(MovementRow.id)).where(
                col(MovementRow.reference) == told.reference,
                col(MovementRow.account) == row.account,
                col(MovementRow.booked_on) == told.booked_on,
                col(MovementRow.cents) == told.cents,
                col(MovementRow.id) != told.id,
                col(MovementRow.state) != State.READ.value,
            )
        )
        if alike:
            return Verdict(State.PARKED, Reason.SAME_REFERENCE, (), told.cents)
    return match(told, Invoices(session, told))


def _in_parts(ids: list[str], size: int = 500) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
