"""Open cases as they answer the acts of bank statements, without a server.

The checks, the invoice and what is noted are those of the workflows; only the queue and the receipt are
left out. An act that comes again is applied once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from activities.register import RegisterEntries
from models.account import Account
from models.acts import Act, InvoicePaid
from models.dossier import Invoice
from models.entry import Demand, Entry, Standing
from models.errors import NotReachable
from models.parties import Party
from models.subjects import Product
from procedures.be_umn.words import Kind, Phase
from procedures.books import applicable_law
from register.laws import keep
from workflows.case import Case
from workflows.invoicing import book_payment, take_booking

ON = date(2026, 3, 20)
ISSUED = date(2026, 3, 2)
LAW = applicable_law("CUP", Kind.APPLICATION, ISSUED)
PARTY = Party(id="party-1", name="Exemplar Pharma")
STANDING = Standing(
    kind="application",
    procedure="CUP",
    applicant=PARTY,
    subject=Product(
        trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease."
    ).subject,
    phase=Phase.OPINION,
    possible=("give-opinion",),
    law=LAW.digest,
)


class Step(Case):
    """What a workflow does with one act, without the queue that it waits in."""

    today = ON


class Cases:
    """Open cases, each with its invoice in the register."""

    def __init__(self, url: str, *cents: int) -> None:
        self._register = RegisterEntries(url)
        keep(url, LAW)
        self._carried: dict[str, Account] = {}
        self.given: set[str] = set()
        self.loses_answers = False
        self.stands_still: set[str] = set()
        for asked in cents:
            self.issues(asked)

    @property
    def invoices(self) -> dict[str, Invoice]:
        return {number: carried.invoice for number, carried in self._carried.items() if carried.invoice}

    def ogm(self, number: str) -> str:
        return self.invoices[number].communication

    def issues(self, cents: int) -> str:
        number = f"CUP-2026-{len(self._carried) + 1:03d}"
        carried = Account.unread(number)
        carried.opened_on, carried.law, self._carried[number] = ISSUED, LAW, carried
        demand = Demand(cents=cents, addressee=PARTY, issued_on=ISSUED, due_on=ON)
        carried.invoice = self._writes(carried, "DeclaredAdmissible", demand=demand).invoice
        return number

    def hands_over(self, number: str) -> None:
        carried = self._carried[number]
        assert carried.invoice is not None
        carried.invoice.collected_on = ON
        self._writes(carried, "HandedToCollection")

    async def send(self, number: str, act: Act) -> None:
        if number in self.stands_still:
            raise NotReachable("case.no-first-entry", number=number)
        if act.request_id not in self.given:
            self._applies(self._carried[number], act)
            self.given.add(act.request_id)
        if self.loses_answers:
            self.loses_answers = False
            raise NotReachable("case.no-first-entry", number=number)

    def _applies(self, carried: Account, act: Act) -> None:
        act.check(carried, ON)
        step = Step(carried)
        step.happens(type(act).__name__)
        (book_payment if isinstance(act, InvoicePaid) else take_booking)(step, act)
        assert step.happened is not None
        self._writes(carried, type(act).__name__, facts=step.happened.facts, credit=step.happened.credit)

    def _writes(self, carried: Account, act: str, **more: Any) -> Any:
        carried.docket.entries += 1
        return self._register.enter(
            Entry(
                number=carried.number,
                sequence=carried.docket.entries,
                recorded_at=datetime(2026, 3, 20, 9, 30, tzinfo=UTC),
                happened_on=ON,
                act=act,
                by="Ann",
                standing=STANDING,
                invoice=carried.invoice.model_copy() if carried.invoice else None,
                **more,
            )
        )
