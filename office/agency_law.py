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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.clock import ClosingDay, anniversary
from models.errors import InputRefused, RulesOverlap
from models.law.book import SHIPPED, LawBook
from models.law.calendars import belgium
from models.law.clause import Applied, Clause, InForce, spoken, spoken_of
from office.law_tables import Table, Wrong, at, confirming, table_of

HEADER = """\
# The law as this agency completed it. `umn law confirm` and `umn calendar add` write here.
# Each [[value]] is one value of one clause from one day on, compared with its text by a person;
# it takes the place of what the release ships. Each [[closing_day]] is a day off for the agency.
# A value that has been in force is never changed or deleted: one with a later day takes its place.
# Comments are kept. `umn law check` reads all of it and says what is to be done.
"""


class ProblemKind(StrEnum):
    """What a person has to look at, in the order of urgency."""

    UNREADABLE = "cannot be read"
    UNKNOWN = "not known to this release"
    OVERLAPPING = "overlapping"
    REWRITTEN = "changed by hand after it had applied"
    EXPIRED = "no value today"
    ANNOUNCED = "announced, and its first day has come"
    UNVERIFIED = "not verified"
    OLD = "not looked at for a year"


@dataclass(frozen=True)
class Problem:
    """Something in the law as we hold it that a person has to settle, and the command that does."""

    clause: str
    kind: ProblemKind
    sentence: str
    command: str


@dataclass
class _Written:
    """What stands in the file: values with their places, closing days, and what is wrong."""

    values: list[tuple[str, str, InForce]] = field(default_factory=list)
    closing_days: list[ClosingDay] = field(default_factory=list)
    wrong: list[tuple[str, str, Wrong]] = field(default_factory=list)


def read(path: Path) -> LawBook:
    """The law that applies here: this release's, with the agency's file laid over it. No file: as shipped.

    Raises: InputRefused naming table and key of everything that is wrong; RulesOverlap.
    """
    return _book(path, _parsed(path, _content(path)))


def confirm(
    path: Path,
    clause: str,
    *,
    value: int | list[int] | str,
    unit: str,
    source: str,
    from_on: date,
    by: str,
    verified_on: date,
    until_on: date | None = None,
    rules: str | None = None,
    warnings: Sequence[str] | None = None,
    transition: str | None = None,
    announced: bool = False,
    remark: str = "",
) -> tuple[Clause, Clause, InForce]:
    """Writes a value of a clause into the file, once the book with it is known to stand.

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
        "transition": transition,
        "announced": announced or None,
        "by": by,
        "verified_on": verified_on,
        "remark": remark,
    }
    with _alone(path):
        book = read(path)
        before = book.clause(clause)
        table = Table({key: given for key, given in keys.items() if given is not None})
        entered = table.value()
        if entered is None:
            raise InputRefused("\n".join(f"--{wrong.key} {wrong.why}." for wrong in table.wrong))
        try:
            after = book.confirmed(*entered).clause(clause)
        except RulesOverlap as overlap:
            raise RulesOverlap(
                f"{overlap.message} A slip that reached no dossier is corrected by hand in {path}."
            ) from None
        comment = f"{before.id}: {before.governs}. {replaced(before, entered[1])}"
        _append(path, table_of("value", keys, comment))
    return before, after, entered[1]


def closing_day(*, day: date, reason: str, by: str, entered_on: date) -> ClosingDay:
    """A closing day as it may be entered. A past day may be: force majeure is known afterwards.

    Raises: InputRefused for a day that is no working day already, or words that cannot stand.
    """
    table = Table({"day": day, "reason": reason, "by": by, "entered_on": entered_on})
    closing = table.closing_day()
    if closing is None:
        raise InputRefused("\n".join(f"{wrong.key} {wrong.why}." for wrong in table.wrong))
    if not belgium(day.year).is_working(day):
        raise InputRefused(f"{day} ({day:%A}) is already no working day: a weekend or a public holiday.")
    return closing


def add_closing_day(path: Path, closing: ClosingDay) -> None:
    """Writes a closing day into the file.

    Raises: InputRefused for a day that stands there already.
    """
    with _alone(path):
        known = next((c for c in read(path).closing_days if c.day == closing.day), None)
        if known:
            raise InputRefused(
                f"{closing.day} is a closing day already: {known.reason}, entered by {known.by} "
                f"on {known.entered_on}."
            )
        comment = f"{closing.day:%A} {closing.day}: the agency is closed."
        _append(path, table_of("closing_day", dict(closing), comment))


def replaced(before: Clause, value: InForce) -> str:
    """What a value takes the place of, as a sentence."""
    if value.announced:
        return "It takes the place of nothing yet: it is announced."
    match at(before, value.from_on):
        case InForce() as known:
            who = f"entered by {known.verified_by}" if known.verified else "of this release, not verified"
            return f"It takes the place of {spoken(known.value)} (since {known.from_on}, {who})."
        case None:
            return "It takes the place of nothing: no value was held for that day."
        case gap:
            return f"It takes the place of a gap: {gap.remark}."


def problems(path: Path, today: date, carried: Sequence[dict[str, Any]] = ()) -> list[Problem]:
    """Everything that a person has to look at in the law as it is held here, the most urgent first.

    `carried` are the laws that cases carry: a confirmed value that reached one is never changed after it.

    Raises: InputRefused when the file is no TOML at all.
    """
    found: list[Problem] = []
    parsed = _parsed(path, _content(path))
    for place, clause, wrong in parsed.wrong:
        kind = ProblemKind.UNKNOWN if wrong.unknown_clause else ProblemKind.UNREADABLE
        found.append(
            Problem(clause, kind, f"{place}: {wrong.key} {wrong.why}", f"correct {place} in {path} by hand")
        )

    def overlapping(place: str, clause: str, overlap: RulesOverlap) -> None:
        found.append(
            Problem(
                clause,
                ProblemKind.OVERLAPPING,
                f"{place}: {overlap.message}",
                f"correct {place} in {path} by hand",
            )
        )

    for clause in _laid_over(parsed, overlapping).clauses:
        found += _of(clause, today)
        found += _rewritten(clause, carried, path)
    order = list(ProblemKind)
    return sorted(found, key=lambda problem: order.index(problem.kind))


def _of(clause: Clause, today: date) -> Iterator[Problem]:
    """What a person has to look at in one clause."""
    said = f"{clause.governs} ({clause.id})"
    match at(clause, today):
        case InForce(verified_on=None) as value:
            yield Problem(
                clause.id,
                ProblemKind.UNVERIFIED,
                f"{said}: {spoken(value.value)} since {value.from_on} ({value.source}) was never compared "
                "with the text",
                _settled_by(clause, value),
            )
        case InForce(verified_on=date() as verified_on) as value:
            if anniversary(verified_on, 1) < today:
                yield Problem(
                    clause.id,
                    ProblemKind.OLD,
                    f"{said}: {spoken(value.value)} was last compared with the text on {verified_on}, "
                    f"by {value.verified_by}",
                    _settled_by(clause, value, today),
                )
        case None:
            yield Problem(
                clause.id,
                ProblemKind.EXPIRED,
                f"{said}: no value is held for {today}",
                _settled_by(clause),
            )
        case gap:
            yield Problem(
                clause.id,
                ProblemKind.EXPIRED,
                f"{said}: since {gap.from_on} {gap.remark}",
                _settled_by(clause),
            )
    for value in clause.values:
        settled = any(v.from_on >= value.from_on and not (v.announced or v.shipped) for v in clause.values)
        if value.announced and value.from_on <= today and not settled:
            yield Problem(
                clause.id,
                ProblemKind.ANNOUNCED,
                f"{said}: {spoken(value.value)} was announced from {value.from_on} ({value.source}) and does "
                "not apply until it is confirmed",
                _settled_by(clause, value),
            )


def _rewritten(clause: Clause, carried: Sequence[dict[str, Any]], path: Path) -> Iterator[Problem]:
    """Values of the agency that cases carry otherwise than they stand in its file now."""
    reached = [
        Applied.model_validate(law["clauses"][clause.id]) for law in carried if clause.id in law["clauses"]
    ]
    says = {one.from_on: clause.apply(one) for one in clause.values if not one.announced}
    differing = {
        (one.from_on, one.limits, one.cents, one.text): one
        for one in reached
        if one.verified
        and (now := says.get(one.from_on))
        and (one.limits, one.cents, one.text) != (now.limits, now.cents, now.text)
    }
    for one in differing.values():
        stands = spoken_of(says[one.from_on])
        yield Problem(
            clause.id,
            ProblemKind.REWRITTEN,
            f"{clause.governs} ({clause.id}): {stands} stands from {one.from_on}, and cases carry "
            f"{spoken_of(one)} from that day",
            f"write {spoken_of(one)} again in {path}, and enter the other value from a later day",
        )


def _settled_by(clause: Clause, value: InForce | None = None, from_on: date | None = None) -> str:
    return f"umn {confirming(clause, value, from_on)}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _parsed(path: Path, content: bytes) -> _Written:
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputRefused(f"{path} is not written in UTF-8, as everything here is.") from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputRefused(f"{path} is no TOML: {error}.") from None
    found = _Written()
    for name in tables.keys() - {"value", "closing_day"}:
        found.wrong.append((f"[{name}]", "", Wrong("", "is not known here")))
    for place, keys in _tables(tables, "value", found):
        table = Table(keys)
        named = str(keys.get("clause", ""))
        place = f"{place} ({named})" if named else place
        if entered := table.value():
            found.values.append((place, *entered))
        found.wrong += [(place, named, wrong) for wrong in table.wrong]
    for place, keys in _tables(tables, "closing_day", found):
        table = Table(keys)
        closing = table.closing_day()
        if closing and any(closing.day == known.day for known in found.closing_days):
            table.wrong.append(Wrong("day", f"is {closing.day}, which stands here already"))
        elif closing:
            found.closing_days.append(closing)
        found.wrong += [(place, "", wrong) for wrong in table.wrong]
    return found


def _tables(tables: dict[str, Any], name: str, found: _Written) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of one name, each with its place in the file."""
    several = tables.get(name, [])
    if not isinstance(several, list) or not all(isinstance(table, dict) for table in several):
        found.wrong.append(
            (f"[[{name}]]", "", Wrong("", f"must be written as tables, each under [[{name}]]"))
        )
        return
    for nth, table in enumerate(several, start=1):
        yield f"[[{name}]] {nth}", table


def _book(path: Path, parsed: _Written) -> LawBook:
    if parsed.wrong:
        lines = (f"{place}: {wrong.key} {wrong.why}." for place, _, wrong in parsed.wrong)
        raise InputRefused(f"{path} cannot be applied.\n" + "\n".join(lines))

    def refuse(place: str, clause: str, overlap: RulesOverlap) -> None:
        raise RulesOverlap(f"{path}, {place}: {overlap.message}")

    return _laid_over(parsed, refuse)


def _laid_over(parsed: _Written, on_overlap: Callable[[str, str, RulesOverlap], None]) -> LawBook:
    """The shipped book with the file over it, in the order of the days and not of the lines."""
    book = SHIPPED
    for place, clause, value in sorted(parsed.values, key=lambda written: written[2].from_on):
        try:
            book = book.confirmed(clause, value)
        except RulesOverlap as overlap:
            on_overlap(place, clause, overlap)
    return book.closed_on(parsed.closing_days)


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
    kept = _content(path) or HEADER.encode()
    if not kept.endswith(b"\n"):
        kept += b"\n"
    new = kept + text.encode()
    _book(path, _parsed(path, new))
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
