"""Reads histories: how many events of which type, and what a run asked of the server, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory


@dataclass
class Step:
    """What follows an update, or the start: activities, local activities, timers and upserts."""

    activities: int = 0
    local_activities: int = 0
    timers: int = 0
    upserts: int = 0


@dataclass
class Script:
    """The steps of one run; the first follows its start, each other one follows an update."""

    steps: list[Step]


@dataclass
class Stretch:
    """What happens in a history from one rest to the next: what ended the rest, and all that it led to.

    `of` says whether an act, a day, a note or the start of the run did, and nothing else meanwhile; it is
    empty where several did at once, or a task was lost. `name` is that of the act.
    """

    events: list[HistoryEvent]

    @property
    def counts(self) -> Counter[str]:
        """How many events of each type."""
        return Counter(_name(event.event_type) for event in self.events)

    @property
    def of(self) -> str:
        """What ended the rest."""
        counts = self.counts
        ended = [what for what, kind in ENDS_A_REST.items() for _ in range(counts[kind])]
        lost = any(counts[kind] for kind in ("WorkflowTaskFailed", "WorkflowTaskTimedOut"))
        return ended[0] if len(ended) == 1 and not lost else ""

    @property
    def name(self) -> str:
        """The act, by its command; nothing where it was none."""
        accepted = [
            e for e in self.events if e.HasField("workflow_execution_update_accepted_event_attributes")
        ]
        said = [e.workflow_execution_update_accepted_event_attributes.accepted_request for e in accepted]
        return said[0].input.name if said else ""


ENDS_A_REST = {
    "start": "WorkflowExecutionStarted",
    "act": "WorkflowExecutionUpdateAccepted",
    "day": "TimerFired",
    "note": "WorkflowExecutionSignaled",
}
BEGIN_A_TASK = {*ENDS_A_REST.values(), "WorkflowTaskScheduled"} - {"WorkflowExecutionUpdateAccepted"}
ASKED = {"ActivityTaskScheduled", "SignalExternalWorkflowExecutionInitiated"}
ANSWERED = {"ActivityTaskCompleted", "ExternalWorkflowExecutionSignaled"}


def stretches(history: WorkflowHistory) -> list[Stretch]:
    """The history from rest to rest."""
    found: list[Stretch] = []
    in_task, asked = False, 0
    for event in history.events:
        name = _name(event.event_type)
        if name in BEGIN_A_TASK and not (in_task or asked):
            found.append(Stretch([]))
        found[-1].events.append(event)
        asked += (name in ASKED) - (name in ANSWERED)
        in_task = name != "WorkflowTaskCompleted" and (in_task or name in BEGIN_A_TASK or name in ANSWERED)
    return found


def by_type(history: WorkflowHistory) -> dict[str, int]:
    """How many events of each type."""
    return dict(Counter(_name(event.event_type) for event in history.events).most_common())


def told(history: WorkflowHistory) -> list[str]:
    """The events in order; local activities and timers by their name."""
    lines = []
    for event in history.events:
        line = f"{event.event_id:4} {_name(event.event_type)}"
        if event.HasField("activity_task_scheduled_event_attributes"):
            line += f" {event.activity_task_scheduled_event_attributes.activity_type.name}"
        if event.HasField("marker_recorded_event_attributes"):
            line += f" {event.marker_recorded_event_attributes.marker_name}"
        if event.user_metadata.summary.data:
            line += f" {event.user_metadata.summary.data.decode()}"
        if event.HasField("workflow_execution_update_accepted_event_attributes"):
            accepted = event.workflow_execution_update_accepted_event_attributes
            said = b"".join(payload.data for payload in accepted.accepted_request.input.args.payloads)
            line += f" {said[:100].decode(errors='replace')}"
        lines.append(line)
    return lines


def script_of(history: WorkflowHistory) -> Script:
    """What the run asked of the server, so that a bare workflow can ask the same."""
    steps = [Step()]
    for event in history.events:
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                steps.append(Step())
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                steps[-1].activities += 1
            case EventType.EVENT_TYPE_MARKER_RECORDED:
                steps[-1].local_activities += 1
            case EventType.EVENT_TYPE_TIMER_STARTED:
                steps[-1].timers += 1
            case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
                steps[-1].upserts += 1
    return Script(steps)


async def runs_of(client: Client, number: str) -> list[WorkflowHistory]:
    """The histories of all runs under a number, the first run first."""
    histories: list[WorkflowHistory] = []
    run_id: str | None = None
    while True:
        history = await client.get_workflow_handle(number, run_id=run_id).fetch_history()
        histories.insert(0, history)
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
        if not run_id:
            return histories


def _name(kind: EventType.ValueType) -> str:
    words = EventType.Name(kind).removeprefix("EVENT_TYPE_").split("_")
    return "".join(word.capitalize() for word in words)
