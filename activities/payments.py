"""Books the movements of a bank statement on their dossiers, each once, whatever breaks on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import activity

from models.acts import Act, PaymentReceived, PaymentReversed, SurplusRefunded
from models.entry import ToBook
from models.errors import ActRefused, InputRefused, NotFound, NotReachable
from models.payments import ShareKind
from register import payments
from register.movements import ToSend

Send = Callable[[str, Act], Awaitable[Any]]
"""Sends an act to a dossier until there is a receipt. Raises: ActRefused, NotFound, NotReachable."""


class Payments:
    """Judges movements by the register at an address, and sends what follows to the dossiers."""

    def __init__(self, url: str, send: Send) -> None:
        self._url = url
        self._send = send

    @activity.defn
    async def book(self, booking: ToBook) -> list[str]:
        """Judges movements in their order, and has each dossier take its share. Returns: those left.

        Idempotent: by movement. The verdict and the id of each act are in the register before the act
        leaves; the same act again is applied once and gives the same receipt. A movement is left when
        its dossier did not answer: it is tried again later, and holds up nobody else.

        Raises: NotReachable when the register does not answer.
        """
        left: list[str] = []
        for movement in booking.movements:
            if left or not await self._booked(movement):
                left.append(movement)  # one that does not answer is waited for once, not five times
        return left

    async def _booked(self, movement: str) -> bool:
        to_send = await asyncio.to_thread(payments.judged, self._url, movement)
        while to_send:
            again = False
            for share in to_send:
                try:
                    await self._send(share.number, act_of(share))
                except NotReachable:
                    return False
                except (ActRefused, NotFound, InputRefused) as refused:
                    again |= await asyncio.to_thread(payments.refused, self._url, share, refused.message)
                else:
                    await asyncio.to_thread(payments.booked, self._url, share)
            if not again:
                break
            to_send = await asyncio.to_thread(payments.judged, self._url, movement)
        return True


def act_of(share: ToSend) -> Act:
    """The act by which a dossier takes a share; always the same one for the same share."""
    said: dict[str, Any] = {
        "by": share.by,
        "on": share.on,
        "request_id": share.request_id,
        "cents": abs(share.cents),
        "movement": share.movement,
    }
    match share.kind:
        case ShareKind.IN_COLLECTION:
            return PaymentReceived(**said, in_collection=True)
        case ShareKind.REFUND:
            return SurplusRefunded(**said)
        case _:
            return PaymentReceived(**said) if share.cents > 0 else PaymentReversed(**said)
