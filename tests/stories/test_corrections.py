"""A slip of the pen is put right beside the entry that holds it: what counts moves, letters are told anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.acts import (
    AnswersReceived,
    CompletionReceived,
    ContributionFixed,
    Corrected,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionGiven,
    QuestionsRaised,
    SuspensionImposed,
    SuspensionLifted,
)
from models.errors import ImproperAct
from models.receipts import Receipt
from office.desk.correcting import corrected
from office.desk.foreseen import foreseen
from office.desk.sending import made_of
from register.carried import carried
from register.corrections import stands
from register.letters import told
from register.notices import notices
from register.reading import questions
from tests.stories.steps import authorised

pytestmark = pytest.mark.server


def said_of(office, number: str, entry: int, fact: str, right: str) -> dict[str, Any]:
    """A correction as it is typed, with what the register holds of its entry."""
    typed = {"entry": entry, "fact": fact, "right": right, "reason": "A slip of the pen."}
    return corrected(office.settings, number, typed)


async def corrects(office, number: str, entry: int, fact: str, right: str) -> Receipt:
    return await office.performs(number, Corrected, **said_of(office, number, entry, fact, right))


async def test_words_are_put_right_and_every_letter_that_had_them_is_told_anew_beside_the_old_ones(office):
    number = await authorised(office)
    entry = (await office.performs(number, SuspensionImposed, grounds="A singal.", for_safety=True)).entry
    on = office.today
    receipt = await corrects(office, number, entry, "grounds", "A signal.")
    await office.postman_rests()

    old, new = told(office.settings.register_url, number, entry), receipt.entry
    again = told(office.settings.register_url, number, new)
    assert [b.letters[0].role for b in again] == [b.letters[0].role for b in old]
    for first, second in zip(old, again, strict=True):
        assert (first.letters[0].facts["grounds"], first.letters[0].corrects) == ("A singal.", None)
        assert second.letters[0].facts == {**first.letters[0].facts, "grounds": "A signal."}
        assert second.letters[0].corrects == on
    sent = {n.entry: n for n in notices(office.settings.register_url, number) if n.role == "applicant"}
    assert (sent[entry].state, sent[new].state) == ("sent", "sent")
    with questions(office.settings.register_url) as ask:
        asked = "SELECT subject, body FROM notice WHERE key = ?"
        (called, was), (called_now, is_now) = (ask(asked, [sent[one].key])[0] for one in (entry, new))
    assert "A signal." in is_now
    before_all_else, _, _ = is_now.partition("Madame, Monsieur")
    assert "Rectification d’une autre lettre" in before_all_else
    assert "Rectification" not in was
    assert "Rectification d’une autre lettre" in called_now
    assert "Rectification" not in called

    lines = office.shows(number).entries
    assert lines[entry - 1].facts["grounds"] == "A singal."  # it stays as it was written
    facts = lines[-1].facts
    assert (facts["entry"], facts["corrects"], facts["was"], facts["right"]) == (
        entry,
        "SuspensionImposed",
        "A singal.",
        "A signal.",
    )
    assert stands(office.settings.register_url, number, entry).facts["grounds"] == "A signal."
    with pytest.raises(ImproperAct, match="says that already"):
        await corrects(office, number, entry, "grounds", "A signal.")
    twice = await corrects(office, number, entry, "grounds", "A signal of safety.")
    (letter,) = told(office.settings.register_url, number, twice.entry)[0].letters
    assert (letter.facts["grounds"], letter.corrects) == ("A signal of safety.", on)
    await office.performs(number, SuspensionLifted, grounds="Gone.")


async def test_who_took_an_act_is_put_right_with_the_article_of_the_capacity(office):
    number = await authorised(office)
    entry = (await office.performs(number, SuspensionImposed, grounds="g", for_safety=True)).entry
    before = stands(office.settings.register_url, number, entry)
    receipt = await corrects(office, number, entry, "decided_by", "Zoe")
    (letter,) = told(office.settings.register_url, number, receipt.entry)[0].letters
    assert letter.facts["signatory"] == {
        **{name: part for name, part in before.letters[0].facts["signatory"].items()},
        "person": "Zoe",
    }
    assert office.shows(number).entries[-1].facts["signatory"] == {**before.signatory, "person": "Zoe"}
    with pytest.raises(ImproperAct, match="cannot be done as porter"):
        await corrects(office, number, entry, "capacity", "porter")
    with pytest.raises(ImproperAct, match="designat"):
        await corrects(office, number, entry, "capacity", "staff")
    assert office.acts(number)[-1] == "Corrected"
    receipt = await corrects(office, number, entry, "capacity", "administrator-general")
    (other,) = told(office.settings.register_url, number, receipt.entry)[0].letters
    assert other.facts["signatory"]["person"] == "Zoe"
    assert before.law == office.shows(number).entries[entry - 1].law
    assert other.facts["signatory"]["article"] != letter.facts["signatory"]["article"]
    await office.performs(number, SuspensionLifted, grounds="g")  # a refused one holds nothing up


async def test_the_day_on_which_something_came_moves_what_is_counted_from_it(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("Annex II",))
    await office.days_pass(8)
    came = office.today
    entry = (await office.performs(number, CompletionReceived)).entry
    due_on = office.shows(number).state.due_on
    right = came - timedelta(days=5)

    said = said_of(office, number, entry, "on", str(right))
    now = await office.environment.get_current_time()
    shown = await foreseen(
        office.settings, number, made_of(Corrected, {**said, "by": "Ann"}, "rehearsed"), now
    )
    (moves,) = shown["days"]
    assert (moves["ref"], moves["change"], moves["was"]) == ("admissibility", "moves", str(due_on))
    await office.performs(number, Corrected, **said)
    moved = office.shows(number)
    assert (str(moved.state.due_on), moved.state.due_on < due_on) == (moves["due_on"], True)
    assert moved.entries[entry - 1].happened_on == came
    assert ("date-moved", "applicant") in {(k, r) for _, k, r in await office.letters(number)}
    assert stands(office.settings.register_url, number, entry).facts["on"] == str(right)

    tomorrow, before = office.today + timedelta(days=1), came - timedelta(days=40)
    for wrong in (str(tomorrow), str(before), "last Monday"):
        with pytest.raises(ImproperAct):
            await corrects(office, number, entry, "on", wrong)
    await corrects(office, number, entry, "on", str(came))
    assert office.shows(number).state.due_on == due_on


async def test_a_day_of_receipt_lies_before_what_followed_and_stays_in_its_limit(office):
    number, late = await office.submits(), await office.submits()
    for each in (number, late):
        await office.performs(each, DeclaredIncomplete, missing=("Annex II",))
    await office.days_pass(3)
    entries = {each: (await office.performs(each, CompletionReceived)).entry for each in (number, late)}
    await office.performs(number, DeclaredAdmissible)
    admissible_on, until = office.today, stands(office.settings.register_url, late, entries[late]).until
    assert until > office.today
    await office.waits_until(until + timedelta(days=10))
    for each, last in ((number, admissible_on), (late, until)):
        for days in (1, 5):
            with pytest.raises(ImproperAct, match=f"came by {last}"):
                await corrects(office, each, entries[each], "on", str(last + timedelta(days=days)))
    await corrects(office, late, entries[late], "on", str(until))


async def test_only_the_record_of_that_very_act_is_put_right(office):
    async def heard(*days: int) -> tuple[str, int]:
        number = await office.submits()
        await office.performs(number, DeclaredAdmissible)
        await office.performs(number, ContributionFixed, cents=5, source="the accounts")
        await office.performs(number, InvoicePaid, cents=5)
        said = {"view": "favourable", "text": "Wel."}
        entry = (await office.performs(number, OpinionGiven, body="ethics_committee", **said)).entry
        for day in days:
            await office.days_pass(day)
        await office.performs(number, OpinionGiven, body="commission", **said)
        return number, entry

    number, entry = await heard(1)
    await corrects(office, number, entry, "text", "Well.")
    opinions = carried(office.settings.register_url, number).opinions
    assert {one.body: one.text for one in opinions} == {"ethics_committee": "Well.", "commission": "Wel."}
    number, entry = await heard()
    with pytest.raises(ImproperAct, match="that say the same, and cannot tell"):
        await corrects(office, number, entry, "text", "Well.")


async def test_answers_came_on_another_day_and_no_limit_moves_by_that(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    asks = {"body": "commission", "questions": ("How is it destroyed?",), "days": 10}
    await office.performs(number, QuestionsRaised, **asks)
    asked_on = office.today
    await office.days_pass(4)
    entry = (await office.performs(number, AnswersReceived)).entry
    clocks = office.shows(number).entries[-1].clocks
    await corrects(office, number, entry, "on", str(office.today - timedelta(days=2)))
    kept = carried(office.settings.register_url, number)
    assert [inquiry.answered_on for inquiry in kept.inquiries] == [office.today - timedelta(days=2)]
    assert office.shows(number).entries[-1].clocks == clocks
    with pytest.raises(ImproperAct, match=f"what was asked on {asked_on}"):
        await corrects(office, number, entry, "on", str(asked_on - timedelta(days=1)))


async def test_a_day_that_a_dossier_was_counted_from_is_counted_from_no_more_in_its_programme(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("A form.",))
    entry = (await office.performs(number, CompletionReceived)).entry
    await authorised(office, number=number)
    acts = [line.act for line in office.shows(number).entries]
    with pytest.raises(ImproperAct, match=f"The day of entry {entry} of {number} is counted from no more"):
        await corrects(office, number, entry, "on", str(office.today - timedelta(days=1)))
    assert [line.act for line in office.shows(number).entries] == acts


async def test_what_is_no_slip_of_the_pen_is_refused_with_what_to_do_instead(office):
    number = await authorised(office)
    acts = [line.act for line in office.shows(number).entries]

    def entry_of(act: type) -> int:
        return acts.index(act.__name__) + 1

    for entry, fact, says, possible in (
        (1, "on", "nobody|day, a letter or a package", f"show {number}"),
        (entry_of(InvoicePaid), "cents", "money that is booked", f"credit-invoice {number}"),
        (entry_of(DeclaredAdmissible), "on", "there is an act for it", f"correct-admissibility {number}"),
        (entry_of(DeclaredAdmissible), "heard_as", "what can be: decided_by, capacity", None),
        (999, "grounds", "has no entry 999", f"show {number}"),
    ):
        with pytest.raises(ImproperAct, match=says) as refused:
            await corrects(office, number, entry, fact, "2026-11-27")
        assert possible is None or possible in refused.value.possible
    assert [line.act for line in office.shows(number).entries] == acts


async def test_a_case_that_has_ended_is_corrected_too(office):
    number = await office.submits()
    said = {"unmet": "reasons", "grounds": "Not for this gruop."}
    entry = (await office.performs(number, DeclaredInadmissible, **said)).entry
    receipt = await corrects(office, number, entry, "grounds", "Not for this group.")
    (letter,) = told(office.settings.register_url, number, receipt.entry)[0].letters
    assert (letter.kind.value, letter.facts["grounds"]) == ("inadmissible", "Not for this group.")
    found = office.shows(number)
    assert (found.state.phase, found.state.ended) == ("inadmissible", True)
    assert found.entries[-1].act == "Corrected"
