"""A clause: one thing the law fixes, its values in time, where each is written, and who checked it.

Values are append-only. On every day since the first a clause has exactly one value, or a named gap:
the text is known to exist but was not found. A value that no person has compared with the text is
*not verified*, and whatever rests on it says so. An announced value is not law yet and never applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from models.clock import Clock, Limit, Rules, Unit
from models.errors import NoRuleInForce, RulesOverlap
from models.parties import Role

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Instrument:
    """A legal text, with its number in the official journal (numac)."""

    name: str
    numac: str

    def __str__(self) -> str:
        return f"{self.name} (numac {self.numac})"


ROYAL_DECREE_2006 = Instrument("Royal Decree of 14 December 2006", "2006023298")
FAMHP_ACT_2006 = Instrument("Act of 20 July 2006 on the FAMHP", "2006022888")
MEDICINES_ACT_1964 = Instrument("Medicines Act of 25 March 1964", "1964032508")
COUNCIL_OF_STATE_ACTS_1973 = Instrument(
    "Coordinated Acts on the Council of State of 12 January 1973", "1973011250"
)


@dataclass(frozen=True)
class Source:
    """Where a value is written: the instrument, the article, and how we came to it.

    `instrument` is plain text where the agency named the source itself.
    """

    instrument: Instrument | str
    article: str = ""
    remark: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (str(self.instrument), self.article)))


class Transition(StrEnum):
    """Whom a new value reaches.

    `filed`: dossiers received from its first day, and programmes from the first authorisation year that
    begins on it or later. `running`: also clocks that run on its first day.
    """

    FILED = "filed"
    RUNNING = "running"


Value = Limit | tuple[Limit, ...] | int | str
"""A limit, a ladder of limits, an amount in cents, or a condition or power in words."""


@dataclass(frozen=True)
class InForce:
    """One value of a clause from its first day, until the next value or `until_on` (included).

    `rules` say how a period ends; `warnings` are counted back from its last day; `receipt_of` is the letter
    on whose receipt it starts, where it does. `shipped` tells the values of this release from those that
    the agency entered.
    """

    value: Value
    from_on: date
    source: Source
    until_on: date | None = None
    announced: bool = False
    transition: Transition = Transition.FILED
    rules: Rules = Rules.BELGIAN
    warnings: tuple[Limit, ...] = ()
    receipt_of: str = ""
    verified_on: date | None = None
    verified_by: str | None = None
    shipped: bool = True

    @property
    def verified(self) -> bool:
        """Whether a person has compared the value with the text."""
        return self.verified_on is not None

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The period or ladder; nothing for amounts, conditions and powers."""
        match self.value:
            case Limit():
                return (self.value,)
            case tuple():
                return self.value
            case _:
                return ()


@dataclass(frozen=True)
class Gap:
    """Days for which the value is known to exist but was not found."""

    from_on: date
    until_on: date | None
    remark: str


Part = TypeVar("Part", InForce, Gap)


class Applied(BaseModel):
    """A clause as it applies to one file: the value, its article, and whether it is verified."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str
    limits: tuple[Limit, ...] = ()
    cents: int | None = None
    text: str = ""
    article: str
    from_on: date
    verified: bool
    rules: Rules = Rules.BELGIAN
    warnings: tuple[Limit, ...] = ()
    receipt_of: str = ""
    desk: Role = Role.DESK

    def clock(self, started_on: date) -> Clock:
        """A clock of this clause, started."""
        return Clock(
            clause=self.clause,
            article=self.article,
            from_on=self.from_on,
            verified=self.verified,
            limit=self.limits[0],
            rules=self.rules,
            started_on=started_on,
        )


@dataclass(frozen=True)
class Clause:
    """One thing the law fixes.

    `governs` is a phrase that people read in lists and letters; `desk` is whose turn it is while the
    limit runs, and who is warned before it ends. `units` are those that the procedure can count it in,
    `choices` the only words that it can say, where they are a choice.
    """

    id: str
    governs: str
    values: tuple[InForce, ...]
    gaps: tuple[Gap, ...] = ()
    desk: Role = Role.DESK
    units: tuple[Unit, ...] = tuple(Unit)
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        last: InForce | Gap | None = None
        part: InForce | Gap
        for part in self._parts():
            if last is not None:
                if last.until_on is None or last.until_on >= part.from_on:
                    raise RulesOverlap(f"Two values of {self.id} overlap on {part.from_on}.")
                if last.until_on + _ONE_DAY < part.from_on:
                    raise NoRuleInForce(
                        f"{self.id} has neither a value nor a named gap on {last.until_on + _ONE_DAY}."
                    )
            last = part
        if last is not None and last.until_on is not None:
            raise NoRuleInForce(f"{self.id} has neither a value nor a named gap after {last.until_on}.")

    def _parts(self) -> list[InForce | Gap]:
        """Values in force and gaps, in the order of their days."""
        parts: list[InForce | Gap] = [value for value in self.values if not value.announced]
        return sorted([*parts, *self.gaps], key=lambda part: part.from_on)

    def on(self, day: date) -> InForce:
        """The one value in force on a day.

        Raises: NoRuleInForce, naming the gap when the day lies in one.
        """
        for part in self._parts():
            if part.from_on <= day and (part.until_on is None or day <= part.until_on):
                if isinstance(part, InForce):
                    return part
                raise NoRuleInForce(f"{self.governs} ({self.id}) on {day}: {part.remark}")
        raise NoRuleInForce(f"{self.governs} ({self.id}) has no value in force on {day}.")

    def applied_on(self, day: date) -> Applied:
        """The clause as it applies to a file of that day. Raises: NoRuleInForce."""
        return self.apply(self.on(day))

    def apply(self, value: InForce) -> Applied:
        """One of its values, as a file carries it."""
        return Applied(
            clause=self.id,
            limits=value.limits,
            cents=value.value if isinstance(value.value, int) else None,
            text=value.value if isinstance(value.value, str) else "",
            article=str(value.source),
            from_on=value.from_on,
            verified=value.verified,
            rules=value.rules,
            warnings=value.warnings,
            receipt_of=value.receipt_of,
            desk=self.desk,
        )

    def confirmed(self, value: InForce) -> Clause:
        """The clause with a value that the agency entered.

        It takes the place of what this release ships, on its own days; a value of the agency that is
        in force without an end ends on the day before. A gap keeps the days that are left of it.

        Raises: RulesOverlap when another value of the agency already stands on one of its days.
        """
        if value.announced:
            return replace(self, values=(*self.values, value))
        kept: list[InForce] = [known for known in self.values if known.announced]
        for known in (known for known in self.values if not known.announced):
            meets = value.until_on is None or known.from_on <= value.until_on
            meets = meets and (known.until_on is None or known.until_on >= value.from_on)
            gives_way = known.until_on is None and known.from_on < value.from_on
            if meets and not known.shipped and not gives_way:
                until = f" until {known.until_on}" if known.until_on else ""
                raise RulesOverlap(
                    f"{self.governs} ({self.id}) has a value of the agency from {known.from_on}{until}"
                    f": {spoken(known.value)}, entered by {known.verified_by}. A value that stood is not "
                    "rewritten: give other days by --from and --until."
                )
            left = list(_without(known, value))
            kept += left if known.shipped else left[:1]  # what the agency ended does not come back
        gaps = [left for gap in self.gaps for left in _without(gap, value)]
        parts: list[InForce | Gap] = [*(known for known in kept if not known.announced), *gaps]
        if value.until_on and not any(
            part.from_on <= value.until_on + _ONE_DAY
            and (part.until_on is None or part.until_on > value.until_on)
            for part in parts
        ):
            later = [part.from_on for part in parts if part.from_on > value.until_on]
            ends = min(later) - _ONE_DAY if later else None
            gaps.append(Gap(value.until_on + _ONE_DAY, ends, f"no value was entered after {value.until_on}"))
        return replace(
            self,
            values=tuple(sorted([*kept, value], key=lambda known: known.from_on)),
            gaps=tuple(sorted(gaps, key=lambda gap: gap.from_on)),
        )


def _without(part: Part, value: InForce) -> Iterator[Part]:
    """What is left of a value or a gap before and after the days of another value."""
    if part.from_on < value.from_on:
        before = value.from_on - _ONE_DAY
        yield replace(part, until_on=before if part.until_on is None else min(part.until_on, before))
    if value.until_on and (part.until_on is None or part.until_on > value.until_on):
        yield replace(part, from_on=max(part.from_on, value.until_on + _ONE_DAY))


def spoken(value: Value) -> str:
    """A value in words: "30 calendar days", "90, 60, 30, 0 calendar days", "4550.79 euro"."""
    match value:
        case Limit() | str():
            return str(value)
        case int():
            return f"{value / 100:.2f} euro"
        case _:
            return f"{', '.join(str(limit.amount) for limit in value)} {str(value[0]).split(' ', 1)[1]}"


def spoken_of(applied: Applied) -> str:
    """The value that a file carries, in the same words."""
    if applied.text or applied.cents is not None:
        return spoken(applied.text or applied.cents or 0)
    return spoken(applied.limits if len(applied.limits) > 1 else applied.limits[0])


def calendar_days(amount: int) -> Limit:
    """A limit in calendar days."""
    return Limit(amount=amount, unit=Unit.CALENDAR_DAYS)


def working_days(amount: int) -> Limit:
    """A limit in working days."""
    return Limit(amount=amount, unit=Unit.WORKING_DAYS)


def months(amount: int) -> Limit:
    """A limit in months."""
    return Limit(amount=amount, unit=Unit.MONTHS)
