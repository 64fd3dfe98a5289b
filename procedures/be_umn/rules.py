"""May the programme be authorised at all? The rules as a checklist, and which of the two routes it is.

Law: Medicines Act of 25 March 1964, art. 6quater § 1, 2° (compassionate use) and 3° (medical need).
Rules E-01 to E-23, each with its days, article and source; what becomes of
the answers is told in `models/eligibility.py`. None of these rules was confirmed by a person.
Interpretation: a list, with its Annex X, runs the rule on alternative treatments again. Rule E-03 is told
only where it changes something, in dossiers received before 13 December 2020.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from models.eligibility import Rule, either, every, no
from models.law.clause import Source
from procedures.be_umn.facts import Answers
from procedures.be_umn.law.conditions import ALTERNATIVE_TREATMENT, REIMBURSED_SINCE
from procedures.be_umn.law.instruments import MEDICINES_ACT_1964
from procedures.be_umn.words import Kind

_SINCE = date(2014, 7, 1)
_HUMAN_SINCE = date(2022, 5, 21)
_BEFORE_REIMBURSED = REIMBURSED_SINCE - timedelta(days=1)


def _disease(said: Answers) -> bool | None:
    return None if said.disease is None else bool(said.disease)


def _no_alternative(said: Answers) -> bool | None:
    """With all three conditions together."""
    return no(every(said.alternative_authorised, said.alternative_marketed, said.alternative_reimbursed))


def _no_alternative_before(said: Answers) -> bool | None:
    """Without the condition that it is reimbursed."""
    return no(every(said.alternative_authorised, said.alternative_marketed))


def _centralised(said: Answers) -> bool | None:
    return None if said.centralised_scope is None else said.centralised_scope != "none"


def _not_yet_with_indication(said: Answers) -> bool | None:
    """The indication is not authorised, or not marketed yet."""
    return either(no(said.indication_authorised), no(said.indication_marketed))


def _evidence(said: Answers) -> bool | None:
    """One of the three grounds (a), (b) and (c)."""
    not_marketed_yet = every(said.indication_authorised, no(said.indication_marketed))
    return either(said.indication_under_review, not_marketed_yet, said.trials_ongoing, said.trials_relevant)


_BOTH_ARTICLES = Source(MEDICINES_ACT_1964, "art. 6quater § 1, 2° and 3°")
_CUP = Source(MEDICINES_ACT_1964, "art. 6quater § 1, 2°")
_MNP = Source(MEDICINES_ACT_1964, "art. 6quater § 1, 3°")
_TEMPLATE = Source("protocol template of the agency", "", "Annex III and VI, read in part")
_AGAIN = (Kind.APPLICATION, Kind.LIST)

_rule = partial(Rule, kinds=(Kind.APPLICATION,), from_on=_SINCE)

RULES: tuple[Rule, ...] = (
    _rule("E-01", _BOTH_ARTICLES, _disease, judged=True),
    _rule(
        "E-02",
        ALTERNATIVE_TREATMENT.on(_BEFORE_REIMBURSED).source,
        _no_alternative_before,
        judged=True,
        kinds=_AGAIN,
        until_on=_BEFORE_REIMBURSED,
    ),
    _rule(
        "E-02",
        ALTERNATIVE_TREATMENT.on(REIMBURSED_SINCE).source,
        _no_alternative,
        judged=True,
        kinds=_AGAIN,
        from_on=REIMBURSED_SINCE,
    ),
    _rule(
        "E-03",
        ALTERNATIVE_TREATMENT.on(_BEFORE_REIMBURSED).source,
        lambda said: True,
        kinds=_AGAIN,
        until_on=_BEFORE_REIMBURSED,
    ),
    _rule("E-04", _CUP, lambda said: said.group_of_patients, procedures=("CUP",)),
    _rule("E-04", _MNP, lambda said: said.group_of_patients, procedures=("MNP",)),
    _rule("E-05", _TEMPLATE, lambda said: said.free_of_charge),
    _rule("E-06", _TEMPLATE, lambda said: said.one_indication),
    _rule("E-07", _BOTH_ARTICLES, lambda said: said.human_medicine, from_on=_HUMAN_SINCE),
    _rule(
        "E-08", Source("Regulation (EC) No 726/2004", "art. 83"), lambda s: s.trial_considered, judged=True
    ),
    _rule("E-10", _CUP, lambda s: either(no(s.authorised), no(s.marketed)), procedures=("CUP",)),
    _rule("E-11", _CUP, _centralised, procedures=("CUP",)),
    _rule("E-12", _CUP, lambda s: either(s.application_submitted, s.trials_ongoing), procedures=("CUP",)),
    _rule("E-20", _MNP, lambda s: every(s.authorised, _not_yet_with_indication(s)), procedures=("MNP",)),
    _rule("E-21", _MNP, _evidence, procedures=("MNP",)),
    _rule("E-22", _MNP, lambda s: s.written_request, procedures=("MNP",)),
    _rule("E-23", _MNP, lambda s: s.applicant_holds_authorisation, procedures=("MNP",)),
)


class Route(StrEnum):
    """Where the answers lead: one of the two programmes, or none of them."""

    CUP = "CUP"
    MNP = "MNP"
    ORDINARY = "ordinary-prescription"
    NEITHER = "neither"


def route(said: Answers) -> Route | None:
    """The route that the answers lead to; None while they do not tell.

    A product authorised for any indication takes the way of medical need, unless it is marketed with
    the indication asked for: then it is prescribed as usual.
    Not coded: a compassionate use programme during which the product is authorised goes on as it is.
    """
    if said.authorised is None:
        return None
    if said.authorised:
        match _not_yet_with_indication(said):
            case None:
                return None
            case True:
                return Route.MNP
        return Route.ORDINARY
    match every(_centralised(said), either(said.application_submitted, said.trials_ongoing)):
        case None:
            return None
        case True:
            return Route.CUP
    return Route.NEITHER
