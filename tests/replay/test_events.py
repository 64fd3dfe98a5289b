"""What an act and a day cost in the history of a case: counted in all that the stories ran.

An act: eleven events; one more where search attributes change, two where the case is to be woken at another
instant. A day: six, or seven where search attributes change. Beside these only what decision 0034 names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.histories import Stretch, stretches
from tests.replay.strict import read

ACT, DAY = 11, 6
MOVES = {"UpsertWorkflowSearchAttributes", "TimerCanceled", "TimerStarted"}
NAMED = {
    "SignalExternalWorkflowExecutionInitiated": 6,  # a dossier tells its programme, signed, and waits
    "StartChildWorkflowExecutionInitiated": 3,
    "WorkflowExecutionContinuedAsNew": 1,
    "WorkflowExecutionCompleted": 1,
    "WorkflowExecutionTerminated": 1,
}


@pytest.fixture(scope="module")
def of_stories(runs: list[Path]) -> list[Stretch]:
    """Every stretch of a case from rest to rest."""
    cases = ("Dossier@", "Programme@", "Account@")
    return [s for run in runs if run.name.startswith(cases) for s in stretches(read(run))]


def local(stretch: Stretch, of: str) -> int:
    """Local activities whose summary begins so: entries, and questions about the law."""
    markers = (e for e in stretch.events if e.HasField("marker_recorded_event_attributes"))
    return sum(event.user_metadata.summary.data.decode().lstrip('"').startswith(of) for event in markers)


def beside(stretch: Stretch) -> int:
    """What else happened, each at its price."""
    asked = local(stretch, "the law of ") + local(stretch, "whether ")
    return sum(price * stretch.counts[name] for name, price in NAMED.items()) + asked


def goes_on_from_the_register(stretch: Stretch) -> bool:
    """Whether the case had been set back: what it has missed it asks for, however many events that takes."""
    asked = (e.activity_task_scheduled_event_attributes.activity_type.name for e in stretch.events)
    return "taken_up" in asked


def test_an_act_costs_eleven_events_and_what_moves_by_it(of_stories):
    acts = [s for s in of_stories if s.of == "act" and not local(s, "entry ")]
    acts = [s for s in acts if not goes_on_from_the_register(s)]
    assert len(acts) > 300
    for act in acts:
        moved = sum(bool(act.counts[name]) for name in MOVES)
        assert len(act.events) <= ACT + moved + beside(act), (act.name, act.counts)


def test_a_day_costs_six_events_for_an_entry_and_one_for_each_further_one(of_stories):
    days = [s for s in of_stories if s.of == "day" and local(s, "entry ")]
    assert len(days) > 300
    for day in days:
        moved = bool(day.counts["UpsertWorkflowSearchAttributes"]) + local(day, "entry ") - 1
        assert len(day.events) <= DAY + moved + beside(day), day.counts
