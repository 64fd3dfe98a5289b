"""The sample letters of samples/letters.py, and a party that nobody knows how to reach."""

from __future__ import annotations

from models.parties import Party
from procedures.registry import letters
from samples.letters import (
    ADDRESSES,
    CREDIT_NOTE,
    CREDITOR,
    FACTS,
    INVOICE,
    PRODUCT,
    REMEDIES,
    SIGNATORY,
    VARIANTS,
    batch,
    counted,
    languages_of,
    letter,
    role_of,
    specimen_batch,
    specimens,
)

LETTERS = letters("CUP")

__all__ = [
    "ADDRESSES",
    "CREDITOR",
    "CREDIT_NOTE",
    "FACTS",
    "INVOICE",
    "LETTERS",
    "PRODUCT",
    "REMEDIES",
    "SIGNATORY",
    "VARIANTS",
    "batch",
    "counted",
    "languages_of",
    "letter",
    "party",
    "role_of",
    "specimen_batch",
    "specimens",
]


def party() -> Party:
    return Party(id="not-in-the-database", name="Voorbeeld Pharma NV")
