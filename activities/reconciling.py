"""Compares register, Temporal and documents, for the schedule of every night."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import activity


class Reconciling:
    """Compares by what it is given: what looks everywhere, keeps what it found, and says how many it is."""

    def __init__(self, reconcile: Callable[[], Awaitable[int]]) -> None:
        self._reconcile = reconcile

    @activity.defn
    async def reconcile(self) -> int:
        """Compares everything. Returns: how many differences there are.

        Idempotent: it only looks; what it found takes the place of what was found before.

        Raises: NotReachable when register, store or Temporal does not answer: tried again.
        """
        return await self._reconcile()
