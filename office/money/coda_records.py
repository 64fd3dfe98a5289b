"""The records of a CODA file, each of 128 characters, from whatever bytes and line ends they came in.

Of what decides nothing about money nothing is asked. What febelfin-coda 0.5.0 cannot read though the
standard has it (a day of zeros, another spelling of the account at the end, a detail of a detail) is put
here, and only here, as it can.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from office.money.statements import Wrong, compact

LENGTH = 128
"""Characters of a record."""

_AMOUNTS = {"1": (42, 58), "8": (41, 57), "21": (31, 47), "9": (16, 52)}
_COMMON = frozenset("€‘’“”–—…°§²³½™®©«»´·")
"""Signs beyond letters that names and texts have."""


def statements_of(content: bytes) -> list[list[str]]:
    """The records of each statement of a file. Raises: Wrong when it was cut, or is not of version 2."""
    lines = _lines(content)
    for place, line in enumerate(lines, start=1):
        if len(line) != LENGTH:
            raise Wrong("statement.record-length", place=place, n=len(line), length=LENGTH)
        if line[0] not in "0123489":
            raise Wrong("statement.record-unknown", place=place, kind=line[0])
        if line[0] == "0" and line[127] != "2":
            raise Wrong("statement.coda-version", place=place, version=line[127])
        follows = lines[place][:1] if place < len(lines) else ""
        if (line[0] == "9") != (follows in ("", "0")):
            raise Wrong("statement.breaks-off", place=place)
        first, last = _AMOUNTS.get(line[:2]) or _AMOUNTS.get(line[0]) or (0, 0)
        figures = line[first:last] + (line[2:10] if line[0] == "2" else "")
        signed = line[0] != "9" and last
        if figures and not (figures.isascii() and figures.isdecimal() and (figures[0] in "01" or not signed)):
            raise Wrong("statement.record-figures", place=place, told=figures)
    found = [*_split(lines)]
    for records in found:
        kinds = [record[0] for record in records]
        if kinds.count("1") != 1 or kinds.count("8") != 1:
            raise Wrong("statement.no-balance")
    return found


def account_of(records: list[str]) -> tuple[str, str]:
    """The account of a statement, and its currency. Raises: Wrong.

    Whether the number is a national one is told by a digit, which some banks leave blank.
    """
    opening, closing = _balances(records)
    structure, told = opening[1], (opening[5:42], closing[4:41])
    national = structure == "0" or (structure not in "123" and not told[0][34:37].strip())
    at, currency = (12, slice(13, 16)) if national else (34, slice(34, 37))
    (account, ends), (first, last) = [compact(one[:at]) for one in told], [one[currency] for one in told]
    if not account or not re.fullmatch("[A-Z]{3}", first):
        raise Wrong("statement.no-account")
    if (account, first) != (ends, last):
        raise Wrong("statement.two-accounts", opening=f"{account} {first}", closing=f"{ends} {last}")
    return account, first


def readable(records: list[str], numbered: bool = False) -> list[str]:
    """The records of a statement as febelfin-coda can read them. Raises: Wrong.

    Some banks give a detail the type of a movement: then only that it is `numbered` tells what it is.
    """
    opening, closing = _balances(records)
    days = [record[115:121] for record in records if record[:2] == "21"]
    last = _told(closing[57:63], *reversed(days), opening[58:64], records[0][5:11])
    if not last:
        raise Wrong("statement.no-day-of-closing")
    return [_readable(record, opening, last, numbered) for record in records]


def _readable(record: str, opening: str, last: str, numbered: bool) -> str:
    if record[0] == "0":
        return f"{f'00000{last}000':<127}2"
    if record[0] == "1":
        return f"{record[:58]}{last}{record[64:]}"
    if record[:2] == "21":
        booked = _told(record[115:121], record[47:53], last)
        kind = "8" if record[53] == "9" else record[53]  # both explain the payment that is told before them
        kind = "5" if numbered and record[6:10] != "0000" and kind in "0123" else kind
        return f"{record[:47]}{booked}{kind}{record[54:115]}{booked}{record[121:]}"
    if record[0] == "8":
        return f"{record[:4]}{opening[5:42]}{record[41:57]}{last}{record[63:]}"
    return record


def _balances(records: list[str]) -> tuple[str, str]:
    return next(one for one in records if one[0] == "1"), next(one for one in records if one[0] == "8")


def _told(*days: str) -> str:
    return next((day for day in days if day.strip("0 ")), "")


def _lines(content: bytes) -> list[str]:
    text = _text(content).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n\x1a\0")
    lines = text.split("\n")
    if len(lines) == 1 and len(text) % LENGTH == 0:
        return [text[at : at + LENGTH] for at in range(0, len(text), LENGTH)]
    return [line if line[LENGTH:].strip() else line[:LENGTH] for line in lines if line.strip()]


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Wrong("statement.byte", byte=error.start) from None
    single = min((content.decode(name, "replace") for name in ("windows-1252", "cp850")), key=_strange)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return single
    # in few files the accents of windows-1252 could also be read as UTF-8: the length of a record tells
    return single if max(map(len, single.splitlines()), default=0) == LENGTH else text


def _strange(text: str) -> int:
    return sum(not (sign.isascii() or sign.isalpha() or sign in _COMMON) for sign in text)


def _split(lines: list[str]) -> Iterator[list[str]]:
    records: list[str] = []
    for line in lines:
        records.append(line)
        if line[0] == "9":
            yield records
            records = []
