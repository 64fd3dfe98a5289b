"""The next day on which a case does something by itself, and at which hour of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from models.waking import wakes_at
from workflows import beside, invoicing, warning
from workflows.case import Case


class Waking(NamedTuple):
    """A civil day that a case waits for, and the instant of it at which it is woken at the latest."""

    on: date
    at: datetime


def next_waking(case: Case, phase_wakes_on: date | None, only_tells: bool) -> Waking | None:
    """The earliest day of its phase and of what runs beside it: limits, an unpaid invoice, warnings.

    `only_tells` is said of the day of the phase. Warnings and reminders never do more.
    """
    passes_on = beside.wakes_on(case)
    days = (phase_wakes_on, passes_on, invoicing.pressing_day(case), warning.warns_on(case))
    on = min(filter(None, days), default=None)
    if on is None:
        return None
    tells = (only_tells or on != phase_wakes_on) and (on != passes_on or beside.only_tells(case, on))
    return Waking(on, wakes_at(on, case.carried.number, tells))
