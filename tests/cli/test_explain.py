"""`umn explain`: how each date of a case came about, from the register alone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import starter
from activities.register import RegisterEntries
from models.clock import Clock, ClosingDay, Limit, Unit
from models.entry import Entry, OpenClock, Standing
from models.errors import RegisterConflict
from models.law.applicable import Law
from models.law.degree import Degree
from models.obligations import clock_of
from models.parties import Party
from models.subjects import Product
from office.settings import Settings
from procedures.be_umn.words import Kind, Phase, Role
from procedures.books import applicable_law
from register.database import engine, migrate
from register.laws import keep
from register.views import laws

NUMBER = "CUP-2026-001"
LAW = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))


class Book:
    """A register of one dossier, and what `umn explain` says of it."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self._register = RegisterEntries(url)
        self._capsys = capsys
        self._sequence = 0

    def enters(
        self,
        happened_on: date,
        *clocks: OpenClock,
        law: Law = LAW,
        recorded_on: date | None = None,
        phase: Phase = Phase.DECISION,
        due_on: date | None = None,
        ended: bool = False,
        act: str = "Filed",
        facts: dict[str, Any] | None = None,
    ) -> None:
        self._sequence += 1
        recorded = recorded_on or happened_on
        standing = Standing(
            kind="application",
            procedure="CUP",
            applicant=Party(id="p", name="Élan Pharma"),
            subject=Product(
                trade_name="Novamab", active_substance="novamab", indication="A rare anaemia."
            ).subject,
            phase=phase,
            possible=(),
            due_on=due_on,
            ended=ended,
            clocks=clocks,
            law=law.digest,
        )
        entry = Entry(
            number=NUMBER,
            sequence=self._sequence,
            recorded_at=datetime(recorded.year, recorded.month, recorded.day, 9, tzinfo=UTC),
            happened_on=happened_on,
            act=act,
            by="Case officer A",
            facts=facts or {},
            standing=standing,
        )
        keep(self.url, law)
        self._register.enter(entry)

    def explains(self, language: str = "en") -> dict[str, Any]:
        assert starter.run(["explain", NUMBER, "--lang", language, "-o", "json"]) == 0
        document: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return document

    def said(self) -> str:
        """What was said since it was asked last, beside the result too."""
        told = self._capsys.readouterr()
        return told.out + told.err

    def tells(self, language: str = "en") -> str:
        assert starter.run(["explain", NUMBER, "--lang", language]) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Book:
    monkeypatch.setenv("UMN_VAR", str(tmp_path))
    settings = Settings.read()
    migrate(settings.register_url)
    return Book(settings.register_url, capsys)


def to_decide(**stopped: date) -> Clock:
    clock = LAW.clock("decision", date(2026, 3, 5))
    if "asked_on" in stopped:
        clock.stop(stopped["asked_on"], "questions", stopped.get("asked_recorded_on", stopped["asked_on"]))
    if "answered_on" in stopped:
        clock.restart(stopped["answered_on"], stopped.get("recorded_on", stopped["answered_on"]))
    return clock


def open_clock(clock: Clock, due_on: date | None = None, law: Law = LAW) -> OpenClock:
    return OpenClock(
        ref=clock.clause,
        desk=Role.DESK,
        due_on=due_on or clock.due_on(law.calendar),
        clock=clock,
        degree=Degree.ASSUMED,
    )


def test_an_open_date_is_told_with_its_article_and_every_step(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    document = book.explains()
    (clock,) = document["clocks"]
    assert document["number"] == NUMBER
    assert document["earlier"] == []
    assert {key: clock[key] for key in ("ref", "clause", "due_on", "degree", "from_on", "law")} == {
        "ref": "decision",
        "clause": "decision",
        "due_on": "2026-05-27",
        "degree": "assumed",
        "from_on": "2014-07-01",
        "law": LAW.digest,
    }
    assert "art. 106 § 13 and 108 § 8" in clock["article"]
    assert clock["calendar"] == f"BE, {LAW.calendar.version}"
    assert [step["kind"] for step in clock["steps"]] == ["started", "days-off", "counted", "due"]
    assert clock["steps"][1]["text"] == (
        "Not counted as working days: 6 April 2026 (Easter Monday), 1 May 2026 (Labour Day), "
        "14 May 2026 (Ascension Day) and 25 May 2026 (Pentecost Monday)."
    )
    assert clock["attention"] == []
    assert str(LAW.limit("decision")) in clock["says"]
    assert clock["says"] in book.tells("en")


def test_a_limit_in_hours_is_explained_on_both_of_its_readings(book: Book) -> None:
    hours = to_decide().model_copy(update={"limit": Limit(amount=36, unit=Unit.HOURS)})
    book.enters(date(2026, 3, 5), open_clock(hours))  # a Thursday
    (clock,) = book.explains()["clocks"]
    first, last = clock["readings"]
    assert (first["due_on"], last["due_on"]) == ("2026-03-06", "2026-03-09")
    assert [first["steps"][0]["kind"], last["steps"][0]["kind"]] == ["from-first-hour", "from-last-hour"]
    assert "rolled" in {step["kind"] for step in last["steps"]}
    assert "On this reading, the event came in the last hour of its day" in book.tells()


def test_one_date_alone_is_explained_as_it_stands_and_as_it_was_told(book: Book) -> None:
    opinion = LAW.clock("commission-opinion", date(2026, 3, 5))
    book.enters(date(2026, 3, 5), open_clock(to_decide()), open_clock(opinion))
    moved = to_decide(asked_on=date(2026, 3, 10), answered_on=date(2026, 3, 17))
    book.enters(date(2026, 3, 17), open_clock(moved), open_clock(opinion))
    assert len(book.explains()["clocks"]) == 2
    assert starter.run(["explain", NUMBER, "--clock", "Decision", "-o", "json"]) == 0
    told = json.loads(book.said())
    assert [[block["ref"] for block in told[part]] for part in ("clocks", "earlier")] == [["decision"]] * 2
    assert told["conditions"] == []
    assert starter.run(["explain", NUMBER, "--clock", "no-such"]) == 2
    assert "commission-opinion" in book.said()


def test_of_one_entry_all_that_is_held_is_shown_word_for_word(book: Book) -> None:
    grounds = "A reason with_a line of its own. " * 20
    book.enters(date(2026, 3, 5), open_clock(to_decide()), facts={"grounds": grounds, "struck": []})
    assert starter.run(["show", NUMBER, "--entry", "1"]) == 0
    shown = book.said()
    assert shown.startswith(f"{NUMBER}, entry 1: ")
    assert f"  grounds: {grounds.strip()}" in shown
    assert "struck" not in shown
    assert "2026-05-27" in shown
    assert starter.run(["show", NUMBER, "--entry", "1", "-o", "json"]) == 0
    told = json.loads(book.said())
    assert (told["number"], told["sequence"], told["facts"]["grounds"]) == (NUMBER, 1, grounds)
    book.enters(date(2026, 5, 28), open_clock(to_decide()), act="LimitPassed", facts={"silence": "flag"})
    assert starter.run(["show", NUMBER]) == 0
    assert "flag" not in book.said()
    assert starter.run(["show", NUMBER, "--entry", "3"]) == 4
    assert f"umn show {NUMBER} --entry 2" in book.said()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("time to decide: 27 May 2026", "read in a copy", "1. The limit of 55")),
        (
            "nl",
            (
                "termijn om te beslissen: 27 mei 2026",
                "gelezen in een kopie",
                "1. De termijn van 55",
            ),
        ),
        (
            "fr",
            (
                "délai de décision\u00a0: 27 mai 2026",
                "lu dans une copie",
                "1. Le délai de 55",
            ),
        ),
    ],
)
def test_people_read_it_in_their_language(book: Book, language: str, said: tuple[str, ...]) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    told = book.tells(language)
    assert all(words in told for words in said)
    assert LAW.digest[:12] in told
    assert f"BE, {LAW.calendar.version}" in told


def test_the_numbers_of_an_explanation_are_the_same_in_every_language(book: Book) -> None:
    clock = to_decide(asked_on=date(2026, 3, 20), answered_on=date(2026, 3, 30), recorded_on=date(2026, 4, 2))
    book.enters(date(2026, 3, 30), open_clock(clock), recorded_on=date(2026, 4, 2))
    documents = [book.explains(language) for language in ("en", "nl", "fr")]
    for document in documents:
        for clock_told in document["clocks"]:
            for step in clock_told["steps"]:
                step.pop("text")
    told = [[(c["due_on"], c["entry"], c["steps"]) for c in document["clocks"]] for document in documents]
    assert told[0] == told[1] == told[2]


def test_every_date_that_was_told_before_is_kept_with_its_own_steps(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    book.enters(date(2026, 3, 20), open_clock(to_decide(asked_on=date(2026, 3, 20))))
    book.enters(
        date(2026, 3, 30), open_clock(to_decide(asked_on=date(2026, 3, 20), answered_on=date(2026, 3, 30)))
    )
    document = book.explains()
    (now,), (before,) = document["clocks"], document["earlier"]
    assert (now["entry"], now["due_on"]) == (3, "2026-06-04")
    assert (before["entry"], before["due_on"]) == (1, "2026-05-27")
    assert "stopped" in [step["kind"] for step in now["steps"]]
    assert "stopped" not in [step["kind"] for step in before["steps"]]
    assert "Dates that were told earlier" in book.tells()


def test_a_clock_that_stands_still_has_no_last_day(book: Book) -> None:
    book.enters(date(2026, 3, 20), open_clock(to_decide(asked_on=date(2026, 3, 20))))
    (clock,) = book.explains()["clocks"]
    assert clock["due_on"] is None
    assert clock["steps"][-1]["kind"] == "no-due-date"
    assert "time to decide: no last day while the clock-stop is open" in book.tells()


def test_what_was_told_stands_when_this_release_counts_another_day(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide(), due_on=date(2026, 5, 6)))
    (clock,) = book.explains()["clocks"]
    assert clock["due_on"] == "2026-05-06"
    assert clock["attention"] == [
        "ATTENTION: was told 6 May 2026; this release counts 27 May 2026; 6 May 2026 stands."
    ]


def test_a_fact_recorded_late_shows_both_days(book: Book) -> None:
    clock = to_decide(
        asked_on=date(2026, 3, 20),
        asked_recorded_on=date(2026, 3, 23),
        answered_on=date(2026, 3, 30),
        recorded_on=date(2026, 4, 2),
    )
    book.enters(date(2026, 3, 30), open_clock(clock), recorded_on=date(2026, 4, 2))
    (told,) = book.explains()["clocks"]
    assert (told["happened_on"], told["recorded_on"]) == ("2026-03-30", "2026-04-02")
    assert told["recorded"] == [
        "Told by entry 1, recorded on 2 April 2026, about what happened on 30 March 2026.",
        "The clock-stop of 21 March 2026 began by what happened on 20 March 2026; recorded on 23 March 2026.",
        "The clock-stop of 21 March 2026 ended by what happened on 30 March 2026; recorded on 2 April 2026.",
    ]


@pytest.mark.parametrize(
    ("language", "ten_days", "two_months"),
    [
        ("en", "10 calendar days", "2 months"),
        ("nl", "10 kalenderdagen", "2 maanden"),
        ("fr", "10 jours calendrier", "2 mois"),
        ("de", "10 Kalendertagen", "2 Monate"),
    ],
)
def test_what_an_article_says_has_its_own_value_whatever_the_clock_counts(
    book: Book, language: str, ten_days: str, two_months: str
) -> None:
    """Five days were set of at most ten; a list is due two months before the end of three."""
    answers = LAW.clock("answers", date(2026, 4, 1))
    answers.limit = Limit(amount=5, unit=Unit.CALENDAR_DAYS)
    book.enters(date(2026, 4, 1), open_clock(answers))
    (told,) = book.explains(language)["clocks"]
    assert ten_days in told["says"]
    year = applicable_law("CUP", None, date(2026, 3, 2))
    (owed,) = (owed for owed in year.obligations if owed.ahead)
    term = clock_of(owed, date(2027, 3, 1), date(2026, 3, 1), year)
    assert term is not None
    book.enters(date(2026, 4, 2), open_clock(term), law=year)
    (told,) = book.explains(language)["clocks"]
    assert two_months in told["says"]


def test_a_day_that_hangs_on_a_receipt_that_nobody_proved_is_called_presumed(book: Book) -> None:
    completion = LAW.clock("completion", date(2026, 3, 5))
    completion.presumed = True
    book.enters(date(2026, 3, 5), open_clock(completion))
    (told,) = book.explains()["clocks"]
    (presumed,) = (step["text"] for step in told["steps"] if step["kind"] == "presumed")
    assert presumed.startswith("It is counted as if the letter was received on 5 March 2026.")
    completion.received(date(2026, 3, 9))
    book.enters(date(2026, 3, 9), open_clock(completion))
    proven = book.explains()["clocks"][0]["steps"]
    assert "presumed" not in [step["kind"] for step in proven]


def test_a_day_that_a_decision_fixed_was_not_counted(book: Book) -> None:
    book.enters(
        date(2026, 5, 4),
        OpenClock(ref="condition-2", desk=Role.APPLICANT, due_on=date(2026, 12, 15)),
        OpenClock(ref="effect", desk=Role.DESK, due_on=date(2026, 6, 1)),
    )
    told = book.explains()["clocks"]
    assert [[step["kind"] for step in clock["steps"]] for clock in told] == [["fixed"], ["fixed"]]
    assert [clock["text"] for clock in told] == [
        "condition 2: 15 December 2026",
        "the decision takes effect: 1 June 2026",
    ]


def test_a_task_has_no_time_and_nobody_decided_its_day(book: Book) -> None:
    book.enters(date(2026, 5, 4), OpenClock(ref="contribution", desk=Role.DESK, due_on=date(2026, 5, 4)))
    (task,) = book.explains()["clocks"]
    assert task["steps"] == []
    assert task["attention"] == ["This is a task of the desk since that day; no text gives a time for it."]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("TacitDecision", "It took effect: entry 2, recorded on 28 May 2026."),
        ("Established", "Case officer A established that it took effect: entry 2, recorded on 28 May 2026."),
    ],
)
def test_a_silence_that_took_effect_says_by_which_entry(book: Book, act: str, said: str) -> None:
    effect_on = date(2026, 5, 28)
    silent = open_clock(to_decide()).model_copy(update={"silence": "granted", "effect_on": effect_on})
    book.enters(date(2026, 3, 5), silent)
    assert "took effect" not in book.tells()
    facts = {"clause": "decision", "effect_on": str(effect_on)}
    book.enters(effect_on, act=act, facts=facts)
    (told,) = book.explains()["earlier"]
    assert told["recorded"][:2] == [
        "Silence: from 28 May 2026 it counts by law as a decision that grants what was applied for.",
        said,
    ]


def test_a_day_whose_clock_was_not_kept_is_not_called_a_decision(book: Book) -> None:
    book.enters(
        date(2026, 3, 5), OpenClock(ref="payment", desk=Role.INVOICE_ADDRESSEE, due_on=date(2026, 4, 7))
    )
    (clock,) = book.explains()["clocks"]
    assert clock["steps"] == []
    assert clock["attention"] == ["The day stands as it was told; how it was counted was not kept."]


def test_each_date_is_explained_by_the_law_that_it_was_told_under(book: Book) -> None:
    closing = ClosingDay(
        day=date(2026, 5, 4), reason="bridging day", by="Case officer A", entered_on=date(2026, 4, 1)
    )
    later = LAW.revised(closing=closing)
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    book.enters(date(2026, 4, 1), open_clock(to_decide(), law=later), law=later)
    document = book.explains()
    (now,), (before,) = document["clocks"], document["earlier"]
    assert (before["due_on"], before["law"]) == ("2026-05-27", LAW.digest)
    assert (now["due_on"], now["law"]) == ("2026-05-28", later.digest)
    assert "bridging day" in now["steps"][1]["text"]
    assert before["calendar"] != now["calendar"]
    assert [*now["attention"], *before["attention"]] == []


def test_a_register_that_lost_a_law_is_called_a_damaged_copy(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    with Session(engine(book.url)) as session, session.begin():
        with pytest.raises(IntegrityError, match="a law that entries rest on is never changed"):
            session.execute(text("DELETE FROM law"))
        session.execute(text("DROP TRIGGER law_is_kept"))  # as a damaged copy would be without it
        session.execute(text("DELETE FROM law"))
    with pytest.raises(RegisterConflict, match=f"does not hold the law {LAW.digest[:12]}.*damaged copy"):
        laws(book.url, [LAW.digest])
    assert starter.run(["explain", NUMBER]) == 5


@pytest.mark.parametrize(
    ("language", "condition"),
    [("en", "authorised, marketed and reimbursed"), ("nl", "terugbetaald"), ("fr", "remboursé")],
)
def test_the_conditions_of_its_law_are_told_in_words(book: Book, language: str, condition: str) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    found = {told["clause"]: told for told in book.explains(language)["conditions"]}
    assert condition in found["alternative-treatment"]["text"]
    assert found["alternative-treatment"]["from_on"] == "2020-12-13"
    assert "power-to-decide" in found
    assert condition in book.tells(language)


def test_a_dossier_of_before_the_change_keeps_its_condition(book: Book) -> None:
    before = applicable_law("CUP", Kind.APPLICATION, date(2020, 12, 12))
    book.enters(date(2020, 12, 12), law=before)
    found = {told["clause"]: told for told in book.explains()["conditions"]}
    assert "reimbursed" not in found["alternative-treatment"]["value"]


def test_a_case_that_has_ended_still_explains_what_was_told(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    book.enters(date(2026, 4, 20), phase=Phase.REFUSED, ended=True)
    document = book.explains()
    assert document["clocks"] == []
    assert [told["due_on"] for told in document["earlier"]] == ["2026-05-27"]


def test_a_case_without_any_date_says_so(book: Book) -> None:
    book.enters(date(2026, 4, 20), phase=Phase.REFUSED, ended=True)
    assert book.tells().startswith(f"No date is open in {NUMBER}, and none was told.")


def test_an_unknown_number_is_not_found(book: Book) -> None:
    book.enters(date(2026, 3, 5), open_clock(to_decide()))
    assert starter.run(["explain", "CUP-2026-002"]) == 4
