"""The postman: makes letters and sends them, each lane in its order, with several hands at once.

It holds nothing but whose letters are in hand: what is to leave is read from the outbox, where each entry
writes its letters. It ends when nothing is left that can leave by itself, and sleeps only until the register
says that something is tried again; so a wake that is lost loses no letter, and the next one finds it. A lane
that cannot be carried, since the register or the store does not answer, leaves its hand to others meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from math import ceil

from temporalio import workflow
from temporalio.exceptions import ActivityError

from models.outbox import Lane
from workflows import effects
from workflows.cancellation import ignored, unless_cancelled

HANDS = 5
"""Hands at work at once. What was found is shared out among them: a lane each, or several in a row."""


@workflow.defn(name="Postman")
class PostmanOfOutbox:
    """Carries letters until the outbox holds nothing that can leave by itself."""

    @workflow.init
    def __init__(self) -> None:
        self._woken = False
        self._found: deque[Lane] = deque()
        self._hands: set[asyncio.Task[None]] = set()
        self._in_hand: set[Lane] = set()
        self._asked_again: set[Lane] = set()
        self._rests_until: dict[Lane, datetime] = {}
        self._alarms: dict[datetime, asyncio.Task[None]] = {}

    @workflow.run
    async def run(self) -> None:
        """Carries to its own end, whoever asks Temporal to cancel it: a letter that was told leaves."""
        await unless_cancelled(self.carry(), ignored)

    async def carry(self) -> None:
        """Looks, carries, and looks again whenever it was woken or something may have changed."""
        while True:
            self._woken = False
            outbox = await effects.look_into_outbox()
            self._asked_again |= {lane for lane in outbox.lanes if lane in self._in_hand}
            self._rest_only(self._in_hand | {*outbox.lanes})
            self._found.extend(lane for lane in outbox.lanes if self._can_be_carried(lane))
            # but not while all that was told rests: it would be told the same again at once
            self._woken |= outbox.more and bool(self._found)
            await self._hand_out()
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(lambda: not self._in_hand)
                workflow.continue_as_new()
            rest = [until for lane, until in self._rests_until.items() if lane not in self._in_hand]
            next_attempt = min(filter(None, (outbox.next_attempt, *rest)), default=None)
            await self._sleep_until(next_attempt)
            if not self._woken:
                return

    @workflow.signal(description="Letters wait in the outbox; sent by the register itself, and by the desk.")
    def letters_wait(self) -> None:
        """An entry told letters, or a person said something of one."""
        self._woken = True

    def _can_be_carried(self, lane: Lane) -> bool:
        now = workflow.now()
        return lane not in self._in_hand and self._rests_until.get(lane, now) <= now

    def _rest_only(self, lanes: set[Lane]) -> None:
        """Other lanes rest no more; when none does, nothing is held up."""
        self._rests_until = {lane: until for lane, until in self._rests_until.items() if lane in lanes}
        if not self._rests_until and effects.held_up_since():
            effects.goes_on()

    async def _hand_out(self) -> None:
        """Gives what was found to hands that are free, so that each will have had its share of it."""
        while self._found:
            await workflow.wait_condition(lambda: len(self._hands) < HANDS)
            share = ceil(len(self._found) / HANDS)
            lanes = [self._found.popleft() for _ in range(share)]
            self._in_hand |= {*lanes}
            hand = asyncio.create_task(self._carry(lanes))
            self._hands.add(hand)
            hand.add_done_callback(self._hands.discard)

    async def _carry(self, lanes: list[Lane]) -> None:
        began = workflow.now()
        try:
            again = await effects.carry(lanes)
            self._rest_only({*self._rests_until} - {*lanes})
        except ActivityError as failed:
            effects.held_up(began, failed)
            self._rests_until |= dict.fromkeys(lanes, workflow.now() + effects.A_WHILE)
            again = True
        self._in_hand -= {*lanes}
        if again or self._asked_again & {*lanes}:
            self._asked_again -= {*lanes}
            self._woken = True

    async def _sleep_until(self, next_attempt: datetime | None) -> None:
        """Rests until it is woken, the last hand is free, or something is to be tried again.

        An alarm is never taken back, but rings: what is tried again is often looked for before its moment.
        """
        if next_attempt is not None and not any(at <= next_attempt for at in self._alarms):
            self._alarms[next_attempt] = asyncio.create_task(self._ring(next_attempt))
        await workflow.wait_condition(lambda: self._woken or not (next_attempt or self._in_hand))

    async def _ring(self, at: datetime) -> None:
        await workflow.sleep(max(at - workflow.now(), timedelta()), summary="until the next attempt")
        del self._alarms[at]
        self._woken = True
