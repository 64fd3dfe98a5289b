"""Lets an act in only in an envelope that holds, before the case hears it and anything is written.

So is a case begun: by us, in an envelope that lies in its memo, or not at all.

The office's public key is the worker's own, and nothing that a case is begun with: whoever can start a case
past us could put another key there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
)
from temporalio.worker import WorkflowInterceptorClassInput as ForWorkflow

from models.acts import EVERY_ACT, Act
from models.dossier import Dossier
from models.envelope import MEMO, Envelope, flaw, flaw_of_beginning
from models.errors import NotEmpowered
from models.messages import Message
from models.notes import Reopened
from models.programme import Programme
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
            """Refuses an act, and the beginning of a case, without an envelope that holds."""

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                if (begins := _begins(input)) and not workflow.unsafe.is_replaying():
                    hold_beginning(*begins, office, workflow.info())
                return await super().execute_workflow(input)

            def handle_update_validator(self, input: HandleUpdateInput) -> None:
                hold(input, office, workflow.info().workflow_id, workflow.now())
                super().handle_update_validator(input)

        return Guard


def hold_beginning(command: str, of: str, written: Any, office: str, info: workflow.Info) -> None:
    """Lets a run go on: what was begun by us, by that command, with all that is written of it.

    So is a run that another one went over into, and a programme that one of that number set up. We never
    have Temporal repeat a case, by a calendar or after a failure: each of its runs would pass as the next.

    Raises: NotEmpowered, as Temporal carries it, which ends what nobody of us has begun.
    """
    number = info.workflow_id.removesuffix("/account")
    repeats = info.cron_schedule or info.retry_policy
    if (info.continued_run_id and not repeats) or (info.parent and info.parent.workflow_id == of):
        return
    envelope = workflow.memo_value(MEMO, None, type_hint=Envelope)
    if of not in ("", number) or (envelope and envelope.command != command):
        envelope = None
    if why := flaw_of_beginning(envelope, number, written, office, info.start_time):
        raise refusal(NotEmpowered("envelope.begins-nothing", number=number, why=why))


def _begins(input: ExecuteWorkflowInput) -> tuple[str, str, Any] | None:
    """By which command a case is begun, by which number, and with what; nothing of what an act opens.

    A case that has entries is begun anew, whatever it is.
    """
    first, *others = [*input.args, None]
    if isinstance(first, Dossier | Programme):
        taken = "submit" if isinstance(first, Dossier) else "import-register"
        of = first.succeeds if isinstance(first, Programme) and first.succeeds else first.number
        return ("reopen" if first.docket.entries else taken), of, first.written()
    reopened = next((one for one in others if isinstance(one, Reopened)), None)
    return ("reopen", "", reopened.model_dump(mode="json")) if reopened else None


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
