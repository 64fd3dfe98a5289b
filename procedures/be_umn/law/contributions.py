"""The contribution due to the agency, in cents, per procedure and kind of dossier.

Law: until 4 April 2018 the Royal Decree of 25 April 2014 on fees; from 5 April 2018 Annex VII to the Act of
20 July 2006 (art. 14/14), indexed as of right on 1 January of each year (art. 14/19). Four years are held.
An amount that is not held exists by law all the same and is *unknown*, never none: a person fixes it with
its source, and nothing is extrapolated. So is whether Annex VII, which is not held, has an amount for small
and medium-sized undertakings; who is one attests it until the chargeable event (art. 14/14), for which we
take the day on which the contribution is due. Since 14 June 2026 the agency publishes the amounts on its
website, within thirty days of the day on which they apply.
"""

from __future__ import annotations

from datetime import date

from models.law.clause import Clause, Gap, InForce, Source
from models.law.degree import Degree
from procedures.be_umn.law.instruments import FAMHP_ACT_2006, FEE_DECREE_2014, FEES_SINCE

_BY_DECREE = Source(FEE_DECREE_2014, "article not read", "seen on the agency's page; year derived")
_BY_ANNEX = Source(FAMHP_ACT_2006, "Annex VII", "seen on the agency's page; year derived")
_BEFORE = "unknown: due under the Royal Decree of 25 April 2014, and not found"
_LEFT_STANDING = (
    "unknown: due under Annex VII since 5 April 2018; the agency's page went on showing the amount of 2017"
)
_INDEXED = (
    "unknown: due under Annex VII, indexed as of right on 1 January (art. 14/19), and not found; ask also "
    "whether it has an amount for SMEs (art. 14/14)"
)
_ON_THE_WEBSITE = (
    "unknown: due under Annex VII, indexed as of right on 1 January (art. 14/19); published on the website; "
    "ask also whether it has an amount for SMEs (art. 14/14)"
)


def _contribution(
    clause: str, governs: str, y2016: int, y2017: int, q2018: int, annex: int | None, y2019: int
) -> Clause:
    """The amounts of 2016, of 2017, of 2018 before and under Annex VII, and of 2019."""
    by_annex, gaps = list[InForce](), list[Gap]()
    if annex is None:
        gaps.append(Gap(date(2018, 4, 5), date(2018, 12, 31), _LEFT_STANDING))
    else:
        by_annex.append(InForce(annex, date(2018, 4, 5), _BY_ANNEX, until_on=date(2018, 12, 31)))
    return Clause(
        clause,
        governs,
        (
            InForce(y2016, date(2016, 1, 1), _BY_DECREE, until_on=date(2016, 12, 31)),
            InForce(y2017, date(2017, 1, 1), _BY_DECREE, until_on=date(2017, 12, 31)),
            InForce(q2018, date(2018, 1, 1), _BY_DECREE, until_on=date(2018, 4, 4)),
            *by_annex,
            InForce(y2019, date(2019, 1, 1), _BY_ANNEX, until_on=date(2019, 12, 31)),
        ),
        (
            Gap(date(2014, 7, 1), date(2015, 12, 31), _BEFORE),
            *gaps,
            Gap(date(2020, 1, 1), date(2026, 6, 13), _INDEXED),
            Gap(date(2026, 6, 14), None, _ON_THE_WEBSITE),
        ),
    )


CUP_APPLICATION = _contribution(
    "contribution-cup-application",
    "contribution for a CUP application",
    *(455079, 463582, 472895, 1852500, 1896032),
)
MNP_APPLICATION = _contribution(
    "contribution-mnp-application",
    "contribution for an MNP application",
    *(455079, 463582, 472895, 1129600, 1156145),
)
CUP_MODIFICATION = _contribution(
    "contribution-cup-modification",
    "contribution for a CUP modification",
    *(455079, 463582, 472895, None, 273377),
)
MNP_MODIFICATION = _contribution(
    "contribution-mnp-modification",
    "contribution for an MNP modification",
    *(455079, 463582, 472895, None, 246663),
)
CUP_LIST = _contribution(
    "contribution-cup-list",
    "contribution for a list of reactions of a CUP",
    *(282988, 288276, 294067, 267100, 273377),
)
MNP_LIST = _contribution(
    "contribution-mnp-list",
    "contribution for a list of reactions of an MNP",
    *(282988, 288276, 294067, 241000, 246663),
)

CONTRIBUTIONS: tuple[Clause, ...] = (
    CUP_APPLICATION,
    MNP_APPLICATION,
    CUP_MODIFICATION,
    MNP_MODIFICATION,
    CUP_LIST,
    MNP_LIST,
)


def _of_interest(clause: str, governs: str, cents: int, remark: str, since: date = FEES_SINCE) -> Clause:
    source = Source(FAMHP_ACT_2006, "art. 14/17 § 1", remark)
    read = InForce(cents, date(2014, 7, 1), source, degree=Degree.READ)
    return Clause(clause, governs, (read,)).read_from(since)


INTEREST = (
    _of_interest(
        "interest",
        "interest for each month begun on each step of what a debtor owes altogether",
        8,
        "0.8 % of 10 euro",
    ),
    _of_interest("interest-step", "step down to which what a debtor owes is rounded", 10_00, "10 euro"),
    _of_interest(
        "interest-floor", "interest from which on it is asked", 2_50, "2.50 euro", date(2026, 6, 14)
    ),
)
"""Interest on what a debtor owes altogether: models/interest.py says how the months are counted."""
