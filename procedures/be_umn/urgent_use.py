"""Urgent use for one patient outside a programme: what its notification says, and the four conditions.

Law: Royal Decree of 14 December 2006, art. 107/1: the urgency, four conditions, and a declaration of honour
of the prescriber that the patient consented, with the reasons of the urgency.
Interpretation: the fourth condition is kept where no application can be filed at all, and where one was filed
or is announced. That the agency answers, and within how long, no text says.
Nothing is asked that could tell of the patient: no text but names and a reference of the agency's own file,
in which the declaration is kept. Not coded: who is liable for the supply (subpar. 3) is between private
persons; the answer reminds of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from models.eligibility import Rule
from models.findings import Finding, Severity
from models.forms import CaseNumber, DeliveryNumber, Section, Wrong
from models.law.clause import Source
from models.messages import Message
from procedures.be_umn.law.instruments import ROYAL_DECREE_2006
from procedures.be_umn.words import Kind

LONGEST_NAME = 100
"""Characters of the name of a product, so that it holds no story."""


class UrgentUse(BaseModel):
    """What a notification says: its days, the prescriber by name, and an answer to each condition.

    `reference` is that of the agency's own file, which holds what is not taken here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: DeliveryNumber
    received_on: date
    prescriber: Annotated[str, Field(min_length=2, max_length=80, pattern=r"^[^\d\n:;]+$")]
    urgency: StrictBool
    outside_programme_and_trial: StrictBool
    nothing_on_the_market: StrictBool
    no_import: StrictBool
    application: Literal["filed", "announced", "not-possible", "neither"]
    application_number: CaseNumber | None = None
    declaration: StrictBool

    def problems(self, product: Mapping[str, str]) -> Iterator[Wrong]:
        """An application that was filed has a number; names of the product are no longer than names."""
        if (self.application == "filed") != (self.application_number is not None):
            key = "form.number-without-filing" if self.application_number else "form.number-of-the-filed"
            yield Wrong("urgent_use.application_number", Message(key))
        for name in ("trade_name", "active_substance"):
            if len(product[name]) > LONGEST_NAME:
                yield Wrong(f"product.{name}", Message("form.too-long", most=LONGEST_NAME))

    def findings(self) -> Iterator[Finding]:
        """What the desk does about the application: it links one that was filed, or sets a day."""
        if self.application == "announced":
            yield Finding(check="U-04", severity=Severity.WARN, what="application-announced")
        if self.application_number:
            params = {"number": self.application_number}
            yield Finding(check="U-04", severity=Severity.WARN, what="application-filed", params=params)


def _said(name: str) -> Any:
    return lambda said: getattr(said, name)


_rule = partial(Rule, kinds=(Kind.URGENT_USE,), judged=True, procedures=("CUP",), from_on=date(2014, 7, 1))
_CONDITION = Source(ROYAL_DECREE_2006, "art. 107/1, subpar. 1")

RULES: tuple[Rule, ...] = (
    _rule("U-00", _CONDITION, _said("urgency")),
    _rule("U-01", _CONDITION, _said("outside_programme_and_trial")),
    _rule("U-02", _CONDITION, _said("nothing_on_the_market")),
    _rule("U-03", _CONDITION, _said("no_import")),
    _rule("U-04", _CONDITION, lambda said: said.application != "neither"),
    _rule("U-05", Source(ROYAL_DECREE_2006, "art. 107/1, subpar. 2"), _said("declaration")),
)

URGENT_USE = Section("urgent_use", Kind.URGENT_USE, "", {}, frozenset(("application_number",)))
