"""The people of an office: what each is for, since when, by which keys, and what was delegated to whom.

They are told as events that never change, so that who could do what on a day is read from those that had
come by then. Pure: the register keeps the events (register/people.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from models.texts import Line, Name
from models.travelling import Travelling
from models.words import Word, spelt


class StaffRole(Word):
    """What a person is for in the office: its role. Which acts it brings, each procedure says."""

    INTAKE = spelt("intake")
    ASSESSOR = spelt("assessor")
    FINANCE = spelt("finance")
    DECIDER = spelt("decider")
    PUBLISHER = spelt("publisher")
    AUDITOR = spelt("auditor")
    ADMINISTRATOR = spelt("administrator")


Roles = Mapping[StaffRole, tuple[str, ...]]
"""The commands that each role brings."""

ByTwo = Mapping[str, tuple[StaffRole, ...]]
"""The commands that take two people, one who prepares and another one who signs; each with the roles that
prepare it beside whoever may do it."""


class Takes(StrEnum):
    """How many people do what takes two: one, where the office has no other."""

    TWO = "two"
    ONE = "one"


def preparing(command: str) -> str:
    """The command of whoever prepares what another one does."""
    return f"prepare {command}"


class Happening(Travelling, frozen=True):
    """Something that was said of a person."""

    person: Name


class Added(Happening, frozen=True):
    """A person is in the office from a day on, or has another function or other roles from then on."""

    event: Literal["Added"] = "Added"
    function: Line
    roles: tuple[StaffRole, ...]
    since: date
    until: date | None = None


class Departed(Happening, frozen=True):
    """A person is in the office until a day, and no longer."""

    event: Literal["Departed"] = "Departed"
    until: date


class KeyGiven(Happening, frozen=True):
    """A person signs with a key, told by its public half."""

    event: Literal["KeyGiven"] = "KeyGiven"
    public: str


class KeyRevoked(Happening, frozen=True):
    """A key is no person's any more, from that moment on: it was lost, or replaced."""

    event: Literal["KeyRevoked"] = "KeyRevoked"
    public: str
    why: Line


class Delegated(Happening, frozen=True):
    """By an act of the Minister a person may do acts beside those of its roles, until a day."""

    event: Literal["Delegated"] = "Delegated"
    delegation: int
    acts: tuple[str, ...]
    procedures: tuple[str, ...]
    rests_on: Line
    since: date
    until: date | None = None


class DelegationRevoked(Happening, frozen=True):
    """A delegation ended before its day."""

    event: Literal["DelegationRevoked"] = "DelegationRevoked"
    delegation: int
    why: Line


AnyHappening = Annotated[
    Added | Departed | KeyGiven | KeyRevoked | Delegated | DelegationRevoked, Field(discriminator="event")
]


class Recorded(Travelling, frozen=True):
    """An event with its number, who said so and when (an instant, UTC)."""

    number: int
    by: str
    recorded_at: datetime
    said: AnyHappening


class Person(Travelling, frozen=True):
    """A person as known at a moment."""

    name: str
    function: str
    roles: tuple[StaffRole, ...]
    since: date
    until: date | None = None
    keys: tuple[str, ...] = ()
    delegations: tuple[Delegated, ...] = ()

    def is_here(self, on: date) -> bool:
        """Whether the person is in the office on a day."""
        return self.since <= on and (self.until is None or on <= self.until)

    def delegated(self, command: str, procedure: str, on: date) -> Delegated | None:
        """The delegation by which the person may do an act on a day, or prepare it."""
        return next(
            (
                one
                for one in self.delegations
                if command in (*one.acts, *map(preparing, one.acts))
                and procedure in one.procedures
                and one.since <= on
                and (one.until is None or on <= one.until)
            ),
            None,
        )

    def may(self, command: str, procedure: str, roles: Roles, on: date) -> bool:
        """Whether the person may do an act of a procedure on a day: by a role, or by a delegation.

        Without a procedure the act is one of the office.
        """
        if not self.is_here(on):
            return False
        by_role = any(command in roles.get(role, ()) for role in self.roles)
        return by_role or self.delegated(command, procedure, on) is not None


def people(told: Iterable[Recorded]) -> dict[str, Person]:
    """The people by name, as events that came in their order tell them."""
    found: dict[str, Person] = {}
    for one in told:
        found = after(found, one.said)
    return found


def after(known: Mapping[str, Person], said: AnyHappening) -> dict[str, Person]:
    """The people once something more was said."""
    before = known.get(said.person)
    if isinstance(said, Added):
        now = said.model_dump(include={"function", "roles", "since", "until"})
        kept = {"keys": before.keys, "delegations": before.delegations} if before else {}
        return {**known, said.person: Person(name=said.person, **now, **kept)}
    changed = {said.person: before.model_copy(update=_changed(before, said))} if before else {}
    return {**known, **changed}


def _changed(known: Person, said: Happening) -> dict[str, Any]:
    match said:
        case Departed():
            return {"until": said.until}
        case KeyGiven():
            return {"keys": (*known.keys, said.public)}
        case KeyRevoked():
            return {"keys": tuple(key for key in known.keys if key != said.public)}
        case Delegated():
            return {"delegations": (*known.delegations, said)}
        case DelegationRevoked():
            others = (one for one in known.delegations if one.delegation != said.delegation)
            return {"delegations": tuple(others)}
    return {}


def who_may(command: str, procedure: str, roles: Roles, known: Iterable[Person], on: date) -> tuple[str, ...]:
    """The people who may do an act on a day, by name."""
    return tuple(sorted(one.name for one in known if one.may(command, procedure, roles, on)))
