"""What every open case carries, as it stood at its last rest: kept beside the entry, replaced with each.

From it, and from the law that the register keeps, a case that Temporal has lost begins again.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models.dossier import Dossier
from models.entry import LetterKind
from models.errors import NotFound, RegisterConflict
from models.notes import LetterLeft, LetterNote, LetterRefused
from models.parties import Channel, Role
from models.programme import Programme
from models.signs import THE_MAIL_SERVER, THE_POSTMAN
from register import laws

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.dossier import Invoice
    from models.entry import Entry
    from models.register import NoticeRow
    from register.notices import Notice

_ADDRESS = re.compile(r"\S*@\S*")

_FIRST = (
    "number = ? AND state {state} AND tells = '' AND of IN (SELECT key FROM letter WHERE awaited) "
    "AND key = (SELECT n.key FROM notice n WHERE n.of = notice.of AND n.state {state} "
    "ORDER BY n.left_on, n.sent_at, n.key LIMIT 1)"
)
_TOLD = {
    "left": _FIRST.format(state="= 'sent'"),
    "refused": _FIRST.format(state="IN ('refused', 'to_forward') AND returned"),
}
"""The notices of which a case is told that they left, or that nobody received them: one of each letter."""


def keep_within(session: Session, entry: Entry, invoice: Invoice | None) -> None:
    """Keeps what a case carries from an entry on, in the entry's own transaction; of one that ended nothing.

    `invoice` was issued with the entry: the case learns of it from the answer, and carries it from then on.
    """
    from sqlalchemy import delete

    from models.register import CarriedRow

    table = CarriedRow.__table__
    session.execute(delete(table).where(table.c.number == entry.number))
    if entry.standing.ended or not entry.carried:  # an account is read from the register itself
        return
    body = dict(entry.carried)
    if invoice:
        body["invoice"] = invoice.model_dump(mode="json", exclude_defaults=True)
    session.execute(
        table.insert(),
        {
            "number": entry.number,
            "entry": entry.sequence,
            "kind": str(entry.standing.kind),
            "law": entry.standing.law,
            "body": body,
        },
    )


def tells_anew(url: str, number: str) -> None:
    """Has a case told once more what became of its letters: it hears what it knows already once only.

    What a letter moved is an entry; one that moved nothing is known to the run alone that was lost.
    """
    from register.database import change, transaction

    for tells, those in _TOLD.items():
        with transaction(url) as session:
            change(
                session,
                f"UPDATE notice SET tells = ?, attempts = 0, next_attempt = '' WHERE {those}",
                [tells, number],
            )


def heard(url: str, number: str, today: date) -> list[tuple[datetime, LetterNote]]:
    """What a case was told of its letters, in order, each with its instant; it carries what it entered only.

    Raises: NotReachable.
    """
    from register.notices import such

    found = [(one, tells) for tells, those in _TOLD.items() for one in such(url, those, [number], False)]
    found.sort(key=lambda told: (told[0].sent_at or told[0].since, told[0].key))
    return [
        (datetime.fromisoformat(one.sent_at or one.since), note_of(one, tells, Role(one.role), today))
        for one, tells in found
    ]


def note_of(notice: NoticeRow | Notice, tells: str, role: Role, today: date) -> LetterNote:
    """What a case is told of a notice; the same fact has always the same id."""
    fact: dict[str, Any] = {
        "notice": notice.key,
        "letter": LetterKind(notice.letter),
        "role": role,
        "entry": notice.entry,
    }
    if tells == "refused":
        said = f"refused {notice.key} {notice.since}"
        return LetterRefused(
            request_id=_id(said),
            dossier=notice.number,
            on=today,
            by=THE_POSTMAN if notice.redirected else THE_MAIL_SERVER,
            **fact,
        )
    assert notice.left_on is not None
    days = (notice.left_on, notice.presented_on or "", notice.received_on or "")
    said = f"left {notice.key} {' '.join(map(str, days))} {notice.channel} {notice.sent_at or ''}"
    return LetterLeft(
        request_id=_id(said),
        dossier=notice.number,
        on=notice.left_on,
        presented_on=notice.presented_on,
        received_on=notice.received_on,
        by=notice.settled_by or THE_MAIL_SERVER,
        channel=Channel(notice.channel),
        # what a server says of a person stays in the register
        proof=_ADDRESS.sub("[address]", notice.proof)[:200],
        **fact,
    )


def _id(said: str) -> str:
    return f"letter-{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def carried(url: str, number: str) -> Dossier | Programme:
    """What a run of a case begins with that goes on from its last rest, as the register keeps it.

    Raises: NotFound when no open case of that number is kept; RegisterConflict when its law is not;
    NotReachable when the database does not answer.
    """
    from sqlalchemy import select

    from models.register import CarriedRow
    from register.database import transaction

    table = CarriedRow.__table__
    with transaction(url) as session:
        row = session.execute(select(table).where(table.c.number == number)).first()
        if row is None:
            raise NotFound("register.no-open-case", number=number, possible=(f"show {number}",))
        law = laws.held(session, row.law)
    if law is None:
        raise RegisterConflict("register.law-not-kept", law=row.law[:12], number=number)
    kept: dict[str, Any] = {**row.body, "law": law.brief()}
    return Programme(**kept) if row.kind == "programme" else Dossier(**kept)
