"""What the intake found is asked, mended or struck; what is a matter of judgement is judged by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.wording import wording_of
from models.acts import (
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    OpinionGiven,
    RuleJudged,
    Withdrawn,
)
from models.dossier import FiledDocument
from models.eligibility import assess
from models.errors import ImproperAct, InputRefused, UntimelyAct
from models.findings import Finding, Severity
from models.parties import Language
from office.desk.examining import checklist, incomplete, lines, not_completed, standing_findings
from office.desk.showing import DeskShowing
from office.letters.at_desk import addressed, at_desk
from procedures.be_umn.facts import Answers
from procedures.be_umn.rules import RULES
from procedures.be_umn.samples import sample
from procedures.be_umn.words import Kind
from register.documents import DocumentStore

FRENCH = Finding(
    check="P-07",
    severity=Severity.REJECT,
    what="language-missing",
    part="fr",
    params={"document": "summary", "language": "fr"},
)
LABEL = Finding(
    check="C-06", severity=Severity.ASK, what="document-missing", params={"document": "labelling"}
)
TEMPLATE = Finding(
    check="P-06",
    severity=Severity.WARN,
    what="older-template",
    params={"annex": "III", "since": "2023-06-27", "followed": "2016-01-01"},
)
FOUND = (TEMPLATE, FRENCH, LABEL)


def filed(*names: str) -> tuple[FiledDocument, ...]:
    return tuple(FiledDocument(name=name, sha256="0" * 64, size=10) for name in names)


async def submits(office, *findings: Finding) -> str:
    today = await office.looks_at_the_calendar()
    rules = assess(RULES, "CUP", Kind.APPLICATION, Answers(free_of_charge=True, one_indication=False), today)
    documents = filed("03_summary-publication/annex-iv-en.pdf", "03_summary-publication/annex-iv-nl.pdf")
    return await office.submits(findings=findings, checklist=rules, documents=documents)


def declares(office, number: str, **said) -> dict:
    """What the command line makes of the words of a person."""
    return incomplete(office.settings, number, said)


async def letter(office, number: str, kind: str) -> str:
    from pypdf import PdfReader

    await office.postman_rests()

    (document,) = [d for d in office.shows(number).documents if d.letter == kind][-1:]
    with DocumentStore(office.settings.documents).path(document.sha256).open("rb") as file:
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(file).pages)


async def test_the_letter_lists_exactly_the_findings_that_are_asked_in_the_applicants_language(office):
    number = await submits(office, *FOUND)
    said = declares(office, number, missing=("La page 3 du protocole.",), struck=("C-06: it came by post",))
    await office.performs(number, DeclaredIncomplete, **said)

    written = await letter(office, number, "incomplete")
    assert f"Votre référence {office.shows(number).entries[0].facts['cesp_number']}" in written
    assert "L’annexe IV (le résumé pour publication) manque en français" in written
    assert "La page 3 du protocole." in written
    assert "étiquetage" not in written  # struck
    assert "modèle du" not in written  # a warning is for the desk
    facts = office.shows(number).entries[-1].facts
    assert [finding["check"] for finding in facts["findings"]] == ["P-07"]
    assert [(s["finding"]["check"], s["reason"]) for s in facts["struck"]] == [("C-06", "it came by post")]


async def test_what_a_completion_brings_and_what_was_struck_is_not_asked_again(office):
    number = await submits(office, *FOUND)
    said = declares(office, number, struck=("C-06: it came by post",))
    await office.performs(number, DeclaredIncomplete, **said)
    await office.performs(number, CompletionReceived, documents=filed("annex-iv-summary-fr.pdf"))

    assert standing_findings(office.shows(number)) == [TEMPLATE]
    with pytest.raises(InputRefused, match="left to ask"):
        declares(office, number)
    said = declares(office, number, missing=("The date of the consent form.",))
    assert said == {"missing": ("The date of the consent form.",)}
    await office.performs(number, DeclaredIncomplete, **said)


async def test_what_a_completion_leaves_open_is_told_where_it_is_entered(office):
    number = await submits(office, *FOUND)
    await office.performs(number, DeclaredIncomplete, **declares(office, number))
    receipt = await office.performs(number, CompletionReceived)
    nothing, stands, label = not_completed(office.settings, receipt)
    assert nothing.startswith("No document came with this completion")
    assert stands.startswith("The completion counts as whole, and this still stands: P-07-fr (reject)")
    assert "C-06" in label

    await office.performs(number, DeclaredIncomplete, **declares(office, number))
    part = await office.performs(number, CompletionReceived, documents=filed("label.pdf"), partial=True)
    assert [*not_completed(office.settings, part)] == []
    summary = filed("annex-iv-summary-fr.pdf")
    whole = await office.performs(number, CompletionReceived, documents=summary)
    assert [*map(str, not_completed(office.settings, whole))] == [label]


async def test_a_package_filed_again_tells_what_stands_now_and_not_what_was_found_then(office, tmp_path):
    received_at = await office.environment.get_current_time()
    package = sample("cup-application", tmp_path, cesp_number="D-AGAIN", received_at=received_at)
    receipt, found = await office.hands_in(package)
    first = [
        told.split()[0] for told in found if not told.startswith("P-06")
    ]  # how old its template is by now
    assert first == ["P-07-fr"]
    await office.performs(receipt.number, DeclaredIncomplete, **declares(office, receipt.number))
    await office.performs(receipt.number, CompletionReceived, documents=filed("annex-iv-summary-fr.txt"))
    assert [told for told in (await office.hands_in(package))[1] if not told.startswith("P-06")] == []


async def test_what_a_body_hands_in_is_kept_with_its_opinion_and_mends_nothing(office):
    number = await submits(office, *FOUND)
    await office.performs(number, DeclaredAdmissible)
    opinion = {"body": "ethics_committee", "view": "favourable"}
    brought = filed("06_labelling/annex-v-label.txt", "annex-iv-summary-fr.txt")
    receipt = await office.performs(number, OpinionGiven, **opinion, documents=brought)
    fixed = await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    assert addressed(office.settings, fixed) == ["invoice (invoice addressee)"]
    assert any("names no account to pay to" in said for said in at_desk(office.settings, fixed))
    found = office.shows(number)
    kept = {d.name for d in found.documents if d.entry == receipt.entry and not d.letter}
    assert kept == {document.name for document in brought}
    assert standing_findings(found) == [*FOUND]


async def test_whoever_enters_an_act_of_long_ago_is_told_of_the_days_that_have_gone_by(office, capsys):
    number = await submits(office)
    await office.days_pass(120)
    receipt = await office.performs(
        number, DeclaredAdmissible, on=office.shows(number).entries[0].happened_on
    )
    said = [*at_desk(office.settings, receipt)]
    assert any("opinion-request to the commission names a day that has gone by" in one for one in said)
    assert not any("to the desk names" in one for one in said)
    DeskShowing("table").receipt(receipt, today=office.today)
    assert "by the commission, until" in (told := capsys.readouterr().out)
    assert "(overdue, read)" in told.partition("by the commission")[2].partition(";")[0]


async def test_typed_again_a_declaration_says_the_same(office):
    number = await submits(office, *FOUND)
    said = declares(office, number, struck=("C-06: it came by post",))
    await office.performs(number, DeclaredIncomplete, **said)
    assert declares(office, number, struck=("C-06: it came by post",)) == said


@pytest.mark.parametrize("strike", ["P-07", "P-07-fr:", "P-06: only a warning", "C-99: no such", ": why"])
async def test_a_strike_names_a_finding_that_is_asked_and_a_reason(office, strike):
    number = await submits(office, *FOUND)
    with pytest.raises(InputRefused, match="There are: P-07-fr, C-06"):
        declares(office, number, struck=(strike,))


async def test_a_check_is_struck_with_all_its_parts(office):
    dutch = FRENCH.model_copy(update={"part": "nl", "params": {"document": "summary", "language": "nl"}})
    number = await submits(office, FRENCH, dutch, LABEL)
    said = declares(office, number, struck=("P-07: a summary in English is enough for this one",))
    assert [finding["check"] for finding in said["findings"]] == ["C-06"]
    assert len(said["struck"]) == 2


async def test_a_dossier_is_not_declared_incomplete_without_saying_why(office):
    number = await submits(office, TEMPLATE)
    with pytest.raises(InputRefused, match="--missing"):
        declares(office, number)
    with pytest.raises(ImproperAct, match="Nothing is said to be missing"):
        await office.performs(number, DeclaredIncomplete)


async def test_an_act_of_before_there_were_findings_means_the_same(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("Annexe IV en français",))
    facts = office.shows(number).entries[-1].facts
    assert facts == {"missing": ["Annexe IV en français"]}
    assert "Annexe IV en français" in await letter(office, number, "incomplete")


async def test_a_rule_is_judged_beside_the_phase_by_a_named_person_with_grounds(office):
    number = await submits(office)
    before = office.shows(number).state
    receipt = await office.performs(
        number, RuleJudged, by="Assessor B", rule="E-01", verdict="pass", grounds="Life-threatening."
    )
    assert (receipt.phase, receipt.possible, receipt.due_on) == (before.phase, before.possible, before.due_on)
    assert RuleJudged.command not in receipt.possible
    line = next(line for line in checklist(office.shows(number)) if line["rule"] == "E-01")
    assert (line["verdict"], line["by"], line["grounds"]) == ("pass", "Assessor B", "Life-threatening.")
    told = "\n".join(lines(office.shows(number)))
    assert "E-01 fulfilled: the disease is chronic" in told
    assert "E-06 not fulfilled: " in told
    assert "E-02 to be judged: " in told


async def test_the_clock_runs_on_while_rules_are_judged(office):
    number = await submits(office)
    due_on = office.shows(number).state.due_on
    await office.days_pass(1)
    await office.performs(number, RuleJudged, rule="E-02", verdict="pass", grounds="None is reimbursed.")
    await office.waits_until(due_on + timedelta(days=1))
    await office.is_written(number, 3)
    assert "LimitPassed" in office.acts(number)


@pytest.mark.parametrize("rule", ["E-20", "E-99"])
async def test_only_a_rule_of_the_checklist_is_judged(office, rule):
    number = await submits(office)
    with pytest.raises(ImproperAct, match="its rules: E-01, E-02"):
        await office.performs(number, RuleJudged, rule=rule, verdict="fail", grounds="g")


async def test_a_dossier_of_before_there_was_a_checklist_has_no_rules_to_judge(office):
    number = await office.submits()
    with pytest.raises(ImproperAct, match="its rules: none"):
        await office.performs(number, RuleJudged, rule="E-01", verdict="pass", grounds="g")


async def test_nothing_is_judged_once_the_examination_has_ended(office):
    number = await submits(office)
    await office.performs(number, Withdrawn)
    with pytest.raises(UntimelyAct):
        await office.performs(number, RuleJudged, rule="E-01", verdict="pass", grounds="g")


async def test_none_is_set_up_against_a_rule_or_before_all_are_judged_and_a_refusal_cites_those_judged(
    office,
):
    number = await submits(office)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, RuleJudged, rule="E-01", verdict="pass", grounds="Life-threatening.")
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, RuleJudged, rule="E-02", verdict="fail", grounds="One is reimbursed.")
    with pytest.raises(ImproperAct, match="rule E-02 is not fulfilled; rule E-04 is not judged"):
        await office.performs(number, Decided, outcome="authorised", grounds="Besoin médical.")
    await office.performs(number, Decided, outcome="refused", grounds="Un traitement est remboursé.")

    written = await letter(office, number, "decision")
    assert (
        "E-01, la maladie est chronique, gravement invalidante ou met la vie en danger : remplie" in written
    )
    assert "E-02, il n’existe pas de traitement alternatif satisfaisant : non remplie" in written
    assert "E-06, le programme porte sur une seule indication : non remplie" in written
    assert "E-12" not in written  # nobody has answered it
    assert office.shows(number).state.phase == "refused"


async def test_the_timetable_tells_the_days_that_the_case_then_counts(office):
    """Also when a contribution is fixed a week later: every limit runs from day 0."""
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    told = await letter(office, number, "admissible")
    await office.days_pass(7)
    await office.performs(number, ContributionFixed, cents=1928461, source="the accounts")
    counted = {clock["ref"]: clock["due_on"] for clock in office.shows(number).entries[-1].clocks}
    for limit in ("ethics-opinion", "commission-opinion", "decision"):
        assert wording_of("CUP").long_date(counted[limit], Language.FR) in told
    assert "30 jours calendrier" in told
    for clause in ("délai pour l’avis du comité d’éthique", "délai de réponse aux questions"):
        assert clause in told  # nobody confirmed it
