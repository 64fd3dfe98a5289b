"""A clause: one thing the law fixes, its values in time, where each is written, and who confirmed it.

Values are append-only. On every day since the first a clause has exactly one value, or a named gap:
the text is known to exist but was not found. Each value has its degree of truth (models/law/degree.py), and
whatever rests on one that is not confirmed says so. An announced value is not law yet and never applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from models.clock import Clock, Limit, Rules, SecondReading, Unit
from models.errors import NoRuleInForce, RulesOverlap
from models.law.beside import Beside
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.messages import Message
from models.parties import Role
from models.travelling import Travelling

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Instrument:
    """A legal text, with the number under which it is published and the address of its official text.

    `numbered` says which numbers these are. `copy` is the state of the copy of it that was read, where one
    was.
    """

    name: str
    number: str
    address: str = ""
    copy: str = ""
    numbered: str = "numac"

    def __str__(self) -> str:
        return f"{self.name} ({self.numbered} {self.number})"


@dataclass(frozen=True)
class Source:
    """Where a value is written: the instrument, the article, and how we came to it.

    `instrument` is plain text where the agency named the source itself; `copy` is the state of the copy that
    was read, where that is another one than the instrument names.
    """

    instrument: Instrument | str
    article: str = ""
    remark: str = ""
    copy: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (str(self.instrument), self.article)))


class Transition(StrEnum):
    """Whom a new value reaches.

    `filed`: dossiers received from its first day, and programmes from the first authorisation year that
    begins on it or later; of what a notice of payment rests on, every notice from that day. `running`: also
    clocks that run on its first day.
    """

    FILED = "filed"
    RUNNING = "running"


Value = Limit | tuple[Limit, ...] | int | str
"""A limit, a ladder of limits, an amount in cents, or a condition or power in words."""


@dataclass(frozen=True)
class InForce:
    """One value of a clause from its first day, until the next value or `until_on` (included).

    `rules` say how a period ends; `warnings` are counted back from its last day; `receipt_of` is the letter
    on whose receipt it starts, where it does, `sending_of` the one on whose sending. `silence` is what it
    means that it passes. `beside` says what begins and ends a limit that no phase waits for.
    Where the words allow two readings, `says` is the first one in words, and `second` the other.
    `degree` is what this release holds it to be; once a person signed, it is confirmed: who, when, and which
    text was compared. `reading` says what is ours in it, where the text is silent or its words allow two.
    `shipped` tells the values of this release from those that the agency entered.
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
    sending_of: str = ""
    silence: SilencePolicy = SilencePolicy.FLAG
    beside: Beside | None = None
    says: str = ""
    second: SecondReading | None = None
    degree: Degree = Degree.ASSUMED
    reading: str = ""
    confirmed_on: date | None = None
    confirmed_by: str | None = None
    confirmed_text: str = ""
    shipped: bool = True

    def __post_init__(self) -> None:
        if self.confirmed_on is not None:
            object.__setattr__(self, "degree", Degree.CONFIRMED)

    @property
    def copy(self) -> str:
        """The state of the copy that was read; nothing where none was."""
        of_all = self.source.instrument.copy if isinstance(self.source.instrument, Instrument) else ""
        return "" if self.degree is Degree.ASSUMED else self.source.copy or of_all

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


class Applied(Travelling, frozen=True):
    """A clause as it applies to one file: the value, its article, and its degree of truth.

    `chosen`: what it says in words is one of its choices, so that the words decide. `recurs`: it comes again
    and again, and changes from one authorisation year to the next, never within one.
    """

    clause: str
    governs: str = ""
    limits: tuple[Limit, ...] = ()
    cents: int | None = None
    text: str = ""
    article: str = ""
    from_on: date
    degree: Degree = Degree.ASSUMED
    reading: str = ""
    rules: Rules = Rules.BELGIAN
    warnings: tuple[Limit, ...] = ()
    receipt_of: str = ""
    sending_of: str = ""
    silence: SilencePolicy = SilencePolicy.FLAG
    beside: Beside | None = None
    says: str = ""
    second: SecondReading | None = None
    desk: Role = Role.DESK
    chosen: bool = False
    recurs: bool = False

    def brief(self) -> Applied:
        """The clause as a case carries it: what counts and decides, without the words that only tell."""
        text, second = self.text if self.chosen else "", self.second.brief() if self.second else None
        return self.model_copy(
            update={"governs": "", "article": "", "reading": "", "says": "", "text": text, "second": second}
        )

    def clock(self, started_on: date, law: str = "") -> Clock:
        """A clock of this clause, started; `law` is the hash of the law that it stands in."""
        return Clock(
            clause=self.clause,
            law=law,
            from_on=self.from_on,
            degree=self.degree,
            second=self.second.brief() if self.second else None,
            limit=self.limits[0],
            rules=self.rules,
            started_on=started_on,
        )


@dataclass(frozen=True)
class Clause:
    """One thing the law fixes.

    `governs` is a phrase that people read in lists and letters; `desk` is whose turn it is while the
    limit runs, and who is warned before it ends. `units` are those that the procedure can count it in,
    `choices` the only words that it can say, where they are a choice. `recurs`: it comes again and again.
    `book` is the name of the law book that it stands in.
    """

    id: str
    governs: str
    values: tuple[InForce, ...]
    gaps: tuple[Gap, ...] = ()
    desk: Role = Role.DESK
    units: tuple[Unit, ...] = tuple(Unit)
    choices: tuple[str, ...] = ()
    recurs: bool = False
    book: str = ""

    @property
    def qualified(self) -> str:
        """Its id with the name of its book, as no other clause has it: `be_umn/decision`."""
        return f"{self.book}/{self.id}" if self.book else self.id

    def __post_init__(self) -> None:
        last: InForce | Gap | None = None
        part: InForce | Gap
        for part in self._parts():
            if last is not None:
                if last.until_on is None or last.until_on >= part.from_on:
                    raise RulesOverlap("law.overlap", clause=self.id, on=part.from_on)
                if last.until_on + _ONE_DAY < part.from_on:
                    raise NoRuleInForce(
                        "law.neither-value-nor-gap", clause=self.id, on=last.until_on + _ONE_DAY
                    )
            last = part
        if last is not None and last.until_on is not None:
            raise NoRuleInForce("law.no-value-at-the-end", clause=self.id, after=last.until_on)

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
                raise NoRuleInForce(
                    "law.in-a-gap", governs=self.governs, clause=self.id, day=day, remark=part.remark
                )
        raise NoRuleInForce("law.no-value", governs=self.governs, clause=self.id, day=day)

    def read_from(self, day: date) -> Clause:
        """The clause where the text of its first value applies since a day: before it the same is assumed."""
        first, *others = self.values
        source = replace(first.source, remark=f"the article applies since {day}: the same is assumed before")
        before = replace(first, degree=Degree.ASSUMED, reading="", source=source, until_on=day - _ONE_DAY)
        return replace(self, values=(before, replace(first, from_on=day), *others))

    def applied_on(self, day: date) -> Applied:
        """The clause as it applies to a file of that day. Raises: NoRuleInForce."""
        return self.apply(self.on(day))

    def apply(self, value: InForce) -> Applied:
        """One of its values, as a file carries it."""
        return Applied(
            clause=self.id,
            governs=self.governs,
            limits=value.limits,
            cents=value.value if isinstance(value.value, int) else None,
            text=value.value if isinstance(value.value, str) else "",
            article=str(value.source),
            from_on=value.from_on,
            degree=value.degree,
            reading=value.reading,
            rules=value.rules,
            warnings=value.warnings,
            receipt_of=value.receipt_of,
            sending_of=value.sending_of,
            silence=value.silence,
            beside=value.beside,
            says=value.says,
            second=value.second,
            desk=self.desk,
            chosen=bool(self.choices),
            recurs=self.recurs,
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
                raise RulesOverlap(
                    "law.stood-until" if known.until_on else "law.stands",
                    governs=self.governs,
                    clause=self.id,
                    since=known.from_on,
                    value=spoken(known.value),
                    by=known.confirmed_by,
                    until=known.until_on,
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
        case Limit() if value.at_once:
            return str(Message("limit.at-once"))
        case Limit() | str():
            return str(value)
        case int():
            return f"{value / 100:.2f} euro"
        case _:
            *before, last = value
            return ", ".join([*(str(limit.amount) for limit in before), str(last)])


def spoken_of(applied: Applied) -> str:
    """The value that a file carries, in the same words."""
    if applied.text or applied.cents is not None:
        return spoken(applied.text or applied.cents or 0)
    return spoken(applied.limits if len(applied.limits) > 1 else applied.limits[0])


def hours(amount: int) -> Limit:
    """A limit in hours."""
    return Limit(amount=amount, unit=Unit.HOURS)


def calendar_days(amount: int) -> Limit:
    """A limit in calendar days."""
    return Limit(amount=amount, unit=Unit.CALENDAR_DAYS)


def working_days(amount: int) -> Limit:
    """A limit in working days."""
    return Limit(amount=amount, unit=Unit.WORKING_DAYS)


def weeks(amount: int) -> Limit:
    """A limit in weeks."""
    return Limit(amount=amount, unit=Unit.WEEKS)


def months(amount: int) -> Limit:
    """A limit in months."""
    return Limit(amount=amount, unit=Unit.MONTHS)


def years(amount: int) -> Limit:
    """A limit in years."""
    return Limit(amount=amount, unit=Unit.YEARS)
