"""Reads from the register what an ended case leaves to its account."""

from __future__ import annotations

from datetime import date

from temporalio import activity

from models.account import Account
from models.errors import NoOpenCase
from register.case import case
from register.ended import account_of


class EndedCases:
    """Reads ended cases from the register at an address."""

    def __init__(self, url: str) -> None:
        self._url = url

    @activity.defn
    def has_ended(self, number: str) -> None:
        """Passes when a case has ended. Only reads.

        Raises: NoOpenCase while the register holds it open; NotReachable when the database does not answer.
        """
        state = case(self._url, number, date.max).state
        if not state.ended:
            told = {"number": number, "entries": state.entry}
            raise NoOpenCase("case.lost-by-temporal", **told, possible=(f"reopen {number}",))

    @activity.defn
    def account_of(self, number: str) -> Account:
        """The invoice of an ended case, what was objected to it, its last row and its law. Only reads.

        Raises: RegisterConflict when it has not ended, or its law is lost: retried, and seen, until a person
        has looked. NotReachable when the database does not answer.
        """
        return account_of(self._url, number)
