"""Keeps what one person prepared for another one to sign, and tells what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import ImproperAct, NotFound
from register.reading import Questions, document, questions

_LOCK = 6_301_010

SIGNED, DECLINED = "signed", "declined"
"""What a person answers to a preparation."""

_EVERY = """SELECT p.preparation, p.number, p.command, p.request_id, p."by", p.prepared_at, p.act, p.envelope,
e.sequence, a.answer, coalesce(e."by", a."by"), a.why
FROM preparation p LEFT JOIN entry e ON e.number = p.number AND e.request_id = p.request_id
LEFT JOIN preparation_answer a ON a.preparation = p.preparation ORDER BY p.preparation"""


@dataclass(frozen=True, slots=True)
class Preparation:
    """An act that a person prepared: on what, all that it says, and in which envelope.

    `answer` says what became of it, by whom: signed, declined, or nothing while it waits. `entry` is the one
    that it became in its case.
    """

    preparation: int
    number: str
    command: str
    request_id: str
    by: str
    prepared_at: str
    act: dict[str, Any]
    envelope: dict[str, Any]
    entry: int | None
    answer: str
    answered_by: str
    why: str


def keep(
    url: str,
    number: str,
    command: str,
    said: Mapping[str, Any],
    request_id: str,
    by: str,
    envelope: Mapping[str, Any],
    now: datetime,
) -> Preparation:
    """Keeps what a person prepared.

    Idempotent: the same act of the same person that still waits is the same preparation.

    Raises: ImproperAct for a request id under which something else was prepared; NotReachable.
    """
    from models.register import PreparationRow
    from register.database import asking, one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        ask = asking(session)
        known = _told(ask)
        for one in known:
            if not one.answer and (one.number, one.command, one.by, one.act) == (number, command, by, said):
                return one
            if one.request_id == request_id:
                raise ImproperAct("act.request-id-used", request_id=request_id)
        session.execute(
            PreparationRow.__table__.insert(),
            {
                "preparation": len(known) + 1,
                "number": number,
                "command": command,
                "request_id": request_id,
                "by": by,
                "prepared_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
                "act": dict(said),
                "envelope": dict(envelope),
            },
        )
        return _told(ask)[-1]


def waiting(url: str) -> list[Preparation]:
    """What waits for another person, the oldest first. Raises: NotReachable."""
    with questions(url) as ask:
        return [one for one in _told(ask) if not one.answer]


def prepared(url: str, preparation: int) -> Preparation:
    """A preparation by its number. Raises: NotFound; NotReachable."""
    with questions(url) as ask:
        return _one(ask, preparation)


def answer(
    url: str,
    preparation: int,
    answers: str,
    by: str,
    now: datetime,
    why: str = "",
    envelope: Mapping[str, Any] | None = None,
) -> Preparation:
    """Keeps what a person answered to a preparation. `envelope` is that of what was signed.

    Raises: NotFound; ImproperAct for one that does not wait any more; NotReachable.
    """
    from models.register import PreparationAnswerRow
    from register.database import asking, one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        ask = asking(session)
        still_waits(_one(ask, preparation))
        session.execute(
            PreparationAnswerRow.__table__.insert(),
            {
                "preparation": preparation,
                "answer": answers,
                "by": by,
                "answered_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
                "why": why,
                "envelope": envelope and dict(envelope),
            },
        )
        return _one(ask, preparation)


def still_waits(one: Preparation) -> Preparation:
    """A preparation that nobody has answered. Raises: ImproperAct."""
    if one.entry:
        told = {"preparation": one.preparation, "by": one.answered_by, "entry": one.entry}
        raise ImproperAct("preparation.stands", **told, number=one.number, possible=(f"show {one.number}",))
    if one.answer:
        told = {"preparation": one.preparation, "by": one.answered_by, "answer": one.answer}
        raise ImproperAct("preparation.answered", **told, possible=("sign",))
    return one


def _one(ask: Questions, preparation: int) -> Preparation:
    found = next((one for one in _told(ask) if one.preparation == preparation), None)
    if found is None:
        raise NotFound("preparation.unknown", preparation=preparation, possible=("sign",))
    return found


def _told(ask: Questions) -> list[Preparation]:
    return [
        Preparation(
            *columns,
            act=document(act),
            envelope=document(envelope),
            entry=entry,
            answer=SIGNED if entry else answered or "",
            answered_by=by or "",
            why=why or "",
        )
        for *columns, act, envelope, entry, answered, by, why in ask(_EVERY)
    ]
