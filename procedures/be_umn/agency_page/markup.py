"""The agency's page as HTML: the lines of its text, and the rows of its tables with their cells.

Read by the standard library, which loads nothing, runs nothing and expands nothing. Where tables stand
within tables the outer ones are layout, and their cells are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from models.errors import InputRefused

LONGEST = 20_000_000
"""Characters of a page; one of ten thousand rows has a quarter of that."""

_MOST_ODDITIES = 2_000
"""Comments, declarations and unfinished tags: the parser looks for the end of each from its beginning."""

_UNSEEN = frozenset(("script", "style", "template", "noscript", "head", "svg", "select", "option"))
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "button",
        "em",
        "font",
        "i",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    )
)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


class Row(NamedTuple):
    """A row of a table, by the line on which it begins; `spans`: one of its cells reaches beyond it."""

    line: int
    cells: tuple[str, ...]
    spans: bool


class Text(NamedTuple):
    """A line of text outside of tables."""

    line: int
    text: str


def is_markup(text: str) -> bool:
    """Whether a page was saved as HTML."""
    return bool(
        re.match(
            r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|table|body)\b",
            text[:10_000],
            re.IGNORECASE | re.DOTALL,
        )
    )


def pieces(text: str) -> Iterator[Row | Text]:
    """The text and the rows of a page, in its order. Raises: InputRefused when it cannot be read."""
    if len(text) > LONGEST:
        raise InputRefused("page.too-long", n=len(text), most=LONGEST)
    if text.count("<!") + text.count("<?") > _MOST_ODDITIES or _unfinished(text) > _MOST_ODDITIES:
        raise InputRefused("page.no-html-saved")
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except AssertionError as wrong:  # how the standard library says that a marked section is none
        raise InputRefused("page.no-html", why=str(wrong)) from wrong
    reader.flush()
    return iter(reader.found)


def _unfinished(text: str) -> int:
    """How many tags begin before the one before them has ended."""
    return sum(max(0, part.count("<") - 1) for part in text.split(">"))


@dataclass
class _Table:
    """A table that is open: the cells of its row so far."""

    cells: list[str] = field(default_factory=list)
    cell: list[str] | None = None
    line: int = 0
    in_row: bool = False
    spans: bool = False
    layout: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Row | Text] = []
        self._tables: list[_Table] = []
        self._said: list[str] = []
        self._begun = 0
        self._unseen: list[str] = []
        self._unseen_since = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen == ["head"] and tag == "body":  # the end of a head need not be written
            self._unseen = []
        if self._unseen:
            if tag not in _VOID and tag == self._unseen[0]:
                self._unseen.append(tag)
            return
        given = dict(attrs)
        if tag in _UNSEEN or _is_aside(tag, given):
            self._unseen.append(tag)
            self._unseen_since = self.getpos()[0]
        elif tag == "table":
            self._open_table()
        elif self._tables and tag == "tr":
            self._open_row()
        elif self._tables and tag in ("td", "th"):
            self._open_cell(given)
        elif tag not in _INLINE:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen.pop()
        elif not self._tables or tag not in ("table", "tr", "td", "th"):
            if tag not in _INLINE:
                self._break()
        elif tag in ("td", "th"):
            self._close_cell()
        else:
            self._close_row()
            if tag == "table":
                self._tables.pop()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        table = self._tables[-1] if self._tables else None
        if table and table.cell is not None and not table.layout:
            table.cell.append(data)
            return
        if not self._said:
            self._begun = self.getpos()[0] + len(data[: len(data) - len(data.lstrip())].splitlines()[1:])
        if self._said or data.strip():
            self._said.append(data)

    def flush(self) -> None:
        """What is left at the end. Raises: InputRefused when something that is not read never ended."""
        if self._unseen:
            raise InputRefused("page.never-closed", line=self._unseen_since, tag=self._unseen[0])
        while self._tables:
            self._close_row()
            self._tables.pop()
        self._break()

    def _break(self) -> None:
        table = self._tables[-1] if self._tables else None
        if table and table.cell is not None and not table.layout:
            table.cell.append(" ")
            return
        if said := " ".join("".join(self._said).split()):
            self.found.append(Text(self._begun, said))
        self._said = []

    def _open_table(self) -> None:
        if self._tables and self._tables[-1].in_row:
            outer = self._tables[-1]
            cells = [*outer.cells, "".join(outer.cell or [])]
            outer.layout, outer.cells, outer.cell = True, [], None
            for cell in cells:
                if said := " ".join(cell.split()):
                    self.found.append(Text(self.getpos()[0], said))
        self._break()
        self._tables.append(_Table())

    def _open_row(self) -> None:
        self._close_row()
        table = self._tables[-1]
        table.in_row, table.line = True, self.getpos()[0]

    def _open_cell(self, given: dict[str, str | None]) -> None:
        table = self._tables[-1]
        if not table.in_row:
            self._open_row()
        self._close_cell()
        self._break()
        table.cell = []
        table.spans = table.spans or any((given.get(s) or "1").strip() != "1" for s in ("rowspan", "colspan"))

    def _close_cell(self) -> None:
        table = self._tables[-1]
        if table.layout:
            table.cell = None
            self._break()
        elif table.cell is not None:
            table.cells.append(" ".join("".join(table.cell).split()))
            table.cell = None

    def _close_row(self) -> None:
        table = self._tables[-1]
        self._close_cell()
        if table.in_row and not table.layout:
            self.found.append(Row(table.line, tuple(table.cells), table.spans))
        self._tables[-1] = _Table()


def _is_aside(tag: str, given: dict[str, str | None]) -> bool:
    """A link within the page repeats a title; a gap is a remark of our own pages on a cell."""
    if tag == "a":
        return (given.get("href") or "").startswith("#")
    return tag == "small" and given.get("class") == "gap"
