"""What cannot be read breaks no case, and nothing of it stands in a log or in the failures of a history."""

from __future__ import annotations

import logging

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue

from models.acts import ProgrammeConfirmed
from models.clock import anniversary

pytestmark = pytest.mark.server

SECRET = "a name that belongs in no log"


def raw(encoding: str, data: bytes) -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=data))


UNREADABLE = {
    "a note of another shape": [{"note": "DossierFiled", "on": SECRET, "kind": [SECRET]}],
    "a note of no kind": [{"note": SECRET, SECRET: SECRET}],
    "a text": [SECRET],
    "nothing": [None],
    "no note at all": [],
    "two notes": [{"note": SECRET}, {"note": SECRET}],
    "bytes": [raw("binary/plain", SECRET.encode())],
    "an encoding of others": [raw(SECRET, b"1")],
    "no JSON": [raw("json/plain", f"{{{SECRET}".encode())],
}


async def failures_of(office, number: str) -> str:
    """Every failure that the history of a case holds, as text; payloads are left out."""
    told = []
    async for event in office.client.get_workflow_handle(number).fetch_history_events():
        for _, attributes in event.ListFields():
            if hasattr(attributes, "failure"):
                told.append(str(attributes.failure))
    return "\n".join(told)


async def test_unreadable_notes_break_no_programme_and_their_content_reaches_no_log(office, caplog) -> None:
    number = await office.imports(anniversary(await office.looks_at_the_calendar(), -1))
    caplog.set_level(logging.INFO)
    for said in UNREADABLE.values():
        await office.client.get_workflow_handle(number).signal("take_note", args=said)
    await office.client.get_workflow_handle(number).signal(SECRET, SECRET)
    said = {"procedure": "MNP", "holder": "Exemplar", "marketing_application": "none"}
    began = anniversary(office.today, -1)
    receipt = await office.performs(number, ProgrammeConfirmed, in_force_on=began, **said)
    assert receipt.entry == 2
    assert office.acts(number)[:2] == ["Imported", "ProgrammeConfirmed"]
    assert "dropping the signal" in caplog.text
    assert SECRET not in without_names_of_signals(caplog.text)
    assert SECRET not in await failures_of(office, number)


def without_names_of_signals(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "signal handler" not in line)


async def test_an_unreadable_act_is_refused_and_its_content_is_not_repeated(office, caplog) -> None:
    number = await office.submits()
    for said in UNREADABLE.values():
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await office.client.get_workflow_handle(number).execute_update("withdraw", args=said)
        chain, cause = [], refused.value
        while cause:
            chain.append(str(cause))
            cause = cause.__cause__
        assert SECRET not in "\n".join(chain), said
    assert office.acts(number) == ["Received"]
    assert SECRET not in caplog.text
    assert SECRET not in await failures_of(office, number)
