"""Seals what the office writes: each transaction leaves one line for every stream that it wrote in.

The database notes every row that is written (triggers of the migration), so that no writer has to know of
seals. Before the transaction ends, the rows are read back, and their digests stand in a line that is chained
to the line before it. A row that something else than the office wrote has no seal, or another one.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from register.reading import Questions
from register.rows import Form, digest, forms, signs, told

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST = "0" * 64
"""What the first seal of a stream is chained to."""

SEALING = 6_301_002
"""The lock of PostgreSQL that a head takes alone, and every seal with others."""

_MANY = 40
"""Streams from which on one transaction seals alone: PostgreSQL keeps a limited number of locks."""

_AT_ONCE = 200
"""Keys in one question."""

Covered = list[Any]
"""A row as its seal names it: table, key, digest, signs, and what changed in place if something did."""


def written_past_us(ask: Questions, postgresql: bool) -> int:
    """The last row that was noted before a transaction of ours began: whoever wrote that was not the office.

    PostgreSQL notes the transaction itself, and is not asked.
    """
    return 0 if postgresql else ask("SELECT coalesce(max(id), 0) FROM unsealed")[0][0]


def seal(connection: Connection, ask: Questions, past_us: int) -> None:
    """Seals all rows that the transaction has written. To be called last in it."""
    postgresql = connection.dialect.name == "postgresql"
    ours = "work = txid_current()::text" if postgresql else "id > ?"
    noted = ask(
        f'DELETE FROM unsealed WHERE {ours} RETURNING id, stream, "of", key, was',
        [] if postgresql else [past_us],
    )
    if not noted:
        return
    streams: dict[str, dict[str, dict[str, str | None]]] = defaultdict(lambda: defaultdict(dict))
    for _, stream, table, key, was in sorted(noted):
        streams[stream][table].setdefault(_key(key), was)
    covers: dict[str, list[Covered]] = {stream: [] for stream in streams}
    for table in sorted({table for tables in streams.values() for table in tables}):
        form = forms()[table]
        befores = {key: was for tables in streams.values() for key, was in tables.get(table, {}).items()}
        rows = _read(ask, form, befores, postgresql)
        for stream, tables in streams.items():
            for key in sorted(tables.get(table, ())):
                covers[stream].append(_covered(form, key, rows.get(key), befores[key]))
    if postgresql:
        _alone_in(ask, streams)
    _append(connection, ask, covers)


def line(stream: str, sequence: int, at: str, covers: str, before: str) -> str:
    """The digest that chains a seal to the one before it."""
    return digest(f"{before}\n{stream}\n{sequence}\n{at}\n{covers}")


def _key(noted: str) -> str:
    """The key of a row as both databases would write it."""
    return json.dumps(json.loads(noted))


def _read(ask: Questions, form: Form, keys: Collection[str], postgresql: bool) -> dict[str, Sequence[Any]]:
    """The rows under these keys; what is gone is left out."""
    found: dict[str, Sequence[Any]] = {}
    selected = form.selected(postgresql)
    for some in _in_parts(keys):
        values = [value for key in some for value in json.loads(key)]
        one = f"({', '.join('?' * len(form.key))})"
        if len(form.key) == 1:
            where = f'"{form.key[0]}" IN ({", ".join("?" * len(some))})'
        else:
            columns = ", ".join(f'"{name}"' for name in form.key)
            where = f"({columns}) IN (VALUES {', '.join([one] * len(some))})"
        for row in ask(f"{selected} WHERE {where}", values):
            found[json.dumps(form.split(row)[0])] = row
    return found


def _covered(form: Form, key: str, row: Sequence[Any] | None, was: str | None) -> Covered:
    if row is None:
        return [form.table, json.loads(key), None, ""]
    named, says, moves = form.split(row)
    covered = [form.table, named, digest(told(form.says, says)), signs(says)]
    befores = json.loads(was) if was else [None] * len(form.moves)
    moved = {
        name: [before, now]
        for name, before, now in zip(form.moves, befores, moves, strict=True)
        if before != now
    }
    return [*covered, moved] if moved else covered


def _alone_in(ask: Questions, streams: Collection[str]) -> None:
    """Lets nobody else append to these streams before the transaction ends."""
    if len(streams) > _MANY:
        ask("SELECT pg_advisory_xact_lock(?)", [SEALING])
        return
    ask("SELECT pg_advisory_xact_lock_shared(?)", [SEALING])
    for one in sorted({zlib.crc32(stream.encode()) - 2**31 for stream in streams}):
        ask("SELECT pg_advisory_xact_lock(?::int, ?::int)", [SEALING, one])


def _append(connection: Connection, ask: Questions, covers: dict[str, list[Covered]]) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    for some in _in_parts(covers):
        last = {
            stream: (sequence, chain)
            for stream, sequence, chain in ask(
                "SELECT s.stream, s.sequence, s.chain FROM seal s JOIN "
                "(SELECT stream, max(sequence) AS newest "
                f"FROM seal WHERE stream IN ({', '.join('?' * len(some))}) GROUP BY stream) l "
                "ON l.stream = s.stream AND l.newest = s.sequence",
                some,
            )
        }
        lines = []
        for stream in some:
            sequence, before = last.get(stream, (0, FIRST))
            text = json.dumps(covers[stream], separators=(",", ":"))
            chain = line(stream, sequence + 1, at, text, before)
            lines.append((stream, sequence + 1, at, text, chain))
        places = ", ".join([mark] * 5)
        connection.exec_driver_sql(
            f"INSERT INTO seal (stream, sequence, at, covers, chain) VALUES ({places})", lines
        )


def _in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(sorted(keys))
    while some := list(islice(left, _AT_ONCE)):
        yield some
