"""An act past the command line is not heard; one that is, stands with the envelope in which it came."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError

from models.acts import DeclaredAdmissible, InvoiceCredited, Withdrawn
from models.envelope import Envelope, digest_of
from models.errors import NotEmpowered
from models.receipts import Receipt
from models.signing import Purpose, canonical, is_signed
from models.signs import THE_WORKER
from office.desk.envelopes import by_person
from office.desk.sending import send
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
    assert (opened.certificate.person, opened.command) == (THE_WORKER, "Received")
    assert (admitted.certificate.person, admitted.command) == ("Ann", "declare-admissible")
    assert admitted.act is not None
    assert admitted.act[0] == "DeclaredAdmissible"
    assert hashlib.sha256(canonical(admitted.act)).hexdigest() == admitted.digest  # what exactly was signed
    (said,) = kept(office, "SELECT digest FROM entry WHERE number = ? AND sequence = 1", number)[0]
    assert opened.digest == said


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
