"""What the forms of the conditional authorisation ask, what a package holds, and the rules over the answers.

Law: Regulation (EC) No 507/2006, with the requirements of its articles on requests and on renewal; Regulation
(EC) No 726/2004. The particulars of Directive 2001/83/EC are asked for by their modules and not one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models import forms
from models.completeness import Asked
from models.eligibility import Answer, Rule
from models.forms import Section, Wrong
from models.law.clause import Source
from models.messages import Message
from models.subjects import Subject
from models.texts import Line, Sentence
from procedures.eu_cma import law
from procedures.eu_cma.words import Kind
from procedures.shape import HandedOut

Text = Annotated[str, Field(max_length=4000)]


class Product(BaseModel):
    """The medicine, and the indication it is authorised for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Line
    active_substance: Line
    indication: Sentence


class Application(BaseModel):
    """What a request for a conditional authorisation has to show (art. 2 to 4 of Regulation 507/2006)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    within_the_scope: Answer = None
    benefit_risk_positive: Answer = None
    comprehensive_data_likely: Answer = None
    unmet_need: Answer = None
    benefit_outweighs: Answer = None
    proposed_obligations: Text | None = None


class Conversion(BaseModel):
    """What an application for an authorisation without specific obligations has to show (art. 7)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    obligations_fulfilled: Answer = None


class Form(forms.Form):
    """The form of an application, and of what is filed under an authorisation."""

    product: Product
    application: Application | None = None
    conversion: Conversion | None = None

    @property
    def subject(self) -> Subject:
        """The medicine, what it is made of, and its indication."""
        return Subject(kind="medicine", parts=self.product.model_dump())

    @property
    def answers(self) -> Application | Conversion:
        """What the rules look at."""
        return self.conversion or self.application or Application()

    def problems(self) -> Iterator[Wrong]:
        """A section is filed with its kind."""
        yield from self.belongs("year", False, Message("form.years-of-an-authorisation"))
        yield from self.belongs("period", False, Message("form.years-of-an-authorisation"))
        for section, kind in (("application", Kind.APPLICATION), ("conversion", Kind.CONVERSION)):
            if getattr(self, section) and self.submission_type != kind:
                yield Wrong(section, Message("form.not-part-of", kind=forms.a(self.submission_type)))


def _said(name: str) -> Any:
    return lambda said: getattr(said, name, None)


_rule = partial(Rule, kinds=(Kind.APPLICATION,), from_on=law.SINCE)


def _article(article: str) -> Source:
    return Source(law.CONDITIONAL, article)


RULES: tuple[Rule, ...] = (
    _rule("C-01", _article("art. 2"), _said("within_the_scope")),
    _rule("C-02", _article("art. 4(1)(a)"), _said("benefit_risk_positive"), judged=True),
    _rule("C-03", _article("art. 4(1)(b)"), _said("comprehensive_data_likely"), judged=True),
    _rule("C-04", _article("art. 4(1)(c) and 4(2)"), _said("unmet_need"), judged=True),
    _rule("C-05", _article("art. 4(1)(d)"), _said("benefit_outweighs"), judged=True),
    Rule(
        "C-06",
        _article("art. 7"),
        _said("obligations_fulfilled"),
        kinds=(Kind.CONVERSION,),
        from_on=law.SINCE,
        judged=True,
    ),
)

APPLICATION = Section("application", Kind.APPLICATION, "", {})
CONVERSION = Section("conversion", Kind.CONVERSION, "", {})
SECTIONS = (APPLICATION, CONVERSION)
HANDED_OUT = (
    HandedOut(
        "conditional-authorisation",
        APPLICATION,
        {"procedure": "CMA", "submission_type": Kind.APPLICATION.value},
        frozenset(("programme", "dossier", "year", "period")),
    ),
)

FOLDERS = (
    "02_request",
    "03_quality",
    "04_nonclinical",
    "05_clinical",
    "06_product-information",
    "07_risk-management",
    "08_other",
)

_OF = "Regulation (EC) No 726/2004, "
_ALSO = "Commission Regulation (EC) No 507/2006, "
_asked = partial(Asked, kinds=(Kind.APPLICATION,))

ASKED: tuple[Asked, ...] = (
    _asked("E-01", "request", "02_request", source=f"{_ALSO}art. 3(1)"),
    _asked("E-02", "quality", "03_quality", source=f"{_OF}art. 6(1)"),
    _asked("E-03", "nonclinical", "04_nonclinical", source=f"{_OF}art. 6(1)"),
    _asked("E-04", "clinical", "05_clinical", source=f"{_OF}art. 6(1)"),
    _asked(
        "E-05",
        "characteristics",
        "06_product-information",
        source=f"{_OF}art. 9(4)(a)",
        words=("summary",),
    ),
    _asked(
        "E-06",
        "leaflet",
        "06_product-information",
        source=f"{_OF}art. 9(4)(d)",
        words=("leaflet",),
    ),
    _asked("E-07", "risk-management", "07_risk-management", source=f"{_OF}art. 9(4)(e)"),
    Asked(
        "E-08",
        "interim-report",
        "08_other",
        (Kind.RENEWAL,),
        f"{_ALSO}art. 6(2)",
        words=("interim",),
    ),
    Asked("E-09", "report", "08_other", (Kind.SAFETY_UPDATE,), f"{_ALSO}art. 9", words=("report",)),
    Asked(
        "E-10",
        "evidence",
        "05_clinical",
        (Kind.CONVERSION,),
        f"{_OF}art. 14-a(8)",
        words=("evidence",),
    ),
)
QUESTIONS = Path(__file__).with_name("questions")
