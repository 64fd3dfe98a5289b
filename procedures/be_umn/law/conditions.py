"""Conditions that the law sets, and the powers that it gives, as clauses in words.

Law: Medicines Act of 25 March 1964, art. 6quater § 1, 2° and 3°; Royal Decree of 14 December 2006, art. 106,
107 and 108. The condition on alternative treatments changed on 13 December 2020 (Act of 22 November 2020):
from then on the alternative must also be reimbursed (rules E-02 and E-03). How that reaches dossiers and
programmes that were open on that day no text says. Our reading: a dossier is judged by the condition of the
day on which it was received, a programme from its next year on.
"""

from __future__ import annotations

from datetime import date

from models.law.choices import ALSO_LINKED, DEBTOR_ALONE, HOLD_BACK, MARK_THE_GAP
from models.law.clause import (
    Clause,
    InForce,
    Source,
    Transition,
)
from models.law.degree import Degree
from procedures.be_umn.law.instruments import FAMHP_ACT_2006, MEDICINES_ACT_1964, ROYAL_DECREE_2006

_SINCE = date(2014, 7, 1)
REIMBURSED_SINCE = date(2020, 12, 13)
_DECIDER = "the Minister responsible for Public Health, or the delegate"

ALTERNATIVE_TREATMENT = Clause(
    "alternative-treatment",
    "condition that no satisfactory alternative treatment exists",
    (
        InForce(
            "no satisfactory treatment with a medicine that is authorised and marketed",
            _SINCE,
            Source(MEDICINES_ACT_1964, "art. 6quater § 1, 2° and 3°", "version before 13 December 2020"),
            until_on=date(2020, 12, 12),
        ),
        InForce(
            "no satisfactory treatment with a medicine that is authorised, marketed and reimbursed",
            REIMBURSED_SINCE,
            Source(
                MEDICINES_ACT_1964,
                "art. 6quater § 1, 2° and 3°",
                "as amended by the Act of 22 November 2020",
            ),
            degree=Degree.READ,
            reading="no transitional rule: a dossier by the day of receipt, a programme from its next year",
            transition=Transition.FILED,
        ),
    ),
)


def _power(clause: str, governs: str, who: str, article: str, remark: str, reading: str = "") -> Clause:
    source = Source(ROYAL_DECREE_2006, article, remark)
    return Clause(clause, governs, (InForce(who, _SINCE, source, degree=Degree.READ, reading=reading),))


POWER_TO_DECIDE = _power(
    "power-to-decide",
    "power to decide on a dossier",
    _DECIDER,
    "art. 106 § 1 and 108 § 1",
    "on a favourable opinion of both bodies",
)
POWER_TO_SUSPEND = _power(
    "power-to-suspend",
    "power to suspend a programme",
    _DECIDER,
    "art. 106 § 5 and 108 § 5",
    "modification or suppression, with modalities",
    "the text knows no suspension; it is kept as a modality",
)
POWER_TO_CLOSE = _power(
    "power-to-close",
    "power to close a programme",
    _DECIDER,
    "art. 106 § 5 and 108 § 5",
    "suppression, with modalities",
)
POWER_TO_ADMIT = _power(
    "power-to-admit",
    "power to decide whether a dossier is admissible",
    "the agency",
    "art. 106 § 8 and 108 § 8",
    "the agency itself, not the Minister",
)
POWER_TO_EVALUATE = _power(
    "power-to-evaluate",
    "power to evaluate a programme that goes on as it is",
    "the agency",
    "art. 106 § 5 and 108 § 5",
    "first subparagraph; to modify or to suppress is for the Minister or the delegate (fifth subparagraph)",
)
DELEGATION = _power(
    "delegation",
    "who is the delegate of the Minister",
    "the administrator-general of the agency; other members of its staff within the limits of a designation",
    "art. 3",
    "by designation of the Minister",
)

PROVISIONAL_AUTHORISATION = _power(
    "provisional-authorisation",
    "power to authorise the making available provisionally, which brings a programme into force",
    _DECIDER,
    "art. 107 § 1",
    "on simple request of the manufacturer, the importer or an applicant for a marketing authorisation; "
    "no period, no silence rule",
)

SERVICES_SUSPENSION = Clause(
    "services-suspension",
    f"to whom services may be suspended while a debt is unpaid ({DEBTOR_ALONE}, or {ALSO_LINKED})",
    (
        InForce(
            DEBTOR_ALONE,
            _SINCE,
            Source(FAMHP_ACT_2006, "art. 14/22 § 8", "in force since 6 February 2024; assumed before"),
            until_on=date(2026, 6, 13),
        ),
        InForce(
            ALSO_LINKED,
            date(2026, 6, 14),
            Source(FAMHP_ACT_2006, "art. 14/22 § 8", "as by the Act of 30 May 2026, art. 28"),
            degree=Degree.READ,
            reading="who is the delegate for this act is open; no limit is stopped by it",
        ),
    ),
    choices=(DEBTOR_ALONE, ALSO_LINKED),
)

DECISION_ELEMENTS = _power(
    "decision-elements",
    "what the decision on a programme states",
    "duration, conditions of use and indication, distribution, admission of patients, person responsible, "
    "information for patients, unused medicine, data on suspected serious reactions",
    "art. 106 § 1 and 108 § 1",
    "second paragraph",
    "that all but the duration may refer to a version of the protocol that was filed",
)

END_ON_THE_MARKET = _power(
    "end-on-the-market",
    "end of a compassionate use programme",
    "the day on which the medicine is effectively placed on the market",
    "art. 106 § 5",
    "also by suppression, or when its duration is over",
)
END_WHEN_AUTHORISED = _power(
    "end-when-authorised",
    "end of a medical need programme",
    "the day on which the indication is authorised",
    "art. 108 § 5",
    "also by suppression, or when its duration is over",
    "a programme set up for an authorised indication that is not yet marketed would be over at birth: its "
    "end is put before a person (Medicines Act, art. 6quater § 1, 3°)",
)
AUTHORISATION_REFUSED = _power(
    "authorisation-refused",
    "what follows when the authorisation is refused",
    "further execution may be annulled, or modalities fixed, on the opinion of both bodies",
    "art. 106 § 5 and 108 § 5",
    "the opinions need not be favourable; no period",
)
SUCCESSOR = _power(
    "successor",
    "what follows when the authorisation is refused in part",
    "the programme is evaluated at once with a view to a medical need programme for the refused indications, "
    "which silence sets up when the medicine reaches the market",
    "art. 106 § 5",
    "on the conditions of the compassionate use programme; no period",
)
SOMETHING_LEARNT = _power(
    "something-learnt",
    "what follows when something is learnt that may lead to a substantial modification",
    "the agency evaluates the programme",
    "art. 106 § 5 and 108 § 5",
    "beside what it evaluates each half-year or year; to modify or suppress it is for the Minister or the "
    "delegate",
    "that a medicine of the same active substance was authorised (of compassionate use), or that its "
    "authorisation ended otherwise than by a refusal, is read as something of that kind; an authorisation "
    "ends no compassionate use programme before the medicine is effectively placed on the market",
)

PUBLICATION_GAP = Clause(
    "publication-gap",
    f"what becomes of a programme whose public text lacks a language ({MARK_THE_GAP}, or {HOLD_BACK})",
    (
        InForce(
            MARK_THE_GAP,
            _SINCE,
            Source(
                ROYAL_DECREE_2006,
                "art. 106 § 2 and 108 § 2",
                "French and Dutch are mandatory (language laws, art. 40)",
            ),
            reading="no text says what a missing language means: a doctor who reads another one is better "
            "served than one who reads nothing",
        ),
    ),
    choices=(MARK_THE_GAP, HOLD_BACK),
)

CONDITIONS: tuple[Clause, ...] = (
    ALTERNATIVE_TREATMENT,
    POWER_TO_DECIDE,
    POWER_TO_SUSPEND,
    POWER_TO_CLOSE,
    PROVISIONAL_AUTHORISATION,
    END_ON_THE_MARKET,
    END_WHEN_AUTHORISED,
    AUTHORISATION_REFUSED,
    SUCCESSOR,
    SOMETHING_LEARNT,
    POWER_TO_ADMIT,
    POWER_TO_EVALUATE,
    DELEGATION,
    SERVICES_SUSPENSION,
    DECISION_ELEMENTS,
    PUBLICATION_GAP,
)
