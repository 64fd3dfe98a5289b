"""The ground that benchmarks stand on: servers and registers of their own, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from benchmarks import midnight
from office.service import server
from office.service.embedded import start_server
from office.service.launching import FAREWELL, environment_of
from office.service.payloads import CONVERTER
from office.service.running import recall
from office.settings import Settings
from register.database import migrate
from worker import postman_of, worker_of
from workflows import search

THREADS = 20
"""Activities at once, as in worker.py."""


@contextlib.contextmanager
def data_folder() -> Iterator[Settings]:
    """A data folder of its own, with an empty register and any free ports."""
    with tempfile.TemporaryDirectory(prefix="umn-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(var=Path(folder) / "var", temporal_port=0, ui_port=0)
        (settings.var / "log").mkdir(parents=True)
        migrate(settings.register_url)
        yield settings


@contextlib.contextmanager
def real_server(
    settings: Settings, worker: bool = False, day_begins: datetime | None = None
) -> Iterator[str]:
    """The Temporal server exactly as `umn up` starts it; with its worker processes only when asked.

    Args:
        settings: the data folder.
        worker: whether worker and postman are started, too.
        day_begins: the instant at which a civil day begins for these two; `midnight.begin_days_at` says so
            to this process as well.

    Returns: its address. Call from ordinary code, not from a coroutine.
    """
    try:
        if worker:
            yield server.up(settings, worker=_programme(day_begins), say=_hush).address
        else:
            yield start_server(settings, None, _hush).address
    finally:
        server.down(settings, say=_hush)


def begin_workers(settings: Settings, day_begins: datetime) -> None:
    """Starts worker and postman anew, their caches empty; a civil day begins for them at an instant.

    Call from ordinary code, not from a coroutine.
    """
    running = recall(settings.var)
    assert running is not None
    for process in filter(None, (running.postman, running.worker)):
        process.stop(FAREWELL)
    server.up(settings, worker=_programme(day_begins), say=_hush)


@contextlib.contextmanager
def postman_process(settings: Settings) -> Iterator[None]:
    """The postman alone, in a process of his own, beside a server that runs."""
    command = [sys.executable, str(server.PROJECT / "worker.py"), "postman"]
    process = subprocess.Popen(command, env=environment_of(settings), stderr=subprocess.DEVNULL)
    ready = settings.var / "postman.ready"
    try:
        while not (ready.exists() and ready.read_text().strip() == str(process.pid)):
            if process.poll() is not None:
                raise RuntimeError("The postman ended before he was ready.")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def _programme(day_begins: datetime | None) -> Path | None:
    """What both workers run: the project's own, unless their day begins at another instant."""
    if day_begins is None:
        return None
    os.environ[midnight.AT] = day_begins.isoformat()
    return Path(midnight.__file__)


def _hush(line: str) -> None:
    """What the office says of its start is not told."""


async def client_of(address: str) -> Client:
    """A client as the office has it."""
    return await Client.connect(address, data_converter=CONVERTER)


@contextlib.asynccontextmanager
async def skipping_server(settings: Settings) -> AsyncIterator[WorkflowEnvironment]:
    """The time-skipping server with our search attributes and our worker in this process."""
    beside = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
    found = str(beside) if beside.exists() else shutil.which("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=found, data_converter=CONVERTER
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=environment.client.namespace,
                search_attributes={key.name: int(key.indexed_value_type) for key in search.ALL},  # type: ignore[misc]
            )
        )
        with ThreadPoolExecutor(THREADS) as threads:
            async with (
                worker_of(environment.client, settings, threads),
                postman_of(environment.client, settings, threads),
            ):
                yield environment
