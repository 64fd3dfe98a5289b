"""Matches what a bank statement tells with the invoices that are owed: pure, to the cent, never a guess.

A movement is matched, parked for a person, or returned, exactly once; each verdict says why. Only the
structured communication tells which invoice is meant: never the amount, the day or
the payer. What an invoice takes of a movement is a share; what is left over is the rest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where a movement stands. `read` is no answer yet: it was taken in and waits for its verdict.

    `known` counts for nothing: it is told by another movement, or by several that are its parts.
    """

    READ = "read"
    MATCHED = "matched"
    PARKED = "parked"
    RETURNED = "returned"
    KNOWN = "known"


class Reason(StrEnum):
    """Why a movement stands where it stands."""

    EXACT = "exact"
    PARTIAL = "partial"
    COMPLETED = "completed"
    AFTER_WITHDRAWAL = "after_withdrawal"
    SURPLUS = "surplus"
    DOUBLE = "double"
    CREDITED = "credited"
    NO_COMMUNICATION = "no_communication"
    WRONG_COMMUNICATION = "wrong_communication"
    SEVERAL_COMMUNICATIONS = "several_communications"
    UNKNOWN_INVOICE = "unknown_invoice"
    BEFORE_INVOICE = "before_invoice"
    IN_COLLECTION = "in_collection"
    REVERSED = "reversed"
    REVERSAL_UNCLEAR = "reversal_unclear"
    NEGATIVE = "negative"
    ZERO = "zero"
    OTHER_CURRENCY = "other_currency"
    PERHAPS_KNOWN = "perhaps_known"
    SAME = "same"
    IN_PARTS = "in_parts"
    REFUSED = "refused"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    REFUND = "refund"


class ShareKind(StrEnum):
    """What a share is, where its sign does not tell: a plain one pays, or is a payment taken back."""

    PLAIN = ""
    IN_COLLECTION = "in_collection"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of the agency's account, as the bank tells it. Negative cents left the account.

    `structured` are the twelve digits of a structured communication that the bank delivers as such;
    `communication` is the free text. `reverses` is the bank reference of what a reversal takes back.
    """

    id: str
    booked_on: date
    cents: int
    currency: str = "EUR"
    structured: str = ""
    communication: str = ""
    reference: str = ""
    reversal: bool = False
    reverses: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """What an earlier movement paid of an invoice, and has not been taken back."""

    movement: str
    reference: str
    cents: int
    share: int


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as the matching sees it: what it asks, what has arrived, and where its case stands."""

    invoice: str
    number: str
    issued_on: date
    cents: int
    credited_cents: int = 0
    received_cents: int = 0
    collected: bool = False
    withdrawn: bool = False
    paid: tuple[Paid, ...] = ()

    @property
    def open_cents(self) -> int:
        """What is still to be paid."""
        return max(0, self.cents - self.credited_cents - self.received_cents)

    @property
    def surplus_cents(self) -> int:
        """What has arrived beyond what it asks."""
        return max(0, self.received_cents + self.credited_cents - self.cents)


@dataclass(frozen=True, slots=True)
class Share:
    """What one invoice takes of a movement; below nothing where a payment is taken back."""

    number: str
    invoice: str
    cents: int
    reverses: str = ""
    kind: ShareKind = ShareKind.PLAIN


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a movement: shares of invoices, and the rest that waits for a person."""

    state: State
    reason: Reason
    shares: tuple[Share, ...] = ()
    rest: int = 0


def match(movement: Movement, invoices: Mapping[str, Owed]) -> Verdict:
    """What becomes of a movement, with the invoices by the twelve digits of their communications.

    Law: the structured communication must be used on every payment; after a
    withdrawal the contribution stays due; a wrong or double payment is refunded.
    """
    if movement.cents == 0:
        return _parked(movement, Reason.ZERO)
    if movement.currency != "EUR":
        return _parked(movement, Reason.OTHER_CURRENCY)
    if movement.cents < 0 and not movement.reversal:
        return _parked(movement, Reason.NEGATIVE)
    if movement.reversal:
        return _reversal(movement, invoices)
    meant = _meant_by(movement, invoices)
    if len(meant) > 1:
        return _parked(movement, Reason.SEVERAL_COMMUNICATIONS)
    if not meant:
        tried = movement.structured or _looks_like(movement.communication)
        return _parked(movement, Reason.WRONG_COMMUNICATION if tried else Reason.NO_COMMUNICATION)
    owed = invoices.get(meant.pop())
    if owed is None:
        return _parked(movement, Reason.UNKNOWN_INVOICE)
    if owed.collected and owed.open_cents:
        return _parked(movement, Reason.IN_COLLECTION)  # who collects it must hear of it first
    return pay(movement, owed)


def pay(movement: Movement, owed: Owed) -> Verdict:
    """What an invoice takes of a movement that is meant for it, also one that was handed over."""
    open_cents, cents = owed.open_cents, movement.cents
    if not cents:
        return _parked(movement, Reason.ZERO)
    if not open_cents:
        return _parked(movement, Reason.DOUBLE if owed.received_cents else Reason.CREDITED)
    if movement.booked_on < owed.issued_on:
        return _parked(movement, Reason.BEFORE_INVOICE)
    kind = ShareKind.IN_COLLECTION if owed.collected else ShareKind.PLAIN
    share = Share(owed.number, owed.invoice, min(cents, open_cents), kind=kind)
    if cents > open_cents:
        return Verdict(State.PARKED, Reason.SURPLUS, (share,), cents - open_cents)
    if cents < open_cents:
        return Verdict(State.MATCHED, Reason.PARTIAL, (share,))
    if owed.withdrawn:
        return Verdict(State.MATCHED, Reason.AFTER_WITHDRAWAL, (share,))
    return Verdict(State.MATCHED, Reason.COMPLETED if owed.received_cents else Reason.EXACT, (share,))


def references(text: str) -> Iterator[str]:
    """Every structured communication with good check digits: framed, bare, with spaces or signs between.

    The twelve digits must be whole groups of digits; they are not cut out of a longer number, nor of an
    account: the national number in an IBAN has the same check digits.
    """
    for run in _RUN.findall(_IBAN.sub(_unless_valid, text)):
        groups = _DIGITS.findall(run)
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) >= _LENGTH:
                    break
            if len(digits) == _LENGTH and is_valid(digits):
                yield digits


def is_valid(digits: str) -> bool:
    """Twelve digits whose last two are the rest of the first ten by 97, or 97; never a zero base."""
    if len(digits) != _LENGTH or not (digits.isascii() and digits.isdecimal()):
        return False
    base = int(digits[:10])
    return base > 0 and int(digits[10:]) == (base % 97 or 97)


def framed(digits: str) -> str:
    """Twelve digits as invoices carry and people read them: +++260/0000/01180+++."""
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def digits_of(communication: str) -> str:
    """The twelve digits of a communication as invoices carry it."""
    return "".join(_DIGITS.findall(communication))


def movement_id(file: str, place: int) -> str:
    """The name of a movement, by the file that told it first; nothing of who paid."""
    return f"M-{hashlib.sha256(f'{file}|{place}'.encode()).hexdigest()[:16]}"


_LENGTH = 12
_DIGITS = re.compile(r"[0-9]+")
_RUN = re.compile(r"[0-9](?:[\s/.\-+*]*[0-9])*")
_FRAMED = re.compile(r"(?:\+\+\+|\*\*\*)[0-9\s/.\-]{10,20}(?:\+\+\+|\*\*\*)")
_IBAN = re.compile(r"(?<![0-9A-Za-z])BE[0-9]{2}(?:[\s.\-]?[0-9]{4}){3}(?![0-9])")
_LIKE = re.compile(r"(?<![0-9])[0-9]{3}[\s/.\-]?[0-9]{4}[\s/.\-]?[0-9]{5}(?![0-9])")


def _parked(movement: Movement, reason: Reason) -> Verdict:
    return Verdict(State.PARKED, reason, (), movement.cents)


def _meant(movement: Movement, invoices: Mapping[str, Owed]) -> Iterator[str]:
    yield from references(movement.communication)
    for group in _DIGITS.findall(movement.communication):
        # hidden in a longer number: one window in 97 is valid by chance, so only ours count
        if len(group) > _LENGTH:
            for start in range(len(group) - _LENGTH + 1):
                window = group[start : start + _LENGTH]
                if is_valid(window) and window in invoices:
                    yield window


def _unless_valid(found: re.Match[str]) -> str:
    """An IBAN is no communication; what only looks like one is read."""
    digits = digits_of(found[0])
    return "|" if int(f"{digits[2:]}1114{digits[:2]}") % 97 == 1 else found[0]


def _looks_like(text: str) -> bool:
    return bool(_FRAMED.search(text) or _LIKE.search(text))


def _reversal(movement: Movement, invoices: Mapping[str, Owed]) -> Verdict:
    """Takes back the one payment that is meant: by its bank reference, else by communication and amount."""
    if movement.cents > 0:  # the bank takes back something that we paid: not an invoice's
        return _parked(movement, Reason.REVERSAL_UNCLEAR)
    as_large = [
        (owed, paid)
        for owed in _possible(movement, invoices)
        for paid in owed.paid
        if paid.cents == -movement.cents
    ]
    alike = [(owed, paid) for owed, paid in as_large if paid.reference == movement.reverses != ""]
    # what a bank calls the original may be the payer's own reference: then communication and amount tell
    if not alike and _meant_by(movement, invoices):
        alike = as_large
    if len(alike) != 1:
        return _parked(movement, Reason.REVERSAL_UNCLEAR)
    owed, paid = alike[0]
    share = Share(owed.number, owed.invoice, -paid.share, reverses=paid.movement)
    rest = movement.cents + paid.share
    return Verdict(State.PARKED if rest else State.MATCHED, Reason.REVERSED, (share,), rest)


def _meant_by(movement: Movement, invoices: Mapping[str, Owed]) -> set[str]:
    structured = {movement.structured} if is_valid(movement.structured) else set()
    return structured | set(_meant(movement, invoices))


def _possible(movement: Movement, invoices: Mapping[str, Owed]) -> list[Owed]:
    meant = _meant_by(movement, invoices)
    if meant:
        return [invoices[digits] for digits in meant if digits in invoices]
    return list(invoices.values()) if movement.reverses else []
