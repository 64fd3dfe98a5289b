"""The public register: 42 and 10,000 programmes as a site in four languages, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure
from benchmarks.ground import data_folder
from models.clock import civil_day
from office.desk.peopling import first
from register.database import transaction
from register.keys import OFFICE, kept

if TYPE_CHECKING:
    from benchmarks.figures import Tell
    from office.settings import Settings

SIZES = {42: ("", "", ""), 10_000: ("12 s", "500 MiB", "3 s")}
"""Programmes, and what is hoped for: time, memory, and time where nothing changed."""

PROJECT = Path(__file__).resolve().parent.parent
STARTER = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""
"""Starts a process and tells what memory it held: Linux counts in the one that starts it, so it is small."""

INDICATION = "behandeling van volwassen patiënten met een verzonnen ziekte, lijn {n}, " * 3


def measure(tell: Tell) -> list[Figure]:
    """Time, memory and size of the first publication, and the time of one that finds nothing changed."""
    figures: list[Figure] = []
    for programmes, (aim, memory_aim, again_aim) in SIZES.items():
        with data_folder() as made:
            settings = replace(made, key=made.var.with_name("key"))
            kept(settings.keys / OFFICE)
            first(settings, "Ann", civil_day(datetime.now(UTC)))  # whoever publishes is one of the office
            tell(f"{programmes:,} programmes: filling the register")
            _fill(settings, programmes)
            tell(f"{programmes:,} programmes: publishing")
            seconds, memory, told = _published(settings)
            again, _, second = _published(settings)
            assert told["published"]
            assert not second["published"]
        said = f"{programmes:,} programmes, four languages"
        figures += [
            Figure("publication", f"{said}: published", seconds, "s", aim),
            Figure("publication", f"{said}: memory", memory, "MiB", memory_aim),
            Figure("publication", f"{said}: size", told["bytes"] / 1_000_000, "MB"),
            Figure("publication", f"{said}: files", told["files"], "files"),
            Figure("publication", f"{said}: published again, unchanged", again, "s", again_aim),
        ]
    return figures


def _published(settings: Settings) -> tuple[float, float, dict[str, Any]]:
    """One `umn publish` in a process of its own. Returns: seconds, MiB at most, and what it told."""
    command = [
        sys.executable,
        str(PROJECT / "starter.py"),
        "publish",
        str(settings.var / "site"),
        "-o",
        "json",
    ]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", STARTER, *command],
        env=os.environ | settings.made,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - began
    told = max(json.loads(done.stdout), key=lambda one: one["files"])  # other registers are empty
    return (
        seconds,
        int(done.stderr.splitlines()[-1]) / (1 << 20 if sys.platform == "darwin" else 1 << 10),
        told,
    )


def _fill(settings: Settings, programmes: int) -> None:
    """Programmes with three entries and a summary in three languages each, straight into the tables."""
    from models.register import CurrentState, EntryRow, SummaryRow

    lists = ("authorised", "authorised", "authorised", "suspended", "closed")
    states, entries, texts = [], [], []
    for n in range(programmes):
        number, listed, on = (
            f"CUP-2026-{n + 1:05d}",
            lists[n % 5],
            date(2020, 1, 1) + timedelta(days=n % 2000),
        )
        standing = {
            "number": number,
            "possible": [],
            "unconfirmed": {},
            "clocks": [],
            "recorded_at": f"{on}T08:00:00.000+00:00",
        }
        indication = INDICATION.format(n=n)
        product = {
            "trade_name": f"Verzinsel {n}",
            "active_substance": f"fictivumab-{n}",
            "indication": indication,
        }
        states.append(
            {
                **standing,
                "title": product["trade_name"],
                "subject": {"kind": "product", "parts": product},
                "entry": 3,
                "kind": "programme",
                "procedure": "CUP",
                "holder": "Exemplar",
                "phase": listed,
                "flags": [],
                "public_list": listed,
                "last_update_on": on,
                "authorised_on": on,
                "conditions": [],
                "facts": {},
                "content": {},
                "opened_on": on,
            }
        )
        phases = ("opinion", "authorised", listed)
        entries += [
            {
                **standing,
                "sequence": s,
                "happened_on": on,
                "act": "Decided",
                "by": "Ann",
                "phase": phase,
                "facts": {},
                "digest": "0" * 64,
            }
            for s, phase in enumerate(phases, start=1)
        ]
        texts += [
            {
                "number": number,
                "language": language,
                "version": 1,
                "text": "Een verzonnen samenvatting van enkele regels. " * 12,
                "indication": indication,
                "translates": indication,
                "document": "",
                "by": "Ann",
                "recorded_at": standing["recorded_at"],
            }
            for language in ("nl", "fr", "en")
        ]
    with transaction(settings.register_url) as session:
        for table, rows in ((CurrentState, states), (EntryRow, entries), (SummaryRow, texts)):
            session.execute(table.__table__.insert(), rows)
