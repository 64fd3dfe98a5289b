"""What the forms of the hospital exemption ask, what a package holds, and the rules over the answers.

Law: Royal Decree of 8 January 2017, art. 4 § 2 (emergency), art. 5 and 6 (conditions), art. 7 (the file),
art. 10 § 3 (transfer), art. 21 (report). The form of the agency (art. 7 § 2) was not obtained: the questions
are those of the articles. Nothing is asked about one patient: the decree wants anonymous data only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from jurisdictions.be.calendars import belgium
from models import forms
from models.completeness import Asked
from models.counts import Count
from models.eligibility import Answer, Rule, no
from models.errors import BeyondHorizon
from models.forms import DeliveryNumber, Section, Wrong
from models.law.clause import Source
from models.messages import Message
from models.subjects import Subject
from models.texts import Line, Sentence
from procedures.be_hospital_exemption import law
from procedures.be_hospital_exemption.words import Kind
from procedures.shape import HandedOut

Text = Annotated[str, Field(max_length=4000)]
Number = Annotated[StrictInt, Field(ge=0, le=10_000)]
EMERGENCIES = (Kind.FIRST_USE, Kind.EMERGENCY_USE)


class Product(BaseModel):
    """The medicine, and the indication it is for; of an emergency none is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Line
    active_substance: Line
    indication: Sentence | None = None


class Application(BaseModel):
    """What art. 5 to 7 ask of an application."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    patients_expected: Number | None = None
    prepared_in_belgium: Answer = None
    individual_prescription: Answer = None
    to_order: Answer = None
    non_routine: Answer = None
    good_manufacturing: Answer = None
    in_a_hospital: Answer = None
    trial_open: Answer = None
    programme_open: Answer = None
    exempted_or_authorised: Answer = None
    administered_before: Answer = None
    follow_up: Text | None = None


class Activity(BaseModel):
    """What art. 21 § 1 and annex 2 have counted in a report, over the days that it is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period_from: date | None = None
    period_until: date | None = None
    doses_prepared: Number | None = None
    patients_treated: Number | None = None
    lots_released: Number | None = None

    @property
    def counts(self) -> tuple[Count, ...]:
        """Those that were said, over the period; none without both of its days."""
        if not (self.period_from and self.period_until):
            return ()
        days = {"period_from": self.period_from, "period_until": self.period_until}
        said = {"doses": self.doses_prepared, "patients": self.patients_treated, "lots": self.lots_released}
        return tuple(Count(counted=name, count=n, **days) for name, n in said.items() if n is not None)


class EmergencyUse(BaseModel):
    """What a notification says (art. 4 § 2): its days, and an answer to each condition.

    `reference` is that of the agency's own file, which holds the prescriber's declaration.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: DeliveryNumber
    received_on: date
    first_notified_on: date
    urgency: StrictBool
    prescription: StrictBool
    declaration: StrictBool
    admissible_application: StrictBool


class Form(forms.Form):
    """The form of an application, of what is filed under an exemption, and of an emergency."""

    product: Product
    application: Application | None = None
    activity: Activity | None = None
    emergency_use: EmergencyUse | None = None

    @property
    def subject(self) -> Subject:
        """The medicine, what it is made of, and its indication."""
        return Subject(
            kind="advanced-therapy", parts={name: said for name, said in self.product if said is not None}
        )

    @property
    def counts(self) -> tuple[Count, ...]:
        """What a report counted, or how many patients an application foresees: authorised with it."""
        if self.activity:
            return self.activity.counts
        expected = self.application.patients_expected if self.application else None
        return () if expected is None else (Count(counted="patients", count=expected),)

    @property
    def answers(self) -> Application | EmergencyUse:
        """What the rules look at."""
        return self.emergency_use or self.application or Application()

    @property
    def delivered(self) -> tuple[str, date] | None:
        """A notification of emergency use comes alone: the reference of its file, and its day."""
        urgent = self.emergency_use
        return (urgent.reference, urgent.received_on) if urgent else None

    def _reports_no_period(self, said: Activity) -> bool:
        return bool(said.period_from and said.period_until and said.period_until < said.period_from)

    def problems(self) -> Iterator[Wrong]:
        """A section is filed with its kind; an indication with everything but an emergency."""
        kind, urgent = self.submission_type, self.emergency_use
        yield from self.belongs("year", False, Message("form.years-of-an-exemption"))
        yield from self.belongs("period", False, Message("form.years-of-an-exemption"))
        emergency = kind in EMERGENCIES
        if emergency == bool(self.product.indication):
            told = Message("form.not-part-of", kind=forms.a(kind)) if emergency else Message("form.missing")
            yield Wrong("product.indication", told)
        if emergency != bool(urgent):
            told = Message("form.missing") if emergency else Message("form.not-part-of", kind=forms.a(kind))
            yield Wrong("emergency_use", told)
        if urgent and (urgent.first_notified_on == urgent.received_on) != (kind == Kind.FIRST_USE):
            yield Wrong("emergency_use.first_notified_on", Message("form.first-of-the-medicine"))
        for section, of in (("application", Kind.APPLICATION), ("activity", Kind.ACTIVITY_REPORT)):
            if getattr(self, section) and kind != of:
                yield Wrong(section, Message("form.not-part-of", kind=forms.a(kind)))
        if self.activity and self._reports_no_period(self.activity):
            yield Wrong("activity.period_until", Message("form.before-it-began"))


def _said(name: str) -> Any:
    return lambda said: getattr(said, name)


def _not(name: str) -> Any:
    return lambda said: no(getattr(said, name))


def _in_the_window(said: EmergencyUse) -> bool | None:
    """Within the time from the first notification; a person says it between the two readings of a day.

    One that passed on both is over, but for notifications since an application is admissible.
    """
    if said.admissible_application:
        return True
    on, clock = (
        said.received_on,
        law.EMERGENCY_WINDOW.applied_on(said.received_on).clock(said.first_notified_on),
    )
    try:
        calendar = belgium(said.first_notified_on.year)
        due_on, late_on = clock.due_on(calendar), clock.late_on(calendar)
    except BeyondHorizon:
        return None
    return True if due_on and on <= due_on else None if late_on and on <= late_on else False


_rule = partial(Rule, kinds=(Kind.APPLICATION,), from_on=law.SINCE)
_emergency = partial(Rule, kinds=EMERGENCIES, from_on=law.SINCE)


def _article(article: str) -> Source:
    return Source(law.DECREE, article)


RULES: tuple[Rule, ...] = (
    _rule("H-01", _article("art. 5 § 1, 1°"), _said("prepared_in_belgium")),
    _rule("H-02", _article("art. 5 § 1, 1°"), _said("individual_prescription")),
    _rule("H-03", _article("art. 5 § 1, 2°"), _said("to_order")),
    _rule("H-04", _article("art. 5 § 1, 3°, art. 6 and annex 2"), _said("non_routine"), judged=True),
    _rule("H-05", _article("art. 5 § 1, 4°"), _said("good_manufacturing"), judged=True),
    _rule("H-06", _article("art. 5 § 1, 5°"), _said("in_a_hospital")),
    _rule("H-07", _article("art. 5 § 2, 1°"), _not("trial_open"), judged=True),
    _rule("H-08", _article("art. 5 § 2, 2°"), _not("programme_open"), judged=True),
    _rule("H-09", _article("art. 5 § 2, 3°"), _not("exempted_or_authorised"), judged=True),
    _rule("H-10", _article("art. 5 § 2, 4°"), _said("administered_before")),
    _emergency("N-01", _article("art. 4 § 2, subpar. 1"), _said("urgency"), judged=True),
    _emergency("N-02", _article("art. 4 § 2, subpar. 2"), _said("prescription")),
    _emergency("N-03", _article("art. 4 § 2, subpar. 3"), _said("declaration")),
    _emergency("N-04", _article("art. 4 § 2, subpar. 5 and 6"), _in_the_window),
)

APPLICATION = Section("application", Kind.APPLICATION, "", {})
ACTIVITY = Section("activity", Kind.ACTIVITY_REPORT, "", {})
FIRST_USE = Section("emergency_use", Kind.FIRST_USE, "", {})
EMERGENCY_USE = Section("emergency_use", Kind.EMERGENCY_USE, "", {})
SECTIONS = (APPLICATION, ACTIVITY, FIRST_USE, EMERGENCY_USE)
HANDED_OUT = (
    HandedOut(
        "hospital-exemption",
        APPLICATION,
        {"procedure": "HEX", "submission_type": Kind.APPLICATION.value},
        frozenset(("programme", "dossier", "year", "period")),
    ),
)

FOLDERS = (
    "02_quality",
    "03_preclinical",
    "04_clinical",
    "05_pharmacovigilance",
    "06_product-information",
    "07_ethics",
    "08_other",
)

_asked = partial(Asked, kinds=(Kind.APPLICATION,))
_OF = "Royal Decree of 8 January 2017 on the hospital exemption, "

ASKED: tuple[Asked, ...] = (
    _asked("D-01", "quality", "02_quality", source=f"{_OF}art. 7 § 1, 3°"),
    _asked("D-02", "preclinical", "03_preclinical", source=f"{_OF}art. 7 § 1, 6°"),
    _asked("D-03", "clinical", "04_clinical", source=f"{_OF}art. 7 § 1, 7°"),
    _asked("D-04", "pharmacovigilance", "05_pharmacovigilance", source=f"{_OF}art. 7 § 1, 8°"),
    _asked(
        "D-05",
        "characteristics",
        "06_product-information",
        source=f"{_OF}art. 7 § 1, 10°",
        words=("summary",),
    ),
    _asked("D-06", "label", "06_product-information", source=f"{_OF}art. 7 § 1, 11°", words=("label",)),
    Asked(
        "D-07",
        "ethics-opinion",
        "07_ethics",
        (Kind.APPLICATION, Kind.MODIFICATION),
        f"{_OF}art. 7 § 1, 12° and art. 11, subpar. 2",
        words=("opinion",),
    ),
    _asked("D-08", "consent", "07_ethics", source=f"{_OF}art. 7 § 1, 13°", words=("consent",)),
    _asked("D-09", "reasons", "08_other", source=f"{_OF}art. 7 § 1, 14°", words=("declaration",)),
    Asked(
        "D-10",
        "report",
        "08_other",
        (Kind.ACTIVITY_REPORT,),
        f"{_OF}art. 21 § 1",
        words=("report",),
    ),
    Asked(
        "D-11",
        "transfer-notice",
        "08_other",
        (Kind.TRANSFER,),
        f"{_OF}art. 10 § 3, subpar. 2",
        words=("transfer",),
    ),
)
QUESTIONS = Path(__file__).with_name("questions")
