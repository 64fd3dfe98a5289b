"""Lets go on what a restore keeps back: first it is compared with what had left, and what was lost is told.

What had left is seen in a journal of the mail server, in the outbox of the old place, or in the old register,
by the Message-ID of each letter: it carries what the entry tells, so another decision under the same number
is another letter. The old register, where it can still be read, tells every act, number and invoice that
came after the copy; a letter that belongs to no entry here tells of such an act, too.
"""

from __future__ import annotations

import json
import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from models.errors import ImproperAct, InputRefused, NotReachable
from models.signs import OURS
from office import connection
from office.service.launching import wait_for
from office.settings import Settings
from register import outbox, restores
from register.database import transaction
from register.notices import message_id
from register.reading import Questions, questions
from register.restores import Restore, Seen

_OURS = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]{1,190}>")

_WAITS = ("pending", "sending", "in_doubt", "not_sent")
"""States of a notice that may leave, or may have left."""


@dataclass(frozen=True)
class Release:
    """What is known at the release of a restore, each as rows for people and programs.

    `left` are letters here that had left, `lost_letters` those that had left and belong to no entry here;
    `waiting` is how many others leave now. `entries`, `numbers` and `invoices` were lost with the old
    register, `unanswered` are acts whose typist never had an answer.
    """

    restore: Restore
    written: bool
    left: tuple[dict[str, Any], ...]
    waiting: int
    lost_letters: tuple[dict[str, Any], ...]
    entries: tuple[dict[str, Any], ...]
    numbers: tuple[str, ...]
    invoices: tuple[str, ...]
    unanswered: tuple[dict[str, Any], ...]


@dataclass
class _Lost:
    """What an old place tells that the restored register does not know."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    invoices: list[str] = field(default_factory=list)
    unanswered: list[dict[str, Any]] = field(default_factory=list)


def release(
    settings: Settings, seen: Iterable[Path], old: str, uncompared: bool, by: str, write: bool
) -> Release:
    """Compares with what had left and lets the rest go; or only tells what that would do.

    `seen` are folders of messages, mailboxes or single messages; `old` is the data folder of the old place,
    or the address of its register.

    Raises: ImproperAct when nothing is kept back, or nobody said where to look; InputRefused
    when a place cannot be read; NotReachable.
    """
    url = settings.register_url
    waits = restores.waiting(url)
    if waits is None:
        raise ImproperAct("restore.nothing-kept-back", possible=("status",))
    places = list(seen)
    known, count = _letters(url)
    if write and not (places or old or uncompared):
        raise ImproperAct(
            "restore.not-compared",
            n=count,
            possible=("release --seen MAILBOX", "release --old FOLDER", "release --uncompared"),
        )
    found, lost, subjects = _look(url, places, old)
    by_id = _by_message_id(known, found)
    here = [one for one in found.values() if one.message_id in by_id]
    left = [
        {**by_id[one.message_id], "sent_at": one.sent_at.isoformat(timespec="seconds"), "seen": one.proof}
        for one in here
    ]
    may_leave = [one for one in left if one["state"] in (*_WAITS, "to_make", "not_made")]
    strange = [one for one in found.values() if one.message_id not in by_id]
    if write:
        _write(settings, waits, by, found.values(), by_id)
    return Release(
        restore=waits,
        written=write,
        left=tuple(sorted(may_leave, key=lambda one: str(one["notice"]))),
        waiting=count - len(may_leave),
        lost_letters=tuple(
            {
                "message_id": one.message_id,
                "sent_at": one.sent_at.isoformat(timespec="seconds"),
                "subject": subjects.get(one.message_id, ""),
                "seen": one.proof,
            }
            for one in sorted(strange, key=lambda one: one.sent_at)
        ),
        entries=tuple(lost.entries),
        numbers=tuple(lost.numbers),
        invoices=tuple(lost.invoices),
        unanswered=tuple(lost.unanswered),
    )


def _write(
    settings: Settings, waits: Restore, by: str, seen: Iterable[Seen], by_id: dict[str, dict[str, Any]]
) -> None:
    """Writes down what had left and that a person let the rest go, and wakes the postman."""
    found = list(seen)
    with transaction(settings.register_url) as session:
        if not restores.release(session, waits.restore, datetime.now(UTC), by, found):
            raise ImproperAct("restore.nothing-kept-back", possible=("status",))
    for one in found:
        if by_id.get(one.message_id, {}).get("state") == "in_doubt":
            outbox.left(settings.register_url, by_id[one.message_id]["notice"], one.sent_at, one.proof)
    wait_for(_wake(settings, by))


async def _wake(settings: Settings, by: str) -> None:
    """Wakes what was kept back; where nothing runs, the next start does."""
    from office.letters import postman
    from office.publication.schedule import publish_soon

    try:
        client = await connection.connect(settings, by)
    except NotReachable:
        return
    await postman.wake(client, settings)
    if settings.publish_to:
        await publish_soon(client, settings)


def _letters(url: str) -> tuple[list[dict[str, Any]], int]:
    """Every letter of the register by e-mail, and how many of them wait."""
    names = ("notice", "number", "entry", "letter", "role", "state", "message_id", "says")
    with questions(url) as ask:
        rows = ask(
            "SELECT key, number, entry, letter, role, state, message_id, '' FROM notice "
            "WHERE channel = 'email'"
        )
        rows += ask(
            "SELECT key, number, entry, letter, role, state, '', says FROM letter WHERE state <> 'made'"
        )
    known = [dict(zip(names, row, strict=True)) for row in rows]
    return known, sum(one["state"] in (*_WAITS, "to_make", "not_made") for one in known)


def _by_message_id(known: Iterable[dict[str, Any]], found: dict[str, Seen]) -> dict[str, dict[str, Any]]:
    """Letters by the Message-ID under which they left or would leave; one that is not made yet, too."""
    domains = {one.rpartition("@")[2].rstrip(">") for one in found}
    by_id = {}
    for letter in known:
        says = letter.pop("says")
        ids = (
            [letter.pop("message_id")]
            if not says and letter["state"] not in ("to_make", "not_made")
            else None
        )
        for one in ids or [message_id(letter["notice"], says, domain) for domain in domains]:
            by_id[one] = letter
    return by_id


def _look(url: str, places: Iterable[Path], old: str) -> tuple[dict[str, Seen], _Lost, dict[str, str]]:
    """All messages of ours that were seen to have left, what was lost, and the subjects of messages."""
    found: dict[str, Seen] = {}
    subjects: dict[str, str] = {}
    lost = _Lost()
    looked = list(places)
    if old and "://" in old:
        _compare(url, old, found, lost)
    elif old:
        folder = Path(old)
        if not folder.is_dir():
            raise InputRefused("restore.no-old-place", folder=folder)
        if (folder / "outbox").is_dir():
            looked.append(folder / "outbox")
        if (folder / "register.db").is_file():
            _compare(url, f"sqlite:///{(folder / 'register.db').resolve()}", found, lost)
        lost.unanswered += _requests(folder / "requests")
    for place in looked:
        for mail, written in _mails(place):
            identity = _identity(mail)
            subjects[identity] = _subject(mail)
            found.setdefault(identity, Seen(identity, _sent_at(mail, written), str(place)))
    return found, lost, subjects


def _mails(place: Path) -> Iterator[tuple[Mail, datetime]]:
    """The messages of ours in a folder, a mailbox or a file, each with the instant of its file.

    Raises: InputRefused when the place cannot be read.
    """
    try:
        if place.is_dir():
            files = [path for path in sorted(place.rglob("*")) if path.is_file() and path.name[0] != "."]
        else:
            files = [place]
        for path in files:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            with path.open("rb") as file:
                of_several = file.read(5) == b"From "
            if of_several:
                for mail in mailbox.mbox(path, factory=lambda file: _ours(file.read()), create=False):
                    if mail is not None:
                        yield mail, written
            elif (one := _ours(path.read_bytes())) is not None:
                yield one, written
    except OSError as error:
        raise InputRefused("restore.unreadable-place", place=place, why=error.strerror or error) from error


def _ours(raw: bytes) -> Mail | None:
    """The message of ours: itself, or within the report that a journal wraps it in."""
    head = BytesHeaderParser().parsebytes(raw)
    if _identity(head):
        return head
    if head.get_content_maintype() != "multipart":
        return None
    return next((part for part in BytesParser().parsebytes(raw).walk() if _identity(part)), None)


def _identity(mail: Mail) -> str:
    """Its Message-ID, if it has the shape of ours."""
    found = str(mail.get("Message-ID", "")).strip()
    return found if _OURS.fullmatch(found) else ""


def _subject(mail: Mail) -> str:
    return str(make_header(decode_header(str(mail.get("Subject", "")))))


def _sent_at(mail: Mail, otherwise: datetime) -> datetime:
    try:
        found = parsedate_to_datetime(str(mail["Date"]))
    except (TypeError, ValueError):
        return otherwise
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _compare(url: str, old: str, found: dict[str, Seen], lost: _Lost) -> None:
    """What an old register knows beyond the restored one: letters that left, entries, numbers, invoices."""
    from register.addresses import spoken

    with questions(old) as ask:
        for identity, sent_at in ask("SELECT message_id, sent_at FROM notice WHERE sent_at IS NOT NULL"):
            found[identity] = Seen(identity, datetime.fromisoformat(sent_at), spoken(old))
        entries = ask(
            'SELECT number, sequence, act, "by", happened_on, request_id FROM entry ORDER BY recorded_at'
        )
        numbers, invoices = _given(ask)
    with questions(url) as ask:
        stands = {(row[0], row[1]): row[2] for row in ask("SELECT number, sequence, request_id FROM entry")}
        known_numbers, known_invoices = _given(ask)
    for number, sequence, act, by, on, request_id in entries:
        # what no person did comes again by itself
        if by not in OURS and stands.get((number, sequence), "") != request_id:
            lost.entries.append({"number": number, "entry": sequence, "act": act, "by": by, "on": str(on)})
    lost.numbers += sorted(numbers - known_numbers)
    lost.invoices += sorted(invoices - known_invoices)


def _given(ask: Questions) -> tuple[set[str], set[str]]:
    numbers = {str(row[0]) for row in ask("SELECT number FROM allotted_number")}
    invoices = ask("SELECT invoice FROM invoice UNION SELECT credit_note FROM credit_note")
    return numbers, {str(row[0]) for row in invoices}


def _requests(folder: Path) -> Iterator[dict[str, Any]]:
    """Acts that had no answer when the old place ended."""
    for path in sorted(folder.glob("*.json")):
        try:
            said = json.loads(path.read_text())
            yield {"number": said["number"], "act": said["act"], "request_id": said["request_id"]}
        except (OSError, ValueError, KeyError):
            continue
