"""A procedure that lacks a word, or whose law no case can go by, is refused: told is what, and of whom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from models.errors import InputRefused
from office.service.contract import breaks, hold_to_contract, lacks
from tests.toy import PLACE, taken_in

PROJECT = Path(__file__).resolve().parents[2]
LACKING = {
    "an outcome": (
        "letters/words.fr.toml",
        r"(?s)(\[outcomes\].*?)certified = [^\n]*\n",
        "The letters of CTR have no word in fr for 'certified' in [outcomes].",
    ),
    "a body": (
        "letters/words.de.toml",
        r"(?s)(\[salutations\].*?)centres_council = [^\n]*\n",
        "The letters of CTR have no word in de for 'centres_council' in [salutations].",
    ),
    "a part of the subject": (
        "letters/words.nl.toml",
        r"()place = [^\n]*\n",
        "The letters of CTR have no word in nl for 'place' in [labels].",
    ),
    "a rule": (
        "letters/findings/en.toml",
        r"()K-01 = [^\n]*\n",
        "The letters of CTR have no word in en for 'K-01' in [rules].",
    ),
    "a public list": (
        "site/nl.toml",
        r"(?s)(\[lists\].*?)interrupted = [^\n]*\n",
        "The words of the register centres in nl lack lists.interrupted.",
    ),
    "what an operator reads": (
        "messages.en.toml",
        r"()council-opinion = [^\n]*\n",
        "CTR has no words in messages.en.toml for due.council-opinion.",
    ),
    "what an article says": (
        "letters/articles.fr.toml",
        r"()council-opinion = [^\n]*\n",
        "The letters of CTR have no word in fr for 'council-opinion' in [articles].",
    ),
    "a question": (
        "questions/fr.toml",
        r'()"equipment.beds" = [^\n]*\n',
        "The forms of CTR have no question in fr for 'equipment.beds'.",
    ),
}
BROKEN = {
    "words in place of a limit": (
        '"time to decide", calendar_days(60)',
        '"time to decide", "in due course"',
        "the clause decision says 'in due course', and must be one limit in a unit that it may have.",
    ),
    "steps in place of a limit": (
        '"opinion of the council", calendar_days(30)',
        '"opinion of the council", (calendar_days(30), calendar_days(10))',
        "the clause council-opinion says '30, 10 calendar days', and must be one limit in a unit that it "
        "may have.",
    ),
    "a unit in which nothing recurs": (
        '"interval between reports",\n    months(12)',
        '"interval between reports",\n    calendar_days(365)',
        "the clause activity-report says '365 calendar days', and must be one limit in a unit that it may "
        "have.",
    ),
    "words in place of steps": (
        '"warnings before a certificate ends",\n    (calendar_days(60),)',
        '"warnings before a certificate ends",\n    "in good time"',
        "the clause validity-warnings says 'in good time', and must be limits in units that it may have.",
    ),
    "a limit in place of a power": (
        '"power to end a certificate", "the director of the office"',
        '"power to end a certificate", calendar_days(1)',
        "the clause power-to-close says '1 calendar day', and must be words.",
    ),
    "no article": (
        '"the director of the office", "art. 11"',
        '"the director of the office", ""',
        "a value of the clause power-to-close names no article.",
    ),
    "no law yet": (
        "SINCE = date(2020, 1, 1)",
        "SINCE = date(2999, 1, 1)",
        "today's law of CTR cannot be put together.",
    ),
    "years without end": (
        '"time to decide", calendar_days(60)',
        '"time to decide", calendar_days(2000)',
        "today's law of CTR cannot be put together. time to decide (decision) of 2000 calendar days is more "
        "than 5 years.",
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    copytree(PLACE / "be_centre", tmp_path / "place" / "be_centre")
    return tmp_path / "place"


def take_away(place: Path, what: str) -> str:
    """Takes a word out of the folder. Returns: what is said of it."""
    name, line, said = LACKING[what]
    file = place / "be_centre" / name
    left, times = re.subn(line, r"\1", file.read_text("utf-8"), count=1)
    assert times == 1
    file.write_text(left, "utf-8")
    return said


def break_law(place: Path, how: str) -> str:
    """Breaks the law of the folder. Returns: what is said of it."""
    stands, instead, said = BROKEN[how]
    file = place / "be_centre" / "law.py"
    law = file.read_text("utf-8")
    assert law.count(stands) == 1
    file.write_text(law.replace(stands, instead), "utf-8")
    return f"The folder of procedures be_centre: {said}"


@pytest.fixture(autouse=True)
def toy() -> None:
    """Not the folder as it stands: its copy takes its place."""


@pytest.mark.parametrize("what", LACKING)
def test_a_word_that_is_taken_away_is_missed_by_name(place: Path, what: str) -> None:
    said = take_away(place, what)
    with taken_in(place):
        assert [str(missing) for missing in lacks("CTR")] == [said]
        with pytest.raises(InputRefused, match=re.escape(said)):
            hold_to_contract()


def test_a_letter_that_is_taken_away_is_missed_by_name(place: Path) -> None:
    (place / "be_centre" / "letters" / "closure" / "de.txt.j2").unlink()
    with taken_in(place):
        (missing,) = lacks("CTR")
    assert str(missing) == "The letters of CTR have no closure/de.txt.j2: closure cannot be written in de."


@pytest.mark.parametrize("how", BROKEN)
def test_a_law_that_no_case_can_go_by_is_refused_by_folder_and_clause(place: Path, how: str) -> None:
    said = break_law(place, how)
    with taken_in(place):
        assert any(said in str(wrong) for wrong in breaks("be_centre"))
        with pytest.raises(InputRefused, match=re.escape(said)):
            hold_to_contract()


@pytest.mark.parametrize("program", [("worker.py",), ("worker.py", "postman"), ("starter.py", "up")])
def test_nothing_starts_while_a_word_is_missing(place: Path, program: tuple[str, ...]) -> None:
    refuses_to_start(place, program, take_away(place, "an outcome"))


def test_no_worker_starts_while_a_clause_is_broken(place: Path) -> None:
    refuses_to_start(place, ("worker.py",), break_law(place, "words in place of a limit"))


def refuses_to_start(place: Path, program: tuple[str, ...], said: str) -> None:
    """A process that would serve the cases of the place ends with what is wrong, and is not ready."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("UMN_", "TEMPORAL_"))}
    environment |= {"UMN_PROCEDURES": str(place), "UMN_VAR": str(place / "var")}
    typed = [sys.executable, str(PROJECT / program[0]), *program[1:]]
    answer = subprocess.run(typed, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode in (2, 5)
    assert said in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr
    assert not (place / "var" / "worker.ready").exists()
