"""The worker: builds the real clients once, registers workflows and activities, and listens.

The only file that knows everything; nothing imports it but the tests. With an existing Temporal
cluster `python worker.py` is all that a machine needs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.accounts import EndedCases
from activities.arrivals import Arrivals
from activities.documents import Documents
from activities.law import LawBooks
from activities.letters import Letters
from activities.notifications import MailServer, Notifications
from activities.payments import Payments
from activities.publishing import Publishing
from activities.register import RegisterEntries
from models.errors import ProcedureError
from models.parties import Language
from office.agency_law import read
from office.letters import addresses_of, creditor_of
from office.notices import turned_away
from office.publishing import publish_again, publish_soon, schedule
from office.sending import send
from office.settings import Settings
from register.database import migrate
from register.documents import DocumentStore
from workflows.account import EndedAccount
from workflows.dossier import DossierExamination
from workflows.effects import Post, Redelivery, ReturnedLetter
from workflows.programme import ProgrammeLife
from workflows.publication import PublicationOfRegister
from workflows.statement import StatementBooking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from models.acts import Act
    from models.entry import TurnedAway
    from models.receipts import Receipt

WORKFLOWS = [
    DossierExamination,
    ProgrammeLife,
    EndedAccount,
    Post,
    Redelivery,
    ReturnedLetter,
    StatementBooking,
    PublicationOfRegister,
]

RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "models",
        "activities",
        "register",
        "pydantic",
        "pydantic_core",
        "annotated_types",
        "typing_extensions",
    )
)
"""The sandbox as worker, tests and replays use it. What it no longer sees, ruff's banned names guard."""


def activities_of(
    settings: Settings,
    lists_changed: Callable[[], object] | None = None,
    turned_away: Callable[[TurnedAway], object] | None = None,
) -> list[Callable[..., Any]]:
    """Every activity, with its clients.

    `lists_changed` hears of a change of the public lists, `turned_away` of a letter that is refused for good.
    """
    url, store = settings.register_url, DocumentStore(settings.documents)
    mail_server = None
    if settings.smtp_host:
        password = settings.smtp_password
        if settings.smtp_password_file:
            password = settings.smtp_password_file.read_text().strip()
        mail_server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_user,
            password,
            tls=settings.smtp_tls,
            starttls=settings.smtp_starttls,
            ca_file=settings.smtp_ca_file,
        )
    notifications = Notifications(url, store, settings.outbox, mail_server, settings.mail_from, turned_away)
    letters = Letters(
        Documents(
            url,
            store,
            settings.agency_name,
            settings.mail_from,
            addresses_of(settings),
            creditor=creditor_of(settings),
            office_language=Language(settings.office_language),
        ),
        notifications,
    )
    return [
        RegisterEntries(url, lists_changed).enter,
        EndedCases(url).account_of,
        LawBooks(partial(read, settings.law)).of_year,
        letters.send,
        notifications.deliver,
        Publishing(partial(publish_again, settings)).publish_register,
    ]


def sender(client: Client, settings: Settings) -> Callable[[str, Act], Awaitable[Receipt]]:
    """What sends acts to cases as the command line does, for the activities that have to."""

    async def tell(number: str, act: Act) -> Receipt:
        return await send(client, settings, number, act, patience=timedelta(seconds=5))

    return tell


def turned_away_of(client: Client, settings: Settings) -> Callable[[TurnedAway], object]:
    """What has cases told of letters that are refused for good; a letter is not done with before it has."""
    loop = asyncio.get_running_loop()

    def tell(away: TurnedAway) -> None:
        asyncio.run_coroutine_threadsafe(turned_away(client, settings, away), loop).result(5)

    return tell


def publisher_of(client: Client, settings: Settings) -> Callable[[], object] | None:
    """What hears of a change of the public lists, when they are published; it waits for nothing."""
    if settings.publish_to is None:
        return None
    loop = asyncio.get_running_loop()
    return lambda: asyncio.run_coroutine_threadsafe(publish_soon(client, settings), loop)


def worker_of(client: Client, settings: Settings, threads: ThreadPoolExecutor) -> Worker:
    """The worker, not yet listening. The cache is bounded: ten thousand programmes fit in its memory."""
    tell = sender(client, settings)
    arrivals = Arrivals(tell)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=[
            *activities_of(settings, publisher_of(client, settings), turned_away_of(client, settings)),
            Payments(settings.register_url, tell).book,
            arrivals.report,
            arrivals.turned_away,
        ],
        activity_executor=threads,
        workflow_runner=RUNNER,
        max_cached_workflows=500,
        # a worker that was killed keeps the tasks of its cached cases waiting so long, and no longer
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


async def listen(settings: Settings) -> None:
    """Takes work until it is asked to stop, and says in `worker.ready` that it does."""
    from office.connection import connect, prepare_namespace

    ready = settings.var / "worker.ready"
    settings.var.mkdir(parents=True, exist_ok=True)
    ready.unlink(missing_ok=True)
    migrate(settings.register_url)
    client = await connect(settings)
    await prepare_namespace(client)
    await schedule(client, settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ThreadPoolExecutor(max_workers=20) as threads:
        async with worker_of(client, settings, threads):
            ready.write_text(f"{os.getpid()}\n")
            print(f"listening on {settings.task_queue}", file=sys.stderr, flush=True)
            await stop.wait()
    with contextlib.suppress(OSError):
        ready.unlink(missing_ok=True)


def main() -> int:
    """Runs until stopped; 5 when the outside world is not there, 1 for our own faults."""
    try:
        asyncio.run(listen(Settings.read()))
    except ProcedureError as error:
        print(error.message, file=sys.stderr)
        return 5
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # ending the interpreter itself can abort inside the SDK, after the work was done
