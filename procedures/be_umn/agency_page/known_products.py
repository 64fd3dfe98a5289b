"""Names and substances by which a row of the agency's page is told apart into its cells.

The page writes whole rows on one line with single blanks between the columns, so that only a
reader who knows the product sees where its name ends. `known_products.csv` is that knowledge.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.errors import InputRefused
from models.messages import Message
from models.signs import flaw

COLUMNS = ["trade_name", "active_substance"]


@dataclass(frozen=True)
class KnownProduct:
    """A trade name and its active substance, as the page writes them; case does not matter."""

    trade_name: str
    active_substance: str


@cache
def shipped() -> tuple[KnownProduct, ...]:
    """The products that come with this software."""
    return read_known(Path(__file__).with_name("known_products.csv"))


def read_known(path: Path) -> tuple[KnownProduct, ...]:
    """Reads a file of known products: UTF-8, comma, header `trade_name,active_substance`.

    Raises: InputRefused with every line that is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as unreadable:
        raise InputRefused("page.known-unreadable", path=path, why=unreadable.strerror) from unreadable
    except UnicodeDecodeError as wrong:
        raise InputRefused("page.known-not-utf8", path=path) from wrong
    known: list[KnownProduct] = []
    problems: list[Message] = []
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if header != COLUMNS:
            raise InputRefused("page.known-header", path=path, columns=",".join(COLUMNS))
        for row in rows:
            cells = [" ".join(cell.split()) for cell in row]
            if not any(cells):
                continue
            if len(cells) != 2 or not all(cells):
                problems.append(Message("page.known-both", number=rows.line_num))
            elif found := flaw(cells[0]) or flaw(cells[1]):
                problems.append(Message("page.known-flaw", number=rows.line_num, why=found))
            else:
                known.append(KnownProduct(*cells))
    except csv.Error as wrong:
        problems.append(Message("page.known-no-csv", number=rows.line_num, why=str(wrong)))
    if problems:
        raise InputRefused("page.known-refused", path=path, problems=problems)
    return tuple(known)


def split_row(text: str, known: tuple[KnownProduct, ...]) -> tuple[str, str, str] | None:
    """Tells a row apart into trade name, active substance and indication; nothing if it cannot.

    The longest name with its longest substance wins. The cells are given as the row writes them,
    and the indication may come out empty.
    """
    for product in known:
        name_ends = _end_of(product.trade_name, text, 0)
        if name_ends is None:
            continue
        if text[name_ends : name_ends + 1] in ("®", "™"):
            name_ends += 1
        if text[name_ends : name_ends + 1] != " ":
            continue
        substance_ends = _end_of(product.active_substance, text, name_ends + 1)
        if substance_ends is not None and text[substance_ends : substance_ends + 1] in ("", " "):
            return text[:name_ends], text[name_ends + 1 : substance_ends], text[substance_ends + 1 :]
    return None


def longest_first(known: tuple[KnownProduct, ...]) -> tuple[KnownProduct, ...]:
    """In the order in which they are tried."""
    return tuple(sorted(known, key=lambda p: (-len(p.trade_name), -len(p.active_substance))))


def _end_of(words: str, text: str, start: int) -> int | None:
    end = start + len(words)
    return end if text[start:end].lower() == words.lower() else None
