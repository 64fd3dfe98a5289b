"""The updates by which acts arrive, each in its envelope: one for each act, named after its command."""

from __future__ import annotations

import inspect
from typing import Protocol

from temporalio import workflow

from models.acts import Act
from models.envelope import Envelope
from models.receipts import Receipt


class Performs(Protocol):
    """A case that acts are sent to."""

    async def perform(self, act: Act, envelope: Envelope | None = None) -> Receipt:
        """Applies an act in its turn, and answers when the case is at rest again."""

    def refuse_early(self, act: Act) -> None:
        """Refuses what is plainly not possible before anything is written to the history."""


def update_of(kind: type[Act]) -> object:
    """The update by which an act arrives: named after its command, described as the act is."""

    async def perform(self: Performs, act: Act, envelope: Envelope | None = None) -> Receipt:
        return await self.perform(act, envelope)

    def refuse_early(self: Performs, act: Act, envelope: Envelope | None = None) -> None:
        self.refuse_early(act)

    # what the payload is read as; like any method, it says nothing of itself
    perform.__annotations__ = {"act": kind, "envelope": Envelope | None, "return": Receipt}
    refuse_early.__annotations__ = {"act": kind, "envelope": Envelope | None, "return": None}
    says = inspect.getdoc(kind) or ""
    update = workflow.update(name=kind.command, description=says.partition("\n")[0])(perform)
    update.validator(refuse_early)
    return update
