"""The clocks of open cases as a calendar feed (iCalendar, RFC 5545): one event of a day per clock.

An event keeps its identifier for as long as its clock runs. When the day moves, the same event moves:
its sequence is the number of the last entry of the case, and its stamp the instant of that entry, so
that the same register always gives the same feed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event

from models.due import what
from models.messages import Message, reader, word, worded
from office.showing import one_line
from register.clocks import RunningClock


def feed(clocks: Iterable[RunningClock]) -> str:
    """The feed. A clock that stands still has no day, and no event until it runs again."""
    calendar = Calendar()
    calendar.add("prodid", f"-//umn//umn due//{reader().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", worded("calendar.title"))
    for clock in clocks:
        if clock.due_on is not None:
            calendar.add_component(_event(clock, clock.due_on))
    return str(calendar.to_ical().decode())


def _event(clock: RunningClock, due_on: date) -> Event:
    entered_at = datetime.fromisoformat(clock.recorded_at)
    desk, phase = word(clock.desk), word(clock.phase)
    said = [
        worded(
            "calendar.kind-of-applicant",
            kind=word(clock.kind),
            applicant=clock.holder or Message("calendar.no-applicant"),
        ),
        worded("calendar.phase-and-turn", phase=phase, desk=desk),
    ]
    if clock.degree in ("assumed", "read"):
        said.append(worded(f"calendar.{clock.degree}"))
    if clock.assumed:
        said.append(worded("calendar.assumed-day"))
    event = Event()
    event.add("uid", _identifier(clock))
    event.add("dtstamp", entered_at)
    event.add("last-modified", entered_at)
    event.add("sequence", clock.entry)
    event.add("dtstart", due_on)
    event.add("transp", "TRANSPARENT")
    marks = "†" if clock.assumed else ""
    title = one_line(f"{clock.number}: {what(clock.ref)}{marks} ({clock.title})")
    event.add("summary", title)
    event.add("description", "\n".join(map(one_line, said)))
    event.add("categories", [desk])
    event.add_component(_alarm(due_on, title))
    return event


def _alarm(due_on: date, title: str) -> Alarm:
    """Rings at nine in the morning of the last weekday before."""
    before = 3 if due_on.isoweekday() == 1 else 2 if due_on.isoweekday() == 7 else 1
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-before, hours=9))
    alarm.add("description", title)
    return alarm


def _identifier(clock: RunningClock) -> str:
    """Made from number and clock alone; two clocks never share one."""
    return f"{quote(clock.number)}.{quote(clock.ref).replace('.', '%2E')}@umn"
