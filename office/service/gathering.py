"""Has something told soon, once for all who ask meanwhile: no act waits while others are told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

SOON = 0.1
"""Seconds after which it is told: the receipt of whoever acted has left by then."""


def gathered(*tells: Callable[[], Awaitable[object]], after: float = SOON) -> Callable[[], object]:
    """What asks from a thread for all of these, and waits for nothing.

    Whoever asks while they are told has them told once more after that, together with all who ask meanwhile.
    A process that ends in order tells at once what was asked.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    telling: set[asyncio.Task[None]] = set()

    async def tell() -> None:
        try:
            while asked.is_set():
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(after)
                asked.clear()
                await asyncio.gather(*(one() for one in tells))
        finally:
            telling.clear()  # in the step that found nobody asking

    def ask() -> None:
        asked.set()
        if not telling:
            telling.add(loop.create_task(tell()))

    return lambda: loop.call_soon_threadsafe(ask)
