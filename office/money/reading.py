"""Reads bank statements: CODA (version 2) and ISO 20022 camt.053, told apart by their content.

A statement is read whole or not at all: what was cut short, altered or does not add up is refused with the
reason, and nothing of its file is taken in. What decides nothing about money refuses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from models.errors import InputRefused
from models.messages import Message, worded
from models.statements import StatementFile
from office.money.camt import read_camt
from office.money.coda import read_coda
from office.money.mistaken import LARGEST, named, unpacked
from office.money.statements import Wrong, compact, plain


def read(path: Path, accounts: Collection[str] = ()) -> StatementFile:
    """Reads a file of bank statements; only of `accounts`, where they are given: others are left out by name.

    Raises: InputRefused when it is no such file, was cut short or altered, does not add up, or tells of
    none of these accounts.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputRefused("statement.too-large", name=path.name, most=LARGEST // 1024 // 1024)
        content = path.read_bytes()
    except OSError as error:
        raise InputRefused("file.unreadable", path=path, why=error.strerror) from None
    ours = sorted(map(compact, accounts))
    file = understood(content, path.name, ours)
    if not file.statements:
        raise InputRefused("statement.another-account", name=file.name, accounts=file.left_out, ours=ours)
    return file


def understood(content: bytes, name: str, ours: Collection[str] = ()) -> StatementFile:
    """A file by its content, or the one file of a zip. Raises: InputRefused."""
    shown = plain(name, 200) or worded("statement.the-file")
    try:
        content = unpacked(content)
        if mistaken := named(content):
            raise Wrong(mistaken)
        is_camt = content[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"<"
        found = (read_camt if is_camt else read_coda)(content, ours)
    except Wrong as wrong:
        raise InputRefused("statement.refused", name=shown, why=wrong.said) from None
    remarks = list(found.remarks)
    if found.left_out:
        remarks.insert(0, Message("statement.left-out", accounts=found.left_out))
    return StatementFile(
        hashlib.sha256(content).hexdigest(),
        shown,
        "camt.053" if is_camt else "coda",
        found.statements,
        found.left_out,
        tuple(remarks),
    )
