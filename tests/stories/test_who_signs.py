"""An act past the command line is not heard; one that is, stands with the envelope in which it came."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RetryPolicy

from models.acts import DeclaredAdmissible, InvoiceCredited, Withdrawn
from models.envelope import Envelope, digest_of
from models.errors import NotEmpowered
from models.notes import Reopened
from models.receipts import Receipt
from models.signing import Purpose, canonical, is_signed
from models.signs import THE_WORKER
from office.desk.envelopes import by_person, memo_of
from office.desk.sending import send
from register.carried import carried
from register.keys import OFFICE, read
from register.keys import kept as a_key
from register.reading import document, questions
from tests.stories.desk import signs_as

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
        "Account", args=[number, note], id=f"{number}/account", task_queue=queue
    )
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert "Reopened" not in office.acts(number)


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
