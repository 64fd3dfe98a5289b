"""Keeps to whom the letters of a case go, by role, and what their language depends on, as a person said.

A party moves, a programme has its own to whom copies go, an applicant asks for its acts in another language:
what a person says here holds for every letter that is made from then on. A dossier that was filed under a
programme follows its programme, unless it has a recipient of its own. Addresses stay in this table and never
travel with a case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from models.languages import Correspondent
from models.parties import Channel, Language, Role
from register.reading import Questions, questions

_LOCK = 6_301_007


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a recipient; None is what was known before.

    Without addresses its letters go, by e-mail, where they went before. `letters_in` and `acts_in` are the
    languages that the person chose, and `why`; the others are what is known of the party.
    """

    addresses: tuple[str, ...] = ()
    channel: Channel = Channel.EMAIL
    letters_in: Language | None = None
    acts_in: Language | None = None
    why: str = ""
    private_undertaking: bool | None = None
    country: str | None = None
    postal_code: str | None = None
    commune: str | None = None
    language: Language | None = None
    acts_language: Language | None = None

    def over(self, before: Said) -> Said:
        """What is said now, laid over what was said before; the channel is always said anew."""
        new = {name: value for name, value in asdict(self).items() if value not in (None, "", ())}
        return replace(before, **new)

    def of(self, filed: Correspondent) -> Correspondent:
        """What is known of the party: as it was filed, unless a person said otherwise since."""
        said = ((field.name, getattr(self, field.name)) for field in fields(filed))
        return replace(filed, **{name: value for name, value in said if value is not None})


@dataclass(frozen=True, slots=True)
class KeptRecipient(Said):
    """The same as it is kept: for which role and number, by whom, and when."""

    role: Role = Role.DESK
    number: str = ""
    by: str = ""
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the newest letter of a case in one role went, and what became of it."""

    role: str
    recipient: str
    letter: str
    entry: int
    state: str


_SAID = tuple(field.name for field in fields(Said))
_LANGUAGES = ("letters_in", "acts_in", "language", "acts_language")


def keep(url: str, number: str, role: Role, said: Said, by: str) -> bool:
    """Keeps what a person says of a recipient of a case. Returns: whether that was new.

    Letters to it that could not be made, as for want of a language, are tried again: also those of dossiers
    filed under the case.

    Idempotent: what the newest says already is not kept again.

    Raises: NotReachable when the database does not answer.
    """
    from sqlalchemy import or_, select, update
    from sqlmodel import col

    from models.register import LetterRow, RecipientRow
    from register.database import one_at_a_time, transaction

    table = RecipientRow.__table__
    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        newest = session.execute(
            select(table.c.version, *(table.c[name] for name in _SAID))
            .where(table.c.number == number, table.c.role == role.value)
            .order_by(table.c.version.desc())
            .limit(1)
        ).first()
        version, before = (newest[0], _read(newest[1:])) if newest else (0, Said())
        now = said.over(before)
        if newest and now == before:
            return False
        written = {
            name: None if value is None else getattr(value, "value", value) for name, value in _told(now)
        }
        session.execute(
            table.insert(),
            {
                **written,
                "addresses": ", ".join(now.addresses),
                "number": number,
                "role": role.value,
                "version": version + 1,
                "by": by[:120],
                "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )
        of_case = or_(col(LetterRow.number) == number, col(LetterRow.number).startswith(f"{number}/"))
        stopped = (col(LetterRow.state) == "not_made") & (col(LetterRow.role) == role.value) & of_case
        session.execute(update(LetterRow).where(stopped).values(state="to_make"))
    return True


def of(url: str, number: str) -> dict[Role, KeptRecipient]:
    """The recipients of a case that a person named, by role. Raises: NotReachable."""
    with questions(url) as ask:
        return named(ask, number)


def named(ask: Questions, number: str) -> dict[Role, KeptRecipient]:
    """The recipients of a case that a person named, by role; those of its programme before its own."""
    numbers = [number.partition("/")[0], number]
    columns = ", ".join(("number", "role", '"by"', "recorded_at", *_SAID))
    rows = ask(f"SELECT {columns} FROM recipient WHERE number IN (?, ?) ORDER BY version", numbers)
    found: dict[Role, KeptRecipient] = {}
    for case, role, by, recorded_at, *said in sorted(rows, key=lambda row: len(row[0])):
        told: dict[str, Any] = dict(_told(_read(said)))
        found[Role(role)] = KeptRecipient(
            role=Role(role), number=case, by=by, recorded_at=recorded_at, **told
        )
    return found


def _told(said: Said) -> list[tuple[str, object]]:
    return [(name, getattr(said, name)) for name in _SAID]


def _read(row: Iterable[Any]) -> Said:
    """What a row of the table says."""
    known = dict(zip(_SAID, row, strict=True))
    known |= {name: Language(known[name]) if known[name] else None for name in _LANGUAGES}
    known["addresses"] = tuple(known["addresses"].split(", ")) if known["addresses"] else ()
    known["channel"] = Channel(known["channel"])
    if known["private_undertaking"] is not None:  # SQLite has no truth values of its own
        known["private_undertaking"] = bool(known["private_undertaking"])
    return Said(**known)


def reached(url: str, number: str) -> list[Reached]:
    """Where the newest letters of a case went, one line for each role and address. Raises: NotReachable."""
    columns = ", ".join(field.name for field in fields(Reached))
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM notice WHERE number = ? ORDER BY entry, key", [number])
    found = [Reached(*row) for row in rows]
    newest = {one.role: one.entry for one in found}
    return [one for one in found if one.entry == newest[one.role]]
