"""Sends the notices of an entry: into the outbox folder, or through a mail server.

A letter may be sent twice only if nobody writes down what is being done. So each notice is claimed in
the database before it leaves and marked after it has left; an attempt that ended in between leaves a
doubt, and doubt is for a person, not for a second try. So is a refusal for good: a server that says "not
now" is asked again, one that says "never" is not.
"""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio import activity

from activities.message import Forged, message_of
from models.entry import LetterKind, Occasion, TurnedAway
from models.errors import NotDelivered, ProcedureError
from models.parties import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.register import NoticeRow
    from register.documents import DocumentStore

SOCKET_SECONDS = 10
"""How long a mail server may be silent: shorter than the activity, so that an attempt knows its outcome."""


_ADDRESS = re.compile(r"\S*@\S*")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `tls` is TLS from the first byte; STARTTLS is used when offered.

    With `starttls` nothing is handed over without it. `ca_file` holds the authority that signed the
    server's certificate, where that is not one that the system knows.
    """

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False
    ca_file: Path | None = None
    patience: float = SOCKET_SECONDS

    def context(self) -> ssl.SSLContext:
        """How its certificate is checked; always."""
        return ssl.create_default_context(cafile=self.ca_file)


class OutcomeUnknown(Exception):
    """The letter was on its way when the connection failed: the server may have taken it."""


class RefusedForGood(Exception):
    """The server will never take this letter for this recipient."""


class Notifications:
    """Sends notices. Without a mail server each becomes an .eml file in the outbox.

    `turned_away` hears of a letter that no address of its recipient will ever take; it must not lose it.
    """

    def __init__(
        self,
        url: str,
        store: DocumentStore,
        outbox: Path,
        mail_server: MailServer | None,
        mail_from: str,
        turned_away: Callable[[TurnedAway], object] | None = None,
    ) -> None:
        self._url = url
        self._store = store
        self._outbox = outbox
        self._server = mail_server
        self._from = mail_from
        self._turned_away = turned_away
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    @activity.defn
    def deliver(self, occasion: Occasion) -> list[str]:
        """Sends what an entry still has to send; returns the keys of the notices that a person must settle.

        Idempotent: by the notice's key. What was sent is not sent again; what was being sent when an
        earlier attempt ended is in doubt (the outbox has no such doubt), and what was refused for good
        stays so.

        Raises: NotDelivered when at least one notice was certainly not taken over; the others left.
        """
        failures: list[str] = []
        written: list[str] = []
        rows = self._rows(occasion, "pending", "sending")
        for row in rows:
            try:
                self._send(row, written)
            except Forged as forged:
                self._turned([row.key], ("pending", "sending"), "refused", forged.message)
            except (ProcedureError, OSError) as failure:
                failures.append(f"{row.key}: {failure}")
        if written:
            self._turned(written, ("pending", "sending"), "sent")
        wait = self._rows(occasion, "in_doubt", "refused")
        if self._turned_away and any(row.state == "refused" for row in wait):
            for away in self._nobody_received(occasion):
                self._turned_away(away)
        if failures:
            # Temporal keeps what an activity says; what a server says of a person stays in the register
            told = _ADDRESS.sub("[address]", "; ".join(failures))
            raise NotDelivered(f"Not taken over, to be tried again: {told}")
        return [row.key for row in wait]

    def _send(self, row: NoticeRow, written: list[str]) -> None:
        # an attempt that timed out may still be at work in a thread of this process: it will know
        with self._lock:
            if row.key in self._busy:
                raise NotDelivered("an earlier attempt is still sending it.")
            self._busy.add(row.key)
        try:
            message = message_of(row, self._from, self._store.read(row.sha256), _now()).as_bytes()
            if self._server is None:
                # the same key is the same file, so writing again after a crash cannot double anything
                target = self._outbox / _file_name(row.key)
                if not target.exists():
                    _write_atomically(target, message)
                written.append(row.key)
            else:
                self._mail(self._server, row.key, row.recipient, message)
        finally:
            with self._lock:
                self._busy.discard(row.key)

    def _mail(self, server: MailServer, key: str, recipient: str, message: bytes) -> None:
        if not self._turned([key], ("pending",), "sending"):
            # somebody claimed it and may be dead, or may still write down that it was sent
            self._turned([key], ("sending",), "in_doubt", "an attempt ended without telling how")
            return
        try:
            _hand_over(server, self._from, recipient, message)
        except OutcomeUnknown as lost:
            self._turned([key], ("sending",), "in_doubt", f"the connection was lost: {lost}")
        except RefusedForGood as refused:
            # also from "in_doubt": whoever doubted has answered already, and this is the answer
            self._turned([key], ("sending", "in_doubt"), "refused", str(refused))
        except NotDelivered as failed:
            # not from "in_doubt": nobody would try again
            self._turned([key], ("sending",), "pending", failed.message)
            raise
        else:
            self._turned([key], ("sending", "in_doubt"), "sent")

    def _nobody_received(self, occasion: Occasion) -> list[TurnedAway]:
        """Letters of an entry that were refused for good at every address of their recipient."""
        letters: dict[str, list[NoticeRow]] = {}
        for row in self._rows(occasion, "pending", "sending", "sent", "in_doubt", "refused", "bounced"):
            letters.setdefault(re.sub(r"/(to|again)-\d+", "", row.key), []).append(row)
        return [
            TurnedAway(
                number=row.number,
                entry=row.entry,
                notice=row.key,
                letter=LetterKind(row.letter),
                role=Role(row.role),
                since=row.since,
            )
            for rows in letters.values()
            if all(row.state == "refused" for row in rows)
            for row in rows[:1]
        ]

    def _rows(self, occasion: Occasion, *states: str) -> list[NoticeRow]:
        from sqlalchemy import select
        from sqlmodel import col

        from models.register import NoticeRow
        from register.database import transaction

        asked = (
            select(NoticeRow)
            .where(
                col(NoticeRow.number) == occasion.number,
                col(NoticeRow.entry) == occasion.entry,
                col(NoticeRow.state).in_(states),
            )
            .order_by(col(NoticeRow.key))
        )
        with transaction(self._url) as session:
            rows = list(session.scalars(asked))
            session.expunge_all()
            return rows

    def _turned(self, keys: list[str], before: tuple[str, ...], after: str, reason: str = "") -> bool:
        """Turns notices from one state into another, and tells whether it was us who did."""
        from sqlalchemy import update
        from sqlmodel import col

        from models.register import NoticeRow
        from register.database import transaction

        at = _now().isoformat(timespec="seconds")
        change = {"state": after, "since": at, "reason": one_line(reason)}
        if after == "sent":
            change["sent_at"] = at
        elif after in ("sending", "pending"):
            del change["since"]  # it waits since it was made, however often it was tried
        turn = (
            update(NoticeRow)
            .where(col(NoticeRow.key).in_(keys), col(NoticeRow.state).in_(before))
            .values(**change)
            .returning(col(NoticeRow.key))
        )
        with transaction(self._url) as session:
            return bool(session.scalars(turn).all())


def _hand_over(server: MailServer, sender: str, recipient: str, message: bytes) -> None:
    """Hands one message over.

    Raises: NotDelivered when the server certainly did not take it now, RefusedForGood when it never will,
    OutcomeUnknown when it may have taken it.
    """
    answers_for_good = False  # a server that does not take our sender or password may be mended
    try:
        with _connected(server) as connection:
            _accepted(connection.mail(sender))
            answers_for_good = True
            _accepted(connection.rcpt(recipient))
            try:
                answer = connection.data(message)
            except smtplib.SMTPResponseException:
                raise
            except (smtplib.SMTPException, OSError) as lost:
                raise OutcomeUnknown(str(lost)) from lost
            _accepted(answer)
    except smtplib.SMTPResponseException as refused:
        reason = refused.smtp_error
        words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        said = f"{server.host} answered {refused.smtp_code} {words}"
        if answers_for_good and 500 <= refused.smtp_code < 600:
            raise RefusedForGood(said) from refused
        raise NotDelivered(said) from refused
    except (smtplib.SMTPException, OSError) as unreachable:
        raise NotDelivered(f"{server.host}:{server.port} could not be used: {unreachable}") from unreachable


class _Closing:
    """A connection that is closed politely; how the farewell goes changes nothing."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection

    def __enter__(self) -> smtplib.SMTP:
        return self._connection

    def __exit__(self, *_: object) -> None:
        try:
            self._connection.quit()
        except (smtplib.SMTPException, OSError):
            self._connection.close()


def _connected(server: MailServer) -> _Closing:
    if server.tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.patience, context=server.context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.patience)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.tls and connection.has_extn("starttls"):
            connection.starttls(context=server.context())
            connection.ehlo()
        elif not server.tls and server.starttls:
            raise NotDelivered(f"{server.host} offers no TLS, and UMN_SMTP_STARTTLS asks for it.")
        elif not server.tls and server.user:
            raise NotDelivered(
                f"{server.host} offers no TLS, and a password is not sent without it; "
                "set UMN_SMTP_TLS, or leave user and password out."
            )
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return _Closing(connection)


def _accepted(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)


def one_line(said: str) -> str:
    """What a mail server said, as a line that a list can show: its words are not ours."""
    return "".join(c if c.isprintable() else " " for c in said).strip()[:400]


def _file_name(key: str) -> str:
    """A name that people can read, made unique by the key's digest."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", key)
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.eml"


def _write_atomically(target: Path, content: bytes) -> None:
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
    # when mail really left is a matter of the wall clock, and decides nothing
    return datetime.now(UTC)
