"""Whose case it is: to whom it may be given, and who asks for one's own."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.errors import InputRefused
from office.desk.person import who_looks
from office.settings import Settings
from register import people


def assigned(settings: Settings, said: dict[str, Any], today: date) -> dict[str, Any]:
    """What gives a case to somebody. `said` is what was typed.

    Raises: InputRefused where both somebody and nobody are named, or nobody of that name is here today.
    """
    if not said.get("officer"):
        return said
    if said.get("nobody"):
        raise InputRefused("assigned.both", possible=("assign --help",))
    return said | {"officer": one_of_the_office(settings, said["officer"], today)}


def one_of_the_office(settings: Settings, written: str, today: date) -> str:
    """A person of the office, as the register spells the name. Raises: InputRefused naming all."""
    here = [name for name, person in people.known(settings.register_url).items() if person.is_here(today)]
    wanted = " ".join(written.split()).casefold()
    named = [name for name in here if name.casefold() == wanted]
    named = named or [name for name in here if wanted and wanted in name.casefold()]
    if len(named) != 1:
        raise InputRefused("assigned.no-such-person", person=written, names=here, possible=("people",))
    return named[0]


def who_asks(settings: Settings, today: date) -> str:
    """The name of whoever looks. Raises: InputRefused where nobody knows who that is."""
    person = who_looks(settings, today)
    if person is None:
        raise InputRefused("assigned.who-are-you", possible=("people",))
    return person.name
