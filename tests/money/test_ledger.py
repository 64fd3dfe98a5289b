"""Payments against a second ledger that knows nothing of ours, to the cent.

Ours is the real one: statements taken into a register on SQLite, judged, sent, answered, decided on and
reported (register/payments.py, register/accounts.py). The second books each event by what people really
meant, which the matching never sees. Whatever happens in whatever order, both must tell the same.

The search is short and always the same by default; `make long` searches twenty thousand sequences.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from activities.invoices import communication
from activities.payments import Payments
from models.acts import InvoiceCredited, InvoicePaid
from models.entry import ToBook
from models.errors import ImproperAct
from models.payments import digits_of
from register import accounts, payments
from register.database import engine, migrate
from register.movement_decisions import decide
from tests.register.cases import ON, Cases

ASKED = os.environ.get("UMN_TEST_EXAMPLES", "")
"""How many sequences; a search that is asked for is a new one each time, or that of `--hypothesis-seed`."""

WRITTEN = (
    lambda ogm: ogm,
    lambda ogm: f"***{ogm[3:-3]}***",
    digits_of,
    lambda ogm: " ".join(digits_of(ogm)),
    lambda ogm: f"invoice, see {ogm[3:-3]} please",
)
NOBODYS = ("", "thank you", "000/0000/09797", "+++123/1234/12300+++")
NUMBERS = [f"CUP-2026-{n:03d}" for n in range(1, 5)]
OGMS = {number: communication(2026, n) for n, number in enumerate(NUMBERS, start=1)}


@dataclass
class Second:
    """The second ledger: what each invoice asks and has, and whose money lies here, by who sent it."""

    asked: dict[str, int] = field(default_factory=dict)
    has: dict[str, int] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    sums: dict[str, int] = field(default_factory=dict)
    lies: dict[str, int] = field(default_factory=dict)
    promised: dict[str, int] = field(default_factory=dict)
    paid: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    came: dict[str, int] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)

    def open(self, number: str) -> int:
        return max(0, self.asked.get(number, 0) - self.has.get(number, 0))

    def surplus(self, number: str) -> int:
        return max(0, self.has.get(number, 0) - self.asked.get(number, 0))

    def adds(self, name: str, cents: int) -> None:
        self.sums[name] = self.sums.get(name, 0) + cents

    def takes(self, number: str, movement: str, cents: int) -> None:
        """An invoice takes, or gives back, a part of a movement."""
        self.has[number] += cents
        self.lies[movement] -= cents
        self.adds("matched", cents)
        if cents > 0:
            self.paid.setdefault(movement, []).append((number, cents))


class AtOnce(ThreadPoolExecutor):
    """Does in this thread what would go to another: nothing here waits for anything."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def, override]
        done: Future = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Life:
    """Both ledgers, and what can happen to them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cases = Cases(url)
        self.books = Payments(url, self.cases.send)
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(AtOnce())
        self.second = Second()
        self.rows: list[dict[str, object]] = []
        self.serial = itertools.count(1)

    def ends(self) -> None:
        self.loop.close()

    def issue(self, cents: int) -> None:
        if len(self.second.asked) < len(NUMBERS):
            number = self.cases.issues(cents)
            self.second.asked[number], self.second.has[number] = cents, 0
            assert self.cases.ogm(number) == OGMS[number]

    def pays(self, number: str, cents: int, written: int, structured: bool) -> None:
        """Somebody pays an invoice, that was issued or not, in the way that people write it."""
        ogm = OGMS[number]
        text = "" if structured else WRITTEN[written](ogm)
        movement = self._moves(cents, structured=digits_of(ogm) if structured else "", communication=text)
        if number not in self.second.shut and (taken := min(cents, self.second.open(number))):
            self.second.takes(number, movement, taken)

    def pays_without(self, cents: int, written: int) -> None:
        """Money of which nobody can tell for what it is."""
        self._moves(cents, communication=NOBODYS[written])

    def leaves(self, cents: int) -> None:
        """The accounts pay somebody."""
        self._moves(-cents)

    def takes_back(self, place: int) -> None:
        """The bank takes a payment back, whole and once, and names it."""
        second = self.second
        came = [name for name, cents in second.came.items() if cents > 0 and name not in second.back]
        if came:
            name = came[place % len(came)]
            second.back.add(name)
            back = self._moves(-second.came[name], reversal=True, reverses=f"B{name}")
            shares = second.paid.get(name, [])
            if len(shares) == 1 and second.has[shares[0][0]] >= shares[0][1]:
                second.takes(shares[0][0], back, -shares[0][1])
                second.paid[name] = []

    def credits(self, number: str, cents: int) -> None:
        invoice = self.cases.invoices.get(number)
        if invoice and (left := invoice.cents - invoice.credited_cents):
            cents = min(cents, left)
            self._does(number, InvoiceCredited, cents, reason="r")
            self.second.asked[number] -= cents
            self.second.adds("credited", cents)

    def collects(self, number: str) -> None:
        if self.second.open(number) and number not in self.second.shut:
            self.cases.hands_over(number)
            self.second.shut.add(number)

    def books_by_hand(self, number: str) -> None:
        """A person books what is open, paid elsewhere; it does not come by the account."""
        if number not in self.second.shut and (cents := self.second.open(number)):
            self._does(number, InvoicePaid, cents)
            self.second.has[number] += cents

    def assigns(self, place: int, number: str) -> None:
        """A person books what waits on an invoice, or takes it from there."""
        name, second = self._waits(place), self.second
        if name and number in second.asked:
            rest = second.lies[name]
            takes = min(rest, second.open(number)) if rest > 0 else rest if second.has[number] >= -rest else 0
            if self._decides(name, "assign", bool(takes), wanted=[(number, None)]):
                second.takes(number, name, takes)

    def returns(self, place: int) -> None:
        if name := self._waits(place):
            self._decides(name, "return", True, reason="r")
            rest = self.second.lies.pop(name)
            if rest > 0:
                self.second.promised[name] = rest
            else:
                self.second.adds("put_aside", rest)

    def refunds(self, place: int, to: int) -> None:
        """Money that left gives back what waits of a movement, or was promised."""
        second = self.second
        name, others = self._left(place), [*second.promised, *second.lies]
        if name and others:
            other = others[to % len(others)]
            kept = second.promised if other in second.promised else second.lies
            cents = min(-second.lies[name], kept[other])
            if self._decides(name, "refund", cents > 0, of=other):
                second.lies[name] += cents
                kept[other] -= cents
                second.adds("refunded", cents)

    def refunds_surplus(self, place: int, number: str) -> None:
        """Money that left gives back what an invoice received beyond what it asks."""
        second = self.second
        if (name := self._left(place)) and number in second.asked:
            cents = min(-second.lies[name], second.surplus(number))
            if self._decides(name, "refund", cents > 0, of=number):
                second.takes(number, name, -cents)

    def told_again(self, place: int) -> None:
        """Another file tells a movement that is known."""
        if self.rows:
            row = self.rows[place % len(self.rows)]
            assert payments.take_in(self.url, self._file("again"), [row]) == 0

    def reconciles(self) -> None:
        """Both ledgers tell the same, and ours says of itself that it adds up."""
        second, report = self.second, accounts.report(self.url, ON.year)
        shut = sum(second.open(number) for number in second.shut)
        gone = second.sums.get("refunded", 0)
        waits = [one for one in accounts.waiting(self.url) if one.state == "parked"]
        assert {one.id: one.rest for one in waits} == {name: c for name, c in second.lies.items() if c}
        assert report.differences == ()
        assert (report.credited, report.matched) == tuple(
            second.sums.get(name, 0) for name in ("credited", "matched")
        )
        assert report.paid == sum(second.has.values())
        assert report.invoiced - report.credited == sum(second.asked.values())
        assert report.in_collection == shut
        assert report.open == sum(second.open(number) for number in second.asked) - shut
        assert report.overpaid == sum(second.surplus(number) for number in second.asked)
        assert report.parked == sum(second.lies.values())
        assert report.to_refund == sum(second.promised.values())
        assert (report.refunded, report.refunds_paid) == (gone, -gone)
        assert report.put_aside == second.sums.get("put_aside", 0)
        assert report.received + report.taken_back + report.paid_out == sum(second.came.values())
        assert sum(second.came.values()) == (
            report.matched + report.parked + report.to_refund + report.put_aside
        )

    def _moves(self, cents: int, **told: object) -> str:
        """A movement of the account is read from a file, and booked."""
        serial = next(self.serial)
        name = f"M-{serial:016d}"
        row: dict[str, object] = {
            "id": name,
            "file": f"file-{serial}",
            "place": 0,
            "account": "BE71096123456769",
            "statement": f"2026-{serial:03d}",
            "sequence": "1",
            "reference": f"B{name}",
            "booked_on": ON,
            "cents": cents,
            "currency": "EUR",
            "structured": "",
            "communication": "",
            "reversal": False,
            "reverses": "",
            "payer": "",
            "payer_account": "",
        } | told
        self.rows.append(row)
        assert payments.take_in(self.url, self._file(f"file-{serial}"), [row]) == 1
        self._books(name)
        self.second.came[name] = self.second.lies[name] = cents
        return name

    def _file(self, name: str) -> dict[str, object]:
        return {"file": name, "name": "s", "form": "coda", "statements": [], "by": "Ann", "imported_on": ON}

    def _books(self, name: str) -> None:
        self.cases.loses_answers = next(self.serial) % 2 == 0  # every other answer is lost on its way
        while self.loop.run_until_complete(self.books.book(ToBook(movements=(name,)))):
            pass

    def _decides(self, name: str, decision: str, stands: bool, **said: object) -> bool:
        """A person decides; what cannot stand is refused."""
        try:
            decide(self.url, name, decision, "Bob", ON, **said)  # type: ignore[arg-type]
        except ImproperAct:
            assert not stands
            return False
        assert stands
        self._books(name)
        return True

    def _does(self, number: str, act: type, cents: int, **said: str) -> None:
        request_id = f"request-{next(self.serial)}"
        self.cases.loses_answers = False
        made = act(by="Ann", on=ON, request_id=request_id, cents=cents, **said)
        self.loop.run_until_complete(self.cases.send(number, made))

    def _left(self, place: int) -> str:
        left = [name for name, cents in self.second.lies.items() if cents < 0]
        return left[place % len(left)] if left else ""

    def _waits(self, place: int) -> str:
        waits = [name for name, cents in self.second.lies.items() if cents]
        return waits[place % len(waits)] if waits else ""


WHICH = st.sampled_from((*NUMBERS[:1] * 4, *NUMBERS))  # the first is there from the beginning
CENTS = st.sampled_from(
    (100, 40, 60, 130, 1, 230)
)  # few, so that they meet: paid whole, in two parts, double
PLACE = st.integers(0, 3)


class Accounts(RuleBasedStateMachine):
    """Hypothesis looks for the shortest life that does not add up."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        url = f"sqlite:///{self.folder / 'register.db'}"
        engine(url).dispose()
        for old in self.folder.glob("register.db*"):
            old.unlink()
        shutil.copyfile(self.folder / "empty.db", self.folder / "register.db")
        self.life = Life(url)

    @initialize(cents=CENTS, paid=CENTS, left=CENTS, credited=st.sampled_from((0, 40, 100)))
    def begins(self, cents, paid, left, credited):
        """An invoice, a payment of it, and money that left: all that follows has something to meet."""
        self.life.issue(cents)
        self.life.pays(NUMBERS[0], paid, 0, True)
        self.life.leaves(left)
        if credited:
            self.life.credits(NUMBERS[0], credited)

    def one_of_ours(self, number: str) -> str:
        """An invoice that was issued; which, the number tells."""
        issued = list(self.life.second.asked)
        return issued[NUMBERS.index(number) % len(issued)]

    def waits(self) -> bool:
        return any(self.life.second.lies.values())

    def left(self) -> bool:
        return any(cents < 0 for cents in self.life.second.lies.values())

    def teardown(self) -> None:
        self.life.ends()

    @rule(cents=CENTS)
    def issue(self, cents):
        self.life.issue(cents)

    @rule(number=WHICH, cents=CENTS, written=st.integers(0, len(WRITTEN) - 1), structured=st.booleans())
    def pays(self, number, cents, written, structured):
        self.life.pays(number, cents, written, structured)

    @rule(cents=CENTS, written=st.integers(0, len(NOBODYS) - 1))
    def pays_without(self, cents, written):
        self.life.pays_without(cents, written)

    @rule(cents=CENTS)
    def leaves(self, cents):
        self.life.leaves(cents)

    @rule(place=PLACE)
    def takes_back(self, place):
        self.life.takes_back(place)

    @rule(number=WHICH, cents=CENTS)
    def credits(self, number, cents):
        self.life.credits(self.one_of_ours(number), cents)

    @rule(number=WHICH)
    def collects(self, number):
        self.life.collects(self.one_of_ours(number))

    @rule(number=WHICH)
    def books_by_hand(self, number):
        self.life.books_by_hand(self.one_of_ours(number))

    @precondition(waits)
    @rule(place=PLACE, number=WHICH)
    def assigns(self, place, number):
        self.life.assigns(place, self.one_of_ours(number))

    @precondition(waits)
    @rule(place=PLACE)
    def returns(self, place):
        self.life.returns(place)

    @precondition(left)
    @rule(place=PLACE, to=PLACE)
    def refunds(self, place, to):
        surplus = [number for number in self.life.second.asked if self.life.second.surplus(number)]
        if to < len(surplus):
            self.life.refunds_surplus(place, surplus[to])
        else:
            self.life.refunds(place, to - len(surplus))

    @precondition(left)
    @rule(place=PLACE, number=WHICH)
    def refunds_what_no_case_has_too_much(self, place, number):
        self.life.refunds_surplus(place, number)

    @rule(place=PLACE)
    def told_again(self, place):
        self.life.told_again(place)

    @invariant()
    def reconciles(self):
        self.life.reconciles()


@pytest.mark.timeout(6 * 3600)
def test_no_sequence_of_payments_and_decisions_loses_a_cent() -> None:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        Accounts.folder = Path(folder)
        migrate(f"sqlite:///{folder}/empty.db")
        engine(f"sqlite:///{folder}/empty.db").dispose()
        Accounts.TestCase.settings = settings(
            max_examples=int(ASKED or 30),
            stateful_step_count=12,
            deadline=None,
            derandomize=not ASKED,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        Accounts.TestCase("runTest").runTest()
