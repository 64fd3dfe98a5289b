"""Bank movements in the register: each counted once, whatever is read twice or breaks on the way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy

from activities.register import RegisterEntries
from models.acts import InvoiceCredited, InvoicePaid
from models.entry import OpenClock, ToBook
from models.errors import ImproperAct, InputRefused, NotFound
from office.money.reading import understood
from procedures.be_umn.words import Role
from register import accounts as told
from register import payments
from register.clocks import due as falling_due
from register.database import transaction
from register.movement_decisions import decide
from register.statements import Taken
from samples.statements.make import Payment, camt, coda
from tests.register.cases import ON, Cases
from tests.register.paying import FIRST, SECOND, Accounts


def credit_note(cents: int) -> InvoiceCredited:
    return InvoiceCredited(by="Ann", on=ON, request_id=f"credit-{cents}", cents=cents, reason="too much")


@pytest.fixture
def dossiers(database_url: str) -> Cases:
    return Cases(database_url, 100_00, 70_00)


@pytest.fixture
def accounts(database_url: str, dossiers: Cases) -> Accounts:
    return Accounts(database_url, dossiers)


async def test_a_payment_in_parts_and_one_too_many(accounts: Accounts, dossiers: Cases):
    ogm = dossiers.ogm(FIRST)
    stands = await accounts.imports(Payment(40_00, ogm), Payment(80_00, ogm), Payment(5_00, ogm))
    assert [(m["state"], m["reason"], m["rest"]) for m in stands] == [
        ("matched", "partial", 0),
        ("parked", "surplus", 20_00),
        ("parked", "double", 5_00),
    ]
    assert dossiers.invoices[FIRST].paid_on == ON
    report = accounts.reconciles()
    assert (report.invoiced, report.paid, report.open, report.parked) == (170_00, 100_00, 70_00, 25_00)


async def test_the_same_file_twice_and_the_same_movement_in_two_files_count_once(accounts, dossiers):
    pays = [Payment(40_00, dossiers.ogm(FIRST)), Payment(10_00, dossiers.ogm(SECOND))]
    await accounts.imports(content=coda(pays, ON, 7))
    assert accounts.takes_in(understood(coda(pays, ON, 7), "s.cod")) == Taken(known=2)
    again = accounts.takes_in(understood(camt(pays, ON, 7), "s.xml"))
    assert (again.new, again.known, len(again.remarks)) == (0, 2, 1)
    [more] = await accounts.imports(content=coda([*pays, Payment(1_00, dossiers.ogm(FIRST))], ON, 7))
    assert more["cents"] == 1_00
    assert dossiers.invoices[FIRST].paid_cents == 41_00
    assert accounts.reconciles().received == 51_00
    assert accounts.reconciles().told_again == 4


def test_a_movement_that_returns_with_another_amount_refuses_its_file(accounts, dossiers):
    accounts.reads(content=coda([Payment(40_00, reference="R")], ON, 7))
    altered = understood(coda([Payment(41_00, reference="R")], ON, 8), "s")
    with pytest.raises(InputRefused, match="was told before with"):
        accounts.takes_in(altered)


async def test_a_reversal_opens_the_invoice_again(accounts: Accounts, dossiers: Cases):
    ogm = dossiers.ogm(FIRST)
    [paid] = await accounts.imports(Payment(100_00, ogm, reference="THE-ONE"))
    [back] = await accounts.imports(Payment(-100_00, ogm, reverses="THE-ONE"))
    assert (paid["reason"], back["reason"], back["rest"]) == ("exact", "reversed", 0)
    assert dossiers.invoices[FIRST].is_open
    [again] = await accounts.imports(Payment(-100_00, ogm, reverses="THE-ONE"))
    assert again["reason"] == "reversal_unclear"  # taken back already
    assert accounts.reconciles().taken_back == -200_00


async def test_people_assign_split_and_return(accounts: Accounts, dossiers: Cases):
    stands = await accounts.imports(*(Payment(cents, "for you") for cents in (100_00, 60_00, 30_00)))
    one, two, three = (m["movement"] for m in stands)
    assert {m["reason"] for m in stands} == {"no_communication"}
    split = await accounts.decides(one, "split", (FIRST, 60_00), (SECOND, 30_00))
    assert (split["state"], split["rest"]) == ("parked", 10_00)
    assigned = await accounts.decides(two, "assign", (FIRST, None))
    assert (assigned["state"], assigned["reason"], assigned["rest"]) == ("parked", "surplus", 20_00)
    returned = await accounts.decides(three, "return", reason="nobody knows it")
    assert (returned["state"], returned["rest"]) == ("returned", 30_00)
    assert [i.paid_cents for i in dossiers.invoices.values()] == [100_00, 30_00]
    report = accounts.reconciles()
    assert (report.parked, report.to_refund, report.matched) == (30_00, 30_00, 130_00)


async def test_money_that_left_the_account_is_told_with_the_payment_that_it_gives_back(accounts, dossiers):
    [paid, _] = await accounts.imports(Payment(130_00, dossiers.ogm(FIRST)), Payment(50_00, "thank you"))
    await accounts.decides(paid["movement"], "return", reason="too much")
    [one] = [m for m in told.waiting(accounts.url) if m.id == paid["movement"]]
    assert (one.state, one.rest) == ("returned", 30_00)  # promised, and not yet gone
    assert (accounts.reconciles().to_refund, accounts.reconciles().refunded) == (30_00, 0)
    [left] = await accounts.imports(Payment(-40_00, "refund"))
    assert (left["state"], left["reason"]) == ("parked", "negative")
    stands = await accounts.decides(left["movement"], "refund", of=paid["movement"])
    assert (stands["state"], stands["rest"]) == ("parked", -10_00)  # more left than was promised
    assert stands["refunds"] == [{"of": paid["movement"], "cents": 30_00}]
    assert paid["movement"] not in {m.id for m in told.waiting(accounts.url)}
    report = accounts.reconciles()
    assert (report.to_refund, report.refunded, report.refunds_paid) == (0, 30_00, -30_00)
    assert (report.parked, report.put_aside, report.paid_out) == (50_00 - 10_00, 0, -40_00)


async def test_a_surplus_since_a_credit_note_waits_until_it_has_gone_back(accounts, dossiers):
    await accounts.imports(Payment(100_00, dossiers.ogm(FIRST)))
    await dossiers.send(FIRST, credit_note(30_00))
    [surplus] = told.waiting(accounts.url)
    assert (surplus.id, surplus.reason, surplus.rest) == (FIRST, "overpaid", 30_00)
    [left] = await accounts.imports(Payment(-30_00, "refund"))
    stands = await accounts.decides(left["movement"], "refund", of=FIRST)
    assert (stands["state"], stands["reason"], stands["rest"]) == ("matched", "refund", 0)
    assert told.waiting(accounts.url) == []
    assert (dossiers.invoices[FIRST].paid_cents, dossiers.invoices[FIRST].is_open) == (70_00, False)
    report = accounts.reconciles()
    assert (report.paid, report.overpaid, report.matched) == (70_00, 0, 70_00)


async def test_a_refund_meets_only_money_that_came_in_and_waits(accounts: Accounts, dossiers: Cases):
    [paid, waits] = await accounts.imports(Payment(100_00, dossiers.ogm(FIRST)), Payment(9_00, "x"))
    [left] = await accounts.imports(Payment(-9_00, "refund"))
    before = accounts.reconciles()
    for movement, of, wrong in (
        (left["movement"], paid["movement"], ImproperAct),  # an invoice has it
        (left["movement"], left["movement"], ImproperAct),
        (left["movement"], SECOND, ImproperAct),  # no surplus
        (left["movement"], "M-nobody", NotFound),
        (left["movement"], "CUP-2026-999", NotFound),
        (waits["movement"], waits["movement"], ImproperAct),
    ):
        with pytest.raises(wrong):
            decide(accounts.url, movement, "refund", "Bob", ON, of=of)
    assert accounts.reconciles() == before


async def test_a_payment_of_an_invoice_in_collection_waits_and_a_person_may_book_it(accounts, dossiers):
    dossiers.hands_over(FIRST)
    [late] = await accounts.imports(Payment(120_00, dossiers.ogm(FIRST)))
    assert (late["state"], late["reason"]) == ("parked", "in_collection")
    stands = await accounts.decides(late["movement"], "assign", (FIRST, None))
    assert (stands["reason"], stands["rest"]) == ("surplus", 20_00)
    assert dossiers.invoices[FIRST].paid_on == ON
    assert accounts.reconciles().in_collection == 0


async def test_the_first_answer_of_a_dossier_stands(accounts: Accounts, dossiers: Cases):
    """Two attempts overlap: what one was refused is not booked by the other that comes later."""
    file = accounts.reads(Payment(100_00, dossiers.ogm(FIRST)))
    [movement] = told.to_judge(accounts.url, file.sha256)
    [share] = payments.judged(accounts.url, movement)
    assert payments.refused(accounts.url, share, "no")
    payments.booked(accounts.url, share)
    assert [s["state"] for s in told.one(accounts.url, movement)["shares"]] == ["refused"]
    [share] = payments.judged(accounts.url, movement)
    payments.booked(accounts.url, share)
    assert not payments.refused(accounts.url, share, "too late")
    assert [s["state"] for s in told.one(accounts.url, movement)["shares"]] == ["refused", "booked"]


async def test_what_a_dossier_has_not_answered_waits_for_nobody(accounts: Accounts, dossiers: Cases):
    file = accounts.reads(Payment(100_00, dossiers.ogm(FIRST)))
    [movement] = told.to_judge(accounts.url, file.sha256)
    payments.judged(accounts.url, movement)
    assert [one.state for one in told.waiting(accounts.url)] == ["read"]
    assert await accounts.carries(file) == []
    assert told.waiting(accounts.url) == []


async def test_what_a_person_cannot_decide_changes_nothing(accounts: Accounts, dossiers: Cases):
    [parked, matched] = await accounts.imports(Payment(100_00, "x"), Payment(70_00, dossiers.ogm(SECOND)))
    before = accounts.reconciles()
    for movement, decision, wanted, wrong in (
        (matched["movement"], "return", (), ImproperAct),
        (matched["movement"], "assign", ((FIRST, None),), ImproperAct),
        (parked["movement"], "assign", ((SECOND, None),), ImproperAct),  # paid
        (parked["movement"], "assign", (("CUP-2026-999", None),), NotFound),
        (parked["movement"], "split", ((FIRST, 100_01),), ImproperAct),
        (parked["movement"], "split", ((FIRST, 60_00), (FIRST, 30_00)), ImproperAct),
        ("M-nobody", "return", (), NotFound),
    ):
        with pytest.raises(wrong):
            decide(accounts.url, movement, decision, "Bob", ON, wanted)
    assert accounts.reconciles() == before


async def test_what_people_decided_is_never_changed(accounts: Accounts):
    [parked] = await accounts.imports(Payment(1_00, "x"))
    await accounts.decides(parked["movement"], "return", reason="r")
    for sql in ("UPDATE movement_decision SET decision = 'x'", "DELETE FROM movement_decision"):
        with pytest.raises(sqlalchemy.exc.DBAPIError), transaction(accounts.url) as session:
            session.execute(sqlalchemy.text(sql))


async def test_a_share_that_the_dossier_refuses_is_judged_again_by_what_came_between(accounts, dossiers):
    file = accounts.reads(Payment(100_00, dossiers.ogm(FIRST)))
    [movement] = told.to_judge(accounts.url, file.sha256)
    assert [share.cents for share in payments.judged(accounts.url, movement)] == [100_00]
    by_hand = InvoicePaid(by="Ann", on=ON, request_id="by-hand-1", cents=100_00)
    await dossiers.send(FIRST, by_hand)  # before the act of the statement arrived
    assert await accounts.carries(file) == []
    stands = told.one(accounts.url, movement)
    assert (stands["state"], stands["reason"], stands["rest"]) == ("parked", "double", 100_00)
    assert [share["state"] for share in stands["shares"]] == ["refused"]
    accounts.reconciles()


async def test_a_dossier_that_stands_still_holds_up_nobody_else(accounts, dossiers):
    file = accounts.reads(Payment(1_00, dossiers.ogm(FIRST)), Payment(2_00, dossiers.ogm(SECOND)))
    dossiers.stands_still = {FIRST}
    first, second = told.to_judge(accounts.url, file.sha256)
    assert await accounts.books.book(ToBook(movements=(first,))) == [first]
    assert await accounts.books.book(ToBook(movements=(second,))) == []
    assert told.to_judge(accounts.url, file.sha256) == [first]
    assert told.report(accounts.url, 2026).differences  # one act has no answer yet
    dossiers.stands_still = set()
    assert await accounts.carries(file) == []
    accounts.reconciles()


async def test_answers_that_are_lost_double_nothing(accounts: Accounts, dossiers: Cases):
    chance = random.Random(7)
    ogms = [dossiers.ogm(FIRST), dossiers.ogm(SECOND), "nobody's"]
    file = accounts.reads(*(Payment(chance.randint(1, 300), chance.choice(ogms)) for _ in range(60)))
    while left := told.to_judge(accounts.url, file.sha256):
        dossiers.loses_answers = chance.random() < 0.5
        await accounts.books.book(ToBook(movements=tuple(left[: chance.randint(1, 5)])))
    report = accounts.reconciles()
    assert report.matched + report.parked == report.received
    assert report.paid == report.matched


async def test_a_report_says_where_it_does_not_reconcile(accounts: Accounts, dossiers: Cases):
    await accounts.imports(Payment(40_00, dossiers.ogm(FIRST)))
    accounts.reconciles()
    with transaction(accounts.url) as session:
        session.execute(sqlalchemy.text("UPDATE invoice SET paid_cents = 4100 WHERE serial = 1"))
    [difference] = told.report(accounts.url, 2026).differences
    assert "2026-00001" in str(difference)
    assert "40.00 euro, 41.00 are noted" in str(difference)


async def test_a_credit_note_is_counted_once(accounts: Accounts, dossiers: Cases):
    await dossiers.send(FIRST, credit_note(30_00))
    [paid] = await accounts.imports(Payment(70_00, dossiers.ogm(FIRST)))
    assert (paid["reason"], dossiers.invoices[FIRST].is_open) == ("exact", False)
    report = accounts.reconciles()
    assert (report.invoiced, report.credited, report.paid, report.open) == (170_00, 30_00, 70_00, 70_00)


async def test_what_waits_is_listed_with_who_paid(accounts: Accounts, tmp_path: Path):
    await accounts.imports(replace(Payment(1_00, "thank you"), payer="EXEMPLAR"))
    [one] = told.waiting(accounts.url)
    assert (one.cents, one.rest, one.payer, one.reason, one.booked_on) == (
        *(1_00, 1_00, "EXEMPLAR"),
        "no_communication",
        ON,
    )


def test_a_right_to_object_that_has_lapsed_makes_nobody_late(database_url: str, entry):
    clocks = tuple(
        OpenClock(ref=ref, desk=Role.INVOICE_ADDRESSEE, due_on=ON) for ref in ("payment", "payment-appeal")
    )
    RegisterEntries(database_url).enter(entry(clocks=clocks))
    assert {one.clock.ref for one in falling_due(database_url, ON, 0)} == {"payment", "payment-appeal"}
    assert {one.clock.ref for one in falling_due(database_url, ON + timedelta(days=1), 0)} == {"payment"}
