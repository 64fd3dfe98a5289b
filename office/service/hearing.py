"""Asks Temporal who listens, what fails, and which cases it runs, and compares them with the register.

Ten thousand cases are not looked at one by one: what fails is found by what Temporal's list of cases
knows, and only cases that are named are asked about. Everything is asked within a few seconds; what was
heard until then counts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.errors import ProcedureError
from models.messages import Message, worded
from office import connection
from office.service.asking import (
    Listener,
    describe,
    failure_of,
    ids,
    is_in_conflict,
    listeners,
    named,
    ours,
    soon,
)
from office.service.comparing import compared
from office.service.problems import NAMED, Problem, each
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client

PATIENCE = 5.5
"""Seconds for all questions together."""

STALLED = "TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'"
"""On whichever queue: a mistake of ours, which a mended worker picks up where it stands."""

HELD_UP = "HinderedSince IS NOT NULL AND ExecutionStatus = 'Running'"
"""What waits for something outside that has failed several times: see workflows/effects.py."""

LASTS = {
    "Statement": timedelta(minutes=10),
    "Publication": timedelta(minutes=30),
    "Links": timedelta(minutes=10),
    "Reconciliation": timedelta(hours=2),
    "AgendaMail": timedelta(days=1),
}
"""What ends by itself, and the time after which it should have."""


@dataclass
class Heard:
    """What was heard of Temporal until now."""

    address: str = ""
    namespace: str = ""
    version: str = ""
    answers: bool = False
    listeners: tuple[Listener, ...] = ()
    postmen: tuple[Listener, ...] = ()
    problems: list[Problem] = field(default_factory=list)


async def hear(settings: Settings, patience: float) -> Heard:
    """Asks everything, within seconds. Never raises over what does not answer.

    Args:
        settings: the installation.
        patience: seconds to ask again while nobody has asked for work yet.
    """
    from temporalio.service import RPCError

    heard = Heard()
    try:
        await asyncio.wait_for(_ask(settings, heard, patience), PATIENCE)
    except TimeoutError:
        key = "problem.stopped-answering" if heard.answers else "problem.did-not-answer"
        said = Message(key, address=heard.address, seconds=PATIENCE)
        heard.problems.append(Problem("temporal", said, possible=("up",)))
    except ProcedureError as error:
        heard.problems.append(Problem("temporal", error.said, possible=error.possible))
    except RPCError as error:
        heard.problems.append(Problem("temporal", Message("problem.refused-to-say", why=error.message)))
    return heard


async def _ask(settings: Settings, heard: Heard, patience: float) -> None:
    from temporalio.service import RPCError

    heard.address = connection.address(settings)
    client = await connection.connect(settings)
    heard.namespace = client.namespace
    heard.version = await _server_version(client)
    heard.answers = True

    async def compare() -> None:
        heard.problems += await compared(client, settings)

    asked = [
        _listen(client, settings, heard, patience),
        _failing(client, settings, heard),
        _slow(client, settings, heard),
        compare(),
    ]
    for failed in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(failed, RPCError):
            refused = Problem("temporal", Message("problem.refused-to-say", why=failed.message))
            heard.problems += [refused] if refused not in heard.problems else []
        elif failed is not None:
            raise failed


async def _server_version(client: Client) -> str:
    from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

    answer = await client.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=soon())
    return answer.server_version


# Who listens.


async def _listen(client: Client, settings: Settings, heard: Heard, patience: float) -> None:
    until = asyncio.get_running_loop().time() + patience
    while not (found := await listeners(client, settings.task_queue)):
        if asyncio.get_running_loop().time() >= until:
            break
        await asyncio.sleep(0.1)
    heard.listeners = found
    heard.postmen = await listeners(client, settings.letters_queue)
    heard.problems += filter(None, (builds_differ(heard.listeners), builds_differ(heard.postmen)))


def builds_differ(found: Iterable[Listener]) -> Problem | None:
    """Two builds that take turns at the same cases."""
    by_build: dict[str, list[str]] = {}
    for one in found:
        by_build.setdefault(one.build or worded("problem.no-build"), []).append(one.identity)
    if len(by_build) < 2:
        return None
    told = "; ".join(f"{build} ({', '.join(who)})" for build, who in sorted(by_build.items()))
    return Problem(
        "builds-differ",
        Message("problem.builds-differ", told=told),
    )


# What fails.


async def _failing(client: Client, settings: Settings, heard: Heard) -> None:
    """Cases whose tasks fail by a fault of ours, and cases that wait for something outside."""
    stand_still, stalled_many = await named(client, STALLED)
    hindered, hindered_many = await named(client, HELD_UP)
    looks = {
        number: await describe(client, number)
        for number in dict.fromkeys([*ids(stand_still)[:NAMED], *ids(hindered)[:NAMED]])
    }
    heard.problems += each(
        "task-fails", ids(stand_still), stalled_many, lambda number: stalled(number, looks[number])
    )
    heard.problems += each(
        "held-up", ids(hindered), hindered_many, lambda number: held_up(number, looks[number])
    )


def stalled(number: str, look: DescribeWorkflowExecutionResponse | None) -> Problem:
    """A case whose tasks fail."""
    since = None
    if look and look.HasField("pending_workflow_task"):
        since = look.pending_workflow_task.original_scheduled_time.ToDatetime(UTC)
    return Problem(
        "task-fails",
        Message("problem.stalled", number=number),
        number,
        since,
    )


def held_up(number: str, look: DescribeWorkflowExecutionResponse | None) -> Problem:
    """A case that waits in vain: for which activity, at which attempt, and why."""
    since, why, possible = None, Message("problem.waits-and-fails"), ()
    if look:
        held = look.workflow_execution_info.search_attributes.indexed_fields.get("HinderedSince")
        since = datetime.fromisoformat(json.loads(held.data)) if held else None
        for pending in look.pending_activities:
            why = failure_of(pending) or why
        possible = (f"reopen {number.removesuffix('/account')}",) if is_in_conflict(look) else ()
    return Problem("held-up", Message("problem.held-up", number=number, why=why), number, since, possible)


async def _slow(client: Client, settings: Settings, heard: Heard) -> None:
    """Statements and publications that do not end."""
    kinds = ", ".join(f"'{kind}'" for kind in LASTS)
    found, _ = await named(client, ours(settings, f"WorkflowType IN ({kinds})"))
    now = datetime.now(UTC)
    for one in found[:NAMED]:
        since = one.start_time.ToDatetime(UTC)
        look = await describe(client, one.execution.workflow_id)
        first = look.workflow_execution_info.first_run_id if look else ""
        if first and first != one.execution.run_id:  # it went on as a new run, perhaps many times
            began = await describe(client, one.execution.workflow_id, first)
            since = began.workflow_execution_info.start_time.ToDatetime(UTC) if began else since
        if now - since > LASTS[one.type.name]:
            heard.problems.append(
                Problem(
                    "does-not-end",
                    Message("problem.does-not-end", kind=one.type.name, workflow=one.execution.workflow_id),
                    one.execution.workflow_id,
                    since,
                )
            )
