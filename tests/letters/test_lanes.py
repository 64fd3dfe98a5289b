"""Lanes of the outbox: order is kept, what stands says so, and nothing waits that need not."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select
from temporalio.exceptions import CancelledError
from temporalio.testing import ActivityEnvironment

from activities.documents import Documents
from activities.letters import Letters
from activities.mail import MailServer
from activities.wording import TEMPLATES
from models.entry import LetterKind
from models.errors import ImproperAct, NotReachable
from models.notes import LetterLeft, LetterRefused
from models.outbox import Lane, Outbox
from models.parties import Channel, Party
from models.register import LetterRow
from office.letters.postman import problems
from office.letters.showing import for_a_person
from office.settings import Settings
from procedures.be_umn.words import Role
from register import notices, outbox
from register.database import engine
from register.recipients import Said, keep
from tests.letters.letter_desk import ADDRESSES, MAIL_FROM, LetterDesk, Postman
from tests.letters.sample_letters import batch, letter

NUMBER = "CUP-2026-014"


def tells(desk: LetterDesk, entry: int, *kinds: LetterKind, awaited: bool = False, **wrong: str) -> None:
    """An entry tells letters to the applicant; `wrong` is what of it no build of ours reads."""
    told = [letter(kind).model_copy(update={"awaited": awaited}) for kind in kinds]
    update = {"number": NUMBER, "entry": entry, **wrong}
    asked = batch(*told, applicant=desk.applicant()).model_copy(update=update)
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, asked)


def state(desk: LetterDesk, entry: int) -> list[str]:
    return [one.state for one in notices.notices(desk.url, NUMBER) if one.entry == entry]


def test_letters_of_a_lane_leave_in_the_order_in_which_they_were_told(
    desk: LetterDesk, postman: Postman
) -> None:
    for entry in (10, 9, 2):
        tells(desk, entry, LetterKind.QUESTIONS, LetterKind.DECISION)
    desk.delivers(postman.server)
    left = [mail.get_body(("plain",)).get_content().split("\n")[0] for mail in postman.taken]
    by_key = {one.message_id: one for one in notices.notices(desk.url, NUMBER)}
    order = [(by_key[m["Message-ID"]].entry, by_key[m["Message-ID"]].letter) for m in postman.taken]
    assert order == [(e, k) for e in (2, 9, 10) for k in ("questions", "decision")], left


def test_one_that_must_wait_holds_back_what_is_told_after_it_to_the_same_address(
    desk: LetterDesk, postman: Postman
) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    tells(desk, 2, LetterKind.DECISION)
    postman.recipient_refusals = ["450 not now"] * 20  # however long the second takes to be made
    desk.delivers(postman.server)
    assert (postman.taken, state(desk, 1), state(desk, 2)) == ([], ["pending"], ["pending"])
    postman.recipient_refusals.clear()
    desk.delivers(postman.server)
    assert (state(desk, 1), state(desk, 2)) == (["sent"], ["sent"])


def test_it_is_tried_again_later_each_time_and_for_days(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    postman.recipient_refusals = ["450 not now"] * 14
    for seconds in (2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600, 600):
        before = datetime.now(UTC)
        desk.delivers(postman.server)
        after = datetime.now(UTC)
        found = desk.letters().look()
        assert found.lanes == ()
        assert found.next_attempt is not None
        tried = found.next_attempt - timedelta(seconds=seconds)
        assert before.replace(microsecond=0) <= tried <= after  # instants are told by their second


def test_a_doubt_stops_its_address_until_a_person_has_settled_it(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    postman.hang_up_after_data = True
    assert desk.delivers(postman.server) == [f"{NUMBER}/1/questions/applicant"]
    postman.hang_up_after_data = False
    tells(desk, 2, LetterKind.DECISION)
    desk.delivers(postman.server)
    assert (state(desk, 1), state(desk, 2)) == (["in_doubt"], ["pending"])
    assert desk.letters().look().lanes == ()  # nothing goes on by itself
    doubted = notices.one(desk.url, f"{NUMBER}/1/questions/applicant")
    notices.send_again(desk.url, doubted, "Ann", doubted.recipient)
    desk.delivers(postman.server)
    assert (state(desk, 1), state(desk, 2)) == (["sent"], ["sent"])


def test_a_refused_address_stops_nothing(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    tells(desk, 2, LetterKind.DECISION)
    postman.recipient_refusals = ["550 no such user"]
    assert desk.delivers(postman.server) == [f"{NUMBER}/1/questions/applicant"]
    assert (state(desk, 1), state(desk, 2)) == (["refused"], ["sent"])


@pytest.mark.parametrize("broken", ["questions/nl.txt.j2", "words.nl.toml"])
def test_a_letter_that_cannot_be_made_stops_its_lane_and_says_why_until_it_is_mended(
    desk: LetterDesk, postman: Postman, tmp_path: Path, broken: str
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    right = (templates / broken).read_text()
    wrong = "{{ facts.nobody_knows }}" if broken.endswith("j2") else right.replace("[roles]", "[rolls]")
    wrong = wrong if wrong != right else right.replace("[", "[x-", 1)
    (templates / broken).write_text(wrong)
    store, url = desk.store, desk.url
    desk.documents = Documents(url, store, "Agency", MAIL_FROM, ADDRESSES, templates)
    tells(desk, 1, LetterKind.QUESTIONS)
    tells(desk, 2, LetterKind.DECISION)
    with Session(engine(url)) as session, session.begin():  # another lane of the same case
        to_desk = letter(LetterKind.LIMIT_PASSED)
        asked = batch(to_desk, applicant=desk.applicant()).model_copy(update={"number": NUMBER, "entry": 3})
        outbox.put(session, asked)
    desk.delivers(postman.server)
    stopped = notices.one(url, f"{NUMBER}/1/questions/applicant")
    assert stopped.state == "not_made"
    assert stopped.reason
    assert state(desk, 2) == ["to_make"]  # told later, so it waits
    assert desk.letters().look().lanes == ()
    if broken.endswith("j2"):
        assert state(desk, 3) == ["sent"]
        assert "nobody_knows" in stopped.reason
    assert notices.waiting(url) >= 1

    (templates / broken).write_text(right)
    desk.documents = Documents(url, store, "Agency", MAIL_FROM, ADDRESSES, templates)
    notices.try_again(url)
    desk.delivers(postman.server)
    assert (state(desk, 1), state(desk, 2), state(desk, 3)) == (["sent"], ["sent"], ["sent"])


def test_a_postman_who_is_stopped_blames_no_letter(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    postman.slow_seconds, key = 1, f"{NUMBER}/1/questions/applicant"
    worker, letters = ActivityEnvironment(), desk.letters(postman.server)
    with ThreadPoolExecutor(1) as hand:
        carries = hand.submit(worker.run, letters.carry, letters.look().lanes)
        assert postman.has_a_letter.wait(10)
        worker.cancel()
        with pytest.raises(CancelledError):
            carries.result()
    assert notices.one(desk.url, key).reason == ""
    desk.delivers(postman.server)
    found = notices.one(desk.url, key)
    assert found.state == "in_doubt"  # it was in his hand
    assert "Cancelled" not in found.reason


def stands(desk: LetterDesk, key: str) -> tuple[str, str]:
    """The state of a letter that a fault of ours stopped, once it is clear that only a person moves it."""
    assert desk.letters().look() == Outbox()
    found = notices.one(desk.url, key)
    assert notices.waiting(desk.url) == 1
    (said,) = problems(Settings(var=desk.outbox.parent), runs=True, now=datetime.now(UTC))
    assert (said.kind, said.number, key in said.sentence) == ("letters-stand", NUMBER, True)
    assert found.reason in said.sentence
    assert said.since == datetime.fromisoformat(found.since)
    return found.state, found.reason


def another_lane_goes_on(desk: LetterDesk, server: MailServer) -> None:
    to_desk = batch(letter(LetterKind.LIMIT_PASSED), applicant=desk.applicant())
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, to_desk.model_copy(update={"number": NUMBER, "entry": 9}))
    desk.delivers(server)
    assert state(desk, 9) == ["sent"]


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_a_letter_whose_facts_cannot_be_read_stops_its_lane_only(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS, on="a name of a patient")
    key = f"{NUMBER}/1/questions/applicant"
    another_lane_goes_on(desk, postman.server)
    told, why = stands(desk, key)
    assert told == "not_made"
    assert why.startswith("on: ")
    assert "patient" not in why
    since = notices.one(desk.url, key).since
    notices.try_again(desk.url, key)
    assert desk.letters().look().lanes == (Lane(number=NUMBER, role=Role.APPLICANT),)
    desk.delivers(postman.server)
    assert (stands(desk, key), notices.one(desk.url, key).since) == ((told, why), since)


def test_a_notice_that_a_fault_keeps_from_leaving_stops_its_lane_only(
    desk: LetterDesk, postman: Postman
) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    desk.delivers(MailServer("mail..example.org"))  # no name of a machine: the resolver raises no OSError
    key = f"{NUMBER}/1/questions/applicant"
    told, why = stands(desk, key)
    assert told == "not_sent"
    assert why.startswith("UnicodeError: ")
    tells(desk, 2, LetterKind.DECISION)
    another_lane_goes_on(desk, postman.server)
    assert state(desk, 2) == ["pending"]  # behind it, to the same address
    since = notices.one(desk.url, key).since
    notices.try_again(desk.url)
    desk.delivers(MailServer("mail..example.org"))
    assert notices.one(desk.url, key).since == since  # since when it fails, however often it is tried
    notices.try_again(desk.url)
    desk.delivers(postman.server)
    assert (state(desk, 1), state(desk, 2)) == (["sent"], ["sent"])
    assert len(postman.taken) == 3


@pytest.mark.parametrize("became", ["sent", "refused"])
def test_a_case_that_a_fault_keeps_from_being_told_is_told_when_it_is_tried_again(
    desk: LetterDesk, postman: Postman, became: str
) -> None:
    def knows_no_case(number: str, note: object) -> None:
        raise ValueError("no such case")

    if became == "refused":
        postman.recipient_refusals = ["550 no such user"]
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    sent_by = desk.notifications(postman.server)
    desk.delivers(by=Letters(desk.url, desk.documents, sent_by, knows_no_case))
    key = f"{NUMBER}/1/questions/applicant"
    assert stands(desk, key) == ("not_told", "ValueError: no such case")
    another_lane_goes_on(desk, postman.server)
    tells(desk, 2, LetterKind.DECISION)  # it has left, or never will: nothing waits behind it
    desk.delivers(postman.server)
    assert (state(desk, 2), desk.told) == (["sent"], [])
    notices.try_again(desk.url, key)
    desk.delivers(postman.server)
    ((_, note),) = desk.told
    assert type(note) is {"sent": LetterLeft, "refused": LetterRefused}[became]
    now = notices.one(desk.url, key)
    assert now.state == became
    assert ("no such user" in now.reason) is (became == "refused")


def test_facts_that_are_not_those_of_a_letter_are_named_without_what_they_say(desk: LetterDesk) -> None:
    secret = letter(LetterKind.QUESTIONS, questions=(), due_on="a name of a patient")
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, batch(secret, applicant=desk.applicant()))
    desk.delivers()
    (stopped,) = notices.notices(desk.url)
    assert "due_on" in stopped.reason
    assert "patient" not in stopped.reason


def test_a_store_that_cannot_be_written_stops_no_lane(desk: LetterDesk) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    desk.folder.write_text("not a folder")
    with pytest.raises(NotReachable):
        desk.delivers()
    assert state(desk, 1) == ["to_make"]
    desk.folder.unlink()
    desk.delivers()
    assert state(desk, 1) == ["sent"]


def test_a_case_is_told_once_of_a_letter_from_which_a_limit_counts_and_of_no_other(
    desk: LetterDesk, postman: Postman
) -> None:
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    tells(desk, 2, LetterKind.DECISION)
    desk.delivers(postman.server)
    desk.delivers(postman.server)
    ((number, note),) = desk.told
    assert number == NUMBER
    assert isinstance(note, LetterLeft)
    assert (note.letter, note.role, note.entry, note.channel) == ("questions", "applicant", 1, "email")
    assert note.proof.startswith("250")


def test_of_two_addresses_the_first_that_takes_the_letter_tells_it(
    desk: LetterDesk, postman: Postman
) -> None:
    keep(desk.url, NUMBER, Role.APPLICANT, Said(("a@example.org", "b@example.org")), "Ann")
    postman.recipient_refusals = ["550 no such user"]
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    desk.delivers(postman.server)
    ((_, note),) = desk.told
    assert (note.notice, type(note)) == (f"{NUMBER}/1/questions/applicant/to-2", LetterLeft)


def test_a_letter_that_no_address_takes_is_told_and_told_again_when_it_has_left(
    desk: LetterDesk, postman: Postman
) -> None:
    postman.recipient_refusals = ["550 no such <user@example.org>"]
    tells(desk, 1, LetterKind.DECISION)
    desk.delivers(postman.server)
    assert [type(note) for _, note in desk.told] == [LetterRefused]
    refused = notices.one(desk.url, f"{NUMBER}/1/decision/applicant")
    notices.send_again(desk.url, refused, "Ann", "else@example.org")
    desk.delivers(postman.server)
    assert [type(note) for _, note in desk.told] == [LetterRefused, LetterLeft]
    assert desk.told[1][1].said_by == "Ann"


def test_a_case_that_cannot_be_told_is_told_later(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    lane = Lane(number=NUMBER, role=Role.APPLICANT)

    def fails(number: str, note: object) -> None:
        raise NotReachable("temporal.not-started", folder="var")

    letters = desk.letters(postman.server)
    letters._tell = fails
    with pytest.raises(NotReachable):
        letters.carry([lane])
    assert desk.letters().look().lanes == (lane,)
    desk.delivers(postman.server)
    assert len(desk.told) == len(postman.taken) == 1


@pytest.mark.parametrize("became", ["sent", "refused"])
def test_a_case_that_was_terminated_is_told_once_it_goes_on(
    desk: LetterDesk, postman: Postman, became: str
) -> None:
    postman.recipient_refusals = ["550 no such user"] * (became == "refused")
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    letters = desk.letters(postman.server)
    letters._tell = lambda number, note: False
    lane = Lane(number=NUMBER, role=Role.APPLICANT)
    letters.carry([lane])
    waits = desk.letters().look()
    assert (state(desk, 1), waits.lanes) == ([became], ())
    assert waits.next_attempt is not None
    desk.delivers(postman.server)
    assert len(desk.told) == 1
    assert desk.letters().look() == Outbox()


def test_a_refused_letter_that_leaves_again_tells_a_terminated_case_that_it_left(
    desk: LetterDesk, postman: Postman
) -> None:
    postman.recipient_refusals = ["550 no such user"]
    tells(desk, 1, LetterKind.QUESTIONS)
    letters = desk.letters(postman.server)
    letters._tell = lambda number, note: False
    letters.carry([Lane(number=NUMBER, role=Role.APPLICANT)])
    refused = notices.one(desk.url, f"{NUMBER}/1/questions/applicant")
    notices.send_again(desk.url, refused, "Ann", "else@example.org")
    desk.delivers(postman.server)
    assert [type(note) for _, note in desk.told] == [LetterLeft]
    assert desk.letters().look() == Outbox()


@pytest.mark.parametrize("state", ["refused", "bounced"])
def test_a_letter_that_reaches_nobody_is_a_problem_and_one_to_post_is_work(
    desk: LetterDesk, state: str
) -> None:
    keep(desk.url, NUMBER, Role.APPLICANT, Said(channel=Channel.REGISTERED), "Ann")
    tells(desk, 1, LetterKind.QUESTIONS)
    desk.delivers()
    settings, now = Settings(var=desk.outbox.parent), datetime.now(UTC)
    assert problems(settings, runs=True, now=now) == []
    desk.change(state=state, reason="no such user")
    (said,) = problems(settings, runs=True, now=now)
    assert (said.kind, said.number) == ("letters-returned", NUMBER)
    assert "no such user" in said.sentence


def test_what_no_machine_sends_is_a_task_with_its_pdf_and_holds_nothing_up(
    desk: LetterDesk, postman: Postman
) -> None:
    keep(desk.url, NUMBER, Role.APPLICANT, Said(channel=Channel.REGISTERED), "Ann")
    tells(desk, 1, LetterKind.QUESTIONS, awaited=True)
    desk.delivers(postman.server)
    (task,) = notices.notices(desk.url)
    assert (task.state, task.channel, postman.taken) == ("to_post", "registered", [])
    assert task.recipient == "Voorbeeld Pharma NV, Voorbeeldstraat 1, 1000 Brussel"
    assert desk.store.read(task.sha256).startswith(b"%PDF")
    keep(desk.url, NUMBER, Role.APPLICANT, Said(), "Ann")
    tells(desk, 2, LetterKind.DECISION)
    desk.delivers(postman.server)
    assert [mail["To"] for mail in postman.taken] == ["pharma@example.org"]  # as it was filed
    assert desk.told == []
    left, presented = date(2026, 12, 1), date(2026, 12, 3)
    notices.leaves_by_hand(desk.url, task, "Ann", left, Channel.REGISTERED, proof="RR123456789BE")
    desk.delivers(postman.server)
    again = notices.one(desk.url, task.key)
    notices.leaves_by_hand(desk.url, again, "Ann", left, presented_on=presented)
    desk.delivers(postman.server)
    told = [(note.on, note.presented_on, note.proof) for _, note in desk.told if isinstance(note, LetterLeft)]
    assert told == [(left, None, "RR123456789BE"), (left, presented, "RR123456789BE")]
    assert len({note.request_id for _, note in desk.told}) == 2
    with pytest.raises(ImproperAct, match="somebody else"):
        notices.leaves_by_hand(desk.url, task, "Bob", left)


def test_a_letter_that_a_person_posts_instead_is_not_mailed(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)
    postman.recipient_refusals = ["450 not now"]
    desk.delivers(postman.server)
    waits = notices.one(desk.url, f"{NUMBER}/1/questions/applicant")
    notices.leaves_by_hand(desk.url, waits, "Ann", date(2026, 12, 1), Channel.BY_HAND)
    desk.delivers(postman.server)
    assert (postman.taken, state(desk, 1)) == ([], ["sent"])


def test_a_wake_that_was_lost_loses_no_letter(desk: LetterDesk, postman: Postman) -> None:
    tells(desk, 1, LetterKind.QUESTIONS)  # and nobody was woken
    tells(desk, 2, LetterKind.DECISION)
    desk.delivers(postman.server)
    assert len(postman.taken) == 2
    with Session(engine(desk.url)) as session:
        assert {row.state for row in session.exec(select(LetterRow))} == {"made"}
    assert outbox.look(desk.url, datetime.now(UTC) + timedelta(days=9)).lanes == ()


def test_a_letter_without_an_address_waits_at_the_desk_and_its_case_is_told_that_nobody_received_it(
    desk: LetterDesk,
) -> None:
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    one = letter(LetterKind.INCOMPLETE).model_copy(update={"awaited": True})
    key = f"{NUMBER}/7/incomplete/applicant"
    desk.makes(batch(one, applicant=lost))
    assert desk.delivers() == []
    (notice,) = desk.notices()
    assert (notice.state, notice.left_on, notice.role) == ("to_forward", None, "applicant")
    ((number, note),) = desk.told
    assert isinstance(note, LetterRefused)
    assert (number, note.by, note.role) == (NUMBER, "the postman", Role.APPLICANT)
    assert note.may_be(NUMBER, note.on)
    (waits,) = notices.notices(desk.url)
    assert [*for_a_person([waits])] == [
        f"letter incomplete of entry 7 to the applicant is at the desk, to forward since {waits.since[:16]}: "
        f"umn notices, {key}: again --to, posted or delivered"
    ]
    new = notices.send_again(desk.url, waits, "Ann", "pharma@example.org")
    assert desk.delivers() == []
    assert isinstance(desk.told[1][1], LetterLeft)
    mail = next(mail for mail in desk.mails_in_outbox() if mail["To"] == "pharma@example.org")
    assert mail["Subject"] == notice.subject  # it goes to its addressee
    assert {one.key: one.state for one in desk.notices()} == {key: "replaced", new: "sent"}
