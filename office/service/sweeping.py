"""Takes away what a crash left half written in a data folder; nobody reads it, and it would stay for ever."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

AGE = 3600.0
"""Seconds after which no process can still be writing a draft: another machine may be at work here, too."""


def sweep(var: Path, documents: Path) -> int:
    """Removes drafts of letters, documents and acts that are older than any work. Returns: how many."""
    swept = 0
    for draft in _drafts(var, documents):
        with contextlib.suppress(OSError):  # another process swept it, or it is not ours to remove
            if time.time() - draft.stat().st_mtime > AGE:
                draft.unlink()
                swept += 1
    return swept


def _drafts(var: Path, documents: Path) -> Iterator[Path]:
    yield from (var / "outbox").glob(".*.draft")
    yield from documents.glob(".new-*")
    yield from (var / "keys").glob(".new-*")
    yield from (path for path in (var / "requests").glob("*.*") if path.suffix[1:].isdecimal())
    yield from (*var.glob("*.new"), *var.glob(".*.new"))
