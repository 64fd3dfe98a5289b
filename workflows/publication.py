"""The publication of public registers: once a night, and after every decision that changes a list.

It holds nothing but that it is to be done: what is published is read from the register when it is.

Law: the time to publish that each programme carries (workflows/phases/publicity.py).
Silence: of nobody; each case that had to be published is told, and its limit ends.
"""

from __future__ import annotations

from datetime import date, timedelta

from temporalio import workflow

from models.clock import civil_day
from models.notes import Published, PublishedInPart
from models.parties import Language
from workflows import effects
from workflows.cancellation import ignored, unless_cancelled

SOON = timedelta(minutes=1)
"""Decisions that follow each other this closely are published together."""


@workflow.defn(name="Publication")
class PublicationOfRegister:
    """Publishes every public register, and again when a list changed meanwhile."""

    @workflow.init
    def __init__(self) -> None:
        self.changed = False

    @workflow.run
    async def run(self) -> str:
        """Publishes until nothing has changed since it began, and tells each case that had to be published.

        Returns: the versions that stand.
        """
        return await unless_cancelled(self.publish(), ignored)

    async def publish(self) -> str:
        """Once, and again for what changed meanwhile."""
        while True:
            if self.changed:
                await workflow.sleep(SOON, summary="until decisions that belong together are entered")
            self.changed = False
            published = await effects.publish()
            on = civil_day(workflow.now())
            for number, lacking in published.told.items():
                await effects.tell_case(number, note_of(number, on, lacking))
            if not self.changed:
                return published.versions

    @workflow.signal(description="A list of the public register changed; sent by the register itself.")
    def lists_changed(self) -> None:
        """Another decision was entered."""
        self.changed = True


def note_of(number: str, on: date, lacking: dict[Language, tuple[str, ...]]) -> Published | PublishedInPart:
    """What a case is told of its publication on a day."""
    if lacking:
        return PublishedInPart(dossier=number, on=on, lacking=lacking)
    return Published(dossier=number, on=on)
