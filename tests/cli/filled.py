"""A register as acts fill it, without a server: each act is rehearsed by its case, and its entry written.

Every act has an instant of its own: the register, and what is shown of it on a day, is always the same.
"""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, date, datetime, time
from typing import Any

from activities.payments import Payments
from activities.register import RegisterEntries
from models.acts import Act, Withdrawn
from models.dossier import Dossier
from models.entry import ToBook
from models.parties import Contact, Language, Party
from models.receipts import Receipt
from models.subjects import Product
from office.desk.rehearsing import Stage
from office.money.reading import understood
from office.service.payloads import CONVERTER
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register import accounts, laws, parties
from register.database import migrate
from register.statements import take_in
from samples.statements.make import Payment, coda
from workflows.rehearsal import Rehearsal, Rehearsed, Stands

NINE = time(9, 0, tzinfo=UTC)


class FilledRegister:
    """Opens cases and has them hear acts, each on its day."""

    def __init__(self, settings: Settings) -> None:
        migrate(settings.register_url)
        self.settings = settings
        self._url = settings.register_url
        self._entries = RegisterEntries(settings.register_url)
        self._begun: dict[str, Stands] = {}
        self._requests = itertools.count(1)

    def party(self, name: str, language: Language = Language.FR) -> Party:
        """A company that files."""
        contact = Contact(
            name=name,
            language=language,
            email="regulatory@exemplar.example",
            private_undertaking=True,
            country="BE",
            postal_code="1050",
        )
        return parties.keep(self._url, contact)

    def files(self, number: str, on: date, applicant: Party, product: Product) -> None:
        """An application is filed. Its case is asked for an act at once, of which nothing is entered."""
        law = applicable_law(number.partition("-")[0], Kind.APPLICATION, on)
        laws.keep(self._url, law)
        dossier = Dossier(
            number=number,
            kind=Kind.APPLICATION,
            procedure=law.procedure,
            opened_on=on,
            taken_in_by="Ann",
            applicant=applicant,
            invoice_addressee=applicant,
            subject=product.subject,
            law=law.brief(),
        )
        self._begun[number] = Stands("Dossier", number, dossier.written(), _at(on))
        act = Withdrawn(by="Ann", request_id="never-sent")
        for entry in asyncio.run(self._rehearsed(number, act, _at(on))).before:
            self._entries.enter(entry)

    def does(self, number: str, on: date, act: type[Act], **said: Any) -> Receipt:
        """A case hears an act. Returns: the receipt."""
        made = act(by="Ann", **said, request_id=f"request-{next(self._requests):04d}")
        rehearsed = asyncio.run(self._rehearsed(number, made, _at(on)))
        for entry in (*rehearsed.before, rehearsed.entry):
            self._entries.enter(entry)
        for programme in rehearsed.begins:
            self._begun[number] = Stands("Programme", number, programme.written(), _at(on))
        assert rehearsed.entry.receipt
        return rehearsed.entry.receipt

    async def _rehearsed(self, number: str, act: Act, at: datetime) -> Rehearsed:
        stage = Stage(self.settings, at)
        if begun := self._begun.pop(number, None):
            return await Rehearsal(CONVERTER, begun, at, stage._answers(), lambda told: True).of_act(act)
        rehearsed = await stage.rehearse(number, act)
        for law in stage._laws.values():  # what its worker keeps when it reads a law
            laws.keep(self._url, law)
        return rehearsed

    def receives(self, on: date, *payments: Payment) -> None:
        """A bank statement comes in; nothing on it names an invoice."""
        file = understood(coda(payments, on, 1), "statement.cod")
        take_in(self._url, file, "Ann", on)

        async def send(number: str, act: Act) -> None:
            raise AssertionError((number, act))

        asked = ToBook(movements=tuple(accounts.to_judge(self._url, file.sha256)))
        asyncio.run(Payments(self._url, send).book(asked))


def _at(day: date) -> datetime:
    return datetime.combine(day, NINE)
