"""At which instant of a civil day a case is woken: at its beginning, or before any desk opens.

What takes effect on a day exists from its first moment. It is heard in the first minute and a half: a
thousand silences of one night come one after the other, and an act that is sent meanwhile waits for a few of
them, not for all. What is only told may be told at any hour before somebody works.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from models.clock import start_of

AT_ONCE = timedelta(seconds=90)
"""Over how much of a day, from its beginning, the cases are spread for which something takes effect."""

BY_MORNING = timedelta(hours=3)
"""The same for those that only tell something on it."""


def wakes_at(day: date, number: str, only_tells: bool) -> datetime:
    """The instant at which the case of a number hears that a civil day has come.

    It depends on nothing but the number: every run and every replay says the same.
    """
    begins = start_of(day).astimezone(UTC)  # whatever the clocks do in that night
    return begins + _share(number) * (BY_MORNING if only_tells else AT_ONCE)


def _share(number: str) -> float:
    """A place in [0, 1) for a number, far from that of its neighbours."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:4]) / 2**32
