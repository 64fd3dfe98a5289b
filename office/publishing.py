"""Publishing, from the command line's and the worker's side: by whose clause, into which folder, and when."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from datetime import UTC, date, datetime, timedelta
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

REMEMBERED = "publication.json"
"""The file of the data folder that says how the last publications went, for `umn status`."""

LATE = timedelta(hours=26)
"""A night was left out when the last publication is older than this."""

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
    if not write:
        return difference(*_what(settings, into, at), hold_back=_holds_back(settings, civil_day(at)))
    try:
        told = publish(*_what(settings, into, at), hold_back=_holds_back(settings, civil_day(at)))
    except Exception as error:
        if into == settings.publish_to:
            _remember(settings, at, error)
        raise
    if into == settings.publish_to:
        _remember(settings, at)
    return told


def last_publication(settings: Settings) -> dict[str, str]:
    """How the last publications to the folder that is set went.

    `published_at` is when one went well, `failed_since` the first failure after it, with the `reason` of
    the newest; empty where there is none. Instants are UTC.
    """
    told = dict.fromkeys(("published_at", "failed_since", "reason"), "")
    with contextlib.suppress(OSError, ValueError):
        read = json.loads((settings.var / REMEMBERED).read_text())
        told |= {name: str(read[name]) for name in told if name in read}
    return told


def trouble(settings: Settings, now: datetime) -> str:
    """What an operator has to know of the publications to the set folder; empty when all is well."""
    told = last_publication(settings)
    if settings.publish_to is None:
        return ""
    published_at = told["published_at"]
    last = f"was last published at {_there(published_at)}" if published_at else "was never published"
    if told["failed_since"]:
        since = _there(told["failed_since"])
        return f"The public register {last}; it could not be published since {since}: {told['reason']}"
    if published_at and now - datetime.fromisoformat(published_at) > LATE:
        return f"The public register {last}; no worker has published it since, every night or after a change."
    return ""


def _there(instant: str) -> str:
    from zoneinfo import ZoneInfo

    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo('Europe/Brussels')):%Y-%m-%d %H:%M}"


def _what(settings: Settings, into: Path, at: datetime) -> tuple[str, Path, Frame, datetime]:
    url = settings.public_url and settings.public_url.rstrip("/") + "/"
    return settings.register_url, into, Frame(settings.agency_name, url), at


def _remember(settings: Settings, at: datetime, error: Exception | None = None) -> None:
    """Writes down how a publication went, in one step. Where that fails, the publication still stands."""
    told, now = last_publication(settings), at.astimezone(UTC).isoformat(timespec="seconds")
    if error is None:
        told = {"published_at": now, "failed_since": "", "reason": ""}
    else:
        possible = getattr(error, "possible", ())
        why = f"{getattr(error, 'message', '') or f'{type(error).__name__}: {error}'}"
        told["failed_since"] = told["failed_since"] or now
        told["reason"] = f"{why} Possible now: {', '.join(possible)}." if possible else why
    try:
        draft = settings.var / f".{REMEMBERED}.{os.getpid()}"
        draft.write_text(json.dumps(told, indent=1) + "\n")
        draft.replace(settings.var / REMEMBERED)
    except OSError as unwritten:
        log.warning("How the publication went cannot be written down: %s", unwritten)


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
