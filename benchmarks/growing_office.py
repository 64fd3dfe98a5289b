"""An office as `umn up` starts it, whose programmes become more: opens, acts, and lets a day come."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from benchmarks import midnight
from benchmarks.bare import BareUpdates
from benchmarks.bare_worker import QUEUE
from benchmarks.desk import CONTACT, PRODUCT, Desk
from benchmarks.figures import Tell
from benchmarks.ground import begin_workers, client_of
from models.acts import SuspensionImposed, SuspensionLifted
from models.clock import ONE_DAY, civil_day
from models.parties import Party
from models.programme import Programme, authorisation_year
from models.validity import Validity
from office.service.reconciling import reconcile
from office.service.running import recall
from office.settings import Settings
from procedures.books import applicable_law
from register.parties import keep
from register.reading import questions

PROJECT = Path(__file__).resolve().parents[1]

OPENING = 40
"""Programmes that are opened at the same time."""

BARE = 200
"""Bare workflows; like programmes that are acted on, all are in their worker's cache."""

MARGIN = timedelta(seconds=40)
"""For the start of two workers, and acts on programmes that are in no cache, before a day begins."""

Seconds = list[float]


class GrowingOffice:
    """Programmes in the middle of their year, and beside them those that have something due tomorrow.

    `numbers` are the first; they are all alike, and some of them suspended.
    """

    def __init__(self, desk: Desk, settings: Settings, party: Party, bare: Sequence[Any]) -> None:
        self.desk, self.settings, self.party = desk, settings, party
        self.numbers: list[str] = []
        self.tell: Tell = lambda what: None
        self._bare: Sequence[WorkflowHandle[Any, Any]] = bare
        self._suspended: set[str] = set()
        self._opening_takes = 0.05
        self._batch = 2000

    async def begin(self, day_begins: datetime) -> None:
        """Worker and postman begin anew; the next civil day begins at that instant."""
        midnight.begin_days_at(day_begins)
        self.desk.today = civil_day(datetime.now(UTC))
        await asyncio.to_thread(begin_workers, self.settings, day_begins)

    async def open(self, more: int) -> float:
        """Opens so many programmes to which nothing happens by itself. Returns: how many per second."""
        first = len(self.numbers) + 1
        self.numbers += [f"CUP-2000-{serial:05d}" for serial in range(first, first + more)]
        await self._open(self.numbers[first - 1 :], None)
        return 1 / self._opening_takes

    async def open_due(self, act: str, due: int) -> datetime:
        """Opens so many that enter this on the next day. Returns: the instant at which it begins."""
        lasts = MARGIN + timedelta(seconds=1.5 * self._opening_takes * due)
        while True:
            begins = datetime.now(UTC) + lasts
            await self.begin(begins)
            self._batch += 1
            numbers = [f"CUP-{self._batch}-{serial:05d}" for serial in range(1, due + 1)]
            validity = _ending(self.desk.today) if act == "Lapsed" else _warned_after(self.desk.today)
            await self._open(numbers, validity)
            if datetime.now(UTC) < begins - MARGIN / 2:
                return begins
            lasts *= 2

    async def _open(self, numbers: list[str], validity: Validity | None) -> None:
        began, programmes = time.perf_counter(), [self._programme(number, validity) for number in numbers]
        for start in range(0, len(programmes), 500):
            self.tell(f"{start:,} of {len(numbers):,} opened")
            await timed(lambda p: self.desk.start("Programme", p), programmes[start : start + 500], OPENING)
        entered = f"number BETWEEN '{numbers[0]}' AND '{numbers[-1]}'"
        while self._asked(f"SELECT COUNT(*) FROM current_state WHERE {entered}") < len(numbers):
            await asyncio.sleep(0.2)
        self._opening_takes = (time.perf_counter() - began) / len(numbers)

    def _programme(self, number: str, validity: Validity | None) -> Programme:
        """An authorised programme in the third month of its year: nothing is due or told."""
        today = self.desk.today
        authorised_on = date(today.year - 3, (today.month + 9) % 12 + 1, 1)
        return Programme(
            number=number,
            procedure="CUP",
            applicant=self.party,
            subject=PRODUCT.subject,
            authorised_on=authorised_on,
            granted_on=authorised_on,
            opened_on=today,
            last_update_on=authorised_on,
            year=authorisation_year(authorised_on, today),
            law=self.desk.law("CUP", None),
            validity=validity,
        )

    async def acts(self, numbers: Sequence[str], at_once: int = 1) -> Seconds:
        """Suspends each, or lifts its suspension. Returns: what it took until each receipt."""

        async def act(number: str) -> None:
            suspended = number in self._suspended
            said = {"grounds": "A signal.", "decided_by": "Ann", "capacity": "minister"}
            await self.desk.perform(number, SuspensionLifted if suspended else SuspensionImposed, said)
            self._suspended ^= {number}

        return await timed(act, numbers, at_once)

    async def bare_updates(self, times: int, at_once: int = 1, entered: bool = False) -> Seconds:
        """What so many bare updates took, each on the next of the bare workflows; with an activity or not."""
        turn = [self._bare[n % BARE] for n in range(times)]
        if at_once == 1:
            self._bare = [*self._bare[times:], *self._bare[:times]]
        update = BareUpdates.enter if entered else BareUpdates.perform
        return await timed(lambda bare: bare.execute_update(update, "act"), turn, at_once)

    async def compare(self, deep: bool = False) -> float:
        """Compares register, Temporal and documents, as is done every night. Returns: the seconds it took."""
        began = time.perf_counter()
        await reconcile(self.desk.client, self.settings, deep)
        return time.perf_counter() - began

    def entered(self, act: str) -> int:
        """How many of those that were opened last have entered this."""
        told = f"act = '{act}' AND number LIKE 'CUP-{self._batch}-%'"
        return self._asked(f"SELECT COUNT(DISTINCT number) FROM entry WHERE {told}")

    def memory(self) -> dict[str, float]:
        """Resident memory of server, worker and postman, in MiB."""
        running = recall(self.settings.var)
        assert running is not None
        pids = {"server": running.server, "worker": running.worker, "postman": running.postman}
        return {name: _resident(process.pid) for name, process in pids.items() if process is not None}

    def disk(self) -> int:
        """Bytes of the databases of the server and of the register."""
        return sum(file.stat().st_size for file in self.settings.var.glob("*.db*"))

    def _asked(self, question: str) -> int:
        with questions(self.settings.register_url) as ask:
            return int(ask(question)[0][0])


async def opened(address: str, settings: Settings) -> GrowingOffice:
    """The office at that address, with bare workflows beside it."""
    desk = Desk(await client_of(address), settings)
    bare = [
        await desk.client.start_workflow(BareUpdates.run, id=f"bare-{serial}", task_queue=QUEUE)
        for serial in range(BARE)
    ]
    await timed(lambda handle: handle.execute_update(BareUpdates.perform, "act"), bare, 20)
    return GrowingOffice(desk, settings, keep(settings.register_url, CONTACT), bare)


@contextmanager
def bare_worker_process(address: str) -> Iterator[None]:
    """The worker of the bare workflows, in a process of its own as ours is."""
    command = [sys.executable, "-m", "benchmarks.bare_worker", address]
    process = subprocess.Popen(command, cwd=PROJECT)
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def timed(once: Callable[[Any], Awaitable[object]], each: Sequence[Any], at_once: int) -> Seconds:
    """What each took, so many at the same time."""
    room, took = asyncio.Semaphore(at_once), []

    async def one(what: Any) -> None:
        async with room:
            began = time.perf_counter()
            await once(what)
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(one(what) for what in each))
    return took


def end_of_today() -> datetime:
    """An instant that no benchmark reaches. Its day is the one that a day which begins soon ends, too."""
    return datetime.now(UTC).replace(hour=23, minute=59)


def _ending(today: date) -> Validity:
    """Valid until today, and warned of that three times."""
    return Validity(until_on=today, warned=len(_warnings(today)))


def _warned_after(today: date) -> Validity:
    """Warned tomorrow for the first time."""
    days = (today + n * ONE_DAY for n in range(1, 1000))
    return next(v for v in map(_until, days) if v.warned_on(_warnings(today)) == today + ONE_DAY)


def _until(day: date) -> Validity:
    return Validity(until_on=day)


def _warnings(today: date) -> Any:
    return applicable_law("CUP", None, today).ladder("validity-warnings")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024
