"""The questions to Temporal that `umn status` and an unanswered act have in common. They change nothing."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.messages import Message
from office import connection
from office.service.running import Process
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.api.workflow.v1 import PendingActivityInfo, WorkflowExecutionInfo
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client

LONG_POLL = timedelta(seconds=75)
"""A worker asks for work at least this often; the server remembers who asked for five minutes."""

PROCESS = re.compile(r"(\d+)@(\S+)")
"""How the identity of a worker begins: its process and its machine."""


@dataclass(frozen=True)
class Listener:
    """A worker that has asked for work: who, of which build, and when it asked last."""

    identity: str
    build: str
    asked_at: datetime


async def listeners(client: Client, queue: str) -> tuple[Listener, ...]:
    """Who can still take work: asked within the last long poll, and has not ended since.

    The server remembers who asked longer than that one lives. A worker that ends in good order tells the
    server so; of one that was killed on this machine the process is gone.
    """
    from temporalio.api.enums.v1 import TaskQueueType, WorkerStatus
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ListWorkersRequest
    from temporalio.service import RPCError

    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=soon(),
    )
    ended: set[str] = set()
    if len(answer.pollers) > 1:
        over = (WorkerStatus.WORKER_STATUS_SHUTTING_DOWN, WorkerStatus.WORKER_STATUS_SHUTDOWN)
        try:
            known = await client.workflow_service.list_workers(
                ListWorkersRequest(namespace=client.namespace, query=f"TaskQueue = '{queue}'"),
                timeout=soon(),
            )
            ended = {one.worker_identity for one in known.workers if one.status in over}
        except RPCError:
            pass  # an older server does not know its workers
    now = datetime.now(UTC)
    found = (
        Listener(one.identity, one.deployment_options.build_id, one.last_access_time.ToDatetime(UTC))
        for one in answer.pollers
    )
    return tuple(
        sorted(
            (
                one
                for one in found
                if now - one.asked_at < LONG_POLL and one.identity not in ended and _may_live(one.identity)
            ),
            key=lambda one: one.identity,
        )
    )


def _may_live(identity: str) -> bool:
    """Whether the process of that identity can still run; of another machine nobody here knows."""
    found = PROCESS.match(identity)
    if found is None or found[2] != socket.gethostname():
        return True
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return Process.of(int(found[1])).alive  # one that has ended keeps its number until it is buried


def failure_of(pending: PendingActivityInfo) -> str:
    """Why an activity fails that is tried again, in English as its failure is; nothing while it does not."""
    if not pending.HasField("last_failure"):
        return ""
    failure = pending.last_failure
    said = failure.message.rstrip(".") or Message("asking.no-reason")
    kind = failure.application_failure_info.type
    told = Message(
        "asking.fails-with" if kind else "asking.fails",
        kind=kind,
        why=said,
        activity=pending.activity_type.name,
        attempt=pending.attempt,
    )
    return str(told)


def soon() -> timedelta:
    """How long one question is waited for."""
    return timedelta(seconds=connection.PATIENCE)


def ours(settings: Settings, which: str) -> str:
    """The query for what runs on our task queue."""
    return f"{which} AND ExecutionStatus = 'Running' AND TaskQueue = '{settings.task_queue}'"


def ids(found: Iterable[WorkflowExecutionInfo]) -> list[str]:
    """Their workflow ids, which are the numbers of cases."""
    return [one.execution.workflow_id for one in found]


async def named(client: Client, query: str, most: int = 21) -> tuple[list[WorkflowExecutionInfo], int]:
    """The newest of a list, and how many there are."""
    from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest

    page = await client.workflow_service.list_workflow_executions(
        ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=most, query=query),
        timeout=soon(),
    )
    found = list(page.executions)
    return found, await count(client, query) if page.next_page_token else len(found)


async def every(client: Client, query: str) -> list[WorkflowExecutionInfo]:
    """All of a list, page by page."""
    from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest

    found: list[WorkflowExecutionInfo] = []
    token = b""
    while True:
        page = await client.workflow_service.list_workflow_executions(
            ListWorkflowExecutionsRequest(
                namespace=client.namespace, page_size=1_000, next_page_token=token, query=query
            ),
            timeout=soon(),
        )
        found += page.executions
        if not (token := page.next_page_token):
            return found


async def count(client: Client, query: str) -> int:
    """How many there are."""
    from temporalio.api.workflowservice.v1 import CountWorkflowExecutionsRequest

    asked = CountWorkflowExecutionsRequest(namespace=client.namespace, query=query)
    return (await client.workflow_service.count_workflow_executions(asked, timeout=soon())).count


async def describe(client: Client, workflow: str, run: str = "") -> DescribeWorkflowExecutionResponse | None:
    """What Temporal knows of a run; nothing when it knows none."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
    from temporalio.service import RPCError, RPCStatusCode

    asked = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=workflow, run_id=run)
    )
    try:
        return await client.workflow_service.describe_workflow_execution(asked, timeout=soon())
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT):
            return None
        raise


async def conflicts(client: Client, number: str) -> bool:
    """Whether the register holds another entry in the place of the next: waiting ends nothing."""
    look = await describe(client, number)
    return look is not None and is_in_conflict(look)


def is_in_conflict(look: DescribeWorkflowExecutionResponse) -> bool:
    """Whether an entry of a run does not fit the register."""
    failed = (one.last_failure.application_failure_info for one in look.pending_activities)
    return any(failure.type == "RegisterConflict" for failure in failed)


async def why_unanswered(client: Client, settings: Settings, number: str) -> Message:
    """Why an act has no answer yet: who is missing, or what fails."""
    if not await listeners(client, settings.task_queue):
        return Message("asking.no-worker", queue=settings.task_queue)
    for workflow in (f"{number}/account", number):
        look = await describe(client, workflow)
        for pending in look.pending_activities if look else ():
            if said := failure_of(pending):
                return Message("asking.held-up", why=said.rstrip("."))
        if look and look.pending_workflow_task.attempt > 1:
            attempt = look.pending_workflow_task.attempt
            return Message("asking.stalled", attempt=attempt)
    return Message("asking.not-in-time")
