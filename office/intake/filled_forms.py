"""The forms that applicants filled in, read back: JSON, or the spreadsheet that was handed out.

What comes back is made by strangers: bounded in size before it is opened, read without formulas, links or
macros, and only ever as values of known fields.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from models.errors import InputRefused
from models.forms import FORM, Form, Wrong
from models.messages import Message
from models.parties import Language
from office.intake.extensions import mistaken_for
from office.intake.forms import ANSWER, HEAD_ROWS, KEY, SHEET, FormField, fields, in_parts, said_as, texts
from office.intake.package_forms import (
    LARGEST_FORM,
    checked_form,
    in_file,
    problems_of,
    procedure_named,
    read_json,
    sentences,
)
from office.intake.typed import days, plain, says_nothing, several, whole_number, yes_or_no
from procedures.registry import fileable, intake

MOST_ENTRIES = 60
MOST_BYTES = 5_000_000
MOST_ROWS = 400
"""Limits of a spreadsheet: entries of its archive, bytes when unpacked, rows that are looked at."""


Filled = tuple[dict[str, Any] | None, list[Message], Language | None]
"""The fields of a form, what is wrong with it as a file, and the language in which it was handed out."""


def filled(content: bytes) -> Filled:
    """A filled spreadsheet as the fields of a form, or everything for which it is refused."""
    if refused := _unsafe(content):
        return None, [refused], None
    try:
        answers, problems, language = _answers(content)
    except Exception:  # a library for spreadsheets meets a stranger's file: whatever it says, it is none
        return None, [Message("form.no-readable-spreadsheet")], None
    named = next((str(value).strip() for _, key, value in answers if key == "procedure"), "")
    code = named if named in fileable() else ""
    known = {field.key: field for field in fields(code)}
    said: dict[str, Any] = {name: {} for name in in_parts(code)}  # so that each field of theirs is asked for
    for row, key, value in answers:
        if key not in known:
            problems.append(Message("form.row-without-field", row=row, field=key[:60]))
        elif value is not None:
            *outer, last = key.split(".")
            inside = said
            for part in outer:
                inside = inside.setdefault(part, {})
            inside[last] = _value(known[key], value, code)
    return said, problems, language


def _unsafe(content: bytes) -> Message | None:
    """Why a spreadsheet is not even opened."""
    from zipfile import BadZipFile, ZipFile

    if len(content) > LARGEST_FORM:
        return Message("form.too-large", most=LARGEST_FORM)
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                return Message("form.holds-more")
            if any(entry.flag_bits & 1 for entry in entries):
                return Message("form.encrypted")
            # read to the end, no further than the size it declares: a wrong checksum shows itself here
            declares = any(b"<!DOCTYPE" in archive.read(entry).replace(b"\0", b"") for entry in entries)
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error):
        return Message("form.no-spreadsheet")
    if declares:
        return Message("form.document-type")
    names = " ".join(entry.filename.lower() for entry in entries)
    for part, what in (
        ("vbaproject", Message("form.macros")),
        ("externallink", Message("form.links")),
        ("embeddings", Message("form.embedded-files")),
        ("activex", Message("form.controls")),
        ("connections.xml", Message("form.data-connections")),
    ):
        if part in names:
            return Message("form.holds", what=what)
    return None


def _answers(content: bytes) -> tuple[list[tuple[int, str, Any]], list[Message], Language | None]:
    """Row, key and answer of each row that has a key, and the language asked in; nothing is calculated."""
    from openpyxl import load_workbook

    # read whole, and not row by row: only so a formula and a text that begins with = are told apart
    book = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    answers: list[tuple[int, str, Any]] = []
    problems: list[Message] = []
    sheet = book[SHEET] if SHEET in book.sheetnames else None
    if sheet is None:
        return [], [Message("form.no-sheet", sheet=SHEET)], None
    if sheet.max_row > MOST_ROWS:
        return [], [Message("form.too-many-rows", most=MOST_ROWS)], None
    seen: set[str] = set()
    first, language = _head(sheet)
    for row in range(first, sheet.max_row + 1):
        key, cell = sheet.cell(row, KEY).value, sheet.cell(row, ANSWER)
        formula = any(sheet.cell(row, c).data_type in ("f", "e") for c in (KEY, ANSWER))
        if formula:
            problems.append(Message("form.row-with-formula", row=row))
        elif key is None:
            if cell.value is not None:
                problems.append(Message("form.row-without-key", row=row))
        elif str(key) in seen:
            problems.append(Message("form.row-given-twice", row=row, field=str(key)[:60]))
        else:
            seen.add(str(key))
            answers.append((row, str(key), cell.value))
    return answers, problems, language


def _head(sheet: Any) -> tuple[int, Language | None]:
    """The row of the first question, and the language of the heads above it.

    The heads move up when lines above them are deleted, and may be deleted themselves.
    """
    heads = {texts(language)["labels"]["answer"]: language for language in Language}
    for row in range(1, HEAD_ROWS + 1):
        if language := heads.get(str(sheet.cell(row, ANSWER).value or "").strip()):
            return row + 1, language
    known = {field.key for field in fields()}
    return 1 if sheet.cell(1, KEY).value in known else HEAD_ROWS + 1, None


def _value(field: FormField, value: Any, procedure: str) -> Any:
    """An answer as the form holds it; what cannot be read is left for the form to refuse."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if field.holds == "several":
        return [
            _code(each, field, procedure)
            for each in several(str(value), lambda each: _code(each, field, procedure) in field.choices)
        ]
    if field.holds == "text":
        return str(value)
    code = _code(value, field, procedure) if field.choices else None
    if code not in field.choices and isinstance(value, str) and says_nothing(value):
        return None
    match field.holds:
        case "choice":
            return code
        case "yes-no" if not isinstance(value, bool):
            said = yes_or_no(value)
            return value if said is None else said
        case "number" if isinstance(value, str):
            number = whole_number(value)
            return value if number is None else number
        case "day" if isinstance(value, str):
            meant = days(value)
            return meant[0].isoformat() if len(meant) == 1 else value
        case "day":
            return str(value)
        case _:
            return value


def _code(value: Any, field: FormField, procedure: str) -> str:
    """The code of a choice in the words of any language; else what was written."""
    written = str(value).strip()
    for language in Language:
        for code in field.choices:
            if plain(value) in (plain(code), plain(said_as(code, texts(language, procedure)))):
                return code
    return written


def read_form(
    content: bytes, name: str = FORM, chosen: str | None = None
) -> tuple[Form | None, list[Message]]:
    """Reads the application form, JSON or spreadsheet, or tells what is wrong with it.

    It is read as the form of the procedure that was `chosen`, or else that it names. What belongs in a form
    of its type is asked apart (`problems_of`).
    """
    spreadsheet = name.lower().endswith(".xlsx")
    said, problems, language = filled(content) if spreadsheet else (*read_json(content), None)
    if problems and (said is None or spreadsheet):
        return None, in_file(name, problems)
    form, wrong = checked_form(said, chosen)
    if spreadsheet:
        words = texts(language or _language_of(said), procedure_named(said))
        wrong = [_as_typed(each, said, words) for each in wrong]
    return form, in_file(name, [*problems, *sentences(wrong)])


def check(path: Path, language: Language | None = None) -> tuple[dict[str, Any], list[str]]:
    """All that is wrong with a filled form, each by the question and key of its field, in its own language.

    Returns: which form and language it is, and the problems as sentences; none means that it can be filed.
    Raises: InputRefused when there is no such file.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FORM else b" " * (LARGEST_FORM + 1)
    except OSError as absent:
        raise InputRefused("form.not-there", path=path, why=absent.strerror) from absent
    spreadsheet = content[:4] == b"PK\x03\x04" or path.suffix.lower() == ".xlsx"
    said: Any = None
    problems, asked_in = [], None
    if mistaken := mistaken_for(content, path.name):
        problems = [mistaken]
    elif spreadsheet:
        said, problems, asked_in = filled(content)
    else:
        said, problems = read_json(content)
    language = language or asked_in or _language_of(said)
    words = texts(language, procedure_named(said))
    about: dict[str, Any] = {"language": language.value}
    if said is None:
        return about, [problem.in_words(spoken=words.get("said", {})) for problem in problems]
    form, wrong = checked_form(said)
    wrong += list(problems_of(form)) if form else []
    questions = words["questions"]
    if spreadsheet:
        wrong = [_as_typed(each, said, words) for each in wrong]
    told = [*problems, *(each.of(_named(each.field, questions)) for each in wrong)]
    about |= {"procedure": _top(said, "procedure"), "submission_type": _top(said, "submission_type")}
    if form:
        about["unanswered"] = [
            _named(f"{section.name}.{field}", questions)
            for section in intake(form.procedure).sections
            for field in section.unanswered(form)
        ]
    return about, [problem.in_words(spoken=words.get("said", {})) for problem in told]


def _as_typed(wrong: Wrong, said: Any, words: Mapping[str, Mapping[str, str]]) -> Wrong:
    """What is wrong with an answer in a spreadsheet: choices in its words, not in the codes of JSON."""
    key = _question(wrong.field)
    field = next((field for field in fields(procedure_named(said)) if field.key == key), None)
    if field and wrong.said.key in ("form.not-true-or-false", "form.not-one-of") and field.choices:
        choices = [f"“{words['choices'].get(code, code)}”" for code in field.choices]
        return Wrong(wrong.field, Message("form.not-one-of-words", known=choices))
    if wrong.said.key == "form.not-a-day":
        written = said
        for part in wrong.field.split("."):
            written = written.get(part) if isinstance(written, dict) else None
        if isinstance(written, str) and len(meant := days(written)) > 1:
            each = [day.isoformat() for day in meant]
            return Wrong(wrong.field, Message("form.day-in-two-ways", days=each))
    return wrong


def _top(said: Any, field: str) -> Any:
    return said.get(field) if isinstance(said, dict) else None


def _language_of(said: Any) -> Language:
    """The applicant's language, as the form says it; English when it does not."""
    applicant = _top(said, "applicant")
    written = applicant.get("language") if isinstance(applicant, dict) else None
    return Language(written) if written in list(Language) else Language.EN


def _named(key: str, questions: Mapping[str, str]) -> str | Message:
    """A field by its question and its key; a form as a whole by itself."""
    if not key:
        return Message("form.the-form")
    question = questions.get(_question(key))
    return f"“{question}” ({key})" if question else key


def _question(key: str) -> str:
    """The key of the question that a field answers: of several answers, each is a field."""
    return ".".join(part for part in key.split(".") if not part.isdecimal())
