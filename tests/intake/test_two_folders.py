"""Two folders of procedures beside each other: each package is read as its own procedure asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.errors import InputRefused, PackageRefused, UnknownClause
from models.forms import COVER_LETTER, FORM
from models.parties import Language
from office.intake.filled_forms import check
from office.intake.forms import HEAD_ROWS, KEY, fields, hand_out
from office.intake.package import read_package
from procedures import registry
from procedures.be_umn.samples import sample
from procedures.be_umn.words import Kind
from tests.toy import taken_in

ALL = "'application', 'activity-report', 'completion', 'answers'"


@pytest.fixture(autouse=True)
def another() -> Iterator[None]:
    """The folder of treatment centres beside those that are shipped, as long as a test lasts."""
    with taken_in():
        yield


def of_a_centre(into: Path, **said: object) -> Path:
    """A package of the other procedure, in which the form says something else."""
    received_at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    known = registry.intake("CTR")
    assert known.sample
    package = known.sample("centre-application", into, cesp_number="CENTRE-1", received_at=received_at)
    form = json.loads((package / FORM).read_text("utf-8")) | said
    (package / FORM).write_text(json.dumps(form))
    return package


def filed_as(package: Path, kind: str) -> Path:
    """The package, of which delivery and cover letter say another kind as well."""
    for file in (next(package.glob("*.xml")), package / COVER_LETTER):
        file.write_text(file.read_text().replace("application", kind))
    return package


def test_a_package_is_read_by_the_form_the_rules_and_the_documents_of_its_procedure(tmp_path):
    package = read_package(of_a_centre(tmp_path))
    assert (package.procedure, package.kind, package.findings) == ("CTR", Kind.APPLICATION, ())
    assert [(line.rule, line.verdict.value) for line in package.checklist] == [("K-01", "pass")]
    assert package.subject.name == "Exemplar Centre (Nergenshuizen)"


SHIPPED = sorted(
    package
    for name in registry.shipped()
    for package in Path(registry.__file__).parent.glob(f"{name}/samples/*-application")
)


@pytest.mark.parametrize("package", SHIPPED, ids=lambda package: package.name)
def test_an_application_that_is_shipped_can_be_filed_as_it_lies_there(package: Path):
    lacks = {finding.check for finding in read_package(package).findings}
    assert lacks == ({"P-07"} if package.name == "cup-application" else set())  # the README has it completed


def test_the_notification_that_is_shipped_is_taken_in_as_it_lies_there():
    (form,) = Path(registry.__file__).parent.glob("be_hospital_exemption/samples/*.json")
    notified = read_package(form)
    assert (notified.kind, notified.findings) == ("first-emergency-use", ())


@pytest.mark.parametrize("name", ["eu_cma", "be_hospital_exemption"])
def test_every_other_sample_lacks_the_number_of_what_it_is_filed_under_and_nothing_else(name: str, tmp_path):
    samples = Path(registry.__file__).parent / name / "samples"
    others = [
        form.parent.parent
        for form in samples.glob(f"*/{FORM}")
        if "application" not in str(form.parent.parent)
    ]
    assert others
    for sample_of in others:
        with pytest.raises(PackageRefused, match="programme"):
            read_package(sample_of)


def test_what_its_form_leaves_open_is_asked_by_its_own_fields(tmp_path):
    package = read_package(of_a_centre(tmp_path, equipment={"beds": 6}))
    (finding,) = package.findings
    assert finding.params["fields"] == ("equipment.night_shift",)
    assert package.checklist[0].verdict.value == "open"


def test_a_document_of_its_own_is_missed_and_none_of_another(tmp_path):
    folder = of_a_centre(tmp_path)
    (folder / "02_plan" / "plan.txt").unlink()
    assert [finding.check for finding in read_package(folder).findings] == ["K-02"]


def test_a_folder_of_one_procedure_has_no_place_in_a_package_of_another(tmp_path):
    folder = sample("mnp-application", tmp_path)
    (folder / "02_plan").mkdir()
    (folder / "02_plan" / "plan.txt").write_text("Six beds.")
    with pytest.raises(PackageRefused, match=r"(?s)02_plan.*Its folders are: .*02_protocol"):
        read_package(folder)


def test_a_section_of_another_procedure_has_no_place_in_a_form(tmp_path):
    with pytest.raises(PackageRefused, match="application is not a field"):
        read_package(of_a_centre(tmp_path, application={"authorised": True}))


def test_a_kind_that_its_procedure_lacks_is_told_with_those_that_it_has(tmp_path):
    with pytest.raises(PackageRefused, match=f"must be one of {ALL}"):
        read_package(of_a_centre(tmp_path, submission_type="modification"))


def test_a_procedure_that_is_chosen_is_asked_whether_it_knows_that_kind(tmp_path):
    said = {"procedure": "MNP", "submission_type": "modification", "programme": "MNP-2026-001"}
    folder = of_a_centre(tmp_path, **said)
    cover = folder / COVER_LETTER
    cover.write_text(cover.read_text().replace("application", "modification"))
    with pytest.raises(PackageRefused, match=f"must be one of {ALL}"):
        read_package(folder, "modification", "CTR")


def test_a_form_that_names_no_procedure_is_told_all_that_there_are(tmp_path):
    folder = of_a_centre(tmp_path, procedure="XYZ")
    _, told = check(folder / FORM)
    assert [str(each) for each in told] == [
        "“Procedure” (procedure) moet een van deze codes zijn: 'CTR', 'HEX', 'CUP', 'MNP', 'CMA'."
    ]


def test_a_number_of_another_procedure_is_told_whatever_folder_that_lies_in(tmp_path):
    folder = of_a_centre(tmp_path, submission_type="completion", dossier="MNP-2026-001")
    with pytest.raises(PackageRefused, match="MNP-2026-001 is not of the procedure CTR"):
        read_package(filed_as(folder, "completion"))


def test_each_form_is_handed_out_with_its_own_questions_and_an_unknown_one_names_all(tmp_path):
    written = hand_out("centre", Language.EN, tmp_path / "centre.xlsx")
    sheet = load_workbook(written)["form"]
    keys = [sheet.cell(row, KEY).value for row in range(HEAD_ROWS + 1, sheet.max_row + 1)]
    assert keys[-2:] == ["equipment.beds", "equipment.night_shift"]
    assert {field.key for field in fields("MNP")} & {"equipment.beds"} == set()
    with pytest.raises(InputRefused) as refused:
        hand_out("nonsense", Language.EN, tmp_path / "nonsense.xlsx")
    told = [command.split()[2] for command in refused.value.possible]
    of_the_agency = ["hospital-exemption", "cup", "mnp", "annex-x", "urgent-use"]
    assert told == ["centre", *of_the_agency, "conditional-authorisation"]


def test_a_procedure_without_a_page_is_told_those_that_have_one():
    with pytest.raises(UnknownClause) as refused:
        registry.page("CTR")
    assert refused.value.possible == ("UMN",)
    assert registry.page()[0] == "UMN"
