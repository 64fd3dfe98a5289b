"""What every open case carries, as it stood at its last rest: kept beside the entry, replaced with each.

From it, and from the law that the register keeps, a case that Temporal has lost begins again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.dossier import Dossier
from models.errors import NotFound, RegisterConflict
from models.programme import Programme
from register import laws

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.dossier import Invoice
    from models.entry import Entry


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

    awaited = "of IN (SELECT key FROM letter WHERE awaited)"
    first = (
        "key = (SELECT n.key FROM notice n WHERE n.of = notice.of AND n.state {state} "
        "ORDER BY n.left_on, n.sent_at, n.key LIMIT 1)"
    )
    for tells, state in (("left", "= 'sent'"), ("refused", "IN ('refused', 'to_forward') AND returned")):
        with transaction(url) as session:
            change(
                session,
                f"UPDATE notice SET tells = ?, attempts = 0, next_attempt = '' WHERE number = ? "
                f"AND state {state} AND tells = '' AND {awaited} AND {first.format(state=state)}",
                [tells, number],
            )


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
