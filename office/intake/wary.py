"""What whoever looks into a file of a package promises, and how it tells what it finds."""

from __future__ import annotations

from typing import Any, Protocol

from models.messages import Message
from models.reasons import Problem, Reason


class Wary(Protocol):
    """Looks at a file of one kind. Both raise `Found` with what is wrong."""

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece."""

    def end(self) -> None:
        """There are no more pieces."""


class Found(Exception):
    """Something is wrong; what, and in which words of a file by its name."""

    def __init__(self, reason: Reason, key: str, /, **facts: Any) -> None:
        super().__init__(key)
        self.reason = reason
        self.key = key
        self.facts = facts

    def of(self, name: str) -> Problem:
        """What is wrong with the file of that name."""
        return Problem(self.reason, Message(self.key, name=name, **self.facts))


def other(key: str, /, **facts: Any) -> Found:
    """The content is not what the name of the file says."""
    return Found(Reason.CONTENT_AGAINST_EXTENSION, key, **facts)
