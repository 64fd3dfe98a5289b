"""*Request Cancellation* of Temporal ends nothing: it is entered as a request, and a person looks at it."""

from __future__ import annotations

import asyncio

import pytest

from models.acts import (
    AnswersReceived,
    CancellationDismissed,
    Closed,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    InvoicePaid,
    OpinionGiven,
    PaymentReversed,
    PublicationRecorded,
    QuestionsRaised,
)
from models.errors import UntimelyAct
from tests.stories.steps import END, authorised, until_act


async def cancelled(office, number: str) -> None:
    """Somebody presses the button, and the request is in the register."""
    entry = office.shows(number).state.entry
    await office.handle(number).cancel()
    await office.is_written(number, entry + 1)
    last = office.shows(number).entries[-1]
    assert (last.act, last.by) == ("CancellationRequested", "the procedure")


async def test_a_dossier_goes_on_to_its_decision_whenever_it_is_cancelled(office):
    number = await office.submits()
    await cancelled(office, number)
    found = office.shows(number)
    assert found.state.phase == "admissibility"
    assert found.state.flags == (f"cancellation-requested:{office.today}",)
    assert "dismiss-cancellation" in found.state.possible
    assert found.entries[-1].clocks[-1]["ref"] == "cancellation-2"
    receipt = await office.performs(number, CancellationDismissed, grounds="Pressed by mistake.")
    assert "dismiss-cancellation" not in receipt.possible
    assert office.shows(number).state.flags == ()
    await office.handle(number).cancel()  # once more in the same run: Temporal remembers the first
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    await office.performs(number, QuestionsRaised, body="commission", days=10, questions=("Why?",))
    await office.performs(number, AnswersReceived)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="refused", grounds="g")
    assert await office.handle(number).result() == "refused"


async def test_a_programme_goes_on_and_its_end_leaves_nothing_to_look_at(office):
    number = await office.imports(await office.looks_at_the_calendar())
    await cancelled(office, number)
    assert (await office.performs(number, Closed, **END)).phase == "closed"
    await office.performs(number, PublicationRecorded)
    assert await office.handle(number).result() == "closed"
    assert office.shows(number).state.flags == ()


async def test_a_cancellation_while_an_entry_is_being_written_loses_neither(office):
    number = await office.submits()
    acting = asyncio.create_task(office.performs(number, DeclaredAdmissible))
    while (await office.handle(number).describe()).raw_description.pending_activities == ():
        if acting.done():
            break
    await office.handle(number).cancel()
    receipt = await acting
    assert receipt.act == "DeclaredAdmissible"
    await until_act(office, number, "CancellationRequested")
    assert sorted(office.acts(number)) == ["CancellationRequested", "DeclaredAdmissible", "Received"]


async def test_nothing_is_dismissed_that_nobody_requested(office):
    number = await office.submits()
    with pytest.raises(UntimelyAct):
        await office.performs(number, CancellationDismissed, grounds="g")


async def test_the_account_of_an_ended_case_goes_on(office):
    number = await authorised(office, procedure="MNP")
    await office.performs(number, Closed, **END)
    await office.performs(number, PublicationRecorded)
    await office.performs(number, PaymentReversed, cents=5, movement="M-1")
    account = office.client.get_workflow_handle(f"{number}/account")
    entry = office.shows(number).state.entry
    await account.cancel()
    await office.is_written(number, entry + 1)
    found = office.shows(number)
    assert found.entries[-1].act == "CancellationRequested"
    assert set(found.state.possible) == {"book-payment", "dismiss-cancellation"}
    await office.performs(number, InvoicePaid, cents=5)
    await account.result()
    assert office.shows(number).state.flags == ()
