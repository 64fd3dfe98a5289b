"""Reads CODA (version 2), the statement of Belgian banks: records of 128 characters, one to a line.

Not coded: version 1.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from office.money.statements import Statement, Told, Wrong, add_up, compact, plain, whole_cents

LENGTH = 128
"""Characters of a record."""


def read_coda(content: bytes) -> Iterator[Statement]:
    """The statements of a file. Raises: Wrong."""
    from coda import CODA

    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise Wrong("statement.byte", byte=error.start) from None
    lines = text.replace("\r\n", "\n").removesuffix("\x1a").rstrip("\n").split("\n")
    _check_records(lines)
    try:
        found = CODA(io.StringIO("\n".join(lines) + "\n")).statements
    except (AssertionError, ArithmeticError, ValueError, LookupError, AttributeError, TypeError):
        raise Wrong("statement.records-contradict") from None
    for told, records in zip(found, _split(lines), strict=True):
        yield _coda_statement(told, records)


def _check_records(lines: list[str]) -> None:
    for place, line in enumerate(lines, start=1):
        if len(line) != LENGTH:
            raise Wrong("statement.record-length", place=place, n=len(line), length=LENGTH)
        if line[0] not in "0123489":
            raise Wrong("statement.record-unknown", place=place, kind=line[0])
        if line[0] == "0" and line[127] != "2":
            raise Wrong("statement.coda-version", place=place, version=line[127])
        ends = line[0] == "9"
        if ends and (line[127] == "2") != (place == len(lines)):
            raise Wrong(
                "statement.more-follows" if line[127] == "2" else "statement.nothing-follows", place=place
            )
        follows = lines[place][:1] if place < len(lines) else ""
        if (ends and follows not in ("", "0")) or (not ends and follows in ("", "0")):
            raise Wrong("statement.breaks-off", place=place)
    for records in _split(lines):
        kinds = [record[0] for record in records]
        if kinds.count("1") != 1 or kinds.count("8") != 1:
            raise Wrong("statement.no-balance")


def _split(lines: list[str]) -> Iterator[list[str]]:
    records: list[str] = []
    for line in lines:
        records.append(line)
        if line[0] == "9":
            yield records
            records = []


def _coda_statement(told: Any, records: list[str]) -> Statement:
    movements, credit, debit = [], 0, 0
    for move in told.moves:
        cents = whole_cents(move.amount)
        credit, debit = credit + max(cents, 0), debit - min(cents, 0)
        movements += _coda_movements(move)
    opening, closing = whole_cents(told.old_balance), whole_cents(told.new_balance)
    counted = sum(record[0] in "1238" for record in records)
    # the library says the same by assertions, which an optimised Python leaves out
    if (credit, debit) != (whole_cents(told.total_credit), whole_cents(told.total_debit)):
        raise Wrong("statement.totals-of-trailer")
    if counted != told.number_records:
        raise Wrong("statement.records-of-trailer", n=counted, told=told.number_records)
    add_up(opening, credit - debit, closing, str(told))
    sequences = [int(move.sequence) for move in told.moves]
    if sequences != sorted(set(sequences)):
        raise Wrong("statement.order")
    return Statement(
        account=compact(told.account),
        currency=told.account_currency,
        number=f"{told.new_balance_date.year}-{told.new_sequence}",
        opening=opening,
        closing=closing,
        closed_on=told.new_balance_date,
        movements=tuple(movements),
    )


def _coda_movements(move: Any) -> Iterator[Told]:
    """A movement, or its details where they add up to it; else nobody could say which is meant."""
    if move.moves and sum(detail.amount for detail in move.moves) == move.amount:
        for detail in move.moves:
            yield from _coda_movements(detail)
        return
    structured = (move.communication or "").strip() if move.communication_type in ("101", "102") else ""
    detail = "" if move.detail_sequence == "0000" else f"/{move.detail_sequence}"
    cents = whole_cents(move.amount)
    # Interpretation: 99 is "cancellation or correction", and the R-transaction field tells a returned
    # direct debit or transfer; the customer reference then names the movement that is taken back.
    reversal = bool(move.r_transaction) or (cents < 0 and move.transaction_transaction == "99")
    yield Told(
        sequence=f"{int(move.sequence)}{detail}",
        reference=f"{move.bank_reference.strip()}{detail}",
        booked_on=move.entry_date,
        cents=cents,
        structured=structured,
        communication="" if structured else plain(move.communication or ""),
        reversal=reversal,
        reverses=plain(move.customer_reference or "", 60) if reversal else "",
        payer=plain(move.counterparty_name or "", 40),
        payer_account=compact((move.counterparty_account or "")[:34]),
    )
