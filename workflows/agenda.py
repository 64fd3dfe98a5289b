"""The agenda of a morning, sent by mail to each desk, and at the beginning of a week to each head of unit.

It holds nothing but whose agenda of which day it is: what it says is read from the register when it is sent.
Each is a run of its own, which its day and its reader name: Temporal begins none a second time.

Law: none knows it. No limit counts from it, and a desk that received none has `umn desk`.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from models.agenda import Agenda, Sent
from workflows import effects
from workflows.cancellation import ignored, unless_cancelled

A_WHILE = timedelta(minutes=10)
"""Before an agenda is tried again that a mail server did not take."""


@workflow.defn(name="Agenda")
class AgendaOfMorning:
    """Begins the agenda of each reader. On a day on which none is due it does nothing."""

    @workflow.run
    async def run(self) -> int:
        """Begins them once. Returns: how many were due."""
        return await unless_cancelled(self.begin(), ignored)

    async def begin(self) -> int:
        """One after the other; of one that was begun before nothing is begun."""
        due = await effects.agendas_of_morning()
        for agenda in due:
            await effects.begin_agenda(agenda)
        return len(due)


@workflow.defn(name="AgendaMail")
class AgendaForReader:
    """Sends one agenda, at most once."""

    @workflow.run
    async def run(self, agenda: Agenda) -> Sent:
        """Tries it until its day is over, where nobody can have received it yet."""
        return await unless_cancelled(self.send(agenda), ignored)

    async def send(self, agenda: Agenda) -> Sent:
        """Returns: what became of it."""
        while True:
            sent = await effects.send_agenda(agenda)
            if sent is not Sent.LATER or workflow.now() + A_WHILE >= agenda.until:
                return sent
            await workflow.sleep(A_WHILE, summary="until it is tried again")
