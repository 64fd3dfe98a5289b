"""Letters at the command line: what has not arrived, what a person says of one, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from models.register import NoticeRow
from register.database import engine
from tests.cli.desk import Desk, civil_today, eventually

pytestmark = pytest.mark.server


@pytest.fixture
def incomplete(desk: Desk, tmp_path: Path) -> tuple[str, str]:
    """A dossier declared incomplete, its letter out: its number, and the name of the notice."""
    number = desk.submits(tmp_path)
    desk.does("declare-incomplete", number, "--missing", "The protocol")
    found = eventually(
        lambda: [n for n in letters(desk, number, "incomplete") if n["state"] == "sent"], patience=10
    )
    return number, found[0]["key"]


def letters(desk: Desk, number: str, letter: str) -> list[dict[str, Any]]:
    return [n for n in desk.does("notices", "--number", number) if n["letter"] == letter]


def is_now(desk: Desk, key: str, **values: str) -> None:
    """What became of a notice while nobody looked."""
    with Session(engine(desk.settings.register_url)) as session, session.begin():
        row = session.exec(select(NoticeRow).where(NoticeRow.key == key)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_a_letter_that_came_back_stops_its_limit_until_it_leaves_again(desk: Desk, incomplete) -> None:
    number, key = incomplete
    told = desk.does("notices", "bounced", number, "--letter", "incomplete", "--reason", "no such user")
    assert (told["notice"], told["state"], told["case"]["due_on"]) == (key, "bounced", None)
    assert desk.does("notices", "bounced", number, "--notice", key)["case"] == told["case"]

    listed = desk.asks("notices").ended(0)
    assert key in listed.out
    assert "no such user" in listed.out
    assert "again --to, posted or delivered" in listed.out
    due = desk.asks("due").ended(0)
    assert re.search(r"\d letters? waits? for a person: umn notices", due.err)
    assert "letter 2-incomplete-applicant that came back" in due.out
    assert "came back" in desk.asks("show", number).ended(0).out
    assert "letter not received" in desk.asks("explain", number).ended(0).out

    again = desk.asks("notices", "again", key, "--to", "new@exemplar.example").ended(0)
    assert f"{key}/again-1: sent." in again.out
    eventually(lambda: (desk.sees(number)["due_on"] or "") > str(civil_today()))
    assert desk.asks("notices", "again", key).ended(3).err.count("say so first") == 1
    assert [n["state"] for n in letters(desk, number, "incomplete")] == ["replaced", "sent"]
    is_now(desk, f"{key}/again-1", state="refused")
    assert f"notices again {key}/again-1" in desk.asks("notices", "again", key).ended(3).err


def test_a_doubt_is_settled_by_a_person(desk: Desk, incomplete) -> None:
    number, key = incomplete
    is_now(desk, key, state="in_doubt", reason="the connection was lost")
    [listed] = [n for n in desk.does("notices") if n["key"] == key]
    assert listed["possible"] == "delivered, posted or again"
    settled = desk.does("notices", "delivered", key)
    assert (settled["state"], settled["case"]) == ("sent", None)
    is_now(desk, key, state="in_doubt")
    assert desk.does("notices", "again", key) == {"notice": key, "state": "sent", "ended": True, "said": ""}
    is_now(desk, key, state="in_doubt", redirected="For the desk to forward")  # it may not have come there
    assert desk.does("notices", "again", key)["state"] == "to_forward"
    assert "--to ADDRESS" in desk.asks("notices", "again", key).ended(2).err  # but now it lies there
    [notice] = letters(desk, number, "incomplete")
    assert notice["settled_by"] == "Case officer A"
    assert desk.sees(number)["phase"] == "completion"


@pytest.mark.parametrize(("state", "words"), [("not_sent", "not sent"), ("not_told", "not told to its case")])
def test_what_a_fault_of_ours_stopped_is_said_everywhere_and_goes_on_by_a_word(
    desk: Desk, incomplete, state: str, words: str
) -> None:
    number, key = incomplete
    since = "2026-11-02T10:00:00.000+00:00"
    is_now(desk, key, state=state, reason="KeyError: 'x'", since=since, tells="left" * (state == "not_told"))
    [problem] = [
        one for one in desk.asks("status", "-o", "json").document["problems"] if one["number"] == number
    ]
    assert (problem["kind"], problem["since"]) == ("letters-stand", "2026-11-02T10:00:00+00:00")
    assert f"{key} is {words} (KeyError: 'x')" in problem["sentence"]
    assert "KeyError" in desk.asks("notices").ended(0).out
    shown = " ".join(desk.asks("show", number).ended(0).out.split())
    assert f"is {words} since 2026-11-02T10:00 (KeyError: 'x')" in shown
    if state == "not_told":
        assert (
            "comes first" in desk.asks("notices", "again", key, "--to", "new@exemplar.example").ended(3).err
        )
    assert desk.does("notices", "again", key) == {"notice": key, "state": "sent", "ended": True, "said": ""}


def test_what_cannot_be_understood_is_refused_with_what_is_possible(
    desk: Desk, incomplete, tmp_path: Path
) -> None:
    number, key = incomplete
    several = desk.asks("notices", "bounced", number).ended(2)
    assert f"notices bounced {number} --notice {key}" in several.err
    assert "--notice KEY or --message" in desk.asks("notices", "bounced").ended(2).err
    assert "The nearest are" in desk.asks("notices", "again", key[:-1]).ended(4).err
    assert (
        "no decision letter" in desk.asks("notices", "bounced", number, "--letter", "decision").ended(4).err
    )
    assert (
        "is no address" in desk.asks("notices", "again", key, "--to", "a@b.example, c@d.example").ended(2).err
    )
    future = desk.asks("notices", "bounced", number, "--notice", key, "--on", "2090-01-01").ended(2)
    assert "lies in the future" in future.err
    assert "is no file" in desk.asks("notices", "bounced", "--message", str(tmp_path)).ended(2).err


HEAD = b"From: a@exemplar.example\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
STATUS = b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (b"", "is no report on a delivery"),
        (b"\x00\xff" * 400, "is no report on a delivery"),
        (b"Subject: I am on holiday\n\nUntil Monday.", "is no report on a delivery"),
        (HEAD + b"--b\n\nno status\n--b--\n", "is no report on a delivery"),
        (HEAD + STATUS + b"--b--\n", "it says: nothing"),
        (HEAD + STATUS + b"Action: delayed\nStatus: 4.2.2\n\n--b--\n", "is delayed and is tried again"),
        (HEAD + STATUS + b"Action: failed\nFinal-Recipient: rfc822; a@b\n\n--b--\n", "it names no message"),
        (
            HEAD + STATUS + b"Action: failed\n\n--b\nContent-Type: text/rfc822-headers\n\n"
            b"Message-ID: <strange@elsewhere.example>\n\n--b--\n",
            "<strange@elsewhere.example>",
        ),
    ],
)
def test_a_message_that_is_no_bounce_of_ours_changes_nothing(
    desk: Desk, tmp_path: Path, message: bytes, told: str
) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(message)
    before = desk.does("notices")
    answer = desk.asks("notices", "bounced", "--message", str(file))
    assert answer.code in (2, 4)
    assert "Traceback" not in answer.err
    assert told in answer.err
    assert desk.does("notices") == before


def test_later_letters_go_where_a_person_says(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    to = ("--to", "new@exemplar.example, b@c.example")
    said = desk.does("recipients", "set", number, "applicant", *to, "--used", "fr", "--asks", "fr")
    (applicant, _) = said["languages"]
    assert (applicant["letters"]["language"], applicant["acts"]["language"]) == ("nl", None)
    chosen = ("recipients", "set", number, "applicant", "--acts", "fr")
    assert "with a reason" in desk.asks(*chosen).ended(2).err
    against_the_law = ("--lang", "fr", "--why", "it is easier")
    assert "By law the language is nl" in desk.asks(*chosen[:-2], *against_the_law).ended(2).err
    said = desk.does(*chosen, "--why", "it asked for its decisions in writing")
    assert [one["addresses"] for one in said["named"]] == [["new@exemplar.example", "b@c.example"]]
    desk.does("declare-incomplete", number, "--missing", "The protocol")
    eventually(lambda: {n["state"] for n in letters(desk, number, "incomplete")} == {"sent"})
    found = letters(desk, number, "incomplete")
    assert [n["recipient"] for n in found] == ["new@exemplar.example", "b@c.example"]
    assert {n["document"].rpartition("-")[2] for n in found} == {"nl.pdf"}
    listed = desk.asks("recipients", number).ended(0).out
    assert "new@exemplar.example (incomplete, sent)" in listed
    assert "acts fr (chosen by a person" in listed
    assert "it asked for its decisions in writing" in listed
    assert "Case officer A" in listed

    for wrong in ("nobody", "a@b.example\nBcc: c@d.example", ""):
        assert "--to" in desk.asks("recipients", "set", number, "desk", "--to", wrong).ended(2).err
    german = desk.asks("recipients", "set", number, "commission", "--to", "a@b.example", "--lang", "de")
    assert "not written to in German" in german.ended(2).err
    desk.asks("recipients", "CUP-1999-001").ended(4)
    assert desk.does("recipients", number)["named"] == said["named"]


def test_what_no_machine_sends_is_a_task_with_its_pdf_until_somebody_says_that_it_was_posted(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    said = desk.does("recipients", "set", number, "applicant", "--channel", "registered")
    assert [one["channel"] for one in said["named"]] == ["registered"]
    desk.does("declare-incomplete", number, "--missing", "The protocol")
    task = eventually(
        lambda: next((n for n in letters(desk, number, "incomplete") if n["state"] == "to_post"), None)
    )
    assert Path(task["file"]).read_bytes().startswith(b"%PDF")
    writes = f"documents {number} --document {task['document']} --extract"
    assert writes in desk.asks("notices").ended(0).out
    assert writes in " ".join(desk.asks("show", number).ended(0).out.split())
    folder = tmp_path / "to-post"
    desk.asks(*writes.split(), str(folder)).ended(0)
    [written] = (file for file in folder.rglob("*") if file.is_file())
    assert written.name == task["document"]
    assert written.suffix == ".pdf"
    assert written.read_bytes() == Path(task["file"]).read_bytes()
    desk.asks("documents", number, "--document", "nothing.pdf").ended(4)
    assert "registered, posted by a person" in desk.asks("recipients", number).ended(0).out
    key, on = task["key"], str(civil_today())
    assert "lies in the future" in desk.asks("notices", "posted", key, "--on", "2090-01-01").ended(2).err
    for says in ("posted", "delivered"):
        refused = desk.asks("notices", says, key, "--on", "2020-01-01").ended(2).err
        assert "cannot have been on its way on 2020-01-01: entry 2, which tells it, is of" in refused
    [untouched] = letters(desk, number, "incomplete")
    assert (untouched["state"], untouched["left_on"]) == ("to_post", "")
    early = ("--on", on, "--presented-on", "2020-01-01")
    assert "cannot have been presented" in desk.asks("notices", "posted", key, *early).ended(2).err
    told = desk.does("notices", "posted", key, "--on", on, "--proof", "RR123456789BE")
    assert (told["state"], told["channel"], told["told"]) == ("sent", "registered", True)
    (settled,) = letters(desk, number, "incomplete")
    assert (settled["left_on"], settled["proof"]) == (on, "RR123456789BE")
    assert settled["settled_by"] == "Case officer A"
    # what left by e-mail, which starts no known day, may go by another way too
    mailed = ("notices", "posted", f"{number}/1/acknowledgement/applicant", "--on", on)
    desk.asks(*mailed).ended(2)
    assert desk.does(*mailed, "--channel", "by_hand")["channel"] == "by_hand"
