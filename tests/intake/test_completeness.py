"""Which documents are said to be missing, and by which names they are recognised."""

import pytest

from office.completeness import findings
from office.package_forms import SubmissionType

APPLICATION = SubmissionType.APPLICATION
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
    "protocol",
    "missing in English",
    "missing in French",
    "missing in Dutch",
    "product dossier",
    "informed consent",
    "labelling",
    "declaration",
)


def found(procedure, *names, kind=APPLICATION):
    return findings(kind, procedure, dict.fromkeys(names, 10))


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
def test_a_complete_application_has_no_findings(procedure):
    assert found(procedure, *COMPLETE[procedure]) == ()


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
@pytest.mark.parametrize("left_out", range(8))
def test_each_document_that_is_left_out_is_the_one_that_is_named(procedure, left_out):
    names = [name for at, name in enumerate(COMPLETE[procedure]) if at != left_out]
    (told,) = found(procedure, *names)
    assert SAID[left_out] in told


def test_an_empty_package_lacks_everything_in_one_sentence_each():
    assert len(found("CUP")) == 6
    assert "Annex IV (the summary for publication) is missing in English and French and Dutch." in found(
        "CUP"
    )


def test_the_protocol_and_declaration_of_the_other_procedure_do_not_count():
    told = found("CUP", *COMPLETE["MNP"])
    assert [sentence.split(";")[1].split(",")[0] for sentence in told] == [
        " Annex VI is there",
        " Annex VIII is there",
    ]


def test_annex_v_is_not_recognised_in_annex_vi_nor_x_in_xi():
    assert any("Annex V (" in told for told in found("CUP", "06_labelling/annex-vi.pdf"))
    assert found("CUP", "08_other/annex-xi.pdf", kind=SubmissionType.RE_EVALUATION)
    assert not found("CUP", "08_other/annex-x.pdf", kind=SubmissionType.RE_EVALUATION)


def test_a_document_without_content_does_not_count():
    sizes = dict.fromkeys(COMPLETE["CUP"], 10) | {"06_labelling/annex-v.pdf": 0}
    assert findings(APPLICATION, "CUP", sizes) == (
        "Annex V (the labelling) is missing.",
        "The file 06_labelling/annex-v.pdf is empty.",
    )


def test_a_modification_brings_its_protocol_and_its_summary():
    names = COMPLETE["CUP"][:4]
    assert found("CUP", *names, kind=SubmissionType.MODIFICATION) == ()
    assert len(found("CUP", kind=SubmissionType.MODIFICATION)) == 2


@pytest.mark.parametrize(
    "name", ["safety-report.pdf", "Safety Report 2026.pdf", "semi-annual_safety_report.pdf"]
)
def test_a_safety_report_is_known_by_its_name(name):
    assert found("CUP", f"08_other/{name}", kind=SubmissionType.SAFETY_REPORT) == ()
    assert found("CUP", "08_other/report.pdf", kind=SubmissionType.SAFETY_REPORT)


@pytest.mark.parametrize("kind", [SubmissionType.COMPLETION, SubmissionType.ANSWERS])
def test_a_completion_and_answers_bring_at_least_one_document(kind):
    assert found("CUP", "00_cover-letter/cover-letter.pdf", kind=kind)
    assert found("CUP", "08_other/answers.pdf", kind=kind) == ()
