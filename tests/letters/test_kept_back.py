"""Letters after a restore: made at once, kept back until somebody releases them, and none leaves twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlmodel import Session

from models.entry import LetterKind
from models.notes import LetterLeft
from register import notices, outbox, restores
from register.database import engine, transaction
from tests.letters.letter_desk import LetterDesk, Postman
from tests.letters.sample_letters import batch, letter

NUMBER = "CUP-2026-014"
RESTORED = datetime(2026, 11, 29, 8, tzinfo=UTC)


def tells(desk: LetterDesk, entry: int, kind: LetterKind, says: str) -> None:
    """An entry that says something tells a letter to the applicant, from whose receipt a limit runs."""
    told = letter(kind).model_copy(update={"awaited": True})
    asked = batch(told, applicant=desk.applicant()).model_copy(update={"number": NUMBER, "entry": entry})
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, asked, says)


def restore(desk: LetterDesk) -> None:
    with transaction(desk.url) as session:
        restores.begin(session, "2026-11-28T22:00:00+00:00", RESTORED, "Ann", 100)


def release(desk: LetterDesk, *seen: restores.Seen) -> None:
    with transaction(desk.url) as session:
        assert restores.release(session, 1, RESTORED, "Ann", seen)


def states(desk: LetterDesk) -> dict[int, str]:
    return {one.entry: one.state for one in notices.notices(desk.url, NUMBER)}


def test_after_a_restore_letters_are_made_and_none_leaves_before_the_release(
    desk: LetterDesk, postman: Postman
) -> None:
    tells(desk, 1, LetterKind.QUESTIONS, "a")
    restore(desk)
    desk.delivers(postman.server)
    assert (states(desk), postman.taken) == ({1: "pending"}, [])
    assert outbox.is_at_rest(desk.url)
    release(desk)
    desk.delivers(postman.server)
    assert states(desk) == {1: "sent"}
    assert len(postman.taken) == 1


def test_a_letter_that_had_left_does_not_leave_again_and_its_case_hears_of_the_day_on_which_it_left(
    desk: LetterDesk, postman: Postman
) -> None:
    tells(desk, 1, LetterKind.QUESTIONS, "a")
    tells(desk, 2, LetterKind.DECISION, "b")
    restore(desk)
    desk.delivers(postman.server)
    (first,) = (one for one in notices.notices(desk.url, NUMBER) if one.entry == 1)
    release(desk, restores.Seen(first.message_id, datetime(2026, 11, 28, 23, 30, tzinfo=UTC), "journal.mbox"))
    desk.delivers(postman.server)
    assert states(desk) == {1: "sent", 2: "sent"}
    assert len(postman.taken) == 1  # that of entry 2
    (note, other) = (note for _, note in desk.told)
    assert isinstance(note, LetterLeft)
    assert (note.entry, note.on, note.proof) == (1, date(2026, 11, 29), "journal.mbox")  # in Brussels
    assert other.entry == 2


def decided_again(desk: LetterDesk, postman: Postman, before: str, after: str) -> restores.Seen:
    """A decision of entry 3 had left before the restore; entry 3 is done again after the release."""
    restore(desk)
    key = f"{NUMBER}/3/decision/applicant"
    seen = restores.Seen(notices.message_id(key, before, "agency.invalid"), RESTORED, "outbox")
    release(desk, seen)
    tells(desk, 3, LetterKind.DECISION, after)
    desk.delivers(postman.server)
    return seen


def test_one_that_is_told_after_the_release_and_had_left_is_known_as_well(
    desk: LetterDesk, postman: Postman
) -> None:
    decided_again(desk, postman, "the decision", "the decision")
    assert (states(desk), postman.taken) == ({3: "sent"}, [])


def test_another_decision_under_the_same_number_and_entry_is_another_message(
    desk: LetterDesk, postman: Postman
) -> None:
    seen = decided_again(desk, postman, "authorised", "refused")
    (left,) = postman.taken
    assert left["Message-ID"] != seen.message_id
    desk.delivers()
    assert states(desk) == {3: "sent"}
