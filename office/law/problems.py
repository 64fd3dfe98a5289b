"""What a person has to look at in the law as it is held here, and the command that settles it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.clock import anniversary
from models.errors import RulesOverlap
from models.law.clause import Applied, Clause, InForce, spoken, spoken_of
from models.law.degree import Degree
from models.messages import Message, named_word, worded
from office.law.agency import content_of, laid_over, parsed
from office.law.tables import at, confirming
from procedures.books import named


class ProblemKind(StrEnum):
    """What a person has to look at, in the order of urgency."""

    UNREADABLE = "cannot be read"
    UNKNOWN = "not known to this release"
    OVERLAPPING = "overlapping"
    UNSIGNED = "confirmed and signed by nobody"
    REWRITTEN = "changed by hand after it had applied"
    EXPIRED = "no value today"
    ANNOUNCED = "announced, and its first day has come"
    UNCONFIRMED = "not confirmed"
    OLD = "not looked at for a year"


@dataclass(frozen=True)
class Problem:
    """Something in the law as we hold it that a person has to settle, and the command that does.

    `value` is the one that nobody confirmed.
    """

    clause: str
    kind: ProblemKind
    sentence: str
    command: str
    book: str = ""
    value: InForce | None = None


def problems(
    path: Path,
    today: date,
    carried: Sequence[dict[str, Any]] = (),
    signed: Sequence[tuple[str, InForce]] = (),
) -> list[Problem]:
    """Everything that a person has to look at in the law as it is held here, the most urgent first.

    `carried` are the laws that cases carry: a confirmed value that reached one is never changed after it.
    `signed` are the values that people signed, each with its clause: no other one is confirmed.

    Raises: InputRefused when the file is no TOML at all.
    """
    found: list[Problem] = []
    written = parsed(path, content_of(path))
    for place, clause, wrong in written.wrong:
        kind = ProblemKind.UNKNOWN if wrong.unknown_clause else ProblemKind.UNREADABLE
        found.append(
            Problem(
                clause,
                kind,
                worded("lawfile.in-place", place=place, part=wrong.key, said=wrong.said),
                worded("lawfile.correct-by-hand", place=place, path=path),
            )
        )

    def overlapping(place: str, clause: str, overlap: RulesOverlap) -> None:
        found.append(
            Problem(
                clause.rpartition("/")[2],
                ProblemKind.OVERLAPPING,
                worded("lawfile.at-place", place=place, why=overlap.said),
                worded("lawfile.correct-by-hand", place=place, path=path),
                clause.rpartition("/")[0],
            )
        )

    for clause in laid_over(written, overlapping).clauses:
        found += _of(clause, today)
        found += _rewritten(clause, carried, path)
    for place, clause, value in written.values:
        if value.confirmed_by and (clause, value) not in signed:
            said = Message("lawfile.signed-by-nobody", place=place, by=value.confirmed_by)
            hand = worded("lawfile.correct-by-hand", place=place, path=path)
            book, _, bare = clause.rpartition("/")
            found.append(Problem(bare, ProblemKind.UNSIGNED, said.in_words(), hand, book))
    order = list(ProblemKind)
    return sorted(found, key=lambda problem: order.index(problem.kind))


def _of(clause: Clause, today: date) -> Iterator[Problem]:
    """What a person has to look at in one clause."""
    said = Message("law.clause", governs=clause.governs, clause=named(clause))
    match at(clause, today):
        case InForce(confirmed_on=None) as value:
            yield Problem(
                clause.id,
                ProblemKind.UNCONFIRMED,
                worded(
                    "lawfile.read-only" if value.copy else "lawfile.never-compared",
                    clause=said,
                    value=spoken(value.value),
                    from_on=value.from_on,
                    source=value.source,
                    degree=named_word(value.degree.value),
                    copy=value.copy,
                ),
                _settled_by(clause, value),
                clause.book,
                value,
            )
        case InForce(confirmed_on=date() as confirmed_on) as value:
            if anniversary(confirmed_on, 1) < today:
                yield Problem(
                    clause.id,
                    ProblemKind.OLD,
                    worded(
                        "lawfile.last-compared",
                        clause=said,
                        value=spoken(value.value),
                        on=confirmed_on,
                        by=value.confirmed_by,
                    ),
                    _settled_by(clause, value, today),
                    clause.book,
                )
        case None:
            yield Problem(
                clause.id,
                ProblemKind.EXPIRED,
                worded("lawfile.no-value", clause=said, today=today),
                _settled_by(clause),
                clause.book,
            )
        case gap:
            yield Problem(
                clause.id,
                ProblemKind.EXPIRED,
                worded("lawfile.gap", clause=said, since=gap.from_on, remark=gap.remark),
                _settled_by(clause),
                clause.book,
            )
    for value in clause.values:
        settled = any(v.from_on >= value.from_on and not (v.announced or v.shipped) for v in clause.values)
        if value.announced and value.from_on <= today and not settled:
            yield Problem(
                clause.id,
                ProblemKind.ANNOUNCED,
                worded(
                    "lawfile.announced",
                    clause=said,
                    value=spoken(value.value),
                    since=value.from_on,
                    source=value.source,
                ),
                _settled_by(clause, value),
                clause.book,
            )


def _rewritten(clause: Clause, carried: Sequence[dict[str, Any]], path: Path) -> Iterator[Problem]:
    """Values of the agency that cases carry otherwise than they stand in its file now."""
    reached = [
        Applied.model_validate(law["clauses"][clause.id])
        for law in carried
        if law["book"] == clause.book and clause.id in law["clauses"]
    ]
    says = {one.from_on: clause.apply(one) for one in clause.values if not one.announced}
    differing = {
        (one.from_on, one.limits, one.cents, one.text): one
        for one in reached
        if one.degree is Degree.CONFIRMED
        and (now := says.get(one.from_on))
        and (one.limits, one.cents, one.text) != (now.limits, now.cents, now.text)
    }
    for one in differing.values():
        stands = spoken_of(says[one.from_on])
        yield Problem(
            clause.id,
            ProblemKind.REWRITTEN,
            worded(
                "lawfile.cases-carry-another",
                clause=Message("law.clause", governs=clause.governs, clause=named(clause)),
                stands=stands,
                since=one.from_on,
                carried=spoken_of(one),
            ),
            worded("lawfile.write-again", value=spoken_of(one), path=path),
            clause.book,
        )


def _settled_by(clause: Clause, value: InForce | None = None, from_on: date | None = None) -> str:
    return f"umn {confirming(clause, value, from_on)}"
