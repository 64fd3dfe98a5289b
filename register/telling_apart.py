"""Tells a movement that may have been told before apart: it is a known one, or one of its own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from models.errors import ImproperAct
from models.payments import Reason, State
from register.movements import movement_of
from register.reading import Questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.register import MovementRow


def of_its_amount(cents: int, together: int, known: Mapping[str, int], parts: Mapping[str, int]) -> list[str]:
    """Those that a movement can be: of its amount, first alone, then with the others that may be the same.

    Or all, where they are what it and others are together. `parts` is what all that may be each one make.
    """
    alike = [name for name, other in known.items() if other == cents]
    alike += [name for name, other in known.items() if other == parts[name] != cents]
    return alike or (list(known) if together == sum(known.values()) else [])


def can_be(ask: Questions) -> dict[str, list[str]]:
    """What each movement that may have been told before can be."""
    waits = [
        (id_, file, told, int(cents), tuple(json.loads(names) if isinstance(names, str) else names))
        for id_, file, told, cents, names in ask(
            "SELECT id, file, told, cents, candidates FROM movement "
            "WHERE state = 'parked' AND reason = 'perhaps_known'",
            [],
        )
    ]
    names = sorted({name for *_, known in waits for name in known})
    amounts: dict[str, int] = {}
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        places = ", ".join("?" * len(some))
        amounts |= {
            id_: int(c) for id_, c in ask(f"SELECT id, cents FROM movement WHERE id IN ({places})", some)
        }
    together: defaultdict[tuple[str, int, tuple[str, ...]], int] = defaultdict(int)
    parts: defaultdict[tuple[str, int], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _, file, told, cents, known in waits:
        together[file, told, known] += cents
        for name in known:
            parts[file, told][name] += cents
    return {
        id_: of_its_amount(
            cents, together[file, told, known], {name: amounts[name] for name in known}, parts[file, told]
        )
        for id_, file, told, cents, known in waits
    }


def candidates_of(session: Session, row: MovementRow) -> list[str]:
    """What a movement that may have been told before can be. Raises: ImproperAct when there is nothing."""
    beside = _beside(session, row)
    together = sum(one.cents for one in beside if one.candidates == row.candidates)
    parts = {name: sum(one.cents for one in beside if name in one.candidates) for name in row.candidates}
    if found := of_its_amount(row.cents, together, _amounts(session, row), parts):
        return found
    raise ImproperAct(
        "money.none-of-its-amount",
        movement=row.id,
        cents=row.cents,
        currency=row.currency,
        possible=("payments",),
    )


def is_known(session: Session, row: MovementRow, of: str) -> list[MovementRow]:
    """Notes that a movement is a known one: it counts for nothing, and its file tells that one again.

    Returns: it, and those that are that one with it. Raises: ImproperAct when it cannot be that one.
    """
    amounts, possible, beside = _amounts(session, row), candidates_of(session, row), _beside(session, row)
    if of not in amounts:
        raise ImproperAct(
            "money.no-candidate", movement=row.id, of=of, candidates=possible, possible=("payments",)
        )
    if of not in possible:
        raise ImproperAct(
            "money.not-its-amount",
            movement=row.id,
            cents=row.cents,
            currency=row.currency,
            of=of,
            other=amounts[of],
            candidates=possible,
            possible=("payments",),
        )
    with_it = [one for one in beside if of in one.candidates]
    rows, known = [one for one in beside if one.candidates == row.candidates], row.candidates
    if amounts[of] == row.cents:
        rows, known = [row], [of]
    elif amounts[of] == sum(one.cents for one in with_it):
        rows, known = with_it, [of]
    meant = _that_count(session, known)
    for one in rows:
        one.state, one.reason, one.candidates = State.KNOWN.value, Reason.SAME.value, meant
    return rows


def is_its_own(session: Session, row: MovementRow) -> list[MovementRow]:
    """Notes that a movement is one of its own, also when it was said to be a known one: it is then judged.

    Returns: it, and those that were said to be that one with it.
    """
    rows = [row]
    if row.state == State.KNOWN.value:
        rows = [one for one in _beside(session, row) if one.candidates == row.candidates]
    for one in rows:
        one.state, one.reason, one.candidates = State.READ.value, "", []
    return rows


def _beside(session: Session, row: MovementRow) -> list[MovementRow]:
    """The movements of its statement that are, or may be, known ones as it is; itself with them."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementRow

    asked = select(MovementRow).where(
        col(MovementRow.file) == row.file,
        col(MovementRow.told) == row.told,
        col(MovementRow.state) == row.state,
        col(MovementRow.reason) == row.reason,
    )
    return list(session.scalars(asked.order_by(col(MovementRow.place)).with_for_update()))


def _amounts(session: Session, row: MovementRow) -> dict[str, int]:
    return {name: movement_of(session, name).cents for name in row.candidates}


def _that_count(session: Session, names: Iterable[str]) -> list[str]:
    """The movements that count for those: what is known counts as what it is, or as its parts."""
    found: dict[str, None] = {}
    for name in names:
        one = movement_of(session, name)
        found |= dict.fromkeys(
            _that_count(session, one.candidates) if one.state == State.KNOWN.value else [name]
        )
    return list(found)
