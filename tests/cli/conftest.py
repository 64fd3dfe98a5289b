"""One office for all tests of the command line: a real server and a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from office import server
from office.settings import Settings
from tests.cli.desk import Desk, free_port


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An operator, in an office that runs."""
    settings = Settings(
        var=tmp_path_factory.mktemp("desk") / "var",
        temporal_port=free_port(),
        ui_port=free_port(),
        task_queue="umn-desk",
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "TEMPORAL_NAMESPACE", "UMN_VAR"):
            patch.delenv(name, raising=False)
        operator = Desk(settings)
        operator.types("up").ended(0)
        yield operator
        operator.leaves()
        server.down(settings, say=lambda line: None)


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Desk]:
    """An operator of an installation where nothing was ever started."""
    operator = Desk(Settings(var=tmp_path / "var", temporal_port=free_port(), ui_port=free_port()))
    yield operator
    operator.leaves()
