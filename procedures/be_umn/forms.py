"""What the application form (Annex II) and the form that comes with a list (Annex X) ask, as typed fields.

Law: Royal Decree of 14 December 2006, art. 106 § 6 and 108 § 6, for what an application says. Every field may
stay unanswered; what the form should have said is a finding, not a refusal. No field is
about one patient. The annexes themselves were not obtained: the fields are our reading of what they
ask, and the questions are those of the rules of eligibility.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from models import forms
from models.acts import MarketingApplication
from models.findings import Finding, Severity
from models.forms import Section, Wrong
from models.messages import Message
from models.subjects import PRODUCT, Subject
from models.texts import Line, Sentence
from models.travelling import Travelling
from procedures.be_umn.documents import template_on
from procedures.be_umn.facts import Answers
from procedures.be_umn.rules import Route, route
from procedures.be_umn.urgent_use import URGENT_USE, UrgentUse
from procedures.be_umn.words import Kind
from procedures.shape import HandedOut

Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=300)]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Phone = Annotated[str, Field(max_length=40)]

ONLY = {
    "centralised_scope": "CUP",
    "application_submitted": "CUP",
    "indication_authorised": "MNP",
    "indication_marketed": "MNP",
    "indication_under_review": "MNP",
    "trials_relevant": "MNP",
    "written_request": "MNP",
    "applicant_holds_authorisation": "MNP",
}
"""Questions that the rules of one procedure ask; in the other one they only tell the right route."""

CLOSED = {
    "alternative_marketed": {"alternative_authorised": False},
    "alternative_reimbursed": {"alternative_authorised": False, "alternative_marketed": False},
    "marketed": {"authorised": False},
    "indication_marketed": {"indication_authorised": False},
}
"""Questions that an answer to an earlier one closes: no rule asks them any more."""


AUTHORISED_WHEN_SET_UP = "authorised-when-set-up"
"""What the form may tell already of the end of the programme: a finding and a fact of that name."""

APPLIED_FOR = MarketingApplication.command
"""What the form may tell already of the years of the programme: a finding named as the act that tells it."""


class Responsible(BaseModel):
    """Who is responsible of the programme, or its physician: as it is printed on the protocol."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Short | None = None
    address: Short | None = None
    phone: Phone | None = None
    email: Short | None = None


class Application(Answers):
    """Annex II: the application for a programme, with the answers that the rules of eligibility ask."""

    strength: Short | None = None
    pharmaceutical_form: Short | None = None
    responsible: Responsible = Responsible()
    responsible_physician: Responsible = Responsible()
    inclusion_criteria: Text | None = None
    duration: Text | None = None
    costs: Text | None = None
    unused_product: Text | None = None
    consent_attached: StrictBool | None = None
    patients_expected: Count | None = None
    cohort_requested: StrictBool | None = None
    ethics_committee: Short | None = None

    @property
    def answers(self) -> Answers:
        """The part that the rules look at."""
        return Answers(**{name: getattr(self, name) for name in Answers.model_fields})


class AnnexX(BaseModel):
    """Annex X: what became of the programme in the year or half-year, beside the list of reactions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authorisation_state: Text | None = None
    trials_state: Text | None = None
    reimbursement_state: Text | None = None
    alternative_authorised: StrictBool | None = None
    alternative_marketed: StrictBool | None = None
    alternative_reimbursed: StrictBool | None = None
    patients_asked: Count | None = None
    patients_included: Count | None = None
    patients_stopped: Count | None = None
    patients_ongoing: Count | None = None
    safety_summary: Text | None = None
    susars: Count | None = None
    changes: Text | None = None
    supply: Text | None = None
    wish: Literal["continue", "close"] | None = None

    @property
    def answers(self) -> Answers:
        """The part that the rules look at again."""
        return Answers(
            alternative_authorised=self.alternative_authorised,
            alternative_marketed=self.alternative_marketed,
            alternative_reimbursed=self.alternative_reimbursed,
        )


APPLICATION = Section(
    "application", Kind.APPLICATION, "ii", ONLY, optional=frozenset(("ethics_committee",)), closed=CLOSED
)
ANNEX_X = Section("annex_x", Kind.LIST, "x", {}, closed=CLOSED)
SECTIONS = (APPLICATION, ANNEX_X, URGENT_USE)


class Medicine(Travelling, frozen=True):
    """The medicine of a form; of urgent use for one patient no indication is asked."""

    trade_name: Line
    active_substance: Line
    indication: Sentence | None


class Form(forms.Form):
    """The application form of both procedures.

    `protocol_template` is the day of the version of Annex III or VI that the protocol follows (P-06).
    """

    period: Literal["annual", "semi-annual"] | None = None
    product: Medicine
    protocol_template: date | None = None
    application: Application | None = None
    annex_x: AnnexX | None = None
    urgent_use: UrgentUse | None = None

    @model_validator(mode="before")
    @classmethod
    def no_indication_of_one_patient(cls, said: Any) -> Any:
        """Every form but that of urgent use has to say an indication."""
        product = said.get("product") if isinstance(said, dict) else None
        if isinstance(product, dict) and said.get("submission_type") == Kind.URGENT_USE:
            return {**said, "product": {"indication": None, **product}}
        return said

    @property
    def subject(self) -> Subject:
        """The medicine, and the indication it is for."""
        parts = {name: said for name, said in self.product.model_dump().items() if said}
        return Subject.model_construct(kind=PRODUCT, parts=parts)

    @property
    def delivered(self) -> tuple[str, date] | None:
        """A notification of urgent use comes alone: the reference of its file, and its day."""
        urgent = self.urgent_use
        return (urgent.reference, urgent.received_on) if urgent else None

    def problems(self) -> Iterator[Wrong]:
        """A list names its period, and no dossier a year; a section is filed with its kind."""
        kind = self.submission_type
        yield from self.belongs("year", False, Message("form.no-year"))
        yield from self.belongs("period", kind == Kind.LIST, Message("form.annual-or-semi-annual"))
        urgent = kind == Kind.URGENT_USE
        if urgent == bool(self.product.indication):
            told = Message("form.not-part-of", kind=forms.a(kind)) if urgent else Message("form.missing")
            yield Wrong("product.indication", told)
        if urgent and self.urgent_use is None:
            yield Wrong("urgent_use", Message("form.missing"))
        elif urgent and self.urgent_use:
            yield from self.urgent_use.problems(self.product.model_dump())
        for section in SECTIONS:
            if kind != section.kind and section.of(self) is not None:
                yield Wrong(section.name, Message("form.not-part-of", kind=forms.a(kind)))

    @property
    def answers(self) -> Answers | UrgentUse:
        """What the rules of eligibility look at."""
        if self.urgent_use:
            return self.urgent_use
        section = self.application or self.annex_x
        return section.answers if section else Answers()

    def findings(self, received_on: date) -> Iterator[Finding]:
        """An older template (P-06), answers that lead to another route (R-01) or to its end (R-02); R-03."""
        if self.urgent_use:
            yield from self.urgent_use.findings()
        yield from self._of_template(received_on)
        yield from self._of_route()
        yield from self._of_its_end()
        yield from self._of_its_years()
        yield from self._of_its_committee()

    def _of_template(self, on: date) -> Iterator[Finding]:
        """Whether the protocol is on the template of the day; the form says which version it follows."""
        if self.submission_type not in (Kind.APPLICATION, Kind.MODIFICATION):
            return
        annex = "iii" if self.procedure == "CUP" else "vi"
        template = template_on(annex, on)
        if template is None:
            return
        params = {"annex": annex.upper(), "since": template.since.isoformat()}
        if self.protocol_template is None:
            yield Finding(check="P-06", severity=Severity.INFO, what="template-not-said", params=params)
        elif self.protocol_template < template.since:
            params["followed"] = self.protocol_template.isoformat()
            yield Finding(check="P-06", severity=Severity.WARN, what="older-template", params=params)

    def _of_route(self) -> Iterator[Finding]:
        """The other procedure, where the answers lead there: proposed, never changed."""
        proposed = route(self.application.answers) if self.application else None
        if proposed is not None and proposed.value != self.procedure:
            what = "no-route" if proposed in (Route.NEITHER, Route.ORDINARY) else "other-route"
            params = {"procedure": self.procedure, "proposed": proposed.value}
            yield Finding(check="R-01", severity=Severity.ASK, what=what, params=params)

    def _of_its_end(self) -> Iterator[Finding]:
        """An indication that is authorised and not marketed: by the Act a ground, by the decree the end.

        Law: Medicines Act of 25 March 1964, art. 6quater § 1, 3°; Royal Decree of 14 December 2006, art. 108
        § 5, seventh subparagraph. They conflict: the programme begins with its end before a person.
        """
        said = self.application
        if (
            self.procedure == "MNP"
            and said
            and said.indication_authorised
            and said.indication_marketed is False
        ):
            yield Finding(check="R-02", severity=Severity.INFO, what=AUTHORISED_WHEN_SET_UP)

    def _of_its_years(self) -> Iterator[Finding]:
        """A marketing authorisation was applied for already: the programme is evaluated every year only.

        Law: Royal Decree of 14 December 2006, art. 106 § 5 (the centralised one) and 108 § 5 (any, for the
        indication), second subparagraph.
        """
        said = self.application
        if said and (
            said.application_submitted
            if self.procedure == "CUP"
            else said.indication_under_review or said.indication_authorised
        ):
            yield Finding(check="R-03", severity=Severity.INFO, what=APPLIED_FOR)

    def _of_its_committee(self) -> Iterator[Finding]:
        """The ethics committee that the applicant named: the file goes to it, unless compelling reasons.

        Law: Royal Decree of 14 December 2006, art. 106 § 6, sixth subparagraph, and § 9, second subparagraph.
        """
        if self.application and (named := self.application.ethics_committee):
            params = {"committee": named}
            yield Finding(check="R-04", severity=Severity.WARN, what="committee-named", params=params)


QUESTIONS = Path(__file__).with_name("questions")
"""The questions, help and choices of the forms, in each language."""

_OF_A_PROGRAMME = frozenset(("programme", "year", "period"))

HANDED_OUT = (
    HandedOut("cup", APPLICATION, {"procedure": "CUP", "submission_type": "application"}, _OF_A_PROGRAMME),
    HandedOut("mnp", APPLICATION, {"procedure": "MNP", "submission_type": "application"}, _OF_A_PROGRAMME),
    HandedOut(
        "annex-x",
        ANNEX_X,
        {"submission_type": "list"},
        frozenset(("protocol_template", "year")),
    ),
    HandedOut(
        "urgent-use",
        URGENT_USE,
        {"procedure": "CUP", "submission_type": "urgent-use"},
        _OF_A_PROGRAMME | {"protocol_template", "product.indication"},
    ),
)
