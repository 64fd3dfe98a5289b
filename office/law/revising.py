"""What a change of law or calendar touches, before anyone signs it; and its way to the open cases.

A dossier keeps the law of the day it was received, a programme that of its authorisation year. A new
value reaches running clocks only when its own transition rule says so, or when a person signs that it
corrects a wrong value of their own day; a closing day reaches every open case, because the agency is
closed for all of them.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from models.acts import ClosingDayAdded, LawChanged, Revision, reaches_running
from models.clock import Calendar, Clock, ClosingDay, anniversary
from models.errors import BeyondHorizon, InputRefused, NotReachable, ProcedureError
from models.law.applicable import Law
from models.law.clause import Applied, Clause, InForce, Transition, spoken_of
from models.messages import Message, word, worded
from models.obligations import timetable
from office.settings import Settings
from procedures.books import named
from procedures.registry import book_of
from register.views import OpenCase, laws, open_cases

AT_ONCE = 20
"""How many cases are told at the same time."""


@dataclass(frozen=True, slots=True)
class Move:
    """A date, or a value without a date yet, as it is and as it would be; `from_on` is when that begins."""

    number: str
    what: str
    from_on: date
    was: date | str
    now: date | str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling one case: the number, and why it could not be told, if it could not."""

    number: str
    trouble: str = ""


def impact_of_clause(
    url: str, clause: Clause, new: InForce, today: date, correction: bool = False
) -> Iterator[Move]:
    """What a value of a clause would change in every open dossier and programme, by number.

    Each case that it reaches is there: with the dates that move, else with the value that its law would have.
    `correction`: also cases of days on which the value applies, that carry another one.

    Raises: NotReachable.
    """
    applied = clause.apply(new)
    revised = cache(lambda digest: held[digest].revised(applied))
    cases, held = _open(url)
    for case in cases:
        law = held[case.law]
        carried = law.clauses.get(clause.id) if law.book == clause.book else None
        if carried is None or carried == applied:
            continue
        reaches_on = _reaches_on(case, law, new, today, correction and reaches_running(applied))
        if reaches_on is None:
            continue
        moves: list[Move] = []
        if applied.text:
            pass
        elif case.counts_from:
            moves += _in_its_year(case, case.counts_from, law, revised(case.law), reaches_on)
        elif applied.limits:
            moves += _on_its_clocks(case, law.calendar, law.calendar, reaches_on, applied)
        yield from moves or [Move(case.number, clause.id, reaches_on, *_said(carried, applied))]


def misjudged(url: str, clause: Clause, new: InForce) -> list[str]:
    """Open cases of days on which a value applies that carry another one: it was entered after they came.

    Raises: NotReachable.
    """
    applied = clause.apply(new)
    if new.announced or new.transition is Transition.RUNNING or not reaches_running(applied):
        return []
    cases, held = _open(url)
    return [
        case.number
        for case in cases
        if held[case.law].book == clause.book
        and clause.id in held[case.law].clauses
        and held[case.law].clauses[clause.id] != applied
        and _is_of_its_days(held[case.law], new)
    ]


def misjudged_if_any(settings: Settings, clause: Clause, new: InForce) -> list[str]:
    """The same where there may be no register yet: then no case is open."""
    try:
        return misjudged(settings.register_url, clause, new)
    except NotReachable:
        return []


def _is_of_its_days(law: Law, value: InForce) -> bool:
    return value.from_on <= law.on and (value.until_on is None or law.on <= value.until_on)


def _said(carried: Applied, applied: Applied) -> tuple[str, str]:
    """A value as it is and as it would be, in words that differ."""
    was, now = [spoken_of(carried)], [spoken_of(applied)]
    if carried.degree is not applied.degree:
        was.append(word(carried.degree.value))
        now.append(word(applied.degree.value))
    if was == now and carried.warnings != applied.warnings:
        was.append(worded("law.warned-before", warnings=carried.warnings or [Message("law.never")]))
        now.append(worded("law.warned-before", warnings=applied.warnings or [Message("law.never")]))
    if carried.silence is not applied.silence:
        was.append(worded("law.in-silence", silence=word(carried.silence.value)))
        now.append(worded("law.in-silence", silence=word(applied.silence.value)))
    if was == now:
        was, now = [carried.article], [applied.article]
    first, second = ("; ".join(filter(None, told)) for told in (was, now))
    return first, second


def impact_of_closing_day(url: str, closing: ClosingDay, today: date, book: str = "") -> Iterator[Move]:
    """What a closing day of a law book would move, by number. Raises: NotReachable, UnknownClause."""
    of = book_of(book)
    closed = cache(lambda digest: held[digest].calendar.closed_also((closing,)))
    cases, held = _open(url)
    for case in cases:
        if held[case.law].book == of:
            yield from _on_its_clocks(case, held[case.law].calendar, closed(case.law), today)


def _open(url: str) -> tuple[list[OpenCase], dict[str, Law]]:
    """The open cases, and the laws that they carry."""
    cases = open_cases(url)
    return cases, {digest: Law(**body) for digest, body in laws(url, (case.law for case in cases)).items()}


def _reaches_on(case: OpenCase, law: Law, new: InForce, today: date, correction: bool) -> date | None:
    """The first day on which a value reaches an open case; None when it never does.

    Law: its own transition rule. `filed` reaches no open dossier, and a programme at the first
    authorisation year that begins under it; a correction reaches those of its own days at once.
    """
    if new.transition is Transition.RUNNING:
        reaches_on = max(new.from_on, today)
    elif correction and _is_of_its_days(law, new):
        return today
    elif case.counts_from is None:
        return None
    else:
        year = 1
        while (reaches_on := anniversary(case.counts_from, year)) < max(new.from_on, today):
            year += 1
    return None if new.until_on and new.until_on < reaches_on else reaches_on


def _in_its_year(
    case: OpenCase, counts_from: date, law: Law, revised: Law, reaches_on: date
) -> Iterator[Move]:
    """What the new value moves in the authorisation year that it reaches."""
    year = 1
    while anniversary(counts_from, year) <= reaches_on:
        year += 1
    was = timetable(counts_from, year, law, case.conditions, case.facts)
    now = timetable(counts_from, year, revised, case.conditions, case.facts)
    for what in was | now:
        if (
            was.get(what) != now.get(what)
            and max(was.get(what, date.min), now.get(what, date.min)) >= reaches_on
        ):
            yield Move(
                case.number,
                what,
                reaches_on,
                was.get(what) or worded("law.not-due"),
                now.get(what) or worded("law.not-due"),
            )


def _on_its_clocks(
    case: OpenCase, before: Calendar, after: Calendar, on: date, applied: Applied | None = None
) -> Iterator[Move]:
    """The clocks that run on a day and would end on another one; the day that an invoice names stands."""
    for told in case.clocks:
        if not told.get("clock") or told["ref"] == "payment":
            continue
        clock = Clock(**told["clock"])
        if applied and clock.clause != applied.clause:
            continue
        was = clock.due_on(before)
        if was is None or (applied and was < on):
            continue
        if applied:
            new = applied.clock(clock.started_on)
            clock = clock.model_copy(update={"limit": new.limit, "rules": new.rules, "second": new.second})
        try:
            now = clock.due_on(after)
        except BeyondHorizon:
            now = None
        if applied and now and now < on:
            continue  # a clock that would have ended already keeps its limit
        if now != was:
            yield Move(case.number, told["ref"], on, was, now)


async def apply_clause(
    settings: Settings,
    clause: Clause,
    value: InForce,
    by: str,
    tell: Callable[[int, int], None],
    correction: bool = False,
) -> list[Told]:
    """Sends a value to every open case that it reaches and that carries another one.

    It reaches cases that run where its transition says so; as a correction, those of its own days.

    Idempotent: by clause, first day and number; run again it reaches those that were not reached.
    """
    applied = clause.apply(value)
    if correction and not reaches_running(applied):
        raise InputRefused("law.on-its-invoice", governs=clause.governs, clause=clause.id)
    if value.transition is not Transition.RUNNING and not correction:
        raise InputRefused(
            "law.not-running",
            governs=clause.governs,
            clause=clause.id,
            since=value.from_on,
            possible=(f"law impact --clause {named(clause)} --from {value.from_on} --correction",),
        )
    cases, held = await asyncio.to_thread(_open, settings.register_url)
    touched = [
        case.number
        for case in cases
        if held[case.law].book == clause.book
        and clause.id in held[case.law].clauses
        and held[case.law].clauses[clause.id] != applied
        and (value.transition is Transition.RUNNING or _is_of_its_days(held[case.law], value))
    ]
    says = hashlib.sha256(applied.model_dump_json().encode()).hexdigest()[:8]
    said = {"by": by, "applied": applied, "correction": correction}
    return await _tell_all(settings, touched, LawChanged, said, says, tell)


async def apply_closing_day(
    settings: Settings, closing: ClosingDay, tell: Callable[[int, int], None], book: str = ""
) -> list[Told]:
    """Sends a closing day that was published in time to every open case of its law book.

    Idempotent: by day and number; run again it reaches those that were not reached.
    """
    of, (cases, held) = book_of(book), await asyncio.to_thread(_open, settings.register_url)
    unaware = [
        case.number
        for case in cases
        if closing.counts
        and held[case.law].book == of
        and all(known.day != closing.day for known in held[case.law].calendar.closing_days)
    ]
    said = closing.model_dump(include={"by", "day", "published_on", "reason"})
    return await _tell_all(settings, unaware, ClosingDayAdded, said, f"closed-{closing.day}", tell)


async def _tell_all(
    settings: Settings,
    numbers: Iterable[str],
    act: type[Revision],
    said: dict[str, object],
    request: str,
    tell: Callable[[int, int], None],
) -> list[Told]:
    from office.connection import connect
    from office.desk.sending import send

    numbers = list(numbers)
    if not numbers:
        return []
    client, room, done = await connect(settings, str(said["by"])), asyncio.Semaphore(AT_ONCE), list[Told]()

    async def tell_one(number: str) -> None:
        async with room:
            try:
                await send(client, settings, number, act(**said, request_id=f"{request}-{number}"[-80:]))
                done.append(Told(number))
            except ProcedureError as trouble:
                done.append(Told(number, trouble.said.in_words()))
        tell(len(done), len(numbers))

    await asyncio.gather(*(tell_one(number) for number in numbers))
    return sorted(done, key=lambda told: told.number)
