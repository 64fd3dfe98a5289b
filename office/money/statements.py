"""What a bank statement tells, in whatever form it came, and what must hold of each.

Of the payer only a short name and the account are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.messages import Message
from models.payments import digits_of, is_valid, movement_id, references


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as a statement tells it."""

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
class Statement:
    """One statement of one account: what it began and ended with, and what moved between."""

    account: str
    currency: str
    number: str
    opening: int
    closing: int
    closed_on: date
    movements: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file tells: the statements that were asked for, the accounts left out, what is to be said."""

    statements: tuple[Statement, ...]
    left_out: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file of statements that adds up."""

    sha256: str
    name: str
    form: str
    statements: tuple[Statement, ...] = ()
    left_out: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Its movements as the register keeps them."""
        place = 0
        for statement in self.statements:
            for told in statement.movements:
                place += 1
                yield {
                    "id": movement_id(statement.account, statement.number, told.sequence, told.reference),
                    "file": self.sha256,
                    "place": place,
                    "account": statement.account,
                    "statement": statement.number,
                    "currency": statement.currency,
                    **{name: getattr(told, name) for name in Told.__slots__},
                }


class Wrong(Exception):
    """What is wrong with a file, as a sentence."""

    def __init__(self, key: str, /, **facts: Any) -> None:
        super().__init__(key)
        self.said = Message(key, **facts)


def add_up(opening: int, moved: int, closing: int, number: str) -> None:
    """Raises: Wrong when a statement does not end with what it began with and what moved."""
    if opening + moved != closing:
        raise Wrong("statement.does-not-add-up", number=number, opening=opening, moved=moved, closing=closing)


def whole_cents(amount: Decimal) -> int:
    """An amount in cents. Raises: Wrong when it has parts of a cent, or is beyond any account."""
    cents = amount * 100
    try:
        whole = cents == cents.to_integral_value()
    except InvalidOperation:
        whole = False
    if not whole or abs(cents) >= 10**15:
        raise Wrong("statement.not-whole-cents", amount=amount)
    return int(cents)


def compact(account: str) -> str:
    """An account without what people write between its signs."""
    return re.sub(r"[^0-9A-Za-z]", "", account).upper()


def gathered(told_as_such: Iterable[str], texts: Iterable[str]) -> tuple[str, str]:
    """The structured communication of a payment, and its text, from all places where a bank tells them.

    Several that differ are told as text: none of them is the one. What does not fit is cut, but never a
    communication with good check digits.
    """
    spelt = [plain(one) for one in told_as_such]
    valid = dict.fromkeys(digits for one in spelt if is_valid(digits := digits_of(one)))
    structured = next(iter(valid)) if len(valid) == 1 else ""
    parts: list[str] = []
    for text in (" ".join(one.split()) for one in (*spelt, *texts)):
        again = structured and digits_of(text) == structured and not re.search(r"[^\W\d_]", text)
        if text and not again and not any(text in part for part in parts):
            parts.append(text)
    whole = "; ".join(parts)
    told = plain(whole)
    cut = [one for one in dict.fromkeys(references(whole)) if one not in set(references(told))]
    return structured, plain("; ".join((*cut, told))) if cut else told


def plain(told: str, longest: int = 300) -> str:
    """One line without signs that a terminal or a letter could not show."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in told)
    return " ".join(seen.split())[:longest]
