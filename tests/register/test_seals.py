"""What the office writes is sealed, and whatever else changes the register is found and named."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from activities.register import RegisterEntries
from models.dossier import FiledDocument, Invoice
from models.entry import Demand, Entry
from models.register import DocumentRow
from register import database
from register.addresses import file_of, is_sqlite
from register.database import changed, engine, transaction
from register.reading import questions
from register.rows import APART, MOVES, OF_CASES, digest, forms
from register.rows import told as told_row
from register.sealed import Difference
from register.seals import FIRST, line
from tests.register.tampering import CASES, Tamperer, found, has_heads, lives, opened

TIMES = int(os.environ.get("UMN_TEST_TAMPERINGS", "20"))
CASE = "CUP-2026-001"


@pytest.fixture
def lived(database_url: str, entry: Callable[..., Entry], demand: Demand) -> str:
    lives(database_url, entry, demand)
    has_heads(database_url)
    return database_url


def tampers(url: str, *statements: str) -> None:
    """Somebody who can write the database does, and puts its triggers back."""
    if is_sqlite(url):
        with opened(file_of(url)) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    with engine(url).begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def told(differences: list[Difference]) -> list[tuple[str, str, tuple[object, ...], tuple[str, ...]]]:
    return [(one.what, one.table or one.stream, one.key, one.columns) for one in differences]


def test_every_table_is_sealed_or_named_as_one_that_is_not(lived: str) -> None:
    with questions(lived) as ask:
        for table in (*forms(), "seal"):
            assert ask(f'SELECT 1 FROM "{table}"'), table
        assert ask("SELECT 1 FROM unsealed") == []
        sealed = {row[0] for row in ask("SELECT DISTINCT stream FROM seal")}
    assert sealed == {*CASES, "CUP-2026-003"} | (forms().keys() - {*OF_CASES})
    assert found(lived) == []
    for table, columns in MOVES.items():
        assert set(columns) <= {*forms()[table].moves}
    assert not {*APART} & forms().keys()


def test_an_entry_is_sealed_with_all_that_was_written_with_it(
    database_url: str, entry: Callable[..., Entry], demand: Demand
) -> None:
    filed = FiledDocument(name="a.pdf", sha256="0" * 64, size=1)
    RegisterEntries(database_url).enter(entry(CASE, documents=(filed,), demand=demand))
    with questions(database_url) as ask:
        asked = "SELECT sequence, at, covers, chain FROM seal WHERE stream = ?"
        ((sequence, at, covers, chain),) = ask(asked, [CASE])
    for table in ("entry", "document", "invoice", "current_state"):
        assert f'["{table}",' in covers
    assert chain == line(CASE, 1, at, covers, FIRST)
    assert sequence == 1


def test_a_transaction_that_does_not_stand_leaves_no_seal(
    database_url: str, entry: Callable[..., Entry]
) -> None:
    RegisterEntries(database_url).enter(entry(CASE))

    def fails() -> None:
        with transaction(database_url) as session:
            session.execute(text("UPDATE current_state SET phase = 'other'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert changed(database_url, "UPDATE current_state SET flags = '[]' WHERE number = ?", [CASE]) == 1
    assert found(database_url) == []
    with questions(database_url) as ask:
        assert ask("SELECT max(sequence) FROM seal WHERE stream = ?", [CASE]) == [(2,)]


def test_of_what_changes_in_place_each_change_is_told_as_it_was_and_became(
    database_url: str, entry: Callable[..., Entry], demand: Demand
) -> None:
    entries = RegisterEntries(database_url)
    invoice = entries.enter(entry(CASE, demand=demand)).invoice
    assert isinstance(invoice, Invoice)
    paid = invoice.model_copy(update={"paid_cents": 100})
    entries.enter(entry(CASE, 2, act="InvoicePaid", invoice=paid))
    with questions(database_url) as ask:
        covers = ask("SELECT covers FROM seal WHERE stream = ? AND sequence = 2", [CASE])[0][0]
    assert '{"paid_cents":[0,100]}' in covers


def test_the_same_row_has_the_same_digest_on_both_databases(
    both_databases: tuple[str, str], entry: Callable[..., Entry], demand: Demand
) -> None:
    """A case that moves to the other one is still the case that was sealed."""
    says = []
    for url in both_databases:
        lives(url, entry, demand)
        with questions(url) as ask:
            rows = {
                (table, json.dumps(form.split(row)[0], default=str)): digest(
                    told_row(form.says, form.split(row)[1])
                )
                for table, form in forms().items()
                for row in ask(form.selected(not is_sqlite(url)))
            }
        says.append(rows)
    on_sqlite, on_postgresql = says
    assert {table for table, _ in on_sqlite} == forms().keys() - {"head", "anchor"}
    assert on_sqlite == on_postgresql


def test_two_who_write_in_one_case_at_once_leave_one_chain(
    database_url: str, entry: Callable[..., Entry]
) -> None:
    RegisterEntries(database_url).enter(entry(CASE))

    def files(who: int) -> None:
        for nth in range(20):
            filed = {"number": CASE, "entry": 1, "name": f"{who}-{nth}", "sha256": "0" * 64, "size": 1}
            with transaction(database_url) as session:
                session.execute(DocumentRow.__table__.insert(), filed)

    both = [Thread(target=files, args=[who]) for who in (1, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert found(database_url) == []
    with questions(database_url) as ask:
        assert ask("SELECT max(sequence) FROM seal WHERE stream = ?", [CASE]) == [(41,)]


def test_what_something_else_wrote_stays_named_although_the_office_wrote_the_row_again(
    lived: str,
) -> None:
    with engine(lived).begin() as connection:
        connection.execute(text("UPDATE invoice SET reminders = 9"))
    changed(lived, "UPDATE invoice SET reminders = 1")
    (invoice,) = {one.key for one in found(lived)}
    assert [(one.what, one.columns) for one in found(lived)] == [
        ("past-us", ()),
        ("moved-past-us", ("reminders",)),
    ]
    assert str(invoice[0]).startswith("2026-")


LAST = f"WHERE number = '{CASE}' AND sequence = 3"


@pytest.mark.parametrize(
    ("statement", "told_as"),
    [
        (f"DELETE FROM entry {LAST}", ("row-gone", "entry", (CASE, 3), ())),
        (f"UPDATE entry SET \"by\" = 'Mallory' {LAST}", ("row-changed", "entry", (CASE, 3), ("by",))),
        (f"UPDATE entry SET facts = '{{}}', act = 'X' {LAST}", ("row-changed", "entry", (CASE, 3), ("act",))),
        (
            f"UPDATE document SET sha256 = 'f' WHERE number = '{CASE}'",
            ("row-changed", "document", (CASE, 1, f"{CASE}.pdf"), ("sha256",)),
        ),
        ("UPDATE invoice SET cents = 1", ("row-changed", "invoice", ("2026-00001",), ("cents",))),
        (
            f"UPDATE seal SET covers = '[]' WHERE stream = '{CASE}' AND sequence = 2",
            ("seal-changed", CASE, (), ()),
        ),
        (f"DELETE FROM seal WHERE stream = '{CASE}' AND sequence = 1", ("seal-missing", CASE, (), ())),
        ("DELETE FROM party", ("row-gone", "party", ("1 é",), ())),
        (
            "INSERT INTO left_before (message_id, restore, sent_at, proof) VALUES ('m', 1, '', '')",
            ("row-without-seal", "left_before", ("m",), ()),
        ),
    ],
)
def test_a_register_that_was_changed_by_hand_is_found_and_named(
    lived: str, statement: str, told_as: tuple[object, ...]
) -> None:
    tampers(lived, statement)
    assert told_as in told(found(lived))


def test_a_cent_that_was_sealed_again_since_is_still_named(lived: str) -> None:
    tampers(lived, "UPDATE invoice SET cents = 1")
    changed(lived, "UPDATE invoice SET paid_cents = 1, paid_on = due_on")
    assert ("row-changed-before", "invoice", ("2026-00001",), ("cents",)) in told(found(lived))


def test_a_table_of_which_nothing_is_noted_any_more_is_named(lived: str) -> None:
    with engine(lived).begin() as connection:
        if is_sqlite(lived):
            connection.execute(text("DROP TRIGGER notice_update_noted"))
        else:
            connection.execute(text("ALTER TABLE notice DISABLE TRIGGER notice_noted"))
    named = "notice_update_noted" if is_sqlite(lived) else "notice_noted"
    assert told(found(lived)) == [("no-trigger", "notice", (), (named,))]


def test_whatever_somebody_changes_by_chance_is_found_and_its_part_named(
    tmp_path: Path, entry: Callable[..., Entry], demand: Demand
) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    database.migrate(url)
    lives(url, entry, demand)
    has_heads(url)
    engine(url).dispose()
    for nth in range(TIMES):
        other = tmp_path / "other.db"
        shutil.copyfile(tmp_path / "register.db", other)
        with opened(other) as connection:
            table, case = Tamperer(connection, random.Random(nth)).one()
        at = found(f"sqlite:///{other}")
        if table == "seal":
            named = any(one.stream == case for one in at)
        else:
            named = any(one.table == table and case in (one.stream, *one.key) for one in at)
        assert named, (nth, table, case, at)
