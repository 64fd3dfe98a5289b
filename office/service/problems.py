"""What is wrong, as `umn status` says it: kind, case, since when, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from models.messages import Message

T = TypeVar("T")

NAMED = 20
"""Problems of one kind that are told one by one; of the others their number."""


@dataclass(frozen=True)
class Problem:
    """Something that a person must look at. `kind` is for programs and never changes its meaning."""

    kind: str
    said: Message
    number: str = ""
    since: datetime | None = None
    possible: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What it is, in words, for people to read now."""
        return self.said.in_words()

    def told(self, language: str = "") -> dict[str, Any]:
        """The problem as JSON can hold it, in the language of whoever reads, or in another one."""
        return {
            "kind": self.kind,
            "number": self.number or None,
            "since": self.since.astimezone(UTC).isoformat(timespec="seconds") if self.since else None,
            "sentence": self.said.in_words(language),
            "possible": list(self.possible),
        }


def each(kind: str, found: Iterable[T], many: int, say: Callable[[T], Problem]) -> list[Problem]:
    """A problem for each of the first ones, and one more that counts the others."""
    told = [say(one) for one in list(found)[:NAMED]]
    if many > len(told) > 0:
        told.append(Problem(kind, Message("problem.and-more", n=many - len(told))))
    return told


def first_of_each(problems: Iterable[Problem]) -> list[Problem]:
    """The first ones of each kind: of ten thousand alike nobody reads more."""
    told: dict[str, list[Problem]] = {}
    for problem in problems:
        told.setdefault(problem.kind, []).append(problem)
    return [problem for alike in told.values() for problem in alike[:NAMED]]
