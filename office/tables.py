"""Tables that fit any screen.

What is told of a thing stands in one line where there is room; where there is none its longer words are
wrapped, and then whole columns stand beneath it, the least of them first. Days, numbers and amounts are
never cut or broken. Of a brief table each thing keeps to its one line: words are shortened, and the columns
for which there is no room are named below it. Output that goes to a file or a program is as wide as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate, compress, zip_longest
from shutil import get_terminal_size
from textwrap import wrap

from models.messages import worded
from models.signs import visible
from office.settings import Settings
from office.showing import short

GAP = "  "
BENEATH = "    "

WHOLE = {
    *("number", "invoice", "communication", "clause", "notice", "movement", "document", "sha256", "keys"),
    *("due", "happened", "since", "until", "began", "ended", "day", "published", "booked", "issued", "paid"),
    *("lapses", "refused", "recorded", "from", "is", "would-be", "left"),
    *("amount", "waits", "entry", "version", "bytes", "events", "command"),
}
"""Columns of numbers, names, days and amounts, by their heads."""

RIGHT = {"amount", "bytes", "waits", "invoiced", "received"}
"""Columns that stand to the right, so that their digits do; others do where they hold whole numbers only."""

LEAST = 14
"""Signs that a column of words keeps at least."""

PROSE = {"said": 30, "why": 24, "possible": 24, "governs": 24, "article": 24}
"""Columns of whole sentences, and what they keep at least: beneath they read better than squeezed."""

LEAVES = (
    *("sha256", "bytes", "events", "flags", "keys", "degree", "kind", "version", "article", "letters"),
    *("command", "holder", "by", "phase", "to", "silence", "said", "why", "possible", "payer"),
    *("communication", "subject"),
)
"""The columns that leave the line first; the others follow them, the last one first."""

Cells = tuple[str, ...]


def show_table(
    columns: Sequence[str],
    rows: Sequence[Cells],
    *,
    title: str = "",
    brief: bool = False,
    groups: Sequence[tuple[str, int]] = (),
) -> None:
    """Shows rows under the heads of their columns; `groups` are headings, each with how many rows it has."""
    if shown := "\n".join(lines(columns, rows, title=title, brief=brief, groups=groups)):
        sys.stdout.write(f"{shown}\n")


def lines(
    columns: Sequence[str],
    rows: Sequence[Cells],
    *,
    title: str = "",
    brief: bool = False,
    groups: Sequence[tuple[str, int]] = (),
) -> Iterator[str]:
    """The lines of a table, none of one without rows. Columns in which nothing is told are left out."""
    if not rows:
        return
    holds = [any(column) for column in zip(*rows, strict=True)]
    columns, *rows = (tuple(compress(row, holds)) for row in (columns, *rows))
    heads = tuple(worded(f"head.{column}") if column else "" for column in columns)
    whole = "\n".join(map("\n".join, rows))  # as a rule every sign of it is seen, which is quickly known
    seen = rows if visible(whole) == whole else [tuple(map(visible, row)) for row in rows]
    begins = accumulate((n for _, n in groups), initial=0)
    headings = {at: visible(heading) for at, (heading, _) in zip(begins, groups, strict=False)}
    if title:
        yield ""
        yield _strong(title)
    if (way := Settings.read().tables) == "plain":
        yield from _spoken(heads, seen, headings)
        return
    room = _room() if way == "fit" else None
    if not rows:
        return
    natural = [max(map(len, column)) for column in zip(heads, *seen, strict=True)]
    digits = {place for place, column in enumerate(zip(*seen, strict=True)) if all(map(_is_count, column))}
    right = {place for place, column in enumerate(columns) if column in RIGHT} | digits
    line = _Line(natural, _fitted(columns, natural, room, brief), right)
    beneath = [place for place in range(len(columns)) if place not in line.places]
    if any(heads):
        yield _strong(line.of(heads))
    for nth, row in enumerate(seen):
        if nth in headings:
            yield headings[nth]
        if line.roomy or brief:
            yield line.of(row)
        else:
            yield from line.wrapped(row)
        if not brief:
            yield from _beneath([(columns[place], heads[place], row[place]) for place in beneath], room)
    if beneath and brief:
        yield worded("list.no-room", columns=[heads[place] for place in beneath])


def _is_count(cell: str) -> bool:
    return not cell or cell.isdecimal()


def _beneath(told: Sequence[tuple[str, str, str]], room: int | None) -> Iterator[str]:
    """What had no room in the line; a command stands alone, as it is pasted."""
    colon = worded("language.colon")
    words = GAP.join(f"{head}{colon}{cell}" for column, head, cell in told if cell and column != "command")
    yield from wrap(
        words, room or sys.maxsize, initial_indent=BENEATH, subsequent_indent=BENEATH, break_on_hyphens=False
    )
    yield from (BENEATH + cell for column, _, cell in told if cell and column == "command")


def _room() -> int | None:
    """The columns of the screen; none where what is shown goes elsewhere, unless somebody says how many."""
    return get_terminal_size().columns if sys.stdout.isatty() or os.environ.get("COLUMNS") else None


class _Line:
    """The columns that stand in a line, by their places, and how wide each is."""

    def __init__(self, natural: Sequence[int], widths: dict[int, int], right: Container[int]) -> None:
        self.places = tuple(widths)
        self.roomy = all(widths[place] == natural[place] for place in widths)
        self._widths = widths
        self._template = GAP.join(
            f"%{width}s" if place in right else f"%-{width}s" for place, width in widths.items()
        )

    def of(self, row: Cells) -> str:
        """A row in its one line; what has no room is shortened."""
        cells = [row[place] for place in self.places]
        if not self.roomy:
            cells = [short(cell, width) for cell, width in zip(cells, self._widths.values(), strict=True)]
        return (self._template % tuple(cells)).rstrip()

    def wrapped(self, row: Cells) -> Iterator[str]:
        """A row whose words go on in further lines."""
        cells = [
            wrap(row[place], width, break_on_hyphens=False) if len(row[place]) > width else [row[place]]
            for place, width in self._widths.items()
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            yield (self._template % parts).rstrip()


def _fitted(columns: Sequence[str], natural: Sequence[int], room: int | None, brief: bool) -> dict[int, int]:
    """As many columns as there is room for, by their places, and how wide each is."""
    widths = dict(enumerate(natural))
    while room is not None:
        free = room - len(GAP) * (len(widths) - 1)
        least = {place: _least(columns[place], natural[place], brief) for place in widths}
        if sum(least.values()) <= free:
            widest = max(natural)
            while sum(widths.values()) > free:
                widest -= 1
                widths = {place: max(least[place], min(natural[place], widest)) for place in widths}
            break
        if len(widths) == 1:
            break  # a number or a day is never cut
        leaves = [place for place in widths if place and columns[place] in LEAVES]
        del widths[min(leaves, key=lambda place: LEAVES.index(columns[place])) if leaves else max(widths)]
    return widths


def _least(column: str, natural: int, brief: bool) -> int:
    """How narrow a column may be."""
    return natural if column in WHOLE else min(natural, LEAST if brief else PROSE.get(column, LEAST))


def _spoken(heads: Cells, rows: Sequence[Cells], headings: dict[int, str]) -> Iterator[str]:
    """The rows for a screen reader: each is a line, and each word says what it is."""
    colon, semicolon = worded("language.colon"), worded("language.semicolon")
    for nth, row in enumerate(rows):
        if nth in headings:
            yield f"{headings[nth]}{colon.rstrip()}"
        told = zip(heads, map(str.strip, row), strict=True)
        yield semicolon.join(f"{head}{colon}{cell}" if head else cell for head, cell in told if cell) + "."


def _strong(text: str) -> str:
    """In bold at a terminal, unless whoever sits there wants no colours."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else f"\033[1m{text}\033[0m"
