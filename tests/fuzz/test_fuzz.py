"""Ten minutes of chance for each kind of file that strangers hand in: none is a fault of ours.

`make long` gives each kind its ten minutes; UMN_TEST_MINUTES says how many, and UMN_TEST_SEED which cases.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.desk import civil_today

MINUTES = os.environ.get("UMN_TEST_MINUTES", "0.2")
SEED = os.environ.get("UMN_TEST_SEED", str(civil_today().toordinal()))


KINDS = ["statements", "forms", "page", "packages"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_files_of_chance_are_no_fault_of_ours(kind):
    holds(kind, "0.02")


@pytest.mark.long
@pytest.mark.timeout(float(MINUTES) * 60 + 300)
@pytest.mark.parametrize("kind", KINDS)
def test_no_file_of_a_stranger_is_a_fault_of_ours(kind):
    holds(kind, MINUTES)


def holds(kind, minutes):
    told = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", kind, "--minutes", minutes, "--seed", SEED],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
    )
    print(told.stdout)
    assert told.returncode == 0, told.stdout + told.stderr
