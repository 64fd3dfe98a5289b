"""The office on one machine: starts and stops the embedded Temporal server and the worker.

Both live on after the command that started them. What was started is remembered in `running.json`;
asking again starts only what is missing. Call these from ordinary code, not from a coroutine: they
wait, and say meanwhile on standard error what for.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.errors import OutsideWorldFailed
from office import connection
from office.embedded import find_binary, start_server
from office.launching import (
    FAREWELL,
    environment_of,
    last_words,
    launch,
    open_log,
    remember_or_stop,
    wait_for,
)
from office.running import Process, Running, forget, recall, writing
from office.settings import Settings

__all__ = ["Running", "down", "find_binary", "status", "up"]

PROJECT = Path(__file__).resolve().parent.parent

WORKER_PATIENCE = 60.0
"""Seconds for a worker on a cold, busy machine: it imports everything there is."""


def up(
    settings: Settings, *, worker: Path | None = None, say: Callable[[str], None] | None = None
) -> Running:
    """Starts the Temporal server and the worker of the data folder, each only when it does not run.

    With a Temporal named by a profile or by `TEMPORAL_*`, no server is started: its namespace is
    prepared and a worker is started here.

    Args:
        settings: the installation.
        worker: the programme of the worker; `worker.py` of the project when not given.
        say: what to do with each line of progress; written to standard error when not given.

    Raises:
        OutsideWorldFailed: something could not be started or the disk does not take it.
        NotReachable: the Temporal that a profile names does not answer.
    """
    say = say or _say
    worker = worker or PROJECT / "worker.py"
    external = connection.is_external()
    with _alone(settings.var, say):
        before = recall(settings.var)
        temporal = _lean_on if external else start_server
        running = temporal(settings, before, say)
        return _start_worker(settings, running, worker, say)


def down(settings: Settings, *, say: Callable[[str], None] | None = None) -> list[str]:
    """Stops what `up` started in the data folder: the worker first, so that it can end its work.

    Harmless when nothing runs. Nothing is lost: cases go on where they were at the next `up`.

    Returns:
        What was stopped: "worker", "server", both or nothing.

    Raises:
        OutsideWorldFailed: a process may not be stopped by this user, or does not end.
    """
    say = say or _say
    if not settings.var.is_dir():
        return []
    stopped = []
    with _alone(settings.var, say):
        running = recall(settings.var)
        if running is None:
            return []
        for name, process in (("worker", running.worker), ("server", running.server)):
            if process is not None and process.alive:
                say(f"stopping the {name} (process {process.pid}) …")
                process.stop(FAREWELL)
                stopped.append(name)
        with writing(settings.var):
            _ready_file(settings).unlink(missing_ok=True)
        forget(settings.var)
    return stopped


def status(settings: Settings) -> dict[str, Any]:
    """What runs, since when, in which versions, and whether it answers: see office/status.py."""
    from office.status import status as tell

    return tell(settings)


@contextlib.contextmanager
def _alone(var: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Lets one `up` or `down` at a time work in a data folder."""
    with writing(var):
        # What applicants file lies in there: nobody else's to read.
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        (var / "log").mkdir(exist_ok=True)
        lock = (var / "up.lock").open("a")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another `umn up` or `umn down` is at work here; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lean_on(settings: Settings, before: Running | None, say: Callable[[str], None]) -> Running:
    """Uses the Temporal that a profile names: prepares its namespace, starts no server."""
    address = connection.address(settings)
    if before is not None and before.server is not None and before.server.alive:
        raise OutsideWorldFailed(
            f"This data folder runs its own Temporal server at {before.address}, and a profile or TEMPORAL_* "
            f"names another one at {address}. Cases do not move from one to the other.",
            ("umn down, to use the other one", "or unset TEMPORAL_ADDRESS and TEMPORAL_PROFILE"),
        )
    say(f"using the Temporal at {address}, which is named by a profile or by TEMPORAL_*; starting no server")

    async def prepare() -> None:
        await connection.prepare_namespace(await connection.connect(settings))

    wait_for(prepare())
    worker = before.worker if before is not None else None
    if worker is not None and worker.alive and before is not None and before.address != address:
        worker.stop(FAREWELL)
    return Running(address=address, worker=worker)


def _start_worker(
    settings: Settings, running: Running, programme: Path, say: Callable[[str], None]
) -> Running:
    """Starts the worker and waits until it says that it is ready."""
    log = open_log(settings, "worker")
    written = log.stat().st_size
    if running.worker is None or not running.worker.alive:
        if not programme.is_file():
            raise OutsideWorldFailed(f"The worker's programme {programme} is not there.")
        say("starting the worker …")
        with writing(settings.var):
            _ready_file(settings).unlink(missing_ok=True)
        worker = launch([sys.executable, str(programme)], log, environment_of(settings))
        running = running.model_copy(update={"worker": worker})
        remember_or_stop(settings, running, worker)
    assert running.worker is not None
    until = time.monotonic() + WORKER_PATIENCE
    while time.monotonic() < until:
        if is_ready(settings, running.worker):
            say(
                f"running: Temporal at {running.address}"
                + (f", its UI at {running.ui}" if running.ui else "")
            )
            return running
        if not running.worker.alive:
            raise OutsideWorldFailed(
                f"The worker ended before it was ready. {last_words(log, written)}",
                ("mend what is said there, then repeat `umn up`",),
            )
        time.sleep(0.03)
    raise OutsideWorldFailed(
        f"The worker runs (process {running.worker.pid}) but was not ready within {WORKER_PATIENCE:.0f} "
        f"seconds. {last_words(log, written)}",
        ("umn status", "umn down, then umn up"),
    )


def is_ready(settings: Settings, worker: Process) -> bool:
    """Whether this worker has said that it takes work."""
    try:
        return _ready_file(settings).read_text().strip() == str(worker.pid)
    except OSError:
        return False


def _ready_file(settings: Settings) -> Path:
    return settings.var / "worker.ready"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
