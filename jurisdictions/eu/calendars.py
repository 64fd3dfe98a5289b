"""Working days of the institutions of the Union, as snapshots that travel with a file.

Law: Regulation (EEC, Euratom) No 1182/71, second article: a working day is any but a Saturday, a Sunday and
what is designated as a public holiday in the institution in which action is to be taken; the lists stand in
the Official Journal, a decision of the Commission for each year.
Two of them were found: those of 2014 and of 2023. Of every other year none was: the days that both lists have
in common by their rule are assumed, the calendar names these years as assumed, and whatever is reckoned with
them says so. Interpretation: the list for Brussels is taken for all institutions and agencies; that of
Luxembourg has its own national day, and an agency may have a list of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from models.clock import Calendar, ClosingDay
from models.errors import BeyondHorizon

YEARS_AHEAD = 10
"""How far a snapshot reaches. A file that lives longer asks for a new one; it never guesses."""

FIRST_YEAR = 2003
"""Before it nothing that is held here was in force."""

LAST_YEAR = 2120

LISTS = {
    2014: "0101 0102 0417 0418 0421 0501 0509 0529 0530 0609 0721 0815 1224 1225 1226 1229 1230 1231",
    2023: "0102 0406 0407 0410 0501 0509 0518 0519 0529 0721 0815 1101 1102 1225 1226 1227 1228 1229",
}
"""Month and day of each public holiday, of the years whose list was found.

2014: Commission decision of 21 December 2012, OJ C 39 of 12 February 2013, p. 26. 2023: Commission decision
of 25 May 2021, OJ C 201 I of 28 May 2021, p. 2.
"""

_FIXED = {
    "new-year": (1, 1),
    "day-after-new-year": (1, 2),
    "labour-day": (5, 1),
    "europe-day": (5, 9),
    "national-day": (7, 21),
    "assumption": (8, 15),
    "all-saints": (11, 1),
    "all-souls": (11, 2),
}
_FROM_EASTER = {
    "maundy-thursday": -3,
    "good-friday": -2,
    "easter-monday": 1,
    "ascension": 39,
    "day-after-ascension": 40,
    "whit-monday": 50,
}
_NAMES = {
    "new-year": ("Nieuwjaar", "Nouvel An", "New Year's Day", "Neujahr"),
    "day-after-new-year": ("dag na Nieuwjaar", "lendemain du Nouvel An", "day after New Year", "2. Januar"),
    "labour-day": ("Dag van de Arbeid", "Fête du Travail", "Labour Day", "Tag der Arbeit"),
    "europe-day": ("Europadag", "Journée de l’Europe", "Europe Day", "Europatag"),
    "national-day": (
        "nationale feestdag van België",
        "fête nationale de la Belgique",
        "national day of Belgium",
        "belgischer Nationalfeiertag",
    ),
    "assumption": ("Maria-Hemelvaart", "Assomption", "Assumption", "Mariä Himmelfahrt"),
    "all-saints": ("Allerheiligen", "Toussaint", "All Saints' Day", "Allerheiligen"),
    "all-souls": ("Allerzielen", "jour des Morts", "All Souls' Day", "Allerseelen"),
    "maundy-thursday": ("Witte Donderdag", "jeudi saint", "Maundy Thursday", "Gründonnerstag"),
    "good-friday": ("Goede Vrijdag", "vendredi saint", "Good Friday", "Karfreitag"),
    "easter-monday": ("paasmaandag", "lundi de Pâques", "Easter Monday", "Ostermontag"),
    "ascension": ("Hemelvaart", "Ascension", "Ascension Day", "Christi Himmelfahrt"),
    "day-after-ascension": (
        "dag na Hemelvaart",
        "lendemain de l’Ascension",
        "day after Ascension Day",
        "Tag nach Christi Himmelfahrt",
    ),
    "whit-monday": ("pinkstermaandag", "lundi de Pentecôte", "Whit Monday", "Pfingstmontag"),
    "end-of-year": ("einde van het jaar", "fin d’année", "end of the year", "Jahresende"),
}
_LANGUAGES = ("nl", "fr", "en", "de")
_ASSUMED = ("{} (aangenomen)", "{} (supposé)", "{} (assumed)", "{} (angenommen)")


@lru_cache(maxsize=128)
def institutions(first_year: int, closing_days: tuple[ClosingDay, ...] = ()) -> Calendar:
    """The working-day calendar of a year, with closing days of an authority.

    It begins with the year before, from which warnings may be counted, and reaches YEARS_AHEAD.

    Raises: BeyondHorizon outside FIRST_YEAR and LAST_YEAR.
    """
    if not FIRST_YEAR < first_year <= LAST_YEAR:
        raise BeyondHorizon("law.no-calendar", year=first_year, first=FIRST_YEAR, last=LAST_YEAR)
    years = range(first_year - 1, min(first_year + YEARS_AHEAD, LAST_YEAR) + 1)
    calendar = Calendar(
        name="EU",
        version=f"lists of {', '.join(map(str, LISTS))}",
        first=date(years[0], 1, 1),
        last=date(years[-1], 12, 31),
        holidays=tuple(day for year in years for day in holidays(year)),
        assumed=tuple(year for year in years if year not in LISTS),
    )
    return calendar.closed_also(closing_days)


def holidays(year: int) -> tuple[date, ...]:
    """The public holidays of a year: those of its list, or those that are assumed."""
    if year in LISTS:
        return tuple(date.fromisoformat(f"{year}{day}") for day in LISTS[year].split())
    return assumed(year)


def assumed(year: int) -> tuple[date, ...]:
    """The weekdays that are public holidays by the rule that both lists follow."""
    return tuple(sorted(day for day in dict(_by_rule(year)) if day.weekday() < 5))


def holiday_names(year: int, language: str) -> dict[date, str]:
    """The names of the public holidays of a year: nl, fr, en or de; one that is assumed says so."""
    named, of = dict(_by_rule(year)), _LANGUAGES.index(language)
    said = "{}" if year in LISTS else _ASSUMED[of]
    return {day: said.format(_NAMES[named[day]][of]) for day in holidays(year)}


def _by_rule(year: int) -> Iterator[tuple[date, str]]:
    for name, (month, day) in _FIXED.items():
        yield date(year, month, day), name
    for name, days in _FROM_EASTER.items():
        yield easter(year) + timedelta(days=days), name
    for day in range(24, 32):
        yield date(year, 12, day), "end-of-year"


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the computation of Meeus."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leaps, after_leap = divmod(century, 4)
    lunar = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - lunar + 15) % 30
    sunday = (32 + 2 * after_leap + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
