from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow

from models.errors import OutsideWorldFailed
from office.connection import connect
from office.service import server
from office.service.running import Process, Running, file_of, recall, remember
from office.service.status import status
from office.settings import Settings
from tests.server.conftest import STAND_IN
from worker import BEHIND_ACTS

pytestmark = pytest.mark.server

Start = Callable[[Settings], Running]


def pids(running: Running) -> tuple[int, int]:
    assert running.server is not None
    assert running.worker is not None
    return running.server.pid, running.worker.pid


def kill(*processes: Process | None) -> None:
    """Takes processes away as a failing machine does, and returns when they are gone."""
    for process in processes:
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
    while any(process is not None and process.alive for process in processes):
        time.sleep(0.005)


def test_up_twice_starts_nothing_new(office: Settings, start: Start) -> None:
    assert pids(start(office)) == pids(start(office))


def test_two_ups_at_one_moment_start_one_server_and_one_worker(settings: Settings) -> None:
    programme = (
        "from pathlib import Path; from office.service import server;"
        "from office.service.ending import leave;"
        "from office.settings import Settings;"
        f"running = server.up(Settings.read(), worker=Path({str(STAND_IN)!r}));"
        "print(running.server.pid, running.worker.pid); leave(0)"
    )
    environment = {
        **os.environ,
        "UMN_VAR": str(settings.var),
        "UMN_TEMPORAL_PORT": str(settings.temporal_port),
        "UMN_UI_PORT": str(settings.ui_port),
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", programme],
            env=environment,
            cwd=server.PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=90) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert answers[0][0] == answers[1][0] != ""
    assert sum("waiting for it" in progress for _, progress in answers) <= 1


async def test_after_kill_9_of_both_an_open_case_goes_on_at_the_same_address(
    settings: Settings, start: Start
) -> None:
    before = start(settings)
    client = await connect(settings)
    await client.start_workflow("LyingOpen", id="CUP-2026-001", task_queue=settings.task_queue)
    kill(before.server, before.worker)

    after = start(settings)

    assert set(pids(after)).isdisjoint(pids(before))
    assert after.ports == before.ports
    case = (await connect(settings)).get_workflow_handle("CUP-2026-001")
    assert await case.execute_update("close") == "closing"
    assert await case.result() == "closed"


def test_only_the_one_that_ended_is_started_again(office: Settings, start: Start) -> None:
    before = start(office)
    temporal, worker = pids(before)
    kill(before.worker)
    (problem,) = status(office)["problems"]
    assert (problem["kind"], problem["sentence"]) == ("no-worker", "No worker runs here.")

    again, another = pids(start(office))

    assert again == temporal
    assert another != worker
    assert status(office)["problems"] == []


def test_down_stops_exactly_ours_and_lets_the_worker_end_its_work(
    settings: Settings, start: Start, bystander: subprocess.Popen[bytes]
) -> None:
    running = start(settings)
    assert server.down(settings) == ["postman", "worker", "server"]
    assert running.server is not None
    assert running.worker is not None
    assert not running.server.alive
    assert not running.worker.alive
    assert "ended as told" in (settings.var / "log" / "worker.log").read_text()
    assert bystander.poll() is None
    assert server.down(settings) == []


def test_a_port_of_another_listener_is_left_to_it(settings: Settings, start: Start) -> None:
    with socket.create_server(("127.0.0.1", settings.temporal_port)) as listener:
        running = start(settings)
        assert running.ports is not None
        assert running.ports.temporal not in (settings.temporal_port, settings.ui_port)
        assert status(settings)["problems"] == []
        listener.settimeout(1)
        with socket.create_connection(listener.getsockname()):
            listener.accept()[0].close()


def test_a_process_that_inherited_the_number_is_never_stopped(
    settings: Settings, bystander: subprocess.Popen[bytes]
) -> None:
    ours = Process.of(bystander.pid).model_copy(update={"mark": "another-start/1"})
    settings.var.mkdir()
    remember(settings.var, Running(address="127.0.0.1:1", server=ours, worker=ours))

    told = status(settings)
    assert (told["temporal"]["running"], told["worker"]["running"]) == (False, False)
    assert server.down(settings) == []
    assert bystander.poll() is None


def test_a_process_that_ended_is_not_alive_even_while_unburied(bystander: subprocess.Popen[bytes]) -> None:
    process = Process.of(bystander.pid)
    assert process.alive
    assert process.stop(patience=5)
    assert not process.alive
    assert not process.stop(patience=5)


@pytest.mark.parametrize("lives_on", [True, False], ids=["in its own session", "in that of a terminal"])
def test_the_postman_stands_back_with_his_session_and_with_no_other(lives_on: bool) -> None:
    grouped = Path("/proc/self/autogroup")
    if not grouped.exists():
        pytest.skip("this system does not share processors out between sessions")
    tells = (
        "import os, pathlib, worker; worker.stand_back();"
        "print(os.nice(0), pathlib.Path('/proc/self/autogroup').read_text())"
    )
    # a session of its own either way: that of whoever runs the tests may be in no group and tells nothing
    alone = [sys.executable, "-c", tells]
    beside = ["sh", "-c", '"$@"; exit $?', "terminal", *alone]
    told = subprocess.check_output(alone if lives_on else beside, start_new_session=True, text=True)
    niceness, _, _, of_session = told.split()
    assert int(niceness) == os.nice(0) + BEHIND_ACTS
    assert (int(of_session) == BEHIND_ACTS) == lives_on


def test_status_tells_what_runs_and_in_which_versions(office: Settings) -> None:
    told = status(office)
    running = recall(office.var)
    assert running is not None
    assert (told["temporal"]["pid"], told["worker"]["pid"]) == pids(running)
    assert told["temporal"]["answers"]
    assert told["temporal"]["ui"] == running.ui
    assert told["worker"]["task_queue"] == "umn-elsewhere"
    assert f"stand-in {told['worker']['pid']}" in told["worker"]["pollers"]
    assert told["database"] == "SQLite"
    assert told["problems"] == []
    assert {
        "unmet-medical-need",
        "python",
        "temporalio",
        "temporal server",
        "temporal UI",
        "pydantic",
    } <= set(told["versions"])


async def test_closed_runs_are_kept_for_decades_and_cases_can_be_searched(office: Settings) -> None:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

    client = await connect(office)
    namespace = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="default")
    )
    assert namespace.config.workflow_execution_retention_ttl.ToTimedelta() >= timedelta(days=365 * 80)
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="default")
    )
    assert {"LegalProcedure", "Kind", "Phase", "Applicant", "Programme", "DueOn", "HinderedSince"} <= set(
        known.custom_attributes
    )


def test_a_worker_that_ends_at_once_is_reported_with_its_last_words(
    office: Settings, start: Start, tmp_path: Path
) -> None:
    before = start(office)
    kill(before.worker)
    broken = tmp_path / "worker.py"
    broken.write_text("raise SystemExit('the templates are missing')")
    with pytest.raises(OutsideWorldFailed, match="the templates are missing"):
        server.up(office, worker=broken)
    assert pids(start(office))[0] == pids(before)[0]


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(var=tmp_path / "file" / "var")
    with pytest.raises(OutsideWorldFailed, match="cannot be written: Not a directory"):
        server.up(settings, worker=STAND_IN)
    assert server.down(settings) == []


def test_a_server_that_cannot_open_its_file_is_reported_with_its_last_words(settings: Settings) -> None:
    (settings.var / "temporal.db").mkdir(parents=True)
    with pytest.raises(OutsideWorldFailed, match=r"did not start[\s\S]*temporal"):
        server.up(settings, worker=STAND_IN)


def test_an_unreadable_memory_starts_no_second_server(settings: Settings) -> None:
    settings.var.mkdir()
    file_of(settings.var).write_text('{"address": ')
    for command in (lambda: server.up(settings, worker=STAND_IN), lambda: server.down(settings)):
        with pytest.raises(OutsideWorldFailed, match="not known what runs"):
            command()
    file_of(settings.var).unlink()


@workflow.defn(name="Faulty", sandboxed=False)
class Faulty:
    @workflow.run
    async def run(self) -> None:
        raise RuntimeError("a mistake in our code")


async def test_status_names_a_case_that_is_stalled_by_a_fault_of_ours(office: Settings) -> None:
    import asyncio

    from temporalio.worker import Worker

    client = await connect(office)
    async with Worker(client, task_queue="faulty", workflows=[Faulty]):
        await client.start_workflow(Faulty.run, id="CUP-2026-099", task_queue="faulty")
        for _ in range(60):
            problems = status(office)["problems"]
            if stalled := [problem for problem in problems if problem["kind"] == "task-fails"]:
                break
            await asyncio.sleep(0.5)
    assert [problem["number"] for problem in stalled] == ["CUP-2026-099"]
    assert "Stalled by a fault of ours, nothing lost: CUP-2026-099" in stalled[0]["sentence"]
    assert stalled[0]["since"]
