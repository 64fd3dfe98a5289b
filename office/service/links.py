"""Has links between cases looked at: soon after a change, and every night."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from models.messages import Message
from office.publication.schedule import zone
from office.service.daily import Daily, schedule
from office.settings import Settings
from procedures import registry

if TYPE_CHECKING:
    from temporalio.client import Client

WORKFLOW = "links"
"""What the schedule and the workflow after a decision are called, after their task queue."""

HOUR = 4
"""Of the night, once the registers are published."""

log = logging.getLogger(__name__)


async def look_every_night(client: Client, settings: Settings) -> None:
    """Has them looked at every night, where procedures link cases. Idempotent: by the id of the schedule."""
    nightly = Daily(
        "Links",
        WORKFLOW,
        HOUR,
        zone().key,
        settings.task_queue,
        static_summary="links between cases, every night",
    )
    if refused := await schedule(client, settings, nightly, wanted=bool(registry.links())):
        log.warning("%s: %s", Message("links.not-every-night"), refused)


async def look_soon(client: Client, settings: Settings) -> None:
    """Has them looked at after a change of what the public sees; several at once are one look.

    Never fails: whoever changed it is not held up by it, and the night makes up for it.
    """
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    try:
        await client.start_workflow(
            "Links",
            id=f"{settings.task_queue}-{WORKFLOW}",
            task_queue=settings.task_queue,
            start_signal="lists_changed",
            static_summary="links between cases, after a change",
        )
    except (RPCError, WorkflowAlreadyStartedError) as error:  # as when two start it in the same moment
        log.warning("%s: %s", Message("links.not-before-the-night"), error.message)
