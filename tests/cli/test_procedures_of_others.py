"""Folders of procedures that an installation brings itself: taken in, or refused before anything starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from office.settings import Settings
from tests.cli.desk import Desk

PROJECT = Path(__file__).resolve().parents[2]

FOLDER = """
from dataclasses import replace
from procedures.be_umn import procedure as known

FOLDER = replace(known.FOLDER, procedures=(replace(known.COMPASSIONATE_USE, code="TRY"),))
"""


def asks(place: Path, *words: str, program: str = "starter.py") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"UMN_PROCEDURES": str(place), "UMN_VAR": str(place / "var")}
    environment["UMN_KEY"] = str(place / "key")
    typed = [sys.executable, str(PROJECT / program), *words]
    return subprocess.run(typed, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "be_try").mkdir()
    (tmp_path / "be_try" / "procedure.py").write_text(FOLDER)
    Desk(Settings(var=tmp_path / "var", key=tmp_path / "key")).first()
    return tmp_path


def test_a_clause_that_several_books_hold_is_named_with_its_book(place: Path) -> None:
    doubtful = asks(place, "law", "show", "decision")
    assert doubtful.returncode == 3
    assert "be_try/decision" in doubtful.stderr
    assert "be_umn/decision" in doubtful.stderr
    shown = asks(place, "law", "show", "be_try/decision")
    assert shown.returncode == 0, shown.stderr
    assert "have no word in en for 'decision' in [articles]" in shown.stdout  # the folder brings none


def test_a_clause_that_two_books_have_is_confirmed_tried_and_told_apart(place: Path) -> None:
    value = ("--value", "the Director", "--unit", "text", "--from", "2026-01-01")
    confirm = ("--source", "Ministerial Order", "--text", "the order", "-o", "json")
    doubtful = asks(place, "law", "confirm", "power-to-close", *value, *confirm)
    assert doubtful.returncode == 3
    assert not (place / "var" / "law.toml").exists()
    confirmed = asks(place, "law", "confirm", "be_umn/power-to-close", *value, *confirm)
    assert confirmed.returncode == 0, confirmed.stderr
    assert 'clause = "be_umn/power-to-close"' in (place / "var" / "law.toml").read_text()
    impact = asks(place, "law", "impact", "--clause", "be_umn/power-to-close", *value)
    assert "law book" not in impact.stderr
    applied = asks(place, "law", "apply", "be_umn/power-to-close")
    assert "law impact --clause be_umn/power-to-close --from 2026-01-01" in applied.stderr
    listed = json.loads(asks(place, "law", "list", "-o", "json").stdout)
    says = {known["book"]: known["value"] for known in listed if known["clause"] == "power-to-close"}
    assert says["be_umn"] == "the Director" != says["be_try"]
    assert "be_try/power-to-close" in asks(place, "law", "list").stdout
    assert asks(place, "law", "show", "be_try/power-to-close").stdout.startswith("be_try/power-to-close: ")


def test_every_command_that_the_check_prints_names_a_clause_of_one_book(place: Path) -> None:
    checked = json.loads(asks(place, "law", "check", "-o", "json").stdout)
    books: dict[str, set[str]] = {}
    for problem in checked:
        books.setdefault(problem["clause"], set()).add(problem["book"])
    assert len(books["decision"]) == 2
    for problem in checked:
        clause = problem["clause"]
        of_several = f"{problem['book']}/{clause}" if len(books[clause]) > 1 else clause
        assert problem["command"].split()[3] == of_several


def test_a_closing_day_of_one_authority_is_a_working_day_of_another(place: Path) -> None:
    published = ("--published", "2025-12-01")
    add = ("calendar", "add", "2026-12-22", "--reason", "Bridge", *published)
    doubtful = asks(place, *add)
    assert doubtful.returncode != 0
    assert "be_try" in doubtful.stderr
    (place / "var" / "law.toml").write_text(
        '[[closing_day]]\nbook = "be_try"\nday = 2026-12-22\nreason = "Bridging day."\n'
        'by = "Head of desk"\nentered_on = 2026-11-22\npublished_on = 2025-12-01\n'
    )
    period = ("clock", "--start", "2026-12-21", "--limit", "1 working_days", "-o", "json")
    last = {name: asks(place, *period, "--calendar", name).stdout for name in ("be_try", "be_umn")}
    assert "2026-12-23" in last["be_try"]
    assert "2026-12-23" not in last["be_umn"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("FOLDER = None + 1", "be_try cannot be read: unsupported operand"),
        (
            FOLDER + "FOLDER = replace(FOLDER, clauses=())",
            "be_try cannot be read: it uses clauses that it does not hold",
        ),
        (FOLDER.replace('"TRY"', '"MNP"'), "be_try has the code MNP, which another folder has"),
    ],
    ids=["unreadable", "without its clauses", "a code that is taken"],
)
def test_a_folder_that_breaks_its_contract_stops_the_start(place: Path, written: str, said: str) -> None:
    (place / "be_try" / "procedure.py").write_text(written)
    for answer in (asks(place, "law", "list"), asks(place, program="worker.py")):
        assert "Traceback" not in answer.stderr
        assert said in " ".join(answer.stderr.split())
        assert answer.returncode in (2, 5)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[word", "be_try cannot be read: "),
        ('[word]\nsuspended = "on hold"\n', "be_try says otherwise what is said already: word.suspended"),
    ],
    ids=["unreadable", "a word that has another meaning"],
)
def test_words_of_a_folder_that_cannot_stand_are_refused(place: Path, written: str, said: str) -> None:
    (place / "be_try" / "messages.en.toml").write_text(written)
    answer = asks(place, "list")
    assert answer.returncode == 2
    assert said in " ".join(answer.stderr.split())


def test_the_words_of_a_folder_are_read_where_its_procedure_is_used(place: Path) -> None:
    (place / "be_try" / "messages.en.toml").write_text('[form]\na-try-out = "a try-out"\n')
    say = "from office.settings import Settings; from models.forms import a; "
    say += "Settings.read().take_procedures_in(); print(a('try-out'))"
    environment = os.environ | {"UMN_PROCEDURES": str(place), "UMN_VAR": str(place / "var")}
    environment["UMN_KEY"] = str(place / "key")
    said = subprocess.run(
        [sys.executable, "-c", say], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "a try-out\n"


def test_a_place_without_a_procedure_is_refused(tmp_path: Path) -> None:
    answer = asks(tmp_path, "list")
    assert answer.returncode == 2
    assert "holds no folder with a procedure.py" in answer.stderr
