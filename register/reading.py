"""Asks the database plain questions, read-only, without the libraries that writing needs.

The command line starts a process for every question; loading them would cost it a second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Protocol

from models.errors import NotReachable
from models.messages import Message
from register.addresses import file_of, for_psycopg, is_sqlite, spoken

Row = tuple[Any, ...]


class Questions(Protocol):
    """Answers a question with `?` for each value, as rows."""

    def __call__(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows, all of them."""
        ...


@contextmanager
def questions(url: str) -> Iterator[Questions]:
    """Opens the database for questions that see one and the same moment.

    Raises: NotReachable when the database does not exist yet, has no tables, or does not answer.
    """
    opened = _sqlite(url) if is_sqlite(url) else _postgresql(url)
    with opened as ask:
        yield ask


def revision(url: str) -> str | None:
    """The migration at which the database stands; nothing for a new one.

    Raises: NotReachable when the database does not answer.
    """
    if is_sqlite(url):
        path = file_of(url)
        if not path.exists() or path.stat().st_size == 0:
            return None
        known = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    else:
        known = "SELECT to_regclass('alembic_version')::text WHERE to_regclass('alembic_version') IS NOT NULL"
    with questions(url) as ask:
        if not ask(known):
            return None
        rows = ask("SELECT version_num FROM alembic_version")
    return str(rows[0][0]) if rows else None


def knock(url: str, seconds: float) -> None:
    """Sees whether the database takes a write within so many seconds, and writes nothing.

    Raises: NotReachable when it does not.
    """
    if is_sqlite(url):
        try:
            connection = sqlite3.connect(f"{file_of(url).as_uri()}?mode=rw", uri=True, timeout=seconds)
            try:
                connection.execute("BEGIN IMMEDIATE")  # readers pass a lock that keeps every writer out
                connection.execute("ROLLBACK")
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise NotReachable("register.takes-no-entry", url=spoken(url), why=error) from error
        return
    import psycopg

    limits = f"-c statement_timeout={seconds}s -c lock_timeout={seconds}s"
    try:
        with psycopg.connect(
            for_psycopg(url), connect_timeout=max(2, int(seconds)), options=limits
        ) as opened:
            opened.execute("SELECT 1")
    except psycopg.Error as error:
        reason = next(iter(str(error).strip().splitlines()), Message("register.no-reason"))
        raise NotReachable("register.not-answering", url=spoken(url), why=reason) from error


@contextmanager
def _sqlite(url: str) -> Iterator[Questions]:
    path = file_of(url)
    if not path.exists():
        raise _not_yet(url)
    try:
        # Not mode=ro: a reader of a write-ahead log must be able to open its index.
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=10, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")

            def ask(sql: str, values: Sequence[object] = ()) -> list[Row]:
                return connection.execute(sql, tuple(values)).fetchall()

            yield ask
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise (_other_form(url) if revision(url) else _not_yet(url)) from error
        if "no such column" in str(error):
            raise _other_form(url) from error
        raise NotReachable("register.unreadable", url=spoken(url), why=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise NotReachable("register.no-register", url=spoken(url), why=str(error)) from error


@contextmanager
def _postgresql(url: str) -> Iterator[Questions]:
    import psycopg

    try:
        with psycopg.connect(for_psycopg(url), connect_timeout=5) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            # as text, as SQLite tells it: of many rows JSON is read at once
            connection.adapters.register_loader("json", psycopg.types.string.TextLoader)

            def ask(sql: str, values: Sequence[object] = ()) -> list[Row]:
                prepared = sql.replace("%", "%%").replace("?", "%s") if values else sql
                return connection.execute(prepared.encode(), tuple(values) or None).fetchall()

            yield ask
    except psycopg.errors.UndefinedTable as error:
        raise (_other_form(url) if revision(url) else _not_yet(url)) from error
    except psycopg.errors.UndefinedColumn as error:
        raise _other_form(url) from error
    except psycopg.Error as error:
        reason = next(iter(str(error).strip().splitlines()), Message("register.no-reason"))
        raise NotReachable("register.not-answering", url=spoken(url), why=reason) from error


def _other_form(url: str) -> NotReachable:
    return NotReachable(
        "register.other-form",
        url=spoken(url),
        possible=("up",),
    )


def _not_yet(url: str) -> NotReachable:
    return NotReachable(
        "register.not-yet",
        url=spoken(url),
        possible=("up",),
    )


def read_at_once(rows: list[Row], columns: Sequence[int]) -> list[Row]:
    """Rows with the JSON in these columns read, column by column: value by value takes ten times as long."""
    if not rows:
        return rows
    values: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for column in columns:
        values[column] = json.loads(f"[{','.join(values[column])}]")
    return list(zip(*values, strict=True))


def texts(value: str | Iterable[Any]) -> tuple[Any, ...]:
    """A JSON column that holds a list: its text, or what was read of it."""
    if value == "[]":
        return ()
    return tuple(json.loads(value) if isinstance(value, str) else value)


def document(value: str | dict[str, Any]) -> dict[str, Any]:
    """A JSON column that holds one object: its text, or what was read of it."""
    return dict(json.loads(value) if isinstance(value, str) else value)


def days(value: str | dict[str, Any]) -> dict[str, date]:
    """A JSON column that holds days by what they are."""
    return {what: date.fromisoformat(day) for what, day in document(value).items()}


def as_day(value: str | date | None) -> date | None:
    """A day: text from SQLite, a date from PostgreSQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def last_day(today: date, days: int) -> date:
    """So many days from today, or the last day that a calendar has."""
    return today + timedelta(days=min(days, (date.max - today).days))
