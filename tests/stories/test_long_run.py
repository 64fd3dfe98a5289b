"""A run that has become long ends at a rest, and the next one begins there; whoever acts notices nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import receipts
from models.acts import (
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    InvoicePaid,
    OpinionGiven,
    RuleJudged,
)
from models.eligibility import Assessed, Verdict
from procedures.be_umn.words import Kind
from tests.stories.steps import until_act

EVENTS = 20
"""A bound that a story reaches; replayed, its runs have the same one."""

RULE = Assessed(rule="E-01", verdict=Verdict.OPEN, article="art. 106")


@pytest.fixture(scope="module")
def histories(histories: Path) -> Path:
    """Kept apart: a replay has to know the bound."""
    folder = histories / f"runs-of-{EVENTS}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module", autouse=True)
def short_runs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "EVENTS_OF_A_RUN", EVENTS)
        yield


async def runs_of(office, number: str) -> int:
    """How many runs the case has had, counted backwards from the current one."""
    run_id, runs = None, 0
    while run_id != "":
        history = await office.client.get_workflow_handle(number, run_id=run_id).fetch_history()
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        runs += 1
    return runs


async def test_acts_and_notes_pass_every_change_of_run_once(office):
    number = await office.submits(checklist=(RULE,))
    for _ in range(3):  # each from two clients at once, as one that lost its answer asks again
        said = {"rule": "E-01", "verdict": "pass", "grounds": "g", "request_id": f"judging-{_}"}
        one, other = await asyncio.gather(
            office.performs(number, RuleJudged, **said), office.performs(number, RuleJudged, **said)
        )
        assert one == other
    await office.performs(number, DeclaredAdmissible)
    first = await office.performs(
        number, ContributionFixed, cents=5, source="the accounts", request_id="contribution"
    )
    assert first.invoice
    await office.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    again = await office.performs(
        number, ContributionFixed, cents=5, source="the accounts", request_id="contribution"
    )
    assert again == first  # the run that gave it has ended; the register kept it
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    dossiers = [await office.submits(Kind.MODIFICATION, "CUP", number) for _ in range(3)]
    await until_act(office, number, "DossierFiled")
    for _ in range(6000):
        told = [line.by for line in office.shows(number).entries if line.act == "DossierFiled"]
        if len(told) == len(dossiers):
            break
        await asyncio.sleep(0.02)
    assert sorted(told) == sorted(dossiers)
    lines = [line.sequence for line in office.shows(number).entries]
    assert lines == list(range(1, len(lines) + 1))
    assert await runs_of(office, number) >= 4
