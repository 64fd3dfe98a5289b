"""Publishes the site into a folder: whole or not at all, and only when something changed.

    FOLDER/current            what a web server serves; a symbolic link, swapped in one step
    FOLDER/versions/…         the version it leads to, named by what it is made from, and the one before it

Each public register has a folder of its own.

A reader who opened a page a moment ago can still open the files of that version.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from models.errors import InputRefused, OutsideWorldFailed
from procedures.registry import zone_of
from register.database import migrate
from register.public import PublicRegister, awaiting, public_register
from register.publications import (
    ADDED,
    CHANGED,
    GONE,
    HELD_BACK,
    MOVED,
    Line,
    changes,
    keep,
    newest,
    no_longer_shown,
)
from register.reading import revision
from register.site import NEWEST, Frame, Site

_FOLDER, _PAGE = 0o755, 0o644
"""Everybody may read what is published, whoever serves it."""

_WRITERS = 2
"""Files that are made at once: of one folder, the system makes hardly more."""

_AT_A_TIME = 400


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication of a register did, or would do.

    `added`, `moved`, `changed` and `gone` are numbers of programmes whose public facts differ from those of
    the newest publication, `lines` what differs; they are the register's, whatever stands in the folder.
    `rewritten`: the folder had, or has, another version than this one. `gaps` are the languages that a
    published programme lacks, `held_back` those that one lacks that is not published, `lacking` the parts
    that both lack by language. `version` is empty when nothing was to be written; `files` and `bytes` are
    what was. `told` are programmes in this publication for which a limit ends with it, each with what it
    lacks: to publish, or to complete what was published.
    """

    register: str
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
    lacking: dict[str, dict[str, tuple[str, ...]]]
    lines: tuple[Line, ...]
    rewritten: bool
    told: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether a programme differs from what was published last."""
        return bool(self.lines)


def publish(url: str, folder: Path, frame: Frame, at: datetime, *, hold_back: bool) -> Publication:
    """Publishes a register as it is. A folder that holds that already is left as it is.

    The publication is kept in the register first, and the folder made from what is kept: what breaks off
    between the two is made good by the next. Idempotent: by content. Two at once follow each other.

    Raises: InputRefused when the folder holds something else; OutsideWorldFailed when it cannot be
    written; NotReachable when the register does not answer.
    """
    if revision(url):
        migrate(url)
    try:
        for missing in [path for path in (*reversed(folder.parents), folder) if not path.exists()]:
            missing.mkdir(exist_ok=True)
            missing.chmod(_FOLDER)
        with _alone(folder):
            _ours(folder)
            awaited = awaiting(url, frame.of)  # before it is read what is published
            register, lines = keep(url, frame.of, _day(frame, at), at, hold_back=hold_back)
            site = Site(register, frame, newest(url, frame.of, NEWEST), no_longer_shown(url, frame.of))
            version, stands = site.version(), _version(folder)
            files, size = (0, 0) if version == stands else _written(folder, site, version)
            if version != stands:
                _swap(folder, version)
            told = _told(folder, register, lines, version, version != stands, files, size)
            lacking = {p.number: p.lacks for p in register.programmes}
            ended = {n: lacking[n] for n, refs in awaited.items() if n in lacking and _ends(refs, lacking[n])}
            return replace(told, told=ended)
    except OSError as error:
        raise OutsideWorldFailed(
            "public.folder-not-written", folder=folder, why=error.strerror or error
        ) from error


def _ends(refs: tuple[bool, bool], lacks: dict[str, tuple[str, ...]]) -> bool:
    """Whether a limit ends with a publication: the time to publish by any, to complete by a whole one."""
    to_publish, to_complete = refs
    return to_publish or (to_complete and not lacks)


def difference(url: str, folder: Path, frame: Frame, at: datetime, *, hold_back: bool) -> Publication:
    """What publishing would change, without writing anything.

    Raises: InputRefused when the folder holds something else; NotReachable.
    """
    if folder.exists():
        _ours(folder)
    register = public_register(url, frame.of, _day(frame, at), hold_back=hold_back)
    _, lines = changes(url, register)
    site = Site(register, frame, newest(url, frame.of, NEWEST), no_longer_shown(url, frame.of))
    return _told(folder, register, lines, "", bool(lines) or site.version() != _version(folder), 0, 0)


def _day(frame: Frame, at: datetime) -> date:
    return at.astimezone(zone_of(frame.of)).date()


def _told(
    folder: Path,
    register: PublicRegister,
    lines: list[Line],
    version: str,
    rewritten: bool,
    files: int,
    size: int,
) -> Publication:
    def numbers(*what: str) -> tuple[str, ...]:
        return tuple(line.number for line in lines if line.what in what)

    return Publication(
        register=register.of.name,
        folder=str(folder),
        version=version,
        published=bool(version) and rewritten,
        programmes=len(register.programmes),
        files=files,
        bytes=size,
        added=numbers(ADDED),
        moved=numbers(MOVED),
        changed=numbers(CHANGED),
        gone=numbers(HELD_BACK, GONE),
        gaps={p.number: p.gaps for p in register.programmes if p.gaps},
        held_back={p.number: p.gaps for p in register.held_back},
        lacking={p.number: p.lacks for p in (*register.programmes, *register.held_back) if p.gaps},
        lines=tuple(lines),
        rewritten=rewritten,
    )


def _ours(folder: Path) -> None:
    """Raises: InputRefused when the folder holds anything that a publication did not put there."""
    others = [path.name for path in folder.iterdir() if path.name not in ("current", "versions", ".lock")]
    others = sorted(name for name in others if not name.startswith(".new-"))
    if others:
        raise InputRefused(
            "public.not-our-folder", folder=folder, others=[*others[:3], *("…" for _ in others[3:4])]
        )


def _written(folder: Path, site: Site, version: str) -> tuple[int, int]:
    """Writes a version beside the one that stands. Returns: its files and bytes."""
    (folder / "versions").mkdir(exist_ok=True)
    (folder / "versions").chmod(_FOLDER)
    for left in folder.glob(".new-*/"):  # of a publication that was killed
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        files, size = 0, 0
        parents: set[str] = set()
        pages = site.pages()
        with ThreadPoolExecutor(_WRITERS) as threads:
            while some := list(islice(pages, _AT_A_TIME)):
                for parent in {name.rpartition("/")[0] for name, _ in some} - parents:
                    (draft / parent).mkdir(parents=True, exist_ok=True)
                    parents.add(parent)
                parts = [some[n::_WRITERS] for n in range(_WRITERS)]
                size += sum(threads.map(lambda part: sum(_page(draft, *page) for page in part), parts))
                files += len(some)
        target = folder / "versions" / version
        _remove(folder, target)  # what stands there was left by another publication, perhaps half removed
        for inside, _, _ in os.walk(draft):
            os.chmod(inside, _FOLDER)
        os.sync()  # one wait for the disk, not one for each page
        draft.rename(target)
        return files, size
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _page(draft: Path, name: str, content: bytes) -> int:
    """Writes a page that everybody may read, whatever the office keeps private. Returns: its bytes."""
    with open(f"{draft}/{name}", "wb") as page:
        os.fchmod(page.fileno(), _PAGE)
        return page.write(content)


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
