"""Working days, as snapshots that travel with a file.

Source: the legal public holidays of Belgium (Act of 4 January 1974), computed by the `holidays`
library. Easter and Pentecost Sundays are in its list too and change nothing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from models.clock import Calendar

YEARS_AHEAD = 10
"""How far a snapshot reaches. A file that lives longer asks for a new one; it never guesses."""


@lru_cache(maxsize=64)
def belgium(first_year: int, years: int = YEARS_AHEAD) -> Calendar:
    """The Belgian working-day calendar from 1 January of a year, for so many years."""
    from importlib.metadata import version

    import holidays  # 0.2 s to import: only where a calendar is made

    span = range(first_year, first_year + years + 1)
    return Calendar(
        name="BE",
        version=f"holidays {version('holidays')}",
        first=date(first_year, 1, 1),
        last=date(first_year + years, 12, 31),
        holidays=tuple(sorted(holidays.country_holidays("BE", years=span))),
    )
