"""Opens the register's database, SQLite or PostgreSQL, and brings its tables up to date."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused, NotReachable
from models.messages import Message
from register.addresses import file_of, is_sqlite, spoken
from register.reading import Questions, revision
from register.seals import seal, written_past_us

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

HEAD = "0001"
"""The newest migration; a test keeps it equal to the head of `register/migrations`."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

PATIENCE = 10
"""Seconds to wait for a lock or an answer: less than an attempt of the activity that waits for it."""

_MIGRATION_LOCK = 6_301_001
_engines: dict[str, Engine] = {}
_opening = threading.Lock()


def engine(url: str) -> Engine:
    """The engine of a database, the same one each time.

    Every transaction on SQLite begins as a writer, so that two of them follow each other and never
    meet half-way; hence no transaction may wait for another one of the same thread.

    Raises: InputRefused when the address is neither of SQLite nor of PostgreSQL.
    """
    with _opening:
        if url not in _engines:
            _engines[url] = _sqlite(url) if is_sqlite(url) else _postgresql(url)
        return _engines[url]


@contextmanager
def transaction(url: str) -> Iterator[Session]:
    """A session whose work stands as a whole when the block ends, or not at all.

    Raises: NotReachable when the database does not answer or is locked for too long.
    """
    from sqlalchemy import exc
    from sqlalchemy.orm import Session

    try:
        with Session(engine(url)) as session, session.begin():
            connection = session.connection()
            ask = _asking(connection)
            past_us = written_past_us(ask, connection.dialect.name == "postgresql")
            yield session
            session.flush()
            seal(connection, ask, past_us)
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise _not_reachable(url, error) from error


def migrate(url: str) -> None:
    """Creates the tables, or brings them up to date; quick when there is nothing to do.

    Idempotent: two processes may ask at once; the second finds the work of the first.

    Raises: NotReachable when the database does not answer; InputRefused when it was made by a newer
    release than this one.
    """
    found = revision(url)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise InputRefused("register.newer-form", url=spoken(url), found=found, known=HEAD)
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import exc, text

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine(url).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '120s'"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise _not_reachable(url, error) from error


def asking(session: Session) -> Questions:
    """Asks plain questions, as register/reading.py does, and sees what the transaction has written."""
    return _asking(session.connection())


@contextmanager
def asked(url: str) -> Iterator[Questions]:
    """Answers plain questions by a connection that stays open, for a process that has many of them.

    Raises: NotReachable when the database does not answer.
    """
    with _plain(url) as connection:
        yield _asking(connection)


def changed(url: str, sql: str, values: Sequence[object] = ()) -> int:
    """Changes rows by plain words in a transaction of its own. Returns: how many it found.

    Raises: NotReachable when the database does not answer or is locked for too long.
    """
    with _plain(url) as connection:
        ask = _asking(connection)
        past_us = written_past_us(ask, connection.dialect.name == "postgresql")
        found = _change(connection, sql, values)
        seal(connection, ask, past_us)
        return found


@contextmanager
def _plain(url: str) -> Iterator[Connection]:
    from sqlalchemy import exc

    try:
        with engine(url).begin() as connection:
            yield connection
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise _not_reachable(url, error) from error


def _asking(connection: Connection) -> Questions:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"

    def ask(sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        rows = connection.exec_driver_sql(sql.replace("?", mark), tuple(values))
        return [tuple(row) for row in rows]

    return ask


def change(session: Session, sql: str, values: Sequence[object] = ()) -> int:
    """Changes rows by plain words, with `?` for each value. Returns: how many it found."""
    return _change(session.connection(), sql, values)


def _change(connection: Connection, sql: str, values: Sequence[object]) -> int:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    return connection.exec_driver_sql(sql.replace("?", mark), tuple(values)).rowcount


def one_at_a_time(session: Session, lock: int) -> None:
    """Lets one transaction at a time pass, until it ends. SQLite needs nothing: it has one writer."""
    from sqlalchemy import text

    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _sqlite(url: str) -> Engine:
    from sqlalchemy import create_engine, event

    path = file_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReachable("register.no-folder", folder=path.parent, why=error.strerror) from error
    # One connection: threads queue here, in order, instead of polling a locked file.
    made = create_engine(
        f"sqlite:///{path}",
        pool_size=1,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,  # errors reach logs; what was to be written does not
        connect_args={"timeout": PATIENCE},
    )

    @event.listens_for(made, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def _write_ahead(connection: Any) -> None:
    """Switches to write-ahead logging; SQLite does not wait by itself while another process switches."""
    import sqlite3

    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _postgresql(url: str) -> Engine:
    from sqlalchemy import create_engine, make_url

    address = make_url(url).set(drivername="postgresql+psycopg")
    limits = f"-c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s"
    asked = {"connect_timeout": 5, "tcp_user_timeout": PATIENCE * 1000, "options": limits}
    return create_engine(
        address,
        pool_pre_ping=True,
        pool_timeout=PATIENCE,
        hide_parameters=True,  # errors reach logs; what was to be written does not
        connect_args={key: value for key, value in asked.items() if key not in address.query},
    )


def _not_reachable(url: str, error: Exception) -> NotReachable:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    return NotReachable(
        "register.no-answer", url=spoken(url), why=cause[0] if cause else Message("register.no-reason")
    )
