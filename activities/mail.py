"""Hands a message over to a mail server; what may be in doubt afterwards is only what was handed over.

Connection, greeting, TLS, password, sender and recipient come first, and nothing of them can be in doubt.
Then the letter is claimed, and then it is handed over. Each answer has a limit, and so has the whole: a
server that sends a byte now and then is silent, too.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import NotDelivered
from models.messages import Message


class OutcomeUnknown(Exception):
    """The letter was on its way when the connection failed: the server may have taken it."""


class RefusedForGood(Exception):
    """The server will never take this letter for this recipient."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `tls` is TLS from the first byte; STARTTLS is used when offered.

    With `starttls` nothing is handed over without it. `ca_file` holds the authority that signed the
    server's certificate, where that is not one that the system knows.

    Units: seconds. `patience` is for each answer and `courtesies` for all that comes before the letter;
    `verdict` is for the letter itself, which some servers examine before they answer.
    """

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False
    ca_file: Path | None = None
    patience: float = 5
    courtesies: float = 10
    verdict: float = 20

    def context(self) -> ssl.SSLContext:
        """How its certificate is checked; always."""
        return ssl.create_default_context(cafile=self.ca_file)

    def hand_over(self, sender: str, recipient: str, message: bytes, claim: Callable[[], bool]) -> str | None:
        """Hands one message over, after `claim` has said that it is ours to send.

        Returns: what the server answered, on one line; nothing where it was not ours to send.

        Raises: NotDelivered when the server certainly did not take it now, RefusedForGood when it never will,
        OutcomeUnknown when it may have taken it.
        """
        limit, patience = _Limit(), self.patience
        answers_for_good = False  # a server that does not take our sender or password may be mended
        try:
            with self._connected(limit) as connection:
                _accepted(connection.mail(sender))
                answers_for_good = True
                _accepted(connection.rcpt(recipient))
                if not claim():
                    return None
                patience = self.verdict
                limit.within(patience)
                if connection.sock:
                    connection.sock.settimeout(patience)
                code, words = connection.docmd("DATA")
                if code != 354:
                    raise smtplib.SMTPResponseException(code, words)
                try:
                    connection.send(_as_data(message))
                    answer = connection.getreply()
                except (smtplib.SMTPException, OSError) as lost:
                    raise OutcomeUnknown(limit.why() or _why(lost, patience)) from lost
                _accepted(answer)
                return one_line(f"{answer[0]} {answer[1].decode(errors='replace')}")
        except smtplib.SMTPResponseException as refused:
            reason = refused.smtp_error
            told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            answered: dict[str, Any] = {"host": self.host, "code": refused.smtp_code, "told": one_line(told)}
            if answers_for_good and 500 <= refused.smtp_code < 600:
                raise RefusedForGood(str(Message("mail.answered", **answered))) from refused
            raise NotDelivered("mail.answered", **answered) from refused
        except (smtplib.SMTPException, OSError) as unreachable:
            why = limit.why() or _why(unreachable, patience)
            raise NotDelivered("mail.not-used", host=self.host, port=self.port, why=why) from unreachable

    @contextmanager
    def _connected(self, limit: _Limit) -> Iterator[smtplib.SMTP]:
        """A connection on which the sender can be named; however its farewell goes changes nothing."""
        made = _LimitedTLS(limit, context=self.context()) if self.tls else _Limited(limit)
        made.timeout = self.patience
        limit.within(self.courtesies)
        try:
            code, words = made.connect(self.host, self.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            self._introduce(made)
            yield made
            with suppress(smtplib.SMTPException, OSError):
                limit.within(self.patience)
                made.quit()
        finally:
            limit.ends()
            made.close()

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not self.tls and connection.has_extn("starttls"):
            connection.starttls(context=self.context())
            connection.ehlo()
        elif not self.tls and self.starttls:
            raise NotDelivered("mail.no-starttls", host=self.host)
        elif not self.tls and self.user:
            raise NotDelivered("mail.no-tls", host=self.host)
        if self.user:
            connection.login(self.user, self.password)


class _Limit:
    """Ends a connection whose time is over, whatever drips out of it.

    It holds the connection by a handle of its own: TLS takes over the one that it is given. One thread stands
    by from the first limit to the end, however many follow each other.
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._until: float | None = None
        self._moved = threading.Condition()
        self._watch: threading.Thread | None = None
        self._has_ended_it = False
        self._handle: socket.socket | None = None

    def watches(self, connection: socket.socket) -> None:
        """This is the connection that it ends."""
        self._handle = connection.dup()

    def within(self, seconds: float) -> None:
        """From now on so much time is left."""
        with self._moved:
            self._seconds, self._until = seconds, time.monotonic() + seconds
            self._moved.notify()
            if self._watch is None:
                self._watch = threading.Thread(target=self._stands_by, daemon=True)
                self._watch.start()

    def why(self) -> str:
        """Why the connection ended, where it is this limit that ended it."""
        return str(Message("mail.not-in-time", seconds=self._seconds)) if self._has_ended_it else ""

    def ends(self) -> None:
        """There is nothing to end any more."""
        with self._moved:
            self._until = None
            self._moved.notify()
        if self._handle:
            self._handle.close()

    def _stands_by(self) -> None:
        with self._moved:
            while self._until is not None and (left := self._until - time.monotonic()) > 0:
                self._moved.wait(left)
            if self._until is not None and self._handle:
                self._has_ended_it = True
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)
            self._watch = None


class _Limited(smtplib.SMTP):
    """A connection that a limit watches from its first byte."""

    def __init__(self, limit: _Limit, **options: object) -> None:
        self._limit = limit
        super().__init__(**options)  # type: ignore[arg-type]

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._host = host  # TLS compares the certificate with it
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._limit.watches(made)
        return made


class _LimitedTLS(smtplib.SMTP_SSL, _Limited):
    """The same with TLS from the first byte."""

    def __init__(self, limit: _Limit, context: ssl.SSLContext) -> None:
        self._limit = limit
        smtplib.SMTP_SSL.__init__(self, context=context)


def _as_data(message: bytes) -> bytes:
    """A message as DATA takes it: lines end in CRLF, a dot at the beginning of one is doubled."""
    lines = b"\n" + message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
    return lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n").removeprefix(b"\r\n") + b"\r\n.\r\n"


def _accepted(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)


def _why(failed: Exception, seconds: float) -> str:
    """Why a connection failed; a limit of ours is named as what it is."""
    silent = isinstance(failed, TimeoutError) or isinstance(failed.__context__, TimeoutError)
    return str(Message("mail.not-in-time", seconds=seconds)) if silent else one_line(str(failed))


def one_line(said: str) -> str:
    """What a mail server said, as a line that a list can show: its words are not ours."""
    return "".join(c if c.isprintable() else " " for c in said).strip()[:400]
