"""An objection to an invoice: what it must hold on pain of nullity, and how far it has come."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.travelling import Travelling

APPEAL, DECISION, COURT = "payment-appeal", "objection-decision", "objection-court"
"""The clauses of the time to object, to decide on an objection, and to go to court after it."""

LIMITS = (DECISION, COURT)
"""Those that run from an objection, and outlive the phase in which it came, and the case."""

OBJECTING = {"within": APPEAL, "decided": DECISION, "court": COURT}
"""The same, as an invoice states them: by the name of each in the letter."""


class Hearing(StrEnum):
    """Whether the debtor wishes to be heard, as its objection says."""

    WANTED = "wanted"
    NOT_WANTED = "not_wanted"
    NOT_SAID = "not_said"


class Interruption(StrEnum):
    """What interrupts the time after which a claim lapses: a demand of ours, or what interrupts any claim."""

    DEMAND = "demand"
    ANY_CLAIM = "any_claim"


class Lack(StrEnum):
    """What an objection lacks that the law asks for on pain of nullity."""

    ADDRESSEE = "addressee"  # it is not addressed to the administrator-general
    SIGNATURE = "signature"  # of the debtor, or of those who represent the company
    HEARING = "hearing"  # whether the debtor wishes to be heard
    NOTICE = "notice"  # a copy of the payment notice


class Objection(Travelling):
    """An objection that stands; the time to decide on it, and the time to go to court, run beside the phases.

    `in_court_on` is the day on which the debtor went to court: from then on a person follows it.
    """

    received_on: date
    hearing: Hearing
    heard_on: date | None = None
    decided_on: date | None = None
    in_court_on: date | None = None

    @property
    def to_be_heard(self) -> bool:
        """Whether the debtor asked to be heard, and was not."""
        return self.hearing is Hearing.WANTED and self.heard_on is None
