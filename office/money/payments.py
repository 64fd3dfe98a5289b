"""Bank statements and what people decide on their movements, from the command line's side.

What was read or decided is in the register before anything is sent; a small workflow then carries it to
the dossiers. Typed again after a crash, a command goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused, NotReachable, ProcedureError
from models.messages import Message
from models.payments import State
from office.settings import Settings
from register import accounts, movement_decisions, statements
from register.movements import SENDING

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.statements import StatementFile

PATIENCE = 60.0
"""Seconds without any progress after which a command no longer waits; the workflow goes on by itself."""

Tell = Callable[[int, int], None]


Brought = list[tuple[str, dict[str, Any] | ProcedureError]]
"""By name, what each file of statements brought, or why it was not taken in."""


async def import_statements(
    settings: Settings,
    paths: Sequence[Path],
    by: str,
    today: date,
    tell: Tell,
    client: Client | None = None,
) -> Brought:
    """Takes files of bank statements in, in the order of their days; one that is refused holds up no other.

    Idempotent: by file; a movement that two files tell counts once.
    """
    from office.letters.offices import offices
    from office.money.reading import read

    ours = {office.creditor.account for office in offices(settings).values() if office.creditor.account}
    files: list[StatementFile] = []
    brought: Brought = []
    refused: Brought = []
    for path in paths:
        try:
            files.append(read(path, ours))
        except ProcedureError as error:
            refused.append((path.name, error))
    for file in sorted(files, key=lambda file: min(one.closed_on for one in file.statements)):
        try:
            brought.append((file.name, await import_statement(settings, file, by, today, tell, client)))
        except ProcedureError as error:
            brought.append((file.name, error))
    return brought + refused


async def import_statement(
    settings: Settings, file: StatementFile, by: str, today: date, tell: Tell, client: Client | None = None
) -> dict[str, Any]:
    """Takes a file of bank statements in, and has its movements booked on their dossiers.

    Raises: InputRefused when it contradicts what was told before; NotReachable when a part has no answer yet.
    """
    from office.connection import connect

    taken = statements.take_in(settings.register_url, file, by, today)
    ids = accounts.to_judge(settings.register_url, file.sha256)
    if ids:
        client = client or await connect(settings, by)
        left = Message("money.movements-kept", file=file.name)
        await carry(settings, client, f"statement/{file.sha256[:20]}", ids, file.sha256, left, tell)
    return {
        "file": file.sha256,
        "name": file.name,
        "form": file.form,
        "left_out": list(file.left_out),
        "statements": [one.number for one in file.statements],
        "movements": sum(len(one.movements) for one in file.statements),
        "new": taken.new,
        "known": taken.known,
        "unclear": taken.unclear,
        "remarks": [remark.in_words() for remark in (*file.remarks, *taken.remarks)],
        **accounts.counted(settings.register_url, file.sha256),
    }


async def decide(
    settings: Settings,
    movement: str,
    decision: str,
    by: str,
    today: date,
    wanted: Sequence[tuple[str, int | None]] = (),
    reason: str = "",
    of: str = "",
    client: Client | None = None,
    ordered: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Keeps what a person decided on a movement, and has it booked. Returns: where it stands then.

    `ordered` is the envelope in which that person signed it, as it is kept: what it says stands once.

    Raises: NotFound; ImproperAct when it cannot stand; NotReachable when a part has no answer yet.
    """
    from office.connection import connect

    url = settings.register_url
    decided = movement_decisions.decide(url, movement, decision, by, today, wanted, reason, of, ordered)
    stands = accounts.one(url, movement)
    sending = [share["part"] for share in stands["shares"] if share["state"] == SENDING]
    if sending or stands["state"] == State.READ:
        client = client or await connect(settings, by)
        left = Message("money.decision-kept", movement=movement)
        # a decision of its own after an earlier one: the part tells them apart
        workflow_id = f"movement/{movement}/{sending[0] if sending else decision}"
        await carry(settings, client, workflow_id, decided, "", left, lambda done, of: None)
    return accounts.one(url, movement)


def shares_of(written: Sequence[str]) -> list[tuple[str, int | None]]:
    """What was typed as NUMBER=AMOUNT. Raises: InputRefused."""
    from office.commands import cents_of

    found: list[tuple[str, int | None]] = []
    for text in written:
        number, equals, amount = text.rpartition("=")
        if not equals or not number:
            raise InputRefused("money.no-number-and-amount", written=text)
        found.append((number, cents_of(amount, "--to")))
    return found


async def carry(
    settings: Settings, client: Client, id_: str, ids: Sequence[str], file: str, left: Message, tell: Tell
) -> None:
    """Has movements booked by a workflow, and waits for as long as it gets on.

    Idempotent: by workflow id while it runs, and by movement for ever.
    """
    from temporalio.client import WorkflowFailureError
    from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
    from temporalio.service import RPCError

    from models.entry import ToBook

    try:
        handle = await client.start_workflow(
            "Statement",
            ToBook(movements=tuple(ids)),
            id=id_,
            task_queue=settings.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=f"{len(ids)} movements of a bank statement",
        )
        ended = asyncio.ensure_future(handle.result())
        await _follow(settings, ended, file, len(ids), left, tell)
    except WorkflowFailureError as error:
        raise NotReachable(
            "money.ended-by-hand", left=left, why=str(error.cause), possible=("payments",)
        ) from None
    except RPCError as error:
        raise NotReachable(
            "money.goes-on-later", left=left, why=error.message, possible=("status",)
        ) from None


async def _follow(
    settings: Settings, ended: asyncio.Future[Any], file: str, of: int, left: Message, tell: Tell
) -> None:
    clock = asyncio.get_running_loop()
    last, since = -1, clock.time()
    while True:
        done, _ = await asyncio.wait({ended}, timeout=0.5)
        if done:
            ended.result()
            return
        waits = accounts.counted(settings.register_url, file)["on_their_way"] if file else of
        if waits != last:
            last, since = waits, clock.time()
            tell(of - waits, of)
        elif clock.time() - since > PATIENCE:
            ended.cancel()
            raise NotReachable("money.goes-on", left=left, possible=("status", "payments"))
