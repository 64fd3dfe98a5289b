"""Keeps what people did in the office and in no case, each act once, in the envelope of who signed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from register import preparations
from register.reading import document, questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.acts import Act


def put(session: Session, envelope: Mapping[str, Any]) -> bool:
    """Keeps an act, as its envelope is kept with all that it said. Returns: whether it is new.

    Raises: ImproperAct where it was prepared and declined.
    """
    from models.register import OfficeActRow
    from register.database import asking

    request_id = envelope["request_id"]
    if session.get(OfficeActRow, request_id):
        return False
    if declined := preparations.declined_among(asking(session), request_id):
        raise preparations.refusal_of(declined)
    session.add(
        OfficeActRow(
            request_id=request_id,
            command=envelope["command"],
            number=envelope["number"],
            by=envelope["certificate"]["person"],
            signed_at=envelope["at"],
            envelope=dict(envelope),
        )
    )
    return True


def keep(url: str, envelope: Mapping[str, Any]) -> bool:
    """The same by itself. Raises: ImproperAct; NotReachable."""
    from register.database import transaction

    with transaction(url) as session:
        return put(session, envelope)


def ordering(url: str, act: Act, number: str) -> dict[str, Any] | None:
    """The envelope in which somebody last ordered an act for a case; nothing of one that is not ordered.

    Raises: NotReachable.
    """
    said = act.as_ordered(number)
    kept = of(url, act.ordered_by, [*said.values()]) if act.ordered_by else []
    return next((one for one in reversed(kept) if one["act"][1]["said"] == said), None)


def every_of(url: str, command: str) -> list[dict[str, Any]]:
    """The envelopes of all acts of a command, as they were signed. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT envelope FROM office_act WHERE command = ? ORDER BY signed_at", [command])
        return [document(row[0]) for row in rows]


def of(url: str, command: str, numbers: Sequence[str]) -> list[dict[str, Any]]:
    """The envelopes of acts of a command on some things, as they were signed. Raises: NotReachable."""
    places = ", ".join("?" for _ in numbers)
    asked = f"SELECT envelope FROM office_act WHERE command = ? AND number IN ({places}) ORDER BY signed_at"
    with questions(url) as ask:
        return [document(row[0]) for row in ask(asked, [command, *numbers])]
