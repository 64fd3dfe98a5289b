"""One office for all tests of the command line: a real server and a real worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register import laws
from register.database import migrate
from tests.cli.desk import Desk, civil_today, office
from tests.cli.filled import Office, filled_office
from tests.ports import free_port


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


@pytest.fixture
def register(nowhere: Desk) -> RegisterEntries:
    """A register without entries, in an office where nothing runs."""
    migrate(nowhere.settings.register_url)
    laws.keep(
        nowhere.settings.register_url,
        applicable_law("CUP", Kind.APPLICATION, civil_today() - timedelta(days=100)),
    )
    return RegisterEntries(nowhere.settings.register_url)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose register acts have filled; nothing runs in it."""
    return filled_office(tmp_path_factory.mktemp("filled") / "var")
