"""Keeps bank movements, what invoices took of them, and what persons decided on them.

A movement enters once; its verdict and the shares to send are written before any act leaves, so that
whoever goes on after a crash sends the very same acts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import ImproperAct, InputRefused, NotFound
from models.payments import (
    Movement,
    Owed,
    Paid,
    Reason,
    Share,
    ShareKind,
    State,
    Verdict,
    digits_of,
    match,
    pay,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import InvoiceRow, MovementRow, ShareRow

LOCK = 6_301_004
"""Verdicts and decisions are made one at a time: two never see the same open amount."""

_WHY_NOT = {
    Reason.DOUBLE: "its invoice is paid",
    Reason.CREDITED: "its invoice is credited whole",
    Reason.BEFORE_INVOICE: "its invoice is younger than the payment",
}

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
                    f"Movement {row['sequence']} of statement {row['statement']} was taken in before with "
                    f"{stands[0] / 100:.2f} {stands[2]} of {stands[1]}; this file tells "
                    f"{row['cents'] / 100:.2f} {row['currency']} of {row['booked_on']}. Nothing was taken in."
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
        row = _movement(session, movement)
        if row.state == State.READ.value:
            told = Movement(**{name: getattr(row, name) for name in Movement.__slots__})
            _keep(session, row, _verdict(session, row, told), by or _importer(session, row))
        return _to_send(session, row)


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
        row = _movement(session, sent.movement)
        share = session.get(ShareRow, (sent.movement, sent.part))
        assert share is not None
        if share.state != SENDING:
            return False
        share.state = REFUSED
        session.flush()
        decided = session.scalar(
            select(func.count()).where(col(MovementDecisionRow.movement) == sent.movement)
        )
        again = not decided and sent.part == 1 and _rest(session, row) == row.cents
        row.state = State.READ.value if again else State.PARKED.value
        row.reason = "" if again else Reason.REFUSED.value
        row.note = message[:400]
        return again


def decide(
    url: str,
    movement: str,
    decision: str,
    by: str,
    on: date,
    wanted: Sequence[tuple[str, int | None]] = (),
    reason: str = "",
    of: str = "",
) -> None:
    """Keeps what a person decided on a movement that waits: assign, split, return its rest, or refund.

    `wanted` are numbers and amounts; no amount is whatever the invoice of that number can take. `of` is the
    movement, or the number with a surplus, that money which left the account gives back. The same decision
    again, while its acts are under way, changes nothing.

    Raises: NotFound; ImproperAct when nothing of it waits, or an amount cannot stand.
    """
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import MovementDecisionRow
    from register.database import one_at_a_time, transaction

    said: dict[str, Any] = {"reason": reason} if reason else {}
    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        row = _movement(session, movement)
        if _to_send(session, row):
            _same(session, movement, decision, [of] if of else [number for number, _ in wanted])
            return  # typed again: what was decided is still on its way
        rest = _rest(session, row)
        if row.state != State.PARKED.value:
            raise ImproperAct(
                f"Movement {movement} does not wait for a person: it is {row.state} ({row.reason}).",
                ("payments",),
            )
        if decision == "return":
            row.state, row.reason = State.RETURNED.value, Reason.RETURNED.value
            said["cents"] = rest
        elif decision == "refund" and of.startswith("M-"):
            said |= {"of": of, "cents": _set_off(session, row, rest, of, by, on)}
        else:
            shares = _wanted(session, row, rest, wanted) if wanted else [_surplus_of(session, row, rest, of)]
            said["shares"] = [[share.number, share.cents] for share in shares]
            left = rest - sum(share.cents for share in shares)
            state = State.PARKED if left else State.MATCHED
            whole, in_part = (Reason.ASSIGNED, Reason.SURPLUS) if wanted else (Reason.REFUND, Reason.NEGATIVE)
            _keep(session, row, Verdict(state, in_part if left else whole, tuple(shares), left), by)
        sequence = session.scalar(select(func.count()).where(col(MovementDecisionRow.movement) == movement))
        session.add(
            MovementDecisionRow(
                movement=movement, sequence=(sequence or 0) + 1, decision=decision, said=said, by=by, on=on
            )
        )


def _same(session: Session, movement: str, decision: str, numbers: list[str]) -> None:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementDecisionRow

    last = session.scalar(
        select(MovementDecisionRow)
        .where(col(MovementDecisionRow.movement) == movement)
        .order_by(col(MovementDecisionRow.sequence).desc())
    )
    shares = last.said.get("shares", []) if last else []
    if last is None or last.decision != decision or [number for number, _ in shares] != numbers:
        raise ImproperAct(f"Movement {movement} is being booked; see `umn payments` in a moment.")


def _set_off(session: Session, row: MovementRow, rest: int, of: str, by: str, on: date) -> int:
    """Notes that a movement gives back what waits, or was promised, of another. Returns: how much."""
    from models.register import RefundRow

    other = _movement(session, of)
    waits = 0 if other.state == State.READ.value or _to_send(session, other) else _rest(session, other)
    if rest >= 0 or row.currency != other.currency or waits <= 0:
        raise ImproperAct(
            f"{rest / 100:.2f} {row.currency} of movement {row.id} cannot give back {waits / 100:.2f} "
            f"{other.currency} of {of}: money that left must meet money that came in and waits."
        )
    cents = min(waits, -rest)
    session.add(RefundRow(movement=row.id, of=of, cents=cents, by=by, on=on))
    if waits == cents:
        other.state, other.reason = State.RETURNED.value, Reason.RETURNED.value
    if rest + cents == 0:
        row.state, row.reason = State.MATCHED.value, Reason.REFUND.value
    return cents


def _surplus_of(session: Session, row: MovementRow, rest: int, number: str) -> Share:
    """The share of a movement that gives back what an invoice received beyond what it asks."""
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import ShareRow

    owed = _owed(session, _invoice_of(session, number))
    on_their_way = session.scalar(
        select(func.sum(col(ShareRow.cents))).where(
            col(ShareRow.invoice) == owed.invoice,
            col(ShareRow.kind) == ShareKind.REFUND.value,
            col(ShareRow.state) == SENDING,
        )
    )
    surplus = owed.surplus_cents + (on_their_way or 0)
    if rest >= 0 or row.currency != "EUR" or surplus <= 0:
        raise ImproperAct(
            f"{rest / 100:.2f} {row.currency} of movement {row.id} cannot give back {surplus / 100:.2f} euro "
            f"that {number} received beyond what its invoice asks."
        )
    return Share(number, owed.invoice, -min(surplus, -rest), kind=ShareKind.REFUND)


def _wanted(
    session: Session, row: MovementRow, rest: int, wanted: Sequence[tuple[str, int | None]]
) -> list[Share]:
    if row.currency != "EUR":
        raise ImproperAct(f"Movement {row.id} is in {row.currency}; it can only be returned.")
    if rest == 0:
        raise ImproperAct(f"Movement {row.id} brings nothing to book; it can only be returned.")
    shares: list[Share] = []
    for number, cents in wanted:
        invoice = _invoice_of(session, number)
        owed = _owed(session, invoice)
        left = rest - sum(share.cents for share in shares)
        if rest < 0:  # a payment that the bank took back
            if owed.received_cents < (cents or -left):
                raise ImproperAct(
                    f"{-left / 100:.2f} euro cannot be taken back from {number}: "
                    f"{owed.received_cents / 100:.2f} have arrived."
                )
            shares.append(Share(number, owed.invoice, -cents if cents else left))
            continue
        if number in {share.number for share in shares}:
            raise ImproperAct(f"{number} is named twice; give one amount for it.")
        verdict = pay(Movement(row.id, row.booked_on, cents or left), owed)
        if not verdict.shares:
            raise ImproperAct(f"Nothing can be booked on {number}: {_WHY_NOT[verdict.reason]}.")
        if cents and verdict.rest:
            raise ImproperAct(
                f"{cents / 100:.2f} euro cannot be booked on {number}: {owed.open_cents / 100:.2f} are open."
            )
        shares += verdict.shares
    left = rest - sum(share.cents for share in shares)
    if left and (left < 0) != (rest < 0):
        raise ImproperAct(
            f"{rest / 100:.2f} euro of movement {row.id} wait; {(rest - left) / 100:.2f} cannot be given out."
        )
    return shares


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
    return match(told, _Invoices(session, told))


class _Invoices(dict[str, Owed]):
    """The invoices that a movement may mean, by the digits of their communications, looked up when asked."""

    def __init__(self, session: Session, movement: Movement) -> None:
        super().__init__()
        self._session = session
        if movement.reversal and movement.reverses:
            for row in _paid_by(session, movement.reverses):
                self[digits_of(row.communication)] = _owed(session, row)

    def __missing__(self, digits: str) -> Owed:
        row = _invoice(self._session, digits)
        if row is None:
            raise KeyError(digits)
        self[digits] = found = _owed(self._session, row)
        return found

    def __contains__(self, digits: object) -> bool:
        return super().__contains__(digits) or _invoice(self._session, str(digits)) is not None

    def get(self, digits: str, default: Any = None) -> Any:
        return self[digits] if digits in self else default  # noqa: SIM401  (its own get would not look it up)


def _invoice(session: Session, digits: str) -> InvoiceRow | None:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow

    framed = f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
    return session.scalar(select(InvoiceRow).where(col(InvoiceRow.communication) == framed))


def _invoice_of(session: Session, number: str) -> InvoiceRow:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import InvoiceRow

    row = session.scalar(select(InvoiceRow).where(col(InvoiceRow.number) == number))
    if row is None:
        raise NotFound(f"{number} has no invoice.", (f"show {number}",))
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


def _owed(session: Session, row: InvoiceRow) -> Owed:
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


def _keep(session: Session, row: MovementRow, verdict: Verdict, by: str) -> None:
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


def _to_send(session: Session, row: MovementRow) -> list[ToSend]:
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
        for share in _shares(session, row)
        if share.state == SENDING
    ]


def _rest(session: Session, row: MovementRow) -> int:
    """What no invoice took of a movement, and no refund."""
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import RefundRow

    gives = session.scalar(select(func.sum(col(RefundRow.cents))).where(col(RefundRow.movement) == row.id))
    given = session.scalar(select(func.sum(col(RefundRow.cents))).where(col(RefundRow.of) == row.id))
    shares = sum(share.cents for share in _shares(session, row) if share.state != REFUSED)
    return row.cents - shares + int(gives or 0) - int(given or 0)


def _shares(session: Session, row: MovementRow) -> list[ShareRow]:
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import ShareRow

    asked = select(ShareRow).where(col(ShareRow.movement) == row.id).order_by(col(ShareRow.part))
    return list(session.scalars(asked))


def _movement(session: Session, movement: str) -> MovementRow:
    from models.register import MovementRow

    row = session.get(MovementRow, movement, with_for_update=True)
    if row is None:
        raise NotFound(f"No movement is called {movement}.", ("payments",))
    return row


def _importer(session: Session, row: MovementRow) -> str:
    from models.register import StatementRow

    statement = session.get(StatementRow, row.file)
    return statement.by if statement else ""


def _in_parts(ids: list[str], size: int = 500) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
