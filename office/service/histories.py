"""Keeps the histories of runs that have ended, so that no retention of Temporal's eats the proof.

A case changes its run once a year, and when a dossier becomes a programme; each run that is over is looked
for by the worker of cases, is compressed, kept by its content, and read again before it counts as kept.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused, OutsideWorldFailed, ProcedureError
from models.messages import Message
from office.settings import Settings
from register import histories
from register.documents import DocumentStore
from register.histories import KeptHistory

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowExecution, WorkflowHistory

EVERY = 20.0
"""Seconds between two looks for runs that have ended."""

AGAIN = timedelta(hours=1)
"""How far before the last one that is kept runs are looked at again: the list of runs is a moment behind."""

KINDS = "WorkflowType IN ('Dossier', 'Programme', 'Account', 'Statement')"

log = logging.getLogger(__name__)


async def keep_histories(client: Client, settings: Settings, every: float = EVERY) -> None:
    """Keeps what has ended, again and again. What cannot be kept now is kept at a later look."""
    from temporalio.service import RPCError

    while True:
        try:
            async for _ in keep_ended(client, settings):
                pass
        except (ProcedureError, RPCError, OSError) as hindered:
            log.warning("%s", Message("history.kept-later", why=hindered))
        await asyncio.sleep(every)


async def keep_ended(client: Client, settings: Settings) -> AsyncIterator[KeptHistory]:
    """Keeps the history of each run that has ended since the last look. Idempotent: by the run.

    Raises: NotReachable when register or store does not answer; OutsideWorldFailed when what was written is
    not what was read.
    """
    url, store = settings.register_url, DocumentStore(settings.documents)
    for run in await not_kept(client, settings):
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        yield await asyncio.to_thread(_keep, url, store, run, history)


async def not_kept(client: Client, settings: Settings) -> list[WorkflowExecution]:
    """Runs that have ended and have no kept history, the oldest first.

    Raises: NotReachable when the register does not answer.
    """
    last = await asyncio.to_thread(histories.last_ended, settings.register_url)
    since = ""
    if last:
        since = f" AND CloseTime >= '{(datetime.fromisoformat(last) - AGAIN).isoformat()}'"
    query = f"{KINDS} AND TaskQueue = '{settings.task_queue}' AND ExecutionStatus != 'Running'{since}"
    found = {one.run_id: one async for one in client.list_workflows(query) if one.close_time}
    kept = await asyncio.to_thread(histories.kept_of, settings.register_url, list(found)) if found else set()
    return sorted((one for run, one in found.items() if run not in kept), key=lambda one: str(one.close_time))


def _keep(url: str, store: DocumentStore, run: WorkflowExecution, history: WorkflowHistory) -> KeptHistory:
    assert run.close_time is not None
    assert run.status is not None
    packed = gzip.compress(history.to_json().encode(), mtime=0)  # the same history, the same bytes
    sha256 = store.keep(packed)
    if read(store, sha256, run.id).events != history.events:
        raise OutsideWorldFailed("document.changed", path=store.path(sha256))
    kept = KeptHistory(
        run=run.run_id,
        number=run.id.removesuffix("/account"),
        workflow=run.id,
        kind=run.workflow_type,
        began_at=run.start_time.astimezone(UTC).isoformat(timespec="milliseconds"),
        ended_at=run.close_time.astimezone(UTC).isoformat(timespec="milliseconds"),
        how=run.status.name.lower(),
        events=len(history.events),
        sha256=sha256,
        size=len(packed),
    )
    histories.keep(url, kept)
    return kept


def read(store: DocumentStore, sha256: str, workflow: str) -> WorkflowHistory:
    """A kept history, as it can be replayed.

    Raises: NotFound when its document is missing; OutsideWorldFailed when it is another one than was kept.
    """
    from temporalio.client import WorkflowHistory

    return WorkflowHistory.from_json(workflow, gzip.decompress(store.read(sha256)).decode())


def export(settings: Settings, kept: list[KeptHistory], into: Path) -> list[Path]:
    """Writes histories into a folder, each as a JSON file that the Temporal UI and its tools read.

    Returns: the files. Raises: InputRefused when there is something by that name; NotFound and
    OutsideWorldFailed as `read`; NotReachable.
    """
    store = DocumentStore(settings.documents)
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for history in kept:
        file = into / f"{history.workflow.replace('/', '-')}-{history.ended_at[:10]}-{history.run}.json"
        if file.exists():
            raise InputRefused("history.file-there", file=file)
        said: dict[str, Any] = json.loads(gzip.decompress(store.read(history.sha256)))
        file.write_text(json.dumps(said, indent=1) + "\n")
        written.append(file)
    return written


def of_case(settings: Settings, number: str) -> list[KeptHistory]:
    """The histories of a case. Raises: NotFound when the register knows no such case; NotReachable."""
    from datetime import date

    from register.case import case

    found = histories.kept(settings.register_url, number)
    if not found:
        case(settings.register_url, number, date.max)  # says which numbers are near
    return found
