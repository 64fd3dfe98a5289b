"""Which documents are said to be missing, by which names they are known, and what the forms leave open."""

from __future__ import annotations

import re
from datetime import date

import pytest

from activities.wording import TEMPLATES, wording_of
from models.completeness import asked
from models.errors import PackageRefused
from models.findings import Finding, Severity
from models.forms import ANSWERS, COMPLETION, COVER_LETTER, FORM
from models.parties import Language
from office.intake.completeness import document_findings
from office.intake.package import read_package
from procedures.be_umn.documents import MATRIX
from procedures.be_umn.samples import sample
from procedures.be_umn.words import Kind
from procedures.registry import places_of_letters
from tests.intake.test_package import rewrite

WORDING = wording_of("CUP")
APPLICATION = Kind.APPLICATION
ON = date(2026, 11, 16)
COMPLETE = {
    "CUP": (
        "02_protocol/annex-iii.pdf",
        "03_summary-publication/annex-iv-en.pdf",
        "03_summary-publication/annex-iv-fr.pdf",
        "03_summary-publication/annex-iv-nl.pdf",
        "04_product-dossier/ib.pdf",
        "05_informed-consent/icf-nl.pdf",
        "06_labelling/annex-v.pdf",
        "07_physician-declaration/annex-vii.pdf",
    ),
    "MNP": (
        "02_protocol/Annex_VI protocol v2.docx",
        "03_summary-publication/AnnexIV_summary_EN_v1.pdf",
        "03_summary-publication/Annexe IV - FR.pdf",
        "03_summary-publication/bijlage iv (nl).pdf",
        "04_product-dossier/modules/3/smpc.pdf",
        "05_informed-consent/icf.pdf",
        "06_labelling/ANNEX-V.PDF",
        "07_physician-declaration/annex viii.pdf",
    ),
}
SAID = (
    ("C-02", "Protocol"),
    ("P-07-en", "missing in English"),
    ("P-07-fr", "missing in French"),
    ("P-07-nl", "missing in Dutch"),
    ("C-04", "product dossier"),
    ("C-05", "informed consent"),
    ("C-06", "labelling"),
    ("C-07", "declaration"),
)


def found(procedure, *names, kind=APPLICATION, on=ON, **answers):
    return document_findings(kind, procedure, on, dict.fromkeys(names, 10), answers)


def refs(findings):
    return [finding.ref for finding in findings]


def said(finding, language=Language.EN):
    return WORDING.finding(finding.model_dump(mode="json"), language)


@pytest.fixture(params=["cup-application", "mnp-application"])
def application(request, tmp_path):
    return sample(request.param, tmp_path)


@pytest.fixture
def mnp(tmp_path):
    return sample("mnp-application", tmp_path)


# --- the documents


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
def test_a_complete_application_has_no_findings(procedure):
    assert found(procedure, *COMPLETE[procedure]) == ()


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
@pytest.mark.parametrize("left_out", range(8))
def test_each_document_that_is_left_out_is_the_one_that_is_named(procedure, left_out):
    names = [name for at, name in enumerate(COMPLETE[procedure]) if at != left_out]
    (finding,) = found(procedure, *names)
    ref, words = SAID[left_out]
    assert finding.ref == ref
    assert words.lower() in said(finding).lower()


@pytest.mark.parametrize(
    ("procedure", "answer", "brings", "severity"),
    [
        ("CUP", {"application_submitted": True}, "08_other/dossier-article-6.pdf", Severity.REJECT),
        ("CUP", {"application_submitted": False}, "04_product-dossier/pre-submission.pdf", Severity.ASK),
        ("CUP", {"application_submitted": False}, "08_other/justification.pdf", Severity.ASK),
        ("MNP", {"indication_under_review": True}, "08_other/dossier-of-the-indication.zip", Severity.ASK),
    ],
)
def test_what_an_application_for_an_authorisation_asks_for_is_asked_by_the_answer_in_the_form(
    procedure, answer, brings, severity
):
    """Art. 106 § 6: where one was submitted its dossier, on pain of inadmissibility; a brochure is none."""
    (finding,) = found(procedure, *COMPLETE[procedure], **answer)
    assert (finding.check, finding.severity) == ("C-04", severity)
    assert ("on pain of inadmissibility" in said(finding)) == (severity is Severity.REJECT)
    assert found(procedure, *COMPLETE[procedure], brings, **answer) == ()


def test_an_empty_package_lacks_everything_each_language_by_itself():
    assert refs(found("CUP")) == ["C-02", "P-07-en", "P-07-fr", "P-07-nl", "C-04", "C-05", "C-06", "C-07"]


@pytest.mark.parametrize(("procedure", "there"), [("CUP", ("VI", "VIII")), ("MNP", ("III", "VII"))])
def test_the_protocol_and_declaration_of_the_other_procedure_do_not_count(procedure, there):
    other = "MNP" if procedure == "CUP" else "CUP"
    protocol, declaration = found(procedure, *COMPLETE[other])
    assert (protocol.check, declaration.check) == ("P-05", "P-08")
    assert f"Annex {there[0]} is there" in said(protocol)
    assert f"Annex {there[1]} is there" in said(declaration)
    assert {protocol.severity, declaration.severity} == {Severity.REJECT}


def test_annex_v_is_not_recognised_in_annex_vi_nor_x_in_xi():
    assert "C-06" in refs(found("CUP", "06_labelling/annex-vi.pdf"))
    reactions = "08_other/list-of-reactions.pdf"
    assert found("CUP", reactions, "08_other/annex-xi.pdf", kind=Kind.LIST)
    assert not found("CUP", reactions, "08_other/annex-x.pdf", kind=Kind.LIST)


def test_a_document_without_content_does_not_count():
    sizes = dict.fromkeys(COMPLETE["CUP"], 10) | {"06_labelling/annex-v.pdf": 0}
    findings = document_findings(APPLICATION, "CUP", ON, sizes)
    assert refs(findings) == ["C-06", "C-00-06_labelling/annex-v.pdf"]
    assert "06_labelling/annex-v.pdf is empty" in said(findings[1])


def test_a_package_of_empty_files_is_told_in_few_findings():
    sizes = {f"08_other/{number}.pdf": 0 for number in range(2000)}
    findings = document_findings(APPLICATION, "CUP", ON, sizes)
    assert sum(finding.check == "C-00" for finding in findings) == 21
    assert said(findings[-1]).startswith("1980 more files are empty")


def test_a_modification_brings_its_protocol_and_its_summary():
    names = COMPLETE["CUP"][:4]
    assert found("CUP", *names, kind=Kind.MODIFICATION) == ()
    assert refs(found("CUP", kind=Kind.MODIFICATION)) == ["C-02", "P-07-en", "P-07-fr", "P-07-nl"]


@pytest.mark.parametrize(
    "name", ["list-of-reactions.pdf", "Reactions 2026.pdf", "lijst_ernstige_bijwerkingen.pdf"]
)
def test_a_list_of_reactions_is_known_by_its_name(name):
    assert found("CUP", f"08_other/{name}", "08_other/annex-x.pdf", kind=Kind.LIST) == ()
    assert found("CUP", "08_other/report.pdf", "08_other/annex-x.pdf", kind=Kind.LIST)


@pytest.mark.parametrize("kind", [COMPLETION, ANSWERS])
def test_a_completion_and_answers_bring_at_least_one_document(kind):
    assert found("CUP", "00_cover-letter/cover-letter.pdf", kind=kind)
    assert found("CUP", "08_other/answers.pdf", kind=kind) == ()


def test_a_proof_of_payment_is_not_asked_and_not_held_against_anybody():
    (finding,) = found("CUP", *COMPLETE["CUP"], "08_other/Preuve de paiement.pdf")
    assert (finding.check, finding.severity, finding.mendable) == ("P-11", Severity.INFO, False)


def test_every_row_of_the_matrix_is_dated_and_names_its_source():
    assert all(row.source and row.from_on for row in MATRIX)
    before = date(2014, 6, 30)
    assert asked(MATRIX, "CUP", Kind.APPLICATION, before) == ()
    assert {row.document for row in asked(MATRIX, "MNP", Kind.APPLICATION, ON)} & {"protocol-cup"} == set()


# --- the forms


def test_a_complete_package_has_nothing_to_ask(mnp):
    assert read_package(mnp).findings == ()


def test_a_cover_letter_without_the_cesp_number_is_a_warning(mnp):
    rewrite(mnp, COVER_LETTER, cesp_number=None)
    (finding,) = read_package(mnp).findings
    assert (finding.check, finding.severity) == ("P-04", Severity.WARN)
    assert "DEMO-2026-0003" in said(finding, Language.NL)


def test_a_cover_letter_that_names_nobody_for_the_invoice_is_refused(mnp):
    rewrite(mnp, COVER_LETTER, invoice_addressee=None)
    with pytest.raises(PackageRefused, match="invoice_addressee is missing") as refused:
        read_package(mnp)
    assert refused.value.code == "P-03"


def test_a_delivery_with_several_regulatory_activities_is_a_warning(mnp):
    delivery = next(mnp.glob("*.xml"))
    one = "  <regulatory-activity>application</regulatory-activity>\n"
    delivery.write_text(delivery.read_text().replace("</delivery>", f"{one}</delivery>"))
    assert read_package(mnp).findings == ()
    delivery.write_text(delivery.read_text().replace(one, one + one.replace("application", "modification")))
    (finding,) = read_package(mnp).findings
    assert (finding.check, finding.severity) == ("P-02", Severity.WARN)
    assert "application, modification" in said(finding)


@pytest.mark.parametrize(
    ("followed", "received", "severity"),
    [
        ("2023-06-27", "2026-11-16", None),
        ("2016-01-01", "2026-11-16", Severity.WARN),
        ("2016-01-01", "2023-06-27", None),
        ("2016-01-01", "2023-06-28", Severity.WARN),
        (None, "2026-11-16", Severity.INFO),
    ],
)
def test_a_protocol_on_an_older_template_is_a_warning_after_27_june_2023(mnp, followed, received, severity):
    rewrite(mnp, FORM, protocol_template=followed)
    delivery = next(mnp.glob("*.xml"))
    delivery.write_text(delivery.read_text().replace("2026-11-17", received))
    told = [finding.severity for finding in read_package(mnp).findings if finding.check == "P-06"]
    assert told == ([severity] if severity else [])


def test_a_form_that_leaves_questions_unanswered_is_asked_by_field_in_the_applicants_language(mnp):
    rewrite(mnp, FORM, application__costs=None, application__responsible__phone="")
    (finding,) = read_package(mnp).findings
    assert finding.ref == "C-01"
    assert finding.params["fields"] == ("application.responsible.phone", "application.costs")
    assert "Wie de kosten van vervoer en administratie draagt (application.costs)" in said(
        finding, Language.NL
    )


def test_a_form_without_its_annex_is_asked_unless_the_annex_is_a_document(application):
    rewrite(application, FORM, application=None)
    told = [f for f in read_package(application).findings if f.check == "C-01"]
    assert [f.severity for f in told] == [Severity.ASK]
    (application / "01_application-form" / "annex-ii.txt").write_text("Annex II\n")
    told = [f for f in read_package(application).findings if f.check == "C-01"]
    assert [f.severity for f in told] == [Severity.WARN]


# --- readings that disagree


def test_forms_that_disagree_on_the_type_are_asked_and_a_person_chooses(mnp):
    rewrite(mnp, COVER_LETTER, submission_type="answers")
    with pytest.raises(PackageRefused) as refused:
        read_package(mnp)
    assert refused.value.code == "P-12"
    assert f"{COVER_LETTER} says answers, {FORM} says application" in refused.value.message
    assert any(command.endswith("--kind application") for command in refused.value.possible)
    package = read_package(mnp, "application")
    (finding,) = package.findings
    assert (finding.ref, finding.severity) == ("P-12-type", Severity.WARN)
    assert package.kind == Kind.APPLICATION


def test_what_is_chosen_must_be_said_by_one_of_the_forms(mnp):
    with pytest.raises(Exception, match="the package says application everywhere"):
        read_package(mnp, "answers")
    rewrite(mnp, COVER_LETTER, submission_type="answers")
    with pytest.raises(Exception, match="--kind modification is none of the readings"):
        read_package(mnp, "modification")


def test_a_chosen_type_asks_what_belongs_to_it(mnp):
    rewrite(mnp, COVER_LETTER, submission_type="modification")
    with pytest.raises(PackageRefused, match="programme is missing; a modification says there"):
        read_package(mnp, "modification")


def test_a_chosen_procedure_is_the_one_whose_annexes_are_asked(mnp):
    rewrite(mnp, FORM, procedure="CUP")
    with pytest.raises(PackageRefused, match="on the procedure"):
        read_package(mnp)
    package = read_package(mnp, chosen_procedure="CUP")
    assert package.procedure == "CUP"
    assert {"P-12-procedure", "P-05", "P-08", "R-01"} <= set(refs(package.findings))


# --- the route


def test_the_other_procedure_is_proposed_and_nothing_is_changed(tmp_path):
    cup = sample("cup-application", tmp_path)
    rewrite(
        cup,
        FORM,
        application__authorised=True,
        application__indication_authorised=False,
        application__indication_marketed=False,
    )
    package = read_package(cup)
    (finding,) = [finding for finding in package.findings if finding.check == "R-01"]
    assert package.procedure == "CUP"
    assert (finding.severity, finding.params["proposed"]) == (Severity.ASK, "MNP")
    assert "medical need programme (MNP)" in said(finding)


def test_a_form_that_tells_of_the_end_already_is_told_to_the_desk(mnp):
    rewrite(mnp, FORM, application__indication_authorised=True, application__indication_marketed=False)
    (finding,) = [finding for finding in read_package(mnp).findings if finding.check == "R-02"]
    assert (finding.severity, finding.mendable) == (Severity.INFO, False)
    assert "its end is put before a person" in said(finding)


def test_a_form_that_tells_of_a_marketing_application_is_told_to_the_desk(mnp):
    assert "R-03" not in refs(read_package(mnp).findings)
    rewrite(mnp, FORM, application__indication_under_review=True)
    (finding,) = [finding for finding in read_package(mnp).findings if finding.check == "R-03"]
    assert finding.severity is Severity.INFO
    assert "every year" in said(finding)


# --- the words


@pytest.mark.parametrize("language", Language)
def test_every_finding_is_worded_in_every_language_with_the_same_parameters(language):
    tables = {each: WORDING._findings(each) for each in Language}
    for table in tables[Language.EN]:
        assert tables[language][table].keys() == tables[Language.EN][table].keys(), table
        for key, sentence in tables[Language.EN][table].items():
            params = re.findall(r"{(\w+)}", sentence)
            assert sorted(re.findall(r"{(\w+)}", tables[language][table][key])) == sorted(params), key


def test_a_finding_without_words_is_an_error():
    with pytest.raises(LookupError):
        said(Finding(check="P-99", severity=Severity.ASK, what="nonsense"))


@pytest.mark.parametrize("place", [TEMPLATES, *places_of_letters("CUP")], ids=lambda place: place.parent.name)
def test_french_punctuation_of_these_words_never_stands_alone_on_a_line(place):
    for file in [*place.rglob("fr.toml"), *place.parent.glob("questions/fr.toml")]:
        assert not re.search(" [:;?!»]|« ", file.read_text("utf-8")), file


def test_a_form_that_names_an_ethics_committee_is_told_to_the_desk_and_one_that_names_none_is_complete(mnp):
    assert not {"R-04", "C-01"} & {*refs(read_package(mnp).findings)}
    rewrite(mnp, FORM, application__ethics_committee="Ethics committee of Exemplar Hospital")
    (finding,) = [finding for finding in read_package(mnp).findings if finding.check == "R-04"]
    assert (finding.severity, finding.mendable) == (Severity.WARN, False)
    assert "Exemplar Hospital. The file goes to it" in said(finding)
