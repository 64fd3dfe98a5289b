"""Reads the address of a database: which of the two kinds, which file, and how to say it aloud."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from models.errors import InputRefused


def is_sqlite(url: str) -> bool:
    """Whether the address is one of SQLite; otherwise it is one of PostgreSQL.

    Raises: InputRefused when it is neither.
    """
    scheme = url.partition("://")[0].partition("+")[0]
    if scheme not in ("sqlite", "postgresql", "postgres"):
        raise InputRefused("register.no-such-address", scheme=scheme[:20])
    return scheme == "sqlite"


def file_of(url: str) -> Path:
    """The file of an SQLite address, absolute.

    Raises: InputRefused when the address names no file: a register in memory would be forgotten.
    """
    path = url.partition(":///")[2]
    if not path or path == ":memory:":
        raise InputRefused("register.address-without-file", url=url)
    return Path(path).resolve()


def for_psycopg(url: str) -> str:
    """The address as PostgreSQL's own library reads it."""
    return "postgresql://" + url.partition("://")[2]


def spoken(url: str) -> str:
    """The address without user, password and options, for messages."""
    if is_sqlite(url):
        return str(file_of(url))
    parts = urlsplit(for_psycopg(url))
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
