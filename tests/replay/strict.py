"""Replays histories and compares everything that the code of today says with what stands in them.

The replayer of the SDK sees another order or type of commands; it sees neither how long a timer lasts nor
what an activity is told. Here each command is laid beside its event: order, type, ids, days and times,
arguments, time-outs, answers.

    python -m tests.replay.strict HISTORY ...
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from inspect import isclass
from itertools import zip_longest
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import quote, unquote

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, RetryPolicy
from temporalio.api.enums.v1 import EventType, ParentClosePolicy, WorkflowIdReusePolicy
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import History, HistoryEvent, WorkflowExecutionStartedEventAttributes
from temporalio.api.workflowservice.v1 import (
    ListClosedWorkflowExecutionsRequest,
    ListOpenWorkflowExecutionsRequest,
)
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client, WorkflowHistory
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

import workflows
from models import messages, receipts
from office.service.payloads import CONVERTER
from workflows.envelopes import InEnvelopes
from workflows.signals import FittingSignals

Facts = dict[str, Any]

KEYS = "office.keys"
"""The file beside histories that holds the public keys of their offices."""

NEVER = 315_360_000
"""Seconds: what the time-skipping server writes where no time-out was asked; the real one writes none."""

WHAT_TO_DO = """
A history recorded by this very code: something in workflows/ or models/ does not follow from the history
alone (a clock, the order of a set, the state of a module, a file). A history of an earlier commit, before the
first release: nothing is kept, so look whether you meant it. A history of a release: cases that run would
stop here; gate the change with workflow.patched("what-YYYY-MM") and keep both branches until none is left."""


@dataclass(frozen=True)
class Step:
    """One thing that a workflow asks of the server: a command, or the event that it became."""

    kind: str
    said: Facts
    event: int = 0


@dataclass(frozen=True)
class Difference:
    """Where a history and the code of today part."""

    history: str
    event: int
    recorded: Step | None
    given: Step | None
    failure: str = ""

    def __str__(self) -> str:
        lines = [f"{self.history}, event {self.event}: the code of today says something else."]
        lines += [f"  {line}" for line in self._sides()]
        return "\n".join([*lines, *([f"  {self.failure}"] if self.failure else ())])

    def _sides(self) -> Iterator[str]:
        recorded, given = self.recorded, self.given
        if recorded and given and recorded.kind == given.kind:
            yield f"{recorded.kind}:"
            for path, was, now in differing(recorded.said, given.said):
                yield f"  {path}: recorded {_short(was)}, today {_short(now)}"
        else:
            yield f"recorded: {_told(recorded)}"
            yield f"today:    {_told(given)}"


# What a command and its event have in common.


def of_event(event: HistoryEvent) -> Step | None:
    """What a workflow asked for with this event; nothing where the server or a person speaks."""
    name = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
    said = getattr(event, event.WhichOneof("attributes") or "", None)
    read = EVENTS.get(name)
    if read is None:
        of_ours = said is not None and "workflow_task_completed_event_id" in said.DESCRIPTOR.fields_by_name
        if of_ours and not name.endswith("_execution_failed"):  # a signal or child that found nobody
            raise NotImplementedError(f"The strict replay cannot read the event {name}: teach it.")
        return None
    kind, facts = read(said)
    if kind == "search attributes" and list(facts) == ["TemporalChangeVersion"]:  # comes with a patch
        return None
    return Step(kind, facts | _summary(kind, event), event.event_id)


def of_command(command: WorkflowCommand) -> Step | None:
    """What a workflow asks for; nothing where it only answers a question."""
    name = command.WhichOneof("variant") or ""
    if name == "respond_to_query":
        return None
    if name not in COMMANDS:
        raise NotImplementedError(f"The strict replay cannot read the command {name}: teach it.")
    kind, facts = COMMANDS[name](getattr(command, name))
    return Step(kind, facts | _summary(kind, command))


def _event_activity(said: Any) -> tuple[str, Facts]:
    return "activity", {
        "id": said.activity_id,
        "type": said.activity_type.name,
        "task_queue": said.task_queue.name,
        "arguments": _payloads(said.input.payloads),
        "retry": _retry(said.retry_policy),
        **_times(said),
    }


def _command_activity(said: Any) -> tuple[str, Facts]:
    return "activity", {
        "id": said.activity_id,
        "type": said.activity_type,
        "task_queue": said.task_queue,
        "arguments": _payloads(said.arguments),
        "retry": _retry(said.retry_policy),
        **_times(said),
    }


def _event_marker(said: Any) -> tuple[str, Facts]:
    details = {name: _payloads(value.payloads) for name, value in said.details.items()}
    if said.marker_name == "core_local_activity":
        (local,) = details["data"]
        return "local activity", {"id": local["activity_id"], "type": local["activity_type"]}
    if said.marker_name == "core_patch":
        (patch,) = details["patch-data"]
        return "patch", {"id": patch["id"], "deprecated": patch["deprecated"]}
    raise NotImplementedError(f"The strict replay cannot read the marker {said.marker_name}: teach it.")


def _event_child(said: Any) -> tuple[str, Facts]:
    """A child that begins, without its search attributes: the test server keeps them with the child alone."""
    return "child", {
        "id": said.workflow_id,
        "type": said.workflow_type.name,
        "task_queue": said.task_queue.name,
        "arguments": _payloads(said.input.payloads),
        "on_close": ParentClosePolicy.Name(said.parent_close_policy).rpartition("_")[2],
        "reuse": _reuse(said.workflow_id_reuse_policy),
        "cron": said.cron_schedule,
        "memo": _fields(said.memo.fields),
    }


def _command_child(said: Any) -> tuple[str, Facts]:
    return "child", {
        "id": said.workflow_id,
        "type": said.workflow_type,
        "task_queue": said.task_queue,
        "arguments": _payloads(said.input),
        "on_close": ParentClosePolicy.Name(said.parent_close_policy).rpartition("_")[2],
        "reuse": _reuse(said.workflow_id_reuse_policy),
        "cron": said.cron_schedule,
        "memo": _fields(said.memo),
    }


def _signal(said: Any, arguments: Iterable[Payload]) -> tuple[str, Facts]:
    to = said.workflow_execution
    return "signal", {
        "to": to.workflow_id or getattr(said, "child_workflow_id", ""),
        "run": to.run_id,
        "name": said.signal_name,
        "arguments": _payloads(arguments),
    }


def _event_completed(said: Any) -> tuple[str, Facts]:
    if said.outcome.HasField("failure"):
        return "update refused", _failure(said.outcome.failure)
    (answer,) = _payloads(said.outcome.success.payloads) or [None]
    return "update answered", {"answer": answer}


def _command_update(said: Any) -> tuple[str, Facts]:
    match said.WhichOneof("response"):
        case "accepted":
            return "update accepted", {"id": said.protocol_instance_id}
        case "completed":
            return "update answered", {"answer": _payload(said.completed)}
        case _:
            return "update refused", _failure(said.rejected)


def _event_new_run(said: Any) -> tuple[str, Facts]:
    return "new run", {
        "type": said.workflow_type.name,
        "task_queue": said.task_queue.name,
        "arguments": _payloads(said.input.payloads),
    }


def _command_new_run(said: Any) -> tuple[str, Facts]:
    return "new run", {
        "type": said.workflow_type,
        "task_queue": said.task_queue,
        "arguments": _payloads(said.arguments),
    }


Read = Callable[[Any], tuple[str, Facts]]

EVENTS: dict[str, Read] = {
    "timer_started": lambda e: ("timer", {"id": e.timer_id, "seconds": _seconds(e.start_to_fire_timeout)}),
    "timer_canceled": lambda e: ("timer cancelled", {"id": e.timer_id}),
    "activity_task_scheduled": _event_activity,
    "marker_recorded": _event_marker,
    "start_child_workflow_execution_initiated": _event_child,
    "signal_external_workflow_execution_initiated": lambda e: _signal(e, e.input.payloads),
    "upsert_workflow_search_attributes": lambda e: (
        "search attributes",
        _fields(e.search_attributes.indexed_fields),
    ),
    "workflow_properties_modified": lambda e: ("memo", _fields(e.upserted_memo.fields)),
    "workflow_execution_update_accepted": lambda e: ("update accepted", {"id": e.protocol_instance_id}),
    "workflow_execution_update_completed": _event_completed,
    "workflow_execution_completed": lambda e: (
        "result",
        {"result": (_payloads(e.result.payloads) or [None])[0]},
    ),
    "workflow_execution_failed": lambda e: ("failure", _failure(e.failure)),
    "workflow_execution_canceled": lambda e: ("cancelled", {}),
    "workflow_execution_continued_as_new": _event_new_run,
}

COMMANDS: dict[str, Read] = {
    "start_timer": lambda c: ("timer", {"id": str(c.seq), "seconds": _seconds(c.start_to_fire_timeout)}),
    "cancel_timer": lambda c: ("timer cancelled", {"id": str(c.seq)}),
    "schedule_activity": _command_activity,
    "schedule_local_activity": lambda c: (
        "local activity",
        {"id": c.activity_id, "type": c.activity_type},
    ),
    "set_patch_marker": lambda c: ("patch", {"id": c.patch_id, "deprecated": c.deprecated}),
    "start_child_workflow_execution": _command_child,
    "signal_external_workflow_execution": lambda c: _signal(c, c.args),
    "upsert_workflow_search_attributes": lambda c: (
        "search attributes",
        _fields(c.search_attributes.indexed_fields),
    ),
    "modify_workflow_properties": lambda c: ("memo", _fields(c.upserted_memo.fields)),
    "update_response": _command_update,
    "complete_workflow_execution": lambda c: ("result", {"result": _payload(c.result)}),
    "fail_workflow_execution": lambda c: ("failure", _failure(c.failure)),
    "cancel_workflow_execution": lambda c: ("cancelled", {}),
    "continue_as_new_workflow_execution": _command_new_run,
}
LAST = ("result", "failure", "cancelled", "new run")
"""What ends a run; whatever else its last task says comes before it."""


def _payload(payload: Payload) -> Any:
    if payload.metadata.get("encoding", b"").startswith(b"json/"):
        return json.loads(payload.data)
    return payload.data.hex() or None


def _payloads(payloads: Iterable[Payload]) -> list[Any]:
    return [_payload(payload) for payload in payloads]


def _fields(fields: Any) -> Facts:
    return {name: _payload(value) for name, value in sorted(fields.items())}


def _seconds(duration: Duration) -> float:
    return duration.seconds + duration.nanos / 1e9


def _times(said: Any) -> Facts:
    names = ("schedule_to_close", "schedule_to_start", "start_to_close", "heartbeat")
    lasts = {name: _seconds(getattr(said, f"{name}_timeout")) for name in names}
    return {name: seconds for name, seconds in lasts.items() if seconds not in (0, NEVER)}


def _retry(policy: RetryPolicy) -> Facts:
    """A retry policy with what the server adds where nothing is asked."""
    first = _seconds(policy.initial_interval) or 1
    return {
        "initial": first,
        "factor": policy.backoff_coefficient or 2,
        "maximum": _seconds(policy.maximum_interval) or 100 * first,
        "attempts": policy.maximum_attempts,
        "never_for": list(policy.non_retryable_error_types),
    }


def _reuse(policy: Any) -> str:
    return WorkflowIdReusePolicy.Name(policy or 1)


def _failure(failure: Failure) -> Facts:
    told = failure.application_failure_info
    return {"message": failure.message, "type": told.type, "details": _payloads(told.details.payloads)}


def _summary(kind: str, said: Message) -> Facts:
    """The line that people read beside it; the time-skipping server forgets that of a child."""
    metadata = said.user_metadata
    if kind == "child":
        return {}
    return {"summary": _payload(metadata.summary)} if metadata.HasField("summary") else {}


# What was recorded, and what the code of today gives.


def recorded(history: WorkflowHistory) -> list[Step]:
    """Everything that the workflow of a history asked of the server, in its order."""
    return [step for event in history.events if (step := of_event(event))]


def at_rest(history: WorkflowHistory) -> WorkflowHistory:
    """The history up to the last thing that the workflow said; what it has not heard yet is left out."""
    events = list(history.events)
    while events and not (of_event(events[-1]) or _is_task_completed(events[-1])):
        events.pop()
    return WorkflowHistory(history.workflow_id, events)


def _is_task_completed(event: HistoryEvent) -> bool:
    return event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


@dataclass
class Given:
    """What the code of today gives for one run, in the order in which the server would write it."""

    started: WorkflowExecutionStartedEventAttributes
    steps: list[Step] = field(default_factory=list)
    task: int = 0
    task_began: int = 0
    local: dict[int, Step] = field(default_factory=dict)
    raised: str = ""

    def hear(self, activation: WorkflowActivation, completion: WorkflowActivationCompletion) -> None:
        """Takes up the commands of one activation."""
        if activation.history_length != self.task:
            self.task, self.task_began = activation.history_length, len(self.steps)
        self.raised = self.raised or completion.failed.failure.message
        for job in activation.jobs:  # a local activity is written when it is done, not when it is asked
            if job.HasField("resolve_activity") and job.resolve_activity.is_local:
                self.steps.append(self.local.pop(job.resolve_activity.seq))
        for command in completion.successful.commands:
            step = of_command(command)
            if step is None:
                continue
            if command.HasField("schedule_local_activity"):
                self.local[command.schedule_local_activity.seq] = step
            elif step.kind != "timer cancelled" or not self._never_set(step.said["id"]):
                self.steps.append(step)

    def _never_set(self, timer: str) -> bool:
        """A timer that is set and cancelled in one task leaves no trace."""
        for at in range(self.task_began, len(self.steps)):
            if self.steps[at].kind == "timer" and self.steps[at].said["id"] == timer:
                del self.steps[at]
                return True
        return False

    def in_order(self) -> list[Step]:
        """All of them; what ends the run last. A new run is of the same type and queue if none is said."""
        for step in self.steps:
            if step.kind == "new run":
                step.said["type"] = step.said["type"] or self.started.workflow_type.name
                step.said["task_queue"] = step.said["task_queue"] or self.started.task_queue.name
        return sorted(self.steps, key=lambda step: step.kind in LAST)


class _Overheard(WorkflowInstance):
    """An instance whose commands are noted."""

    def __init__(self, instance: WorkflowInstance, given: Given) -> None:
        self._instance, self._given = instance, given

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        completion = self._instance.activate(act)
        self._given.hear(act, completion)
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


class Overhearing(WorkflowRunner):
    """Runs workflows as another runner does, on the task queue of their history, and notes what they say."""

    def __init__(self, runner: WorkflowRunner) -> None:
        self._runner = runner

    def begin(self, history: WorkflowHistory) -> None:
        """From here on another history is replayed."""
        self.given = Given(history.events[0].workflow_execution_started_event_attributes)

    def prepare_workflow(self, defn: Any) -> None:
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        info = dataclasses.replace(det.info, task_queue=self.given.started.task_queue.name)
        return _Overheard(self._runner.create_instance(dataclasses.replace(det, info=info)), self.given)

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        self._runner.set_worker_level_failure_exception_types(types)


def defined() -> list[type]:
    """Every workflow that workflows/ defines, whoever runs it."""
    names = [f"workflows.{module.name}" for module in iter_modules(workflows.__path__)]
    classes = [value for name in names for value in vars(import_module(name)).values() if isclass(value)]
    return list(dict.fromkeys(c for c in classes if "__temporal_workflow_definition" in vars(c)))


async def differences(
    histories: Iterable[WorkflowHistory], only_first: bool = False, offices: Iterable[str] = ("",)
) -> AsyncIterator[Difference]:
    """Replays each history on the code of today, and tells where the two part first.

    Unsandboxed: state that outlives a run shows. `only_first` ends with the first history that differs.
    `offices` are the public keys by which notes were signed that were heard.
    """
    runner = Overhearing(UnsandboxedWorkflowRunner())
    parted = False
    replayer = Replayer(
        workflows=defined(),
        workflow_runner=runner,
        unsandboxed_workflow_runner=runner,
        data_converter=CONVERTER,
        interceptors=[FittingSignals(), InEnvelopes(*offices)],
        debug_mode=True,
        runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
    )

    async def one_by_one() -> AsyncIterator[WorkflowHistory]:
        for history in histories:
            if parted and only_first:
                return
            said = at_rest(history)
            if said.events:
                runner.begin(said)
                yield said

    async with replayer.workflow_replay_iterator(one_by_one()) as results:
        async for result in results:
            if difference := first(result.history, runner.given, str(result.replay_failure or "")):
                parted = True
                yield difference


def first(history: WorkflowHistory, given: Given, failure: str) -> Difference | None:
    """The first place where a history and what was given for it part; a failure of the replay is one too."""
    was, now = recorded(history), given.in_order()
    if len(now) < len(was):  # what was asked, and nothing came of it
        now += given.local.values()
    kind = history.events[0].workflow_execution_started_event_attributes.workflow_type.name
    name = f"{history.workflow_id} ({kind}, run {history.run_id})"
    failure = (given.raised or failure)[:300]
    for before, after in zip_longest(was, now):
        if before is None or after is None or (before.kind, before.said) != (after.kind, after.said):
            event = before.event if before else history.events[-1].event_id
            return Difference(name, event, before, after, failure)
    return Difference(name, history.events[-1].event_id, None, None, failure) if failure else None


def differing(was: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place in which two values differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            yield from differing(was.get(key), now.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for at, (before, after) in enumerate(zip(was, now, strict=True)):
            yield from differing(before, after, f"{path}[{at}]")
    elif was != now:
        yield path, was, now


def _told(step: Step | None) -> str:
    return f"{step.kind} {_short(step.said)}" if step else "nothing"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]} …"


def kind_of(history: WorkflowHistory) -> str:
    """The type of the workflow that left a history."""
    return history.events[0].workflow_execution_started_event_attributes.workflow_type.name


def keep(history: WorkflowHistory, folder: Path) -> None:
    """Keeps a history under the type, number and run of its workflow."""
    name = f"{kind_of(history)}@{quote(history.workflow_id, safe='')}@{history.run_id}"
    (folder / name).write_bytes(History(events=history.events).SerializeToString())


def read(file: Path) -> WorkflowHistory:
    """A history as it was kept."""
    number = unquote(file.name.split("@")[1])
    return WorkflowHistory(number, History.FromString(file.read_bytes()).events)


def keep_keys(public: Iterable[str], folder: Path) -> None:
    """Keeps the public keys of the offices whose cases leave their histories in a folder."""
    known = {*keys_for([folder / KEYS]), *public}
    (folder / KEYS).write_text("".join(f"{key}\n" for key in sorted(known)))


def keys_for(files: Iterable[Path]) -> list[str]:
    """The keys of the offices whose cases left these histories."""
    beside = {file.parent / KEYS for file in files}
    return [key for kept in beside if kept.is_file() for key in kept.read_text().splitlines()]


async def histories_of(client: Client) -> AsyncIterator[WorkflowHistory]:
    """Every run that a time-skipping server knows: open or ended, whoever started it."""
    service, namespace = client.workflow_service, client.namespace
    for runs, asked in (
        (service.list_open_workflow_executions, ListOpenWorkflowExecutionsRequest),
        (service.list_closed_workflow_executions, ListClosedWorkflowExecutionsRequest),
    ):
        page, begun = b"", False
        while page or not begun:
            answer = await runs(asked(namespace=namespace, next_page_token=page))
            page, begun = answer.next_page_token, True
            for one in answer.executions:
                run = client.get_workflow_handle(one.execution.workflow_id, run_id=one.execution.run_id)
                yield await run.fetch_history()


def was_refused(history: WorkflowHistory) -> bool:
    """Whether nobody of the office had begun that run: it ended at the door, which no replay asks again."""
    ended = history.events[-1].workflow_execution_failed_event_attributes
    return ended.failure.application_failure_info.type == "NotEmpowered"


TOLD_BESIDE = Path(__file__).resolve().parents[1] / "toy"
"""Where the procedure of stories stands that nobody ships: timers are named in its words too."""


async def main(files: list[Path], only_first: bool) -> int:
    """Tells where each history and the code part. Returns: 1 when one does."""
    found = 0
    async for difference in differences(map(read, files), only_first, keys_for(files) or [""]):
        print(difference, flush=True)
        found = 1
    if found:
        print(WHAT_TO_DO)
    return found


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--first", action="store_true", help="end with the first history that differs")
    parser.add_argument("--runs-of", type=int, metavar="EVENTS", help="after how many a run had been long")
    said = parser.parse_args()
    messages.look_also_in(TOLD_BESIDE)
    receipts.EVENTS_OF_A_RUN = said.runs_of or receipts.EVENTS_OF_A_RUN
    sys.exit(asyncio.run(main(said.files, said.first)))
