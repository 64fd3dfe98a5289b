"""Help of every command ends with examples that the command takes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest
from cyclopts import App

import starter
from models.acts import ACTS
from office.commands.examples import examples
from tests.cli.desk import Desk


def named(app: App, *before: str) -> Iterator[str]:
    """Every command, and those that it has of its own; what is prepared is the act itself."""
    for name in app:
        if not name.startswith("-"):
            yield " ".join((*before, name))
            if before == () and name != "prepare":
                yield from named(app[name], name)


@pytest.fixture
def commands() -> App:
    starter.add_acts()
    return starter.app


def test_every_command_has_an_example_and_no_other_has(commands: App) -> None:
    assert {*named(commands)} == {*examples()}
    assert {act.command for act in ACTS} <= {*examples()}


@pytest.mark.parametrize("command", examples())
def test_an_example_is_of_its_command_and_is_understood(
    command: str, nowhere: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UMN_VAR", str(nowhere.settings.var))
    for example in examples()[command]:
        umn, *words = shlex.split(example)
        starter.add_acts(words[0])
        assert umn == "umn"
        if command not in ("law", "calendar", "dossier", "letter", "form"):  # alone these show their help
            assert " ".join(words).startswith(command)
        starter.app.parse_args(words, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("words", [("judge",), ("people", "add"), ("list",)])
def test_help_ends_with_them(nowhere: Desk, words: tuple[str, ...]) -> None:
    shown = nowhere.asks(*words, "--help").ended(0).out
    told = shown.partition("Examples:\n")[2].splitlines()
    assert told == [f"  {one}" for one in examples()[" ".join(words)]]
    assert shown == nowhere.asks("help", *words).ended(0).out
