"""A register in which every table has rows, and somebody who can write its file."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer
from sqlmodel import SQLModel

from activities.register import RegisterEntries
from models.dossier import FiledDocument
from models.entry import Demand, Entry
from register import heads, restores
from register.database import transaction
from register.keys import Key
from register.rows import APART, forms
from register.sealed import Compared, Difference, differences

CASES = ("CUP-2026-001", "CUP-2026-002")


def lives(url: str, entry: Callable[..., Entry], demand: Demand) -> None:
    """Two cases, of which one is asked for a contribution, and three rows of whatever else there is."""
    entries = RegisterEntries(url)
    for number in CASES:
        filed = FiledDocument(name=f"{number}.pdf", sha256=f"{number:0<64}", size=9)
        entries.enter(entry(number, documents=(filed,)))
        asked = demand if number == CASES[0] else None
        entries.enter(entry(number, 2, act="DeclaredAdmissible", demand=asked))
        entries.enter(entry(number, 3, act="Withdrawn", ended=True, due_on=None))
    with transaction(url) as session:
        restores.begin(session, "2026-11-28T22:00:00+00:00", datetime(2026, 11, 29, tzinfo=UTC), "Ann", 100)
        for table in SQLModel.metadata.sorted_tables:
            if table.name in (*APART, "head", "anchor") or session.execute(table.select()).first():
                continue
            for nth in (1, 2, 3):
                session.execute(table.insert(), {c.name: _some(c, nth) for c in table.columns})
    with transaction(url) as session:
        restores.release(session, 1, datetime(2026, 11, 30, tzinfo=UTC), "Ann", [])


def has_heads(url: str) -> None:
    """Two heads, by a key that nobody else has, written to a second place that nobody sees."""
    key = Key(Ed25519PrivateKey.generate())
    for nth in (1, 2):
        heads.make(url, f"night {nth}", key)
        heads.written(url, nth, "/elsewhere")


def _some(column: Column[Any], nth: int) -> Any:
    match column.type:
        case Boolean():
            return False
        case Integer() | BigInteger():
            return nth
        case Date():
            return date(2026, 3, nth)
        case JSON():
            return [f"é {nth}"]
        case kind:
            said = f"CUP-2026-{nth:03d}" if column.name == "number" else f"{nth} é"
            return said[: kind.length] if kind.length else said


def found(url: str) -> list[Difference]:
    """All that is no longer as it was sealed."""
    return list(differences(url, Compared()))


@contextmanager
def opened(register: Path) -> Iterator[sqlite3.Connection]:
    """The file of a register without its triggers, which are put back in the end."""
    with closing(sqlite3.connect(register)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")  # nothing of it is to be kept
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


def tampers_with(file: Path, others: Sequence[Path], chance: random.Random) -> set[Path]:
    """Changes a file by chance. Returns: which are no longer what they were."""
    file.chmod(0o600)
    whole, way = file.read_bytes(), chance.randrange(6)
    place = chance.randrange(len(whole))
    if way == 0:
        file.unlink()
    elif way == 1:
        file.write_bytes(whole[:place])
    elif way == 2:
        file.write_bytes(whole[:place] + chance.randbytes(1) + whole[place:])
    elif way == 3:  # each of two in the place of the other
        other = chance.choice([one for one in others if one != file])
        other.chmod(0o600)
        file.write_bytes(other.read_bytes())
        other.write_bytes(whole)
        return {file, other}
    else:
        file.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
    return {file}


class Tamperer:
    """Changes one thing by chance. Each way of it returns the table that it was done to, and which case."""

    def __init__(self, connection: sqlite3.Connection, chance: random.Random) -> None:
        self._connection, self._chance = connection, chance
        connection.row_factory = sqlite3.Row

    def one(self) -> tuple[str, str]:
        """Something, anywhere; where two rows would have one key the database refuses it, and it tries on."""
        ways = (self._edit, self._edit, self._edit, self._delete, self._copy, self._empty, self._swap)
        try:
            return self._chance.choice(ways)(self._chance.choice([*forms(), "seal"]))
        except sqlite3.IntegrityError:
            return self.one()

    def _edit(self, table: str) -> tuple[str, str]:
        row = self._row(table)
        before = dict(row)
        columns = [name for name in before if name not in ("nth_row", "id" if table == "seal" else "")]
        column = self._chance.choice(columns)
        other = self._other(before[column])
        self._connection.execute(
            f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', [other, row["nth_row"]]
        )
        return table, self._case(table, before)

    def _delete(self, table: str) -> tuple[str, str]:
        row = self._row(table)
        self._connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [row["nth_row"]])
        return table, self._case(table, dict(row))

    def _copy(self, table: str) -> tuple[str, str]:
        """A row that nobody wrote, as like another as its keys let it be."""
        row = dict(self._row(table))
        del row["nth_row"]
        for column in self._unique(table):
            row[column] = self._other(row[column])
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join("?" * len(row))
        self._connection.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', [*row.values()])
        return table, self._case(table, row)

    def _empty(self, table: str) -> tuple[str, str]:
        row = dict(self._row(table))
        self._connection.execute(f'DELETE FROM "{table}"')
        return table, self._case(table, row)

    def _swap(self, table: str) -> tuple[str, str]:
        """What two rows say in one column, each in the place of the other."""
        rows = self._connection.execute(f'SELECT rowid AS nth_row, * FROM "{table}"').fetchall()
        unique = {*self._unique(table), "nth_row", "id"}
        apart = [
            (one, other, name)
            for one in rows
            for other in rows
            for name in one.keys()  # noqa: SIM118 (a row is no mapping)
            if name not in unique and one[name] != other[name]
        ]
        if not apart:
            return self._edit(table)
        one, other, name = self._chance.choice(apart)
        for at, says in ((one, other), (other, one)):
            change = f'UPDATE "{table}" SET "{name}" = ? WHERE rowid = ?'
            self._connection.execute(change, [says[name], at["nth_row"]])
        return table, self._case(table, dict(one))

    def _row(self, table: str) -> sqlite3.Row:
        rows = self._connection.execute(f'SELECT rowid AS nth_row, * FROM "{table}"').fetchall()
        return self._chance.choice(rows)

    def _unique(self, table: str) -> list[str]:
        told = self._connection.execute(f'PRAGMA index_list("{table}")').fetchall()
        names = [row["name"] for row in told if row["unique"]]
        found = [
            row["name"] for name in names for row in self._connection.execute(f'PRAGMA index_info("{name}")')
        ]
        keys = [r["name"] for r in self._connection.execute(f'PRAGMA table_info("{table}")') if r["pk"]]
        return sorted({*found, *keys})

    def _other(self, value: Any) -> Any:
        """Another value of the same kind."""
        if value is None:
            return "2031-01-01"
        if isinstance(value, int):
            return value + self._chance.choice((1, 10_000, -(10**6)))
        if value == "":
            return "x"
        place = self._chance.randrange(len(value))
        sign = self._chance.choice([s for s in "0123456789abcdef-" if s != value[place]])
        return f"{value[:place]}{sign}{value[place + 1 :]}"

    def _case(self, table: str, row: dict[str, Any]) -> str:
        if table == "seal":
            return str(row["stream"])
        return str(row["number"]) if forms()[table].of_case else table
