"""Look up the law of a programme's new year. A dossier's law is put together when it is filed."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from temporalio import activity

from models.law.applicable import Law, applicable_law


class YearAsked(BaseModel):
    """The procedure, and the first day of the authorisation year."""

    procedure: str
    on: date


class LawBooks:
    """The law as this release holds it."""

    @activity.defn
    def of_year(self, asked: YearAsked) -> Law:
        """The law in force on the first day of a programme's year. Idempotent: it only reads."""
        return applicable_law(asked.procedure, None, asked.on)
