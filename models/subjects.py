"""What a case is about, as its procedure says it: a product, a centre, a centre for a product, a text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models import parts
from models.texts import Line, Sentence
from models.travelling import Travelling

HOLDER = "holder"
"""The column of a public register that is no part of the subject: whose it is."""


class Subject(Travelling, frozen=True):
    """What a case is about: its kind, and its parts in the order in which they are said.

    The first part is its title, the second tells it apart from others of that title, any others describe it.
    """

    kind: Line
    parts: dict[str, Sentence] = Field(min_length=1)

    @property
    def title(self) -> str:
        """The one line that lists show."""
        return next(iter(self.parts.values()))

    @property
    def name(self) -> str:
        """The title, with what tells it apart in brackets."""
        return parts.name(self.parts)

    @property
    def described(self) -> str:
        """The name, with all that describes it."""
        return parts.described(self.parts)


class Product(Travelling, frozen=True):
    """A medicine and the one indication it is for."""

    trade_name: Line
    active_substance: Line
    indication: Sentence

    @property
    def subject(self) -> Subject:
        """The medicine as the subject of a case; its parts were read with care when it was filed."""
        return Subject.model_construct(kind=PRODUCT, parts=self.model_dump(include=set(Product.model_fields)))


PRODUCT: Literal["product"] = "product"
"""The kind of subject that a medicine is."""
