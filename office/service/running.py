"""What `umn up` started in a data folder, remembered in `running.json`.

A process is known by its number and the instant at which it began: a number that another process
received later is never taken for ours, and never signalled. A folder is known by its place and by what
the disk calls it: a copy takes `running.json` along, and is never taken for the office that runs.
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
from models.messages import worded


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
        raise OutsideWorldFailed("office.does-not-end", pid=self.pid)

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
                "office.not-yours",
                pid=self.pid,
                possible=(worded("possible.same-user"),),
            ) from error


class Ports(BaseModel):
    """Where the embedded server listens, on this machine only."""

    model_config = ConfigDict(frozen=True)

    temporal: int
    ui: int
    http: int
    metrics: int


class Running(BaseModel):
    """Server, worker and postman of one data folder. Without a server, Temporal is somebody else's."""

    model_config = ConfigDict(frozen=True)

    address: str
    """Where Temporal answers: host and port."""

    ui: str = ""
    """Address of the Temporal UI; empty when it is not ours to know."""

    ports: Ports | None = None
    server: Process | None = None
    worker: Process | None = None
    postman: Process | None = None


class Folder(BaseModel):
    """A data folder, and how to know it again: a copy is another one, a moved one is the same."""

    model_config = ConfigDict(frozen=True)

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, var: Path) -> Folder:
        """The folder that is there now."""
        found = var.stat()
        return cls(path=var.resolve(), device=found.st_dev, inode=found.st_ino)

    def is_(self, other: Folder) -> bool:
        """Whether they are one folder; the number of a disk may change while it is looked at."""
        return self.inode == other.inode and (self.device == other.device or self.path == other.path)


class _Remembered(Running):
    """As it stands in `running.json`: what runs, and for which folder."""

    folder: Folder


def file_of(var: Path) -> Path:
    """Where a data folder remembers what runs."""
    return var / "running.json"


def recall(var: Path) -> Running | None:
    """What was started last in this data folder, whether or not it still runs.

    Raises:
        OutsideWorldFailed: the file is there and cannot be read; or this is a copy of a data folder
            whose office runs, which is neither asked nor stopped from here.
    """
    path = file_of(var)
    try:
        found = _Remembered.model_validate_json(path.read_bytes())
        here = Folder.of(var)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        # Going on as if nothing ran could set a second server upon the same file.
        raise OutsideWorldFailed(
            "office.unknown-what-runs",
            file=path,
            possible=(worded("possible.remove-file"),),
        ) from error
    lives = [
        process
        for process in (found.server, found.worker, found.postman)
        if process is not None and process.alive
    ]
    if lives and not here.is_(found.folder):
        numbers = " and ".join(str(process.pid) for process in lives)
        raise OutsideWorldFailed(
            "office.copied-folder",
            folder=here.path,
            original=found.folder.path,
            numbers=numbers,
            possible=(
                worded("possible.other-folder", folder=found.folder.path),
                worded("possible.own-office", path=path),
            ),
        )
    return Running.model_validate(found.model_dump(exclude={"folder"}))


def remember(var: Path, running: Running) -> None:
    """Writes `running.json` in one stroke: the old one or the new one, never half of it."""
    path = file_of(var)
    draft = path.with_suffix(".new")
    with writing(var):
        kept = _Remembered(**running.model_dump(), folder=Folder.of(var))
        with draft.open("w") as file:
            file.write(kept.model_dump_json(indent=2) + "\n")
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
            "office.folder-not-written",
            folder=folder,
            why=error.strerror or error,
            possible=(worded("possible.make-room"),) if full else (worded("possible.check-rights"),),
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
