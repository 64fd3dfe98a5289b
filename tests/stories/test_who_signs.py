"""An act past the command line is not heard; one that is, stands with the envelope in which it came."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RetryPolicy

from models.acts import (
    DeclaredAdmissible,
    DeclaredInadmissible,
    InvoiceCredited,
    SuspensionImposed,
    Withdrawn,
)
from models.envelope import MEMO, Envelope, digest_of
from models.errors import NotEmpowered
from models.notes import TELLS, DossierFiled, Reopened
from models.receipts import Receipt
from models.signing import Purpose, canonical, is_signed
from models.signs import THE_WORKER
from office.desk.envelopes import by_person, memo_of
from office.desk.sending import send
from office.service.case_by_case import told_otherwise
from office.service.written import told_by
from register.carried import carried
from register.keys import OFFICE, read
from register.keys import kept as a_key
from register.reading import document, questions
from tests.stories.desk import signs_as, signs_note
from tests.stories.steps import authorised, until_act

pytestmark = pytest.mark.server


def kept(office, question: str, *values: object) -> list[tuple]:
    with questions(office.settings.register_url) as ask:
        return ask(question, values)


def envelopes(office, number: str) -> list[Envelope]:
    rows = kept(office, "SELECT envelope FROM entry WHERE number = ? ORDER BY sequence", number)
    return [Envelope.model_validate(document(row[0])) for row in rows]


async def test_what_comes_past_the_command_line_is_refused_and_leaves_no_trace(office, tmp_path):
    number, other = await office.submits(), await office.submits()
    act = Withdrawn(by="Ann", request_id="past-the-desk")
    now = await office.environment.get_current_time()
    true = (await office.signs("Ann"))(number, act)
    elsewhere = replace(office.settings, var=tmp_path)
    a_key(elsewhere.keys / OFFICE)
    forged = {
        "without an envelope": [act],
        "for that": [act.model_copy(update={"by": "Bob"}), true],
        "another office": [act, signs_as(elsewhere, "Ann", now)(number, act)],
        "another case": [act, (await office.signs("Ann"))(other, act)],
        "too late": [act, signs_as(office.settings, "Ann", now - timedelta(hours=1))(number, act)],
        "what is no envelope": [act, {"certificate": "mine"}],
    }
    handle = office.handle(number)
    for what, args in forged.items():
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update("withdraw", args=args, result_type=Receipt)
        if what != "what is no envelope":
            assert refused.value.cause.type == "NotEmpowered", (what, refused.value.cause)
            assert f"withdraw is not heard in {number}" in refused.value.cause.message
    assert office.acts(number) == ["Received"]
    accepted = EventType.Value("EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED")
    assert accepted not in [event.event_type async for event in handle.fetch_history_events()]
    assert (await handle.execute_update("withdraw", args=[act, true], result_type=Receipt)).entry == 2


async def test_every_entry_stands_with_an_envelope_that_anybody_can_check(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    public = read(office.settings.keys / OFFICE).public
    opened, admitted, *others = envelopes(office, number)
    for one in (opened, admitted, *others):
        by = one.certificate
        assert is_signed(Purpose.CERTIFICATE, by.says, by.signature, public)
        assert is_signed(Purpose.ACT, one.says, one.signature, by.key)
        assert one.number == by.number == number
    assert (opened.certificate.person, opened.command) == ("Ann", "submit")
    assert (admitted.certificate.person, admitted.command) == ("Ann", "declare-admissible")
    for one, what in ((opened, "OfficeAct"), (admitted, "DeclaredAdmissible")):
        assert one.act is not None
        assert one.act[0] == what
        assert hashlib.sha256(canonical(one.act)).hexdigest() == one.digest  # what exactly was signed
    by_worker = next(one for one in others if one.certificate.person == THE_WORKER)
    said = "SELECT digest FROM entry WHERE number = ? AND sequence = ?"
    of_entry = int(by_worker.request_id.removeprefix("entry-"))
    assert kept(office, said, number, of_entry)[0] == (by_worker.digest,)


async def test_a_case_that_is_begun_past_the_command_line_ends_at_once_and_is_not_in_the_register(office):
    number = await office.submits()
    filed = carried(office.settings.register_url, number)
    filed.docket.entries = 0
    queue, true = office.settings.task_queue, await office.begun(filed)
    forged = {
        "CUP-2099-001": {},
        "CUP-2099-002": true,  # of another case
        "CUP-2099-003": await office.begun(filed.model_copy(update={"number": "CUP-2099-003", "year": 2027})),
        "CUP-2099-004": memo_of(await office.signs("Ann"), "withdraw", "Ann", "CUP-2099-004", {}),
        "CUP-2099-005": await office.begun(filed.model_copy(update={"number": "CUP-2099-006"})),
    }
    for other, memo in forged.items():
        begins = filed.model_copy(update={"number": other}).written()
        handle = await office.client.start_workflow("Dossier", begins, id=other, task_queue=queue, memo=memo)
        with pytest.raises(WorkflowFailureError) as ended:
            await handle.result()
        assert f"{other} was not begun by this office" in ended.value.cause.message
        assert kept(office, "SELECT 1 FROM entry WHERE number = ?", other) == []
    again = filed.model_copy(update={"number": "CUP-2099-007"}).written()
    repeated = await office.client.start_workflow(
        "Dossier", again, id="CUP-2099-007", task_queue=queue, retry_policy=RetryPolicy(maximum_attempts=2)
    )
    with pytest.raises(WorkflowFailureError):
        await repeated.result()
    assert kept(office, "SELECT 1 FROM entry WHERE number = ?", "CUP-2099-007") == []
    note = Reopened(on=office.today, entries=2, by="Mallory", grounds="g")
    handle = await office.client.start_workflow(
        "Account", args=[number, [note]], id=f"{number}/account", task_queue=queue
    )
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert "Reopened" not in office.acts(number)


async def test_a_note_that_nobody_of_the_office_signed_is_not_heard_and_leaves_the_case_as_it_was(
    office, tmp_path, caplog
):
    number, other = await authorised(office), await office.submits()
    stood, ours = office.acts(number), partial(signs_note, office.settings)
    note = DossierFiled(dossier=f"{number}/list-2099", on=office.today, kind="list", year=2099)
    elsewhere = replace(office.settings, var=tmp_path)
    a_key(elsewhere.keys / OFFICE)
    a_key(elsewhere.keys / "worker")
    true = ours(number, note)
    of_a_person = signs_as(office.settings, "Mallory", true.at)(
        number, Withdrawn(by="Mallory", request_id="as-a-note")
    )
    forged = {
        "without an envelope": [note],
        "of another office": [note, signs_note(elsewhere, number, note)],
        "for another case": [note, ours(other, note)],
        "of another year": [note.model_copy(update={"year": 2100}), true],
        "as an act": [note, of_a_person],
        "unsigned": [note, true.model_copy(update={"signature": ""})],
        "after its certificate": [note, true.model_copy(update={"at": true.at + timedelta(days=1)})],
        "of no dossier": [{"note": "DossierFiled", "dossier": "", "on": "2027-01-01", "kind": ""}, true],
    }
    for said in forged.values():
        await office.handle(number).signal(TELLS, args=said)
    suspended = await office.performs(number, SuspensionImposed, grounds="g", for_safety=True)
    assert office.acts(number) == [*stood, "SuspensionImposed"]
    assert caplog.text.count("nobody of this office signed is not heard") == len(forged)
    history = await office.handle(number).fetch_history()
    told = told_otherwise(office.settings, number, told_by(history.events))
    assert [(one.kind, one.number) for one in told] == [("note-unsigned", number)]
    assert told[0].sentence.startswith(f"{len(forged)} notes came to {number}")
    await office.handle(number).signal(TELLS, args=[note, true])
    await until_act(office, number, "DossierFiled")
    assert office.shows(number).state.entry == suspended.entry + 1


async def test_an_act_on_the_account_of_a_case_that_has_ended_needs_an_envelope_too(office):
    number = await office.submits()
    await office.performs(number, Withdrawn)
    act = InvoiceCredited(by="Ann", request_id="account-forged", cents=1, reason="r")
    envelope = (await office.signs("Ann"))(number, act)
    assert digest_of(act) == envelope.digest
    with pytest.raises(NotEmpowered):
        await send(
            office.client,
            office.settings,
            number,
            act,
            sign=lambda number, act: envelope.model_copy(update={"signature": ""}),
        )


async def test_an_account_that_no_act_opens_ends_at_once_and_settles_nothing_again(office):
    number, other = await office.submits(), await office.submits()
    for each in (number, other):
        await office.performs(each, DeclaredInadmissible, unmet="reasons", grounds="g")
        await office.handle(each).result()
    stood, queue = office.acts(number), office.settings.task_queue
    act = InvoiceCredited(by="Ann", request_id="opens-an-account", cents=1, reason="r")
    sign = await office.signs("Ann")
    true = sign(number, act).kept(act)
    forged = {
        "by nothing": (number, {}),
        "by an act elsewhere": (number, {MEMO: sign(other, act).kept(act)}),
        "by another act": (
            number,
            {MEMO: true | {"act": ["InvoiceCredited", true["act"][1] | {"cents": 2}]}},
        ),
        "by no act": (number, {MEMO: true | {"act": ["Account", {}]}}),
        "of another case": (other, {MEMO: true}),
    }
    for of, memo in forged.values():
        handle = await office.client.start_workflow(
            "Account", of, id=f"{number}/account", task_queue=queue, memo=memo
        )
        with pytest.raises(WorkflowFailureError) as ended:
            await handle.result()
        assert f"{number} was not begun by this office" in ended.value.cause.message
    assert office.acts(number) == stood


async def test_a_programme_that_says_to_succeed_another_one_and_was_set_up_by_nobody_ends_at_once(office):
    number = await office.imports(await office.looks_at_the_calendar())
    claims = carried(office.settings.register_url, number)
    claims.docket.entries, claims.succeeds, claims.number = 0, number, "MNP-2099-001"
    queue = office.settings.task_queue
    for memo in ({}, await office.begun(claims)):
        handle = await office.client.start_workflow(
            "Programme", claims.written(), id=claims.number, task_queue=queue, memo=memo
        )
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert kept(office, "SELECT 1 FROM entry WHERE number = ?", claims.number) == []


async def test_whoever_is_not_of_the_office_sends_nothing(office):
    number = await office.submits()
    with pytest.raises(NotEmpowered, match="Nobody is known"):
        await send(
            office.client,
            office.settings,
            number,
            Withdrawn(by="Ann", request_id="by-a-stranger"),
            sign=by_person(office.settings),
        )
