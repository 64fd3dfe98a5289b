"""The agency's public page, as text or HTML: three lists of programmes, in Dutch, French or English.

As text a row stands on one line (cells told apart by known products only), or in four cells below each other;
as HTML it is a row of a table. Long because text and HTML are followed by the same hand, list for list: what
begins, ends or breaks off in one does so in the other. What cannot be read for certain is refused with its
line; a page is read whole or not at all.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from models import signs
from models.authority_page import Captured, PageRow
from models.errors import InputRefused
from models.messages import Message
from models.parties import Language
from procedures.be_umn.agency_page.known_products import (
    KnownProduct,
    longest_first,
    read_known,
    shipped,
    split_row,
)
from procedures.be_umn.agency_page.markup import Row, Text, is_markup, pieces
from procedures.be_umn.words import PublicList

# The Dutch titles, the English title of the first list and both headers were seen on the agency's
# page. The other titles and the French header were not: several likely wordings are accepted.
TITLES: dict[Language, dict[PublicList, tuple[str, ...]]] = {
    Language.NL: {
        PublicList.AUTHORISED: ("goedgekeurde programma's",),
        PublicList.SUSPENDED: ("geschorste programma's",),
        PublicList.CLOSED: ("goedgekeurde gesloten programma's", "gesloten programma's"),
    },
    Language.FR: {
        PublicList.AUTHORISED: ("programmes approuvés", "programmes autorisés"),
        PublicList.SUSPENDED: ("programmes suspendus",),
        PublicList.CLOSED: (
            "programmes approuvés clôturés",
            "programmes approuvés fermés",
            "programmes autorisés clôturés",
            "programmes autorisés fermés",
            "programmes clôturés",
            "programmes fermés",
        ),
    },
    Language.EN: {
        PublicList.AUTHORISED: ("authorised programs", "approved programs"),
        PublicList.SUSPENDED: ("suspended programs",),
        PublicList.CLOSED: (
            "authorised and closed programs",
            "authorised closed programs",
            "approved closed programs",
            "closed programs",
        ),
    },
}
LANGUAGES = tuple(TITLES)
HEADERS: dict[Language, tuple[str, str, str, str]] = {
    Language.NL: ("Handelsnaam", "Werkzame stof", "Indicatie", "Laatste update"),
    Language.FR: ("Nom commercial", "Substance active", "Indication", "Dernière mise à jour"),
    Language.EN: ("Commercial name", "Active substance", "Indication", "Last update"),
}
CELLS = tuple(
    map(Message, ("page.trade-name", "page.active-substance", "page.indication", "page.last-update"))
)
LONGEST = (300, 300, 4000)
"""How much of each cell a product can hold, in characters."""

FIRST_DAY = date(2006, 12, 14)
"""The decree that knows these programmes; no row can be older."""

_DATE = r"([0-9]{2})/([0-9]{2})/([0-9]{4})"
_ROW = re.compile(rf"(.*?)\s*(?<![0-9/]){_DATE}")
_FOOTER = re.compile(
    rf"(?:laatste update op|dernière mise à jour(?: le| :)?|last updated? on)\s*:?\s*{_DATE}"
)
_DAMAGED_DATE = re.compile(
    r"(?=.*[0-9]).*/.*/.*|[0-9]{1,4}([-.])[0-9]{1,2}\1[0-9]{1,4}|[0-9]{1,2}/[0-9]{4,6}"
)
_COLUMNS = re.compile(r"[\t|]")
_NOTE = re.compile(r"[^\W\d_][®™]?[⁰¹²³⁴-⁹]+$")
"""A raised figure behind a name: it may be a note at the foot of the page, and no part of the name."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_HYPHENS = {0x2010: "-", 0x2011: "-"}


def key_of(trade_name: str, indication: str) -> str:
    """What makes a row itself: trade name without marks and brackets, and indication.

    Readable name, then a short hash of both in full, so that it stays below 160 characters.
    """
    name = _plain(re.sub(r"[®™]|\([^()]*\)", " ", trade_name)) or _plain(trade_name)
    both = hashlib.sha256(f"{name}/{_plain(indication)}".encode()).hexdigest()
    return f"{name[:120].strip()}/{both[:20]}"


def read(text: str, today: date, known: Path | None = None) -> Captured:
    """Reads a page whole, with a file of products beside those that are shipped. Raises: InputRefused."""
    rows = read_page(text, today, read_known(known) if known else ())
    return Captured(page_language(text), rows, page_day(text))


def read_page(text: str, today: date, known: tuple[KnownProduct, ...] = ()) -> list[PageRow]:
    """Reads all rows of all three lists, in the order of the page.

    `known` comes before the products that are shipped with this software, and wins over them.
    Raises: InputRefused, which names every line that is wrong; then nothing is returned.
    """
    language = page_language(text)
    reading = _Reading(language, today, longest_first(known) + longest_first(shipped()))
    try:
        if is_markup(text):
            for piece in pieces(text):
                reading.read_piece(piece)
        else:
            for line in _lines(text):
                reading.read(line)
        reading.end()
    except _Unreadable as stop:
        reading.problems.append(stop.said)
    _tell_doubles(reading)
    if reading.problems:
        unknown = ("umn import-register PAGE --known FILE.csv",) if reading.unknown else ()
        raise InputRefused("page.refused", told=reading.told(), possible=unknown)
    return reading.rows


def page_language(text: str) -> Language:
    """The language of the page, told by the titles of its lists. Raises: InputRefused."""
    if is_markup(text):
        said = [_clean(piece.text) for piece in pieces(text) if isinstance(piece, Text)]
    else:
        said = [line.text for line in _lines(text)]
    found = {title[0] for line in said if (title := _title(line))}
    if not found:
        wanted = [titles[PublicList.AUTHORISED][0] for titles in TITLES.values()]
        raise InputRefused("page.no-title", wanted=wanted)
    if len(found) > 1:
        raise InputRefused("page.mixed", languages=sorted(found))
    return found.pop()


def page_day(text: str) -> date | None:
    """The day of the page's own last update, as its foot says; nothing where it says none."""
    if is_markup(text):
        said = [_clean(piece.text) for piece in pieces(text) if isinstance(piece, Text)]
    else:
        said = [line.text for line in _lines(text)]
    found = [match.groups() for line in said if (match := _FOOTER.fullmatch(line.lower()))]
    try:
        day, month, year = (int(part) for part in found[-1])
        return date(year, month, day)
    except (IndexError, ValueError):
        return None


class _Line(NamedTuple):
    number: int
    text: str
    raw: str


class _Unreadable(Exception):
    """From here on the page cannot be followed."""

    def __init__(self, said: Message) -> None:
        super().__init__(said)
        self.said = said


class _Reading:
    """How far the page has been read: the list it is in, and the cells of a block not yet whole."""

    def __init__(self, language: Language, today: date, known: tuple[KnownProduct, ...]) -> None:
        self.language, self.today, self.known = language, today, known
        self.rows: list[PageRow] = []
        self.problems: list[Message] = []
        self.unknown = False
        self.block: list[_Line] = []
        self.before_header: list[str] = []
        self.headed = False
        self.list: PublicList | None = None
        self.titles: dict[PublicList, int] = {}
        self.ended_on: int | None = None

    def read(self, line: _Line) -> None:
        """Takes the next line that is not blank."""
        title = _title(line.text)
        footer = _FOOTER.fullmatch(line.text.lower())
        if self.ended_on is not None and (title or _ROW.fullmatch(line.text)):
            _stop(line, "page.after-the-end", ended=self.ended_on)
        elif title:
            self._begin(title[1], line)
        elif self.list is None:
            return
        elif footer:
            self._finish_block(Message("page.page-ends-on", number=line.number))
            self._date(line, footer.groups())
            self.ended_on, self.list = line.number, None
        elif _is_header(line.text, self.language):
            self._finish_block(Message("page.header-on", number=line.number))
            self.headed = True
        elif not self.headed:
            self._look_for_header(line)
        elif cells := _in_columns(line.raw):
            self._finish_block(Message("page.row-follows-on", number=line.number))
            self._row_of_cells(line, cells)
        else:
            self._row_or_cell(line)

    def read_piece(self, piece: Row | Text) -> None:
        """Takes the next line of text, or the next row of a table, of a page in HTML."""
        if isinstance(piece, Row):
            self._row_of_table(piece)
            return
        line = _Line(piece.line, _clean(piece.text), piece.text)
        if _title(line.text) or _FOOTER.fullmatch(line.text.lower()):
            self.read(line)
        elif self.list and _ROW.fullmatch(line.text):
            _stop(line, "page.row-in-no-table")

    def end(self) -> None:
        """Nothing may be left open, and no list may be missing."""
        self._finish_block(Message("page.page-ends"))
        if missing := [lst for lst in PublicList.words() if lst not in self.titles]:
            names = [TITLES[self.language][lst][0] for lst in missing]
            key = "page.list-missing" if len(names) == 1 else "page.lists-missing"
            raise _Unreadable(Message(key, names=[f"'{name}'" for name in names]))

    def told(self) -> list[Message]:
        """All problems, and what can be done about rows that nobody can tell apart."""
        return [*self.problems, Message("page.write-known")] if self.unknown else self.problems

    def _begin(self, public_list: PublicList, line: _Line) -> None:
        self._finish_block(Message("page.list-begins-on", number=line.number))
        if public_list in self.titles:
            _stop(line, "page.list-twice", title=line.text, since=self.titles[public_list])
        self.titles[public_list] = line.number
        self.list, self.headed, self.before_header = public_list, False, []

    def _look_for_header(self, line: _Line) -> None:
        if _ROW.fullmatch(line.text):
            wanted = " | ".join(HEADERS[self.language])
            _stop(line, "page.row-before-header", wanted=wanted)
        headed = [cell.lower() for cell in HEADERS[self.language]]
        three = _words(line.text) == " ".join(headed[:3]).split()
        if three or (self.before_header[-3:] == headed[:3] and line.text.lower() != headed[3]):
            self._without_days(line)
        self.before_header.append(line.text.lower())
        if self.before_header[-4:] == headed:
            self.headed = True

    def _without_days(self, line: _Line) -> NoReturn:
        """An earlier form of the page: its lists tell no day, and without one no programme can begin."""
        _stop(line, "page.without-days", wanted=HEADERS[self.language][3])

    def _row_or_cell(self, line: _Line) -> None:
        dated = _ROW.fullmatch(line.text)
        # A block that is open cannot be followed by a row on one line; then it is an indication
        # that happens to end with a date, and the next cell shows whether that is so.
        if dated and dated[1] and not (len(self.block) == 2 and self._is_cell(line)):
            self._finish_block(Message("page.row-follows-on", number=line.number))
            self._row_on_one_line(line, dated)
            return
        self.block.append(line)
        if dated and not dated[1] and len(self.block) < 4:
            self._broken(
                Message("page.date-too-early", number=line.number, cell=CELLS[len(self.block) - 1]),
                line,
            )
        if len(self.block) == 4:
            if not dated or dated[1]:
                self._broken(Message("page.fourth-cell", number=line.number), line)
            self._row_in_block(dated)

    def _row_of_table(self, row: Row) -> None:
        cells = [_clean(cell) for cell in row.cells]
        line = _Line(row.line, " ".join(cells), "\t".join(row.cells))
        if row.unclear and self.list:
            self.problems.append(Message(row.unclear.value, line=line.number, said=_short(line.text)))
            return
        if not any(cells):
            return
        dated = _ROW.fullmatch(line.text)
        if self.ended_on is not None and dated:
            _stop(line, "page.after-the-end", ended=self.ended_on)
        elif self.list is None:
            return
        elif _is_header(line.text, self.language):
            self.headed = True
        elif len(cells) == 1 and _title(cells[0]):
            self.read(line)
        elif not self.headed and _words(line.text) == _words(" ".join(HEADERS[self.language][:3])):
            self._without_days(line)
        elif not self.headed:
            wanted = " | ".join(HEADERS[self.language])
            _stop(line, "page.table-row-before-header", wanted=wanted)
        elif len(cells) != 4 or row.spans:
            _stop(line, "page.other-cells", cells=CELLS, n=len(cells))
        else:
            self._row_of_cells(line, cells)

    def _row_of_cells(self, line: _Line, cells: list[str]) -> None:
        if not (day := _ROW.fullmatch(cells[3])) or day[1]:
            _stop(line, "page.cell-no-date", cell=CELLS[3], written=_short(cells[3]))
        elif on := self._date(line, day.groups()[1:]):
            self._row(line, (cells[0], cells[1], cells[2]), on, line.raw)

    def _is_cell(self, line: _Line) -> bool:
        suspect = any(_is_damaged(cell.text) or self._is_whole_row(cell) for cell in self.block)
        return not suspect and not self._is_whole_row(line)

    def _is_whole_row(self, line: _Line) -> bool:
        cells = split_row(line.text, self.known)
        return cells is not None and bool(cells[2])

    def _row_on_one_line(self, line: _Line, dated: re.Match[str]) -> None:
        day = self._date(line, dated.groups()[1:])
        cells = split_row(dated[1], self.known)
        if cells is None:
            self.unknown = True
            self.problems.append(Message("page.no-known-product", number=line.number, row=_short(dated[1])))
        elif day:
            self._row(line, cells, day, line.raw)

    def _row_in_block(self, dated: re.Match[str]) -> None:
        block, self.block = self.block, []
        day = self._date(block[3], dated.groups()[1:])
        if day:
            cells = (block[0].text, block[1].text, block[2].text)
            self._row(block[0], cells, day, "\n".join(cell.raw for cell in block))

    def _row(self, line: _Line, cells: tuple[str, str, str], day: date, raw: str) -> None:
        for name, cell, longest in zip(CELLS, cells, LONGEST, strict=False):
            if not cell:
                self.problems.append(
                    Message("page.cell-empty", number=line.number, cell=name, row=_short(line.text))
                )
                return
            if len(cell) > longest:
                self.problems.append(
                    Message("page.cell-too-long", number=line.number, cell=name, n=len(cell), most=longest)
                )
                return
            if name != CELLS[2] and _NOTE.search(cell):
                self.problems.append(
                    Message("page.cell-note", number=line.number, cell=name, written=_short(cell))
                )
                return
            if wrong := signs.flaw(cell):
                self.problems.append(Message("page.cell-flaw", number=line.number, cell=name, why=wrong))
                return
        assert self.list is not None
        trade_name, substance, indication = map(signs.line, cells)
        self.rows.append(
            PageRow(
                line=line.number,
                trade_name=trade_name,
                active_substance=substance,
                indication=indication,
                last_update=day,
                public_list=self.list,
                raw=raw,
                key=key_of(trade_name, indication),
            )
        )

    def _date(self, line: _Line, parts: tuple[str, ...]) -> date | None:
        written = "/".join(parts)
        try:
            day = date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            self.problems.append(Message("page.no-day", number=line.number, written=written))
            return None
        if day > self.today:
            self.problems.append(
                Message("page.day-in-the-future", number=line.number, written=written, today=self.today)
            )
        elif day < FIRST_DAY:
            self.problems.append(
                Message("page.day-before-the-decree", number=line.number, written=written, first=FIRST_DAY)
            )
        else:
            return day
        return None

    def _finish_block(self, because: Message) -> None:
        if self.block:
            count = len(self.block)
            self._broken(Message("page.cells-of-four", n=count, because=because), self.block[0])

    def _broken(self, why: Message, line: _Line) -> NoReturn:
        # A damaged date makes the block break further on; the reader is sent to the date itself.
        damaged = [cell for cell in self.block if _is_damaged(cell.text) or self._is_whole_row(cell)]
        culprit = damaged[0] if damaged else line
        raise _Unreadable(
            Message(
                "page.row-damaged" if damaged else "page.row-broken",
                line=culprit.number,
                said=_short(culprit.text, end=True),
                since=self.block[0].number,
                why=why,
                cells=CELLS,
            )
        )


def _tell_doubles(reading: _Reading) -> None:
    first: dict[str, int] = {}
    for row in reading.rows:
        if row.key in first:
            reading.problems.append(
                Message("page.double", line=row.line, trade_name=row.trade_name, first=first[row.key])
            )
        first.setdefault(row.key, row.line)


def _stop(line: _Line, key: str, /, **facts: Any) -> NoReturn:
    raise _Unreadable(Message(key, line=line.number, said=_short(line.text), **facts))


def _lines(text: str) -> list[_Line]:
    """The lines that are not blank, numbered as an editor numbers them."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = (_Line(number, _clean(line), line) for number, line in enumerate(raw, start=1))
    return [line for line in lines if line.text]


def _clean(line: str) -> str:
    return " ".join(line.translate(_INVISIBLE).translate(_HYPHENS).split())


def _title(text: str) -> tuple[Language, PublicList] | None:
    plain = text.lower().replace("’", "'").replace("‘", "'").replace("programmes", "programs")
    for language, lists in TITLES.items():
        for public_list, titles in lists.items():
            if plain.rstrip(" :") in {title.replace("programmes", "programs") for title in titles}:
                return language, public_list
    return None


def _is_header(text: str, language: Language) -> bool:
    return _words(text) == _words(" ".join(HEADERS[language]))


def _words(text: str) -> list[str]:
    return text.replace("|", " ").lower().split()


def _in_columns(raw: str) -> list[str]:
    """The cells of a row of text that are told apart by tabs or bars, and end with a date; else nothing."""
    cells = [_clean(cell) for cell in _COLUMNS.split(raw.strip(" |"))]
    day = _ROW.fullmatch(cells[-1])
    return cells if len(cells) == 4 and day and not day[1] else []


def _is_damaged(text: str) -> bool:
    """Whether the last word was probably meant as a date, but is none."""
    return not _ROW.fullmatch(text) and bool(_DAMAGED_DATE.fullmatch(text.split()[-1][-30:]))


def _plain(cell: str) -> str:
    # Signs stay: "eGFR < 45" and "eGFR > 45" are two indications.
    return " ".join(cell.lower().split()).rstrip(" .")


def _short(text: str, end: bool = False) -> str:
    if len(text) <= 80:
        return text
    return "…" + text[-79:] if end else text[:79] + "…"
