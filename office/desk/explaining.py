"""How each date of a dossier or programme came about, from the register alone.

What was told stands: a day that this release counts otherwise is shown beside it, loudly, and changes
nothing. The words are those of the letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from activities.explaining import Explaining
from activities.wording import TEMPLATES, Wording, wording_of
from models.clock import Calendar, Clock, Limit, Reckoning, Step, StepKind, Unit, civil_day
from models.due import TASKS
from models.errors import LawSilent
from models.messages import reader
from models.parties import Language
from office.commands import word_of
from office.letters.contestable import Contestable, contestable
from register.case import Case, Line

BROUGHT_ABOUT = dict.fromkeys(("TacitDecision", "TacitOpinion", "Forfeited"), "took_effect") | {
    "Established": "established"
}
"""In which words an entry is told that silence took effect."""


def explained(
    case: Case, laws: dict[str, dict[str, Any]], language: str | None, today: date
) -> dict[str, Any]:
    """Open clocks, dates that were told before, and the conditions, each with the sentences for people.

    `laws` are those of its entries, by their hash; the language is that of whoever reads, or another one.
    """
    language = language or reader()
    case_explained = _Explanation(case, laws, wording_of(case.state.procedure), Language(language), today)
    return {
        "number": case.state.number,
        "language": language,
        "clocks": case_explained.open(),
        "earlier": case_explained.earlier(),
        "remedies": case_explained.remedies(),
        "conditions": case_explained.conditions(),
    }


def of_one(document: dict[str, Any], clock: str) -> dict[str, Any]:
    """The same of one clock alone: as it stands, and as it was told before. Raises: InputRefused."""
    parts = ("clocks", "earlier", "remedies")
    known = dict.fromkeys(block["ref"] for part in parts for block in document[part])
    ref = word_of("--clock", clock, known)
    told = {part: [block for block in document[part] if block["ref"] == ref] for part in parts}
    return {**document, **told, "conditions": []}


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
    if document["remedies"]:
        yield from ("", words["remedies"])
    for block in document["remedies"]:
        yield from _block(block)
    if document["conditions"]:
        yield from ("", words["conditions"])
    for condition in document["conditions"]:
        yield f"   {condition['text']}"


def pages_of(document: dict[str, Any]) -> Iterator[list[str]]:
    """The same for the page: of each date a short title, and what is said of it."""
    for block in (*document["clocks"], *document["earlier"], *document["remedies"]):
        _, title, *said = (line.strip() for line in _block(block))
        yield [title, *said] if block["due_on"] else [title.partition(":")[0], title, *said]


def _block(block: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield block["text"]
    for said in (block["source"], block["says"], block["our_reading"], *block["attention"]):
        if said:
            yield f"   {said}"
    for reading in block["readings"] or [{"text": "", "steps": block["steps"]}]:
        if reading["text"]:
            yield f"   {reading['text']}"
        for n, step in enumerate(reading["steps"], 1):
            yield f"   {n}. {step['text']}"
    for said in (*block["recorded"], *block["rests_on"]):
        yield f"   {said}"


class _Explanation:
    """The explanation of one case in one language."""

    def __init__(
        self,
        case: Case,
        laws: dict[str, dict[str, Any]],
        wording: Wording,
        language: Language,
        today: date,
    ) -> None:
        self._today = today
        self._case = case
        self._laws = laws
        self._wording = wording
        self._language = language

    def open(self) -> list[dict[str, Any]]:
        """The clocks of the last entry, with the entry that first told each as it is now."""
        last = self._case.entries[-1]
        return [self._told(self._first_told(clock), clock) for clock in last.clocks]

    def earlier(self) -> list[dict[str, Any]]:
        """Every day that was told before and is no longer the open one, in the order of the telling."""
        known: dict[str, str | None] = {}
        told: list[tuple[Line, dict[str, Any]]] = []
        for line in self._case.entries:
            for clock in line.clocks:
                if known.get(clock["ref"]) != clock.get("due_on"):
                    told.append((line, clock))
                known[clock["ref"]] = clock.get("due_on")
        standing = {(clock["ref"], clock.get("due_on")) for clock in self._case.entries[-1].clocks}
        return [
            self._told(line, clock)
            for line, clock in told
            if clock.get("due_on") and (clock["ref"], clock["due_on"]) not in standing
        ]

    def remedies(self) -> list[dict[str, Any]]:
        """Until when each act that was notified can be contested, by the channel of its letter."""
        return [self._contestable(one) for one in contestable(self._case, self._laws)]

    def _contestable(self, one: Contestable) -> dict[str, Any]:
        law, of, left_on = self._laws[one.line.law], one.clock, one.notice.left_on
        assert left_on
        due_on = of.due_on(Calendar.model_validate(law["calendar"])) if of else None
        told = {
            "ref": one.clause,
            "due_on": str(due_on or ""),
            "degree": law["clauses"][one.clause]["degree"],
        }
        block = self._told(one.line, told | {"clock": of and of.model_dump(mode="json")})
        channel = self._wording.words_for("channels", one.notice.channel, self._language)
        clause, left = self._wording.clock(one.clause, self._language), self._day(left_on)
        if of is None:
            undated = self._words("notified_undated", clause=clause, channel=channel, left=left)
            return {**block, "notice": one.notice.key, "text": undated, "attention": []}
        longer = (c for c in law["remedies"] if c != one.clause)
        more = [
            self._wording.says(c, Limit(**law["clauses"][c]["limits"][0]), self._language) for c in longer
        ]
        notified = self._words("notified", channel=channel, left=left)
        return {**block, "notice": one.notice.key, "attention": [notified, *block["attention"], *more]}

    def conditions(self) -> list[dict[str, Any]]:
        """Clauses in words: the condition on alternative treatments, and who has which power."""
        clauses = self._laws[self._case.entries[-1].law]["clauses"]
        return [self._condition(applied) for applied in clauses.values() if applied.get("text")]

    def _condition(self, applied: dict[str, Any]) -> dict[str, Any]:
        named, text = self._wording.clock(applied["clause"], self._language), applied["text"]
        text = self._wording.text(text, self._language)
        said = self._words("condition", clause=named, text=text, source=self._source(applied))
        kept = {key: applied[key] for key in ("clause", "article", "from_on", "degree")}
        return {**kept, "value": text, "text": said}

    def _first_told(self, clock: dict[str, Any]) -> Line:
        """The entry from which on the clock has stood as it stands now."""
        first = self._case.entries[-1]
        for line in reversed(self._case.entries):
            if clock not in line.clocks:
                break
            first = line
        return first

    def _told(self, line: Line, told: dict[str, Any]) -> dict[str, Any]:
        law = self._laws[line.law]
        calendar = Calendar.model_validate(law["calendar"])
        clock = Clock.model_validate(told["clock"]) if told.get("clock") else None
        due_on = date.fromisoformat(told["due_on"]) if told.get("due_on") else None
        applied = law["clauses"].get(clock.clause if clock else told["ref"], {})
        if clock and clock.law:  # as it was counted; the law of the file may have changed since
            counted = self._laws[clock.law]["clauses"][clock.clause]
            applied = clock.model_dump(mode="json", include={"clause", "from_on", "degree"})
            applied |= {key: counted[key] for key in ("article", "reading", "limits") if key in counted}
        if told["ref"].startswith(TASKS):
            steps, attention = [], [self._words("task")]
        elif clock is None and not applied:  # a person fixed the day
            fixed = Reckoning(due_on=due_on, calendar="", steps=(Step(kind=StepKind.FIXED, on=due_on),))
            steps, attention = self._spoken(fixed, None), []
        else:
            steps, attention = self._counted(clock, due_on, calendar)
        recorded = civil_day(datetime.fromisoformat(line.recorded_at))
        name = self._wording.clock(told["ref"], self._language)
        return {
            "ref": told["ref"],
            "clause": clock.clause if clock else applied.get("clause", ""),
            "article": applied.get("article"),
            "from_on": applied.get("from_on"),
            "degree": told.get("degree"),
            "due_on": due_on,
            "entry": line.sequence,
            "happened_on": line.happened_on,
            "recorded_on": recorded,
            "calendar": f"{calendar.name}, {calendar.version}",
            "law": line.law,
            "law_of": law["on"],
            "steps": steps,
            "readings": list(self._readings(clock, calendar)) if clock else [],
            "text": self._words("due", clause=name, on=self._day(due_on))
            if due_on
            else self._words("no_due", clause=name),
            "source": self._source(applied) if applied else "",
            "says": self._says(clock, applied) if clock else "",
            "our_reading": self._our_reading(applied.get("reading", "")),
            "attention": attention,
            "silence": told.get("silence", "flag"),
            "recorded": [
                *self._silence(told),
                *self._brought_about(told),
                self._entry_told(line, recorded),
                *(self._late(clock) if clock else ()),
            ],
            "rests_on": self._rests_on(line, law, calendar),
        }

    def _readings(self, clock: Clock, calendar: Calendar) -> Iterator[dict[str, Any]]:
        """Both readings of what allows two, each in its words with its last day and its steps."""
        readings = clock.readings(calendar)
        if len(readings) == 1:
            return
        clause = self._laws[clock.law]["clauses"].get(clock.clause, {}) if clock.law else {}
        in_hours = clock.limit.unit is Unit.HOURS
        if clock.second is None:
            said = [self._words("reading_first_hour" if in_hours else "reading_day_used")]
        elif clause.get("second"):
            words = (clause["says"], clause["second"]["says"])
            said = [self._wording.text(says, self._language) for says in words]
        else:  # as the channel of a letter has it, or the effect of silence
            began = "effect" if clause.get("beside") else "day"
            said = [self._words(f"reading_{began}_one"), self._words(f"reading_{began}_after")]
        later = self._words("reading_last_hour" if in_hours else "reading_day_left")
        left = [later] * (len(readings) - len(said))
        reckonings = clock.reckonings(calendar, self._today)
        for says, reading in zip([*said, *left], reckonings, strict=True):
            if on := reading.due_on:
                steps = self._spoken(reading, calendar)
                yield {
                    "due_on": on,
                    "text": self._words("reading", says=says, on=self._day(on)),
                    "steps": steps,
                }

    def _silence(self, told: dict[str, Any]) -> Iterator[str]:
        """What it means by the clause that nobody acts, where something follows from it."""
        if effect_on := told.get("effect_on"):
            yield self._words(f"silence_{told['silence']}", on=self._day(date.fromisoformat(effect_on)))

    def _brought_about(self, told: dict[str, Any]) -> Iterator[str]:
        """The entries by which its silence took effect, or a person established that it had."""
        for line in self._case.entries:
            of = (line.facts.get("clause"), line.facts.get("effect_on"))
            if line.act in BROUGHT_ABOUT and of == (told["ref"], told.get("effect_on")):
                recorded = self._day(civil_day(datetime.fromisoformat(line.recorded_at)))
                words = BROUGHT_ABOUT[line.act]
                yield self._words(words, entry=str(line.sequence), by=line.by, recorded=recorded)

    def _counted(
        self, clock: Clock | None, due_on: date | None, calendar: Calendar
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """The steps as this release counts them, and what a reader must know first."""
        if clock is None:
            return [], [self._words("not_kept")]
        try:
            reckoning = clock.reckon(calendar, self._today)
        except LawSilent as silent:
            return [], [self._words("uncountable", why=silent.said.in_words(self._language.value))]
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
            for step, text in explaining.steps(reckoning)
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

    def _rests_on(self, line: Line, law: dict[str, Any], calendar: Calendar) -> list[str]:
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
            degree=self._wording.words_for("degrees", applied["degree"], self._language),
        )

    def _says(self, clock: Clock, applied: dict[str, Any]) -> str:
        """What the article says, in our own words; nothing for a clause that this release does not know.

        The clause's own value: a clock may run for less, or lead to what is due ahead of another limit.
        """
        if clock.clause not in self._wording.articles(self._language)["articles"]:
            return ""
        value = [Limit.model_validate(limit) for limit in applied.get("limits", ())] or [clock.limit]
        return self._wording.says(clock.clause, value[0], self._language)

    def _our_reading(self, reading: str) -> str:
        """What is ours in the value, in the language; nothing where nobody has put it into that language."""
        said = self._wording.text(reading, self._language)
        told = said if said != reading or self._language is Language.EN else ""
        return self._words("our_reading", reading=told) if told else ""

    def _day(self, day: date) -> str:
        return self._wording.long_date(day, self._language)

    def _words(self, key: str, **values: str) -> str:
        return self._wording.words_for("explain", key, self._language).format(**values)
