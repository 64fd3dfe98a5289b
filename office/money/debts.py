"""What each debtor owes that is late, the interest on all of it together, and when each claim lapses."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from models.errors import BeyondHorizon
from models.interest import claimed, interest
from models.objection import Interruption
from office.law.agency import read
from office.settings import Settings
from procedures.books import applicable_law
from register.debts import Owing, owing


def debts(settings: Settings, today: date) -> list[dict[str, Any]]:
    """The debtors that owe something, with interest up to and with today. Raises: NotReachable.

    The terms of interest are those of the procedure of the debtor's oldest invoice.
    """
    books, told = read(settings.law), []
    for _, invoices in groupby(owing(settings.register_url, today), key=lambda one: one.debtor):
        late = list(invoices)
        law = applicable_law(late[0].procedure, None, today, books)
        due = claimed(interest([one.debt for one in late], law.interest, today), law.interest)
        owed = sum(one.owed for one in late)
        if not owed and not due:
            continue
        told.append(
            {
                "debtor": late[0].debtor,
                "name": late[0].name,
                "owed_cents": owed,
                "interest_cents": due,
                "invoices": [
                    {
                        "invoice": one.invoice,
                        "number": one.number,
                        "owed_cents": one.owed,
                        "payable_until": one.payable_until,
                        "lapses_on": lapses_on(one, today, settings),
                    }
                    for one in late
                ],
            }
        )
    return told


def interest_of(settings: Settings, year: int, today: date) -> int:
    """The interest that arose in a year, up to and with today, of all debtors, in cents.

    It is no part of what is reconciled: the account of a case asks the contribution alone.
    """
    books, total = read(settings.law), 0
    ends, before = min(today, date(year, 12, 31)), date(year - 1, 12, 31)
    for _, invoices in groupby(owing(settings.register_url, today), key=lambda one: one.debtor):
        late = list(invoices)
        terms = applicable_law(late[0].procedure, None, today, books).interest
        asked = [claimed(interest([one.debt for one in late], terms, day), terms) for day in (before, ends)]
        total += max(0, asked[1] - asked[0])
    return total


def lapses_on(one: Owing, today: date, settings: Settings) -> date | None:
    """The last day of a claim, counted anew from what interrupted it in time; none while it is contested.

    Law: Act of 20 July 2006, art. 14/24; the clause `limitation`, of a demand that of its own day.
    """
    books, since = read(settings.law), one.claimable_from
    law = applicable_law(one.procedure, None, today, books)
    try:
        ends = law.clock("limitation", since).due_on(law.calendar) if since else None
        for on, manner in one.interrupted:
            of_day = applicable_law(one.procedure, None, on, books)
            interrupts = manner != Interruption.DEMAND or of_day.runs_from_sending("limitation")
            if ends and on <= ends and interrupts:
                ends = law.clock("limitation", on).due_on(law.calendar)
    except BeyondHorizon:
        return None
    return ends
