"""The agency's page as HTML: the lines of its text, and the rows of its tables with their cells.

Read by the standard library, which loads nothing, runs nothing and expands nothing. Where tables stand
within tables the outer ones are layout, and their cells are text.

What is read is what a reader of the page sees: raised figures stay raised (10⁹), hidden words are left out,
and a row of which that cannot be told says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser
from typing import NamedTuple

from models.errors import InputRefused
from procedures.be_umn.agency_page.hiding import HIDES, KNOWN, Hiding, hiding

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
        "time",
        "u",
    )
)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


_STRUCK = frozenset(("s", "strike", "del"))
_LINED_THROUGH = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)

_RAISED = str.maketrans("0123456789+-\u2212\u2013=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-\u2212\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_MARKS = frozenset("®™©℠*†‡°")
"""Signs that say the same whether they are raised or not."""

_ENDINGS = frozenset(("e", "er", "re", "ère", "ème", "de", "ste", "st", "nd", "rd", "th"))
"""Raised behind a figure they make an ordinal, which is as often written on the line."""


class Unclear(StrEnum):
    """Why it cannot be told what a row says: by its name in the words of the page."""

    STRUCK = "page.struck-out"
    RAISED = "page.raised"
    HIDDEN_TABLE = "page.hidden-table"
    HIDDEN_PERHAPS = "page.hidden-perhaps"


class Row(NamedTuple):
    """A row of a table, by the line on which it begins; `spans`: one of its cells reaches beyond it."""

    line: int
    cells: tuple[str, ...]
    spans: bool
    unclear: Unclear | None = None


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
    reader = _Reader(hiding(text))
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
    unclear: Unclear | None = None
    struck_around: int = 0


@dataclass
class _Script:
    """Raised or lowered words that are not whole yet."""

    tag: str
    said: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, hiding: Hiding) -> None:
        super().__init__(convert_charrefs=True)
        self._hiding = hiding
        self.found: list[Row | Text] = []
        self._tables: list[_Table] = []
        self._said: list[str] = []
        self._begun = 0
        self._unseen: list[str] = []
        self._unseen_since = 0
        self._struck: list[str] = []
        self._script: _Script | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen == ["head"] and tag == "body":  # the end of a head need not be written
            self._unseen = []
        if self._unseen:
            if tag not in _VOID and tag == self._unseen[0]:
                self._unseen.append(tag)
            if tag == "table" and self._unseen[0] not in _UNSEEN:
                self._unclear_table()
            return
        given = dict(attrs)
        names = _names(given)
        is_hidden = _is_hidden(given) or not names.isdisjoint(self._hiding.surely)
        is_hidden |= tag in _INLINE and not names.isdisjoint(KNOWN)  # for those who hear the page
        perhaps = not names.isdisjoint(self._hiding.perhaps)
        if tag in _UNSEEN or _is_aside(tag, given) or (tag not in _VOID and is_hidden):
            self._unseen.append(tag)
            self._unseen_since = self.getpos()[0]
            if tag == "table":
                self._unclear_table()
            return
        self._begin(tag, given)
        if perhaps and self._tables and self._tables[-1].in_row:
            self._tables[-1].unclear = Unclear.HIDDEN_PERHAPS
        if tag not in _VOID and (self._struck or _is_struck(tag, given)):
            self._struck.append(tag)

    def _begin(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in ("sup", "sub"):
            self._end_script()
            self._script = _Script(tag)
        elif tag == "table":
            self._open_table()
        elif self._tables and tag == "tr":
            self._open_row()
        elif self._tables and tag in ("td", "th"):
            self._open_cell(given)
        elif tag not in _INLINE and tag not in _STRUCK:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen.pop()
            return
        if tag in self._struck:
            while self._struck.pop() != tag:
                pass
        if tag in ("sup", "sub"):
            self._end_script()
        elif not self._tables or tag not in ("table", "tr", "td", "th"):
            if tag not in _INLINE and tag not in _STRUCK:
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
        in_cell = table is not None and table.cell is not None and not table.layout
        if self._struck:
            if table and in_cell and data.strip():
                table.unclear = Unclear.STRUCK
            return
        if self._script:
            self._script.said.append(data)
            return
        if table and table.cell is not None and in_cell:
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

    def _unclear_table(self) -> None:
        """A hidden table: whether its rows are of the lists is for whoever follows them to say."""
        self.found.append(Row(self.getpos()[0], (), spans=False, unclear=Unclear.HIDDEN_TABLE))

    def _end_script(self) -> None:
        """Raised or lowered words are whole: they are said as signs of their own, or the row is unclear."""
        script, self._script = self._script, None
        if script is None:
            return
        table = self._tables[-1] if self._tables else None
        in_cell = table is not None and table.cell is not None and not table.layout
        before = "".join(table.cell or ()) if table and in_cell else "".join(self._said)
        said = _scripted(script.tag, "".join(script.said), before[-1:])
        if said is None:
            said = "".join(script.said)
            if table and in_cell:
                table.unclear = Unclear.RAISED
        if said:
            self.handle_data(said)

    def _break(self) -> None:
        if self._script:
            return  # no line ends within a word
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
        table.in_row, table.line, table.struck_around = True, self.getpos()[0], len(self._struck)

    def _open_cell(self, given: dict[str, str | None]) -> None:
        table = self._tables[-1]
        if not table.in_row:
            self._open_row()
        self._close_cell()
        self._break()
        table.cell = []
        table.spans = table.spans or any((given.get(s) or "1").strip() != "1" for s in ("rowspan", "colspan"))

    def _close_cell(self) -> None:
        self._end_script()
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
            self.found.append(Row(table.line, tuple(table.cells), table.spans, table.unclear))
        if table.in_row:
            del self._struck[table.struck_around :]
        self._tables[-1] = _Table()


def _scripted(tag: str, written: str, before: str) -> str | None:
    """Raised or lowered words with their meaning, behind the sign `before`; None where it would be lost."""
    said = "".join(written.split())
    if set(said) <= _MARKS or (tag == "sup" and said.lower() in _ENDINGS and before.isdecimal()):
        return said
    if tag == "sub" and not before.isdecimal():
        return said  # B12 and H2O are written so, too
    signs = _RAISED if tag == "sup" else _LOWERED
    return said.translate(signs) if all(ord(sign) in signs for sign in said) else None


def _is_hidden(given: dict[str, str | None]) -> bool:
    return "hidden" in given or bool(HIDES.search(given.get("style") or ""))


def _names(given: dict[str, str | None]) -> set[str]:
    """The classes and the id of an element, as a style sheet names them."""
    names = {f".{name}" for name in (given.get("class") or "").split()}
    return names | {f"#{given['id']}"} if given.get("id") else names


def _is_struck(tag: str, given: dict[str, str | None]) -> bool:
    return tag in _STRUCK or bool(_LINED_THROUGH.search(given.get("style") or ""))


def _is_aside(tag: str, given: dict[str, str | None]) -> bool:
    """A link within the page repeats a title; a gap is a remark of our own pages on a cell."""
    if tag == "a":
        return (given.get("href") or "").startswith("#")
    return tag == "small" and given.get("class") == "gap"
