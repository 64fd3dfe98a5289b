"""Memory of server, worker and postman, and size on disk, before and after 1,000 programmes were started."""

from __future__ import annotations

import asyncio
import subprocess
import time
from datetime import date
from pathlib import Path

from benchmarks.desk import CONTACT, PRODUCT, Desk
from benchmarks.figures import Figure, Tell
from benchmarks.ground import client_of, data_folder, real_server
from models.parties import Party
from models.programme import Programme, authorisation_year
from office.service.running import recall
from office.settings import Settings
from procedures.books import applicable_law
from register.parties import keep
from register.views import cases

PROGRAMMES = 1_000
PATIENCE = 75.0
"""Seconds; what is not started by then is left out, and the figures say how many were."""


def measure(tell: Tell) -> list[Figure]:
    """Resident memory of the processes as `umn up` starts them."""
    with data_folder() as settings, real_server(settings, worker=True) as address:
        before = _memory(settings)
        began = time.perf_counter()
        started = asyncio.run(_start(address, settings, tell))
        took = time.perf_counter() - began
        after = _memory(settings)
        disk = sum(file.stat().st_size for file in settings.var.glob("*.db*"))
    figures = [
        Figure("memory", "programmes started, each with its first entry", started / took, "per second")
    ]
    for process in before:
        figures.append(Figure("memory", f"{process}, idle", before[process], "MiB"))
        what = f"{process}, with {started:,} open programmes"
        figures.append(Figure("memory", what, after[process], "MiB"))
    figures.append(Figure("memory", "databases on disk", disk / 2**10 / max(started, 1), "KiB per programme"))
    return figures


async def _start(address: str, settings: Settings, tell: Tell) -> int:
    """Starts the programmes and waits for their entries. Returns: how many the register holds."""
    desk = Desk(await client_of(address), settings)
    party = keep(settings.register_url, CONTACT)
    room, until = asyncio.Semaphore(20), time.monotonic() + PATIENCE

    async def one(serial: int) -> None:
        async with room:
            if time.monotonic() < until:
                await desk.start("Programme", _programme(serial, party, desk.today))

    await asyncio.gather(*(one(serial) for serial in range(1, PROGRAMMES + 1)))
    written = 0
    while written < PROGRAMMES and time.monotonic() < until:
        written = len(cases(settings.register_url, today=desk.today))
        tell(f"{written:,} of {PROGRAMMES:,} programmes")
        await asyncio.sleep(0.3)
    return written


def _programme(serial: int, party: Party, today: date) -> Programme:
    """An authorised programme in the middle of its year: nothing is due at once."""
    authorised_on = date(today.year - 3, (today.month + 4) % 12 + 1, 1)
    return Programme(
        number=f"CUP-2000-{serial:05d}",
        procedure="CUP",
        applicant=party,
        subject=PRODUCT.subject,
        authorised_on=authorised_on,
        opened_on=today,
        last_update_on=authorised_on,
        year=authorisation_year(authorised_on, today),
        law=applicable_law("CUP", None, today),
    )


def _memory(settings: Settings) -> dict[str, float]:
    """Resident memory of server, worker and postman, in MiB."""
    running = recall(settings.var)
    assert running is not None
    pids = {"server": running.server, "worker": running.worker, "postman": running.postman}
    return {name: _resident(process.pid) for name, process in pids.items() if process is not None}


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024
