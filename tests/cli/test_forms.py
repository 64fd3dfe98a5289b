"""The forms that applicants fill in: handed out in their language, read back, and refused when hostile."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import starter
from models.errors import InputRefused
from models.forms import FORM, SPREADSHEET
from models.parties import Language
from office.intake.filled_forms import check
from office.intake.forms import ANSWER, HEAD_ROWS, HELP, KEY, QUESTION, SHEET, fields, hand_out, new, texts
from office.intake.package import read_package
from procedures.be_umn.samples import HERE as SAMPLES
from procedures.be_umn.samples import sample

NATIONAL_NUMBER = "85.07.30-033 28"
HANDED = ("cup", "mnp", "annex-x", "urgent-use")


def sheet_of(content: bytes) -> Any:
    return load_workbook(BytesIO(content))[SHEET]


def answered(content: bytes, said: dict[str, Any]) -> Any:
    """The form with answers beside their keys, as somebody fills it in."""
    book = load_workbook(BytesIO(content))
    sheet = book[SHEET]
    for row in range(HEAD_ROWS + 1, sheet.max_row + 1):
        key = sheet.cell(row, KEY).value
        if key in said:
            sheet.cell(row, ANSWER, said[key])
    return book


def flat(said: Any, before: str = "") -> dict[str, Any]:
    """The fields of a form by their keys, as a person types them."""
    if not isinstance(said, dict):
        return {before: ", ".join(said) if isinstance(said, list) else said}
    return {
        key: value
        for name, part in said.items()
        for key, value in flat(part, f"{before}.{name}".strip(".")).items()
    }


def saved(book: Any, into: Path) -> Path:
    book.save(into)
    return into


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The sample of a medical need application, typed into the Dutch spreadsheet in Dutch words."""
    said = flat(json.loads((SAMPLES / "mnp-application" / FORM).read_text("utf-8")))
    words = texts(Language.NL)["choices"]
    spoken = {True: words["yes"], False: words["no"]}
    said = {key: spoken[value] if isinstance(value, bool) else value for key, value in said.items()}
    said["application.disease"] = f"{words['chronic']}, {words['seriously-debilitating']}"
    return saved(answered(new("mnp", Language.NL), said), tmp_path / "form.xlsx")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("handed", HANDED)
def test_each_form_asks_in_each_language(handed: Any, language: Language) -> None:
    sheet = sheet_of(new(handed, language))
    rows = range(HEAD_ROWS + 1, sheet.max_row + 1)
    known = {field.key for field in fields()}
    assert {sheet.cell(row, KEY).value for row in rows} <= known
    assert all(sheet.cell(row, QUESTION).value for row in rows)
    assert sheet.cell(1, QUESTION).value == texts(language)["names"][handed]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("handed", HANDED)
def test_what_a_form_fills_in_is_one_of_the_answers_that_it_offers(handed: Any, language: Language) -> None:
    sheet = sheet_of(new(handed, language))
    offered = {
        str(rule.sqref): rule.formula1.strip('"').split(",") for rule in sheet.data_validations.dataValidation
    }
    filled = [
        cell
        for (cell,) in sheet.iter_rows(min_row=HEAD_ROWS + 1, min_col=ANSWER, max_col=ANSWER)
        if cell.value
    ]
    assert filled
    for cell in filled:
        assert cell.value in offered[cell.coordinate]


@pytest.mark.parametrize("language", Language)
def test_a_row_of_a_form_is_as_high_as_its_words(language: Language) -> None:
    sheet = sheet_of(new("mnp", language))
    for row in range(HEAD_ROWS + 1, sheet.max_row + 1):
        longest = max(
            len(sheet.cell(row, QUESTION).value or "") / 60, len(sheet.cell(row, HELP).value or "") / 70
        )
        assert sheet.row_dimensions[row].height >= 15 * longest


@pytest.mark.parametrize("language", Language)
def test_every_question_is_about_a_field_and_every_choice_is_worded_once(language: Language) -> None:
    words = texts(language)
    assert set(words["questions"]) <= {field.key for field in fields()}
    assert words["questions"].keys() == texts(Language.EN)["questions"].keys()
    for field in fields():
        spoken = [words["choices"].get(choice, choice) for choice in field.choices]
        assert len({each.casefold() for each in spoken}) == len(spoken), field.key
        assert not any("," in each for each in spoken), field.key


def test_no_form_has_a_field_for_a_patient() -> None:
    asked = " ".join(field.key for field in fields())
    for word in ("birth", "initials", "sex", "gender", "national", "patient_id", "patient_name"):
        assert word not in asked


def test_a_spreadsheet_and_its_json_are_the_same_form(filled: Path, tmp_path: Path) -> None:
    package = sample("mnp-application", tmp_path / "packages")
    by_json = read_package(package)
    (package / FORM).unlink()
    (package / SPREADSHEET).write_bytes(filled.read_bytes())
    by_sheet = read_package(package)
    assert (by_sheet.subject, by_sheet.applicant) == (by_json.subject, by_json.applicant)
    assert (
        (by_sheet.findings, by_sheet.checklist)
        == (by_json.findings, by_json.checklist)
        == ((), by_json.checklist)
    )


def test_a_package_carries_one_form(filled: Path, tmp_path: Path) -> None:
    package = sample("mnp-application", tmp_path / "packages")
    (package / SPREADSHEET).write_bytes(filled.read_bytes())
    with pytest.raises(InputRefused, match="leave one out"):
        read_package(package)


def test_a_filled_form_has_no_problems(filled: Path) -> None:
    assert check(filled)[1] == []


def test_all_problems_are_told_at_once_each_by_question_and_key(filled: Path) -> None:
    book = answered(
        filled.read_bytes(),
        {
            "applicant.email": "nobody",
            "product.indication": f"one patient, {NATIONAL_NUMBER}",
            "application.free_of_charge": "misschien",
            "application.patients_expected": "veel",
        },
    )
    told = "\n".join(map(str, check(saved(book, filled))[1]))
    assert "“Aanvrager: e-mail” (applicant.email) is geen e-mailadres" in told
    assert "(product.indication) bevat een rijksregisternummer" in told
    assert "(application.free_of_charge) moet “ja” of “nee” zijn" in told
    assert "(application.patients_expected) moet een geheel getal in cijfers zijn" in told
    assert "033" not in told


def test_an_address_that_mail_servers_may_not_take_is_told_in_the_language_of_the_form(filled: Path) -> None:
    book = answered(filled.read_bytes(), {"applicant.email": "josé@exemplar.test"})
    assert check(saved(book, filled))[1] == [
        "“Aanvrager: e-mail” (applicant.email) bevat vóór de @ tekens die niet elke mailserver aanneemt; "
        "geef een adres in gewone letters."
    ]


def test_an_empty_form_is_told_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(new("cup", Language.EN))
    told = "\n".join(map(str, check(path)[1]))
    for key in ("applicant.name", "applicant.email", "product.trade_name", "product.indication"):
        assert f"({key}) is missing" in told


def test_what_stays_unanswered_is_said_and_is_no_problem(tmp_path: Path) -> None:
    form = json.loads((SAMPLES / "cup-application" / FORM).read_text("utf-8"))
    del form["application"]["costs"]
    (tmp_path / "form.json").write_text(json.dumps(form))
    about, problems = check(tmp_path / "form.json")
    assert problems == []
    assert ["application.costs" in each for each in about["unanswered"]] == [True]


# --- hostile spreadsheets


def test_a_formula_is_refused_and_never_calculated(filled: Path) -> None:
    book = answered(filled.read_bytes(), {"application.costs": '=HYPERLINK("http://example.org","x")'})
    assert any("er staat een formule" in str(told) for told in check(saved(book, filled))[1])


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/embeddings/oleObject1.bin", "embedded files"),
        ("xl/connections.xml", "connections"),
    ],
)
def test_a_spreadsheet_that_holds_more_than_answers_is_refused(filled: Path, entry: str, told: str) -> None:
    with zipfile.ZipFile(filled, "a") as archive:
        archive.writestr(entry, b"x")
    assert told in str(check(filled)[1][0])


def test_a_spreadsheet_that_would_unpack_beyond_all_bounds_is_refused(filled: Path) -> None:
    with zipfile.ZipFile(filled, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/huge.bin", b"\0" * 6_000_000)
    assert "more than a form does" in str(check(filled)[1][0])


def test_a_spreadsheet_with_a_document_type_is_refused(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "dtd.xlsx"
    with zipfile.ZipFile(filled) as old, zipfile.ZipFile(out, "w") as archive:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE a [<!ENTITY b "c">]>' + content
            archive.writestr(name, content)
    assert "document type" in str(check(out)[1][0])


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"PK\x05\x06" + b"\0" * 18, b"", b"no form", b"\xff\xfe"]
)
def test_what_is_no_form_is_told_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    for name in ("form.xlsx", "form.json"):
        (tmp_path / name).write_bytes(content)
        assert check(tmp_path / name)[1]


def test_another_spreadsheet_or_a_changed_key_is_refused(tmp_path: Path, filled: Path) -> None:
    other = saved(Workbook(), tmp_path / "other.xlsx")
    assert "no sheet 'form'" in str(check(other)[1][0])
    book = load_workbook(filled)
    book[SHEET].cell(HEAD_ROWS + 3, KEY, "patient.name")
    assert any("'patient.name' is geen veld" in str(told) for told in check(saved(book, filled))[1])
    book[SHEET].cell(HEAD_ROWS + 3, KEY, book[SHEET].cell(HEAD_ROWS + 4, KEY).value)
    assert any("is twee keer opgegeven" in str(told) for told in check(saved(book, filled))[1])


# --- the commands


def test_a_form_is_never_written_over_another_file(tmp_path: Path) -> None:
    hand_out("cup", Language.FR, tmp_path / "mine.xlsx")
    with pytest.raises(InputRefused, match="is there already"):
        hand_out("cup", Language.FR, tmp_path / "mine.xlsx")
    with pytest.raises(InputRefused, match=r"does not end in \.xlsx"):
        hand_out("cup", Language.FR, tmp_path / "mine.docx")


def test_the_commands_hand_out_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = str(tmp_path / "x.xlsx")
    assert starter.run(["form", "new", "annex-x", "--lang", "fr", "--out", into]) == 0
    assert starter.run(["form", "check", into, "-o", "json"]) == 2
    assert starter.run(["form", "check", str(tmp_path / "absent.xlsx")]) == 2
    assert starter.run(["form", "check", str(SAMPLES / "cup-application" / FORM)]) == 0
    assert "it can be filed" in capsys.readouterr().out


def test_every_field_of_the_form_can_be_told_apart_by_its_key() -> None:
    keys = [field.key for field in fields()]
    assert len(set(keys)) == len(keys)
