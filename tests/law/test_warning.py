"""Warnings before a limit ends, day by day, at a desk of a few lines instead of a server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.clock import Clock
from models.law.applicable import applicable_law
from models.law.clause import calendar_days, working_days
from models.law.procedures.shape import Kind
from models.phases import Phase
from workflows.warning import warn, warns_on

OPENED = date(2026, 11, 2)
LAW = applicable_law("CUP", Kind.APPLICATION, OPENED)


class Desk:
    """What a warning sees of a case, and what it says."""

    def __init__(self, *clauses: str, law: Any = LAW) -> None:
        self.law = law
        self.today = OPENED
        self.clocks: dict[str, Clock] = {clause: law.clock(clause, OPENED) for clause in clauses}
        self.warned: dict[str, Any] = {}
        self.said: list[tuple[date, str, int, bool]] = []
        self.entries = 0

    def happens(self, act: str, **facts: Any) -> None:
        self.entries += 1

    def tell(self, letter: Any, role: Any, rests_on: Any, **facts: Any) -> None:
        self.said.append((self.today, facts["clause"], facts["working_days_left"], facts["last"]))

    def lives_until(self, day: date, asleep: tuple[date, date] | None = None) -> None:
        """Each day in turn, but for days on which nothing runs."""
        while self.today <= day:
            if not (asleep and asleep[0] <= self.today <= asleep[1]):
                on = warns_on(self)  # type: ignore[arg-type]
                if on and on <= self.today:
                    warn(self, Phase.DECISION, "no_tacit_decision")  # type: ignore[arg-type]
            self.today += timedelta(days=1)


def due(desk: Desk, clause: str) -> date:
    due_on = desk.clocks[clause].due_on(desk.law.calendar)
    assert due_on
    return due_on


def test_each_day_of_the_ladder_warns_once_and_the_last_says_so():
    desk = Desk("decision")
    desk.lives_until(due(desk, "decision") + timedelta(days=30))
    assert [(left, last) for _, _, left, last in desk.said] == [(10, False), (3, False), (1, True)]


def test_days_missed_while_nothing_ran_are_told_as_one():
    desk = Desk("decision")
    ends = due(desk, "decision")
    desk.lives_until(ends, asleep=(ends - timedelta(days=20), ends - timedelta(days=2)))
    assert [(on, last) for on, _, _, last in desk.said] == [(ends - timedelta(days=1), True)]


def test_when_the_limit_itself_ended_meanwhile_nobody_is_warned():
    desk = Desk("decision")
    ends = due(desk, "decision")
    desk.lives_until(ends + timedelta(days=9), asleep=(ends - timedelta(days=20), ends))
    assert (desk.said, desk.entries) == ([], 0)


def test_a_warning_moves_when_the_date_moves_and_what_was_told_is_told_for_the_new_date():
    desk = Desk("decision")
    first = due(desk, "decision")
    desk.lives_until(first - timedelta(days=12))
    assert len(desk.said) == 1
    desk.clocks["decision"].stop(desk.today)
    desk.lives_until(desk.today + timedelta(days=20))
    assert len(desk.said) == 1  # nothing while it stands still
    desk.clocks["decision"].restart(desk.today)
    desk.lives_until(due(desk, "decision"))
    assert [left for _, _, left, _ in desk.said[1:]] in ([3, 1], [10, 3, 1])


def test_a_ladder_written_in_any_order_warns_in_the_order_of_its_days():
    mixed = (working_days(1), calendar_days(20), working_days(3))
    applied = LAW.clauses["decision"].model_copy(update={"warnings": mixed})
    desk = Desk("decision", law=LAW.revised(applied=applied))
    desk.lives_until(due(desk, "decision"))
    assert [last for *_, last in desk.said] == [False, False, True]
    assert [on for on, *_ in desk.said] == sorted(on for on, *_ in desk.said)


def test_two_limits_of_one_day_are_one_entry_and_two_letters():
    desk = Desk("answers", "completion")
    desk.lives_until(due(desk, "answers"))
    assert len(desk.said) == 6
    assert desk.entries == 3


def test_a_limit_shorter_than_the_ladder_is_warned_of_on_the_days_that_lie_within_it():
    desk = Desk("admissibility")
    desk.lives_until(due(desk, "admissibility"))
    assert [(left, last) for _, _, left, last in desk.said] == [(1, True)]
