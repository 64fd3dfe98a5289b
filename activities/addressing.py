"""To whom a letter is addressed: a party as it was filed, an office by its name, or the desk instead.

Read from the register and from what is set for all cases; nothing is sent or kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from activities.invoice_pages import INVOICED, Debtor
from activities.letter_pages import Recipient
from activities.wording import Wording, plain
from models.entry import Letter, LetterBatch
from models.errors import NotFound
from models.parties import (
    OFFICE_LANGUAGES,
    TO_PARTIES,
    Contact,
    Language,
    Party,
    Role,
    is_mail_address,
)
from register import recipients
from register.parties import contact_of
from register.reading import questions
from register.recipients import KeptRecipient


class Addressing:
    """Addresses letters by the register at an address.

    `addresses` are those of the committees and of the desk. `office_language` is that of letters to
    committees and desk where the applicant's is not known, or is German.
    """

    def __init__(
        self,
        url: str,
        wording: Wording,
        addresses: Mapping[Role, tuple[str, ...]],
        office_language: Language = Language.NL,
    ) -> None:
        self._url = url
        self._wording = wording
        self._addresses = addresses
        self._office_language = office_language
        # an id is made from the contact itself, so what was read once stays true
        self._contact = lru_cache(maxsize=1000)(partial(contact_of, url))

    def recipient(self, batch: LetterBatch, letter: Letter) -> Recipient:
        """Who receives a letter that is made now, in which language, at which addresses.

        A letter goes to whom a person named for this case, else to the contact that was filed or the
        address that is set. One whose recipient is not known goes to the desk, and says so.
        """
        named = recipients.of(self._url, batch.number)
        role, own = letter.role, named.get(letter.role)
        spoken = self._language(batch.applicant, named.get(Role.APPLICANT))
        if role in TO_PARTIES:
            party = self._party(batch, role)
            language, addresses = self._language(party, own), self._reached(party, own)
        else:
            spoken = spoken if spoken in OFFICE_LANGUAGES else self._office_language
            addresses = own.addresses if own else self._addresses.get(role, ())
            language = (own and own.language) or spoken
        if addresses:
            return Recipient(self.lines(batch, letter, language), language, addresses)
        desk = self.lines(batch, letter, spoken, redirected=True)
        return Recipient(desk, spoken, self._addresses[Role.DESK], redirected=True)

    def lines(
        self, batch: LetterBatch, letter: Letter, language: Language, redirected: bool = False
    ) -> tuple[str, ...]:
        """Name and postal address at the head of a letter, in a language; no address for mail."""
        role = letter.role
        if redirected:
            meant = (role,) if role not in TO_PARTIES else ()  # for whoever forwards it
            return tuple(self._office(office, language) for office in (*meant, Role.DESK))
        if role not in TO_PARTIES:
            return (self._office(role, language),)
        party = self._party(batch, role)
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

    def _party(self, batch: LetterBatch, role: Role) -> Party | None:
        return batch.applicant if role is Role.APPLICANT else self._payer(batch)

    def _reached(self, party: Party | None, named: KeptRecipient | None) -> tuple[str, ...]:
        """The addresses of a party; none when there is nothing that mail can go to."""
        contact = self._known(party)
        addresses = named.addresses if named else (contact.email,) if contact else ()
        # an address outside ASCII needs a mail server that we cannot count on: a person forwards it
        return addresses if party and all(map(is_mail_address, addresses)) else ()

    def _language(self, party: Party | None, named: KeptRecipient | None) -> Language:
        """The language of a party: as a person said, as it was filed, or that of the office."""
        contact = self._known(party)
        filed = contact.language if contact else party.language if party else None
        return (named and named.language) or filed or self._office_language

    def _known(self, party: Party | None) -> Contact | None:
        try:
            return self._contact(party.id) if party else None
        except NotFound:
            return None

    def _payer(self, batch: LetterBatch) -> Party | None:
        """Whom the invoice was issued to: it stays so when the case has become a programme."""
        if batch.invoice is None:
            return batch.invoice_addressee
        with questions(self._url) as ask:
            rows = ask("SELECT addressee FROM invoice WHERE invoice = ?", [batch.invoice.invoice])
        kept = str(rows[0][0]) if rows else ""
        contact = self._known(Party(id=kept, name=kept)) if kept else None
        return Party(id=kept, name=contact.name) if contact else batch.invoice_addressee

    def _office(self, role: Role, language: Language) -> str:
        return self._wording.words(language)["recipients"][role.value]
