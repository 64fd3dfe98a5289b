"""The application form of a package: what every one says, and what its procedure adds to it.

A procedure brings a form of its own (`forms.py` in its folder), with sections that it asks of some kinds
of dossier. Every field of a section may stay unanswered; what it should have said is a finding, not a
refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from models.counts import Count
from models.findings import Finding
from models.messages import ENGLISH, Message, catalogue
from models.parties import Contact
from models.phases import Kind
from models.subjects import Subject

COVER_LETTER = "00_cover-letter/cover-letter.json"
FORM = "01_application-form/form.json"
SPREADSHEET = "01_application-form/form.xlsx"
FORMS = (FORM, SPREADSHEET)
"""Where a package holds its application form, in one of two shapes."""

COMPLETION, ANSWERS = "completion", "answers"

FOR_A_DOSSIER = (COMPLETION, ANSWERS)
"""What a package may bring that opens no dossier: it belongs to one that was filed."""

DeliveryNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,59}$")]
CaseNumber = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9./_-]{2,79}$")]


class Wrong(NamedTuple):
    """What is wrong with one field of a form, as the end of a sentence."""

    field: str
    said: Message

    def of(self, named: str | Message) -> Message:
        """The sentence, about the field as it is named there."""
        return Message("form.of-field", field=named, said=self.said)

    @property
    def sentence(self) -> Message:
        """The sentence, about the field by its key; a form as a whole has none."""
        return self.of(self.field or Message("form.the-form"))


@dataclass(frozen=True)
class Section:
    """The part of a form that dossiers of one kind fill in.

    `name` is its field in the form; `numeral` that of the document that may say the same; `only` the
    fields that one procedure alone asks, by name; those that are `optional` may well stay empty. `closed`
    are the fields that an answer to another one closes, by name, each with those answers.
    """

    name: str
    kind: Kind
    numeral: str
    only: dict[str, str]
    optional: frozenset[str] = frozenset()
    closed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def unanswered(self, form: Form) -> tuple[str, ...]:
        """The fields that the form of that procedure should have answered, in their order."""
        said = self.of(form)
        return tuple(self._empty(said, form.procedure)) if said else ()

    def of(self, form: Form) -> Any:
        """What a form says in it; nothing where it was left out."""
        return getattr(form, self.name)

    def _empty(self, said: BaseModel, procedure: str) -> Iterator[str]:
        for name in type(said).model_fields:
            value = getattr(said, name)
            if self.only.get(name, procedure) != procedure or name in self.optional:
                continue
            if any(getattr(said, other) == answer for other, answer in self.closed.get(name, {}).items()):
                continue
            if isinstance(value, BaseModel):
                yield from (f"{name}.{part}" for part in type(value).model_fields if not getattr(value, part))
            elif value is None or value == "":
                yield name


class Form(BaseModel):
    """What every application form says; `programme` or `dossier` is the number that it is filed under.

    `year` and `period` are what it is for where a programme owes the same thing again and again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: str
    submission_type: str
    applicant: Contact
    programme: CaseNumber | None = None
    dossier: CaseNumber | None = None
    year: int | None = None
    period: str | None = None

    @property
    def subject(self) -> Subject:
        """What the dossier is about; each form says it in fields of its own."""
        raise NotImplementedError

    def problems(self) -> Iterator[Wrong]:
        """What its procedure misses in it, or finds out of place, beside the numbers."""
        return iter(())

    @property
    def delivered(self) -> tuple[str, date] | None:
        """The reference and the day of receipt of a form that comes without a package."""
        return None

    @property
    def answers(self) -> Any:
        """What the rules of eligibility look at."""
        return None

    def findings(self, received_on: date) -> Iterator[Finding]:
        """What its procedure finds in it, beside what it leaves unanswered."""
        return iter(())

    @property
    def counts(self) -> tuple[Count, ...]:
        """The numbers that it says of what is counted: over a period, or to be authorised."""
        return ()

    def belongs(self, field: str, wanted: bool, what: Message) -> Iterator[Wrong]:
        """What is wrong with a field that a form of this type has to say, or may not."""
        given = getattr(self, field) is not None
        if wanted and not given:
            yield Wrong(field, Message("form.missing-in", kind=a(self.submission_type), what=what))
        if given and not wanted:
            yield Wrong(field, Message("form.not-part-of", kind=a(self.submission_type)))


def a(kind: str) -> Message:
    """A kind of submission with its article."""
    key = f"form.a-{kind}"
    return Message(key) if key in catalogue(ENGLISH) else Message("form.a-dossier", kind=kind)
