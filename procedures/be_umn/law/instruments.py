"""The texts that govern the programmes, each with its number and the address of its official text."""

from datetime import date

from jurisdictions.be.arrivals import AGENCY_ACT as FAMHP_ACT_2006
from models.law.clause import Instrument

_JUSTEL = "https://www.ejustice.just.fgov.be/eli"
_COPY = "French, seen in a public copy on 28 November 2026"

ROYAL_DECREE_2006 = Instrument(
    "Royal Decree of 14 December 2006",
    "2006023298",
    f"{_JUSTEL}/arrete/2006/12/14/2006023298/justel",
    f"consolidated text, state of 25 September 2024, {_COPY}",
)
FEE_DECREE_2014 = Instrument(
    "Royal Decree of 25 April 2014 on fees",
    "2014018178",
    f"{_JUSTEL}/arrete/2014/04/25/2014018178/justel",
    "its body was not read; repealed with effect from 5 April 2018",
)
MEDICINES_ACT_1964 = Instrument(
    "Medicines Act of 25 March 1964",
    "1964032508",
    f"{_JUSTEL}/loi/1964/03/25/1964032508/justel",
    f"consolidated text, state of 17 May 2024, {_COPY}",
)
LANGUAGE_LAWS_1966 = Instrument(
    "Coordinated Acts on the use of languages of 18 July 1966",
    "1966071850",
    f"{_JUSTEL}/loi/1966/07/18/1966071850/justel",
    f"consolidated text, state of 9 May 2016, {_COPY}",
)

FEES_SINCE = date(2018, 1, 1)
"""From when on the chapter on fees of the Act of 20 July 2006 knows interest, objection and limitation."""

__all__ = [
    "FAMHP_ACT_2006",
    "FEES_SINCE",
    "FEE_DECREE_2014",
    "LANGUAGE_LAWS_1966",
    "MEDICINES_ACT_1964",
    "ROYAL_DECREE_2006",
]
