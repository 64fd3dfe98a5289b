"""What is public: the one place that decides which facts of the register may leave the house.

The columns named here are all that is ever asked for: no applicant, no person, no grounds, no letter,
no money, no dossier that is examined, and nothing of a procedure that this register does not show.
Interpretation: the lists of the procedure, the days on which a programme moved between them, its number, the
parts of its subject that the register names, and its summary for publication once it is authorised; nothing
else was seen published. The days of authorisation and of entry into force are told where they are no
assumption, what is owed under a decision where the law has it public. Long because all that may leave the
house is decided in one place.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models.decision import DURATION
from models.phases import PublicList
from models.subjects import HOLDER
from procedures.registry import Publicity, published_in, zone_of
from register.reading import Questions, as_day, document, questions, texts
from register.reading import texts as listed_in
from register.views import natural

LANGUAGES = ("nl", "fr", "en", "de")
"""The languages of the pages, in the order in which they are offered."""

INSTEAD = {
    "nl": ("en", "fr", "de"),
    "fr": ("en", "nl", "de"),
    "en": ("fr", "nl", "de"),
    "de": ("en", "nl", "fr"),
}
"""What a reader of a language is shown where a text lacks it, the first that there is (decision 0017)."""


class Said(NamedTuple):
    """A text and the language it is in; the language is empty where nobody stated it."""

    text: str
    language: str


class Event(NamedTuple):
    """One line of a public history.

    `what` is added, taken-over, authorised (back on that list), suspended, closed or updated. `on` is the
    day from which it holds; `recorded_on` that on which the register learned of it.
    """

    what: str
    on: date
    recorded_on: date


class Element(NamedTuple):
    """What a decision states of one element: in words, by a filed version, or, of the duration, by a day.

    One of which nothing is said was not determined. Of words there are some in each of its languages.
    """

    element: str
    words: tuple[Said, ...] = ()
    protocol: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme as the public may see it. Of a text there is one in a language; histories go by days.

    `procedure` is the code of the one by which it lives. `parts` are the parts of its subject that are
    shown, on one line each, but for the translated one: that has `texts`. `content` is what its decision
    states, and `conditions` what is owed under it, by a day, where the law has that public. `lacks` is what
    is missing, by the language in which it is asked for.
    """

    number: str
    procedure: str
    title: str
    parts: dict[str, str]
    public_list: PublicList
    last_update_on: date
    authorised_on: date | None
    in_force_on: date | None
    texts: tuple[Said, ...]
    summaries: tuple[Said, ...]
    history: tuple[Event, ...]
    content: tuple[Element, ...]
    lacks: dict[str, tuple[str, ...]]
    conditions: tuple[tuple[str, date], ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        """The languages in which a text that is asked for is missing."""
        return tuple(self.lacks)

    def may_stand(self, of: Publicity) -> bool:
        """Whether it lacks no language that is mandatory."""
        return not {*self.lacks} & {language.value for language in of.required}

    @property
    def beside(self) -> str:
        """What tells it apart from others of its title."""
        return ", ".join(list(self.parts.values())[1:])

    def said(self, part: str, language: str) -> Said:
        """A part of its subject, in a language or in the one that its readers are shown instead."""
        return Said(self.parts[part], language) if part in self.parts else shown(self.texts, language)

    def summary(self, language: str) -> Said | None:
        """The summary for publication in a language, or in the one shown instead, if there is any."""
        return shown(self.summaries, language) if self.summaries else None


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """Everything that is published in a register: programmes by title, and those held back for a gap."""

    of: Publicity
    programmes: tuple[PublicProgramme, ...]
    held_back: tuple[PublicProgramme, ...] = field(default=())

    @property
    def last_update_on(self) -> date | None:
        """The newest day that a line of the lists names."""
        return max((programme.last_update_on for programme in self.programmes), default=None)


def public_register(url: str, of: Publicity, on: date, *, hold_back: bool) -> PublicRegister:
    """A public register as it is on a day. `hold_back`: what lacks a text is not published.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        found = sorted(_programmes(ask, of, on), key=lambda p: (p.title.casefold(), natural(p.number)))
    if not hold_back:
        return PublicRegister(of, tuple(found))
    stand = tuple(p for p in found if p.may_stand(of))
    return PublicRegister(of, stand, tuple(p for p in found if not p.may_stand(of)))


def _programmes(ask: Questions, of: Publicity, on: date) -> Iterator[PublicProgramme]:
    shows = published_in(of)
    histories = _histories(ask, of)
    kept = _texts(ask, of, on)
    of_page = {code: language_of_page(ask, code) for code in shows}
    columns = (
        "number, procedure, title, subject, content, public_list, last_update_on, authorised_on, in_force_on"
        ", assumed, conditions, holder"
    )
    rows = ask(
        f"SELECT {columns} FROM current_state WHERE kind = 'programme' AND public_list IS NOT NULL "
        f"AND last_update_on IS NOT NULL AND procedure IN ({_marks(shows)})",
        list(shows),
    )
    for row in rows:
        number, procedure, title, subject, content, listed, updated_on, authorised, in_force, *others = row
        assumed, owed, holder = others
        said = kept.get(number, _Texts())
        parts = {HOLDER: holder, **document(subject)["parts"]}
        texts = _translated(parts, of, said, of_page[procedure])
        summaries = tuple(Said(said.summaries[t], t) for t in LANGUAGES if t in said.summaries)
        updated, stated = _day(updated_on), _content(shows[procedure].elements, document(content))
        yield PublicProgramme(
            number=number,
            procedure=procedure,
            title=_line(title),
            parts={part: _line(parts.get(part, "")) for part in of.columns if part != of.translated},
            public_list=PublicList(listed),
            last_update_on=updated,
            authorised_on=None if assumed else as_day(authorised),
            in_force_on=None if assumed else as_day(in_force),
            texts=texts,
            summaries=summaries,
            history=_with_update(histories.get(number, []), updated, as_day(in_force)),
            content=stated,
            lacks=_lacks(of, texts, summaries, stated),
            conditions=tuple(
                (_line(each["text"]), _day(each["due_on"])) for each in listed_in(owed) if of.conditions
            ),
        )


def _content(elements: tuple[str, ...], told: dict[str, Any]) -> tuple[Element, ...]:
    """What was determined of each element, in their order; nothing of a programme that tells none."""
    if not told:
        return ()
    protocol = _line(told["protocol"])

    def stated(element: str) -> Element:
        if element == DURATION:
            return Element(element, until_on=as_day(told["until_on"]))
        said = ((tongue, words.get(element)) for tongue, words in told["elements"].items())
        words = tuple(Said(_line(text), tongue) for tongue, text in said if text)
        return Element(element, words, "" if words else protocol)

    return tuple(map(stated, elements))


def awaiting(url: str, of: Publicity) -> dict[str, tuple[bool, bool]]:
    """The programmes of a register that wait for a publication: whether to be published, or completed.

    Raises: NotReachable.
    """
    lives = {code: known.life for code, known in published_in(of).items()}
    with questions(url) as ask:
        rows = ask("SELECT number, procedure, clocks FROM current_state WHERE kind = 'programme'")
    runs = ((n, lives[code], {clock["ref"] for clock in texts(c)}) for n, code, c in rows if code in lives)
    return {n: (life.publication in refs, life.completed in refs) for n, life, refs in runs}


def _translated(parts: dict[str, str], of: Publicity, said: _Texts, of_page: str) -> tuple[Said, ...]:
    """The part of a subject that is told in several languages, in each that it is known in."""
    if not (decided := parts.get(of.translated, "")):
        return ()
    # programmes of the page speak its language until a modification is filed in another
    own = said.own.get(_line(decided)) or of_page
    spoken = said.translated.get(decided, {}) | {own: decided}
    return tuple(Said(_line(spoken[t]), t) for t in (*LANGUAGES, "") if t in spoken)


def _lacks(
    of: Publicity, texts: tuple[Said, ...], summaries: tuple[Said, ...], content: tuple[Element, ...]
) -> dict[str, tuple[str, ...]]:
    """What is missing of a programme, by the language in which it is asked for."""
    there = [*([(of.translated, texts)] if of.translated else []), ("summary", summaries)]
    there += [("elements", one.words) for one in content if one.words]
    missing = {
        language.value: tuple(
            dict.fromkeys(part for part, told in there if language not in {said.language for said in told})
        )
        for language in of.asked
    }
    return {language: parts for language, parts in missing.items() if parts}


def _marks(values: Iterable[object]) -> str:
    """A mark in a question for each value."""
    return ", ".join("?" for _ in values)


def language_of_page(ask: Questions, procedure: str) -> str:
    """The language of the page from which programmes were taken over; empty when none was."""
    page = ask("SELECT claim FROM allotted_number WHERE claim LIKE ?", [f"{procedure} page in __"])
    return str(page[0][0])[-2:] if page else ""


def _histories(ask: Questions, of: Publicity) -> dict[str, list[Event]]:
    """The movements of every programme between the lists, and what moved its last update within one."""
    shows, zone = published_in(of), zone_of(of)
    lists = {
        code: {
            state.phase.value: state.public_list for state in known.life.states.values() if state.public_list
        }
        for code, known in shows.items()
    }
    phases = sorted({phase for of_one in lists.values() for phase in of_one})
    rows = ask(
        "SELECT e.number, s.procedure, e.act, e.phase, e.happened_on, e.recorded_at, "
        "CASE WHEN e.act = 'DossierEnded' THEN e.facts ELSE NULL END "
        "FROM entry e JOIN current_state s ON s.number = e.number AND s.kind = 'programme' "
        f"AND s.procedure IN ({_marks(shows)}) WHERE e.phase IN ({_marks(phases)}) "
        "ORDER BY e.number, e.sequence",
        [*shows, *phases],
    )
    histories: dict[str, list[Event]] = {}
    stood: dict[str, str] = {}
    to_come: dict[str, list[date]] = {}
    for number, procedure, act, phase, happened_on, recorded_at, facts in rows:
        on_list, before = lists[procedure], stood.get(number)
        if phase not in on_list:
            continue
        stood[number] = phase
        on = _day(happened_on)
        recorded_on = _day_of(recorded_at, zone)
        updates = to_come.setdefault(number, [])
        updates += _updated(facts)
        come = [day for day in updates if day <= recorded_on]
        to_come[number] = [day for day in updates if day > recorded_on]
        happened = []
        if before is None:
            happened.append(("taken-over" if act == "Imported" else "added", on))
        elif on_list[phase] != on_list[before]:
            happened.append((on_list[phase].value, on))
        elif phase != before and not come:  # closed to new patients: not said, but it moves the day
            happened.append(("updated", on))
        if come:
            happened.append(("updated", max(come)))
        histories.setdefault(number, []).extend(Event(what, day, recorded_on) for what, day in happened)
    return histories


def _with_update(history: list[Event], last_update_on: date, in_force_on: date | None) -> tuple[Event, ...]:
    """A history by its days. A last update that nothing in it explains is told: something was updated."""
    explained = max((event.on for event in history), default=last_update_on)
    if last_update_on > explained and last_update_on != in_force_on:
        history = [*history, Event("updated", last_update_on, last_update_on)]
    return tuple(sorted(history, key=lambda event: event.on))


def _updated(facts: Any) -> list[date]:
    """The day from which a granted modification changes the programme, if that is what an entry tells.

    A day to come is told by the entry with which it has come, and not before.
    """
    told = json.loads(facts) if isinstance(facts, str) else facts
    granted = told and told.get("kind") == "modification" and "authorised" in str(told.get("outcome"))
    if not granted or told.get("without_object"):
        return []
    return [date.fromisoformat(told["effective_on"])]


@dataclass(slots=True)
class _Texts:
    """What is public of a programme.

    Its summaries by language, translations by the text that they say and by language, and the language that
    a text itself is in.
    """

    summaries: dict[str, str] = field(default_factory=dict)
    translated: dict[str, dict[str, str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


def _texts(ask: Questions, of: Publicity, on: date) -> dict[str, _Texts]:
    """By programme: the texts that are public on a day; of two in a language, the one public from later on.

    A text that was filed with a modification is public from the day on which that takes effect.
    """
    codes, zone = list(published_in(of)), zone_of(of)
    columns = "m.number, m.language, m.text, m.indication, m.translates, m.recorded_at, m.version"
    own = ask(
        f"SELECT {columns}, m.number, NULL FROM summary m "
        "JOIN current_state s ON s.number = m.number AND s.kind = 'programme' "
        f"AND s.procedure IN ({_marks(codes)})",
        codes,
    )
    modified = ask(
        f"SELECT {columns}, s.parent, e.facts FROM summary m "
        "JOIN current_state s ON s.number = m.number AND s.kind = 'modification' AND s.phase = 'granted' "
        f"AND s.procedure IN ({_marks(codes)}) "
        "JOIN entry e ON e.number = m.number AND e.act = 'Decided'",
        codes,
    )
    rows = [(_public_from(row[5], row[8], zone), *row) for row in (*own, *modified)]
    found: dict[str, _Texts] = {}
    before: dict[tuple[str, str], tuple[str, str, str]] = {}
    for since, number, language, text, indication, translates, _, _, programme, _ in sorted(
        rows, key=lambda row: (row[0], row[6], row[1], row[7])
    ):
        if since > on:
            continue
        # a newer version repeats what it does not change, and brings only what it does
        carried = before.get((number, language), ("", "", ""))
        before[number, language] = text, indication, translates
        said = found.setdefault(programme, _Texts())
        if text and text != carried[0]:
            said.summaries[language] = text
        if indication and (indication, translates) != carried[1:]:
            said.translated.setdefault(translates, {})[language] = indication
            if (line := _line(translates)) == _line(indication):
                said.own.setdefault(line, language)
    return found


def _public_from(recorded_at: str, decided: Any, zone: ZoneInfo) -> date:
    """The day from which a text is public: when it was kept, or when its modification takes effect."""
    if decided is None:
        return _day_of(recorded_at, zone)
    told = json.loads(decided) if isinstance(decided, str) else decided
    return max(_day_of(recorded_at, zone), date.fromisoformat(told["effective_on"]))


def shown(texts: tuple[Said, ...], language: str) -> Said:
    """The text that a reader of a language is shown: in that language, or in the first one instead."""
    by_language = {said.language: said for said in texts}
    return next(by_language[one] for one in (language, *INSTEAD[language], "") if one in by_language)


def _line(text: str) -> str:
    """A text on one line, without signs that cannot be seen or that no XML may hold."""
    if text.isprintable():  # as almost every text is
        return " ".join(text.split())
    kept = "".join(" " if sign.isspace() else sign for sign in text)
    hidden = ("Cc", "Cf", "Cs")
    seen = (c for c in kept if unicodedata.category(c) not in hidden and c not in "\ufffe\uffff")
    return " ".join("".join(seen).split())


def _day(value: str | date) -> date:
    found = as_day(value)
    assert found is not None
    return found


def _day_of(instant: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(instant).astimezone(zone).date()
