"""Limits that no phase waits for: what begins and ends them is data of the clause."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.dossier import Dossier
from models.entry import LetterKind
from models.flags import said
from models.law.applicable import Law, sealed
from models.law.beside import Beside, Sent
from models.law.clause import Applied, working_days
from models.parties import Party, Role
from models.phases import Phase
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from workflows import beside, warning
from workflows.case import Case

MONDAY = date(2027, 3, 1)
DAY = timedelta(days=1)
NUMBER = "CUP-2027-001"
AGENCY = "european_agency"
BOTH = Beside(
    since=("DeclaredAdmissible",),
    sent=(
        Sent(letters=("opinion-request",), role=Role("commission")),
        Sent(letters=("opinion-request", "questions"), role=Role("ethics_committee")),
    ),
    until=("Withdrawn",),
)


class OfTheDay(Case):
    """A case on a day that the test names."""

    day = MONDAY

    @property
    def today(self) -> date:
        return self.day

    def left(self, letter: str, role: str, on: date, entry: int = 2) -> bool:
        self.happens("LetterLeft", on)
        key = f"{NUMBER}/{entry}/{letter}/{role}/to-1"
        self.docket.letter_left(key, letter, entry, on, "email", "")
        return beside.take_letter(self)


def law() -> Law:
    passing_on = Applied(
        clause="passing",
        limits=(working_days(3),),
        warnings=(working_days(1),),
        from_on=MONDAY,
        beside=BOTH,
    )
    of_today = applicable_law("CUP", Kind.APPLICATION, MONDAY)
    others = {clause: applied for clause, applied in of_today.clauses.items() if not applied.beside}
    return sealed(of_today.model_copy(update={"clauses": {**others, "passing": passing_on}}))


def filed(of: Law, opened_on: date = MONDAY) -> OfTheDay:
    party = Party(id="1", name="Exemplar Pharma")
    said = {
        "kind": Kind.APPLICATION,
        "procedure": of.procedure,
        "taken_in_by": "Ann",
        "subject": {"kind": "product", "parts": {"trade_name": "V"}},
    }
    parties = {"applicant": party, "invoice_addressee": party}
    return OfTheDay(Dossier(number=NUMBER, opened_on=opened_on, law=of, **said, **parties))


@pytest.fixture
def case() -> OfTheDay:
    case = filed(law())
    case.docket.entries = 1
    case.happens("DeclaredAdmissible")
    beside.take_act(case)
    case.docket.entries = 2
    return case


def test_it_begins_with_its_act_and_ends_when_all_that_it_asks_for_has_left(case: OfTheDay):
    assert case.last_day("passing") == MONDAY + 3 * DAY
    assert not case.left("opinion-request", "commission", MONDAY)
    assert not case.left("opinion-request", "applicant", MONDAY)  # to somebody else
    assert not case.left("opinion-request", "ethics_committee", MONDAY, entry=1)  # before it began
    assert case.left("questions", "ethics_committee", MONDAY + 2 * DAY)
    assert "passing" not in case.clocks
    done = {"clause": "passing", "due_on": MONDAY + 3 * DAY, "on": MONDAY + 2 * DAY, "late": False}
    assert case.happened.facts["done"] == [done]


def test_an_act_ends_it_and_one_that_begins_it_does_not_begin_it_twice(case: OfTheDay):
    case.day = MONDAY + DAY
    case.happens("DeclaredAdmissible")
    beside.take_act(case)
    assert case.clocks["passing"].started_on == MONDAY
    case.happens("Withdrawn")
    beside.take_act(case)
    assert not beside.running(case)


def test_its_passing_is_entered_flagged_and_told_and_it_stays_listed_until_it_is_done(case: OfTheDay):
    assert warning.warns_on(case) == MONDAY + 2 * DAY
    assert beside.wakes_on(case) == MONDAY + 4 * DAY
    assert beside.flags(case) == ()
    case.day = MONDAY + 4 * DAY
    beside.passes(case, Phase.OPINION)
    assert (case.happened.act, case.happened.on) == ("LimitPassed", MONDAY + 4 * DAY)
    assert [(one.kind, one.role) for one in case.happened.letters] == [(LetterKind.LIMIT_PASSED, Role.DESK)]
    assert [said(flag) for flag in beside.flags(case)] == ["passing was due on 2027-03-04 and is not done"]
    assert beside.wakes_on(case) is None  # told once
    assert "passing" in {clock.ref for clock in case.open_clocks()}
    case.left("opinion-request", "commission", MONDAY)
    assert case.left("opinion-request", "ethics_committee", MONDAY + 7 * DAY)
    assert case.happened.facts["done"][0]["late"]
    assert beside.flags(case) == ()


def test_a_case_is_told_of_the_letters_that_end_a_limit(case: OfTheDay):
    case.tell(LetterKind.OPINION_REQUEST, Role("commission"))
    case.tell(LetterKind.OPINION_REQUEST)
    assert [letter.awaited for letter in case.happened.letters] == [True, False]


def received(procedure: str, entered_on: date) -> OfTheDay:
    """An application of Friday, entered on a day."""
    friday = MONDAY - 3 * DAY
    case = filed(applicable_law(procedure, Kind.APPLICATION, friday), friday)
    case.day = entered_on
    case.happens("Received", friday)
    beside.take_act(case)
    case.docket.entries = 1
    return case


def test_the_european_agency_is_told_of_an_application_at_once_and_of_a_medical_need_programme_never():
    """Art. 106 § 10, which art. 108 § 8 does not take over."""
    assert not received("MNP", MONDAY).happened.letters
    case = received("CUP", MONDAY)
    assert [(one.kind, one.role) for one in case.happened.letters] == [("for-information", AGENCY)]
    assert "european-agency" not in {clock.ref for clock in case.open_clocks()}  # it has no day to list
    assert not case.left("for-information", AGENCY, MONDAY, entry=1)  # nothing to tell: it was at once
    assert beside.wakes_on(case) is None
    late = received("CUP", MONDAY)
    assert beside.wakes_on(late) == MONDAY + DAY
    late.day = MONDAY + DAY
    beside.passes(late, Phase.ADMISSIBILITY)
    (flag,) = beside.flags(late)
    assert said(flag) == "notice to the European agency was due on 2027-03-01 and is not done"
    assert "european-agency" in {clock.ref for clock in late.open_clocks()}
    assert late.left("for-information", AGENCY, late.day, entry=1)
    assert late.happened.facts["done"][0]["late"]


def test_the_file_goes_to_both_bodies_and_a_copy_to_the_college_of_medical_directors():
    case = received("MNP", MONDAY)
    case.happens("DeclaredAdmissible")
    beside.take_act(case)
    assert [one.role for one in case.happened.letters] == ["medical_directors"]
    assert case.last_day("passing-on") == MONDAY + 3 * DAY
    assert not case.left("opinion-request", "commission", MONDAY)
    assert not case.left("opinion-request", "ethics_committee", MONDAY)
    assert case.left("for-information", "medical_directors", MONDAY)
