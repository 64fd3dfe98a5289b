"""A lawyer asks twelve questions about one dossier; `umn explain`, `show`, `law show` and `clock` answer.

The application is found admissible on Monday 1 March 2027. The commission puts questions on its last day.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import starter
from models.clock import Clock
from models.entry import OpenClock
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register.database import migrate
from tests.cli.test_explain import NUMBER, Book

ADMISSIBLE = date(2027, 3, 1)
LAW = applicable_law("CUP", Kind.APPLICATION, ADMISSIBLE)
OF_COMMISSION = "commission-opinion"
CLAUSES = ("ethics-opinion", OF_COMMISSION, "decision")


class Asked(Book):
    """The register of the dossier, and the answer to a command, on one line."""

    def answers(self, *command: str) -> str:
        self._capsys.readouterr()
        assert starter.run(list(command)) == 0
        return " ".join(self._capsys.readouterr().out.split())


@pytest.fixture
def dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Admissible on 1 March; ten days for answers asked on 27 April; decided on the last day."""
    monkeypatch.setenv("UMN_VAR", str(tmp_path))
    settings = Settings.read()
    migrate(settings.register_url)
    asked = Asked(settings.register_url, capsys)
    asked.enters(ADMISSIBLE, *running(), law=LAW, act="DeclaredAdmissible")
    questions = LAW.clock(OF_COMMISSION, ADMISSIBLE)
    questions.suspend(date(2027, 4, 27), date(2027, 4, 28), date(2027, 5, 7), "questions", date(2027, 4, 27))
    asked.enters(date(2027, 4, 27), *running(questions), law=LAW, act="QuestionsRaised")
    signatory = {"person": "Ann", "capacity": "minister", "clause": "power-to-decide"}
    decided = {"outcome": "authorised", "signatory": signatory}
    asked.enters(date(2027, 5, 20), law=LAW, act="Decided", facts=decided)
    return asked


def running(commission: Clock | None = None) -> list[OpenClock]:
    """What runs from the day of admissibility, with what its silence brings by the law of the case."""
    clocks = {clause: LAW.clock(clause, ADMISSIBLE) for clause in CLAUSES}
    return [
        runs(clause, commission if commission and clause == OF_COMMISSION else clocks[clause])
        for clause in CLAUSES
    ]


def runs(clause: str, clock: Clock) -> OpenClock:
    silence, late_on = LAW.clauses[clause].silence, clock.late_on(LAW.calendar)
    assert late_on
    return OpenClock(
        ref=clause,
        desk=LAW.desk(clause),
        due_on=clock.due_on(LAW.calendar),
        late_on=clock.later_on(LAW.calendar),
        clock=clock,
        degree=Degree.READ,
        silence="" if silence is SilencePolicy.FLAG else silence.value,
        effect_on=None if silence is SilencePolicy.FLAG else late_on + timedelta(days=1),
    )


QUESTIONS = {
    "why is 27 April the last day of the committee": (
        ("explain", NUMBER),
        (
            "ethics committee: 27 April 2027",
            "art. 106 § 11",
            "gives a reasoned opinion within 40 working days",
        ),
    ),
    "what if the committee is silent": (
        ("law", "show", "ethics-opinion"),
        ("art. 106 § 11", "if it is silent, the opinion counts as favourable", "silence: favourable"),
    ),
    "what if the commission is silent": (
        ("law", "show", "commission-opinion"),
        ("art. 106 § 12", "If it is silent, there is no opinion", "silence: flag"),
    ),
    "what if nobody decides by 20 May": (
        ("explain", NUMBER),
        ("time to decide: 20 May 2027", "art. 106 § 13", "from 21 May 2027"),
    ),
    "did the questions move the decision": (
        ("explain", NUMBER),
        ("Nothing suspends this limit", "opinion of the Commission: 7 May 2027", "10 May 2027"),
    ),
    "what if the notice had gone by plain e-mail": (
        ("clock", "--from", "email", "2027-03-02", "--clause", "completion"),
        ("art. 53bis", "if its receipt on that day is proven", "without proof there is no last day"),
    ),
    "and by registered post": (
        ("clock", "--from", "registered", "2027-03-09", "--clause", "completion"),
        ("received on 12 March 2027", "art. 53bis § 1", "Last day: 12 April 2027"),
    ),
    "until when is the Council of State open": (
        ("clock", "--from", "registered_with_acknowledgement", "2027-05-24", "--clause", "remedy-annulment"),
        ("art. 53bis § 1", "The limit of 60 calendar days", "Last day: 23 July 2027"),
    ),
    "and for a firm overseas": (
        ("law", "show", "remedy-from-overseas"),
        ("art. 89", "Whoever resides outside Europe has 90 calendar days more"),
    ),
    "when does the agency evaluate, and who files the list": (
        ("law", "show", "list-term"),
        ("art. 106 § 5", "no later than 2 months before the end of the time to evaluate", "our reading"),
    ),
    "is this value confirmed": (
        ("law", "show", "decision"),
        ("55 working days; read; in force", "state of 25 September 2024", "justel"),
    ),
    "who decided": (
        ("show", NUMBER),
        ("Ann, minister (Royal Decree of 14 December 2006 (numac 2006023298), art. 106 § 1 and 108 § 1)",),
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_lawyers_question_is_answered(dossier: Asked, question: str) -> None:
    command, said = QUESTIONS[question]
    answer = dossier.answers(*command)
    assert [words for words in said if words not in answer] == [], answer
