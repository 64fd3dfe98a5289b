"""One office for all tests of the command line: a real server and a real worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from office.settings import Settings
from tests.cli.desk import Desk, free_port, office


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An operator, in an office that runs."""
    with office(tmp_path_factory.mktemp("desk") / "var") as desk:
        yield desk


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Desk]:
    """An operator of an installation where nothing was ever started."""
    operator = Desk(Settings(var=tmp_path / "var", temporal_port=free_port(), ui_port=free_port()))
    yield operator
    operator.leaves()


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office that knows one person, and in which nothing was started."""
    return Desk(Settings(var=tmp_path_factory.mktemp("begun") / "var")).first()


@pytest.fixture
def known(nowhere: Desk, begun: Desk) -> Desk:
    """An operator whom the office knows, in an installation where nothing was ever started."""
    shutil.copytree(begun.settings.var, nowhere.settings.var)
    shutil.copy(begun.settings.own_key, nowhere.settings.own_key)
    return nowhere
