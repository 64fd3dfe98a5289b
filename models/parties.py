"""Who takes part: applicant, agency, committees; and the languages they are written to in."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Language(StrEnum):
    """The languages of letters and of the public register."""

    NL = "nl"
    FR = "fr"
    EN = "en"


class Role(StrEnum):
    """In which capacity a party is written to."""

    APPLICANT = "applicant"
    INVOICE_ADDRESSEE = "invoice_addressee"
    ETHICS_COMMITTEE = "ethics_committee"
    COMMISSION = "commission"
    DESK = "desk"


class Body(StrEnum):
    """A body that gives an opinion. Law: Medicines Act art. 6quater; RD 14-12-2006 art. 106, 108."""

    ETHICS_COMMITTEE = "ethics_committee"
    COMMISSION = "commission"

    @property
    def role(self) -> Role:
        """The capacity in which the body is written to."""
        return Role(self.value)


class Party(BaseModel):
    """An organisation, by the id under which the register's database keeps how to reach it.

    Contact persons and addresses stay in that database: they never travel in workflow payloads.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str = Field(min_length=1)
    language: Language


class Contact(BaseModel):
    """How a party is reached, as read from the cover letter; kept in the database only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    language: Language
    email: str = Field(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+$", max_length=254)
    address: str = Field(default="", max_length=400)
    enterprise_number: str = Field(default="", max_length=20)


class Product(BaseModel):
    """The medicine of a programme and the one indication it is for (rule E-06)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trade_name: str = Field(min_length=1, max_length=300)
    active_substance: str = Field(min_length=1, max_length=300)
    indication: str = Field(min_length=1, max_length=4000)
