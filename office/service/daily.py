"""What worker and postman have Temporal begin every day: one schedule for each, kept as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True)
class Daily:
    """A workflow that begins every day: its type, what it is called after our task queue, hour and zone.

    It runs on a task queue of ours.
    """

    workflow: str
    name: str
    hour: int
    zone: str
    queue: str
    static_summary: str


async def schedule(client: Client, settings: Settings, daily: Daily, wanted: bool = True) -> str:
    """Has a workflow begin every day, or takes that back. Idempotent: by the id of the schedule.

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

    name = f"{settings.task_queue}-{daily.name}"
    every_day = Schedule(
        action=ScheduleActionStartWorkflow(
            daily.workflow,
            id=f"{name}-daily",
            task_queue=daily.queue,
            static_summary=daily.static_summary,
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(daily.hour)])], time_zone_name=daily.zone
        ),
    )
    try:
        if not wanted:
            await client.get_schedule_handle(name).delete()
            return ""
        try:
            await client.create_schedule(name, every_day)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(every_day))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            return error.message
    return ""
