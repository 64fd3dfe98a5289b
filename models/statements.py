"""What a bank statement tells, in whatever form it came.

Of the payer only a short name and the account are kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from models.messages import Message


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as a statement tells it: an entry of the statement, or one of the parts that it details.

    `entry` is the place of its entry in the statement: parts of one entry have the same. `reference` is the
    bank's own, and empty where the bank gives none; parts have that of their entry.
    """

    entry: int
    sequence: str
    reference: str
    booked_on: date
    cents: int
    structured: str = ""
    communication: str = ""
    reversal: bool = False
    reverses: str = ""
    payer: str = ""
    payer_account: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The balance of an account before, between and after the entries that a statement tells of one day.

    `entries` are their places in the statement. Some banks tell a day backwards.
    """

    day: date
    start: int
    end: int
    between: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()

    @property
    def passes(self) -> set[int]:
        """The balances between its entries, told in either order."""
        return {*self.between, *self._backwards}

    def follow(self, balance: int) -> set[int]:
        """The entries that follow a balance between them, in whichever order the day is told."""
        found = [
            set(self.entries[nth:]) for nth, one in enumerate(self.between, start=1) if one == balance
        ] + [set(self.entries[:nth]) for nth, one in enumerate(self._backwards, start=1) if one == balance]
        return set.intersection(*found) if found else set()

    def lead_to(self, balance: int) -> set[int]:
        """The entries that lead to a balance between them, in whichever order the day is told."""
        found = [
            set(self.entries[:nth]) for nth, one in enumerate(self.between, start=1) if one == balance
        ] + [set(self.entries[nth:]) for nth, one in enumerate(self._backwards, start=1) if one == balance]
        return set.intersection(*found) if found else set()

    @property
    def _backwards(self) -> tuple[int, ...]:
        return tuple(self.start + self.end - balance for balance in self.between)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account: what it began and ended with, and what moved between.

    `number` is what the bank calls it; banks also call each one the same, or one anew each time they tell it.
    """

    account: str
    currency: str
    number: str
    opening: int
    closing: int
    closed_on: date
    movements: tuple[Told, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its balances day by day, the day of its closing always among them."""
        moved: dict[date, list[int]] = {self.closed_on: []}
        entries: defaultdict[date, list[int]] = defaultdict(list)
        entry: tuple[date, int] | None = None
        for told in self.movements:
            cents = moved.setdefault(told.booked_on, [])
            if entry == (told.booked_on, told.entry):
                cents[-1] += told.cents
            else:
                cents.append(told.cents)
                entries[told.booked_on].append(told.entry)
            entry = told.booked_on, told.entry
        found: list[Span] = []
        balance = self.opening
        for day in sorted(moved):
            steps = list(accumulate(moved[day], initial=balance))
            found.append(Span(day, balance, steps[-1], tuple(steps[1:-1]), tuple(entries[day])))
            balance = steps[-1]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file of statements that adds up; the accounts in it that are not ours are left out by name."""

    sha256: str
    name: str
    form: str
    statements: tuple[Statement, ...] = ()
    left_out: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()
