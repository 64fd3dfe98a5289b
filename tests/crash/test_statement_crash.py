"""A statement of many movements, with the server and the worker taken away by -9 in the middle."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from register.accounts import counted, report
from samples.statements.make import Payment, coda
from tests.cli.desk import civil_today, eventually, office
from tests.crash.test_crash import Machine

pytestmark = pytest.mark.server

DOSSIERS, SEED = 4, 20_190_415
EACH = 1_000_00


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("movements", "kills"), [(120, 2), pytest.param(500, 3, marks=pytest.mark.long)])
def test_each_movement_of_a_statement_counts_once_whatever_is_taken_away(
    tmp_path: Path, movements: int, kills: int
) -> None:
    chance = random.Random(SEED)
    with office(tmp_path / "var") as desk:
        machine = Machine(desk)
        invoices = {}
        for _ in range(DOSSIERS):
            number = desk.submits(tmp_path)
            desk.does("declare-admissible", number)
            desk.does("fix-contribution", number, "--amount", f"{EACH / 100:.2f}", "--source", "test")
            invoices[number] = desk.sees(number)["invoices"][0]["communication"]
        numbers = list(invoices)
        meant = [chance.choice([*numbers, ""]) for _ in range(movements)]
        payments = [Payment(chance.randint(1, 20_00), invoices.get(number, "thanks")) for number in meant]
        file = tmp_path / "statement.cod"
        file.write_bytes(coda(payments, civil_today()))
        url = desk.settings.register_url

        first = desk.starts("payments", "import", str(file), "-o", "json")
        eventually(lambda: _kept(url), patience=60)
        sha = _kept(url)
        for kill in range(kills):
            # a movement is booked in some 50 ms: somewhere within the next quarter of them
            target = movements - (kill + 1) * movements // (kills + 1)
            eventually(lambda: counted(url, sha)["on_their_way"] <= target, patience=240)  # noqa: B023
            machine.falls_in(chance.uniform(0, 0.1))
            machine.stands()
        first.communicate(timeout=120)
        for _ in range(20):
            answer = desk.asks("payments", "import", str(file), "-o", "json")
            if answer.code == 0:
                break
            answer.ended(5)
            time.sleep(0.5)
        [told] = answer.ended(0).document
        assert machine.failures == kills
        assert (told["movements"], told["new"], told["on_their_way"]) == (movements, 0, 0)
        assert told["matched"] + told["parked"] == movements

        for number in numbers:
            mine = [p.cents for p, to in zip(payments, meant, strict=True) if to == number]
            case = desk.sees(number)
            [invoice] = case["invoices"]
            assert invoice["paid_cents"] == min(EACH, sum(mine))
            booked = [line for line in case["entries"] if line["act"] == "PaymentReceived"]
            assert sum(line["facts"]["cents"] for line in booked) == invoice["paid_cents"]
            assert len({line["facts"]["movement"] for line in booked}) == len(booked)
            assert desk.entries_in_history(number) == len(case["entries"])
        year = report(url, civil_today().year)
        assert year.differences == ()
        assert (year.received, year.on_their_way) == (sum(p.cents for p in payments), 0)
        assert year.matched + year.parked == year.received


def _kept(url: str) -> str:
    from models.errors import NotReachable
    from register.reading import questions

    try:
        with questions(url) as ask:
            rows = ask("SELECT file FROM statement")
    except NotReachable:
        return ""
    return str(rows[0][0]) if rows else ""
