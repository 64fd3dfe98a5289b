"""The acts of this data folder that left and have no answer yet, and what the register knows of them.

The request id of an act is on disk before the act leaves, and stays there until its answer was shown. What
became of it is the register's knowledge, never the age of a file: an act that stands already is recognised
when the same words are typed again, until somebody has acted on its case since; from then on, they mean a
new act.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from models.messages import Message

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Stands:
    """The entry of an act that left without an answer, and whether a person acted on its case since."""

    entry: int
    recorded_at: datetime
    by: str
    followed: bool


@dataclass(frozen=True)
class Unanswered:
    """An act that left and got no answer. `stands` is nothing while the register holds no entry of it."""

    number: str
    command: str
    request_id: str
    since: datetime
    stands: Stands | None
    told: bool
    file: Path


class Requests:
    """The acts on their way, by what they say: one small file each, until the answer is there."""

    def __init__(self, folder: Path, register_url: str) -> None:
        self._folder = folder
        self._url = register_url
        self._held: list[int] = []

    def id_for(
        self, number: str, command: str, said: dict[str, Any], leaving: Callable[[str], object]
    ) -> str:
        """The request id of this act: the one it left with before, or a new one, written down first.

        As long as this process lives, nobody takes the act for one without an answer. `leaving` is told the
        id before anybody can see that it is written down.
        """
        file, request_id = self._file(number, command, said), f"{command}-{uuid.uuid4()}"
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        leaving(request_id)
        with draft.open("w") as out:
            out.write(json.dumps({"request_id": request_id, "number": number, "act": command}))
            out.flush()
            os.fsync(out.fileno())
        try:
            while (known := self._hold(file)) is None:
                try:
                    os.link(draft, file)  # the first of two that type the same at once gives the id to both
                except FileExistsError:
                    continue
        finally:
            draft.unlink()
        leaving(known)
        return known

    def stands(self, number: str, command: str, said: dict[str, Any]) -> Stands | None:
        """The entry of this very act, where it left before and nobody was told that it stands."""
        file = self._file(number, command, said)
        if (found := _read(file)) is None or _is_held(file):
            return None
        return _stands(self._url, {found["request_id"]: number}).get(found["request_id"])

    def answered(self, number: str, command: str, said: dict[str, Any]) -> None:
        """There is an answer: the same words typed again are a new act."""
        self._file(number, command, said).unlink(missing_ok=True)

    def unanswered(self) -> list[Unanswered]:
        """The acts that got no answer and that no command waits for any more, the oldest first.

        Raises: NotReachable when the register does not answer.
        """
        read = {file: said for file in self._files() if (said := _read(file)) and not _is_held(file)}
        if not read:
            return []
        stands = _stands(self._url, {said["request_id"]: said["number"] for said in read.values()})
        found = [
            Unanswered(
                number=said["number"],
                command=said["act"],
                request_id=said["request_id"],
                since=datetime.fromtimestamp(since, UTC),
                stands=stands.get(said["request_id"]),
                told=bool(said.get("told")),
                file=file,
            )
            for file, said in read.items()
            if (since := _since(file)) is not None
        ]
        return sorted(found, key=lambda one: one.since)

    def tell(self) -> Iterator[Message]:
        """Says of each act that stands without an answer that it does: once.

        It is forgotten after a week, or once somebody has acted after it.
        """
        for one in self.unanswered():
            old = datetime.now(UTC) - one.since > A_WEEK and (one.told or one.stands is None)
            if old or (one.told and one.stands and one.stands.followed):
                one.file.unlink(missing_ok=True)
                continue
            if one.stands is None or one.told:
                continue
            yield sentence(one)
            said = {"request_id": one.request_id, "number": one.number, "act": one.command, "told": True}
            draft = one.file.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(said))
            os.utime(draft, (one.since.timestamp(),) * 2)
            draft.replace(one.file)

    def _hold(self, file: Path) -> str | None:
        """The request id in a file, which is held from now on; nothing where there is no file."""
        try:
            opened = os.open(file, os.O_RDONLY)
        except FileNotFoundError:
            return None
        fcntl.flock(opened, fcntl.LOCK_SH)
        self._held.append(opened)  # until this process ends, however it does
        return str(json.loads(Path(f"/dev/fd/{opened}").read_text())["request_id"])

    def _files(self) -> list[Path]:
        return list(self._folder.glob("*.json"))

    def _file(self, number: str, command: str, said: dict[str, Any]) -> Path:
        text = json.dumps([number, command, said], sort_keys=True, default=str)
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


def sentence(one: Unanswered) -> Message:
    """What is known of an act without an answer."""
    facts = {"command": one.command, "number": one.number, "since": one.since}
    if one.stands is None:
        return Message("unanswered.stands-not", **facts)
    key = "unanswered.followed" if one.stands.followed else "unanswered.stands"
    return Message(key, **facts, entry=one.stands.entry)


def _read(file: Path) -> dict[str, Any] | None:
    """What stands in a file, or nothing: it may have been answered in this moment."""
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError):
        return None


def _since(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None


def _is_held(file: Path) -> bool:
    """Whether a command still waits for the answer."""
    try:
        opened = os.open(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


def _stands(url: str, requests: dict[str, str]) -> dict[str, Stands]:
    """Which of these acts stand in the register; request ids with their numbers, and what stands by them."""
    from register.reading import questions

    places = ", ".join("?" * len(requests))
    with questions(url) as ask:
        rows = ask(
            'SELECT e.request_id, e.sequence, e.recorded_at, e."by", EXISTS (SELECT 1 FROM entry l '
            "WHERE l.number = e.number AND l.sequence > e.sequence AND l.request_id IS NOT NULL) "
            f"FROM entry e WHERE e.number IN ({places}) AND e.request_id IN ({places})",
            [*requests.values(), *requests],
        )
    return {
        request_id: Stands(entry, datetime.fromisoformat(recorded_at), by, bool(followed))
        for request_id, entry, recorded_at, by, followed in rows
    }
