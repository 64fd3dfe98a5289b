"""What Temporal held of a run that has ended is kept for good, and can be replayed from what was kept."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.errors import OutsideWorldFailed
from office.connection import connect
from office.service.histories import keep_ended, of_case, read
from office.service.launching import wait_for
from office.service.payloads import CONVERTER
from register.documents import DocumentStore
from register.histories import KeptHistory
from tests.cli.desk import Desk, eventually
from worker import RUNNER, WORKFLOWS

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def ended(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> KeptHistory:
    """The history of a dossier that was withdrawn, as it is kept."""
    number = desk.submits(tmp_path_factory.mktemp("package"))
    desk.does("withdraw", number)

    async def keep() -> None:
        async for _ in keep_ended(await connect(desk.settings), desk.settings):
            pass

    def kept() -> list[KeptHistory]:
        wait_for(keep())  # the list of runs is a moment behind, and the worker may be faster
        return of_case(desk.settings, number)

    (history,) = eventually(kept, 60)
    return history


async def test_a_run_that_has_ended_is_kept_and_replays(desk: Desk, ended: KeptHistory) -> None:
    assert (ended.workflow, ended.kind, ended.how) == (ended.number, "Dossier", "completed")
    history = read(DocumentStore(desk.settings.documents), ended.sha256, ended.workflow)
    assert len(history.events) == ended.events
    assert history.events[-1].HasField("workflow_execution_completed_event_attributes")
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=RUNNER, data_converter=CONVERTER)
    await replayer.replay_workflow(history)


def test_what_was_kept_is_listed_and_written_out_for_the_temporal_ui(
    desk: Desk, ended: KeptHistory, tmp_path: Path
) -> None:
    told = desk.does("history", ended.number, "--export", str(tmp_path / "out"))
    assert [history["run"] for history in told["histories"]] == [ended.run]
    (file,) = map(Path, told["files"])
    written = WorkflowHistory.from_json(ended.workflow, json.loads(file.read_text()))
    assert len(written.events) == ended.events
    again = desk.types("history", ended.number, "--export", str(tmp_path / "out")).ended(2)
    assert "is there already" in again.err


def test_the_file_of_a_dossier_is_written_with_its_documents_and_its_history(
    desk: Desk, ended: KeptHistory, tmp_path: Path
) -> None:
    file = tmp_path / "file.zip"
    told = desk.does("dossier", "export", ended.number, "--into", str(file), "--lang", "fr")
    assert (told["cases"], told["wrong"]) == ([ended.number], [])
    with ZipFile(file) as archive:
        kept = {name for name in archive.namelist() if "/kept/" in name}
    runs = {name for name in kept if name.startswith(f"{ended.number}/kept/runs/")}
    assert len(kept - runs) == len(desk.does("documents", ended.number))
    assert f"{ended.number}/kept/runs/{ended.run}.json.gz" in runs
    again = desk.types("dossier", "export", ended.number, "--into", str(file)).ended(2)
    assert "is there already" in again.err
    said = desk.types("dossier", "export", ended.number, "--into", str(tmp_path / "again.zip")).ended(0)
    assert "It verifies" in said.out


def test_a_history_that_was_changed_on_the_disk_is_not_taken_for_the_proof(
    desk: Desk, ended: KeptHistory
) -> None:
    store = DocumentStore(desk.settings.documents)
    path = store.path(ended.sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        with pytest.raises(OutsideWorldFailed):
            read(store, ended.sha256, ended.workflow)
        path.unlink()
        missing = desk.types("documents", "--verify").ended(5).out
        assert f"missing: {ended.number}, the history of the run {ended.run}" in missing
    finally:
        path.write_bytes(whole)


def test_a_number_that_nobody_knows_has_no_history(desk: Desk) -> None:
    assert "CUP-1999-001" in desk.types("history", "CUP-1999-001").ended(4).err
