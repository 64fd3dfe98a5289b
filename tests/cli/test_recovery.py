"""`umn backup` and `umn restore` as an operator types them, beside an office that runs."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from office.service.backup_set import verified
from office.service.running import recall
from office.service.sweeping import sweep
from office.settings import Settings
from tests.cli.desk import Desk
from tests.ports import free_port

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def made(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A backup of the office while it runs, and the number of a case in it."""
    number = desk.submits(tmp_path_factory.mktemp("packages"))
    desk.sees_at_rest(number)  # its letters lie in the outbox
    folder = tmp_path_factory.mktemp("backups") / "set"
    told = desk.does("backup", str(folder))
    assert told["without"] == str(desk.settings.keys)
    assert (told["temporal"], told["database"], told["lacking"]) == ("embedded", "SQLite", [])
    return number, folder


@pytest.fixture
def other(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """An operator on another machine, with an empty data folder."""
    places = {"temporal_port": free_port(), "ui_port": free_port()}
    operator = Desk(Settings(var=tmp_path / "var", key=desk.settings.key, **places))
    yield operator
    operator.leaves()


def test_a_backup_of_an_office_that_runs_is_whole_and_lies_where_it_was_asked_for(
    desk: Desk, made: tuple[str, Path]
) -> None:
    number, folder = made
    manifest = verified(folder)
    assert manifest.last[number] >= 1
    assert manifest.documents >= 10
    assert [path.name for path in folder.parent.iterdir()] == ["set"]  # no draft stays beside it
    secret = (desk.settings.keys / "office").read_bytes()
    assert secret not in {path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    desk.asks("backup", str(folder)).ended(2)  # one set is never written over another


def test_a_restored_office_shows_its_cases_and_keeps_back_what_leaves_it(
    made: tuple[str, Path], other: Desk
) -> None:
    number, folder = made
    told = other.asks("restore", str(folder), "-o", "json").ended(0).document
    assert told["cases"] == len(verified(folder).last)
    last = int(number.rpartition("-")[2])
    (left_out,) = (one for one in told["left_out"] if one["series"] == number.rpartition("-")[0])
    assert left_out["first"] > last
    assert left_out["last"] - left_out["first"] == 99
    assert other.sees(number)["number"] == number
    problems = other.asks("status", "-o", "json").ended(5).document["problems"]
    assert [one["possible"] for one in problems if one["kind"] == "kept-back"] == [["release"]]
    refused = other.asks("publish", str(folder.parent / "site")).ended(3)
    assert "nothing is published before" in refused.err
    other.asks("publish", str(folder.parent / "site"), "--diff").ended(0)
    assert "not between 0 and" in other.asks("restore", str(folder), "--skip", "-1").ended(2).err
    assert "is not empty" in other.asks("restore", str(folder)).ended(2).err
    other.asks("release").ended(3)
    told = other.asks("release", "--seen", str(folder / "outbox"), "-o", "json").ended(0).document
    # a letter of another case may have left between the copy of the register and that of the outbox
    assert [one for one in told["lost_letters"] if number in one["subject"]] == []


@pytest.mark.parametrize(
    "harm",
    ["register.db", "temporal.db", "document", "no document", "outbox", "manifest.json", "no manifest"],
)
def test_a_set_that_is_no_longer_what_was_written_is_not_restored(
    made: tuple[str, Path], other: Desk, tmp_path: Path, harm: str
) -> None:
    _, folder = made
    copy = tmp_path / "set"
    shutil.copytree(folder, copy)
    document = next(path for path in (copy / "documents").glob("*/*"))
    match harm:
        case "document":
            document.write_bytes(b"another")
        case "no document":
            document.unlink()
        case "outbox":
            next((copy / "outbox").iterdir()).write_bytes(b"another")
        case "no manifest":
            (copy / "manifest.json").unlink()
        case "manifest.json":
            (copy / "manifest.json").write_bytes((copy / "manifest.json").read_bytes()[:-40])
        case _:
            with (copy / harm).open("r+b") as file:
                file.seek(-200, os.SEEK_END)
                file.write(b"x" * 100)
    other.asks("restore", str(copy)).ended(2)
    assert not other.settings.var.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def test_with_a_temporal_of_somebody_else_the_histories_of_open_cases_are_kept(
    desk: Desk, made: tuple[str, Path], tmp_path: Path
) -> None:
    number, _ = made
    running = recall(desk.settings.var)
    assert running is not None
    folder = tmp_path / "set"
    told = desk.types("backup", str(folder), "-o", "json", TEMPORAL_ADDRESS=running.address).ended(0).document
    assert told["temporal"] == "external"
    assert not (folder / "temporal.db").exists()
    (file,) = (folder / "histories").glob(f"{number}.*.json.gz")
    events = json.loads(gzip.decompress(file.read_bytes()))["events"]
    assert len(events) > 5
    assert len(list((folder / "histories").iterdir())) >= 1
    assert verified(folder).temporal == "external"


def test_what_a_crash_left_half_written_is_swept_and_what_may_be_at_work_is_not(tmp_path: Path) -> None:
    (tmp_path / "documents" / "aa").mkdir(parents=True)
    for folder in ("outbox", "requests", "keys"):
        (tmp_path / folder).mkdir()
    left = [
        "outbox/.x.draft",
        "documents/.new-1",
        "requests/0a.123",
        "running.new",
        ".law.toml.new",
        "keys/.new-1",
    ]
    stays = [
        "outbox/a.eml",
        "documents/.store",
        "documents/aa/aa",
        "requests/0a.json",
        "law.toml",
        "keys/office",
    ]
    for name in (*left, *stays, "outbox/.at-work.draft"):
        (tmp_path / name).write_text("x")
        if name != "outbox/.at-work.draft":
            os.utime(tmp_path / name, (time.time() - 4_000,) * 2)
    assert sweep(tmp_path, tmp_path / "documents") == len(left)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {*stays, "outbox/.at-work.draft"}
