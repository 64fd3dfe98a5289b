"""The three forms of a package: the delivery file, the cover letter and the application form.

Each is read by itself, and everything that is wrong with any of them is told at once, by file and
field. A form that names a person by a Belgian national number is refused: a programme is for a
group of patients, and its file identifies none.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from models.parties import Contact, Product

COVER_LETTER = "00_cover-letter/cover-letter.json"
FORM = "01_application-form/form.json"
LARGEST_FORM = 1_000_000
"""Bytes of a form; documents may be larger."""


class SubmissionType(StrEnum):
    """What a delivery brings: one of the kinds of dossier, or what belongs to a dossier already filed."""

    APPLICATION = "application"
    MODIFICATION = "modification"
    SAFETY_REPORT = "safety-report"
    RE_EVALUATION = "re-evaluation"
    COMPLETION = "completion"
    ANSWERS = "answers"


FOR_A_PROGRAMME = (SubmissionType.MODIFICATION, SubmissionType.SAFETY_REPORT, SubmissionType.RE_EVALUATION)
FOR_A_DOSSIER = (SubmissionType.COMPLETION, SubmissionType.ANSWERS)


def _instant(written: object) -> datetime:
    try:
        instant = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        instant = None
    if instant is None or "T" not in str(written):
        raise ValueError("is not an instant such as 2026-11-16T10:30:00+01:00")
    if instant.tzinfo is None:
        raise ValueError("has no time zone; write for example 2026-11-16T10:30:00+01:00")
    return instant.astimezone(UTC)


Code = Literal["CUP", "MNP"]
DeliveryNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,59}$")]
CaseNumber = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9./_-]{2,79}$")]


class Delivery(BaseModel):
    """The delivery file: what the submission platform says about the package."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: DeliveryNumber
    procedure: Code
    submission_type: SubmissionType = Field(alias="submission-type")
    received_at: Annotated[datetime, BeforeValidator(_instant)] = Field(alias="received-at")


class CoverLetter(BaseModel):
    """The cover letter: above all, to whom the invoice goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cesp_number: DeliveryNumber
    submission_type: SubmissionType
    invoice_addressee: Contact


class Form(BaseModel):
    """The application form. `programme`, `dossier`, `year` and `period` depend on what is filed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: Code
    submission_type: SubmissionType
    applicant: Contact
    product: Product
    programme: CaseNumber | None = None
    dossier: CaseNumber | None = None
    year: Annotated[int, Field(ge=2007, le=2199, strict=True)] | None = None
    period: Literal["annual", "semi-annual"] | None = None

    def problems(self) -> Iterator[str]:
        """What is missing, or does not belong, in a form of this type."""
        kind = self.submission_type
        asked = {
            "programme": (kind in FOR_A_PROGRAMME, "the number of the programme it is filed under"),
            "dossier": (kind in FOR_A_DOSSIER, "the number of the dossier it belongs to"),
            "year": (kind is SubmissionType.RE_EVALUATION, "the year of the anniversary it is for"),
            "period": (kind is SubmissionType.SAFETY_REPORT, "annual or semi-annual"),
        }
        for field, (wanted, what) in asked.items():
            given = getattr(self, field) is not None
            if wanted and not given:
                yield f"{FORM}: {field} is missing; {_a(kind)} says there {what}."
            if given and not wanted:
                yield f"{FORM}: {field} does not belong in {_a(kind)}; leave it out."
        for field, number in (("programme", self.programme), ("dossier", self.dossier)):
            if number and number[:4] in ("CUP-", "MNP-") and number[:3] != self.procedure:
                yield f"{FORM}: {field} {number} is not of the procedure {self.procedure}."


AnyForm = TypeVar("AnyForm", Delivery, CoverLetter, Form)


def read_delivery(name: str, content: bytes) -> tuple[Delivery | None, list[str]]:
    """Reads the delivery file, or tells what is wrong with it. DTDs and entities are refused."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    text, problems = _text(name, content)
    if text is None:
        return None, problems
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        return None, [f"{name}: it declares a document type or entities; a delivery file has neither."]
    except (ParseError, ValueError) as wrong:
        return None, [f"{name}: this is not XML ({wrong})."]
    if root.tag != "delivery" or root.attrib:
        return None, [f"{name}: the outermost element must be <delivery>, without attributes."]
    fields: dict[str, str] = {}
    for child in root:
        if child.tag in fields:
            problems.append(f"{name}: <{child.tag}> comes twice; a delivery is for one submission.")
        if len(child) or child.attrib:
            problems.append(f"{name}: <{child.tag}> holds more than text.")
        fields[child.tag] = (child.text or "").strip()
    delivery, wrong_fields = _checked(Delivery, name, fields)
    return delivery, problems + wrong_fields


def read_cover_letter(content: bytes) -> tuple[CoverLetter | None, list[str]]:
    """Reads the cover letter, or tells what is wrong with it."""
    return _read_json(CoverLetter, COVER_LETTER, content)


def read_form(content: bytes) -> tuple[Form | None, list[str]]:
    """Reads the application form, or tells what is wrong with it."""
    form, problems = _read_json(Form, FORM, content)
    return form, problems + (list(form.problems()) if form else [])


def holds_national_number(text: str) -> bool:
    """Whether a Belgian national number (or bis number) with a right check stands in a text."""
    from stdnum.be import bis, nn

    plain = unicodedata.normalize("NFKC", text)
    for found in _ELEVEN_DIGITS.finditer(plain):
        digits = re.sub(r"[^0-9]", "", found[1])
        if nn.is_valid(digits) or bis.is_valid(digits):
            return True
    return False


# Year, month, day, counter and check, with whatever people write between them; the lookahead also
# finds a number that begins inside a longer row of digits and signs.
_ELEVEN_DIGITS = re.compile(
    r"(?<![0-9])(?=([0-9]{2}[^0-9a-z]{0,3}[0-9]{2}[^0-9a-z]{0,3}[0-9]{2}[^0-9a-z]{0,3}[0-9]{3}"
    r"[^0-9a-z]{0,3}[0-9]{2})(?![0-9]))",
    re.IGNORECASE,
)


def _read_json(model: type[AnyForm], name: str, content: bytes) -> tuple[AnyForm | None, list[str]]:
    text, problems = _text(name, content)
    if text is None:
        return None, problems
    doubles: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        doubles.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    try:
        said = json.loads(text, object_pairs_hook=once, parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        return None, [f"{name}: this is not JSON ({wrong})."]
    problems += [f"{name}: {key!r} is given twice." for key in doubles]
    for field, value in _strings(said, ""):
        problems += _wrong_text(name, field, value)
    form, wrong_fields = _checked(model, name, said)
    return form, problems + wrong_fields


def _text(name: str, content: bytes) -> tuple[str | None, list[str]]:
    if len(content) > LARGEST_FORM:
        return None, [f"{name}: it has more than {LARGEST_FORM} bytes; this is no form."]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return None, [f"{name}: it is not UTF-8 text; save it in UTF-8."]


def _no_number(written: str) -> Any:
    raise ValueError(f"{written} is no number")


def _strings(said: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield field, said
    elif isinstance(said, dict):
        for key, value in said.items():
            yield from _strings(value, f"{field}.{key}" if field else str(key))
    elif isinstance(said, list):
        for number, value in enumerate(said, start=1):
            yield from _strings(value, f"{field}[{number}]")


def _wrong_text(name: str, field: str, value: str) -> list[str]:
    wrong = []
    if value and not value.strip():
        wrong.append(f"{name}: {field} holds only blanks.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in value):
        wrong.append(f"{name}: {field} holds control characters.")
    # A delivery number is allotted by the platform and may look like anything.
    if field != "cesp_number" and holds_national_number(value):
        wrong.append(
            f"{name}: {field} holds a Belgian national number. A programme is for a group of "
            "patients and its file identifies none: take the number out and file the package again, "
            "under a new delivery number."
        )
    return wrong


def _checked(model: type[AnyForm], name: str, fields: Any) -> tuple[AnyForm | None, list[str]]:
    try:
        return model.model_validate(fields), []
    except ValidationError as refused:
        return None, [f"{name}: {_said(error, model)}" for error in refused.errors(include_url=False)]


def _said(error: Any, model: type[BaseModel]) -> str:
    """One error of pydantic in the words of the forms; values are not repeated."""
    where = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"{where} is missing."
        case "extra_forbidden":
            return f"{where} is not a field of this form; {_fields_at(error['loc'][:-1], model)}."
        case "enum" | "literal_error":
            return f"{where} must be one of {context['expected']}."
        case "string_pattern_mismatch" if where.endswith("email"):
            return f"{where} is not an e-mail address."
        case "string_pattern_mismatch":
            like = "CUP-2026-014" if where in ("programme", "dossier") else "the platform gives"
            return f"{where} is not a number such as {like}."
        case "string_too_short":
            return f"{where} is empty."
        case "string_too_long":
            return f"{where} is too long; {context['max_length']} characters are possible."
        case "value_error":
            return f"{where} {context['error']}."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{where or 'the form'} must hold fields in {{ }}."
        case _:
            return f"{where}: {error['msg'][0].lower()}{error['msg'][1:]}."


def _fields_at(loc: tuple[Any, ...], model: type[BaseModel]) -> str:
    for part in loc:
        inner = model.model_fields[str(part)].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return "it has " + ", ".join(field.alias or name for name, field in model.model_fields.items())


def _a(kind: SubmissionType) -> str:
    if kind is SubmissionType.ANSWERS:
        return "a set of answers"
    return f"an {kind.value}" if kind is SubmissionType.APPLICATION else f"a {kind.value}"
