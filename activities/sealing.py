"""Signs what a case tells another one, or begins, before that leaves: no workflow holds a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from models.envelope import SETS_UP, Envelope, OfficeAct, ToBegin, ToTell, beginning, telling
from models.signs import THE_WORKER

Sign = Callable[[str, OfficeAct, datetime], Envelope]


class SignedByWorker:
    """Puts what no person does into envelopes as `sign` does: for the case of a number, at an instant.

    Nothing is kept. Each raises NotReachable where the office's key is not here; OutsideWorldFailed.
    """

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    @activity.defn
    def sign_note(self, told: ToTell) -> Envelope:
        """The envelope of a note. What is signed twice is heard once."""
        return self._sign(told.number, telling(told.note), told.at)

    @activity.defn
    def sign_beginning(self, begins: ToBegin) -> Envelope:
        """The envelope of a case that another one sets up. What is begun twice stands once."""
        act = beginning(SETS_UP, THE_WORKER, begins.number, begins.begins)
        return self._sign(begins.number, act, begins.at)
