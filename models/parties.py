"""Who takes part: applicant, agency, committees; and the languages they are written to in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, StrictBool

from models.errors import Malformed
from models.texts import Line, Remark
from models.travelling import Travelling
from models.words import Word, spelt


class Language(StrEnum):
    """The languages that parties are written to in, and that the public register speaks.

    Committees and desk are not written to in German.
    """

    NL = "nl"
    FR = "fr"
    EN = "en"
    DE = "de"


class Role(Word):
    """In which capacity a party is written to; a procedure adds its bodies, and whoever has copies."""

    APPLICANT = spelt("applicant")
    INVOICE_ADDRESSEE = spelt("invoice_addressee")
    DESK = spelt("desk")


class Channel(StrEnum):
    """By which way a letter goes. A machine of ours sends e-mail; the other ways a person goes."""

    EMAIL = "email"
    POST = "post"
    REGISTERED = "registered"
    REGISTERED_WITH_ACKNOWLEDGEMENT = "registered_with_acknowledgement"
    EBOX = "ebox"
    PEPPOL = "peppol"
    BY_HAND = "by_hand"


TO_PARTIES = (Role.APPLICANT, Role.INVOICE_ADDRESSEE)
"""Parties choose their language, German among them, and their address is filed with the dossier."""

OFFICE_LANGUAGES = (Language.NL, Language.FR, Language.EN)
"""Languages of letters to all others, such as the desk: the applicant's, when it is one of them."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}")


def mail_address(written: str) -> str:
    """The address that mail goes to, of what people write: the one definition of what can be used.

    Blanks around it and `mailto:` are no part of it, and a domain in other letters than ASCII is spelt as the
    domain name system knows it (IDNA). What stands before the @ can be in ASCII only: no mail server can be
    counted on to take anything else.

    Raises: Malformed.
    """
    import idna

    plain = _MAILTO.sub("", written.strip()).strip()
    name, _, domain = plain.rpartition("@")
    if name and not name.isascii():
        raise Malformed("party.mail-name", address=written)
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            raise Malformed("party.no-mail-address", address=written) from None
    if not is_mail_address(address := f"{name}@{domain}"):
        raise Malformed("party.no-mail-address", address=written)
    return address


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
    return tuple(dict.fromkeys(mail_address(part) for part in written.split(",") if part.strip()))


MailAddress = Annotated[str, AfterValidator(mail_address)]
"""An address that mail goes to."""

Spoken = str | Mapping[Language, str]
"""What is said in one language for all, or in each."""


def said_in(said: Spoken, language: Language) -> str:
    """What is said, in a language."""
    return said if isinstance(said, str) else said[language]


class Body(Word):
    """A body that gives an opinion. Which ones are heard, the procedure says."""

    @property
    def role(self) -> Role:
        """The capacity in which the body is written to."""
        return Role(self.value)


class Party(Travelling, frozen=True):
    """An organisation, by the id under which the register's database keeps how to reach it.

    Contact persons, addresses and languages stay in that database: they never travel in workflow payloads.
    """

    id: str
    name: Line


class Contact(Travelling, frozen=True):
    """How a party is reached, as read from the cover letter; kept in the database only.

    What the language of its letters depends on is told in models/languages.py.
    """

    name: Line = Field(max_length=200)
    language: Language
    email: MailAddress
    address: Remark = Field(default="", max_length=400)
    private_undertaking: StrictBool | None = None
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    postal_code: str = Field(default="", max_length=12)
    commune: str = Field(default="", max_length=100)
    acts_language: Language | None = None
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
        raise Malformed("party.no-enterprise-number")
    try:
        number = checked_by.validate(compact if compact[:2] == country else country + compact)
    except ValidationError:
        if country == "BE":
            raise Malformed("party.enterprise-number-wrong") from None
        raise Malformed("party.vat-number-wrong", country=country) from None
    return EnterpriseNumber(country, str(number).removeprefix(country))
