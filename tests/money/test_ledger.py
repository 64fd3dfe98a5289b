"""Payments against a second ledger that knows nothing of ours: twenty thousand lives, to the cent.

The second ledger books each event on three accounts by what the payer really meant (which the matching
never sees); ours reads statements. Whatever happens in whatever order, both must tell the same.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from activities.invoices import communication
from models.dossier import Invoice
from models.payments import Movement, Owed, Paid, Reason, State, Verdict, digits_of, match, pay

DAY = date(2026, 3, 2)
SEQUENCES = 20_000
EXAMPLES = int(os.environ.get("UMN_TEST_EXAMPLES", "300"))
"""Of the search by hypothesis; 20000 for a night."""

WRITTEN = (
    lambda ogm: ogm,
    lambda ogm: f"***{ogm[3:-3]}***",
    digits_of,
    lambda ogm: " ".join(digits_of(ogm)),
    lambda ogm: f"invoice, see {ogm[3:-3]} please",
)
NOBODYS = ("", "thank you", "000/0000/09797", "+++123/1234/12300+++")
INVOICES = [(f"2026-{n:05d}", communication(2026, n)) for n in range(1, 5)]


@dataclass
class Second:
    """The second ledger: what each invoice still asks, what it has, and whose money lies here."""

    asked: dict[int, int] = field(default_factory=dict)
    has: dict[int, int] = field(default_factory=dict)
    shut: set[int] = field(default_factory=set)
    suspense: int = 0
    bank: int = 0
    sent_back: int = 0

    def takes(self, which: int, cents: int) -> int:
        """What the invoice takes of a payment that was meant for it."""
        if which in self.shut or which not in self.asked:
            return 0
        return max(0, min(cents, self.asked[which] - self.has[which]))


class Life:
    """Both ledgers, and what can happen to them."""

    def __init__(self) -> None:
        self.invoices: dict[int, Invoice] = {}
        self.paid: dict[int, list[Paid]] = {}
        self.rests: dict[str, int] = {}
        self.shares: dict[str, list[tuple[int, int]]] = {}
        self.second = Second()
        self.moved = 0

    def issue(self, cents: int) -> None:
        if len(self.invoices) < len(INVOICES):
            which = len(self.invoices)
            name, ogm = INVOICES[which]
            self.invoices[which] = Invoice(
                invoice=name, cents=cents, communication=ogm, issued_on=DAY, due_on=DAY
            )
            self.paid[which] = []
            self.second.asked[which], self.second.has[which] = cents, 0

    def pays(self, which: int, cents: int, written: int, structured: bool) -> None:
        """Somebody pays an invoice, that was issued or not, in the way that people write it."""
        ogm = INVOICES[which][1]
        text = "" if structured else WRITTEN[written](ogm)
        verdict = self._reads(cents, digits_of(ogm) if structured else "", text)
        taken = self.second.takes(which, cents)
        assert sum(share.cents for share in verdict.shares) == taken
        self._second_books(which, cents, taken)

    def pays_without(self, cents: int, written: int, currency: str) -> None:
        """Money of which nobody can tell for what it is."""
        if currency != "EUR":
            verdict = match(Movement("M-x", DAY, cents, currency), self._owed())
            assert (verdict.state, verdict.reason) == (State.PARKED, Reason.OTHER_CURRENCY)
            return  # another account's affair
        verdict = self._reads(cents, "", NOBODYS[written])
        assert not verdict.shares
        self._second_books(-1, cents, 0)

    def takes_back(self, place: int) -> None:
        """The bank takes a payment back, whole, and names it."""
        mine = [(which, paid) for which, all_ in self.paid.items() for paid in all_ if paid.share > 0]
        if mine:
            which, paid = mine[place % len(mine)]
            verdict = self._reads(-paid.cents, "", "", reversal=True, reverses=paid.reference)
            assert [(s.invoice, s.cents) for s in verdict.shares] == [(INVOICES[which][0], -paid.share)]
            self._second_books(which, -paid.cents, -paid.share)

    def credits(self, which: int, cents: int) -> None:
        invoice = self.invoices.get(which)
        if invoice and (left := invoice.cents - invoice.credited_cents):
            cents = min(cents, left)
            invoice.credit(cents, DAY)
            self.second.asked[which] -= cents

    def collects(self, which: int) -> None:
        invoice = self.invoices.get(which)
        if invoice and invoice.is_open:
            invoice.collected_on = DAY
            self.second.shut.add(which)

    def books_by_hand(self, which: int) -> None:
        """A person books what is open, paid elsewhere; it does not come by the account."""
        invoice = self.invoices.get(which)
        if invoice and invoice.is_open:
            cents = invoice.owed_cents
            assert cents == self.second.takes(which, cents)
            invoice.receive(cents, DAY)
            self.second.has[which] += cents
            self.second.bank += cents
            self.moved += cents

    def assigns(self, place: int, which: int) -> None:
        """A person books what waits on an invoice."""
        waits = [name for name, rest in self.rests.items() if rest > 0]
        if waits and which in self.invoices:
            name = waits[place % len(waits)]
            rest = self.rests[name]
            verdict = pay(Movement(name, DAY, rest), self._owed_of(which))
            taken = self.second.takes(which, rest)
            assert sum(share.cents for share in verdict.shares) == taken
            self._books(Movement(name, DAY, rest), verdict)
            self.second.has[which] += taken
            self.second.suspense -= taken

    def returns(self, place: int) -> None:
        waits = [name for name, rest in self.rests.items() if rest]
        if waits:
            name = waits[place % len(waits)]
            self.second.suspense -= self.rests[name]
            self.second.sent_back += self.rests.pop(name)

    def reconciles(self) -> None:
        """Both ledgers tell the same, of each invoice and of all."""
        second = self.second
        for which, invoice in self.invoices.items():
            assert invoice.received_cents == second.has[which]
            assert invoice.cents - invoice.credited_cents == second.asked[which]
            assert invoice.owed_cents == max(0, second.asked[which] - second.has[which])
            asks_nothing = which in second.shut or second.has[which] >= second.asked[which]
            assert invoice.is_open == (not asks_nothing)
        waits = sum(self.rests.values())
        received = sum(invoice.received_cents for invoice in self.invoices.values())
        assert waits == second.suspense
        assert self.moved == second.bank == received + waits + second.sent_back

    def _reads(self, cents: int, structured: str, text: str, **more: Any) -> Verdict:
        name = f"M-{len(self.shares)}"
        movement = Movement(name, DAY, cents, "EUR", structured, text, f"B{name}", **more)
        verdict = match(movement, self._owed())
        assert verdict == match(movement, self._owed())
        self.shares[name] = []
        self.rests[name] = cents
        self.moved += cents
        self._books(movement, verdict)
        return verdict

    def _books(self, movement: Movement, verdict: Verdict) -> None:
        for share in verdict.shares:
            which = next(w for w, invoice in self.invoices.items() if invoice.invoice == share.invoice)
            if share.cents > 0:
                self.invoices[which].receive(share.cents, DAY)
                if movement.reference:
                    self.paid[which].append(
                        Paid(movement.id, movement.reference, movement.cents, share.cents)
                    )
            else:
                self.invoices[which].take_back(-share.cents, DAY)
                self.paid[which] = [paid for paid in self.paid[which] if paid.movement != share.reverses]
            self.rests[movement.id] -= share.cents
        assert self.rests[movement.id] == verdict.rest
        assert (verdict.state is State.MATCHED) == (verdict.rest == 0)

    def _second_books(self, which: int, cents: int, taken: int) -> None:
        self.second.bank += cents
        self.second.suspense += cents - taken
        if taken:
            self.second.has[which] += taken

    def _owed(self) -> dict[str, Owed]:
        return {digits_of(i.communication): self._owed_of(which) for which, i in self.invoices.items()}

    def _owed_of(self, which: int) -> Owed:
        invoice = self.invoices[which]
        return Owed(
            invoice=invoice.invoice,
            number=f"CUP-2026-{which:03d}",
            issued_on=invoice.issued_on,
            cents=invoice.cents,
            credited_cents=invoice.credited_cents,
            received_cents=invoice.received_cents,
            collected=invoice.collected_on is not None,
            paid=tuple(self.paid[which]),
        )


def test_twenty_thousand_lives_reconcile_to_the_cent() -> None:
    chance = random.Random(20_060_720)
    happened = 0
    for _ in range(SEQUENCES):
        life = Life()
        life.issue(chance.randint(1, 200))
        for _ in range(chance.randint(2, 12)):
            which, cents = chance.randrange(len(INVOICES)), chance.randint(1, 250)
            match chance.randrange(10):
                case 0:
                    life.issue(cents)
                case 1 | 2 | 3:
                    which = which % max(1, len(life.invoices)) if chance.random() < 0.9 else which
                    life.pays(which, cents, chance.randrange(len(WRITTEN)), chance.random() < 0.5)
                case 4:
                    life.pays_without(cents, chance.randrange(len(NOBODYS)), chance.choice(("EUR", "USD")))
                case 5:
                    life.takes_back(chance.randrange(9))
                case 6:
                    life.credits(which, cents)
                case 7:
                    chance.choice((life.collects, life.books_by_hand))(which)
                case 8:
                    life.assigns(chance.randrange(9), which)
                case _:
                    life.returns(chance.randrange(9))
            happened += 1
            life.reconciles()
    assert happened > SEQUENCES * 6


WHICH = st.integers(0, len(INVOICES) - 1)
CENTS = st.integers(1, 250)
PLACE = st.integers(0, 8)


class Accounts(RuleBasedStateMachine):
    """The same, with hypothesis looking for the shortest life that does not add up."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    @rule(cents=CENTS)
    def issue(self, cents):
        self.life.issue(cents)

    @rule(which=WHICH, cents=CENTS, written=st.integers(0, len(WRITTEN) - 1), structured=st.booleans())
    def pays(self, which, cents, written, structured):
        self.life.pays(which, cents, written, structured)

    @rule(cents=CENTS, written=st.integers(0, len(NOBODYS) - 1), currency=st.sampled_from(["EUR", "USD"]))
    def pays_without(self, cents, written, currency):
        self.life.pays_without(cents, written, currency)

    @rule(place=PLACE)
    def takes_back(self, place):
        self.life.takes_back(place)

    @rule(which=WHICH, cents=CENTS)
    def credits(self, which, cents):
        self.life.credits(which, cents)

    @rule(which=WHICH)
    def collects(self, which):
        self.life.collects(which)

    @rule(which=WHICH)
    def books_by_hand(self, which):
        self.life.books_by_hand(which)

    @rule(place=PLACE, which=WHICH)
    def assigns(self, place, which):
        self.life.assigns(place, which)

    @rule(place=PLACE)
    def returns(self, place):
        self.life.returns(place)

    @invariant()
    def reconciles(self):
        self.life.reconciles()


TestAccounts = Accounts.TestCase
TestAccounts.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestAccounts = pytest.mark.timeout(3600)(TestAccounts)
