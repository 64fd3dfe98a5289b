"""Tells a case that a letter of its will not be received, or was sent again after all."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import activity

from models.acts import Act, NoticeBounced, NoticeDelivered
from models.entry import SentAgain, TurnedAway
from models.errors import ActRefused, InputRefused, NotFound

Send = Callable[[str, Act], Awaitable[Any]]
"""Sends an act to a case until there is a receipt. Raises: ActRefused, NotFound, NotReachable."""


MAIL_SERVER = "the mail server"
"""Who says so, in an entry that no person brought about."""


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
        return await self._told(again.number, arrived(again))

    @activity.defn
    async def turned_away(self, away: TurnedAway) -> bool:
        """A mail server refused a letter for good: nobody received it. Returns: whether its case was told.

        Idempotent: by the notice and since when it is refused. A case that has ended, or knows it already, is
        not told.

        Raises: NotReachable when the case does not answer; it may be tried again.
        """
        return await self._told(away.number, not_received(away))

    async def _told(self, number: str, act: Act) -> bool:
        try:
            await self._send(number, act)
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


def not_received(away: TurnedAway) -> NoticeBounced:
    """The act that says so; always the same one for the same refusal."""
    said = f"{away.notice} {away.since}"
    return NoticeBounced(
        by=MAIL_SERVER,
        request_id=f"refused-{hashlib.sha256(said.encode()).hexdigest()[:24]}",
        notice=away.notice,
        letter=away.letter,
        role=away.role,
        entry=away.entry,
    )
