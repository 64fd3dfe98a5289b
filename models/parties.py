"""Who takes part: applicant, agency, committees; and the languages they are written to in."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Language(StrEnum):
    """The languages that parties are written to in, and that the public register speaks.

    Committees and desk are not written to in German.
    """

    NL = "nl"
    FR = "fr"
    EN = "en"
    DE = "de"


class Role(StrEnum):
    """In which capacity a party is written to."""

    APPLICANT = "applicant"
    INVOICE_ADDRESSEE = "invoice_addressee"
    ETHICS_COMMITTEE = "ethics_committee"
    COMMISSION = "commission"
    PHYSICIANS = "physicians"
    DESK = "desk"


TO_PARTIES = (Role.APPLICANT, Role.INVOICE_ADDRESSEE)
"""Parties choose their language, German among them, and their address is filed with the dossier."""

OFFICE_LANGUAGES = (Language.NL, Language.FR, Language.EN)
"""Languages of letters to committees, physicians and desk: the applicant's, when it is one of them."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


def is_mail_address(written: str) -> bool:
    """Whether mail can go there as it is written: one plain address, without name, comment or quotes.

    Stricter than the standards, on purpose: what an address may contain there, a header could be made of.
    """
    local = written.rpartition("@")[0]
    return (
        bool(_MAIL_ADDRESS.fullmatch(written))
        and "=?" not in written
        and len(written) <= 254
        and len(local) <= 64
    )


def mail_addresses(written: str) -> tuple[str, ...]:
    """One address, or several with commas between them, each once. Raises: ValueError naming what is none."""
    found = tuple(dict.fromkeys(part.strip() for part in written.split(",") if part.strip()))
    for address in found:
        if not is_mail_address(address):
            raise ValueError(f"{address!r} is no address that mail can go to")
    return found


def said_in(written: str, language: Language) -> str:
    """What is set in one language for all, or as `nl: … ;; fr: … ;; en: … ;; de: …`, in a language.

    Raises: ValueError naming the languages that are missing where some are there.
    """
    parts = [part.strip() for part in written.split(";;")]
    tagged = {
        tag.strip(): said.strip() for tag, colon, said in (part.partition(":") for part in parts) if colon
    }
    if not tagged.keys() & set(Language):
        return written.strip()
    if missing := [one.value for one in Language if not tagged.get(one)]:
        raise ValueError(f"it says nothing in {', '.join(missing)}")
    return tagged[language]


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

    Contact persons, addresses and languages stay in that database: they never travel in workflow payloads.
    `language` is what cases of earlier releases carry; it counts where the register knows no contact.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str = Field(min_length=1)
    language: Language | None = None


class Contact(BaseModel):
    """How a party is reached, as read from the cover letter; kept in the database only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    language: Language
    email: str = Field(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+$", max_length=254)
    address: str = Field(default="", max_length=400)
    enterprise_number: str = Field(default="", max_length=20)


class EnterpriseNumber(NamedTuple):
    """The enterprise or VAT number of an organisation, checked: its country, and the number without it."""

    country: str
    number: str

    @property
    def is_belgian(self) -> bool:
        """Whether the Crossroads Bank for Enterprises gave it."""
        return self.country == "BE"

    def __str__(self) -> str:
        """As it is printed: 0123.456.749, or with the letters of its country before it."""
        n = self.number
        return f"{n[:4]}.{n[4:7]}.{n[7:]}" if self.is_belgian else f"{self.country}{n}"


def enterprise_number(written: str) -> EnterpriseNumber:
    """Reads an enterprise or VAT number; without letters of a country before it, it is a Belgian one.

    Raises: ValueError when its check digits are wrong, or when numbers of that country cannot be checked.
    """
    from stdnum import get_cc_module
    from stdnum.eu import vat as eu_vat
    from stdnum.exceptions import ValidationError

    compact = re.sub(r"[\s./-]", "", written).upper()
    country = compact[:2] if compact[:2].isalpha() else "BE"
    in_the_union = country in ("BE", "EL", "XI") or country.lower() in eu_vat.MEMBER_STATES
    checked_by = eu_vat if in_the_union else get_cc_module(country.lower(), "vat")
    if not compact.isascii() or checked_by is None:
        raise ValueError(
            "is no Belgian enterprise number and no VAT number of a country whose numbers can be checked; "
            "write for example 0123.456.749 or DE136695976, or leave it empty"
        )
    try:
        number = checked_by.validate(compact if compact[:2] == country else country + compact)
    except ValidationError:
        kind = "Belgian enterprise number" if country == "BE" else f"VAT number of {country}"
        raise ValueError(f"is no {kind}: its length or its check digits are wrong") from None
    return EnterpriseNumber(country, str(number).removeprefix(country))


class Product(BaseModel):
    """The medicine of a programme and the one indication it is for (rule E-06)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trade_name: str = Field(min_length=1, max_length=300)
    active_substance: str = Field(min_length=1, max_length=300)
    indication: str = Field(min_length=1, max_length=4000)
