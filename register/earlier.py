"""Whether something was filed before that may be filed as the first one only once for the same thing."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.phases import Kind, Phase
from models.subjects import Subject
from register.links import plain
from register.reading import as_day, document, questions


class Earlier(NamedTuple):
    """A dossier that was filed before, and since when it is here."""

    number: str
    on: date


def earliest(url: str, procedure: str, kind: Kind, subject: Subject, same: str, but: str) -> Earlier | None:
    """The first dossier of a kind that says the same in a part of its subject, beside the one that is named.

    One that was withdrawn is none. Raises: NotReachable when the database does not answer.
    """
    asked = (
        "SELECT number, opened_on, subject, phase FROM current_state "
        "WHERE procedure = ? AND kind = ? ORDER BY opened_on, number"
    )
    said = plain(str(subject.parts.get(same, "")))
    with questions(url) as ask:
        for number, opened_on, about, phase in ask(asked, (procedure, kind.value)):
            on, parts = as_day(opened_on), document(about)["parts"]
            stands = on and number != but and phase != Phase.WITHDRAWN.value
            if on and stands and said and plain(str(parts.get(same, ""))) == said:
                return Earlier(number, on)
    return None
