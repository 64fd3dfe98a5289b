"""What a case is told is heard, at every change of its run and in the moment of its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from models.acts import (
    CancellationDismissed,
    Closed,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    InvoiceCredited,
    InvoicePaid,
    OpinionGiven,
    PublicationRecorded,
)
from models.envelope import MEMO
from models.notes import DossierEnded, DossierFiled, LetterLeft, LetterRefused
from office.service.payloads import CONVERTER
from office.settings import Settings
from procedures.be_umn.words import Kind, Role
from register.database import migrate
from tests.conftest import binary
from tests.stories.desk import Office, signs_note
from tests.stories.steps import END, authorised
from worker import postman_of, worker_of
from workflows import search


class Working:
    """An office on a real server, whose worker can be stopped and started."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._worker = AsyncExitStack()

    async def starts(self) -> None:
        threads = self._worker.enter_context(ThreadPoolExecutor(10))
        for part in (worker_of, postman_of):
            await self._worker.enter_async_context(part(self.office.client, self.office.settings, threads))

    async def stops(self) -> None:
        await self._worker.aclose()
        self._worker = AsyncExitStack()


@pytest.fixture(scope="module")
async def working(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Working]:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=binary("temporal"),
        data_converter=CONVERTER,
        search_attributes=search.ALL,
    ) as environment:
        var: Path = tmp_path_factory.mktemp("notes")
        settings = Settings(var=var)
        migrate(settings.register_url)
        made = Working(Office(environment, settings))
        await made.starts()
        yield made
        await made.stops()


async def shown(office: Office, number: str, phase: str) -> None:
    """Waits until the register says so, as whoever files next sees it."""
    while office.shows(number).state.phase != phase:
        await asyncio.sleep(0.005)


async def heard(office: Office, number: str, act: str) -> list[str]:
    """By whom such an entry was brought about, once there is one."""
    for _ in range(6000):
        if by := [line.by for line in office.shows(number).entries if line.act == act]:
            return by
        await asyncio.sleep(0.05)
    raise AssertionError(f"{act} is not among {office.acts(number)}")


@pytest.mark.parametrize("nth", range(8))
async def test_a_note_in_the_moment_in_which_a_dossier_becomes_a_programme_is_heard(working, nth):
    """Of five such notes five were lost while only a programme could hear them."""
    office = working.office
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    deciding = asyncio.create_task(office.performs(number, Decided, outcome="authorised", grounds="g"))
    await shown(office, number, "set_up")
    filing = asyncio.create_task(office.submits(Kind.MODIFICATION, "CUP", number))
    if nth % 3 == 2:  # the worker goes in between, and comes back
        await working.stops()
        await working.starts()
    dossier = await filing
    assert (await deciding).phase == "set_up"
    assert await heard(office, number, "DossierFiled") == [dossier]


@pytest.mark.parametrize("phase", ["authorised", "closed"])
async def test_a_closing_programme_enters_what_it_is_told_or_is_no_longer_there(working, phase):
    office = working.office
    number = await authorised(office, procedure="MNP")
    handle = office.handle(number)
    note = DossierFiled(dossier=f"{number}/modification-2027", on=office.today, kind="modification")
    closing = asyncio.create_task(office.performs(number, Closed, **END))
    await shown(office, number, phase)
    try:
        await office.tells(number, note)
        taken = True
    except RPCError:  # its dossier is told so, and its decision is without object
        taken = False
    await closing
    await office.performs(number, PublicationRecorded)
    await handle.result()
    assert ("DossierFiled" in office.acts(number)) is taken


async def test_a_note_of_a_stranger_is_not_entered_and_one_that_cannot_be_read_breaks_nothing(working):
    office = working.office
    number = await authorised(office)
    handle, on = office.handle(number), date(2027, 1, 1)
    entries = office.shows(number).state.entry
    for dossier in ("q", number, f"{number}/", "CUP-2099-001/modification-2027"):
        await office.tells(number, DossierFiled(dossier=dossier, on=on, kind="modification"))
    never_filed = f"{number}/modification-never-filed"
    await office.tells(
        number,
        DossierEnded(dossier=never_filed, on=on, kind="modification", outcome="closed", effective_on=on),
    )
    for unreadable in ({"x": 1}, "abc", None, [], {"note": "DossierFiled"}):
        await handle.signal("take_note", unreadable)
    await handle.signal("no_such_signal", "x")
    receipt = await office.performs(number, Closed, **END)
    assert (receipt.phase, receipt.entry) == ("closed", entries + 1)
    assert not {"DossierFiled", "DossierEnded"} & set(office.acts(number))


async def what_became(office: Office, number: str, letter: str) -> dict:
    """What the postman would tell of a letter to the applicant."""
    told = next(e for e, kind, role in await office.letters(number) if (kind, role) == (letter, "applicant"))
    return {
        "request_id": f"letter-{letter}",
        "dossier": number,
        "notice": f"{number}/{told}/{letter}/applicant",
        "letter": letter,
        "role": Role.APPLICANT,
        "entry": told,
        "by": "Ann",
    }


async def test_a_letter_that_nobody_wrote_or_that_leaves_tomorrow_moves_no_day(working):
    office = working.office
    number = await office.submits()
    asked = await office.performs(number, DeclaredIncomplete, missing=("The protocol",))
    true = await what_became(office, number, "incomplete")
    tomorrow = office.today + timedelta(days=1)
    untrue = [
        LetterLeft(**true, on=tomorrow, channel="registered"),
        LetterRefused(**true | {"notice": f"{number}/9/incomplete/applicant", "entry": 9}, on=office.today),
        LetterRefused(**true | {"notice": f"{number}/{asked.entry}/decision/applicant"}, on=office.today),
    ]
    for note in untrue:
        await office.tells(number, note)
    receipt = await office.performs(number, CompletionReceived)
    assert receipt.entry == asked.entry + 1
    assert not {"LetterLeft", "LetterRefused"} & set(office.acts(number))


async def test_an_account_hears_of_a_letter_also_before_it_has_read_what_the_case_told(working):
    office = working.office
    number = await office.submits()
    await office.performs(number, DeclaredInadmissible, unmet="reasons", grounds="g")
    await office.handle(number).result()
    note = LetterRefused(**await what_became(office, number, "inadmissible"), on=office.today)
    opens = InvoiceCredited(by="Ann", request_id="opens-the-account", cents=1, reason="r")
    await office.client.start_workflow(
        "Account",
        number,
        memo={MEMO: (await office.signs("Ann"))(number, opens).kept(opens)},
        id=f"{number}/account",
        task_queue=office.settings.task_queue,
        start_signal="take_note",
        start_signal_args=[note, signs_note(office.settings, number, note)],
    )
    assert await heard(office, number, "LetterRefused") == ["Ann"]


async def test_a_request_in_the_moment_of_the_end_is_entered_and_changes_nothing(working):
    office = working.office
    number = await office.submits()
    await asyncio.gather(
        office.performs(number, DeclaredInadmissible, unmet="reasons", grounds="g"),
        office.handle(number).cancel(),
    )
    await office.handle(number).result()
    found = office.shows(number)
    assert (found.state.phase, found.state.ended, found.state.flags) == ("inadmissible", True, ())
    assert "DeclaredInadmissible" in office.acts(number)


async def test_a_request_to_cancel_stays_before_a_person_across_the_change_to_a_programme(working):
    """The time-skipping server cannot carry a cancelled run over; a real one can."""
    office = working.office
    number = await office.submits()
    await office.handle(number).cancel()
    assert await heard(office, number, "CancellationRequested") == ["the procedure"]
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    assert office.shows(number).state.flags == (f"cancellation-requested:{office.today}",)
    receipt = await office.performs(number, CancellationDismissed, grounds="Pressed by mistake.")
    assert (receipt.phase, office.shows(number).state.flags) == ("set_up", ())
    await office.handle(number).cancel()  # its programme is another run
    while len(await heard(office, number, "CancellationRequested")) < 2:
        await asyncio.sleep(0.02)
    assert (await office.performs(number, Closed, **END)).phase == "closed"
