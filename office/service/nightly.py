"""What the worker has Temporal do every night: one schedule for each, kept as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True)
class Nightly:
    """A workflow that begins every night: its type, what it is called after its task queue, hour and zone."""

    workflow: str
    name: str
    hour: int
    zone: str
    static_summary: str


async def schedule(client: Client, settings: Settings, nightly: Nightly, wanted: bool = True) -> str:
    """Has a workflow begin every night, or takes that back. Idempotent: by the id of the schedule.

    Returns: why Temporal refuses it; empty when it does not: cases go on in any event.
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

    name = f"{settings.task_queue}-{nightly.name}"
    every_night = Schedule(
        action=ScheduleActionStartWorkflow(
            nightly.workflow,
            id=f"{name}-nightly",
            task_queue=settings.task_queue,
            static_summary=nightly.static_summary,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(nightly.hour)])], time_zone_name=nightly.zone
        ),
    )
    try:
        if not wanted:
            await client.get_schedule_handle(name).delete()
            return ""
        try:
            await client.create_schedule(name, every_night)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(every_night))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            return error.message
    return ""
