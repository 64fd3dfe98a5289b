"""The clock in the procedure: warnings, facts recorded late, and changes of law and calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from models.acts import (
    AdmissibilityCorrected,
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
    Withdrawn,
)
from models.clock import Clock, Limit, Unit, before
from models.errors import ImproperAct, UntimelyAct
from models.law.applicable import Law
from models.law.clause import InForce, Source, Transition, calendar_days, working_days
from models.waking import wakes_at
from office.desk.explaining import explained
from procedures.be_umn.words import Kind, Phase
from procedures.books import applicable_law, shipped
from register.views import laws

pytestmark = pytest.mark.server

EC = {"body": "ethics_committee", "view": "favourable"}
AGAINST = {"body": "ethics_committee", "view": "unfavourable"}
WHY = {"body": "commission", "questions": ("Why?",), "days": 10}
COMMISSION = {"body": "commission", "view": "favourable"}

IN_TIME = {"published_on": date(2026, 12, 1)}
"""A closing day of a later year."""


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
    return explained(found, laws(url, {line.law for line in found.entries}), "en", office.today)


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


async def test_a_warning_comes_by_the_morning_and_an_act_before_that_finds_it_entered(office):
    numbers = [await office.submits() for _ in range(2)]
    asked = [await office.performs(number, DeclaredIncomplete, missing=("a protocol",)) for number in numbers]
    day = before(asked[0].due_on, working_days(10), law_of(office, numbers[0]).calendar)
    early, late = sorted(numbers, key=lambda number: wakes_at(day, number, only_tells=True))
    await office.waits_until(day, timedelta(seconds=30))
    assert await office.handle(late).query("__temporal_workflow_metadata")  # whoever looks wakes nobody
    assert office.shows(late).entries[-1].act == "DeclaredIncomplete"
    await office.performs(early, CompletionReceived)
    assert [line.act for line in office.shows(early).entries][-2:] == ["LimitWarned", "CompletionReceived"]
    await office.waits_until(day)
    warned = office.shows(late).entries[-1]
    hour = datetime.fromisoformat(warned.recorded_at) - wakes_at(day, late, only_tells=True)
    assert (warned.act, warned.happened_on) == ("LimitWarned", day)
    assert timedelta(seconds=-1) < hour < timedelta(minutes=1)


async def test_warnings_move_when_the_date_moves(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    due_on, calendar = clocks(office, number)["commission-opinion"]["due_on"], law_of(office, number).calendar
    first_warning = before(date.fromisoformat(due_on), working_days(10), calendar)
    await office.waits_until(first_warning - timedelta(days=2))
    await office.performs(number, QuestionsRaised, **WHY)
    await office.performs(number, AnswersReceived)
    moved = date.fromisoformat(clocks(office, number)["commission-opinion"]["due_on"])
    told = office.shows(number).state.entry
    await office.waits_until(before(moved, working_days(10), calendar))
    found = await office.is_written(number, told + 1)
    warned = [line for line in found.entries if line.act == "LimitWarned"]
    assert [line.facts["clauses"] for line in warned] == [["commission-opinion"]]
    assert ("limit-warning", "commission") in {(k, r) for _, k, r in await office.letters(number)}


async def test_questions_recorded_late_run_from_the_day_on_which_they_leave(office):
    number = await in_opinion(office)
    await office.days_pass(5)
    asked = office.today
    await office.days_pass(10)
    receipt = await office.performs(number, QuestionsRaised, **WHY, on=asked)
    law = law_of(office, number)
    assert receipt.phase == Phase.OPINION
    found = clocks(office, number)
    assert found["answers"]["due_on"] == law.clock("answers", office.today).due_on(law.calendar).isoformat()
    (stop,) = found["commission-opinion"]["clock"]["stops"]
    assert (stop["first"], stop["last"]) == tuple(
        (office.today + timedelta(days=day)).isoformat() for day in (1, 10)
    )
    dossier = await office.submits()
    before_it = office.today
    await office.days_pass(50)
    missing = {"missing": ("The protocol",), "on": before_it}
    receipt = await office.performs(dossier, DeclaredIncomplete, **missing)
    assert receipt.due_on == law_of(office, dossier).clock("completion", office.today).due_on(law.calendar)


async def late_opinion(office) -> tuple[str, date]:
    """An unfavourable opinion that was given on the last day, recorded after the silence had its effect."""
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = date.fromisoformat(clocks(office, number)["ethics-opinion"]["due_on"])
    await office.waits_until(due_on + timedelta(days=2))
    assert office.acts(number)[-1] == "TacitOpinion"
    receipt = await office.performs(number, OpinionGiven, **AGAINST, on=due_on, arrived_on=office.today)
    assert "choose-reading" in receipt.possible
    return number, due_on


async def test_a_silence_that_had_its_effect_is_undone_by_a_person_only_who_sees_both_readings(office):
    number, due_on = await late_opinion(office)
    facts = office.shows(number).entries[-1].facts
    assert (facts["given_on"], facts["arrived_on"]) == (due_on.isoformat(), office.today.isoformat())
    assert office.shows(number).state.flags == (f"opinion-recorded-late:ethics_committee:{due_on}:{due_on}",)
    assert ("conflict", "desk") in {(kind, role) for _, kind, role in await office.letters(number)}
    with pytest.raises(ImproperAct, match="choose one before anything is granted"):
        await office.performs(number, Decided, outcome="authorised", grounds="g")
    receipt = await office.performs(number, ReadingChosen, reading="as_it_happened", grounds="It was late.")
    assert (receipt.phase, office.shows(number).state.flags) == (Phase.DECISION, ())
    with pytest.raises(UntimelyAct):
        await office.performs(number, ReadingChosen, reading="as_it_stands", grounds="No.")
    decision = date.fromisoformat(clocks(office, number)["decision"]["due_on"])
    await office.waits_until(before(decision, working_days(3), law_of(office, number).calendar))
    (warning,) = [n for n in office.shows(number).notices if n.letter == "limit-warning"][-1:]
    assert warning.role == "desk"
    await office.performs(number, Decided, outcome="refused", grounds="Not ethical.")
    assert "TacitDecision" not in office.acts(number)


async def test_a_person_may_let_a_silence_keep_its_effect(office):
    number, _ = await late_opinion(office)
    receipt = await office.performs(number, ReadingChosen, reading="as_it_stands", grounds="Not proven.")
    assert "choose-reading" not in receipt.possible
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="It is needed.")
    assert receipt.phase == Phase.SET_UP


async def test_an_opinion_after_its_day_stands_beside_the_tacit_one_and_alerts_the_desk(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = date.fromisoformat(clocks(office, number)["ethics-opinion"]["due_on"])
    await office.waits_until(due_on + timedelta(days=1))
    await office.performs(number, OpinionGiven, **AGAINST)
    found = office.shows(number)
    assert (found.entries[-1].facts["late"], found.state.phase, found.state.flags) == (True, "decision", ())
    assert ("late-opinion", "desk") in {(kind, role) for _, kind, role in await office.letters(number)}
    receipt = await office.performs(number, Decided, outcome="refused", grounds="Not ethical.")
    assert receipt.phase == Phase.REFUSED


async def test_a_closing_day_moves_the_decision_that_is_awaited(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    receipt = await office.performs(number, OpinionGiven, **COMMISSION)
    moved = await office.performs(
        number, ClosingDayAdded, **IN_TIME, day=receipt.due_on, reason="A bridging day."
    )
    assert moved.phase == Phase.DECISION
    assert moved.due_on > receipt.due_on


async def test_a_closing_day_moves_an_opinion_while_nobody_has_fixed_the_contribution(office):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredAdmissible)
    moved = await office.performs(
        number, ClosingDayAdded, **IN_TIME, day=receipt.due_on, reason="A bridging day."
    )
    assert moved.phase == Phase.OPINION
    assert moved.due_on > receipt.due_on
    fixed = await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    assert fixed.phase == Phase.OPINION


async def test_questions_of_the_last_day_let_the_limit_end_with_the_stop_or_one_working_day_later(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    due_on = office.shows(number).state.due_on
    await office.waits_until(due_on)
    receipt = await office.performs(number, QuestionsRaised, **WHY)
    told, calendar = clocks(office, number)["commission-opinion"], law_of(office, number).calendar
    ends = calendar.working_day_from(due_on + timedelta(days=10))
    assert (receipt.due_on, receipt.overdue, told["due_on"]) == (ends, False, ends.isoformat())
    after = calendar.working_day_from(due_on + timedelta(days=11))
    assert told["late_on"] == max(ends, after).isoformat()


async def test_a_closing_day_moves_what_ends_on_it_and_what_was_told_stays_to_be_read(office):
    number = await in_opinion(office)
    told = clocks(office, number)
    law = law_of(office, number)
    day = date.fromisoformat(told["commission-opinion"]["due_on"])
    await office.performs(number, ClosingDayAdded, **IN_TIME, day=day, reason="A bridging day.")
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
    assert ("date-moved", "commission") in {(kind, role) for _, kind, role in await office.letters(number)}
    again = await office.performs(number, OpinionGiven, **COMMISSION)
    assert again.phase == Phase.OPINION


async def test_upgrade_rederives_or_refuses(office):
    """A due date does not survive a change of what it rests on: it is derived anew where the law says so."""
    number = await in_opinion(office)
    told = clocks(office, number)
    longer = InForce(
        Limit(amount=50, unit=Unit.WORKING_DAYS),
        office.today,
        Source("A royal decree to come", "art. 1"),
        transition=Transition.RUNNING,
        shipped=False,
    )
    applied = shipped().clause("commission-opinion").apply(longer)
    await office.performs(number, LawChanged, applied=applied)
    now = clocks(office, number)
    assert now["commission-opinion"]["due_on"] > told["commission-opinion"]["due_on"]
    assert now["decision"]["due_on"] == told["decision"]["due_on"]
    (block,) = [b for b in explanation(office, number)["clocks"] if b["ref"] == "commission-opinion"]
    assert [step["kind"] for step in block["steps"][:2]] == ["started", "revised"]
    assert block["steps"][1]["limit"]["amount"] == 40
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
        confirmed_on=office.today,
        confirmed_by="Ann",
        shipped=False,
    )
    receipt = await office.performs(
        number, LawChanged, applied=shipped().clause("be_umn/admissibility").apply(longer)
    )
    assert receipt.due_on == passed
    assert receipt.unconfirmed == {"admissibility": "read"}  # the day still rests on the value before it
    (after,) = explanation(office, number)["clocks"]
    same = ("article", "from_on", "degree", "due_on", "steps", "entry", "law", "attention")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, AdmissibilityCorrected, grounds="Of another dossier.")
    anew = next(c for c in explanation(office, number)["clocks"] if c["ref"] == "admissibility")
    assert (anew["article"], anew["degree"]) == (before["article"], before["degree"])  # it was never over
    assert anew["due_on"] == before["due_on"]


async def test_a_dossier_keeps_the_law_of_its_own_date_when_the_law_changes_the_day_after(office):
    await office.looks_at_the_calendar()
    tomorrow = office.today + timedelta(days=1)
    shorter = InForce(
        working_days(10),
        tomorrow,
        Source("A royal decree to come", "art. 2"),
        confirmed_on=tomorrow,
        confirmed_by="Ann",
        shipped=False,
    )
    book = shipped().confirmed("decision", shorter)
    before_it = await office.submits(law=applicable_law("CUP", Kind.APPLICATION, office.today, book))
    await office.days_pass(1)
    after_it = await office.submits(law=applicable_law("CUP", Kind.APPLICATION, tomorrow, book))
    due = []
    for number in (before_it, after_it):
        await office.performs(number, DeclaredAdmissible)
        found, url = office.shows(number), office.settings.register_url
        said = explained(found, laws(url, {line.law for line in found.entries}), "en", office.today)
        (told,) = [block for block in said["clocks"] if block["ref"] == "decision"]
        assert told["due_on"]
        assert told["attention"] == []
        due.append((law_of(office, number).limit("decision").amount, told["article"], told["degree"]))
        assert f"The limit of {due[-1][0]} working days" in told["steps"][0]["text"]
    assert due == [
        (55, "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 § 13 and 108 § 8", "read"),
        (10, "A royal decree to come, art. 2", "confirmed"),
    ]


async def test_a_closed_case_takes_no_closing_day(office):
    number = await office.submits()
    await office.performs(number, Withdrawn)
    with pytest.raises((UntimelyAct, ImproperAct)):
        await office.performs(number, ClosingDayAdded, **IN_TIME, day=office.today, reason="Too late.")


async def test_a_closing_day_reaches_a_decision_that_waits_for_its_day(office):
    number = await in_opinion(office)
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    later = office.today + timedelta(days=20)
    await office.performs(number, Decided, outcome="authorised", grounds="g", effective_on=later)
    receipt = await office.performs(number, ClosingDayAdded, **IN_TIME, day=later, reason="A bridging day.")
    assert (receipt.phase, receipt.due_on) == (Phase.GRANTED, later)
    await office.waits_until(later)
    assert (await office.is_written(number, receipt.entry + 1)).state.phase == "set_up"


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
    applied = shipped().clause("be_umn/admissibility").apply(longer)
    receipt = await office.performs(number, LawChanged, applied=applied)
    assert receipt.due_on == passed  # a limit that has ended keeps its end
    closed = await office.performs(number, ClosingDayAdded, **IN_TIME, day=passed, reason="Force majeure.")
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
    applied = shipped().clause("decision").apply(endless)
    with pytest.raises(ImproperAct, match="cannot follow it"):
        await office.performs(number, LawChanged, applied=applied)
    amount = InForce(12345, office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING)
    applied = shipped().clause("contribution-cup-application").apply(amount)
    with pytest.raises(ImproperAct, match="by their own date only"):
        await office.performs(number, LawChanged, applied=applied)
    assert clocks(office, number) == before_it


async def test_a_ladder_of_reminders_that_became_shorter_ends_in_collection(office):
    number = await office.submits(Kind.LIST, procedure="MNP")
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.days_pass(65)
    assert office.acts(number).count("PaymentReminded") == 2
    one = InForce(
        (calendar_days(1),), office.today, Source("A decree", "art. 1"), transition=Transition.RUNNING
    )
    await office.performs(number, LawChanged, applied=shipped().clause("payment-reminders").apply(one))
    await office.days_pass(80)
    assert office.acts(number).count("PaymentReminded") == 2
    assert "HandedToCollection" in office.acts(number)
