"""The script that makes the samples makes what is shipped, always the same."""

from __future__ import annotations

import filecmp
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from office.intake.package import read_package
from procedures.be_umn.samples import HERE as SAMPLES

MADE = runpy.run_path(str(SAMPLES / "make.py"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.mark.parametrize("sample", MADE["SAMPLES"])
def test_the_script_makes_the_samples_that_are_shipped(tmp_path: Path, sample: str) -> None:
    MADE["write"](tmp_path)
    assert files(tmp_path / sample) == files(SAMPLES / sample)


def test_the_deliveries_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    for into in ("one", "two"):
        subprocess.run([sys.executable, str(SAMPLES / "make.py"), str(tmp_path / into)], check=True)
    one, two = tmp_path / "one", tmp_path / "two"
    compared = filecmp.cmpfiles(one, two, list(files(one)), shallow=False)
    assert compared[1:] == ([], [])
    assert files(one).keys() == files(two).keys()


@pytest.mark.parametrize("sample", MADE["SAMPLES"])
def test_a_delivery_beside_its_archive_is_the_same_package_as_its_folder(tmp_path: Path, sample: str) -> None:
    MADE["deliver"](tmp_path)
    delivered = read_package(tmp_path / f"{sample}-delivery")
    assert delivered == read_package(SAMPLES / sample)
