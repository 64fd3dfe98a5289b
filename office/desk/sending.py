"""Sends an act to its workflow and brings back the receipt, whatever breaks on the way.

Its request id is on disk before the act leaves (office/desk/requests.py): typed again after a crash, the
same act is applied once.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from models import errors
from models.acts import Act
from models.errors import (
    ActRefused,
    ImproperAct,
    InputRefused,
    NoOpenCase,
    NotFound,
    NotReachable,
    ProcedureError,
    UntimelyAct,
    YearTurning,
)
from models.messages import ENGLISH, Message, catalogue, word
from models.receipts import Receipt
from office.desk.envelopes import Sign, by_person
from office.desk.requests import Requests
from office.service.ending import under_way
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.envelope import Envelope


LARGEST_ACT = 64 * 1024
"""Bytes. Larger updates can freeze a dossier on the server; documents travel by hash."""

ATTEMPT = timedelta(seconds=10)
PATIENCE = timedelta(seconds=60)
"""How long one attempt waits for its receipt, and how long attempts are repeated."""


async def perform(
    settings: Settings,
    number: str,
    act: type[Act],
    said: dict[str, Any],
    request_id: str | None = None,
    tell: Callable[[Message], object] = lambda message: None,
    sign: Sign | None = None,
) -> Receipt:
    """Performs an act on a dossier or programme and returns its receipt.

    Idempotent: by request id; without one, by what the act says, until its receipt is `shown`. One that
    stands without that is recognised, and `tell` is told so, as long as nobody acted on the case after it;
    its case is asked for the receipt, since it may have lost the task that entered it, and where nobody
    answers the register.

    Raises: InputRefused when the act does not say what it must; ActRefused when the procedure does not
    allow it now; NotFound; NotReachable when there is no answer, and the act may be typed again.
    """
    from office.connection import connect

    requests = Requests(settings.var / "requests", settings.register_url)
    made = made_of(act, said, request_id)
    under_way(Message("sending.not-sent", command=act.command, number=number))
    client = await connect(settings, said["by"])
    stands = None if request_id else requests.stands(number, act.command, said)
    if request_id is None:
        if stands:
            told = {
                "command": act.command,
                "number": number,
                "entry": stands.entry,
                "since": stands.recorded_at,
            }
            tell(Message("sending.another" if stands.followed else "sending.stood", **told))
            if stands.followed:
                requests.answered(number, act.command, said)
        request_id = requests.id_for(number, act.command, said, partial(_leaving, act.command, number))
        made = made.model_copy(update={"request_id": request_id})
    waits_for_its_case = stands is None or stands.followed
    try:
        return await send(
            client, settings, number, made, PATIENCE if waits_for_its_case else ATTEMPT, sign=sign
        )
    except (ActRefused, NotFound, NoOpenCase):
        requests.answered(number, act.command, said)
        raise
    except NotReachable:
        if waits_for_its_case or not (given := from_register(settings, number, made)):
            raise
        return given


def made_of(act: type[Act], said: dict[str, Any], request_id: str | None = None) -> Act:
    """The act as it travels. Raises: InputRefused when it does not say what it must."""
    from pydantic import ValidationError

    from procedures.registry import names_a_person

    try:
        made = act.model_validate(
            {**said, "request_id": "00000000" if request_id is None else request_id}, extra="forbid"
        )
    except ValidationError as wrong:
        raise InputRefused("typed.act", command=act.command, problems=_told(act, wrong)) from None
    if named := sorted({field for field, text in made.texts if names_a_person(text)}):
        told = [_of_option(field, Message("text.national-number")) for field in named]
        raise InputRefused("typed.act", command=act.command, problems=told)
    if (n := len(made.model_dump_json().encode())) > LARGEST_ACT:
        raise InputRefused("sending.too-much", command=act.command, n=n, most=LARGEST_ACT)
    return made


def shown(settings: Settings, number: str, act: type[Act], said: dict[str, Any]) -> None:
    """The receipt of an act was shown: the same words typed again are a new act. Before that they are not.

    Raises: OSError when what was shown reached nobody.
    """
    sys.stdout.flush()
    Requests(settings.var / "requests", settings.register_url).answered(number, act.command, said)


async def send(
    client: Client,
    settings: Settings,
    number: str,
    act: Act,
    patience: timedelta = PATIENCE,
    sign: Sign | None = None,
) -> Receipt:
    """Sends one act with its request id until there is an answer, for a minute at most.

    It travels in the envelope that `sign` makes, as a rule that of whoever's key signs here. What is booked
    on a case that has ended goes to its account, which opens for it.
    """
    envelope = (sign or by_person(settings))(number, act)
    _leaving(act.command, number, act.request_id)  # before what it takes is loaded
    from temporalio.client import (
        RPCError,
        WorkflowUpdateFailedError,
        WorkflowUpdateRPCTimeoutOrCancelledError,
    )
    from temporalio.service import RPCStatusCode

    from office.service.asking import conflicts, why_unanswered

    clock = asyncio.get_running_loop()
    until = clock.time() + patience.total_seconds()
    problem = unanswered = Message("sending.no-answer-came")
    ended = conflicting = False
    while (left := until - clock.time()) > 0:
        attempt = min(ATTEMPT, timedelta(seconds=left))
        try:
            receipt = await asked(client, settings, number, act, envelope, attempt, ended)
            under_way(Message("sending.stands", command=act.command, number=number, entry=receipt.entry))
            return receipt
        except WorkflowUpdateFailedError as failed:
            refused = refusal(failed.cause)
            if getattr(failed.cause, "type", "") == "AcceptedUpdateCompletedWorkflow":
                refused = YearTurning("sending.run-ended")
            if not isinstance(refused, YearTurning):
                under_way(Message("sending.was-refused", command=act.command, number=number))
                raise await _seen_behind(client, settings, number, act, refused) from None
            problem = refused.said
            # asked again of the run that ended under it, the server would say the same for ever
            ended = ended or (act.outlives and not _goes_on(settings, number))
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError from None  # whoever typed it wants no answer any more
            problem = unanswered
            with contextlib.suppress(RPCError):
                if conflicting := await conflicts(client, number):
                    break
        except RPCError as error:
            # aborted: its run ended under it, and the server says so of this act from then on. Where the
            # case goes on, its next run is asked; where it has ended, the register answers.
            aborted = "aborted" in error.message
            if error.status is RPCStatusCode.NOT_FOUND and not (aborted and _goes_on(settings, number)):
                if given := from_register(settings, number, act):
                    return given
                if not ended:
                    ended = True
                    continue
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise InputRefused("sending.temporal-refused", why=error.message) from None
            problem = Message("sending.no-temporal", why=error.message)
            if error.status is RPCStatusCode.RESOURCE_EXHAUSTED:
                problem = Message("sending.too-many")
        await asyncio.sleep(0.2)
    if problem == unanswered:
        with contextlib.suppress(RPCError):
            problem = await why_unanswered(client, settings, number)
    raise NotReachable(
        "sending.conflicts" if conflicting else "sending.not-answered",
        command=act.command,
        number=number,
        why=problem,
        possible=("status",) if conflicting else (f"{act.command} {number}", "status"),
    )


def _leaving(command: str, number: str, request_id: str) -> None:
    """From the moment in which it is written down, nobody who sees it knows that it was not sent."""
    under_way(Message("sending.unanswered", command=command, number=number, request_id=request_id))


async def asked(
    client: Client,
    settings: Settings,
    number: str,
    act: Act,
    envelope: Envelope,
    attempt: timedelta,
    ended: bool,
) -> Receipt:
    """One attempt: the case answers, or its account when it has ended."""
    from temporalio.client import WithStartWorkflowOperation
    from temporalio.common import WorkflowIDConflictPolicy

    from models.envelope import MEMO

    said: dict[str, Any] = {
        "args": [act, envelope],
        "id": f"{act.request_id}.{act.digest}",
        "result_type": Receipt,
        "rpc_timeout": attempt,
    }
    if not ended:
        return await client.get_workflow_handle(number).execute_update(act.command, **said)
    opened = WithStartWorkflowOperation(
        "Account",
        number,
        id=f"{number}/account",
        task_queue=settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"the account of {number}, which has ended",
        memo={MEMO: envelope.kept(act)},
    )
    return await client.execute_update_with_start_workflow(
        act.command, start_workflow_operation=opened, **said
    )


def refusal(cause: BaseException | None) -> ActRefused:
    """The refusal as the procedure raised it, found again by its name."""
    from temporalio.exceptions import ApplicationError

    if isinstance(cause, ApplicationError):
        kind = getattr(errors, cause.type or "", ActRefused)
        kind = kind if isinstance(kind, type) and issubclass(kind, ActRefused) else ActRefused
        told = cause.details[0] if cause.details else {}
        if told.get("key") in catalogue(ENGLISH):
            said = Message.received(told)
            return kind(said.key, possible=tuple(told["possible"]), **said.facts)
        return kind("sending.refused", why=cause.message, possible=tuple(told.get("possible", ())))
    return ActRefused("sending.refused", why=str(cause))


def _goes_on(settings: Settings, number: str) -> bool:
    from register.case import case

    return not case(settings.register_url, number, date.max).state.ended


async def _seen_behind(
    client: Client, settings: Settings, number: str, act: Act, refused: ProcedureError
) -> ProcedureError:
    """Why an act was refused: a case that was set back says what had been possible when it stood there."""
    from temporalio.service import RPCError

    from office.service.comparing import ahead
    from register.case import case

    if isinstance(refused, UntimelyAct) and refused.said.key != "act.set-back":
        with contextlib.suppress(RPCError, ProcedureError):
            stands = case(settings.register_url, number, date.max).state
            if not stands.ended and await ahead(client, number, stands.entry) < 0:
                told = {"command": act.command, "number": number, "phase": word(stands.phase)}
                return UntimelyAct("act.set-back-unseen", **told, possible=(f"reopen {number}", "status"))
    return refused


def from_register(settings: Settings, number: str, act: Act) -> Receipt | None:
    """What the register says when Temporal holds no open case of this number.

    The act may be the very one that ended it: then its receipt is given again from its entry. No
    receipt: the case has ended, and its account may take the act.
    """
    from register.case import case, receipt_of

    found = case(settings.register_url, number, date.max)  # NotFound with the nearest numbers
    for line in found.entries:
        if line.request_id == act.request_id:
            if (line.act, line.by) != (type(act).__name__, act.by):
                raise ImproperAct("act.request-id-used", request_id=act.request_id)
            return receipt_of(found, line)
    bookable = act.outlives or not found.state.ended
    if found.ended_with and bookable:
        return None
    if not found.state.ended:
        raise NoOpenCase(
            "sending.another-temporal",
            number=number,
            phase=word(found.state.phase),
            possible=(f"reopen {number}", "status"),
        )
    raise UntimelyAct(
        "act.nothing-possible",
        command=act.command,
        number=number,
        phase=word(found.state.phase),
        possible=(f"show {number}",),
    )


def _told(act: type[Act], wrong: Any) -> list[Message]:
    """What is wrong with the parts of an act, each by its option."""
    said = {}
    for error in wrong.errors():
        part, *within = map(str, error["loc"])
        told = _of_option(part, Message.of_input(error), *(w for w in within if not w.isdecimal()))
        said[str(told)] = told
    return list(said.values())


def _of_option(part: str, why: Message, *within: str) -> Message:
    """What is wrong with a part of an act, by the option that people type for it."""
    from office.commands import TYPED

    return Message("typed.option", option=[TYPED.get(part, part).replace("_", "-"), *within], why=why)
