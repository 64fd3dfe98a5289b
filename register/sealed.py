"""Compares every row of the register with its seals, and the seals with one another and their heads.

It only reads. A row must say what its last seal covers; what its table never changes must be the same in all
its seals, and what changes in place must have been before each change what the change before had left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from register import heads
from register.addresses import is_sqlite
from register.reading import Questions, Row, questions
from register.rows import OF_CASES, REPLACED, Form, digest, forms, signs, told
from register.seals import FIRST, line

Tell = Callable[[int, int], None]

Expected = dict[str, dict[int, str]]
"""By stream and sequence, the chain of a seal as a head names it."""

Name = tuple[str, str, str]
"""A row by the stream of its seals, its table and its key."""

AT_ONCE = 200
"""Streams that are read together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is no longer as it was sealed.

    `what`: row-changed, row-gone, row-without-seal; row-changed-before and moved-past-us were sealed again
    since; seal-changed, seal-missing, and seal-rewritten since a head named it; head-changed, head-missing,
    head-not-signed; past-us was noted, and by nobody sealed; no-trigger. `sequence` is the seal, or the
    head, `columns` those that differ where that is known.
    """

    what: str
    stream: str
    sequence: int = 0
    table: str = ""
    key: tuple[Any, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class _Held:
    """What the seals say of a row: what stands, what changes, and the seal that said it last."""

    digest: str
    signs: str
    sequence: int
    moves: dict[str, Any] = field(default_factory=dict)


@dataclass
class Compared:
    """At how many seals and rows it was looked."""

    seals: int = 0
    rows: int = 0


def differences(url: str, looked: Compared, tell: Tell = lambda done, of: None) -> Iterator[Difference]:
    """Everything that is no longer as it was sealed, in one moment of the register.

    Raises: NotReachable when the database does not answer.
    """
    with questions(url) as ask:
        yield from _triggers(ask, is_sqlite(url))
        for stream, table, key in ask('SELECT stream, "of", key FROM unsealed ORDER BY id'):
            yield Difference("past-us", stream, table=table, key=tuple(_read(key, [key])))
        apart = [form for form in forms().values() if not form.of_case]
        expected: Expected = {}
        yield from _heads(ask, expected)
        numbers = (_numbers(ask) | expected.keys()) - {form.table for form in apart}
        total, done = len(numbers) + len(apart), 0
        for form in apart:
            yield from _compared(ask, is_sqlite(url), [form.table], [form], "", expected, looked)
            tell(done := done + 1, total)
        of_cases = [forms()[table] for table in OF_CASES]
        ordered = sorted(numbers)
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            places = ", ".join("?" * len(some))
            where = f" WHERE number IN ({places})"
            yield from _compared(ask, is_sqlite(url), some, of_cases, where, expected, looked)
            tell(done := done + len(some), total)


def _heads(ask: Questions, expected: Expected) -> Iterator[Difference]:
    """What is wrong with the heads; the seals that they name are put into `expected`."""
    last, before = 0, FIRST
    for head in heads.every(ask):
        try:
            fits = head.chained(before) == head.chain
            for stream, (sequence, chain) in head.streams().items():
                expected.setdefault(stream, {})[sequence] = chain
        except ValueError:
            fits = False
        if head.head != last + 1:
            yield Difference("head-missing", "head", last + 1)
        elif not fits:
            yield Difference("head-changed", "head", head.head)
        if not head.is_signed():
            yield Difference("head-not-signed", "head", head.head)
        last, before = head.head, head.chain


def _numbers(ask: Questions) -> set[str]:
    """Every case of which there is a seal or a row."""
    found = {str(row[0]) for row in ask("SELECT DISTINCT stream FROM seal")}
    for table in OF_CASES:
        found |= {str(row[0]) for row in ask(f'SELECT DISTINCT number FROM "{table}"')}
    return found


def _triggers(ask: Questions, sqlite: bool) -> Iterator[Difference]:
    """Tables of which the database no longer notes what is written, or no longer refuses a change."""
    if sqlite:
        rows = ask("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        rows = ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
    there = {row[0] for row in rows}
    events = ("insert_noted", "update_noted", "delete_noted") if sqlite else ("noted",)
    guards = ("stands", "is_kept") if sqlite else ("stands",)
    for table in (*forms(), "seal"):
        wanted = () if table == "seal" else events
        if table not in (*REPLACED, "document_store"):
            wanted = (*wanted, *guards)
        if lacking := tuple(f"{table}_{name}" for name in wanted if f"{table}_{name}" not in there):
            yield Difference("no-trigger", table, table=table, columns=lacking)


def _compared(
    ask: Questions,
    sqlite: bool,
    streams: list[str],
    told_by: list[Form],
    where: str,
    expected: Expected,
    looked: Compared,
) -> Iterator[Difference]:
    """The seals of some streams, and the rows that they cover."""
    places = ", ".join("?" * len(streams))
    seals = ask(
        f"SELECT stream, sequence, at, covers, chain FROM seal WHERE stream IN ({places}) "
        "ORDER BY stream, sequence",
        streams,
    )
    looked.seals += len(seals)
    held: dict[Name, _Held] = {}
    named = {stream: expected.pop(stream) for stream in streams if stream in expected}
    yield from _folded(seals, held, named)
    for form in told_by:
        rows = ask(f"{form.selected(not sqlite)}{where}", streams if where else ())
        looked.rows += len(rows)
        for row in rows:
            key, says, moves = form.split(row)
            at = _number(form, row) if form.of_case else form.table
            known = held.pop((at, form.table, _text(key)), None)
            if known is None:
                yield Difference("row-without-seal", at, table=form.table, key=tuple(key))
                continue
            columns = [
                name for name, now in zip(form.moves, moves, strict=True) if known.moves.get(name) != now
            ]
            if digest(told(form.says, says)) != known.digest:
                columns += _unlike(form, says, known.signs)
            elif not columns:
                continue
            yield Difference("row-changed", at, known.sequence, form.table, tuple(key), tuple(columns))
    for (stream, table, key), known in held.items():
        yield Difference("row-gone", stream, known.sequence, table, tuple(_read(key, [key])))


def _folded(seals: Sequence[Row], held: dict[Name, _Held], named: Expected) -> Iterator[Difference]:
    """What is wrong with the seals themselves; what they say of each row is put into `held`.

    What the heads have `named` and no seal has is missing.
    """
    at, last, before = "", 0, FIRST
    for stream, sequence, instant, covers, chain in seals:
        if stream != at:
            at, last, before = stream, 0, FIRST
        if sequence != last + 1:
            yield Difference("seal-missing", stream, last + 1)
        elif line(stream, sequence, instant, covers, before) != chain:
            yield Difference("seal-changed", stream, sequence)
        if named.get(stream, {}).pop(sequence, chain) != chain:
            yield Difference("seal-rewritten", stream, sequence)
        last, before = sequence, chain
        for covered in _read(covers, []):
            try:
                table, key, said, signed, *moved = covered
                form = forms()[table]
                yield from _taken(stream, sequence, form, key, said, signed, moved, held)
            except (KeyError, TypeError, ValueError, AttributeError):
                yield Difference("seal-changed", stream, sequence)
    for stream, missing in named.items():
        for sequence in missing:
            yield Difference("seal-missing", stream, sequence)


def _taken(
    stream: str,
    sequence: int,
    form: Form,
    key: list[Any],
    said: str | None,
    signed: str,
    moved: list[dict[str, list[Any]]],
    held: dict[Name, _Held],
) -> Iterator[Difference]:
    name = stream, form.table, _text(key)
    known = held.get(name)
    if said is None:
        held.pop(name, None)
        return
    now = _Held(said, signed, sequence, known.moves if known else {})
    if known and known.digest != said and form.table not in REPLACED:
        columns = _apart(form, known.signs, signed)
        yield Difference("row-changed-before", stream, sequence, form.table, tuple(key), columns)
    for column, (before, after) in moved[0].items() if moved else ():
        if now.moves.get(column) != before:
            yield Difference("moved-past-us", stream, sequence, form.table, tuple(key), (column,))
        now.moves[column] = after
    held[name] = now


def _unlike(form: Form, says: Sequence[Any], sealed: str) -> tuple[str, ...]:
    return _apart(form, signs(says), sealed)


def _apart(form: Form, one: str, other: str) -> tuple[str, ...]:
    """The columns whose signs differ; of one column in 256 that is not seen."""
    if len(one) != len(other) or len(one) != 2 * len(form.says):
        return ()
    places = enumerate(form.says)
    return tuple(name for nth, name in places if one[2 * nth : 2 * nth + 2] != other[2 * nth : 2 * nth + 2])


def _number(form: Form, row: Sequence[Any]) -> str:
    """The case that a row says it belongs to."""
    return str(row[(*form.key, *form.says).index("number")])


def _text(key: Sequence[Any]) -> str:
    return json.dumps(key, default=repr)


def _read(text: str, otherwise: list[Any]) -> list[Any]:
    """A list that stands as text, where somebody may have put something else."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        return otherwise
    return found if isinstance(found, list) else otherwise
