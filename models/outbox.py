"""What the postman is told of the outbox: whose letters can leave, and when to look again.

A lane holds the letters of one case to one recipient: they are made, and leave each address, in the order
in which they were told.
"""

from __future__ import annotations

from datetime import datetime

from models.parties import Role
from models.travelling import Travelling


class Lane(Travelling, frozen=True):
    """The letters of a case to those who are written to in one role."""

    number: str
    role: Role


class Outbox(Travelling, frozen=True):
    """The lanes in which something can go on now, the longest waiting first, and when the next one can.

    No `next_attempt`: without a person nothing else will leave. `more`: so many wait that not all are told.
    """

    lanes: tuple[Lane, ...] = ()
    more: bool = False
    next_attempt: datetime | None = None
