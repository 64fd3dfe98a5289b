"""`umn verify` over 10,000 cases, each with ten entries and ten letters: what it takes, without `--deep`.

Each entry has the envelope of an act that two people did. What such an envelope costs is measured beside it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import data_folder
from models.acts import SuspensionImposed
from models.envelope import Envelope, flaw
from models.people import Person, StaffRole, Takes, preparing
from models.register import CurrentState, EntryRow, LetterRow
from office.desk.envelopes import signed
from office.desk.person import Acting, Power
from office.settings import Settings
from register import laws, outbox
from register.database import transaction
from register.keys import OFFICE, kept
from register.parties import keep
from register.sealed import Compared, differences

CASES, ENTRIES, TIMES, ACTS = 10_000, 10, 3, 500
FIRST = samples.number(1)

ACT = SuspensionImposed(
    by="Ann",
    request_id="request-of-an-act",
    grounds="Two suspected serious reactions were reported, and the balance has to be weighed anew.",
    decided_by="Ann",
)
"""An act that takes two people."""


@dataclass(frozen=True)
class Two:
    """Two people of an office: one prepares, the other one signs."""

    settings: Settings

    def sign(self, at: datetime) -> Envelope:
        """The envelope of the act, with that of its preparation in it."""
        meant = ACT.model_copy(update={"by": "Ben"})
        prepared = signed(self.settings, self._power("Ben"), FIRST, meant, at, preparing(ACT.command))
        return signed(self.settings, self._power("Ann"), FIRST, ACT, at, prepared=prepared)

    def _power(self, name: str) -> Power:
        person = Person(name=name, function="head of unit", roles=StaffRole.words(), since=date.min)
        return Power(Acting(person, kept(self.settings.var / name)), takes=Takes.TWO)


def measure(tell: Tell) -> list[Figure]:
    """Seconds until every row, seal and head was recomputed; processor time, for a machine that is busy."""
    with data_folder() as settings:
        office = kept(settings.keys / OFFICE).public
        tell("envelopes")
        figures, envelope = _envelopes(Two(settings), office)
    for database, opened in DATABASES.items():
        with opened() as url:
            tell(f"{database}: writing {CASES:,} cases")
            fill(url, envelope)
            walls, processor = [], []
            for _ in range(TIMES):
                tell(f"{database}: verify")
                looked, wall, began = Compared(), time.perf_counter(), time.process_time()
                if found := next(differences(url, looked), None):
                    raise RuntimeError(found)
                walls.append(time.perf_counter() - wall)
                processor.append(time.process_time() - began)
            what = f"verify, {CASES:,} cases, {looked.rows:,} rows, {looked.seals:,} seals, {database}"
            figures.append(median("verify", what, walls, "seconds", "60"))
            figures.append(median("verify", f"{what}, processor", processor, "seconds"))
    return figures


def _envelopes(two: Two, office: str) -> tuple[list[Figure], dict[str, Any]]:
    """What two people pay for an act, and the case that hears it; and such an envelope, as it is kept."""
    now = datetime.now(UTC)
    made, heard = [], []
    for _ in range(ACTS):
        began = time.perf_counter()
        envelope = two.sign(now)
        made.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        if wrong := flaw(envelope, ACT, FIRST, office, now):
            raise RuntimeError(wrong)
        heard.append(1000 * (time.perf_counter() - began))
    as_kept = envelope.kept(ACT)
    figures = [
        median("verify", "an act of two people: both envelopes made", made, "ms"),
        median("verify", "an act of two people: both envelopes held against the office's key", heard, "ms"),
        median(
            "verify",
            "an act of two people, made and held",
            list(map(sum, zip(made, heard, strict=True))),
            "ms",
            "10",
        ),
        Figure("verify", "its envelope in the register", len(json.dumps(as_kept)), "bytes"),
    ]
    return figures, as_kept


def fill(url: str, envelope: dict[str, Any]) -> None:
    """Writes the cases: one through the activity, the others as its copies, an entry of each at a time."""
    entries, party = RegisterEntries(url, sealed=lambda entry, digest: envelope), keep(url, CONTACT)
    laws.keep(url, samples.LAW)
    for sequence in range(1, ENTRIES + 1):
        entries.enter(samples.entry(FIRST, sequence, party))
        with transaction(url) as session:
            outbox.put(session, samples.letters(FIRST, sequence, party))
    tables = CurrentState.__table__, EntryRow.__table__, LetterRow.__table__
    with transaction(url) as session:
        rows = [[dict(row) for row in session.execute(table.select()).mappings()] for table in tables]
    numbers = [samples.number(serial) for serial in range(2, CASES + 1)]
    for nth in range(ENTRIES):
        with transaction(url) as session:
            for table, of_one in zip(tables, rows, strict=True):
                if nth < len(of_one):
                    row = of_one[nth]
                    session.execute(table.insert(), [_of(row, number) for number in numbers])


def _of(row: dict[str, object], number: str) -> dict[str, object]:
    """The same row of another case."""
    named = {"number": number}
    if "key" in row:
        named["key"] = str(row["key"]).replace(FIRST, number)
    return row | named
