"""What a file of bank statements tells, in whatever form it came, and what must hold of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from models.messages import Message
from models.payments import digits_of, is_valid, references
from models.statements import Statement


@dataclass(frozen=True, slots=True)
class Read:
    """What a file tells: the statements that were asked for, the accounts left out, what is to be said."""

    statements: tuple[Statement, ...]
    left_out: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()


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


def reference_of(told: str) -> str:
    """A reference as far as it is one: none where a bank only fills its place."""
    signs = re.sub(r"[^0-9A-Z]", "", told.upper())
    return "" if signs in _NO_REFERENCE or not signs.strip("0X") else plain(told, 60)


_NO_REFERENCE = {"NONREF", "NOREF", "NOREFERENCE", "NOTPROVIDED", "NOTAPPLICABLE", "NA", "NONE", "UNKNOWN"}
"""What stands where a form asks for a reference that the bank does not give."""


def compact(account: str) -> str:
    """An account in its one spelling: no signs between, and the twelve digits of CODA as their IBAN."""
    from stdnum import iban

    signs = re.sub(r"[^0-9A-Za-z]", "", account).upper()
    if re.fullmatch(r"[0-9]{12}", signs) and int(signs[10:]) == (int(signs[:10]) % 97 or 97):
        return f"BE{iban.calc_check_digits(f'BE00{signs}')}{signs}"
    return signs


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
