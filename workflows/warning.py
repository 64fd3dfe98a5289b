"""Warnings before a limit ends, to whoever has to act: once for each day of the ladder.

Practice of the agency, not law: the ladder stands beside the clause (models/law/time_limits.py). A
warning moves when the date moves; one that was given for the old date is given again for the new one.
The last warning says what silence will mean; the day after the limit is told by the phase itself.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.clock import Calendar, Limit, before
from models.entry import LetterKind
from models.errors import BeyondHorizon
from models.phases import Phase

if TYPE_CHECKING:
    from workflows.proceeding import Proceeding


class Warned(NamedTuple):
    """How many rungs of a ladder are behind us, for the due date that they were counted from."""

    due_on: date
    rungs: int


def warns_on(proceeding: Proceeding) -> date | None:
    """The next day on which somebody is warned, of any clock that runs.

    Rungs that already lie behind when a due date becomes known are passed over in silence.
    """
    return min((day for clause in proceeding.clocks for day in coming(proceeding, clause)), default=None)


def coming(proceeding: Proceeding, clause: str) -> list[date]:
    """The days on which warnings of a clock are still to come."""
    due_on = proceeding.clocks[clause].due_on(proceeding.law.calendar)
    if due_on is None or due_on < proceeding.today:
        return []
    days = sorted(_before(due_on, rung, proceeding.law.calendar) for rung in proceeding.law.warnings(clause))
    warned = proceeding.warned.get(clause)
    if warned is None or warned.due_on != due_on:
        warned = Warned(due_on, sum(day <= proceeding.today for day in days))
        proceeding.warned[clause] = warned
    return days[warned.rungs :]


def warn(proceeding: Proceeding, phase: Phase, silence: str) -> None:
    """Warns of every clock whose day has come; days missed while nothing ran are told as one."""
    today, law = proceeding.today, proceeding.law
    to_come = {clause: coming(proceeding, clause) for clause in proceeding.clocks}
    come = {clause: [day for day in days if day <= today] for clause, days in to_come.items()}
    come = {clause: days for clause, days in come.items() if days}
    if not come:  # the limit itself ended while nothing ran
        return
    proceeding.happens("LimitWarned", clauses=list(come))
    for clause, days in come.items():
        due_on, rungs = proceeding.warned[clause]
        proceeding.warned[clause] = Warned(due_on, rungs + len(days))
        proceeding.tell(
            LetterKind.LIMIT_WARNING,
            law.desk(clause),
            (clause,),
            phase=phase.value,
            clause=clause,
            due_on=due_on,
            working_days_left=law.calendar.working_days_between(today, due_on),
            last=days == to_come[clause],
            silence=silence,
        )


def _before(due_on: date, rung: Limit, calendar: Calendar) -> date:
    """The day of a warning; a rung that reaches beyond the calendar lies behind us."""
    try:
        return before(due_on, rung, calendar)
    except BeyondHorizon:
        return date.min
