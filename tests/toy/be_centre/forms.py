"""What the form of a centre asks, what its package holds, and the rule that looks at its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from models import forms
from models.completeness import Asked
from models.eligibility import Answer, Rule
from models.forms import Section, Wrong
from models.law.clause import Source
from models.messages import Message
from models.subjects import Subject
from models.texts import Line, Sentence
from procedures.be_centre.law import DECREE
from procedures.be_centre.words import Kind
from procedures.shape import HandedOut


class Centre(BaseModel):
    """The subject: a centre, and the treatment that it gives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    place: Line
    treatment: Sentence


class Equipment(BaseModel):
    """Part of the application: with what the centre treats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beds: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    night_shift: StrictBool | None = None


class Form(forms.Form):
    """The form of an application, and of the report of a year."""

    year: Annotated[int, Field(ge=2020, le=2199, strict=True)] | None = None
    centre: Centre
    equipment: Equipment | None = None

    @property
    def subject(self) -> Subject:
        """The centre, where it stands, and what it treats."""
        return Subject(kind="centre", parts=self.centre.model_dump())

    @property
    def answers(self) -> Equipment:
        """What the rule looks at."""
        return self.equipment or Equipment()

    def problems(self) -> Iterator[Wrong]:
        """A report names the year for which it is owed."""
        reports = self.submission_type == Kind.ACTIVITY_REPORT
        yield from self.belongs("year", reports, Message("form.year-of-the-anniversary"))


def _watched(said: Equipment) -> Answer:
    return said.night_shift


EQUIPMENT = Section("equipment", Kind.APPLICATION, "", {})
HANDED_OUT = (
    HandedOut(
        "centre",
        EQUIPMENT,
        {"procedure": "CTR", "submission_type": "application"},
        frozenset(("programme", "year", "period")),
    ),
)
RULES = (Rule("K-01", Source(DECREE, "art. 2"), _watched, (Kind.APPLICATION,)),)
FOLDERS = ("02_plan", "03_other")
ASKED = (
    Asked("K-02", "plan", "02_plan", (Kind.APPLICATION,), "Decree on Treatment Centres, art. 2"),
    Asked(
        "K-03",
        "report",
        "03_other",
        (Kind.ACTIVITY_REPORT,),
        "Decree on Treatment Centres, art. 8",
        words=("report",),
    ),
)
QUESTIONS = Path(__file__).with_name("questions")
