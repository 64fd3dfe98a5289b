"""A case in this process, without Temporal: it hears an act, and stops before anything is done.

It is the case itself, as a worker runs it, begun at its last rest, and hears what it has heard since; so no
second reading of the rules can say something else. What it reads on the way is answered by whoever rehearses
it; what it tells others is noted, and nobody hears of it; its entry of the act ends the rehearsal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, NamedTuple, get_type_hints

from temporalio import workflow
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.activity_result import ActivityResolution, Success
from temporalio.bridge.proto.workflow_activation import (
    DoUpdate,
    InitializeWorkflow,
    RemoveFromCache,
    ResolveActivity,
    ResolveChildWorkflowExecutionStart,
    ResolveChildWorkflowExecutionStartSuccess,
    ResolveSignalExternalWorkflow,
    SignalWorkflow,
    WorkflowActivation,
    WorkflowActivationJob,
)
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.converter import DataConverter
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails

from models.acts import Act
from models.entry import Entered, Entry
from models.envelope import Certificate, Envelope
from models.notes import TELLS, AnyNote
from models.programme import Programme
from workflows.account import EndedAccount
from workflows.examination import DossierExamination
from workflows.life import ProgrammeLife

CASES: dict[str, type] = {"Dossier": DossierExamination, "Programme": ProgrammeLife, "Account": EndedAccount}

RUN = "rehearsal"

NEVER = datetime.min.replace(tzinfo=UTC)

BY_NOBODY = Envelope(
    certificate=Certificate(person="", function="", key="", number="", acts=(), since=NEVER, until=NEVER),
    number="",
    command=TELLS,
    request_id="",
    digest="",
    at=NEVER,
)
"""In which a note travels that nobody hears."""

Answers = Mapping[str, Callable[[Any], Any]]
"""What a case reads, by the name of its activity: each answer takes and returns what the activity does."""


class Rehearsed(NamedTuple):
    """What would be entered of an act, and what others would be told before it stands.

    `before` are entries that come first: of days that have come, and of what the case was told. `told` are
    notes, each with the number that it goes to; `begins` are programmes that begin with it.
    """

    entry: Entry
    before: tuple[Entry, ...] = ()
    told: tuple[tuple[str, AnyNote], ...] = ()
    begins: tuple[Programme, ...] = ()


class NotEntered(Exception):
    """The case would wait for something, or end, before it enters what it was to hear; it says what for."""


class Stands(NamedTuple):
    """A case as it stands: what a run of it begins with at its last rest, and what it has heard since."""

    kind: str
    number: str
    begins_with: Any
    since: datetime
    heard: Sequence[tuple[datetime, AnyNote]] = ()


class Rehearsal:
    """A case that is rehearsed at an instant, on what is answered instead of read.

    `hears` says whether a case hears what it is told.
    """

    def __init__(
        self,
        converter: DataConverter,
        stands: Stands,
        at: datetime,
        answers: Answers,
        hears: Callable[[str], bool],
    ) -> None:
        self._converter = converter
        self._stands = stands
        self._until_now = at
        self._at = min(stands.since, at)
        self._answers = answers
        self._hears = hears
        self._jobs = [(instant, self._note(note)) for instant, note in stands.heard]
        self._before: list[Entry] = []
        self._told: list[tuple[str, AnyNote]] = []
        self._begins: list[Programme] = []
        self._next: tuple[str, list[Payload]] | None = None
        self._refused: Failure | None = None

    async def of_act(self, act: Act) -> Rehearsed:
        """What the case would enter of an act.

        Raises: ApplicationError as the case refuses the act; NotEntered; whatever an answer raises.
        """
        update = DoUpdate(
            id=act.request_id,
            protocol_instance_id=act.request_id,
            name=act.command,
            input=self._converter.payload_converter.to_payloads([act, None]),  # nobody has signed it yet
            run_validator=True,
        )
        job = WorkflowActivationJob(do_update=update)
        return await asyncio.to_thread(self._through, job, lambda entry: entry.request_id == act.request_id)

    async def of_note(self, note: AnyNote) -> Rehearsed:
        """What the case would enter of a note. Raises: NotEntered, where it does not hear it, too."""
        said = type(note).__name__, note.said_by
        return await asyncio.to_thread(
            self._through, self._note(note), lambda entry: (entry.act, entry.by) == said
        )

    def _through(self, job: WorkflowActivationJob, sought: Callable[[Entry], bool]) -> Rehearsed:
        """Run by run: a day that has come may end one, and the next one hears the act."""
        self._jobs.append((self._until_now, job))
        self._next = (
            self._stands.kind,
            self._converter.payload_converter.to_payloads([self._stands.begins_with]),
        )
        while self._next:
            kind, arguments = self._next
            self._next = self._refused = None
            instance = asyncio.run(self._instance(kind))
            try:
                entry = self._of_run(instance, kind, arguments, job, sought)
            finally:
                instance.activate(
                    self._activation(WorkflowActivationJob(remove_from_cache=RemoveFromCache()))
                )
            if entry:
                return Rehearsed(entry, tuple(self._before), tuple(self._told), tuple(self._begins))
        if self._refused:
            raise self._raised(self._refused)
        raise NotEntered

    def _of_run(
        self,
        instance: WorkflowInstance,
        kind: str,
        arguments: list[Payload],
        asked: WorkflowActivationJob,
        sought: Callable[[Entry], bool],
    ) -> Entry | None:
        """Each thing at its instant. Where the run ends under what is asked, its next one is asked again."""
        begin = InitializeWorkflow(workflow_type=kind, workflow_id=self._stands.number, arguments=arguments)
        job = WorkflowActivationJob(initialize_workflow=begin)
        while True:
            entry = self._until(instance, job, sought)
            if self._next and job == asked:
                self._jobs.append((self._until_now, asked))
            if entry or self._next or not self._jobs:
                return entry
            instant, job = self._jobs.pop(0)
            self._at = min(max(self._at, instant), self._until_now)

    def _note(self, note: AnyNote) -> WorkflowActivationJob:
        said = self._converter.payload_converter.to_payloads([note, None])  # who signs is asked before
        # the library warns of a signal that no event tells of
        signal = SignalWorkflow(signal_name=TELLS, input=said, originating_event_id=1)
        return WorkflowActivationJob(signal_workflow=signal)

    def _until(
        self, instance: WorkflowInstance, job: WorkflowActivationJob, sought: Callable[[Entry], bool]
    ) -> Entry | None:
        """Lets the case go on until it enters what is sought, or waits for a day or a person."""
        jobs = [job]
        while jobs:
            done = instance.activate(self._activation(*jobs))
            if done.HasField("failed"):  # by Temporal it is tried again, until a person has mended it
                raise NotEntered(done.failed.failure.message)
            jobs = []
            for command in done.successful.commands:
                entry = self._entry(command)
                if entry and sought(entry):
                    return entry
                if entry:
                    self._before.append(entry)
                    self._told, self._begins = [], []
                jobs += self._answered(command, instance)
        return None

    def _entry(self, command: WorkflowCommand) -> Entry | None:
        for kind in ("schedule_activity", "schedule_local_activity"):
            if command.HasField(kind) and (asked := getattr(command, kind)).activity_type == "enter":
                entry: Entry = self._read(asked.arguments, Entry)
                return entry
        return None

    def _answered(self, command: WorkflowCommand, instance: WorkflowInstance) -> list[WorkflowActivationJob]:
        """What the case goes on with, where it waits for something that is read or told."""
        match command.WhichOneof("variant"):
            case "schedule_activity":
                return [self._activity(command.schedule_activity, is_local=False)]
            case "schedule_local_activity":
                return [self._activity(command.schedule_local_activity, is_local=True)]
            case "signal_external_workflow_execution":
                signal = command.signal_external_workflow_execution
                to = signal.workflow_execution.workflow_id
                self._told.append((to, self._read(signal.args[:1], AnyNote)))
                lost = None if self._hears(to) else Failure(message=to)
                resolved = ResolveSignalExternalWorkflow(seq=signal.seq, failure=lost)
                return [WorkflowActivationJob(resolve_signal_external_workflow=resolved)]
            case "start_child_workflow_execution":
                child = command.start_child_workflow_execution
                self._begins.append(self._read(child.input, Programme))
                began = ResolveChildWorkflowExecutionStartSuccess(run_id=RUN)
                started = ResolveChildWorkflowExecutionStart(seq=child.seq, succeeded=began)
                return [WorkflowActivationJob(resolve_child_workflow_execution_start=started)]
            case "continue_as_new_workflow_execution":
                next_run = command.continue_as_new_workflow_execution
                self._next = (
                    next_run.workflow_type or instance.get_info().workflow_type,
                    list(next_run.arguments),
                )
            case "update_response" if command.update_response.HasField("rejected"):
                self._refused = command.update_response.rejected
        return []

    def _activity(self, asked: Any, *, is_local: bool) -> WorkflowActivationJob:
        if asked.activity_type == "enter":
            answer: Any = Entered()
        elif asked.activity_type in ("sign_note", "sign_beginning"):
            answer = BY_NOBODY
        else:
            answers = self._answers[asked.activity_type]
            takes = next(hint for name, hint in get_type_hints(answers).items() if name != "return")
            answer = answers(self._read(asked.arguments, takes))
        (result,) = self._converter.payload_converter.to_payloads([answer])
        done = ActivityResolution(completed=Success(result=result))
        resolved = ResolveActivity(seq=asked.seq, result=done, is_local=is_local)
        return WorkflowActivationJob(resolve_activity=resolved)

    def _read(self, payloads: Any, kind: Any) -> Any:
        (read,) = self._converter.payload_converter.from_payloads(list(payloads), [kind])
        return read

    def _raised(self, failure: Failure) -> BaseException:
        return self._converter.failure_converter.from_failure(failure, self._converter.payload_converter)

    def _activation(self, *jobs: WorkflowActivationJob) -> WorkflowActivation:
        activation = WorkflowActivation(run_id=RUN, jobs=jobs)
        activation.timestamp.FromDatetime(self._at.astimezone(UTC).replace(tzinfo=None))
        return activation

    async def _instance(self, kind: str) -> WorkflowInstance:
        known: dict[str, Any] = {
            "attempt": 1,
            "headers": {},
            "namespace": "default",
            "priority": Priority.default,
            "raw_memo": {},
            "search_attributes": {},
            "start_time": self._at,
            "task_queue": RUN,
            "typed_search_attributes": TypedSearchAttributes.empty,
            "workflow_id": self._stands.number,
            "workflow_start_time": self._at,
            "workflow_type": kind,
            **dict.fromkeys(("run_id", "first_execution_run_id", "original_execution_run_id"), RUN),
        }
        nothing: dict[str, Any] = dict.fromkeys(field.name for field in fields(workflow.Info))
        details = WorkflowInstanceDetails(
            payload_converter_factory=self._converter.payload_converter_class,
            failure_converter_class=self._converter.failure_converter_class,
            interceptor_classes=(),
            defn=workflow._Definition.must_from_class(CASES[kind]),
            info=workflow.Info(**nothing | known),
            randomness_seed=0,
            extern_functions={"__temporal_assert_local_activity_valid": lambda activity: None},
            disable_eager_activity_execution=True,
            worker_level_failure_exception_types=(),
            patch_activation_callback=None,
            last_completion_result=Payloads(),
            last_failure=None,
        )
        return UnsandboxedWorkflowRunner().create_instance(details)
