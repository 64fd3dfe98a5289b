"""Events in the history of a dossier and of a programme's year: the aim is 60 and 40 at most.

Dossiers are counted on the real server, years on the time-skipping one.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from benchmarks.desk import Desk, decided, examination
from benchmarks.figures import Figure, Tell
from benchmarks.ground import THREADS, client_of, data_folder, real_server, skipping_server
from benchmarks.histories import by_type, runs_of
from models.acts import DeclaredAdmissible, SuspensionDeclined
from models.clock import anniversary, civil_day, start_of
from office.settings import Settings
from worker import worker_of

Histories = dict[str, WorkflowHistory]
CLOSED = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
)
A_DOSSIER, A_YEAR = "at most 60", "at most 40"


def measure(tell: Tell) -> list[Figure]:
    """The events of each history, by type."""
    figures = []
    for what, history in (dossiers(tell) | years(tell)).items():
        detail = by_type(history)
        aim = A_YEAR if what.startswith("year") else A_DOSSIER
        figures.append(Figure("events", what, sum(detail.values()), "events", aim, detail=detail))
    return figures


def dossiers(tell: Tell) -> Histories:
    """Whole examinations on the real server."""
    with data_folder() as settings, real_server(settings) as address:
        return asyncio.run(_dossiers(address, settings, tell))


def years(tell: Tell) -> Histories:
    """A programme's years on the time-skipping server."""
    with data_folder() as settings:
        return asyncio.run(_years(settings, tell))


async def _dossiers(address: str, settings: Settings, tell: Tell) -> Histories:
    client = await client_of(address)
    found: Histories = {}
    with ThreadPoolExecutor(THREADS) as threads:
        async with worker_of(client, settings, threads):
            desk = Desk(client, settings)
            for what, outcome, questions in (
                ("application refused", "refused", False),
                ("application refused, with questions", "refused", True),
                ("application authorised", "authorised", False),
            ):
                tell(what)
                dossier = desk.dossier()
                await desk.examine(dossier, examination(outcome, questions))
                await desk.written(dossier.number, "Decided")
                found[what] = await first_run(client, dossier.number)
    return found


async def first_run(client: Client, number: str) -> WorkflowHistory:
    """The history of the examination, once it is closed."""
    for _ in range(200):
        first = (await runs_of(client, number))[0]
        if first.events[-1].event_type in CLOSED:
            return first
        await asyncio.sleep(0.02)
    raise TimeoutError(f"{number} is still open.")


async def _years(settings: Settings, tell: Tell) -> Histories:
    async with skipping_server(settings) as environment:
        desk = Desk(environment.client, settings)
        desk.today = civil_day(await environment.get_current_time())
        dossier = desk.dossier()
        await desk.examine(dossier, examination("authorised"))
        number, began = dossier.number, desk.today
        tell("year with the re-evaluation filed on time and continued")
        await pass_to(environment, desk, anniversary(began, 1) - timedelta(days=20))
        await re_evaluate(desk, number, began.year + 1)
        await pass_to(environment, desk, anniversary(began, 1) + timedelta(days=1))
        tell("year without a re-evaluation, and the year after it")
        await pass_to(environment, desk, anniversary(began, 2) + timedelta(days=40))
        await desk.perform(number, SuspensionDeclined, {"grounds": "It was announced by telephone."})
        await re_evaluate(desk, number, began.year + 2)
        await pass_to(environment, desk, anniversary(began, 3) - timedelta(days=20))
        await re_evaluate(desk, number, began.year + 3)
        await pass_to(environment, desk, anniversary(began, 3) + timedelta(days=1))
        await pass_to(environment, desk, anniversary(began, 5) + timedelta(days=1))
        runs = await runs_of(environment.client, number)
        re_evaluation = f"{number}/re-evaluation-{began.year + 1}"
        return {
            "year, filed on time": runs[1],
            "year, nothing filed": runs[2],
            "year, the last one missed and filed late, its own on time": runs[3],
            "year, the last one on time, nothing filed": runs[4],
            "year, missed and proposed, nobody acts": runs[5],
            "re-evaluation continued": await first_run(environment.client, re_evaluation),
        }


async def re_evaluate(desk: Desk, number: str, year: int) -> None:
    """Files the re-evaluation of a year and continues the programme."""
    dossier = desk.dossier("CUP", number, year)
    await desk.examine(dossier, ((DeclaredAdmissible, {}), decided("continued")))
    await desk.written(number, "DossierEnded")
    await first_run(desk.client, dossier.number)


async def pass_to(environment: WorkflowEnvironment, desk: Desk, day: date) -> None:
    """Lets time pass to the first minutes of a civil day in Brussels."""
    now = await environment.get_current_time()
    await environment.sleep(start_of(day) - now + timedelta(minutes=5))
    desk.today = day
