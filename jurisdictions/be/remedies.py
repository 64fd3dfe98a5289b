"""Where an individual act of a Belgian federal authority is contested; letters/remedies/ says it in words.

Law: Coordinated Acts on the Council of State of 12 January 1973, art. 14 § 1 and 19, second paragraph: the
periods run only where the notification names the remedy, its forms and its periods, otherwise four months
later; Act of 11 April 1994, art. 2 § 1, 4°: for any other remedy they never run. Regent's Decree of 23 August
1948, art. 2 (what the petition states), 4 (sixty days), 84 (registered post, elected domicile), 85bis
(electronic procedure) and 89 (more days for those who reside abroad).
Art. 14 § 3 of those acts: an authority that has to decide, and that an interested party has given formal
notice to do so, is taken to refuse when four months have passed without a decision.
Silence: the periods of a remedy are the addressee's, none of ours; after a formal notice it is a refusal, if
the authority had to decide: whether it had, a person says who establishes it.
"""

from __future__ import annotations

from datetime import date

from models.clock import Limit, Rules, Unit
from models.law.beside import Beside
from models.law.clause import Clause, InForce, Instrument, Source, calendar_days, months
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.parties import Role

COUNCIL_OF_STATE_ACTS_1973 = Instrument(
    "Coordinated Acts on the Council of State of 12 January 1973",
    "1973011250",
    "https://www.ejustice.just.fgov.be/eli/loi/1973/01/12/1973011250/justel",
    "consolidated text, French, seen in a public copy on 28 November 2026",
)
REGENTS_DECREE_1948 = Instrument(
    "Regent's Decree of 23 August 1948",
    "1948082309",
    "https://www.ejustice.just.fgov.be/eli/arrete/1948/08/23/1948082309/justel",
    "consolidated text, state of 21 January 2026, French, seen in a public copy on 28 November 2026",
)


def _period(clause: str, governs: str, within: Limit, article: str, remark: str, reading: str = "") -> Clause:
    source = Source(REGENTS_DECREE_1948, article, remark)
    value = InForce(
        within, date(2014, 7, 1), source, rules=Rules.BELGIAN, degree=Degree.READ, reading=reading
    )
    return Clause(clause, governs, (value,), desk=Role.APPLICANT, units=(Unit.CALENDAR_DAYS,))


ANNULMENT = _period(
    "remedy-annulment",
    "annulment proceedings before the Council of State",
    calendar_days(60),
    "art. 4",
    "from notification, or else from knowledge",
)
FROM_EUROPE = _period(
    "remedy-from-europe",
    "more days for whoever resides in a European country that does not border Belgium",
    calendar_days(30),
    "art. 89",
    "for those who reside there",
    "the United Kingdom does not border Belgium",
)
FROM_OVERSEAS = _period(
    "remedy-from-overseas",
    "more days for whoever resides outside Europe",
    calendar_days(90),
    "art. 89",
    "for those who reside there",
)

REMEDIES = (ANNULMENT, FROM_EUROPE, FROM_OVERSEAS)

FORMAL_NOTICE = Clause(
    "formal-notice",
    "decision after a formal notice",
    (
        InForce(
            months(4),
            date(2014, 7, 1),
            Source(
                COUNCIL_OF_STATE_ACTS_1973, "art. 14 § 3", "where no rule of its own says what silence means"
            ),
            rules=Rules.BELGIAN,
            silence=SilencePolicy.REFUSED,
            degree=Degree.READ,
            beside=Beside(
                since=("FormalNoticeReceived",),
                until=(
                    "DeclaredAdmissible",
                    "DeclaredInadmissible",
                    "Forfeited",
                    "Decided",
                    "Withdrawn",
                    "Established",
                    "ProvisionallyAuthorised",
                ),
            ),
        ),
    ),
    units=(Unit.MONTHS,),
)
"""Where no rule of its own says what silence means; a special rule comes before it."""
