"""A clause: one thing the law fixes, its values in time, where each is written, and who checked it.

Values are append-only. Two values of a clause never overlap. A day on which the text could not be
found is a named gap. A value that no person has compared with the text is *not verified*, and
whatever rests on it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from models.clock import Limit, Unit
from models.errors import NoRuleInForce, UnknownClause

ROYAL_DECREE_2006 = "Royal Decree of 14 December 2006 (numac 2006023298)"
FAMHP_ACT_2006 = "Act of 20 July 2006 on the FAMHP (numac 2006022888)"
MEDICINES_ACT_1964 = "Medicines Act of 25 March 1964"


@dataclass(frozen=True)
class Source:
    """Where a value is written: the instrument, the article, and how we came to it."""

    instrument: str
    article: str
    remark: str = ""


@dataclass(frozen=True)
class InForce:
    """One value of a clause from its first day, until the next value or `until_on` (included)."""

    value: Limit | tuple[Limit, ...] | int
    from_on: date
    source: Source
    until_on: date | None = None
    verified_on: date | None = None
    verified_by: str | None = None


@dataclass(frozen=True)
class Gap:
    """Days for which the value is known to exist but was not found."""

    from_on: date
    until_on: date | None
    remark: str


class Applied(BaseModel):
    """A clause as it applies to one file: the value, its article, and whether it is verified."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str
    limits: tuple[Limit, ...] = ()
    cents: int | None = None
    article: str
    from_on: date
    verified: bool


@dataclass(frozen=True)
class Clause:
    """One thing the law fixes. `governs` is a phrase that people read in lists and letters."""

    id: str
    governs: str
    values: tuple[InForce, ...]
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        for earlier, later in zip(self.values, self.values[1:], strict=False):
            if earlier.until_on is None or not earlier.until_on < later.from_on:
                raise ValueError(f"two values of {self.id} overlap on {later.from_on}")

    def on(self, day: date) -> InForce:
        """The one value in force on a day.

        Raises: NoRuleInForce, naming the gap when the day lies in one.
        """
        for value in self.values:
            if value.from_on <= day and (value.until_on is None or day <= value.until_on):
                return value
        for gap in self.gaps:
            if gap.from_on <= day and (gap.until_on is None or day <= gap.until_on):
                raise NoRuleInForce(f"{self.governs} ({self.id}) on {day}: {gap.remark}")
        raise NoRuleInForce(f"{self.governs} ({self.id}) has no value in force on {day}.")

    def applied_on(self, day: date) -> Applied:
        """The clause as it applies to a file of that day."""
        found = self.on(day)
        value = found.value
        return Applied(
            clause=self.id,
            limits=(value,) if isinstance(value, Limit) else value if isinstance(value, tuple) else (),
            cents=value if isinstance(value, int) else None,
            article=f"{found.source.instrument}, {found.source.article}",
            from_on=found.from_on,
            verified=found.verified_on is not None,
        )


def calendar_days(amount: int) -> Limit:
    """A limit in calendar days."""
    return Limit(amount=amount, unit=Unit.CALENDAR_DAYS)


def working_days(amount: int) -> Limit:
    """A limit in working days."""
    return Limit(amount=amount, unit=Unit.WORKING_DAYS)


def months(amount: int) -> Limit:
    """A limit in months."""
    return Limit(amount=amount, unit=Unit.MONTHS)


def find(clauses: tuple[Clause, ...], clause: str) -> Clause:
    """The clause of that id.

    Raises: UnknownClause.
    """
    for candidate in clauses:
        if candidate.id == clause:
            return candidate
    raise UnknownClause(f"No clause is called {clause!r}.", tuple(c.id for c in clauses))
