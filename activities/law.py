"""Look up the law of a programme's new year. A dossier's law is put together when it is filed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pydantic import BaseModel
from temporalio import activity

from models.law.applicable import Law, applicable_law
from models.law.book import LawBook


class YearAsked(BaseModel):
    """The procedure, and the first day of the authorisation year."""

    procedure: str
    on: date


class LawBooks:
    """The law as it is held here: as shipped, unless `read` says what the agency laid over it."""

    def __init__(self, read: Callable[[], LawBook] = LawBook) -> None:
        self._read = read

    @activity.defn
    def of_year(self, asked: YearAsked) -> Law:
        """The law in force on the first day of a programme's year. Idempotent: it only reads."""
        return applicable_law(asked.procedure, None, asked.on, self._read())
