"""What proves a case to whoever holds nothing but it: its rows, their seals, and the heads that name these.

Of other cases a head shows one digest each. Everything is told as `verifier/verify.py` reads it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from register.heads import one
from register.reading import Questions
from register.rows import OF_CASES, forms, told
from register.seals import FIRST

LAW = "law"
"""The stream of the laws that cases name: of it the seals of these are shown, and no other."""


class Seal(NamedTuple):
    """A seal with the chain of the one before it; `id` is its place among those of all streams."""

    id: int
    stream: str
    sequence: int
    at: str
    covers: str
    before: str
    chain: str

    @property
    def text(self) -> str:
        """As it stands in an archive."""
        return _line({name: value for name, value in self._asdict().items() if name != "id"})


def seals(ask: Questions, stream: str) -> list[Seal]:
    """All seals of a stream, in their order."""
    found: list[Seal] = []
    asked = "SELECT id, sequence, at, covers, chain FROM seal WHERE stream = ? ORDER BY sequence"
    for place, sequence, at, covers, chain in ask(asked, [stream]):
        before = found[-1].chain if found else FIRST
        found.append(Seal(place, stream, sequence, at, covers, before, chain))
    return found


def seals_of_laws(ask: Questions, digests: Collection[str]) -> list[Seal]:
    """The seals of some laws, each with those after it up to the head that names one of them first."""
    untils = [until for until, _ in _heads(ask)]
    every_seal = seals(ask, LAW)
    names = [f'["{LAW}",["{digest}"]' for digest in digests]
    spans = [
        (seal.id, next(iter(untils[bisect_left(untils, seal.id) :]), seal.id))
        for seal in every_seal
        if any(name in seal.covers for name in names)
    ]
    return [seal for seal in every_seal if any(first <= seal.id <= last for first, last in spans)]


def rows(ask: Questions, postgresql: bool, number: str) -> dict[str, list[str]]:
    """What each row of a case says, by table, as the text whose digest is sealed."""
    return {table: found for table in OF_CASES if (found := _told(ask, postgresql, table, "number", number))}


def rows_of_laws(ask: Questions, postgresql: bool, digests: Iterable[str]) -> list[str]:
    """The same of some laws."""
    return [row for digest in sorted(digests) for row in _told(ask, postgresql, LAW, "digest", digest)]


def heads(ask: Questions, shown: Collection[Seal]) -> Iterator[str]:
    """The first head that knows each of the seals: what it names of these streams, of others a digest."""
    known = _heads(ask)
    untils = [until for until, _ in known]
    wanted = {known[place][1] for seal in shown if (place := bisect_left(untils, seal.id)) < len(known)}
    of = {(seal.stream, seal.sequence) for seal in shown}
    for number in sorted(wanted):
        yield _line(_shown(ask, number, of))


def _shown(ask: Questions, number: int, of: Collection[tuple[str, int]]) -> dict[str, Any]:
    before, head = one(ask, number - 1), one(ask, number)
    assert head
    named = ((stream, sequence) for stream, (sequence, _) in head.streams().items())
    return {
        "head": head.head,
        "at": head.at,
        "until": head.until,
        "before": before.chain if before else FIRST,
        "digests": head.digests(),
        "chain": head.chain,
        "key": head.key,
        "signature": head.signature,
        "of": sorted(name for name in named if name in of),
        "file": head.named,
        "anchors": ask("SELECT place, at FROM anchor WHERE head = ? ORDER BY place", [head.head]),
    }


def _heads(ask: Questions) -> list[tuple[int, int]]:
    """Each head by the last seal that it knows."""
    return [(until, head) for until, head in ask("SELECT until, head FROM head ORDER BY head")]


def _told(ask: Questions, postgresql: bool, table: str, column: str, value: str) -> list[str]:
    form = forms()[table]
    order = ", ".join(f'"{name}"' for name in form.key)
    found = ask(f'{form.selected(postgresql)} WHERE "{column}" = ? ORDER BY {order}', [value])
    return [told(form.says, form.split(row)[1]) for row in found]


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"))
