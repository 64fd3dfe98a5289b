"""Sends the notices of an entry: into the outbox folder, or through a mail server.

A letter may be sent twice only if nobody writes down what is being done. So each notice is claimed in
the database before it leaves and marked after it has left; an attempt that ended in between leaves a
doubt, and doubt is for a person, not for a second try.
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
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio import activity

from models.entry import Occasion
from models.errors import NotDelivered, ProcedureError

if TYPE_CHECKING:
    from models.register import NoticeRow
    from register.documents import DocumentStore

SOCKET_SECONDS = 10
"""How long a mail server may be silent: shorter than the activity, so that an attempt knows its outcome."""

# 7bit: any relay takes it as it is, and a signature on the way stays whole
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `tls` is TLS from the first byte; STARTTLS is used when offered."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False


class OutcomeUnknown(Exception):
    """The letter was on its way when the connection failed: the server may have taken it."""


class Notifications:
    """Sends notices. Without a mail server each becomes an .eml file in the outbox."""

    def __init__(
        self, url: str, store: DocumentStore, outbox: Path, mail_server: MailServer | None, mail_from: str
    ) -> None:
        self._url = url
        self._store = store
        self._outbox = outbox
        self._server = mail_server
        self._from = mail_from
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    @activity.defn
    def deliver(self, occasion: Occasion) -> list[str]:
        """Sends what an entry still has to send; returns the keys of the notices that are in doubt.

        Idempotent: by the notice's key. What was sent is not sent again; what was being sent when an
        earlier attempt ended is in doubt and waits for a person (the outbox has no such doubt).

        Raises: NotDelivered when at least one notice was certainly not taken over; the others left.
        """
        failures: list[str] = []
        written: list[str] = []
        rows = self._rows(occasion, "pending", "sending")
        for row in rows:
            try:
                self._send(row, written)
            except (ProcedureError, OSError) as failure:
                failures.append(f"{row.key}: {failure}")
        if written:
            self._turned(written, ("pending", "sending"), "sent")
        if failures:
            raise NotDelivered("Not taken over, to be tried again: " + "; ".join(failures))
        return [row.key for row in self._rows(occasion, "in_doubt")] if self._server else []

    def _send(self, row: NoticeRow, written: list[str]) -> None:
        # an attempt that timed out may still be at work in a thread of this process: it will know
        with self._lock:
            if row.key in self._busy:
                raise NotDelivered("an earlier attempt is still sending it.")
            self._busy.add(row.key)
        try:
            message = self._message(row).as_bytes()
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
            self._turned([key], ("sending",), "in_doubt")
            return
        try:
            _hand_over(server, self._from, recipient, message)
        except OutcomeUnknown:
            self._turned([key], ("sending",), "in_doubt")
        except NotDelivered:
            # not from "in_doubt": whoever doubted has answered already, and nobody would try again
            self._turned([key], ("sending",), "pending")
            raise
        else:
            self._turned([key], ("sending", "in_doubt"), "sent")

    def _message(self, row: NoticeRow) -> EmailMessage:
        """The notice as a message with its letter attached. Raises: NotDelivered for a forged header."""
        for name, value in (
            ("subject", row.subject),
            ("recipient", row.recipient),
            ("sender", self._from),
            ("message id", row.message_id),
            ("document", row.document),
        ):
            if not value.isprintable():
                raise NotDelivered(f"its {name} contains control characters, which no header may have.")
        message = EmailMessage(policy=_POLICY)
        try:
            message["From"] = Address(addr_spec=self._from)
            message["To"] = Address(addr_spec=row.recipient)
        except (ValueError, IndexError, MessageError) as wrong:
            raise NotDelivered(f"{row.recipient!r} is no address that mail can go to: {wrong}.") from wrong
        message["Subject"] = row.subject
        message["Date"] = format_datetime(_now())
        message["Message-ID"] = row.message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(row.body)
        message.add_attachment(
            self._store.read(row.sha256), maintype="application", subtype="pdf", filename=row.document
        )
        return message

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

    def _turned(self, keys: list[str], before: tuple[str, ...], after: str) -> bool:
        """Turns notices from one state into another, and tells whether it was us who did."""
        from sqlalchemy import update
        from sqlmodel import col

        from models.register import NoticeRow
        from register.database import transaction

        change: dict[str, str | None] = {"state": after}
        if after == "sent":
            change["sent_at"] = _now().isoformat(timespec="seconds")
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

    Raises: NotDelivered when the server certainly did not take it, OutcomeUnknown when it may have.
    """
    try:
        with _connected(server) as connection:
            _accepted(connection.mail(sender))
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
        raise NotDelivered(f"{server.host} answered {refused.smtp_code} {words}") from refused
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
            server.host, server.port, timeout=SOCKET_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SOCKET_SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.tls and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
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
