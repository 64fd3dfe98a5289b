"""What an ended case leaves to its account: an invoice on which money still moves."""

from __future__ import annotations

from pydantic import Field

from models.dossier import Carried
from models.entry import Standing
from models.parties import Party
from models.receipts import Docket
from models.subjects import Subject


class Account(Carried):
    """The account of an ended case, as the register tells it: its invoice, its last row, its law.

    `booked` are the entries since the case ended, by request id: an act that comes again after an earlier run
    of the account is applied once.
    """

    number: str
    standing: Standing
    booked: dict[str, int] = Field(default_factory=dict)

    @classmethod
    def unread(cls, number: str) -> Account:
        """An account that knows its number only, before the register has told the rest."""
        return cls.model_construct(number=number, docket=Docket())  # type: ignore[call-arg]

    @property
    def procedure(self) -> str:
        """The procedure that the case followed."""
        return self.standing.procedure

    @property
    def applicant(self) -> Party | None:
        """Who filed it."""
        return self.standing.applicant

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.standing.subject

    @property
    def conditions_open(self) -> tuple[int, ...]:
        """Nothing can be met any more."""
        return ()
