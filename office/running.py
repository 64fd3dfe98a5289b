"""What `umn up` started in a data folder, remembered in `running.json`.

A process is known by its number and the instant at which it began: a number that another process
received later is never taken for ours, and never signalled.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import OutsideWorldFailed


class Process(BaseModel):
    """A process that we started, and how to know it again."""

    model_config = ConfigDict(frozen=True)

    pid: int
    mark: str
    """When it began, as the system tells it; empty when it had ended before we could ask."""

    since: datetime

    @classmethod
    def of(cls, pid: int) -> Process:
        """The process of that number, as it is now."""
        began = datetime.now(UTC)
        return cls(pid=pid, mark=_mark(pid), since=began.replace(microsecond=0))

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return bool(self.mark) and _mark(self.pid) == self.mark

    def stop(self, patience: float) -> bool:
        """Asks the process to end, and forces it when it has not ended in time.

        Units: seconds.

        Returns:
            Whether there was anything to stop.

        Raises:
            OutsideWorldFailed: it may not be stopped, or does not end.
        """
        if not self.alive:
            return False
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            self._signal(number)
            until = time.monotonic() + seconds
            while self.alive and time.monotonic() < until:
                time.sleep(0.02)
            if not self.alive:
                return True
        raise OutsideWorldFailed(f"Process {self.pid} does not end, although it was told to.")

    def _signal(self, number: signal.Signals) -> None:
        try:
            if hasattr(os, "pidfd_open"):
                # The handle holds on to the process: its number cannot pass to another one between
                # the question who it is and the signal.
                handle = os.pidfd_open(self.pid)
                try:
                    if self.alive:
                        signal.pidfd_send_signal(handle, number)
                finally:
                    os.close(handle)
            elif self.alive:
                os.kill(self.pid, number)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise OutsideWorldFailed(
                f"Process {self.pid} belongs to another user and may not be stopped from here.",
                ("run the same command as the user who ran `umn up`",),
            ) from error


class Ports(BaseModel):
    """Where the embedded server listens, on this machine only."""

    model_config = ConfigDict(frozen=True)

    temporal: int
    ui: int
    http: int
    metrics: int


class Running(BaseModel):
    """The server and the worker of one data folder. Without a server, Temporal is somebody else's."""

    model_config = ConfigDict(frozen=True)

    address: str
    """Where Temporal answers: host and port."""

    ui: str = ""
    """Address of the Temporal UI; empty when it is not ours to know."""

    ports: Ports | None = None
    server: Process | None = None
    worker: Process | None = None


def file_of(var: Path) -> Path:
    """Where a data folder remembers what runs."""
    return var / "running.json"


def recall(var: Path) -> Running | None:
    """What was started last in this data folder, whether or not it still runs.

    Raises:
        OutsideWorldFailed: the file is there and cannot be read.
    """
    path = file_of(var)
    try:
        return Running.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        # Going on as if nothing ran could set a second server upon the same file.
        raise OutsideWorldFailed(
            f"{path} cannot be read, so it is not known what runs in this data folder.",
            ("make sure that no Temporal server of this folder runs, then remove the file",),
        ) from error


def remember(var: Path, running: Running) -> None:
    """Writes `running.json` in one stroke: the old one or the new one, never half of it."""
    path = file_of(var)
    draft = path.with_suffix(".new")
    with writing(var):
        with draft.open("w") as file:
            file.write(running.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def forget(var: Path) -> None:
    """Removes `running.json`."""
    with writing(var):
        file_of(var).unlink(missing_ok=True)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns what the disk may answer into words that help.

    Raises:
        OutsideWorldFailed: the disk is full, or the folder may not be written.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise OutsideWorldFailed(
            f"The data folder {folder} cannot be written: {error.strerror or error}.",
            ("make room on that disk, then repeat the command",)
            if full
            else ("check who may write there, or name another folder with UMN_VAR",),
        ) from error


def _mark(pid: int) -> str:
    """When a living process began; empty for one that has ended, buried or not."""
    if pid <= 0:
        return ""
    until = time.monotonic() + 2.0
    while True:
        with contextlib.suppress(OSError):
            os.waitpid(pid, os.WNOHANG)
        try:
            # The name in parentheses may itself hold parentheses and blanks.
            state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return "" if Path("/proc/self/stat").exists() else _mark_by_ps(pid)
        if state not in "ZX":
            # Ticks count from the start of the machine, so the start of the machine belongs to the mark.
            return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}/{rest[18]}"
        threads = int(rest[16])
        if threads <= 1 or time.monotonic() > until:
            return ""
        # Its last threads still hold its files and ports; whoever is told that it ended relies on those.
        time.sleep(0.005)


def _mark_by_ps(pid: int) -> str:
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    state, _, began = answer.partition(" ")
    return "" if state.startswith("Z") else began.strip()
