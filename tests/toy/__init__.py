"""A place with a procedure that nobody ships: a folder as docs/adding-a-procedure.md tells to make one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import procedures
from models import messages
from procedures import books, registry

PLACE = Path(__file__).resolve().parent


@contextmanager
def taken_in(place: Path = PLACE) -> Iterator[None]:
    """The folders of a place beside those that are shipped, as long as it lasts."""
    registry.look_also_in(place)
    try:
        yield
    finally:
        procedures.__path__.remove(str(place))
        messages.PLACES.remove(place)
        for name in {path.parent.name for path in place.glob("*/procedure.py")}:
            for known in [m for m in sys.modules if f"{m}.".startswith(f"procedures.{name}.")]:
                del sys.modules[known]
            if hasattr(procedures, name):
                delattr(procedures, name)
        for kept in (registry.folders, registry.every, books._shipped, books._used, messages.catalogue):
            kept.cache_clear()
