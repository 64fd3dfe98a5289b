"""What silence does stands in the clause: one story for each policy, its clause laid over as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from models.acts import (
    AdmissibilityCorrected,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    Determined,
    Established,
    FormalNoticeReceived,
    NoticeBounced,
    OpinionGiven,
    ReadingChosen,
    Withdrawn,
)
from models.clock import Clock, SecondReading, eve_of_months, start_of
from models.errors import ImproperAct, NoRuleInForce, UntimelyAct
from models.law.applicable import Law
from models.law.clause import Clause, working_days
from models.law.silence import SilencePolicy
from models.notes import LetterLeft
from models.receipts import Receipt
from procedures.be_umn.words import Kind
from procedures.books import Books, applicable_law, shipped

pytestmark = pytest.mark.server

DAY = timedelta(days=1)
EC = {"body": "ethics_committee", "view": "favourable"}
COMMISSION = {"body": "commission", "view": "favourable"}


def book(silences: dict[str, str]) -> Books:
    """The law as shipped, but for what silence means in some clauses."""

    def said(clause: Clause) -> Clause:
        if clause.id not in silences:
            return clause
        silence = SilencePolicy(silences[clause.id])
        return replace(clause, values=tuple(replace(value, silence=silence) for value in clause.values))

    of_both = shipped().books["be_umn"]
    return Books({"be_umn": replace(of_both, clauses=tuple(map(said, of_both.clauses)))})


async def law(office, **silences: str) -> Law:
    """The law of today, in which silence means something else."""
    today = await office.looks_at_the_calendar()
    said = {clause.replace("_", "-"): silence for clause, silence in silences.items()}
    return applicable_law("CUP", Kind.APPLICATION, today, book(said))


async def in_opinion(office, **silences: str) -> str:
    number = await office.submits(law=await law(office, **silences))
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    return number


def last_day(office, number: str, ref: str) -> date:
    clocks = office.shows(number).entries[-1].clocks
    return next(date.fromisoformat(clock["due_on"]) for clock in clocks if clock["ref"] == ref)


async def told(office, number: str, entry: int) -> set[tuple[str, str]]:
    return {(kind, role) for told_in, kind, role in await office.letters(number) if told_in == entry}


async def test_a_tacit_opinion_is_entered_by_itself_the_day_after_the_limit_with_its_article(office):
    number = await in_opinion(office, ethics_opinion="favourable")
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = last_day(office, number, "ethics-opinion")
    await office.waits_until(due_on)
    assert office.shows(number).state.phase == "opinion"  # the last day counts
    await office.waits_until(due_on + DAY)
    found = office.shows(number)
    last = found.entries[-1]
    assert (last.act, last.happened_on, found.state.phase) == ("TacitOpinion", due_on + DAY, "decision")
    late = datetime.fromisoformat(last.recorded_at) - start_of(due_on + DAY)
    assert timedelta(seconds=-1) < late < timedelta(minutes=2)  # it exists from the first moment of the day
    assert (last.facts["body"], last.facts["view"], last.facts["silence"]) == (
        "ethics_committee",
        "favourable",
        "favourable",
    )
    assert last.facts["article"] == {"law": last.law, "clause": "ethics-opinion"}
    assert await told(office, number, last.sequence) == {
        ("limit-passed", "desk"),
        ("limit-passed", "applicant"),
    }
    receipt = await office.performs(number, OpinionGiven, **EC)  # late, and it has reasons
    assert "give-opinion" not in receipt.possible


async def test_a_tacit_decision_authorises_though_nothing_was_paid_and_an_opinion_is_missing(office):
    number = await in_opinion(office, decision="granted")
    signed, refused = [await in_opinion(office, decision="granted") for _ in range(2)]
    due_on = last_day(office, number, "decision")
    await office.waits_until(due_on)
    assert office.shows(number).state.phase == "opinion"
    await office.waits_until(due_on + DAY)
    found = office.shows(number)
    last = found.entries[-1]
    assert (last.act, last.happened_on) == ("TacitDecision", due_on + DAY)
    assert (found.state.phase, found.state.authorised_on) == ("set_up", due_on + DAY)
    assert (last.facts["outcome"], last.facts["silent_until"]) == ("authorised", str(due_on))
    assert not found.state.conditions
    assert last.facts["grounds"] == ""
    assert await told(office, number, last.sequence) == {
        ("limit-passed", "desk"),
        ("decision", "applicant"),
        ("decision", "ethics_committee"),
    }
    with pytest.raises(ImproperAct, match=f"after {due_on}: a decision of {office.today} comes too late"):
        await office.performs(number, Decided, outcome="refused", grounds="too late")
    await signed_in_time(office, number, signed, refused, due_on)
    await office.performs(number, OpinionGiven, **{**COMMISSION, "view": "unfavourable"})
    after = office.shows(number)
    assert (after.entries[-1].act, after.state.phase) == ("OpinionGiven", found.state.phase)
    assert ("late-opinion", "desk") in await told(office, number, after.entries[-1].sequence)
    with pytest.raises(ImproperAct, match="No opinion of the commission is awaited"):
        await office.performs(number, OpinionGiven, **COMMISSION)
    # silence determines none of the eight elements: a task for whoever decides
    assert "elements-undetermined" in found.state.flags
    stated = {"grounds": "The protocol was filed.", "protocol": "version 2", "until_on": due_on + 1000 * DAY}
    with pytest.raises(ImproperAct, match="--capacity, one of minister"):
        await office.performs(number, Determined, **stated, capacity=None)
    await office.performs(number, Determined, **stated)
    found = office.shows(number)
    assert "elements-undetermined" not in found.state.flags
    assert await told(office, number, found.entries[-1].sequence) >= {("determination", "applicant")}
    with pytest.raises(UntimelyAct):
        await office.performs(number, Determined, **stated)


async def signed_in_time(office, stands: str, granted: str, refused: str, on: date) -> None:
    """Decisions of the last day are entered after silence set the programmes up: a person chooses."""
    refusal = {"outcome": "refused", "grounds": "A treatment exists.", "on": on}
    grant = {"outcome": "authorised", "grounds": "None exists.", "on": on}
    for number, said in ((stands, refusal), (granted, grant), (refused, refusal)):
        receipt = await office.performs(number, Decided, **said)
        assert (receipt.phase, receipt.letters) == ("set_up", ())
        assert f"decision-recorded-late:{on}:{on}" in office.shows(number).state.flags
        assert "choose-reading" in receipt.possible
        with pytest.raises(UntimelyAct):
            await office.performs(number, Decided, **said)
    chosen = {"grounds": "The signature is dated.", "reading": "as_it_happened"}
    await office.performs(stands, ReadingChosen, **chosen | {"reading": "as_it_stands"})
    assert "elements-undetermined" in office.shows(stands).state.flags
    receipt = await office.performs(granted, ReadingChosen, **chosen)
    assert (receipt.phase, receipt.letters) == ("set_up", ("decision",))
    assert "elements-undetermined" not in office.shows(granted).state.flags
    receipt = await office.performs(refused, ReadingChosen, **chosen)  # it never was
    assert (receipt.phase, office.shows(refused).state.public_list) == ("refused", None)
    assert (receipt.entry, "decision", "physicians") in await office.letters(refused)


async def test_a_tacit_refusal_ends_the_dossier_with_the_remedies(office):
    number = await in_opinion(office, decision="refused")
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = last_day(office, number, "decision")
    await office.waits_until(due_on + DAY)
    found = office.shows(number)
    last = found.entries[-1]
    assert (last.act, last.facts["outcome"], found.state.phase) == ("TacitDecision", "refused", "refused")
    assert ("decision", "applicant") in await told(office, number, last.sequence)
    (letter,) = [n for n in found.notices if (n.entry, n.letter) == (last.sequence, "decision")][:1]
    assert letter.role in ("applicant", "ethics_committee", "commission")


async def test_an_express_decision_of_the_last_day_leaves_nothing_to_silence(office):
    number = await in_opinion(office, decision="granted")
    await office.performs(number, OpinionGiven, **EC)
    await office.performs(number, OpinionGiven, **COMMISSION)
    await office.waits_until(last_day(office, number, "decision"))
    await office.performs(number, Decided, outcome="refused", grounds="A treatment exists.")
    await office.days_pass(5)
    assert "TacitDecision" not in office.acts(number)
    assert office.shows(number).state.phase == "refused"


def working_day(since: date, nth: int) -> date:
    law = applicable_law("CUP", Kind.APPLICATION, since)
    return Clock(limit=working_days(nth), started_on=since).due_on(law.calendar)


async def asked_to_complete(office, **said: object) -> tuple[str, Receipt]:
    """An application that is incomplete; the notice is presented on the day on which it was sent."""
    number = await office.submits(**said)
    receipt = await office.performs(number, DeclaredIncomplete, missing=("a protocol",))
    return number, receipt


async def presented(office, number: str) -> None:
    """The notice went by registered letter with acknowledgement, and was presented at once."""
    await office.postman_rests()
    entry = len(office.acts(number))
    told = f"{number}/{entry}/incomplete/applicant"
    fact = {"notice": told, "letter": "incomplete", "role": "applicant", "entry": entry}
    way = {"channel": "registered_with_acknowledgement", "presented_on": office.today, "on": office.today}
    left = LetterLeft(request_id=f"presented-{number}", dossier=number, by="Ann", **fact, **way)
    await office.tells(number, left)
    await office.is_written(number, entry + 1)


async def test_the_right_to_complete_is_forfeited_and_the_dossier_stays_open_for_what_came_in_time(office):
    in_time, receipt = await asked_to_complete(office)
    silent, _ = await asked_to_complete(office)
    in_part, _ = await asked_to_complete(office)
    for number in (in_time, silent, in_part):
        await presented(office, number)
    await office.performs(in_part, CompletionReceived, partial=True)
    assert office.shows(in_part).state.phase == "completion"
    due_on = receipt.due_on
    await office.waits_until(due_on)
    assert "Forfeited" not in office.acts(silent)  # the last day counts
    await office.waits_until(due_on + DAY)
    for number in (in_time, silent):
        found = office.shows(number)
        last = found.entries[-1]
        assert (last.act, last.happened_on) == ("Forfeited", due_on + DAY)
        assert (found.state.phase, found.state.ended) == ("completion", False)
        assert found.state.possible == ("receive-completion", "withdraw")
        assert await told(office, number, last.sequence) == {
            ("limit-passed", "desk"),
            ("inadmissible", "applicant"),
        }
    last = office.shows(in_part).entries[-1]  # something came: a person decides
    assert (last.act, last.facts["silence"]) == ("LimitPassed", "propose")
    await office.days_pass(2)
    with pytest.raises(ImproperAct, match=f"was lost after {due_on}"):
        await office.performs(in_time, CompletionReceived, posted_on=due_on + DAY)
    with pytest.raises(ImproperAct, match="cannot have been posted"):
        await office.performs(in_time, CompletionReceived, on=due_on, posted_on=due_on + DAY)
    receipt = await office.performs(in_time, CompletionReceived, posted_on=due_on)
    assert (receipt.phase, receipt.letters) == ("admissibility", ("completed-in-time",))
    assert receipt.due_on == working_day(office.today, 6)  # none of the six was used
    open_until = last_day(office, silent, "late-recording")
    await office.waits_until(open_until + DAY)
    found = office.shows(silent)
    assert (found.state.phase, found.state.ended) == ("inadmissible", True)
    assert [letter for _, letter, _ in await office.letters(silent)].count("inadmissible") == 1


async def test_nothing_is_forfeited_by_email_nor_by_a_notice_after_the_six_days(office):
    by_mail, receipt = await asked_to_complete(office)
    late = await office.submits()
    await office.waits_until(working_day(office.today, 7))
    asked = await office.performs(late, DeclaredIncomplete, missing=("a protocol",))
    assert office.shows(late).entries[-1].facts["too_late"]
    await presented(office, late)
    assert office.shows(late).entries[-1].facts["too_late"]
    await office.waits_until(max(receipt.due_on, asked.due_on) + DAY)
    for number in (by_mail, late):
        found = office.shows(number)
        passed = [line for line in found.entries if line.act == "LimitPassed"][-1]
        assert (passed.facts["silence"], found.state.phase) == ("propose", "completion")
        assert "declare-inadmissible" in found.state.possible


async def test_a_law_whose_silence_no_stage_can_do_is_refused_when_it_is_put_together(office):
    for clause, silence in (
        ("admissibility", "granted"),
        ("decision", "favourable"),
        ("answers", "forfeited"),
        ("commission-opinion", "on_file"),
    ):
        with pytest.raises(NoRuleInForce, match=f"silence means {silence}"):
            await law(office, **{clause: silence})
    with pytest.raises(NoRuleInForce, match="nothing that its stage can do by itself; it can: flag"):
        await law(office, payment="granted")
    with pytest.raises(NoRuleInForce, match="cannot mean granted where the examination ends as: noted"):
        applicable_law("CUP", Kind.LIST, office.today, book({"report-decision": "granted"}))


async def test_what_shows_only_afterwards_is_established_by_a_person_and_blocks_what_it_excludes(office):
    """The decision that the dossier is admissible is entered when both silences have had their effect."""
    number = await office.submits(procedure="MNP")
    admissible_on = office.today
    await office.days_pass(100)
    receipt = await office.performs(number, DeclaredAdmissible, on=admissible_on)
    law = applicable_law("MNP", Kind.APPLICATION, admissible_on)
    exists_from = {
        clause: law.clock(clause, admissible_on).due_on(law.calendar) + DAY
        for clause in ("ethics-opinion", "decision")
    }
    found = office.shows(number)
    assert {f"exists-by-law:{clause}:{day}" for clause, day in exists_from.items()} <= {*found.state.flags}
    assert "establish" in receipt.possible
    assert ("limit-passed", "desk") in await told(office, number, receipt.entry)
    refused = {"outcome": "refused", "grounds": "A treatment exists."}
    with pytest.raises(ImproperAct, match=f"Since {exists_from['decision']} silence is the decision"):
        await office.performs(number, Decided, **refused)
    with pytest.raises(ImproperAct, match="undoes nothing"):
        await office.performs(number, Withdrawn)
    with pytest.raises(ImproperAct, match="opinion of the ethics committee exists by law"):
        await office.performs(number, OpinionGiven, **{**EC, "view": "unfavourable"})
    with pytest.raises(ImproperAct, match="Nothing exists by law under answers"):
        await office.performs(number, Established, limit="answers")
    await office.performs(number, Established, limit="ethics-opinion")
    receipt = await office.performs(number, Established, limit="decision")
    found = office.shows(number)
    assert (receipt.phase, found.state.authorised_on) == ("authorised", exists_from["decision"])
    assert found.entries[-1].facts["silent_until"] == str(exists_from["decision"] - DAY)


async def test_another_day_of_admissibility_or_a_decision_of_its_day_stands_against_what_silence_brought(
    office,
):
    decided_in_time, slipped = await office.submits(), await office.submits()
    admissible_on = office.today
    await office.days_pass(100)
    for number in (decided_in_time, slipped):
        await office.performs(number, DeclaredAdmissible, on=admissible_on)
        await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    taken = {"outcome": "refused", "grounds": "A treatment exists.", "on": admissible_on + 70 * DAY}
    assert (await office.performs(decided_in_time, Decided, **taken)).phase == "refused"
    slip = {"grounds": "The letter is of another day."}
    with pytest.raises(ImproperAct, match="already"):
        await office.performs(slipped, AdmissibilityCorrected, admissible_on=admissible_on, **slip)
    with pytest.raises(ImproperAct, match="lies in the future"):
        await office.performs(slipped, AdmissibilityCorrected, admissible_on=office.today + DAY, **slip)
    right = {"admissible_on": office.today - 65 * DAY, **slip}
    receipt = await office.performs(slipped, AdmissibilityCorrected, **right)
    assert ("date-moved", "desk") in await told(office, slipped, receipt.entry)
    (flag,) = office.shows(slipped).state.flags  # forty working days lie behind, fifty-five do not
    assert flag.startswith("exists-by-law:ethics-opinion:")
    receipt = await office.performs(slipped, AdmissibilityCorrected, **slip)
    assert receipt.phase == "admissibility"
    assert not [one for one in office.shows(slipped).state.flags if one.startswith("exists-by-law")]


async def test_a_decision_on_one_reading_of_its_limit_asks_a_person_for_a_word_more(office):
    today = await office.looks_at_the_calendar()
    of_today = applicable_law("CUP", Kind.APPLICATION, today)
    other = SecondReading(limit=working_days(60))
    decision = of_today.clauses["decision"].model_copy(update={"second": other})
    law = of_today.model_copy(update={"clauses": {**of_today.clauses, "decision": decision}}).revised()
    number = await office.submits(law=law)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, OpinionGiven, **COMMISSION)
    due_on = last_day(office, number, "decision")
    await office.waits_until(due_on + DAY)
    refused = {"outcome": "refused", "grounds": "A treatment exists."}
    with pytest.raises(ImproperAct, match=f"since {due_on + DAY}; on the other one"):
        await office.performs(number, Decided, **refused)
    receipt = await office.performs(number, Decided, **refused, confirmed=True)
    assert receipt.phase == "refused"


async def test_the_silence_of_a_committee_that_the_request_never_reached_is_established_by_a_person(office):
    number = await in_opinion(office)
    entry = next(line for line in office.shows(number).entries if line.act == "DeclaredAdmissible").sequence
    await office.postman_rests()
    asked = f"{number}/{entry}/opinion-request/ethics_committee"
    said = {"letter": "opinion-request", "role": "ethics_committee", "entry": entry}
    await office.performs(number, NoticeBounced, notice=asked, **said)
    due_on = last_day(office, number, "ethics-opinion")
    await office.waits_until(due_on + DAY)
    found = office.shows(number)
    assert f"exists-by-law:ethics-opinion:{due_on + DAY}" in found.state.flags
    assert "TacitOpinion" not in office.acts(number)
    receipt = await office.performs(number, Established, limit="ethics-opinion")
    assert (receipt.act, office.shows(number).entries[-1].facts["view"]) == ("Established", "favourable")


async def test_four_months_after_a_formal_notice_silence_is_a_refusal_that_a_person_establishes(office):
    """Nobody decides whether the dossier is admissible: no rule says what that silence means."""
    number, in_time = await office.submits(), await office.submits()
    given_on = office.today
    await office.performs(in_time, FormalNoticeReceived)
    receipt = await office.performs(number, FormalNoticeReceived, text="By registered letter.")
    assert receipt.phase == "admissibility"
    await office.performs(number, DeclaredIncomplete, missing=("a protocol",))  # that decides nothing
    exists_from = eve_of_months(given_on, 4)
    law = applicable_law("CUP", Kind.APPLICATION, given_on)
    exists_from = law.calendar.working_day_from(exists_from) + DAY
    await office.waits_until(exists_from)
    receipt = await office.performs(number, CompletionReceived)
    assert f"exists-by-law:formal-notice:{exists_from}" in office.shows(number).state.flags
    assert "establish" in receipt.possible
    for act, said in ((DeclaredAdmissible, {}), (DeclaredIncomplete, {"missing": ("a protocol",)})):
        with pytest.raises(ImproperAct, match=f"Since {exists_from} silence is the decision"):
            await office.performs(number, act, **said)
    receipt = await office.performs(number, Established, limit="formal-notice")
    last = office.shows(number).entries[-1]
    assert (receipt.phase, last.facts["silent_until"]) == ("refused", str(exists_from - DAY))
    receipt = await office.performs(in_time, DeclaredAdmissible, on=exists_from - DAY)
    assert "establish" not in receipt.possible
    with pytest.raises(UntimelyAct):  # of an application a rule says what silence means
        await office.performs(in_time, FormalNoticeReceived)
