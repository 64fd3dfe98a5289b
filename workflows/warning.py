"""Warnings before a limit ends, to whoever has to act: once for each day of the ladder.

Law: none; it is practice, and the ladder stands beside its clause. A warning moves when the date moves; one
that was given for the old date is given again for the new one. It says what silence will mean by its clause,
and from which day, loudest where silence would grant what nobody could; that the limit has passed is told by
the phase itself.
"""

from __future__ import annotations

from datetime import date

from models.clock import Calendar, Limit, before
from models.dossier import Warned
from models.entry import LetterKind
from models.errors import BeyondHorizon
from models.phases import Phase
from workflows.case import Case


def warns_on(case: Case) -> date | None:
    """The next day on which somebody is warned, of any clock that runs.

    Rungs that already lie behind when a due date becomes known are passed over in silence.
    """
    return min((day for clause in case.clocks for day in coming(case, clause)), default=None)


def coming(case: Case, clause: str) -> list[date]:
    """The days on which warnings of a clock are still to come."""
    due_on = case.clocks[clause].due_on(case.law.calendar)
    if due_on is None or due_on < case.today:
        return []
    days = sorted(_before(due_on, rung, case.law.calendar) for rung in case.law.warnings(clause))
    warned = case.carried.warned.get(clause)
    if warned is None or warned.due_on != due_on:
        warned = Warned(due_on=due_on, rungs=sum(day <= case.today for day in days))
        case.carried.warned[clause] = warned
    return days[warned.rungs :]


def warn(case: Case, phase: Phase) -> None:
    """Warns of every clock whose day has come; days missed while nothing ran are told as one."""
    today, law = case.today, case.law
    to_come = {clause: coming(case, clause) for clause in case.clocks}
    come = {clause: [day for day in days if day <= today] for clause, days in to_come.items()}
    come = {clause: days for clause, days in come.items() if days}
    if not come:  # the limit itself ended while nothing ran
        return
    case.happens("LimitWarned", clauses=list(come))
    for clause, days in come.items():
        warned = case.carried.warned[clause]
        due_on, warned.rungs = warned.due_on, warned.rungs + len(days)
        case.tell(
            LetterKind.LIMIT_WARNING,
            law.desk(clause),
            (clause,),
            phase=phase.value,
            clause=clause,
            due_on=due_on,
            working_days_left=law.calendar.working_days_between(today, due_on),
            last=days == to_come[clause],
            **case.effect_of(clause),
            **case.alarms(clause),
        )


def _before(due_on: date, rung: Limit, calendar: Calendar) -> date:
    """The day of a warning; a rung that reaches beyond the calendar lies behind us."""
    try:
        return before(due_on, rung, calendar)
    except BeyondHorizon:
        return date.min
