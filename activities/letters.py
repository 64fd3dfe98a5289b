"""Sends the letters of an entry: made and kept, then delivered."""

from __future__ import annotations

from temporalio import activity

from activities.documents import Documents
from activities.notifications import Notifications
from models.entry import LetterBatch, Occasion


class Letters:
    """The letter desk: what `Documents` makes, `Notifications` delivers."""

    def __init__(self, documents: Documents, notifications: Notifications) -> None:
        self._documents = documents
        self._notifications = notifications

    @activity.defn
    def send(self, batch: LetterBatch) -> list[str]:
        """Makes and delivers the letters of one entry; returns the keys of notices that are in doubt.

        Idempotent: by number, entry, kind and role; a letter that was made or sent is left alone.

        Raises: NotDelivered when a letter was certainly not taken over; it may be tried again.
        """
        self._documents.make(batch)
        return self._notifications.deliver(Occasion(number=batch.number, entry=batch.entry))
