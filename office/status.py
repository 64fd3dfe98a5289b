"""What runs for a data folder, since when, in which versions, and whether it answers."""

from __future__ import annotations

import asyncio
import platform
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ProcedureError
from office import connection
from office.running import Process, recall
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

STALLED = "TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'"
"""Cases whose workflow tasks fail: our mistake, which a mended worker picks up where it stands."""

LONG_POLL = timedelta(seconds=75)
"""A worker asks for work at least this often; the server remembers who asked for five minutes."""

FIRST_ASKING = 5.0
"""Seconds within which a worker that says it is ready has asked the server for work once."""


def status(settings: Settings) -> dict[str, Any]:
    """Everything that `umn status` shows, as JSON can hold it. Never raises over what does not run."""
    from office.launching import wait_for
    from office.publishing import last_publication, trouble
    from office.server import is_ready

    problems: list[str] = []
    external = False
    running = None
    try:
        external = connection.is_external()
        running = recall(settings.var)
    except ProcedureError as error:
        problems.append(error.message)
    worker = running.worker if running else None
    server = running.server if running and not external else None
    works = worker is not None and worker.alive
    heard = wait_for(_ask(settings, patience=FIRST_ASKING if works else 0.0))
    if heard["problem"] and heard["problem"] not in problems:
        problems.append(heard["problem"])
    if not works:
        problems.append("No worker runs here.")
    elif heard["answers"] and not heard["polling"]:
        problems.append(f"No worker asks for work on the task queue “{settings.task_queue}”.")
    if heard["stalled"]:
        problems.append(f"Stalled by a fault of ours, nothing lost: {', '.join(heard['stalled'])}.")
    if unpublished := trouble(settings, datetime.now(UTC)):
        problems.append(unpublished)
    return {
        "data": str(settings.var.absolute()),
        "profile": settings.profile,
        "temporal": {
            "kind": "external" if external else "embedded",
            "address": heard["address"],
            "ui": running.ui if running and not external else "",
            "namespace": heard["namespace"],
            **_process(server),
            "answers": heard["answers"],
        },
        "worker": {
            **_process(worker),
            "ready": bool(worker and worker.alive and is_ready(settings, worker)),
            "task_queue": settings.task_queue,
            "polling": heard["polling"],
            "pollers": heard["pollers"],
        },
        "database": "PostgreSQL" if settings.database_url.startswith("postgres") else "SQLite",
        **({"publication": last_publication(settings)} if settings.publish_to else {}),
        "versions": {
            **_versions(settings),
            **({"temporal server": heard["version"]} if heard["version"] else {}),
        },
        "problems": problems,
    }


async def _ask(settings: Settings, patience: float) -> dict[str, Any]:
    """Asks Temporal whether it answers and who asks it for work.

    Args:
        settings: the installation.
        patience: seconds to ask again while nobody has asked for work yet.
    """
    from temporalio.service import RPCError

    heard: dict[str, Any] = {
        "address": "",
        "namespace": "",
        "answers": False,
        "version": "",
        "polling": False,
        "pollers": [],
        "stalled": [],
        "problem": "",
    }
    try:
        heard["address"] = connection.address(settings)
        client = await connection.connect(settings)
        heard["namespace"] = client.namespace
        heard["version"] = await _server_version(client)
        heard["answers"] = True
        until = asyncio.get_running_loop().time() + patience
        while not (pollers := await _pollers(client, settings.task_queue)):
            if asyncio.get_running_loop().time() >= until:
                break
            await asyncio.sleep(0.1)
        heard["pollers"] = pollers
        heard["polling"] = bool(heard["pollers"])
        heard["stalled"] = [case.id async for case in client.list_workflows(STALLED)]
    except ProcedureError as error:
        heard["problem"] = error.message
    except RPCError as error:
        heard["problem"] = f"Temporal refused to say: {error.message}."
    return heard


async def _server_version(client: Client) -> str:
    from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

    answer = await client.workflow_service.get_system_info(
        GetSystemInfoRequest(), timeout=timedelta(seconds=connection.PATIENCE)
    )
    return answer.server_version


async def _pollers(client: Client, queue: str) -> list[str]:
    """Who has asked for workflow tasks within the last long poll."""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=timedelta(seconds=connection.PATIENCE),
    )
    now = datetime.now(UTC)
    return sorted(
        {
            poller.identity
            for poller in answer.pollers
            if now - poller.last_access_time.ToDatetime(UTC) < LONG_POLL
        }
    )


def _process(process: Process | None) -> dict[str, Any]:
    alive = process is not None and process.alive
    return {
        "running": alive,
        "pid": process.pid if process is not None and alive else None,
        "since": process.since.isoformat() if process is not None and alive else None,
    }


def _versions(settings: Settings) -> dict[str, str]:
    project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text())[
        "project"
    ]
    versions = {project["name"]: project["version"], "python": platform.python_version()}
    for package in ("temporalio", "pydantic", "sqlmodel", "typst"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return {**versions, **_binary_versions(settings)}


def _binary_versions(settings: Settings) -> dict[str, str]:
    """Versions that the embedded server's command says of itself."""
    import re

    from office.embedded import find_binary

    try:
        said = subprocess.run(
            [find_binary(settings), "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (ProcedureError, OSError, subprocess.TimeoutExpired):
        return {"temporal command": "not installed"}
    # "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"
    parts = {"temporal command": r"version ([\w.+-]+)", "temporal server": r"Server ([\w.+-]+)"}
    parts["temporal UI"] = r"UI ([\w.+-]+)"
    found = {name: re.search(pattern, said) for name, pattern in parts.items()}
    return {name: match[1] for name, match in found.items() if match}
