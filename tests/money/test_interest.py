"""Interest is charged on what a debtor owes altogether, for each month that has begun, in whole cents."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.clock import add_months
from models.interest import Debt, Terms, claimed, interest

TERMS = Terms(a_step=8, step=1000, floor=250)
LATE = date(2027, 3, 9)
CENTS = some.integers(min_value=1, max_value=5_000_000)


def test_two_invoices_of_one_debtor_are_rounded_down_together_and_not_each():
    apart = [interest([Debt(1_999, LATE)], TERMS, LATE) for _ in range(2)]
    assert (apart, interest([Debt(1_999, LATE)] * 2, TERMS, LATE)) == ([8, 8], 24)


@pytest.mark.parametrize(
    ("until", "months"),
    [
        (LATE - timedelta(1), 0),
        (LATE, 1),
        (date(2027, 4, 8), 1),
        (date(2027, 4, 9), 2),
        (date(2028, 3, 9), 13),
    ],
)
def test_a_month_that_has_begun_counts_whole(until, months):
    assert interest([Debt(18_525_00, LATE)], TERMS, until) == months * 148_16


def test_less_than_two_euro_fifty_is_not_asked():
    assert [claimed(cents, TERMS) for cents in (0, 249, 250)] == [0, 0, 250]


def test_what_is_paid_on_the_day_on_which_a_month_begins_is_owed_no_more_and_a_later_debt_begins_anew():
    paid = Debt(100_00, LATE, ((date(2027, 4, 9), 100_00),))
    later = Debt(50_00, date(2027, 6, 1))
    assert interest([paid, later], TERMS, date(2027, 5, 31)) == 80
    assert interest([paid, later], TERMS, date(2027, 7, 1)) == 80 + 2 * 40


@given(owed=CENTS, months=some.integers(min_value=0, max_value=70))
def test_it_is_eight_tenths_of_a_hundredth_of_each_ten_euro(owed, months):
    charged = interest([Debt(owed, LATE)], TERMS, add_months(LATE, months))
    total = Decimal(owed) / 100
    assert Decimal(charged) / 100 == (months + 1) * (total - total % 10) * Decimal("0.008")


@given(owed=some.lists(CENTS, min_size=1, max_size=5), part=CENTS, days=some.integers(0, 900))
def test_it_never_falls_with_time_and_never_rises_with_a_payment(owed, part, days):
    debts = [Debt(cents, LATE + timedelta(nth)) for nth, cents in enumerate(owed)]
    until = LATE + timedelta(days)
    paid = [Debt(owed[0], LATE, ((LATE + timedelta(40), part),)), *debts[1:]]
    assert interest(debts, TERMS, until) <= interest(debts, TERMS, until + timedelta(1))
    assert interest(paid, TERMS, until) <= interest(debts, TERMS, until)
