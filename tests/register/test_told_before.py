"""One movement is one movement, however it is told: by whatever file, in whatever form and words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.entry import ToBook
from models.errors import ImproperAct
from models.payments import digits_of
from office.money.reading import understood
from register import accounts as told
from register.movement_decisions import decide
from samples.statements.make import Payment, camt, coda
from tests.register.cases import ON, Cases
from tests.register.paying import FIRST, SECOND, Accounts

TOLD = Path(__file__).parent.parent / "money" / "told"
"""Small statements of banks that name nothing, or name all alike; everything in them is invented."""


@pytest.fixture
def dossiers(database_url: str) -> Cases:
    return Cases(database_url, 1_000_00, 1_000_00)


@pytest.fixture
def accounts(database_url: str, dossiers: Cases) -> Accounts:
    return Accounts(database_url, dossiers)


def case(name: str, **meant: str) -> bytes:
    """A statement of the folder, for our own invoices and of our own days."""
    said = {digits.removeprefix("_"): digits_of(ogm) for digits, ogm in meant.items()}
    said |= {"2026-11-28": "2026-03-20", "271126": "190326", "281126": "200326"}
    content = (TOLD / name).read_text()
    return re.sub("|".join(said), lambda found: said[found[0]], content).encode()


async def test_an_export_told_anew_under_a_fresh_name_counts_once(accounts: Accounts, dossiers: Cases):
    ours = {"_260000002190": dossiers.ogm(FIRST)}
    await accounts.imports(content=case("export-a.xml", **ours))
    assert await accounts.imports(content=case("export-b.xml", **ours)) == []
    [more] = await accounts.imports(content=case("export-c.xml", **ours))  # with one more of that day
    assert (more["cents"], more["reason"]) == (1_00, "no_communication")
    assert dossiers.invoices[FIRST].paid_cents == 500_00
    report = accounts.reconciles()
    assert (report.received, report.told_again) == (501_00, 2)
    assert [(b.opening, b.moved, b.closing) for b in report.balances] == [(10_000_00, 501_00, 10_501_00)]


@pytest.mark.parametrize("first", ["batch-total.xml", "batch-details.xml"])
async def test_a_total_and_its_details_are_one(accounts: Accounts, dossiers: Cases, first: str):
    ours = {"_260000015126": dossiers.ogm(FIRST), "_260000001180": dossiers.ogm(SECOND)}
    files = [case(name, **ours) for name in ("batch-total.xml", "batch-details.xml")]
    for content in files if first == "batch-total.xml" else reversed(files):
        await accounts.imports(content=content)
    assert [invoice.paid_cents for invoice in dossiers.invoices.values()] == [300_00, 500_00]
    report = accounts.reconciles()
    assert (report.received, report.matched, report.parked) == (800_00, 800_00, 0)
    for content in files:
        assert accounts.takes_in(understood(content + b"\n", "again.xml")).new == 0
    assert accounts.reconciles().received == 800_00


async def test_the_parts_of_a_total_are_one_with_entries_of_their_own(accounts: Accounts):
    nobodys = "+++123/1234/12300+++"  # both parts wait
    ours = {"_260000015126": nobodys, "_260000001180": nobodys}
    await accounts.imports(content=case("batch-details.xml", **ours))
    parts = [Payment(cents, nobodys, reference="NONREF") for cents in (300_00, 500_00)]
    for again in (camt, coda):
        taken = accounts.takes_in(understood(again(parts, ON, 8), "s"))
        assert (taken.new, taken.known, taken.unclear) == (0, 2, 0)
        assert "tells 2 entries of 2 that were told before" in str(taken.remarks[0])
    report = accounts.reconciles()
    assert (report.received, report.parked, report.told_again) == (800_00, 800_00, 4)


async def test_a_total_that_was_given_out_stays_so_when_its_details_come(accounts: Accounts, dossiers: Cases):
    ours = {"_260000015126": dossiers.ogm(FIRST), "_260000001180": dossiers.ogm(SECOND)}
    [total] = await accounts.imports(content=case("batch-total.xml", **ours))
    await accounts.decides(total["movement"], "assign", (SECOND, None))
    taken = accounts.takes_in(understood(case("batch-details.xml", **ours), "details.xml"))
    assert (taken.new, taken.unclear) == (0, 0)
    (named,) = [str(remark) for remark in taken.remarks if remark.key == "money.named-in-details"]
    assert total["movement"] in named
    assert digits_of(dossiers.ogm(FIRST)) in named
    assert [invoice.paid_cents for invoice in dossiers.invoices.values()] == [0, 800_00]
    accounts.reconciles()


async def test_entries_without_a_reference_of_their_own_are_as_many_as_the_statement_tells(
    accounts, dossiers
):
    ours = {"_260000014116": dossiers.ogm(FIRST), "_260000015126": dossiers.ogm(SECOND)}
    stands = await accounts.imports(content=case("nonref.xml", **ours))
    assert [m["reason"] for m in stands] == ["exact", "exact"]
    assert accounts.reconciles().received == 2_000_00


async def test_a_bank_that_numbers_each_statement_000_tells_each_day(accounts: Accounts, dossiers: Cases):
    ours = {"_260000001180": dossiers.ogm(FIRST)}
    for day in ("zeros-day-1.cod", "zeros-day-2.cod", "zeros-day-1.cod"):
        await accounts.imports(content=case(day, **ours))
    assert dossiers.invoices[FIRST].paid_cents == 1_000_00
    assert accounts.reconciles().received == 1_000_00


PAYS = (Payment(40_00, "one"), Payment(40_00, "one"), Payment(10_00, "two", payer_account="BE75999000001450"))


@pytest.mark.parametrize("reference", ["NONREF", "", "B{n}"])
@pytest.mark.parametrize("again", [coda, camt])
async def test_coda_and_camt_of_one_account_are_one(accounts: Accounts, again, reference: str):
    pays = [replace(pay, reference=reference.format(n=n)) for n, pay in enumerate(PAYS)]
    await accounts.imports(content=(camt if again is coda else coda)(pays, ON, 7))
    assert await accounts.imports(content=again(pays, ON, 1)) == []
    report = accounts.reconciles()
    assert (report.received, report.told_again) == (90_00, 3)


async def test_a_payment_like_another_of_that_day_in_the_next_statement_is_another_one(accounts: Accounts):
    pay = Payment(40_00, "one", reference="NONREF")
    await accounts.imports(pay)
    [second] = await accounts.imports(pay)
    assert second["reason"] == "no_communication"
    report = accounts.reconciles()
    assert (report.received, report.told_again) == (80_00, 0)
    [day] = await accounts.imports(content=camt([pay, pay, replace(pay, cents=1_00)], ON, 9))  # the whole day
    assert day["cents"] == 1_00
    assert accounts.reconciles().received == 81_00


def unclear(accounts: Accounts) -> tuple[dict, str]:
    """A payment, and one like it from a statement of which the balances do not tell where it stands."""
    pay = Payment(40_00, "for you", reference="NONREF")
    file = accounts.reads(pay)
    [known] = accounts.of(file)
    gap = accounts.reads(content=camt([pay], ON, 9, opening=2_000_000))
    [maybe] = accounts.of(gap)
    return told.one(accounts.url, maybe), known


async def test_what_only_chance_could_tell_waits_with_what_it_may_be(accounts: Accounts, dossiers: Cases):
    maybe, known = unclear(accounts)
    assert (maybe["state"], maybe["reason"], maybe["candidates"]) == ("parked", "perhaps_known", [known])
    [shown] = [one for one in told.waiting(accounts.url) if one.id == maybe["movement"]]
    assert [(one["id"], one["cents"], one["file"]) for one in shown.candidates] == [(known, 40_00, "s.cod")]
    report = told.report(accounts.url, 2026)
    assert (report.received, report.unclear, report.reconciled) == (40_00, 40_00, False)
    for decision, wanted, of in (
        ("assign", ((FIRST, None),), ""),
        ("return", (), ""),
        ("same", (), maybe["movement"]),
    ):
        with pytest.raises(ImproperAct, match="may be"):
            decide(accounts.url, maybe["movement"], decision, "Bob", ON, wanted, "r", of)
    [other] = await accounts.imports(content=coda([Payment(1_00, "x")], ON + timedelta(days=1), 12, 7_000))
    with pytest.raises(ImproperAct, match="of its own"):
        decide(accounts.url, other["movement"], "different", "Bob", ON)


async def test_a_person_says_that_it_is_the_same_and_it_counts_once(accounts: Accounts, dossiers: Cases):
    maybe, known = unclear(accounts)
    stands = await accounts.decides(maybe["movement"], "same", of=known)
    assert (stands["state"], stands["reason"], stands["rest"]) == ("known", "same", 0)
    report = told.report(accounts.url, 2026)
    assert (report.received, report.unclear, report.told_again) == (40_00, 0, 1)


async def test_a_person_takes_back_that_it_is_the_same(accounts: Accounts):
    maybe, known = unclear(accounts)
    await accounts.decides(maybe["movement"], "same", of=known)
    stands = await accounts.decides(maybe["movement"], "different")
    assert (stands["state"], stands["reason"], stands["rest"]) == ("parked", "no_communication", 40_00)
    report = told.report(accounts.url, 2026)
    assert (report.received, report.told_again) == (80_00, 0)


def told_otherwise(accounts: Accounts, *cents: int) -> list[str]:
    """Movements of 3 and 5 euro; then those of a statement that stands between the same balances."""
    accounts.reads(Payment(3_00, "a"), Payment(5_00, "b"))
    return accounts.of(accounts.reads(content=camt([Payment(one, f"{one}") for one in cents], ON, 9)))


async def test_nothing_of_another_amount_can_be_the_same(accounts: Accounts):
    [maybe, _] = told_otherwise(accounts, 2_00, 4_00)
    [shown] = [one for one in told.waiting(accounts.url) if one.id == maybe]
    assert (shown.reason, shown.candidates) == ("perhaps_known", ())
    [known] = [one.id for one in told.waiting(accounts.url) if one.cents == 3_00]
    for decision in ("same", "return"):
        with pytest.raises(ImproperAct, match=r"nothing of that has its amount, 2\.00 EUR"):
            decide(accounts.url, maybe, decision, "Bob", ON, (), "r", known if decision == "same" else "")
    assert "money.unclear-alone" in {one.key for one in told.report(accounts.url, 2026).differences}
    assert (await accounts.decides(maybe, "different"))["rest"] == 2_00


async def test_what_is_the_same_only_together_is_decided_together(accounts: Accounts):
    one, other = told_otherwise(accounts, 2_00, 6_00)
    [shown] = [each for each in told.waiting(accounts.url) if each.id == one]
    assert [known["cents"] for known in shown.candidates] in ([3_00, 5_00], [5_00, 3_00])
    await accounts.decides(one, "same", of=shown.candidates[0]["id"])
    assert [told.one(accounts.url, each)["reason"] for each in (one, other)] == ["same", "same"]
    assert told.report(accounts.url, 2026).received == 8_00
    both = decide(accounts.url, other, "different", "Bob", ON)
    assert sorted(both) == sorted((one, other))
    assert await accounts.books.book(ToBook(movements=both)) == []
    assert told.report(accounts.url, 2026).received == 16_00


async def test_parts_of_a_sum_of_which_one_is_also_like_a_payment_are_said_to_be_the_sum(accounts: Accounts):
    [alike] = accounts.of(accounts.reads(Payment(3_00, "a")))
    [total] = accounts.of(accounts.reads(content=camt([Payment(6_00)], ON, 8, 20_000_00)))
    statement = camt([Payment(3_00, "a"), Payment(3_00, "b")], ON, 9, 30_000_00)
    one, other = accounts.of(accounts.reads(content=statement))
    assert [told.one(accounts.url, each)["candidates"] for each in (one, other)] == [[alike, total], [total]]
    await accounts.decides(other, "same", of=total)
    assert [told.one(accounts.url, each)["reason"] for each in (one, other)] == ["same", "same"]
    assert told.report(accounts.url, 2026).received == 9_00


async def test_parts_are_those_of_their_sum_also_where_a_longer_statement_passes_their_beginning(
    accounts: Accounts,
):
    accounts.reads(Payment(40_00, "a"))  # to 10,040.00; what follows is told late
    accounts.reads(content=camt([Payment(80_00)], ON, 8, 20_040_00))
    day = [
        Payment(cents, why, reference="NONREF")
        for cents, why in ((40_00, "a"), (10_000_00, "b"), (80_00, ""))
    ]
    accounts.reads(content=coda(day, ON, 9, 10_000_00))
    parts = [Payment(40_00, why, reference="NONREF") for why in ("a", "c")]
    first, second = accounts.of(accounts.reads(content=camt(parts, ON, 10, 20_040_00)))
    assert {told.one(accounts.url, each)["reason"] for each in (first, second)} == {""}
    report = told.report(accounts.url, 2026)
    assert (report.received, report.differences) == (10_120_00, ())


async def test_a_sum_that_gave_way_to_its_parts_is_known_by_its_reference(accounts: Accounts):
    accounts.reads(content=camt([Payment(6_00, reference="SUM")], ON, 8))
    parts = camt([Payment(3_00, "a", reference="NONREF"), Payment(3_00, "b", reference="NONREF")], ON, 9)
    accounts.reads(content=parts)
    assert (
        accounts.of(accounts.reads(content=camt([Payment(6_00, reference="SUM")], ON, 10, 50_000_00))) == []
    )
    assert told.report(accounts.url, 2026).received == 6_00


async def test_a_person_says_that_it_is_another_one_and_it_is_judged(accounts: Accounts, dossiers: Cases):
    maybe, _ = unclear(accounts)
    stands = await accounts.decides(maybe["movement"], "different")
    assert (stands["state"], stands["reason"], stands["candidates"]) == ("parked", "no_communication", [])
    report = told.report(accounts.url, 2026)
    assert (report.received, report.unclear) == (80_00, 0)
    assert [m.key for m in report.differences] == ["money.gap"]  # what moved between is not known


@pytest.mark.parametrize("opening", [11_400_00, 10_000_00 - 40_00])
async def test_a_statement_that_begins_with_what_never_stood_that_day_is_told(
    accounts: Accounts, opening: int
):
    accounts.reads(Payment(40_00, "one"))  # from 10,000.00 to 10,040.00
    for follows in (10_000_00, 10_040_00):
        content = coda([Payment(7_00, f"after {follows}")], ON, 8, follows)
        told_of = accounts.takes_in(understood(content, "s.cod")).remarks
        assert "money.does-not-follow" not in [remark.key for remark in told_of]
    taken = accounts.takes_in(understood(coda([Payment(40_00, "two")], ON, 9, opening), "t.cod"))
    assert "money.does-not-follow" in [remark.key for remark in taken.remarks]


async def test_a_day_on_which_the_account_comes_back_to_where_it_was_adds_up(accounts: Accounts):
    moved = ((40_00, "in"), (-40_00, "out"), (500_00, "late"), (5_00, "last"))
    in_, out, late, last = (Payment(cents, why, reference=why.upper()) for cents, why in moved)
    for serial, (payments, opening) in enumerate(
        [([in_], 10_000_00), ([out], 10_040_00), ([last], 10_500_00), ([in_, out, late, last], 10_000_00)],
        start=1,
    ):
        accounts.takes_in(understood(coda(payments, ON, serial, opening), "s.cod"))
    report = told.report(accounts.url, 2026)
    assert [(one.opening, one.moved, one.closing) for one in report.balances] == [
        (10_000_00, 505_00, 10_505_00)
    ]
    assert report.differences == ()


@pytest.mark.parametrize(
    ("out", "opening", "closed", "goes_on"),
    [  # the second one ends where the first one did, or begins where that began
        (-500_00, 10_540_00, "10,040.00", "10,540.00"),
        (-5_00, 10_000_00, "10,040.00", "10,000.00"),
    ],
)
async def test_a_statement_missing_within_a_day_is_a_gap_even_where_the_others_meet(
    accounts: Accounts, out: int, opening: int, closed: str, goes_on: str
):
    moves = ((40_00, 10_000_00), (out, opening))
    for serial, (cents, begins) in enumerate(moves, start=1):
        payment = Payment(cents, "moved", reference=f"B{serial}")
        accounts.takes_in(understood(coda([payment], ON, serial, begins), "s.cod"))
    [unclear] = [one.id for one in told.waiting(accounts.url) if one.reason == "perhaps_known"]
    await accounts.decides(unclear, "different")
    [gap] = told.report(accounts.url, 2026).differences
    assert gap.key == "money.gap"
    assert f"on {ON} it ended with {closed} EUR, on {ON} it begins with {goes_on}" in str(gap)


async def test_a_day_whose_statements_meet_in_a_ring_differs_where_one_of_them_is_missing(
    accounts: Accounts,
):
    up, down, last = (
        Payment(cents, reference=why.upper())
        for cents, why in ((40_00, "in"), (-40_00, "out"), (-5_00, "last"))
    )
    before = coda([Payment(1_00, "before")], ON - timedelta(days=1), 1, 9_999_00)
    days = [(up, 10_000_00), (down, 10_040_00), (last, 10_040_00)]
    told_so = [coda([one], ON, serial, begins) for serial, (one, begins) in enumerate(days, start=2)]
    for content in (before, *told_so):
        accounts.takes_in(understood(content, "s.cod"))
    [differs] = told.report(accounts.url, 2026).differences
    assert differs.key == "money.day-differs"  # nothing says between which balances


async def test_a_statement_that_does_not_follow_the_last_one_is_told_and_its_gap_named(accounts: Accounts):
    accounts.reads(Payment(40_00, "one"))
    later = ON + timedelta(days=3)
    taken = accounts.takes_in(understood(coda([Payment(5_00, "two")], later, 9, 2_000_000), "s.cod"))
    [remark] = taken.remarks
    assert (
        "009 begins with 20,000.00 EUR; the last one known before it, of 2026-03-20, ended with 10,040.00"
        in (str(remark))
    )
    [gap] = [m for m in told.report(accounts.url, 2026).differences if m.key == "money.gap"]
    assert "on 2026-03-20 it ended with 10,040.00 EUR, on 2026-03-23 it begins with 20,000.00" in str(gap)
