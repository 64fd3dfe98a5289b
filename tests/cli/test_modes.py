"""Whose files are whose: the office's own are its owner's only, what it writes for others is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.desk import PROJECT, STARTER, Answer, Desk, eventually, office

pytestmark = pytest.mark.server


def open_to_others(folder: Path) -> dict[str, str]:
    """What in a folder, itself included, group or others may touch."""
    paths = [folder, *folder.rglob("*")]
    modes = {str(path): path.lstat().st_mode for path in paths if not path.is_symlink()}
    return {path: oct(mode) for path, mode in modes.items() if stat.S_IMODE(mode) & 0o077}


def types_with_umask(desk: Desk, umask: int, *words: str) -> Answer:
    """Types a command in a shell that has this umask."""
    ended = subprocess.run(
        [sys.executable, str(STARTER), *words],
        env=desk.environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        umask=umask,
        check=False,
    )
    return Answer(words, ended.returncode, ended.stdout, ended.stderr)


def test_all_that_an_office_keeps_is_its_owners_only_whatever_the_shell_says(tmp_path: Path) -> None:
    outer = os.umask(0)
    try:
        with office(tmp_path / "var") as desk:
            number = desk.submits(tmp_path / "package")
            desk.does("declare-admissible", number)
            outbox = desk.settings.outbox
            eventually(lambda: outbox.is_dir() and list(outbox.rglob("*.eml")))
            kept = {path.name for path in desk.settings.var.iterdir()}
            assert {"register.db", "temporal.db", "running.json", "log", "documents"} <= kept
            assert open_to_others(desk.settings.var) == {}
    finally:
        os.umask(outer)


def test_up_closes_a_folder_that_was_open_and_says_so(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "documents").mkdir(parents=True)
    (var / "documents" / "one").write_text("filed")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not ours")
    (var / "link").symlink_to(elsewhere)
    for path, mode in ((var, 0o755), (var / "documents", 0o775), (var / "documents" / "one", 0o644)):
        path.chmod(mode)
    elsewhere.chmod(0o644)
    with office(var) as desk:
        assert open_to_others(var) == {}
        assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
        (var / "register.db").chmod(0o640)
        assert "1 files and folders were open to other users" in desk.types("up").ended(0).err
        assert "open to other users" not in desk.types("up").ended(0).err


def test_what_is_written_for_others_has_the_modes_of_the_operators_other_files(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path / "package")
    for umask in (0o022, 0o027):
        at = tmp_path / oct(umask)
        at.mkdir()
        for words in (
            ("due", "--ical", str(at / "due.ics")),
            ("timeline", number, "--svg", str(at / "timeline.svg")),
            ("form", "new", "cup", "--out", str(at / "form.xlsx")),
            (
                "letter",
                "preview",
                number,
                "acknowledgement",
                "--lang",
                "fr",
                "--out",
                str(at / "letter.html"),
            ),
            ("documents", number, "--extract", str(at / "documents")),
        ):
            types_with_umask(desk, umask, *words).ended(0)
        wrong = {
            str(path): oct(path.stat().st_mode)
            for path in at.rglob("*")
            if stat.S_IMODE(path.stat().st_mode) != (0o777 if path.is_dir() else 0o666) & ~umask
        }
        assert wrong == {}
        assert len(list(at.rglob("*"))) > 6


def test_a_published_site_can_be_read_by_a_web_server_of_another_user(desk: Desk, tmp_path: Path) -> None:
    site = tmp_path / "srv" / "site" / "umn"
    types_with_umask(desk, 0o077, "publish", str(site.parent)).ended(0)
    served = [site.parent, site, site / "versions", *(site / "current").resolve().rglob("*")]
    assert len(served) > 10
    shut = [
        str(path)
        for path in served
        if stat.S_IMODE(path.stat().st_mode) != (0o755 if path.is_dir() else 0o644)
    ]
    assert shut == []
