"""Eight kinds of trouble with mail: none lost, none twice, what nobody knows waits for a person.

Real SMTP servers; the bounce and hours without mail are in tests/stories/test_returned_letters.py.
"""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from activities.mail import MailServer
from models.entry import LetterKind
from procedures.be_umn.words import Role
from tests.letters.letter_desk import LetterDesk, Postman
from tests.letters.sample_letters import batch, letter
from tests.ports import free_port

THE_DECISION = "CUP-2026-014/7/decision/applicant"


def prepared(desk: LetterDesk, *kinds: LetterKind) -> None:
    desk.makes(batch(*map(letter, kinds), applicant=desk.applicant()))


def reasons(desk: LetterDesk) -> list[str]:
    return [notice.reason for notice in desk.notices()]


def test_a_server_that_is_not_there_is_asked_again(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    desk.delivers(MailServer("127.0.0.1", free_port()))
    assert desk.states() == ["pending"]
    assert "could not be used" in reasons(desk)[0]
    desk.delivers(postman.server)
    assert (len(postman.taken), desk.states(), reasons(desk)) == (1, ["sent"], [""])


def test_a_server_that_says_nothing_is_left_and_asked_again(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.silent, postman.slow_seconds = True, 2
    desk.delivers(postman.server)
    assert "it did not answer within 0.5 seconds" in reasons(desk)[0]
    assert (desk.states(), postman.taken) == (["pending"], [])
    postman.silent, postman.slow_seconds = False, 0
    desk.delivers(postman.server)
    assert (len(postman.taken), desk.states()) == (1, ["sent"])


def test_a_server_that_drips_is_said_to_have_not_answered_in_time(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.silent, postman.slow_seconds = True, 2
    desk.delivers(MailServer("127.0.0.1", postman.port, patience=5, courtesies=0.5))
    assert "it did not answer within 0.5 seconds" in reasons(desk)[0]


def test_a_server_that_falls_silent_with_the_letter_in_its_hand_leaves_a_doubt(
    desk: LetterDesk, postman: Postman
) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.slow_seconds = 1
    assert desk.delivers(postman.server) == [THE_DECISION]
    postman.slow_seconds = 0
    assert desk.delivers(postman.server) == [THE_DECISION]
    assert desk.states() == ["in_doubt"]


def test_not_now_is_asked_again_and_sent_once(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.refusals = ["451 try again later, <pharma@example.org> is greylisted"]
    desk.delivers(postman.server)
    assert desk.states() == ["pending"]
    assert "451 try again later, <pharma@example.org> is greylisted" in reasons(desk)[0]
    desk.delivers(postman.server)
    assert (len(postman.taken), desk.states()) == (1, ["sent"])


def test_never_is_not_asked_again_and_waits_for_a_person(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.refusals = ["552 mailbox\x07 full"]
    for _ in range(2):
        assert desk.delivers(postman.server) == [THE_DECISION]
    assert (postman.taken, desk.states()) == ([], ["refused"])
    assert reasons(desk) == ["127.0.0.1 answered 552 mailbox  full"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_connection_lost_after_the_letter_leaves_a_doubt_and_no_second_letter(
    desk: LetterDesk, postman: Postman, kept: bool
) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.hang_up_after_data, postman.keeps_what_it_hangs_up_on = True, kept
    assert desk.delivers(postman.server) == [THE_DECISION]
    postman.hang_up_after_data = False
    assert desk.delivers(postman.server) == [THE_DECISION]
    assert desk.states() == ["in_doubt"]
    assert len(postman.taken) == (1 if kept else 0)


def test_of_two_recipients_the_good_one_gets_the_letter_once_and_the_bad_one_is_for_a_person(
    desk: LetterDesk, postman: Postman
) -> None:
    desk.writes_to(Role.ETHICS_COMMITTEE, "committee@agency.invalid, its-chair@agency.invalid")
    desk.makes(batch(letter(LetterKind.OPINION_REQUEST), applicant=desk.applicant()))
    first, second = (notice.key for notice in desk.notices())
    assert second == f"{first}/to-2"
    postman.recipient_refusals = ["550 no such user"]
    for _ in range(2):
        assert desk.delivers(postman.server) == [first]
    assert [mail["To"] for mail in postman.taken] == ["its-chair@agency.invalid"]
    assert {n.key: n.state for n in desk.notices()} == {first: "refused", second: "sent"}
    assert len({notice.document for notice in desk.notices()}) == 1


def test_a_letter_that_must_wait_holds_no_other_one_up(desk: LetterDesk, postman: Postman) -> None:
    desk.writes_to(Role.ETHICS_COMMITTEE, "committee@agency.invalid, its-chair@agency.invalid")
    desk.makes(batch(letter(LetterKind.OPINION_REQUEST), applicant=desk.applicant()))
    postman.recipient_refusals = ["450 not now"]
    desk.delivers(postman.server)
    assert "127.0.0.1 answered 450 not now" in reasons(desk)
    assert [mail["To"] for mail in postman.taken] == ["its-chair@agency.invalid"]
    assert desk.delivers(postman.server) == []
    assert sorted(mail["To"] for mail in postman.taken) == [
        "committee@agency.invalid",
        "its-chair@agency.invalid",
    ]


def test_what_is_ours_to_mend_is_tried_again(desk: LetterDesk, postman: Postman) -> None:
    prepared(desk, LetterKind.DECISION)
    postman.sender_refusals = ["550 we do not know this sender"]
    without_tls = {"user": "umn", "password": "wrong"}, {"starttls": True}
    for server, told in (
        (postman.server, "550 we do not know this sender"),
        (MailServer("127.0.0.1", postman.port, **without_tls[0]), "offers no TLS"),
        (MailServer("127.0.0.1", postman.port, **without_tls[1]), "UMN_SMTP_STARTTLS asks for it"),
    ):
        desk.delivers(server)
        assert told in reasons(desk)[0]
    assert (desk.states(), postman.taken) == (["pending"], [])


def test_a_certificate_is_checked_by_the_authority_that_the_settings_name(
    desk: LetterDesk, tmp_path: Path
) -> None:
    certificate, key = tmp_path / "mail.pem", tmp_path / "mail.key"
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 -keyout mail.key -out mail.pem",
        shell=True,
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    postman = Postman(port=free_port())
    controller = Controller(
        postman, hostname="127.0.0.1", port=postman.port, tls_context=context, require_starttls=True
    )
    controller.start()
    try:
        prepared(desk, LetterKind.DECISION)
        desk.delivers(MailServer("127.0.0.1", postman.port, starttls=True))
        assert "CERTIFICATE_VERIFY_FAILED" in reasons(desk)[0]
        assert (desk.states(), postman.taken) == (["pending"], [])
        trusted = MailServer("127.0.0.1", postman.port, starttls=True, ca_file=certificate)
        assert desk.delivers(trusted) == []
    finally:
        controller.stop()
    assert (len(postman.taken), desk.states()) == (1, ["sent"])
