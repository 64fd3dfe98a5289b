"""In which language people read the desk, and what is never told in it: JSON, CSV, and whatever is kept."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import starter
from models.errors import InputRefused
from models.messages import ENGLISH, Message
from office.settings import Settings
from register.refused_packages import refused_packages
from tests.cli.desk import Desk
from tests.cli.filled import Office, terminal
from tests.cli.test_law import CONFIRM
from tests.cli.test_screens import MOST_USED, OTHERS, SPOKEN

COMMANDS = {name: command for name, command in (MOST_USED | OTHERS).items() if command}


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"UMN_LANG": "fr"}, "fr"),
        ({"UMN_LANG": "", "LANG": "de_BE.UTF-8"}, "de"),
        ({"UMN_LANG": "nl", "LC_ALL": "fr_BE.UTF-8"}, "nl"),
        ({"LC_ALL": "nl_BE@euro", "LC_MESSAGES": "fr_BE", "LANG": "de_DE"}, "nl"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr", "LANG": "de_DE"}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "en"),
    ],
)
def test_the_language_is_as_set_else_as_the_locale_tells_else_english(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UMN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Settings.read().language == language


@pytest.mark.parametrize("written", ["es", "NL", "nl_BE"])
def test_another_language_is_refused_with_those_that_there_are(
    written: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UMN_LANG", written)
    assert starter.run(["list"]) == 2
    assert f"UMN_LANG is '{written}'; it must be one of en, nl, fr, de" in capsys.readouterr().err
    with pytest.raises(InputRefused):
        Settings(lang=written)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_refusal_is_told_in_the_language_of_whoever_reads_and_to_programs_in_english(
    language: str, nowhere: Desk
) -> None:
    said = Message("register.not-yet", url=(nowhere.settings.var / "register.db").resolve())
    for where in ({"UMN_LANG": language}, {"LC_ALL": f"{language}_BE.UTF-8"}):
        refused = nowhere.types("show", "CUP-2026-001", **where).ended(5)
        assert refused.err.startswith(said.in_words(language))
        told = nowhere.types("show", "CUP-2026-001", "-o", "json", **where).ended(5)
        assert told.document["message"] == str(said)
        assert told.err.startswith(str(said))


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", COMMANDS)
def test_what_programs_read_is_the_same_in_every_language(
    name: str, language: str, filled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []
    for read in (ENGLISH, language):
        with terminal(filled.settings, read, 80):
            code = starter.run([*shlex.split(COMMANDS[name].removesuffix("--plain")), "-o", "json"])
        seen.append((code, capsys.readouterr()))
    assert seen[0] == seen[1]


def test_the_files_of_a_report_are_the_same_in_every_language(
    filled: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for read in SPOKEN:
        with terminal(filled.settings, read, 80):
            assert starter.run(["report", "--csv", str(tmp_path / read)]) == 0
    english = {file.name: file.read_text() for file in (tmp_path / ENGLISH).iterdir()}
    assert "2026-01,19284.61,19284.61" in english["money.csv"]
    for read in SPOKEN:
        assert {file.name: file.read_text() for file in (tmp_path / read).iterdir()} == english


@pytest.mark.parametrize("language", SPOKEN)
def test_what_is_kept_is_english_whoever_reads(language: str, known: Desk, tmp_path: Path) -> None:
    """The register keeps why a package was refused, the file of law what a value takes the place of."""
    package = tmp_path / "package.exe"
    package.write_bytes(b"MZ")
    known.types("submit", str(package), UMN_LANG=language).ended(2)
    (refused,) = refused_packages(known.settings.register_url)
    assert refused.message.startswith("The package was refused.\n")
    known.types(*CONFIRM, UMN_LANG=language).ended(0)
    kept = known.settings.law.read_text()
    assert kept.startswith("# The law as this agency completed it.")
    assert "It takes the place of 55 working days" in kept
