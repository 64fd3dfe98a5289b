"""Whose files are whose: what the office keeps is its owner's only, what it writes for others is not.

What applicants file, who decided and who is written to lies in the data folder. A process of ours
therefore creates everything for its owner alone; what an operator has it write elsewhere, such as a
calendar feed, has the modes that the operator's other files have.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OTHERS = 0o077
"""What group and others may do with a file or folder: in the data folder nothing."""

_usual: int | None = None


def keep_private() -> None:
    """From now on this process, and what it starts, creates files and folders for their owner only."""
    global _usual
    _usual = os.umask(OTHERS)


@contextmanager
def for_others() -> Iterator[int]:
    """Meanwhile files are created as the user's other programmes create them. Gives what they leave out."""
    ours = os.umask(OTHERS)
    usual = ours if _usual is None else _usual
    os.umask(usual)
    try:
        yield usual
    finally:
        os.umask(ours)


@contextmanager
def whole(into: Path) -> Iterator[BinaryIO]:
    """A file that stands whole in the end or not at all, for whoever the operator's other files are for."""
    handle, draft = tempfile.mkstemp(dir=into.parent, prefix=f".{into.name}.")
    try:
        with open(handle, "w+b") as file:
            yield file
        with for_others() as left_out:
            os.chmod(draft, into.stat().st_mode & 0o777 if into.exists() else 0o666 & ~left_out)
        os.replace(draft, into)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def tighten(folder: Path) -> tuple[int, list[Path]]:
    """Takes from others what they may do in a data folder, its own door first; follows no link.

    Returns: how many files and folders were open, and those that belong to somebody else and still are.
    """
    tightened, left = 0, []
    for inside, folders, files in os.walk(folder.resolve()):
        for path in (Path(inside), *(Path(inside, name) for name in (*folders, *files))):
            try:
                mode = path.lstat().st_mode
                if stat.S_ISLNK(mode) or not mode & OTHERS:
                    continue
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)
                tightened += 1
            except FileNotFoundError:
                continue  # a draft that gave way meanwhile
            except PermissionError:
                left.append(path)
    return tightened, list(dict.fromkeys(left))
