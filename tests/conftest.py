"""The office: an operator who speaks to a real worker on the time-skipping Temporal server."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from office.settings import Settings
from register.database import migrate
from tests.stories.desk import Office
from worker import worker_of
from workflows import search


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--draw-life-cycle", default="", help="write the life cycle that the stories walked")
    parser.addoption("--keep-histories", default="", help="keep the histories of the stories in a folder")


def binary(name: str) -> str | None:
    """A Temporal server installed as a package; else the SDK looks for its own."""
    beside = Path(sysconfig.get_path("scripts")) / name
    return str(beside) if beside.exists() else shutil.which(name)


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The real time-skipping server, with our search attributes."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary("temporal-test-server"), data_converter=pydantic_data_converter
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="default",
                search_attributes={key.name: int(key.indexed_value_type) for key in search.ALL},
            )
        )
        yield environment


@pytest.fixture(scope="session")
def walked() -> set[tuple[str, str, str, str]]:
    """Every step that a story took: kind, phase before, act, phase after."""
    return set()


@pytest.fixture(scope="module")
async def office(
    skipping: WorkflowEnvironment,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    walked: set[tuple[str, str, str, str]],
) -> AsyncIterator[Office]:
    """One office per file: a server lets time run for every programme on it."""
    physicians = "physicians@hospital.example"
    settings = Settings(var=tmp_path_factory.mktemp("office"), physicians_address=physicians)
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with worker_of(skipping.client, settings, threads):
            office = Office(skipping, settings)
            yield office
            await office.keep_histories(request.config.getoption("--keep-histories"))
    office.remember_what_was_walked(walked)
