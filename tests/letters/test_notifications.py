from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from activities.mail import MailServer
from models.entry import LetterKind
from models.errors import NotDelivered
from models.outbox import Lane
from models.parties import Language
from procedures.be_umn.words import Role
from register.recipients import Said, keep
from tests.letters.letter_desk import MAIL_FROM, LetterDesk, Postman
from tests.letters.sample_letters import batch, letter

TWO_LETTERS = (LetterKind.DECISION, LetterKind.INVOICE)


def prepared(desk: LetterDesk, *kinds: LetterKind) -> None:
    desk.makes(batch(*map(letter, kinds or TWO_LETTERS), applicant=desk.applicant()))


def test_each_letter_reaches_its_reader_once_with_the_letter_attached(
    desk: LetterDesk, postman: Postman
) -> None:
    prepared(desk)
    assert desk.delivers(postman.server) == []
    assert desk.states() == ["sent", "sent"]
    assert {mail["Message-ID"] for mail in postman.taken} == {n.message_id for n in desk.notices()}
    for mail in postman.taken:
        notice = next(n for n in desk.notices() if n.message_id == mail["Message-ID"])
        subject = mail["Subject"].strip()  # a long one is folded, and begins on a line of its own
        assert (mail["From"], mail["To"], subject) == (MAIL_FROM, notice.recipient, notice.subject)
        (attached,) = mail.iter_attachments()
        assert attached.get_filename() == notice.document
        assert attached.get_content() == desk.pdf(notice.document)
        plain, html = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
        assert plain.splitlines() == notice.body.splitlines()
        assert html.splitlines() == notice.html.splitlines() != []
    assert all(notice.sent_at.endswith("+00:00") for notice in desk.notices())


def test_made_and_delivered_twice_is_sent_once(desk: LetterDesk, postman: Postman) -> None:
    for _ in range(2):
        prepared(desk)
        desk.delivers(postman.server)
        desk.delivers(postman.server)
    assert len(postman.taken) == 2


@pytest.mark.parametrize(
    ("written", "recipients"),
    [
        ("", ["desk@agency.invalid"]),  # nobody knows an address: the desk forwards it
        ("one@hospital.example, two@hospital.example", ["one@hospital.example", "two@hospital.example"]),
    ],
)
def test_physicians_are_written_to_one_by_one(
    desk: LetterDesk, postman: Postman, written: str, recipients: list[str]
) -> None:
    desk.writes_to(Role.PHYSICIANS, written)
    keep(desk.url, "CUP-2026-014", Role.PHYSICIANS, Said(language=Language.FR), "Ann")
    to_them = letter(LetterKind.CLOSURE).model_copy(update={"role": Role.PHYSICIANS})
    desk.makes(batch(to_them, applicant=desk.applicant()))
    assert desk.delivers(postman.server) == []
    assert [mail["To"] for mail in postman.taken] == recipients
    assert len(desk.kept()) == 1


def test_a_copy_that_the_desk_forwards_names_whom_it_is_for(desk: LetterDesk) -> None:
    to_them = letter(LetterKind.CLOSURE).model_copy(update={"role": Role.PHYSICIANS})
    laid_out, to = desk.documents.layout(batch(to_them, applicant=desk.applicant()), to_them)
    assert laid_out["recipient"] == ["Artsen van het programma", "Loket Unmet Medical Need"]
    assert [note["title"] for note in laid_out["notes"]] == ["Aan het loket gericht"]
    assert to.redirected


def test_only_the_letters_of_the_lane_leave(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk)
    for number, role in (("CUP-2026-014", Role.DESK), ("CUP-2026-01", Role.APPLICANT)):
        assert desk.letters(postman.server).carry([Lane(number=number, role=role)]) is False
    assert postman.taken == []
    assert desk.states() == ["pending", "pending"]


def test_a_letter_that_was_being_sent_when_the_worker_died_is_in_doubt(
    desk: LetterDesk, postman: Postman
) -> None:
    prepared(desk, LetterKind.DECISION)
    desk.change(state="sending")
    assert desk.delivers(postman.server) == ["CUP-2026-014/7/decision/applicant"]
    assert (postman.taken, desk.states()) == ([], ["in_doubt"])


def test_what_was_in_doubt_becomes_sent_when_the_slow_attempt_knows(
    desk: LetterDesk, postman: Postman
) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.slow_seconds = 0.4
    slow = threading.Thread(target=desk.delivers, args=(postman.server,))
    slow.start()
    assert postman.has_a_letter.wait(10)
    # another worker sees only that somebody is sending
    assert desk.delivers(postman.server) != []
    slow.join()
    assert (len(postman.taken), desk.states()) == (1, ["sent"])


def test_attempts_of_one_worker_that_overlap_send_once_and_raise_no_doubt(
    desk: LetterDesk, postman: Postman
) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.slow_seconds = 0.05
    letters = desk.letters(postman.server)
    lane = Lane(number="CUP-2026-014", role=Role.APPLICANT)

    def attempt(_: int) -> Any:
        try:
            return letters.carry([lane])
        except NotDelivered as told:
            return told.message

    with ThreadPoolExecutor(4) as attempts:
        list(attempts.map(attempt, range(8)))
    assert (len(postman.taken), desk.states()) == (1, ["sent"])


def test_without_a_mail_server_each_letter_is_one_file_in_the_outbox(desk: LetterDesk) -> None:
    prepared(desk)
    for _ in range(2):
        assert desk.delivers() == []
    mails = desk.mails_in_outbox()
    assert {mail["Message-ID"] for mail in mails} == {n.message_id for n in desk.notices()}
    assert len(mails) == 2
    assert desk.states() == ["sent", "sent"]
    assert all(file.suffix == ".eml" for file in desk.outbox.iterdir())


@pytest.mark.parametrize("written", [True, False])
def test_a_crash_in_the_middle_of_the_outbox_doubles_nothing(desk: LetterDesk, written: bool) -> None:
    prepared(desk, LetterKind.DECISION)
    if written:
        desk.delivers()
    desk.change(state="sending")
    desk.delivers()
    assert (len(desk.mails_in_outbox()), desk.states()) == (1, ["sent"])


def test_an_outbox_that_cannot_be_written_leaves_the_letter_for_later(desk: LetterDesk) -> None:
    prepared(desk, LetterKind.DECISION)
    desk.outbox.write_text("not a folder")
    desk.delivers()
    assert desk.states() == ["pending"]
    desk.outbox.unlink()
    desk.delivers()
    assert (len(desk.mails_in_outbox()), desk.states()) == (1, ["sent"])


def test_a_password_is_not_sent_in_the_clear(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    server = MailServer("127.0.0.1", postman.port, user="umn", password="secret")
    desk.delivers(server)
    assert "offers no TLS" in desk.notices()[0].reason
    assert desk.states() == ["pending"]
    assert "secret" not in repr(server)


def test_a_missing_document_is_said_and_nothing_leaves(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    desk.change(sha256="0" * 64)
    desk.delivers(postman.server)
    assert "0000" in desk.notices()[0].reason
    assert (postman.taken, desk.states()) == ([], ["pending"])


def test_lines_of_the_message_are_short_and_plain_ascii(desk: LetterDesk) -> None:
    prepared(desk)
    desk.delivers()
    for file in desk.outbox.iterdir():
        content = file.read_bytes()
        assert content.isascii()
        assert max(map(len, content.split(b"\r\n"))) <= 998


def test_both_workers_are_told_apart_only_by_the_database(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk)
    workers = [desk.letters(postman.server) for _ in range(3)]
    lanes = desk.letters().look().lanes
    with ThreadPoolExecutor(3) as attempts:
        list(attempts.map(lambda worker: worker.carry([*lanes]), workers))
    assert len({mail["Message-ID"] for mail in postman.taken}) == len(postman.taken) == 2
