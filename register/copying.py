"""Copies the register's database whole while it is used, and fills an empty database from a copy.

Each by its own means: SQLite by its backup interface, PostgreSQL by pg_dump and pg_restore, which stand on
the PATH. A copy is one moment of the database, and what is told of it is told of that same moment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import InputRefused, NotReachable, OutsideWorldFailed
from register.addresses import file_of, for_psycopg, is_sqlite, spoken
from register.reading import Questions, questions, revision

PATIENCE = 60.0
"""Seconds that a copy waits for a lock: it hurries nobody."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a register has come: form, entries, the last one of each case, and the documents it names."""

    revision: str
    entries: int
    last: dict[str, int]
    documents: frozenset[str]


def name_of_copy(url: str) -> str:
    """What the copy of a register is called."""
    return "register.db" if is_sqlite(url) else "register.dump"


def copy(url: str, into: Path) -> Head:
    """Copies a register into a file while others write into it. Returns: how far the copy has come.

    Raises: NotReachable; OutsideWorldFailed when PostgreSQL's programmes are missing, too old, or fail.
    """
    if is_sqlite(url):
        copy_file(file_of(url), into)
        return head(f"sqlite:///{into}")
    import psycopg

    try:
        with psycopg.connect(for_psycopg(url), connect_timeout=5) as connection:
            _is_new_enough("pg_dump", connection.info.server_version // 10_000)
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            found = _head(
                lambda sql, values=(): connection.execute(sql.encode(), tuple(values) or None).fetchall()
            )
            ((snapshot,),) = connection.execute("SELECT pg_export_snapshot()")
            _programme(
                "pg_dump",
                url,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-password",
                f"--snapshot={snapshot}",
                f"--file={into}",
            )
            return found
    except psycopg.Error as error:
        raise NotReachable("register.not-answering", url=spoken(url), why=_first_line(error)) from error


def copy_file(source: Path, into: Path) -> None:
    """Copies a SQLite database into one file while others write into it.

    In one step: a copy in several begins anew whenever somebody writes, and would not end in a busy office.

    Raises: NotReachable.
    """
    try:
        with (
            closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
            ) as live,
            closing(sqlite3.connect(into)) as made,
        ):
            live.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
    except sqlite3.Error as error:
        raise NotReachable("register.unreadable", url=source, why=error) from error


def fault(path: Path) -> str:
    """What is wrong with a copy of a database; empty when it is whole."""
    if path.suffix == ".dump":
        try:
            _programme("pg_restore", "", f"--file={os.devnull}", str(path))
        except OutsideWorldFailed as error:
            return error.message
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            ((found,),) = connection.execute("PRAGMA integrity_check(1)")
    except sqlite3.Error as error:
        return str(error)
    return "" if found == "ok" else str(found)


def fill(path: Path, url: str) -> None:
    """Fills an empty database from a copy, all or nothing.

    Raises: InputRefused when the database is not empty; NotReachable; OutsideWorldFailed.
    """
    must_be_empty(url)
    if is_sqlite(url):
        target = file_of(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        return
    _programme(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--exit-on-error",
        "--single-transaction",
        str(path),
    )


def must_be_empty(url: str) -> None:
    """Sees to it that a database holds no register and nothing else.

    Raises: InputRefused when it is not empty; NotReachable when it does not answer.
    """
    full = revision(url) is not None
    if not full and not is_sqlite(url):
        with questions(url) as ask:
            full = bool(ask("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' LIMIT 1"))
    if full or (is_sqlite(url) and file_of(url).exists()):
        raise InputRefused("restore.database-not-empty", url=spoken(url))


def head(url: str) -> Head:
    """How far a register has come. Raises: NotReachable."""
    with questions(url) as ask:
        return _head(ask)


def _head(ask: Questions) -> Head:
    ((found,),) = ask("SELECT version_num FROM alembic_version")
    last = {
        number: sequence
        for number, sequence in ask("SELECT number, MAX(sequence) FROM entry GROUP BY number")
    }
    ((entries,),) = ask("SELECT count(*) FROM entry")
    named = frozenset(row[0] for row in ask("SELECT DISTINCT sha256 FROM document"))
    return Head(found, int(entries), last, named)


def _is_new_enough(programme: str, server: int) -> None:
    """Raises: OutsideWorldFailed when a programme of PostgreSQL is missing or older than the server."""
    said = subprocess.run(
        [_found(programme), "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = said.rpartition(")")[2].strip().partition(".")[0]
    if number.isdecimal() and int(number) < server:
        raise OutsideWorldFailed(
            "backup.old-client", programme=programme, has=int(number), server=server, path=_found(programme)
        )


def _found(programme: str) -> str:
    found = shutil.which(programme)
    if found is None:
        raise OutsideWorldFailed("backup.no-client", programme=programme)
    return found


def _programme(programme: str, url: str, *options: str) -> None:
    """Runs a programme of PostgreSQL on a database; its password is seen in no list of processes."""
    environment, named = dict(os.environ), []
    if url:
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        parts: dict[str, Any] = conninfo_to_dict(for_psycopg(url))
        if password := parts.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        named = [f"--dbname={make_conninfo(**parts)}"]
    done = subprocess.run(
        [_found(programme), *named, *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = next(iter(done.stderr.strip().splitlines()), str(done.returncode))
        raise OutsideWorldFailed("backup.client-failed", programme=programme, why=why)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
