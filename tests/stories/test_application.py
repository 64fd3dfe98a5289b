"""The examination of an application, as stories on a real worker and the time-skipping server."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from models.acts import (
    AnswersReceived,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionForgone,
    OpinionGiven,
    QuestionsRaised,
    Withdrawn,
)
from models.clock import Clock, civil_day
from models.errors import ImproperAct, UntimelyAct
from models.law.applicable import applicable_law
from models.law.procedures.shape import Kind
from models.phases import Phase

pytestmark = pytest.mark.server

EC = {"body": "ethics_committee", "view": "favourable"}
COMMISSION = {"body": "commission", "view": "favourable"}


async def admissible(office, number) -> None:
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=1928461, source="a letter of the accounts")


async def to_decision(office, number) -> None:
    await admissible(office, number)
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)


async def test_an_incomplete_application_is_completed_questioned_and_authorised_with_a_condition(office):
    number = await office.submits()
    opened = office.today
    receipt = await office.performs(number, DeclaredIncomplete, missing=("Annex IV in French",))
    assert receipt.phase is Phase.COMPLETION
    assert receipt.awaits == ("receive-completion", "declare-inadmissible", "withdraw")
    assert receipt.unverified == ("completion",)
    await office.performs(number, CompletionReceived)
    receipt = await office.performs(number, DeclaredAdmissible)
    assert receipt.phase is Phase.INVOICE  # no published amount: a person is asked
    receipt = await office.performs(number, ContributionFixed, cents=1928461, source="the accounts")
    assert receipt.phase is Phase.OPINION
    assert receipt.invoice is not None
    await office.performs(number, InvoicePaid, cents=1928461)
    await office.performs(number, QuestionsRaised, questions=("How is unused product destroyed?",))
    await office.performs(number, AnswersReceived)
    await office.performs(number, OpinionGiven, **EC)
    receipt = await office.performs(number, OpinionGiven, **COMMISSION)
    law = applicable_law("CUP", Kind.APPLICATION, opened)
    assert receipt.due_on == law.clock("decision", opened).due_on(law.calendar)
    owed = {"text": "Report on the first patients.", "due_on": opened + timedelta(days=150)}
    receipt = await office.performs(
        number,
        Decided,
        outcome="authorised_with_conditions",
        grounds="No treatment exists.",
        conditions=(owed,),
    )
    assert receipt.phase is Phase.AUTHORISED
    assert receipt.due_on == owed["due_on"]
    assert "meet-condition" in receipt.awaits
    found = office.shows(number)
    assert [line.sequence for line in found.entries] == list(range(1, 12))
    assert found.state.kind == "programme"
    assert found.state.public_list == "authorised"
    assert len(found.invoices) == 1
    assert {kind for _, kind, _ in office.letters(number)} == {
        "acknowledgement",
        "incomplete",
        "admissible",
        "invoice",
        "opinion-request",
        "questions",
        "clock-restarted",
        "decision",
        "publication",
    }


async def test_what_the_law_tells_is_invoiced_without_asking(office):
    await office.looks_at_the_calendar()
    number = await office.submits(opened_on=office.today.replace(year=2019, month=3, day=4))
    receipt = await office.performs(number, DeclaredAdmissible)
    assert receipt.phase is Phase.OPINION
    (invoice,) = office.shows(number).invoices
    assert invoice.cents == 1896032
    with pytest.raises(ImproperAct, match=r"18960\.32 euro, not 18960\.31"):
        await office.performs(number, InvoicePaid, cents=1896031)


async def test_a_refused_act_changes_nothing_and_says_what_is_possible(office):
    number = await office.submits()
    before = office.shows(number).state, office.shows(number).entries
    with pytest.raises(
        UntimelyAct, match="its phase is admissibility and awaits declare-admissible"
    ) as refused:
        await office.performs(number, Decided, outcome="authorised", grounds="g")
    assert "declare-incomplete" in refused.value.possible
    with pytest.raises(ImproperAct, match="lies in the future"):
        await office.performs(number, DeclaredAdmissible, on=office.today + timedelta(days=1))
    with pytest.raises(ImproperAct, match="lies before it"):
        await office.performs(number, DeclaredAdmissible, on=office.today - timedelta(days=1))
    assert (office.shows(number).state, office.shows(number).entries) == before
    history = (await office.handle(number).fetch_history()).events
    assert not [
        event for event in history if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]


async def test_silence_of_the_applicant_on_a_completion_is_put_before_a_person(office):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredIncomplete, missing=("a protocol",))
    due_on = receipt.due_on
    await office.waits_until(due_on)
    assert not office.shows(number).state.overdue  # the last day counts
    await office.waits_until(due_on + timedelta(days=1))
    found = await office.is_written(number, 6)  # after three warnings
    assert (found.state.phase, found.state.overdue) == ("completion", True)
    assert (6, "limit-passed", "desk") in office.letters(number)
    with pytest.raises(ImproperAct, match="lies before it"):
        await office.performs(number, CompletionReceived, on=due_on - timedelta(days=60))
    receipt = await office.performs(number, CompletionReceived, on=due_on)  # it had arrived in time
    assert receipt.phase is Phase.ADMISSIBILITY


async def test_an_inadmissible_dossier_costs_nothing(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("a protocol",))
    receipt = await office.performs(number, DeclaredInadmissible, grounds="It was not completed.")
    assert (receipt.phase, receipt.awaits) == (Phase.INADMISSIBLE, ())
    found = office.shows(number)
    assert found.state.ended
    assert not found.invoices
    assert (3, "inadmissible", "applicant") in office.letters(number)
    with pytest.raises(UntimelyAct, match="nothing is awaited any more"):
        await office.performs(number, CompletionReceived)


async def test_answers_that_arrived_on_the_last_day_may_be_entered_later(office):
    number = await office.submits()
    await admissible(office, number)
    receipt = await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.waits_until(receipt.due_on + timedelta(days=2))
    passed = office.shows(number)
    assert passed.state.phase == "opinion"
    receipt = await office.performs(number, AnswersReceived, on=receipt.due_on)
    assert receipt.due_on == passed.state.due_on  # the silence and the answer end the stop on one day
    assert "receive-answers" not in receipt.awaits
    assert "choose-reading" not in receipt.awaits


async def test_a_decision_of_a_later_day_is_notified_at_once_and_waits_for_its_day(office):
    number = await office.submits()
    await to_decision(office, number)
    later = office.today + timedelta(days=20)
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=later)
    assert (receipt.phase, receipt.due_on) == (Phase.GRANTED, later)
    assert office.shows(number).state.public_list is None
    await office.waits_until(later)
    state = office.shows(number).state
    assert (state.phase, state.authorised_on, state.public_list) == ("authorised", later, "authorised")
    assert "book-payment" in state.awaits


async def test_an_amount_that_nobody_fixes_is_flagged_when_the_limit_to_decide_has_passed(office):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredAdmissible)
    await office.waits_until(receipt.due_on + timedelta(days=1))
    assert office.shows(number).state.overdue
    assert office.acts(number)[-1] == "LimitPassed"


async def test_silence_of_the_agency_is_no_tacit_admissibility(office):
    number = await office.submits()
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=1))
    found = await office.is_written(number, 3)
    assert [line.act for line in found.entries] == ["Received", "LimitWarned", "LimitPassed"]
    assert (found.state.phase, found.state.overdue) == ("admissibility", True)
    assert (3, "limit-passed", "desk") in office.letters(number)
    await office.days_pass(40)
    assert len(office.acts(number)) == 3  # said once
    receipt = await office.performs(number, DeclaredInadmissible, grounds="out of scope")
    assert (receipt.phase, receipt.awaits) == (Phase.INADMISSIBLE, ())


async def test_silence_of_a_body_is_no_opinion_and_the_agency_may_go_on_without_it(office):
    number = await office.submits()
    await admissible(office, number)
    await office.performs(number, OpinionGiven, **EC)
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=1))
    assert office.shows(number).state.overdue
    with pytest.raises(ImproperAct, match="open: commission"):
        await office.performs(number, OpinionForgone, body="ethics_committee", grounds="late")
    receipt = await office.performs(number, OpinionForgone, body="commission", grounds="It does not meet.")
    assert receipt.phase is Phase.DECISION


async def test_questions_stop_the_clock_and_the_answer_day_does_not_count(office):
    number = await office.submits()
    opened = office.today
    await admissible(office, number)
    await office.days_pass(5)
    asked = office.today
    await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.days_pass(12)
    answered = office.today
    await office.performs(number, AnswersReceived)
    law = applicable_law("CUP", Kind.APPLICATION, opened)
    clock = Clock(limit=law.limit("commission-opinion"), started_on=opened)
    clock.stop(asked)
    clock.restart(answered)
    await office.performs(number, OpinionGiven, **EC)
    assert office.shows(number).state.due_on == clock.due_on(law.calendar)
    assert clock.due_on(law.calendar) > Clock(limit=clock.limit, started_on=opened).due_on(law.calendar)


async def test_a_letter_that_arrived_yesterday_counts_from_yesterday_and_both_days_are_kept(office):
    number = await office.submits()
    await admissible(office, number)
    await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.days_pass(4)
    yesterday = office.today - timedelta(days=1)
    receipt = await office.performs(number, AnswersReceived, on=yesterday)
    assert receipt.on == yesterday
    last = office.shows(number).entries[-1]
    assert last.happened_on == yesterday
    assert civil_day(datetime.fromisoformat(last.recorded_at)) == office.today


async def test_silence_on_questions_starts_the_clock_again_and_the_file_is_decided_as_it_is(office):
    number = await office.submits()
    await admissible(office, number)
    receipt = await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.waits_until(receipt.due_on + timedelta(days=1))
    found = office.shows(number)
    assert found.state.phase == "opinion"
    assert found.entries[-1].facts["silence"] == "decided_on_file"


async def test_late_questions_in_the_decision_phase_stop_the_clock_too(office):
    number = await office.submits()
    await to_decision(office, number)
    before = office.shows(number).state.due_on
    await office.performs(number, QuestionsRaised, questions=("One more?",))
    await office.days_pass(10)
    receipt = await office.performs(number, AnswersReceived)
    assert receipt.phase is Phase.DECISION
    assert receipt.due_on > before


async def test_silence_on_the_decision_is_no_decision(office):
    number = await office.submits()
    await to_decision(office, number)
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=1))
    assert office.acts(number)[-1] == "LimitPassed"
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="Late, but favourable.")
    assert receipt.phase is Phase.AUTHORISED


async def test_a_refused_application_stays_open_until_its_invoice_is_paid(office):
    number = await office.submits(procedure="MNP")
    await to_decision(office, number)
    receipt = await office.performs(number, Decided, outcome="refused", grounds="A treatment exists.")
    assert (receipt.phase, receipt.awaits) == (Phase.REFUSED, ("book-payment",))
    await office.days_pass(35)
    assert "PaymentReminded" in office.acts(number)
    assert office.shows(number).state.flags[0].endswith("overdue")
    receipt = await office.performs(number, InvoicePaid, cents=1928461)
    assert office.shows(number).state.flags == ()
    assert receipt.awaits == ()
    assert office.shows(number).state.ended


async def test_an_invoice_never_paid_is_reminded_of_three_times_and_handed_to_collection(office):
    number = await office.submits(procedure="MNP")
    await to_decision(office, number)
    await office.performs(number, Decided, outcome="refused", grounds="A treatment exists.")
    await office.days_pass(140)
    acts = office.acts(number)
    assert acts.count("PaymentReminded") == 3
    assert acts[-1] == "HandedToCollection"
    assert office.shows(number).state.ended
    assert office.shows(number).invoices[0].collected_on is not None


async def test_a_decision_must_be_one_that_this_examination_knows(office):
    number = await office.submits()
    await to_decision(office, number)
    with pytest.raises(ImproperAct, match="it may: authorised, authorised_with_conditions, refused"):
        await office.performs(number, Decided, outcome="noted", grounds="g")
    with pytest.raises(ImproperAct, match="needs at least one condition"):
        await office.performs(number, Decided, outcome="authorised_with_conditions", grounds="g")


WITHDRAWN_IN = {
    "admissibility": [],
    "completion": [(DeclaredIncomplete, {"missing": ("x",)})],
    "invoice": [(DeclaredAdmissible, {})],
    "opinion": [(DeclaredAdmissible, {}), (ContributionFixed, {"cents": 5, "source": "s"})],
    "questions": [
        (DeclaredAdmissible, {}),
        (ContributionFixed, {"cents": 5, "source": "s"}),
        (QuestionsRaised, {"questions": ("q",)}),
    ],
    "decision": [
        (DeclaredAdmissible, {}),
        (ContributionFixed, {"cents": 5, "source": "s"}),
        (OpinionGiven, EC),
        (OpinionGiven, COMMISSION),
    ],
}


@pytest.mark.parametrize("phase", WITHDRAWN_IN)
async def test_withdrawn_at_any_moment_before_the_decision(office, phase):
    number = await office.submits()
    for act, said in WITHDRAWN_IN[phase]:
        await office.performs(number, act, **said)
    assert office.shows(number).state.phase == phase
    receipt = await office.performs(number, Withdrawn, grounds="The applicant's choice.")
    assert receipt.phase is Phase.WITHDRAWN
    assert receipt.awaits == (("book-payment",) if phase in ("opinion", "questions", "decision") else ())


async def test_two_operators_at_once_are_two_acts_in_order(office):
    number = await office.submits()
    await admissible(office, number)
    answers = await asyncio.gather(
        office.performs(number, QuestionsRaised, by="Ann", questions=("From Ann?",)),
        office.performs(number, QuestionsRaised, by="Bob", questions=("From Bob?",)),
        return_exceptions=True,
    )
    (refused,) = [a for a in answers if isinstance(a, UntimelyAct)]
    assert "awaits receive-answers" in str(refused)
    assert office.acts(number).count("QuestionsRaised") == 1


async def test_the_same_act_sent_twice_at_once_is_applied_once(office):
    number = await office.submits()
    both = await asyncio.gather(
        *(office.performs(number, DeclaredIncomplete, "the-same-id", missing=("x",)) for _ in range(2))
    )
    assert both[0] == both[1]
    assert office.acts(number).count("DeclaredIncomplete") == 1
    with pytest.raises(ImproperAct, match="was used for another act"):
        await office.performs(number, DeclaredIncomplete, "the-same-id", missing=("y",))
