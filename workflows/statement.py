"""Carries the movements of a bank statement to their dossiers: a few at a time, in their order.

What becomes of each is written in the register before any act leaves (activities/payments.py), so that
a crash in the middle loses and doubles nothing. Only ids travel here: who paid stays in the register.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from models.entry import ToBook
from workflows import effects
from workflows.cancellation import ignored, unless_cancelled

AT_A_TIME = 5
"""Movements of one activity: what a killed worker had in hand is taken up again after its time-out."""

PER_RUN = 500
"""Movements after which the history begins anew."""

LATER = timedelta(minutes=1)
"""Until those whose dossier did not answer are tried again."""


@workflow.defn(name="Statement")
class StatementBooking:
    """One file of bank statements, or one decision of a person on a movement."""

    @workflow.run
    async def run(self, booking: ToBook) -> None:
        """Books every movement; those whose dossier does not answer are tried again until it does."""
        await unless_cancelled(self.book(booking), ignored)

    async def book(self, booking: ToBook) -> None:
        """A few movements at a time, in their order; then those that are left."""
        left = list(booking.left)
        now, later = booking.movements[:PER_RUN], booking.movements[PER_RUN:]
        for first in range(0, len(now), AT_A_TIME):
            left += await effects.book(ToBook(movements=now[first : first + AT_A_TIME]))
        if not later and left:
            left = [*left[PER_RUN:], *await self._try_again(left[:PER_RUN])]
        if later or left:
            workflow.continue_as_new(ToBook(movements=later, left=tuple(left)))

    async def _try_again(self, left: list[str]) -> list[str]:
        """One by one: a dossier that stands still holds up nobody else. Returns: those still left."""
        workflow.set_current_details(f"{len(left)} movements wait for an answer of their dossiers.")
        still: list[str] = []
        for movement in left:
            still += await effects.book(ToBook(movements=(movement,)))
        if still:
            await workflow.sleep(LATER, summary="until they are tried again")
        return still
