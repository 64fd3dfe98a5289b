"""`umn show`, `list`, `due` and `desk` from a new process, with 10,000 programmes in the register.

The process is new each time; the files it reads are in the system's cache after the first time.
"""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from models.clock import civil_day
from models.register import CurrentState, EntryRow
from register import laws
from register.database import transaction
from register.parties import keep

PROJECT = Path(__file__).resolve().parent.parent
ROWS, TIMES = 10_000, 10
ENOUGH = 20.0
"""Seconds: a command that is so slow is not called ten times."""

ENTRIES_SHOWN = 20
SHOWN = samples.number(1)

COMING = "evaluation-2027-06-01"

COMMANDS = {
    "help": ["--help"],
    "show NUMBER": ["show", SHOWN],
    "show NUMBER -o json": ["show", SHOWN, "-o", "json"],
    "list": ["list"],
    "list -o json": ["list", "-o", "json"],
    "list --overdue": ["list", "--overdue"],
    "due": ["due"],
    "desk": ["desk"],
}

AIMS = {"help": "a list", "show NUMBER": "0.4", "list": "0.4", "due": "0.4", "desk": "0.5"}


def measure(tell: Tell) -> list[Figure]:
    """Seconds from the call to the end of the process: median, lowest and highest of ten."""
    figures = []
    for database, opened in DATABASES.items():
        with opened() as url:
            tell(f"{database}: writing {ROWS:,} programmes")
            fill(url)
            for command, arguments in COMMANDS.items():
                if command == "help" and figures:
                    continue
                tell(f"{database}: {command}")
                runs: list[float] = []
                while len(runs) < TIMES and sum(runs) < ENOUGH:
                    runs.append(_seconds(url, arguments))
                what = f"umn {command}" + ("" if command == "help" else f", {database}")
                figures.append(median("cold-start", what, runs, "seconds", AIMS.get(command, "")))
    return figures


def fill(url: str) -> None:
    """Writes the programmes: one through the activity, with all its entries, the others as its copies.

    Their days are spread over a year around today, so that some are overdue and some due soon.
    """
    entries, party = RegisterEntries(url), keep(url, CONTACT)
    laws.keep(url, samples.LAW)
    for sequence in range(1, ENTRIES_SHOWN + 1):
        entries.enter(samples.entry(SHOWN, sequence, party))
    state, line = CurrentState.__table__, EntryRow.__table__
    with transaction(url) as session:
        one = dict(session.execute(state.select()).mappings().one())
        first = dict(session.execute(line.select().where(line.c.sequence == 1)).mappings().one())
        numbers = [samples.number(serial) for serial in range(2, ROWS + 1)]
        today = civil_day(datetime.now(UTC))
        days = [today + timedelta(days=serial % 365 - 20) for serial in range(2, ROWS + 1)]
        copies = [
            {
                **one,
                "number": number,
                "due_on": day,
                "clocks": [_clock("condition-1", day), _clock(COMING, day)],
            }
            for number, day in zip(numbers, days, strict=True)
        ]
        session.execute(state.insert(), copies)
        session.execute(line.insert(), [{**first, "number": number} for number in numbers])


def _clock(ref: str, day: date) -> dict[str, str]:
    """An open clock as the register keeps it."""
    return {"ref": ref, "desk": "applicant", "due_on": day.isoformat()}


def _seconds(url: str, arguments: list[str]) -> float:
    environment = {**os.environ, "UMN_DATABASE_URL": url}
    began = time.perf_counter()
    ended = subprocess.run(
        [PROJECT / "umn", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    took = time.perf_counter() - began
    if ended.returncode:
        raise RuntimeError(
            f"umn {' '.join(arguments)} ended with {ended.returncode}: {ended.stderr[-300:]!r}"
        )
    return took
