"""Working days in Belgium, as snapshots that travel with a file.

Source: the legal public holidays of Belgium (Act of 4 January 1974), computed by the `holidays`
library, and the closing days that the agency entered itself.

Law of closing days: Royal Decree of 14 December 2006, art. 263/1 § 2, for periods of that decree in working
days. A closing day is no working day if it was published in the official journal before 1 January of the year
in which it lies (our reading of circular words). It moves no end of a period in calendar days, months or
years (Judicial Code, art. 53, knows Saturday, Sunday and legal holiday), and no working day after the posting
of a letter. Easter and Pentecost Sundays are in the
list too and change nothing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from models.clock import Calendar, ClosingDay
from models.errors import BeyondHorizon

YEARS_AHEAD = 10
"""How far a snapshot reaches. A file that lives longer asks for a new one; it never guesses."""

FIRST_YEAR = 1975
"""The first whole year of the act; before it nothing is guessed."""

LAST_YEAR = 2120
"""The library stops at 2100 without saying so; the act's own rule goes on, and so do we, until here."""

_SPELT_OUT = {
    "Labor Day": "Labour Day",
    "O. L. H. Hemelvaart": "Onze-Lieve-Heer-Hemelvaart",
    "O. L. V. Hemelvaart": "Onze-Lieve-Vrouw-Hemelvaart",
}


@lru_cache(maxsize=128)
def belgium(first_year: int, closing_days: tuple[ClosingDay, ...] = ()) -> Calendar:
    """The Belgian working-day calendar of a year, with the agency's closing days.

    It begins with the year before, from which warnings may be counted, and reaches YEARS_AHEAD.

    Raises: BeyondHorizon outside FIRST_YEAR and LAST_YEAR.
    """
    if not FIRST_YEAR < first_year <= LAST_YEAR:
        raise BeyondHorizon("law.no-calendar", year=first_year, first=FIRST_YEAR, last=LAST_YEAR)
    last_year = min(first_year + YEARS_AHEAD, LAST_YEAR)
    first, last = date(first_year - 1, 1, 1), date(last_year, 12, 31)
    calendar = Calendar(
        name="BE",
        version=_version(),
        first=first,
        last=last,
        holidays=tuple(sorted(_belgian_holidays(first.year, last_year))),
    )
    return calendar.closed_also(closing_days)


def holiday_names(year: int, language: str) -> dict[date, str]:
    """The names of the public holidays of a year: nl, fr, en or de."""
    named = _belgian_holidays(year, year, {"en": "en_US"}.get(language, language))
    return {day: _SPELT_OUT.get(name, name) for day, name in named.items()}


def _version() -> str:
    from importlib.metadata import version

    return f"holidays {version('holidays')}"


def _belgian_holidays(first_year: int, last_year: int, language: str | None = None) -> dict[date, str]:
    from holidays.countries.belgium import Belgium  # 0.2 s to import: only where a calendar is made

    class BelgiumBeyond2100(Belgium):
        end_year = LAST_YEAR

    years = range(first_year, last_year + 1)
    return dict(BelgiumBeyond2100(years=years, language=language))  # type: ignore[no-untyped-call]
