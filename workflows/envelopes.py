"""Lets an act in only in an envelope that holds, before the case hears it and anything is written.

The office's public key is the worker's own, and nothing that a case is begun with: whoever can start a case
past us could put another key there.
"""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.worker import HandleUpdateInput, Interceptor, WorkflowInboundInterceptor
from temporalio.worker import WorkflowInterceptorClassInput as ForWorkflow

from models.acts import EVERY_ACT, Act
from models.envelope import Envelope, flaw
from models.errors import NotEmpowered
from models.messages import Message
from workflows.refusal import refusal

COMMANDS = frozenset(act.command for act in EVERY_ACT)


class InEnvelopes(Interceptor):
    """For every worker of cases; a replay asks nobody again."""

    def __init__(self, office: str) -> None:
        self._office = office

    def workflow_interceptor_class(self, input: ForWorkflow) -> type[WorkflowInboundInterceptor]:
        """The guard of every case."""
        office = self._office

        class Guard(WorkflowInboundInterceptor):
            """Refuses an act without an envelope that holds."""

            def handle_update_validator(self, input: HandleUpdateInput) -> None:
                hold(input, office, workflow.info().workflow_id, workflow.now())
                super().handle_update_validator(input)

        return Guard


def hold(input: HandleUpdateInput, office: str, workflow_id: str, now: datetime) -> None:
    """Raises: NotEmpowered, as Temporal carries it. What is no act is refused by the case itself.

    Temporal's library reads nothing as what it is to be where one of the two is missing.
    """
    if input.update not in COMMANDS:
        return
    act = next((one for one in input.args if isinstance(one, Act)), None)
    envelope = next((one for one in input.args if isinstance(one, Envelope)), None)
    number = workflow_id.removesuffix("/account")
    why = flaw(envelope, act, number, office, now) if act else Message("envelope.none")
    if why:
        raise refusal(NotEmpowered("envelope.refused", command=input.update, number=number, why=why))
