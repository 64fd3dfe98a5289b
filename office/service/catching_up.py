"""Has a case hear that the register holds an act of which it has lost the task: it goes on from there.

An act is entered in the task that hears it (docs/decisions/0002). Where that task was lost, it is done again
by the server, or by whoever acted; here is seen to it where nobody does so, as after a power cut.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.clock import civil_day
from models.errors import ProcedureError
from models.messages import Message
from models.notes import RegisterAhead
from office.service.comparing import run_of
from office.service.written import end_of
from office.settings import Settings
from register.reading import questions

if TYPE_CHECKING:
    from temporalio.client import Client

EVERY = 60.0
"""Seconds between two looks."""

SETTLED = timedelta(seconds=30)
"""An act that was entered since may be on its way back to whoever sent it."""

AT_FIRST = 100
"""Cases that are looked at when a worker begins, those first on which somebody acted last."""

Tell = Callable[[str, RegisterAhead], bool]
"""Tells the case of a number. Raises: NotReachable."""

log = logging.getLogger(__name__)


async def keep_up(client: Client, settings: Settings, tell: Tell, every: float = EVERY) -> None:
    """Looks again and again at the cases on which somebody has acted since."""
    from temporalio.service import RPCError

    since, again = "", dict[str, int]()
    while True:
        until = (datetime.now(UTC) - SETTLED).isoformat(timespec="milliseconds")
        try:
            acted = again | await asyncio.to_thread(_acted, settings.register_url, since, until)
            again = {
                number: entry
                for number, entry in acted.items()
                if not await _knows(client, number, entry) and not await _told(tell, number, entry)
            }
            since = until
        except (ProcedureError, RPCError) as hindered:
            log.warning("%s", Message("catching-up.later", why=hindered))
        await asyncio.sleep(every)


def _acted(url: str, since: str, until: str) -> dict[str, int]:
    """The open cases whose last entry is an act of that time, each with its number."""
    asked = (
        "SELECT s.number, s.entry FROM current_state s "
        "JOIN entry e ON e.number = s.number AND e.sequence = s.entry "
        "WHERE NOT s.ended AND e.request_id IS NOT NULL AND s.recorded_at >= ? AND s.recorded_at < ? "
        "ORDER BY s.recorded_at DESC"
    )
    with questions(url) as ask:
        rows = ask(f"{asked} LIMIT {AT_FIRST}" if not since else asked, [since, until])
    return {number: entry for number, entry in rows}


async def _knows(client: Client, number: str, entry: int) -> bool:
    """Whether a case knows that entry; one that runs nowhere is told by office/service/comparing.py."""
    look = await run_of(client, number)
    if look is None:
        return True
    execution = look.workflow_execution_info.execution
    told = await end_of(client, execution.workflow_id, execution.run_id)
    return told.knows is None or told.knows >= entry or told.writes


async def _told(tell: Tell, number: str, entry: int) -> bool:
    """Tells it. Returns: whether it was told; a case that is at work in this moment hears it, too."""
    note = RegisterAhead(dossier=number, on=civil_day(datetime.now(UTC)), entry=entry)
    log.warning("%s", Message("catching-up.told", number=number, entry=entry))
    return await asyncio.to_thread(tell, number, note)
