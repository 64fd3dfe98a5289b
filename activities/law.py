"""Look up the law of a programme's new year. A dossier's law is put together when it is filed.

The register keeps it whole before the programme carries it in brief.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from temporalio import activity

from models.law.applicable import Law
from models.travelling import Travelling
from procedures.books import Books, applicable_law, shipped
from register.laws import keep


class YearAsked(Travelling):
    """The procedure, and the first day of the authorisation year."""

    procedure: str
    on: date


class LawBooks:
    """The law as it is held here: as shipped, unless `read` says what the agency laid over it.

    `url` is the address of the register that keeps what is looked up.
    """

    def __init__(self, url: str, read: Callable[[], Books] = shipped) -> None:
        self._url, self._read = url, read

    @activity.defn
    def of_year(self, asked: YearAsked) -> Law:
        """The law in force on the first day of a programme's year, in brief; the register keeps it whole.

        Idempotent: by the hash of the law. Raises: NotReachable when the database does not answer.
        """
        law = applicable_law(asked.procedure, None, asked.on, self._read())
        keep(self._url, law)
        return law.brief()
