"""Keeps the summaries for publication: what the public register says of a case, by language.

A newer summary follows an older one and never overwrites it. Whether a summary is public is decided
where the register is published (register/public.py), never here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from models.errors import InputRefused
from register.reading import questions

LONGEST = 20_000
"""Characters of a summary; the page of a programme stays a page."""

ITEM = re.compile(r"(?:[-–•*]|(?P<number>[1-9][0-9]?)[.)]) +")
"""How an item of a list begins."""

_ITEM_BEGINS = re.compile(rf"\n(?={ITEM.pattern.replace('?P<number>', '?:')})")
_HEADING = 80
_LONGEST_INDICATION = 4_000
_LOCK = 6_301_006


@dataclass(frozen=True, slots=True)
class Summary:
    """What a case says in one language; an empty text or indication says nothing about it."""

    language: str
    text: str = ""
    indication: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class KeptSummary:
    """The newest summary of a case in one language, and who brought it when."""

    language: str
    version: int
    text: str
    indication: str
    document: str
    by: str
    recorded_at: str


def keep(
    url: str, number: str, summaries: Iterable[Summary], *, translates: str, by: str, at: datetime
) -> int:
    """Keeps summaries of a case; what the newest one of their language says already is not kept again.

    `translates` is the indication of the case as it is now. What a summary leaves empty is taken over
    from the one before it. Returns: how many were new.

    Raises: InputRefused when one is too long; NotReachable when the database does not answer.
    """
    from sqlalchemy import select

    from models.register import SummaryRow
    from register.database import one_at_a_time, transaction

    table = SummaryRow.__table__
    new = 0
    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        for summary in summaries:
            text, indication = _fitting(summary)
            newest = session.execute(
                select(table.c.version, table.c.text, table.c.indication, table.c.translates)
                .where(table.c.number == number, table.c.language == summary.language)
                .order_by(table.c.version.desc())
                .limit(1)
            ).first()
            version, *before = newest or (0, "", "", translates)
            says = [text or before[0], indication or before[1], translates if indication else before[2]]
            if says == before or not (text or indication):
                continue
            session.execute(
                table.insert(),
                {
                    "number": number,
                    "language": summary.language,
                    "version": version + 1,
                    "text": says[0],
                    "indication": says[1],
                    "translates": says[2],
                    "document": summary.document[:500] if text else "",
                    "by": by[:120],
                    "recorded_at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
                },
            )
            new += 1
    return new


def of(url: str, number: str) -> list[KeptSummary]:
    """The newest summary of a case in each language. Raises: NotReachable."""
    columns = 'language, version, text, indication, document, "by", recorded_at'
    with questions(url) as ask:
        rows = ask(f"SELECT {columns} FROM summary WHERE number = ? ORDER BY language, version", [number])
    return list({row[0]: KeptSummary(*row) for row in rows}.values())


def language_of_indication(url: str, number: str, procedure: str, indication: str) -> str:
    """The language of a case's own indication; empty where it is not known.

    It is the language in which that indication was filed first (of its applicant), or that of the page
    from which a programme was taken over. Raises: NotReachable.
    """
    from register.public import language_of_page

    with questions(url) as ask:
        rows = ask(
            "SELECT language, indication FROM summary WHERE translates = ? AND (number = ? OR number IN "
            "(SELECT number FROM current_state WHERE parent = ?)) ORDER BY recorded_at, number, version",
            [indication, number, number],
        )
        own = [language for language, said in rows if said == " ".join(legible(indication).split())]
        return own[0] if own else language_of_page(ask, procedure)


def legible(written: str) -> str:
    """Text in paragraphs: lines of one joined but for items of lists, and no sign that cannot be seen."""
    lines = (line.strip() for line in written.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept = "".join(
        " " if sign == "\t" else sign
        for sign in "\n".join(lines)
        if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )
    paragraphs = (
        "\n".join(" ".join(line.split()) for line in _ITEM_BEGINS.split(part) if line.strip())
        for part in kept.split("\n\n")
    )
    return "\n\n".join(part for part in paragraphs if part)


class Block(NamedTuple):
    """A part of a summary: a heading or a paragraph of one line, or a list from a number on (0: none)."""

    kind: str
    lines: tuple[str, ...]
    start: int = 0


def blocks(text: str) -> list[Block]:
    """A kept summary as it is laid out: nothing is interpreted but what lists and headings look like.

    A short paragraph without a full stop is the heading of what follows it.
    """
    found: list[Block] = []
    paragraphs = text.split("\n\n")
    for n, paragraph in enumerate(paragraphs):
        lines = paragraph.split("\n")
        if len(lines) == 1 and not ITEM.match(lines[0]):
            follows = n + 1 < len(paragraphs) and len(lines[0]) <= _HEADING and lines[0][-1:] not in ".,;:!…"
            found.append(Block("heading" if follows else "paragraph", (lines[0],)))
            continue
        for line in lines:
            item = ITEM.match(line)
            number = int(item["number"] or 0) if item else 0
            if not item:
                found.append(Block("paragraph", (line,)))
            elif found and found[-1].kind == "list" and bool(found[-1].start) == bool(number):
                found[-1] = found[-1]._replace(lines=(*found[-1].lines, line[item.end() :]))
            else:
                found.append(Block("list", (line[item.end() :],), number))
    return found


def _fitting(summary: Summary) -> tuple[str, str]:
    text, indication = legible(summary.text), " ".join(legible(summary.indication).split())
    for key, said, longest in (
        ("public.summary-too-long", text, LONGEST),
        ("public.indication-too-long", indication, _LONGEST_INDICATION),
    ):
        if len(said) > longest:
            raise InputRefused(key, language=summary.language, n=len(said), most=longest)
    return text, indication
