"""The embedded Temporal server: found, started on free ports, waited for, and told how long to keep runs."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from models.errors import NotReachable, OutsideWorldFailed
from models.messages import worded
from office import connection
from office.service.launching import (
    FAREWELL,
    environment_of,
    last_words,
    launch,
    log_path,
    open_log,
    remember_or_stop,
    tail_of,
    wait_for,
)
from office.service.running import Ports, Process, Running
from office.settings import Settings

PATIENCE = 30.0
"""Seconds in which a server with many open cases is back, many times over."""

RETENTION = timedelta(days=30_000)
"""How long closed runs stay readable: longer than any programme; the server's own is one day."""

LIMITS = {
    "history.maxInFlightUpdatePayloads": 262_144,
    "history.maximumSignalsPerExecution": 2_500,
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": 2,
}
"""What the server itself refuses or marks; deployment/temporal/dynamic-config.yaml says why, and the same."""


def start_server(settings: Settings, before: Running | None, say: Callable[[str], None]) -> Running:
    """Starts the server of the data folder when it does not run, and waits until it answers rightly."""
    for attempt in (1, 2):
        if before is not None and before.server is not None and before.server.alive:
            running = before
        else:
            running = _launch_server(settings, before, say)
        try:
            wait_for(_settle_in(settings, running))
            return running
        except NotReachable:
            # It was dying while we took it for living: once more, with a new one.
            if attempt == 2 or (running.server is not None and running.server.alive):
                raise
            before = running
    raise AssertionError("unreachable")


def _launch_server(settings: Settings, before: Running | None, say: Callable[[str], None]) -> Running:
    """Starts the server, on the ports it had before when they are free."""
    binary = find_binary(settings)
    remembered = before.ports if before is not None else None
    log = open_log(settings, "temporal")
    written = 0
    for _ in range(3):
        ports = _choose_ports(settings, remembered)
        say(worded("office.starting-temporal", port=ports.temporal))
        address = f"127.0.0.1:{ports.temporal}"
        written = log.stat().st_size
        server = launch(_command(binary, settings, ports), log, environment_of(settings))
        workers = {"worker": before.worker, "postman": before.postman} if before is not None else {}
        for process in workers.values():
            if process is not None and before is not None and before.address != address:
                # It looks for the server where it was, and would look there for ever.
                process.stop(FAREWELL)
        ui = f"http://127.0.0.1:{ports.ui}" if settings.ui else ""
        running = Running(address=address, ui=ui, ports=ports, server=server, **workers)
        remember_or_stop(settings, running, server)
        if _listens(server, ports, settings.ui):
            return running
        if server.alive:
            server.stop(FAREWELL)
            break
        if "address already in use" not in tail_of(log, written):
            break
        # Somebody took a port between our look and the server's; look again.
        remembered = None
    raise OutsideWorldFailed(
        "office.temporal-did-not-start",
        log=last_words(log, written),
        possible=(worded("possible.mend-and-up"),),
    )


def find_binary(settings: Settings) -> Path:
    """The Temporal command: `UMN_TEMPORAL_BINARY`, else beside this Python, else on the PATH.

    Raises:
        OutsideWorldFailed: there is none.
    """
    named = str(settings.temporal_binary or "")
    if named:
        if found := shutil.which(named):
            return Path(found)
        raise OutsideWorldFailed("office.no-binary", named=named)
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise OutsideWorldFailed(
            "office.not-installed",
            possible=(
                worded("possible.setup"),
                worded("possible.name-binary"),
                worded("possible.elsewhere"),
            ),
        )
    return Path(found)


def _command(binary: Path, settings: Settings, ports: Ports) -> list[str]:
    from workflows.search import ALL

    command = [str(binary), "server", "start-dev", "--log-level", "warn", "--ui-disable-news-fetch"]
    command += ["--db-filename", str(settings.var.absolute() / "temporal.db"), "--ip", "127.0.0.1"]
    command += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=2"]
    command += ["--port", str(ports.temporal)]
    command += ["--ui-port", str(ports.ui)] if settings.ui else ["--headless"]
    command += ["--http-port", str(ports.http), "--metrics-port", str(ports.metrics)]
    for name, value in LIMITS.items():
        command += ["--dynamic-config-value", f"{name}={value}"]
    # Nothing of ours speaks HTTP to it, and a web page that a browser of this machine shows could. So
    # that door opens to one name only, which no page can have and nobody is told.
    nobody = f"{secrets.token_hex(16)}.invalid"
    command += ["--dynamic-config-value", f'frontend.httpAllowedHosts=["{nobody}"]']
    for key in ALL:
        command += ["--search-attribute", f"{key.name}={key.indexed_value_type.name.capitalize()}"]
    return command


def _choose_ports(settings: Settings, remembered: Ports | None) -> Ports:
    """Free ports: those remembered, else those wished for or the next ones, else any."""
    chosen: list[int] = []

    def choose(remembered_port: int, wished: int) -> int:
        near = range(wished, min(wished + 50, 65_536)) if wished else ()
        for port in (*((remembered_port,) if remembered_port else ()), *near, 0):
            found = _free(port)
            if found and found not in chosen:
                chosen.append(found)
                return found
        raise OutsideWorldFailed("office.no-port")

    was = remembered or Ports(temporal=0, ui=0, http=0, metrics=0)
    return Ports(
        temporal=choose(was.temporal, settings.temporal_port),
        ui=choose(was.ui, settings.ui_port),
        http=choose(was.http, 0),
        metrics=choose(was.metrics, 0),
    )


def _free(port: int) -> int:
    """The port itself when nobody listens on it, any free one for 0, and 0 when it is taken."""
    with socket.socket() as probe:
        # A port that only lingers after its last connection is free to a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            # Two listeners may not share it, but two who only bind with REUSEADDR may.
            probe.listen(1)
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _listens(server: Process, ports: Ports, ui: bool) -> bool:
    """Waits until our server listens, and not another one that took its port meanwhile."""
    until = time.monotonic() + PATIENCE
    waiting = [ports.temporal, *([ports.ui] if ui else []), ports.http, ports.metrics]
    while time.monotonic() < until:
        # All of them, of which two were chosen at random: one that answers there is ours.
        waiting = [port for port in waiting if not _answers(port)]
        if not server.alive:
            return False
        if not waiting:
            return True
        time.sleep(0.03)
    return False


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
        return True
    return False


async def _settle_in(settings: Settings, running: Running) -> None:
    """Waits until the server answers, then sets how long closed runs are kept."""
    from google.protobuf.duration_pb2 import Duration
    from temporalio.api.namespace.v1 import NamespaceConfig
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
    from temporalio.service import RPCError

    until = time.monotonic() + PATIENCE
    while True:
        try:
            client = await connection.connect(settings)
            service, name = client.workflow_service, client.namespace
            now = await service.describe_namespace(DescribeNamespaceRequest(namespace=name))
            if now.config.workflow_execution_retention_ttl.ToTimedelta() != RETENTION:
                kept = Duration()
                kept.FromTimedelta(RETENTION)
                await service.update_namespace(
                    UpdateNamespaceRequest(
                        namespace=name, config=NamespaceConfig(workflow_execution_retention_ttl=kept)
                    )
                )
            await connection.prepare_namespace(client)
            return
        except (RPCError, NotReachable) as error:
            # In its first instant the server listens before its namespace is there.
            if time.monotonic() > until or not (running.server and running.server.alive):
                raise NotReachable(
                    "office.temporal-answers-wrongly",
                    address=running.address,
                    why=str(error),
                    possible=(
                        worded("possible.look-at", file=log_path(settings, "temporal")),
                        worded("possible.down-then-up"),
                    ),
                ) from error
            await asyncio.sleep(0.1)
