"""What falls due is told in words: what, by whom, until when; a right is told from a duty."""

from __future__ import annotations

from datetime import date

import pytest

from activities.wording import wording_of
from models.due import Due, in_order, on_its_day, sentence
from models.messages import catalogue
from models.parties import Language
from procedures.be_umn.law.time_limits import TIME_LIMITS

WORDS = {key.removeprefix("due.") for key in catalogue("en") if key.startswith("due.")}

DAY, LATER = date(2026, 12, 18), date(2027, 1, 19)
OPINION = Due("commission-opinion", "commission", DAY, "assumed")
DECISION = Due("decision", "desk", LATER)
OBJECTION = Due("payment-appeal", "invoice_addressee", DAY)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (OPINION, "opinion of the commission, by the commission, until 2026-12-18 (assumed)"),
        (DECISION, "decision, by the desk, until 2027-01-19"),
        (Due("decision", "desk", None), "decision, by the desk, stands still"),
        (
            Due("completion", "applicant", DAY, presumed=True),
            "completion of the dossier, by the applicant, until 2026-12-18 "
            "(presumed: if the letter was received when it left, which no rule says)",
        ),
        (Due("condition-2", "applicant", DAY), "condition 2, by the applicant, until 2026-12-18"),
        (
            Due("list-2026-12-18", "applicant", DAY),
            "list of suspected serious adverse reactions, by the applicant, until 2026-12-18",
        ),
        (Due("effect", "desk", DAY), "the decision takes effect on 2026-12-18"),
        (Due("suspension-2026-12-18", "desk", DAY), "the suspension takes effect on 2026-12-18"),
        (
            Due("undelivered-7-questions-applicant", "desk", DAY),
            "letter 7-questions-applicant that came back, by the desk, until 2026-12-18",
        ),
    ],
)
def test_what_falls_due_is_said_with_whose_turn_it_is_and_until_when(due: Due, said: str) -> None:
    assert due.said() == said


def test_the_day_after_it_is_late_but_nobody_is_late_with_a_right() -> None:
    assert OPINION.said(DAY).endswith("(assumed)")
    assert OPINION.said(LATER).endswith("(overdue, assumed)")
    assert "overdue" not in OBJECTION.said(LATER)


def test_the_day_that_counts_comes_first_and_what_stands_still_last() -> None:
    stopped = Due("answers", "applicant", None)
    assert in_order([stopped, DECISION, OBJECTION, OPINION], LATER) == (DECISION, OPINION, stopped, OBJECTION)
    assert on_its_day([DECISION, OBJECTION, OPINION], DAY) == (OPINION,)
    assert on_its_day([stopped], None) == ()


def test_nothing_is_said_where_nothing_falls_due() -> None:
    assert sentence(()) == ""
    assert sentence([DECISION, OPINION]).count("until") == 2


def test_every_day_that_a_letter_has_words_for_has_words_at_the_desk() -> None:
    refs = wording_of("CUP").words(Language.EN)["refs"]
    assert {f"{ref}of" if ref.endswith("-") else ref for ref in refs} <= WORDS


def test_every_limit_that_somebody_is_warned_of_or_that_starts_on_receipt_has_words() -> None:
    run = {clause.id for clause in TIME_LIMITS if any(v.warnings or v.receipt_of for v in clause.values)}
    assert run <= WORDS
