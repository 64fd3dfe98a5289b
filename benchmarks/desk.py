"""A desk that files dossiers and performs acts as fast as the office lets it."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, date, datetime
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from models.acts import (
    Act,
    AnswersReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    InvoicePaid,
    OpinionGiven,
    QuestionsRaised,
)
from models.clock import civil_day
from models.dossier import Dossier
from models.envelope import Envelope, OfficeAct
from models.errors import ProcedureError
from models.law.applicable import Law
from models.parties import Contact, Language, Party
from models.people import Person, StaffRole
from models.receipts import Receipt
from models.subjects import Product
from office.desk.envelopes import memo_of, signed
from office.desk.person import Acting, Power
from office.desk.sending import send
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register import laws
from register.case import Case, case
from register.keys import kept
from register.outbox import is_at_rest
from register.parties import keep
from workflows import search

PRODUCT = Product(trade_name="Exemplaris", active_substance="exemplarinib", indication="A rare disease.")
CONTACT = Contact(
    name="Exemplar Pharma", language=Language.NL, email="desk@exemplar.example", private_undertaking=False
)
CENTS = 1_896_032

Said = tuple[type[Act], dict[str, Any]]

UNTIL_OPINIONS: tuple[Said, ...] = (
    (DeclaredAdmissible, {}),
    (ContributionFixed, {"cents": CENTS, "source": "the accounts"}),
    (InvoicePaid, {"cents": CENTS}),
)
QUESTIONS: tuple[Said, ...] = (
    (QuestionsRaised, {"body": "commission", "days": 10, "questions": ("Which batches are supplied?",)}),
    (AnswersReceived, {}),
)
OPINIONS: tuple[Said, ...] = tuple(
    (OpinionGiven, {"body": body, "view": "favourable"}) for body in ("ethics_committee", "commission")
)


MINISTER = {"decided_by": "Ann", "capacity": "minister"}


def decided(outcome: str) -> Said:
    """The decision, without conditions."""
    stated = {"until_on": "2060-12-31", "protocol": "version 1"} if outcome == "authorised" else {}
    said = {"outcome": outcome, "grounds": "The need and the balance were weighed."}
    return Decided, {**said, **MINISTER, **stated}


def examination(outcome: str, questions: bool = False) -> tuple[Said, ...]:
    """The acts of a whole examination of an application."""
    return (*UNTIL_OPINIONS, *(QUESTIONS if questions else ()), *OPINIONS, decided(outcome))


class Desk:
    """Files and acts. `today` is the civil day on the server that the client speaks to."""

    def __init__(self, client: Client, settings: Settings, today: date | None = None) -> None:
        self.client = client
        self.settings = settings
        self.today = today or civil_day(datetime.now(UTC))
        self.at: datetime | None = None
        """The instant on a server that skips time, where acts are signed; of others it is the clock's."""
        self._serial = itertools.count(1)
        self._requests = itertools.count(1)
        self._party: Party | None = None
        self._laws: dict[tuple[str, Kind | None, date], Law] = {}

    def party(self) -> Party:
        """The applicant of all dossiers, kept as an intake keeps it."""
        self._party = self._party or keep(self.settings.register_url, CONTACT)
        return self._party

    def law(self, procedure: str, kind: Kind | None) -> Law:
        """The law of today, kept as an intake keeps it: put together once, as operators are not measured."""
        of = procedure, kind, self.today
        if of not in self._laws:
            self._laws[of] = applicable_law(*of)
            laws.keep(self.settings.register_url, self._laws[of])
        return self._laws[of]

    def dossier(self, procedure: str = "CUP", programme: str | None = None, year: int = 0) -> Dossier:
        """An application, or the list of reactions of a year of a programme."""
        kind = Kind.LIST if programme else Kind.APPLICATION
        serial = next(self._serial)
        party = self.party()
        under = f"{programme}/{kind.value}-{year}-{serial}"  # two may be of one year
        return Dossier(
            number=under if programme else f"{procedure}-2000-{serial:05d}",
            kind=kind,
            procedure=procedure,
            programme=programme,
            opened_on=self.today,
            taken_in_by="Ann",
            cesp_number=f"D-{serial}",
            applicant=party,
            invoice_addressee=party,
            subject=PRODUCT.subject,
            year=year or None,
            law=self.law(procedure, kind),
        )

    async def start(
        self, workflow: str, carried: Any, task_queue: str | None = None
    ) -> WorkflowHandle[Any, Any]:
        """Starts a case as the office does: it carries its law in brief."""
        begins = carried.model_copy(update={"law": carried.law.brief()}).written()
        command = "submit" if workflow == "Dossier" else "import-register"
        return await self.client.start_workflow(
            workflow,
            begins,
            memo=memo_of(self._sign, command, "Ann", carried.number, begins),
            id=carried.number,
            task_queue=task_queue or self.settings.task_queue,
            search_attributes=attributes(carried.procedure, carried.number),
            static_summary=PRODUCT.trade_name,
        )

    async def perform(self, number: str, act: type[Act], said: dict[str, Any]) -> Receipt:
        """Performs one act as the command line does."""
        made = act(**{"by": "Ann", **said}, request_id=f"request-{next(self._requests)}")
        return await send(self.client, self.settings, number, made, sign=self._sign)

    def _sign(self, number: str, act: Act | OfficeAct) -> Envelope:
        """Signs as somebody whom the office certifies for every act."""
        signer = kept(self.settings.var / "own")
        person = Person(name=act.by, function="desk", roles=StaffRole.words(), since=date.min)
        return signed(self.settings, Power(Acting(person, signer)), number, act, self.at or datetime.now(UTC))

    async def examine(
        self,
        dossier: Dossier,
        acts: tuple[Said, ...],
        task_queue: str | None = None,
        rests: bool = False,
    ) -> WorkflowHandle[Any, Any]:
        """Files a dossier and performs acts on it, one after the other, or each when all before it rests."""
        handle = await self.start("Dossier", dossier, task_queue)
        for act, said in acts:
            if rests:
                await self.written(dossier.number)
                await self.letters_rest()
                await handle.query("__temporal_workflow_metadata")  # answered when what it was told is heard
            await self.perform(dossier.number, act, said)
        return handle

    async def letters_rest(self) -> None:
        """Waits until every letter was made and tried: before that no time may pass."""
        async with asyncio.timeout(900):
            while not is_at_rest(self.settings.register_url):
                await asyncio.sleep(0.02)

    async def written(self, number: str, act: str = "") -> Case:
        """Waits for an entry that no receipt tells of, or for any."""
        for _ in range(1000):
            try:
                found = case(self.settings.register_url, number, self.today)
            except ProcedureError:
                pass
            else:
                if not act or any(line.act == act for line in found.entries[-4:]):
                    return found
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{number} has no entry {act} yet.")


def attributes(procedure: str, number: str) -> TypedSearchAttributes:
    """The search attributes with which the office starts a case."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(search.PROCEDURE, procedure),
            SearchAttributePair(search.KIND, "application"),
            SearchAttributePair(search.APPLICANT, CONTACT.name),
            SearchAttributePair(search.PROGRAMME, number),
        ]
    )
