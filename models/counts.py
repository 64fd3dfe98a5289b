"""Numbers of what is counted under a programme: what was reported over a period, and what is authorised.

Whole numbers and nothing else: a person that is counted is not told from another one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StrictInt

from models.texts import Line
from models.travelling import Travelling

Whole = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class Count(Travelling, frozen=True):
    """So many were counted from one day to another, both included; without days, so many are authorised.

    `declined`: a person looked at it, and what it proposed was declined.
    """

    counted: Annotated[Line, Field(max_length=40)]
    count: Whole
    period_from: date | None = None
    period_until: date | None = None
    declined: bool = False
