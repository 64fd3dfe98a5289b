"""The clock in the procedure: warnings, facts recorded late, and changes of law and calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import (
    AnswersReceived,
    ClosingDayAdded,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    LawChanged,
    OpinionGiven,
    QuestionsRaised,
    ReadingChosen,
)
from models.clock import Clock, Limit, Unit, before
from models.errors import ImproperAct, UntimelyAct
from models.law.applicable import Law, applicable_law
from models.law.book import SHIPPED
from models.law.clause import InForce, Source, Transition, calendar_days, working_days
from models.law.procedures.shape import Kind
from models.phases import Phase
from office.explaining import explained
from register.views import laws

pytestmark = pytest.mark.server

EC = {"body": "ethics_committee", "view": "favourable"}
COMMISSION = {"body": "commission", "view": "favourable"}


async def in_opinion(office, **said) -> str:
    number = await office.submits(**said)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    return number


def clocks(office, number: str) -> dict[str, dict]:
    return {clock["ref"]: clock for clock in office.shows(number).entries[-1].clocks}


def explanation(office, number: str) -> dict:
    found, url = office.shows(number), office.settings.register_url
    return explained(found, laws(url, {line.law for line in found.entries}), "en")


def law_of(office, number: str) -> Law:
    digest = office.shows(number).entries[-1].law
    return Law(**laws(office.settings.register_url, [digest])[digest])


async def test_whoever_must_act_is_warned_before_a_limit_ends_once_each_and_the_last_says_what_silence_means(
    office,
):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredIncomplete, missing=("a protocol",))
    due_on, calendar = receipt.due_on, law_of(office, number).calendar
    for rung in (10, 3, 1):
        await office.waits_until(before(due_on, working_days(rung), calendar))
    await office.waits_until(due_on + timedelta(days=2))
    entries = office.shows(number).entries
    warned = [line for line in entries if line.act == "LimitWarned"]
    assert [line.happened_on for line in warned] == [
        before(due_on, working_days(rung), calendar) for rung in (10, 3, 1)
    ]
    assert [line.act for line in entries][-1] == "LimitPassed"  # the day after
    to_applicant = [n for n in office.shows(number).notices if n.letter == "limit-warning"]
    assert [n.role for n in to_applicant] == ["applicant"] * 3  # it is the applicant's turn


async def test_warnings_move_when_the_date_moves(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    due_on, calendar = clocks(office, number)["commission-opinion"]["due_on"], law_of(office, number).calendar
    first_warning = before(date.fromisoformat(due_on), working_days(10), calendar)
    await office.waits_until(first_warning - timedelta(days=5))
    await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.days_pass(20)
    await office.performs(number, AnswersReceived)
    warned = [line for line in office.shows(number).entries if line.act == "LimitWarned"]
    assert [line.facts["clauses"] for line in warned] == [["answers"]]  # only the limit that ran
    moved = date.fromisoformat(clocks(office, number)["commission-opinion"]["due_on"])
    told = len(office.acts(number))
    await office.waits_until(before(moved, working_days(10), calendar))
    found = await office.is_written(number, told + 1)
    assert found.entries[-1].facts["clauses"] == ["commission-opinion"]
    assert ("limit-warning", "commission") in {(k, r) for _, k, r in office.letters(number)}


async def test_questions_recorded_late_give_the_same_dates_as_on_time(office):
    on_time, late = await in_opinion(office), await in_opinion(office)
    await office.days_pass(3)
    asked = office.today
    await office.performs(on_time, QuestionsRaised, questions=("Why?",))
    await office.days_pass(4)
    await office.performs(late, QuestionsRaised, questions=("Why?",), on=asked)
    await office.days_pass(2)
    answered = office.today
    await office.performs(on_time, AnswersReceived)
    await office.days_pass(1)
    await office.performs(late, AnswersReceived, on=answered)
    days = [{ref: c["due_on"] for ref, c in clocks(office, n).items()} for n in (on_time, late)]
    assert days[0] == days[1]
    (stop,) = clocks(office, late)["decision"]["clock"]["stops"]
    assert (stop["asked_on"], stop["recorded_on"]) == (
        asked.isoformat(),
        (asked + timedelta(days=4)).isoformat(),
    )
    assert stop["ended_recorded_on"] == (answered + timedelta(days=1)).isoformat()


async def test_questions_recorded_long_after_their_day_are_not_late_before_they_left(office):
    number = await in_opinion(office)
    await office.days_pass(5)
    asked = office.today
    await office.days_pass(40)
    receipt = await office.performs(number, QuestionsRaised, questions=("Why?",), on=asked)
    law = law_of(office, number)
    assert receipt.phase is Phase.QUESTIONS
    assert receipt.due_on == law.clock("answers", office.today).due_on(law.calendar)
    (stop,) = clocks(office, number)["decision"]["clock"]["stops"]
    assert stop["first"] == (asked + timedelta(days=1)).isoformat()  # the clocks stood still from their day
    dossier = await office.submits()
    before_it = office.today
    await office.days_pass(50)
    missing = {"missing": ("The protocol",), "on": before_it}
    receipt = await office.performs(dossier, DeclaredIncomplete, **missing)
    assert receipt.due_on == law_of(office, dossier).clock("completion", office.today).due_on(law.calendar)


async def late_answers(office) -> tuple[str, date, date]:
    """Answers that had arrived in time, recorded after the silence had its effect."""
    number = await in_opinion(office)
    receipt = await office.performs(number, QuestionsRaised, questions=("Why?",))
    await office.waits_until(receipt.due_on + timedelta(days=2))
    stood = date.fromisoformat(clocks(office, number)["decision"]["due_on"])
    answered = receipt.due_on - timedelta(days=10)
    receipt = await office.performs(number, AnswersReceived, on=answered)
    assert "choose-reading" in receipt.awaits
    return number, stood, answered


async def test_a_silence_that_had_its_effect_is_undone_by_a_person_only_who_sees_both_readings(office):
    number, stood, answered = await late_answers(office)
    found = office.shows(number)
    assert clocks(office, number)["decision"]["due_on"] == stood.isoformat()  # nothing moved by itself
    facts = found.entries[-1].facts
    assert facts["due_as_it_stands"] == stood.isoformat()
    assert facts["due_as_it_happened"] < facts["due_as_it_stands"]
    assert any(str(answered) in flag for flag in found.state.flags)
    assert ("conflict", "desk") in {(kind, role) for _, kind, role in office.letters(number)}
    await office.performs(number, ReadingChosen, reading="as_it_happened", grounds="The post was late.")
    assert clocks(office, number)["decision"]["due_on"] == facts["due_as_it_happened"]
    assert office.shows(number).state.flags == ()
    assert office.letters(number)[-1][1:] == ("clock-restarted", "applicant")
    with pytest.raises(UntimelyAct):
        await office.performs(number, ReadingChosen, reading="as_it_stands", grounds="No.")


async def test_a_person_may_let_a_silence_keep_its_effect(office):
    number, stood, _ = await late_answers(office)
    receipt = await office.performs(number, ReadingChosen, reading="as_it_stands", grounds="Not proven.")
    assert clocks(office, number)["decision"]["due_on"] == stood.isoformat()
    assert "choose-reading" not in receipt.awaits


async def test_last_day_actions(office):
    """On the last day questions may still be raised; the clock then ends no earlier than the answer."""
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on)
    receipt = await office.performs(number, QuestionsRaised, questions=("One more?",))
    assert receipt.phase is Phase.QUESTIONS
    await office.days_pass(6)
    receipt = await office.performs(number, AnswersReceived)
    assert receipt.due_on >= office.today
    assert not receipt.overdue
    receipt = await office.performs(number, Decided, outcome="refused", grounds="g")
    assert receipt.phase is Phase.REFUSED


async def test_a_closing_day_moves_what_ends_on_it_and_what_was_told_stays_to_be_read(office):
    number = await in_opinion(office)
    told = clocks(office, number)
    law = law_of(office, number)
    day = date.fromisoformat(told["commission-opinion"]["due_on"])
    await office.performs(number, ClosingDayAdded, day=day, reason="A bridging day.")
    moved = clocks(office, number)
    assert (
        moved["commission-opinion"]["due_on"]
        == law.calendar.working_day_from(day + timedelta(days=1)).isoformat()
    )
    assert moved["ethics-opinion"]["due_on"] != told["ethics-opinion"]["due_on"] or day > date.fromisoformat(
        told["ethics-opinion"]["due_on"]
    )
    entries = office.shows(number).entries
    assert entries[-1].facts["moved"][0]["was"] is not None
    assert entries[-1].law != entries[-2].law
    before_it = laws(office.settings.register_url, [entries[-2].law])[entries[-2].law]
    clock = Clock(**next(c["clock"] for c in entries[-2].clocks if c["ref"] == "commission-opinion"))
    assert clock.due_on(Law(**before_it).calendar) == day  # as it was told, reckoned again
    assert ("date-moved", "commission") in {(kind, role) for _, kind, role in office.letters(number)}
    again = await office.performs(number, OpinionGiven, **COMMISSION)
    assert again.phase is Phase.OPINION


async def test_upgrade_rederives_or_refuses(office):
    """A due date does not survive a change of what it rests on: it is derived anew where the law says so."""
    number = await in_opinion(office)
    told = clocks(office, number)
    longer = InForce(
        Limit(amount=60, unit=Unit.CALENDAR_DAYS),
        office.today,
        Source("A royal decree to come", "art. 1"),
        transition=Transition.RUNNING,
        shipped=False,
    )
    applied = SHIPPED.clause("commission-opinion").apply(longer)
    await office.performs(number, LawChanged, applied=applied)
    now = clocks(office, number)
    assert now["commission-opinion"]["due_on"] > told["commission-opinion"]["due_on"]
    assert now["decision"]["due_on"] == told["decision"]["due_on"]
    (block,) = [b for b in explanation(office, number)["clocks"] if b["ref"] == "commission-opinion"]
    assert [step["kind"] for step in block["steps"][:2]] == ["started", "revised"]
    assert block["steps"][1]["limit"]["amount"] == 30
    assert (block["article"], block["attention"]) == ("A royal decree to come, art. 1", [])


async def test_a_date_that_a_change_of_law_does_not_move_is_told_as_it_was(office):
    number = await office.submits()
    passed = office.shows(number).state.due_on
    (before,) = explanation(office, number)["clocks"]
    await office.waits_until(passed + timedelta(days=1))
    longer = InForce(
        working_days(5),
        office.today,
        Source("A decree", "art. 1"),
        transition=Transition.RUNNING,
        verified_on=office.today,
        verified_by="Ann",
        shipped=False,
    )
    receipt = await office.performs(number, LawChanged, applied=SHIPPED.clause("admissibility").apply(longer))
    assert receipt.due_on == passed
    assert receipt.unverified == ("admissibility",)  # the day still rests on the value that nobody verified
    (after,) = explanation(office, number)["clocks"]
    same = ("article", "from_on", "verified", "due_on", "steps", "entry", "law", "attention")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    completed = await office.performs(number, DeclaredIncomplete, missing=("The protocol",))
    await office.performs(number, CompletionReceived)
    (anew,) = explanation(office, number)["clocks"]
    assert (anew["article"], anew["verified"]) == ("A decree, art. 1", True)
    assert completed.entry < anew["entry"]


async def test_a_closing_day_on_the_day_of_an_invoice_leaves_day_and_explanation(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    invoice = office.shows(number).invoices[0]
    (before,) = [b for b in explanation(office, number)["clocks"] if b["ref"] == "payment"]
    assert before["steps"]
    assert before["due_on"] == invoice.due_on
    await office.performs(number, ClosingDayAdded, day=invoice.due_on, reason="A bridging day.")
    (after,) = [b for b in explanation(office, number)["clocks"] if b["ref"] == "payment"]
    assert after == before


async def test_a_dossier_keeps_the_law_of_its_own_date_when_the_law_changes_the_day_after(office):
    await office.looks_at_the_calendar()
    tomorrow = office.today + timedelta(days=1)
    shorter = InForce(
        working_days(10),
        tomorrow,
        Source("A royal decree to come", "art. 2"),
        verified_on=tomorrow,
        verified_by="Ann",
        shipped=False,
    )
    book = SHIPPED.confirmed("decision", shorter)
    before_it = await office.submits(law=applicable_law("CUP", Kind.APPLICATION, office.today, book))
    await office.days_pass(1)
    after_it = await office.submits(law=applicable_law("CUP", Kind.APPLICATION, tomorrow, book))
    due = []
    for number in (before_it, after_it):
        receipt = await office.performs(number, DeclaredAdmissible)
        found, url = office.shows(number), office.settings.register_url
        said = explained(found, laws(url, {line.law for line in found.entries}), "en")
        (told,) = [block for block in said["clocks"] if block["ref"] == "decision"]
        assert told["due_on"] == receipt.due_on
        assert told["attention"] == []
        due.append((law_of(office, number).limit("decision").amount, told["article"], told["verified"]))
        assert f"The limit of {due[-1][0]} working days" in told["steps"][0]["text"]
    assert due == [
        (40, "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 and 108", False),
        (10, "A royal decree to come, art. 2", True),
    ]


async def test_a_closed_case_takes_no_closing_day(office):
    number = await office.submits(Kind.RE_EVALUATION, programme=None, year=2027)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, Decided, outcome="continued", grounds="g")
    with pytest.raises((UntimelyAct, ImproperAct)):
        await office.performs(number, ClosingDayAdded, day=office.today, reason="Too late.")


async def test_a_closing_day_reaches_a_decision_that_waits_for_its_day(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    later = office.today + timedelta(days=20)
    await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=later)
    receipt = await office.performs(number, ClosingDayAdded, day=later, reason="A bridging day.")
    assert (receipt.phase, receipt.due_on) == (Phase.GRANTED, later)
    await office.waits_until(later)
    assert (await office.is_written(number, receipt.entry + 1)).state.phase == "authorised"


async def test_a_decision_of_a_far_day_is_a_slip_of_the_pen(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    far = office.today.replace(year=office.today.year + 200, day=1)
    with pytest.raises(ImproperAct, match="cannot take effect"):
        await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=far)


async def test_a_limit_that_passed_and_is_lengthened_passes_again_at_its_new_end(office):
    number = await office.submits()
    passed = office.shows(number).state.due_on
    await office.waits_until(passed + timedelta(days=1))
    longer = InForce(
        working_days(10), office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING
    )
    applied = SHIPPED.clause("admissibility").apply(longer)
    receipt = await office.performs(number, LawChanged, applied=applied)
    assert receipt.due_on == passed  # a limit that has ended keeps its end
    closed = await office.performs(number, ClosingDayAdded, day=passed, reason="Force majeure.")
    assert closed.due_on > passed  # but for the day that turns out to have been no working day
    assert not closed.overdue
    await office.waits_until(closed.due_on + timedelta(days=1))
    found = await office.is_written(number, closed.entry + 1)
    assert found.entries[-1].act == "LimitPassed"
    assert office.acts(number).count("LimitPassed") == 2


async def test_a_value_that_a_case_cannot_count_is_refused_and_changes_nothing(office):
    number = await in_opinion(office)
    endless = InForce(
        working_days(4000), office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING
    )
    before_it = clocks(office, number)
    applied = SHIPPED.clause("decision").apply(endless)
    with pytest.raises(ImproperAct, match="cannot follow it"):
        await office.performs(number, LawChanged, applied=applied)
    amount = InForce(12345, office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING)
    applied = SHIPPED.clause("contribution-cup-application").apply(amount)
    with pytest.raises(ImproperAct, match="by their own date only"):
        await office.performs(number, LawChanged, applied=applied)
    assert clocks(office, number) == before_it


async def test_the_limit_to_decide_passes_in_words_also_while_an_opinion_is_awaited(office):
    number = await in_opinion(office)
    running = clocks(office, number)
    decision = date.fromisoformat(running["decision"]["due_on"])
    # the two bodies may have the same last day, where a weekend or holiday moves one of them
    opinions = {running[clause]["due_on"] for clause in ("ethics-opinion", "commission-opinion")}
    await office.waits_until(decision + timedelta(days=1))
    await office.days_pass(1)
    passed = [line.facts for line in office.shows(number).entries if line.act == "LimitPassed"]
    assert [facts["phase"] for facts in passed] == [*("opinion" for _ in opinions), "decision"]
    await office.performs(number, OpinionGiven, **EC)
    receipt = await office.performs(number, OpinionGiven, **COMMISSION)
    assert receipt.overdue  # and is not told a second time
    await office.days_pass(2)
    assert office.acts(number)[-1] == "OpinionGiven"


async def test_while_two_readings_lie_before_a_person_no_questions_are_raised_and_both_days_are_of_today(
    office,
):
    number, stood, _ = await late_answers(office)
    assert "raise-questions" not in office.shows(number).state.awaits
    await office.performs(number, ClosingDayAdded, day=stood, reason="A bridging day.")
    (flag,) = office.shows(number).state.flags
    assert clocks(office, number)["decision"]["due_on"] in flag
    assert clocks(office, number)["decision"]["due_on"] > stood.isoformat()
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    await office.performs(number, Decided, outcome="refused", grounds="g")
    assert "readings_left_open" in office.shows(number).entries[-1].facts


async def test_a_ladder_of_reminders_that_became_shorter_ends_in_collection(office):
    number = await office.submits(procedure="MNP")
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.days_pass(65)
    assert office.acts(number).count("PaymentReminded") == 2
    one = InForce(
        (calendar_days(1),), office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING
    )
    await office.performs(number, LawChanged, applied=SHIPPED.clause("payment-reminders").apply(one))
    await office.days_pass(80)
    assert office.acts(number).count("PaymentReminded") == 2
    assert "HandedToCollection" in office.acts(number)
