"""Belgium: its working days, arrivals, languages, where a decision is contested, whom a number names."""

from pathlib import Path

from jurisdictions.be.arrivals import ARRIVALS, RULES
from jurisdictions.be.calendars import LAST_YEAR, YEARS_AHEAD, belgium, holiday_names
from jurisdictions.be.languages import LANGUAGES
from jurisdictions.be.national_numbers import names_a_person
from jurisdictions.be.remedies import FORMAL_NOTICE, REMEDIES
from jurisdictions.shape import Jurisdiction

BELGIUM = Jurisdiction(
    code="BE",
    zone="Europe/Brussels",
    calendar=belgium,
    arrivals=ARRIVALS,
    arrival_rules=RULES,
    holiday_names=holiday_names,
    last_year=LAST_YEAR,
    years_ahead=YEARS_AHEAD,
    letters=Path(__file__).parent / "letters",
    languages=LANGUAGES,
    letterhead="Act of 11 April 1994 on the openness of administration (numac 1994000357), art. 2 § 1, 3°",
    remedies=REMEDIES,
    formal_notice=FORMAL_NOTICE,
    names_a_person=names_a_person,
)
