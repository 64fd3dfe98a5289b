"""Publishing, from the command line's and the worker's side: by whose clause, into which folder, and when."""

from __future__ import annotations

import logging
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.clock import civil_day
from models.errors import InputRefused
from office.settings import Settings
from register.publishing import Publication, difference, publish
from register.site import Frame

if TYPE_CHECKING:
    from temporalio.client import Client

WORKFLOW = "publication"
"""What the schedule and the workflow after a decision are called, after their task queue."""

HOUR = 3
"""Of the night, in Brussels, at which the register is published whatever happened."""

log = logging.getLogger(__name__)


def published(settings: Settings, folder: Path | None, at: datetime, write: bool) -> Publication:
    """Publishes the register as it is into a folder, or tells what that would change.

    Raises: InputRefused when no folder is named or set, or it holds something else; NoRuleInForce;
    OutsideWorldFailed; NotReachable.
    """
    into = folder or settings.publish_to
    if into is None:
        raise InputRefused(
            "No folder is named, and UMN_PUBLISH_TO names none.", ("publish FOLDER", "set UMN_PUBLISH_TO")
        )
    does = publish if write else difference
    return does(
        settings.register_url,
        into,
        Frame(settings.agency_name),
        at,
        hold_back=_holds_back(settings, civil_day(at)),
    )


def publish_again(settings: Settings, at: datetime) -> Publication:
    """What the worker publishes: the register as it is, into the folder that is set."""
    return published(settings, None, at, write=True)


async def schedule(client: Client, settings: Settings) -> None:
    """Has the register published every night, when a folder is set; else takes that back.

    Idempotent: by the id of the schedule. A Temporal that refuses it is warned about: cases go on.
    """
    from temporalio.client import (
        Schedule,
        ScheduleActionStartWorkflow,
        ScheduleAlreadyRunningError,
        ScheduleCalendarSpec,
        ScheduleRange,
        ScheduleSpec,
        ScheduleUpdate,
    )
    from temporalio.service import RPCError, RPCStatusCode

    name = f"{settings.task_queue}-{WORKFLOW}"
    every_night = Schedule(
        action=ScheduleActionStartWorkflow(
            "Publication",
            id=f"{name}-nightly",
            task_queue=settings.task_queue,
            static_summary="the public register, every night",
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(HOUR)])], time_zone_name="Europe/Brussels"
        ),
    )
    try:
        if settings.publish_to is None:
            await client.get_schedule_handle(name).delete()
        else:
            try:
                await client.create_schedule(name, every_night)
            except ScheduleAlreadyRunningError:
                await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(every_night))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            log.warning("The register is not published every night: %s", error.message)


async def publish_soon(client: Client, settings: Settings) -> None:
    """Has the register published after a change of its lists; several changes at once are one publication.

    Never fails: whoever changed a list is not held up by it, and the night makes up for it.
    """
    from temporalio.service import RPCError

    try:
        await client.start_workflow(
            "Publication",
            id=f"{settings.task_queue}-{WORKFLOW}",
            task_queue=settings.task_queue,
            start_signal="lists_changed",
            static_summary="the public register, after a change of its lists",
        )
    except RPCError as error:
        log.warning("The register is not published before the night: %s", error.message)


def _holds_back(settings: Settings, on: date) -> bool:
    from models.law.conditions import held_back
    from office.agency_law import read

    return held_back(read(settings.law).clause("publication-gap"), on)
