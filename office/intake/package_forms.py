"""The three forms of a package: the delivery file, the cover letter and the application form.

The application form is that of its procedure, as JSON or as the spreadsheet that `umn form new` hands out
(office/intake/forms.py; read back in office/intake/filled_forms.py).

Each is read by itself, and everything that is wrong with any of them is told at once, by file and
field. A form that names a person by a national number is refused: a programme is for a group of
patients, and its file identifies none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from models.errors import Malformed
from models.forms import COVER_LETTER, FOR_A_DOSSIER, FORM, SPREADSHEET, DeliveryNumber, Form, Wrong
from models.messages import Message
from models.parties import Contact, enterprise_number
from models.phases import Kind
from models.signs import flaw
from office.intake.extensions import taken_for_the_form
from procedures.registry import fileable, intake, intakes, kinds, names_a_person, procedure

NATIONAL_NUMBER = "form.national-number"
"""What is said of a text that identifies a person; the number itself is never repeated."""

_NO_ADDRESS = {
    "party.no-mail-address": "form.no-mail-address",
    "party.mail-name": "form.mail-name-outside-ascii",
}
"""The same said of a form, where values are not repeated."""

LARGEST_FORM = 1_000_000
"""Bytes of a form; documents may be larger."""


def submission_types(code: str = "") -> tuple[str, ...]:
    """What a delivery may bring: a kind of dossier, or what belongs to a dossier already filed."""
    return (*kinds(code), *FOR_A_DOSSIER)


def _instant(written: object) -> datetime:
    try:
        instant = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        instant = None
    if instant is None or "T" not in str(written):
        raise Malformed("form.not-an-instant")
    if instant.tzinfo is None:
        raise Malformed("form.no-time-zone")
    return instant.astimezone(UTC)


_ACTIVITY = "regulatory-activity"


class Delivery(BaseModel):
    """The delivery file: what the submission platform says about the package.

    `regulatory-activity` may come several times; one delivery should hold one (check P-02).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: DeliveryNumber
    procedure: str
    submission_type: str = Field(alias="submission-type")
    received_at: Annotated[datetime, BeforeValidator(_instant)] = Field(alias="received-at")
    activities: tuple[str, ...] = Field(default=(), alias="regulatory-activity")


class CoverLetter(BaseModel):
    """The cover letter: above all, to whom the invoice goes (P-03); it carries the CESP number (P-04)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cesp_number: DeliveryNumber | None = None
    submission_type: str
    invoice_addressee: Contact

    def problems(self) -> Iterator[Wrong]:
        """What is wrong with the number of whom the invoice goes to: it stands on the invoice."""
        try:
            if written := self.invoice_addressee.enterprise_number:
                enterprise_number(written)
        except Malformed as wrong:
            yield Wrong("invoice_addressee.enterprise_number", Message("form.malformed", why=wrong.said))


def problems_of(form: Form) -> Iterator[Wrong]:
    """What is missing, or does not belong, in a form of its type, beginning with the number it goes under."""
    kind = form.submission_type
    if kind not in (known := submission_types(form.procedure)):  # a person chose another procedure or kind
        yield Wrong("submission_type", Message("form.not-one-of", known=_quoted(known)))
        return
    of_a_dossier = kind in FOR_A_DOSSIER
    under = not of_a_dossier and procedure(form.procedure).examinations[Kind(kind)].series.under_a_programme
    yield from form.belongs("programme", under, Message("form.number-of-the-programme"))
    yield from form.belongs("dossier", of_a_dossier, Message("form.number-of-the-dossier"))
    for field, number in (("programme", form.programme), ("dossier", form.dossier)):
        code = (number or "").partition("-")[0]
        if code in fileable() and code != form.procedure:
            yield Wrong(field, Message("form.of-another-procedure", number=number, procedure=form.procedure))
    yield from form.problems()


AnyForm = TypeVar("AnyForm", Delivery, CoverLetter, Form)


def read_delivery(name: str, content: bytes) -> tuple[Delivery | None, list[Message]]:
    """Reads the delivery file, or tells what is wrong with it. DTDs and entities are refused."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    text, problems = _text(content)
    if text is None:
        return None, in_file(name, problems)
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        return None, in_file(name, [Message("form.delivery-document-type")])
    except (ParseError, ValueError) as wrong:
        return None, in_file(name, [Message("form.not-xml", why=str(wrong))])
    if root.tag != "delivery" or root.attrib:
        return None, in_file(name, [Message("form.not-a-delivery")])
    fields: dict[str, Any] = {}
    activities = [child.text or "" for child in root if child.tag == _ACTIVITY and not len(child)]
    for child in root:
        if child.tag in fields and child.tag != _ACTIVITY:
            problems.append(Message("form.comes-twice", element=child.tag))
        if len(child) or child.attrib:
            problems.append(Message("form.more-than-text", element=child.tag))
        fields[child.tag] = (child.text or "").strip()
    if activities:
        fields[_ACTIVITY] = [activity.strip() for activity in activities]
    delivery, wrong_fields = _checked(Delivery, fields)
    return delivery, in_file(name, [*problems, *sentences(wrong_fields)])


def read_cover_letter(content: bytes) -> tuple[CoverLetter | None, list[Message]]:
    """Reads the cover letter, or tells what is wrong with it."""
    letter, problems = _read_as(CoverLetter, COVER_LETTER, content)
    return letter, problems + in_file(COVER_LETTER, sentences(letter.problems() if letter else ()))


def checked_form(said: Any, chosen: str | None = None) -> tuple[Form | None, list[Wrong]]:
    """The form that was filled in, or everything that is wrong with it, field by field."""
    wrong_texts = [wrong for field, value in _strings(said, "") for wrong in _wrong_text(field, value)]
    form, wrong_fields = _checked(_form_of(chosen or procedure_named(said)), _without_blanks(said))
    return form, list(dict.fromkeys(wrong_texts + wrong_fields))


def procedure_named(said: Any) -> str:
    """The procedure that a form names; nothing where it names none that a dossier can be filed for."""
    code = said.get("procedure") if isinstance(said, dict) else None
    return code if isinstance(code, str) and code in fileable() else ""


def _form_of(code: str) -> type[Form]:
    """The form of a procedure; that of all of them where they share one, or what every form says."""
    if code in fileable():
        return intake(code).form
    forms = {each.form for each in intakes()}
    return forms.pop() if len(forms) == 1 else Form


def _read_as(model: type[AnyForm], name: str, content: bytes) -> tuple[AnyForm | None, list[Message]]:
    """Reads a form that is JSON, or tells what is wrong with it."""
    said, problems = read_json(content)
    problems = in_file(name, problems)
    if said is None and problems:
        return None, problems
    wrong = [wrong for field, value in _strings(said, "") for wrong in _wrong_text(field, value)]
    form, wrong_fields = _checked(model, _without_blanks(said))
    return form, problems + in_file(name, sentences(dict.fromkeys((*wrong, *wrong_fields))))


def read_json(content: bytes) -> tuple[Any, list[Message]]:
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
        return None, [Message("form.not-json", why=str(wrong))]
    return said, problems + [Message("form.given-twice", key=key) for key in doubles]


def in_file(file: str, problems: Iterable[Message]) -> list[Message]:
    """What is wrong, each as said of a file."""
    return [Message("form.in-file", file=file, problem=problem) for problem in problems]


def sentences(wrong: Iterable[Wrong]) -> list[Message]:
    """What is wrong with fields, as whole sentences."""
    return [each.sentence for each in wrong]


def _text(content: bytes) -> tuple[str | None, list[Message]]:
    if len(content) > LARGEST_FORM:
        return None, [Message("form.too-large", most=LARGEST_FORM)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return None, [Message("form.not-utf8")]


def _no_number(written: str) -> Any:
    raise ValueError(written)


def _strings(said: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield field, said
    elif isinstance(said, dict):
        for key, value in said.items():
            yield from _strings(value, f"{field}.{key}" if field else str(key))
    elif isinstance(said, list):
        for number, value in enumerate(said, start=1):
            yield from _strings(value, f"{field}[{number}]")


def _without_blanks(said: Any) -> Any:
    """The same without the blanks around a text, which nobody sees and nobody means."""
    if isinstance(said, str):
        return said.strip()
    if isinstance(said, dict):
        return {key: _without_blanks(value) for key, value in said.items()}
    return [_without_blanks(value) for value in said] if isinstance(said, list) else said


def _wrong_text(field: str, value: str) -> list[Wrong]:
    wrong = []
    if value and (found := flaw(value, lines=True)):
        wrong.append(Wrong(field, Message("form.malformed", why=found)))
    # A delivery number is allotted by the platform and may look like anything.
    if field != "cesp_number" and names_a_person(value):
        wrong.append(
            Wrong(
                field,
                Message(NATIONAL_NUMBER),
            )
        )
    return wrong


def _checked(model: type[AnyForm], fields: Any) -> tuple[AnyForm | None, list[Wrong]]:
    wrong = list(_not_possible(model, fields))
    # a form that names no procedure may bring what that procedure asks: it is told to name one
    extra: Any = "ignore" if model is Form else "forbid"
    try:
        read = model.model_validate(fields, extra=extra)
    except ValidationError as refused:
        told = [_told(error, model) for error in refused.errors(include_url=False)]
        return None, [*wrong, *(each for each in told if each.field not in {w.field for w in wrong})]
    return (None if wrong else read), wrong


def _not_possible(model: type[BaseModel], said: Any) -> Iterator[Wrong]:
    """A procedure, or a type of submission, that there is none of."""
    known = {"procedure": fileable(), "submission_type": submission_types(procedure_named(said))}
    for name, field in model.model_fields.items():
        key = field.alias or name
        written = said.get(key) if name in known and isinstance(said, dict) else None
        if isinstance(written, str) and written not in known[name]:
            yield Wrong(key, Message("form.not-one-of", known=_quoted(known[name])))


def _quoted(codes: tuple[str, ...]) -> list[str]:
    """Codes as the library for forms names choices."""
    return [f"'{code}'" for code in codes]


def _told(error: Any, model: type[BaseModel]) -> Wrong:
    """One error of pydantic in the words of the forms; values are not repeated."""
    where = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Wrong(where, Message("form.missing"))
        case "extra_forbidden":
            return Wrong(where, Message("form.no-such-field", fields=_fields_at(error["loc"][:-1], model)))
        case "enum" | "literal_error":
            return Wrong(where, Message("form.not-one-of", known=re.findall("'[^']*'", context["expected"])))
        case "string_pattern_mismatch" if where.endswith("country"):
            return Wrong(where, Message("form.not-a-country"))
        case "string_pattern_mismatch":
            if where in ("programme", "dossier"):
                return Wrong(where, Message("form.not-a-case-number"))
            return Wrong(where, Message("form.not-a-delivery-number"))
        case "string_too_short":
            return Wrong(where, Message("form.empty"))
        case "string_too_long":
            return Wrong(where, Message("form.too-long", most=context["max_length"]))
        case "value_error" if context["error"].said.key in _NO_ADDRESS:
            return Wrong(where, Message(_NO_ADDRESS[context["error"].said.key]))
        case "value_error":
            return Wrong(where, Message("form.malformed", why=context["error"].said))
        case "model_type" | "model_attributes_type" | "dict_type":
            return Wrong(where, Message("form.not-an-object"))
        case "bool_type":
            return Wrong(where, Message("form.not-true-or-false"))
        case "int_type" | "int_from_float" | "int_parsing":
            return Wrong(where, Message("form.not-a-whole-number"))
        case "greater_than_equal" | "less_than_equal":
            return Wrong(where, Message("form.not-such-a-number"))
        case "tuple_type" | "list_type":
            return Wrong(where, Message("form.not-a-list"))
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return Wrong(where, Message("form.not-a-day"))
        case _:
            return Wrong(
                where, Message("form.otherwise-wrong", why=f"{error['msg'][0].lower()}{error['msg'][1:]}")
            )


def _fields_at(loc: tuple[Any, ...], model: type[BaseModel]) -> list[str]:
    for part in loc:
        inner = model.model_fields[str(part)].annotation
        for kind in (inner, *get_args(inner)):  # itself, or what may be left out
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                model = kind
    return [field.alias or name for name, field in model.model_fields.items()]


def form_missing(names: Iterable[str], beginning: Callable[[str], bytes]) -> Message:
    """That a package has no form, and what to do where another file lies in its place."""
    folder = FORM.rpartition("/")[0]
    held = [name for name in names if name.rpartition("/")[0] == folder]
    if len(held) != 1:
        return Message("package.form-missing", file=FORM, other=SPREADSHEET)
    what = taken_for_the_form(beginning(held[0]), held[0])
    return Message("package.form-otherwise", file=FORM, other=SPREADSHEET, held=held[0], what=what)
