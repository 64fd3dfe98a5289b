"""An objection to an invoice: what it must hold on pain of nullity, and how far it has come."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.clock import Clock
from models.travelling import Travelling

OBJECTING = {"within": "payment-appeal", "decided": "objection-decision", "court": "objection-court"}
"""The clauses of the periods that an invoice states, by the name of each in the letter."""


class Hearing(StrEnum):
    """Whether the debtor wishes to be heard, as its objection says."""

    WANTED = "wanted"
    NOT_WANTED = "not_wanted"
    NOT_SAID = "not_said"


class Lack(StrEnum):
    """What an objection lacks that the law asks for on pain of nullity."""

    ADDRESSEE = "addressee"  # it is not addressed to the administrator-general
    SIGNATURE = "signature"  # of the debtor, or of those who represent the company
    HEARING = "hearing"  # whether the debtor wishes to be heard
    NOTICE = "notice"  # a copy of the payment notice


class Objection(Travelling):
    """An objection that stands, with the clock of the time to decide on it.

    `final_on` is the last day to go to court, from the decision on; `in_court_on` the day on which that was
    done: from then on a person follows it.
    """

    received_on: date
    hearing: Hearing
    clock: Clock
    heard_on: date | None = None
    decided_on: date | None = None
    final_on: date | None = None
    in_court_on: date | None = None

    @property
    def awaits_decision(self) -> bool:
        """Whether nobody has decided on it."""
        return self.decided_on is None

    @property
    def to_be_heard(self) -> bool:
        """Whether the debtor asked to be heard, and was not."""
        return self.hearing is Hearing.WANTED and self.heard_on is None

    @property
    def open_until(self) -> date | None:
        """The last day on which what is asked is not final; none ends it before a decision, or in court."""
        return date.max if self.awaits_decision or self.in_court_on else self.final_on
