"""The release of a restore: what had left is found wherever it is seen, and what was lost is told."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.entry import Demand, Entry
from models.errors import ImproperAct, InputRefused
from models.register import LetterRow, NoticeRow
from office.service.releasing import Release, release
from office.settings import Settings
from register import notices, restores
from register.database import migrate, transaction
from register.laws import keep
from register.numbers import allot
from tests.register.cases import LAW

SENT = datetime(2026, 11, 28, 23, 15, tzinfo=UTC)
DOMAIN = "agency.invalid"


def place(var: Path) -> Settings:
    settings = Settings(var=var)
    migrate(settings.register_url)
    keep(settings.register_url, LAW)
    return settings


@pytest.fixture(autouse=True)
def _no_temporal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A restored register, from which nothing leaves."""
    settings = place(tmp_path / "var")
    with transaction(settings.register_url) as session:
        restores.begin(session, "2026-11-28T22:00:00+00:00", SENT, "Ann", 100)
    return settings


def letter(url: str, entry: int, state: str, says: str = "", sent_at: str | None = None) -> str:
    """A letter of a case with its notice. Returns: the Message-ID under which it leaves."""
    key = f"CUP-2026-001/{entry}/decision/applicant"
    same = {"key": key, "number": "CUP-2026-001", "entry": entry, "letter": "decision", "role": "applicant"}
    made = state not in ("to_make", "not_made")
    row = LetterRow(**same, position=1, made_from={}, says=says, since="", state="made" if made else state)
    identity = notices.message_id(key, says, DOMAIN)
    carried = {
        "recipient": "a@b.example",
        "subject": "x",
        "body": "",
        "document": "d.pdf",
        "sha256": "0" * 64,
    }
    with transaction(url) as session:
        session.add(row)
        if made:
            notice = NoticeRow(**same, of=key, message_id=identity, state=state, sent_at=sent_at, **carried)
            session.add(notice)
    return identity


def message(identity: str, subject: str = "CUP-2026-001") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "umn@agency.invalid", "a@b.example", subject
    mail["Date"], mail["Message-ID"] = SENT, identity
    mail.set_content("the letter")
    return mail


def releases(settings: Settings, *seen: Path, old: str = "", write: bool = True) -> Release:
    return release(settings, seen, old, False, "Bob", write)


def test_a_journal_tells_what_had_left_and_which_letters_belong_to_an_act_that_was_lost(
    settings: Settings, tmp_path: Path
) -> None:
    url = settings.register_url
    waits, unmade = letter(url, 1, "pending"), letter(url, 2, "to_make", "b")
    doubt, other = letter(url, 3, "in_doubt"), letter(url, 4, "pending")
    lost = notices.message_id("CUP-2026-001/5/decision/applicant", "e", DOMAIN)
    journal = mailbox.mbox(tmp_path / "journal.mbox")
    for identity in (waits, unmade, lost, "<of-somebody-else@example.org>"):
        journal.add(message(identity, "Beslissing über"))
    wrapped = EmailMessage()  # as a journal does that keeps a report of each message
    wrapped.set_content("Sender: umn@agency.invalid")
    wrapped.add_attachment(message(doubt))
    journal.add(wrapped)
    journal.close()

    seen = tmp_path / "journal.mbox"
    before = releases(settings, seen, write=False)
    assert restores.waiting(url) is not None
    told = releases(settings, seen)

    assert [one["entry"] for one in told.left] == [one["entry"] for one in before.left] == [1, 2, 3]
    assert (told.waiting, told.written, before.written) == (1, True, False)
    assert [(one["message_id"], one["subject"]) for one in told.lost_letters] == [(lost, "Beslissing über")]
    assert told.lost_letters[0]["sent_at"] == "2026-11-28T23:15:00+00:00"
    states = {one.entry: one.state for one in notices.notices(url, "CUP-2026-001")}
    assert states == {1: "pending", 2: "to_make", 3: "sent", 4: "pending"}  # the postman finds the first two
    assert restores.waiting(url) is None
    assert other not in {one["message_id"] for one in told.lost_letters}


def test_nobody_releases_without_having_looked_unless_he_says_that_nobody_can(settings: Settings) -> None:
    letter(settings.register_url, 1, "pending")
    with pytest.raises(ImproperAct, match=r"letters wait that may have left \(1\)"):
        releases(settings)
    assert restores.waiting(settings.register_url) is not None
    assert release(settings, (), "", True, "Bob", True).waiting == 1
    with pytest.raises(ImproperAct, match="No restore waits"):
        releases(settings)


def test_the_old_place_tells_every_act_number_and_invoice_that_was_lost(
    settings: Settings, tmp_path: Path, entry: Callable[..., Entry], demand: Demand
) -> None:
    old = place(tmp_path / "old")
    kept = entry("CUP-2026-001", act="Received")
    for url in (old.register_url, settings.register_url):
        RegisterEntries(url).enter(kept)
    acts = RegisterEntries(old.register_url)
    decided = entry("CUP-2026-001", 2, act="Decided").model_copy(
        update={"by": "Ann", "request_id": "decide-1"}
    )
    acts.enter(decided.model_copy(update={"demand": demand}))
    passed = entry("CUP-2026-001", 3, act="LimitPassed").model_copy(update={"by": "the procedure"})
    acts.enter(passed)
    allot(old.register_url, "MNP-2026", "delivery 9", "x")
    left = letter(old.register_url, 2, "sent", "decided", SENT.isoformat())
    (old.var / "requests").mkdir()
    said = {"request_id": "close-1", "number": "CUP-2026-001", "act": "close"}
    (old.var / "requests" / "a.json").write_text(json.dumps(said))
    old.outbox.mkdir()
    (old.outbox / "a.eml").write_bytes(message(left).as_bytes())

    told = releases(settings, old=str(old.var))

    assert [(one["number"], one["entry"], one["act"], one["by"]) for one in told.entries] == [
        ("CUP-2026-001", 2, "Decided", "Ann")
    ]
    assert (told.numbers, told.invoices) == (("MNP-2026-001",), ("2026-00001",))
    assert [one["message_id"] for one in told.lost_letters] == [left]
    assert told.unanswered == (said,)


def test_a_place_that_is_not_there_is_named_and_nothing_is_released(
    settings: Settings, tmp_path: Path
) -> None:
    for given in ({"old": str(tmp_path / "none")}, {}):
        with pytest.raises(InputRefused, match="none"):
            releases(settings, *(() if given else (tmp_path / "none",)), **given)
    assert restores.waiting(settings.register_url) is not None
