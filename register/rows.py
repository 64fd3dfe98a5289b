"""What a row says, in one form on both databases, and its digest.

A row is told as a JSON object of the columns that have a value, in the order of their names, without blanks:
days and JSON as their text, truth as 0 and 1. Whoever has that text recomputes the digest with any SHA-256.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

OF_CASES = (
    *("allotted_number", "entry", "carried", "current_state", "history", "document", "recipient", "letter"),
    *("notice", "summary", "invoice", "credit_note", "movement_share", "repetition"),
)
"""Tables whose rows are sealed with their case; those of the other tables with their table."""

APART = ("unsealed", "seal", "reconciliation")
"""Tables that are not sealed: they hold no fact, or are the seals."""

REPLACED = ("current_state", "carried")
"""Tables whose rows are written anew with each entry: their last seal counts."""

MOVES = {
    "invoice": ("collected_on", "credited_cents", "paid_cents", "paid_on", "reminders"),
    "letter": ("by", "document", "looked_at_by", "reason", "redirected", "since", "state"),
    "movement": ("candidates", "note", "reason", "state"),
    "movement_share": ("state",),
    "notice": (
        *("attempts", "channel", "left_on", "next_attempt", "presented_on", "proof", "reason"),
        *("received_on", "redirected", "returned", "sent_at", "settled_by", "since", "state", "tells"),
    ),
    "restored": ("released_at", "released_by"),
}
"""The columns that change in place, by table: each change is an event of its seal."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is told: its key, the columns that stand, and those that change in place.

    `truths` and `texts` are the columns that PostgreSQL has to cast to what SQLite keeps.
    """

    table: str
    key: tuple[str, ...]
    says: tuple[str, ...]
    moves: tuple[str, ...]
    truths: frozenset[str]
    texts: frozenset[str]

    @property
    def of_case(self) -> bool:
        """Whether its rows are sealed with their case."""
        return self.table in OF_CASES

    def selected(self, postgresql: bool) -> str:
        """The question for its rows: key, what stands, what changes; a condition may follow."""
        columns = [f'"{name}"{self._cast(name) if postgresql else ""}' for name in self._all]
        return f'SELECT {", ".join(columns)} FROM "{self.table}"'

    def split(self, row: Sequence[Any]) -> tuple[list[Any], Sequence[Any], Sequence[Any]]:
        """The key of a row, what stands of it, and what changes."""
        stands, moves = len(self.key), len(self.key) + len(self.says)
        return list(row[:stands]), row[stands:moves], row[moves:]

    def _cast(self, name: str) -> str:
        return "::int" if name in self.truths else "::text" if name in self.texts else ""

    @property
    def _all(self) -> tuple[str, ...]:
        return (*self.key, *self.says, *self.moves)


@cache
def forms() -> dict[str, Form]:
    """How each table that is sealed is told, by its name."""
    from sqlalchemy import JSON, Boolean, Date
    from sqlmodel import SQLModel

    import models.register  # noqa: F401  (declares the tables)

    told = {}
    for name, table in sorted(SQLModel.metadata.tables.items()):
        if name in APART:
            continue
        moves = MOVES.get(name, ())
        told[name] = Form(
            table=name,
            key=tuple(column.name for column in table.primary_key),
            says=tuple(sorted(column.name for column in table.columns if column.name not in moves)),
            moves=moves,
            truths=frozenset(c.name for c in table.columns if isinstance(c.type, Boolean)),
            texts=frozenset(c.name for c in table.columns if isinstance(c.type, JSON | Date)),
        )
    return told


def told(columns: Sequence[str], values: Sequence[Any]) -> str:
    """What a row says, as the text whose digest is sealed."""
    pairs = zip(columns, values, strict=True)
    said = {name: value for name, value in pairs if value is not None}
    return json.dumps(said, separators=(",", ":"), default=repr)


def digest(text: str) -> str:
    """The digest of a text."""
    return sha256(text.encode()).hexdigest()


def signs(values: Sequence[Any]) -> str:
    """Two signs for each column: by them it is named which one is no longer what it was."""
    return "".join(f"{zlib.crc32(repr(value).encode()) & 255:02x}" for value in values)
