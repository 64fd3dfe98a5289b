"""Answers what became of our letters, and keeps what a person said of one.

Reads are plain questions, as a list has to answer at once. A notice is turned from one state into another
only by whoever finds it in the state he saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from models.errors import ImproperAct, NotFound
from models.messages import Message
from register.reading import Questions, Row, as_day, questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.parties import Channel
    from models.register import NoticeRow

STOPPED = ("not_made", "not_sent", "not_told")
"""States in which a fault of ours has put it: tried again when a person says so, or the postman starts."""

FOR_A_PERSON = (*STOPPED, "in_doubt", "refused", "bounced", "to_post", "to_forward")
"""States that no machine ends: a fault of ours stopped it, whether it arrived is not known, it never will,
it came back, or a person is to post it, or to forward it from the desk."""

REACHED = ("bounced", "to_forward")
"""States of a letter that came to somebody, if not to its addressee: what follows it is another letter."""

ON_ITS_WAY = ("to_make", "pending", "sending")

STATES = {
    "to_make": Message("notice.not-made-yet"),
    "not_made": Message("notice.not-made-state"),
    "not_sent": Message("notice.not-sent"),
    "not_told": Message("notice.not-told"),
    "pending": Message("notice.pending"),
    "sending": Message("notice.being-sent"),
    "sent": Message("notice.sent"),
    "to_post": Message("notice.to-post-state"),
    "to_forward": Message("notice.to-forward"),
    "in_doubt": Message("notice.in-doubt"),
    "refused": Message("notice.refused"),
    "bounced": Message("notice.bounced"),
    "replaced": Message("notice.replaced"),
}
"""What became of a letter, as people say it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to one recipient, and what became of it (`models/register.py` tells the states).

    A letter that is not made yet has no recipient, no channel and no document.
    """

    key: str
    number: str
    entry: int
    letter: str
    role: str
    recipient: str
    message_id: str
    subject: str
    document: str
    state: str
    sent_at: str | None
    since: str
    reason: str
    settled_by: str
    replaces: str
    channel: str
    left_on: date | None
    presented_on: date | None
    received_on: date | None
    proof: str
    sha256: str
    attempts: int
    tells: str
    returned: bool
    redirected: str


_COLUMNS = ", ".join(field.name for field in fields(Notice))
_DAYS = ("left_on", "presented_on", "received_on")
_OF_LETTER = "key, number, entry, letter, role, state, since, reason"


def notices(url: str, number: str | None = None) -> list[Notice]:
    """All letters of a number, by entry; without one, those of every case that have not arrived.

    What waits for a person comes first, the longest first.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    if number is not None:
        with questions(url) as ask:
            return list(of_case(ask, number))
    states = (*FOR_A_PERSON, *ON_ITS_WAY)
    found = such(url, f"state IN ({', '.join('?' * len(states))})", states)
    return sorted(found, key=lambda one: (one.state in ON_ITS_WAY, one.since, one.key))


def waiting(url: str) -> int:
    """How many notices wait for a person."""
    with questions(url) as ask:
        marks = ", ".join("?" * len(FOR_A_PERSON))
        counted = (f"SELECT count(*) FROM {table} WHERE state IN ({marks})" for table in ("notice", "letter"))
        return sum(int(ask(count, FOR_A_PERSON)[0][0]) for count in counted)


def one(url: str, key: str) -> Notice:
    """The notice of that key. Raises: NotFound naming the nearest keys."""
    found = such(url, "key = ?", [key])
    if found:
        return found[0]
    from difflib import get_close_matches

    with questions(url) as ask:
        of_number = key.partition("/")[0].upper() + "/%"
        asked = "SELECT key FROM letter WHERE key LIKE ? UNION SELECT key FROM notice WHERE key LIKE ?"
        known = [str(row[0]) for row in ask(asked, [of_number, of_number])]
    near = get_close_matches(key, known, n=3, cutoff=0.5)
    if near:
        raise NotFound("notice.unknown-but-near", notice=key, near=near, possible=("notices",))
    raise NotFound("notice.unknown", notice=key, possible=("notices",))


def letter_of(url: str, key: str) -> str:
    """The key of the letter that a notice carries; that of a letter is its own. Raises: NotFound."""
    with questions(url) as ask:
        rows = ask("SELECT of FROM notice WHERE key = ?", [key])
    return str(rows[0][0]) if rows else one(url, key).key


def told_on(url: str, notice: Notice) -> date:
    """The day of the entry that tells a letter."""
    with questions(url) as ask:
        asked = "SELECT happened_on FROM entry WHERE number = ? AND sequence = ?"
        ((day,),) = ask(asked, [notice.number, notice.entry])
    return date.fromisoformat(str(day))  # text from SQLite, a date from PostgreSQL


def by_message_id(url: str, message_ids: Sequence[str]) -> Notice | None:
    """The notice that left as one of these messages, if there is one."""
    for message_id in message_ids:
        if found := such(url, "message_id = ?", [message_id], letters=False):
            return found[0]
    return None


def successor(url: str, key: str) -> Notice | None:
    """The notice by which this one was sent again, if it was."""
    found = such(url, "replaces = ?", [key], letters=False)
    return found[0] if found else None


def of_case(ask: Questions, number: str) -> tuple[Notice, ...]:
    """All letters of a number, by entry."""
    return tuple(sorted(_found(ask, "number = ?", [number]), key=lambda one: (one.entry, one.key)))


def such(url: str, where: str, values: Sequence[object], letters: bool = True) -> list[Notice]:
    """The notices that fit a condition, and with `letters` the letters that are not made yet."""
    with questions(url) as ask:
        return _found(ask, where, values, letters)


def _found(ask: Questions, where: str, values: Sequence[object], letters: bool = True) -> list[Notice]:
    rows: list[Row] = ask(f"SELECT {_COLUMNS} FROM notice WHERE {where} ORDER BY key", values)
    named = (dict(zip((field.name for field in fields(Notice)), row, strict=True)) for row in rows)
    found = [Notice(**{**one, **{day: as_day(one[day]) for day in _DAYS}}) for one in named]
    if letters:
        asked = f"SELECT {_OF_LETTER} FROM letter WHERE state <> 'made' AND ({where})"
        found += [_letter(*row) for row in ask(asked, values)]
    return found


def _letter(
    key: str, number: str, entry: int, letter: str, role: str, state: str, since: str, reason: str
) -> Notice:
    """A letter that is not made yet, as a list shows it beside notices."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("recipient", "message_id", "subject", "document", "settled_by", "replaces", "redirected"), ""
    )
    nothing |= dict.fromkeys(("sent_at", *_DAYS)) | dict.fromkeys(("channel", "proof", "sha256", "tells"), "")
    return Notice(
        **nothing,
        key=key,
        number=number,
        entry=entry,
        letter=letter,
        role=role,
        state=state,
        since=since,
        reason=reason,
        attempts=0,
        returned=False,
    )


def settle(url: str, notice: Notice, state: str, by: str, reason: str = "", **says: Any) -> None:
    """Keeps what a person said of a notice. Raises: ImproperAct when another was faster."""
    from register.database import transaction

    with transaction(url) as session:
        row = _as_seen(session, notice)
        row.state, row.since = state, _now()
        row.reason, row.settled_by = (reason or row.reason)[:400], by
        for name, value in says.items():
            setattr(row, name, value)


def leaves_by_hand(
    url: str,
    notice: Notice,
    by: str,
    on: date,
    channel: Channel | None = None,
    presented_on: date | None = None,
    received_on: date | None = None,
    proof: str = "",
) -> None:
    """Keeps that a letter left as a person says, and has its case told where a limit counts from that.

    Raises: ImproperAct when another was faster.
    """
    from register import outbox
    from register.database import asking, transaction

    with transaction(url) as session:
        row = _as_seen(session, notice)
        row.settled_by, row.redirected = by, ""
        row.channel = channel.value if channel else row.channel
        row.presented_on = presented_on or row.presented_on
        row.received_on = received_on or row.received_on
        for name, value in outbox.gone(asking(session), row.key, on, proof or row.proof).items():
            setattr(row, name, value)
        if received_on and row.returned:
            row.tells = ""  # whoever knows of the receipt tells it himself, and is answered


def _as_seen(session: Session, notice: Notice) -> NoticeRow:
    from models.register import NoticeRow

    row = session.get(NoticeRow, notice.key, with_for_update=True)
    if row is None or row.state != notice.state:
        raise _meanwhile(notice)
    return row


def is_back_no_more(url: str, notice: Notice) -> None:
    """The case of a letter that had come back knows that it arrived."""
    from sqlalchemy import update
    from sqlmodel import col

    from models.register import NoticeRow
    from register.database import transaction

    letter = notice.key.partition("/to-")[0].partition("/again-")[0]
    with transaction(url) as session:
        session.execute(update(NoticeRow).where(col(NoticeRow.of) == letter).values(returned=False))


def send_again(url: str, notice: Notice, by: str, recipient: str) -> str:
    """Lets a letter leave once more. Returns: the key of the notice that leaves.

    It is the same notice with the same Message-ID, so that a second copy can be told as such, unless the
    first one came back or it goes to another address: then it is a new notice, and the old one stays.

    Raises: ImproperAct when another was faster.
    """
    from models.register import NoticeRow
    from register.database import transaction

    if notice.state not in REACHED and recipient == notice.recipient:
        settle(url, notice, "pending", by, attempts=0, next_attempt="", tells="")
        return notice.key
    with transaction(url) as session:
        row = _as_seen(session, notice)
        first, _again, nth = notice.key.partition("/again-")
        key = f"{first}/again-{int(nth or 0) + 1}"
        domain = notice.message_id.rpartition("@")[2].rstrip(">")
        row.state, row.since, row.settled_by = "replaced", _now(), by
        row.tells = ""  # its case is told when the new one has left
        changed = {
            "key": key,
            "recipient": recipient,
            "message_id": message_id(key, row.message_id, domain),
            "state": "pending",
            "sent_at": None,
            "since": _now(),
            "reason": "",
            "settled_by": by,
            "replaces": notice.key,
            "channel": "email",
            "left_on": None,
            "presented_on": None,
            "received_on": None,
            "proof": "",
            "redirected": "",
            "attempts": 0,
            "next_attempt": "",
            "tells": "",
        }
        session.add(NoticeRow(**{**row.model_dump(), **changed}))
    return key


def try_again(url: str, key: str = "", by: str = "") -> None:
    """Lets go on what a fault of ours stopped: a letter, a notice, or all of them; `by` has looked at it."""
    from sqlalchemy import update
    from sqlmodel import col

    from models.register import LetterRow, NoticeRow
    from register.database import transaction

    state, tells = col(NoticeRow.state), col(NoticeRow.tells)
    refused, at_desk = tells == "refused", col(NoticeRow.redirected) != ""
    as_refused = {"state": "refused", "reason": col(NoticeRow.proof), "proof": ""}
    with transaction(url) as session:
        for row, stopped, values in (
            (
                LetterRow,
                col(LetterRow.state) == "not_made",
                {"state": "to_make", **({"looked_at_by": by[:120]} if by else {})},
            ),
            (NoticeRow, state == "not_sent", {"state": "pending", "next_attempt": ""}),
            (NoticeRow, (state == "not_told") & (tells == "left"), {"state": "sent", "reason": ""}),
            (NoticeRow, (state == "not_told") & refused & ~at_desk, as_refused),
            (NoticeRow, (state == "not_told") & refused & at_desk, {"state": "to_forward", "reason": ""}),
        ):
            change = update(row).where(stopped).values(values)
            session.execute(change.where(col(row.key) == key) if key else change)


def takes_no_note(url: str, number: str) -> bool:
    """Whether a case has ended, as the register holds it: then nothing of it runs from a letter."""
    with questions(url) as ask:
        return any(row[0] for row in ask("SELECT ended FROM current_state WHERE number = ?", [number]))


def message_id(key: str, says: str, domain: str) -> str:
    """The Message-ID of a notice: the same one for the same key of an entry that says the same.

    After a restore another decision may stand under the number and the entry of one that had left before;
    mail systems drop what comes under a Message-ID that they know.
    """
    return f"<{hashlib.sha256(f'{key} {says}'.encode()).hexdigest()[:40]}@{domain}>"


def _meanwhile(notice: Notice) -> ImproperAct:
    return ImproperAct(
        "notice.settled",
        notice=notice.key,
        state=STATES[notice.state],
        possible=(f"notices --number {notice.number}",),
    )


def _now() -> str:
    # when a person settled it is a matter of the wall clock; it only tells one word of it from the next
    return datetime.now(UTC).isoformat(timespec="milliseconds")
