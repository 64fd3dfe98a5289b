"""Warnings before a limit ends, day by day, at a desk of a few lines instead of a server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.account import Account
from models.entry import LetterKind
from models.law.applicable import Law
from models.law.clause import calendar_days, working_days
from models.receipts import Docket
from procedures.be_umn.words import Kind, Phase
from procedures.books import applicable_law
from workflows.case import Case
from workflows.warning import warn, warns_on

OPENED = date(2026, 11, 2)
LAW = applicable_law("CUP", Kind.APPLICATION, OPENED)


class Desk(Case):
    """A case of a few limits, of which each warning is kept with its day."""

    today = OPENED

    def __init__(self, *clauses: str, law: Law = LAW) -> None:
        number = "CUP-2026-001"
        super().__init__(Account.model_construct(number=number, opened_on=OPENED, docket=Docket(), law=law))
        self.said: list[tuple[date, str, int, bool]] = []
        self.entries = 0
        for clause in clauses:
            self.start(clause, OPENED)

    def happens(self, act: str, *args: Any, **facts: Any) -> None:
        super().happens(act, *args, **facts)
        self.entries += 1

    def tell(self, letter: LetterKind, *args: Any, **facts: Any) -> None:
        super().tell(letter, *args, **facts)
        self.said.append((self.today, facts["clause"], facts["working_days_left"], facts["last"]))

    def lives_until(self, day: date, asleep: tuple[date, date] | None = None) -> None:
        """Each day in turn, but for days on which nothing runs."""
        while self.today <= day:
            if not (asleep and asleep[0] <= self.today <= asleep[1]):
                on = warns_on(self)
                if on and on <= self.today:
                    warn(self, Phase.DECISION)
            self.today += timedelta(days=1)


def test_each_day_of_the_ladder_warns_once_and_the_last_says_so():
    desk = Desk("decision")
    desk.lives_until(desk.due("decision") + timedelta(days=30))
    assert [(left, last) for _, _, left, last in desk.said] == [(10, False), (3, False), (1, True)]


def test_days_missed_while_nothing_ran_are_told_as_one():
    desk = Desk("decision")
    ends = desk.due("decision")
    desk.lives_until(ends, asleep=(ends - timedelta(days=20), ends - timedelta(days=2)))
    assert [(on, last) for on, _, _, last in desk.said] == [(ends - timedelta(days=1), True)]


def test_when_the_limit_itself_ended_meanwhile_nobody_is_warned():
    desk = Desk("decision")
    ends = desk.due("decision")
    desk.lives_until(ends + timedelta(days=9), asleep=(ends - timedelta(days=20), ends))
    assert (desk.said, desk.entries) == ([], 0)


def test_a_warning_moves_when_the_date_moves_and_what_was_told_is_told_for_the_new_date():
    desk = Desk("decision")
    first = desk.due("decision")
    desk.lives_until(first - timedelta(days=12))
    assert len(desk.said) == 1
    desk.clocks["decision"].stop(desk.today)
    desk.lives_until(desk.today + timedelta(days=20))
    assert len(desk.said) == 1  # nothing while it stands still
    desk.clocks["decision"].restart(desk.today)
    desk.lives_until(desk.due("decision"))
    assert [left for _, _, left, _ in desk.said[1:]] in ([3, 1], [10, 3, 1])


def test_a_ladder_written_in_any_order_warns_in_the_order_of_its_days():
    mixed = (working_days(1), calendar_days(20), working_days(3))
    applied = LAW.clauses["decision"].model_copy(update={"warnings": mixed})
    desk = Desk("decision", law=LAW.revised(applied))
    desk.lives_until(desk.due("decision"))
    assert [last for *_, last in desk.said] == [False, False, True]
    assert [on for on, *_ in desk.said] == sorted(on for on, *_ in desk.said)


def test_two_limits_of_one_day_are_one_entry_and_two_letters():
    desk = Desk("ethics-opinion", "commission-opinion")
    desk.lives_until(desk.due("ethics-opinion"))
    assert len(desk.said) == 6
    assert desk.entries == 3


def test_a_limit_shorter_than_the_ladder_is_warned_of_on_the_days_that_lie_within_it():
    desk = Desk("admissibility")
    desk.lives_until(desk.due("admissibility"))
    assert [(left, last) for _, _, left, last in desk.said] == [(2, False), (1, True)]
