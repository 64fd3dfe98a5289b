"""The publication of the register: once a night, and after every decision that changes a list.

It holds nothing but that it is to be done: what is published is read from the register when it is.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from workflows import effects

SOON = timedelta(minutes=1)
"""Decisions that follow each other this closely are published together."""


@workflow.defn(name="Publication")
class PublicationOfRegister:
    """Publishes the register, and again when its lists changed meanwhile."""

    @workflow.init
    def __init__(self) -> None:
        self.changed = False

    @workflow.run
    async def run(self) -> str:
        """Publishes until nothing has changed since it began. Returns: the version that stands."""
        while True:
            if self.changed:
                await workflow.sleep(SOON, summary="until decisions that belong together are entered")
            self.changed = False
            version = await effects.publish()
            if not self.changed:
                return version

    @workflow.signal(description="A list of the public register changed; sent by the register itself.")
    def lists_changed(self) -> None:
        """Another decision was entered."""
        self.changed = True
