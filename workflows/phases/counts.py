"""Numbers that a holder reports over a period, measured against what was authorised.

Law: what is counted, in which article, and what more than was authorised proposes stand in the law that the
programme carries (models/law/counted.py). What is authorised is what was applied for, or what a decision
allows.
Silence: a report that nobody files is late as anything owed (workflows/phases/obligation.py). More than was
authorised changes nothing by itself: it is flagged, and put before a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.acts import CountRecorded
from models.counts import Count
from models.law.states import Effect
from workflows.in_force import ProgrammeInForce
from workflows.phases.facts import propose


def record_count(life: ProgrammeInForce, act: CountRecorded) -> None:
    """A person records what was reported, or what a decision allows; it is measured at once."""
    count = Count(
        counted=act.counted, count=act.count, period_from=act.period_from, period_until=act.period_until
    )
    life.note(source=act.source)
    measure(life, (count,))


def measure(life: ProgrammeInForce, counts: Iterable[Count]) -> None:
    """Takes numbers over, and puts those beyond what is authorised before a person.

    A later number of the same thing takes the place of the one before; its entry stays. What is not counted
    by the law of the year is left out.
    """
    programme, told = life.programme, list[dict[str, Any]]()
    for count in counts:
        counted = life.law.counts_by(count.counted)
        if counted is None:
            continue
        if count.period_until is None:
            programme.allowed[count.counted] = count.count
        else:
            programme.counts[count.counted] = count
        said = count.model_dump(mode="json", exclude_none=True, exclude={"declined"})
        if count.period_until and count.counted in programme.allowed:
            said["allowed"] = programme.allowed[count.counted]
        beyond = any(one.counted == count.counted for one in programme.beyond)
        told.append({**said, "clause": counted.clause, **({"proposes": counted.proposes} if beyond else {})})
        fact = life.law.fact(counted.proposes)
        if beyond and fact and fact.does is Effect.PROPOSES and fact.name not in programme.proposals:
            propose(programme, fact)
    if told:
        life.note(counts=told)
