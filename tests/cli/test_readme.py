"""The first use that the README tells works as it stands there, in an office that has cases already."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.desk import Desk

PROJECT = Path(__file__).resolve().parents[2]
FIRST_USE = re.compile(r"## First use\n.*?```sh\n(.*?)```", re.DOTALL)

pytestmark = pytest.mark.server


def test_the_first_use_works_as_typed(desk: Desk, tmp_path: Path) -> None:
    desk.submits(tmp_path)
    (typed,) = FIRST_USE.findall((PROJECT / "README.md").read_text())
    lines = typed.splitlines()
    assert len(lines) <= 10
    script = "\n".join(line for line in lines if "umn down" not in line)  # other tests need the office
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=PROJECT,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "admissibility" in done.stdout
    assert re.search(r"umn raise-questions CUP-2026-\d+ ", done.stdout)  # what is next, once it is admissible
    assert "are due with us" in done.stdout
