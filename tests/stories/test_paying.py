"""The contribution paid in parts, taken back, credited, and without an amount: what bank statements bring."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.acts import (
    ClaimInterrupted,
    Closed,
    ContributionFixed,
    CourtSeised,
    Decided,
    DeclaredAdmissible,
    InvoiceCredited,
    InvoicePaid,
    ObjectionDecided,
    ObjectionHeard,
    ObjectionRecorded,
    OpinionGiven,
    PaymentReceived,
    PublicationRecorded,
    ServicesSuspended,
    Withdrawn,
)
from models.errors import ImproperAct, UntimelyAct
from office.money.debts import debts, interest_of
from office.money.payments import decide, import_statement
from office.money.reading import read
from register.accounts import report, waiting
from register.reading import document, questions
from register.views import laws
from samples.statements.make import Payment, camt, coda

OPINIONS = ("ethics_committee", "commission")


class Bank:
    """Sends a statement a day, of which the office reads every movement."""

    def __init__(self, office, folder: Path) -> None:
        self._office = office
        self._folder = folder
        self._number, self._balance = 0, 1_000_000

    async def tells(self, *payments: Payment, form=coda) -> dict:
        today = await self._office.looks_at_the_calendar()
        self._number += 1
        file = self._folder / f"{today}-{self._number}"
        file.write_bytes(form(payments, today, self._number % 1000, self._balance))
        self._balance += sum(payment.cents for payment in payments)
        settings, client = self._office.settings, self._office.client
        with self._office.environment.auto_time_skipping_disabled():
            return await import_statement(settings, read(file), "Ann", today, lambda done, of: None, client)

    def waits(self) -> list:
        return [one for one in waiting(self._office.settings.register_url) if one.state == "parked"]

    async def decides(self, decision: str, *numbers: str, movement: str = "", of: str = "") -> dict:
        """What a person decides; on the movement that was read last, when none is named."""
        settings, client = self._office.settings, self._office.client
        movement = movement or self.waits()[-1].id
        wanted = [(number, None) for number in numbers]
        with self._office.environment.auto_time_skipping_disabled():
            return await decide(
                settings, movement, decision, "Bob", self._office.today, wanted, client=client
            )

    def reconciles(self) -> None:
        assert report(self._office.settings.register_url, self._office.today.year).differences == ()


@pytest.fixture(scope="module")
def bank(office, tmp_path_factory) -> Bank:
    return Bank(office, tmp_path_factory.mktemp("bank"))


async def invoiced(office, cents: int = 100_00, **more):
    """A dossier with its invoice out. Returns: its number and the invoice."""
    number = await office.submits(**more)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=cents, source="the accounts")
    return number, office.shows(number).invoices[0]


def invoice(office, number):
    [held] = office.shows(number).invoices
    return held


async def test_a_payment_in_two_parts_settles_the_invoice_on_the_day_of_the_second(office, bank):
    number, issued = await invoiced(office)
    ogm = issued.communication
    first = await bank.tells(Payment(40_00, ogm))
    assert (first["new"], first["matched"]) == (1, 1)
    assert (invoice(office, number).paid_cents, invoice(office, number).paid_on) == (40_00, None)
    assert "book-payment" in office.shows(number).state.possible
    with pytest.raises(ImproperAct, match=r"60.00 euro, not 100.00"):
        await office.performs(number, InvoicePaid, cents=100_00)
    second = await bank.tells(Payment(60_00, f"dossier of ours, {ogm[3:-3]}"), form=camt)
    assert (second["matched"], second["parked"]) == (1, 0)
    held = invoice(office, number)
    assert (held.paid_cents, held.paid_on) == (100_00, office.today)
    assert office.acts(number)[-2:] == ["PaymentReceived", "PaymentReceived"]
    assert "book-payment" not in office.shows(number).state.possible


async def test_more_than_is_open_is_never_booked(office, bank):
    number, issued = await invoiced(office)
    with pytest.raises(ImproperAct, match=r"100.00 are open"):
        await office.performs(number, PaymentReceived, cents=100_01, movement="M-x")
    told = await bank.tells(Payment(130_00, issued.communication), Payment(1_00, issued.communication))
    assert (told["parked"], invoice(office, number).paid_cents) == (2, 100_00)


async def test_a_reversal_opens_the_invoice_again_and_reminders_begin_anew(office, bank):
    number, issued = await invoiced(office)
    await bank.tells(Payment(100_00, issued.communication, reference="ORIGINAL"))
    await office.days_pass(200)
    assert "PaymentReminded" not in office.acts(number)
    await bank.tells(Payment(-100_00, issued.communication, reverses="ORIGINAL"))
    assert office.acts(number)[-1] == "PaymentReversed"
    assert invoice(office, number).paid_on is None
    assert "book-payment" in office.shows(number).state.possible
    await office.days_pass(3)
    assert office.acts(number)[-1] == "PaymentReminded"
    assert invoice(office, number).reminders == 1
    await office.performs(number, InvoicePaid, cents=100_00)


async def test_a_credit_note_shrinks_what_is_open_and_the_whole_one_ends_it(office, bank):
    number, _issued = await invoiced(office)
    receipt = await office.performs(number, InvoiceCredited, cents=30_00, reason="The lower rate applies.")
    assert receipt.letters == ("credit-note",)
    assert "book-payment" in receipt.possible
    held = invoice(office, number)
    assert (held.cents, held.credited_cents, held.paid_on) == (100_00, 30_00, None)
    with pytest.raises(ImproperAct, match=r"70.00 euro at most"):
        await office.performs(number, InvoiceCredited, cents=70_01, reason="r")
    receipt = await office.performs(number, InvoiceCredited, reason="Nothing is due.")
    assert "book-payment" not in receipt.possible
    assert office.shows(number).entries[-1].facts["cents"] == 70_00
    with pytest.raises(ImproperAct, match="nothing to credit"):
        await office.performs(number, InvoiceCredited, reason="again")
    await office.days_pass(200)
    assert not {"PaymentReminded", "HandedToCollection"} & set(office.acts(number))


async def test_after_a_withdrawal_the_contribution_stays_due_and_its_payment_ends_the_case(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    assert not office.shows(number).state.ended
    told = await bank.tells(Payment(100_00, issued.communication))
    assert told["matched"] == 1
    assert office.shows(number).state.ended
    late = await bank.tells(Payment(100_00, issued.communication))
    assert late["parked"] == 1
    with pytest.raises(UntimelyAct):
        await office.performs(number, InvoicePaid, cents=100_00)


async def test_a_payment_taken_back_after_the_end_is_owed_and_pressed_for_again(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    await bank.tells(Payment(100_00, issued.communication, reference="AFTER-THE-END"))
    ended = office.shows(number).state
    back = await bank.tells(Payment(-100_00, issued.communication, reverses="AFTER-THE-END"))
    assert (back["matched"], back["parked"]) == (1, 0)
    stands = office.shows(number).state
    assert (stands.phase, stands.ended, stands.possible) == ("withdrawn", False, ("book-payment",))
    assert (stands.entry, stands.holder) == (ended.entry + 1, ended.holder)
    assert invoice(office, number).paid_on is None
    await office.days_pass(33)
    assert office.acts(number)[-1] == "PaymentReminded"
    assert ("invoice-reminder", "invoice_addressee") in {
        letter[1:] for letter in await office.letters(number)
    }
    await bank.tells(Payment(60_00, issued.communication))
    await office.performs(number, InvoicePaid, cents=40_00)
    assert office.shows(number).state.ended
    assert office.acts(number)[-3:] == ["PaymentReminded", "PaymentReceived", "InvoicePaid"]
    assert invoice(office, number).paid_on == office.today
    bank.reconciles()


async def test_of_two_late_payments_one_is_taken_back_and_the_other_takes_its_place(office, bank):
    number, issued = await invoiced(office)
    for body in OPINIONS:
        await office.performs(number, OpinionGiven, body=body, view="unfavourable")
    await office.performs(number, Decided, outcome="refused", grounds="g")
    ogm = issued.communication
    twice = await bank.tells(
        Payment(100_00, ogm, reference="LATE-1"), Payment(100_00, ogm, reference="LATE-2")
    )
    assert (twice["matched"], twice["parked"]) == (1, 1)
    assert office.shows(number).state.ended
    await bank.tells(Payment(-100_00, ogm, reverses="LATE-1"))
    assert not office.shows(number).state.ended
    stands = await bank.decides("assign", number)
    assert (stands["state"], stands["reason"]) == ("matched", "assigned")
    assert office.shows(number).state.phase == "refused"
    assert office.shows(number).state.ended
    bank.reconciles()


async def test_what_was_handed_over_to_collection_may_still_be_paid_here(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    await office.days_pass(150)
    assert office.acts(number)[-1] == "HandedToCollection"
    assert office.shows(number).state.ended
    late = await bank.tells(Payment(40_00, issued.communication), Payment(60_00, issued.communication))
    assert late["parked"] == 2  # whoever collects must know: a person books it
    assert bank.waits()[-1].reason == "in_collection"
    await bank.decides("assign", number)
    assert (invoice(office, number).paid_cents, invoice(office, number).paid_on) == (60_00, None)
    await bank.decides("assign", number)
    held = invoice(office, number)
    assert (held.paid_cents, held.paid_on) == (100_00, office.today)
    assert held.collected_on is not None
    bank.reconciles()


async def test_an_invoice_is_credited_after_the_end_once_however_often_it_is_sent(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    await bank.tells(Payment(100_00, issued.communication))
    said = {"cents": 30_00, "reason": "The lower rate applies."}
    receipt = await office.performs(number, InvoiceCredited, "credit-after-the-end", **said)
    assert (receipt.letters, receipt.possible, receipt.phase.value) == (("credit-note",), (), "withdrawn")
    again = await office.performs(number, InvoiceCredited, "credit-after-the-end", **said)
    assert (again.entry, again.act) == (receipt.entry, "InvoiceCredited")
    assert invoice(office, number).credited_cents == 30_00
    with pytest.raises(ImproperAct, match=r"70.00 euro at most"):
        await office.performs(number, InvoiceCredited, cents=70_01, reason="r")
    receipt = await office.performs(number, InvoiceCredited, reason="Nothing was due.")  # the same account
    assert office.shows(number).entries[-1].facts["cents"] == 70_00
    assert office.shows(number).state.ended
    bank.reconciles()


async def test_an_account_that_comes_again_to_what_it_booked_gives_the_same_receipt(office, bank):
    number, _issued = await invoiced(office)
    await office.performs(number, InvoicePaid, cents=100_00)
    await office.performs(number, Withdrawn)
    act = InvoiceCredited(by="Ann", request_id="credit-as-of-two", cents=10_00, reason="r")
    once = await account_takes(office, number, act)
    again = await account_takes(office, number, act)  # by another run: the first has ended
    assert (again.entry, again.act) == (once.entry, once.act)
    assert invoice(office, number).credited_cents == 10_00


async def test_two_credit_notes_at_once_after_the_end_both_stand(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    await bank.tells(Payment(100_00, issued.communication))
    both = (office.performs(number, InvoiceCredited, cents=c, reason="r") for c in (10_00, 20_00))
    one, other = await asyncio.gather(*both)
    assert abs(one.entry - other.entry) == 1
    assert invoice(office, number).credited_cents == 30_00
    bank.reconciles()


async def test_a_programme_that_has_closed_stays_closed_while_its_invoice_is_open_again(office, bank):
    number, issued = await invoiced(office)
    for body in OPINIONS:
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    await bank.tells(Payment(100_00, issued.communication, reference="OF-A-PROGRAMME"))
    await office.performs(number, Closed, grounds="reimbursed", continuity_plan="p")
    closed = office.shows(number).state
    await bank.tells(Payment(-100_00, issued.communication, reverses="OF-A-PROGRAMME"))
    stands = office.shows(number).state
    assert (stands.phase, stands.public_list, stands.ended) == ("closed", "closed", False)
    for kept in ("authorised_on", "last_update_on", "review_on", "title", "subject"):
        assert getattr(stands, kept) == getattr(closed, kept)
    await office.performs(number, InvoicePaid, cents=100_00)
    await office.performs(number, PublicationRecorded)
    assert office.shows(number).state.ended
    bank.reconciles()


async def account_takes(office, number, act):
    from office.desk.sending import ATTEMPT, asked

    envelope = (await office.signs(act.by))(number, act)
    return await asked(office.client, office.settings, number, act, envelope, ATTEMPT, ended=True)


async def test_a_person_assigns_what_nobody_could_match(office, bank):
    number, _issued = await invoiced(office)
    await bank.tells(Payment(100_00, "thank you"))
    movement = bank.waits()[-1].id
    stands = await bank.decides("assign", number)
    assert (stands["state"], stands["reason"]) == ("matched", "assigned")
    line = office.shows(number).entries[-1]
    assert (line.act, line.by, line.facts["movement"]) == ("PaymentReceived", "Bob", movement)


async def test_a_payment_reaches_the_programme_that_the_dossier_has_become(office, bank):
    number, issued = await invoiced(office)
    for body in OPINIONS:
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    await bank.tells(Payment(60_00, issued.communication, reference="PART"))
    await bank.tells(Payment(40_00, issued.communication))
    assert invoice(office, number).paid_on == office.today
    await bank.tells(Payment(-60_00, issued.communication, reverses="PART"))
    assert "book-payment" in office.shows(number).state.possible
    await office.days_pass(33)
    assert office.acts(number)[-1] == "PaymentReminded"
    await office.performs(number, InvoicePaid, cents=60_00)


async def test_an_invoice_is_reminded_of_after_the_earlier_reading_and_pressed_for_after_the_later(office):
    """The term has two starts since 14 June 2026: the day of sending, and the third working day after it.

    Also for a dossier of before: what counts is the day of the notice.
    """
    number, issued = await invoiced(office, opened_on=date(2026, 1, 5))
    clocks = {clock["ref"]: clock for clock in office.shows(number).entries[-1].clocks}
    assert clocks["payment"]["clock"]["limit"]["amount"] == 30
    told = laws(office.settings.register_url, [clocks["payment"]["clock"]["law"]]).popitem()[1]["clauses"]
    assert (told["payment"]["from_on"], told["interest-floor"]["degree"]) == ("2026-06-14", "read")
    late_on = date.fromisoformat(clocks["payment"]["late_on"])
    assert issued.due_on == date.fromisoformat(clocks["payment"]["due_on"]) < late_on
    await office.waits_until(issued.due_on + timedelta(days=1))
    assert "PaymentReminded" in office.acts(number)
    assert invoice(office, number).reminders == 1
    assert not [flag for flag in office.shows(number).state.flags if flag.startswith("invoice-overdue")]
    await office.waits_until(issued.due_on + timedelta(days=30))
    assert invoice(office, number).reminders == 1
    await office.waits_until(late_on + timedelta(days=30))
    assert invoice(office, number).reminders == 2
    assert [flag for flag in office.shows(number).state.flags if flag.startswith("invoice-overdue")]
    await office.performs(number, InvoicePaid, cents=100_00)


async def test_the_time_to_object_is_a_clock_that_the_invoice_names(office):
    number, issued = await invoiced(office)
    last = issued.issued_on + timedelta(days=30)
    clocks = {clock["ref"]: clock for clock in office.shows(number).entries[-1].clocks}
    assert clocks["payment-appeal"]["due_on"] == last.isoformat()
    assert clocks["payment-appeal"]["desk"] == "invoice_addressee"
    await office.waits_until(last + timedelta(days=2))  # past it, and past the first reminder
    await office.performs(number, InvoicePaid, cents=100_00)
    assert "payment-appeal" not in {clock["ref"] for clock in office.shows(number).entries[-1].clocks}


async def test_an_unpaid_invoice_stops_no_limit_and_silence_authorises_a_debtor_too(office):
    number, _issued = await invoiced(office)
    for body in OPINIONS:
        receipt = await office.performs(number, OpinionGiven, body=body, view="favourable")
    assert {"decide", "book-payment"} <= {*receipt.possible}
    await office.days_pass(150)
    assert {"TacitDecision", "HandedToCollection"} <= {*office.acts(number)}
    assert office.shows(number).state.kind == "programme"


async def test_an_amount_that_nobody_fixed_holds_up_nothing_and_is_invoiced_in_the_life_of_the_programme(
    office,
):
    number = await office.submits()
    receipt = await office.performs(number, DeclaredAdmissible)
    assert (receipt.phase, receipt.letters.count("opinion-request")) == ("opinion", 2)
    due_since = office.today
    for body in OPINIONS:
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    await office.performs(number, Decided, outcome="authorised", grounds="g")
    await office.days_pass(40)
    stands = office.shows(number)
    assert (stands.state.kind, "contribution-unfixed" in stands.state.flags) == ("programme", True)
    (task,) = [clock for clock in stands.entries[-1].clocks if clock["ref"] == "contribution"]
    assert (task["desk"], task["due_on"]) == ("desk", f"{due_since}")
    late = {"sme_attested_on": due_since + timedelta(days=1)}
    with pytest.raises(ImproperAct, match="counts as a large one"):
        await office.performs(number, ContributionFixed, cents=100_00, source="the accounts", **late)
    in_time = {"sme_attested_on": due_since}
    receipt = await office.performs(number, ContributionFixed, cents=100_00, source="the accounts", **in_time)
    assert receipt.letters == ("invoice",)
    assert invoice(office, number).issued_on == office.today
    assert "contribution-unfixed" not in office.shows(number).state.flags
    with pytest.raises(UntimelyAct):
        await office.performs(number, ContributionFixed, cents=100_00, source="again")
    await office.performs(number, InvoicePaid, cents=100_00)


async def test_a_case_does_not_end_before_its_contribution_is_invoiced_and_settled(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    receipt = await office.performs(number, Withdrawn)
    assert (receipt.phase, receipt.possible) == ("withdrawn", ("fix-contribution",))
    assert not office.shows(number).state.ended
    receipt = await office.performs(number, ContributionFixed, cents=100_00, source="the accounts")
    assert receipt.possible == ("book-payment",)
    await office.performs(number, InvoicePaid, cents=100_00)
    assert office.shows(number).state.ended


def passed(office, number):
    lines = [line for line in office.shows(number).entries if line.act == "LimitPassed"]
    return [clause for line in lines if (clause := line.facts["clause"]).startswith("objection")]


WHOLE = {"hearing": "wanted", "addressed": True, "signed": True, "notice": True, "reasoned": True}
FIXED = {"cents": 60_00, "grounds": "The lower amount applies.", "decided_by": "Administrator-general A"}


async def test_an_objection_that_lacks_a_signature_is_null_and_a_whole_one_is_heard_before_it_is_decided(
    office,
):
    number, _issued = await invoiced(office)
    receipt = await office.performs(number, ObjectionRecorded, **(WHOLE | {"signed": False}))
    assert office.shows(number).entries[-1].facts["lacks"] == ["signature"]
    assert (receipt.letters, "hear-objection" in receipt.possible) == (("objection-answered",), False)
    receipt = await office.performs(number, ObjectionRecorded, **WHOLE)
    assert {"hear-objection", "decide-objection", "record-court"} <= {*receipt.possible}
    with pytest.raises(UntimelyAct):
        await office.performs(number, ObjectionRecorded, **WHOLE)
    with pytest.raises(ImproperAct, match="asked to be heard"):
        await office.performs(number, ObjectionDecided, **FIXED)
    await office.days_pass(150)  # beyond the day of collection: what is contested is not handed over
    assert passed(office, number) == ["objection-decision"]
    assert [flag for flag in office.shows(number).state.flags if "objection-decision" in flag]
    assert "HandedToCollection" not in office.acts(number)
    await office.performs(number, ObjectionHeard)
    receipt = await office.performs(number, ObjectionDecided, **FIXED)
    assert receipt.letters == ("credit-note", "objection-answered")
    assert invoice(office, number).credited_cents == 40_00
    await office.performs(number, CourtSeised)
    await office.days_pass(120)
    assert "HandedToCollection" not in office.acts(number)
    await office.performs(number, InvoicePaid, cents=60_00)


async def test_without_a_decision_what_is_asked_is_final_after_twice_three_months(office):
    number, _issued = await invoiced(office)
    await office.performs(number, ObjectionRecorded, **(WHOLE | {"hearing": "not_wanted"}))
    await office.days_pass(170)
    assert passed(office, number) == ["objection-decision"]
    assert "HandedToCollection" not in office.acts(number)
    await office.days_pass(20)
    assert passed(office, number) == ["objection-decision", "objection-court"]
    assert "HandedToCollection" in office.acts(number)


async def test_an_objection_after_the_end_is_decided_in_the_account_and_then_final(office, bank):
    number, issued = await invoiced(office)
    await office.performs(number, Withdrawn)
    await bank.tells(Payment(100_00, issued.communication))
    await office.days_pass(40)
    objection = WHOLE | {"hearing": "not_wanted"}
    with pytest.raises(ImproperAct, match="no right is lost on a day that is presumed"):
        await office.performs(number, ObjectionRecorded, **objection)
    receipt = await office.performs(number, ObjectionRecorded, **objection, excused="Seen on the 20th.")
    assert {*receipt.possible} == {"decide-objection", "record-court"}
    await office.days_pass(95)
    assert passed(office, number) == ["objection-decision"]
    receipt = await office.performs(number, ObjectionDecided, **FIXED)
    assert receipt.due_on == office.shows(number).state.falls_due[0].due_on  # of the way to court
    assert invoice(office, number).credited_cents == 40_00
    await office.days_pass(95)
    assert passed(office, number) == ["objection-decision", "objection-court"]
    assert office.shows(number).state.ended
    assert not [flag for flag in office.shows(number).state.flags if "objection" in flag]
    with pytest.raises(UntimelyAct):
        await office.performs(number, ObjectionRecorded, **objection, excused="Once more.")
    bank.reconciles()


async def test_services_are_suspended_by_an_express_act_that_stops_no_limit(office):
    number, issued = await invoiced(office)
    said = {"grounds": "Two reminders brought nothing.", "linked": ("Exemplar Holding NV",)}
    said |= {"decided_by": "A. Peeters", "capacity": "minister"}
    with pytest.raises(ImproperAct, match="late on every reading"):
        await office.performs(number, ServicesSuspended, **said)
    await office.waits_until(issued.due_on + timedelta(days=12))
    due = {clock["ref"]: clock["due_on"] for clock in office.shows(number).entries[-1].clocks}
    receipt = await office.performs(number, ServicesSuspended, **said)
    stands = office.shows(number)
    assert receipt.letters == ("services-suspended",)
    assert f"services-suspended:{office.today}" in stands.state.flags
    assert {clock["ref"]: clock["due_on"] for clock in stands.entries[-1].clocks} == due
    await office.performs(number, InvoicePaid, cents=100_00)
    assert not [flag for flag in office.shows(number).state.flags if flag.startswith("services")]


def reminded(office, number):
    """What the last reminder of a case was made from."""
    with questions(office.settings.register_url) as ask:
        asked = "SELECT made_from FROM letter WHERE number = ? AND letter = 'invoice-reminder' ORDER BY entry"
        made_from = ask(asked, [number])[-1][0]
    (letter,) = document(made_from)["letters"]
    return letter["facts"]


async def test_what_a_debtor_owes_is_told_with_interest_on_all_of_it_and_the_day_on_which_it_lapses(office):
    first, issued = await invoiced(office, 18_525_00)
    await office.waits_until(issued.due_on + timedelta(days=45))
    assert reminded(office, first)["owed"]["cents"] >= 18_525_00
    assert reminded(office, first)["owed"]["interest"] >= 148_16
    told = debts(office.settings, office.today)
    (line,) = [each for one in told for each in one["invoices"] if each["number"] == first]
    assert issued.due_on < line["payable_until"] < line["lapses_on"]
    assert line["lapses_on"].year == line["payable_until"].year + 5
    (debtor,) = [one for one in told if line in one["invoices"]]
    assert debtor["interest_cents"] >= 148_16  # months begin with what it owed before
    years = range(issued.issued_on.year - 9, office.today.year + 1)
    arose = sum(interest_of(office.settings, year, office.today) for year in years)
    assert arose >= debtor["interest_cents"]
    demand = {"manner": "demand", "acknowledgement": True, "source": "RR123456789BE"}
    with pytest.raises(ImproperAct, match="interrupts nothing unless"):
        await office.performs(first, ClaimInterrupted, **demand)
    await office.performs(first, ClaimInterrupted, **demand, statement=True)
    told = debts(office.settings, office.today)
    (line,) = [each for one in told for each in one["invoices"] if each["number"] == first]
    assert line["lapses_on"] == office.today.replace(year=office.today.year + 5)
    await office.performs(first, InvoicePaid, cents=18_525_00)
