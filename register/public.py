"""What is public: the one place that decides which facts of the register may leave the house.

The columns named here are all that is ever asked for: no applicant, no person, no grounds, no letter,
no money, no dossier that is examined. Interpretation: the lists of the agency's page, the days on which
a programme moved between them, its number, and its summary for publication (Annex IV) once it is
authorised; nothing else was seen published. The day of authorisation is told where it is no assumption.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models.law.applicable import NOT_STATED
from models.phases import Phase, PublicList
from register.reading import Questions, as_day, questions
from register.views import natural

LANGUAGES = ("nl", "fr", "en", "de")
"""The languages of the pages, in the order in which they are offered."""

REQUIRED = ("nl", "fr", "en")
"""The languages in which Annex IV is filed, all three; a missing one is a gap. No German is asked."""

INSTEAD = {
    "nl": ("en", "fr", "de"),
    "fr": ("en", "nl", "de"),
    "en": ("fr", "nl", "de"),
    "de": ("en", "nl", "fr"),
}
"""What a reader of a language is shown where a text lacks it, the first that there is (decision 0017)."""

_LISTS = {
    Phase.AUTHORISED: PublicList.AUTHORISED,
    Phase.CLOSED_TO_NEW_PATIENTS: PublicList.AUTHORISED,
    Phase.SUSPENDED: PublicList.SUSPENDED,
    Phase.CLOSED: PublicList.CLOSED,
}
_BRUSSELS = ZoneInfo("Europe/Brussels")


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


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme as the public may see it. Of a text there is one in a language; histories go by days."""

    number: str
    trade_name: str
    active_substance: str
    public_list: PublicList
    last_update_on: date
    authorised_on: date | None
    indications: tuple[Said, ...]
    summaries: tuple[Said, ...]
    history: tuple[Event, ...]

    @property
    def lacks(self) -> dict[str, tuple[str, ...]]:
        """What is missing by language of Annex IV: indication, summary or both."""
        there = {"indication": self.indications, "summary": self.summaries}
        missing = {
            language: tuple(part for part, texts in there.items() if language not in {t[1] for t in texts})
            for language in REQUIRED
        }
        return {language: parts for language, parts in missing.items() if parts}

    @property
    def gaps(self) -> tuple[str, ...]:
        """The languages of Annex IV in which the indication or the summary is missing."""
        return tuple(self.lacks)

    def indication(self, language: str) -> Said:
        """The indication in a language, or in the one that its readers are shown instead."""
        return shown(self.indications, language)

    def summary(self, language: str) -> Said | None:
        """The summary for publication in a language, or in the one shown instead, if there is any."""
        return shown(self.summaries, language) if self.summaries else None


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """Everything that is published: programmes by trade name, and those held back for a missing text."""

    programmes: tuple[PublicProgramme, ...]
    held_back: tuple[PublicProgramme, ...] = field(default=())

    @property
    def last_update_on(self) -> date | None:
        """The newest day that a line of the lists names."""
        return max((programme.last_update_on for programme in self.programmes), default=None)


def public_register(url: str, on: date, *, hold_back: bool) -> PublicRegister:
    """The public register as it is on a day. `hold_back`: what lacks a text is not published.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    with questions(url) as ask:
        found = sorted(_programmes(ask, on), key=lambda p: (p.trade_name.casefold(), natural(p.number)))
    if not hold_back:
        return PublicRegister(tuple(found))
    return PublicRegister(tuple(p for p in found if not p.gaps), tuple(p for p in found if p.gaps))


def _programmes(ask: Questions, on: date) -> Iterator[PublicProgramme]:
    histories = _histories(ask)
    texts = _texts(ask, on)
    of_page = language_of_page(ask)
    columns = (
        "number, procedure, trade_name, active_substance, indication, public_list, last_update_on, "
        "authorised_on, assumed"
    )
    rows = ask(
        f"SELECT {columns} FROM current_state WHERE kind = 'programme' AND public_list IS NOT NULL "
        "AND last_update_on IS NOT NULL"
    )
    for number, procedure, name, substance, indication, listed, last_update, authorised, assumed in rows:
        said = texts.get(number, _Texts())
        # programmes of the page speak its language until a modification is filed in another
        own = said.own.get(_line(indication)) or (of_page if procedure == NOT_STATED else "")
        spoken = said.indications.get(indication, {}) | {own: indication}
        updated = _day(last_update)
        yield PublicProgramme(
            number=number,
            trade_name=_line(name),
            active_substance=_line(substance),
            public_list=PublicList(listed),
            last_update_on=updated,
            authorised_on=None if assumed else as_day(authorised),
            indications=tuple(Said(_line(spoken[t]), t) for t in (*LANGUAGES, "") if t in spoken),
            summaries=tuple(Said(said.summaries[t], t) for t in LANGUAGES if t in said.summaries),
            history=_with_update(histories.get(number, []), updated, as_day(authorised)),
        )


def language_of_page(ask: Questions) -> str:
    """The language of the page that programmes were taken over from; empty when none was."""
    page = ask("SELECT claim FROM allotted_number WHERE claim LIKE 'page in __'")
    return str(page[0][0])[-2:] if page else ""


def _histories(ask: Questions) -> dict[str, list[Event]]:
    """The movements of every programme between the lists, and what moved its last update within one."""
    phases = ", ".join(f"'{phase.value}'" for phase in _LISTS)
    rows = ask(
        "SELECT e.number, e.act, e.phase, e.happened_on, e.recorded_at, "
        "CASE WHEN e.act = 'DossierEnded' THEN e.facts ELSE NULL END "
        "FROM entry e JOIN current_state s ON s.number = e.number AND s.kind = 'programme' "
        f"WHERE e.phase IN ({phases}) ORDER BY e.number, e.sequence"
    )
    histories: dict[str, list[Event]] = {}
    stood: dict[str, Phase] = {}
    to_come: dict[str, list[date]] = {}
    for number, act, entered, happened_on, recorded_at, facts in rows:
        phase, before = Phase(entered), stood.get(number)
        stood[number] = phase
        on = _day(happened_on)
        recorded_on = _day_of(recorded_at)
        updates = to_come.setdefault(number, [])
        updates += _updated(facts)
        come = [day for day in updates if day <= recorded_on]
        to_come[number] = [day for day in updates if day > recorded_on]
        happened = []
        if before is None:
            happened.append(("taken-over" if act == "Imported" else "added", on))
        elif _LISTS[phase] is not _LISTS[before]:
            happened.append((_LISTS[phase].value, on))
        elif phase is not before and not come:  # closed to new patients: not said, but it moves the day
            happened.append(("updated", on))
        if come:
            happened.append(("updated", max(come)))
        histories.setdefault(number, []).extend(Event(what, day, recorded_on) for what, day in happened)
    return histories


def _with_update(history: list[Event], last_update_on: date, authorised_on: date | None) -> tuple[Event, ...]:
    """A history by its days. A last update that nothing in it explains is told: something was updated."""
    explained = max((event.on for event in history), default=last_update_on)
    if last_update_on > explained and last_update_on != authorised_on:
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

    Its summaries by language, translations by the indication that they say and by language, and the
    language that an indication itself is in.
    """

    summaries: dict[str, str] = field(default_factory=dict)
    indications: dict[str, dict[str, str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


def _texts(ask: Questions, on: date) -> dict[str, _Texts]:
    """By programme: the texts that are public on a day; of two in a language, the one public from later on.

    A text that was filed with a modification is public from the day on which that takes effect.
    """
    columns = "m.number, m.language, m.text, m.indication, m.translates, m.recorded_at, m.version"
    own = ask(
        f"SELECT {columns}, m.number, NULL FROM summary m "
        "JOIN current_state s ON s.number = m.number AND s.kind = 'programme'"
    )
    modified = ask(
        f"SELECT {columns}, s.programme, e.facts FROM summary m "
        "JOIN current_state s ON s.number = m.number AND s.kind = 'modification' AND s.phase = 'granted' "
        "JOIN entry e ON e.number = m.number AND e.act = 'Decided'"
    )
    rows = [(_public_from(row[5], row[8]), *row) for row in (*own, *modified)]
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
            said.indications.setdefault(translates, {})[language] = indication
            if (line := _line(translates)) == _line(indication):
                said.own.setdefault(line, language)
    return found


def _public_from(recorded_at: str, decided: Any) -> date:
    """The day from which a text is public: when it was kept, or when its modification takes effect."""
    if decided is None:
        return _day_of(recorded_at)
    told = json.loads(decided) if isinstance(decided, str) else decided
    return max(_day_of(recorded_at), date.fromisoformat(told["effective_on"]))


def shown(texts: tuple[Said, ...], language: str) -> Said:
    """The text that a reader of a language is shown: in that language, or in the first one instead."""
    order = (language, *INSTEAD[language], "")
    return min(texts, key=lambda said: order.index(said.language))


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


def _day_of(instant: str) -> date:
    return datetime.fromisoformat(instant).astimezone(_BRUSSELS).date()
