"""Invoices: numbers without gaps, communications that banks accept, one contribution per dossier."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from activities.invoices import communication
from activities.register import RegisterEntries
from models.errors import RegisterConflict
from register import views

YEARS = st.integers(2014, 2113)
SERIALS = st.integers(1, 9_999_999)


def test_eight_threads_leave_no_gap_in_the_numbers(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    with ThreadPoolExecutor(8) as threads:
        asked = [entry(f"CUP-2026-{n:03d}", demand=demand) for n in range(1, 41)]
        issued = [answer.invoice for answer in threads.map(register.enter, asked)]
    assert sorted(i.invoice for i in issued) == [f"2026-{n:05d}" for n in range(1, 41)]
    assert len({i.communication for i in issued}) == 40


def test_each_year_begins_at_one(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    issued = []
    for n, year in enumerate((2026, 2027, 2026), start=1):
        asked = demand.model_copy(update={"issued_on": date(year, 1, 4)})
        issued.append(register.enter(entry(f"CUP-2026-{n:03d}", demand=asked)).invoice.invoice)
    assert issued == ["2026-00001", "2027-00001", "2026-00002"]


def test_a_dossier_has_one_contribution(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry(demand=demand))
    other = demand.model_copy(update={"cents": 1})
    with pytest.raises(RegisterConflict, match="2026-00001"):
        register.enter(entry(sequence=2, demand=other))
    held = views.case(database_url, "CUP-2026-001", date(2026, 3, 2))
    assert [(i.cents, i.addressee) for i in held.invoices] == [(1_234_567, "party-1")]
    assert held.state.entry == 1


@given(YEARS, SERIALS)
def test_a_communication_has_check_digits_by_97_and_never_a_zero_base(year: int, serial: int) -> None:
    text = communication(year, serial)
    assert re.fullmatch(r"\+\+\+\d{3}/\d{4}/\d{5}\+\+\+", text)
    digits = re.sub(r"\D", "", text)
    base, check = int(digits[:10]), int(digits[10:])
    assert base > 0
    assert check == (base % 97 or 97)
    assert ogm_vcs.is_valid(text)


@given(st.tuples(YEARS, SERIALS), st.tuples(YEARS, SERIALS))
def test_two_invoices_never_share_a_communication(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (communication(*one) == communication(*other)) == (one == other)


@pytest.mark.parametrize("serial", [0, 10_000_000])
def test_a_serial_without_room_is_not_cut_short(serial: int) -> None:
    with pytest.raises(RegisterConflict):
        communication(2026, serial)
