"""The three forms of a package: the delivery file, the cover letter and the application form.

The application form is JSON or the spreadsheet that `umn form new` hands out (office/forms.py).

Each is read by itself, and everything that is wrong with any of them is told at once, by file and
field. A form that names a person by a Belgian national number is refused: a programme is for a
group of patients, and its file identifies none.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from models.parties import Contact, Product, enterprise_number
from office.annexes import Application, ReEvaluation

COVER_LETTER = "00_cover-letter/cover-letter.json"
FORM = "01_application-form/form.json"
SPREADSHEET = "01_application-form/form.xlsx"
FORMS = (FORM, SPREADSHEET)
"""The application form, in one of two shapes."""

NATIONAL_NUMBER = "holds a Belgian national number"
"""What is said of a text that identifies a person; the number itself is never repeated."""

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


class Wrong(NamedTuple):
    """What is wrong with one field of a form, as the end of a sentence."""

    field: str
    said: str

    def __str__(self) -> str:
        return f"{self.field} {self.said}".strip()


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
_ACTIVITY = "regulatory-activity"
DeliveryNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,59}$")]
CaseNumber = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9./_-]{2,79}$")]


class Delivery(BaseModel):
    """The delivery file: what the submission platform says about the package.

    `regulatory-activity` may come several times; one delivery should hold one (check P-02).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: DeliveryNumber
    procedure: Code
    submission_type: SubmissionType = Field(alias="submission-type")
    received_at: Annotated[datetime, BeforeValidator(_instant)] = Field(alias="received-at")
    activities: tuple[str, ...] = Field(default=(), alias="regulatory-activity")


class CoverLetter(BaseModel):
    """The cover letter: above all, to whom the invoice goes (P-03); it carries the CESP number (P-04)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cesp_number: DeliveryNumber | None = None
    submission_type: SubmissionType
    invoice_addressee: Contact

    def problems(self) -> Iterator[Wrong]:
        """What is wrong with the number of whom the invoice goes to: it stands on the invoice."""
        try:
            if written := self.invoice_addressee.enterprise_number:
                enterprise_number(written)
        except ValueError as wrong:
            yield Wrong("invoice_addressee.enterprise_number", f"{wrong}.")


class Form(BaseModel):
    """The application form. `programme`, `dossier`, `year` and `period` depend on what is filed.

    `protocol_template` is the day of the version of Annex III or VI that the protocol follows (P-06).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: Code
    submission_type: SubmissionType
    applicant: Contact
    product: Product
    programme: CaseNumber | None = None
    dossier: CaseNumber | None = None
    year: Annotated[int, Field(ge=2007, le=2199, strict=True)] | None = None
    period: Literal["annual", "semi-annual"] | None = None
    protocol_template: date | None = None
    application: Application | None = None
    re_evaluation: ReEvaluation | None = None

    def problems(self) -> Iterator[Wrong]:
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
                yield Wrong(field, f"is missing; {_a(kind)} says there {what}.")
            if given and not wanted:
                yield Wrong(field, f"does not belong in {_a(kind)}; leave it out.")
        for field, number in (("programme", self.programme), ("dossier", self.dossier)):
            if number and number[:4] in ("CUP-", "MNP-") and number[:3] != self.procedure:
                yield Wrong(field, f"{number} is not of the procedure {self.procedure}.")
        sections = (
            ("application", SubmissionType.APPLICATION),
            ("re_evaluation", SubmissionType.RE_EVALUATION),
        )
        for field, of in sections:
            if getattr(self, field) is not None and kind is not of:
                yield Wrong(field, f"does not belong in {_a(kind)}; leave it out.")


AnyForm = TypeVar("AnyForm", Delivery, CoverLetter, Form)


def read_delivery(name: str, content: bytes) -> tuple[Delivery | None, list[str]]:
    """Reads the delivery file, or tells what is wrong with it. DTDs and entities are refused."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    text, problems = _text(content)
    if text is None:
        return None, [f"{name}: {problem}" for problem in problems]
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        return None, [f"{name}: it declares a document type or entities; a delivery file has neither."]
    except (ParseError, ValueError) as wrong:
        return None, [f"{name}: this is not XML ({wrong})."]
    if root.tag != "delivery" or root.attrib:
        return None, [f"{name}: the outermost element must be <delivery>, without attributes."]
    fields: dict[str, Any] = {}
    activities = [child.text or "" for child in root if child.tag == _ACTIVITY and not len(child)]
    for child in root:
        if child.tag in fields and child.tag != _ACTIVITY:
            problems.append(f"{name}: <{child.tag}> comes twice; a delivery is for one submission.")
        if len(child) or child.attrib:
            problems.append(f"{name}: <{child.tag}> holds more than text.")
        fields[child.tag] = (child.text or "").strip()
    if activities:
        fields[_ACTIVITY] = [activity.strip() for activity in activities]
    delivery, wrong_fields = _checked(Delivery, fields)
    return delivery, problems + [f"{name}: {wrong}" for wrong in wrong_fields]


def read_cover_letter(content: bytes) -> tuple[CoverLetter | None, list[str]]:
    """Reads the cover letter, or tells what is wrong with it."""
    letter, problems = _read_json(CoverLetter, COVER_LETTER, content)
    return letter, problems + [f"{COVER_LETTER}: {wrong}" for wrong in (letter.problems() if letter else ())]


def read_form(content: bytes, name: str = FORM) -> tuple[Form | None, list[str]]:
    """Reads the application form, JSON or spreadsheet, or tells what is wrong with it.

    What belongs in a form of its type is asked of the form itself (`Form.problems`).
    """
    if not name.lower().endswith(".xlsx"):
        return _read_json(Form, name, content)
    from office.forms import filled

    said, problems = filled(content)
    if said is None or problems:
        return None, [f"{name}: {problem}" for problem in problems]
    form, wrong = checked_form(said)
    return form, [f"{name}: {each}" for each in wrong]


def checked_form(said: Any) -> tuple[Form | None, list[Wrong]]:
    """The form that was filled in, or everything that is wrong with it, field by field."""
    wrong_texts = [wrong for field, value in _strings(said, "") for wrong in _wrong_text(field, value)]
    form, wrong_fields = _checked(Form, said)
    return form, wrong_texts + wrong_fields


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
    said, problems = read_json(content)
    problems = [f"{name}: {problem}" for problem in problems]
    if said is None and problems:
        return None, problems
    wrong = [wrong for field, value in _strings(said, "") for wrong in _wrong_text(field, value)]
    form, wrong_fields = _checked(model, said)
    return form, problems + [f"{name}: {each}" for each in (*wrong, *wrong_fields)]


def read_json(content: bytes) -> tuple[Any, list[str]]:
    """What a JSON form says, or why it cannot be read; a field that is given twice is told."""
    text, problems = _text(content)
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
        return None, [f"this is not JSON ({wrong})."]
    return said, problems + [f"{key!r} is given twice." for key in doubles]


def _text(content: bytes) -> tuple[str | None, list[str]]:
    if len(content) > LARGEST_FORM:
        return None, [f"it has more than {LARGEST_FORM} bytes; this is no form."]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return None, ["it is not UTF-8 text; save it in UTF-8."]


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


def _wrong_text(field: str, value: str) -> list[Wrong]:
    wrong = []
    if value and not value.strip():
        wrong.append(Wrong(field, "holds only blanks."))
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in value):
        wrong.append(Wrong(field, "holds control characters."))
    # A delivery number is allotted by the platform and may look like anything.
    if field != "cesp_number" and holds_national_number(value):
        wrong.append(
            Wrong(
                field,
                f"{NATIONAL_NUMBER}. A programme is for a group of patients and its file identifies none: "
                "take the number out and file the package again, under a new delivery number.",
            )
        )
    return wrong


def _checked(model: type[AnyForm], fields: Any) -> tuple[AnyForm | None, list[Wrong]]:
    try:
        return model.model_validate(fields), []
    except ValidationError as refused:
        return None, [_told(error, model) for error in refused.errors(include_url=False)]


def _told(error: Any, model: type[BaseModel]) -> Wrong:
    """One error of pydantic in the words of the forms; values are not repeated."""
    where = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Wrong(where, "is missing.")
        case "extra_forbidden":
            return Wrong(where, f"is not a field of this form; {_fields_at(error['loc'][:-1], model)}.")
        case "enum" | "literal_error":
            return Wrong(where, f"must be one of {context['expected']}.")
        case "string_pattern_mismatch" if where.endswith("email"):
            return Wrong(where, "is not an e-mail address.")
        case "string_pattern_mismatch":
            like = "CUP-2026-014" if where in ("programme", "dossier") else "the platform gives"
            return Wrong(where, f"is not a number such as {like}.")
        case "string_too_short":
            return Wrong(where, "is empty.")
        case "string_too_long":
            return Wrong(where, f"is too long; {context['max_length']} characters are possible.")
        case "value_error":
            return Wrong(where, f"{context['error']}.")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Wrong(where or "the form", "must hold fields in { }.")
        case "bool_type":
            return Wrong(where, "must be true or false.")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return Wrong(where, "is not a day such as 2026-11-16.")
        case _:
            return Wrong(f"{where}:", f"{error['msg'][0].lower()}{error['msg'][1:]}.")


def _fields_at(loc: tuple[Any, ...], model: type[BaseModel]) -> str:
    for part in loc:
        inner = model.model_fields[str(part)].annotation
        for kind in (inner, *get_args(inner)):  # itself, or what may be left out
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                model = kind
    return "it has " + ", ".join(field.alias or name for name, field in model.model_fields.items())


def _a(kind: SubmissionType) -> str:
    if kind is SubmissionType.ANSWERS:
        return "a set of answers"
    return f"an {kind.value}" if kind is SubmissionType.APPLICATION else f"a {kind.value}"
