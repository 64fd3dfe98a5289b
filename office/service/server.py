"""The office on one machine: starts and stops the embedded Temporal server, the worker and the postman.

They live on after the command that started them. What was started is remembered in `running.json`;
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

from models.errors import InputRefused, OutsideWorldFailed
from models.messages import worded
from office import connection
from office.service.embedded import start_server
from office.service.launching import (
    FAREWELL,
    environment_of,
    last_words,
    launch,
    open_log,
    remember_or_stop,
    wait_for,
)
from office.service.running import Process, Running, forget, recall, writing
from office.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]

WORKER_PATIENCE, STILL = 180.0, 15.0
"""Seconds for a worker on a cold, busy machine: it imports everything there is."""

WORKERS = ("worker", "postman")
"""The two workers of worker.py: cases, and letters."""


def up(
    settings: Settings, *, worker: Path | None = None, say: Callable[[str], None] | None = None
) -> Running:
    """Starts the Temporal server, the worker and the postman of the data folder, each unless it runs.

    With a Temporal named by a profile or by `TEMPORAL_*`, no server is started: its namespace is
    prepared, and worker and postman are started here.

    Args:
        settings: the installation.
        worker: the programme of both workers; `worker.py` of the project when not given.
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
        return _start_workers(settings, running, worker, say)


def refuse_other_ui(settings: Settings) -> None:
    """Raises: InputRefused where a server of ours runs already, and serves its web pages or not."""
    running = recall(settings.var)
    runs = running is not None and running.server is not None and running.server.alive
    if running is not None and runs and bool(running.ui) != settings.ui:
        raise InputRefused("office.ui-as-it-runs", possible=(worded("possible.down-then-up"),))


def refuse_while_it_runs(settings: Settings) -> None:
    """Raises: InputRefused where a worker of ours runs, which would hold to the key that it began with."""
    running = recall(settings.var)
    if running and running.worker and running.worker.alive:
        raise InputRefused("office.key-while-it-runs", possible=("down",))


def down(settings: Settings, *, say: Callable[[str], None] | None = None) -> list[str]:
    """Stops what `up` started in the data folder: the server last, so that the others can end their work.

    Harmless when nothing runs. Nothing is lost: cases go on where they were at the next `up`.

    Returns:
        What was stopped, of "postman", "worker" and "server".

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
        for name in ("postman", "worker", "server"):
            process: Process | None = getattr(running, name)
            if process is not None and process.alive:
                say(worded("office.stopping", name=name, pid=process.pid))
                process.stop(FAREWELL)
                stopped.append(name)
        with writing(settings.var):
            for part in WORKERS:
                _ready_file(settings, part).unlink(missing_ok=True)
        forget(settings.var)
    return stopped


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
            say(worded("office.waiting"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lean_on(settings: Settings, before: Running | None, say: Callable[[str], None]) -> Running:
    """Uses the Temporal that a profile names: prepares its namespace, starts no server."""
    address = connection.address(settings)
    if before is not None and before.server is not None and before.server.alive:
        raise OutsideWorldFailed(
            "office.two-temporals",
            own=before.address,
            other=address,
            possible=(worded("possible.use-other"), worded("possible.unset")),
        )
    say(worded("office.using", address=address))

    async def prepare() -> None:
        await connection.prepare_namespace(await connection.connect(settings))

    wait_for(prepare())
    if before is None:
        return Running(address=address)
    for process in (before.postman, before.worker):
        if process is not None and before.address != address:
            process.stop(FAREWELL)
    return Running(address=address, worker=before.worker, postman=before.postman)


def _start_workers(
    settings: Settings, running: Running, programme: Path, say: Callable[[str], None]
) -> Running:
    """Starts worker and postman, and waits until both say that they are ready."""
    logs = {part: open_log(settings, part) for part in WORKERS}
    written = {part: log.stat().st_size for part, log in logs.items()}
    for part in WORKERS:
        process: Process | None = getattr(running, part)
        if process is not None and process.alive:
            continue
        if not programme.is_file():
            raise OutsideWorldFailed("office.no-worker-programme", programme=programme)
        say(worded("office.starting", part=part))
        with writing(settings.var):
            _ready_file(settings, part).unlink(missing_ok=True)
        command = [sys.executable, str(programme), *([part] if part != "worker" else [])]
        started = launch(command, logs[part], environment_of(settings))
        running = running.model_copy(update={part: started})
        remember_or_stop(settings, running, started)
    began = time.monotonic()
    for part in WORKERS:
        _wait_until_ready(settings, getattr(running, part), part, began, logs[part], written[part], say)
    key = "office.running-with-ui" if running.ui else "office.running"
    say(worded(key, address=running.address, ui=running.ui))
    return running


def _wait_until_ready(
    settings: Settings,
    process: Process,
    part: str,
    began: float,
    log: Path,
    written: int,
    say: Callable[[str], None],
) -> None:
    told = began
    while not is_ready(settings, process, part):
        if not process.alive:
            raise OutsideWorldFailed(
                "office.ended-early",
                part=part,
                log=last_words(log, written),
                possible=(worded("possible.mend-and-up"),),
            )
        now = time.monotonic()
        if now - told > STILL:
            say(worded("office.still-starting", part=part, seconds=now - began))
            told = now
        if now - began > WORKER_PATIENCE:
            raise OutsideWorldFailed(
                "office.not-ready",
                part=part,
                pid=process.pid,
                seconds=WORKER_PATIENCE,
                log=last_words(log, written),
                possible=("umn status", worded("possible.down-then-up")),
            )
        time.sleep(0.03)


def is_ready(settings: Settings, process: Process, part: str = "worker") -> bool:
    """Whether this worker or postman has said that it takes work."""
    try:
        return _ready_file(settings, part).read_text().strip() == str(process.pid)
    except OSError:
        return False


def _ready_file(settings: Settings, part: str) -> Path:
    return settings.var / f"{part}.ready"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
