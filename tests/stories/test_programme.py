"""The life of a programme, as stories: years, re-evaluations, suspension, conditions, closure."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models.acts import (
    Closed,
    ClosedToNewPatients,
    ConditionMet,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    InvoicePaid,
    OpinionGiven,
    ProgrammeConfirmed,
    SuspensionDeclined,
    SuspensionImposed,
    SuspensionLifted,
    Withdrawn,
)
from models.clock import add_months, anniversary
from models.errors import ImproperAct, UntimelyAct
from models.law.procedures.shape import Kind
from models.phases import Phase
from tests.stories.steps import END, WIDER, authorised, modified, re_evaluated, reported, until_act

pytestmark = pytest.mark.server


async def test_filed_early_no_reminder_is_sent_that_year(office):
    number = await authorised(office, procedure="MNP")
    began = office.today
    await office.days_pass(100)
    await re_evaluated(office, number, began.year + 1)
    await until_act(office, number, "DossierEnded")
    filed = next(line for line in office.shows(number).entries if line.act == "DossierFiled")
    assert filed.facts["filed"] == "early"
    await reported(office, number)  # a medical need programme reports once a year
    await office.waits_until(anniversary(began, 1) + timedelta(days=2))
    acts = office.acts(number)
    assert "ReEvaluationReminded" not in acts
    assert "ReEvaluationMissed" not in acts
    assert "SafetyReportReminded" not in acts
    assert "YearTurned" in acts
    clocks = [clock["ref"] for clock in office.shows(number).entries[-1].clocks]
    assert clocks == [f"re-evaluation-{began.year + 2}", f"safety-report-{anniversary(began, 2)}"]


async def test_filed_on_time_after_two_reminders(office):
    number = await authorised(office)
    began = office.today
    await office.waits_until(anniversary(began, 1) - timedelta(days=45))
    assert office.acts(number).count("ReEvaluationReminded") == 2
    await re_evaluated(office, number, began.year + 1)
    await until_act(office, number, "DossierEnded")
    filed = next(line for line in office.shows(number).entries if line.act == "DossierFiled")
    assert filed.facts["filed"] == "on time"
    await office.days_pass(60)
    assert office.acts(number).count("ReEvaluationReminded") == 2


async def test_never_filed_is_flagged_and_escalated_and_a_suspension_is_proposed_never_a_lapse(office):
    number = await authorised(office, procedure="MNP")
    due_on = anniversary(office.today, 1)
    await office.waits_until(due_on)
    assert office.acts(number).count("ReEvaluationReminded") == 4
    assert "ReEvaluationMissed" not in office.acts(number)  # the last day counts
    await office.waits_until(due_on + timedelta(days=1))
    found = office.shows(number)
    assert f"re-evaluation {due_on.year} missed" in found.state.flags
    assert found.state.phase == "authorised"
    assert {r for e, k, r in office.letters(number) if k == "re-evaluation-missed"} == {"applicant", "desk"}
    await office.days_pass(31)
    found = office.shows(number)
    assert "suspension proposed" in found.state.flags
    assert found.state.phase == "authorised"  # a person decides
    receipt = await office.performs(number, SuspensionDeclined, grounds="The file is on its way.")
    assert "decline-suspension" not in receipt.awaits
    await re_evaluated(office, number, due_on.year)
    await until_act(office, number, "DossierEnded")
    filed = next(line for line in office.shows(number).entries if line.act == "DossierFiled")
    assert filed.facts["filed"] == "late"
    assert office.shows(number).state.flags == (f"safety report {due_on} overdue",)  # owed beside it


async def test_a_withdrawn_re_evaluation_is_awaited_again(office):
    number = await authorised(office)
    year = office.today.year + 1
    await office.days_pass(100)
    dossier = await office.submits(Kind.RE_EVALUATION, "CUP", number, year)
    await until_act(office, number, "DossierFiled")
    assert office.shows(number).state.re_evaluation_on is None
    await office.performs(dossier, Withdrawn)
    await until_act(office, number, "DossierEnded")
    assert office.shows(number).state.re_evaluation_on == anniversary(office.today - timedelta(days=100), 1)


async def test_a_negative_re_evaluation_closes_to_new_patients(office):
    number = await authorised(office)
    await re_evaluated(
        office, number, office.today.year + 1, "closed_to_new_patients", continuity_plan="None is lost."
    )
    await until_act(office, number, "DossierEnded")
    found = office.shows(number)
    assert (found.state.phase, found.state.public_list) == ("closed_to_new_patients", "authorised")
    dossier = f"{number}/re-evaluation-{office.today.year + 1}"
    assert ("decision", "physicians") in [(kind, role) for _, kind, role in office.letters(dossier)]


async def test_suspended_for_safety_at_once_and_lifted_back_to_what_it_was(office):
    number = await authorised(office)
    await office.performs(number, ClosedToNewPatients, **END)
    receipt = await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    assert receipt.phase is Phase.SUSPENDED
    assert office.shows(number).state.public_list == "suspended"
    receipt = await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
    assert receipt.phase is Phase.CLOSED_TO_NEW_PATIENTS


async def test_the_physicians_are_told_with_the_applicant_what_becomes_of_their_programme(office):
    number = await authorised(office)
    later = {"effective_on": office.today + timedelta(days=20)}
    await office.performs(number, SuspensionImposed, grounds="No supply.", requested_by="applicant", **later)
    await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
    lifted = office.shows(number).entries[-1]
    assert lifted.facts["again_on"] == str(later["effective_on"])  # the other one, which stays
    await office.performs(number, ClosedToNewPatients, **END)
    await office.waits_until(later["effective_on"])  # of which they know since it was decided
    await office.performs(number, Closed, **END)
    told = [kind for _, kind, role in office.letters(number) if role == "physicians"]
    kinds = ["suspension", "suspension", "suspension-lifted", "closed-to-new-patients", "closure"]
    assert told == kinds
    assert [kind for _, kind, role in office.letters(number) if role == "applicant" and kind in kinds] == told


async def test_suspended_at_the_applicants_request_from_a_later_day(office):
    number = await authorised(office)
    later = office.today + timedelta(days=20)
    with pytest.raises(ImproperAct, match="takes effect at once"):
        await office.performs(number, SuspensionImposed, grounds="g", for_safety=True, effective_on=later)
    receipt = await office.performs(
        number, SuspensionImposed, grounds="No supply.", requested_by="applicant", effective_on=later
    )
    assert receipt.phase is Phase.AUTHORISED
    assert "suspend" in receipt.awaits  # safety may still ask for it at once
    await office.waits_until(later)
    assert office.shows(number).state.phase == "suspended"
    assert office.acts(number)[-1] == "SuspensionTookEffect"


async def test_no_suspension_takes_the_place_of_another(office):
    number = await authorised(office)
    later = office.today + timedelta(days=20)
    said = {"grounds": "No supply.", "requested_by": "applicant", "effective_on": later}
    await office.performs(number, SuspensionImposed, **said)
    assert office.shows(number).state.flags == (f"suspension from {later}",)
    receipt = await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    assert receipt.phase is Phase.SUSPENDED
    receipt = await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
    assert (receipt.phase, receipt.due_on) == (Phase.AUTHORISED, later)
    await office.waits_until(later)
    assert office.shows(number).state.phase == "suspended"


async def test_a_closure_decided_for_a_later_day_waits_for_it(office):
    number = await authorised(office)
    later = office.today + timedelta(days=50)
    await re_evaluated(
        office,
        number,
        office.today.year + 1,
        "closed",
        effective_on=later,
        continuity_plan="Patients switch to the product.",
    )
    await until_act(office, number, "DossierEnded")
    assert office.shows(number).state.phase == "authorised"
    await office.waits_until(later)
    found = office.shows(number)
    assert (found.state.phase, found.state.ended) == ("closed", True)


async def test_confirming_the_day_of_authorisation_forgets_no_missed_re_evaluation(office):
    await office.looks_at_the_calendar()
    number = await office.imports(office.today - timedelta(days=300))
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=40))
    flags = office.shows(number).state.flags
    assert flags == (f"re-evaluation {due_on.year} missed", "suspension proposed")
    await office.performs(number, ProgrammeConfirmed, authorised_on=due_on - timedelta(days=366))
    assert office.shows(number).state.flags == flags


async def test_conditions_are_reminded_of_fall_due_and_are_met(office):
    await office.looks_at_the_calendar()
    first = {"text": "Report.", "due_on": office.today + timedelta(days=60)}
    second = {"text": "Registry.", "due_on": office.today + timedelta(days=90)}
    number = await authorised(office, first, second)
    receipt = await office.performs(number, ConditionMet, condition=1)
    assert receipt.due_on == second["due_on"]
    with pytest.raises(ImproperAct, match="no open condition 1; open: 2"):
        await office.performs(number, ConditionMet, condition=1)
    await office.waits_until(second["due_on"] + timedelta(days=1))
    assert office.acts(number)[-2:] == ["ConditionReminded", "ConditionOverdue"]
    assert office.shows(number).state.flags == ("condition 2 overdue",)
    await office.performs(number, ConditionMet, condition=2)
    assert office.shows(number).state.flags == ()


async def test_a_modification_changes_the_programme_only_when_it_is_granted(office):
    number = await authorised(office)
    await office.days_pass(30)
    await modified(office, number, "refused", WIDER)
    await until_act(office, number, "DossierEnded")
    before = office.shows(number).state
    assert before.indication == "A rare disease."
    dossier = await modified(office, number, "authorised", WIDER)
    for _ in range(200):
        if office.shows(number).state.indication == "And children.":
            break
        await asyncio.sleep(0.02)
    after = office.shows(number)
    assert after.state.indication == "And children."
    assert after.state.last_update_on == office.today > before.last_update_on
    assert dossier in [d.number for d in after.dossiers]
    assert office.shows(dossier).programme.number == number


async def test_a_safety_report_that_is_never_filed_is_reminded_of_and_flagged_and_suspends_nothing(office):
    number = await authorised(office)
    began = office.today
    due_on = add_months(began, 6)
    await office.waits_until(due_on)
    assert office.acts(number)[-3:] == ["SafetyReportReminded"] * 3
    (told,) = {
        tuple(line.facts[day] for day in ("from_on", "until_on", "due_on"))
        for line in office.shows(number).entries[-3:]
    }
    assert told == tuple(map(str, (began, due_on - timedelta(days=1), due_on)))
    await office.waits_until(due_on + timedelta(days=14))
    assert office.acts(number)[-1] == "SafetyReportReminded"
    await office.waits_until(due_on + timedelta(days=15))
    found = office.shows(number)
    assert found.entries[-1].act == "SafetyReportOverdue"
    assert found.state.flags == (f"safety report {due_on} overdue",)
    letters = [(kind, role) for _, kind, role in office.letters(number)]
    assert letters.count(("safety-report-due", "applicant")) == 3
    assert {role for kind, role in letters if kind == "safety-report-overdue"} == {"applicant", "desk"}
    assert "decline-suspension" not in found.entries[-1].awaits  # nobody proposes one
    await reported(office, number)
    await until_act(office, number, "DossierEnded")
    found = office.shows(number)
    assert next(line.facts["filed"] for line in found.entries if line.act == "DossierFiled") == "late"
    assert (found.state.flags, found.state.due_on) == ((), anniversary(began, 1))


async def test_a_safety_report_counts_for_a_period_that_has_begun_and_withdrawn_it_is_owed_again(office):
    number = await authorised(office)
    due_on = add_months(office.today, 6)
    await office.days_pass(100)
    entries = len(office.acts(number))
    dossier = await office.submits(Kind.SAFETY_REPORT, "CUP", number)
    await office.is_written(number, entries + 1)
    assert office.shows(number).state.due_on == add_months(due_on, 6)  # twice a year
    await office.submits(Kind.SAFETY_REPORT, "CUP", number)  # a second one in the same period
    second = (await office.is_written(number, entries + 2)).entries[-1]
    assert second.act == "DossierFiled"
    assert "filed" not in second.facts
    await office.performs(dossier, Withdrawn)
    await until_act(office, number, "DossierEnded")
    assert office.shows(number).state.due_on == due_on
    await office.waits_until(due_on - timedelta(days=60))
    assert office.acts(number)[-1] == "SafetyReportReminded"


async def test_a_safety_report_is_noted(office):
    number = await authorised(office, procedure="MNP")
    report = await office.submits(Kind.SAFETY_REPORT, "MNP", number)
    await office.performs(report, DeclaredAdmissible)
    receipt = await office.performs(report, ContributionFixed, cents=9, source="the accounts")
    assert receipt.phase is Phase.DECISION  # no opinion is asked
    await office.performs(report, InvoicePaid, cents=9)
    receipt = await office.performs(report, Decided, outcome="noted", grounds="g")
    assert (receipt.phase, receipt.awaits) == (Phase.NOTED, ())


async def test_a_decision_on_a_programme_that_closed_meanwhile_is_without_object(office):
    number = await authorised(office)
    dossier = await office.submits(Kind.RE_EVALUATION, "CUP", number, office.today.year + 1)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(number, Closed, **END)
    with pytest.raises(UntimelyAct, match="nothing is awaited any more"):
        await office.performs(number, SuspensionImposed, grounds="g")
    receipt = await office.performs(dossier, Decided, outcome="continued", grounds="g")
    assert receipt.phase is Phase.WITHOUT_OBJECT
    assert ("without-object") in [kind for _, kind, _ in office.letters(dossier)]


async def test_an_unpaid_invoice_follows_the_application_into_its_programme(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    await office.days_pass(40)
    assert "PaymentReminded" in office.acts(number)
    receipt = await office.performs(number, InvoicePaid, cents=5)
    assert "book-payment" not in receipt.awaits
    assert len(office.shows(number).invoices) == 1


async def test_the_same_act_is_applied_once_also_across_the_change_of_year(office):
    number = await authorised(office)
    began = office.today
    run = (await office.handle(number).describe()).run_id
    first = await office.performs(number, SuspensionImposed, "same-id-1", grounds="A signal.")
    await office.waits_until(anniversary(began, 1) + timedelta(days=3))
    assert (await office.handle(number).describe()).run_id != run
    again = await office.performs(number, SuspensionImposed, "same-id-1", grounds="A signal.")
    assert again == first
    assert office.acts(number).count("SuspensionImposed") == 1


async def test_a_decision_sent_twice_is_one_also_after_the_dossier_became_its_programme(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    said = {"outcome": "authorised", "grounds": "g"}
    first = await office.performs(number, Decided, "decide-once", **said)
    again = await office.performs(number, Decided, "decide-once", **said)
    assert again == first
    assert office.acts(number).count("Decided") == 1


async def test_an_imported_programme_has_an_assumed_date_until_a_person_confirms_it(office):
    await office.looks_at_the_calendar()
    last_update = office.today - timedelta(days=800)
    number = await office.imports(last_update)
    state = office.shows(number).state
    assert state.assumed
    assert state.re_evaluation_on == anniversary(last_update, 3)
    clocks = [clock["ref"] for clock in office.shows(number).entries[-1].clocks]
    assert clocks == [f"re-evaluation-{state.re_evaluation_on.year}"]  # no safety report: nobody knows which
    confirmed = office.today - timedelta(days=1500)
    await office.performs(number, ProgrammeConfirmed, authorised_on=confirmed)
    state = office.shows(number).state
    assert not state.assumed
    assert state.authorised_on == confirmed
    assert state.re_evaluation_on == anniversary(confirmed, 5)
