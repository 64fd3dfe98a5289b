"""What people and programs see of the law: its clauses, their values in time, and what is to be done."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from activities.wording import Wording, wording_of
from models.clock import ClosingDay
from models.law.clause import Clause, Gap, InForce, Instrument, Transition, spoken
from models.law.degree import Degree
from models.messages import word, worded
from models.obligations import day_named
from models.parties import Language
from office.law.agency import replaced
from office.law.problems import Problem
from office.law.revising import Move, Told
from office.law.tables import at, written
from office.showing import Showing, by_name, print_json, say
from office.tables import show_table
from procedures.books import BILLED_BY, Books, named
from procedures.registry import folders


class LawShowing(Showing):
    """Shows the law on standard output, in the form that was asked for."""

    def clauses(self, book: Books, day: date, path: Path) -> None:
        """Every clause with what it has on a day."""
        found = [(clause, at(clause, day)) for clause in book.clauses]
        if self._json:
            return print_json([{**_named(clause), **_part(part)} for clause, part in found])
        columns = ("clause", "governs", "value", "since", "until", "article", "degree")
        show_table(columns, [(named(clause), clause.governs, *_cells(part)) for clause, part in found])
        values = [part for _, part in found if isinstance(part, InForce)]
        degrees = Counter(value.degree for value in values)
        say(
            worded(
                "law.counted",
                n=len(found),
                day=day,
                **{degree.value: degrees[degree] for degree in Degree},
                without=len(found) - len(values),
            )
        )
        say(worded("law.own-file" if path.exists() else "law.no-own-file", path=path))
        return None

    def clause(self, clause: Clause, day: date, language: Language) -> None:
        """One clause: what its article says, all its values in time, its gaps, and what is announced."""
        if self._json:
            return print_json(_whole(clause, day))
        say(worded("law.about", clause=named(clause), governs=clause.governs, desk=word(clause.desk.value)))
        say(f"    {_says(clause, day, language)}")
        for part in _parts(clause):
            value, since, until, article, degree = _cells(part)
            days = worded("law.days" if until else "law.days-open", since=since, until=until)
            told = [value, degree, worded("law.in-force-today") if part is at(clause, day) else ""]
            say(f"{days}: {'; '.join(filter(None, told))}")
            if isinstance(part, InForce):
                for line in filter(None, (article, *_read_in(part), _how(clause, part, language))):
                    say(f"    {line}")
        return None

    def every_clause(self, book: Books, day: date, language: Language) -> None:
        """Every clause as `clause` shows it."""
        if self._json:
            return print_json([_whole(clause, day) for clause in book.clauses])
        for clause in book.clauses:
            self.clause(clause, day, language)
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
        kind = "announced" if value.announced else "confirmed"
        say(
            worded(
                f"law.{kind}-until" if value.until_on else f"law.{kind}",
                clause=named(after),
                value=spoken(value.value),
                since=value.from_on,
                until=value.until_on,
                by=value.confirmed_by,
                replaced=replaced(before, value),
                path=path,
            )
        )
        if value.transition is Transition.RUNNING:
            say(worded("law.running-clocks-too", since=value.from_on, clause=named(after)))
        return self.carry_another(wrong, after, value.from_on)

    def problems(self, problems: list[Problem]) -> None:
        """What a person has to look at, by kind, each with the command that settles it."""
        if self._json:
            return print_json([_problem(problem) for problem in problems])
        if not problems:
            say(worded("law.nothing-to-do"))
        for kind, several in groupby(problems, key=lambda problem: problem.kind):
            same = list(several)
            say(f"{word(kind.value)} ({len(same)}):")
            for problem in same:
                say(f"  {problem.sentence.rstrip('.')}.")
                say(f"    {problem.command}")
        return None

    def moves(self, moves: list[Move], reached: str) -> None:
        """What a change would move, before anyone signs it."""
        if self._json:
            return print_json([by_name(move) for move in moves])
        if moves:
            columns = ("number", "what", "from", "is", "would-be")
            rows = [
                (m.number, day_named(m.what), str(m.from_on), str(m.was), str(m.now or worded("law.beyond")))
                for m in moves
            ]
            show_table(columns, rows)
        cases = len({move.number for move in moves})
        say(worded("law.would-change", n=len(moves), cases=cases, reached=reached))
        return None

    def carry_another(self, numbers: Sequence[str], clause: Clause, from_on: date) -> None:
        """Open cases that carry another value than the one of their own day, and what can be done."""
        if numbers and not self._json:
            say(
                worded(
                    "law.keep-another",
                    n=len(numbers),
                    numbers=_some(numbers),
                    clause=named(clause),
                    since=from_on,
                )
            )

    def carried(self, what: str, told: list[Told]) -> int:
        """Which open cases a change has reached. Returns: the exit code, 5 when one was not reached."""
        troubled = [case for case in told if case.trouble]
        if self._json:
            reached = [case.number for case in told if not case.trouble]
            print_json({"told": reached, "not_told": {case.number: case.trouble for case in troubled}})
        else:
            say(worded("law.told", what=what, n=len(told) - len(troubled)))
        for case in troubled:
            say(worded("law.not-told", number=case.number, why=case.trouble), file=sys.stderr)
        return 5 if troubled else 0

    def days_off(self, holidays: Sequence[tuple[str, date, str]], days: tuple[ClosingDay, ...]) -> None:
        """The public holidays, each with jurisdiction, day and name, and the agency's own closing days."""
        if self._json:
            named = [{"jurisdiction": of, "day": day, "name": name} for of, day, name in holidays]
            closed = [day.model_dump(mode="json") for day in days]
            return print_json({"holidays": named, "closing_days": closed})
        several = len({of for of, _, _ in holidays}) > 1
        named_days = [(f"{day:%a} {day}", name, of if several else "") for of, day, name in holidays]
        show_table(("day", "holiday", "jurisdiction"), named_days, title=worded("head.holidays"))
        rows = [
            (
                f"{day.day:%a} {day.day}",
                day.reason,
                worded("law.published" if day.counts else "law.published-late", on=day.published_on),
                worded("law.entered-by", by=day.by, entered_on=day.entered_on),
            )
            for day in days
        ]
        if not rows:
            return say(f"\n{worded('law.none-entered')}")
        columns = ("day", "reason", "published", "entered-by")
        return show_table(columns, rows, title=worded("head.closing-days"))


def _some(numbers: Sequence[str]) -> str:
    return f"{', '.join(numbers[:10])}{' …' if len(numbers) > 10 else ''}"


def _named(clause: Clause) -> dict[str, Any]:
    return {"book": clause.book, "clause": clause.id, "governs": clause.governs, "desk": clause.desk.value}


def _parts(clause: Clause) -> list[InForce | Gap]:
    return sorted((*clause.values, *clause.gaps), key=lambda part: part.from_on)


def _whole(clause: Clause, day: date) -> dict[str, Any]:
    """A clause for programs: what its article says in each language, and all its values and gaps."""
    says = {language.value: _says(clause, day, language) for language in Language}
    return {**_named(clause), "says": says, "values": [_part(part) for part in _parts(clause)]}


def _says(clause: Clause, day: date, language: Language) -> str:
    """What the article says, in our own words, with the value of that day; or that words are missing."""
    held = at(clause, day)
    try:
        return _wording(clause).says(clause.id, held.value if isinstance(held, InForce) else None, language)
    except LookupError as none:
        return str(none.args[0])


def _wording(clause: Clause) -> Wording:
    return wording_of(folders()[clause.book].procedures[0].code)


def _read_in(value: InForce) -> Iterator[str]:
    """Where its official text is, in which state of it it was read, and what is ours in it."""
    source = value.source
    if isinstance(source.instrument, Instrument) and source.instrument.address:
        yield source.instrument.address
    yield from filter(None, (source.remark, value.copy))
    if value.reading:
        yield worded("law.our-reading", reading=value.reading)
    if value.confirmed_text:
        yield worded("law.compared-with", text=value.confirmed_text)


def _problem(problem: Problem) -> dict[str, Any]:
    """What is to be settled, for programs; with where the text is, where a value waits to be confirmed."""
    told = {**vars(problem)}
    value = told.pop("value")
    return told | (_written(value) if value else {})


def _written(value: InForce) -> dict[str, Any]:
    """Where a value is written, and how true it is held to be."""
    source = value.source
    of_journal = source.instrument if isinstance(source.instrument, Instrument) else None
    return {
        "source": str(source),
        "article": source.article,
        "numbered": of_journal.numbered if of_journal else "",
        "number": of_journal.number if of_journal else "",
        "address": of_journal.address if of_journal else "",
        "copy": value.copy,
        "degree": value.degree.value,
        "reading": value.reading,
    }


def _part(part: InForce | Gap | None) -> dict[str, Any]:
    """A value or a gap for programs; the same keys for all three."""
    gap = part.remark if isinstance(part, Gap) else "" if part else worded("law.no-value-for-this-day")
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
            **_written(part),
            "remark": part.source.remark,
            "rules": part.rules.value if part.limits else None,
            "warnings": [str(warning) for warning in part.warnings],
            "receipt_of": part.receipt_of,
            "silence": part.silence.value,
            "transition": part.transition.value,
            "confirmed_by": part.confirmed_by,
            "confirmed_on": part.confirmed_on,
            "confirmed_text": part.confirmed_text,
            "shipped": part.shipped,
        }
    return shown


def _how(clause: Clause, value: InForce, language: Language) -> str:
    """How a period ends, who is warned before, and whom the value reaches."""
    told = []
    if value.limits:
        rules = _wording(clause).words_for("rules", value.rules.value, language)
        told.append(worded("law.ends-by", rules=rules))
    if value.warnings:
        told.append(worded("law.who-is-warned", warnings=value.warnings, desk=word(clause.desk.value)))
    if value.receipt_of:
        told.append(worded("law.starts-on-receipt", letter=value.receipt_of))
    if value.limits:
        told.append(worded("law.in-silence", silence=word(value.silence.value)))
    filed = "law.reaches-notices" if clause.id in BILLED_BY else "law.reaches-filed"
    reaches = {Transition.FILED: filed, Transition.RUNNING: "law.reaches-running"}
    return "; ".join([*told, worded(reaches[value.transition])])


def _cells(part: InForce | Gap | None) -> tuple[str, str, str, str, str]:
    """Value, since, until, article and degree of truth, as a table has them."""
    match part:
        case InForce():
            told = (
                worded("law.confirmed-by", by=part.confirmed_by, on=part.confirmed_on)
                if part.confirmed_by
                else word(part.degree.value)
            )
            value = (
                worded("law.announced-value", value=spoken(part.value))
                if part.announced
                else spoken(part.value)
            )
            return value, str(part.from_on), str(part.until_on or ""), str(part.source), told
        case Gap():
            return worded("law.gap", remark=part.remark), str(part.from_on), str(part.until_on or ""), "", ""
        case _:
            return worded("law.no-value-held"), "", "", "", ""
