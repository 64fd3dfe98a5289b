"""Compares the register with Temporal: which cases one holds open and the other does not run.

Up to two thousand open cases are compared one by one each time; beyond, those that were ended by hand are
always found, and all are compared when the numbers of both sides differ.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.errors import NotReachable, ProcedureError
from models.messages import Message
from office import connection
from office.service.asking import count, describe, every, named, ours
from office.service.outside import in_time
from office.service.problems import NAMED, Problem, each
from office.service.written import whole_of
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.api.workflow.v1 import WorkflowExecutionInfo
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client

    from register.views import Stand

ALWAYS_COMPARED = 2_000
"""Open cases up to which each is compared every time; beyond, only when their number differs."""

LISTING = 3.0
"""Seconds for the list of all cases."""

ENDED = 200
"""Runs ended by hand that are looked at, the newest."""

FRESH = timedelta(minutes=1)
"""A case that was opened a moment ago may not be in the register yet."""

CASES = "WorkflowType IN ('Dossier', 'Programme', 'Account')"


async def compared(client: Client, settings: Settings) -> list[Problem]:
    """Cases that the register holds open and Temporal does not run, the other way round, and those set back.

    What differs is asked again one by one: a case may have moved on between the questions.
    """
    try:
        stood = await _stands(settings)
    except (ProcedureError, TimeoutError):
        return []  # that the register does not answer is told elsewhere
    opened = {number for number, stand in stood.items() if not stand.ended}
    ended = await _ended_badly(client, settings, opened)
    looks = {number: await run_of(client, number) for number in [*ended][:NAMED]}
    missing = {number for number in ended if looks.get(number) is None}
    surplus: list[str] = []
    problems: list[Problem] = []
    counted = await count(client, ours(settings, CASES))
    if len(opened) <= ALWAYS_COMPARED or counted + len(missing) != len(opened):
        try:
            runs = await asyncio.wait_for(running(client, settings), LISTING)
        except TimeoutError:
            problems.append(
                Problem("not-compared", Message("problem.not-compared", n=len(opened), counted=counted))
            )
        else:
            missing |= {number for number in opened if number not in runs and number not in looks}
            surplus = [n for n, run in runs.items() if n in stood and goes_on(stood[n], run)]
            problems += _never_entered(runs, stood)
    suspects = [*sorted(missing)[:NAMED], *sorted(surplus)[:NAMED]]
    looks |= {number: await run_of(client, number) for number in suspects if number not in looks}
    if looks:
        stood = await _stands(settings)
    lost = [number for number in sorted(missing) if looks.get(number) is None and not stood[number].ended]
    surplus = [number for number in sorted(surplus) if looks.get(number) and stood[number].ended]
    told_lost = {n: await not_running(client, n, ended.get(n), stood[n]) for n in lost[:NAMED]}
    problems += each("not-running", lost, len(lost), told_lost.__getitem__)
    problems += each(
        "still-running", surplus, len(surplus), lambda number: still_running(number, stood[number])
    )
    for number, look in looks.items():
        if (
            look
            and not stood[number].ended
            and (behind := await _behind(client, number, look, stood[number]))
        ):
            problems.append(behind)
    return problems


async def lost(settings: Settings) -> list[str]:
    """Cases that the register holds open and Temporal does not run; quick where both run as many.

    Raises: NotReachable when Temporal or register does not answer; TimeoutError.
    """
    from temporalio.service import RPCError

    client = await connection.connect(settings)
    try:
        opened = {number for number, stand in (await _stands(settings)).items() if not stand.ended}
        if await count(client, ours(settings, CASES)) >= len(opened):
            return []
        runs = await asyncio.wait_for(running(client, settings), LISTING)
        missing = sorted(opened - runs.keys())
        one_by_one = [number for number in missing[:NAMED] if await run_of(client, number) is None]
    except RPCError as error:
        raise NotReachable("temporal.stopped-answering", why=error.message, possible=("status",)) from error
    return one_by_one + missing[NAMED:]


async def _stands(settings: Settings) -> dict[str, Stand]:
    from register.views import stands

    return await in_time(lambda: stands(settings.register_url), connection.PATIENCE)


async def _ended_badly(
    client: Client, settings: Settings, opened: set[str]
) -> dict[str, WorkflowExecutionInfo]:
    """Open cases of which a run was ended by hand, the newest first; a later run may go on."""
    over = "ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut', 'Failed')"
    found, _ = await named(client, f"{CASES} AND {over} AND TaskQueue = '{settings.task_queue}'", ENDED)
    by_number: dict[str, WorkflowExecutionInfo] = {}
    for one in found:
        by_number.setdefault(one.execution.workflow_id.removesuffix("/account"), one)
    return {number: one for number, one in by_number.items() if number in opened}


def goes_on(stand: Stand, run: WorkflowExecutionInfo) -> bool:
    """Whether a case runs that has ended by the register; its account may."""
    return stand.ended and run.type.name != "Account"


def _never_entered(running: dict[str, WorkflowExecutionInfo], stood: dict[str, Stand]) -> list[Problem]:
    """Cases that were started some time ago and have no entry yet."""
    fresh = datetime.now(UTC) - FRESH
    began = {number: run.start_time.ToDatetime(UTC) for number, run in running.items() if number not in stood}
    late = sorted(number for number, since in began.items() if since < fresh)
    return each(
        "never-entered",
        late,
        len(late),
        lambda n: Problem("never-entered", Message("problem.never-entered", number=n), n, began[n]),
    )


def still_running(number: str, stand: Stand) -> Problem:
    """A case that has ended by the register."""
    return Problem(
        "still-running",
        Message("problem.still-running", number=number),
        number,
        _time(stand.recorded_at),
        possible=(f"temporal workflow terminate --workflow-id {number}",),
    )


HOW = ("TERMINATED", "CANCELED", "TIMED_OUT", "FAILED", "COMPLETED")
"""What the end of a run is called, where there are words for it."""


async def not_running(
    client: Client, number: str, ended: WorkflowExecutionInfo | None, stand: Stand
) -> Problem:
    """A case that the register holds open, and how its run ended, where Temporal knows."""
    from temporalio.api.enums.v1 import WorkflowExecutionStatus

    if ended is None and (look := await describe(client, number)):
        ended = look.workflow_execution_info
    if ended is None:
        how: Message | str = Message("problem.unknown-to-temporal")
        since = _time(stand.recorded_at)
    else:
        status = WorkflowExecutionStatus.Name(ended.status).removeprefix("WORKFLOW_EXECUTION_STATUS_")
        how = Message(f"problem.run-{status.lower()}") if status in HOW else status.lower()
        since = ended.close_time.ToDatetime(UTC)
    return Problem(
        "not-running",
        Message("problem.not-running", number=number, how=how, entries=stand.entry),
        number,
        since,
        possible=(f"reopen {number}",),
    )


async def _behind(
    client: Client, number: str, look: DescribeWorkflowExecutionResponse, stand: Stand
) -> Problem | None:
    """A case that was set back by hand, without the acts that had followed: its next entry conflicts."""
    extended = look.workflow_extended_info
    if not extended.HasField("last_reset_time") or look.HasField("pending_workflow_task"):
        return None  # or it is still taking up what had followed
    knows = await _knows(client, number, look, stand.entry)
    if knows >= stand.entry:
        return None
    return Problem(
        "behind",
        Message("problem.behind", number=number, knows=knows, entries=stand.entry),
        number,
        extended.last_reset_time.ToDatetime(UTC),
        possible=(f"reopen {number}",),
    )


async def ahead(client: Client, number: str, entries: int) -> int:
    """By how many entries a run knows more than the register held; below nothing where it was set back."""
    look = await describe(client, number)
    if look is None or look.HasField("pending_workflow_task"):
        return 0
    return (await _knows(client, number, look, entries)) - entries


async def _knows(client: Client, number: str, look: DescribeWorkflowExecutionResponse, entries: int) -> int:
    """The last entry that a run knows, or is about to know: all of them while it writes one."""
    told = await whole_of(client, number, look.workflow_execution_info.execution.run_id)
    return entries if told.writes or told.knows is None else told.knows


async def run_of(client: Client, number: str) -> DescribeWorkflowExecutionResponse | None:
    """The run of a case, or of its account; nothing when neither runs."""
    from temporalio.api.enums.v1 import WorkflowExecutionStatus

    for name in (number, f"{number}/account"):
        look = await describe(client, name)
        running = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        if look and look.workflow_execution_info.status == running:
            return look
    return None


async def running(client: Client, settings: Settings) -> dict[str, WorkflowExecutionInfo]:
    """Every case that runs, by number."""
    found: dict[str, WorkflowExecutionInfo] = {}
    for one in await every(client, ours(settings, CASES)):
        found.setdefault(one.execution.workflow_id.removesuffix("/account"), one)
    return found


def _time(recorded_at: str) -> datetime:
    return datetime.fromisoformat(recorded_at)
