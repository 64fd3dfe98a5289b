"""The forms that applicants fill in: a spreadsheet handed out in their language, and read back.

One row per field: its key, its question, the answer, and help. Choices are offered as a list, in words of
the language. What comes back is made by strangers: bounded in size before it is opened, read without
formulas, links or macros, and only ever as values of known fields.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from models.errors import InputRefused
from models.parties import Language
from office.package_forms import LARGEST_FORM, Form, SubmissionType, Wrong, checked_form

TEXTS = Path(__file__).resolve().parent.parent / "templates" / "form"

Handed = Literal["cup", "mnp", "annex-x"]

MOST_ENTRIES = 60
MOST_BYTES = 5_000_000
MOST_ROWS = 400
"""Limits of a spreadsheet: entries of its archive, bytes when unpacked, rows that are looked at."""

KEY, QUESTION, ANSWER, HELP = 1, 2, 3, 4
SHEET = "form"
HEAD_ROWS = 4
"""Title, instruction, a promise about patients, and the heads of the columns."""

NOT_ASKED = {
    "dossier",
    "period",
    "applicant.enterprise_number",
}
"""Fields of the form that no form handed out asks."""


@dataclass(frozen=True)
class FormField:
    """One field of a form: its key, what it holds, and the codes that it may be."""

    key: str
    holds: Literal["text", "yes-no", "number", "day", "choice", "several"]
    choices: tuple[str, ...] = ()


def fields(model: type[BaseModel] = Form, before: str = "") -> Iterator[FormField]:
    """Every field of the form and its sections, by its key."""
    for name, field in model.model_fields.items():
        key = f"{before}{name}"
        kinds = _kinds(field.annotation)
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if inner:
            yield from fields(inner, f"{key}.")
        else:
            yield _field(key, kinds)


def _kinds(annotation: Any) -> list[Any]:
    """The types that a field may be, without None."""
    from types import UnionType
    from typing import Annotated, Union

    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [kind for part in get_args(annotation) if part is not type(None) for kind in _kinds(part)]
    return [annotation]


def _field(key: str, kinds: list[Any]) -> FormField:
    from enum import StrEnum

    kind = kinds[0]
    if get_origin(kind) is tuple:
        return FormField(key, "several", get_args(get_args(kind)[0]))
    if get_origin(kind) is Literal:
        return FormField(key, "choice", get_args(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return FormField(key, "choice", tuple(member.value for member in kind))
    holds: Any = {bool: "yes-no", int: "number", date: "day"}.get(kind, "text")
    return FormField(key, holds, ("yes", "no") if holds == "yes-no" else ())


def texts(language: Language) -> dict[str, dict[str, str]]:
    """The questions, help and choices of the forms in a language."""
    return _texts(language)


@cache
def _texts(language: Language) -> dict[str, dict[str, str]]:
    return tomllib.loads((TEXTS / f"{language.value}.toml").read_text("utf-8"))


def _asked(handed: Handed) -> list[FormField]:
    """The fields of one of the forms that are handed out; what is fixed by it is filled in."""
    section = "re_evaluation." if handed == "annex-x" else "application."
    left_out = {"programme", "year"} if handed != "annex-x" else {"protocol_template"}
    sections = ("application.", "re_evaluation.")
    return [
        field
        for field in fields()
        if field.key not in NOT_ASKED | left_out
        and (field.key.startswith(section) or not field.key.startswith(sections))
    ]


def new(handed: Handed, language: Language) -> bytes:
    """An empty form as a spreadsheet, in a language."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    words = texts(language)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    named = words["names"][handed]
    sheet.cell(1, QUESTION, named).font = Font(bold=True, size=16)
    sheet.cell(2, QUESTION, words["labels"]["instruction"])
    sheet.cell(3, QUESTION, words["labels"]["no_patient"]).font = Font(bold=True)
    for column, head in ((KEY, "key"), (QUESTION, "question"), (ANSWER, "answer"), (HELP, "help")):
        cell = sheet.cell(HEAD_ROWS, column, words["labels"][head])
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79")
    fixed = {
        "procedure": "" if handed == "annex-x" else handed.upper(),
        "submission_type": "re-evaluation" if handed == "annex-x" else "application",
        "applicant.language": _said(language.value, words),
    }
    wrap = Alignment(wrap_text=True, vertical="top")
    grey, field_colour = Font(color="808080", size=8), PatternFill("solid", fgColor="FFF8E1")
    for row, field in enumerate(_asked(handed), start=HEAD_ROWS + 1):
        sheet.cell(row, KEY, field.key).font = grey
        sheet.cell(row, QUESTION, words["questions"][field.key])
        sheet.cell(row, HELP, _help(field, words))
        answer = sheet.cell(row, ANSWER, fixed.get(field.key) or None)
        answer.fill, answer.protection = field_colour, Protection(locked=False)
        answer.number_format = "yyyy-mm-dd" if field.holds == "day" else "@" if field.holds == "text" else "0"
        for column in (KEY, QUESTION, ANSWER, HELP):
            sheet.cell(row, column).alignment = wrap
        if field.holds in ("choice", "yes-no"):
            offered = ",".join(_said(choice, words) for choice in field.choices)
            rule = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(answer)
    for column, width in (("A", 26), ("B", 60), ("C", 60), ("D", 70)):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = sheet.cell(HEAD_ROWS + 1, ANSWER)
    sheet.protection.sheet = True  # against slips only: there is no password
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def hand_out(handed: Handed, language: Language, out: Path | None) -> Path:
    """Writes an empty form. Raises: InputRefused when the file is there already."""
    into = out or Path(f"form-{handed}-{language.value}.xlsx")
    if into.suffix.lower() != ".xlsx":
        raise InputRefused(f"A form is a spreadsheet; {into} does not end in .xlsx.")
    content = new(handed, language)
    try:
        with into.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputRefused(f"{into} is there already; nothing was written. Give another --out.") from None
    return into


def _said(code: str, words: dict[str, dict[str, str]]) -> str:
    """A choice in words; codes such as CUP are said as they are."""
    return words["choices"].get(code, code)


def _help(field: FormField, words: dict[str, dict[str, str]]) -> str:
    """The help of a field, and how it is filled in."""
    how = words["holds"].get(field.holds, "")
    if field.holds == "several":
        how = how.format(choices=", ".join(_said(choice, words) for choice in field.choices))
    return " ".join(filter(None, (words["help"].get(field.key, ""), how)))


def filled(content: bytes) -> tuple[dict[str, Any] | None, list[str]]:
    """A filled spreadsheet as the fields of a form, or everything for which it is refused."""
    if refused := _unsafe(content):
        return None, [refused]
    try:
        answers, problems = _answers(content)
    except Exception:  # a library for spreadsheets meets a stranger's file: whatever it says, it is none
        return None, ["it is not a spreadsheet that can be read; save it again as .xlsx."]
    known = {field.key: field for field in fields()}
    said: dict[str, Any] = {"applicant": {}, "product": {}}  # so that each field of theirs is asked for
    for row, key, value in answers:
        if key not in known:
            problems.append(f"row {row}: {key[:60]!a} is not a field of a form; leave the keys as they are.")
        elif value is not None:
            *outer, last = key.split(".")
            inside = said
            for part in outer:
                inside = inside.setdefault(part, {})
            inside[last] = _value(known[key], value)
    return said, problems


def _unsafe(content: bytes) -> str:
    """Why a spreadsheet is not even opened."""
    from zipfile import BadZipFile, ZipFile

    if len(content) > LARGEST_FORM:
        return f"it has more than {LARGEST_FORM} bytes; this is no form."
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                return "it holds more than a form does; fill in the form as it was handed out."
            if any(entry.flag_bits & 1 for entry in entries):
                return "it is encrypted; save it without a password."
            # read to the end, no further than the size it declares: a wrong checksum shows itself here
            declares = any(b"<!DOCTYPE" in archive.read(entry).replace(b"\0", b"") for entry in entries)
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error):
        return "it is not a spreadsheet (.xlsx) that can be read; save it again."
    if declares:
        return "it declares a document type; a spreadsheet has none."
    names = " ".join(entry.filename.lower() for entry in entries)
    for part, what in (
        ("vbaproject", "macros"),
        ("externallink", "links to other files"),
        ("embeddings", "embedded files"),
        ("activex", "controls"),
        ("connections.xml", "connections to data"),
    ):
        if part in names:
            return f"it holds {what}; fill in the form as it was handed out."
    return ""


def _answers(content: bytes) -> tuple[list[tuple[int, str, Any]], list[str]]:
    """Row, key and answer of each row that has a key; nothing is calculated."""
    from openpyxl import load_workbook

    # read whole, and not row by row: only so a formula and a text that begins with = are told apart
    book = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    answers: list[tuple[int, str, Any]] = []
    problems: list[str] = []
    sheet = book[SHEET] if SHEET in book.sheetnames else None
    if sheet is None:
        return [], [f"it has no sheet {SHEET!r}; fill in the form as it was handed out."]
    if sheet.max_row > MOST_ROWS:
        return [], [f"it has more than {MOST_ROWS} rows; fill in the form as it was handed out."]
    seen: set[str] = set()
    for row in range(HEAD_ROWS + 1, sheet.max_row + 1):
        key, cell = sheet.cell(row, KEY).value, sheet.cell(row, ANSWER)
        formula = any(sheet.cell(row, c).data_type in ("f", "e") for c in (KEY, ANSWER))
        if formula:
            problems.append(f"row {row}: there is a formula or an error; write the answer itself.")
        elif key is None:
            if cell.value is not None:
                problems.append(f"row {row}: an answer stands beside no key; leave the keys as they are.")
        elif str(key) in seen:
            problems.append(f"row {row}: {str(key)[:60]!a} is given twice.")
        else:
            seen.add(str(key))
            answers.append((row, str(key), cell.value))
    return answers, problems


def _value(field: FormField, value: Any) -> Any:
    """An answer as the form holds it; what cannot be read is left for the form to refuse."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    match field.holds:
        case "several":
            return [_code(part, field) for part in str(value).replace(";", ",").split(",") if part.strip()]
        case "choice":
            return _code(value, field)
        case "yes-no" if not isinstance(value, bool):
            return {"yes": True, "no": False}.get(_code(value, field), str(value))
        case "number" if isinstance(value, float) and value.is_integer():
            return int(value)
        case "number" if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
            return int(value) if len(value) < 12 else value
        case "text" | "day":
            return str(value)
        case _:
            return value


def _code(value: Any, field: FormField) -> str:
    """The code of a choice in the words of any language; else what was written."""
    written = str(value).strip()
    for language in Language:
        for code in field.choices:
            if written.casefold() in (code.casefold(), _said(code, texts(language)).casefold()):
                return code
    return written


def check(path: Path, language: Language | None = None) -> tuple[dict[str, Any], list[str]]:
    """All that is wrong with a filled form, each by the question and key of its field.

    Returns: which form it is, and the problems as sentences; none means that it can be filed.
    Raises: InputRefused when there is no such file.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FORM else b" " * (LARGEST_FORM + 1)
    except OSError as absent:
        raise InputRefused(f"There is no form at {path}: {absent.strerror}.") from absent
    from office.package_forms import read_json

    if content[:4] == b"PK\x03\x04" or path.suffix.lower() == ".xlsx":
        said, problems = filled(content)
    else:
        said, problems = read_json(content)
    if said is None:
        return {}, problems
    form, wrong = checked_form(said)
    wrong += list(form.problems()) if form else []
    spoken = language or _language_of(said)
    told = [*problems, *(_told(each, spoken) for each in wrong)]
    about = {"procedure": _top(said, "procedure"), "submission_type": _top(said, "submission_type")}
    if form:
        from office.annexes import unanswered

        section = form.application or form.re_evaluation
        name = "application" if form.submission_type is SubmissionType.APPLICATION else "re_evaluation"
        empty = unanswered(section, form.procedure) if section else ()
        about["unanswered"] = [_named(f"{name}.{field}", spoken) for field in empty]
    return about, told


def _top(said: Any, field: str) -> Any:
    return said.get(field) if isinstance(said, dict) else None


def _language_of(said: Any) -> Language:
    """The applicant's language, as the form says it; English when it does not."""
    applicant = _top(said, "applicant")
    written = applicant.get("language") if isinstance(applicant, dict) else None
    return Language(written) if written in list(Language) else Language.EN


def _told(wrong: Wrong, language: Language) -> str:
    return f"{_named(wrong.field.rstrip(':'), language)} {wrong.said}"


def _named(key: str, language: Language) -> str:
    """A field by its question and its key."""
    plain = ".".join(part for part in key.split(".") if not part.isdecimal())
    question = texts(language)["questions"].get(plain)
    return f"“{question}” ({key})" if question else key
