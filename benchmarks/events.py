"""Events in the history of a dossier and of a programme's year, and what each act and each day costs of them.

An act costs six, or eleven where it ends the run, and what moves by it (docs/decisions/0034); a day six, or
seven. Dossiers are counted on the real server, years on the time-skipping one; letters rest before each act,
unheard by none.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from benchmarks.desk import UNTIL_OPINIONS, Desk, decided, examination
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import THREADS, client_of, data_folder, real_server, skipping_server
from benchmarks.histories import by_type, runs_of, stretches
from models.acts import Evaluated, MarketingApplication, ProposalDeclined
from models.clock import anniversary, civil_day, start_of
from models.waking import BY_MORNING
from office.settings import Settings
from worker import postman_of, worker_of

Histories = dict[str, WorkflowHistory]
CLOSED = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
)
AN_ACT, A_DAY, A_NOTE = "6 to 14", "6 to 7", "4 to 8"


def measure(tell: Tell) -> list[Figure]:
    """The events of each history, by type, and of what ended its rests: acts, days and notes."""
    figures, cost = [], defaultdict[tuple[str, str], list[float]](list)
    for what, history in (dossiers(tell) | years(tell)).items():
        detail = by_type(history)
        figures.append(Figure("events", what, sum(detail.values()), "events", detail=detail))
        for stretch in stretches(history):
            cost[stretch.of, stretch.name].append(len(stretch.events))
    for of, aim in {"act": AN_ACT, "day": A_DAY, "note": A_NOTE}.items():
        for (ended_by, name), events in sorted(cost.items()):
            if ended_by == of:
                figures.append(median("events", f"{of} {name}".strip(), events, "events", aim))
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
        async with worker_of(client, settings, threads), postman_of(client, settings, threads):
            desk = Desk(client, settings)
            for what, outcome, questions in (
                ("application refused", "refused", False),
                ("application refused, with questions", "refused", True),
                ("application authorised", "authorised", False),
            ):
                tell(what)
                dossier = desk.dossier()
                await desk.examine(dossier, examination(outcome, questions), rests=True)
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
        desk.at = await environment.get_current_time()
        desk.today = civil_day(desk.at)
        dossier = desk.dossier("MNP")
        await desk.examine(dossier, examination("authorised"))
        number, began = dossier.number, desk.today
        await desk.perform(number, MarketingApplication, {})  # evaluated yearly from the first year on
        tell("year listed and evaluated on time")
        await pass_to(environment, desk, anniversary(began, 1) + timedelta(days=20))
        listed = await evaluate(desk, number)
        tell("year without an evaluation, and the year after it")
        await pass_to(environment, desk, anniversary(began, 2) + timedelta(days=160))
        await desk.perform(number, ProposalDeclined, {"grounds": "It was announced by telephone."})
        await evaluate(desk, number)
        await pass_to(environment, desk, anniversary(began, 3) + timedelta(days=20))
        await evaluate(desk, number)
        await pass_to(environment, desk, anniversary(began, 6) + timedelta(days=1))
        runs = await runs_of(environment.client, number)
        return {
            "year, on time": runs[2],
            "year, the last one missed and made late": runs[3],
            "year, on time again": runs[4],
            "year, missed and proposed, nobody acts": runs[5],
            "list noted": await first_run(environment.client, listed),
        }


async def evaluate(desk: Desk, number: str) -> str:
    """Files the list of a year, and continues the programme. Returns: the number of the list."""
    dossier = desk.dossier("MNP", number, desk.today.year)
    await desk.examine(dossier, (*UNTIL_OPINIONS, decided("noted")))
    await desk.written(number, "DossierEnded")
    await first_run(desk.client, dossier.number)
    _, said = decided("continued")
    await desk.perform(number, Evaluated, said)
    return dossier.number


async def pass_to(environment: WorkflowEnvironment, desk: Desk, day: date) -> None:
    """Lets time pass to the early morning of a civil day in Brussels, by which every case has heard of it."""
    await desk.letters_rest()
    now = await environment.get_current_time()
    await environment.sleep(start_of(day) - now + BY_MORNING + timedelta(minutes=5))
    desk.at, desk.today = await environment.get_current_time(), day
