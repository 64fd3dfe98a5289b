"""One table of the agency's law file: read with everything that is wrong with it, and written."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from models.acts import reaches_running
from models.clock import ClosingDay, Limit, Rules, Unit
from models.errors import InputRefused, LawSilent, Malformed, UnknownClause
from models.law.clause import Clause, Gap, InForce, Source, Transition, Value
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.messages import Message
from models.signs import line, name
from procedures.books import laws_with, named, shipped, tried_in
from procedures.registry import book_of, folders
from procedures.registry import shipped as release

EURO, TEXT = "euro", "text"
"""What else a value can be written in, beside the units of a limit."""

_FIRST, _LAST = date(1900, 1, 1), date(2120, 12, 31)
_DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
_NO_AMOUNT = 10**12
_LONGEST = {"value": 2000, "by": 120, "reason": 300}

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Wrong:
    """What cannot stand in a table: the key, and why."""

    key: str
    said: Message
    unknown_clause: bool = False

    def of(self, place: str) -> Message:
        """The sentence, with what stands before the key."""
        return Message("lawfile.wrong", place=place, part=self.key, said=self.said)


class Table:
    """A table of the file: hands its keys out one by one, and remembers what is wrong with them."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self._keys = dict(keys)
        self.wrong: list[Wrong] = []

    def value(self) -> tuple[str, InForce] | None:
        """The clause and its value; nothing when something is wrong."""
        named = self._text("clause")
        clause = self._clause(named)
        written, unit = self._taken("value", True), self._text("unit")
        source = Source(self._text("source"), self._text("article", False), self._text("remark", False))
        from_on, until_on = self._day("from"), self._day("until", False)
        rules, warnings = self._word("rules", Rules), self._warnings()
        silence = self._word("silence", SilencePolicy)
        transition = self._word("transition", Transition) or Transition.FILED
        announced = self._taken("announced")
        by, confirmed_on, compared = self._text("by"), self._day("confirmed_on"), self._text("text")
        self._nothing_left()
        if announced not in (None, True, False):
            self._refuse("announced", "lawfile.neither-true-nor-false")
        if from_on and until_on and until_on < from_on:
            self._refuse("until", "lawfile.before-first-day", until=until_on, since=from_on)
        if clause is None or not unit or written is None or from_on is None:
            return None
        value = self._fitting(clause, written, unit)
        if warnings and value is not None and not isinstance(value, Limit):
            self._refuse("warnings", "lawfile.no-warning-fits", clause=clause.id)
        if rules and isinstance(value, int | str):
            self._refuse("rules", "lawfile.no-period", clause=clause.id)
        shipped = _shipped(clause, from_on)
        if warnings and not shipped.warnings:
            self._refuse("warnings", "lawfile.no-desk", clause=clause.id)
        if rules and shipped.rules is Rules.PLAIN:
            self._refuse("rules", "lawfile.days-never-moved", clause=clause.id)
        if self.wrong or value is None:
            return None
        entered = InForce(
            value=value,
            from_on=from_on,
            source=source,
            until_on=until_on,
            announced=bool(announced),
            transition=transition,
            rules=rules or shipped.rules,
            receipt_of=shipped.receipt_of,
            silence=silence or shipped.silence,
            beside=shipped.beside,
            says=shipped.says,
            second=shipped.second,
            warnings=shipped.warnings if warnings is None else warnings,
            reading=shipped.reading,
            confirmed_on=confirmed_on,
            confirmed_by=by,
            confirmed_text=compared,
            shipped=False,
        )
        self._countable(clause, entered)
        return None if self.wrong else (clause.qualified, entered)

    @property
    def options(self) -> list[Message]:
        """What is wrong, each by the option that was typed."""
        return [wrong.of("--") for wrong in self.wrong]

    def _countable(self, clause: Clause, entered: InForce) -> None:
        """A value that a case could not follow would stop it for good; it is refused here."""
        applied = clause.apply(entered)
        if entered.transition is Transition.RUNNING and not reaches_running(applied):
            self._refuse("transition", "lawfile.by-their-own-date", clause=clause.id)
        first = max(entered.from_on.year, clause.values[0].from_on.year + 1)
        since = [one.values[0].from_on.year for one in shipped().books[clause.book].clauses if one.values]
        for year in range(first, max(first, *since) + 1):  # a clause may be older than the law of its book
            try:
                day, law = tried_in(clause, entered.from_on.replace(year=year, day=1))
                law.trying(applied).countable(clause.id, day)
                break
            except LawSilent as silent:
                why = silent.said
        else:
            self._refuse("value", "lawfile.not-countable", why=why)
            return
        tried = [law.trying(applied) for law in laws_with(clause, day)]
        try:
            for law in tried:
                law.set_in_days(clause.id)
        except LawSilent as silent:
            self._refuse("value", "lawfile.not-countable", why=silent.said)
            return
        try:
            for law in tried:
                law.can_be_silent(clause.id)
        except LawSilent as silent:
            self._refuse("silence", "lawfile.no-silence-fits", why=silent.said)

    def closing_day(self) -> tuple[str, ClosingDay] | None:
        """The closing day with the law book that it is of; nothing when something is wrong.

        Without a book it is of that of this release, where one has some: so it was meant before others came.
        """
        own = [name for name in release() if folders()[name].closing_days]
        book = self._text("book", False) or (own[0] if len(own) == 1 else "")
        try:
            book = book_of(book)
        except UnknownClause as unknown:
            self.wrong.append(Wrong("book", unknown.said))
        day, entered_on, published_on = (self._day(key) for key in ("day", "entered_on", "published_on"))
        reason, by = self._text("reason"), self._text("by")
        self._nothing_left()
        if self.wrong or day is None or entered_on is None or published_on is None:
            return None
        return book, ClosingDay(
            day=day, reason=reason, by=by, entered_on=entered_on, published_on=published_on
        )

    def _clause(self, named: str) -> Clause | None:
        try:
            return shipped().written(named) if named else None
        except UnknownClause as unknown:
            self.wrong.append(
                Wrong("clause", Message("lawfile.unknown-clause", why=unknown.said), unknown_clause=True)
            )
            return None

    def _fitting(self, clause: Clause, written: Any, unit: str) -> Value | None:
        """The value as the clause has it: a limit, a ladder, an amount or words."""
        shape = clause.values[0].value
        fits = {EURO} if isinstance(shape, int) else {TEXT} if isinstance(shape, str) else {*clause.units}
        if unit not in fits:
            return self._refuse(
                "unit",
                "lawfile.other-units",
                unit=unit,
                clause=clause.id,
                governs=clause.governs,
                known=sorted(fits),
            )
        if isinstance(shape, int):
            return self._cents(written)
        if isinstance(shape, str):
            said = self._printable("value", written) or None
            if said and clause.choices and said not in clause.choices:
                return self._refuse(
                    "value", "lawfile.no-such-choice", said=said, clause=clause.id, choices=clause.choices
                )
            return said
        amounts = written if isinstance(written, list) else [written]
        if not all(type(amount) is int and 0 <= amount <= 100_000 for amount in amounts):
            return self._refuse("value", "lawfile.no-whole-number", written=written)
        steps = tuple(Limit(amount=amount, unit=Unit(unit)) for amount in amounts)
        if isinstance(shape, Limit):
            return steps[0] if len(steps) == 1 else self._refuse("value", "lawfile.has-one", written=written)
        falling = shape[0].amount > shape[-1].amount
        if not steps or amounts != sorted(set(amounts), reverse=falling):
            example = ",".join(str(limit.amount) for limit in shape)
            return self._refuse("value", "lawfile.steps-in-order", written=written, example=example)
        return steps

    def _cents(self, written: Any) -> int | None:
        try:
            cents = Decimal(written) * 100 if isinstance(written, str) else Decimal("NaN")
            if cents.is_finite() and cents == cents.to_integral_value() and 0 < cents < _NO_AMOUNT:
                return int(cents)
        except ArithmeticError:
            pass  # also what is no number at all: InvalidOperation is one
        return self._refuse("value", "lawfile.no-amount", written=written)

    def _warnings(self) -> tuple[Limit, ...] | None:
        written = self._taken("warnings")
        if written is None:
            return None
        warnings = []
        for one in written if isinstance(written, list) else [written]:
            try:
                warnings.append(Limit.parse(one if isinstance(one, str) else repr(one)))
            except InputRefused as refused:
                self._refuse("warnings", "lawfile.cannot-be-read", why=refused.said)
            else:
                if warnings[-1].unit not in _DAYS:
                    self._refuse("warnings", "lawfile.warning-in-days", one=one)
        return tuple(warnings)

    def _taken(self, key: str, required: bool = False) -> Any:
        found = self._keys.pop(key, None)
        if found is None and required:
            self._refuse(key, "lawfile.missing")
        return found

    def _text(self, key: str, required: bool = True) -> str:
        found = self._taken(key, required)
        return "" if found is None else self._printable(key, found, required)

    def _printable(self, key: str, found: Any, required: bool = True) -> str:
        if not isinstance(found, str):
            self._refuse(key, "lawfile.not-text", found=found)
            return ""
        text, longest = _one_line(found), _LONGEST.get(key, 500)
        if len(text) > longest:
            self._refuse(key, "lawfile.too-long", n=len(text), most=longest)
        elif required and not text:
            self._refuse(key, "lawfile.empty")
        elif text:
            try:
                return name(text) if key == "by" else line(text)
            except Malformed as wrong:
                self._refuse(key, "lawfile.flaw", why=wrong.said)
        return text

    def _day(self, key: str, required: bool = True) -> date | None:
        found = self._taken(key, required)
        if found is None:
            return None
        if not isinstance(found, date) or isinstance(found, datetime):
            return self._refuse(key, "lawfile.no-day", found=str(found)[:40])
        if not _FIRST <= found <= _LAST:
            return self._refuse(key, "lawfile.beyond-days", found=found, first=_FIRST, last=_LAST)
        return found

    def _word(self, key: str, words: type[Word]) -> Word | None:
        found = self._taken(key)
        if found is None:
            return None
        if found not in [word.value for word in words]:
            return self._refuse(key, "lawfile.not-one-of", found=found, known=[word.value for word in words])
        return words(found)

    def _nothing_left(self) -> None:
        for key in self._keys:
            self._refuse(key, "lawfile.not-known")

    def _refuse(self, key: str, said: str, /, **facts: Any) -> Any:
        self.wrong.append(Wrong(key, Message(said, **facts)))
        return None


def table_of(name: str, keys: dict[str, Any], comment: str) -> str:
    """A table as it is appended to the file, with a line above it for people."""
    said = [f"{key} = {_toml(value)}" for key, value in keys.items() if value is not None and value != ""]
    return "\n".join(["", f"# {_one_line(comment)}", f"[[{name}]]", *said, ""])


def typed(value: str, unit: str) -> int | list[int] | str:
    """A value as people type it, such as 30, or 90,60,30,0 for a ladder, as the file holds it."""
    if unit not in {*Unit}:
        return value
    amounts = [amount.strip() for amount in value.split(",")]
    if not all(amount.isascii() and amount.isdecimal() for amount in amounts):
        raise InputRefused("lawfile.no-value-and-ladder", value=value)
    numbers = [int(amount[:9]) for amount in amounts]
    return numbers[0] if len(numbers) == 1 else numbers


def tried(
    clause: Clause,
    from_on: date,
    value: str | None,
    unit: str | None,
    rules: str | None,
    transition: str | None,
    warnings: list[str] | None = None,
) -> InForce:
    """A value to be tried before anyone signs it; the one that is held for that day when none is typed.

    Raises: InputRefused naming every option that cannot stand; NoRuleInForce.
    """
    if value is None:
        announced = [known for known in clause.values if known.announced and known.from_on == from_on]
        held = announced[0] if announced else clause.on(from_on)
        if warnings is not None:
            held = replace(held, warnings=tuple(Limit.parse(each) for each in warnings))
        return replace(held, transition=Transition(transition) if transition else held.transition)
    if unit is None:
        raise InputRefused("lawfile.no-unit", value=value)
    keys = {
        "clause": clause.qualified,
        "value": typed(value, unit),
        "unit": unit,
        "source": str(Message("lawfile.not-signed")),
    }
    keys |= {
        "from": from_on,
        "by": "nobody",
        "text": str(Message("lawfile.not-signed")),
        "confirmed_on": from_on,
        "rules": rules,
        "transition": transition,
        "warnings": warnings,
    }
    table = Table({key: given for key, given in keys.items() if given is not None})
    entered = table.value()
    if entered is None:
        raise InputRefused("lawfile.cannot-stand", problems=table.options)
    return entered[1]


def written(value: Value) -> tuple[str, str]:
    """Value and unit of a value as people type them."""
    match value:
        case Limit():
            return str(value.amount), value.unit.value
        case tuple():
            return ",".join(str(limit.amount) for limit in value), value[0].unit.value
        case int():
            return f"{value // 100}.{value % 100:02d}", EURO
        case _:
            return value, TEXT


def confirming(clause: Clause, value: InForce | None = None, from_on: date | None = None) -> str:
    """The command that confirms a value of a clause; what a person has to find out is left open."""
    shown, unit = written((value or clause.values[0]).value)
    typing = shlex.quote(shown) if value else "…"
    day = from_on or (value.from_on if value else "…")
    source = shlex.quote(str(value.source)) if value and value.degree is not Degree.ASSUMED else '"…"'
    typed_in = f"--value {typing} --unit {unit} --source {source} --from {day}"
    return f'law confirm {named(clause)} {typed_in} --text "…"'


def at(clause: Clause, day: date) -> InForce | Gap | None:
    """What a clause has on a day: a value, a named gap, or nothing before its first day."""
    parts: Iterable[InForce | Gap] = (*(v for v in clause.values if not v.announced), *clause.gaps)
    return next(
        (p for p in parts if p.from_on <= day and (p.until_on is None or day <= p.until_on)),
        None,
    )


def _shipped(clause: Clause, day: date) -> InForce:
    """The value that this release ships for a day; the first one where it ships none."""
    found = at(clause, day)
    return found if isinstance(found, InForce) else clause.values[0]


def _one_line(text: str) -> str:
    """Text without the breaks and non-breaking spaces that come along from a journal."""
    return " ".join(text.split())


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case str():
            return json.dumps(_one_line(value), ensure_ascii=False)
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return str(value)
