"""A case that Temporal has lost, or that is beside the register, goes on from the register's last entry."""

from __future__ import annotations

import asyncio
import os

import pytest
from temporalio.client import WorkflowExecutionStatus

from models.acts import (
    Closed,
    DeclaredAdmissible,
    InvoicePaid,
    PaymentReversed,
    PublicationRecorded,
    Withdrawn,
)
from models.errors import InputRefused, NotFound, UntimelyAct
from office.service.reopening import reopen
from register.carried import carried
from tests.stories.desk import Office
from tests.stories.steps import END, authorised
from workflows.search import KIND, PHASE

GROUNDS = "It was ended by a slip of the hand."


async def reopened(office: Office, number: str, grounds: str = GROUNDS, by: str = "Ann"):
    """What `umn reopen` does. Returns: the receipt."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEMPORAL_ADDRESS", office.client.service_client.config.target_host)
        patch.setenv("TEMPORAL_NAMESPACE", office.client.namespace)
        patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
        return await reopen(office.settings, number, grounds, by, office.today)


async def test_a_terminated_dossier_goes_on_where_it_stood_and_the_desk_is_told_why(office):
    number = await office.submits()
    await office.letters(number)
    await office.handle(number).terminate("a slip of the hand")
    receipt = await reopened(office, number)
    assert (receipt.entry, receipt.act, receipt.phase) == (2, "Reopened", "admissibility")
    line = office.shows(number).entries[-1]
    assert (line.by, line.facts) == ("Ann", {"entries": 1, "grounds": GROUNDS})
    assert (2, "reopened", "desk") in await office.letters(number)

    assert await reopened(office, number) == receipt  # typed again: one run, one entry
    with pytest.raises(UntimelyAct, match="there is nothing to reopen"):
        await reopened(office, number, "Other grounds.")
    assert (await office.performs(number, DeclaredAdmissible)).entry == 3
    found = (await office.handle(number).describe()).typed_search_attributes
    assert (found[PHASE], found[KIND]) == ("opinion", "application")

    await office.handle(number).terminate()
    assert (await reopened(office, number)).entry > 3  # lost once more: the same words are a new act


async def test_what_cannot_be_reopened_says_why(office):
    with pytest.raises(NotFound):
        await reopened(office, "CUP-2020-777")
    number = await office.submits()
    with pytest.raises(InputRefused, match="--grounds"):
        await reopened(office, number, "g" * 4_001)
    await office.performs(number, Withdrawn, grounds="g")
    assert await office.handle(number).result() == "withdrawn"
    with pytest.raises(UntimelyAct, match="has ended"):
        await reopened(office, number)


async def test_a_case_that_knows_more_than_the_register_is_held_up_until_it_is_reopened(office):
    number = await office.submits()
    ahead = carried(office.settings.register_url, number)
    ahead.docket.entries += 1
    await office.handle(number).terminate()
    held = await office.client.start_workflow(
        "Dossier", ahead.written(), id=number, task_queue=office.settings.task_queue
    )
    waits = asyncio.create_task(office.performs(number, DeclaredAdmissible))
    for _ in range(600):
        if (await held.describe()).raw_description.pending_activities:
            break
        await asyncio.sleep(0.05)
    while True:
        try:
            receipt = await reopened(office, number)
            break
        except UntimelyAct:  # its activity has not failed yet
            await asyncio.sleep(0.1)
    assert receipt.entry == 2
    ended = await office.client.get_workflow_handle(number, run_id=held.result_run_id).describe()
    assert ended.status is WorkflowExecutionStatus.TERMINATED
    assert (await waits).entry == 3  # the act that waited is taken up by the new run
    assert office.acts(number) == ["Received", "Reopened", "DeclaredAdmissible"]


async def test_the_account_of_an_ended_case_is_reopened(office):
    number = await authorised(office, procedure="MNP")
    await office.performs(number, Closed, **END)
    await office.performs(number, PublicationRecorded)
    await office.performs(number, PaymentReversed, cents=5, movement="M-1")
    await office.client.get_workflow_handle(f"{number}/account").terminate()
    receipt = await reopened(office, number)
    assert (receipt.act, set(receipt.possible)) == ("Reopened", {"book-payment"})
    assert await reopened(office, number) == receipt
    await office.performs(number, InvoicePaid, cents=5)
    await office.client.get_workflow_handle(f"{number}/account").result()
