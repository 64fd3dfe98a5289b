"""The log of acts: of each entry a line, with who did what and nothing that anybody typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.entry import Entry
from office.service import act_log
from office.settings import Settings


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_each_entry_has_a_line_with_its_act_and_person_and_none_of_its_words(
    database_url: str, entry: Callable[..., Entry], tmp_path: Path
) -> None:
    register = RegisterEntries(database_url, logged=act_log.log_of_acts(Settings(var=tmp_path)))
    first = entry(facts={"grounds": "Mevrouw Janssens was ill."})
    register.enter(first)
    register.enter(first)
    file = tmp_path / "log" / "acts.jsonl"
    told, again = lines(file)
    assert told == again
    assert told == {
        "at": first.recorded_at.isoformat(timespec="milliseconds"),
        "number": first.number,
        "entry": 1,
        "act": first.act,
        "by": first.by,
    }


def test_it_is_set_aside_when_it_has_grown_large_and_one_earlier_file_is_kept(
    entry: Callable[..., Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_log, "LOG_LIMIT", 400)
    write = act_log.log_of_acts(Settings(var=tmp_path))
    for _ in range(10):
        write(entry())
    kept = sorted((tmp_path / "log").iterdir())
    assert [file.name for file in kept] == ["acts.jsonl", "acts.jsonl.1"]
    assert all(0 < file.stat().st_size <= 400 for file in kept)


def test_an_entry_stands_where_no_line_can_be_written(
    database_url: str, entry: Callable[..., Entry], tmp_path: Path
) -> None:
    register = RegisterEntries(database_url, logged=act_log.log_of_acts(Settings(var=tmp_path)))
    (tmp_path / "log" / "acts.jsonl").mkdir()
    assert register.enter(entry()).stands
