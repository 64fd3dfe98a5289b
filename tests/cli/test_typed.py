"""What people type is understood where it can mean one thing only, and asked for again where it cannot."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import pytest

import starter
from models.errors import InputRefused
from models.messages import ENGLISH
from office.commands import alike, cents_of, day_of, whole_of
from office.desk.deciding import decider
from office.settings import Settings
from tests.cli.filled import NOW, Office, terminal

NUMBERS = ("CUP-2026-002", "CUP-2026-020", "MNP-2026-002")


@pytest.mark.parametrize("written", ["cup-2026-2", "CUP2026-002", "Cup 2026/2", "CUP-2026-0002"])
def test_a_number_is_known_by_its_letters_and_digits(written: str) -> None:
    assert alike(written, NUMBERS) == "CUP-2026-002"


@pytest.mark.parametrize("written", ["CUP-2026-200", "CUP-20260-02", "2026-002", "", "CUP"])
def test_another_number_is_never_guessed(written: str) -> None:
    assert alike(written, NUMBERS) == written


def test_what_two_are_called_alike_means_neither() -> None:
    assert alike("a-1", ("A-01", "A.1")) == "a-1"
    assert alike("A.1", ("A-01", "A.1")) == "A.1"


@pytest.mark.parametrize(
    "written", ["2026-11-28", "28/11/2026", "28.11.2026", "28-11-2026", "28 november 2026", "28 nov. 2026"]
)
def test_a_day_is_understood_as_people_write_it(written: str) -> None:
    assert day_of(written, "--on") == date(2026, 11, 28)


def test_a_day_with_two_meanings_is_asked_for_again() -> None:
    with pytest.raises(InputRefused, match="--on '3/4/2026' can be 2026-03-04 or 2026-04-03"):
        day_of("3/4/2026", "--on")
    assert day_of("3.4.2026", "--on") == date(2026, 4, 3)  # with full stops the day comes first
    with pytest.raises(InputRefused, match="--on '2026-11-31' is no day"):
        day_of("2026-11-31", "--on")


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        *[
            (written, 11_759_19)
            for written in ("11759.19", "11.759,19", "11759,19", "€ 11 759,19", "11,759.19 EUR")
        ],
        *[(written, 11_759_00) for written in ("11759", "11 759,0 euro", "€11759")],
        ("0,5", 50),
    ],
)
def test_an_amount_is_understood_as_people_write_it(written: str, cents: int) -> None:
    assert cents_of(written) == cents


@pytest.mark.parametrize(
    "written", ["11.759", "11,759", "1.5.3", "-5", "1e3", "0", "0.001", "99999999999", "٣", "€", "5 €uro"]
)
def test_what_is_no_amount_of_euros_and_cents_is_refused(written: str) -> None:
    with pytest.raises(InputRefused, match="--amount"):
        cents_of(written)


@pytest.mark.parametrize("written", ["9.5", "8.4", "--3", "1e2", "0x10", "٣", "", "ten", "1 000", "9" * 13])
def test_what_is_no_whole_number_is_refused_and_not_rounded(written: str) -> None:
    with pytest.raises(InputRefused, match="--count"):
        whole_of(written, "--count")
    assert (whole_of("009", "--count"), whole_of("-1", "--count")) == (9, -1)  # which may be too few


@pytest.mark.parametrize(
    "said",
    [
        "record-count HEX-2026-001 --counted doses --count 9.5 --allowed --source form",
        "raise-questions CUP-2026-002 --body ethics_committee --question Why? --days 30.5",
        "list --due-within 7.5",
    ],
)
def test_no_command_rounds_a_number_that_was_typed(
    said: str, filled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal(filled.settings, ENGLISH, 80):
        assert starter.run(shlex.split(said)) == 2
    assert "is no whole number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "who"), [("Bob", "Bob"), (" bob ", "Bob"), ("The Minister", "The Minister"), ("B.", "B.")]
)
def test_who_decided_is_spelt_as_the_office_does_and_somebody_else_as_typed(
    written: str, who: str, filled: Office, tmp_path: Path
) -> None:
    assert decider(filled.settings, written, NOW.date()) == who
    nobody = Settings(var=tmp_path / "var")
    assert decider(nobody, written, NOW.date()) == written


def test_what_is_nearly_the_name_of_one_of_the_office_decides_nothing(
    filled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    suspends = (
        'suspend CUP-2026-002 --requested-by agency --grounds "Unsafe." --capacity minister '
        "--decided-by Annn --dry-run"
    )
    with terminal(filled.settings, ENGLISH, 80):
        assert starter.run(shlex.split(suspends)) == 2
    said = capsys.readouterr().err
    assert "--decided-by 'Annn' is nearly the name of Ann." in said
    assert "possible now: umn people" in said
