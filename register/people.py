"""Keeps what was said of the people of the office, each time as something new, and tells who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from models.people import AnyHappening, Person, Recorded, people
from register import office_acts
from register.reading import Questions, document, questions

_LOCK = 6_301_009

Says = Callable[[dict[str, Person], int], AnyHappening | None]
Signs = Callable[[AnyHappening, int], dict[str, Any]]


def tell(url: str, by: str, says: Says, now: datetime, signs: Signs | None = None) -> dict[str, Person]:
    """Keeps something that is said of a person. Returns: the people, as they are then.

    `says` is told who they are and the number that what it says gets: of two at once the second one sees what
    the first one said. Nothing that is said is not kept. Whoever is said without `by` says it of itself; what
    `signs` gives is kept beside what anybody else says, the envelope in which it was said.

    Raises: what `says` raises; NotReachable when the database does not answer.
    """
    from models.register import PeopleRow
    from register.database import asking, one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        told = _told(asking(session))
        number = len(told) + 1
        said = says(people(told), number)
        if said is None:
            return people(told)
        session.execute(
            PeopleRow.__table__.insert(),
            {
                "event": number,
                "person": said.person,
                "recorded_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
                "by": by or said.person,
                "said": said.model_dump(mode="json"),
            },
        )
        if signs:
            office_acts.put(session, signs(said, number))
    return people([*told, Recorded(number=number, by=by or said.person, recorded_at=now, said=said)])


def known(url: str) -> dict[str, Person]:
    """The people of the office by name, as they are now. Raises: NotReachable."""
    with questions(url) as ask:
        return told_by(ask)


def told_by(ask: Questions) -> dict[str, Person]:
    """The same, among other questions."""
    return people(_told(ask))


def _told(ask: Questions) -> list[Recorded]:
    rows = ask('SELECT event, "by", recorded_at, said FROM people ORDER BY event')
    return [
        Recorded.model_validate(
            {"number": event, "by": by, "recorded_at": recorded_at, "said": document(said)}
        )
        for event, by, recorded_at, said in rows
    ]
