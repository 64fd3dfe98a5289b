"""May the programme be authorised at all? The rules as a checklist, and which of the two routes it is.

Law: Medicines Act of 25 March 1964, art. 6quater § 1, 2° (compassionate use) and 3° (medical need).
Rules E-01 to E-23 of the domain notes, section 4, each with its days, article and source. What the
applicant's answers decide is passed or failed by itself; what is a matter of judgement waits for a
person, who gives the grounds. The checklist advises whoever decides and binds nobody: a rule that
failed refuses nothing by itself. None of these rules was verified by a person.
Interpretation: a re-evaluation runs the rule on alternative treatments again. Rule E-03 is told only
where it changes something, in dossiers received before 13 December 2020.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictBool

from models.law.clause import MEDICINES_ACT_1964, Source
from models.law.conditions import ALTERNATIVE_TREATMENT, REIMBURSED_SINCE
from models.law.procedures.shape import Kind

_SINCE = date(2014, 7, 1)
_HUMAN_SINCE = date(2022, 5, 21)
_BEFORE_REIMBURSED = REIMBURSED_SINCE - timedelta(days=1)
_BOTH = ("CUP", "MNP")


Disease = Literal["chronic", "seriously-debilitating", "life-threatening"]
Answer = StrictBool | None


class Verdict(StrEnum):
    """What is known of a rule: fulfilled, not fulfilled, or waiting for a person's judgement."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "open"


class Answers(BaseModel):
    """What the applicant's form says that the rules ask; None where it says nothing.

    The `alternative` answers are about the best treatment that there is for the condition, with a
    medicine that is authorised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    disease: tuple[Disease, ...] | None = None
    alternative_authorised: Answer = None
    alternative_marketed: Answer = None
    alternative_reimbursed: Answer = None
    group_of_patients: Answer = None
    free_of_charge: Answer = None
    one_indication: Answer = None
    human_medicine: Answer = None
    trial_considered: Answer = None
    authorised: Answer = None
    marketed: Answer = None
    centralised_scope: Literal["mandatory", "optional", "none"] | None = None
    application_submitted: Answer = None
    trials_ongoing: Answer = None
    indication_authorised: Answer = None
    indication_marketed: Answer = None
    indication_under_review: Answer = None
    trials_relevant: Answer = None
    written_request: Answer = None
    applicant_holds_authorisation: Answer = None


Test = Callable[[Answers], bool | None]


@dataclass(frozen=True)
class Rule:
    """One rule of eligibility, on its days.

    `test` decides it from the answers; `judged` means that answers alone cannot fulfil it. The
    sentence of the rule, in each language, is found by `id`.
    """

    id: str
    source: Source
    test: Test
    judged: bool = False
    procedures: tuple[str, ...] = _BOTH
    kinds: tuple[Kind, ...] = (Kind.APPLICATION,)
    from_on: date = _SINCE
    until_on: date | None = None

    def applies(self, procedure: str, kind: Kind, on: date) -> bool:
        """Whether it is asked of a dossier of that procedure and kind, received on that day."""
        within = self.from_on <= on and (self.until_on is None or on <= self.until_on)
        return within and procedure in self.procedures and kind in self.kinds


class Assessed(BaseModel):
    """A rule as it stands in one dossier: by the form, or by a person's judgement with its grounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    verdict: Verdict
    article: str
    by: str = ""
    on: date | None = None
    grounds: str = ""


def either(*answers: bool | None) -> bool | None:
    """One of them is yes; unknown while none is yes and one is unknown."""
    return True if True in answers else None if None in answers else False


def every(*answers: bool | None) -> bool | None:
    """All of them are yes; no as soon as one is no."""
    return False if False in answers else None if None in answers else True


def no(answer: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if answer is None else not answer


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
_AGAIN = (Kind.APPLICATION, Kind.RE_EVALUATION)

RULES: tuple[Rule, ...] = (
    Rule("E-01", _BOTH_ARTICLES, _disease, judged=True),
    Rule(
        "E-02",
        ALTERNATIVE_TREATMENT.on(_BEFORE_REIMBURSED).source,
        _no_alternative_before,
        judged=True,
        kinds=_AGAIN,
        until_on=_BEFORE_REIMBURSED,
    ),
    Rule(
        "E-02",
        ALTERNATIVE_TREATMENT.on(REIMBURSED_SINCE).source,
        _no_alternative,
        judged=True,
        kinds=_AGAIN,
        from_on=REIMBURSED_SINCE,
    ),
    Rule(
        "E-03",
        ALTERNATIVE_TREATMENT.on(_BEFORE_REIMBURSED).source,
        lambda said: True,
        kinds=_AGAIN,
        until_on=_BEFORE_REIMBURSED,
    ),
    Rule("E-04", _CUP, lambda said: said.group_of_patients, procedures=("CUP",)),
    Rule("E-04", _MNP, lambda said: said.group_of_patients, procedures=("MNP",)),
    Rule("E-05", _TEMPLATE, lambda said: said.free_of_charge),
    Rule("E-06", _TEMPLATE, lambda said: said.one_indication),
    Rule("E-07", _BOTH_ARTICLES, lambda said: said.human_medicine, from_on=_HUMAN_SINCE),
    Rule("E-08", Source("Regulation (EC) No 726/2004", "art. 83"), lambda s: s.trial_considered, judged=True),
    Rule("E-10", _CUP, lambda s: either(no(s.authorised), no(s.marketed)), procedures=("CUP",)),
    Rule("E-11", _CUP, _centralised, procedures=("CUP",)),
    Rule("E-12", _CUP, lambda s: either(s.application_submitted, s.trials_ongoing), procedures=("CUP",)),
    Rule("E-20", _MNP, lambda s: every(s.authorised, _not_yet_with_indication(s)), procedures=("MNP",)),
    Rule("E-21", _MNP, _evidence, procedures=("MNP",)),
    Rule("E-22", _MNP, lambda s: s.written_request, procedures=("MNP",)),
    Rule("E-23", _MNP, lambda s: s.applicant_holds_authorisation, procedures=("MNP",)),
)


def rules(procedure: str, kind: Kind, on: date) -> tuple[Rule, ...]:
    """The rules of a dossier of that procedure and kind, received on that day."""
    return tuple(rule for rule in RULES if rule.applies(procedure, kind, on))


def assess(procedure: str, kind: Kind, said: Answers, on: date) -> tuple[Assessed, ...]:
    """The checklist of a dossier, from what its form says.

    An answer that breaks a rule fails it, also where it is a matter of judgement: the applicant said so.
    """
    checklist = []
    for rule in rules(procedure, kind, on):
        answer = rule.test(said)
        verdict = Verdict.FAIL if answer is False else Verdict.OPEN
        if answer and not rule.judged:
            verdict = Verdict.PASS
        checklist.append(Assessed(rule=rule.id, verdict=verdict, article=str(rule.source)))
    return tuple(checklist)


def judged(checklist: tuple[Assessed, ...], judgement: Assessed) -> tuple[Assessed, ...]:
    """The checklist with a person's judgement in the place of what stood for that rule."""
    return tuple(judgement if line.rule == judgement.rule else line for line in checklist)


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
