"""What letters say of a case whose law differs from that of the first procedure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from activities.explaining import Explaining
from activities.wording import wording_of
from models.acts import (
    Closed,
    Decided,
    DeclaredAdmissible,
    OpinionGiven,
    QuestionsRaised,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import StepKind
from models.decision import Condition
from models.entry import Letter, LetterKind
from models.flags import said as flag_said
from models.notes import DossierEnded, DossierFiled
from models.parties import Language, Party
from models.phases import Course, Phase, Stage
from office.desk.case_showing import _counted
from office.letters.contestable import some_channel_starts_a_day
from procedures.books import applicable_law
from procedures.eu_cma.words import Body, Capacity, Kind
from tests.law.test_life import Lived
from tests.law.test_obligations import programme
from tests.letters.as_told import Examined, examined, letters, text
from workflows.life import begin
from workflows.phases.admissibility import begin_examination
from workflows.phases.contest import contest_passed
from workflows.phases.decision import decide, notify_decision
from workflows.phases.dossiers import take_note_ended
from workflows.phases.filing import acknowledge
from workflows.phases.opinions import ask_bodies, hear
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


OBLIGATION = {
    Language.EN: "Specific obligation 1",
    Language.NL: "Specifieke verplichting 1",
    Language.FR: "Obligation spécifique 1",
    Language.DE: "Spezifische Verpflichtung 1",
}
STUDY = Condition(text="Submit the results.", due_on=date(2028, 1, 10))


def decided(case: Examined, outcome: str, **said: Any) -> Letter:
    """A decision of today, as it is told to the applicant."""
    signed = {"capacity": Capacity.EUROPEAN_COMMISSION, "person": "Bo", "grounds": "An unmet need."}
    act = Decided(by="Ann", request_id="request-1", outcome=outcome, **signed, **said)
    case.happens("Decided")
    decide(case, act)
    notify_decision(case, case.decision)
    (letter,) = letters(case, LetterKind.DECISION)
    return letter


@pytest.mark.parametrize("language", OBLIGATION)
def test_a_decision_tells_how_long_it_is_valid_by_law_until_when_and_by_when_it_is_renewed(
    language: Language,
) -> None:
    case = examined("CMA", Kind.APPLICATION, DAY_0)
    letter = decided(case, "conditionally_authorised", conditions=(STUDY,))
    said = text(case, letter, language)
    last, renewed_by = date(2028, 3, 1), date(2027, 9, 1)
    for day in (last, renewed_by):
        assert wording_of("CMA").long_date(day, language) in said
    assert ("14-a(7)" in said, OBLIGATION[language] in said) == (True, True)
    begun = begin(case.filed, case.decision, applicable_law("CMA", None, DAY_0))
    assert begun.validity
    assert begun.renewal
    assert (begun.validity.until_on, begun.renewal.due_on) == (last, renewed_by)


def test_the_conditions_of_a_renewal_have_the_numbers_that_its_programme_gives_them() -> None:
    case = examined("CMA", Kind.APPLICATION, DAY_0)
    decided(case, "conditionally_authorised", conditions=(STUDY,))
    begun = begin(case.filed, case.decision, applicable_law("CMA", None, DAY_0))
    renewal = examined("CMA", Kind.RENEWAL, date(2027, 9, 1), programme=begun.number)
    letter = decided(renewal, "renewed_with_obligations", conditions=(STUDY,))
    said = text(renewal, letter)
    assert "Specific obligations" in said
    assert "Specific obligation 1" not in said
    assert "valid for 1 year" in said
    assert [one.number for one in begun.owes(renewal.decision.conditions)] == [2]


@pytest.mark.parametrize("language", OBLIGATION)
def test_what_was_renewed_is_told_its_new_last_day_and_the_next_renewal_with_the_article(
    language: Language,
) -> None:
    case = examined("CMA", Kind.APPLICATION, DAY_0)
    decided(case, "conditionally_authorised", conditions=(STUDY,))
    life = Lived(begin(case.filed, case.decision, applicable_law("CMA", None, DAY_0)))
    life.programme.file(DossierFiled(dossier="R", on=date(2027, 9, 1), kind="renewal"))
    life.day = on = date(2028, 1, 10)
    life.happens("DossierEnded")
    renewed = {"kind": "renewal", "outcome": "renewed", "course": Course.GOES_ON}
    take_note_ended(life, DossierEnded(dossier="R", on=on, effective_on=on, **renewed))
    (letter,) = letters(life, LetterKind.VALIDITY_RENEWED)
    said = text(life, letter, language)
    for day in ("2029-03-01", "2028-09-01"):
        assert wording_of("CMA").long_date(day, language) in said
    assert "14-a(7)" in said
    clock = next(one for one in life.open_clocks() if one.ref == "validity").clock
    assert clock
    assert (clock.clause, clock.due_on(life.law.calendar)) == ("cma-validity", date(2029, 3, 1))


def living(code: str, *proposed: str) -> Lived:
    """What was authorised a while ago, with facts that put its end before a person."""
    since = date(2027, 3, 1)
    life = Lived(programme(applicable_law(code, None, since), since, procedure=code))
    life.day = date(2027, 6, 1)
    life.programme.proposals = [*proposed]
    return life


SUSPENDED = {"capacity": Capacity.EUROPEAN_COMMISSION, "decided_by": "Bo", "grounds": "A signal."}
REPEALED = {"capacity": "minister", "decided_by": "Bo", "grounds": "A signal.", "continuity_plan": "None."}
POWERS = [
    ("CMA", "obligations-failed", "art. 20a"),
    ("CMA", "benefit-risk-doubted", "art. 20(2) and (3)"),
    ("CMA", "", "art. 20 and 20a"),
]


@pytest.mark.parametrize(("code", "fact", "article"), POWERS)
def test_a_suspension_its_lifting_and_an_end_tell_the_article_of_the_power(
    code: str, fact: str, article: str
) -> None:
    life = living(code, *filter(None, [fact]))
    for act, kind, said in (
        (SuspensionImposed, LetterKind.SUSPENSION, {}),
        (SuspensionLifted, LetterKind.SUSPENSION_LIFTED, {}),
        (Closed, LetterKind.CLOSURE, {"continuity_plan": "Treated elsewhere."}),
    ):
        life.act(act, **SUSPENDED, **said)
        (letter,) = letters(life, kind)
        basis = next(line for line in text(life, letter).splitlines() if "Legal basis" in line)
        assert f"CELEX 32004R0726, {article}." in basis
        assert "taken by" in text(life, letter)


REVOKED = {
    Language.EN: ("is revoked", "is repealed"),
    Language.NL: ("ingetrokken", "opgeheven"),
    Language.FR: ("est retirée", "est abrogée"),
    Language.DE: ("widerrufen", "aufgehoben"),
}


@pytest.mark.parametrize("language", REVOKED)
def test_what_the_commission_revokes_and_the_delegate_repeals_is_told_so(language: Language) -> None:
    for code, signed, word, article in (
        ("CMA", SUSPENDED | {"continuity_plan": "Elsewhere."}, REVOKED[language][0], "20a"),
        ("HEX", REPEALED, REVOKED[language][1], "24"),
    ):
        life = living(code)
        life.act(Closed, **signed)
        (letter,) = letters(life, LetterKind.CLOSURE)
        said = text(life, letter, language)
        assert (word in said, article in said) == (True, True)


FINAL = {
    Language.EN: "unfavourable. It is final",
    Language.NL: "ongunstig. Het is definitief",
    Language.FR: "défavorable. Il est définitif",
}


@pytest.mark.parametrize("language", FINAL)
def test_whoever_drafts_is_told_what_the_final_opinion_is_and_its_day(
    application: Examined, language: Language
) -> None:
    ask_bodies(application)
    hear(application, application.hears(OpinionGiven, body=Body.CHMP, view="unfavourable"))
    (told,) = letters(application, LetterKind.OPINION_TOLD)
    times = {one["clause"]: one["reckoning"]["steps"] for one in told.facts["reckonings"]}
    assert times.keys() == {"cma-contest-notice", "cma-contest-grounds"}
    application.day = application.passes_on("cma-contest-notice")
    contest_passed(application, Phase.OPINION, "cma-contest-notice")
    ask_bodies(application)
    (letter,) = letters(application, LetterKind.OPINION_REQUEST, Body.EUROPEAN_COMMISSION.role)
    said = text(application, letter, language)
    assert FINAL[language] in said
    assert wording_of("CMA").long_date(DAY_0, language) in said


def test_an_article_of_another_instrument_is_told_with_that_one_alone_and_a_report_with_no_remedy() -> None:
    case = examined("CMA", Kind.SAFETY_UPDATE, DAY_0, programme="CMA-2026-001")
    acted = Decided(
        by="Ann", request_id="request-1", outcome="noted", grounds="Nothing new.", decided_by="Bo"
    )
    case.happens("Decided")
    decide(case, acted)
    notify_decision(case, case.decision)
    (letter,) = letters(case, LetterKind.DECISION)
    for language in Language:
        said = text(case, letter, language)
        basis = next(
            line for line in said.splitlines() if wording_of("CMA").long_date(DAY_0, language) in line
        )
        assert "General Court" not in said
        assert letter.facts["remedies"] == {}
        assert "726/2004" not in basis.partition("507/2006")[2]
    assert "507/2006 of" not in text(case, letter)


PAYS = {
    Language.EN: ("pay", "invoice", "CESP"),
    Language.NL: ("betalen", "factuur", "CESP"),
    Language.FR: ("payer", "facture", "CESP"),
    Language.DE: ("zahlen", "Rechnung", "CESP"),
}


@pytest.mark.parametrize("language", PAYS)
@pytest.mark.parametrize(("code", "kind"), [("CMA", Kind.APPLICATION), ("HEX", Kind.APPLICATION)])
def test_where_nothing_is_asked_no_letter_speaks_of_paying_nor_of_a_portal_that_was_not_used(
    code: str, kind: Kind, language: Language
) -> None:
    case = examined(code, kind, DAY_0, cesp_number="EMA-9", stage=Stage.RECEIVED)
    acknowledge(case)
    (letter,) = letters(case, LetterKind.ACKNOWLEDGEMENT)
    said = text(case, letter, language)
    assert "EMA-9" in said
    assert [word for word in PAYS[language] if word in said] == []


def test_a_validity_that_costs_nothing_speaks_of_no_invoice(application: Examined) -> None:
    (letter,) = letters(application, LetterKind.ADMISSIBLE)
    assert "invoice" not in text(application, letter)


def test_no_closing_day_is_announced_where_no_text_has_one_count() -> None:
    for code, can in (("CMA", False), ("HEX", False), ("CUP", True)):
        law = applicable_law(code, Kind.APPLICATION, DAY_0)
        clause = next(c for c in ("admissibility", "cma-opinion") if c in law.clauses)
        clock = law.clock(clause, date(2027, 12, 28))
        kinds = {step.kind for step in clock.reckon(law.calendar, date(2027, 12, 28)).steps}
        assert (StepKind.CLOSING_DAYS_TO_COME in kinds) is can, code


def test_an_act_under_a_law_in_which_no_channel_starts_a_day_is_not_told_to_go_by_one() -> None:
    for code, word in (("CMA", False), ("CUP", True)):
        assert some_channel_starts_a_day(code) is word


@pytest.mark.parametrize("language", OBLIGATION)
def test_what_is_counted_back_from_a_day_is_told_from_that_day_and_never_in_no_months(
    language: Language,
) -> None:
    law = applicable_law("CMA", None, DAY_0)
    case = examined("CMA", Kind.APPLICATION, DAY_0)
    decided(case, "conditionally_authorised", conditions=(STUDY,))
    life = Lived(begin(case.filed, case.decision, law))
    clock = next(one.clock for one in life.open_clocks() if one.ref.startswith("renewal-"))
    assert clock
    reckoning = clock.reckon(law.calendar, DAY_0)
    explaining = Explaining(wording_of("CMA"), language)
    whole = explaining.sentences(reckoning)
    short = explaining.short(reckoning, law.article_of(clock.clause))
    for said in (" ".join(whole), " ".join(short)):
        assert not re.search(r"(?<!\d)0 ", said)
        assert wording_of("CMA").long_date("2028-03-01", language) in said
        assert wording_of("CMA").long_date("2027-09-01", language) in said
    assert "507/2006" in " ".join(short)


def test_a_flag_names_what_was_due_and_a_number_that_is_applied_for_is_not_authorised() -> None:
    assert flag_said("limit-passed:exemption-notice:2027-01-04") == (
        "information on admissibility was due on 2027-01-04 and is not done"
    )
    assert _counted({"counted": "patients", "count": 8}) == "patients 8, as applied for"


def test_a_suspension_that_its_holder_asked_for_rests_on_no_power() -> None:
    life = living("HEX")
    asked = {key: said for key, said in REPEALED.items() if key != "continuity_plan"}
    life.act(SuspensionImposed, **asked, requested_by="applicant")
    (letter,) = letters(life, LetterKind.SUSPENSION)
    assert "Legal basis" not in text(life, letter)


def test_whoever_had_it_is_told_that_it_passes_to_another_holder() -> None:
    life = living("HEX")
    life.programme.applicant = before = Party(id="8", name="First Hospital")
    after = Party(id="9", name="Second Hospital")
    life.happens("DossierEnded")
    passed = {"kind": "transfer", "outcome": "adapted", "course": Course.GOES_ON, "applicant": after}
    take_note_ended(life, DossierEnded(dossier="T", on=life.day, effective_on=life.day, **passed))
    (letter,) = letters(life, LetterKind.HOLDER_CHANGED)
    assert (letter.party, life.programme.applicant) == (before, after)
    for language in Language:
        assert "Second Hospital" in text(life, letter, language)
