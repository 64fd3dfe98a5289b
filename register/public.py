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

from models.phases import Phase, PublicList
from register.reading import Questions, as_day, questions
from register.views import natural

LANGUAGES = ("nl", "fr", "en", "de")
"""The languages of the pages, in the order in which they are offered."""

REQUIRED = ("nl", "fr", "en")
"""The languages in which Annex IV is filed, all three; a missing one is a gap. No German is asked."""

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
    day from which it holds; `recorded_on` that on which the register learned of it, `sequence` its entry.
    """

    what: str
    on: date
    recorded_on: date
    recorded_at: str
    sequence: int


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme as the public may see it."""

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
    def gaps(self) -> tuple[str, ...]:
        """The languages of Annex IV in which the indication or the summary is missing."""
        there = {said.language for said in self.indications} & {said.language for said in self.summaries}
        return tuple(language for language in REQUIRED if language not in there)

    def indication(self, language: str) -> Said:
        """The indication in a language, or in the first one there is."""
        return _in(self.indications, language)

    def summary(self, language: str) -> Said | None:
        """The summary for publication in a language, or in the first one there is, if any."""
        return _in(self.summaries, language) if self.summaries else None


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
    page = ask("SELECT claim FROM allotted_number WHERE claim LIKE 'page in __'")
    of_page = str(page[0][0])[-2:] if page else ""
    columns = (
        "number, procedure, trade_name, active_substance, indication, public_list, last_update_on, "
        "authorised_on, assumed"
    )
    rows = ask(
        f"SELECT {columns} FROM current_state WHERE kind = 'programme' AND public_list IS NOT NULL "
        "AND last_update_on IS NOT NULL"
    )
    for (
        number,
        procedure,
        trade_name,
        substance,
        indication,
        listed,
        last_update,
        authorised,
        assumed,
    ) in rows:
        said = texts.get(number, {})
        indications = [
            Said(_line(one["indication"]), language)
            for language, one in sorted(said.items(), key=lambda item: LANGUAGES.index(item[0]))
            if one["indication"] and one["translates"] == indication
        ]
        if _line(indication) not in {one.text for one in indications}:
            # programmes of the page are taken over from a page in one language, and speak it
            indications.insert(0, Said(_line(indication), of_page if procedure == "UMN" else ""))
        summaries = [Said(said[name]["text"], name) for name in LANGUAGES if said.get(name, {}).get("text")]
        yield PublicProgramme(
            number=number,
            trade_name=_line(trade_name),
            active_substance=_line(substance),
            public_list=PublicList(listed),
            last_update_on=_day(last_update),
            authorised_on=None if assumed else as_day(authorised),
            indications=tuple(indications),
            summaries=tuple(summaries),
            history=tuple(histories.get(number, ())),
        )


def _histories(ask: Questions) -> dict[str, list[Event]]:
    """The movements of every programme between the lists, and the modifications that took effect."""
    phases = ", ".join(f"'{phase.value}'" for phase in _LISTS)
    rows = ask(
        "SELECT e.number, e.sequence, e.act, e.phase, e.happened_on, e.recorded_at, "
        "CASE WHEN e.act = 'DossierEnded' THEN e.facts ELSE NULL END "
        "FROM entry e JOIN current_state s ON s.number = e.number AND s.kind = 'programme' "
        f"WHERE e.phase IN ({phases}) ORDER BY e.number, e.sequence"
    )
    histories: dict[str, list[Event]] = {}
    stood: dict[str, PublicList] = {}
    to_come: dict[str, list[date]] = {}
    for number, sequence, act, phase, happened_on, recorded_at, facts in rows:
        listed, before = _LISTS[Phase(phase)], stood.get(number)
        stood[number] = listed
        on = _day(happened_on)
        recorded_on = datetime.fromisoformat(recorded_at).astimezone(_BRUSSELS).date()
        updates = to_come.setdefault(number, [])
        updates += _updated(facts)
        come = [day for day in updates if day <= recorded_on]
        to_come[number] = [day for day in updates if day > recorded_on]
        happened = []
        if before is None:
            happened.append(("taken-over" if act == "Imported" else "added", on))
        elif listed is not before:
            happened.append((listed.value, on))
        if come:
            happened.append(("updated", max(come)))
        histories.setdefault(number, []).extend(
            Event(what, day, recorded_on, recorded_at, sequence) for what, day in happened
        )
    return histories


def _updated(facts: Any) -> list[date]:
    """The day from which a granted modification changes the programme, if that is what an entry tells.

    A day to come is told by the entry with which it has come, and not before.
    """
    told = json.loads(facts) if isinstance(facts, str) else facts
    granted = told and told.get("kind") == "modification" and "authorised" in str(told.get("outcome"))
    if not granted or told.get("without_object"):
        return []
    return [date.fromisoformat(told["effective_on"])]


def _texts(ask: Questions, on: date) -> dict[str, dict[str, dict[str, str]]]:
    """By programme and language: the newest summary that is public on a day.

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
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in sorted([*own, *modified], key=lambda row: (row[5], row[0], row[6])):
        _, language, text, indication, translates, _, _, programme, facts = row
        if facts is not None:
            told = json.loads(facts) if isinstance(facts, str) else facts
            if date.fromisoformat(told["effective_on"]) > on:
                continue
        kept = found.setdefault(programme, {}).setdefault(
            language, {"text": "", "indication": "", "translates": ""}
        )
        kept["text"] = text or kept["text"]
        if indication:
            kept["indication"], kept["translates"] = indication, translates
    return found


def _in(texts: tuple[Said, ...], language: str) -> Said:
    return next((said for said in texts if said.language == language), texts[0])


def _line(text: str) -> str:
    """A text on one line, without signs that cannot be seen or that no XML may hold."""
    if text.isprintable():  # as almost every text is
        return " ".join(text.split())
    kept = "".join(" " if sign.isspace() else sign for sign in text)
    hidden = ("Cc", "Cf", "Cs")
    shown = (c for c in kept if unicodedata.category(c) not in hidden and c not in "\ufffe\uffff")
    return " ".join("".join(shown).split())


def _day(value: str | date) -> date:
    found = as_day(value)
    assert found is not None
    return found
