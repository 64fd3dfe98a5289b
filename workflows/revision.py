"""A change of law or calendar that reaches a running case: every day that moves is noted and told.

Law: each value says whom it reaches; clocks that run follow one only once a person has signed for that.
What is changed is the law that the case carries: no live value is looked up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.acts import ClosingDayAdded, LawChanged, Revision
from models.clock import ClosingDay
from models.entry import LetterKind
from models.law.applicable import Change
from models.law.clause import Applied
from models.parties import Role
from workflows.beside import running
from workflows.case import Case


def revise(case: Case, revision: Revision) -> None:
    """The law of the case is changed, and every day that moves is noted and told."""
    were = {clause: case.last_day(clause) for clause in case.clocks}
    change = change_of(case, revision)
    case.go_on_under(change)
    for applied in change.applied:
        follow(case, applied)
    tell_moved(case, were)


def tell_moved(case: Case, were: Mapping[str, date | None]) -> None:
    """Every last day that is another one than it was is noted, and told to whoever has to know it."""
    now = {clause: case.last_day(clause) for clause in case.clocks}
    warned = case.carried.warned
    case.carried.warned = {c: told for c, told in warned.items() if told.due_on == now.get(c)}
    moved = [clause for clause in now if clause in were and now[clause] != were[clause]]
    case.note(moved=[{"clause": c, "was": were[c], "due_on": now[c]} for c in moved])
    for clause in moved:
        desk = case.law.desk(clause)
        ours = desk == Role.DESK and clause not in running(case)  # those of our own that it was told
        told = (desk, Role.APPLICANT) if ours else (desk,)
        was, due_on = were[clause], now[clause]
        for role in told:
            case.tell(LetterKind.DATE_MOVED, role, (clause,), clause=clause, was=was, due_on=due_on)


def change_of(case: Case, revision: Revision) -> Change:
    """What is changed, as the entry tells it. Returns: the change of this very law."""
    law = case.law.digest
    match revision:
        case ClosingDayAdded():
            closing = ClosingDay(
                day=revision.day,
                reason=revision.reason,
                by=revision.by,
                entered_on=case.today,
                published_on=revision.published_on,
            )
            case.note(day=revision.day, published_on=revision.published_on, reason=revision.reason)
            return Change(of=law, closing=closing)
        case LawChanged():
            applied = revision.applied
            case.note(clause=applied.clause, article=applied.article, from_on=applied.from_on)
            case.note(transition="correction" if revision.correction else "running")
            return Change(of=law, applied=(applied,))
        case _:
            raise NotImplementedError(type(revision).__name__)


def follow(case: Case, applied: Applied) -> None:
    """A clock takes over a new limit; not one that has ended, nor one that it would have ended."""
    clock = case.clocks.get(applied.clause)
    case.carried.warned.pop(applied.clause, None)
    if clock is None or not applied.limits:
        return
    ends = clock.due_on(case.law.calendar)
    new = applied.clock(clock.started_on)
    changed = clock.model_copy(update={"limit": new.limit, "rules": new.rules, "second": new.second})
    would_end = changed.due_on(case.law.calendar)
    if all(day is None or day >= case.today for day in (ends, would_end)):
        law, degree = case.law.digest, applied.degree
        clock.follow(changed.limit, changed.rules, changed.second, law, applied.from_on, degree, case.today)
