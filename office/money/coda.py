"""Reads CODA (version 2), the statement of Belgian banks.

Not coded: version 1.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import Any

from models.messages import Message
from models.payments import is_valid
from models.statements import Statement, Told
from office.money.coda_records import account_of, readable, statements_of
from office.money.statements import (
    Read,
    Wrong,
    add_up,
    compact,
    gathered,
    plain,
    reference_of,
    whole_cents,
)

DIVIDES = frozenset("567")
"""Types of details that are payments of their own; the others explain the one that is told before them."""

TAKEN_BACK = {
    "00": {"35", "39", "85", "89"},
    "01": {"54"},
    "02": {"54"},
    "03": {"09", "38", "60", "62"},
    "05": {"03", "05", "54", "56", "58"},
    "07": {"05", "07", "39"},
    "43": {"07", "62"},
    "47": {"05", "07"},
}
"""By family, the transactions of the standard's list that cancel, return or leave unpaid what was booked."""

IN_EVERY_FAMILY = {"49", "99"}
"""Cancellation or correction, of what was taken from the account and of what was put on it."""


def read_coda(content: bytes, ours: Collection[str] = ()) -> Read:
    """The statements of a file, of `ours` where these are given. Raises: Wrong."""
    told = statements_of(content)
    statements, left_out = [], []
    for records in told:
        account, currency = account_of(records)
        if ours and account not in ours:
            left_out.append(account)
        else:
            statements.append(_statement(records, account, currency))
    remarks = [Message("statement.more-announced")] if told and told[-1][-1][127] == "1" else []
    return Read(tuple(statements), tuple(dict.fromkeys(left_out)), tuple(remarks))


def _statement(records: list[str], account: str, currency: str) -> Statement:
    told = _by_the_library(readable(records)) or _by_the_library(readable(records, numbered=True))
    if told is None:
        raise Wrong("statement.records-contradict")
    amounts = [whole_cents(move.amount) for move in told.moves]
    credit = sum(cents for cents in amounts if cents > 0)
    debit = -sum(cents for cents in amounts if cents < 0)
    opening, closing = whole_cents(told.old_balance), whole_cents(told.new_balance)
    counted = sum(record[0] in "1238" for record in records)
    # the library says the same by assertions, which an optimised Python leaves out
    if (credit, debit) != (whole_cents(told.total_credit), whole_cents(told.total_debit)):
        raise Wrong("statement.totals-of-trailer")
    if counted != told.number_records:
        raise Wrong("statement.records-of-trailer", n=counted, told=told.number_records)
    add_up(opening, credit - debit, closing, str(told))
    remarks = _remarks(records)
    numbers = [int(move.sequence) for move in told.moves]
    if len(set(numbers)) < len(numbers):
        numbers = [*range(1, len(numbers) + 1)]
    movements: list[Told] = []
    for place, (number, move) in enumerate(zip(numbers, told.moves, strict=True), start=1):
        movements += _payments(move, place, number, remarks.get(move.sequence, ""))
    return Statement(
        account=account,
        currency=currency,
        number=plain(f"{told.new_balance_date.year}-{told.new_sequence}"),
        opening=opening,
        closing=closing,
        closed_on=told.new_balance_date,
        movements=tuple(movements),
    )


def _by_the_library(records: list[str]) -> Any:
    """A statement as febelfin-coda reads it; nothing when its records contradict each other."""
    from coda import CODA

    try:
        [told] = CODA(io.StringIO("\n".join(records) + "\n")).statements
    except (AssertionError, ArithmeticError, ValueError, LookupError, AttributeError, TypeError):
        return None
    return told


def _payments(move: Any, entry: int, number: int, remark: str) -> Iterator[Told]:
    """The payments of a movement: the details that divide it, where they add up to it; else it is one.

    What explains a payment belongs to it, and a detail has the payer and the communication of its movement
    where it names none.
    """
    parts: list[list[Any]] = []
    whole = [move]
    for detail in move.moves:
        if detail.transaction_type in DIVIDES:
            parts.append([detail])
        else:
            (parts[-1] if parts else whole).append(detail)
    if len(parts) == 1:
        whole += parts[0]
    if len(parts) < 2 or sum(part[0].amount for part in parts) != move.amount:
        yield _told(whole, move, entry, str(number), remark)
        return
    for part in parts:
        yield _told(part, move, entry, f"{number}/{part[0].detail_sequence}", remark)


def _told(part: list[Any], move: Any, entry: int, sequence: str, remark: str) -> Told:
    """One payment, told by its own record and by those that explain it."""
    own = part[0]
    structured, communication = _communication(part)
    if not structured and not communication and own is not move:
        structured, communication = _communication([move])
    named = next((one for one in (*part, move) if _payer(one) != ("", "")), own)
    payer, payer_account = _payer(named)
    reversal = any(_is_taken_back(one) for one in (own, move))
    return Told(
        entry=entry,
        sequence=sequence,
        reference=reference_of(own.bank_reference),
        booked_on=own.entry_date,
        cents=whole_cents(own.amount),
        structured=structured,
        communication=communication if structured or communication else plain(remark),
        reversal=reversal,
        reverses=reference_of(own.customer_reference or move.customer_reference or "") if reversal else "",
        payer=payer,
        payer_account=payer_account,
    )


def _communication(records: list[Any]) -> tuple[str, str]:
    references, texts = [], []
    for record in records:
        told = (record.communication or "").strip()
        if record.communication_type in ("101", "102"):
            references.append(told)
        elif record.communication_type != "105":
            texts.append(told)
        elif is_valid(told):
            references.append(told)
    return gathered(references, texts)


def _payer(record: Any) -> tuple[str, str]:
    account = (record.counterparty_account or "")[:34]
    if account[:12].isdecimal() and not account[12:13].strip():
        account = account[:12]  # a national number, with the currency behind it
    return plain(record.counterparty_name or "", 40), compact(account)


def _is_taken_back(record: Any) -> bool:
    """A returned direct debit or transfer tells so in a field of its own, and which one it was."""
    if record.r_transaction and record.r_transaction in "12345":
        return True
    transaction = record.transaction_transaction
    return transaction in IN_EVERY_FAMILY or transaction in TAKEN_BACK.get(record.transaction_family, ())


def _remarks(records: list[str]) -> dict[str, str]:
    """The free texts of information records, by the number of their movement."""
    texts: dict[str, str] = {}
    free = ""
    for record in records:
        if record[:2] == "31":
            free = record[2:6] if record[39] == "0" else ""
        if record[0] == "3" and free == record[2:6] and free:
            first, last = {"1": (40, 113), "2": (10, 115)}.get(record[1], (10, 100))
            texts[free] = texts.get(free, "") + record[first:last]
    return texts
