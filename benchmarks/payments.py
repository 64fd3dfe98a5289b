"""Ten thousand movements of a bank statement: read, taken in, and matched with a thousand invoices."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities.invoices import communication
from benchmarks.figures import Figure, Tell, median
from models.payments import Movement, Owed, digits_of, match, movement_id
from models.statements import Told
from office.money.reading import understood
from register import payments
from register.database import migrate, transaction
from register.statements import take_in
from samples.statements.make import Payment, camt, coda

if TYPE_CHECKING:
    from collections.abc import Callable

MOVEMENTS, INVOICES, ROUNDS = 10_000, 1_000, 3
ON = date(2026, 3, 20)


def measure(tell: Tell) -> list[Figure]:
    """Rates on one core; the register is SQLite, and no act leaves: dossiers are measured elsewhere."""
    moved = _payments()
    figures = []
    for form, content in {"CODA": _coda(moved), "camt.053": camt(moved, ON)}.items():
        tell(f"reading {form}")
        rates = [MOVEMENTS / _seconds(understood, content, "s") for _ in range(ROUNDS)]
        figures.append(median("payments", f"movements read from {form}", rates, "per second"))
    file = understood(_coda(moved), "s")
    told = [_movement(one) for statement in file.statements for one in statement.movements]
    owed = _owed()
    tell("matching")
    rates = [MOVEMENTS / _seconds(_all, told, owed) for _ in range(ROUNDS)]
    figures.append(median("payments", "movements matched, pure", rates, "per second"))
    tell("taking in and judging, in the register")
    taking, judging = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'register.db'}"
            _prepare(url)
            taking.append(MOVEMENTS / _seconds(take_in, url, file, "Ann", ON))
            some = [movement_id(file.sha256, place) for place in range(INVOICES)]
            judging.append(len(some) / _seconds(_judge, url, some))
    figures.append(median("payments", "movements taken in", taking, "per second"))
    figures.append(median("payments", "movements matched in the register", judging, "per second"))
    return figures


def _payments() -> list[Payment]:
    chance = random.Random(20_190_415)
    ways: list[Callable[[str], str]] = [lambda ogm: ogm, lambda ogm: f"your invoice {ogm[3:-3]}, thanks"]
    return [
        Payment(
            chance.randint(1, 500_000),
            chance.choice(ways)(communication(2026, chance.randint(1, INVOICES + 100))),
        )
        for _ in range(MOVEMENTS)
    ]


def _coda(moved: list[Payment]) -> bytes:
    """Two statements: one has room for 9,999 movements."""
    half = len(moved) // 2
    first, opening = moved[:half], 1_000_000
    closing = opening + sum(payment.cents for payment in first)
    return coda(first, ON, 1, opening, last=False) + coda(moved[half:], ON, 2, closing)


def _owed() -> dict[str, Owed]:
    return {
        digits_of(communication(2026, n)): Owed(f"2026-{n:05d}", f"CUP-2026-{n:03d}", ON, 455_079)
        for n in range(1, INVOICES + 1)
    }


def _prepare(url: str) -> None:
    from models.register import InvoiceRow

    migrate(url)
    with transaction(url) as session:
        for n in range(1, INVOICES + 1):
            session.add(
                InvoiceRow(
                    invoice=f"2026-{n:05d}",
                    year=2026,
                    serial=n,
                    number=f"CUP-2026-{n:03d}",
                    cents=455_079,
                    communication=communication(2026, n),
                    addressee="p",
                    issued_on=ON,
                    due_on=ON,
                )
            )


def _movement(told: Told) -> Movement:
    same = {name: getattr(told, name) for name in Movement.__slots__ if name not in ("id", "currency")}
    return Movement(id="M-1", **same)


def _judge(url: str, movements: list[str]) -> None:
    for movement in movements:
        payments.judged(url, movement)


def _all(movements: list[Movement], owed: dict[str, Owed]) -> None:
    for movement in movements:
        match(movement, owed)


def _seconds(do: Callable[..., Any], *arguments: Any) -> float:
    began = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - began
