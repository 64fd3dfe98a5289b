"""The contribution due to the agency, in cents, per procedure and kind of dossier.

Law: Act of 20 July 2006, art. 14/14 to 14/19: published each year, due from 1 January. Only the
price points of domain notes 7.1 are known. The years without a published amount are gaps: a person
then fixes the amount with its source; nothing is extrapolated.
"""

from __future__ import annotations

from datetime import date

from models.law.clause import FAMHP_ACT_2006, Clause, Gap, InForce, Source

_PAGE = Source(FAMHP_ACT_2006, "Annex VII", "seen on the agency's page; year derived")
_NOT_FOUND = "the published amount was not found"


def _contribution(clause: str, governs: str, y2016: int, y2017: int, y2019: int) -> Clause:
    return Clause(
        clause,
        governs,
        (
            InForce(y2016, date(2016, 1, 1), _PAGE, until_on=date(2016, 12, 31)),
            InForce(y2017, date(2017, 1, 1), _PAGE, until_on=date(2017, 12, 31)),
            InForce(y2019, date(2019, 1, 1), _PAGE, until_on=date(2019, 12, 31)),
        ),
        (
            Gap(date(2014, 7, 1), date(2015, 12, 31), _NOT_FOUND),
            Gap(date(2018, 1, 1), date(2018, 12, 31), _NOT_FOUND),
            Gap(date(2020, 1, 1), None, _NOT_FOUND),
        ),
    )


CUP_APPLICATION = _contribution(
    "contribution-cup-application", "contribution for a CUP application", 455079, 463582, 1896032
)
MNP_APPLICATION = _contribution(
    "contribution-mnp-application", "contribution for an MNP application", 455079, 463582, 1156145
)
CUP_MODIFICATION = _contribution(
    "contribution-cup-modification", "contribution for a CUP modification", 455079, 463582, 273377
)
MNP_MODIFICATION = _contribution(
    "contribution-mnp-modification", "contribution for an MNP modification", 455079, 463582, 246663
)
CUP_SAFETY_REPORT = _contribution(
    "contribution-cup-safety-report", "contribution for a CUP safety report", 282988, 288276, 273377
)
MNP_SAFETY_REPORT = _contribution(
    "contribution-mnp-safety-report", "contribution for an MNP safety report", 282988, 288276, 246663
)

CONTRIBUTIONS: tuple[Clause, ...] = (
    CUP_APPLICATION,
    MNP_APPLICATION,
    CUP_MODIFICATION,
    MNP_MODIFICATION,
    CUP_SAFETY_REPORT,
    MNP_SAFETY_REPORT,
)
