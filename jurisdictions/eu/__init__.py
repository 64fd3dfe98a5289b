"""The European Union: the working days of its institutions, arrivals, languages, where an act is contested.

Law: how a period is counted is Regulation (EEC, Euratom) No 1182/71, which a clause names as its rules; what
expires, and what is counted back, no day off moves (models/clock.py, models/validity.py).
"""

from pathlib import Path

from jurisdictions.eu.calendars import LAST_YEAR, YEARS_AHEAD, holiday_names, institutions
from jurisdictions.eu.languages import LANGUAGES
from jurisdictions.eu.treaty import ARRIVALS, CALL_TO_ACT, REMEDIES, RULES
from jurisdictions.shape import Jurisdiction


def names_a_person(text: str) -> bool:
    """No: the Union gives nobody a number to be known by."""
    return False


UNION = Jurisdiction(
    code="EU",
    zone="Europe/Brussels",
    calendar=institutions,
    arrivals=ARRIVALS,
    arrival_rules=RULES,
    holiday_names=holiday_names,
    last_year=LAST_YEAR,
    years_ahead=YEARS_AHEAD,
    letters=Path(__file__).parent / "letters",
    languages=LANGUAGES,
    letterhead="",
    remedies=REMEDIES,
    formal_notice=CALL_TO_ACT,
    names_a_person=names_a_person,
)
