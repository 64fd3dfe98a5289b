"""Publishes the site into a folder: whole or not at all, and only when something changed.

    FOLDER/current            what a web server serves; a symbolic link, swapped in one step
    FOLDER/versions/…         the version it leads to, named by its content, and the one before it

A reader who opened a page a moment ago can still open the files of that version.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import InputRefused, OutsideWorldFailed
from register.public import PublicRegister, public_register
from register.site import pages, told

_WRITERS = 8
"""Files that are made at once: making one is mostly waiting for the disk."""

_AT_A_TIME = 400


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did, or would do, to what stood in the folder.

    `added`, `moved`, `changed` and `gone` are numbers; `gaps` the languages that a published programme
    lacks, `held_back` those that one lacks that is not published. `version` is empty when nothing was
    written.
    """

    folder: str
    version: str
    published: bool
    programmes: int
    files: int
    bytes: int
    added: tuple[str, ...]
    moved: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    gaps: dict[str, tuple[str, ...]]
    held_back: dict[str, tuple[str, ...]]

    @property
    def differs(self) -> bool:
        """Whether a programme differs from what stood there."""
        return bool(self.added or self.moved or self.changed or self.gone)


def publish(url: str, folder: Path, agency: str, on: date, *, hold_back: bool) -> Publication:
    """Publishes the register as it is on a day. What stands already is left as it is.

    Idempotent: by content. Two at once follow each other.

    Raises: InputRefused when the folder holds something else; OutsideWorldFailed when it cannot be
    written; NotReachable when the register does not answer.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _ours(folder)
            register = public_register(url, on, hold_back=hold_back)
            before = _standing(folder)
            version, files, size = _written(folder, register, agency)
            new = _version(folder) != version
            if new:
                _swap(folder, version)
            return _told(folder, register, before, version=version, published=new, files=files, size=size)
    except OSError as error:
        raise OutsideWorldFailed(
            f"The folder {folder} cannot be written: {error.strerror or error}. What stood there stands."
        ) from error


def difference(url: str, folder: Path, on: date, *, hold_back: bool) -> Publication:
    """What publishing would change, without writing anything.

    Raises: InputRefused when the folder holds something else; NotReachable.
    """
    if folder.exists():
        _ours(folder)
    register = public_register(url, on, hold_back=hold_back)
    return _told(folder, register, _standing(folder), version="", published=False, files=0, size=0)


def _told(
    folder: Path,
    register: PublicRegister,
    before: dict[str, Any],
    *,
    version: str,
    published: bool,
    files: int,
    size: int,
) -> Publication:
    now = {programme.number: told(programme) for programme in register.programmes}
    stayed = [number for number in now if number in before]
    moved = [number for number in stayed if now[number]["list"] != before[number].get("list")]
    return Publication(
        folder=str(folder),
        version=version,
        published=published,
        programmes=len(now),
        files=files,
        bytes=size,
        added=tuple(number for number in now if number not in before),
        moved=tuple(moved),
        changed=tuple(n for n in stayed if n not in moved and now[n] != before[n]),
        gone=tuple(sorted(set(before) - set(now))),
        gaps={p.number: p.gaps for p in register.programmes if p.gaps},
        held_back={p.number: p.gaps for p in register.held_back},
    )


def _ours(folder: Path) -> None:
    """Raises: InputRefused when the folder holds anything that a publication did not put there."""
    others = [path.name for path in folder.iterdir() if path.name not in ("current", "versions", ".lock")]
    others = sorted(name for name in others if not name.startswith(".new-"))
    if others:
        raise InputRefused(
            f"The folder {folder} holds {', '.join(others[:3])}{' …' if len(others) > 3 else ''}, which no "
            "publication put there. Give a folder of its own: a new one, or one that was published to before."
        )


def _standing(folder: Path) -> dict[str, Any]:
    """The programmes that stand published, by number; none when nothing legible stands there."""
    try:
        document = json.loads((folder / "current" / "register.json").read_bytes())
        return {programme["number"]: programme for programme in document["programmes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _written(folder: Path, register: PublicRegister, agency: str) -> tuple[str, int, int]:
    """Writes the site beside the one that stands. Returns: its version, and how much it is."""
    (folder / "versions").mkdir(exist_ok=True)
    for left in folder.glob(".new-*/"):  # of a publication that was killed
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        hashed, files, size = hashlib.sha256(), 0, 0
        parents: set[str] = set()
        site = pages(register, agency)
        with ThreadPoolExecutor(_WRITERS) as threads:
            while some := list(islice(site, _AT_A_TIME)):
                for parent in {name.rpartition("/")[0] for name, _ in some} - parents:
                    (draft / parent).mkdir(parents=True, exist_ok=True)
                    parents.add(parent)
                written = threads.map(lambda page: (draft / page[0]).write_bytes(page[1]), some)
                for name, content in some:
                    hashed.update(f"{name}\0{len(content)}\0".encode() + content)
                    files, size = files + 1, size + len(content)
                sum(written)
        version = hashed.hexdigest()[:16]
        if version != _version(folder):
            target = folder / "versions" / version
            _remove(folder, target)  # what stands there was left by another publication, perhaps half removed
            draft.chmod(0o755)
            os.sync()  # one wait for the disk, not one for each page
            draft.rename(target)
        return version, files, size
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _version(folder: Path) -> str:
    """The version that `current` leads to; empty when there is none."""
    try:
        version = Path(os.readlink(folder / "current")).name
    except OSError:
        return ""
    return version if (folder / "versions" / version).is_dir() else ""


def _remove(folder: Path, version: Path) -> None:
    """Removes a version, if it is there: out of the way in one step, so that no half of it keeps its name."""
    if version.exists():
        aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))  # the next publication clears what is left
        version.rename(aside / version.name)
        shutil.rmtree(aside, ignore_errors=True)


def _swap(folder: Path, version: str) -> None:
    """Leads `current` to the new version in one step; keeps the one before it, and no older one."""
    before = _version(folder)
    link = folder / ".new-current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / version)
    link.replace(folder / "current")
    for old in (folder / "versions").iterdir():
        if old.name not in (version, before):
            _remove(folder, old)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One publication at a time into a folder. Not coded: Windows, where nothing serves it."""
    import fcntl

    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
