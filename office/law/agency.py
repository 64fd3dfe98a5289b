"""The agency's own file of law: what its lawyers confirmed, laid over what this release ships.

The file is TOML, for people to read and to keep under version control. It is only ever appended to,
so that comments and everything else in it stay as they were. `[[value]]` is a value of a clause from
one day on; `[[closing_day]]` a day on which the agency is closed beside the public holidays.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.clock import ClosingDay, civil_day
from models.errors import InputRefused, RulesOverlap, UnknownClause
from models.law.clause import Clause, InForce, spoken
from models.law.degree import Degree
from models.messages import Message, named_word
from office.law.tables import Table, Wrong, at, confirming, table_of, typed, written
from procedures.books import Books, named, shipped
from procedures.registry import book_of, folders, jurisdiction_of


@dataclass
class Written:
    """What stands in the file: values with their places, closing days, and what is wrong."""

    values: list[tuple[str, str, InForce]] = field(default_factory=list)
    closing_days: list[tuple[str, ClosingDay]] = field(default_factory=list)
    wrong: list[tuple[str, str, Wrong]] = field(default_factory=list)


def read(path: Path) -> Books:
    """The law that applies here: this release's, with the agency's file laid over it. No file: as shipped.

    Raises: InputRefused naming table and key of everything that is wrong; RulesOverlap.
    """
    return _book(path, content_of(path))


def confirm(
    path: Path,
    clause: str,
    *,
    value: int | list[int] | str,
    unit: str,
    source: str,
    from_on: date,
    by: str,
    text: str,
    confirmed_on: date,
    until_on: date | None = None,
    rules: str | None = None,
    warnings: Sequence[str] | None = None,
    silence: str | None = None,
    transition: str | None = None,
    announced: bool = False,
    remark: str = "",
    prepared_by: str = "",
    keeps: bool = True,
) -> tuple[Clause, Clause, InForce]:
    """Writes a value of a clause into the file, once the book with it is known to stand.

    Idempotent: by all that is entered. `prepared_by` is told in a comment; without `keeps` nothing is
    written.

    Returns: the clause before, the clause after, and the value as it was entered.
    Raises: UnknownClause, RulesOverlap, InputRefused naming every option that cannot stand.
    """
    keys = {
        "clause": clause,
        "value": value,
        "unit": unit,
        "source": source,
        "from": from_on,
        "until": until_on,
        "rules": rules,
        "warnings": None if warnings is None else list(warnings),
        "silence": silence,
        "transition": transition,
        "announced": announced or None,
        "by": by,
        "confirmed_on": confirmed_on,
        "text": text,
        "remark": remark,
    }
    with _alone(path):
        book = read(path)
        before = book.clause(clause)
        keys["clause"] = before.qualified
        table = Table({key: given for key, given in keys.items() if given is not None})
        entered = table.value()
        if entered is None:
            raise InputRefused("lawfile.cannot-stand", problems=table.options)
        stands = entered in (known[1:] for known in parsed(path, content_of(path)).values)
        try:
            after = before if stands else book.confirmed(*entered).clause(before.qualified)
        except RulesOverlap as overlap:
            raise RulesOverlap("lawfile.overlap", why=overlap.said, path=path) from None
        comment = Message(
            "lawfile.comment", clause=before.id, governs=before.governs, replaced=replaced(before, entered[1])
        )
        if prepared_by:
            comment = Message("lawfile.prepared", comment=comment, by=prepared_by)
        if keeps and not stands:
            _append(path, table_of("value", keys, str(comment)))
    return before, after, entered[1]


def held(path: Path, clause: str, today: date) -> dict[str, Any]:
    """A value as it is held today, as it is typed to be confirmed, from its own first day on.

    Raises: UnknownClause; InputRefused where none is held, or one that was written down without a text.
    """
    known = read(path).clause(clause)
    value = at(known, today)
    possible = (confirming(known, value if isinstance(value, InForce) else None),)
    if not isinstance(value, InForce) or value.degree is Degree.ASSUMED:
        raise InputRefused("law.nothing-to-compare", clause=clause, governs=known.governs, possible=possible)
    shown, unit = written(value.value)
    said = {"value": typed(shown, unit), "unit": unit, "source": str(value.source)}
    return {"clause": named(known), **said, "from_on": value.from_on, "until_on": value.until_on}


def as_signed(signed: Mapping[str, Any]) -> dict[str, Any]:
    """What `confirm` is given for a value that somebody signed, from the envelope of that."""
    said = signed["act"][1]["said"]
    days = {day: date.fromisoformat(said[day]) for day in ("from_on", "until_on") if said.get(day)}
    return {
        **said,
        **days,
        "by": signed["certificate"]["person"],
        "confirmed_on": civil_day(datetime.fromisoformat(signed["at"])),
        "prepared_by": signed.get("prepared", {}).get("certificate", {}).get("person", ""),
    }


def stand_signed(path: Path, envelopes: Iterable[Mapping[str, Any]]) -> list[tuple[str, InForce]]:
    """The values that people signed, each with its clause, as they stand in the file where they do."""
    found = []
    for signed in envelopes:
        try:
            before, _, value = confirm(path, **as_signed(signed), keeps=False)
        except (UnknownClause, RulesOverlap, InputRefused):
            continue  # it stands there otherwise, or not at all
        found.append((before.qualified, value))
    return found


def closing_day(
    *, day: date, reason: str, published: date, by: str, entered_on: date, book: str = ""
) -> ClosingDay:
    """A closing day as it may be entered, with the day of its publication in the official journal.

    One that was published in the year in which it lies may be: it is kept, and moves nothing.

    Raises: InputRefused for a day that is no working day already, or words that cannot stand; UnknownClause.
    """
    table = Table(
        {
            "day": day,
            "reason": reason,
            "published_on": published,
            "by": by,
            "entered_on": entered_on,
            "book": book_of(book),
        }
    )
    told = table.closing_day()
    if told is None:
        raise InputRefused("lawfile.cannot-stand", problems=[wrong.of("") for wrong in table.wrong])
    of, closing = told
    if not jurisdiction_of(of).calendar(day.year, ()).is_working(day):
        raise InputRefused("lawfile.no-working-day-already", day=day)
    return closing


def add_closing_day(path: Path, closing: ClosingDay, book: str = "") -> None:
    """Writes a closing day of a law book into the file; of the only one, where none is named.

    Raises: InputRefused for a day that stands there already.
    """
    with _alone(path):
        of = book_of(book)
        known = next((c for c in read(path).books[of].closing_days if c.day == closing.day), None)
        if known:
            raise InputRefused(
                "lawfile.closing-day-already",
                day=closing.day,
                reason=known.reason,
                by=known.by,
                on=known.entered_on,
            )
        comment = Message("lawfile.closed", day=closing.day)
        _append(path, table_of("closing_day", {"book": of, **dict(closing)}, str(comment)))


def replaced(before: Clause, value: InForce) -> Message:
    """What a value takes the place of, as a sentence."""
    if value.announced:
        return Message("lawfile.replaces-nothing-yet")
    match at(before, value.from_on):
        case InForce() as known:
            return Message(
                "lawfile.replaces" if known.confirmed_by else "lawfile.replaces-shipped",
                value=spoken(known.value),
                since=known.from_on,
                by=known.confirmed_by,
                degree=named_word(known.degree.value),
            )
        case None:
            return Message("lawfile.replaces-nothing")
        case gap:
            return Message("lawfile.replaces-a-gap", remark=gap.remark)


def content_of(path: Path) -> bytes:
    """What stands in the file; nothing when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def parsed(path: Path, content: bytes) -> Written:
    """The tables of the file, and all that is wrong with any. Raises: InputRefused when it is no TOML."""
    return _parsed(path, content, tuple(folders()))


@lru_cache(4)
def _parsed(path: Path, content: bytes, _folders: tuple[str, ...]) -> Written:
    """What stands in a file of this content, where there are these folders: read once, as every act asks."""
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputRefused("lawfile.not-utf8", path=path) from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputRefused("lawfile.no-toml", path=path, why=str(error)) from None
    found = Written()
    for name in tables.keys() - {"value", "closing_day"}:
        found.wrong.append((f"[{name}]", "", Wrong("", Message("lawfile.not-known"))))
    for place, keys in _tables(tables, "value", found):
        table = Table(keys)
        named = str(keys.get("clause", ""))
        place = f"{place} ({named})" if named else place
        if entered := table.value():
            found.values.append((place, *entered))
        found.wrong += [(place, named, wrong) for wrong in table.wrong]
    for place, keys in _tables(tables, "closing_day", found):
        table = Table(keys)
        book, closing = table.closing_day() or ("", None)
        if closing and any((book, closing.day) == (of, known.day) for of, known in found.closing_days):
            table.wrong.append(Wrong("day", Message("lawfile.stands-already", day=closing.day)))
        elif closing:
            found.closing_days.append((book, closing))
        found.wrong += [(place, "", wrong) for wrong in table.wrong]
    return found


def _tables(tables: dict[str, Any], name: str, found: Written) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of one name, each with its place in the file."""
    several = tables.get(name, [])
    if not isinstance(several, list) or not all(isinstance(table, dict) for table in several):
        found.wrong.append((f"[[{name}]]", "", Wrong("", Message("lawfile.must-be-tables", name=name))))
        return
    for nth, table in enumerate(several, start=1):
        yield f"[[{name}]] {nth}", table


def _book(path: Path, content: bytes) -> Books:
    return _over_shipped(path, content, tuple(folders()))


@lru_cache(4)
def _over_shipped(path: Path, content: bytes, _folders: tuple[str, ...]) -> Books:
    written = parsed(path, content)
    if written.wrong:
        problems = [wrong.of(f"{place}: ") for place, _, wrong in written.wrong]
        raise InputRefused("lawfile.cannot-be-applied", path=path, problems=problems)

    def refuse(place: str, clause: str, overlap: RulesOverlap) -> None:
        raise RulesOverlap("lawfile.overlap-at", path=path, place=place, why=overlap.said)

    return laid_over(written, refuse)


def laid_over(written: Written, on_overlap: Callable[[str, str, RulesOverlap], None]) -> Books:
    """The shipped book with the file over it, in the order of the days and not of the lines."""
    book = shipped()
    for place, clause, value in sorted(written.values, key=lambda value: value[2].from_on):
        try:
            book = book.confirmed(clause, value)
        except RulesOverlap as overlap:
            on_overlap(place, clause, overlap)
    for of, closing in written.closing_days:
        book = book.closed_on((closing,), of)
    return book


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lets one process at a time write; whoever comes second waits, and sees what the first wrote."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _append(path: Path, text: str) -> None:
    """Adds to the end of the file: the old file stands until the new one is whole, on the disk."""
    path = path.resolve()  # a link stays one
    kept = content_of(path) or str(Message("lawfile.header")).encode()
    if not kept.endswith(b"\n"):
        kept += b"\n"
    new = kept + text.encode()
    _book(path, new)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(new)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, fresh)
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
