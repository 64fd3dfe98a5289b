"""Reads in a history what its case has written into the register: which entry, and which line stood for it.

An entry is a local activity as a rule, of which the history keeps number, act and the register's answer; so
no more is read of those that an activity of the queue has written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.notes import TELLS
from office.service.asking import soon

if TYPE_CHECKING:
    from temporalio.api.common.v1 import Payload
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client

ENTRY = re.compile(r"entry (\d+): (\w+)")
"""How the summary of an entry begins (workflows/effects.py)."""

PAGE = 12
"""Events that are asked for at once, from the end: the server gives whole batches, a few more as a rule."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that the register took, and what it answered."""

    entry: int
    act: str
    answer: dict[str, Any]

    @property
    def stands(self) -> str:
        """How the digest of its line begins."""
        return str(self.answer.get("stands", ""))

    @property
    def says(self) -> str:
        """How the digest of what people read in its line begins."""
        return str(self.answer.get("says", ""))

    @property
    def invoice(self) -> tuple[str, int] | None:
        """The invoice that was issued with it, and its cents."""
        issued = self.answer.get("invoice")
        return (issued["invoice"], issued["cents"]) if issued else None


@dataclass
class Told:
    """What a history tells, or the end of one.

    `before` is how many entries its run was handed; None while its beginning was not read, or it says nothing
    of that. `writes`: an entry is being written, or tried again. `follows` is the run that it goes on from.
    `notes` are what was said to the case by signal, by us or by others.
    """

    written: list[Written] = field(default_factory=list)
    before: int | None = None
    writes: bool = False
    follows: str = ""
    notes: list[list[Any]] = field(default_factory=list)

    @property
    def knows(self) -> int | None:
        """The last entry that the case knows; None where the history does not tell."""
        return self.written[-1].entry if self.written else self.before


def told_by(events: Iterable[HistoryEvent]) -> Told:
    """What events tell that follow each other, with or without those before them."""
    told = Told()
    asked: dict[int, tuple[int, str]] = {}
    for event in events:
        if event.HasField("workflow_execution_started_event_attributes"):
            started = event.workflow_execution_started_event_attributes
            told.follows = started.continued_execution_run_id
            carried = _said(started.input.payloads)
            told.before = int(carried.get("docket", {}).get("entries", 0)) if carried else None
        elif event.HasField("workflow_execution_signaled_event_attributes"):
            signal = event.workflow_execution_signaled_event_attributes
            told.notes += [[*map(_read, signal.input.payloads)]] if signal.signal_name == TELLS else []
        elif event.HasField("activity_task_completed_event_attributes"):
            done = event.activity_task_completed_event_attributes
            if found := asked.pop(done.scheduled_event_id, None):
                told.written.append(Written(*found, _said(done.result.payloads)))
        elif event.HasField("activity_task_failed_event_attributes"):
            asked.pop(event.activity_task_failed_event_attributes.scheduled_event_id, None)
        elif event.HasField("activity_task_timed_out_event_attributes"):
            asked.pop(event.activity_task_timed_out_event_attributes.scheduled_event_id, None)
        elif summary := ENTRY.match(event.user_metadata.summary.data.decode(errors="replace").lstrip('"')):
            entry, act = int(summary[1]), summary[2]
            if event.HasField("activity_task_scheduled_event_attributes"):
                asked[event.event_id] = entry, act
            elif event.HasField("marker_recorded_event_attributes"):
                marker = event.marker_recorded_event_attributes
                if not marker.HasField("failure"):
                    told.written.append(Written(entry, act, _said(marker.details["result"].payloads)))
    told.writes = bool(asked)
    return told


async def end_of(client: Client, workflow: str, run: str) -> Told:
    """What the end of a history tells: as much of it as tells the last entry."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest

    events: list[HistoryEvent] = []
    token = b""
    while True:
        page = await client.workflow_service.get_workflow_execution_history_reverse(
            GetWorkflowExecutionHistoryReverseRequest(
                namespace=client.namespace,
                execution=WorkflowExecution(workflow_id=workflow, run_id=run),
                maximum_page_size=PAGE,
                next_page_token=token,
            ),
            timeout=soon(),
        )
        events += page.history.events
        told = told_by(reversed(events))
        token = page.next_page_token
        if told.written or not token:
            return told


async def whole_of(client: Client, workflow: str, run: str) -> Told:
    """What a whole history tells."""
    history = await client.get_workflow_handle(workflow, run_id=run).fetch_history()
    return told_by(history.events)


def _said(payloads: Any) -> dict[str, Any]:
    said = json.loads(payloads[0].data) if payloads else {}
    return said if isinstance(said, dict) else {}


def _read(payload: Payload) -> Any:
    """What others may have sent; nothing where it cannot be read."""
    try:
        return json.loads(payload.data)
    except ValueError:
        return None
