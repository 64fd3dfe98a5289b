"""Reads bank statements: CODA (version 2) and ISO 20022 camt.053, told apart by their content.

A file is read whole or not at all: what was cut short, altered or does not add up is refused with the
reason, and nothing of it is taken in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from models.errors import InputRefused
from models.messages import worded
from office.money.camt import read_camt
from office.money.coda import read_coda
from office.money.statements import StatementFile, Wrong, compact, plain

LARGEST = 32 * 1024 * 1024
"""Bytes; a year of a busy account is less."""


def read(path: Path, accounts: Collection[str] = ()) -> StatementFile:
    """Reads a file of bank statements; only of `accounts`, where they are given.

    Raises: InputRefused when it is no such file, was cut short or altered, does not add up, or is of
    another account.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputRefused("statement.too-large", name=path.name, most=LARGEST // 1024 // 1024)
        content = path.read_bytes()
    except OSError as error:
        raise InputRefused("file.unreadable", path=path, why=error.strerror) from None
    file = understood(content, path.name)
    ours = sorted(map(compact, accounts))
    for statement in file.statements:
        if ours and statement.account not in ours:
            raise InputRefused(
                "statement.another-account", name=path.name, account=statement.account, ours=ours
            )
    ids = [row["id"] for row in file.rows()]
    if len(set(ids)) < len(ids):
        raise InputRefused("statement.movement-twice", name=path.name)
    return file


def understood(content: bytes, name: str) -> StatementFile:
    """A file by its content. Raises: InputRefused."""
    sha256 = hashlib.sha256(content).hexdigest()
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if start == b"<":
            return StatementFile(sha256, _shown(name), "camt.053", tuple(read_camt(content)))
        if start == b"0":
            return StatementFile(sha256, _shown(name), "coda", tuple(read_coda(content)))
    except Wrong as wrong:
        raise InputRefused("statement.refused", name=_shown(name), why=wrong.said) from None
    raise InputRefused("statement.neither", name=_shown(name))


def _shown(name: str) -> str:
    return plain(name, 200) or worded("statement.the-file")
