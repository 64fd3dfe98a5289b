"""Tells what debtors owe that is late, invoice by invoice: plain questions, nothing is written.

A debtor is known by its enterprise number, else by its name: its contacts may differ from dossier to dossier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.clock import ONE_DAY
from models.interest import Debt
from models.objection import COURT
from register.reading import Questions, questions

_LEAVES = ("PaymentReversed", "SurplusRefunded")


@dataclass(frozen=True, slots=True)
class Owing:
    """An invoice that was late once or is, with its debtor, and the last day on which it was to be paid.

    `claimable_from` is that day, or after an objection the one on which it became final; nothing before that.
    `interrupted` are the days on which the time after which it lapses was interrupted, and by what.
    """

    debtor: str
    name: str
    number: str
    procedure: str
    invoice: str
    owed: int
    payable_until: date
    debt: Debt
    claimable_from: date | None
    interrupted: tuple[tuple[date, str], ...]


def owing(url: str, today: date) -> list[Owing]:
    """The invoices that are late or were, each debtor's together. Raises: NotReachable."""
    with questions(url) as ask:
        return owing_of(ask, today)


def owing_of(ask: Questions, today: date, number: str = "") -> list[Owing]:
    """The same, asked within a transaction; where a number is named, of its debtor alone."""
    rows = ask(
        "SELECT i.invoice, i.number, i.cents, i.cents - i.paid_cents - i.credited_cents, i.due_on, "
        "COALESCE(NULLIF(p.enterprise_number, ''), p.name, i.addressee), COALESCE(p.name, i.addressee), "
        "s.procedure FROM invoice i JOIN current_state s ON s.number = i.number LEFT JOIN party p "
        "ON p.id = i.addressee WHERE i.due_on < ? AND (i.paid_on IS NULL OR i.paid_on > i.due_on) "
        "ORDER BY 6, i.due_on, i.invoice",
        [today.isoformat()],
    )
    meant = {row[5] for row in rows if not number or row[1] == number}
    found = []
    for invoice, of, cents, owed, due_on, debtor, name, procedure in rows:
        if debtor not in meant:
            continue
        last = _payable_until(ask, of) or _day(due_on)
        taken_off = (*_paid(ask, of), *_credited(ask, invoice))
        debt = Debt(asked=cents, late_from=last + ONE_DAY, taken_off=tuple(sorted(taken_off)))
        told = (debtor, name, of, procedure, invoice, max(0, int(owed)), last, debt, *_lapsing(ask, of, last))
        if last < today:
            found.append(Owing(*told))
    return found


def _payable_until(ask: Questions, number: str) -> date | None:
    """The last day to pay on every reading, as the entries of the case told it last."""
    for (clocks,) in ask("SELECT clocks FROM entry WHERE number = ? ORDER BY sequence DESC", [number]):
        for clock in json.loads(clocks) if isinstance(clocks, str) else clocks:
            if clock["ref"] == "payment" and (told := clock.get("late_on") or clock.get("due_on")):
                return date.fromisoformat(told)
    return None


def _lapsing(ask: Questions, number: str, last: date) -> tuple[date | None, tuple[tuple[date, str], ...]]:
    """From which day a claim can lapse, and what interrupted that."""
    told = [
        (act, _day(on), json.loads(facts) if isinstance(facts, str) else facts)
        for act, on, facts in ask(
            "SELECT act, happened_on, facts FROM entry WHERE number = ? AND act IN ('ObjectionRecorded', "
            "'LimitPassed', 'ClaimInterrupted') ORDER BY sequence",
            [number],
        )
    ]
    stands = any("decide_by" in facts for act, _, facts in told if act == "ObjectionRecorded")
    final = [facts["due_on"] for _, _, facts in told if facts.get("clause") == COURT]
    interrupted = tuple((on, facts["manner"]) for act, on, facts in told if act == "ClaimInterrupted")
    since = date.fromisoformat(final[-1]) if final else None if stands else last
    return since, interrupted


def _paid(ask: Questions, number: str) -> list[tuple[date, int]]:
    rows = ask(
        "SELECT act, happened_on, facts FROM entry WHERE number = ? AND act IN ('InvoicePaid', "
        "'PaymentReceived', 'PaymentReversed', 'SurplusRefunded')",
        [number],
    )
    told = [
        (act, _day(on), json.loads(facts) if isinstance(facts, str) else facts) for act, on, facts in rows
    ]
    return [(on, -facts["cents"] if act in _LEAVES else facts["cents"]) for act, on, facts in told]


def _credited(ask: Questions, invoice: str) -> list[tuple[date, int]]:
    rows = ask("SELECT issued_on, cents FROM credit_note WHERE invoice = ?", [invoice])
    return [(_day(on), int(cents)) for on, cents in rows]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
