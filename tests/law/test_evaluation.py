"""Evaluation and list: when they fall due on each reading, and what a marketing application changes.

Law: Royal Decree of 14 December 2006, art. 106 § 5 and 108 § 5. Every day here was counted by hand.
"""

from __future__ import annotations

from datetime import date

import pytest

from models.acts import DayDropped, MarketingApplication
from models.clock import Rules
from models.decision import Decision
from models.errors import ImproperAct
from models.findings import Finding, Severity
from models.flags import said
from models.law.applicable import Law
from models.obligations import Obligation
from models.parties import Role
from models.programme import Programme
from procedures.be_umn.forms import APPLIED_FOR
from procedures.be_umn.procedure import EVALUATION
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from tests.law.test_obligations import of_kind, programme, turned
from tests.law.test_rulings import filed
from workflows.life import begin

IN_FORCE = date(2027, 3, 1)


def law(on: date) -> Law:
    return applicable_law("CUP", None, on)


def lived(in_force_on: date, years: int, facts: dict[str, date] | None = None) -> Programme:
    """A programme in the last of so many years."""
    life = programme(law(in_force_on), in_force_on, dict(facts or {}))
    for year in range(1, years):
        turned(life, law(in_force_on.replace(year=in_force_on.year + year, day=28)))
    return life


def days(life: Programme, ref: str) -> list[tuple[date, date]]:
    """By when each is owed, and the last day on every reading."""
    return [(each.due_on, each.passed_after) for each in of_kind(life, ref)]


def test_the_agency_evaluates_and_the_person_responsible_files_the_list():
    assert {owed.ref: owed.owes for owed in law(IN_FORCE).obligations} == {
        "evaluation": Role.DESK,
        "list": Role.APPLICANT,
        "condition": Role.APPLICANT,
    }


def test_until_a_marketing_application_both_are_owed_each_half_year():
    life = lived(IN_FORCE, 1)
    assert days(life, "evaluation") == [
        (date(2027, 12, 1), date(2027, 12, 31)),  # three months from 1 September; the third month of the year
        (date(2028, 6, 1), date(2028, 6, 30)),
    ]
    assert days(life, "list") == [
        (date(2027, 10, 1), date(2027, 10, 1)),
        (date(2028, 3, 31), date(2028, 4, 3)),  # 1 April 2028 is a Saturday: asked for before, late after
    ]
    assert [(each.from_on, each.ends_on) for each in of_kind(life, "list")] == [
        (IN_FORCE, date(2027, 9, 1)),
        (date(2027, 9, 1), date(2028, 3, 1)),
    ]


def test_in_force_on_29_february():
    life = lived(date(2028, 2, 29), 1)
    assert days(life, "evaluation")[-1] == (date(2029, 5, 31), date(2029, 7, 2))
    assert days(life, "list")[-1] == (date(2029, 3, 30), date(2029, 4, 3))  # Easter is 1 April 2029
    owed, each = life.obligation("evaluation-2029-05-31")
    clock = life.clock_to(owed, each)
    first, second = clock.readings(life.law.calendar)
    assert (first.started_on, second.started_on) == (date(2029, 2, 28), date(2029, 3, 1))
    assert second.rules is Rules.WHOLE_MONTHS


def test_in_force_on_30_november():
    life = lived(date(2026, 11, 30), 1)
    assert days(life, "evaluation")[-1] == (date(2028, 2, 29), date(2028, 2, 29))  # on every reading
    assert days(life, "list")[-1] == (date(2027, 12, 29), date(2027, 12, 31))


def test_the_list_is_counted_back_from_the_end_before_that_moves():
    """Three months from 1 December 2027 end on 1 March 2028; two months before is 1 January, a holiday."""
    life = lived(date(2027, 6, 1), 1)
    assert days(life, "list")[0] == (date(2027, 12, 31), date(2028, 1, 3))
    owed, each = life.obligation("list-2027-12-31")
    steps = {step.kind: step for step in life.clock_to(owed, each).reckon(life.law.calendar, IN_FORCE).steps}
    assert (steps["counted"].on, steps["ahead"].first) == (date(2028, 3, 1), date(2028, 1, 1))
    assert (steps["asked-before"].first, steps["due"].on) == (date(2028, 1, 1), date(2027, 12, 31))


def test_applied_for_within_the_half_year_it_is_evaluated_after_the_year():
    life = lived(IN_FORCE, 1)
    dropped = life.learn("marketing-application", date(2027, 6, 15))
    assert {each.ref for each in dropped} == {"evaluation-2027-12-01", "list-2027-10-01"}
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2028, 6, 1)]
    assert [each.due_on for each in of_kind(life, "list")] == [date(2028, 3, 31)]
    assert {(each.from_on, each.interval) for each in life.obligations} == {(IN_FORCE, "evaluation")}
    assert life.days_in_doubt == ()
    turned(life, law(date(2028, 3, 1)))
    assert [each.due_on for each in of_kind(life, "evaluation")][1:] == [date(2029, 6, 1)]


def test_applied_for_already_when_it_was_filed_no_half_year_is_ever_evaluated():
    """Its form of 2 March 2026 said so; in force a year later, the first list is due in 2028."""
    told = Finding(check="R-03", severity=Severity.INFO, what=APPLIED_FOR)
    of_dossier = applicable_law("CUP", Kind.APPLICATION, IN_FORCE)
    dossier = filed(of_dossier).model_copy(update={"findings": (told,)})
    granted = Decision(outcome="authorised", grounds="g", decided_on=IN_FORCE, effective_on=IN_FORCE)
    life = begin(dossier, granted, law(IN_FORCE))
    life.enter_into_force(IN_FORCE, IN_FORCE)
    assert life.stands_since("marketing-application") == dossier.opened_on
    assert [each.due_on for each in of_kind(life, "list")] == [date(2028, 3, 31)]
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2028, 6, 1)]


def test_a_day_that_was_told_is_never_dropped_silently():
    life = lived(IN_FORCE, 1)
    owed, told = life.obligation("list-2027-10-01")
    told.remind(owed, life.law, date(2027, 8, 2))
    life.learn("marketing-application", date(2027, 8, 16))
    assert life.days_in_doubt == ("list-2027-10-01",)
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2028, 6, 1)]


def test_applied_for_after_the_half_year_both_days_stay_until_a_person_drops_one():
    life = lived(IN_FORCE, 1)
    life.learn("marketing-application", date(2027, 10, 15))
    assert life.days_in_doubt == ("evaluation-2027-12-01", "list-2027-10-01")
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2027, 12, 1), date(2028, 6, 1)]
    assert said(life.flags[0]) == "day in doubt: evaluation-2027-12-01"
    life.drop("evaluation-2027-12-01")
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2028, 6, 1)]
    assert of_kind(life, "evaluation")[0].from_on == IN_FORCE  # the whole year
    assert life.days_in_doubt == ("list-2027-10-01",)


def test_an_anniversary_is_owed_on_both_readings_and_never_in_doubt():
    life = lived(IN_FORCE, 1)
    life.learn("marketing-application", date(2028, 4, 15))
    assert "evaluation-2028-06-01" not in life.days_in_doubt


def test_evaluated_in_time_a_day_is_in_doubt_no_more():
    life = lived(IN_FORCE, 1)
    life.learn("marketing-application", date(2027, 10, 15))
    assert life.fulfil("evaluate", date(2027, 11, 2)).ref == "evaluation-2027-12-01"
    assert life.days_in_doubt == ("list-2027-10-01",)


def test_an_evaluation_answers_the_earliest_period_that_has_ended_and_none_before():
    life = lived(IN_FORCE, 1)
    assert life.fulfil("evaluate", date(2027, 8, 31)) is None  # something was learnt: beside the others
    first = life.fulfil("evaluate", date(2027, 9, 1))
    assert (first.ref, first.filed) == ("evaluation-2027-12-01", "early")
    assert life.fulfil("evaluate", date(2027, 9, 2)) is None


def test_an_evaluation_of_a_year_is_owed_on_when_the_year_has_turned():
    life = lived(IN_FORCE, 2, {"marketing-application": date(2027, 1, 4)})
    assert life.fulfil("evaluate", date(2028, 6, 1)).filed == "on time"
    assert life.fulfil("evaluate", date(2029, 7, 3)).filed == "late"  # 30 June 2029 is a Saturday


def test_a_day_that_is_not_in_doubt_cannot_be_dropped():
    life = lived(IN_FORCE, 1)
    act = {"by": "A. Peeters", "on": IN_FORCE, "request_id": "drop-0001", "grounds": "g"}
    with pytest.raises(ImproperAct, match="not in doubt; in doubt: none"):
        DayDropped(day="evaluation-2027-12-01", **act).check(life, date(2027, 12, 1))


def test_a_marketing_application_is_known_once_and_withdrawn_only_then():
    life, today = lived(IN_FORCE, 1), date(2027, 12, 1)

    def told(on: date, **more: bool) -> MarketingApplication:
        return MarketingApplication(by="A. Peeters", on=on, request_id="told-0001", **more)

    with pytest.raises(ImproperAct, match="could be withdrawn"):
        told(today, withdrawn=True).check(life, today)
    told(date(2020, 1, 2)).check(life, today)  # long before the programme
    life.learn("marketing-application", date(2027, 6, 15))
    with pytest.raises(ImproperAct, match="known since 2027-06-15"):
        told(today).check(life, today)
    told(today, withdrawn=True).check(life, today)
    life.withdrawn.append("marketing-application")
    assert "fact-withdrawn:marketing-application" in life.flags
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2028, 6, 1)]  # yearly all the same
    told(today).check(life, today)


# Programmes that were taken over.


def imported(on: date) -> Programme:
    assumed = {"year": 3, "assumed": True, "opened_on": on}
    return programme(applicable_law("UMN", None, on), date(2024, 2, 12), {}, **assumed)


def test_nothing_is_counted_from_a_day_that_is_assumed():
    life = imported(date(2026, 11, 2))
    turned(life, applicable_law("UMN", None, date(2027, 2, 12)))
    assert life.obligations == []


def test_once_confirmed_what_has_not_passed_is_owed_also_of_the_year_before():
    today = date(2026, 11, 2)
    life = imported(today)
    life.confirm(date(2024, 9, 15), law(today), today)
    assert life.year == 3
    assert days(life, "evaluation") == [
        (date(2026, 12, 15), date(2026, 12, 31)),  # of the half-year that ended on 15 September
        (date(2027, 6, 15), date(2027, 6, 30)),
        (date(2027, 12, 15), date(2027, 12, 31)),
    ]


def test_once_confirmed_with_its_application_it_is_evaluated_yearly():
    life, today = imported(date(2026, 11, 2)), date(2026, 11, 2)
    life.facts["marketing-application"] = date(2023, 5, 3)
    life.confirm(date(2024, 9, 15), law(today), today)
    assert {each.interval for each in life.obligations} == {"evaluation"}
    assert [each.due_on for each in of_kind(life, "evaluation")] == [date(2026, 12, 15), date(2027, 12, 15)]


def test_a_reminder_is_given_before_the_day_that_is_told():
    owed = EVALUATION
    each = Obligation(owed=owed.ref, of="1", due_on=date(2027, 12, 1), late_on=date(2027, 12, 31))
    assert each.next_press(owed, law(IN_FORCE), suspended=False)[0] == date(2027, 10, 2)
