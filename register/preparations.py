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
"""What became of a preparation: it stands, as an entry or an act of the office, or somebody put it back."""

_EVERY = """SELECT p.preparation, p.number, p.command, p.request_id, p."by", p.prepared_at, p.act, p.envelope,
e.sequence, CASE WHEN o.request_id IS NULL THEN a.answer ELSE 'signed' END,
coalesce(e."by", o."by", a."by"), a.why
FROM preparation p LEFT JOIN entry e ON e.number = p.number AND e.request_id = p.request_id
LEFT JOIN office_act o ON o.request_id = p.request_id
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

    def waits(self, now: datetime) -> bool:
        """Whether it can still be signed at an instant."""
        until = self.envelope["certificate"].get("stands_until")
        return not self.answer and (until is None or now <= datetime.fromisoformat(until))


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

    Idempotent: the same act of the same person that still waits, and can be signed, is the same preparation.

    Raises: ImproperAct for a request id under which something else was prepared; NotReachable.
    """
    from models.register import PreparationRow
    from register.database import asking, one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        ask = asking(session)
        known = _told(ask)
        for one in known:
            if one.waits(now) and (one.number, one.command, one.by, one.act) == (number, command, by, said):
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


def decline(url: str, preparation: int, by: str, now: datetime, why: str) -> Preparation:
    """Keeps that a person declined a preparation, and why.

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
                "answer": DECLINED,
                "by": by,
                "answered_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
                "why": why,
            },
        )
        return _one(ask, preparation)


def still_waits(one: Preparation) -> Preparation:
    """A preparation that nobody has answered. Raises: ImproperAct."""
    if one.entry:
        told = {"preparation": one.preparation, "by": one.answered_by, "entry": one.entry}
        raise ImproperAct("preparation.stands", **told, number=one.number, possible=(f"show {one.number}",))
    if one.answer:
        raise refusal_of(one)
    return one


def declined(url: str, request_id: str) -> Preparation | None:
    """What was prepared under a request id and declined; nothing of anything else. Raises: NotReachable."""
    with questions(url) as ask:
        return declined_among(ask, request_id)


def declined_among(ask: Questions, request_id: str) -> Preparation | None:
    """The same, among other questions."""
    found = (one for one in _told(ask) if one.request_id == request_id)
    return next((one for one in found if one.answer == DECLINED), None)


def refusal_of(one: Preparation) -> ImproperAct:
    """Why a preparation that somebody answered is not signed."""
    told = {"preparation": one.preparation, "by": one.answered_by, "answer": one.answer}
    return ImproperAct("preparation.answered", **told, possible=("sign",))


def _one(ask: Questions, preparation: int) -> Preparation:
    found = next((one for one in _told(ask) if one.preparation == preparation), None)
    if found is None:
        raise NotFound("preparation.unknown", preparation=preparation, possible=("sign",))
    return found


def _told(ask: Questions) -> list[Preparation]:
    return [
        Preparation(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            act=document(row[6]),
            envelope=document(row[7]),
            entry=row[8],
            answer=SIGNED if row[8] else row[9] or "",
            answered_by=row[10] or "",
            why=row[11] or "",
        )
        for row in ask(_EVERY)
    ]
