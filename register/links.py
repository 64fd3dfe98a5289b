"""What programmes tell each other by the links of their procedures, as the register knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from models.law.states import Link
from models.phases import Course
from procedures.registry import every, links
from register.reading import as_day, document, questions


class ToTell(NamedTuple):
    """A case that is told a fact, which other case brought it about, and since when."""

    number: str
    fact: str
    by: str
    on: date


class _Programme(NamedTuple):
    number: str
    phase: str
    parts: dict[str, str]
    facts: dict[str, Any]
    since: date | None


def to_tell(url: str) -> list[ToTell]:
    """What cases are still to be told, in the order of their numbers; a fact that one knows is told no more.

    Raises: NotReachable when the database does not answer.
    """
    known = links()
    held = _programmes(url, {code for link in known for code in (link.of, link.tells)})
    return sorted({told for link in known for told in _by(link, held[link.of], held[link.tells])})


def _programmes(url: str, codes: Iterable[str]) -> dict[str, list[_Programme]]:
    asked = (
        "SELECT number, phase, subject, facts, last_update_on FROM current_state "
        "WHERE kind = 'programme' AND procedure = ? ORDER BY number"
    )
    with questions(url) as ask:
        return {
            code: [
                _Programme(number, phase, document(subject)["parts"], document(facts), as_day(since))
                for number, phase, subject, facts, since in ask(asked, (code,))
            ]
            for code in sorted(codes)
        }


def _by(link: Link, tellers: Iterable[_Programme], told: Iterable[_Programme]) -> Iterator[ToTell]:
    """Those that a link has to tell: the same in the part that both have, and not told yet."""
    states = every()[link.of].life.states
    over = every()[link.tells].life.states[Course.ENDED].phase
    tells: dict[str, _Programme] = {}
    for teller in tellers:
        tells_now = teller.phase == states[link.course].phase if link.course else link.after in teller.facts
        if tells_now and link.same in teller.parts and not teller.facts.keys() & {*link.unless}:
            tells.setdefault(plain(teller.parts[link.same]), teller)
    for one in told:
        by = tells.get(plain(one.parts.get(link.same, "")))
        since = by and (as_day(by.facts[link.after]) if link.after else by.since)
        if by and since and one.phase != over and link.fact not in one.facts:
            yield ToTell(one.number, link.fact, by.number, since)


def plain(said: str) -> str:
    """The words alone: neither blanks nor capitals make another thing of it."""
    return " ".join(said.split()).casefold()
