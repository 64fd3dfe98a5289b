"""What the stories ran replays word for word on the code that ran it, and walks nearly all of workflows/."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from tests.replay.strict import defined

ROOT = Path(__file__).resolve().parents[2]
AT_LEAST = 98
"""Percent of the lines and branches of workflows/ that a replay walks."""

NOT_REPLAYED = "workflows/rehearsal.py,workflows/envelopes.py,workflows/refusal.py"
"""What drives a case without a history, and what looks at an act, or refuses it, before one is written."""


@pytest.fixture(scope="module")
def walked(runs, tmp_path_factory) -> tuple[str, Path]:
    """Where history and code part, and the lines that were walked, by processes that only replay."""
    lines = tmp_path_factory.mktemp("replay") / "coverage"
    said = ""
    for folder, files in groupby(runs, key=lambda run: run.parent.name):
        bound = ["--runs-of", folder.removeprefix("runs-of-")] if folder.startswith("runs-of-") else []
        cover = ["run", "--append", "--branch", "--source=workflows", f"--data-file={lines}"]
        replay = ["-m", "tests.replay.strict", *bound, *map(str, files)]
        found = subprocess.run(
            [sys.executable, "-m", "coverage", *cover, *replay], cwd=ROOT, capture_output=True, text=True
        )
        said += found.stdout + (found.stderr if found.returncode else "")
    return said, lines


def test_every_kind_of_workflow_has_left_a_history(runs):
    kinds = {run.name.partition("@")[0] for run in runs}
    assert kinds == {workflow.__temporal_workflow_definition.name for workflow in defined()}


def test_what_the_stories_ran_replays_word_for_word(walked):
    said, _ = walked
    assert said == ""


def test_replay_alone_walks_nearly_every_line_of_the_workflows(walked):
    _, lines = walked
    asked = ["report", "-m", "--precision=1", f"--fail-under={AT_LEAST}", f"--data-file={lines}"]
    asked.append(f"--omit={NOT_REPLAYED}")
    report = subprocess.run(
        [sys.executable, "-m", "coverage", *asked], cwd=ROOT, capture_output=True, text=True
    )
    assert report.returncode == 0, f"Tell a story of each missing line:\n{report.stdout}{report.stderr}"
