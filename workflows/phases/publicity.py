"""What is to be published of a programme, and until when: a limit that no phase waits for.

Law: the clause of the time to publish that the programme carries. It runs from the entry into force, from
each modification, modality, suppression and end, by the day on which that happened: what is entered late is
overdue at once, and never counted from its entry. It ends when the register was published, or when a person
records that it stands on the website.
Silence: a flag, and a notice to the desk. Where something else is to be published meanwhile, the earlier day
stands, and the other one after it, unless what was published then holds both.
"""

from __future__ import annotations

from datetime import date

from models.acts import PublicationRecorded
from models.clock import Limit, Rules, SecondReading, Unit
from models.entry import LetterKind
from models.programme import Programme
from workflows import beside
from workflows.case import Case


def to_be_published(case: Case, programme: Programme, since: date) -> None:
    """Starts the time to publish what happened on a day, in what the public sees or has seen."""
    clause = programme.law.publication
    if clause and programme.public_list:
        beside.ask(case, clause, since)


def list_for_publication(case: Case, programme: Programme, silent_until: date | None = None) -> None:
    """From now on the public sees the programme, where its procedure has a list for it.

    Interpretation: what silence set up is published from the last day of it, or from the day after: two
    readings, of which the earlier day is told.
    """
    if programme.public_list and programme.in_force_on:
        case.note(handed_over_for_publication=programme.public_list.value)
        case.tell(LetterKind.PUBLICATION, on=programme.in_force_on)
        to_be_published(case, programme, silent_until or programme.in_force_on)
        if silent_until and (clock := case.clocks.get(programme.law.publication)):
            clock.second = SecondReading(started_on=programme.in_force_on)


def keep_its_day(case: Case) -> None:
    """A time to publish that has passed keeps its last day under the law and calendar of another year."""
    clause, calendar = case.law.publication, case.law.calendar
    asked = [case.clocks[clause], *case.carries.waiting.get(clause, ())] if clause in case.clocks else []
    for clock in asked:
        due_on = clock.due_on(calendar)
        if due_on and due_on < case.today:
            days = (due_on - clock.started_on).days
            clock.limit, clock.rules = Limit(amount=days, unit=Unit.CALENDAR_DAYS), Rules.PLAIN


def recorded(act: PublicationRecorded) -> None:
    """It stands on the website: the limit ends with the act itself, on its day."""
