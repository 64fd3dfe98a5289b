"""Sends an act to its workflow and brings back the receipt, whatever breaks on the way.

The request id is on disk before the act leaves, and stays there until there is an answer. Typed
again after a crash, the same act finds its request id and is applied once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import errors
from models.acts import Act, Booking
from models.errors import (
    ActRefused,
    ImproperAct,
    InputRefused,
    NotFound,
    NotReachable,
    UntimelyAct,
    YearTurning,
)
from models.receipts import Receipt
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client


LARGEST_ACT = 64 * 1024
"""Bytes. Larger updates can freeze a dossier on the server; documents travel by hash."""

ATTEMPT = timedelta(seconds=10)
PATIENCE = timedelta(seconds=60)
"""How long one attempt waits for its receipt, and how long attempts are repeated."""


class Requests:
    """The acts on their way, by what they say: one small file each, until the answer is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def id_for(self, number: str, act: type[Act], said: dict[str, Any]) -> str:
        """The request id of this act: the one it left with before, or a new one, written down first."""
        file = self._file(number, act, said)
        if file.exists():
            return str(json.loads(file.read_text())["request_id"])
        request_id = f"{act.command}-{uuid.uuid4()}"
        self._folder.mkdir(parents=True, exist_ok=True)
        written = json.dumps({"request_id": request_id, "number": number, "act": act.command})
        draft = file.with_suffix(f".{os.getpid()}")
        with draft.open("w") as out:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)  # the first of two that type the same at once gives the id to both
        except FileExistsError:
            return str(json.loads(file.read_text())["request_id"])
        finally:
            draft.unlink()
        return request_id

    def answered(self, number: str, act: type[Act], said: dict[str, Any]) -> None:
        """There is an answer: the same words typed again are a new act."""
        self._file(number, act, said).unlink(missing_ok=True)

    def _file(self, number: str, act: type[Act], said: dict[str, Any]) -> Path:
        text = json.dumps([number, act.command, said], sort_keys=True, default=str)
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


async def perform(
    settings: Settings, number: str, act: type[Act], said: dict[str, Any], request_id: str | None = None
) -> Receipt:
    """Performs an act on a dossier or programme and returns its receipt.

    Idempotent: by request id; without one, by what the act says, until it has an answer.

    Raises: InputRefused when the act does not say what it must; ActRefused when the procedure does not
    allow it now; NotFound; NotReachable when there is no answer, and the act may be typed again.
    """
    from pydantic import ValidationError

    from office.connection import connect

    requests = Requests(settings.var / "requests")
    try:
        made = act(**said, request_id=request_id or "00000000")
    except ValidationError as wrong:
        raise InputRefused(_told(act, wrong)) from None
    if len(made.model_dump_json().encode()) > LARGEST_ACT:
        raise InputRefused(f"{act.command} says more than {LARGEST_ACT} bytes; send long texts as documents.")
    client = await connect(settings)
    if request_id is None:
        made = made.model_copy(update={"request_id": requests.id_for(number, act, said)})
    try:
        receipt = await send(client, settings, number, made)
    except (ActRefused, NotFound):
        requests.answered(number, act, said)
        raise
    requests.answered(number, act, said)
    return receipt


async def send(
    client: Client, settings: Settings, number: str, act: Act, patience: timedelta = PATIENCE
) -> Receipt:
    """Sends one act with its request id until there is an answer, for a minute at most.

    What is booked on a case that has ended goes to its account, which opens for it.
    """
    from temporalio.client import (
        RPCError,
        WorkflowUpdateFailedError,
        WorkflowUpdateRPCTimeoutOrCancelledError,
    )
    from temporalio.service import RPCStatusCode

    clock = asyncio.get_running_loop()
    until = clock.time() + patience.total_seconds()
    problem = "no answer came"
    ended = False
    while (left := until - clock.time()) > 0:
        attempt = min(ATTEMPT, timedelta(seconds=left))
        try:
            return await asked(client, settings, number, act, attempt, ended)
        except WorkflowUpdateFailedError as failed:
            refused = _refused(failed.cause)
            if getattr(failed.cause, "type", "") == "AcceptedUpdateCompletedWorkflow":
                refused = YearTurning("the run that took it ended before it could answer")
            if not isinstance(refused, YearTurning):
                raise refused from None
            problem = refused.message
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            problem = "no worker answered; `umn status` tells whether one runs"
        except RPCError as error:
            aborted = "aborted" in error.message  # its run ended under it: ask what came after
            if error.status is RPCStatusCode.NOT_FOUND and not aborted:
                if given := _from_register(settings, number, act):
                    return given
                ended = True
                continue
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise InputRefused(f"Temporal refused the act: {error.message}") from None
            problem = error.message
        await asyncio.sleep(0.2)
    raise NotReachable(
        f"{act.command} of {number} was sent, but {problem}. Type the same command again: it is applied "
        "only once.",
        (f"{act.command} {number}", "status"),
    )


async def asked(
    client: Client, settings: Settings, number: str, act: Act, attempt: timedelta, ended: bool
) -> Receipt:
    """One attempt: the case answers, or its account when it has ended."""
    from temporalio.client import WithStartWorkflowOperation
    from temporalio.common import WorkflowIDConflictPolicy

    said: dict[str, Any] = {
        "id": f"{act.request_id}.{act.digest}",
        "result_type": Receipt,
        "rpc_timeout": attempt,
    }
    if not ended:
        return await client.get_workflow_handle(number).execute_update("perform", act, **said)
    opened = WithStartWorkflowOperation(
        "Account",
        number,
        id=f"{number}/account",
        task_queue=settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"the account of {number}, which has ended",
    )
    return await client.execute_update_with_start_workflow(
        "perform", act, start_workflow_operation=opened, **said
    )


def _refused(cause: BaseException | None) -> ActRefused:
    """The refusal as the procedure raised it, found again by its name."""
    from temporalio.exceptions import ApplicationError

    if isinstance(cause, ApplicationError):
        kind = getattr(errors, cause.type or "", ActRefused)
        kind = kind if isinstance(kind, type) and issubclass(kind, ActRefused) else ActRefused
        possible = tuple(cause.details[0]) if cause.details else ()
        return kind(cause.message, possible)
    return ActRefused(str(cause))


def _from_register(settings: Settings, number: str, act: Act) -> Receipt | None:
    """What the register says when Temporal holds no open case of this number.

    The act may be the very one that ended it: then its receipt is given again from its entry. No
    receipt: the case has ended, and its account may take the act.
    """
    from register.views import case, receipt_of

    found = case(settings.register_url, number, date.max)  # NotFound with the nearest numbers
    for line in found.entries:
        if line.request_id == act.request_id:
            if (line.act, line.by) != (type(act).__name__, act.by):
                raise ImproperAct(f"The request id {act.request_id} was used for another act.")
            return receipt_of(found, line)
    bookable = isinstance(act, Booking) or not found.state.ended
    if found.ended_with and found.entries[-1].law and bookable:  # its law: kept since form 0002
        return None
    if not found.state.ended:
        raise NotReachable(
            f"The register says that {number} awaits {', '.join(found.state.awaits)}, but this Temporal "
            "holds no open case of that number: it may be another server, or it was ended there by hand.",
            ("status",),
        )
    raise UntimelyAct(
        f"{act.command} is not possible in {number}: its phase is {found.state.phase}, and nothing is "
        "awaited any more.",
        (f"show {number}",),
    )


def _told(act: type[Act], wrong: Any) -> str:
    """What is wrong with the parts of an act, each by its option."""
    from office.acting import TYPED

    said = []
    for error in wrong.errors():
        part, *within = map(str, error["loc"])
        option = TYPED.get(part, part).replace("_", "-")
        said.append(f"--{option}{''.join(f' {w}' for w in within if not w.isdecimal())}: {error['msg']}")
    return f"{act.command}: " + "; ".join(dict.fromkeys(said))
