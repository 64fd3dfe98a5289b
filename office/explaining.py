"""How each date of a dossier or programme came about, from the register alone.

What was told stands: a day that this release counts otherwise is shown beside it, loudly, and changes
nothing. The words are those of the letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from activities.explaining import Explaining
from activities.wording import TEMPLATES, Wording
from models.clock import Calendar, Clock, Reckoning, Step, StepKind, civil_day
from models.errors import LawSilent
from models.parties import Language
from register.views import Case, Line


def explained(case: Case, laws: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    """Open clocks, dates that were told before, and the conditions, each with the sentences for people.

    `laws` are those of its entries, by their hash.
    """
    case_explained = _Explanation(case, laws, Wording(TEMPLATES), Language(language))
    return {
        "number": case.state.number,
        "language": language,
        "clocks": case_explained.open(),
        "earlier": case_explained.earlier(),
        "conditions": case_explained.conditions(),
    }


def lines(document: dict[str, Any]) -> Iterator[str]:
    """The same for people: a block for each date, its steps numbered."""
    words = Wording(TEMPLATES).words(Language(document["language"]))["explain"]
    number = document["number"]
    if not document["clocks"] and not document["earlier"]:
        yield words["nothing"].format(number=number)
    else:
        yield words["title"].format(number=number)
    for block in document["clocks"]:
        yield from _block(block)
    if document["earlier"]:
        yield from ("", words["earlier"])
    for block in document["earlier"]:
        yield from _block(block)
    if document["conditions"]:
        yield from ("", words["conditions"])
    for condition in document["conditions"]:
        yield f"   {condition['text']}"


def _block(block: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield block["text"]
    for said in (block["source"], *block["attention"]):
        if said:
            yield f"   {said}"
    for n, step in enumerate(block["steps"], 1):
        yield f"   {n}. {step['text']}"
    for said in (*block["recorded"], *block["rests_on"]):
        yield f"   {said}"


class _Explanation:
    """The explanation of one case in one language."""

    def __init__(
        self, case: Case, laws: dict[str, dict[str, Any]], wording: Wording, language: Language
    ) -> None:
        self._case = case
        self._laws = laws
        self._wording = wording
        self._language = language

    def open(self) -> list[dict[str, Any]]:
        """The clocks of the last entry, with the entry that first told each as it is now."""
        last = self._case.entries[-1]
        return [self._told(self._first_told(clock), clock) for clock in _clocks(last)]

    def earlier(self) -> list[dict[str, Any]]:
        """Every day that was told before and is no longer the open one, in the order of the telling."""
        known: dict[str, str | None] = {}
        told: list[tuple[Line, dict[str, Any]]] = []
        for line in self._case.entries:
            for clock in _clocks(line):
                if known.get(clock["ref"]) != clock.get("due_on"):
                    told.append((line, clock))
                known[clock["ref"]] = clock.get("due_on")
        standing = {(clock["ref"], clock.get("due_on")) for clock in _clocks(self._case.entries[-1])}
        return [
            self._told(line, clock)
            for line, clock in told
            if clock.get("due_on") and (clock["ref"], clock["due_on"]) not in standing
        ]

    def conditions(self) -> list[dict[str, Any]]:
        """Clauses in words: the condition on alternative treatments, and who has which power."""
        clauses = self._laws.get(self._case.entries[-1].law, {}).get("clauses", {})
        return [self._condition(applied) for applied in clauses.values() if applied.get("text")]

    def _condition(self, applied: dict[str, Any]) -> dict[str, Any]:
        named, text = self._wording.clock(applied["clause"], self._language), applied["text"]
        text = self._wording.text(text, self._language)
        said = self._words("condition", clause=named, text=text, source=self._source(applied))
        kept = {key: applied[key] for key in ("clause", "article", "from_on", "verified")}
        return {**kept, "value": text, "text": said}

    def _first_told(self, clock: dict[str, Any]) -> Line:
        """The entry from which on the clock has stood as it stands now."""
        first = self._case.entries[-1]
        for line in reversed(self._case.entries):
            if clock not in _clocks(line):
                break
            first = line
        return first

    def _told(self, line: Line, told: dict[str, Any]) -> dict[str, Any]:
        law = self._laws.get(line.law, {})
        clock = Clock.model_validate(told["clock"]) if told.get("clock") else None
        due_on = date.fromisoformat(told["due_on"]) if told.get("due_on") else None
        applied = law.get("clauses", {}).get(clock.clause if clock else told["ref"], {})
        if clock and clock.article:  # as it was counted; the law of the file may have changed since
            applied = clock.model_dump(mode="json", include={"clause", "article", "from_on", "verified"})
        calendar = Calendar.model_validate(law["calendar"]) if law else None
        if clock is None and not applied and line.law:  # a person fixed the day
            fixed = Reckoning(due_on=due_on, calendar="", steps=(Step(kind=StepKind.FIXED, on=due_on),))
            steps, attention = self._spoken(fixed, None), list[str]()
        else:
            steps, attention = self._counted(line, clock, due_on, calendar)
        recorded = civil_day(datetime.fromisoformat(line.recorded_at))
        name = self._wording.clock(told["ref"], self._language)
        return {
            "ref": told["ref"],
            "clause": clock.clause if clock else applied.get("clause", ""),
            "article": applied.get("article"),
            "from_on": applied.get("from_on"),
            "verified": not told.get("unverified", False),
            "due_on": due_on,
            "entry": line.sequence,
            "happened_on": line.happened_on,
            "recorded_on": recorded,
            "calendar": f"{calendar.name}, {calendar.version}" if calendar else None,
            "law": line.law,
            "law_of": law.get("on"),
            "steps": steps,
            "text": self._words("due", clause=name, on=self._day(due_on))
            if due_on
            else self._words("no_due", clause=name),
            "source": self._source(applied) if applied else "",
            "attention": attention,
            "recorded": [self._entry_told(line, recorded), *(self._late(clock) if clock else ())],
            "rests_on": self._rests_on(line, law, calendar),
        }

    def _counted(
        self, line: Line, clock: Clock | None, due_on: date | None, calendar: Calendar | None
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """The steps as this release counts them, and what a reader must know first."""
        if clock is None:
            return [], [self._words("not_kept" if line.law else "earlier_release")]
        if calendar is None:
            return [], [self._words("no_law")]
        try:
            reckoning = clock.reckon(calendar)
        except LawSilent as silent:
            return [], [self._words("uncountable", why=silent.message)]
        steps = self._spoken(reckoning, calendar)
        if reckoning.due_on == due_on or due_on is None:
            return steps, []
        key = "differs" if reckoning.due_on else "differs_open"
        counted = self._day(reckoning.due_on) if reckoning.due_on else ""
        return steps, [self._words(key, told=self._day(due_on), counted=counted)]

    def _spoken(self, reckoning: Reckoning, calendar: Calendar | None) -> list[dict[str, Any]]:
        explaining = (
            Explaining.of(self._wording, self._language, calendar)
            if calendar
            else Explaining(self._wording, self._language)
        )
        return [
            {**step.model_dump(mode="json", exclude_defaults=True), "text": text}
            for step, text in zip(reckoning.steps, explaining.sentences(reckoning), strict=True)
        ]

    def _entry_told(self, line: Line, recorded: date) -> str:
        days = {"recorded": self._day(recorded), "happened": self._day(line.happened_on)}
        key = "told" if recorded == line.happened_on else "told_late"
        return self._words(key, entry=str(line.sequence), **days)

    def _late(self, clock: Clock) -> Iterator[str]:
        """Facts of the clock that were written down on another day than they happened: both days."""
        for stop in clock.stops:
            for key, happened, recorded in (
                ("stop_recorded", stop.asked_on, stop.recorded_on),
                ("end_recorded", stop.last, stop.ended_recorded_on),
            ):
                if happened and recorded and happened != recorded:
                    days = {"happened": self._day(happened), "recorded": self._day(recorded)}
                    yield self._words(key, first=self._day(stop.first), **days)
        for extension in clock.extensions:
            happened, recorded = extension.effective_on, extension.recorded_on
            if happened and recorded and happened != recorded:
                days = {"happened": self._day(happened), "recorded": self._day(recorded)}
                yield self._words("extension_recorded", **days)

    def _rests_on(self, line: Line, law: dict[str, Any], calendar: Calendar | None) -> list[str]:
        if not law or calendar is None:
            return []
        of = self._day(date.fromisoformat(law["on"]))
        return [
            self._words("calendar", calendar=f"{calendar.name}, {calendar.version}"),
            self._words("law", law=line.law[:12], on=of),
        ]

    def _source(self, applied: dict[str, Any]) -> str:
        return self._words(
            "source",
            article=self._wording.source(applied["article"], self._language),
            since=self._day(date.fromisoformat(applied["from_on"])),
            verified=self._words("verified" if applied["verified"] else "unverified"),
        )

    def _day(self, day: date) -> str:
        return self._wording.long_date(day, self._language)

    def _words(self, key: str, **values: str) -> str:
        return self._wording.words_for("explain", key, self._language).format(**values)


def _clocks(line: Line) -> tuple[dict[str, Any], ...]:
    """The clocks of an entry; one of an earlier release had a day and nothing more."""
    if line.clocks or not line.due_on or line.law:
        return line.clocks
    told = {"ref": line.phase, "due_on": line.due_on.isoformat(), "unverified": bool(line.unverified)}
    return (told,)
