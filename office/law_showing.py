"""What people and programs see of the law: its clauses, their values in time, and what is to be done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from models.clock import ClosingDay
from models.law.book import LawBook
from models.law.clause import Clause, Gap, InForce, Transition, spoken
from office.agency_law import Problem, replaced
from office.law_tables import at, written
from office.revising import Move, Told
from office.showing import Output, aligned, grid, print_json, screen


class LawShowing:
    """Shows the law on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def clauses(self, book: LawBook, day: date, path: Path) -> None:
        """Every clause with what it has on a day."""
        found = [(clause, at(clause, day)) for clause in book.clauses]
        if self._json:
            return print_json([{**_named(clause), **_part(part)} for clause, part in found])
        table = grid("clause", "governs", "value", "since", "until", "article", "verified")
        table.columns[0].no_wrap = True
        for clause, part in found:
            table.add_row(clause.id, clause.governs, *_cells(part))
        screen().print(table)
        values = [part for _, part in found if isinstance(part, InForce)]
        unverified = sum(not value.verified for value in values)
        print(
            f"{len(found)} clauses on {day}: {len(values) - unverified} verified, {unverified} not verified, "
            f"{len(found) - len(values)} without a value."
        )
        print(f"The agency's own file: {path}" + ("" if path.exists() else " (not there; all is as shipped)"))
        return None

    def clause(self, clause: Clause, day: date) -> None:
        """One clause with all its values in time, its gaps, and what is announced."""
        parts = sorted((*clause.values, *clause.gaps), key=lambda part: part.from_on)
        if self._json:
            return print_json({**_named(clause), "values": [_part(part) for part in parts]})
        print(f"{clause.id}: {clause.governs}. Whose turn it is: {clause.desk.value.replace('_', ' ')}.")
        for part in parts:
            value, since, until, article, verified = _cells(part)
            days = f"{since} to {until}" if until else f"from {since}"
            told = [value, verified, "in force today" if part is at(clause, day) else ""]
            print(f"{days}: {'; '.join(filter(None, told))}")
            if isinstance(part, InForce):
                for line in filter(None, (article, part.source.remark, _how(part))):
                    print(f"    {line}")
        return None

    def confirmed(self, before: Clause, after: Clause, value: InForce, path: Path, wrong: list[str]) -> None:
        """What a confirmation did, and which open cases carry another value of their own day."""
        if self._json:
            return print_json(
                {
                    **_named(after),
                    "file": path,
                    "before": _part(at(before, value.from_on)),
                    "after": _part(value),
                    "carry_another": wrong,
                }
            )
        until = f" until {value.until_on}" if value.until_on else ""
        applies = "is announced" if value.announced else "applies"
        said = (
            f"{spoken(value.value)} {applies} from {value.from_on}{until}, confirmed by {value.verified_by}"
        )
        print(f"{after.id}: {said}. {replaced(before, value)} Written to {path}.")
        if value.transition is Transition.RUNNING:
            print(
                f"Clocks that run on {value.from_on} are reached too: "
                f"`umn law impact --from {value.from_on} --clause {after.id}` shows what moves."
            )
        return self.carry_another(wrong, after.id, value.from_on)

    def problems(self, problems: list[Problem]) -> None:
        """What a person has to look at, by kind, each with the command that settles it."""
        if self._json:
            return print_json([vars(problem) for problem in problems])
        if not problems:
            print("Nothing to do: every value in force is verified, and none is older than a year.")
        for kind, several in groupby(problems, key=lambda problem: problem.kind):
            same = list(several)
            print(f"{kind.value} ({len(same)}):")
            for problem in same:
                print(f"  {problem.sentence.rstrip('.')}.")
                print(f"    {problem.command}")
        return None

    def moves(self, moves: list[Move], reached: str, unknown: list[str]) -> None:
        """What a change would move, before anyone signs it, and which cases could not be looked at."""
        if unknown:
            print(
                f"Not looked at: {len(unknown)} open cases of an earlier release, until their next entry "
                f"({_some(unknown)}).",
                file=sys.stderr,
            )
        if self._json:
            return print_json([{name: getattr(move, name) for name in move.__slots__} for move in moves])
        if moves:
            rows = [("number", "what", "from", "is", "would be")]
            rows += [
                (m.number, m.what, str(m.from_on), str(m.was), str(m.now or "beyond the calendar"))
                for m in moves
            ]
            print("\n".join(aligned(rows)))
        cases = len({move.number for move in moves})
        print(f"{len(moves)} dates or values of {cases} open cases would change. {reached}")
        return None

    def carry_another(self, numbers: Sequence[str], clause: str, from_on: date) -> None:
        """Open cases that carry another value than the one of their own day, and what can be done."""
        if numbers and not self._json:
            print(
                f"{len(numbers)} open cases of its days carry another value, and keep it: {_some(numbers)}. "
                f"`umn law impact --clause {clause} --from {from_on} --correction` shows what a correction "
                f"would change, `umn law apply {clause} --correction` signs for it."
            )

    def terms(self, numbers: list[str]) -> None:
        """Invoices whose day is a closing day: what an invoice names stands."""
        if numbers and not self._json:
            print(f"The day that an invoice names stands, and the agency is closed on it: {_some(numbers)}.")

    def told(self, what: str, told: list[Told]) -> int:
        """Which open cases a change has reached. Returns: the exit code, 5 when one was not reached."""
        troubled = [case for case in told if case.trouble]
        if self._json:
            reached = [case.number for case in told if not case.trouble]
            print_json({"told": reached, "not_told": {case.number: case.trouble for case in troubled}})
        else:
            print(f"{what} {len(told) - len(troubled)} open cases were told.")
        for case in troubled:
            print(f"{case.number} was not told: {case.trouble}", file=sys.stderr)
        return 5 if troubled else 0

    def closing_days(self, days: tuple[ClosingDay, ...]) -> None:
        """The agency's own closing days."""
        if self._json:
            return print_json([day.model_dump(mode="json") for day in days])
        rows = [(f"{day.day:%a} {day.day}", day.reason, f"{day.by}, {day.entered_on}") for day in days]
        print("\n".join(aligned([("day", "reason", "entered by"), *rows])) if rows else "None is entered.")
        return None


def _some(numbers: Sequence[str]) -> str:
    return f"{', '.join(numbers[:10])}{' …' if len(numbers) > 10 else ''}"


def _named(clause: Clause) -> dict[str, Any]:
    return {"clause": clause.id, "governs": clause.governs, "desk": clause.desk.value}


def _part(part: InForce | Gap | None) -> dict[str, Any]:
    """A value or a gap for programs; the same keys for all three."""
    gap = part.remark if isinstance(part, Gap) else "" if part else "no value is held for this day"
    shown: dict[str, Any] = {
        "value": None,
        "unit": None,
        "from": part.from_on if part else None,
        "until": part.until_on if part else None,
        "gap": gap,
    }
    if isinstance(part, InForce):
        value, unit = written(part.value)
        shown |= {
            "value": value,
            "unit": unit,
            "announced": part.announced,
            "source": str(part.source),
            "remark": part.source.remark,
            "rules": part.rules.value if part.limits else None,
            "warnings": [str(warning) for warning in part.warnings],
            "receipt_of": part.receipt_of,
            "transition": part.transition.value,
            "verified_by": part.verified_by,
            "verified_on": part.verified_on,
            "shipped": part.shipped,
        }
    return shown


def _how(value: InForce) -> str:
    """How a period ends, who is warned before, and whom the value reaches."""
    told = [f"ends by {value.rules.value}"] if value.limits else []
    if value.warnings:
        told.append(f"warned {', '.join(map(str, value.warnings))} before")
    if value.receipt_of:
        told.append(f"starts on receipt of the letter {value.receipt_of}")
    reaches = {
        Transition.FILED: "reaches what is filed from then on, and programmes from their next year on",
        Transition.RUNNING: "reaches clocks that run on its first day too",
    }
    return "; ".join([*told, reaches[value.transition]])


def _cells(part: InForce | Gap | None) -> tuple[str, str, str, str, str]:
    """Value, since, until, article and verification, as a table has them."""
    match part:
        case InForce():
            told = f"{part.verified_by}, {part.verified_on}" if part.verified else "not verified"
            value = f"announced: {spoken(part.value)}" if part.announced else spoken(part.value)
            return value, str(part.from_on), str(part.until_on or ""), str(part.source), told
        case Gap():
            return f"gap: {part.remark}", str(part.from_on), str(part.until_on or ""), "", ""
        case _:
            return "no value", "", "", "", ""
