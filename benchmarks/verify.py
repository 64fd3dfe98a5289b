"""`umn verify` over 10,000 cases, each with ten entries and ten letters: what it takes, without `--deep`."""

from __future__ import annotations

import time

from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from models.register import CurrentState, EntryRow, LetterRow
from register import laws, outbox
from register.database import transaction
from register.parties import keep
from register.sealed import Compared, differences

CASES, ENTRIES, TIMES = 10_000, 10, 3
FIRST = samples.number(1)


def measure(tell: Tell) -> list[Figure]:
    """Seconds until every row, seal and head was recomputed; processor time, for a machine that is busy."""
    figures = []
    for database, opened in DATABASES.items():
        with opened() as url:
            tell(f"{database}: writing {CASES:,} cases")
            fill(url)
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


def fill(url: str) -> None:
    """Writes the cases: one through the activity, the others as its copies, an entry of each at a time."""
    entries, party = RegisterEntries(url), keep(url, CONTACT)
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
