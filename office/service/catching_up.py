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

SETTLED = timedelta(minutes=2)
"""An act that was entered since may be asked for again by whoever sent it (office/desk/sending.py)."""

OVERLAP = timedelta(minutes=2)
"""By so much the clocks of Temporal, which dates entries, and of the worker may differ."""

AT_FIRST = 100
"""Cases that are looked at when a worker begins: those that have moved last."""

Tell = Callable[[str, RegisterAhead], bool]
"""Tells the case of a number. Raises: NotReachable."""

log = logging.getLogger(__name__)


async def keep_up(client: Client, settings: Settings, tell: Tell, every: float = EVERY) -> None:
    """Looks again and again at the cases on which somebody has acted since."""
    from temporalio.service import RPCError

    since, known = "", dict[str, int]()
    while True:
        until = datetime.now(UTC) - SETTLED
        try:
            acted = await asyncio.to_thread(_acted, settings.register_url, since, _written(until))
            for number, entry in acted.items():
                if known.get(number) != entry and not await _knows(client, number, entry):
                    await _told(tell, number, entry)
            since, known = _written(until - OVERLAP), acted
        except (ProcedureError, RPCError) as hindered:
            log.warning("%s", Message("catching-up.later", why=hindered))
        await asyncio.sleep(every)


def _acted(url: str, since: str, until: str) -> dict[str, int]:
    """The open cases on which somebody acted in that time, each with its last entry."""
    newest = "SELECT number, entry FROM current_state WHERE NOT ended AND recorded_at < ? "
    acted = (
        "SELECT s.number, s.entry FROM current_state s WHERE NOT s.ended AND s.recorded_at >= ? AND EXISTS "
        "(SELECT 1 FROM entry e WHERE e.number = s.number AND e.request_id IS NOT NULL "
        "AND e.recorded_at >= ? AND e.recorded_at < ?)"
    )
    with questions(url) as ask:
        if since:
            rows = ask(acted, [since, since, until])
        else:
            rows = ask(f"{newest} ORDER BY recorded_at DESC LIMIT {AT_FIRST}", [until])
    return {number: entry for number, entry in rows}


def _written(at: datetime) -> str:
    """An instant as the register has it."""
    return at.isoformat(timespec="milliseconds")


async def _knows(client: Client, number: str, entry: int) -> bool:
    """Whether a case knows that entry; one that runs nowhere is told by office/service/comparing.py."""
    look = await run_of(client, number)
    if look is None:
        return True
    execution = look.workflow_execution_info.execution
    told = await end_of(client, execution.workflow_id, execution.run_id)
    return told.knows is None or told.knows >= entry or told.writes


async def _told(tell: Tell, number: str, entry: int) -> None:
    """Tells it; a case that is at work in this moment knows more by then, and hears nothing new."""
    note = RegisterAhead(dossier=number, on=civil_day(datetime.now(UTC)), entry=entry)
    log.warning("%s", Message("catching-up.told", number=number, entry=entry))
    await asyncio.to_thread(tell, number, note)
