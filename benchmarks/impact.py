"""`umn law impact` over 10,000 open programmes: what one value of a clause would move."""

from __future__ import annotations

import time
from datetime import date, timedelta

from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from models.law.clause import InForce, Source, Transition, calendar_days
from models.register import CurrentState, LawRow
from office.law.revising import impact_of_clause
from procedures.books import applicable_law, shipped
from register.database import transaction
from register.parties import keep

ROWS, TIMES = 10_000, 5
TODAY = date(2026, 11, 22)


def measure(tell: Tell) -> list[Figure]:
    """Seconds from the question to the last date, the reading of the register included."""
    earlier = tuple(calendar_days(days) for days in (90, 30, 7))
    clause = shipped().clause("evaluation-reminders")
    new = InForce(earlier, TODAY, Source("a royal decree to come", "art. 1"), transition=Transition.FILED)
    figures = []
    for database, opened in DATABASES.items():
        with opened() as url:
            tell(f"{database}: writing {ROWS:,} programmes")
            fill(url)
            runs = []
            for _ in range(TIMES):
                tell(f"{database}: law impact")
                began = time.perf_counter()
                moves = sum(1 for _ in impact_of_clause(url, clause, new, TODAY))
                runs.append(time.perf_counter() - began)
            what = f"law impact, {ROWS:,} programmes, {moves:,} dates, {database}"
            figures.append(median("impact", what, runs, "seconds"))
    return figures


def fill(url: str) -> None:
    """Writes the programmes, authorised on each day of a year, each year under the law of its first day."""
    RegisterEntries(url).enter(samples.entry(samples.number(1), 1, keep(url, CONTACT)))
    days = [TODAY - timedelta(days=n) for n in range(365)]
    held = {day: applicable_law("CUP", None, day) for day in days}
    state = CurrentState.__table__
    with transaction(url) as session:
        one = dict(session.execute(state.select()).mappings().one())
        session.execute(
            LawRow.__table__.insert(),
            [{"digest": law.digest, "body": law.model_dump(mode="json")} for law in held.values()],
        )
        copies = []
        for serial in range(2, ROWS + 1):
            day = days[serial % len(days)]
            copies.append(
                {**one, "number": samples.number(serial), "in_force_on": day, "law": held[day].digest}
            )
        session.execute(state.insert(), copies)
