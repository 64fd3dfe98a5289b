"""What an authority's own public page says: one row per programme, on one of its lists."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from models.parties import Language
from models.phases import PublicList


class PageRow(BaseModel):
    """One programme on the page. `line` counts from 1; `raw` is the text as it stands there.

    `key` is what makes the row itself, whatever else of it is changed later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    trade_name: str
    active_substance: str
    indication: str
    last_update: date
    public_list: PublicList
    raw: str
    key: str


class Captured(NamedTuple):
    """A page as it was saved: its language, its rows in order, and the day of its own last update."""

    language: Language
    rows: list[PageRow]
    updated_on: date | None
