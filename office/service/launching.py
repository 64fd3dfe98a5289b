"""How the office starts a process that lives on by itself, and reads what it said."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from models.errors import OutsideWorldFailed
from models.messages import Message
from office.service.running import Process, Running, remember, writing
from office.settings import Settings

FAREWELL = 15.0
"""Seconds that a process is given to end what it does."""

LOG_LIMIT = 10_000_000
"""Bytes after which a log is set aside at the next start; one earlier log is kept."""

SPARE = 5_000_000
"""Bytes of room below which a disk counts as full: an empty server file takes most of that."""

T = TypeVar("T")


def launch(command: list[str], log: Path, environment: dict[str, str]) -> Process:
    """Starts a process that lives on by itself: own session, no terminal, output to its log."""
    output = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        pid = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), output, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
            # Python ignores this signal, and what is ignored would be inherited.
            setsigdef=[signal.SIGPIPE],
        )
    except OSError as error:
        raise OutsideWorldFailed("office.not-launched", command=command[0], why=error.strerror) from error
    return Process.of(pid)


def remember_or_stop(settings: Settings, running: Running, started: Process) -> None:
    """Remembers what runs, or stops what was just started when that cannot be written down."""
    try:
        remember(settings.var, running)
    except OutsideWorldFailed:
        # What is not remembered could never be stopped again.
        started.stop(FAREWELL)
        raise


def environment_of(settings: Settings) -> dict[str, str]:
    """What a started process inherits: our environment, and every setting that was made."""
    environment = dict(os.environ) | settings.made
    environment["UMN_VAR"] = str(settings.var.absolute())
    return environment


def open_log(settings: Settings, name: str) -> Path:
    """The log to write to; one that has grown large is set aside first."""
    log = log_path(settings, name)
    with writing(settings.var):
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        log.touch()
    return log


def log_path(settings: Settings, name: str) -> Path:
    """Where the output of the server or the worker goes."""
    return settings.var.absolute() / "log" / f"{name}.log"


def last_words(log: Path, written: int) -> Message:
    """What a process said in the end, and whether the disk may be why it said no more."""
    tail = tail_of(log, written)
    words = (
        Message("office.end-of-log", log=log, tail=tail) if tail else Message("office.wrote-nothing", log=log)
    )
    left = shutil.disk_usage(log.parent).free
    return words if left > SPARE else Message("office.disk-full", words=words, left=left // 1000)


def tail_of(log: Path, written: int = 0) -> str:
    """The last lines of a log, of those after so many bytes."""
    try:
        with log.open("rb") as file:
            file.seek(max(written, log.stat().st_size - 8_192))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-8:])
    except OSError:
        return ""


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end from ordinary code."""
    # In a thread of its own, so that a caller's event loop, running or kept for later, is left alone.
    outcome: list[T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=run, name="umn-office", daemon=True)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]
    return outcome[0]
