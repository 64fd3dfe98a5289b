"""What letters say of a case whose law differs from that of the first procedure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import DeclaredAdmissible, QuestionsRaised
from models.entry import LetterKind
from models.parties import Language
from procedures.eu_cma.words import Body, Capacity, Kind
from tests.letters.as_told import Examined, examined, letters, text
from workflows.phases.admissibility import begin_examination
from workflows.phases.opinions import ask_bodies
from workflows.phases.questions import put_questions

DAY_0 = date(2027, 3, 1)
AFTER = {
    Language.EN: "after the European Commission has spoken",
    Language.NL: "nadat de Europese Commissie zich heeft uitgesproken",
    Language.FR: "à compter du jour où la Commission européenne se prononce",
    Language.DE: "nachdem sich die Europäische Kommission geäußert hat",
}
UNTIL_ANSWERED = {
    Language.EN: "stands still until your answer has come",
    Language.NL: "tot uw antwoord er is",
    Language.FR: "jusqu’à ce que votre réponse soit arrivée",
    Language.DE: "bis Ihre Antwort eingegangen ist",
}
ON_FILE = {
    Language.EN: "file as it stands",
    Language.NL: "dossier zoals het is",
    Language.FR: "dossier en l’état",
    Language.DE: "nach Aktenlage",
}


@pytest.fixture
def application() -> Examined:
    """An application that was found valid today."""
    case = examined("CMA", Kind.APPLICATION, DAY_0)
    case.start("admissibility", DAY_0)
    signed = {"capacity": Capacity.AGENCY, "person": "Bo"}
    begin_examination(case, case.hears(DeclaredAdmissible, **signed))
    return case


@pytest.mark.parametrize("language", AFTER)
def test_a_body_that_is_heard_after_another_one_is_told_with_a_time_after_that_and_no_day(
    application: Examined, language: Language
) -> None:
    (letter,) = letters(application, LetterKind.ADMISSIBLE)
    told = {one["body"]: one for one in letter.facts["opinions"]}
    assert told["chmp"]["due_on"] >= DAY_0 + timedelta(days=210)
    assert not any("due_on" in told[body] for body in ("european_commission", "standing_committee"))
    said = text(application, letter, language).splitlines()
    (of_members,) = (line for line in said if AFTER[language] in line)
    assert "22" in of_members
    assert "2027" not in of_members
    counted = [one["clause"] for one in letter.facts["reckonings"]]
    assert counted == ["cma-opinion"]


@pytest.mark.parametrize("language", UNTIL_ANSWERED)
def test_questions_of_which_the_law_awaits_the_answer_are_told_to_stop_the_limit_until_it_comes(
    application: Examined, language: Language
) -> None:
    (timetable,) = letters(application, LetterKind.ADMISSIBLE)
    ask_bodies(application)
    asked = application.hears(QuestionsRaised, body=Body.CHMP, questions=("Which endpoint?",), days=30)
    put_questions(application, asked)
    (letter,) = letters(application, LetterKind.QUESTIONS)
    for one in (timetable, letter):
        assert UNTIL_ANSWERED[language].casefold() in text(application, one, language).casefold()
    assert ON_FILE[language] not in text(application, letter, language)
