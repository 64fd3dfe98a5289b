"""Whole examinations per second, beside a bare workflow that asks as much of the same server.

Ours and the bare one take turns, round by round, in one process: same server, same client, same
sandbox, same number of threads. Both are timed from the start of the first to the end of the last.
First nobody carries the letters, which wait in the outbox; then the postman does, in a process of his own
on the same cores, and each round begins when all have left.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowContinuedAsNewError, WorkflowHandle
from temporalio.common import RawValue
from temporalio.worker import Worker

from activities.law import LawBooks
from benchmarks.bare import Bare
from benchmarks.bare_worker import bare_worker
from benchmarks.desk import Desk, Said, attributes, examination
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import THREADS, client_of, data_folder, postman_process, real_server
from benchmarks.histories import Script, by_type, runs_of, script_of
from models.dossier import Invoice
from models.entry import Entered, Entry
from office.settings import Settings
from worker import RUNNER, WORKFLOWS, worker_of

ROUNDS = 3
DOSSIERS = 16
AT_ONCE = 8
"""Dossiers in a round, and how many of them are under way at once."""

OURS, BARE, OFFICE_LESS = "ours", "bare", "ours, activities that do nothing"

OFFICE_LESS_QUEUE = "umn-with-activities-that-do-nothing"

Examine = Callable[[], Awaitable[WorkflowHandle[Any, Any]]]


def measure(tell: Tell) -> list[Figure]:
    """Rates of ours and of the bare one, and ours against it, for a refused and an authorised one."""
    figures = []
    for outcome in ("refused", "authorised"):
        with data_folder() as settings, real_server(settings) as address:
            figures += asyncio.run(_compare(address, settings, outcome, tell))
    return figures


async def _compare(address: str, settings: Settings, outcome: str, tell: Tell) -> list[Figure]:
    client = await client_of(address)
    desk, acts = Desk(client, settings), examination(outcome)
    with ThreadPoolExecutor(THREADS) as ours, ThreadPoolExecutor(THREADS) as theirs:
        async with (
            worker_of(client, settings, ours),
            bare_worker(client, theirs),
            office_less_worker(client, theirs, settings.register_url),
        ):
            scripts = await _scripts(desk, acts)
            bare, serial = _bare(desk.client, scripts), itertools.count()
            examine: dict[str, Examine] = {
                OURS: lambda: desk.examine(desk.dossier(), acts),
                BARE: lambda: bare(f"bare-{next(serial)}"),
                OFFICE_LESS: lambda: desk.examine(desk.dossier(), acts, task_queue=OFFICE_LESS_QUEUE),
            }
            name = f"dossiers, {outcome}"
            figures = await _rounds(f"{name}, letters wait", examine, {OURS: "at least 0.9"}, tell)
            figures += await _sizes(desk, name)
            del examine[OFFICE_LESS]
            with postman_process(settings):
                tell(f"{outcome}: letters that waited leave")
                await desk.letters_rest()
                aims = {OURS: "at least 0.5"}
                return figures + await _rounds(f"{name}, letters leave", examine, aims, tell, desk)


async def _rounds(
    name: str, examine: dict[str, Examine], aims: dict[str, str], tell: Tell, leave: Desk | None = None
) -> list[Figure]:
    """Rates of each kind and ratios to the bare one; with letters that leave, each round awaits the last."""
    rates: dict[str, list[float]] = {kind: [] for kind in examine}
    costs: dict[str, list[float]] = {kind: [] for kind in examine}
    for round_ in range(ROUNDS + 1):
        for kind, once in examine.items():
            tell(f"{name}: {kind}, round {round_} of {ROUNDS}")
            rate, cost = await _rate(once, DOSSIERS if round_ else AT_ONCE)
            if leave:
                await leave.letters_rest()
            if round_:  # the first is for warming up
                rates[kind].append(rate)
                costs[kind].append(cost)
    figures = [median(name, kind, runs, "per second") for kind, runs in rates.items()]
    for kind in (kind for kind in examine if kind != BARE):
        ratios = [a / b for a, b in zip(rates[kind], rates[BARE], strict=True)]
        figures.append(median(name, f"{kind}, against bare", ratios, "ratio", aims.get(kind, "")))
    for kind, spent in costs.items():
        figures.append(median(name, f"{kind}: processor of client and worker", spent, "ms per dossier"))
    return figures


async def _scripts(desk: Desk, acts: tuple[Said, ...]) -> list[Script]:
    """What one examination of ours asks of the server, run by run."""
    dossier = desk.dossier()
    await _ended(await desk.examine(dossier, acts))
    return [script_of(history) for history in await runs_of(desk.client, dossier.number)]


def _bare(client: Client, scripts: list[Script]) -> Callable[[str], Awaitable[WorkflowHandle[Any, Any]]]:
    updates = len(scripts[0].steps) - 1

    async def examine(number: str) -> WorkflowHandle[Any, Any]:
        handle = await client.start_workflow(
            Bare.run,
            scripts,
            id=number,
            task_queue="bare",
            search_attributes=attributes("CUP", number),
            static_summary=number,
        )
        for update in range(updates):
            await handle.execute_update(Bare.perform, "act", id=f"request-{update}")
        return handle

    return examine


async def _rate(examine: Examine, dossiers: int) -> tuple[float, float]:
    """Examinations per second, so many at once; and milliseconds of processor that each took here."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with room:
            await _ended(await examine())

    began, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(dossiers)))
    took, spent = time.perf_counter() - began, time.process_time() - spent
    return dossiers / took, 1000 * spent / dossiers


async def _ended(handle: WorkflowHandle[Any, Any]) -> None:
    """The examination has ended: decided for good, or carried over to the programme's first run."""
    try:
        await handle.result(follow_runs=False)
    except WorkflowContinuedAsNewError:
        return


async def _sizes(desk: Desk, name: str) -> list[Figure]:
    """Events and bytes of the first run of each, to see that they ask the same."""
    figures = []
    for kind, number in (("ours", "CUP-2000-00002"), ("bare", "bare-0")):
        first = (await runs_of(desk.client, number))[0]
        size = sum(event.ByteSize() for event in first.events)
        figures.append(Figure(name, f"{kind}: events", sum(by_type(first).values()), "events"))
        figures.append(Figure(name, f"{kind}: size of the history", round(size / 1024, 1), "KiB"))
    return figures


def office_less_worker(client: Client, threads: ThreadPoolExecutor, url: str) -> Worker:
    """Our workflows with activities that only answer: shows what the register and the letters cost."""
    return Worker(
        client,
        task_queue=OFFICE_LESS_QUEUE,
        workflows=WORKFLOWS,
        activities=[_enter, LawBooks(url).of_year, LawBooks(url).of_notice, _anything],
        activity_executor=threads,
        workflow_runner=RUNNER,
        max_cached_workflows=500,
    )


@activity.defn(name="enter")
def _enter(entry: Entry) -> Entered:
    demand = entry.demand
    if demand is None:
        return Entered()
    invoice = Invoice(
        invoice="2026-00001",
        cents=demand.cents,
        communication="+++000/0000/00000+++",
        issued_on=demand.issued_on,
        due_on=demand.due_on,
    )
    return Entered(invoice=invoice)


@activity.defn(dynamic=True)
def _anything(_: Sequence[RawValue]) -> list[str]:
    return []
