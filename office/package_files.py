"""The files of an e-submission package, from a folder or a zip alike, as names, sizes and streams.

Names are paths inside the package, with `/`, in Unicode. A name or a kind of file that could reach
outside the package, or that two systems could read differently, refuses the package.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.errors import InputRefused

MOST_FILES = 2000
MOST_BYTES = 500_000_000
LONGEST_NAME = 200
"""Limits of a package: files and folders, bytes in all, characters of a name."""

_CHUNK = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_TOLD = 20


@dataclass(frozen=True)
class PackageFiles:
    """An open package: its files in order of their names, with sizes in bytes."""

    sizes: dict[str, int]
    _open: Callable[[str], IO[bytes]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of one file in pieces. Raises: InputRefused when it cannot be read."""
        if name not in self.sizes:
            raise InputRefused(f"The package has no file {name!r}.")
        read = 0
        try:
            with self._open(name) as file:
                while chunk := file.read(_CHUNK):
                    read += len(chunk)
                    if read > self.sizes[name]:
                        raise InputRefused(f"The package was refused: {name!r} changed while it was read.")
                    yield chunk
        except (
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            zipfile.BadZipFile,
            zlib.error,
        ) as broken:
            raise InputRefused(f"The package was refused: {name!r} cannot be read ({broken}).") from broken
        if read != self.sizes[name]:
            raise InputRefused(f"The package was refused: {name!r} is shorter than the package says.")

    def content(self, name: str) -> bytes:
        """The content of one file. Raises: InputRefused when it cannot be read."""
        return b"".join(self.chunks(name))


@contextmanager
def opened(path: Path) -> Iterator[PackageFiles]:
    """Opens a package, a folder or a zip, for reading. Raises: InputRefused."""
    if path.is_dir():
        yield PackageFiles(_sizes(_walk(path)), lambda name: _open_plain(path / name))
        return
    try:
        size = path.stat().st_size
    except OSError as absent:
        raise InputRefused(f"There is no package at {path}: {absent.strerror}.") from absent
    if size > MOST_BYTES:
        raise InputRefused(f"The package was refused: {path.name} is larger than {_megabytes(MOST_BYTES)}.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as wrong:
        raise InputRefused(
            f"{path.name} is neither a folder nor a zip that can be opened ({wrong}); give one of the two."
        ) from wrong
    with archive:
        yield PackageFiles(_sizes(_entries(archive)), archive.open)


def _sizes(found: Iterator[tuple[str, int, str]]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    same: dict[str, str] = {}
    problems: list[str] = []
    total = 0
    for count, (name, size, wrong) in enumerate(found, start=1):
        if count > MOST_FILES:
            raise InputRefused(f"The package was refused: it has more than {MOST_FILES} files and folders.")
        total += max(size, 0)
        if total > MOST_BYTES:
            raise InputRefused(
                f"The package was refused: its files are larger than {_megabytes(MOST_BYTES)} in all."
            )
        wrong = wrong or _wrong_name(name.rstrip("/"))
        # Two names that differ in case or in how an accent is written are one file on many systems.
        plain = unicodedata.normalize("NFC", name.rstrip("/")).casefold()
        if not wrong and plain in same:
            wrong = f"has the same name as {same[plain]!r}"
        if wrong:
            problems.append(f"{name!r} {wrong}.")
        same[plain] = name
        if not name.endswith("/"):
            sizes[name] = size
    if problems:
        more = f"\n… and {len(problems) - _TOLD} more." if len(problems) > _TOLD else ""
        raise InputRefused("The package was refused.\n" + "\n".join(problems[:_TOLD]) + more)
    return dict(sorted(sizes.items()))


def _wrong_name(name: str) -> str:
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "is an absolute name; names are given from the top of the package"
    if "\\" in name:
        return "holds a backslash; folders are separated by /"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "leads out of the package or names nothing"
    if any(unicodedata.category(letter).startswith("C") for letter in name):
        return "holds characters that cannot be seen or are not UTF-8"
    if len(name) > LONGEST_NAME:
        return f"has {len(name)} characters; {LONGEST_NAME} are possible"
    return ""


def _walk(top: Path) -> Iterator[tuple[str, int, str]]:
    """Name (a folder ends with /), size and what is wrong with each file below a folder."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(top / folder) as entries:
                for entry in entries:
                    name = f"{folder}{entry.name}"
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if stat.S_ISDIR(mode):
                        waiting.append(f"{name}/")
                        yield f"{name}/", 0, ""
                    else:
                        yield name, entry.stat(follow_symlinks=False).st_size, _wrong_mode(mode)
        except OSError as unreadable:
            raise InputRefused(
                f"The package was refused: {folder or str(top)!r} cannot be read ({unreadable.strerror})."
            ) from unreadable


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, int, str]]:
    """The same for each entry of a zip."""
    for info in archive.infolist():
        wrong = _wrong_mode(info.external_attr >> 16)
        if info.flag_bits & _ENCRYPTED:
            wrong = "is encrypted; file it without a password"
        elif not info.orig_filename.isascii() and not info.flag_bits & _UTF8_NAME:
            wrong = "has a name that is not UTF-8; use plain letters or another zip program"
        elif info.orig_filename != info.filename:
            wrong = "holds characters that cannot be seen or are not UTF-8"
        yield info.filename, info.file_size, wrong


def _wrong_mode(mode: int) -> str:
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        return "is a symbolic link; put the file itself in its place"
    return "" if kind in (0, stat.S_IFREG, stat.S_IFDIR) else "is not a plain file"


def _open_plain(path: Path) -> IO[bytes]:
    # The file may have been exchanged for a link since it was looked at.
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000} MB"
