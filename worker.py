"""The workers: build the real clients once, register workflows and activities, and listen.

The only file that knows everything; nothing imports it but the tests. With an existing Temporal
cluster `python worker.py`, for cases, and `python worker.py postman`, for letters, are all that a
machine needs. The first knows no mail server and makes no page; the second decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from activities.accounts import EndedCases
from activities.agendas import Agendas
from activities.documents import Documents, DocumentsByProcedure
from activities.law import LawBooks
from activities.letters import Letters, Tell
from activities.linking import Linking
from activities.mail import MailServer
from activities.notifications import Notifications
from activities.numbers import Numbers
from activities.payments import Payments
from activities.publishing import Publishing
from activities.reconciling import Reconciling
from activities.register import RegisterEntries
from activities.sealing import SignedByWorker
from activities.signing import Signatures
from models.errors import NotReachable, ProcedureError
from models.messages import ENGLISH, Message, catalogue
from office.desk import agenda
from office.desk.envelopes import by_worker, of_cases, of_entries
from office.desk.person import login
from office.desk.sending import send
from office.law.agency import read
from office.letters.offices import not_carried_on, offices, unnamed
from office.letters.postman import keep_awake, teller_of, wake, waker_of
from office.modes import keep_private
from office.publication.schedule import publish_again, publish_soon, schedule
from office.service.act_log import log_of_acts
from office.service.anchoring import after_decisions
from office.service.build import build_id, identity
from office.service.catching_up import keep_up
from office.service.contract import hold_to_contract
from office.service.ending import leave
from office.service.gathering import gathered
from office.service.histories import keep_histories
from office.service.lacking import until_it_lacks
from office.service.links import look_every_night, look_soon
from office.service.reconciling import by_night, every_night
from office.service.sandbox import Sandbox
from office.settings import Settings
from procedures import registry
from register import notices, office_acts, office_keys
from register.database import migrate
from register.documents import DocumentStore, belongs
from register.reading import questions
from workflows.account import EndedAccount
from workflows.agenda import AgendaForReader, AgendaOfMorning
from workflows.envelopes import InEnvelopes
from workflows.examination import DossierExamination
from workflows.life import ProgrammeLife
from workflows.links import LinksOfCases
from workflows.postman import PostmanOfOutbox
from workflows.publication import PublicationOfRegister
from workflows.reconciliation import NightlyReconciliation
from workflows.signals import FittingSignals
from workflows.statement import StatementBooking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from models.acts import Act
    from models.receipts import Receipt

OF_CASES = [
    DossierExamination,
    ProgrammeLife,
    EndedAccount,
    StatementBooking,
    PublicationOfRegister,
    LinksOfCases,
    NightlyReconciliation,
]

OF_LETTERS = [PostmanOfOutbox, AgendaOfMorning, AgendaForReader]

WORKFLOWS = [*OF_CASES, *OF_LETTERS]

ITS_END = timedelta(seconds=10)
"""What is begun is waited for: of a letter that is being handed over nobody would know whether it left."""

BEHIND_ACTS = 5
"""How much the postman stands back where processors are scarce: a person waits for acts, not for letters."""

NAME = "umn"
"""What the builds of all our workers are builds of, in Temporal's words a deployment."""

RUNNER = Sandbox(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "workflows",
        "models",
        "jurisdictions",
        "procedures",
        "activities",
        "register",
        "cryptography",
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
    letters_wait: Callable[[], object] | None = None,
) -> list[Callable[..., Any]]:
    """The activities of cases, with their clients.

    `lists_changed` hears of a change of the public lists, `letters_wait` of letters in the outbox.
    """
    url = settings.register_url
    entries = RegisterEntries(
        url,
        lists_changed,
        letters_wait,
        after_decisions(settings),
        of_entries(settings),
        log_of_acts(settings),
    )
    ended, law = EndedCases(url), LawBooks(url, partial(read, settings.law))
    signed = SignedByWorker(of_cases(settings))
    return [
        entries.enter,
        entries.receipt,
        entries.taken_up,
        entries.correctable,
        entries.declined,
        ended.account_of,
        ended.has_ended,
        law.of_year,
        law.of_notice,
        Numbers(url).of_successor,
        signed.sign_note,
        signed.sign_beginning,
        Linking(url).links,
        Publishing(partial(publish_again, settings)).publish_register,
    ]


def letters_of(settings: Settings, tell: Tell) -> Letters:
    """The postman's hands: what makes letters, sends them, and has cases told of them."""
    url, store = settings.register_url, DocumentStore(settings.documents)
    lacking = list(unnamed(settings))
    lacking += filter(None, (not_carried_on(settings, code) for code in offices(settings)))
    documents = {
        code: Documents(
            url,
            store,
            office.creditor.name,
            settings.mail_from,
            office.addresses,
            creditor=office.creditor,
            office_language=office.language,
            lacks=tuple(lack for lack in lacking if lack.facts.get("procedure") == code),
            signatures=Signatures(settings.signatures),
        )
        for code, office in offices(settings).items()
    }
    sent_by = Notifications(url, store, settings.outbox, mail_server_of(settings), settings.mail_from)
    return Letters(url, DocumentsByProcedure(documents), sent_by, tell)


def agendas_of(settings: Settings) -> Agendas:
    """What sends the agendas of a morning, by the way that letters go."""
    return Agendas(
        partial(agenda.due_at, settings),
        partial(agenda.written, settings),
        settings.outbox,
        mail_server_of(settings),
        settings.mail_from,
    )


def mail_server_of(settings: Settings) -> MailServer | None:
    """The mail server that is set, if one is."""
    if not settings.smtp_host:
        return None
    password = settings.smtp_password
    if settings.smtp_password_file:
        password = settings.smtp_password_file.read_text().strip()
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_user,
        password,
        tls=settings.smtp_tls,
        starttls=settings.smtp_starttls,
        ca_file=settings.smtp_ca_file,
    )


def sender(client: Client, settings: Settings) -> Callable[[str, Act], Awaitable[Receipt]]:
    """What sends acts to cases as the command line does, for the activities that have to."""

    async def tell(number: str, act: Act) -> Receipt:
        ordered = await asyncio.to_thread(office_acts.ordering, settings.register_url, act, number)
        sign = by_worker(
            settings, lambda: activity.info().started_time, ordered
        )  # as the server tells the time
        return await send(client, settings, number, act, timedelta(seconds=5), sign)

    return tell


def publisher_of(client: Client, settings: Settings) -> Callable[[], object] | None:
    """What hears of a change of the public lists: they are published and link cases; it waits for nothing."""
    hears = [publish_soon] if settings.publish_to else []
    hears += [look_soon] if registry.links() else []
    return gathered(*(partial(one, client, settings) for one in hears), after=0.5) if hears else None


def build_of_worker() -> dict[str, Any]:
    """Who a worker is and of which build. Named, and not versioned: whoever listens takes any case."""
    build = build_id()
    version = WorkerDeploymentVersion(NAME, build)
    return {"identity": identity(build), "deployment_config": WorkerDeploymentConfig(version, False)}


def guard_of(settings: Settings) -> InEnvelopes:
    """What lets into cases what this office signed. None of its keys is new while a worker listens."""
    key = office_keys.hold(settings.register_url, settings.keys, login())
    with questions(settings.register_url) as ask:
        return InEnvelopes(key.public, *office_keys.every(ask))


def worker_of(client: Client, settings: Settings, threads: ThreadPoolExecutor) -> Worker:
    """The worker of cases, not yet listening. Its cache is bounded: it serves ten thousand programmes."""
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=OF_CASES,
        activities=[
            *activities_of(settings, publisher_of(client, settings), waker_of(client, settings)),
            Payments(settings.register_url, sender(client, settings)).book,
            Reconciling(partial(by_night, client, settings)).reconcile,
        ],
        activity_executor=threads,
        workflow_runner=RUNNER,
        interceptors=[FittingSignals(), guard_of(settings)],
        **build_of_worker(),
        max_cached_workflows=380,
        # a worker that was killed keeps the tasks of its cached cases waiting so long, and no longer
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=ITS_END,
    )


def postman_of(client: Client, settings: Settings, threads: ThreadPoolExecutor) -> Worker:
    """The worker of letters, not yet listening: the postman, on a task queue of his own."""
    letters = letters_of(settings, teller_of(client, of_cases(settings)))
    agendas = agendas_of(settings)
    return Worker(
        client,
        task_queue=settings.letters_queue,
        workflows=OF_LETTERS,
        activities=[letters.look, letters.carry, agendas.of_morning, agendas.send],
        activity_executor=threads,
        workflow_runner=RUNNER,
        interceptors=[FittingSignals()],
        **build_of_worker(),
        max_cached_workflows=10,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=ITS_END,
    )


async def listen(settings: Settings, part: str) -> None:
    """Takes work until it is asked to stop, and says in `worker.ready` or `postman.ready` that it does.

    Raises: NotReachable when the machine no longer gives what work needs, after what was begun has ended.
    """
    from office.connection import connect, prepare_namespace

    ready = settings.var / f"{part}.ready"
    settings.var.mkdir(parents=True, exist_ok=True)
    ready.unlink(missing_ok=True)
    migrate(settings.register_url)
    belongs(settings.register_url, DocumentStore(settings.documents))
    office_keys.hold(settings.register_url, settings.keys, login())
    shown_at = {"worker": settings.metrics_worker, "postman": settings.metrics_postman}
    client = await connect(settings, metrics_at=shown_at[part])
    await prepare_namespace(client)
    if part == "worker":
        await schedule(client, settings)
        await every_night(client, settings)
        await look_every_night(client, settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    built, queue = {
        "worker": (worker_of, settings.task_queue),
        "postman": (postman_of, settings.letters_queue),
    }[part]
    with ThreadPoolExecutor(max_workers=20) as threads:
        async with built(client, settings, threads):
            if part == "postman":
                # what could not be made is tried once more: perhaps this start brings the mended template
                notices.try_again(settings.register_url)
                await agenda.every_morning(client, settings)
                await wake(client, settings)
                beside = [asyncio.create_task(keep_awake(client, settings))]
            else:
                up = keep_up(client, settings, teller_of(client, of_cases(settings)))
                beside = [asyncio.create_task(one) for one in (up, keep_histories(client, settings))]
            gc.freeze()  # what a process has loaded to listen it needs until its end
            ready.write_text(f"{os.getpid()}\n")
            print(Message("office.listening", queue=queue), file=sys.stderr, flush=True)
            lacks = asyncio.create_task(until_it_lacks(settings.var))
            await asyncio.wait({lacks, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
            for task in beside:
                task.cancel()
            if lacks.done():
                ends = NotReachable("lacking.ends", part=part, why=lacks.result().said)
                _end_at_the_latest_in(2 * ITS_END, f"{ends.message}\n".encode())
                raise ends
    with contextlib.suppress(OSError):
        ready.unlink(missing_ok=True)


def _end_at_the_latest_in(time: timedelta, said: bytes) -> None:
    """Ends the process with 5 and what is said, should its orderly end lack the same."""

    def at_once(*_: object) -> None:
        os.write(sys.stderr.fileno(), said)
        os._exit(5)

    signal.signal(signal.SIGALRM, at_once)
    signal.alarm(int(time.total_seconds()))


def stand_back() -> None:
    """Lets acts go first on busy processors; before any thread begins, as each inherits it.

    Where Linux shares processors out between sessions, niceness counts within one only, and the session of a
    process that lives on by itself is its own: so it stands back as a whole.
    """
    os.nice(BEHIND_ACTS)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # another system, or one that does not do so
            Path("/proc/self/autogroup").write_text(str(BEHIND_ACTS))


def main(words: list[str]) -> int:
    """Runs until stopped; 2 for words that nobody knows, 5 when the outside world is not there."""
    keep_private()
    part = {(): "worker", ("postman",): "postman"}.get(tuple(words))
    if part is None:
        print(Message("office.worker-usage"), file=sys.stderr)
        return 2
    catalogue(ENGLISH)  # read before any workflow runs
    try:
        settings = Settings.read()
        settings.take_procedures_in()
        hold_to_contract()
        if part == "postman":
            stand_back()
        asyncio.run(listen(settings, part))
    except ProcedureError as error:
        print(error.message, file=sys.stderr)
        return 5
    except KeyboardInterrupt:
        return 130  # before it listened; later it ends its work first
    except Exception:
        traceback.print_exc()  # into its log, which is ours to read
        return 1
    return 0


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
