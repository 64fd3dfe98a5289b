"""Sends the agenda of a morning by the way that letters go: a mail server, or the outbox folder.

An agenda is no letter: no limit counts from it, and tomorrow brings another one. So it is in no register, and
one of which nobody knows whether it was taken is not sent again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity

from activities.mail import MailServer, OutcomeUnknown, RefusedForGood
from activities.message import Forged, words_alone
from activities.notifications import write_atomically
from models.agenda import Agenda, Mail, Sent
from models.errors import ProcedureError

log = logging.getLogger(__name__)


class Agendas:
    """Sends agendas. `asked` tells whose are due at an instant, `written` what one says, if anything."""

    def __init__(
        self,
        asked: Callable[[datetime], list[Agenda]],
        written: Callable[[Agenda], Mail | None],
        folder: Path,
        mail_server: MailServer | None,
        mail_from: str,
    ) -> None:
        self._asked = asked
        self._written = written
        self._folder = folder
        self._server = mail_server
        self._from = mail_from

    @activity.defn(name="agendas_of_morning")
    def of_morning(self, at: datetime) -> list[Agenda]:
        """The agendas of the morning of an instant. Idempotent: it only reads.

        Raises: InputRefused when the file of offices or of law cannot be read; NotReachable.
        """
        return self._asked(at)

    @activity.defn(name="send_agenda")
    def send(self, agenda: Agenda) -> Sent:
        """Sends an agenda where it has something to say. Returns: what became of it.

        To be tried once: a mail server that took it may not have said so. Only what is told as later was
        certainly not taken.
        """
        try:
            mail = self._written(agenda)
            return self._handed_over(agenda, mail) if mail else Sent.NOTHING_TO_SAY
        except OutcomeUnknown as lost:
            log.warning("%s, %s: %s", agenda.day, Sent.IN_DOUBT, lost)
            return Sent.IN_DOUBT
        except (Forged, RefusedForGood) as refused:
            log.warning("%s, %s: %s", agenda.day, Sent.REFUSED, refused)
            return Sent.REFUSED
        except (ProcedureError, OSError) as failed:
            log.warning("%s, %s: %s", agenda.day, Sent.LATER, failed)
            return Sent.LATER

    def _handed_over(self, agenda: Agenda, mail: Mail) -> Sent:
        which = f"agenda-{agenda.day}{'-week' if agenda.weekly else ''}-{agenda.reader}"
        digest = hashlib.sha256(which.encode()).hexdigest()[:40]
        message_id = f"<{digest}@{self._from.rpartition('@')[2]}>"
        message = words_alone(self._from, mail.recipient, mail.subject, mail.body, message_id, _now())
        if self._server:
            self._server.hand_over(self._from, mail.recipient, message, claim=lambda: True)
        elif not (target := self._folder / f"{which}.eml").exists():
            write_atomically(target, message)
        return Sent.LEFT


def _now() -> datetime:
    # what a message says of its date is a matter of the wall clock, and decides nothing
    return datetime.now(UTC)
