"""The agency's public page, as text or HTML: three lists of programmes, in Dutch, French or English.

As text a row stands on one line (cells told apart by known products only), or in four cells below each
other; as HTML it is a row of a table. What cannot be read for certain is refused with its line; a page is
read whole or not at all.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, NoReturn

from pydantic import BaseModel, ConfigDict

from models.errors import InputRefused
from models.parties import Language
from models.phases import PublicList
from office.known_products import KnownProduct, longest_first, shipped, split_row
from office.page_markup import Row, Text, is_markup, pieces

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
HEADERS: dict[Language, tuple[str, str, str, str]] = {
    Language.NL: ("Handelsnaam", "Werkzame stof", "Indicatie", "Laatste update"),
    Language.FR: ("Nom commercial", "Substance active", "Indication", "Dernière mise à jour"),
    Language.EN: ("Commercial name", "Active substance", "Indication", "Last update"),
}
CELLS = ("trade name", "active substance", "indication", "last update")
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
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_HYPHENS = {0x2010: "-", 0x2011: "-"}


class PageRow(BaseModel):
    """One programme on the agency's page. `line` counts from 1; `raw` is the text as it stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    trade_name: str
    active_substance: str
    indication: str
    last_update: date
    public_list: PublicList
    raw: str

    @cached_property
    def key(self) -> str:
        """What makes the row itself: trade name without marks and brackets, and indication."""
        return key_of(self.trade_name, self.indication)


def key_of(trade_name: str, indication: str) -> str:
    """What makes a row itself: trade name without marks and brackets, and indication.

    Readable name, then a short hash of both in full, so that it stays below 160 characters.
    """
    name = _plain(re.sub(r"[®™]|\([^()]*\)", " ", trade_name)) or _plain(trade_name)
    both = hashlib.sha256(f"{name}/{_plain(indication)}".encode()).hexdigest()
    return f"{name[:120].strip()}/{both[:20]}"


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
        reading.problems.append(str(stop))
    _tell_doubles(reading)
    if reading.problems:
        unknown = ("umn import-register PAGE --known FILE.csv",) if reading.unknown else ()
        raise InputRefused("The page was refused; nothing was taken over.\n" + reading.told(), unknown)
    return reading.rows


def read_text(path: Path) -> str:
    """The text of a page that was saved as a UTF-8 file. Raises: InputRefused."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as unreadable:
        raise InputRefused(f"The page {path} cannot be read: {unreadable.strerror}.") from unreadable
    except UnicodeDecodeError as wrong:
        raise InputRefused(f"The page {path} is not UTF-8 text; save it as plain text in UTF-8.") from wrong


def page_language(text: str) -> Language:
    """The language of the page, told by the titles of its lists. Raises: InputRefused."""
    if is_markup(text):
        said = [_clean(piece.text) for piece in pieces(text) if isinstance(piece, Text)]
    else:
        said = [line.text for line in _lines(text)]
    found = {title[0] for line in said if (title := _title(line))}
    if not found:
        wanted = "; ".join(titles[PublicList.AUTHORISED][0] for titles in TITLES.values())
        raise InputRefused(
            "The text has no title of a list of programmes, so it is not the agency's page. "
            f"The first list is titled, on a line of its own, one of: {wanted}."
        )
    if len(found) > 1:
        raise InputRefused(
            f"The text mixes titles in {', '.join(sorted(found))}; give one page in one language."
        )
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


class _Reading:
    """How far the page has been read: the list it is in, and the cells of a block not yet whole."""

    def __init__(self, language: Language, today: date, known: tuple[KnownProduct, ...]) -> None:
        self.language, self.today, self.known = language, today, known
        self.rows: list[PageRow] = []
        self.problems: list[str] = []
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
            _stop(line, f"this stands after the end of the page on line {self.ended_on}")
        elif title:
            self._begin(title[1], line)
        elif self.list is None:
            return
        elif footer:
            self._finish_block(f"the page ends on line {line.number}")
            self._date(line, footer.groups())
            self.ended_on, self.list = line.number, None
        elif _is_header(line.text, self.language):
            self._finish_block(f"a header stands on line {line.number}")
            self.headed = True
        elif not self.headed:
            self._look_for_header(line)
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
            _stop(line, "a row that stands in no table")

    def end(self) -> None:
        """Nothing may be left open, and no list may be missing."""
        self._finish_block("the page ends")
        if missing := [lst for lst in PublicList if lst not in self.titles]:
            names = ", ".join(f"'{TITLES[self.language][lst][0]}'" for lst in missing)
            raise _Unreadable(
                f"End of the text: the list {names} is missing; the text may have been cut off."
            )

    def told(self) -> str:
        """All problems, one per line."""
        hint = ""
        if self.unknown:
            hint = (
                "\nA row on one line can only be told apart when its product is known. Write a CSV file "
                "with the header trade_name,active_substance and one line for each row above, "
                "and give it with --known."
            )
        return "\n".join(self.problems) + hint

    def _begin(self, public_list: PublicList, line: _Line) -> None:
        self._finish_block(f"a list begins on line {line.number}")
        if public_list in self.titles:
            _stop(line, f"the list '{line.text}' began on line {self.titles[public_list]} already")
        self.titles[public_list] = line.number
        self.list, self.headed, self.before_header = public_list, False, []

    def _look_for_header(self, line: _Line) -> None:
        if _ROW.fullmatch(line.text):
            wanted = " | ".join(HEADERS[self.language])
            _stop(line, f"a row or a date, but its list has no header yet; the header is {wanted}")
        self.before_header.append(line.text.lower())
        if self.before_header[-4:] == [cell.lower() for cell in HEADERS[self.language]]:
            self.headed = True

    def _row_or_cell(self, line: _Line) -> None:
        dated = _ROW.fullmatch(line.text)
        # A block that is open cannot be followed by a row on one line; then it is an indication
        # that happens to end with a date, and the next cell shows whether that is so.
        if dated and dated[1] and not (len(self.block) == 2 and self._is_cell(line)):
            self._finish_block(f"a row on one line follows on line {line.number}")
            self._row_on_one_line(line, dated)
            return
        self.block.append(line)
        if dated and not dated[1] and len(self.block) < 4:
            self._broken(
                f"line {line.number} is a date, but the {CELLS[len(self.block) - 1]} was expected: "
                "a cell is missing or empty",
                line,
            )
        if len(self.block) == 4:
            if not dated or dated[1]:
                self._broken(f"its fourth cell on line {line.number} is not a date dd/mm/yyyy", line)
            self._row_in_block(dated)

    def _row_of_table(self, row: Row) -> None:
        cells = [_clean(cell) for cell in row.cells]
        line = _Line(row.line, " ".join(cells), "\t".join(row.cells))
        if not any(cells):
            return
        dated = _ROW.fullmatch(line.text)
        if self.ended_on is not None and dated:
            _stop(line, f"this stands after the end of the page on line {self.ended_on}")
        elif self.list is None:
            return
        elif _is_header(line.text, self.language):
            self.headed = True
        elif len(cells) == 1 and _title(cells[0]):
            self.read(line)
        elif not self.headed:
            wanted = " | ".join(HEADERS[self.language])
            _stop(line, f"a row, but its list has no header yet; the header is {wanted}")
        elif len(cells) != 4 or row.spans:
            _stop(line, f"a row has {', '.join(CELLS)}; this one has {len(cells)} cells, or joined ones")
        elif not (day := _ROW.fullmatch(cells[3])) or day[1]:
            _stop(line, f"the {CELLS[3]} '{_short(cells[3])}' is not a date dd/mm/yyyy")
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
            self.problems.append(
                f"Line {line.number}: no known product begins this row, so its cells cannot be told apart: "
                f"'{_short(dated[1])}'."
            )
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
                self.problems.append(f"Line {line.number}: the {name} is empty: '{_short(line.text)}'.")
                return
            if len(cell) > longest:
                self.problems.append(
                    f"Line {line.number}: the {name} has {len(cell)} characters; {longest} are possible."
                )
                return
        assert self.list is not None
        name, substance, indication = cells
        self.rows.append(
            PageRow(
                line=line.number,
                trade_name=name,
                active_substance=substance,
                indication=indication,
                last_update=day,
                public_list=self.list,
                raw=raw,
            )
        )

    def _date(self, line: _Line, parts: tuple[str, ...]) -> date | None:
        written = "/".join(parts)
        try:
            day = date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            self.problems.append(f"Line {line.number}: {written} is not a day of the calendar (dd/mm/yyyy).")
            return None
        if day > self.today:
            self.problems.append(
                f"Line {line.number}: {written} lies in the future; today is {self.today:%d/%m/%Y}."
            )
        elif day < FIRST_DAY:
            self.problems.append(
                f"Line {line.number}: {written} lies before {FIRST_DAY:%d/%m/%Y}, "
                "the decree that these programmes rest on."
            )
        else:
            return day
        return None

    def _finish_block(self, because: str) -> None:
        if self.block:
            count = len(self.block)
            self._broken(f"it has {count} of its 4 cells when {because}", self.block[0])

    def _broken(self, why: str, line: _Line) -> NoReturn:
        # A damaged date makes the block break further on; the reader is sent to the date itself.
        damaged = [cell for cell in self.block if _is_damaged(cell.text) or self._is_whole_row(cell)]
        culprit = damaged[0] if damaged else line
        reason = f"'{_short(culprit.text, end=True)}' does not end in a date dd/mm/yyyy; " if damaged else ""
        raise _Unreadable(
            f"Line {culprit.number}: {reason}the four cells that begin on line {self.block[0].number} "
            f"cannot be read: {why}. A row has {', '.join(CELLS)}. The lines below it were not read."
        )


def _tell_doubles(reading: _Reading) -> None:
    first: dict[str, int] = {}
    for row in reading.rows:
        if row.key in first:
            reading.problems.append(
                f"Line {row.line}: {row.trade_name} with this indication is on line {first[row.key]} already."
            )
        first.setdefault(row.key, row.line)


def _stop(line: _Line, why: str) -> NoReturn:
    raise _Unreadable(f"Line {line.number}: {why}: '{_short(line.text)}'. The lines below it were not read.")


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
    return text.replace("|", " ").lower().split() == " ".join(HEADERS[language]).lower().split()


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
