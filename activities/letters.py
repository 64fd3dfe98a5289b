"""What the postman does: looks into the outbox, and carries what lies in a lane.

A letter is made, kept and sent; its case is told where a limit counts from its receipt, or where nobody will
receive it. A fault of ours at one of these steps stops the letter and what is behind it, and nothing else: it
is written down with its reason, and a person has it tried again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from traceback import format_tb
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.exceptions import CancelledError

from activities.addressing import LanguageOpen
from activities.documents import CannotBeNamed, Documents
from activities.mail import one_line
from activities.notifications import Notifications
from activities.typesetting import CannotBePrinted
from models.clock import civil_day
from models.errors import OutsideWorldFailed
from models.notes import LetterNote
from models.outbox import Lane, Outbox
from register import notices as kept
from register import outbox, restores
from register.carried import note_of
from register.restores import Outbound

if TYPE_CHECKING:
    from models.register import LetterRow, NoticeRow

Tell = Callable[[str, LetterNote], bool]
"""Tells a note to the case of a number. Returns: whether the case took it. Raises: NotReachable."""

SHIFT = timedelta(seconds=10)
"""After so long no further letter is begun: others wait, and the lanes come again."""

log = logging.getLogger(__name__)


class Letters:
    """The postman's hands: what `documents` makes, `notifications` sends, and a case is told by `tell`."""

    def __init__(self, url: str, documents: Documents, notifications: Notifications, tell: Tell) -> None:
        self._url = url
        self._documents = documents
        self._notifications = notifications
        self._tell = tell

    @activity.defn(name="look_into_outbox")
    def look(self) -> Outbox:
        """The lanes in which something can go on now, and when the next one can.

        Raises: NotReachable when the register does not answer.
        """
        return outbox.look(self._url, _clock()())

    @activity.defn(name="carry_letters")
    def carry(self, lanes: list[Lane]) -> bool:
        """Makes and sends the letters of lanes, of each in order. Returns: whether to look at them again.

        Idempotent: by the keys of letters and notices; what was made, sent or told is left alone.

        Raises: NotReachable when the register, the store or Temporal does not answer; NotDelivered when an
        earlier attempt still sends a notice: of a lane that fails, once the others were carried. A fault of
        ours is kept with its letter instead.
        """
        now, until = _clock(), time.monotonic() + SHIFT.total_seconds()
        again, failures = False, list[OutsideWorldFailed]()
        for lane in lanes:
            try:
                again |= self._carried(lane, now, until)
            except OutsideWorldFailed as failed:
                failures.append(failed)
        if failures:
            raise failures[0]
        return again

    def _carried(self, lane: Lane, now: Callable[[], datetime], until: float) -> bool:
        """Carries a lane while the shift lasts. Returns: whether to look at it again."""
        if time.monotonic() > until:
            return True
        notices, letters, outbound = self._open(lane)
        held: set[str] = set()
        waits = False
        for notice in notices:
            if time.monotonic() > until:
                return True
            waits |= self._goes_on(notice, held, now, outbound)
        for letter in letters:
            if time.monotonic() > until:
                return True
            try:
                made = self._documents.make(letter)
            except (OutsideWorldFailed, CancelledError):
                raise
            except Exception as fault:
                outbox.not_made(self._url, letter.key, _why(letter.key, fault))
                break
            for notice in made:
                waits |= self._goes_on(notice, held, now, outbound)
            notices += made
        if any(notice.tells for notice in notices):
            self._tells(lane, now())
        return waits

    def _open(self, lane: Lane) -> tuple[list[NoticeRow], list[LetterRow], Outbound]:
        from register.database import asking, transaction

        with transaction(self._url) as session:
            notices, letters = outbox.to_deliver(session, lane), outbox.to_make(session, lane)
            free = restores.outbound(asking(session))
            session.expunge_all()
        return notices, letters, free

    def _goes_on(
        self, notice: NoticeRow, held: set[str], now: Callable[[], datetime], outbound: Outbound
    ) -> bool:
        """Sends a notice unless one before it holds its address. Returns: whether it is tried again.

        One that is known to have left before a restore is not sent, and counts as left on its day.
        """
        if notice.state not in outbox.OPEN or outbound is Outbound.KEPT_BACK:
            return False
        if outbound is Outbound.COMPARED and self._left_before(notice):
            return False
        if notice.recipient in held:
            return True
        stands = notice.state in outbox.FOR_A_PERSON
        coming = notice.state == "pending" and notice.next_attempt > outbox.instant(now())
        if stands or coming or not self._sent(notice, now):
            held.add(notice.recipient)
            return not stands
        return False

    def _left_before(self, notice: NoticeRow) -> bool:
        from register.reading import questions

        with questions(self._url) as ask:
            seen = restores.seen_before(ask, notice.message_id)
        if seen is None:
            return False
        tells = outbox.left(self._url, notice.key, seen.sent_at, seen.proof)
        notice.tells = tells or ""
        return tells is not None

    def _sent(self, notice: NoticeRow, now: Callable[[], datetime]) -> bool:
        """Sends a notice. Returns: whether it holds nothing up any more."""
        try:
            return self._notifications.send(notice, now)
        except (OutsideWorldFailed, CancelledError):
            raise
        except Exception as fault:
            outbox.not_sent(self._url, notice.key, _why(notice.key, fault))
            return False

    def _tells(self, lane: Lane, at: datetime) -> None:
        """Tells the case what became of letters: later, where it does not run and has not ended."""
        notices, *_ = self._open(lane)
        for notice in notices:
            if not outbox.is_to_tell(notice, outbox.instant(at)):
                continue
            try:
                taken = self._tell(notice.number, note_of(notice, notice.tells, lane.role, civil_day(at)))
            except (OutsideWorldFailed, CancelledError):
                raise
            except Exception as fault:
                outbox.not_told(self._url, notice.key, _why(notice.key, fault))
            else:
                if taken or kept.takes_no_note(self._url, notice.number):
                    outbox.told(self._url, notice.key, notice.tells)
                else:
                    outbox.tells_later(self._url, notice.key, at)


def _why(key: str, fault: Exception) -> str:
    """Why a letter stands, on one line; of facts that do not fit, where and not what they are.

    Where in our programme it happened goes to the log, without what the fault says of contents.
    """
    from pydantic import ValidationError

    try:
        # what is raised on purpose is said in words that help
        said = (
            str(fault)
            if isinstance(fault, CannotBeNamed | CannotBePrinted | LanguageOpen)
            else f"{type(fault).__name__}: {fault}"
        )
    except LookupError:  # a message that has no words
        said = repr(fault)
    if isinstance(fault, ValidationError):
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
    log.error("%s stands (%s):\n%s", key, type(fault).__name__, "".join(format_tb(fault.__traceback__)))
    return one_line(said)


def _clock() -> Callable[[], datetime]:
    """The instant as Temporal tells it to this attempt, going on from there: so tests may skip time."""
    began = activity.info().started_time if activity.in_activity() else datetime.now(UTC)
    since = time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - since)
