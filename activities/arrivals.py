"""Tells a case that a letter which had come back was sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import activity

from models.acts import Act, NoticeDelivered
from models.entry import SentAgain
from models.errors import ActRefused, InputRefused, NotFound

Send = Callable[[str, Act], Awaitable[Any]]
"""Sends an act to a case until there is a receipt. Raises: ActRefused, NotFound, NotReachable."""


class Arrivals:
    """Reports to cases what became of their letters."""

    def __init__(self, send: Send) -> None:
        self._send = send

    @activity.defn
    async def report(self, again: SentAgain) -> bool:
        """The letter counts as received on the day on which it left. Returns: whether a case waited for it.

        Idempotent: by the notice that had come back. A case that has ended, or was never told that the letter
        came back, waits for nothing.

        Raises: NotReachable when the case does not answer; it may be tried again.
        """
        try:
            await self._send(again.number, arrived(again))
        except (ActRefused, NotFound, InputRefused):
            return False
        return True


def arrived(again: SentAgain) -> NoticeDelivered:
    """The act that says so; always the same one for the same notice."""
    return NoticeDelivered(
        by=again.by,
        on=again.on,
        request_id=f"again-{hashlib.sha256(again.notice.encode()).hexdigest()[:24]}",
        notice=again.replaces,
        letter=again.letter,
        role=again.role,
        entry=again.entry,
    )
