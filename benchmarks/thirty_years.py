"""Thirty years of a programme, each with its list and its evaluation, on the time-skipping server."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from benchmarks.desk import Desk, examination
from benchmarks.events import evaluate, pass_to
from benchmarks.figures import Figure, Tell
from benchmarks.ground import data_folder, skipping_server
from benchmarks.histories import runs_of
from models.acts import MarketingApplication
from models.clock import anniversary, civil_day
from office.settings import Settings
from register.case import case

YEARS = 30


def measure(tell: Tell) -> list[Figure]:
    """Seconds, entries and events of one programme's thirty years."""
    with data_folder() as settings:
        return asyncio.run(_live(settings, tell))


async def _live(settings: Settings, tell: Tell) -> list[Figure]:
    async with skipping_server(settings) as environment:
        desk = Desk(environment.client, settings)
        desk.at = await environment.get_current_time()
        desk.today = began_on = civil_day(desk.at)
        await desk.examine(desk.dossier("MNP"), examination("refused"))  # loads what a process loads once
        await desk.letters_rest()
        dossier = desk.dossier("MNP")
        began, processor = time.perf_counter(), time.process_time()
        await desk.examine(dossier, examination("authorised"))
        await desk.perform(dossier.number, MarketingApplication, {})
        for year in range(1, YEARS + 1):
            tell(f"year {year} of {YEARS}")
            await pass_to(environment, desk, anniversary(began_on, year) + timedelta(days=1))
            await evaluate(desk, dossier.number)
        took, spent = time.perf_counter() - began, time.process_time() - processor
        runs = await runs_of(environment.client, dossier.number)
    whole = case(settings.register_url, dossier.number, desk.today)
    filed = [case(settings.register_url, state.number, desk.today) for state in whole.dossiers]
    letters = sum(len(found.notices) for found in (whole, *filed))
    entries = len(whole.entries) + sum(len(found.entries) for found in filed)
    name = "thirty-years"
    return [
        Figure(name, f"{YEARS} years with {len(filed)} evaluations", took, "seconds"),
        Figure(name, "an entry, with its letters", took / entries * 1000, "ms", "40"),
        Figure(name, "of that processor of this process", spent / entries * 1000, "ms"),
        Figure(name, "entries of the programme", len(whole.entries), "entries"),
        Figure(name, "entries of its dossiers", entries - len(whole.entries), "entries"),
        Figure(name, "letters", letters, "letters"),
        Figure(name, "most events in one run", max(len(run.events) for run in runs), "events"),
    ]
