"""What people type is a text, and what is shown is what was written."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.desk import Answer, Desk

pytestmark = pytest.mark.server

UNREADABLE = [
    "   ",
    "\n",
    "\u200b\u200b",
    "\u00ad",
    "abc\u202etxt.exe",
    "\x1b[2J",
    "a\x9b31mb",
    "good\rEVIL",
    "\ud800",
]


def clean(answer: Answer) -> Answer:
    """Asserts that nothing in an answer steers a screen or turns the direction of writing."""
    said = answer.out + answer.err
    assert [sign for sign in said if not sign.isprintable() and sign not in "\n\t\u00a0\u202f"] == []
    return answer


def test_a_text_that_cannot_be_read_is_refused_in_every_act_and_changes_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    before = desk.sees_at_rest(number)
    judge = ("judge", number, "--rule", "E-02", "--verdict", "pass")
    for written in UNREADABLE:
        for words in (
            (*judge, "--grounds", written),
            (*judge, f"--grounds={written}"),
            ("declare-incomplete", number, "--missing", written),
            ("withdraw", number, "--grounds", written),
            ("withdraw", number, "--request-id", written * 9),
            ("calendar", "add", "2027-03-17", "--reason", written),
            ("payments", "return", "M-1", "--reason", written),
            ("recipients", "set", number, "applicant", "--to", written),
            ("show", f"{number}{written}" if written.strip() else written),
        ):
            answer = clean(desk.asks(*words).ended(2))
            assert "Nothing was changed" in answer.err, answer
    assert desk.sees(number) == before


@pytest.mark.parametrize("grounds", ["", "   "])
def test_no_grounds_and_blank_grounds_are_refused_in_the_same_words(desk: Desk, grounds: str) -> None:
    judge = ("judge", "CUP-2026-999", "--rule", "E-02", "--verdict", "pass")
    answer = desk.asks(*judge, "--grounds", grounds).ended(2)
    assert re.search("--grounds:? says nothing", answer.err), answer


def test_an_empty_request_id_is_refused_and_is_not_one_that_everybody_shares(desk: Desk) -> None:
    answer = desk.asks("withdraw", "CUP-2026-999", "--request-id", "").ended(2)
    assert "--request-id: is too short" in answer.err


@pytest.mark.parametrize(
    "by", ["the procedure", "The  Procedure", "the\u00a0procedure", "the worker", "umn", "---", " ", ""]
)
def test_nobody_is_called_as_the_machine_or_as_nobody(desk: Desk, by: str) -> None:
    before = desk.does("people")
    words = ("people", "add", by, "--function", "inspector", "--role", "auditor")
    clean(desk.asks(*words).ended(2))
    assert desk.does("people") == before


def test_a_name_is_kept_with_plain_blanks(desk: Desk, tmp_path: Path) -> None:
    words = ("--function", "inspector", "--role", "auditor")
    told = desk.does("people", "add", " Case\u00a0 officer\u2009Q ", *words)["people"]
    assert told[-1]["name"] == "Case officer Q"


@pytest.mark.parametrize(
    "amount", ["1e5", "1E+2", "1_000", "+5", "１２", "١٢", "0x10", "1,234", "0", "0.001"]
)
def test_an_amount_is_euro_and_cents_and_no_exponent(desk: Desk, tmp_path: Path, amount: str) -> None:
    answer = desk.asks("fix-contribution", "CUP-2026-001", f"--amount={amount}", "--source", "x")
    assert "--amount" in answer.ended(2).err


def test_grounds_of_a_file_stand_with_their_lines(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path / "package")
    words = "Article 1.\r\n\r\nThe product\u00a0is needed:\n\t[bold]no[/] alternative exists.\n"
    (tmp_path / "grounds.txt").write_bytes(words.encode())
    grounds = f"@{tmp_path / 'grounds.txt'}"
    desk.does("judge", number, "--rule", "E-02", "--verdict", "pass", "--grounds", grounds)
    kept = desk.sees(number)["entries"][-1]["facts"]["grounds"]
    assert kept == words.strip().replace("\r\n", "\n")
    shown = clean(desk.asks("show", number).ended(0)).out
    assert "[bold]no[/]" in shown


def test_a_file_is_shown_by_the_name_it_has(desk: Desk, tmp_path: Path) -> None:
    names = [
        "annex [",
        "report [red]version 2[bold].txt",
        "[/nothing] [/].txt",
        "[link=http://x]y[/link].txt",
    ]
    number = desk.submits(tmp_path / "package")
    files = tmp_path / "files"
    files.mkdir()
    for name in names:
        (files / name.replace("/", "∕")).write_text(name)
    desk.does("declare-incomplete", number, "--missing", "[red]the protocol[/red]")
    with desk.beside("Officer [1] [∕]") as officer:
        officer.types("receive-completion", number, "--documents", str(files)).ended(0)
    shown = desk.asks("show", number).ended(0).out
    for name in (*names, "Officer [1] [∕]", "[red]the protocol[/red]"):
        assert name.replace("/", "∕") in shown or name in shown
    for name in names:
        assert name.replace("/", "∕") in desk.asks("documents", number).ended(0).out


def test_a_file_whose_name_nobody_sees_whole_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path / "package")
    (tmp_path / "abc\u202etxt.exe").write_text("x")
    answer = desk.asks("receive-completion", number, "--documents", str(tmp_path))
    assert "rename the file" in clean(answer.ended(2)).err
    assert "abc\\u202etxt.exe" in answer.err


def test_what_stands_in_the_register_already_is_shown_by_its_number(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path / "package")
    copied = tmp_path / "var"
    copied.mkdir()
    with (
        sqlite3.connect(desk.settings.var / "register.db") as ours,
        sqlite3.connect(copied / "register.db") as copy,
    ):
        ours.backup(copy)
        hostile = "abc\u202etxt \x1b[2J [red]x"
        copy.execute(
            "UPDATE current_state SET title = ?, subject = json_set(subject, '$.parts.trade_name', ?)",
            (hostile, hostile),
        )
    for words in (("list",), ("show", number), ("due", "9999"), ("timeline", number)):
        shown = clean(desk.types(*words, UMN_VAR=str(copied)).ended(0)).out
        if words != ("timeline", number):
            assert "abc\\u202etxt \\x1b[2J" in shown, words
        told = clean(desk.types(*words, "-o", "json", UMN_VAR=str(copied)).ended(0)).out
        json.loads(told)
    told = desk.types("show", number, "-o", "json", UMN_VAR=str(copied)).document
    assert told["title"] == hostile
