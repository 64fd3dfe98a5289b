"""The examination of an application, as stories on a real worker and the time-skipping server."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

from models.acts import (
    AnswersReceived,
    Assigned,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    InvoicePaid,
    NotedOnFile,
    OpinionGiven,
    QuestionsRaised,
    Withdrawn,
)
from models.clock import civil_day
from models.dossier import FiledDocument
from models.errors import ImproperAct, UntimelyAct
from procedures.be_umn.words import Kind, Phase
from procedures.books import applicable_law
from tests.stories.steps import provisionally_authorised

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


def last_day(office, number, ref) -> date:
    clocks = office.shows(number).entries[-1].clocks
    return next(date.fromisoformat(clock["due_on"]) for clock in clocks if clock["ref"] == ref)


async def one_round_after_the_other(office, number, **questions) -> None:
    while True:
        await office.performs(number, QuestionsRaised, **questions, days=10)
        await office.days_pass(10)


async def test_what_is_noted_on_the_file_is_kept_and_changes_nothing(office):
    number = await office.submits()
    await admissible(office, number)
    before = office.shows(number)
    brief = FiledDocument(name="brief.txt", sha256="0" * 64, size=10)
    receipt = await office.performs(number, NotedOnFile, text="The firm rang.", documents=(brief,))
    after = office.shows(number)
    assert (receipt.letters, after.entries[-1].facts) == ((), {"text": "The firm rang."})
    assert [d.name for d in after.documents if d.entry == receipt.entry] == ["brief.txt"]
    stands = ("phase", "possible", "due_on", "falls_due", "flags")
    assert [getattr(after.state, one) for one in stands] == [getattr(before.state, one) for one in stands]
    assert after.entries[-1].clocks == before.entries[-1].clocks


async def test_an_incomplete_application_is_completed_questioned_and_authorised_with_a_condition(office):
    number = await office.submits()
    opened = office.today
    receipt = await office.performs(number, Assigned, officer="Bob")
    assert (receipt.phase, receipt.letters) == (Phase.ADMISSIBILITY, ())
    receipt = await office.performs(number, DeclaredIncomplete, missing=("Annex IV in French",))
    assert receipt.phase == Phase.COMPLETION
    assert receipt.possible == ("receive-completion", "declare-inadmissible", "withdraw")
    assert list(receipt.unconfirmed) == ["completion"]
    await office.performs(number, CompletionReceived)
    receipt = await office.performs(number, DeclaredAdmissible)
    assert receipt.phase == Phase.OPINION
    assert "fix-contribution" in receipt.possible  # its amount is unknown: a person is asked
    receipt = await office.performs(number, ContributionFixed, cents=1928461, source="the accounts")
    assert receipt.phase == Phase.OPINION
    assert receipt.invoice is not None
    await office.performs(number, InvoicePaid, cents=1928461)
    await office.performs(
        number, QuestionsRaised, body="commission", days=10, questions=("How is unused product destroyed?",)
    )
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
    assert (receipt.phase, receipt.due_on) == (Phase.SET_UP, owed["due_on"])  # and not in force
    receipt = await provisionally_authorised(office, number)
    assert receipt.phase == Phase.AUTHORISED
    assert receipt.due_on == owed["due_on"]
    assert "meet-condition" in receipt.possible
    found = office.shows(number)
    assert [line.sequence for line in found.entries] == list(range(1, 16))
    assert (found.state.kind, found.state.officer) == ("programme", "Bob")
    await office.performs(number, Assigned, nobody=True)
    assert office.shows(number).state.officer == ""
    assert found.state.public_list == "authorised"
    assert len(found.invoices) == 1
    assert {kind for _, kind, _ in await office.letters(number)} == {
        "acknowledgement",
        "for-information",
        "incomplete",
        "admissible",
        "invoice",
        "opinion-request",
        "questions",
        "decision",
        "provisional-authorisation",
        "publication",
    }


async def test_what_the_law_tells_is_invoiced_without_asking(office):
    await office.looks_at_the_calendar()
    number = await office.submits(opened_on=office.today.replace(year=2019, month=3, day=4))
    receipt = await office.performs(number, DeclaredAdmissible)
    assert receipt.phase == Phase.OPINION
    (invoice,) = office.shows(number).invoices
    assert invoice.cents == 1896032
    with pytest.raises(ImproperAct, match=r"18,960\.32 euro, not 18,960\.31"):
        await office.performs(number, InvoicePaid, cents=1896031)


async def test_the_limit_to_decide_counts_from_admissibility_and_not_from_receipt(office):
    number = await office.submits()
    received = office.today
    await office.days_pass(7)
    await office.performs(number, DeclaredAdmissible)
    clocks = {clock["ref"]: clock["due_on"] for clock in office.shows(number).entries[-1].clocks}
    law = applicable_law("CUP", Kind.APPLICATION, received)
    assert clocks["decision"] == f"{law.clock('decision', office.today).due_on(law.calendar)}"
    assert clocks["decision"] != f"{law.clock('decision', received).due_on(law.calendar)}"


async def test_a_refused_act_changes_nothing_and_says_what_is_possible(office):
    number = await office.submits()
    before = office.shows(number).state, office.shows(number).entries
    with pytest.raises(
        UntimelyAct,
        match=r"its phase is admissibility\. Falls due: check of the dossier, by the desk, until 2",
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
    assert (6, "limit-passed", "desk") in await office.letters(number)
    with pytest.raises(ImproperAct, match="lies before it"):
        await office.performs(number, CompletionReceived, on=due_on - timedelta(days=60))
    receipt = await office.performs(number, CompletionReceived, on=due_on)  # it had arrived in time
    assert receipt.phase == Phase.ADMISSIBILITY


async def test_an_inadmissible_dossier_costs_nothing(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("a protocol",))
    receipt = await office.performs(
        number, DeclaredInadmissible, unmet="reasons", grounds="It was not completed."
    )
    assert (receipt.phase, receipt.possible) == (Phase.INADMISSIBLE, ())
    found = office.shows(number)
    assert found.state.ended
    assert not found.invoices
    assert (3, "inadmissible", "applicant") in await office.letters(number)
    with pytest.raises(UntimelyAct, match="nothing is possible any more"):
        await office.performs(number, CompletionReceived)


async def test_a_decision_of_a_later_day_is_notified_at_once_and_waits_for_its_day(office):
    number = await office.submits(procedure="MNP")
    await to_decision(office, number)
    later = office.today + timedelta(days=20)
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=later)
    assert (receipt.phase, receipt.due_on) == (Phase.GRANTED, later)
    waits = office.shows(number).state
    assert (waits.ended, waits.public_list) == (False, None)
    assert f"effect-to-come:{later}" in waits.flags  # it stays listed, and says since when it will count
    await office.waits_until(later)
    state = office.shows(number).state
    assert (state.phase, state.authorised_on, state.public_list) == ("authorised", later, "authorised")
    assert "book-payment" in state.possible


async def test_a_granted_dossier_that_waits_for_its_day_has_not_ended_though_nothing_is_possible(office):
    number = await office.submits()
    await to_decision(office, number)
    await office.performs(number, InvoicePaid, cents=office.shows(number).invoices[0].cents)
    later = office.today + timedelta(days=20)
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=later)
    assert (receipt.phase, receipt.possible) == (Phase.GRANTED, ())
    found = office.shows(number)
    assert (found.state.ended, found.ended_with) == (False, 0)


async def test_silence_of_the_agency_is_no_tacit_admissibility(office):
    number = await office.submits()
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=1))
    found = await office.is_written(number, 4)
    assert [line.act for line in found.entries] == ["Received", "LimitWarned", "LimitWarned", "LimitPassed"]
    assert (found.state.phase, found.state.overdue) == ("admissibility", True)
    assert (4, "limit-passed", "desk") in await office.letters(number)
    await office.days_pass(40)
    assert len(office.acts(number)) == 4  # said once
    receipt = await office.performs(number, DeclaredInadmissible, unmet="reasons", grounds="out of scope")
    assert (receipt.phase, receipt.possible) == (Phase.INADMISSIBLE, ())


async def test_silence_of_the_commission_is_no_opinion_and_the_application_may_be_refused_meanwhile(office):
    number = await office.submits()
    await admissible(office, number)
    await office.performs(number, OpinionGiven, **EC)
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on + timedelta(days=1))
    found = office.shows(number)
    assert (found.state.overdue, found.entries[-1].act) == (True, "LimitPassed")
    with pytest.raises(ImproperAct, match="open: commission"):
        await office.performs(number, OpinionGiven, **EC)
    receipt = await office.performs(number, Decided, outcome="refused", grounds="No opinion came.")
    assert receipt.phase == Phase.REFUSED
    told = {role for _, kind, role in await office.letters(number) if kind == "decision"}
    assert told == {"applicant", "ethics_committee"}  # who said nothing is not told


async def test_questions_stop_the_limit_of_the_body_that_asks_for_the_days_that_it_set_and_no_other(office):
    """Whatever day the answer comes, and the answers may still be entered after their limit."""
    number = await office.submits()
    opened = office.today
    await admissible(office, number)
    await office.days_pass(5)
    asked = office.today
    questions = {"body": "commission", "questions": ("Why?",)}
    with pytest.raises(ImproperAct, match="at most 10 calendar days"):
        await office.performs(number, QuestionsRaised, **questions, days=11)
    with pytest.raises(ImproperAct, match="may put no questions"):
        await office.performs(number, QuestionsRaised, body="ethics_committee", questions=("Why?",), days=5)
    await office.performs(number, QuestionsRaised, **questions, days=10)
    law = applicable_law("CUP", Kind.APPLICATION, opened)
    ends = {
        clause: law.clock(clause, opened) for clause in ("decision", "ethics-opinion", "commission-opinion")
    }
    ends["commission-opinion"].suspend(asked, asked + timedelta(days=1), asked + timedelta(days=10))
    due = {clause: clock.due_on(law.calendar) for clause, clock in ends.items()}
    assert {clause: last_day(office, number, clause) for clause in ends} == due
    await office.days_pass(2)
    await office.performs(number, AnswersReceived)
    assert {clause: last_day(office, number, clause) for clause in ends} == due
    await office.performs(number, QuestionsRaised, **questions, days=1)
    await office.days_pass(6)
    found = office.shows(number)
    assert found.state.phase == "opinion"
    assert (found.entries[-1].act, found.entries[-1].facts["silence"]) == ("LimitPassed", "on_file")
    assert ("limit-passed", "commission") in {(kind, role) for _, kind, role in await office.letters(number)}
    receipt = await office.performs(number, AnswersReceived)
    assert "receive-answers" not in receipt.possible
    with pytest.raises(ImproperAct, match="past the last day to decide"):
        await one_round_after_the_other(office, number, **questions)
    await office.performs(number, QuestionsRaised, **questions, days=10, confirmed=True)
    assert last_day(office, number, "commission-opinion") > due["decision"]
    assert last_day(office, number, "decision") == due["decision"]


async def test_a_letter_that_arrived_yesterday_counts_from_yesterday_and_both_days_are_kept(office):
    number = await office.submits()
    await admissible(office, number)
    await office.performs(number, QuestionsRaised, body="commission", days=10, questions=("Why?",))
    await office.days_pass(4)
    yesterday = office.today - timedelta(days=1)
    receipt = await office.performs(number, AnswersReceived, on=yesterday)
    assert receipt.on == yesterday
    last = office.shows(number).entries[-1]
    assert last.happened_on == yesterday
    assert civil_day(datetime.fromisoformat(last.recorded_at)) == office.today


async def test_a_refused_application_stays_open_until_its_invoice_is_paid(office):
    number = await office.submits(procedure="MNP")
    await to_decision(office, number)
    receipt = await office.performs(number, Decided, outcome="refused", grounds="A treatment exists.")
    assert (receipt.phase, receipt.possible) == (Phase.REFUSED, ("book-payment",))
    await office.days_pass(35)
    assert "PaymentReminded" in office.acts(number)
    assert office.shows(number).state.flags == ()  # on the later reading of its term nobody is late yet
    await office.days_pass(40)
    (invoice,) = office.shows(number).invoices
    assert office.shows(number).state.flags == (f"invoice-overdue:{invoice.invoice}",)
    receipt = await office.performs(number, InvoicePaid, cents=1928461)
    assert office.shows(number).state.flags == ()
    assert receipt.possible == ()
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
    "opinion": [(DeclaredAdmissible, {}), (ContributionFixed, {"cents": 5, "source": "s"})],
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
    assert receipt.phase == Phase.WITHDRAWN
    assert receipt.possible == (("book-payment",) if phase in ("opinion", "decision") else ())


async def test_two_operators_at_once_are_two_acts_in_order(office):
    number = await office.submits()
    answers = await asyncio.gather(
        office.performs(number, DeclaredIncomplete, by="Ann", missing=("From Ann.",)),
        office.performs(number, DeclaredIncomplete, by="Bob", missing=("From Bob.",)),
        return_exceptions=True,
    )
    (refused,) = [a for a in answers if isinstance(a, UntimelyAct)]
    assert "Falls due: completion of the dossier, by the applicant, until" in str(refused)
    assert office.acts(number).count("DeclaredIncomplete") == 1


async def test_the_same_act_sent_twice_at_once_is_applied_once(office):
    number = await office.submits()
    both = await asyncio.gather(
        *(office.performs(number, DeclaredIncomplete, "the-same-id", missing=("x",)) for _ in range(2))
    )
    assert both[0] == both[1]
    assert office.acts(number).count("DeclaredIncomplete") == 1
    with pytest.raises(ImproperAct, match="was used for another act"):
        await office.performs(number, DeclaredIncomplete, "the-same-id", missing=("y",))
