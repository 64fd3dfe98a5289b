"""Interest on what a debtor owes altogether: whole cents, month by month.

Law: Act of 20 July 2006, art. 14/17; the clauses `interest`, `interest-step` and `interest-floor`. Each month
that has begun counts whole, on the total that the debtor owes then, rounded down to a step. A rate of 0.8 %
on steps of 10 euro is 8 cents a step: nothing is ever rounded but the total.
Interpretation: the months run from the first day on which anything of the debtor is late on every reading;
what becomes late within a month is counted from the next one on, and what is paid on the day on which a
month begins is owed no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.clock import add_months
from models.travelling import Travelling


class Terms(Travelling, frozen=True):
    """What a month costs for each step of what is owed, the step, and from what on it is asked; in cents."""

    a_step: int
    step: int
    floor: int


@dataclass(frozen=True)
class Debt:
    """An invoice: what it asked, its first day of being late, what was taken off it and when; in cents."""

    asked: int
    late_from: date
    taken_off: tuple[tuple[date, int], ...] = ()

    def owed_on(self, day: date) -> int:
        """What is owed of it and late on a day."""
        if day < self.late_from:
            return 0
        return max(0, self.asked - sum(cents for on, cents in self.taken_off if on <= day))


def interest(debts: Sequence[Debt], terms: Terms, until: date) -> int:
    """The interest of one debtor up to and with a day, in cents, whether or not it reaches the floor."""
    days = sorted({debt.late_from for debt in debts} | {on for debt in debts for on, _ in debt.taken_off})
    total = 0
    while began := next((day for day in days if _owed(debts, day)), None):
        month = 0
        while (day := add_months(began, month)) <= until and (owed := _owed(debts, day)):
            total += owed // terms.step * terms.a_step
            month += 1
        days = [later for later in days if later > day]  # all was paid: a later debt begins months anew
    return total


def claimed(cents: int, terms: Terms) -> int:
    """What is asked of it: nothing below the floor."""
    return cents if cents >= terms.floor else 0


def _owed(debts: Sequence[Debt], day: date) -> int:
    return sum(debt.owed_on(day) for debt in debts)
