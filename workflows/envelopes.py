"""Lets an act in only in an envelope that holds, before the case hears it and anything is written.

So is a case begun: by us, in an envelope that lies in its memo, or not at all. So is a note heard, from a
dossier, the postman or a publication; one that is not ours leaves the case as it was, a line in the log, and
a finding for whoever compares whole histories (`umn reconcile --deep`).

The office's public key is the worker's own, and nothing that a case is begun with: whoever can start a case
past us could put another key there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
)
from temporalio.worker import WorkflowInterceptorClassInput as ForWorkflow

from models.acts import EVERY_ACT, Act
from models.dossier import Dossier
from models.envelope import MEMO, SETS_UP, Envelope, flaw, flaw_of_beginning, flaw_of_note, flaw_of_opening
from models.errors import NotEmpowered
from models.messages import Message
from models.notes import TELLS, Note, Reopened
from models.programme import Programme
from workflows.refusal import refusal

COMMANDS = frozenset(act.command for act in EVERY_ACT)


class InEnvelopes(Interceptor):
    """For every worker of cases, with the office's public key and those that it had before.

    A replay asks again of notes alone: what was not heard leaves no other trace.
    """

    def __init__(self, office: str, *before: str) -> None:
        self._office, self._ever = office, tuple(dict.fromkeys((office, *before)))

    def workflow_interceptor_class(self, input: ForWorkflow) -> type[WorkflowInboundInterceptor]:
        """The guard of every case."""
        office, ever = self._office, self._ever

        class Guard(WorkflowInboundInterceptor):
            """Refuses an act, and the beginning of a case, without an envelope that holds."""

            _begun = False

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
                if not workflow.unsafe.is_replaying():
                    hold_beginning(input.args, office, workflow.info())
                self._begun = True
                return await super().execute_workflow(input)

            async def handle_signal(self, input: HandleSignalInput) -> None:
                if input.signal == TELLS:
                    if not holds(input, workflow.info().workflow_id, ever):
                        return
                    # heard earlier it would be in what the case carries, which is no more what was signed;
                    # later a wait would let an act of the same task go before what the case was told first
                    if not self._begun:
                        await workflow.wait_condition(lambda: self._begun)
                await super().handle_signal(input)

            def handle_update_validator(self, input: HandleUpdateInput) -> None:
                hold(input, office, workflow.info().workflow_id, workflow.now())
                super().handle_update_validator(input)

        return Guard


def hold_beginning(args: Sequence[Any], office: str, info: workflow.Info) -> None:
    """Lets a run go on: what was begun by us, by that command, with all that is written of it.

    So is a run that another one went over into. We never have Temporal repeat a case, by a calendar or after
    a failure: each of its runs would pass as the next.

    Raises: NotEmpowered, as Temporal carries it, which ends what nobody of us has begun.
    """
    if info.continued_run_id and not (info.cron_schedule or info.retry_policy):
        return
    first, *others = [*args, None]
    number, at = info.workflow_id.removesuffix("/account"), info.start_time
    try:
        envelope = workflow.memo_value(MEMO, None, type_hint=Envelope)
    except (ValueError, RuntimeError):  # what cannot be read is no envelope
        envelope = None
    written: Any
    if isinstance(first, Dossier | Programme):
        of, begun_by, written = first.number, command_of(first), first.written()
    elif info.workflow_type != "Account":
        return
    elif isinstance(told := others[0], list):
        reopened = told[0] if len(told) == 1 and isinstance(told[0], Reopened) else None
        of, begun_by, written = first, "reopen", reopened and reopened.model_dump(mode="json")
    else:
        of, begun_by, written = first, "", None  # an act on what has ended opens it
    if of != number or (begun_by and envelope and envelope.command != begun_by):
        envelope = None
    if begun_by:
        why = flaw_of_beginning(envelope, number, written, office, at)
    else:
        why = flaw_of_opening(envelope, number, office, at)
    if why:
        raise refusal(NotEmpowered("envelope.begins-nothing", number=number, why=why))


def command_of(case: Dossier | Programme) -> str:
    """The command by which a case is begun; one that has entries is begun anew, whatever it is."""
    if case.docket.entries:
        return "reopen"
    if isinstance(case, Dossier):
        return "submit"
    return SETS_UP if case.succeeds else "import-register"


def holds(input: HandleSignalInput, workflow_id: str, offices: tuple[str, ...]) -> bool:
    """Whether a note came in an envelope that holds; of one that did not nothing is repeated in the log."""
    note = next((one for one in input.args if isinstance(one, Note)), None)
    envelope = next((one for one in input.args if isinstance(one, Envelope)), None)
    number = workflow_id.removesuffix("/account")
    why = flaw_of_note(envelope, note, number, offices) if note else Message("envelope.none")
    if why:
        workflow.logger.warning("A note that nobody of this office signed is not heard: %s", why.key)
    return why is None


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
