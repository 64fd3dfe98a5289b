"""Payments against a second ledger that knows nothing of ours, to the cent.

Ours is the real one: statements taken into a register on SQLite, judged, sent, answered, decided on and
reported. The second books each event by what people really meant and by what really moved, which ours never
sees: the bank tells movements again, in either form, with and without its references, in other parts of the
day, as totals and as details, late and out of order. Both must tell the same, and the balances too.

The search is short and always the same by default; `make long` searches twenty thousand sequences.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
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
from models.statements import Statement, StatementFile, Told
from office.money.reading import understood
from register import accounts
from register.database import engine, migrate
from register.movement_decisions import decide
from register.reading import questions
from register.statements import take_in
from samples.statements.make import ACCOUNT, Payment, camt, coda
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


@dataclass
class Moved:
    """What really moved on the account, and its name in the register once that knows it."""

    payment: Payment
    means: Callable[[str], None]
    opening: int
    name: str = ""
    named: bool = False
    parts: tuple[Payment, ...] = ()
    in_parts: bool = False


def batch(moved: Moved, serial: int) -> StatementFile:
    """A statement that tells what moved with its parts."""
    parts = [
        Told(
            entry=1,
            sequence=f"1/{place:04d}",
            reference=moved.payment.reference,
            booked_on=ON,
            cents=part.cents,
            structured=part.digits,
            communication="" if part.digits else part.communication,
            payer_account=part.payer_account,
        )
        for place, part in enumerate(moved.parts, start=1)
    ]
    closing = moved.opening + moved.payment.cents
    told = Statement(ACCOUNT, "EUR", f"2026-{serial}", moved.opening, closing, ON, tuple(parts))
    return StatementFile(f"batch-{serial}", "s", "camt.053", (told,))


class Life:
    """Both ledgers, and what can happen to them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cases = Cases(url)
        self.books = Payments(url, self.cases.send)
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(AtOnce())
        self.second = Second()
        self.moved: list[Moved] = []
        self.kept_back: list[Moved] = []
        self.decided: set[str] = set()
        self.serial = itertools.count(1)

    def ends(self) -> None:
        self.loop.close()

    def issue(self, cents: int) -> None:
        if len(self.second.asked) < len(NUMBERS):
            number = self.cases.issues(cents)
            self.second.asked[number], self.second.has[number] = cents, 0
            assert self.cases.ogm(number) == OGMS[number]

    def pays(self, number: str, cents: int, written: int, structured: bool, times: int = 1) -> None:
        """Somebody pays an invoice, that was issued or not, in the way that people write it."""
        ogm = OGMS[number]
        payment = Payment(cents, ogm if structured else WRITTEN[written](ogm), free=not structured)
        moved = [self._moves(payment, lambda name: self._pays_by(number, name)) for _ in range(times)]
        self._tells(moved)

    def pays_without(self, cents: int, written: int, kept_back: bool = False) -> None:
        """Money of which nobody can tell for what it is; the bank may tell it later than what follows it."""
        more = 0
        if kept_back:  # an amount that comes back by nothing, not by others together either
            more = 1_000_000 * 2 ** sum(one.payment.cents > 1_000_000 for one in self.moved)
        moved = self._moves(Payment(cents + more, NOBODYS[written], free=True))
        if kept_back:
            self.kept_back.append(moved)
        else:
            self._tells([moved])

    def pays_in_a_batch(self, number: str, cents: int, in_parts: bool) -> None:
        """Two payments of one order: the bank tells their sum, or also the parts."""
        moved = self._moves(Payment(2 * cents))
        moved.parts = (Payment(cents, OGMS[number]), Payment(cents, "thank you", free=True))
        if in_parts:
            self._tells_parts(moved)
        else:
            self._tells([moved])

    def tells_the_parts(self, place: int) -> None:
        """The bank tells the parts of a sum; they count in its stead while nobody has decided on it."""
        if batches := [moved for moved in self.moved if moved.parts]:
            self._tells_parts(batches[place % len(batches)])

    def _tells_parts(self, moved: Moved) -> None:
        names = [name for name, _, _ in self._takes_in(batch(moved, next(self.serial)))]
        if moved.name and (moved.in_parts or moved.name in self.decided):
            assert names == []
            return
        self._counts_in_parts(moved, names)

    def _counts_in_parts(self, moved: Moved, names: list[str]) -> None:
        assert len(names) == len(moved.parts)
        if moved.name:
            del self.second.lies[moved.name], self.second.came[moved.name]
        moved.name, moved.in_parts = names[0], True
        for name, part in zip(names, moved.parts, strict=True):
            if accounts.one(self.url, name)["reason"] == "perhaps_known":
                self._tells_apart(name, same=False)
            self._comes(name, part.cents)
            if part.digits:
                [number] = [number for number, ogm in OGMS.items() if ogm == part.communication]
                self._pays_by(number, name)

    def tells_the_parts_apart(self, place: int, form: str) -> None:
        """The bank tells the parts of a sum as entries of their own."""
        if not (batches := [moved for moved in self.moved if moved.parts and moved.name]):
            return
        moved, serial = batches[place % len(batches)], next(self.serial)
        parts = [replace(part, reference="NONREF") for part in moved.parts]
        write = {"coda": coda, "camt": camt}[form]
        brought = self._takes_in(understood(write(parts, ON, serial, moved.opening), "s"))
        unclear = [name for name, _, reason in brought if reason == "perhaps_known"]
        if brought and not unclear:  # they count in its stead
            assert not moved.in_parts
            assert moved.name not in self.decided
            self._counts_in_parts(moved, [name for name, _, _ in brought])
            return
        assert len(brought) == len(unclear)
        for name in unclear:
            if accounts.one(self.url, name)["state"] == "parked":
                self._tells_apart(name, same=True, of=moved.name)

    def leaves(self, cents: int) -> None:
        """The accounts pay somebody."""
        self._tells([self._moves(Payment(-cents))])

    def takes_back(self, place: int) -> None:
        """The bank takes a payment back, whole and once, and names it."""
        second = self.second
        came = [one for one in self.moved if one.name in second.came and one.payment.cents > 0]
        came = [one for one in came if one.name not in second.back and not one.parts]
        if came:
            one = came[place % len(came)]
            second.back.add(one.name)
            back = Payment(-one.payment.cents, reverses=one.payment.reference)
            self._tells([self._moves(back, lambda name: self._takes_back_by(one, name))])

    def _pays_by(self, number: str, name: str) -> None:
        if number not in self.second.shut and number in self.second.has:
            taken = min(self.second.lies[name], self.second.open(number))
            if taken:
                self.second.takes(number, name, taken)

    def _takes_back_by(self, one: Moved, back: str) -> None:
        second, shares = self.second, self.second.paid.get(one.name, [])
        if len(shares) == 1 and second.has[shares[0][0]] >= shares[0][1] and one.named:
            second.takes(shares[0][0], back, -shares[0][1])
            second.paid[one.name] = []

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

    def tells_again(self, first: int, last: int, form: str, named: bool) -> None:
        """The bank tells a part of the day again, or all of it: known or not, in either form."""
        if self.moved:
            first %= len(self.moved)
            some = self.moved[first : max(first + 1, len(self.moved) - last)]
            self._tells(some, form, named)

    def tells_late(self) -> None:
        """The statement that was kept back comes."""
        if self.kept_back:
            self._tells([self.kept_back[0]])

    def reconciles(self) -> None:
        """Both ledgers tell the same, and ours says of itself that it adds up."""
        second, report = self.second, accounts.report(self.url, ON.year)
        shut = sum(second.open(number) for number in second.shut)
        gone = second.sums.get("refunded", 0)
        waits = [one for one in accounts.waiting(self.url) if one.state == "parked"]
        assert {one.id: one.rest for one in waits} == {name: c for name, c in second.lies.items() if c}
        missing = [place for place, one in enumerate(self.moved) if one in self.kept_back]
        gap = any(one.name for one in self.moved[missing[0] :]) if missing else False
        assert {one.key for one in report.differences} == ({"money.gap"} if gap else set())
        if not missing:
            [balance] = report.balances
            assert balance.opening + balance.moved == balance.closing
            assert balance.moved == sum(one.payment.cents for one in self.moved)
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

    def _moves(self, payment: Payment, means: Callable[[str], None] = lambda name: None) -> Moved:
        """Money moves on the account; nobody has told of it yet."""
        last = self.moved[-1] if self.moved else None
        opening = last.opening + last.payment.cents if last else 1_000_000
        moved = Moved(replace(payment, reference=f"B{len(self.moved):05d}"), means, opening)
        self.moved.append(moved)
        return moved

    def _tells(self, some: list[Moved], form: str = "", named: bool = True) -> None:
        """The bank tells what moved, in one statement: what is known counts once, and all else counts."""
        serial = next(self.serial)
        write = {"coda": coda, "camt": camt}[form or ("coda" if serial % 2 else "camt")]
        told = [one.payment if named else replace(one.payment, reference="NONREF") for one in some]
        file = understood(write(told, ON, serial, some[0].opening), "s")
        brought = self._takes_in(file)
        alike: dict[tuple[int, str], list[Moved]] = {}
        for one in some:
            alike.setdefault((one.payment.cents, one.payment.communication), []).append(one)
        names: dict[int, str] = {}
        for ones in alike.values():
            entries = {some.index(one) + 1 for one in ones}
            mine = [row for row in brought if row[1] in entries]
            unclear = [name for name, _, reason in mine if reason == "perhaps_known"]
            new = [name for name, _, reason in mine if reason != "perhaps_known"]
            unknown = [one for one in ones if not one.name]
            told_before = len(unclear) + len(new) - len(unknown)
            assert len(new) <= len(unknown)  # nothing that is known is booked again
            assert told_before >= 0  # and nothing that is new is dropped
            told_by = {name: some[entry - 1] for name, entry, _ in mine}
            unclear.sort(key=lambda name: not told_by[name].name)
            for place, name in enumerate(unclear):
                self._tells_apart(name, same=place < told_before)
            counts = [*new, *unclear[told_before:]]
            own = {id(told_by[name]): name for name in counts if not told_by[name].name}
            rest = [name for name in counts if name not in own.values()]  # alike: it may be either
            for one in unknown:
                one.name, one.named = own.get(id(one)) or rest.pop(0), named
                names[id(one)] = one.name
            assert rest == []
        for one in some:
            if id(one) in names:
                self._comes(one.name, one.payment.cents)
                one.means(one.name)
        self.kept_back = [one for one in self.kept_back if not one.name]

    def _takes_in(self, file: StatementFile) -> list[tuple[str, int, str]]:
        """What a file brings that is not known: name, place of its entry, and why it waits."""
        take_in(self.url, file, "Ann", ON)
        with questions(self.url) as ask:
            rows = ask("SELECT id, entry, reason FROM movement WHERE file = ? ORDER BY place", [file.sha256])
        return [(name, entry, reason) for name, entry, reason in rows]

    def _tells_apart(self, name: str, same: bool, of: str = "") -> None:
        """A person says of what may be known whether it is, and which one where several can be."""
        if same:
            can_be = accounts.one(self.url, name)["candidates"]
            decide(self.url, name, "same", "Bob", ON, of=of if of in can_be else can_be[0])
        else:
            decide(self.url, name, "different", "Bob", ON)
            self.decided.add(name)

    def _comes(self, name: str, cents: int) -> None:
        """A movement that counts is booked."""
        self._books(name)
        self.second.came[name] = self.second.lies[name] = cents

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
        self.decided |= {name, str(said.get("of", ""))}
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

    @rule(
        number=WHICH,
        cents=CENTS,
        written=st.integers(0, len(WRITTEN) - 1),
        structured=st.booleans(),
        times=st.sampled_from((1, 1, 2)),
    )
    def pays(self, number, cents, written, structured, times):
        self.life.pays(number, cents, written, structured, times)

    @rule(cents=CENTS, written=st.integers(0, len(NOBODYS) - 1), kept_back=st.booleans())
    def pays_without(self, cents, written, kept_back):
        self.life.pays_without(cents, written, kept_back)

    @rule(number=WHICH, cents=CENTS, in_parts=st.booleans())
    def pays_in_a_batch(self, number, cents, in_parts):
        self.life.pays_in_a_batch(number, cents, in_parts)

    @rule(place=PLACE)
    def tells_the_parts(self, place):
        self.life.tells_the_parts(place)

    @rule(place=PLACE, form=st.sampled_from(("coda", "camt")))
    def tells_the_parts_apart(self, place, form):
        self.life.tells_the_parts_apart(place, form)

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

    @rule(
        first=st.integers(0, 9),
        last=st.integers(0, 9),
        form=st.sampled_from(("coda", "camt")),
        named=st.booleans(),
    )
    def tells_again(self, first, last, form, named):
        self.life.tells_again(first, last, form, named)

    @rule(form=st.sampled_from(("coda", "camt")))
    def tells_the_day(self, form):
        self.life.tells_again(0, 0, form, named=False)

    @rule()
    def tells_late(self):
        self.life.tells_late()

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
            max_examples=int(ASKED or 200),
            stateful_step_count=12,
            deadline=None,
            derandomize=not ASKED,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        Accounts.TestCase("runTest").runTest()
