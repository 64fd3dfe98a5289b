"""The law as it is shipped says what the decree says: values, silence, article and degree of truth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.law.clause import InForce, spoken
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from procedures.books import shipped

TODAY = date(2026, 11, 28)
BOOK = shipped().books["be_umn"]
FLAG = SilencePolicy.FLAG

READ: list[tuple[str, str, SilencePolicy, str]] = [
    ("admissibility", "6 working days", FLAG, "art. 106 § 8"),
    ("completion", "30 calendar days", SilencePolicy.FORFEITED, "art. 106 § 8"),
    ("admissibility-notice", "3 working days", FLAG, "art. 106 § 8"),
    ("passing-on", "3 working days", FLAG, "art. 106 § 9"),
    ("european-agency", "at once", FLAG, "art. 106 § 10"),
    ("ethics-opinion", "40 working days", SilencePolicy.FAVOURABLE, "art. 106 § 11"),
    ("commission-opinion", "40 working days", FLAG, "art. 106 § 12"),
    ("answers", "10 calendar days", SilencePolicy.ON_FILE, "art. 106 § 12"),
    ("decision", "55 working days", SilencePolicy.GRANTED, "art. 106 § 13"),
    ("evaluation", "12 months", FLAG, "art. 106 § 5"),
    ("evaluation-half-yearly", "6 months", FLAG, "art. 106 § 5"),
    ("evaluation-term", "3 months", FLAG, "art. 106 § 5"),
    ("list-term", "2 months", FLAG, "art. 106 § 5"),
    ("payment", "30 calendar days", FLAG, "art. 14/15"),
    ("payment-appeal", "30 calendar days", FLAG, "art. 14/20"),
    ("formal-notice", "4 months", SilencePolicy.REFUSED, "art. 14 § 3"),
    ("remedy-annulment", "60 calendar days", FLAG, "art. 4"),
    ("remedy-from-europe", "30 calendar days", FLAG, "art. 89"),
    ("remedy-from-overseas", "90 calendar days", FLAG, "art. 89"),
]
"""What the decree and the acts beside it say, as it is held today."""

AMOUNTS = [
    ("contribution-cup-application", date(2018, 4, 4), "4728.95 euro"),
    ("contribution-mnp-application", date(2018, 4, 4), "4728.95 euro"),
    ("contribution-cup-application", date(2018, 4, 5), "18525.00 euro"),
    ("contribution-mnp-application", date(2018, 4, 5), "11296.00 euro"),
    ("contribution-cup-modification", date(2018, 4, 4), "4728.95 euro"),
    ("contribution-cup-list", date(2018, 4, 4), "2940.67 euro"),
    ("contribution-cup-list", date(2018, 4, 5), "2671.00 euro"),
    ("contribution-mnp-list", date(2018, 4, 5), "2410.00 euro"),
]

NO_TEXT = ("modification-opinion", "modification-decision", "condition-reminder", "validity-warnings")
"""What no text gives a number for: whatever it says is practice, and silence has no effect."""


def held(clause: str, day: date = TODAY) -> InForce:
    return BOOK.clause(clause).on(day)


@pytest.mark.parametrize(("clause", "value", "silence", "article"), READ, ids=lambda one: str(one))
def test_a_value_is_that_of_its_article(
    clause: str, value: str, silence: SilencePolicy, article: str
) -> None:
    known = held(clause)
    assert (spoken(known.value), known.silence, known.degree) == (value, silence, Degree.READ)
    assert known.source.article.startswith(article)
    assert known.copy


@pytest.mark.parametrize(("clause", "day", "amount"), AMOUNTS)
def test_a_fee_is_that_of_its_day(clause: str, day: date, amount: str) -> None:
    assert spoken(held(clause, day).value) == amount


@pytest.mark.parametrize("clause", NO_TEXT)
def test_what_no_text_says_is_assumed_and_silence_does_nothing(clause: str) -> None:
    assert (held(clause).degree, held(clause).silence) == (Degree.ASSUMED, FLAG)
    assert not held(clause).copy


@pytest.mark.parametrize(
    ("clause", "since"),
    [
        *(
            (clause, date(2018, 1, 1))
            for clause in ("payment-appeal", "objection-decision", "objection-court")
        ),
        *((clause, date(2018, 1, 1)) for clause in ("limitation", "interest", "interest-step")),
        ("interest-floor", date(2026, 6, 14)),
    ],
)
def test_a_value_is_called_read_only_since_its_article_applies(clause: str, since: date) -> None:
    before = held(clause, since - timedelta(days=1))
    assert (before.degree, before.value) == (Degree.ASSUMED, held(clause, since).value)
    assert (held(clause, since).degree, held(clause, since).from_on) == (Degree.READ, since)


def test_no_old_assumption_is_left() -> None:
    """A value that no text gives says that it is practice or our reading, not that a text is missing."""
    told = [
        clause.id
        for clause in BOOK.clauses
        for value in clause.values
        if "not obtained" in value.source.remark or "not found" in value.source.remark
    ]
    assert told == []
