"""The page on upgrades, tried as it is written: an open case goes on under a later build."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import PROJECT, Desk, office

pytestmark = pytest.mark.server

PAGE = (PROJECT / "docs" / "deployment.md").read_text()
STEPS = re.search(r"^\*\*This programme\.\*\*.*?```sh\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programme in a later version, beside the one that runs."""
    place = tmp_path_factory.mktemp("later") / "umn"
    held = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in held.stdout.splitlines():
        if (PROJECT / name).is_file() and not name.startswith(("tests/", "docs/", "benchmarks/")):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, place / name)
    project = place / "pyproject.toml"
    project.write_text(
        re.sub(r'^version = ".*"$', 'version = "0.2.0"', project.read_text(), count=1, flags=re.M)
    )
    return place


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with office(tmp_path / "var") as desk:
        yield desk


def types(desk: Desk, version: Path, *words: str) -> str:
    """Types a command of a version. Returns: what it shows."""
    told = subprocess.run(
        [sys.executable, str(version / "starter.py"), *words],
        env=desk.environment,
        cwd=version,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert told.returncode == 0, told
    return told.stdout


def document(desk: Desk, version: Path, *words: str) -> Any:
    return json.loads(types(desk, version, *words, "-o", "json"))


def test_the_commands_of_the_page_carry_an_open_case_over_to_a_later_version(
    desk: Desk, later: Path, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path / "package")
    desk.does("declare-incomplete", number, "--missing", "Annex IV")
    desk.sees_at_rest(number)
    before = desk.does("show", number)
    assert STEPS
    version, typed = PROJECT, []
    for line in STEPS[1].splitlines():
        program, *words = shlex.split(line, comments=True)
        if program == "git":
            version = later
            continue
        typed.append(words[0])
        words = [str(tmp_path / "before") if word == "/backups/before" else word for word in words]
        types(desk, version, *words)
    assert typed == ["backup", "down", "up", "status", "reconcile"]

    told = document(desk, later, "status")
    assert told["worker"]["builds"] == told["postman"]["builds"] == [told["versions"]["build"]]
    assert told["versions"]["build"].startswith("0.2.0+")
    after = document(desk, later, "show", number)
    assert after["entries"] == before["entries"]
    assert document(desk, later, "receive-completion", number)["entry"] == len(before["entries"]) + 1
    manifest = json.loads((tmp_path / "before" / "manifest.json").read_text())
    assert number in json.dumps(manifest)
