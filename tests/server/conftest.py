"""Offices in temporary folders: real servers, a real if small worker, everything stopped afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from office.service import server
from office.service.running import Running
from office.settings import Settings
from tests.ports import free_port

STAND_IN = Path(__file__).with_name("standin.py")


@pytest.fixture(scope="session", autouse=True)
def no_other_temporal() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("TEMPORAL_", "UMN_"))]:
            patch.delenv(name)
        patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """An installation of its own; whatever was started in it is stopped again."""
    made = Settings(
        var=tmp_path / "var", temporal_port=free_port(), ui_port=free_port(), task_queue="umn-elsewhere"
    )
    yield made
    server.down(made)


@pytest.fixture
def start() -> Callable[[Settings], Running]:
    return lambda settings: server.up(settings, worker=STAND_IN)


@pytest.fixture(scope="session")
def shared_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    made = Settings(
        var=tmp_path_factory.mktemp("shared") / "var",
        temporal_port=free_port(),
        ui_port=free_port(),
        task_queue="umn-elsewhere",
    )
    yield made
    server.down(made)


@pytest.fixture
def office(shared_settings: Settings) -> Settings:
    """An installation that runs, the same one for all tests that leave it running."""
    server.up(shared_settings, worker=STAND_IN)
    return shared_settings


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield process
    process.kill()
    process.wait()
