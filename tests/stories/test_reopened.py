"""A case that Temporal has lost, or that is beside the register, goes on from the register's last entry."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.accounts import EndedCases
from activities.register import RegisterEntries
from models.acts import (
    Closed,
    ClosedToNewPatients,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    PaymentReversed,
    PublicationRecorded,
    Withdrawn,
)
from models.dossier import Dossier
from models.entry import Entry
from models.errors import InputRefused, NotFound, UntimelyAct
from models.notes import TELLS, DossierFiled, Note, Reopened
from models.programme import Programme
from office.service.asking import describe
from office.service.hearing import held_up
from office.service.reopening import reopen
from procedures.be_umn.words import Kind
from register.carried import carried
from tests.stories.desk import Office, signs_note
from tests.stories.steps import END, authorised, until_act
from tests.stories.test_held_up import until_hindered
from tests.stories.test_temporal_ui import details
from workflows.search import KIND, PHASE, of_case

GROUNDS = "It was ended by a slip of the hand."


@pytest.fixture(autouse=True)
def there(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the shell of whoever types it."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", office.client.service_client.config.target_host)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", office.client.namespace)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)


async def reopened(office: Office, number: str, grounds: str = GROUNDS, by: str = "Ann"):
    """What `umn reopen` does. Returns: the receipt."""
    return await reopen(office.settings, number, grounds, by, office.today, await office.signs(by))


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


async def test_of_two_who_reopen_a_case_at_once_one_does_and_the_other_one_is_told(office):
    number = await office.submits()
    await office.handle(number).terminate()
    at_once = (reopened(office, number, by=by) for by in ("Ann", "Bob"))
    told = await asyncio.gather(*at_once, return_exceptions=True)
    (refused,) = (one for one in told if isinstance(one, UntimelyAct))
    (receipt,) = (one for one in told if one is not refused)
    assert receipt.act == "Reopened"
    assert "nothing to reopen" in str(refused) or "by another person" in str(refused)
    assert [line.act for line in office.shows(number).entries] == ["Received", "Reopened"]


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
    queue, memo = office.settings.task_queue, await office.begun(ahead)
    held = await office.client.start_workflow(
        "Dossier", ahead.written(), id=number, task_queue=queue, memo=memo
    )
    waits = asyncio.create_task(office.performs(number, DeclaredAdmissible))
    for _ in range(600):
        look = await describe(office.client, number)
        if (told := held_up(number, look)).possible:
            break
        await asyncio.sleep(0.05)  # its activity has not failed yet
    assert told.possible == (f"reopen {number}",)
    receipt = await reopened(office, number)
    assert receipt.entry == 2
    ended = await office.client.get_workflow_handle(number, run_id=held.result_run_id).describe()
    assert ended.status is WorkflowExecutionStatus.TERMINATED
    assert (await waits).entry == 3  # the act that waited is taken up by the new run
    assert office.acts(number) == ["Received", "Reopened", "DeclaredAdmissible"]


async def test_a_decision_waits_for_a_programme_that_temporal_lost_and_is_not_without_object(office):
    number = await authorised(office, procedure="MNP")
    await office.handle(number).terminate("a slip of the hand")
    dossier = await office.submits(Kind.LIST, "MNP", number)  # its programme cannot hear of it
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=9)
    decided = asyncio.create_task(office.performs(dossier, Decided, outcome="noted", grounds="g"))
    await until_hindered(office, dossier, True)
    assert f"Temporal does not run {number}" in await details(office, dossier)
    await reopened(office, number)
    assert (await decided).phase == "noted"
    await until_act(office, number, "DossierEnded")
    assert [act for act in office.acts(number) if act.startswith("Dossier")] == [
        "DossierFiled",
        "DossierEnded",
    ]
    await until_hindered(office, dossier, False)


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


# Set back: by an older copy of what the case carries, as an older memory of Temporal holds it.


async def set_back(office: Office, number: str, old: Dossier | Programme, note: Note | None = None) -> None:
    """Temporal holds the case as it was at an earlier moment; the register does not.

    `note` is told to the case before any worker has looked at it.
    """
    if not office.shows(number).state.ended:
        await office.handle(number).terminate("the server is restored from its copy")
    await office.client.start_workflow(
        "Programme" if isinstance(old, Programme) else "Dossier",
        old.written(),
        id=number,
        task_queue=office.settings.task_queue,
        memo=await office.begun(old),
        search_attributes=of_case(old),
        start_signal=TELLS if note else None,
        start_signal_args=[note, signs_note(office.settings, number, note)] if note else [],
    )


async def test_an_act_that_is_done_again_on_a_case_that_was_set_back_stands_and_the_case_catches_up(office):
    number = await office.submits()
    old = carried(office.settings.register_url, number)
    first = await office.performs(number, DeclaredAdmissible)
    last = office.shows(number).state.entry
    await set_back(office, number, old)
    again = await office.performs(number, DeclaredAdmissible)
    assert (again.entry, again.act) == (first.entry, "DeclaredAdmissible")
    found = await office.is_written(number, last + 1)
    line = found.entries[-1]
    assert (line.act, line.by, line.facts) == ("Reopened", "the procedure", {"entries": last})
    paid = await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    assert paid.entry == last + 2
    assert paid.invoice
    sent = await office.letters(number)
    assert len(sent) == len(set(sent))
    assert (last + 1, "reopened", "desk") in sent


async def test_another_act_on_a_case_that_was_set_back_is_refused_with_what_stands(office):
    number = await office.submits()
    old = carried(office.settings.register_url, number)
    await office.performs(number, DeclaredAdmissible)
    last = office.shows(number).state.entry
    await set_back(office, number, old)
    with pytest.raises(
        UntimelyAct, match=r"entry 2 of the register stands already: declared adm.*, by Ann"
    ) as told:
        await office.performs(number, DeclaredIncomplete, missing=("A form.",), by="Bob")
    assert told.value.possible == (f"show {number}", f"declare-incomplete {number}")
    found = await office.is_written(number, last + 1)
    assert found.entries[-1].facts == {"entries": last, "refused": "DeclaredIncomplete"}
    attributes = (await office.handle(number).describe()).typed_search_attributes
    assert attributes[PHASE] == "opinion"
    assert (await office.performs(number, Withdrawn, grounds="g")).entry == last + 2


async def test_a_reopening_that_stands_is_not_entered_again_by_a_case_that_was_set_back_to_it(office):
    number = await office.submits()
    old = carried(office.settings.register_url, number)
    await office.handle(number).terminate()
    await reopened(office, number, by="Bob")
    await office.performs(number, DeclaredIncomplete, missing=("A form.",))
    await office.postman_rests()
    last = office.shows(number).state.entry
    old.docket.told.append(Reopened(on=office.today, entries=1, by="Bob", grounds=GROUNDS))
    await set_back(office, number, old)
    found = await office.is_written(number, last + 1)
    assert [line.by for line in found.entries if line.act == "Reopened"] == ["Bob", "the procedure"]
    await office.postman_rests()
    assert office.shows(number).state.entry == last + 1


async def test_an_act_that_a_case_refuses_since_it_was_set_back_is_refused_for_that(office):
    number = await office.submits()
    old = carried(office.settings.register_url, number)
    await office.performs(number, DeclaredIncomplete, missing=("A form.",))
    await set_back(office, number, old)
    with pytest.raises(UntimelyAct, match="does not know the last entries of the register") as told:
        await office.performs(number, CompletionReceived)
    assert told.value.possible[0] == f"reopen {number}"
    await reopened(office, number)
    assert (await office.performs(number, CompletionReceived)).phase == "admissibility"


async def test_what_a_case_that_was_set_back_is_told_is_entered_once_it_has_caught_up(office):
    number = await office.imports(await office.looks_at_the_calendar())
    old = carried(office.settings.register_url, number)
    await office.performs(number, ClosedToNewPatients, **END)
    await set_back(office, number, old)
    filed = DossierFiled(dossier=f"{number}/list-2099", on=office.today, kind="list", year=2099)
    await office.tells(number, filed)
    await until_act(office, number, "Reopened")
    assert office.acts(number) == ["Imported", "ClosedToNewPatients", "DossierFiled", "Reopened"]


async def test_what_a_case_is_told_before_it_has_begun_is_heard_and_it_is_still_what_was_signed(office):
    number = await office.imports(await office.looks_at_the_calendar())
    filed = DossierFiled(dossier=f"{number}/list-2099", on=office.today, kind="list", year=2099)
    await set_back(office, number, carried(office.settings.register_url, number), filed)
    await until_act(office, number, "DossierFiled")
    assert office.acts(number) == ["Imported", "DossierFiled"]


async def test_a_dossier_that_has_become_a_programme_since_goes_on_as_one(office):
    number = await office.submits(procedure="MNP")
    old = carried(office.settings.register_url, number)
    await authorised(office, procedure="MNP", number=number)
    last = office.shows(number).state.entry
    await set_back(office, number, old)
    with pytest.raises(UntimelyAct, match="had been set back"):
        await office.performs(number, DeclaredIncomplete, missing=("A form.",))
    found = await office.is_written(number, last + 1)
    assert (found.state.kind, found.entries[-1].act) == ("programme", "Reopened")
    assert (await office.performs(number, Closed, **END)).phase == "closed"
    attributes = (await office.handle(number).describe()).typed_search_attributes
    assert attributes[KIND] == "programme"


async def test_a_case_that_has_ended_and_was_set_back_ends_again_and_changes_nothing(office):
    number = await office.submits()
    old = carried(office.settings.register_url, number)
    await office.performs(number, Withdrawn, grounds="g")
    await office.handle(number).result()
    entries = office.acts(number)
    await set_back(office, number, old)
    with pytest.raises(UntimelyAct, match="the register holds it ended"):
        await office.performs(number, DeclaredAdmissible)
    for _ in range(200):
        found = await office.handle(number).describe()
        if found.status is WorkflowExecutionStatus.COMPLETED:
            break
        await asyncio.sleep(0.05)
    assert found.status is WorkflowExecutionStatus.COMPLETED
    assert office.acts(number) == entries


async def test_an_account_that_is_behind_the_register_reads_it_anew(office):
    number = await authorised(office, procedure="MNP")
    await office.performs(number, Closed, **END)
    await office.performs(number, PublicationRecorded)
    await office.performs(number, PaymentReversed, cents=5, movement="M-1")
    url = office.settings.register_url
    account = EndedCases(url).account_of(number)
    possible = ("book-payment",)
    beside = Entry(
        number=number,
        sequence=account.docket.entries + 1,
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        happened_on=office.today,
        act="FactRecorded",
        by="Bob",
        standing=account.standing.model_copy(update={"possible": possible}),
    )
    RegisterEntries(url).enter(beside)
    with pytest.raises(UntimelyAct, match="by Bob"):
        await office.performs(number, InvoicePaid, cents=5)
    await office.is_written(number, beside.sequence + 1)
    await office.performs(number, InvoicePaid, cents=5)
    await office.client.get_workflow_handle(f"{number}/account").result()
    assert office.acts(number)[-3:] == ["FactRecorded", "Reopened", "InvoicePaid"]
