"""What a person sees who opens a case in the Temporal UI, and what becomes of an update that is no act."""

from __future__ import annotations

import asyncio
import json

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowUpdateFailedError

from models.acts import EVERY_ACT, ContributionFixed, DeclaredAdmissible, DeclaredIncomplete, NoticeBounced
from models.receipts import Receipt
from tests.stories.steps import authorised, until_act
from workflows import search


async def seen(office, number: str) -> WorkflowMetadata:
    """What the UI asks of a case to show its page."""
    return await office.handle(number).query("__temporal_workflow_metadata", result_type=WorkflowMetadata)


async def details(office, number: str) -> str:
    return (await seen(office, number)).current_details


async def until_said(office, number: str, text: str) -> None:
    """Waits for what the page says once the entry stands in the register."""
    for _ in range(6000):
        if text in (said := await details(office, number)):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text} is not in {said}")


async def events(office, number: str, kind: str):
    history = (await office.handle(number).fetch_history()).events
    return [event for event in history if EventType.Name(event.event_type) == f"EVENT_TYPE_{kind}"]


async def test_the_page_of_a_dossier_says_what_it_is_about_what_falls_due_and_what_is_possible(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    receipt = await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    subject, stands, possible = (await details(office, number)).split("\n\n")
    assert subject == "**Voorbeeldra** (voorbeeldinib), Exemplar Pharma"
    phase, *due = stands.split("\n")
    assert phase == "Opinion. Falls due:"
    first = [f"- {one.said()}" for one in receipt.falls_due]
    assert due[: len(first)] == first
    assert any(line.startswith("- decision, by the desk, until 2") for line in due)
    assert possible == f"Possible: {', '.join(receipt.possible)}."


async def test_the_page_says_what_stands_still(office):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredIncomplete, missing=("The protocol",))
    notice = f"{number}/{receipt.entry}/incomplete/applicant"
    said = {"notice": notice, "letter": "incomplete", "role": "applicant", "entry": receipt.entry}
    await office.postman_rests()
    await office.performs(number, NoticeBounced, **said)
    assert "- completion of the dossier, by the applicant, stands still (read)" in await details(
        office, number
    )


async def test_the_page_of_a_programme_says_its_number_and_its_list_in_every_run(office):
    number = await authorised(office, {"due_on": f"{office.today.year + 1}-06-30", "text": "Report."})
    subject, stands, _ = (await details(office, number)).split("\n\n")
    assert subject.endswith(f", Exemplar Pharma: programme {number}, on the list *authorised*")
    assert "- condition 1, by the applicant, until" in stands
    assert "- list of suspected serious adverse reactions, by the applicant, until" in stands


async def test_signs_in_a_name_mark_nothing_on_the_page(office):
    from tests.stories.desk import PRODUCT

    number = await office.submits(product=PRODUCT.model_copy(update={"trade_name": "[Buy](http://x) *now*"}))
    await until_said(office, number, "Possible")
    assert (await details(office, number)).startswith(r"**\[Buy\](http://x) \*now\*** (")


async def test_every_act_is_an_update_named_after_its_command_and_described(office):
    number = await office.submits()
    known = {
        update.name: update.description
        for update in (await seen(office, number)).definition.update_definitions
    }
    assert known.keys() == {act.command for act in EVERY_ACT} | {""}
    assert all(known.values())
    await office.performs(number, DeclaredAdmissible)
    (accepted,) = await events(office, number, "WORKFLOW_EXECUTION_UPDATE_ACCEPTED")
    request = accepted.workflow_execution_update_accepted_event_attributes.accepted_request
    assert request.input.name == "declare-admissible"


async def test_an_update_that_is_no_act_is_refused_with_what_is_possible_and_changes_nothing(office):
    number = await office.submits()
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await office.handle(number).execute_update("declare-victory", {"by": "Ann"}, result_type=Receipt)
    cause = refused.value.cause
    assert cause.type == "UntimelyAct"
    assert cause.message.startswith(
        f"declare-victory is not possible in {number}: its phase is admissibility."
    )
    assert "declare-admissible" in str(cause.details[0])
    assert not await events(office, number, "WORKFLOW_EXECUTION_UPDATE_ACCEPTED")


async def test_what_a_person_should_see_is_told_in_words(office):
    number = await office.submits()
    await office.handle(number).cancel()
    await until_act(office, number, "CancellationRequested")
    await until_said(office, number, f". cancellation requested on {office.today}. Falls due:")


async def test_an_act_under_the_name_of_another_changes_nothing(office):
    number = await office.submits()
    act = DeclaredAdmissible(by="Ann", request_id="request-of-another-name")
    with pytest.raises(WorkflowUpdateFailedError):
        await office.handle(number).execute_update("withdraw", act, result_type=Receipt)
    assert office.acts(number) == ["Received"]


async def test_timers_and_entries_say_what_they_are_for(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    timers = [json.loads(e.user_metadata.summary.data) for e in await events(office, number, "TIMER_STARTED")]
    assert any(said.endswith(" is missed") for said in timers), timers  # the European agency, told at once
    other = await office.submits(procedure="MNP")
    await office.performs(other, DeclaredAdmissible)
    timers = [json.loads(e.user_metadata.summary.data) for e in await events(office, other, "TIMER_STARTED")]
    assert any(": warning before notice of the decision on admissibility" in said for said in timers), timers
    entries = await events(office, number, "MARKER_RECORDED")
    said = [json.loads(e.user_metadata.summary.data) for e in entries if e.user_metadata.HasField("summary")]
    entered = [one.partition(",")[0] for one in said if one.startswith("entry ")]
    assert entered[0] == "entry 1: Received"
    assert "entry 2: DeclaredAdmissible" in entered


async def test_the_timer_of_a_programme_says_what_its_day_brings(office):
    number = await authorised(office)
    assert "Possible: marketing-application" in await details(office, number)  # its run has come to rest
    timers = [json.loads(e.user_metadata.summary.data) for e in await events(office, number, "TIMER_STARTED")]
    assert timers[-1].endswith(": list of suspected serious adverse reactions reminded")


async def test_the_day_that_counts_is_a_civil_day_that_no_time_zone_moves(office):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredAdmissible)
    described = await office.handle(number).describe()
    assert described.typed_search_attributes[search.DUE_ON] == str(receipt.due_on)
