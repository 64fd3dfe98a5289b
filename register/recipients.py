"""Keeps to whom the letters of a case go, by role, where that is not what was filed or set for all cases.

A party moves, a programme has physicians of its own: what a person says here holds for every letter that
is made from then on. A dossier that was filed under a programme follows its programme, unless it has a
recipient of its own. Addresses stay in this table and never travel with a case.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from models.parties import Language, Role
from register.reading import questions

_LOCK = 6_301_007


@dataclass(frozen=True, slots=True)
class KeptRecipient:
    """Whom letters of a case in one role go to. An empty language is the one that was known before."""

    role: Role
    addresses: tuple[str, ...]
    language: Language | None
    number: str
    by: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the newest letter of a case in one role went, and what became of it."""

    role: str
    recipient: str
    letter: str
    entry: int
    state: str


def keep(
    url: str, number: str, role: Role, addresses: tuple[str, ...], language: Language | None, by: str
) -> bool:
    """Keeps a recipient of a case. Returns: whether that was new.

    Idempotent: what the newest says already is not kept again.

    Raises: NotReachable when the database does not answer.
    """
    from sqlalchemy import select

    from models.register import RecipientRow
    from register.database import one_at_a_time, transaction

    table = RecipientRow.__table__  # type: ignore[attr-defined]
    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        newest = session.execute(
            select(table.c.version, table.c.addresses, table.c.language)
            .where(table.c.number == number, table.c.role == role.value)
            .order_by(table.c.version.desc())
            .limit(1)
        ).first()
        version, *before = newest or (0, "", "")
        says = [", ".join(addresses), language.value if language else before[1]]
        if says == before:
            return False
        session.execute(
            table.insert(),
            {
                "number": number,
                "role": role.value,
                "version": version + 1,
                "addresses": says[0],
                "language": says[1],
                "by": by[:120],
                "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )
    return True


def of(url: str, number: str) -> dict[Role, KeptRecipient]:
    """The recipients of a case that a person named, by role; those of its programme before its own.

    Raises: NotReachable.
    """
    numbers = [number.partition("/")[0], number]
    columns = 'number, role, addresses, language, "by", recorded_at'
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM recipient WHERE number IN (?, ?) ORDER BY version", numbers)
    found: dict[Role, KeptRecipient] = {}
    for case, role, addresses, language, by, recorded_at in sorted(rows, key=lambda row: len(row[0])):
        found[Role(role)] = KeptRecipient(
            role=Role(role),
            addresses=tuple(addresses.split(", ")),
            language=Language(language) if language else None,
            number=case,
            by=by,
            recorded_at=recorded_at,
        )
    return found


def reached(url: str, number: str) -> list[Reached]:
    """Where the newest letters of a case went, one line for each role and address. Raises: NotReachable."""
    columns = ", ".join(field.name for field in fields(Reached))
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM notice WHERE number = ? ORDER BY entry, key", [number])
    found = [Reached(*row) for row in rows]
    newest = {one.role: one.entry for one in found}
    return [one for one in found if one.entry == newest[one.role]]
