"""Tells which letters of a case were made, and from what: plain questions, nothing is written."""

from __future__ import annotations

import json
from dataclasses import dataclass

from models.entry import LetterBatch, LetterKind
from models.parties import Role
from register.reading import questions


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """A letter that was made, by the name of its document.

    `made_from` is the batch of its entry with this letter alone. Earlier releases did not keep it, nor
    whether the letter was `redirected` to the desk: both are None then.
    """

    entry: int
    document: str
    kind: LetterKind
    role: Role
    redirected: bool | None
    made_from: LetterBatch | None

    def __str__(self) -> str:
        return f"{self.document} (entry {self.entry}, {self.role.value})"


def made(url: str, number: str) -> list[MadeLetter]:
    """The letters of a case in the order in which they were made.

    Raises: NotReachable when there is no register yet, has an earlier form, or does not answer.
    """
    joined = "m.number = d.number AND m.entry = d.entry AND m.name = d.name"
    with questions(url) as ask:
        rows = ask(
            "SELECT d.entry, d.name, d.letter, m.redirected, m.made_from FROM document d "
            f"LEFT JOIN made_letter m ON {joined} "
            "WHERE d.number = ? AND d.letter IS NOT NULL ORDER BY d.entry, d.name",
            [number],
        )
    return [_made(*row) for row in rows]


def _made(entry: int, name: str, letter: str, redirected: object, made_from: object) -> MadeLetter:
    kind = LetterKind(letter)
    if made_from is None:
        return MadeLetter(entry, name, kind, _role(name, kind), None, None)
    batch = LetterBatch.model_validate(json.loads(made_from) if isinstance(made_from, str) else made_from)
    return MadeLetter(entry, name, kind, batch.letters[0].role, bool(redirected), batch)


def _role(name: str, kind: LetterKind) -> Role:
    """The role in the name of a document, as activities/documents.py makes it."""
    told = name.partition(f"-{kind.value}-")[2]
    return next(role for role in Role if told.startswith(role.value.replace("_", "-")))
