"""What an open programme costs as they become many: opening, acts, a day that comes, memory and disk.

One office, started as `umn up` starts it, whose register grows from size to size; everything is measured at
each, and told as soon as it is known. An act is measured in turns with a bare update: a workflow of nothing
but a handler, through the same sandbox, in a worker of its own, on the same server; and with one that asks
for a single activity, which does nothing: so much Temporal takes for whatever is entered somewhere. On a day
that comes a tenth of the programmes have something due, a thousand at most. They were opened before, and like
all others are in no worker's cache then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.figures import Figure, Tell, percentile
from benchmarks.ground import data_folder, real_server
from benchmarks.growing_office import GrowingOffice, Seconds, bare_worker_process, end_of_today
from benchmarks.growing_office import opened as growing_office

SIZES = (100, 1_000)
"""Open programmes, where no sizes are named: what a person waits some minutes for."""

DUE = 1_000
"""Programmes that have something due on the day that comes, at most; a tenth of all where that is less."""

AT_ONCE = 20
"""Acts at the same time, where they are not alone."""

WARM, LATER = 240, 160
"""Programmes on which is acted before a day comes, and others after it has come: each new worker begins on
the day before once more, and no programme may see its days go back."""

ALONE, COLD = 60, 40
"""Acts that are measured one after the other: on programmes in the worker's cache, and on others."""

WINDOW = 60.0
"""Seconds for which the day is watched at least: some of its wakes are spread over hours."""

PATIENCE = 900.0
"""Seconds after which a silence of the day counts as lost."""

SILENCE, WARNING = "Lapsed", "ValidityWarned"
"""What the day enters: an end that comes at 00:00, and a warning."""

SILENCES, WARNINGS = "a day with silences at 00:00", "a day with warnings, spread"
DAYS = {SILENCE: SILENCES, WARNING: WARNINGS}


def measure(tell: Tell, sizes: Sequence[int] = SIZES) -> list[Figure]:
    """All figures at each size, the smallest first."""
    with (
        data_folder() as settings,
        real_server(settings, worker=True, day_begins=end_of_today()) as address,
        bare_worker_process(address),
    ):

        async def grow() -> list[Figure]:
            office, figures = await growing_office(address, settings), []
            for size in sorted(sizes):
                office.tell = lambda what, size=size: tell(f"{size:,} programmes: {what}")
                figures += [figure.at(size) for figure in await _at(size, office)]
                for one in figures:
                    if one.programmes == size:
                        office.tell(f"{one.what}: {one.value:,.1f} {one.unit}")
            return figures

        return asyncio.run(grow())


async def _at(size: int, office: GrowingOffice) -> list[Figure]:
    """Everything at one size."""
    due = min(size // 10, DUE)
    await office.begin(end_of_today())
    more, before = size - 2 * due - len(office.numbers), office.disk()
    rate = await office.open(more)
    each = (office.disk() - before) / 2**10 / more
    figures = [
        Figure("scale", "programmes opened", rate, "per second"),
        Figure("scale", "databases on disk", each, "KiB per programme"),
        *await _acts(office),
        Figure("scale", "everything compared, as every night", await office.compare(), "seconds"),
        Figure("scale", "everything compared, line by line", await office.compare(deep=True), "seconds"),
    ]
    memory = office.memory()
    for kind in (SILENCE, WARNING):
        figures += await _day(office, kind, due)
        memory = {name: max(memory[name], held) for name, held in office.memory().items()}
    for name, held in memory.items():
        aim = "at most 300" if name == "worker" else ""
        figures.append(Figure("scale", f"memory of the {name}", held, "MiB", aim))
    return figures


async def _acts(office: GrowingOffice) -> list[Figure]:
    """Acts on programmes in the worker's cache and bare updates, in turns; alone, and many at once."""
    office.tell("acts")
    warm = office.numbers[::2][:WARM]
    alone, together = warm[:ALONE], warm[ALONE:] or warm
    await office.acts(warm, AT_ONCE)
    await office.desk.letters_rest()
    ours: dict[str, Seconds] = {" alone": []}
    bare: dict[str, Seconds] = {" alone": []}
    entered: dict[str, Seconds] = {" alone": []}
    for number in alone:
        ours[" alone"] += await office.acts([number])
        await office.desk.letters_rest()
        bare[" alone"] += await office.bare_updates(1)
        entered[" alone"] += await office.bare_updates(1, entered=True)
    many = f", {AT_ONCE} at once"
    bare[many] = await office.bare_updates(len(together), AT_ONCE)
    entered[many] = await office.bare_updates(len(together), AT_ONCE, entered=True)
    ours[many] = await office.acts(together, AT_ONCE)
    await office.desk.letters_rest()
    figures = []
    for how, took in ours.items():
        figures += [*_told(f"an act{how}", took), *_told(f"a bare update{how}", bare[how])]
        figures += _told(f"a bare update with an activity{how}", entered[how])
        figures.append(_against(f"an act{how}, against bare, p95", took, bare[how], "at most 3"))
        figures.append(_against(f"an act{how}, against bare with an activity, p95", took, entered[how]))
    return figures


def _against(what: str, ours: Seconds, bare: Seconds, aim: str = "") -> Figure:
    """How many times as long the slow ones of ours take."""
    return Figure("scale", what, percentile(ours, 95) / percentile(bare, 95), "ratio", aim)


async def _day(office: GrowingOffice, act: str, due: int) -> list[Figure]:
    """A day comes on which so many have something due; meanwhile somebody acts, here and there."""
    what = DAYS[act]
    office.tell(what)
    begins = await office.open_due(act, due)
    await office.begin(begins)
    figures = []
    if act == SILENCE:
        cold = office.numbers[::2][:COLD]
        figures += _told("an act alone, not in the worker's cache", await office.acts(cold))
        await office.desk.letters_rest()
    await asyncio.sleep((begins - datetime.now(UTC)).total_seconds())
    began, meanwhile, entered, all_after = time.perf_counter(), [], 0, 0.0
    later = office.numbers[1::2][:LATER]
    turn = 0
    while (after := time.perf_counter() - began) < WINDOW or (act == SILENCE and entered < due):
        if after > PATIENCE:
            break
        meanwhile += await office.acts([later[turn % len(later)]])
        turn += 1
        await asyncio.sleep(0.2)
        before, entered = entered, office.entered(act)
        if entered > before:
            all_after = time.perf_counter() - began
            office.tell(f"{what}: {entered:,} of {due:,}")
    if act == SILENCE:
        figures.append(Figure("scale", f"{what}: entered", entered, f"of {due:,}"))
        figures.append(Figure("scale", f"{what}: all entered", all_after, "seconds", "at most 120"))
        await office.desk.letters_rest()
        figures.append(Figure("scale", f"{what}: their letters gone", time.perf_counter() - began, "seconds"))
    else:
        figures.append(Figure("scale", f"{what}: entered in {WINDOW:.0f} seconds", entered, f"of {due:,}"))
    figures += _told(f"{what}: an act meanwhile", meanwhile, "at most 1000")
    figures.append(Figure("scale", f"{what}: an act meanwhile, longest", 1000 * max(meanwhile), "ms"))
    return figures


def _told(what: str, took: Seconds, aim: str = "") -> list[Figure]:
    """The middle and the slow ones of several runs, in milliseconds."""
    runs = tuple(round(1000 * seconds, 1) for seconds in took)
    return [
        Figure("scale", f"{what}, p{share}", percentile(runs, share), "ms", aim if share == 95 else "", runs)
        for share in (50, 95)
    ]
