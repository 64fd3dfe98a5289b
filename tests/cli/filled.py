"""A register as acts fill it, without a server: each act is rehearsed by its case, and its entry written.

Every act has an instant of its own: the register, and what is shown of it on a day, is always the same.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from activities.payments import Payments
from activities.register import RegisterEntries
from models.acts import (
    Act,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionGiven,
    ProvisionallyAuthorised,
    PublicationRecorded,
    Withdrawn,
)
from models.decision import Condition
from models.dossier import Dossier
from models.entry import ToBook
from models.errors import PackageRefused
from models.messages import ENGLISH, Message, read_in
from models.parties import Contact, Language, Party
from models.people import StaffRole
from models.reasons import Reason
from models.receipts import Receipt
from models.subjects import Product
from office.desk import peopling
from office.desk.rehearsing import Stage
from office.money.reading import understood
from office.service.payloads import CONVERTER
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register import accounts, laws, parties
from register.database import migrate
from register.keys import kept
from register.refused_packages import remember
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


NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
"""The instant at which the office is looked at: a Friday."""

FOR_THE_MAKER: dict[str, Any] = {
    "requested_by": "manufacturer",
    "grounds": "The stock is there.",
    "decided_by": "Ann",
    "capacity": "minister",
}


class Office(NamedTuple):
    """An office whose register is filled, and the receipt of its last act."""

    settings: Settings
    receipt: Receipt


def filled_office(var: Path) -> Office:
    """An office in which something of each kind lies on the desk."""
    var.mkdir()
    settings = Settings(var=var, key=var.with_name("key"))
    book = FilledRegister(settings)
    peopling.first(settings, "Ann", date(2026, 1, 2))
    kept(var.with_name("other"))
    roles = (StaffRole.ASSESSOR, StaffRole.FINANCE)
    since = date(2026, 1, 2)
    peopling.add(settings, "Bob", "inspector", roles, since, None, f"{var.with_name('other')}.pub", since)

    exemplar, elan = book.party("Exemplar Pharma"), book.party("Élan Santé SA", Language.NL)
    rare = Product(
        trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease of the blood."
    )
    book.files("CUP-2026-002", date(2026, 1, 12), exemplar, rare)
    book.does("CUP-2026-002", date(2026, 1, 16), DeclaredAdmissible)
    book.does(
        "CUP-2026-002", date(2026, 1, 16), ContributionFixed, cents=19_284_61, source="the list of 2026"
    )
    book.does("CUP-2026-002", date(2026, 1, 28), InvoicePaid, cents=19_284_61)
    for body in ("ethics_committee", "commission"):
        book.does("CUP-2026-002", date(2026, 2, 10), OpinionGiven, body=body, view="favourable")
    book.does(
        "CUP-2026-002",
        date(2026, 2, 20),
        Decided,
        outcome="authorised_with_conditions",
        grounds="No other treatment is left to these patients.",
        conditions=[Condition(due_on=date(2026, 6, 5), text="A report on safety every quarter.")],
        until_on=date(2071, 2, 20),
        protocol="version 1",
        decided_by="Ann",
        capacity="minister",
    )
    book.does("CUP-2026-002", date(2026, 3, 2), ProvisionallyAuthorised, **FOR_THE_MAKER)
    book.does("CUP-2026-002", date(2026, 3, 4), PublicationRecorded)

    book.files("CUP-2026-001", date(2026, 4, 20), exemplar, rare)
    book.does("CUP-2026-001", date(2026, 4, 20), DeclaredAdmissible)
    book.does(
        "CUP-2026-001", date(2026, 4, 24), ContributionFixed, cents=19_284_61, source="the list of 2026"
    )

    often = Product(trade_name="Élanix", active_substance="elanixine", indication="A frequent disease.")
    book.files("MNP-2026-001", date(2026, 6, 1), elan, often)
    book.does("MNP-2026-001", date(2026, 6, 4), DeclaredIncomplete, missing=["the protocol, signed"])
    book.receives(
        date(2026, 6, 8),
        Payment(1_250_00, "with thanks", payer="ÉLAN SANTÉ SA"),
        Payment(19_284_61, "CUP-2026-001", payer="EXEMPLAR PHARMA"),
    )
    refused = PackageRefused(
        Reason.MACRO.value, "package.refused", told=[Message("package.can-hold-macros", name="form.docm")]
    )
    remember(settings.register_url, refused, at=NOW, by="Ann", name="package.zip", sha256=None)
    receipt = book.does(
        "CUP-2026-001", date(2026, 6, 12), OpinionGiven, body="ethics_committee", view="favourable"
    )
    return Office(settings, receipt)


@contextmanager
def terminal(settings: Settings, language: str, width: int) -> Iterator[None]:
    """A terminal of that width, in that language, on a day that stands."""
    with pytest.MonkeyPatch.context() as stands:
        stands.setenv("UMN_VAR", str(settings.var))
        stands.setenv("UMN_KEY", str(settings.key))
        stands.setenv("UMN_LANG", language)
        stands.setenv("COLUMNS", str(width))
        stands.setenv("UMN_TABLES", "fit")
        for module in ("office.commands", "office.commands.notices", "office.desk.acting"):
            stands.setattr(f"{module}.now", lambda: NOW)
        read_in(language)
        yield
        read_in(ENGLISH)
