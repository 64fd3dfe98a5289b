"""Answers what became of our letters, and keeps what a person said of one.

Reads are plain questions, as a list has to answer at once. A notice is turned from one state into another
only by whoever finds it in the state he saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from models.errors import ImproperAct, NotFound
from register.reading import Row, questions

FOR_A_PERSON = ("in_doubt", "refused", "bounced")
"""States that no machine ends: whether it arrived is not known, it never will, or it came back."""

ON_ITS_WAY = ("pending", "sending")


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to one recipient, and what became of it (`models/register.py` tells the states)."""

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


_COLUMNS = ", ".join(field.name for field in fields(Notice))


def notices(url: str, number: str | None = None) -> list[Notice]:
    """All notices of a number, by entry; without one, those of every case that have not arrived.

    What waits for a person comes first, the longest first.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    if number is not None:
        found = _asked(url, "number = ? ORDER BY entry, key", [number])
    else:
        states = (*FOR_A_PERSON, *ON_ITS_WAY)
        found = _asked(url, f"state IN ({', '.join('?' * len(states))}) ORDER BY since, key", states)
    return sorted(found, key=lambda one: number is None and one.state in ON_ITS_WAY)


def waiting(url: str) -> int:
    """How many notices wait for a person."""
    with questions(url) as ask:
        marks = ", ".join("?" * len(FOR_A_PERSON))
        return int(ask(f"SELECT count(*) FROM notice WHERE state IN ({marks})", FOR_A_PERSON)[0][0])


def one(url: str, key: str) -> Notice:
    """The notice of that key. Raises: NotFound naming the nearest keys."""
    found = _asked(url, "key = ?", [key])
    if found:
        return found[0]
    from difflib import get_close_matches

    with questions(url) as ask:
        of_number = key.partition("/")[0].upper() + "/%"
        known = [str(row[0]) for row in ask("SELECT key FROM notice WHERE key LIKE ?", [of_number])]
    near = get_close_matches(key, known, n=3, cutoff=0.5)
    raise NotFound(
        f"No notice is called {key!r}."
        + (f" The nearest are {', '.join(near)}." if near else " `umn notices --number NUMBER` lists them."),
        ("notices",),
    )


def by_message_id(url: str, message_ids: Sequence[str]) -> Notice | None:
    """The notice that left as one of these messages, if there is one."""
    for message_id in message_ids:
        if found := _asked(url, "message_id = ? ORDER BY key", [message_id]):
            return found[0]
    return None


def successor(url: str, key: str) -> Notice | None:
    """The notice by which this one was sent again, if it was."""
    found = _asked(url, "replaces = ?", [key])
    return found[0] if found else None


def _asked(url: str, where: str, values: Sequence[object]) -> list[Notice]:
    with questions(url) as ask:
        rows: list[Row] = ask(f"SELECT {_COLUMNS} FROM notice WHERE {where}", values)
    return [Notice(*row) for row in rows]


def settle(url: str, notice: Notice, state: str, by: str, reason: str = "") -> None:
    """Keeps what a person said of a notice. Raises: ImproperAct when another was faster."""
    from models.register import NoticeRow
    from register.database import transaction

    with transaction(url) as session:
        row = session.get(NoticeRow, notice.key, with_for_update=True)
        if row is None or row.state != notice.state:
            raise _meanwhile(notice)
        row.state, row.since = state, _now()
        row.reason, row.settled_by = (reason or row.reason)[:400], by


def send_again(url: str, notice: Notice, by: str, recipient: str) -> str:
    """Lets a letter leave once more. Returns: the key of the notice that leaves.

    It is the same notice with the same Message-ID, so that a second copy can be told as such, unless the
    first one came back or it goes to another address: then it is a new notice, and the old one stays.

    Raises: ImproperAct when another was faster.
    """
    from models.register import NoticeRow
    from register.database import transaction

    if notice.state != "bounced" and recipient == notice.recipient:
        settle(url, notice, "pending", by)
        return notice.key
    with transaction(url) as session:
        row = session.get(NoticeRow, notice.key, with_for_update=True)
        if row is None or row.state != notice.state:
            raise _meanwhile(notice)
        first, _again, nth = notice.key.partition("/again-")
        key = f"{first}/again-{int(nth or 0) + 1}"
        domain = notice.message_id.rpartition("@")[2].rstrip(">")
        row.state, row.since, row.settled_by = "replaced", _now(), by
        changed = {
            "key": key,
            "recipient": recipient,
            "message_id": message_id(key, domain),
            "state": "pending",
            "sent_at": None,
            "since": _now(),
            "reason": "",
            "settled_by": by,
            "replaces": notice.key,
        }
        session.add(NoticeRow(**{**row.model_dump(), **changed}))
    return key


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a notice: always the same one for the same key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _meanwhile(notice: Notice) -> ImproperAct:
    return ImproperAct(
        f"{notice.key} is no longer {notice.state}: somebody else has settled it meanwhile.",
        (f"notices --number {notice.number}",),
    )


def _now() -> str:
    # when a person settled it is a matter of the wall clock; it only tells one word of it from the next
    return datetime.now(UTC).isoformat(timespec="milliseconds")
