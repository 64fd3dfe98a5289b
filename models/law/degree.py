"""How true a value is held to be: assumed, read, or confirmed by a person who signed for it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Degree(StrEnum):
    """The degree of truth of a value, from the least to the most.

    `assumed`: no text says it; it is practice, or our reading of silence. `read`: an official text or a copy
    of one was read. `confirmed`: a person of the agency compared it with the official text and signed.
    """

    ASSUMED = "assumed"
    READ = "read"
    CONFIRMED = "confirmed"


_UPWARDS = tuple(Degree)


def least(degrees: Iterable[Degree]) -> Degree | None:
    """The least of several degrees: what rests on several values is no truer than the weakest of them."""
    return min(degrees, key=_UPWARDS.index, default=None)
