"""The outbox: letters that entries told, until each of their notices has left.

A letter is written in its entry's own transaction, made once, and becomes a notice for each address of its
recipient. Letters of one case to one recipient are a lane: made in order, and leaving each address in order.
A letter that cannot be made, or a notice that a fault of ours stopped or that is in doubt, stops what is
behind it until a person has looked. One that was refused for good, or that a person is to post, holds nothing
up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from models.clock import civil_day
from models.entry import LetterBatch
from models.outbox import Lane, Outbox
from models.parties import Channel, Role
from register.reading import Questions, questions
from register.restores import Outbound, outbound

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from models.register import LetterRow, NoticeRow

FOR_A_PERSON = ("in_doubt", "not_sent")
"""States of a notice in which it does not leave by itself, and holds up what is behind it."""

OPEN = ("pending", "sending", *FOR_A_PERSON)
"""States of a notice behind which others to the same address wait."""

TELLING = ("sent", "refused", "to_forward")
"""States in which its case may yet have to be told what became of a notice."""

MOST = 50
"""Lanes that are told at once."""

_FIRST_DELAY, _LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=10)


def put(session: Session, batch: LetterBatch, says: str = "") -> None:
    """Writes the letters of an entry into the outbox, in the transaction of the entry.

    `says` is the digest of what the entry tells.
    """
    from models.register import LetterRow

    known: dict[str, int] = {}
    for position, letter in enumerate(batch.letters, 1):
        first = f"{batch.number}/{batch.entry}/{letter.kind.value}/{letter.role.value}"
        ordinal = known[first] = known.get(first, 0) + 1
        alone = batch.model_copy(update={"letters": (letter,)})
        session.add(
            LetterRow(
                key=first if ordinal == 1 else f"{first}/{ordinal}",
                number=batch.number,
                entry=batch.entry,
                position=position,
                letter=letter.kind.value,
                role=letter.role.value,
                ordinal=ordinal,
                awaited=letter.awaited,
                made_from=alone.model_dump(mode="json"),
                says=says,
                since=_now(),
            )
        )


@dataclass(frozen=True, slots=True)
class _Waits:
    """Something in the outbox: a letter that is not made, or a notice that has not left or not been told."""

    order: tuple[int, int, str]
    address: str
    state: str
    since: str
    next_attempt: str
    tells: str


def look(url: str, at: datetime) -> Outbox:
    """The lanes in which something can go on at an instant, and when the next one can.

    Raises: NotReachable.
    """
    ready: list[tuple[str, Lane]] = []
    coming: list[str] = []
    lanes, kept_back = _lanes(url)
    for lane, waits in lanes.items():
        can, later = _can_go_on(waits, instant(at), kept_back)
        if can:
            ready.append((min(one.since for one in waits), lane))
        coming += later
    ready.sort(key=lambda one: one[0])
    return Outbox(
        lanes=tuple(lane for _, lane in ready[:MOST]),
        more=len(ready) > MOST,
        next_attempt=datetime.fromisoformat(min(coming)) if coming else None,
    )


def _can_go_on(waits: list[_Waits], at: str, kept_back: bool) -> tuple[bool, list[str]]:
    """Whether something of a lane can go on now, and the instants at which something else can.

    Where it is kept back after a restore, letters are made and cases are told, and nothing leaves.
    """
    held: set[str] = set()
    can, later = False, []
    for one in sorted(waits, key=lambda one: one.order):
        if is_to_tell(one, at):
            can = True
        elif one.tells:
            later.append(one.next_attempt)
        if one.state in ("to_make", "not_made"):  # it holds up what is told after it
            can = can or one.state == "to_make"
            break
        if kept_back or one.state not in OPEN or one.address in held:
            continue
        held.add(one.address)
        if one.state == "sending" or (one.state == "pending" and one.next_attempt <= at):
            can = True
        elif one.state == "pending":
            later.append(one.next_attempt)
    return can, later


def is_to_tell(notice: NoticeRow | _Waits, at: str) -> bool:
    """Whether a case is to be told at an instant what became of a notice."""
    return bool(notice.tells) and notice.next_attempt <= at


def _lanes(url: str) -> tuple[dict[Lane, list[_Waits]], bool]:
    """What lies in the outbox, by lane, and whether it is kept back."""
    letters = (
        "SELECT number, role, entry, position, key, '', state, since, '', '' FROM letter "
        "WHERE state IN ('to_make', 'not_made')"
    )
    notices = (
        "SELECT l.number, l.role, l.entry, l.position, n.key, n.recipient, n.state, n.since, n.next_attempt, "
        "n.tells FROM notice n JOIN letter l ON l.key = n.of "
        "WHERE n.state IN ('pending', 'sending', 'in_doubt', 'not_sent') "
        "OR (n.tells > '' AND n.state <> 'not_told')"
    )
    with questions(url) as ask:
        rows = [*ask(letters), *ask(notices)]
        kept_back = outbound(ask) is Outbound.KEPT_BACK
    lanes: dict[Lane, list[_Waits]] = {}
    for number, role, entry, position, key, *rest in rows:
        lane = Lane(number=number, role=Role(role))
        lanes.setdefault(lane, []).append(_Waits((entry, position, key), *rest))
    return lanes, kept_back


def is_at_rest(url: str) -> bool:
    """Whether all that can go on at once was tried: what is left waits for its next attempt, or a person.

    Raises: NotReachable.
    """
    lanes, kept_back = _lanes(url)
    return not any(_can_go_on(waits, "", kept_back)[0] for waits in lanes.values())


def to_make(session: Session, lane: Lane) -> list[LetterRow]:
    """The letters of a lane that can be made, in order; none behind one that a person has to look at."""
    found = []
    for row in session.scalars(_of_lane()[0], {"number": lane.number, "role": lane.role.value}):
        if row.state == "not_made":
            break
        found.append(row)
    return found


def to_deliver(session: Session, lane: Lane) -> list[NoticeRow]:
    """The notices of a lane that hold others up or have something to tell their case, in order."""
    return list(session.scalars(_of_lane()[1], {"number": lane.number, "role": lane.role.value}))


@cache
def _of_lane() -> tuple[Select[LetterRow], Select[NoticeRow]]:
    """What is asked of a lane, put together once: as a rule it holds one letter, and there are many."""
    from sqlalchemy import and_, bindparam, or_, select
    from sqlmodel import col

    from models.register import LetterRow, NoticeRow

    state, tells = col(NoticeRow.state), col(NoticeRow.tells)
    in_order = (col(LetterRow.entry), col(LetterRow.position))
    lane = (col(LetterRow.number) == bindparam("number"), col(LetterRow.role) == bindparam("role"))
    return (
        select(LetterRow).where(*lane, col(LetterRow.state) != "made").order_by(*in_order),
        select(NoticeRow)
        .join(LetterRow, col(LetterRow.key) == col(NoticeRow.of))
        .where(*lane, or_(state.in_(OPEN), and_(tells != "", state != "not_told")))
        .order_by(*in_order, col(NoticeRow.key)),
    )


def not_made(url: str, key: str, reason: str) -> None:
    """A letter cannot be made, and why; what is told after it in its lane waits until a person has looked."""
    from models.register import LetterRow
    from register.database import transaction

    with transaction(url) as session:
        row = session.get(LetterRow, key, with_for_update=True)
        if row is not None and row.state == "to_make":
            row.since = row.since if row.reason else _now()  # since when it fails, however often it is tried
            row.state, row.reason = "not_made", reason[:400]


def not_sent(url: str, key: str, reason: str) -> None:
    """A fault of ours kept a notice from leaving; what may have been handed over by then is in doubt."""
    if not _turn(url, key, ("pending",), "not_sent", reason):
        doubt(url, key, reason)


def not_told(url: str, key: str, reason: str) -> None:
    """A fault of ours kept a case from being told what became of a notice; it waits since that became so."""
    from register.database import transaction

    with transaction(url) as session:
        row = _found(session, key, TELLING)
        if row is None or not row.tells:
            return
        if row.state == "refused":
            row.proof = row.reason
        row.state, row.reason = "not_told", reason[:400]


def claim(url: str, key: str) -> bool:
    """Has it written that a notice is being handed over. Returns: whether nobody else did so before."""
    from register.database import changed

    ours = "UPDATE notice SET state = 'sending', reason = '' WHERE key = ? AND state = 'pending'"
    return changed(url, ours, [key]) == 1


def left(url: str, key: str, at: datetime, proof: str = "") -> str | None:
    """A notice has left. From "in doubt" too: whoever doubted has answered, and this is the answer.

    Returns: what its case is to be told; None where it had become something else.
    """
    from register.database import asking, change, transaction

    sent = (
        "UPDATE notice SET sent_at = ?, channel = ? "
        "WHERE key = ? AND state IN ('pending', 'sending', 'in_doubt') RETURNING redirected"
    )
    with transaction(url) as session:
        ask = asking(session)
        rows = ask(sent, [instant(at), Channel.EMAIL.value, key])
        if not rows:
            return None
        ((redirected,),) = rows
        became = _lies_at_desk(session, key, proof) if redirected else gone(ask, key, civil_day(at), proof)
        columns = ", ".join(f"{column} = ?" for column in became)
        values = (value.isoformat() if isinstance(value, date) else value for value in became.values())
        change(session, f"UPDATE notice SET {columns} WHERE key = ?", [*values, key])
        return str(became["tells"])


def _letter_of(ask: Questions, key: str) -> tuple[str, bool, bool]:
    """The letter of a notice, whether it was told to have come back, and whether its receipt counts."""
    of = "SELECT l.key, n.returned, l.awaited FROM notice n JOIN letter l ON l.key = n.of WHERE n.key = ?"
    ((letter, returned, awaited),) = ask(of, [key])
    return letter, returned, awaited


def _lies_at_desk(session: Session, key: str, proof: str) -> dict[str, Any]:
    """The desk has a letter instead of its addressee: nobody received it, until a person has delivered it."""
    from register.database import asking

    letter, returned, awaited = _letter_of(asking(session), key)
    tells = awaited and not returned
    if tells:
        _nobody_receives(session, letter)
    return _became("to_forward", "refused" if tells else "", proof)


def _nobody_receives(session: Session, letter: str) -> None:
    """Its case is told, once for all addresses of a letter."""
    from register.database import change

    change(session, "UPDATE notice SET returned = TRUE WHERE of = ?", [letter])


def gone(ask: Questions, key: str, on: date, proof: str = "") -> dict[str, Any]:
    """What becomes of a notice that left on a day, by its channel; what its case is to be told of that."""
    letter, returned, awaited = _letter_of(ask, key)
    others = "SELECT key FROM notice WHERE of = ? AND key <> ? AND state = 'sent' LIMIT 1"
    arrives = awaited and not ask(others, [letter, key])
    return {**_became("sent", "left" if returned or arrives else "", proof), "left_on": on}


def _became(state: str, tells: str, proof: str) -> dict[str, Any]:
    """A notice is in a state from now on; its attempts are those of telling its case."""
    came = {"state": state, "since": _now(), "reason": "", "proof": proof[:400], "tells": tells}
    return {**came, "attempts": 0, "next_attempt": ""}


def refused(url: str, key: str, reason: str) -> str:
    """A notice will never be taken. Its case is told when no address of the recipient took the letter.

    Returns: what its case is to be told.
    """
    from register.database import asking, transaction

    with transaction(url) as session:
        row = _found(session, key, ("pending", "sending", "in_doubt"))
        if row is None:
            return ""
        row.state, row.since, row.reason = "refused", _now(), reason[:400]
        row.attempts, row.next_attempt = 0, ""
        others = asking(session)("SELECT state FROM notice WHERE of = ? AND key <> ?", [row.of, row.key])
        if {state for (state,) in others} <= {"refused", "replaced"} and not row.returned:
            row.tells = "refused"
            _nobody_receives(session, row.of)
        return row.tells


def doubt(url: str, key: str, reason: str) -> None:
    """Nobody knows whether a notice was taken: a person settles it."""
    _turn(url, key, ("sending",), "in_doubt", reason)


def not_now(url: str, key: str, at: datetime, reason: str) -> None:
    """A notice was certainly not taken; it is tried again, later each time, for as long as it takes."""
    from register.database import transaction

    with transaction(url) as session:
        row = _found(session, key, ("pending", "sending"))
        if row is None:
            return
        row.state, row.reason = "pending", reason[:400]  # it waits since it was made
        _later(row, at)


def tells_later(url: str, key: str, at: datetime) -> None:
    """The case of a notice does not run, and has not ended: it is told once it goes on."""
    from register.database import transaction

    with transaction(url) as session:
        row = _found(session, key, TELLING)
        if row is not None and row.tells:
            _later(row, at)


def _later(row: NoticeRow, at: datetime) -> None:
    delay = min(_FIRST_DELAY * 2 ** min(row.attempts, 20), _LONGEST_DELAY)
    row.attempts += 1
    row.next_attempt = instant(at + delay)


def told(url: str, key: str, tells: str) -> None:
    """The case of a notice was told what became of it; once its letter has left, it is no longer returned."""
    from register.database import change, transaction

    with transaction(url) as session:
        row = _found(session, key, TELLING)
        if row is None or row.tells != tells:
            return
        row.tells = ""
        if tells == "left":
            change(session, "UPDATE notice SET returned = FALSE WHERE of = ?", [row.of])


def _turn(url: str, key: str, before: tuple[str, ...], after: str, reason: str = "") -> bool:
    from register.database import transaction

    with transaction(url) as session:
        row = _found(session, key, before)
        if row is None:
            return False
        if after in FOR_A_PERSON and row.reason != reason[:400]:
            row.since = _now()  # since when it fails, however often it is tried
        row.state, row.reason = after, reason[:400]
        return True


def _found(session: Session, key: str, states: tuple[str, ...]) -> NoticeRow | None:
    from models.register import NoticeRow

    row = session.get(NoticeRow, key, with_for_update=True)
    return row if row is not None and row.state in states else None


def instant(at: datetime) -> str:
    """An instant as text that sorts as the instants do: its second, so that lanes come again together."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _now() -> str:
    # since when something waits is a matter of the wall clock, and decides nothing
    return datetime.now(UTC).isoformat(timespec="milliseconds")
