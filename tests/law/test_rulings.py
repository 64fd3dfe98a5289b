"""What follows from an outcome is what the law of the file says, and no word of it is known to the code."""

from __future__ import annotations

from datetime import date

import pytest

from models.acts import Decided, DeclaredInadmissible
from models.decision import Capacity, Opinion, Outcome, Ruling, View
from models.dossier import Dossier
from models.eligibility import Assessed, Verdict
from models.errors import ImproperAct, UnknownClause
from models.law.applicable import Law
from models.parties import Body, Party
from models.phases import Course, Phase
from models.subjects import Product
from procedures.be_umn.public import REGISTER
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from procedures.registry import lists_of, outcomes, phases, roles

FILED = date(2026, 3, 2)
MINISTER = {"decided_by": "Ann", "capacity": "minister"}
STATED = {"until_on": "2029-03-01", "protocol": "version 2 of 3 February 2026"}
LISTED = Ruling(outcome=Outcome("listed"), phase=Phase("listed"), course=Course.GOES_ON, with_conditions=True)


def filed(law: Law) -> Dossier:
    return Dossier(
        number="CUP-2026-014",
        kind=Kind.APPLICATION,
        procedure="CUP",
        opened_on=FILED,
        taken_in_by="Ann",
        applicant=Party(id="a", name="Applicant"),
        invoice_addressee=Party(id="a", name="Applicant"),
        subject=Product(trade_name="Name", active_substance="Substance", indication="An indication").subject,
        law=law,
    )


def decided(outcome: str, **said: object) -> Decided:
    return Decided.model_validate(
        {"by": "Ann", "request_id": "request-1", "grounds": "g", "outcome": outcome, **MINISTER, **said}
    )


@pytest.mark.parametrize("code", ["CUP", "MNP"])
@pytest.mark.parametrize(
    ("kind", "outcome", "phase", "course", "refuses"),
    [
        (Kind.APPLICATION, "authorised", "granted", Course.GOES_ON, False),
        (Kind.APPLICATION, "authorised_with_conditions", "granted", Course.GOES_ON, False),
        (Kind.MODIFICATION, "refused", "refused", None, True),
        (Kind.LIST, "noted", "noted", None, False),
        (None, "continued", "granted", Course.GOES_ON, False),
        (None, "continued_with_conditions", "granted", Course.GOES_ON, False),
        (None, "suspended", "granted", Course.HALTED, False),
        (None, "closed_to_new_patients", "granted", Course.ADMITS_NO_MORE, False),
        (None, "closed", "granted", Course.ENDED, False),
        (Kind.LIST, "inadmissible", "inadmissible", None, False),
        (Kind.APPLICATION, "withdrawn", "withdrawn", None, False),
    ],
)
def test_what_an_outcome_of_a_kind_leads_to(code, kind, outcome, phase, course, refuses):
    ruling = applicable_law(code, kind, FILED).ruling(Outcome(outcome))
    assert (ruling.phase, ruling.course, ruling.refuses) == (phase, course, refuses)


def test_patients_under_treatment_need_a_plan_where_no_new_ones_come_in_for_good():
    law = applicable_law("CUP", None, FILED)
    assert {r.outcome for r in law.outcomes if r.ends_inclusion} == {"closed_to_new_patients", "closed"}
    assert {r.outcome for r in law.outcomes if r.halts} == {"closed_to_new_patients", "closed", "suspended"}


def test_an_application_opens_a_programme_and_only_a_modification_changes_its_product():
    laws = {kind: applicable_law("CUP", kind, FILED) for kind in Kind.words()}
    assert [kind for kind, law in laws.items() if law.opens_life] == [Kind.APPLICATION]
    assert [kind for kind, law in laws.items() if law.changes_subject] == [Kind.MODIFICATION]


def test_a_programme_that_is_closed_to_new_patients_stays_on_the_list_of_authorised_ones():
    states = applicable_law("UMN", None, FILED).states
    listed = {course: state.public_list for course, state in states.items()}
    assert listed[Course.ADMITS_NO_MORE] == listed[Course.GOES_ON] == "authorised"
    assert states[Course.ADMITS_NO_MORE].phase == "closed_to_new_patients"


def test_an_outcome_that_only_the_law_of_the_file_knows_is_decided_as_it_says():
    law = applicable_law("CUP", Kind.APPLICATION, FILED).model_copy(
        update={"outcomes": (LISTED,), "binding": ()}
    )
    case = filed(Law.model_validate_json(law.model_dump_json()))
    owed = [{"text": "A report", "due_on": "2026-09-01"}]
    decided("listed", conditions=owed, **STATED).check(case, FILED)
    assert case.law.ruling(Outcome("listed")) == LISTED
    with pytest.raises(ImproperAct, match="needs at least one condition"):
        decided("listed").check(case, FILED)
    with pytest.raises(ImproperAct, match="listed"):  # the one that is possible is named
        decided("authorised").check(case, FILED)


def test_an_outcome_that_no_law_of_the_file_knows_means_nothing():
    with pytest.raises(UnknownClause, match="knows no outcome listed"):
        applicable_law("CUP", Kind.APPLICATION, FILED).ruling(Outcome("listed"))


def test_the_registry_has_every_word_that_a_command_may_be_given():
    assert {"authorised", "continued", "noted"} <= set(outcomes())
    assert {"opinion", "inadmissible", "refused", "closed_to_new_patients"} <= set(phases())
    assert lists_of(REGISTER) == ("authorised", "suspended", "closed")
    assert set(roles()) > {"applicant", "invoice_addressee", "desk", "commission", "physicians"}


def test_a_decision_says_who_took_it_and_in_which_capacity():
    case = filed(applicable_law("CUP", Kind.APPLICATION, FILED))
    with pytest.raises(ImproperAct, match=r"--capacity, one of minister, administrator-general, staff\."):
        decided("refused", capacity=None).check(case, FILED)
    with pytest.raises(ImproperAct, match="--decided-by"):
        decided("refused", decided_by=None).check(case, FILED)
    with pytest.raises(ImproperAct, match="cannot be done as agency"):  # it decides on admissibility only
        decided("refused", capacity="agency").check(case, FILED)
    signed = decided("refused").signatory(case.law)
    assert (signed.person, signed.capacity, signed.clause) == ("Ann", "minister", "power-to-decide")


def test_staff_decides_within_a_designation_and_the_administrator_general_without_one():
    case = filed(applicable_law("MNP", Kind.APPLICATION, FILED))
    with pytest.raises(ImproperAct, match="within a designation"):
        decided("refused", capacity="staff").check(case, FILED)
    within = "Ministerial designation of 2 March 2026, refusals"
    act = decided("refused", capacity="staff", designation=within)
    act.check(case, FILED)
    assert (act.signatory(case.law).designation, act.signatory(case.law).clause) == (within, "delegation")
    with pytest.raises(ImproperAct, match="leave --designation out"):
        decided("refused", capacity="administrator-general", designation=within).check(case, FILED)


def test_the_agency_decides_on_admissibility_and_is_not_asked_in_which_capacity():
    case = filed(applicable_law("CUP", Kind.APPLICATION, FILED))
    act = DeclaredInadmissible(by="Ann", request_id="request-1", unmet="reasons", grounds="g")
    act.check(case, FILED)
    signed = act.signatory(case.law)
    assert (signed.person, signed.capacity, signed.clause) == ("Ann", "agency", "power-to-admit")
    as_minister = act.model_copy(update={"capacity": Capacity("minister")})
    with pytest.raises(ImproperAct, match="it is done as: agency"):
        as_minister.check(case, FILED)


def heard(**views: View | None) -> list[Opinion]:
    return [Opinion(body=Body(body), view=view, given_on=FILED) for body, view in views.items()]


@pytest.mark.parametrize("code", ["CUP", "MNP"])
@pytest.mark.parametrize(
    ("views", "lacks"),
    [
        ({}, ["no opinion of the ethics committee", "no opinion of the commission"]),
        ({"commission": View.FAVOURABLE}, ["no opinion of the ethics committee"]),
        (
            {"ethics_committee": View.FAVOURABLE_WITH_REMARKS, "commission": View.UNFAVOURABLE},
            ["the opinion of the commission is not favourable"],
        ),
        ({"ethics_committee": View.FAVOURABLE, "commission": View.FAVOURABLE_WITH_REMARKS}, []),
    ],
)
def test_nothing_is_granted_without_two_favourable_opinions(code, views, lacks):
    case = filed(applicable_law(code, Kind.APPLICATION, FILED)).model_copy(
        update={"opinions": heard(**views)}
    )
    assert [str(one) for one in case.lacks] == lacks
    decided("refused").check(case, FILED)  # two favourable opinions oblige nobody
    if lacks:
        with pytest.raises(ImproperAct, match=f"{lacks[0]}.*What is possible: refused"):
            decided("authorised").check(case, FILED)


def test_nothing_is_granted_against_a_rule_or_before_it_was_judged():
    rules = [Assessed(rule=rule, verdict=verdict, article="a") for rule, verdict in VERDICTS.items()]
    case = filed(applicable_law("CUP", Kind.APPLICATION, FILED)).model_copy(
        update={
            "opinions": heard(ethics_committee=View.FAVOURABLE, commission=View.FAVOURABLE),
            "checklist": tuple(rules),
        }
    )
    with pytest.raises(ImproperAct, match="rule E-02 is not fulfilled; rule E-03 is not judged"):
        decided("authorised").check(case, FILED)
    decided("refused").check(case, FILED)


VERDICTS = {"E-01": Verdict.PASS, "E-02": Verdict.FAIL, "E-03": Verdict.OPEN}


def test_a_decision_that_sets_up_a_programme_states_a_last_day_and_the_seven_other_elements():
    law = applicable_law("MNP", Kind.APPLICATION, FILED).model_copy(update={"binding": ()})
    case = filed(law)
    assert len(law.elements) == 8
    with pytest.raises(ImproperAct, match=r"leaves out duration, conditions-of-use, .*--until.*--protocol"):
        decided("authorised").check(case, FILED)
    with pytest.raises(ImproperAct, match=r"leaves out duration\."):  # a length is no last day
        decided("authorised", protocol="version 2").check(case, FILED)
    decided("authorised", **STATED).check(case, FILED)
    words = {element: "In words." for element in law.elements if element != "duration"}
    decided("authorised", until_on="2029-03-01", elements={"nl": words}).check(case, FILED)
    del words["distribution"]
    with pytest.raises(ImproperAct, match=r"leaves out distribution\."):
        decided("authorised", until_on="2029-03-01", elements={"nl": words}).check(case, FILED)
    with pytest.raises(ImproperAct, match="states no colour"):
        decided("authorised", elements={"fr": {"colour": "rouge"}}, **STATED).check(case, FILED)


def test_a_refusal_states_no_elements_and_a_modification_may_leave_them_out():
    case = filed(applicable_law("CUP", Kind.APPLICATION, FILED).model_copy(update={"binding": ()}))
    with pytest.raises(ImproperAct, match="no last day, no elements"):
        decided("refused", protocol="version 2").check(case, FILED)
    law = applicable_law("CUP", Kind.MODIFICATION, FILED).model_copy(update={"binding": ()})
    decided("authorised").check(filed(law), FILED)


def test_no_condition_falls_due_before_the_decision_takes_effect_and_a_refusal_waits_for_no_day():
    case = filed(applicable_law("CUP", Kind.APPLICATION, FILED).model_copy(update={"binding": ()}))
    owed = [{"text": "A report", "due_on": "2026-09-01"}]
    said = {"conditions": owed, **STATED}
    decided("authorised_with_conditions", effective_on="2026-08-31", **said).check(case, FILED)
    with pytest.raises(ImproperAct, match="due before the decision takes effect"):
        decided("authorised_with_conditions", effective_on="2026-09-01", **said).check(case, FILED)
    with pytest.raises(ImproperAct, match="cannot take effect on 2026-03-01"):  # before its own day
        decided("authorised", effective_on="2026-03-01", **STATED).check(case, FILED)
    with pytest.raises(ImproperAct, match="leave --effective-on out"):
        decided("refused", effective_on="2026-08-31").check(case, FILED)
