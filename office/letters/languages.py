"""In which language the persons of a case are written to, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities.addressing import correspondent, spoken
from models.errors import NotFound
from models.languages import Correspondent, Tongue
from models.messages import word, worded
from models.parties import TO_PARTIES, Contact, Language, Party, Role
from office.letters.to_come import parties_of
from procedures.registry import offices, procedure, roles
from register.parties import contact_of
from register.recipients import Said, of

if TYPE_CHECKING:
    from register.case import Case


@dataclass(frozen=True)
class Addressee:
    """A person that a case writes to: what is known of it, and the language of letters and acts."""

    role: Role
    known: Correspondent
    letters: Tongue
    acts: Tongue
    translation: Language | None

    @property
    def told(self) -> dict[str, Any]:
        """For a program."""
        said = {
            name: {"language": tongue.language, "why": str(tongue.why), "article": tongue.article}
            for name, tongue in (("letters", self.letters), ("acts", self.acts))
        }
        known = {name: getattr(self.known, name) for name in self.known.__slots__}
        return {"role": self.role, **said, "translation": self.translation, "known": known}

    @property
    def line(self) -> str:
        """For people."""
        return worded(
            "recipient.languages",
            role=word(self.role),
            letters=_said(self.letters),
            acts=_said(self.acts),
            translation=worded("tongue.enclosed", language=self.translation) if self.translation else "",
        )


def addressees(url: str, found: Case) -> list[Addressee]:
    """Applicant and payer, and whoever has copies and was named. Raises: NotReachable; UnknownClause."""
    code, named = found.state.procedure, of(url, found.state.number)
    persons = [role for role in roles(code) if role not in offices(code)]
    return [addressed(url, found, role, named.get(role)) for role in persons if role in (*TO_PARTIES, *named)]


def addressed(url: str, found: Case, role: Role, said: Said | None) -> Addressee:
    """A person that a case writes to, as it is known when this is said of it."""
    code = found.state.procedure
    applicant, payer, _ = parties_of(url, found)
    party = {Role.APPLICANT: applicant, Role.INVOICE_ADDRESSEE: payer}.get(role)
    known = correspondent(role, _contact(url, party), said)
    letters, acts = (spoken(code, known, said, act) for act in (False, True))
    return Addressee(role, known, letters, acts, procedure(code).jurisdiction.languages.translation(known))


def _contact(url: str, party: Party | None) -> Contact | None:
    try:
        return contact_of(url, party.id) if party and party.id else None
    except NotFound:
        return None


def _said(tongue: Tongue) -> str:
    if tongue.language is None:
        return worded("tongue.open", why=tongue.why)
    return worded("tongue.ruled", language=tongue.language, why=tongue.why)
