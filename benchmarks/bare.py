"""Bare workflows: what the same server and the same sandbox take where there is no procedure.

One asks for the same activities, timers, updates and upserts as one of ours: what it asks of the server comes
from a real history (histories.script_of), never from counting by hand, and its activities do nothing. The
other one asks for nothing, or for one such activity, which whatever is entered somewhere needs at the least.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from benchmarks.histories import Script, Step

PHASE = SearchAttributeKey.for_keyword("Phase")
LIMIT = timedelta(seconds=10)


@activity.defn
def do_nothing(text: str) -> str:
    """Answers at once."""
    return text


@workflow.defn
class Bare:
    """Follows the scripts of its runs: update by update, run by run."""

    def __init__(self) -> None:
        self._asked = 0
        self._done = 0

    @workflow.run
    async def run(self, scripts: list[Script]) -> str:
        """Plays the first script; what is left is the next run's. A run without an end waits for ever."""
        script, *later = scripts
        steps = script.steps
        for number, step in enumerate(steps):
            await workflow.wait_condition(lambda number=number: self._asked >= number)  # type: ignore[misc]
            for _ in range(step.activities):
                await workflow.execute_activity(do_nothing, "entry", start_to_close_timeout=LIMIT)
            for _ in range(step.upserts):
                workflow.upsert_search_attributes([PHASE.value_set(f"phase-{number}")])
            self._done = number
            for _ in range(step.local_activities):
                await workflow.execute_local_activity(do_nothing, "letter", start_to_close_timeout=LIMIT)
            await self._wait(step, self._asked if number == self._asked else None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if later:
            workflow.continue_as_new(later)
        return "done"

    async def _wait(self, step: Step, asked: int | None) -> None:
        """Waits for the next update with a timer, as many times as the history did."""
        for _ in range(step.timers):
            if asked is None or self._asked > asked:
                return
            await workflow.wait_condition(lambda: self._asked > asked, timeout=timedelta(days=30))

    @workflow.update
    async def perform(self, text: str) -> str:
        """Asks for the next step, and answers when its entry is made."""
        self._asked += 1
        mine = self._asked
        await workflow.wait_condition(lambda: self._done >= mine)
        return text


@workflow.defn
class BareUpdates:
    """Answers updates, for ever."""

    @workflow.run
    async def run(self) -> None:
        """Waits for nothing."""
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def perform(self, text: str) -> str:
        """Answers in the task that accepts."""
        return text

    @workflow.update
    async def enter(self, text: str) -> str:
        """Answers once an activity has done nothing."""
        return await workflow.execute_activity(do_nothing, text, start_to_close_timeout=LIMIT)
