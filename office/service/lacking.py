"""What a machine lacks for work to go on (room, leave to write, memory, threads), in words that help."""

from __future__ import annotations

import asyncio
import errno
import mmap
import os
import shutil
import threading
from pathlib import Path

from models.errors import NotReachable
from models.messages import worded

ENOUGH = 32 * 2**20
"""Bytes of memory without which a process is about to fail anywhere."""

EVERY = 5.0
"""Seconds between two tries of a worker whether it still can go on."""


def lack_of(error: BaseException, folder: Path) -> NotReachable | None:
    """What is lacking, and where; None where an error means something else.

    `folder` is where the process writes: what the system says of a full disk names no file.
    """
    if isinstance(error, MemoryError) or getattr(error, "errno", 0) == errno.ENOMEM:
        return NotReachable("lacking.memory", possible=(worded("possible.free-memory"),))
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return NotReachable("lacking.threads", possible=(worded("possible.free-memory"),))
    if not isinstance(error, OSError):
        return None
    place = _existing(Path(str(error.filename)) if error.filename else folder)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        left = shutil.disk_usage(place).free // 1024
        return NotReachable("lacking.room", folder=place, left=left, possible=(worded("possible.make-room"),))
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return NotReachable(
            "lacking.leave", place=place, why=error.strerror, possible=(worded("possible.check-rights"),)
        )
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return NotReachable("lacking.files", why=error.strerror, possible=(worded("possible.more-files"),))
    return None


def _existing(place: Path) -> Path:
    place = place.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def try_all() -> None:
    """Tries what every piece of work needs of the machine: memory, a thread, an open file.

    Raises: RuntimeError, OSError, as the machine says it.
    """
    mmap.mmap(-1, ENOUGH).close()  # not written to: that would take the time of the acts that wait meanwhile
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()
    os.close(os.open(os.devnull, os.O_RDONLY))


async def until_it_lacks(folder: Path) -> NotReachable:
    """Waits until this process can no longer go on. A full disk is no such lack: work is tried again."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            try_all()
        except (MemoryError, RuntimeError, OSError) as error:
            if lack := lack_of(error, folder):
                return lack
            raise
