"""What the stories left."""

from __future__ import annotations

from pathlib import Path

import pytest

STORIES = Path(__file__).resolve().parents[1] / "stories"


@pytest.fixture(scope="session")
def runs(request, histories) -> list[Path]:
    """The history of every run of every story; all stories must have left theirs."""
    told = {path.stem for path in STORIES.glob("test_*.py")}
    ran = {Path(str(item.path)).stem for item in request.session.items}
    if not (request.config.getoption("--histories") or (ran >= told and not request.config.getoption("-k"))):
        pytest.skip("a replay needs what every story left: run tests/stories and tests/replay together")
    return sorted(run for run in histories.resolve().rglob("*@*") if run.is_file())
