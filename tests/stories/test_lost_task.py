"""An act stands in the register, and its task was lost before Temporal knew of it: the case goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.register import RegisterEntries
from models.acts import (
    Act,
    Assigned,
    CompletionReceived,
    ContributionFixed,
    DeclaredAdmissible,
    DeclaredIncomplete,
)
from models.entry import Entry
from models.errors import UntimelyAct
from models.notes import RegisterAhead
from office.desk.rehearsing import Stage
from office.desk.sending import made_of
from office.letters.postman import wake
from register.carried import carried
from tests.stories.desk import Office
from tests.stories.steps import until_act

pytestmark = pytest.mark.server

FIXED = {"cents": 1_928_461, "source": "the accounts"}


async def entered_and_lost(
    office: Office, number: str, act: type[Act], request_id: str, **said: Any
) -> Entry:
    """What stands of an act after its task has entered it, and before the task has ended."""
    now = await office.environment.get_current_time()
    made = made_of(act, {"by": "Ann", **office.signed(number, act, said)}, request_id)
    rehearsed = await Stage(office.settings, now).rehearse(number, made)
    in_envelope = (await office.signs("Ann"))(number, made).kept(made)
    some_time_ago = datetime.now(UTC) - timedelta(minutes=5)
    entry = rehearsed.entry.model_copy(update={"envelope": in_envelope, "recorded_at": some_time_ago})
    await asyncio.to_thread(RegisterEntries(office.settings.register_url).enter, entry)
    return entry


async def test_an_act_that_is_sent_again_stands_once_and_has_its_receipt(office):
    number = await office.submits()
    lost = await entered_and_lost(office, number, DeclaredAdmissible, "lost-once")
    assert await office.performs(number, DeclaredAdmissible, "lost-once") == lost.receipt
    assert (await office.performs(number, ContributionFixed, **FIXED)).act == "ContributionFixed"
    typed = [line.act for line in office.shows(number).entries if line.request_id]
    assert typed == ["DeclaredAdmissible", "ContributionFixed"]
    assert "Reopened" not in office.acts(number)


async def test_a_letter_of_it_that_left_is_heard_by_a_case_that_did_not_know_its_entry(office):
    number = await office.submits()
    await entered_and_lost(office, number, DeclaredIncomplete, "lost-once", missing=["Annex IV"])
    await wake(office.client, office.settings)
    await until_act(office, number, "Reopened")
    assert office.acts(number)[:3] == ["Received", "DeclaredIncomplete", "Reopened"]
    assert (await office.performs(number, CompletionReceived)).act == "CompletionReceived"
    left = [(one.letter, one.entry) for one in carried(office.settings.register_url, number).docket.left]
    assert ("incomplete", 2) in left
    assert [line.letter for line in office.shows(number).documents].count("incomplete") == 1


async def test_another_act_that_comes_first_is_refused_with_what_stands_and_possible_then(office):
    number = await office.submits()
    await entered_and_lost(office, number, DeclaredAdmissible, "lost-once")
    with pytest.raises(UntimelyAct, match="entry 2 of the register stands"):
        await office.performs(number, DeclaredIncomplete, missing=["Annex IV"])
    await until_act(office, number, "Reopened")
    assert (await office.performs(number, ContributionFixed, **FIXED)).act == "ContributionFixed"
    assert (
        await office.performs(number, DeclaredAdmissible, "lost-once")
    ).entry == 2  # its own receipt, still


async def test_a_case_that_is_told_that_the_register_is_ahead_goes_on_from_there_and_no_other_one_does(
    office,
):
    number, other = await office.submits(), await office.submits()
    for each in (number, other):
        await office.performs(each, DeclaredAdmissible)
    await entered_and_lost(office, number, Assigned, "lost-once", officer="Bob")  # it tells no letter
    for each in (number, other):
        entries = office.shows(each).state.entry
        await office.tells(each, RegisterAhead(dossier=each, on=office.today, entry=max(entries, 7)))
    await until_act(office, number, "Reopened")
    assert office.acts(number)[-2:] == ["Assigned", "Reopened"]
    for each in (number, other):
        assert (await office.performs(each, ContributionFixed, **FIXED)).act == "ContributionFixed"
    assert "Reopened" not in office.acts(other)
