"""What becomes of a movement: one verdict for each case that the accounts know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.invoices import communication
from models.payments import Movement, Owed, Paid, Reason, State, digits_of, is_valid, match, pay, references

ISSUED = date(2026, 3, 2)
OGM = communication(2026, 1)
DIGITS = digits_of(OGM)
OTHER = digits_of(communication(2026, 2))
STRANGE = "000000009797"
"""Good check digits, and no invoice of ours."""

OWED = Owed("2026-00001", "CUP-2026-001", ISSUED, 100_00)
INVOICES = {DIGITS: OWED, OTHER: Owed("2026-00002", "CUP-2026-002", ISSUED, 70_00)}


def movement(cents: int = 100_00, text: str = "", **more) -> Movement:
    structured = "" if text or "structured" in more else DIGITS
    made = {"structured": structured, "communication": text, "reference": "B9", **more}
    return Movement(id="M-9", booked_on=date(2026, 3, 9), cents=cents, **made)


@pytest.mark.parametrize(
    ("cents", "change", "state", "reason", "share", "rest"),
    [
        (100_00, {}, State.MATCHED, Reason.EXACT, 100_00, 0),
        (99_99, {}, State.MATCHED, Reason.PARTIAL, 99_99, 0),
        (60_00, {"received_cents": 40_00}, State.MATCHED, Reason.COMPLETED, 60_00, 0),
        (60_00, {"credited_cents": 40_00}, State.MATCHED, Reason.EXACT, 60_00, 0),
        (100_01, {}, State.PARKED, Reason.SURPLUS, 100_00, 1),
        (100_00, {"withdrawn": True}, State.MATCHED, Reason.AFTER_WITHDRAWAL, 100_00, 0),
        (100_00, {"received_cents": 100_00}, State.PARKED, Reason.DOUBLE, 0, 100_00),
        (100_00, {"credited_cents": 100_00}, State.PARKED, Reason.CREDITED, 0, 100_00),
        (100_00, {"collected": True}, State.PARKED, Reason.IN_COLLECTION, 0, 100_00),
        (100_00, {"issued_on": date(2026, 3, 10)}, State.PARKED, Reason.BEFORE_INVOICE, 0, 100_00),
    ],
)
def test_an_invoice_takes_what_it_is_owed_and_the_rest_waits(cents, change, state, reason, share, rest):
    verdict = match(movement(cents), {DIGITS: replace(OWED, **change)})
    assert (verdict.state, verdict.reason, verdict.rest) == (state, reason, rest)
    assert [s.cents for s in verdict.shares] == ([share] if share else [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (OGM, Reason.EXACT),
        (f"***{OGM[3:-3]}***", Reason.EXACT),
        (DIGITS, Reason.EXACT),
        (f"{DIGITS[:3]} {DIGITS[3:7]} {DIGITS[7:]}", Reason.EXACT),
        (" ".join(DIGITS), Reason.EXACT),
        (f"betreft uw factuur{DIGITS}dank u", Reason.EXACT),
        (f"invoice 17 of 2 March, {DIGITS[:3]}/{DIGITS[3:7]}/{DIGITS[7:]}, thank you", Reason.EXACT),
        (f"{OGM} and again {OGM}", Reason.EXACT),
        (f"REF99{DIGITS}", Reason.EXACT),  # hidden in a longer number: ours, and only one of ours
        (f"{OGM} {communication(2026, 2)}", Reason.SEVERAL_COMMUNICATIONS),
        (f"{OGM} or {STRANGE}", Reason.SEVERAL_COMMUNICATIONS),
        (STRANGE, Reason.UNKNOWN_INVOICE),
        (f"+++{DIGITS[:3]}/{DIGITS[3:7]}/{DIGITS[7:10]}00+++", Reason.WRONG_COMMUNICATION),
        (f"{DIGITS[:10]}00", Reason.WRONG_COMMUNICATION),
        ("000000000097", Reason.WRONG_COMMUNICATION),  # a zero base is nobody's
        ("payment of your invoice 2026-00001, 100.00 euro", Reason.NO_COMMUNICATION),
        ("+32 470 12 34 56", Reason.NO_COMMUNICATION),
        ("", Reason.NO_COMMUNICATION),
    ],
)
def test_only_one_communication_with_good_check_digits_tells_the_invoice(text, reason):
    assert match(movement(text=text, structured=""), INVOICES).reason is reason


def test_a_structured_communication_and_another_one_in_the_text_are_several():
    assert match(movement(text=OTHER, structured=DIGITS), INVOICES).reason is Reason.SEVERAL_COMMUNICATIONS
    assert match(movement(text=f"of {OGM}", structured=DIGITS), INVOICES).reason is Reason.EXACT
    assert match(movement(structured=f"{DIGITS[:10]}00"), INVOICES).reason is Reason.WRONG_COMMUNICATION


@pytest.mark.parametrize(
    ("cents", "more", "reason"),
    [
        (0, {}, Reason.ZERO),
        (-5, {}, Reason.NEGATIVE),
        (100_00, {"currency": "USD"}, Reason.OTHER_CURRENCY),
        (100_00, {"reversal": True}, Reason.REVERSAL_UNCLEAR),
        (-100_00, {"reversal": True}, Reason.REVERSAL_UNCLEAR),
    ],
)
def test_what_is_no_payment_in_euro_waits_for_a_person(cents, more, reason):
    verdict = match(movement(cents, **more), INVOICES)
    assert (verdict.state, verdict.reason, verdict.shares, verdict.rest) == (State.PARKED, reason, (), cents)


PAID = replace(OWED, received_cents=100_00, paid=(Paid("M-1", "B1", 120_00, 100_00),))


@pytest.mark.parametrize("more", [{}, {"structured": "", "reverses": "B1"}, {"reverses": "B1"}])
def test_a_reversal_takes_back_the_payment_that_it_names(more):
    verdict = match(movement(-120_00, reversal=True, **more), {DIGITS: PAID})
    assert (verdict.reason, verdict.rest) == (Reason.REVERSED, -20_00)  # against the surplus that waits
    assert [(s.cents, s.reverses) for s in verdict.shares] == [(-100_00, "M-1")]


@pytest.mark.parametrize("more", [{"structured": ""}, {"structured": "", "reverses": "B2"}])
def test_a_reversal_that_names_no_payment_waits(more):
    verdict = match(movement(-120_00, reversal=True, **more), {DIGITS: PAID})
    assert verdict.reason is Reason.REVERSAL_UNCLEAR


def test_a_reversal_that_may_mean_two_payments_waits():
    two = replace(PAID, paid=(*PAID.paid, Paid("M-2", "B2", 120_00, 0)))
    assert match(movement(-120_00, reversal=True), {DIGITS: two}).reason is Reason.REVERSAL_UNCLEAR


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_a_communication(text):
    assert all(is_valid(found) for found in references(text))
    verdict = match(movement(text=text or " ", structured=""), INVOICES)
    assert verdict.rest + sum(share.cents for share in verdict.shares) == 100_00


@given(st.integers(1, 9_999_999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_never_another_communication(serial, place, more):
    digits = digits_of(communication(2026, serial))
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert is_valid(digits)
    assert not is_valid(wrong)


def test_a_movement_of_nothing_brings_no_share_whoever_assigns_it():
    assert pay(movement(0), OWED).shares == ()
    assert pay(movement(0), OWED).reason is Reason.ZERO


def test_a_reversal_that_names_the_payers_own_reference_is_found_by_communication_and_amount():
    """What a camt statement calls the original is often the payer's reference and not the bank's."""
    paid = replace(OWED, received_cents=100_00, paid=(Paid("M-1", "B1", 100_00, 100_00),))
    taken_back = movement(-100_00, reversal=True, reverses="NOTPROVIDED")
    verdict = match(taken_back, {DIGITS: paid})
    assert (verdict.reason, [s.reverses for s in verdict.shares]) == (Reason.REVERSED, ["M-1"])
