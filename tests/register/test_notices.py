"""What the register keeps of our letters, and how a person settles one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from models.errors import ImproperAct, NotFound
from models.register import LetterRow, NoticeRow
from register.carried import heard, tells_anew
from register.database import engine
from register.notices import by_message_id, notices, one, send_again, settle, successor, waiting

NUMBER = "CUP-2026-014"
KEY = f"{NUMBER}/7/questions/applicant"


def kept(url: str, key: str = KEY, **values: Any) -> None:
    said = {
        "number": NUMBER,
        "entry": 7,
        "letter": "questions",
        "role": "applicant",
        "recipient": "pharma@example.org",
        "message_id": f"<{key}@agency.invalid>",
        "subject": "Questions",
        "body": "…",
        "html": "<p>…</p>",
        "document": "07-questions-applicant-nl.pdf",
        "sha256": "0" * 64,
        "state": "sent",
        "since": "2026-11-20T10:00:00+00:00",
    }
    with Session(engine(url)) as session, session.begin():
        session.add(NoticeRow(key=key, **{"of": key, **said, **values}))


def test_what_waits_for_a_person_is_listed_first_and_the_longest_first(database_url: str) -> None:
    kept(database_url, f"{KEY}/1", state="pending", since="2026-11-01T10:00:00+00:00")
    kept(database_url, f"{KEY}/2", state="bounced", since="2026-11-03T10:00:00+00:00")
    kept(database_url, f"{KEY}/3", state="in_doubt", since="2026-11-02T10:00:00+00:00")
    kept(database_url, f"{KEY}/4")
    kept(database_url, f"{KEY}/5", state="replaced")
    assert [found.key[-1] for found in notices(database_url)] == ["3", "2", "1"]
    assert [found.key[-1] for found in notices(database_url, NUMBER)] == ["1", "2", "3", "4", "5"]
    assert waiting(database_url) == 2


def test_one_that_came_back_stays_and_a_new_one_leaves(database_url: str) -> None:
    kept(database_url, state="bounced", reason="no such user", sent_at="2026-11-20T10:00:00+00:00")
    again = send_again(database_url, one(database_url, KEY), "Ann", "new@example.org")
    assert again == f"{KEY}/again-1"
    old, new = one(database_url, KEY), one(database_url, again)
    assert (old.state, old.reason, old.settled_by) == ("replaced", "no such user", "Ann")
    assert (new.state, new.recipient, new.replaces, new.sent_at) == ("pending", "new@example.org", KEY, None)
    assert new.message_id != old.message_id
    assert successor(database_url, KEY) == new
    settle(database_url, new, "bounced", "Ann", "no such user either")
    assert send_again(database_url, one(database_url, again), "Ann", "pharma@example.org") == f"{KEY}/again-2"


def test_one_in_doubt_leaves_again_as_the_same_message(database_url: str) -> None:
    kept(database_url, state="in_doubt")
    before = one(database_url, KEY)
    assert send_again(database_url, before, "Ann", before.recipient) == KEY
    after = one(database_url, KEY)
    assert (after.state, after.message_id, after.replaces) == ("pending", before.message_id, "")


def test_of_two_persons_who_settle_at_once_the_second_is_told(database_url: str) -> None:
    kept(database_url, state="bounced")
    seen = one(database_url, KEY)
    send_again(database_url, seen, "Ann", seen.recipient)
    with pytest.raises(ImproperAct, match="somebody else has settled it"):
        send_again(database_url, seen, "Bart", seen.recipient)
    with pytest.raises(ImproperAct, match="somebody else has settled it"):
        settle(database_url, seen, "sent", "Bart")
    assert len(notices(database_url, NUMBER)) == 2


def test_a_notice_is_found_by_its_key_or_by_its_message(database_url: str) -> None:
    kept(database_url)
    found = by_message_id(database_url, ("<strange@elsewhere.example>", f"<{KEY}@agency.invalid>"))
    assert found == one(database_url, KEY)
    assert by_message_id(database_url, ()) is None
    with pytest.raises(NotFound, match=f"The nearest are {KEY}"):
        one(database_url, KEY[:-1])
    with pytest.raises(NotFound, match="lists them"):
        one(database_url, "MNP-2026-001/1/decision/applicant")


def test_a_case_is_told_anew_of_a_letter_that_it_awaits_once_and_of_no_other(database_url: str) -> None:
    letter = {"number": NUMBER, "entry": 7, "position": 1, "role": "applicant", "made_from": {}, "since": ""}
    with Session(engine(database_url)) as session, session.begin():
        for key, awaited in ((KEY, True), (f"{KEY}/2", True), (f"{KEY}/3", False)):
            session.add(LetterRow(key=key, letter="questions", awaited=awaited, state="made", **letter))
    kept(database_url, KEY, left_on=date(2026, 11, 20))
    kept(database_url, f"{KEY}/to-2", of=KEY, left_on=date(2026, 11, 21))
    kept(database_url, f"{KEY}/2", state="refused", returned=True, attempts=3)
    kept(database_url, f"{KEY}/3", left_on=date(2026, 11, 20))
    told_before = heard(database_url, NUMBER, date(2026, 11, 28))
    assert [(type(note).__name__, note.notice) for _, note in told_before] == [
        ("LetterLeft", KEY),
        ("LetterRefused", f"{KEY}/2"),
    ]
    tells_anew(database_url, NUMBER)
    told = {found.key: (found.tells, found.attempts) for found in notices(database_url, NUMBER)}
    assert told == {
        KEY: ("left", 0),
        f"{KEY}/to-2": ("", 0),
        f"{KEY}/2": ("refused", 0),
        f"{KEY}/3": ("", 0),
    }
