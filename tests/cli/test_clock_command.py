"""`umn clock`: any period, without server or register, with its steps."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

import starter
from models.clock import ClosingDay, Rules
from office.commands.looking import clock
from office.law.agency import add_closing_day
from office.settings import Settings
from tests.cli.desk import Desk, civil_today
from tests.ports import free_port

IN_WORKING_DAYS = ("clock", "--start", "2026-04-30", "--limit", "9 working_days")
EXAMPLE = ("clock", "--start", "2026-04-30", "--limit", "14 calendar_days")
STOPPED = (*EXAMPLE, "--stop", "2026-05-03..2026-05-10", "--rules", "eu-1182-71", "--calendar", "BE")


def counted(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert starter.run([*words, "-o", "json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def kinds(answer: dict[str, Any]) -> list[str]:
    return [step["kind"] for step in answer["readings"][0]["steps"]]


def test_a_period_with_a_stop_is_counted_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    answer = counted(capsys, *STOPPED)
    assert answer["due_on"] == "2026-05-22"
    assert answer["rules"] == "eu-1182-71"
    assert answer["calendar"].startswith("BE, holidays ")
    assert kinds(answer) == ["started", "stopped", "counted", "due"]
    assert answer["readings"][0]["steps"][1] == {
        "kind": "stopped",
        "first": "2026-05-03",
        "last": "2026-05-10",
        "days": 8,
        "text": "The limit did not run from 3 May 2026 to 10 May 2026 (8 days).",
    }


def test_of_two_readings_the_earlier_day_is_the_answer_and_the_later_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    term = ("clock", "--start", "2027-05-14", "--limit", "30 calendar_days", "--or-after", "3 working_days")
    answer = counted(capsys, *term)
    assert (answer["due_on"], answer["late_on"]) == ("2027-06-14", "2027-06-21")
    assert starter.run([*term]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Last day: 14 June 2027.",
        "On the later reading: 21 June 2027.",
    ]
    assert counted(capsys, *term[:-2])["late_text"] == ""


def test_it_needs_neither_server_nor_register(tmp_path: Any) -> None:
    operator = Desk(Settings(var=tmp_path / "var", temporal_port=free_port(), ui_port=free_port()))
    answer = operator.types(*STOPPED, "--lang", "nl").ended(0)
    assert answer.out.splitlines()[0].startswith(
        "1. De termijn van 14 kalenderdagen gaat in op 30 april 2026"
    )
    assert answer.out.splitlines()[-1] == "Laatste dag: 22 mei 2026."
    assert not (tmp_path / "var").exists()


def test_while_a_stop_is_open_there_is_no_last_day(capsys: pytest.CaptureFixture[str]) -> None:
    answer = counted(capsys, *EXAMPLE, "--stop", "2026-05-03..", "--stop", "2026-05-06..")
    assert answer["due_on"] is None
    assert kinds(answer) == ["started", "stop-open", "stop-open", "no-due-date"]


@pytest.mark.parametrize(
    ("words", "due_on"),
    [
        (("--limit", "14 calendar_days"), "2026-05-15"),  # the 14th of May is Ascension Day
        (("--limit", "14 calendar_days", "--rules", "plain"), "2026-05-14"),
        (("--limit", "10 working days"), "2026-05-18"),
        (("--limit", "10 working_days", "--closed", "2026-05-15"), "2026-05-19"),
        (("--limit", "14 calendar_days", "--closed", "2026-05-15"), "2026-05-15"),
        (("--limit", "1 month"), "2026-06-01"),
        (("--limit", "2 weeks"), "2026-05-15"),
        (("--limit", "1 week"), "2026-05-07"),
        (("--limit", "36 hours"), "2026-05-01"),
        (("--limit", "48 hours", "--rules", "eu-1182-71"), "2026-05-02"),
        (("--limit", "14 calendar_days", "--extension", "5"), "2026-05-19"),
        (("--limit", "14 calendar_days", "--extension", "5@2026-05-14"), "2026-05-19"),
        (("--limit", "14 calendar_days", "--extension", "5@2026-05-16"), "2026-05-15"),
        (("--limit", "14 calendar_days", "--extension", "5", "--extension", "5", "--cap", "6"), "2026-05-20"),
        (("--limit", "14 calendar_days", "--extension", "5", "--cap", "0"), "2026-05-15"),
        (
            (
                "--limit",
                "14 calendar_days",
                "--stop",
                "2026-05-03..2026-05-05",
                "--stop",
                "2026-05-04..2026-05-06",
            ),
            "2026-05-18",
        ),
    ],
)
def test_units_rules_stops_extensions_and_closing_days_count(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], due_on: str
) -> None:
    assert counted(capsys, "clock", "--start", "2026-04-30", *words)["due_on"] == due_on


def test_questions_on_the_last_day_let_a_limit_end_with_its_stop(capsys: pytest.CaptureFixture[str]) -> None:
    three_days = ("clock", "--start", "2026-03-02", "--limit", "3 calendar_days")
    stop = "2026-03-06..2026-03-10"
    assert counted(capsys, *three_days, "--stop", stop)["due_on"] == "2026-03-05"
    answer = counted(capsys, *three_days, "--stop", f"{stop}@2026-03-05")
    assert (answer["due_on"], kinds(answer)[-2]) == ("2026-03-10", "ends-with-stop")
    assert counted(capsys, *three_days, "--stop", "2026-03-07..@2026-03-06")["due_on"] == "2026-03-05"
    assert starter.run([*three_days, "--stop", f"{stop}@2026-03-06"]) == 2
    assert "before the limit stood still" in capsys.readouterr().err


def test_a_closing_day_that_was_typed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    answer = counted(capsys, *IN_WORKING_DAYS, "--closed", "2026-05-15")
    assert answer["readings"][0]["steps"][1]["text"].endswith("15 May 2026 (closing day of the agency).")
    assert "+closing-days." in answer["calendar"]


def test_the_closing_days_of_the_agency_count_when_they_are_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UMN_VAR", str(tmp_path))
    entered = {"by": "Case officer A", "entered_on": date(2025, 12, 5), "published_on": date(2025, 12, 5)}
    add_closing_day(Settings.read().law, ClosingDay(day=date(2026, 5, 15), reason="bridging day", **entered))
    assert counted(capsys, *IN_WORKING_DAYS)["due_on"] == "2026-05-15"
    agency = counted(capsys, *IN_WORKING_DAYS, "--calendar", "be_umn")
    assert agency["due_on"] == "2026-05-18"
    assert "bridging day" in agency["readings"][0]["steps"][1]["text"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--limit", "14 calendar_days"), "--start"),
        (("--start", "2026-04-30"), "--limit"),
        (("--start", "2026-02-30", "--limit", "14 calendar_days"), "2026-02-30"),
        (("--start", "2026-04-30", "--limit", "14"), "unit"),
        (("--start", "2026-04-30", "--limit", "14 minutes"), "minutes"),
        (("--start", "2026-04-30", "--limit=-1 calendar_days"), "is no limit"),
        ((*EXAMPLE[1:], "--stop", "2026-05-10..2026-05-03"), "ends before it begins"),
        ((*EXAMPLE[1:], "--stop", "2026-05-10"), "no span"),
        ((*EXAMPLE[1:], "--stop", "..2026-05-10"), "is no day"),
        ((*EXAMPLE[1:], "--stop", "2026-05-32.."), "is no day"),
        ((*EXAMPLE[1:], "--stop", "20260503..20260510"), "is no day"),
        ((*EXAMPLE[1:], "--extension", "0"), "--extension"),
        ((*EXAMPLE[1:], "--extension", "five"), "--extension"),
        ((*EXAMPLE[1:], "--extension", "5@"), "is no day"),
        ((*EXAMPLE[1:], "--cap", "-1"), "--cap"),
        ((*EXAMPLE[1:], "--calendar", "NL"), "BE and EU and be_hospital_exemption and be_umn and eu_cma"),
        ((*EXAMPLE[1:], "--rules", "french"), "french"),
        ((*EXAMPLE[1:], "--lang", "es"), "es"),
        ((*EXAMPLE[1:], "--closed", "soon"), "soon"),
    ],
)
def test_what_cannot_be_read_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert starter.run(["clock", *words, "-o", "json"]) == 2
    assert said in json.loads(capsys.readouterr().out)["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("--start", "2026-04-30", "--limit", "20 years"),
        ("--start", "2026-04-30", "--limit", "100000 years", "--rules", "plain"),
        ("--start", "2026-04-30", "--limit", "9999 working_days"),
        ("--start", "0001-01-01", "--limit", "1 calendar_days"),
        ("--start", "1850-05-03", "--limit", "1 calendar_days"),
        ("--start", "9999-12-31", "--limit", "1 calendar_days"),
        (*EXAMPLE[1:], "--closed", "2050-01-03"),
        (*EXAMPLE[1:], "--stop", "2026-05-03..9999-12-31"),
        (*EXAMPLE[1:], "--extension", "5@2099-01-01"),
    ],
)
def test_a_day_that_no_calendar_covers_is_refused_and_not_guessed(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert starter.run(["clock", *words, "-o", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"] == "BeyondHorizon"


def test_the_rule_sets_that_can_be_typed_are_those_there_are() -> None:
    rules, nothing_typed = get_args(get_type_hints(clock)["rules"])
    assert set(get_args(rules)) == set(Rules)
    assert nothing_typed is NoneType


def test_a_letter_by_registered_post_has_two_starts_and_each_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sent on 9 March 2027: presumed received on Friday 12 March, which is day 1 or is not counted."""
    letter = ("clock", "--limit", "30 calendar_days", "--from")
    answer = counted(capsys, *letter, "registered", "2027-03-09")
    assert [reading["steps"][1]["on"] for reading in answer["readings"]] == ["2027-04-10", "2027-04-11"]
    assert (answer["due_on"], answer["late_on"]) == ("2027-04-12", "2027-04-12")
    assert "counts as received on 12 March 2027 (Judicial Code" in answer["letter"]
    assert "art. 53bis § 1" in answer["letter"]
    answer = counted(capsys, *letter, "registered_with_acknowledgement", "2027-03-10")
    assert (answer["due_on"], len(answer["readings"])) == ("2027-04-09", 1)
    assert starter.run([*letter, "registered", "2026-06-01"]) == 0
    said = capsys.readouterr().out
    assert said.count("starts on") == 2
    assert said.endswith("Last day: 3 July 2026.\nOn the later reading: 6 July 2026.\n")


@pytest.mark.parametrize(
    ("words", "due_on", "late_on"),
    [
        ("--from registered 2027-04-27 --clause answers", "2027-05-07", "2027-05-07"),
        ("--from ebox 2027-04-30 --clause answers", "2027-05-12", "2027-05-12"),  # Monday 3 May is day 1
        ("--from registered 2027-02-01 --clause payment", "2027-03-03", "2027-03-08"),
        ("--from peppol 2027-02-01 --clause payment", "2027-03-03", "2027-03-03"),
        ("--start 2028-03-01 --clause list-term", "2028-03-31", "2028-04-03"),
    ],
)
def test_a_clause_is_counted_as_its_cases_count_it(
    capsys: pytest.CaptureFixture[str], words: str, due_on: str, late_on: str
) -> None:
    """What runs from sending does so by every channel, PEPPOL knows one start, a list counts back."""
    answer = counted(capsys, "clock", *words.split())
    assert (answer["due_on"], answer["late_on"]) == (due_on, late_on)
    assert ("runs from the sending" in answer["letter"]) == ("--from" in words and "peppol" not in words)


def test_a_letter_starts_no_limit_that_runs_from_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert starter.run(["clock", "--from", "registered", "2027-02-01", "--clause", "decision"]) == 2
    said = capsys.readouterr().err
    assert "No letter of ours starts decision" in said
    assert "clock --clause decision --start DAY" in said


def test_a_clause_is_counted_by_its_own_limit_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    completion = counted(capsys, "clock", "--clause", "completion", "--start", "2027-03-09")
    assert (completion["limit"]["amount"], completion["due_on"]) == (30, "2027-04-08")
    for words in (("--clause", "completion"), ("--clause", "completion", *EXAMPLE[1:])):
        assert starter.run(["clock", *words]) == 2
        assert "--start DAY or --from CHANNEL DAY" in capsys.readouterr().err


def test_the_days_that_are_no_working_days_are_listed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UMN_VAR", str(tmp_path))
    told = counted(capsys, "calendar", "list")
    year = civil_today().year
    named = {one["day"]: one["name"] for one in told["holidays"] if one["jurisdiction"] == "BE"}
    assert [named[f"{each}-07-21"] for each in (year, year + 1)] == ["National Day"] * 2
    assert told["closing_days"] == []
    assert starter.run(["calendar", "list"]) == 0
    shown = capsys.readouterr().out
    assert f"{year}-12-25" in shown
    assert "No closing day is entered." in shown


def test_days_of_a_letter_and_closing_days_are_typed_as_people_write_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    iso = (*("clock", "--from", "registered", "2026-06-15", "--limit", "5 working_days"),)
    typed = (*iso[:3], "15 juni 2026", *iso[4:])
    assert counted(capsys, *typed, "--closed", "22/6/2026", "--closed", "2026-06-23") == counted(
        capsys, *iso, "--closed", "2026-06-22", "--closed", "2026-06-23"
    )
    assert counted(capsys, "clock", "--from", "By-Hand", *typed[3:])["due_on"]
    for wrong in ("yesterday", "3/4/2026"):
        for words in (("--from", "registered", wrong), ("--start", "2026-06-15", "--closed", wrong)):
            assert starter.run(["clock", *words, "--limit", "5 working_days"]) == 2
            said = capsys.readouterr().err
            assert repr(wrong) in said
            assert "write it as 2026-05-03" in said
    assert starter.run(["clock", "--from", "pigeon", "15/6/2026", "--limit", "5 working_days"]) == 2
    assert "there are email, post, registered" in capsys.readouterr().err
