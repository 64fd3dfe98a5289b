"""The forms that applicants fill in: a spreadsheet handed out in their language.

What is asked is the form of a procedure; which forms are handed out, its folder says. One row per field: its
key, its question, the answer, and help. Choices are offered as a list, in words of the language.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from models.errors import InputRefused
from models.parties import Language
from office.intake.package_forms import (
    submission_types,
)
from office.modes import for_others
from procedures.registry import HandedOut, Intake, fileable, handed_out, intake, intakes

TEXTS = Path(__file__).resolve().parents[2] / "templates" / "form"

KEY, QUESTION, ANSWER, HELP = 1, 2, 3, 4
WIDTHS = {KEY: 26, QUESTION: 60, ANSWER: 60, HELP: 70}
"""How many signs the columns are wide."""

LINE = 15.0
"""Points of a line. Not every program makes a row as high as its words by itself."""

SHEET = "form"
HEAD_ROWS = 4
"""Title, instruction, a promise about patients, and the heads of the columns."""

NOT_ASKED = {"dossier", "applicant.enterprise_number"}
"""Fields of the form that no form handed out asks."""


@dataclass(frozen=True)
class FormField:
    """One field of a form: its key, what it holds, and the codes that it may be."""

    key: str
    holds: Literal["text", "yes-no", "number", "day", "choice", "several"]
    choices: tuple[str, ...] = ()


def fields(code: str = "") -> Iterator[FormField]:
    """Every field of the form of a procedure and its sections, by its key; without one, of every form."""
    known: dict[str, FormField] = {}
    for each in _intakes(code):
        for field in _of(each):
            known.setdefault(field.key, field)
    return iter(known.values())


def in_parts(code: str = "") -> Iterator[str]:
    """The fields that a form of a procedure asks for and that have fields of their own."""
    for each in _intakes(code):
        for name, field in each.form.model_fields.items():
            inner = (kind for kind in _kinds(field.annotation) if isinstance(kind, type))
            if field.is_required() and any(issubclass(kind, BaseModel) for kind in inner):
                yield name


def _of(known: Intake) -> Iterator[FormField]:
    """The fields of the form of procedures that share it; these are what it may be filed for."""
    codes = tuple(code for code in fileable() if intake(code) == known)
    types = tuple(dict.fromkeys(each for code in codes for each in submission_types(code)))
    choices = {"procedure": codes, "submission_type": types}
    for field in _fields(known.form):
        yield FormField(field.key, "choice", choices[field.key]) if field.key in choices else field


def _intakes(code: str) -> tuple[Intake, ...]:
    return (intake(code),) if code in fileable() else intakes()


def _fields(model: type[BaseModel], before: str = "") -> Iterator[FormField]:
    for name, field in model.model_fields.items():
        key = f"{before}{name}"
        kinds = _kinds(field.annotation)
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if inner:
            yield from _fields(inner, f"{key}.")
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


def texts(language: Language, code: str = "") -> dict[str, dict[str, str]]:
    """The questions, help and choices of the form of a procedure in a language; without one, of all."""
    return _texts(language, tuple(each.questions for each in _intakes(code)))


@cache
def _texts(language: Language, questions: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {}
    for place in (TEXTS, *reversed(questions)):  # a form may say in words of its own what every one asks
        for table, said in tomllib.loads((place / f"{language.value}.toml").read_text("utf-8")).items():
            words[table] = words.get(table, {}) | said
    return words


def asked_in(of: Intake, handed: HandedOut) -> list[FormField]:
    """The fields of one of the forms that are handed out; what is fixed by it is filled in."""
    sections = tuple(f"{section.name}." for section in of.sections)
    return [
        field
        for field in _of(of)
        if field.key not in NOT_ASKED | handed.left_out
        and (field.key.startswith(f"{handed.section.name}.") or not field.key.startswith(sections))
    ]


def new(name: str, language: Language) -> bytes:
    """An empty form as a spreadsheet, in a language. Raises: InputRefused naming the forms that there are."""
    if name not in handed_out():
        raise InputRefused(
            "form.none-handed-out",
            name=name,
            possible=tuple(f"form new {known} --lang {language.value}" for known in handed_out()),
        )
    of, handed = handed_out()[name]
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    words = _texts(language, (of.questions,))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    named = words["names"][name]
    sheet.cell(1, QUESTION, named).font = Font(bold=True, size=16)
    alone = handed.section.kind in of.form_alone
    sheet.cell(2, QUESTION, words["labels"]["instruction-alone" if alone else "instruction"])
    sheet.cell(3, QUESTION, words["labels"].get("promise")).font = Font(bold=True)
    for column, head in ((KEY, "key"), (QUESTION, "question"), (ANSWER, "answer"), (HELP, "help")):
        cell = sheet.cell(HEAD_ROWS, column, words["labels"][head])
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79")
    fixed = {**handed.filled_in, "applicant.language": language.value}
    wrap = Alignment(wrap_text=True, vertical="top")
    grey, field_colour = Font(color="808080", size=8), PatternFill("solid", fgColor="FFF8E1")
    for row, field in enumerate(asked_in(of, handed), start=HEAD_ROWS + 1):
        sheet.cell(row, KEY, field.key).font = grey
        sheet.cell(row, QUESTION, words["questions"][field.key])
        sheet.cell(row, HELP, _help(field, words))
        filled_in = fixed.get(field.key)
        answer = sheet.cell(row, ANSWER, said_as(filled_in, words) if filled_in else None)
        answer.fill, answer.protection = field_colour, Protection(locked=False)
        answer.number_format = "yyyy-mm-dd" if field.holds == "day" else "@" if field.holds == "text" else "0"
        for column in WIDTHS:
            sheet.cell(row, column).alignment = wrap
        sheet.row_dimensions[row].height = LINE * max(
            _lines(sheet.cell(row, column).value, wide) for column, wide in WIDTHS.items()
        )
        if field.holds in ("choice", "yes-no"):
            offered = ",".join(said_as(choice, words) for choice in field.choices)
            rule = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(answer)
    for column, width in WIDTHS.items():
        sheet.column_dimensions["ABCD"[column - 1]].width = width
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


def hand_out(name: str, language: Language, out: Path | None) -> Path:
    """Writes an empty form. Raises: InputRefused when there is no such form, or the file is there already."""
    into = out or Path(f"form-{name}-{language.value}.xlsx")
    if into.suffix.lower() != ".xlsx":
        raise InputRefused("form.not-a-spreadsheet-name", file=into)
    content = new(name, language)
    try:
        with for_others(), into.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputRefused("form.there-already", file=into) from None
    return into


def said_as(code: str, words: dict[str, dict[str, str]]) -> str:
    """A choice in words; codes of procedures are said as they are."""
    return words["choices"].get(code, code)


def _lines(told: Any, wide: int) -> int:
    """How many lines words take, with some room for signs that are wider than others."""
    return sum(len(textwrap.wrap(line, wide * 9 // 10)) or 1 for line in str(told or "").split("\n"))


def _help(field: FormField, words: dict[str, dict[str, str]]) -> str:
    """The help of a field, and how it is filled in."""
    how = words["holds"].get(field.holds, "")
    if field.holds == "several":
        how = how.format(choices=", ".join(said_as(choice, words) for choice in field.choices))
    return " ".join(filter(None, (words["help"].get(field.key, ""), how)))
