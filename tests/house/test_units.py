"""The units of systemd start what there is to start, with settings that exist."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest

import starter
import worker

PROJECT = Path(__file__).resolve().parents[2]
UNITS = sorted((PROJECT / "deployment" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PLACE = "/opt/umn"


def read(unit: Path) -> ConfigParser:
    """A unit of systemd; each of its keys stands once here."""
    parsed = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parsed.optionxform = str
    parsed.read_string(unit.read_text())
    return parsed


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_starts_and_stops_what_this_project_has(unit: Path) -> None:
    service = read(unit)["Service"]
    for key in ("ExecStart", "ExecStop"):
        if key in service:
            python, script, *words = shlex.split(service[key])
            assert python == f"{PLACE}/.venv/bin/python"
            assert (PROJECT / script).is_file()
            known = {"starter.py": [*starter.ALONE], "worker.py": ["postman"]}[script]
            assert words[:1] == [] or words[0] in known
    assert service["WorkingDirectory"] == PLACE
    assert service["EnvironmentFile"] == "/etc/umn/umn.env"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_says_what_it_is_and_names_only_units_and_pages_that_are_there(unit: Path) -> None:
    said = read(unit)["Unit"]
    assert said["Description"].startswith("umn: ")
    assert (PROJECT / Path(said["Documentation"].removeprefix("file://")).relative_to(PLACE)).is_file()
    named = re.findall(r"umn[a-z-]*\.(?:service|timer)", unit.read_text())
    assert {*named} <= {known.name for known in UNITS}


def test_what_is_begun_is_given_the_time_that_it_takes() -> None:
    """A letter that is being handed over ends before systemd loses patience."""
    for unit in SERVICES:
        service = read(unit)["Service"]
        if "worker.py" in service["ExecStart"]:
            assert service["TimeoutStopSec"] == "1min"
            assert worker.ITS_END.total_seconds() * 2 < 60
