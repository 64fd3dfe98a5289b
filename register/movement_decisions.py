"""Keeps what persons decided on bank movements that wait for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import ImproperAct
from models.messages import Message
from models.payments import (
    Movement,
    Reason,
    Share,
    ShareKind,
    State,
    Verdict,
    pay,
)
from register import office_acts
from register.movements import LOCK, SENDING, keep, movement_of, rest_of, to_send
from register.owed import invoice_of, owed
from register.telling_apart import candidates_of, is_its_own, is_known

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import MovementRow

_WHY_NOT = {
    Reason.DOUBLE: Message("money.paid"),
    Reason.CREDITED: Message("money.credited-whole"),
    Reason.BEFORE_INVOICE: Message("money.invoice-younger"),
}


def decide(
    url: str,
    movement: str,
    decision: str,
    by: str,
    on: date,
    wanted: Sequence[tuple[str, int | None]] = (),
    reason: str = "",
    of: str = "",
    ordered: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """Keeps what a person decided on a movement that waits: assign, split, return its rest, or refund.

    `wanted` are numbers and amounts; no amount is whatever the invoice of that number can take. `of` is the
    movement, or the number with a surplus, that money which left the account gives back. Of a movement that
    may be a known one a person first says whether it is the `same`, as the movement `of`, or a `different`
    one, which is then judged; `different` also takes `same` back. What is the same only together with other
    movements of its statement is decided with them. The same decision again, while its acts are under way,
    changes nothing, nor does what was `ordered` in the same envelope, which is kept with it. Returns: the
    movements that it decided on.

    Raises: NotFound; ImproperAct when nothing of it waits, or an amount cannot stand.
    """
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import MovementDecisionRow, OfficeActRow
    from register.database import one_at_a_time, transaction

    said: dict[str, Any] = {"reason": reason} if reason else {}
    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        row = movement_of(session, movement)
        if ordered and session.get(OfficeActRow, ordered["request_id"]):
            return (movement,)
        if to_send(session, row):
            _same(session, movement, decision, [of] if of else [number for number, _ in wanted])
            return (movement,)  # typed again: what was decided is still on its way
        rest = rest_of(session, row)
        if decision == "different" and row.state == State.READ.value and _last(session, movement) == decision:
            return (movement,)  # typed again: it is on its way to its verdict
        back = decision == "different" and row.reason == Reason.SAME.value  # a person thinks better of it
        if row.state != State.PARKED.value and not back:
            raise ImproperAct(
                "money.not-waiting",
                movement=movement,
                state=row.state,
                reason=row.reason,
                possible=("payments",),
            )
        unclear = back or row.reason == Reason.PERHAPS_KNOWN.value
        if unclear != (decision in ("same", "different")):
            if not unclear:
                raise ImproperAct("money.is-known-as-one", movement=movement, possible=("payments",))
            candidates = candidates_of(session, row)
            raise ImproperAct(
                "money.may-be-known", movement=movement, candidates=candidates, possible=("payments",)
            )
        decided = [row]
        if decision == "same":
            said["of"] = of
            decided = is_known(session, row, of)
        elif decision == "different":
            decided = is_its_own(session, row)
        elif decision == "return":
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
            keep(session, row, Verdict(state, in_part if left else whole, tuple(shares), left), by)
        for name in [one.id for one in decided]:
            last = session.scalar(select(func.count()).where(col(MovementDecisionRow.movement) == name))
            session.add(
                MovementDecisionRow(
                    movement=name, sequence=(last or 0) + 1, decision=decision, said=said, by=by, on=on
                )
            )
        if ordered:
            office_acts.put(session, ordered)
        return tuple(one.id for one in decided)


def _last(session: Session, movement: str) -> str:
    """What a person decided last on a movement."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementDecisionRow

    return (
        session.scalar(
            select(col(MovementDecisionRow.decision))
            .where(col(MovementDecisionRow.movement) == movement)
            .order_by(col(MovementDecisionRow.sequence).desc())
        )
        or ""
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
        raise ImproperAct("money.being-booked", movement=movement)


def _set_off(session: Session, row: MovementRow, rest: int, of: str, by: str, on: date) -> int:
    """Notes that a movement gives back what waits, or was promised, of another. Returns: how much."""
    from models.register import RefundRow

    other = movement_of(session, of)
    unclear = other.state in (State.READ.value, State.KNOWN.value) or other.candidates
    waits = 0 if unclear or to_send(session, other) else rest_of(session, other)
    if rest >= 0 or row.currency != other.currency or waits <= 0:
        raise ImproperAct(
            "money.cannot-give-back",
            rest=rest,
            currency=row.currency,
            movement=row.id,
            waits=waits,
            other_currency=other.currency,
            of=of,
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

    asked = owed(session, invoice_of(session, number))
    on_their_way = session.scalar(
        select(func.sum(col(ShareRow.cents))).where(
            col(ShareRow.invoice) == asked.invoice,
            col(ShareRow.kind) == ShareKind.REFUND.value,
            col(ShareRow.state) == SENDING,
        )
    )
    surplus = asked.surplus_cents + (on_their_way or 0)
    if rest >= 0 or row.currency != "EUR" or surplus <= 0:
        raise ImproperAct(
            "money.cannot-give-surplus-back",
            rest=rest,
            currency=row.currency,
            movement=row.id,
            surplus=surplus,
            number=number,
        )
    return Share(number, asked.invoice, -min(surplus, -rest), kind=ShareKind.REFUND)


def _wanted(
    session: Session, row: MovementRow, rest: int, wanted: Sequence[tuple[str, int | None]]
) -> list[Share]:
    if row.currency != "EUR":
        raise ImproperAct("money.only-returned", movement=row.id, currency=row.currency)
    if rest == 0:
        raise ImproperAct("money.nothing-to-book", movement=row.id)
    shares: list[Share] = []
    for number, cents in wanted:
        invoice = invoice_of(session, number)
        asked = owed(session, invoice)
        left = rest - sum(share.cents for share in shares)
        if rest < 0:  # a payment that the bank took back
            if asked.received_cents < (cents or -left):
                raise ImproperAct(
                    "act.more-than-arrived", cents=-left, number=number, received=asked.received_cents
                )
            shares.append(Share(number, asked.invoice, -cents if cents else left))
            continue
        if number in {share.number for share in shares}:
            raise ImproperAct("money.named-twice", number=number)
        verdict = pay(Movement(row.id, row.booked_on, cents or left), asked)
        if not verdict.shares:
            raise ImproperAct("money.nothing-can-be-booked", number=number, why=_WHY_NOT[verdict.reason])
        if cents and verdict.rest:
            raise ImproperAct("act.more-than-open", cents=cents, number=number, open=asked.open_cents)
        shares += verdict.shares
    left = rest - sum(share.cents for share in shares)
    if left and (left < 0) != (rest < 0):
        raise ImproperAct("money.not-all-given-out", rest=rest, movement=row.id, given=rest - left)
    return shares
