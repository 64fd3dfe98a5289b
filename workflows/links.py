"""What cases tell each other by the links of their procedures: once a night, and after every decision.

It holds nothing but that it is to be done: who is told what is read from the register. A case that does not
hear it is told again by night.

Law: of each case its own; a link only proposes (models/law/states.py).
Silence: of nobody; whoever is told decides.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from workflows import effects
from workflows.cancellation import ignored, unless_cancelled

SOON = timedelta(seconds=30)
"""Decisions that follow each other this closely are looked at together."""


@workflow.defn(name="Links")
class LinksOfCases:
    """Tells each case what it has to hear of others."""

    @workflow.init
    def __init__(self) -> None:
        self.changed = False

    @workflow.run
    async def run(self) -> int:
        """Tells until nothing has changed since it looked. Returns: how many cases it told."""
        return await unless_cancelled(self.tell(), ignored)

    async def tell(self) -> int:
        """Once, and again for what changed meanwhile."""
        told = 0
        while True:
            self.changed = False
            linked = await effects.links()
            for number, notes in linked.told.items():
                for note in notes:
                    told += await effects.tell_case(number, note)
            if not self.changed:
                return told
            await workflow.sleep(SOON, summary="until decisions that belong together are entered")

    @workflow.signal(description="What the public sees of a case changed; sent by the register itself.")
    def lists_changed(self) -> None:
        """Another decision was entered."""
        self.changed = True
