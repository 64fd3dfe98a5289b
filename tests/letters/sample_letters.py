"""The sample letters of samples/letters.py, and a party that nobody knows how to reach."""

from __future__ import annotations

from models.parties import Language, Party
from samples.letters import (
    ADDRESSES,
    CREDIT_NOTE,
    CREDITOR,
    FACTS,
    INVOICE,
    PRODUCT,
    VARIANTS,
    batch,
    counted,
    languages_of,
    letter,
    role_of,
    specimen_batch,
    specimens,
)

__all__ = [
    "ADDRESSES",
    "CREDITOR",
    "CREDIT_NOTE",
    "FACTS",
    "INVOICE",
    "PRODUCT",
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


def party(language: Language = Language.NL, id: str = "not-in-the-database") -> Party:
    return Party(id=id, name="Voorbeeld Pharma NV", language=language)
