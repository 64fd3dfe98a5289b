"""What an act and a day cost in the history of a case: counted in all that the stories ran.

An act: six events, eleven where it ends the run; one more where search attributes change, two where the case
is to be woken at another instant. A day: six, or seven where search attributes change. Beside these only what
decision 0034 names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.histories import Stretch, stretches
from tests.replay.strict import read

ACT, LAST_ACT, DAY = 6, 11, 6
MOVES = {"UpsertWorkflowSearchAttributes", "TimerCanceled", "TimerStarted"}
NAMED = {
    "SignalExternalWorkflowExecutionInitiated": 6,  # a dossier tells its programme, signed, and waits
    "StartChildWorkflowExecutionInitiated": 7,  # signed, and waited for until it has begun
    "WorkflowExecutionContinuedAsNew": 1,
    "WorkflowExecutionCompleted": 1,
    "WorkflowExecutionTerminated": 1,
    "WorkflowExecutionCancelRequested": 1,
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


def asks(stretch: Stretch, of: str) -> bool:
    """Whether an activity of the queue was asked for."""
    return of in (e.activity_task_scheduled_event_attributes.activity_type.name for e in stretch.events)


def acts_of(stretches: list[Stretch]) -> list[Stretch]:
    """Acts; not of a case that had been set back: what it has missed it asks for, whatever that takes."""
    return [s for s in stretches if s.of == "act" and not asks(s, "taken_up")]


def test_an_act_costs_six_events_and_what_moves_by_it(of_stories):
    acts = [act for act in acts_of(of_stories) if not asks(act, "enter")]
    assert len(acts) > 300
    for act in acts:
        moved = sum(bool(act.counts[name]) for name in MOVES) + max(local(act, "entry ") - 1, 0)
        assert len(act.events) <= ACT + moved + beside(act), (act.name, act.counts)


def test_an_act_that_ends_a_run_costs_eleven(of_stories):
    """Not one that the register did not take at once."""
    acts = [act for act in acts_of(of_stories) if asks(act, "enter") and not local(act, "entry ")]
    assert len(acts) > 50
    for act in acts:
        moved = sum(bool(act.counts[name]) for name in MOVES)
        assert len(act.events) <= LAST_ACT + moved + beside(act), (act.name, act.counts)
        ended = {"WorkflowExecutionContinuedAsNew", "WorkflowExecutionCompleted"} & act.counts.keys()
        assert ended, act.counts


def test_a_day_costs_six_events_for_an_entry_and_one_for_each_further_one(of_stories):
    days = [s for s in of_stories if s.of == "day" and local(s, "entry ")]
    assert len(days) > 300
    for day in days:
        moved = bool(day.counts["UpsertWorkflowSearchAttributes"]) + local(day, "entry ") - 1
        assert len(day.events) <= DAY + moved + beside(day), day.counts
