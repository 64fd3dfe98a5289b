"""The agenda of a morning: for whom it is, what became of it, and what it says, which never travels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.travelling import Travelling


class Agenda(Travelling, frozen=True):
    """The agenda of a day for one reader, whom the file of offices knows under this key.

    `weekly`: what lies there at the beginning of a week. It is sent until that instant, and not after.
    """

    reader: str
    day: date
    weekly: bool
    until: datetime


class Sent(StrEnum):
    """What became of an agenda: a later attempt may bring it, where nobody can have received it yet."""

    LEFT = "left"
    NOTHING_TO_SAY = "nothing to say"
    LATER = "later"
    REFUSED = "refused"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True)
class Mail:
    """What is said to one reader."""

    recipient: str
    subject: str
    body: str
