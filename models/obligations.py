"""Something owed by a day: reminded of, fulfilled, or told to be late and escalated.

One machine for all that is owed under a programme; what is owed, by whom and what follows is the procedure's
(models/law/owed.py). The day is counted from the day on which the programme came into force, so that it never
drifts, or a decision fixed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from models.clock import ONE_DAY, Clock, Limit, SecondReading, Unit, add_months, days_before
from models.law.applicable import Law
from models.law.owed import Missed, Owed
from models.messages import coded, decoded
from models.travelling import Travelling

PROPOSAL = "change-proposal"
"""How a timetable names the day on which a change or the end of a programme is proposed."""


class Press(StrEnum):
    """What a day brings to an obligation that nobody fulfils."""

    REMINDED = "reminded"
    MISSED = "missed"
    PROPOSED = "leads to a proposal"


class Filed(StrEnum):
    """When something was done that is owed: before its first reminder, by its day, or later."""

    EARLY = "early"
    ON_TIME = "on time"
    LATE = "late"


class Obligation(Travelling):
    """One obligation of a programme: that of a year, of a period, or the condition of a number.

    `of` tells it apart from the others of its kind: its year, its day, or its number. `from_on` is the first
    day of its period, `ends_on` the day on which that ends, and `interval` its clause; `late_on` is its last
    day on the later reading. One that a decision fixed has none of these, and says in `text` what is owed;
    one that was asked for on the day `requested_on` has no period, and nobody is reminded of it.
    `in_doubt`: since a fact came, the law can be read to ask it no more.
    `filed_on` and `dossier` say that its dossier is examined, `missed_on` from which day it was told to be
    late, `done_on` that nothing is owed any more.
    """

    owed: str
    of: str
    due_on: date
    late_on: date | None = None
    from_on: date | None = None
    ends_on: date | None = None
    interval: str = ""
    in_doubt: bool = False
    text: str = ""
    requested_on: date | None = None
    reminders: int = 0
    filed_on: date | None = None
    dossier: str | None = None
    filed: Filed | None = None
    missed_on: date | None = None
    proposed_on: date | None = None
    declined_on: date | None = None
    done_on: date | None = None

    @property
    def ref(self) -> str:
        """How its day is named among all that falls due."""
        return f"{self.owed}-{self.of}"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be fulfilled: nothing was filed for it, and nothing done."""
        return self.filed_on is None and self.done_on is None

    @property
    def over_on(self) -> date | None:
        """The day on which its period ended, or on which it was asked for; none of what a decision fixed."""
        return self.ends_on or self.requested_on

    @property
    def was_told(self) -> bool:
        """Whether a letter told of its day."""
        return bool(self.reminders or self.missed_on)

    @property
    def proposal_open(self) -> bool:
        """Whether a change of the programme is proposed because of it: also while its dossier is examined."""
        return bool(self.proposed_on and not self.declined_on and not self.done_on)

    @property
    def passed_after(self) -> date:
        """Its last day on every reading: only after it anybody is late."""
        return max(self.late_on or self.due_on, self.due_on)

    def at_once(self, owed: Owed) -> bool:
        """Whether the day of a renewal had passed when the last day was fixed: it is due on the later one."""
        return bool(owed.renews and self.late_on and self.late_on > self.due_on)

    def behind(self, owed: Owed) -> tuple[str, ...]:
        """The clauses behind its day: those of its interval, and what follows where it is due at once.

        Behind one that was asked for stands the clause by which that may be.
        """
        if self.requested_on:
            return (self.interval,)
        return (*owed.behind(self.interval), *([owed.renews] if self.at_once(owed) else []))

    def facts(self, owed: Owed) -> dict[str, Any]:
        """What an entry and a letter state of it."""
        if self.requested_on:
            return {"clause": self.ref, "requested_on": self.requested_on, "due_on": self.due_on}
        if not owed.every:
            return {owed.ref: int(self.of), "text": self.text, "due_on": self.due_on}
        if owed.by_year:
            return {"year": self.due_on.year, "due_on": self.due_on}
        assert self.ends_on
        later = {"late_on": self.late_on} if self.late_on and self.late_on != self.due_on else {}
        return {"from_on": self.from_on, "until_on": self.ends_on - ONE_DAY, "due_on": self.due_on, **later}

    def _reminders(self, owed: Owed, law: Law) -> list[date]:
        return [] if self.requested_on else reminders_of(self.due_on, owed, law)

    def remind(self, owed: Owed, law: Law, today: date) -> None:
        """Passes the reminders whose day has come; those missed while nothing ran are one."""
        days = self._reminders(owed, law)
        while self.reminders < len(days) and days[self.reminders] <= today:
            self.reminders += 1

    def file(self, dossier: str, on: date, owed: Owed, law: Law) -> None:
        """A dossier was filed for it."""
        self.filed_on, self.dossier = on, dossier
        self._filed(on, owed, law)

    def fulfil(self, on: date, owed: Owed, law: Law) -> None:
        """An act did what is owed."""
        self.done_on = on
        self._filed(on, owed, law)

    def _filed(self, on: date, owed: Owed, law: Law) -> None:
        first = next(iter(self._reminders(owed, law)), self.requested_on or self.due_on)
        in_time = Filed.EARLY if on < first else Filed.ON_TIME
        self.filed = in_time if on <= self.passed_after else Filed.LATE

    def reopen(self) -> None:
        """Its dossier ended without being examined on the merits: it counts as not filed."""
        self.filed_on, self.dossier, self.filed = None, None, None

    def next_press(self, owed: Owed, law: Law, suspended: bool) -> tuple[date, Press] | None:
        """The next day on which it is pressed for. While the programme is suspended, no proposal is made."""
        if not self.is_open:
            return None
        if self.missed_on is None:
            days = self._reminders(owed, law)
            if self.reminders < len(days):
                return days[self.reminders], Press.REMINDED
            return self.passed_after + ONE_DAY, Press.MISSED
        escalates = owed.missed is Missed.PROPOSE and not self.requested_on
        if escalates and self.proposed_on is None and not suspended:
            return proposed_on(self.missed_on, owed, law), Press.PROPOSED
        return None


def reminders_of(due_on: date, owed: Owed, law: Law) -> list[date]:
    """The days on which an obligation is reminded of."""
    return [days_before(due_on, rung) for rung in law.ladder(owed.reminders)]


def proposed_on(missed_on: date, owed: Owed, law: Law) -> date:
    """The day on which an obligation that nobody fulfilled leads to a proposal."""
    return missed_on + timedelta(days=law.limit(owed.escalation).amount if owed.escalation else 0)


def ends_in(
    owed: Owed, since: date, year: int, law: Law, facts: Mapping[str, date]
) -> list[tuple[date, str]]:
    """The days on which periods end in a year, the anniversary at its end included, each with its interval.

    Always counted from the first day of the programme. The shorter interval of the time before a fact ends
    no period from the day of that fact on: the law asks whether it has come, not when within the period.
    """
    ends: dict[date, str] = {}
    came_on = facts.get(owed.until, date.max)
    for interval in filter(None, (owed.every, owed.meanwhile)):
        every = law.months(interval)
        for months in range(12 * (year - 1) // every * every + every, 12 * year + 1, every):
            end = add_months(since, months)
            if interval == owed.every or end < came_on:
                ends[end] = interval
    return sorted(ends.items())


def on_request(owed: Owed, on: date, due_on: date | None, law: Law) -> Obligation:
    """What is asked for on a day, called by that day: due when it was said, or as the clause says."""
    timed = law.has_limit(owed.on_request)
    clock = law.clock(owed.on_request, on) if timed and not due_on else None
    return Obligation(
        owed=owed.ref,
        of=str(on),
        interval=owed.on_request,
        requested_on=on,
        due_on=due_on or (clock.due_on(law.calendar) if clock else None) or on,
        late_on=clock.late_on(law.calendar) if clock else None,
    )


def of_period(owed: Owed, from_on: date, ends_on: date, interval: str, since: date, law: Law) -> Obligation:
    """What is owed for a period; called by its year, and a second one of a year by its day."""
    clock = clock_of(owed, ends_on, since, law)
    due_on = (clock.due_on(law.calendar) if clock else None) or ends_on
    by_year = owed.by_year and from_on.year < due_on.year
    return Obligation(
        owed=owed.ref,
        of=str(due_on.year if by_year else due_on),
        from_on=from_on,
        ends_on=ends_on,
        interval=interval,
        due_on=due_on,
        late_on=clock.late_on(law.calendar) if clock else None,
    )


def clock_of(owed: Owed, ends_on: date, since: date, law: Law) -> Clock | None:
    """The clock of what is answered within a time after the end of a period, or is owed a time ahead of it.

    There is none where it is due on that day itself.

    A period from the 31st that ends in a month without one ends on the last day of that month, or on the
    first day of the next: the second reading starts there.
    """
    if not owed.within:
        return _ahead_of(owed, ends_on, law) if owed.ahead else None
    clock = law.clock(owed.within, ends_on)
    if owed.ahead:
        counted = {"clause": owed.ahead, "ahead": law.limit(owed.ahead), "second": None}
        return clock.model_copy(update=counted)
    if ends_on.day != since.day:
        second = clock.second or SecondReading()
        clock.second = second.model_copy(update={"started_on": ends_on + ONE_DAY})
    return clock


def _ahead_of(owed: Owed, ends_on: date, law: Law) -> Clock:
    """The clock of what is owed a time before its period ends: counted back from that day."""
    clock = law.clock(owed.ahead, ends_on)
    ahead, none = clock.limit, Limit(amount=0, unit=Unit.MONTHS)
    return clock.model_copy(update={"limit": none, "ahead": ahead, "second": None})


def timetable(
    since: date,
    year: int,
    law: Law,
    conditions: Iterable[tuple[int, date]] = (),
    facts: Mapping[str, date] | None = None,
) -> dict[str, date]:
    """What falls due for one year of a programme under a law, if nothing is done: by what it is.

    `conditions` are numbers and days of those that a decision fixed and that are not met.
    """
    days: dict[str, date] = {}
    for owed in law.obligations:
        of_year = [Obligation(owed=owed.ref, of=str(n), due_on=due_on) for n, due_on in conditions]
        if owed.every:
            from_on, of_year = add_months(since, 12 * (year - 1)), []
            for ends_on, interval in ends_in(owed, since, year, law, facts or {}):
                of_year.append(of_period(owed, from_on, ends_on, interval, since, law))
                from_on = ends_on
        for each in of_year:
            if owed.every:
                days[coded(owed.ref, each.of)] = each.due_on
            for rung, on in enumerate(reminders_of(each.due_on, owed, law), start=1):
                days[coded(f"{owed.ref}-reminder", each.of, rung)] = on
            if owed.missed is Missed.PROPOSE:
                days[coded(PROPOSAL, each.of)] = proposed_on(each.passed_after + ONE_DAY, owed, law)
    return days


def day_named(code: str) -> str:
    """A day of a timetable in words; what is no day of one, as it is spelt."""
    return decoded(code, "timetable", ("of", "reminder")[: code.count(":")]).in_words()
