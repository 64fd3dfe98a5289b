"""Sends notices: into the outbox folder, or through a mail server.

A letter may be sent twice only if nobody writes down what is being done. So each notice is claimed in
the database before it is handed over and marked after; an attempt that ended in between leaves a doubt, and
doubt is for a person, not for a second try. So is a refusal for good: a server that says "not now" is asked
again, one that says "never" is not.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from activities.mail import MailServer, OutcomeUnknown, RefusedForGood, one_line
from activities.message import Forged, message_of
from models.errors import NotDelivered, ProcedureError
from models.messages import Message
from register import outbox

if TYPE_CHECKING:
    from models.register import NoticeRow
    from register.documents import DocumentStore


class Notifications:
    """Sends notices. Without a mail server each becomes an .eml file in the outbox folder."""

    def __init__(
        self, url: str, store: DocumentStore, folder: Path, mail_server: MailServer | None, mail_from: str
    ) -> None:
        self._url = url
        self._store = store
        self._folder = folder
        self._server = mail_server
        self._from = mail_from
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    def send(self, notice: NoticeRow, now: Callable[[], datetime]) -> bool:
        """Sends a notice. Returns: whether it holds nothing up any more; the register says what became of it.

        The notice learns what its case is to be told of that.

        Idempotent: by the notice's key. One that was being sent when an earlier attempt ended is in doubt
        (the outbox folder has no such doubt).

        Raises: NotDelivered when an earlier attempt still sends it; NotReachable when the register does not
        answer; anything else for a fault of ours. What was handed over by then is in doubt, and is not handed
        over again.
        """
        key = notice.key
        with self._alone(key):
            if notice.state == "sending" and self._server:
                # whoever claimed it may be dead, or may still write down that it was sent
                outbox.doubt(self._url, key, str(Message("mail.no-telling-how")))
                return False
            try:
                answer = self._handed_over(notice)
            except OutcomeUnknown as lost:
                outbox.doubt(self._url, key, one_line(str(Message("mail.connection-lost", why=lost))))
                return False
            except (Forged, RefusedForGood) as refused:
                notice.tells = outbox.refused(self._url, key, str(refused))
                return True
            except (ProcedureError, OSError) as failed:
                outbox.not_now(self._url, key, now(), one_line(str(failed)))
                return False
            if answer is None:
                return False
            tells = outbox.left(self._url, key, now(), answer)
            notice.tells = tells or ""
            return tells is not None

    def _handed_over(self, notice: NoticeRow) -> str | None:
        """What the mail server answered; nothing when somebody else sends it."""
        message = message_of(notice, self._from, self._store.read(notice.sha256), _now())
        if self._server:
            claim = partial(outbox.claim, self._url, notice.key)
            return self._server.hand_over(self._from, notice.recipient, message, claim)
        # the same message is the same file, so writing again after a crash cannot double anything
        target = self._folder / _file_name(notice)
        if not target.exists():
            write_atomically(target, message)
        return ""

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """An attempt that timed out may still be at work in a thread of this process: it will know."""
        with self._lock:
            if key in self._busy:
                raise NotDelivered("mail.still-sending")
            self._busy.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(key)


def _file_name(notice: NoticeRow) -> str:
    """A name that people can read, made unique by its Message-ID."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", notice.key)
    return f"{readable}-{hashlib.sha256(notice.message_id.encode()).hexdigest()[:8]}.eml"


def write_atomically(target: Path, content: bytes) -> None:
    """Writes a file that is whole from the instant at which it is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".draft")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _now() -> datetime:
    # what a letter says of its date is a matter of the wall clock, and decides nothing
    return datetime.now(UTC)
