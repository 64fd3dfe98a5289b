"""The register's database: one form, made once, on both databases."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

import models.register  # noqa: F401
from activities.register import RegisterEntries
from models.errors import InputRefused, NotReachable
from register import case, database, recipients
from register.addresses import file_of, spoken
from register.clocks import due as falling_due
from register.reading import knock, revision


def test_migrations_make_exactly_the_tables_of_the_model(database_url: str) -> None:
    with database.engine(database_url).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_head_that_is_known_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == database.HEAD


def test_a_new_database_has_no_revision_and_a_migrated_one_has_the_newest(empty_database: str) -> None:
    assert revision(empty_database) is None
    database.migrate(empty_database)
    assert revision(empty_database) == database.HEAD


def test_migrating_again_does_not_even_load_the_library(database_url: str) -> None:
    asked = (
        "import sys; from register.database import migrate; migrate(sys.argv[1]); "
        "assert not {'alembic', 'sqlalchemy', 'sqlmodel'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked, database_url], check=True, cwd=_root())


def test_two_processes_migrate_at_once_and_both_find_a_register(empty_database: str) -> None:
    asked = "import sys; from register.database import migrate; migrate(sys.argv[1])"
    running = [subprocess.Popen([sys.executable, "-c", asked, empty_database], cwd=_root()) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert revision(empty_database) == database.HEAD


def test_a_register_of_a_newer_release_is_not_touched(database_url: str) -> None:
    with database.engine(database_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputRefused, match="9999"):
        database.migrate(database_url)


@pytest.mark.parametrize(
    "change", ["DROP TABLE recipient", "ALTER TABLE recipient RENAME language TO tongue"]
)
def test_a_question_that_another_form_cannot_answer_says_so(database_url: str, change: str) -> None:
    with database.engine(database_url).begin() as connection:
        connection.execute(text(change))
    with pytest.raises(NotReachable, match="another form than this release reads"):
        recipients.of(database_url, "CUP-2026-001")


def test_a_process_with_many_questions_asks_them_by_one_connection(database_url: str) -> None:
    opened: list[object] = []
    event.listen(database.engine(database_url), "connect", lambda *made: opened.append(made))
    for _ in range(3):
        with database.asked(database_url) as ask:
            assert ask("SELECT count(*) FROM recipient WHERE number = ?", ["CUP-2026-001"]) == [(0,)]
        assert database.changed(database_url, "UPDATE notice SET reason = ?", ["-"]) == 0
    assert len(opened) <= 1


def test_the_database_itself_refuses_to_change_an_entry(database_url: str, entry) -> None:
    RegisterEntries(database_url).enter(entry())
    for change in ("UPDATE entry SET act = 'Other'", "DELETE FROM entry"):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            database.engine(database_url).begin() as connection,
        ):
            connection.execute(text(change))
    assert case.case(database_url, "CUP-2026-001", entry().happened_on).entries[0].act == "Filed"


def test_sqlite_keeps_what_was_acknowledged_through_a_power_cut(tmp_path: Path) -> None:
    opened = database.engine(f"sqlite:///{tmp_path / 'register.db'}")
    with opened.begin() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    opened.dispose()
    assert found == ["wal", 2, 1, 10_000]


@pytest.mark.parametrize("ask", [database.migrate, revision, database.engine])
def test_an_address_of_another_kind_of_database_is_refused(ask) -> None:
    with pytest.raises(InputRefused, match="sqlite"):
        ask("mysql://someone:secret@host/register")


def test_a_database_that_does_not_answer_is_named_without_its_password(entry) -> None:
    url = "postgresql://desk:secret@127.0.0.1:1/register"
    for ask in (
        lambda: database.migrate(url),
        lambda: RegisterEntries(url).enter(entry()),
        lambda: falling_due(url, entry().happened_on, 7),
    ):
        with pytest.raises(NotReachable, match=r"127\.0\.0\.1:1/register") as refused:
            ask()
        assert "secret" not in str(refused.value)


def test_a_file_that_is_no_register_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Something else entirely, and longer than the head of a database file. " * 9)
    before = file.read_bytes()
    with pytest.raises(NotReachable, match="not a register"):
        database.migrate(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_addresses_are_said_without_secrets() -> None:
    assert spoken("postgresql+psycopg://a:b%40@db:5432/umn?sslmode=require") == "postgresql://db:5432/umn"
    assert file_of("sqlite:////srv/a b/register.db") == Path("/srv/a b/register.db")
    with pytest.raises(InputRefused):
        file_of("sqlite://")


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


def test_a_database_that_takes_writes_answers_a_knock_and_one_that_is_locked_does_not(
    database_url: str, entry
) -> None:
    knock(database_url, 2)
    if database_url.startswith("sqlite"):
        with database.engine(database_url).begin(), pytest.raises(NotReachable, match="takes no entry"):
            knock(database_url, 0.1)
    with pytest.raises(NotReachable):
        knock(re.sub(r"/[^/?]+(\?|$)", r"/nowhere\1", database_url), 0.1)


def test_an_error_of_the_database_repeats_nothing_that_was_to_be_written(database_url: str) -> None:
    with pytest.raises(DatabaseError) as failed, database.engine(database_url).begin() as connection:
        connection.execute(text("INSERT INTO nothing_of_ours VALUES (:said)"), {"said": "SECRET"})
    assert "SECRET" not in str(failed.value)
