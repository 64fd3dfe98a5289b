"""Tells which letters of a case were made, and from what; and has one take the place of another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from models.entry import LetterBatch, LetterKind
from models.errors import NotFound
from models.messages import worded
from models.parties import Role
from register.reading import questions

_LOCK = 6_301_011


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """A letter that was made, by the name of its document.

    `made_from` is the batch of its entry with this letter alone; `redirected`: it went to the desk, as no
    address was known.
    """

    entry: int
    document: str
    redirected: bool
    made_from: LetterBatch

    @property
    def kind(self) -> LetterKind:
        """Which letter it is."""
        return self.made_from.letters[0].kind

    @property
    def role(self) -> Role:
        """In which role it was written to."""
        return self.made_from.letters[0].role

    def __str__(self) -> str:
        return worded("letter.in-entry", document=self.document, entry=self.entry, role=self.role.value)


def made(url: str, number: str) -> list[MadeLetter]:
    """The letters of a case in the order in which they were made.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    return _letters(url, number, "state = 'made'")


def waiting(url: str, number: str) -> list[MadeLetter]:
    """The letters of a case that are told and not made yet; they have no document. Raises: NotReachable."""
    return _letters(url, number, "state <> 'made'")


def _letters(url: str, number: str, those: str) -> list[MadeLetter]:
    with questions(url) as ask:
        rows = ask(
            f"SELECT entry, document, redirected, made_from FROM letter WHERE number = ? AND {those} "
            "ORDER BY entry, document",
            [number],
        )
    return [_made(*row) for row in rows]


def told(url: str, number: str, entry: int) -> list[LetterBatch]:
    """The letters that an entry told, each as it is made from. Raises: NotReachable."""
    with questions(url) as ask:
        asked = "SELECT made_from FROM letter WHERE number = ? AND entry = ? ORDER BY position"
        return [_batch(made_from) for (made_from,) in ask(asked, [number, entry])]


def replace(url: str, key: str, by: str, why: str) -> str:
    """Has a letter be made anew, in its place and with its day. Returns: the key of the new one.

    It is made from the same facts, in the language that is asked now. What of the old one has not left leaves
    no more; what counts from the old one does not count from the new one, unless the old one never left.
    Idempotent while the new one is not made.

    Raises: NotFound for a letter that was not made.
    """
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import LetterRow, NoticeRow
    from register.database import one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        old = session.get(LetterRow, key)
        if old is None or old.state != "made":
            raise NotFound(
                "letter.nothing-to-replace",
                notice=key,
                possible=(f"notices --number {key.partition('/')[0]}",),
            )
        same = (col(LetterRow.number) == old.number, col(LetterRow.entry) == old.entry)
        told = list(session.scalars(select(LetterRow).where(*same)))
        others = [one for one in told if (one.letter, one.role) == (old.letter, old.role)]
        for one in others:
            if one.made_from.get("replaces") == key and one.state != "made":
                return one.key
        notices = list(session.scalars(select(NoticeRow).where(col(NoticeRow.of) == key)))
        ordinal = max(one.ordinal for one in others) + 1
        new = LetterRow(
            key=f"{old.number}/{old.entry}/{old.letter}/{old.role}/{ordinal}",
            number=old.number,
            entry=old.entry,
            position=max(one.position for one in told) + 1,
            letter=old.letter,
            role=old.role,
            ordinal=ordinal,
            awaited=old.awaited and not any(one.left_on for one in notices),
            made_from={**old.made_from, "replaces": key},
            says=old.says,
            since=datetime.now(UTC).isoformat(timespec="milliseconds"),
            by=by[:120],
            why=why[:400],
        )
        session.add(new)
        for notice in notices:
            if notice.state in ("pending", "to_post", "not_sent", "to_forward"):
                notice.state, notice.settled_by = "replaced", by[:120]
        return new.key


def _made(entry: int, name: str, redirected: object, made_from: object) -> MadeLetter:
    return MadeLetter(entry, name, bool(redirected), _batch(made_from))


def _batch(made_from: object) -> LetterBatch:
    return LetterBatch.model_validate(json.loads(made_from) if isinstance(made_from, str) else made_from)
