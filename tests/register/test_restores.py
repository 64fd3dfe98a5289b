"""After a restore: numbers that may have been given are left out, and what leaves us waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from activities.register import RegisterEntries
from models.entry import Credit, Demand, Entry
from models.register import PublicationRow
from register import restores
from register.database import engine, transaction
from register.numbers import allot
from register.reading import questions

COPIED, RESTORED = "2026-11-28T22:00:00+00:00", datetime(2026, 11, 29, 8, tzinfo=UTC)


def restore(url: str, skip: int = 100) -> None:
    with transaction(url) as session:
        restores.begin(session, COPIED, RESTORED, "Ann", skip)


def given(url: str, series: str, claim: str, form: str = "{series}-{serial:03d}") -> str:
    return allot(url, series, claim, "x", form)


def test_every_series_goes_on_behind_the_numbers_that_may_have_been_given(database_url: str) -> None:
    assert [given(database_url, "CUP-2026", claim) for claim in "ab"] == ["CUP-2026-001", "CUP-2026-002"]
    restore(database_url)
    assert given(database_url, "CUP-2026", "b") == "CUP-2026-002"  # the same package is the same dossier
    assert [given(database_url, "CUP-2026", claim) for claim in "cd"] == ["CUP-2026-103", "CUP-2026-104"]
    with questions(database_url) as ask:
        assert ask("SELECT series, restore, after, until FROM skipped") == [("CUP-2026", 1, 2, 102)]


def test_a_second_restore_leaves_out_as_many_again_whether_or_not_a_number_was_given_between(
    database_url: str,
) -> None:
    for series in ("CUP-2026", "MNP-2026"):
        given(database_url, series, series)
    restore(database_url)
    given(database_url, "CUP-2026", "between")
    restore(database_url, skip=10)
    assert given(database_url, "CUP-2026", "after") == "CUP-2026-113"
    assert given(database_url, "MNP-2026", "after both") == "MNP-2026-112"


def test_a_series_that_the_copy_did_not_know_may_have_begun_since(database_url: str) -> None:
    given(database_url, "CUP-2026", "a")
    restore(database_url)
    under = "{series}"
    assert given(database_url, "MNP-2026", "first of its kind") == "MNP-2026-101"
    assert given(database_url, "CUP-2027", "of a later year") == "CUP-2027-001"
    series = "CUP-2026-001/list-2026"
    assert given(database_url, series, "of a case of before", under) == f"{series}-101"
    number = given(database_url, "CUP-2026", "b")
    assert given(database_url, f"{number}/list-2026", "of a case of since", under) == f"{number}/list-2026"
    later = "CUP-2027-001/list-2027"
    assert given(database_url, later, "of a case of a later year", under) == later


def test_invoices_and_credit_notes_go_on_behind_those_that_may_have_been_issued(
    database_url: str, entry: Callable[..., Entry], demand: Demand
) -> None:
    entries = RegisterEntries(database_url)
    first = entries.enter(entry("CUP-2026-001", demand=demand))
    restore(database_url)
    second = entries.enter(entry("CUP-2026-002", demand=demand))
    assert first.invoice is not None
    assert second.invoice is not None
    assert (first.invoice.invoice, second.invoice.invoice) == ("2026-00001", "2026-00102")
    credit = Credit(cents=100, reason="too much", issued_on=demand.issued_on)
    credited = entries.enter(entry("CUP-2026-002", 2, credit=credit)).credit_note
    assert credited is not None
    assert credited.credit_note == "CN-2026-00101"
    # an entry that is done again finds what was issued with it
    again = entries.enter(entry("CUP-2026-001", demand=demand)).invoice
    assert again is not None
    assert again.invoice == "2026-00001"


def test_publications_go_on_behind_those_that_readers_of_feeds_may_know(database_url: str) -> None:
    with transaction(database_url) as session:
        known = {"published_at": COPIED, "programmes": 1}
        session.add(PublicationRow(public_register="umn", number=7, **known))
    restore(database_url)
    with transaction(database_url) as session:
        assert restores.next_serial(session, restores.of_publications("umn"), 7) == 108
        assert restores.next_serial(session, restores.of_publications("new"), 0) == 1


def test_what_leaves_us_waits_from_the_restore_until_a_person_releases_it_once(database_url: str) -> None:
    def outbound() -> restores.Outbound:
        with questions(database_url) as ask:
            return restores.outbound(ask)

    assert outbound() is restores.Outbound.FREE
    restore(database_url)
    assert outbound() is restores.Outbound.KEPT_BACK
    waits = restores.waiting(database_url)
    assert waits is not None
    assert (waits.copied_at, waits.by) == (COPIED, "Ann")
    seen = restores.Seen("<1@agency.invalid>", RESTORED, "journal.mbox")
    with transaction(database_url) as session:
        assert restores.release(session, waits.restore, RESTORED, "Bob", [seen, seen])
    with transaction(database_url) as session:
        assert not restores.release(session, waits.restore, RESTORED, "Eve", [])
    assert outbound() is restores.Outbound.COMPARED
    assert restores.waiting(database_url) is None
    with questions(database_url) as ask:
        assert restores.seen_before(ask, seen.message_id) == seen
        assert restores.seen_before(ask, "<2@agency.invalid>") is None


@pytest.mark.parametrize(
    "change",
    ["UPDATE restored SET copied_at = ''", "DELETE FROM restored", "UPDATE skipped SET until = 0"],
)
def test_that_the_register_was_restored_is_never_changed(database_url: str, change: str) -> None:
    given(database_url, "CUP-2026", "a")
    restore(database_url)
    with (
        pytest.raises(DatabaseError, match=r"never changed|stay left out"),
        engine(database_url).begin() as asked,
    ):
        asked.execute(text(change))
