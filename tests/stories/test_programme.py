"""The life of a programme, as stories: years, evaluations, suspension, conditions, closure."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta

import pytest

from models.acts import (
    Closed,
    ClosedToNewPatients,
    ConditionMet,
    ContributionFixed,
    DayDropped,
    Decided,
    DeclaredAdmissible,
    FormalNoticeReceived,
    InvoicePaid,
    MarketingApplication,
    OpinionGiven,
    ProposalDeclined,
    PublicationRecorded,
    SuspensionImposed,
    SuspensionLifted,
    Translated,
    Withdrawn,
)
from models.clock import ONE_DAY, add_months
from models.errors import ImproperAct, UntimelyAct
from models.notes import FactTold
from procedures.be_umn.words import Kind, Phase
from tests.stories.steps import END, WIDER, authorised, evaluated, listed, modified, until_act

pytestmark = pytest.mark.server


def owed(office, number: str) -> dict[str, date]:
    """What is owed of a programme, by its ref, with the last day on every reading."""
    falls_due = office.shows(number).state.falls_due
    return {due.ref: due.passed_after for due in falls_due if due.ref.startswith(("evaluation-", "list-"))}


async def test_listed_early_and_evaluated_at_once_nothing_is_reminded_of(office):
    number = await authorised(office, procedure="MNP")
    began = office.today
    first, *_ = sorted(owed(office, number))
    await office.days_pass(100)
    await listed(office, number)
    await until_act(office, number, "DossierEnded")
    filed = next(line for line in office.shows(number).entries if line.act == "DossierFiled")
    assert filed.facts["filed"] == "early"
    await evaluated(office, number)  # something was learnt: beside what the law asks for
    assert first in owed(office, number)
    await office.waits_until(add_months(began, 6))
    await evaluated(office, number)
    assert office.shows(number).entries[-1].facts["filed"] == "early"
    assert first not in owed(office, number)
    await office.waits_until(add_months(began, 10))
    assert not {"ListReminded", "EvaluationReminded", "EvaluationMissed"} & {*office.acts(number)}
    assert [kind for _, kind, _ in await office.letters(number)].count("decision") == 2 + 3


async def test_never_listed_and_never_evaluated_is_flagged_and_put_before_a_person_never_a_lapse(office):
    number = await authorised(office, procedure="MNP")
    evaluation, _, reactions, _ = sorted(owed(office, number))
    listed_until, evaluated_until = owed(office, number)[reactions], owed(office, number)[evaluation]
    await office.waits_until(listed_until)
    told = Counter(office.acts(number))
    assert (told["ListReminded"], told["ListOverdue"]) == (3, 0)  # the last day counts, on the later reading
    await office.waits_until(listed_until + ONE_DAY)
    found = office.shows(number)
    assert found.state.flags == (f"list-overdue:{reactions.removeprefix('list-')}",)
    assert "decline-proposal" not in found.entries[-1].possible  # nobody proposes anything for it
    letters = [(kind, role) for _, kind, role in await office.letters(number)]
    assert letters.count(("list-due", "applicant")) == 3
    assert {role for kind, role in letters if kind == "list-overdue"} == {"applicant", "desk"}
    await office.waits_until(evaluated_until)
    told = Counter(office.acts(number))
    assert (told["EvaluationReminded"], told["EvaluationMissed"]) == (3, 0)
    await office.waits_until(evaluated_until + ONE_DAY)
    found = office.shows(number)
    missed = f"evaluation-missed:{evaluation.removeprefix('evaluation-')}"
    assert missed in found.state.flags
    assert {role for _, kind, role in await office.letters(number) if kind == "evaluation-missed"} == {"desk"}
    await office.days_pass(31)
    found = office.shows(number)
    assert "change-proposed" in found.state.flags
    assert found.state.phase == "authorised"  # a person decides
    receipt = await office.performs(number, ProposalDeclined, grounds="The evaluation is under way.")
    assert "decline-proposal" not in receipt.possible
    await evaluated(office, number)
    assert office.shows(number).entries[-1].facts["filed"] == "late"
    await listed(office, number)
    await until_act(office, number, "DossierEnded")
    found = office.shows(number)
    assert next(line.facts["filed"] for line in found.entries if line.act == "DossierFiled") == "late"
    assert missed not in found.state.flags


async def test_applied_for_within_the_half_year_the_programme_is_evaluated_after_the_year(office):
    number = await authorised(office)
    first, second, reactions, _ = sorted(owed(office, number))
    await office.days_pass(60)
    receipt = await office.performs(number, MarketingApplication)
    assert office.shows(number).entries[-1].facts["dropped"] == [first, reactions]
    assert "drop-day" not in receipt.possible
    assert sorted(owed(office, number))[0] == second
    await office.performs(number, MarketingApplication, withdrawn=True)
    assert office.shows(number).state.flags == ("fact-withdrawn:marketing-application",)
    assert sorted(owed(office, number))[0] == second  # yearly all the same


async def test_applied_for_after_the_half_year_both_days_stay_until_a_person_drops_one(office):
    number = await authorised(office)
    began = office.today
    first, second, reactions, _ = sorted(owed(office, number))
    await office.waits_until(add_months(began, 6) + ONE_DAY)
    receipt = await office.performs(number, MarketingApplication)
    assert "drop-day" in receipt.possible
    assert office.shows(number).state.flags == (f"day-in-doubt:{first}", f"day-in-doubt:{reactions}")
    await office.performs(number, DayDropped, day=reactions, grounds="Filed within the year.")
    receipt = await office.performs(number, DayDropped, day=first, grounds="Filed within the year.")
    assert "drop-day" not in receipt.possible
    assert sorted(owed(office, number))[0] == second
    dropped = [role for _, kind, role in await office.letters(number) if kind == "day-dropped"]
    assert dropped == ["applicant", "desk"]


async def test_an_evaluation_closes_to_new_patients(office):
    number = await authorised(office)
    await evaluated(office, number, "closed_to_new_patients", continuity_plan="None is lost.")
    found = office.shows(number)
    assert (found.state.phase, found.state.public_list) == ("closed_to_new_patients", "authorised")
    assert (found.state.entry, "decision", "physicians") in await office.letters(number)


async def test_suspended_for_safety_at_once_and_lifted_back_to_what_it_was(office):
    number = await authorised(office)
    await office.performs(number, ClosedToNewPatients, **END)
    receipt = await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    assert receipt.phase == Phase.SUSPENDED
    assert office.shows(number).state.public_list == "suspended"
    receipt = await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
    assert receipt.phase == Phase.CLOSED_TO_NEW_PATIENTS


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
    told = [kind for _, kind, role in await office.letters(number) if role == "physicians"]
    kinds = ["suspension", "suspension", "suspension-lifted", "closed-to-new-patients", "closure"]
    assert told == kinds
    assert [
        kind for _, kind, role in await office.letters(number) if role == "applicant" and kind in kinds
    ] == told


async def test_suspended_at_the_applicants_request_from_a_later_day(office):
    number = await authorised(office)
    later = office.today + timedelta(days=20)
    with pytest.raises(ImproperAct, match="takes effect at once"):
        await office.performs(number, SuspensionImposed, grounds="g", for_safety=True, effective_on=later)
    receipt = await office.performs(
        number, SuspensionImposed, grounds="No supply.", requested_by="applicant", effective_on=later
    )
    assert receipt.phase == Phase.AUTHORISED
    assert "suspend" in receipt.possible  # safety may still ask for it at once
    await office.waits_until(later)
    assert office.shows(number).state.phase == "suspended"
    assert office.acts(number)[-1] == "SuspensionTookEffect"


async def test_no_suspension_takes_the_place_of_another(office):
    number = await authorised(office)
    later = office.today + timedelta(days=20)
    said = {"grounds": "No supply.", "requested_by": "applicant", "effective_on": later}
    await office.performs(number, SuspensionImposed, **said)
    assert office.shows(number).state.flags == (f"suspension-to-come:{later}",)
    receipt = await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    assert receipt.phase == Phase.SUSPENDED
    receipt = await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
    assert (receipt.phase, receipt.due_on) == (Phase.AUTHORISED, later)
    await office.waits_until(later)
    assert office.shows(number).state.phase == "suspended"


async def test_a_closure_decided_for_a_later_day_waits_for_it(office):
    number = await authorised(office, procedure="MNP")
    later = office.today + timedelta(days=50)
    plan = {"continuity_plan": "Patients switch to the product."}
    receipt = await evaluated(office, number, "closed", effective_on=later, **plan)
    assert (receipt.phase, receipt.due_on) == (Phase.AUTHORISED, later)
    await office.waits_until(later)
    found = office.shows(number)
    assert (found.state.phase, found.state.possible) == ("closed", ("record-publication",))
    await office.performs(number, PublicationRecorded)
    assert office.shows(number).state.ended


async def test_an_evaluation_that_suspends_puts_the_programme_on_the_list_of_suspended_ones(office):
    number = await authorised(office)
    await evaluated(office, number, "suspended")
    found = office.shows(number)
    assert (found.state.phase, found.state.public_list) == ("suspended", "suspended")
    receipt = await office.performs(number, SuspensionLifted, grounds="The data came.")
    assert receipt.phase == Phase.AUTHORISED


async def test_a_suspension_decided_for_a_later_day_takes_effect_on_that_day(office):
    number = await authorised(office)
    later = office.today + timedelta(days=40)
    receipt = await evaluated(office, number, "suspended", effective_on=later)
    assert receipt.phase == Phase.AUTHORISED
    await office.waits_until(later)
    found = office.shows(number)
    assert (found.state.phase, found.entries[-1].act) == ("suspended", "DecisionTookEffect")


async def test_an_evaluation_with_conditions_is_owed_what_it_asks(office):
    number = await authorised(office)
    asked = {"text": "A registry.", "due_on": office.today + timedelta(days=60)}
    receipt = await evaluated(office, number, "continued_with_conditions", conditions=(asked,))
    assert "meet-condition" in receipt.possible
    await office.performs(number, ConditionMet, condition=1)


async def test_what_is_decided_under_a_closed_programme_that_awaits_its_payment_changes_nothing_in_it(
    office,
):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    dossier = await office.submits(Kind.LIST, "CUP", number)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(number, FormalNoticeReceived)  # it is not in force, and never will be
    receipt = await office.performs(number, Closed, **END)
    assert (receipt.phase, receipt.possible) == (Phase.CLOSED, ("book-payment",))
    assert "formal-notice" not in {due.ref for due in office.shows(number).state.falls_due}
    await office.performs(dossier, Decided, outcome="noted", grounds="g")
    await until_act(office, number, "DossierEnded")
    found = office.shows(number)
    assert (found.state.phase, found.state.public_list) == ("closed", "closed")
    assert found.entries[-1].facts["without_object"] is True
    await office.performs(number, InvoicePaid, cents=5)
    await office.tells(number, FactTold(dossier="MNP-2020-001", on=office.today, fact="authorised"))
    await until_act(office, number, "FactTold")
    assert office.shows(number).entries[-1].facts["without_object"] is True
    await office.performs(number, PublicationRecorded)
    assert office.shows(number).state.ended


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
    assert office.shows(number).state.flags == ("condition-overdue:2",)
    await office.performs(number, ConditionMet, condition=2)
    assert office.shows(number).state.flags == ()


async def test_a_modification_changes_the_programme_only_when_it_is_granted(office):
    number = await authorised(office)
    await office.days_pass(30)
    await modified(office, number, "refused", WIDER)
    await until_act(office, number, "DossierEnded")
    before = office.shows(number).state
    assert before.translated == "A rare disease."
    in_dutch = {"nl": {"distribution": "Door de ziekenhuisapotheek."}}
    dossier = await modified(office, number, "authorised", WIDER, elements=in_dutch)
    for _ in range(200):
        if office.shows(number).state.translated == "And children.":
            break
        await asyncio.sleep(0.02)
    after = office.shows(number)
    assert after.state.translated == "And children."
    assert after.state.last_update_on == office.today > before.last_update_on
    assert dossier in [d.number for d in after.dossiers]
    assert office.shows(dossier).programme.number == number
    # what it states is published in French, too: a task until it is said in that language
    assert after.state.content["elements"] == in_dutch
    assert after.state.flags == ("elements-untranslated:fr",)
    for words, why in (
        (in_dutch, "states distribution in nl itself"),
        ({"fr": {"unused-medicine": "x"}}, "No decision"),
    ):
        with pytest.raises(ImproperAct, match=why):
            await office.performs(number, Translated, elements=words)
    in_french = {"fr": {"distribution": "Par la pharmacie hospitalière."}}
    await office.performs(number, Translated, elements=in_french)
    translated = office.shows(number).state
    assert (translated.content["elements"], translated.flags) == (in_dutch | in_french, ())


async def test_a_list_counts_for_a_period_that_has_begun_and_withdrawn_it_is_owed_again(office):
    number = await authorised(office)
    _, _, first, second = sorted(owed(office, number))
    await office.days_pass(100)
    entry = office.shows(number).state.entry
    dossier = await office.submits(Kind.LIST, "CUP", number)
    await office.is_written(number, entry + 1)
    assert first not in owed(office, number)
    await office.submits(Kind.LIST, "CUP", number)  # a second one in the same period
    again = (await office.is_written(number, entry + 2)).entries[-1]
    assert again.act == "DossierFiled"
    assert "filed" not in again.facts
    await office.performs(dossier, Withdrawn)
    await until_act(office, number, "DossierEnded")
    assert {first, second} <= {*owed(office, number)}


async def test_a_decision_under_a_programme_that_closed_meanwhile_is_without_object(office):
    number = await authorised(office, procedure="MNP")
    dossier = await office.submits(Kind.LIST, "MNP", number)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=9)
    await office.performs(number, Closed, **END)
    await office.performs(number, PublicationRecorded)
    with pytest.raises(UntimelyAct, match="nothing is possible any more"):
        await office.performs(number, SuspensionImposed, grounds="g")
    receipt = await office.performs(dossier, Decided, outcome="noted", grounds="g")
    assert receipt.phase == Phase.WITHOUT_OBJECT
    assert ("without-object") in [kind for _, kind, _ in await office.letters(dossier)]


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
    assert "book-payment" not in receipt.possible
    assert len(office.shows(number).invoices) == 1


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
