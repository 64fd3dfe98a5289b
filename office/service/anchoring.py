"""Makes heads of the register, and has a second place hold them: a folder on another system.

What the office can no longer change there is what finds a register that was rewritten from end to end.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from models.errors import OutsideWorldFailed, ProcedureError
from models.messages import Message
from office.service import stamping
from office.service.problems import Problem
from office.settings import Settings
from register import heads
from register.heads import Head
from register.keys import OFFICE
from register.keys import read as read_key
from register.reading import Questions, questions

LATE = timedelta(hours=50)
"""A head that was not written to the second place for longer is told: one night may be missed."""

log = logging.getLogger(__name__)


def nightly(settings: Settings, night: date) -> None:
    """Makes the head of a night, and brings the second place up to date. Idempotent: by the night.

    Raises: NotReachable; OutsideWorldFailed when the office's key cannot be read.
    """
    _make(settings, f"night {night.isoformat()}")


def after_decisions(settings: Settings) -> Callable[[str, int], Future[None]]:
    """What makes a head after a decision was entered, given its case and entry; it waits for nothing.

    Of decisions that were entered while a head was made the last one makes the next head, which covers all.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="heads")
    newest = ("", 0)

    def make(number: str, entry: int) -> None:
        if (number, entry) != newest:
            return
        try:
            _make(settings, f"{number} {entry}")
        except ProcedureError as error:
            log.warning("%s", error.message)  # the next head covers it

    def after(number: str, entry: int) -> Future[None]:
        nonlocal newest
        newest = number, entry
        return thread.submit(make, number, entry)

    return after


def _make(settings: Settings, occasion: str) -> None:
    heads.make(settings.register_url, occasion, read_key(settings.keys / OFFICE))
    if settings.anchors is None:
        return
    try:
        write(settings, settings.anchors)
    except OutsideWorldFailed as error:
        log.warning("%s", error.message)  # the next head is written with those that lack


def write(settings: Settings, folder: Path) -> None:
    """Writes every head to a folder that does not hold it yet. Idempotent: by the head.

    Raises: OutsideWorldFailed when it cannot be written; NotReachable when the register does not answer.
    """
    place = str(folder.absolute())
    try:
        for head in heads.not_at(settings.register_url, place):
            file = folder / head.named
            if not (file.exists() and file.read_text() == head.text):
                opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
                with os.fdopen(opened, "w") as into:
                    into.write(head.text)
                    into.flush()
                    os.fsync(into.fileno())
            heads.written(settings.register_url, head.head, place)
        if settings.timestamps:
            _stamp(settings, folder)
    except OSError as error:
        raise OutsideWorldFailed("verify.anchor-not-written", folder=folder, why=error.strerror) from error


def _stamp(settings: Settings, folder: Path) -> None:
    """Has the newest head stamped: it is chained to all before it, also to those that nobody could stamp."""
    with questions(settings.register_url) as ask:
        newest = heads.newest(ask)
    stamp = (folder / newest.named).with_suffix(stamping.ENDING) if newest else None
    if newest and stamp and not stamp.exists():
        try:
            token = stamping.stamped(settings.timestamps, newest, settings.timestamp_roots)
        except OutsideWorldFailed as error:
            log.warning("%s", error.message)  # the next head is stamped
            return
        draft = stamp.with_suffix(f".{os.getpid()}")  # half a stamp would be taken for a false one
        draft.write_bytes(token)
        draft.replace(stamp)


def compared(settings: Settings, now: datetime) -> tuple[list[Problem], list[Head]]:
    """How the second place and the register differ, and which heads were lost with a restore.

    Raises: NotReachable when the register does not answer.
    """
    if settings.anchors is None:
        return [], []
    folder = settings.anchors
    with questions(settings.register_url) as ask:
        ours = {head.head: head for head in heads.every(ask)}
        there = heads.anchored(ask, str(folder.absolute()))
        problems = list(_lacking(folder, ours, there, now))
        lost: list[Head] = []
        windows = [_window(ours, restored) for (restored,) in ask("SELECT restored_at FROM restored")]
        for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            try:
                text = file.read_bytes().decode()
                held = heads.read(text)
            except (OSError, ValueError, TypeError, LookupError, AttributeError):
                problems.append(Problem("anchor-changed", Message("verify.anchor-unreadable", file=file)))
                continue
            stamp = file.with_suffix(stamping.ENDING)
            if stamp.exists() and (why := stamping.flaw(_read(stamp), held, settings.timestamp_roots)):
                problems.append(Problem("anchor-changed", Message("verify.stamp-wrong", file=stamp, why=why)))
            if ours.get(held.head) == held and file.name == held.named and text == held.text:
                continue
            if not held.is_signed() or file.name != held.named or text != held.text:
                problems.append(Problem("anchor-changed", Message("verify.anchor-changed", file=file)))
            elif any(newest < _at(held.at) <= restored for newest, restored in windows):
                lost.append(held)
            else:
                problems += _unknown(ask, file, held)
    return problems, lost


def _read(file: Path) -> bytes:
    """What is in a file; nothing where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _window(ours: dict[int, Head], restored_at: str) -> tuple[datetime, datetime]:
    """From the newest head that a restore brought back to its instant: what was made between them is lost.

    The set itself says when it was whole, which is a moment after its register was copied.
    """
    restored = _at(restored_at)
    before = [_at(head.at) for head in ours.values() if _at(head.at) <= restored]
    return max(before, default=_at("")), restored


def _lacking(folder: Path, ours: dict[int, Head], there: dict[int, str], now: datetime) -> Iterator[Problem]:
    for number, at in there.items():
        head = ours.get(number)
        if head is not None and not (folder / head.named).is_file():
            said = Message("verify.anchor-gone", head=number, at=_at(at), file=folder / head.named)
            yield Problem("anchor-gone", said)
    late = [head for number, head in ours.items() if number not in there and now - _at(head.at) > LATE]
    if late:
        said = Message("verify.anchor-late", n=len(late), folder=folder, head=late[0].head)
        yield Problem("anchor-late", said, since=_at(late[0].at))


def _unknown(ask: Questions, file: Path, held: Head) -> Iterator[Problem]:
    """A head that the office signed and that its register does not have: which streams it does not fit."""
    said = Message("verify.head-unknown", head=held.head, at=_at(held.at), file=file)
    yield Problem("head-unknown", said, since=_at(held.at))
    for stream, (sequence, chain) in held.streams().items():
        rows = ask("SELECT chain FROM seal WHERE stream = ? AND sequence = ?", [stream, sequence])
        if rows != [(chain,)]:
            said = Message("verify.stream-unlike", stream=stream, sequence=sequence, file=file)
            yield Problem("seal-rewritten", said, stream)


def _at(instant: str) -> datetime:
    """The instant, or the first one of all where somebody put something else."""
    try:
        return datetime.fromisoformat(instant).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
