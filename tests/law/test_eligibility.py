"""Rules E-01 to E-23: what answers decide by themselves, what waits for a person, and which route it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.wording import wording_of
from models.eligibility import Verdict, assess
from models.parties import Language
from procedures.be_umn.facts import Answers
from procedures.be_umn.law.conditions import ALTERNATIVE_TREATMENT
from procedures.be_umn.rules import RULES, Route, route
from procedures.be_umn.words import Kind

TODAY = date(2026, 11, 16)
COMMON: dict[str, Any] = {
    "disease": ("chronic",),
    "alternative_authorised": True,
    "alternative_marketed": True,
    "alternative_reimbursed": False,
    "group_of_patients": True,
    "free_of_charge": True,
    "one_indication": True,
    "human_medicine": True,
    "trial_considered": True,
}
CUP = COMMON | {
    "authorised": False,
    "marketed": False,
    "centralised_scope": "mandatory",
    "application_submitted": False,
    "trials_ongoing": True,
}
MNP = COMMON | {
    "authorised": True,
    "marketed": True,
    "indication_authorised": False,
    "indication_marketed": False,
    "indication_under_review": False,
    "trials_ongoing": False,
    "trials_relevant": True,
    "written_request": True,
    "applicant_holds_authorisation": True,
}
SAID = {"CUP": CUP, "MNP": MNP}


def verdicts(
    procedure: str, on: date = TODAY, kind: Kind = Kind.APPLICATION, **changed: Any
) -> dict[str, str]:
    said = Answers(**(SAID[procedure] | changed))
    return {line.rule: line.verdict.value for line in assess(RULES, procedure, kind, said, on)}


def test_a_compassionate_use_programme_is_examined_by_its_own_rules():
    assert verdicts("CUP") == {
        "E-01": "open",
        "E-02": "open",
        "E-04": "pass",
        "E-05": "pass",
        "E-06": "pass",
        "E-07": "pass",
        "E-08": "open",
        "E-10": "pass",
        "E-11": "pass",
        "E-12": "pass",
    }


def test_a_medical_need_programme_is_examined_by_its_own_rules():
    assert [rule for rule, verdict in verdicts("MNP").items() if verdict == "pass"] == [
        "E-04",
        "E-05",
        "E-06",
        "E-07",
        "E-20",
        "E-21",
        "E-22",
        "E-23",
    ]


@pytest.mark.parametrize(
    ("procedure", "rule", "answers"),
    [
        ("CUP", "E-01", {"disease": ()}),
        ("CUP", "E-02", {"alternative_reimbursed": True}),
        ("CUP", "E-04", {"group_of_patients": False}),
        ("CUP", "E-05", {"free_of_charge": False}),
        ("CUP", "E-06", {"one_indication": False}),
        ("CUP", "E-07", {"human_medicine": False}),
        ("CUP", "E-08", {"trial_considered": False}),
        ("CUP", "E-10", {"authorised": True, "marketed": True}),
        ("CUP", "E-11", {"centralised_scope": "none"}),
        ("CUP", "E-12", {"trials_ongoing": False}),
        ("MNP", "E-20", {"authorised": False}),
        ("MNP", "E-20", {"indication_authorised": True, "indication_marketed": True}),
        ("MNP", "E-21", {"trials_relevant": False}),
        ("MNP", "E-22", {"written_request": False}),
        ("MNP", "E-23", {"applicant_holds_authorisation": False}),
    ],
)
def test_an_answer_that_breaks_a_rule_fails_it_and_no_other(procedure, rule, answers):
    failed = [each for each, verdict in verdicts(procedure, **answers).items() if verdict == "fail"]
    assert failed == [rule]


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        ("E-10", {"authorised": True, "marketed": False}),
        ("E-12", {"application_submitted": True, "trials_ongoing": False}),
    ],
)
def test_one_of_two_grounds_is_enough_for_compassionate_use(rule, answers):
    assert verdicts("CUP", **answers)[rule] == "pass"


@pytest.mark.parametrize(
    "ground",
    [
        {"indication_under_review": True},
        {"indication_authorised": True, "indication_marketed": False},
        {"trials_ongoing": True},
        {"trials_relevant": True},
    ],
)
def test_each_of_the_grounds_of_a_medical_need_is_enough(ground):
    none = {"trials_relevant": False}
    assert verdicts("MNP", **none)["E-21"] == "fail"
    assert verdicts("MNP", **(none | ground))["E-21"] == "pass"


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
def test_what_the_form_does_not_say_waits_for_a_person(procedure):
    checklist = assess(RULES, procedure, Kind.APPLICATION, Answers(), TODAY)
    assert {line.verdict for line in checklist} == {Verdict.OPEN}


@pytest.mark.parametrize(
    ("on", "reimbursed_counts"), [(date(2020, 12, 12), False), (date(2020, 12, 13), True)]
)
def test_that_the_alternative_is_reimbursed_counts_from_13_december_2020(on, reimbursed_counts):
    told = verdicts("CUP", on)
    assert told["E-02"] == ("open" if reimbursed_counts else "fail")
    assert ("E-03" in told) is not reimbursed_counts
    (rule,) = [rule for rule in RULES if rule.id == "E-02" and rule.applies("CUP", Kind.APPLICATION, on)]
    assert rule.source == ALTERNATIVE_TREATMENT.on(on).source


def test_a_list_asks_again_only_for_alternative_treatments():
    assert verdicts("CUP", kind=Kind.LIST) == {"E-02": "open"}
    assert verdicts("MNP", kind=Kind.LIST, alternative_reimbursed=True) == {"E-02": "fail"}


def test_a_modification_is_not_examined_by_these_rules():
    assert verdicts("CUP", kind=Kind.MODIFICATION) == {}


def test_on_every_day_each_rule_has_one_text():
    for day in (date(2014, 7, 1), date(2020, 12, 12), date(2020, 12, 13), date(2022, 5, 21), TODAY):
        for procedure in ("CUP", "MNP"):
            ids = [rule.id for rule in RULES if rule.applies(procedure, Kind.APPLICATION, day)]
            assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("language", Language)
def test_every_rule_is_worded_and_has_a_source(language):
    wording = wording_of("CUP")
    for rule in RULES:
        assert wording.rule(rule.id, language)
        assert wording.rule_source(str(rule.source), language)
    assert len({wording.verdict(verdict.value, language) for verdict in Verdict}) == len(Verdict)


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        (CUP, Route.CUP),
        (MNP, Route.MNP),
        ({}, None),
        ({"authorised": False}, None),
        ({"authorised": True}, None),
        ({"authorised": True, "indication_authorised": True, "indication_marketed": True}, Route.ORDINARY),
        ({"authorised": True, "indication_authorised": True, "indication_marketed": False}, Route.MNP),
        ({"authorised": False, "centralised_scope": "none"}, Route.NEITHER),
        ({**CUP, "trials_ongoing": False}, Route.NEITHER),
    ],
)
def test_the_route_follows_from_the_answers(said, leads_to):
    assert route(Answers(**said)) is leads_to
