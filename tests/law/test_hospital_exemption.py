"""What the decree on the hospital exemption says in numbers, and how its rules look at a form."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from models.eligibility import Verdict, assess
from models.law.clause import spoken_of
from models.law.degree import Degree
from models.phases import Stage
from procedures import registry
from procedures.be_hospital_exemption import forms, law
from procedures.be_hospital_exemption.words import Kind
from procedures.books import applicable_law, shipped
from tests.law.test_obligations import programme

TODAY = date(2026, 11, 30)
BOOK = shipped().books["be_hospital_exemption"]

SAYS = [
    ("admissibility", "20 calendar days", "art. 8", Degree.READ),
    ("exemption-notice", "20 calendar days", "art. 8", Degree.READ),
    ("exemption-completion", "20 calendar days", "art. 8", Degree.READ),
    ("exemption-rejection", "20 calendar days", "art. 8", Degree.READ),
    ("exemption-opinion", "90 calendar days", "art. 9", Degree.READ),
    ("exemption-answers", "60 calendar days", "art. 9", Degree.READ),
    ("exemption-decision", "20 calendar days", "art. 10 § 1", Degree.READ),
    ("exemption-transfer", "15 calendar days", "art. 10 § 3", Degree.READ),
    ("exemption-evaluation", "12 months", "art. 20", Degree.READ),
    ("exemption-evaluation-term", "3 months", "art. 20", Degree.READ),
    ("exemption-report", "12 months", "art. 21 § 1", Degree.READ),
    ("exemption-report-ahead", "2 months", "art. 21 § 1", Degree.READ),
    ("exemption-report-completion", "20 calendar days", "art. 21 § 2", Degree.READ),
    ("emergency-window", "90 calendar days", "art. 4 § 2", Degree.READ),
    ("late-recording", "10 working days", "art. 8", Degree.ASSUMED),
    ("exemption-report-noted", "20 working days", "art. 21 § 2", Degree.ASSUMED),
    ("emergency-answer", "3 working days", "art. 4 § 2", Degree.ASSUMED),
]


@pytest.mark.parametrize(("clause", "value", "article", "degree"), SAYS, ids=lambda part: str(part))
def test_every_number_stands_with_its_article_and_how_it_is_known(clause, value, article, degree):
    applied = BOOK.clause(clause).applied_on(TODAY)
    assert (spoken_of(applied), applied.degree) == (value, degree)
    assert "2017020076" in applied.article
    assert article in applied.article


def test_a_day_is_read_in_two_ways_wherever_the_decree_counts_in_days():
    """Twenty days from Monday 30 November 2026: 20 December, a Sunday that stays; or twenty working days."""
    known = applicable_law("HEX", Kind.APPLICATION, TODAY)
    clock = known.clock("exemption-completion", TODAY)
    assert clock.due_on(known.calendar) == date(2026, 12, 20)
    assert clock.late_on(known.calendar) == date(2026, 12, 29)  # Christmas is none of them
    for clause in law.CLAUSES:
        value = clause.on(TODAY)
        if value.degree is Degree.READ and value.limits and not clause.recurs:
            assert value.second, clause.id


def test_closing_days_of_the_agency_are_entered_for_no_book_of_it():
    assert registry.book_of() == "be_umn"


def test_nobody_decides_on_an_application_or_a_modification_before_the_opinion():
    for kind in (Kind.APPLICATION, Kind.MODIFICATION):
        assert applicable_law("HEX", kind, TODAY).decides_after is Stage.OPINIONS


def test_the_agency_admits_and_the_minister_or_a_delegate_rejects():
    known = applicable_law("HEX", Kind.APPLICATION, TODAY)
    assert [one.capacity.value for one in known.competent(admits=True)] == ["agency"]
    rejects = known.competent(admits=True, rejects=True)
    assert [one.capacity.value for one in rejects] == ["minister", "administrator-general", "staff"]
    assert [one.designated for one in rejects] == [False, False, True]


def test_the_agency_takes_note_of_a_report_and_nobody_else():
    known = applicable_law("HEX", Kind.ACTIVITY_REPORT, TODAY)
    for admits, clause in ((False, "exemption-power-to-note"), (True, "exemption-power-to-admit")):
        (one,) = known.competent(admits=admits, rejects=admits)
        assert (one.capacity.value, one.clause) == ("agency", clause)


LATER_READING = 129
"""Calendar days to 8 April 2027, the last of ninety working days: three days of work are holidays."""


def emergency(first: date, received: date, admissible: bool = False) -> Verdict:
    said = forms.EmergencyUse(
        reference="EM-1",
        received_on=received,
        first_notified_on=first,
        urgency=True,
        prescription=True,
        declaration=True,
        admissible_application=admissible,
    )
    checklist = assess(forms.RULES, "HEX", Kind.EMERGENCY_USE, said, received)
    return next(line.verdict for line in checklist if line.rule == "N-04")


@pytest.mark.parametrize(
    ("days", "admissible", "verdict"),
    [
        (90, False, Verdict.PASS),
        (91, False, Verdict.OPEN),
        (LATER_READING, False, Verdict.OPEN),
        (LATER_READING + 1, False, Verdict.FAIL),
        (200, True, Verdict.PASS),
    ],
)
def test_after_ninety_days_a_person_says_whether_there_may_be_another_and_after_both_readings_there_is_none(
    days, admissible, verdict
):
    assert emergency(TODAY, TODAY + timedelta(days=days), admissible) is verdict


@pytest.mark.parametrize(
    ("said", "fails"),
    [
        ({"trial_open": True}, "H-07"),
        ({"programme_open": True}, "H-08"),
        ({"exempted_or_authorised": True}, "H-09"),
        ({"administered_before": False}, "H-10"),
    ],
    ids=str,
)
def test_an_exemption_is_refused_where_another_way_is_open(said: dict[str, Any], fails: str):
    checklist = assess(forms.RULES, "HEX", Kind.APPLICATION, forms.Application(**said), TODAY)
    assert [line.rule for line in checklist if line.verdict is Verdict.FAIL] == [fails]


def test_whatever_makes_the_medicine_available_is_told_to_the_exemption():
    """Art. 24 § 2, 2° and 3°: a compassionate use programme; a medical need programme, an authorisation."""
    told = {link.of: link.fact for link in registry.links() if link.tells == "HEX" and link.course}
    assert told == {
        "CUP": "programme-open",
        "MNP": "authorised-and-available",
        "CMA": "authorised-and-available",
    }


def test_what_links_name_is_there_and_only_proposes():
    for link in registry.links():
        fact = applicable_law(link.tells, None, TODAY).fact(link.fact)
        assert fact is not None
        assert fact.does.value == "proposes"


def in_force(since: date, recorded_on: date) -> dict[str, list[date]]:
    """What an exemption owes whose condition was fulfilled on a day, and recorded on another one."""
    granted_on = since - timedelta(days=15)
    law = applicable_law("HEX", None, recorded_on)
    begun = programme(law, granted_on, {}, number="HEX-2024-001", procedure="HEX", granted_on=None)
    begun.enter_into_force(since, recorded_on)
    return {
        ref: sorted(each.due_on for owed, each in begun.owing if owed.ref == ref)
        for ref in ("activity-report", "evaluation")
    }


def test_the_evaluation_is_told_for_the_end_of_the_third_month_though_that_is_a_saturday():
    assert in_force(date(2025, 7, 10), date(2025, 7, 11))["evaluation"] == [date(2026, 10, 10)]


def test_what_was_due_since_it_came_into_force_is_owed_though_that_was_recorded_two_years_late():
    owed = in_force(date(2024, 7, 10), date(2026, 12, 1))
    assert [day.year for day in owed["evaluation"]] == [2025, 2026, 2027]
    assert [day.year for day in owed["activity-report"]] == [2025, 2026, 2027]
