"""Open words: what is filed, who takes part, where a case stands and how it ends, as the law names it.

The engine has a few words of its own; a procedure brings the others. A word is text that says what it is a
word of, and it is compared by what it says: with `==`, never with `is`. Which words a procedure knows, its
law says; a word that comes from outside is checked there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, TypeVar

from models.errors import Malformed

if TYPE_CHECKING:  # a list of the command line uses words, and answers before pydantic would be loaded
    from pydantic_core import CoreSchema

LONGEST = 40
"""Signs of a word at most: it stands in columns, names of files and search attributes."""

_WELL_FORMED = re.compile(r"[a-z][a-z0-9_-]*")

W = TypeVar("W", bound=str)


class Word(str):
    """A word of one vocabulary."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """The word of that text. Raises: Malformed, of which pydantic makes a ValidationError."""
        if len(text) > LONGEST or not _WELL_FORMED.fullmatch(text):
            raise Malformed("input.no-word", longest=LONGEST)
        return super().__new__(cls, text)

    @property
    def value(self) -> str:
        """The word as plain text."""
        return str(self)

    @classmethod
    def words(cls) -> tuple[Self, ...]:
        """The words that stand in this vocabulary and in the one that it adds to; others may come."""
        standing = [placed for of in reversed(cls.__mro__) for placed in vars(of).values()]
        return tuple(cls(placed.text) for placed in standing if isinstance(placed, spelt))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class spelt:  # noqa: N801 - read as a sentence: APPLICANT = spelt("applicant")
    """Places a word in a vocabulary: `Role.APPLICANT` is the Role that is spelt "applicant"."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, _instance: object, vocabulary: type[W]) -> W:
        return vocabulary(self.text)
