"""A notification of urgent use: a form that comes alone, and that holds nothing of the patient."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.clock import civil_day
from models.errors import PackageRefused
from models.findings import Finding, Severity
from models.forms import COVER_LETTER, FORM
from models.parties import Language
from office.intake.filled_forms import read_form
from office.intake.forms import ANSWER, HEAD_ROWS, KEY, QUESTION, SHEET, new
from office.intake.package import Package, read_package
from procedures.be_umn.samples import sample
from procedures.be_umn.urgent_use import RULES

NOTIFIED: dict[str, Any] = {
    "reference": "UU-2026-17",
    "received_on": "2026-11-20",
    "prescriber": "Dr. A. Exemplar",
    "urgency": True,
    "outside_programme_and_trial": True,
    "nothing_on_the_market": True,
    "no_import": True,
    "application": "announced",
    "declaration": True,
}
PRODUCT = {"trade_name": "Voorbeeldra", "active_substance": "voorbeeldinib"}


def form(product: dict[str, str] | None = None, procedure: str = "CUP", **said: Any) -> str:
    """The form of a notification, with what is said otherwise; None takes a field out."""
    notified = {name: value for name, value in (NOTIFIED | said).items() if value is not None}
    applicant = {
        "name": "Exemplar Pharma",
        "language": "fr",
        "email": "desk@exemplar.example",
        "private_undertaking": True,
        "country": "BE",
        "postal_code": "1050",
    }
    filed = {"procedure": procedure, "submission_type": "urgent-use", "applicant": applicant}
    return json.dumps({**filed, "product": product or PRODUCT, "urgent_use": notified})


def read(into: Path, **said: Any) -> Package:
    file = into / "notified.json"
    file.write_text(form(**said), encoding="utf-8")
    return read_package(file)


def refused(into: Path, **said: Any) -> PackageRefused:
    with pytest.raises(PackageRefused) as refusal:
        read(into, **said)
    return refusal.value


def test_a_form_alone_is_taken_with_its_own_reference_and_day(tmp_path):
    package = read(tmp_path)
    assert (package.cesp_number, civil_day(package.received_at)) == ("UU-2026-17", date(2026, 11, 20))
    assert package.subject.parts == PRODUCT
    assert [file.name for file in package.files] == [FORM]
    assert package.findings == (Finding(check="U-04", severity=Severity.WARN, what="application-announced"),)
    assert {line.rule for line in package.checklist} == {rule.id for rule in RULES}


def test_no_condition_is_fulfilled_by_an_answer_alone_and_each_fails_by_one(tmp_path):
    assert {line.verdict for line in read(tmp_path).checklist} == {"open"}
    broken = dict.fromkeys((name for name, value in NOTIFIED.items() if value is True), False)
    package = read(tmp_path, **broken, application="neither")
    assert {line.verdict for line in package.checklist} == {"fail"}


def test_an_application_that_was_filed_has_its_number_and_no_other_has_one(tmp_path):
    package = read(tmp_path, application="filed", application_number="CUP-2026-004")
    assert [finding.what for finding in package.findings] == ["application-filed"]
    assert "needs the number" in str(refused(tmp_path, application="filed"))
    assert "no application was filed" in str(refused(tmp_path, application_number="CUP-2026-004"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"history": "The patient is 43."}, "is not a field of this form"),
        ({"prescriber": "Dr. A. Exemplar, patient of 43"}, "urgent_use.prescriber"),
        ({"product": {**PRODUCT, "indication": "The patient has a rare disease."}}, "product.indication"),
        ({"product": {**PRODUCT, "trade_name": "x" * 101}}, "product.trade_name"),
        ({"reference": "85.07.30-033 28"}, "national number"),
        ({"product": {**PRODUCT, "trade_name": "85.07.30-033 28"}}, "national number"),
        ({"urgency": None}, "urgent_use.urgency is missing"),
        ({"procedure": "MNP"}, "submission_type"),
    ],
)
def test_what_could_tell_of_the_patient_or_is_not_asked_is_refused(tmp_path, said, told):
    message = str(refused(tmp_path, **said))
    assert told in message
    assert "85.07.30" not in message


def test_a_document_beside_the_form_is_refused_saying_why(tmp_path):
    package = sample("cup-application", tmp_path)
    document = package / "08_other" / "letter.txt"
    document.parent.mkdir(exist_ok=True)
    document.write_text("What was sent.", encoding="utf-8")
    (package / FORM).write_text(form(), encoding="utf-8")
    cover = json.loads((package / COVER_LETTER).read_text("utf-8"))
    (package / COVER_LETTER).write_text(json.dumps({**cover, "submission_type": "urgent-use"}))
    delivery = next(package.glob("*.xml"))
    delivery.write_text(delivery.read_text("utf-8").replace(">application<", ">urgent-use<"))
    with pytest.raises(PackageRefused, match=r"nothing is kept of a patient; take out: .*letter\.txt"):
        read_package(package)
    for folder in package.glob("0[2-8]_*"):
        shutil.rmtree(folder)
    assert read_package(package).submission_type == "urgent-use"


def test_the_form_of_an_application_is_not_taken_without_its_package(tmp_path):
    alone = tmp_path / "form.json"
    shutil.copyfile(sample("cup-application", tmp_path / "in") / FORM, alone)
    with pytest.raises(PackageRefused, match="with its package only"):
        read_package(alone)


@pytest.mark.parametrize("language", Language)
def test_the_form_that_is_handed_out_is_read_back(tmp_path, language):
    from openpyxl import load_workbook

    file = tmp_path / "urgent.xlsx"
    file.write_bytes(new("urgent-use", language))
    book = load_workbook(file)
    sheet = book[SHEET]
    assert "01_application-form" not in str(sheet.cell(2, QUESTION).value)  # it goes without a package
    said = {f"urgent_use.{name}": value for name, value in NOTIFIED.items()}
    said |= {f"product.{name}": value for name, value in PRODUCT.items()}
    said |= {"applicant.name": "Exemplar Pharma", "applicant.email": "desk@exemplar.example"}
    for row in range(HEAD_ROWS + 1, sheet.max_row + 1):
        value = said.pop(sheet.cell(row, KEY).value, None)
        if value is not None:
            sheet.cell(row, ANSWER).value = {True: "yes"}.get(value, value) if value is True else value
    assert not said
    book.save(file)
    read_back, problems = read_form(file.read_bytes(), file.name)
    assert (problems, read_back and read_back.delivered) == ([], ("UU-2026-17", date(2026, 11, 20)))
    assert read_package(file).subject.parts == PRODUCT
