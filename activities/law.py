"""Look up the law of a programme's new year, and that of the day of a notice of payment.

A dossier's law is put together when it is filed, and the register keeps each whole before a case carries it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from temporalio import activity

from models.law.applicable import Law
from models.law.clause import Applied
from models.travelling import Travelling
from procedures.books import Books, applicable_law, later_by_notice, shipped
from register.laws import keep


class YearAsked(Travelling):
    """The procedure, and the first day of the authorisation year."""

    procedure: str
    on: date


class NoticeAsked(Travelling):
    """The procedure, the day whose law a file carries, and the day of its notice of payment."""

    procedure: str
    filed_on: date
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

    @activity.defn
    def of_notice(self, asked: NoticeAsked) -> list[Applied]:
        """What a notice of payment rests on and is in force since a later day than that of the file.

        Idempotent. What has no value on the day of the notice stays as the file has it.
        """
        return later_by_notice(self._read().of(asked.procedure), asked.filed_on, asked.on)
