"""To whom a letter is addressed: a party as it was filed, an office by its name, or the desk instead.

Read from the register and from what is set for all cases; nothing is sent or kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import lru_cache, partial

from activities.invoice_pages import INVOICED, Debtor
from activities.letter_pages import Recipient
from activities.letter_text import plain
from activities.wording import Wording
from models.entry import Letter, LetterBatch
from models.errors import NotFound, ProcedureError
from models.languages import Correspondent, Languages, Tongue
from models.parties import (
    OFFICE_LANGUAGES,
    TO_PARTIES,
    Channel,
    Contact,
    Language,
    Party,
    Role,
)
from procedures.registry import letters, offices, procedure
from register import recipients
from register.parties import contact_in
from register.reading import Questions, questions
from register.recipients import KeptRecipient, Said


class LanguageOpen(ProcedureError):
    """The law does not say in which language a letter is written: a person chooses, and says why."""


def correspondent(role: Role, filed: Contact | None, own: Said | None) -> Correspondent:
    """What is known of whoever is written to: as it was filed, and as a person said since.

    Whoever has copies of letters was never filed: persons, and no undertaking.
    """
    known = Correspondent(private_undertaking=None if role in TO_PARTIES else False)
    if filed:
        known = Correspondent(*(getattr(filed, field.name) for field in fields(Correspondent)))
    return own.of(known) if own else known


def spoken(code: str, known: Correspondent, own: Said | None, act: bool) -> Tongue:
    """The language of letters or acts of a procedure, by its rules or as a person chose."""
    chosen = own and ((own.acts_in or own.letters_in) if act else own.letters_in)
    languages = procedure(code).jurisdiction.languages
    return languages.spoken(known, act, chosen or None, own.why if own else "")


def _languages(batch: LetterBatch) -> Languages:
    return procedure(batch.procedure).jurisdiction.languages


class Addressing:
    """Addresses letters by the register at an address.

    `wording_of` names the offices of a procedure in its words. `addresses` are those of the committees and
    of the desk. `office_language` is that of letters to committees and desk where that of letters to the
    applicant is open, or is German. `asks` opens the register for questions.
    """

    def __init__(
        self,
        url: str,
        wording_of: Callable[[str], Wording],
        addresses: Mapping[Role, tuple[str, ...]],
        office_language: Language = Language.NL,
        asks: Callable[[str], AbstractContextManager[Questions]] = questions,
    ) -> None:
        self._asks = partial(asks, url)
        self._wording_of = wording_of
        self._addresses = addresses
        self._office_language = office_language
        # an id is made from the contact itself, so what was read once stays true
        self._contact = lru_cache(maxsize=1000)(self._filed)

    def recipient(self, batch: LetterBatch, letter: Letter) -> Recipient:
        """Who receives a letter that is made now, in which language, at which addresses.

        A letter goes to whom a person named for this case, else to the contact that was filed or the
        address that is set. One whose recipient is not known goes to the desk, and says so. By another
        channel than e-mail a person sends it, whatever addresses are known.

        Raises: LanguageOpen where the law leaves the language open and no person has chosen one.
        """
        named = self._named(batch.number)
        role, own = letter.role, self._said(letter, named)
        reached, by_post = self._way(batch, letter, own)
        if role in offices(batch.procedure):
            own_language = procedure(batch.procedure).authority.languages.get(role)
            language = (own and own.letters_in) or own_language or self._of_office(batch, named)
            translation = None
        else:
            try:
                language, translation = self._spoken(batch, letter, own)
            except (
                LanguageOpen
            ):  # whoever looks for the addressee at the desk will know; but no English alone
                language, translation = self._of_office(batch, named), None
                if reached or by_post or language not in _languages(batch).official:
                    raise
        if own and by_post:
            lines = self.lines(batch, letter, language)
            return Recipient(lines, language, (), channel=own.channel, translation=translation)
        if reached:
            return Recipient(self.lines(batch, letter, language), language, reached, translation=translation)
        desk = self.lines(batch, letter, language, redirected=True)
        at_desk = self._addresses[Role.DESK]
        return Recipient(desk, language, at_desk, redirected=True, translation=translation)

    def head(self, batch: LetterBatch, letter: Letter) -> tuple[str, ...]:
        """The lines of its head, if it were made now; none where its language waits for a person."""
        try:
            return self.recipient(batch, letter).lines
        except LanguageOpen:
            return ()

    def reaches(self, batch: LetterBatch, letter: Letter) -> bool:
        """Whether a letter that is made now has a way to its addressee, and goes not to the desk instead."""
        own = self._said(letter, self._named(batch.number))
        return any(self._way(batch, letter, own))

    def _said(self, letter: Letter, named: Mapping[Role, KeptRecipient]) -> KeptRecipient | None:
        """Whom a person named in the role of a letter; of somebody who is not in it any more nothing is."""
        return None if letter.party else named.get(letter.role)

    def _way(
        self, batch: LetterBatch, letter: Letter, own: KeptRecipient | None
    ) -> tuple[tuple[str, ...], bool]:
        """The addresses that mail can go to, and whether a person sends it."""
        role = letter.role
        reached = (own and own.addresses) or self._addresses.get(role, ())
        if role in TO_PARTIES:
            reached = self._reached(self._party(batch, letter), own)
        return reached, own is not None and own.channel is not Channel.EMAIL

    def _spoken(
        self, batch: LetterBatch, letter: Letter, own: KeptRecipient | None
    ) -> tuple[Language, Language | None]:
        """The language of a letter to a person, and that of the translation that is enclosed, if any."""
        is_act = letters(batch.procedure)[letter.kind].act
        known = correspondent(letter.role, self._known(self._party(batch, letter)), own)
        found = spoken(batch.procedure, known, own, is_act)
        if found.language is None:
            raise LanguageOpen(
                "letter.language-open",
                number=batch.number,
                role=letter.role.value,
                why=found.why,
                article=found.article,
            )
        return found.language, _languages(batch).translation(known)

    def _of_office(self, batch: LetterBatch, named: Mapping[Role, KeptRecipient]) -> Language:
        """The language of what stays in the house: that of the letters to the applicant, or of the office."""
        own = named.get(Role.APPLICANT)
        known = correspondent(Role.APPLICANT, self._known(batch.applicant), own)
        found = spoken(batch.procedure, known, own, act=False)
        return found.language if found.language in OFFICE_LANGUAGES else self._office_language

    def lines(
        self, batch: LetterBatch, letter: Letter, language: Language, redirected: bool = False
    ) -> tuple[str, ...]:
        """Name and postal address at the head of a letter, in a language; no address for mail."""
        role = letter.role
        if redirected:  # whom it is meant for stands first, for whoever forwards it
            meant = self.lines(batch, letter, language)
            return (*meant, self._office(batch, Role.DESK, language))
        if role not in TO_PARTIES:
            return (self._office(batch, role, language),)
        party = self._party(batch, letter)
        contact = self._known(party)
        written = (contact.name, *contact.address.splitlines()) if contact else (party.name if party else "",)
        return tuple(filter(None, (plain(line) for line in written)))

    def debtor(self, batch: LetterBatch, letter: Letter) -> Debtor:
        """Whom an invoice is for; nobody where the letter is none."""
        payer = self._payer(batch) if letter.kind in INVOICED else None
        if payer is None:
            return Debtor("")
        contact = self._known(payer)
        if contact is None:
            return Debtor(payer.name)
        return Debtor(contact.name, contact.address, contact.enterprise_number)

    def _party(self, batch: LetterBatch, letter: Letter) -> Party | None:
        if letter.role not in TO_PARTIES:
            return None
        in_role = batch.applicant if letter.role == Role.APPLICANT else self._payer(batch)
        return letter.party or in_role

    def _reached(self, party: Party | None, named: KeptRecipient | None) -> tuple[str, ...]:
        """The addresses of a party; none when there is nothing that mail can go to."""
        contact = self._known(party)
        addresses = (named and named.addresses) or ((contact.email,) if contact else ())
        return addresses if party else ()

    def _named(self, number: str) -> dict[Role, KeptRecipient]:
        with self._asks() as ask:
            return recipients.named(ask, number)

    def _filed(self, party_id: str) -> Contact:
        with self._asks() as ask:
            return contact_in(ask, party_id)

    def _known(self, party: Party | None) -> Contact | None:
        try:
            return self._contact(party.id) if party else None
        except NotFound:
            return None

    def _payer(self, batch: LetterBatch) -> Party | None:
        """Whom the invoice was issued to: it stays so when the case has become a programme."""
        if batch.invoice is None:
            return batch.invoice_addressee
        with self._asks() as ask:
            rows = ask("SELECT addressee FROM invoice WHERE invoice = ?", [batch.invoice.invoice])
        kept = str(rows[0][0]) if rows else ""
        contact = self._known(Party(id=kept, name=kept)) if kept else None
        return Party(id=kept, name=contact.name) if contact else batch.invoice_addressee

    def _office(self, batch: LetterBatch, role: Role, language: Language) -> str:
        return self._wording_of(batch.procedure).words(language)["recipients"][role.value]
