"""*Request Cancellation* of Temporal, and why it ends nothing.

Law: none knows it. A case ends by a decision, a withdrawal or a closure, each entered in the register; a
button of another program is none of these. What was asked is heard once a run, and a person looks at it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from temporalio import workflow

from models.acts import CancellationDismissed
from models.entry import OpenClock
from models.notes import CancellationRequested
from models.parties import Role
from models.receipts import CancellationAsked
from workflows.case import Case

T = TypeVar("T")


async def unless_cancelled(run: Coroutine[Any, Any, T], asked: Callable[[str], None]) -> T:
    """Runs to its own end, whoever asks Temporal to cancel it.

    `asked` hears of the first request to a run: Temporal writes no event of a second one to the same run.
    """
    task = asyncio.create_task(run)
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the worker lets the case go from its memory
                raise
            asked(workflow.cancellation_reason() or "")


def tasks(case: Case) -> list[OpenClock]:
    """A task of the desk: a cancellation was requested of Temporal, and a person says what it meant."""
    asked = case.docket.cancellation
    return [OpenClock(ref=f"cancellation-{asked.entry}", desk=Role.DESK, due_on=asked.on)] if asked else []


def take_note(case: Case, asked: CancellationRequested) -> None:
    """The request is entered, and stays a task until a person has looked at it."""
    case.note(reason=asked.reason)
    case.docket.cancellation = CancellationAsked(entry=case.docket.entries + 1, on=asked.on)


def dismiss(case: Case, act: CancellationDismissed) -> None:
    """A person looked at it: the case goes on."""
    case.docket.cancellation = None
    case.note(grounds=act.grounds)


def ignored(reason: str) -> None:
    """What carries no case has no register to enter a request in: it says so in the log and goes on."""
    workflow.logger.warning(
        "A cancellation was requested (%s); the work goes on.", reason or "no reason given"
    )
