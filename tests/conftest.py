"""The office: an operator who speaks to a real worker on the time-skipping Temporal server."""

from __future__ import annotations

import os
import shutil
import sysconfig
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from office.service.payloads import CONVERTER
from office.settings import Settings
from register.database import migrate
from register.sealed import Compared, differences
from tests.replay.strict import histories_of, keep, keep_keys, kind_of, was_refused
from tests.stories.desk import KEYS, Office
from worker import postman_of, worker_of
from workflows import search

os.environ["LC_ALL"] = "C.UTF-8"  # whoever runs the tests, and in whichever locale, reads English
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)  # each test says how large its terminal is


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--draw-life-cycle", default="", help="write the life cycle that the stories walked")
    parser.addoption("--draw-screens", action="store_true", help="write the screens as they are shown")
    parser.addoption("--histories", default="", help="keep what the stories ran in a folder, and replay it")
    parser.addoption("--long", action="store_true", help="also run what takes longer")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked as long runs when it is asked for."""
    if config.getoption("--long"):
        return
    later = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=later)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


def binary(name: str) -> str | None:
    """A Temporal server installed as a package; else the SDK looks for its own."""
    beside = Path(sysconfig.get_path("scripts")) / name
    return str(beside) if beside.exists() else shutil.which(name)


@pytest.fixture(scope="session")
def histories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every run of every workflow of the stories leaves its history."""
    named = request.config.getoption("--histories")
    folder = Path(named) if named else tmp_path_factory.mktemp("histories")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
async def skipping(histories: Path) -> AsyncIterator[WorkflowEnvironment]:
    """The real time-skipping server, with our search attributes; what ran on it is kept."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary("temporal-test-server"), data_converter=CONVERTER
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="default",
                search_attributes={key.name: int(key.indexed_value_type) for key in search.ALL},
            )
        )
        yield environment
        keep_keys(KEYS, histories)
        walked = set()
        async for history in histories_of(environment.client):
            # the postman has a run for nearly each act: one of those that take the same steps is replayed
            steps = frozenset(pairwise(event.event_type for event in history.events))
            if not was_refused(history) and (kind_of(history) != "Postman" or steps not in walked):
                keep(history, histories)
            walked.add(steps)


@pytest.fixture(scope="session")
def walked() -> set[tuple[str, str, str, str]]:
    """Every step that a story took: kind, phase before, act, phase after."""
    return set()


@pytest.fixture(scope="module")
async def office(
    skipping: WorkflowEnvironment,
    tmp_path_factory: pytest.TempPathFactory,
    walked: set[tuple[str, str, str, str]],
) -> AsyncIterator[Office]:
    """One office per file: a server lets time run for every programme on it."""
    physicians = "physicians@hospital.example"
    settings = Settings(var=tmp_path_factory.mktemp("office"))
    settings.offices.write_text(f'[be_umn]\naddresses.physicians = "{physicians}"\n')
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            office = Office(skipping, settings)
            yield office
            assert list(differences(settings.register_url, Compared())) == []  # nothing but the office wrote
    office.remember_what_was_walked(walked)
