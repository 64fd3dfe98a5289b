"""The demo types what an operator would type, and tells when a step does not end as it should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from office.service import server
from office.settings import Settings
from tests.cli.desk import Desk
from tests.ports import free_port

pytestmark = pytest.mark.server

PATIENCE = 900
"""Seconds: some fifty commands, each a process, on a busy machine."""


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Desk]:
    """Somebody who has just cloned the project, and named nobody as the officer."""
    visitor = Desk(Settings(var=tmp_path / "var", temporal_port=free_port(), ui_port=free_port()))
    yield visitor
    visitor.leaves()
    server.down(visitor.settings, say=lambda line: None)


@pytest.mark.timeout(PATIENCE + 20)
def test_the_demo_ends_with_an_authorised_and_a_refused_application(visitor: Desk) -> None:
    playing = visitor.starts("demo")
    out, err = playing.communicate(timeout=PATIENCE)
    assert (playing.returncode, "Traceback" in out + err) == (0, False), out + err
    typed = re.findall(r"^\$ umn (\S+)", out, flags=re.MULTILINE)
    assert typed[:3] == ["up", "people", "import-register"]
    assert (typed.count("prepare"), typed.count("sign")) == (
        6,
        10,
    )  # one too early; each is listed, then signed
    assert typed[-2:] == ["list", "show"]
    assert "decide is not possible in CUP-2026-001" in err  # the decision that comes too early
    found = {(case["procedure"], case["kind"], case["phase"]) for case in visitor.does("list")}
    assert {("CUP", "programme", "authorised"), ("MNP", "application", "refused")} <= found
    last = visitor.sees("CUP-2026-001")["entries"][-2:]
    assert [line["act"] for line in last] == ["SuspensionImposed", "SuspensionLifted"]
    assert {(line["by"], line["prepared_by"]) for line in last} == {("Case officer B", "Case officer A")}


def test_the_demo_stops_at_a_step_that_does_not_end_as_it_should(visitor: Desk) -> None:
    answer = visitor.types("demo", TEMPORAL_ADDRESS="127.0.0.1:1").ended(5)
    assert re.findall(r"^\$ umn (\S+)", answer.out, flags=re.MULTILINE) == ["up"]
    assert "umn up ended with 5 instead of 0" in answer.err
