"""Starts a case again that Temporal does not run, or runs beside the register: `umn reopen`.

It goes on from what the register keeps beside its last entry (register/carried.py), as the act of a person.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused, NotReachable, UntimelyAct
from models.messages import Message, named_word
from office.service.ending import under_way
from office.settings import Settings

if TYPE_CHECKING:
    from datetime import date

    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client

    from models.dossier import Dossier
    from models.notes import Reopened
    from models.programme import Programme
    from models.receipts import Receipt
    from office.desk.envelopes import Sign
    from register.case import Case

PATIENCE = 30.0
"""Seconds in which the entry is waited for."""


@dataclass(frozen=True)
class _Run:
    """The run under which a case, or its account, is known to Temporal; the last one where none runs."""

    workflow: str
    look: DescribeWorkflowExecutionResponse | None

    @property
    def id(self) -> str:
        return self.look.workflow_execution_info.execution.run_id if self.look else ""

    @property
    def runs(self) -> bool:
        from temporalio.api.enums.v1 import WorkflowExecutionStatus

        running = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        return self.look is not None and self.look.workflow_execution_info.status == running


async def reopen(
    settings: Settings, number: str, grounds: str, by: str, today: date, sign: Sign | None = None
) -> Receipt:
    """Begins a new run of a case at its last entry, and ends one that is held up beside the register.

    Idempotent: by number, person and grounds, as long as the run goes on that was begun with them.

    Raises: NotFound; InputRefused for grounds that cannot stand; UntimelyAct where the case has ended, or
    runs as it should; RegisterConflict when its law is not kept; NotReachable, also when its entry is not
    written in time: the case is started by then, and the same command may be typed again.
    """
    from pydantic import ValidationError

    from models.notes import Reopened
    from office.connection import connect
    from office.desk.envelopes import by_person
    from office.letters.postman import wake
    from office.service.asking import describe
    from register.case import case

    found = case(settings.register_url, number, today)
    if found.state.ended:
        told = {"number": number, "phase": named_word(found.state.phase)}
        raise UntimelyAct("reopen.has-ended", **told, possible=(f"show {number}",))
    try:
        note = Reopened(on=today, entries=found.state.entry, by=by, grounds=grounds)
    except ValidationError as wrong:
        why = Message.of_input(wrong.errors()[0])
        raise InputRefused("typed.option", option=["grounds"], why=why) from None
    under_way(Message("reopen.not-begun", number=number))
    client = await connect(settings, by)
    workflow = f"{number}/account" if found.ended_with else number
    run = _Run(workflow, await describe(client, workflow))
    began_with = await _began_with(client, run, note) if run.runs else None
    if began_with is None:
        if run.runs:
            await _end(client, run, found)
        began_with = note
        if not await _begin(client, settings, run, found, note, sign or by_person(settings)):
            run = _Run(workflow, await describe(client, workflow))
            began_with = await _began_with(client, run, note)
    if began_with is None:
        raise UntimelyAct("reopen.by-another", number=number, possible=(f"show {number}",))
    under_way(Message("reopen.begun", number=number))
    await wake(client, settings)
    return await _receipt(settings, number, began_with, today)


async def _began_with(client: Client, run: _Run, note: Reopened) -> Reopened | None:
    """The same reopening, where the run that goes on was begun by it."""
    from models.notes import Reopened

    async for event in client.get_workflow_handle(run.workflow, run_id=run.id).fetch_history_events():
        for payload in event.workflow_execution_started_event_attributes.input.payloads:
            for told in _told(json.loads(payload.data) if payload.data else None):
                if (known := Reopened.model_validate(told)).by == note.by and known.grounds == note.grounds:
                    return known
        break
    return None


def _told(said: Any) -> list[Any]:
    """The reopenings among what a run was handed: in the docket of a case, in a list to an account."""
    told = said["docket"].get("told", []) if isinstance(said, dict) else said
    if not isinstance(told, list):
        return []
    return [one for one in told if one.get("note") == "Reopened"]


async def _end(client: Client, run: _Run, found: Case) -> None:
    """Ends a run that is beside the register. Raises: UntimelyAct for one that goes on as it should."""
    from temporalio.service import RPCError, RPCStatusCode

    from office.service.asking import conflicts
    from office.service.comparing import ahead

    number = found.state.number
    more = await ahead(client, number, found.state.entry) if run.workflow == number else 0
    held_up = more >= 0 and await conflicts(client, run.workflow)
    if more > 0 and not held_up:
        told = {"number": number, "knows": found.state.entry + more, "entries": found.state.entry}
        raise UntimelyAct("reopen.register-behind", **told, possible=("restore BACKUP", "reconcile"))
    if more == 0 and not held_up:
        possible = tuple(f"{act} {number}" for act in found.state.possible)
        raise UntimelyAct("reopen.goes-on", number=number, possible=(f"show {number}", *possible))
    try:
        handle = client.get_workflow_handle(run.workflow, run_id=run.id)
        said = Message("reopen.in-its-place", number=number, n=found.state.entry)
        await handle.terminate(reason=str(said))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:  # it has just ended by itself
            raise NotReachable("reopen.not-taken-over", number=number, why=error.message) from None


async def _begin(
    client: Client, settings: Settings, run: _Run, found: Case, note: Reopened, sign: Sign
) -> bool:
    """Begins the new run. Returns: whether it did, and nobody was faster."""
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    from models.dossier import Dossier
    from models.programme import Programme
    from office.desk.envelopes import memo_of
    from register.carried import carried, tells_anew
    from workflows import search

    number = found.state.number
    begins: dict[str, Any] = {"workflow": "Account", "args": [number, [note]]}
    written = note.model_dump(mode="json")
    if not found.ended_with:
        kept = carried(settings.register_url, number)
        for under_it in found.dossiers:
            filed = None if under_it.ended else carried(settings.register_url, under_it.number)
            if isinstance(filed, Dossier):  # which perhaps found nobody to tell
                kept.docket.hear(number, filed.as_filed, note.on)
        await _hear(client, settings.register_url, run, kept, note.on)
        kept.docket.told.append(note)
        begins = {
            "workflow": "Programme" if isinstance(kept, Programme) else "Dossier",
            "args": [written := kept.written()],
            "search_attributes": search.of_case(kept),
        }
        tells_anew(settings.register_url, number)
    try:
        await client.start_workflow(
            **begins,
            memo=memo_of(sign, "reopen", note.by, number, written),
            id=run.workflow,
            task_queue=settings.task_queue,
            static_summary=f"{number}, reopened from entry {note.entries}",
        )
    except WorkflowAlreadyStartedError:
        return False
    except RPCError as error:
        raise NotReachable("reopen.not-taken-over", number=number, why=error.message) from None
    return True


async def _hear(client: Client, url: str, run: _Run, kept: Dossier | Programme, today: date) -> None:
    """Has the case hear what dossiers told the run that was lost; what it knows it hears once only.

    Nobody else may have heard that; of letters the postman tells anew.
    """
    from models.envelope import note_of
    from models.notes import DossierEnded, DossierFiled
    from office.service.written import whole_of
    from register import office_keys
    from register.reading import questions

    if run.look is None:
        return
    with questions(url) as ask:
        offices = office_keys.every(ask)
    for said in (await whole_of(client, run.workflow, run.id)).notes:
        note = note_of(said, kept.number, offices)
        if isinstance(note, DossierFiled | DossierEnded):
            kept.docket.hear(kept.number, note, today)


async def _receipt(settings: Settings, number: str, note: Reopened, today: date) -> Receipt:
    """Where the case stands, once its entry is written: days that had come meanwhile are entered before."""
    from register.case import case, receipt_of

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = case(settings.register_url, number, today)
        for line in found.entries[note.entries :]:
            if (line.act, line.by, line.facts.get("grounds")) == ("Reopened", note.by, note.grounds):
                told = {notice.letter for notice in found.notices if notice.entry == line.sequence}
                return receipt_of(found, line).model_copy(update={"letters": tuple(sorted(told))})
        await asyncio.sleep(0.05)
    raise NotReachable("reopen.no-entry-yet", number=number, possible=("status", f"show {number}"))
