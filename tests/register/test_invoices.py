"""Invoices and credit notes: numbers without gaps, communications that banks accept, nothing changed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from stdnum.be import ogm_vcs

from activities.invoices import communication
from activities.register import RegisterEntries
from models.dossier import CreditNote
from models.entry import Credit
from models.errors import RegisterConflict
from register import case
from register.database import engine

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
    held = case.case(database_url, "CUP-2026-001", date(2026, 3, 2))
    assert [(i.cents, i.addressee) for i in held.invoices] == [(1_234_567, "party-1")]
    assert held.state.entry == 1


@given(YEARS, SERIALS)
def test_a_communication_has_check_digits_by_97_and_never_a_zero_base(year: int, serial: int) -> None:
    written = communication(year, serial)
    assert re.fullmatch(r"\+\+\+\d{3}/\d{4}/\d{5}\+\+\+", written)
    digits = re.sub(r"\D", "", written)
    base, check = int(digits[:10]), int(digits[10:])
    assert base > 0
    assert check == (base % 97 or 97)
    assert ogm_vcs.is_valid(written)


@given(st.tuples(YEARS, SERIALS), st.tuples(YEARS, SERIALS))
def test_two_invoices_never_share_a_communication(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (communication(*one) == communication(*other)) == (one == other)


@pytest.mark.parametrize("serial", [0, 10_000_000])
def test_a_serial_without_room_is_not_cut_short(serial: int) -> None:
    with pytest.raises(RegisterConflict):
        communication(2026, serial)


# Credit notes.


def test_credit_notes_are_numbered_without_gaps_within_their_year(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    for n in range(1, 13):
        register.enter(entry(f"CUP-2026-{n:03d}", demand=demand))
    credits = [entry(f"CUP-2026-{n:03d}", sequence=2, credit=credit(n)) for n in range(1, 13)]
    with ThreadPoolExecutor(8) as threads:
        issued = [answer.credit_note for answer in threads.map(register.enter, credits)]
    assert sorted(note.credit_note for note in issued) == [f"CN-2026-{n:05d}" for n in range(1, 13)]
    assert sorted(note.cents for note in issued) == list(range(1, 13))
    assert len({note.invoice for note in issued}) == 12
    later = credit(1).model_copy(update={"issued_on": date(2027, 1, 2)})
    answer = register.enter(entry("CUP-2026-001", sequence=3, credit=later))
    assert answer.credit_note.credit_note == "CN-2027-00001"


def test_the_same_entry_again_gives_the_same_credit_note(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry(demand=demand))
    credited = entry(sequence=2, credit=credit(100))
    first = register.enter(credited)
    assert first.credit_note == CreditNote(
        credit_note="CN-2026-00001",
        invoice="2026-00001",
        cents=100,
        reason="Counted twice.",
        issued_on=date(2026, 5, 4),
    )
    register.enter(entry(sequence=3, credit=credit(100)))
    assert register.enter(credited) == first


def test_no_more_is_credited_than_the_invoice_asks(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry(demand=demand))
    register.enter(entry(sequence=2, credit=credit(demand.cents - 1)))
    with pytest.raises(RegisterConflict, match="2 more cannot be"):
        register.enter(entry(sequence=3, credit=credit(2)))
    assert case.case(database_url, "CUP-2026-001", date(2026, 5, 4)).state.entry == 2
    assert register.enter(entry(sequence=3, credit=credit(1))).credit_note.credit_note == "CN-2026-00002"


def test_nothing_is_credited_where_nothing_was_invoiced(database_url: str, entry) -> None:
    with pytest.raises(RegisterConflict, match="none stands"):
        RegisterEntries(database_url).enter(entry(credit=credit(1)))


@pytest.mark.parametrize(
    "change",
    [
        *(
            f"UPDATE invoice SET {column} = {column}"
            for column in (
                *("invoice", "year", "serial", "number", "cents", "communication"),
                *("addressee", "issued_on", "due_on"),
            )
        ),
        "DELETE FROM invoice",
        "UPDATE credit_note SET cents = 1",
        "UPDATE credit_note SET reason = ''",
        "DELETE FROM credit_note",
    ],
)
def test_what_was_issued_is_never_changed(database_url: str, entry, demand, change: str) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry(demand=demand))
    register.enter(entry(sequence=2, credit=credit(100)))
    with pytest.raises(DatabaseError, match="never changed"), engine(database_url).begin() as connection:
        connection.execute(text(change))


def test_how_far_an_invoice_is_paid_is_still_noted(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    invoice = register.enter(entry(demand=demand)).invoice
    paid = invoice.model_copy(update={"paid_on": date(2026, 3, 20), "reminders": 1})
    register.enter(entry(sequence=2, invoice=paid))
    held = case.case(database_url, "CUP-2026-001", date(2026, 4, 2))
    assert [(i.paid_on, i.reminders, i.cents) for i in held.invoices] == [
        (date(2026, 3, 20), 1, demand.cents)
    ]


def credit(cents: int) -> Credit:
    return Credit(cents=cents, reason="Counted twice.", issued_on=date(2026, 5, 4))
