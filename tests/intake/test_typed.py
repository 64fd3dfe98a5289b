"""What people type into forms: read where it can mean one thing only, and told in the words of the form."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from openpyxl import load_workbook

import starter
from models.findings import Finding
from models.forms import COVER_LETTER, FORM, SPREADSHEET
from models.messages import catalogue
from models.parties import Language
from office.intake.filled_forms import check
from office.intake.forms import ANSWER, HEAD_ROWS, KEY, SHEET, new, texts
from office.intake.package import read_package
from office.intake.typed import amounts, days, says_nothing, whole_number, yes_or_no
from procedures.be_umn.samples import HERE as SAMPLES
from procedures.be_umn.samples import sample

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "templates" / "form", ROOT / "procedures" / "be_umn" / "questions"]
NOVEMBER, JUNE = date(2026, 11, 28), date(2026, 6, 5)


@pytest.mark.parametrize("written", ["OUI ", "ja", "Yes", "o", "x", "✓", " oui\u00a0", "Oui.", "vrai"])
def test_a_yes_is_a_yes(written: str) -> None:
    assert yes_or_no(written) is True


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Non.", False),
        ("NEE", False),
        ("nein", False),
        ("n", False),
        ("oui, mais", None),
        ("✗", None),
        ("?", None),
    ],
)
def test_a_no_is_a_no_and_a_doubt_is_neither(written: str, said: bool | None) -> None:
    assert yes_or_no(written) is said


@pytest.mark.parametrize("written", ["N/A", "s.o.", "n.v.t.", "-", "sans objet"])
def test_not_applicable_is_no_answer(written: str) -> None:
    assert says_nothing(written)
    assert not says_nothing("0")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((w, (NOVEMBER,)) for w in ("28/11/2026", "28.11.2026", "28-11-2026", "2026/11/28", "11/28/2026")),
        *(
            (w, (NOVEMBER,))
            for w in ("28 novembre 2026", "28. November 2026", "November 28, 2026", "28 nov. 2026")
        ),
        ("1er mars 2026", (date(2026, 3, 1),)),
        ("5 juin 2026", (JUNE,)),
        ("5.6.2026", (JUNE,)),
        ("05/06/2026", (date(2026, 5, 6), JUNE)),
        ("06/06/2026", (date(2026, 6, 6),)),
        *(
            (w, ())
            for w in ("28/11/26", "31/02/2026", "november 2026", "28/11", "", "28 11 2026", "2026-11-28 x")
        ),
    ],
)
def test_a_day_is_read_where_it_can_be_one_day_only(written: str, meant: tuple[date, ...]) -> None:
    assert days(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("11.759,19", ("11759.19",)),
        ("11,759.19", ("11759.19",)),
        ("11 759,19", ("11759.19",)),
        ("11\u202f759", ("11759",)),
        ("11'759.00", ("11759.00",)),
        ("1.000.000", ("1000000",)),
        ("20", ("20",)),
        ("20,5", ("20.5",)),
        ("1.000", ("1.000", "1000")),
        ("0,500", ("0.500",)),
        *((w, ()) for w in ("1.00.00", "20 patients", "1,2,3", "٣", "-5", "", "1.000,000.00")),
    ],
)
def test_an_amount_is_read_in_every_way_that_it_can_mean(written: str, meant: tuple[str, ...]) -> None:
    assert amounts(written) == tuple(map(Decimal, meant))


def test_a_whole_number_is_read_where_only_one_is_whole() -> None:
    assert [whole_number(written) for written in ("1.250", "20,0", "1 000", "1.000", "20,5")] == [
        1250,
        20,
        1000,
        None,
        None,
    ]


# --- a form in French, as people fill it in


def typed(into: Path, language: Language = Language.FR, **said: Any) -> Path:
    """A form that is whole, with some answers as they were typed; a field inside another one: `a__b`."""
    form = json.loads((SAMPLES / "cup-application" / FORM).read_text("utf-8"))
    flat = {
        f"{part}.{key}": value
        for part, held in form.items()
        if isinstance(held, dict)
        for key, value in held.items()
    }
    flat |= {key: value for key, value in form.items() if not isinstance(value, dict)}
    flat |= {key.replace("__", "."): value for key, value in said.items()}
    book = load_workbook_of(new("cup", language))
    for row in range(HEAD_ROWS + 1, book[SHEET].max_row + 1):
        value = flat.get(str(book[SHEET].cell(row, KEY).value))
        if not isinstance(value, dict):
            written = ", ".join(value) if isinstance(value, list) else value
            book[SHEET].cell(row, ANSWER, written)
    book.save(into)
    return into


def load_workbook_of(content: bytes) -> Any:
    from io import BytesIO

    return load_workbook(BytesIO(content))


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return tmp_path / "form.xlsx"


@pytest.mark.parametrize(
    "said",
    [
        {"application__group_of_patients": "Oui ", "application__authorised": "Non."},
        {
            "application__one_indication": "x",
            "application__human_medicine": "✓",
            "application__free_of_charge": "ja",
        },
        {"protocol_template": "27/06/2023"},
        {"application__patients_expected": "1 250"},
        {"application__disease": "chronique et met la vie en danger"},
        {"application__disease": "• chronique\n• met la vie en danger"},
        {"application__applicant_holds_authorisation": "s.o.", "applicant__country": " BE\u00a0"},
        {"applicant__email": " reg@example.invalid "},
        {"applicant__postal_code": 1000.0},
    ],
)
def test_what_can_mean_one_thing_only_is_no_problem(said: dict[str, Any], form: Path) -> None:
    assert check(typed(form, **said))[1] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"application__authorised": "peut-être"}, "(application.authorised) doit être “oui” ou “non”."),
        (
            {"application__disease": "grave"},
            "doit être “chronique” ou “gravement invalidante” ou “met la vie en danger”.",
        ),
        (
            {"protocol_template": "03/04/2023"},
            "peut se lire 2023-03-04 ou 2023-04-03\u00a0; écrivez-le ainsi.",
        ),
        ({"protocol_template": "bientôt"}, "n’est pas une date, par exemple 2026-11-16."),
        ({"application__patients_expected": "une vingtaine"}, "doit être un nombre entier en chiffres"),
        (
            {"applicant__email": "personne"},
            "“Demandeur\u00a0: e-mail” (applicant.email) n’est pas une adresse électronique.",
        ),
    ],
)
def test_what_cannot_is_told_in_the_words_and_the_language_of_the_form(
    said: dict[str, Any], told: str, form: Path
) -> None:
    problems = check(typed(form, **said, applicant__language="nl"))[1]
    assert len(problems) == 1
    assert told in problems[0]


def test_the_head_may_have_moved_up_or_be_gone(form: Path) -> None:
    for gone in (3, 1):
        book = load_workbook(form if gone == 1 else typed(form))
        book[SHEET].delete_rows(1, gone)
        book.save(form)
        assert check(form)[1] == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("form.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spreadsheet of the old form (.xls)"),
        (
            "form.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "it is encrypted",
        ),
        (
            "form.csv",
            "clé;question;réponse\nprocedure;Procédure;CUP\n".encode("cp1252"),
            "table as text (.csv)",
        ),
        ("form.pdf", b"%PDF-1.7\n", "this is a PDF"),
        ("form.docx", b"PK\3\4....word/document.xml", "this is a text or a presentation"),
        (
            "form.ods",
            b"PK\3\4....mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "OpenDocument spreadsheet",
        ),
    ],
)
def test_a_file_that_is_no_form_is_called_what_it_is(
    name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    problems = check(tmp_path / name)[1]
    assert len(problems) == 1
    assert told in problems[0]


def test_the_command_speaks_the_language_of_the_form(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert starter.run(["form", "check", str(typed(form))]) == 0
    assert "ce formulaire peut être introduit" in capsys.readouterr().out
    assert starter.run(["form", "check", str(form), "--lang", "de"]) == 0
    assert "kann eingereicht werden" in capsys.readouterr().out


# --- questions that an answer closes


def unanswered(package: Path, **said: Any) -> tuple[str, ...]:
    """What C-01 asks, and with it the letter of incompleteness, of a form that says this of alternatives."""
    form = json.loads((package / FORM).read_text("utf-8"))
    asked = form["application"]
    for key in [key for key in asked if key.startswith("alternative_") or key in ("authorised", "marketed")]:
        del asked[key]
    asked.update(said)
    (package / FORM).write_text(json.dumps(form), encoding="utf-8")
    found: list[Finding] = [f for f in read_package(package).findings if f.check == "C-01"]
    fields = found[0].params["fields"] if found else ()
    assert isinstance(fields, tuple)
    told = check(package / FORM)[0]["unanswered"]
    assert all(any(f"({field})" in each for each in told) for field in fields)
    assert len(told) == len(fields)
    return tuple(field.removeprefix("application.") for field in fields)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"alternative_authorised": False, "authorised": False}, ()),
        ({"alternative_authorised": True, "alternative_marketed": False, "authorised": False}, ()),
        (
            {"alternative_authorised": True, "authorised": False},
            ("alternative_marketed", "alternative_reimbursed"),
        ),
        ({"authorised": False}, ("alternative_authorised", "alternative_marketed", "alternative_reimbursed")),
        ({"alternative_authorised": False, "authorised": True}, ("marketed",)),
    ],
)
def test_a_question_that_an_answer_closes_is_asked_by_nobody(
    said: dict[str, Any], asked: tuple[str, ...], tmp_path: Path
) -> None:
    assert unanswered(sample("cup-application", tmp_path), **said) == asked


# --- blanks, and the words themselves


def test_a_blank_around_an_address_refuses_nothing(tmp_path: Path) -> None:
    package = sample("cup-application", tmp_path)
    before = read_package(package)
    for name, part in ((FORM, "applicant"), (COVER_LETTER, "invoice_addressee")):
        said = json.loads((package / name).read_text("utf-8"))
        said[part]["email"] = f" {said[part]['email']}\u00a0"
        (package / name).write_text(json.dumps(said), encoding="utf-8")
    after = read_package(package)
    assert (after.applicant, after.invoice_addressee) == (before.applicant, before.invoice_addressee)


def test_a_refused_package_names_the_choices_as_its_form_does(tmp_path: Path, form: Path) -> None:
    package = sample("cup-application", tmp_path)
    (package / FORM).unlink()
    (package / SPREADSHEET).write_bytes(typed(form, application__authorised="peut-être").read_bytes())
    with pytest.raises(Exception, match=r"application\.authorised must be “oui” or “non”"):
        read_package(package)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.parent.name)
def test_each_language_says_the_same_of_an_answer_with_the_places_that_english_has(place: Path) -> None:
    said = {
        language: tomllib.loads((place / f"{language}.toml").read_text("utf-8"))["said"]
        for language in ("nl", "fr", "de")
    }
    assert said["nl"].keys() == said["fr"].keys() == said["de"].keys()
    for words in said.values():
        for key, sentence in words.items():
            assert places(sentence) == places(str(catalogue("en")[key])), key


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_what_is_typed_for_yes_is_never_typed_for_no() -> None:
    typed_for = {
        meaning: {word for language in Language for word in texts(language)["typed"][meaning].split(", ")}
        for meaning in ("yes", "no", "nothing")
    }
    assert (
        typed_for["yes"] & typed_for["no"]
        == typed_for["nothing"] & (typed_for["yes"] | typed_for["no"])
        == set()
    )
