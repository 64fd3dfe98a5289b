"""How a date came about, in the words of letters: one sentence for each step of a reckoning.

The words are in `templates/words.*.toml`. A step, a rule set or a unit without words in the language is
an error: half an explanation would be worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from activities.letter_text import plain
from activities.wording import Wording
from models.clock import Calendar, Reckoning, Step, StepKind
from models.parties import Language

_MOVED = (StepKind.AHEAD, StepKind.TWO_WORKING_DAYS, StepKind.ROLLED, StepKind.ENDS_WITH_STOP)
"""What may have moved the end, the last one first: it alone says where the end is."""

_BEGAN = (StepKind.STARTED, StepKind.FROM_FIRST_HOUR, StepKind.FROM_LAST_HOUR)
"""What says from when it runs: one of them."""

_OF_THE_END = (StepKind.STARTED, StepKind.COUNTED)
"""What tells how the end came about from which is counted back, and says nothing where it was given."""

_BESIDE = (
    *(StepKind.DAYS_OFF, StepKind.CLOSING_DAYS_TO_COME),
    *(StepKind.DAYS_OFF_ASSUMED, StepKind.PRESUMED),
)
"""What is told of days off, and of a start that nobody proved, beside the count itself."""


class Explaining:
    """Explains reckonings in one language.

    `closed` gives the reason of each closing day of the agency; one without a reason is only named so.
    """

    def __init__(
        self, wording: Wording, language: Language, closed: Mapping[date, str] | None = None
    ) -> None:
        self._wording = wording
        self._language = language
        self._closed = closed or {}
        self._calendar = ""

    @classmethod
    def of(cls, wording: Wording, language: Language, calendar: Calendar) -> Explaining:
        """Explains what was counted by a calendar."""
        return cls(wording, language, {closing.day: closing.reason for closing in calendar.closing_days})

    def sentences(self, reckoning: Reckoning) -> list[str]:
        """One sentence for each step that says something. Raises: LookupError for what has no words."""
        return [text for _, text in self.steps(reckoning)]

    def steps(self, reckoning: Reckoning) -> list[tuple[Step, str]]:
        """The steps in their order, each with its sentence: of a day that was given, none how it came about.

        Raises: LookupError for what has no words.
        """
        self._calendar = reckoning.calendar.partition(",")[0]
        end = _counted_back(reckoning.steps)
        told = (step for step in reckoning.steps if not (end and step.kind in _OF_THE_END))
        return [(step, self._sentence("steps", step, end=end)) for step in told]

    def short(self, reckoning: Reckoning, article: str) -> list[str]:
        """A few sentences for a letter: limit and article, stops, what is beside the count, result.

        Raises: LookupError for what has no words.
        """
        self._calendar = reckoning.calendar.partition(",")[0]
        by_kind: dict[StepKind, list[Step]] = {}
        for step in reckoning.steps:
            by_kind.setdefault(step.kind, []).append(step)
        source = self._wording.source(article, self._language)
        result, end = reckoning.steps[-1], _counted_back(reckoning.steps)
        if result.kind is StepKind.FIXED:
            return self.sentences(reckoning)
        if result.kind is StepKind.DUE:
            result = next((by_kind[kind][-1] for kind in _MOVED if kind in by_kind), result)
        return [
            *(
                self._sentence("short", one, article=source)
                for kind in (() if end else _BEGAN)
                for one in by_kind.get(kind, ())
            ),
            *self._budget(by_kind),
            *(self._sentence("steps", step) for kind in _BESIDE for step in by_kind.get(kind, ())),
            self._sentence("short", result, end=end, article=source),
        ]

    def last_day(self, due_on: date | None) -> str:
        """The result alone."""
        if due_on is None:
            return self._words("explain", "no_last_day")
        return self._words("explain", "last_day").format(on=self._date(due_on))

    def later_day(self, late_on: date) -> str:
        """The result on the later of two readings."""
        return self._words("explain", "later_day").format(on=self._date(late_on))

    def _budget(self, by_kind: Mapping[StepKind, list[Step]]) -> list[str]:
        """What made the limit longer, in one sentence at most: each stop, all their days, and extensions."""
        stops = by_kind.get(StepKind.STOPPED, ())
        stopped = {day for step in stops for day in _days(step)}
        granted = [
            step.limit
            for kind in (StepKind.EXTENDED, StepKind.EXTENSION_CAPPED)
            for step in by_kind.get(kind, ())
            if step.limit and step.limit.amount
        ]
        values = {}
        if stopped:
            values["days"] = self._amount("days", len(stopped))
            spans = [self._span(step.first, step.last) for step in stops if step.first and step.last]
            values["spans"] = ", ".join(spans)
        if granted:
            more = sum(limit.amount for limit in granted)
            values["limit"] = self._amount(granted[0].unit.value, more)
        if not values:
            return []
        key = "-and-".join(word for word, there in (("stopped", stopped), ("extended", granted)) if there)
        return [self._words("short", key).format(**values)]

    def _sentence(self, table: str, step: Step, end: date | None = None, **more: str) -> str:
        values = {"reason": "", "effect": "", "also": "", **more}
        key = step.kind.value
        if end and step.kind is StepKind.AHEAD:
            table, key, values["end"] = "parts", f"counted_back_{table}", self._date(end)
        if step.reason:
            values["reason"] = self._part("reason", reason=self._reason(step.reason))
        if step.days is not None:
            values["days"] = self._amount("days", step.days)
        if step.limit:
            values["limit"] = self._amount(step.limit.unit.value, step.limit.amount)
        if step.rules:
            values["rules"] = self._words("rules", step.rules.value)
        if step.first and step.last:
            values["span"] = self._span(step.first, step.last)
        off = step.off
        if step.kind is StepKind.ROLLED:
            off = tuple(day for day in step.off if day != step.first)
            values["also"] = self._part("also", off=self._listed(off)) if off else ""
        elif step.kind is StepKind.TWO_WORKING_DAYS and off:
            values["also"] = " " + self._words("steps", "days-off").format(off=self._listed(off))
        values["off"] = self._listed(off)
        for name in ("on", "first", "last"):
            if day := getattr(step, name):
                values[name] = self._day(step, day)
        if step.on:
            values["year"] = str(step.on.year)
            values["effect"] = self._part("effect", on=values["on"])
        return plain(self._words(table, key).format(**values))

    def _day(self, step: Step, day: date) -> str:
        """A day of a step; one on which an end is or was looked for has its weekday, and its name."""
        if step.kind is not StepKind.ROLLED:
            return self._date(day)
        written = self._wording.weekday_date(day, self._language)
        return self._part("named", day=written, name=self._name(day)) if day in step.off else written

    def _listed(self, days: Iterable[date]) -> str:
        """Days off, each with the name of the holiday or the reason why the agency was closed."""
        named = [self._part("named", day=self._date(day), name=self._name(day)) for day in days]
        return self._part("and").join(filter(None, (", ".join(named[:-1]), *named[-1:])))

    def _name(self, day: date) -> str:
        from procedures.registry import jurisdictions

        if day in self._closed:
            reason = self._closed[day]
            return self._part("closing_day_because", reason=reason) if reason else self._part("closing_day")
        # a calendar of another release may have a holiday that this one has no name for
        known = jurisdictions().get(self._calendar)
        names = known.holiday_names(day.year, self._language.value) if known else {}
        return names.get(day) or self._part("public_holiday")

    def _span(self, first: date, last: date) -> str:
        key = "one_day" if first == last else "span"
        return self._part(key, first=self._date(first), last=self._date(last))

    def _date(self, day: date) -> str:
        return self._wording.long_date(day, self._language)

    def _amount(self, unit: str, n: int) -> str:
        return self._wording.amount(unit, n, self._language)

    def _reason(self, reason: str) -> str:
        """A reason of the procedure in the language; one that a person wrote, as it was written."""
        return self._wording.words(self._language)["words"].get(reason, reason)

    def _part(self, part: str, **values: str) -> str:
        return self._words("parts", part).format(**values)

    def _words(self, table: str, key: str) -> str:
        return self._wording.words_for(table, key, self._language)


def _counted_back(steps: Iterable[Step]) -> date | None:
    """The day from which is counted back, where no limit leads to it."""
    told = list(steps)
    ahead = any(step.kind is StepKind.AHEAD for step in told)
    began = (step for step in told if step.kind is StepKind.STARTED and step.limit and not step.limit.amount)
    return next((step.on for step in began), None) if ahead else None


def _days(step: Step) -> list[date]:
    assert step.first is not None
    assert step.days is not None
    return [step.first + timedelta(days=n) for n in range(step.days)]
