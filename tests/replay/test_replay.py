"""Histories of cases that ran on earlier code replay on the code of today."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from models.dossier import Dossier
from models.programme import Programme
from worker import RUNNER, WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
CARRIED = sorted((Path(__file__).parent / "carried").glob("*.json"))


def replayer(workflows: list[type]) -> Replayer:
    return Replayer(workflows=workflows, workflow_runner=RUNNER, data_converter=pydantic_data_converter)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
async def test_museum_replays(history):
    await replayer(WORKFLOWS).replay_workflow(WorkflowHistory.from_json(history.stem, history.read_text()))


def test_the_museum_holds_a_history_of_each_kind_of_workflow():
    kinds = {path.stem.partition("-")[0] for path in HISTORIES}
    assert kinds == {
        "dossier",
        "programme",
        "statement",
        "account",
        "publication",
        "redelivery",
        "post",
        "returned",
    }
    assert len(kinds) == len(WORKFLOWS)


@workflow.defn(name="Dossier", sandboxed=False)
class Broken:
    @workflow.run
    async def run(self, dossier: Dossier) -> str:
        await workflow.sleep(5)
        return dossier.number

    @workflow.update
    async def perform(self, act: dict) -> None: ...


async def test_a_broken_workflow_does_fail_the_replay():
    history = next(path for path in HISTORIES if path.stem.startswith("dossier"))
    with pytest.raises(NondeterminismError):
        await replayer([Broken]).replay_workflow(WorkflowHistory.from_json("x", history.read_text()))


@pytest.mark.parametrize("carried", CARRIED, ids=lambda path: path.stem)
def test_a_case_carried_since_an_earlier_release_means_the_same(carried):
    model = Programme if carried.stem.startswith("programme") else Dossier
    loaded = model.model_validate_json(carried.read_text())
    assert loaded.model_dump(mode="json", exclude_unset=True) == model.model_validate(
        loaded.model_dump(mode="json", exclude_unset=True)
    ).model_dump(mode="json", exclude_unset=True)
    assert loaded.law.limit("decision").amount == 40
    if isinstance(loaded, Programme):
        assert (loaded.phase, loaded.next_step().kind.value) == ("authorised", "re-evaluation reminded")
