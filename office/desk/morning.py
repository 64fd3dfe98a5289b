"""The day of an operator: what is due, what waits for a person, what is new, and the command for each.

`umn desk` shows it, and office/desk/agenda.py has it sent. It reads the register alone, and so
answers also when nothing runs.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from models.due import what
from models.messages import Message, act_name, amount, word, worded
from office.desk.person import who_looks
from office.desk.showing import due_clock, legend, marked, time_left
from office.showing import by_name, print_json, say, short, who_acted
from office.tables import Cells, show_table
from register import accounts, clocks, notices, people, preparations, views

if TYPE_CHECKING:
    from models.people import Person
    from office.settings import Settings
    from office.showing import Output

WITHIN = 14
"""Calendar days that the day looks ahead."""

SHOWN = 12
"""Rows of each part; below them stands the command that shows all."""

OURS = "desk"
"""Whose turn the office's own is."""


@dataclass(frozen=True)
class Morning:
    """What lies on the desk. `others` is what bodies and applicants are late with.

    `colleagues` is how much falls due in cases that colleagues have in hand; the rest is of others' cases no
    more than what is late.
    """

    today: date
    person: Person | None
    ours: list[clocks.DueClock]
    colleagues: int
    others: list[clocks.DueClock]
    to_sign: list[preparations.Preparation]
    letters: list[notices.Notice]
    movements: list[accounts.Waiting]
    since: date
    news: list[views.Newest]


def morning(settings: Settings, today: date, zone: ZoneInfo) -> Morning:
    """What lies on the desk on a day; what is new since the weekday before. Raises: NotReachable."""
    since = datetime.combine(_weekday_before(today), time(), zone)
    return lies(settings.register_url, today, since, who_looks(settings, today))


def lies(
    url: str, today: date, since: datetime, person: Person | None = None, of: Container[str] | None = None
) -> Morning:
    """What lies on the desk on a day, for a person, `of` procedures by their codes; none means all.

    What belongs to no case, as a movement, is of all of them. Raises: NotReachable.
    """
    due = clocks.due(url, today, WITHIN)
    by_number = views.procedures(url) if of is not None else {}

    def is_meant(number: str) -> bool:
        return of is None or number not in by_number or by_number[number] in of

    due = [told for told in due if is_meant(told.clock.number)]
    ours = [told for told in due if told.clock.desk == OURS and told.clock.due_on]
    theirs = _colleagues(url, today, person) if person else set()
    return Morning(
        today=today,
        person=person,
        ours=[told for told in ours if told.clock.officer not in theirs],
        colleagues=sum(told.clock.officer in theirs for told in ours),
        others=[told for told in due if told.clock.desk != OURS and told.overdue],
        to_sign=[
            one
            for one in preparations.waiting(url)
            if is_meant(one.number) and (not person or one.by != person.name)
        ],
        letters=[
            one for one in notices.notices(url) if one.state in notices.FOR_A_PERSON and is_meant(one.number)
        ],
        movements=[one for one in accounts.waiting(url) if one.state != "read"],
        since=since.date(),
        news=[one for one in views.news(url, since) if is_meant(one.number)],
    )


def show(told: Morning, output: Output) -> None:
    """Shows it, part by part; a part in which nothing lies is left out."""
    if output == "json":
        return print_json(_document(told))
    day, who = f"{worded(f'weekday.{told.today.isoweekday()}')} {told.today}", told.person
    person = who and (who.name if who.function in ("", who.name) else f"{who.name}, {who.function}")
    say(worded("desk.of", day=day, person=person) if who else worded("desk.of-nobody", day=day))
    parts = (
        ("desk.ours", DUE, [*map(_due, told.ours)], f"umn due {WITHIN} --desk {OURS}"),
        ("desk.others", DUE, [*map(_due, told.others)], "umn list --overdue"),
        ("desk.to-sign", SIGNED, [*map(_to_sign, told.to_sign)], "umn sign"),
        ("desk.letters", ("notice", "state", "why", "command"), [*map(_letter, told.letters)], "umn notices"),
        ("desk.movements", MOVED, [*map(_movement, told.movements)], "umn payments"),
        ("desk.news", NEW, _news(told.news), "umn list"),
    )
    for key, columns, rows, command in parts:
        if rows:
            title = worded(key, n=len(rows), since=told.since)
            show_table(columns, rows[:SHOWN], title=title)
            if len(rows) > SHOWN:
                say(worded("desk.more", n=len(rows) - SHOWN, command=command))
    if marks := legend([*told.ours[:SHOWN], *told.others[:SHOWN]]):
        say(f"{worded('language.semicolon').join(marks)}.")
    if told.colleagues:
        say(worded("desk.colleagues", n=told.colleagues, command=f"umn due {WITHIN} --desk {OURS}"))
    if not any(rows for _, _, rows, _ in parts):
        say(worded("desk.nothing"))
    return None


def _colleagues(url: str, today: date, person: Person) -> set[str]:
    """Those who are here today, but for one: what somebody who has left had in hand is everybody's."""
    here = {name for name, known in people.known(url).items() if known.is_here(today)}
    return here - {person.name}


DUE = ("number", "falls-due", "subject", "due", "left", "silence", "command")
SIGNED = ("number", "what", "prepared-by", "command")
MOVED = ("movement", "booked", "amount", "why", "command")
NEW = ("number", "what", "by", "phase", "subject")


def _due(told: clocks.DueClock) -> Cells:
    clock = told.clock
    silence = Message(f"due.silence-{clock.silence.replace('_', '-')}", on=clock.effect_on)
    return (
        clock.number,
        what(clock.ref),
        short(clock.title, 28),
        marked(told),
        time_left(told),
        silence.in_words() if clock.silence and clock.effect_on else "",
        f"umn next {clock.number}",
    )


def _to_sign(one: preparations.Preparation) -> Cells:
    return one.number, one.command, one.by, f"umn sign {one.preparation}"


def _letter(one: notices.Notice) -> Cells:
    command = {
        "to_post": f"umn notices posted {one.key} --on DAY",
        "to_forward": f"umn notices again {one.key} --to ADDRESS",
    }.get(one.state, f"umn notices again {one.key}")
    return one.key, notices.STATES[one.state].in_words(), short(one.reason, 60), command


def _movement(one: accounts.Waiting) -> Cells:
    from office.money.showing import waits_for

    return (
        one.id,
        str(one.booked_on),
        f"{amount(one.cents)} {one.currency}",
        waits_for(one),
        "umn payments",
    )


def _news(news: Sequence[views.Newest]) -> list[Cells]:
    known = cache(word)
    return [
        (one.number, act_name(one.act), who_acted(one.by), known(one.phase), short(one.title, 28))
        for one in news
    ]


def _document(told: Morning) -> dict[str, Any]:
    return {
        "day": told.today,
        "person": told.person.name if told.person else None,
        "ours": [*map(due_clock, told.ours)],
        "colleagues": told.colleagues,
        "others": [*map(due_clock, told.others)],
        "to_sign": [one.preparation for one in told.to_sign],
        "letters": [*map(by_name, told.letters)],
        "movements": [*map(by_name, told.movements)],
        "since": told.since,
        "news": [*map(by_name, told.news)],
    }


def _weekday_before(today: date) -> date:
    """The last day before this one on which people work as a rule."""
    return today - timedelta(days=max(1, today.weekday() - 4) if today.weekday() else 3)
