"""The log of acts: a line of JSON for each entry, for whoever watches an office by its logs.

It repeats what the register holds, and proves nothing: of each entry which case, which act, who and when, and
nothing that anybody typed. An entry waits for no line, and a full disk costs lines and no entry.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from office.service.launching import LOG_LIMIT

if TYPE_CHECKING:
    from models.entry import Entry
    from office.settings import Settings

FILE = "acts.jsonl"
"""What it is called in the folder of logs; one earlier file is kept, as of the other logs."""


def log_of_acts(settings: Settings) -> Callable[[Entry], object]:
    """What writes a line for an entry that stands. One that is entered again has a second line, the same."""
    folder = settings.var / "log"
    folder.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(folder / FILE, maxBytes=LOG_LIMIT, backupCount=1, encoding="utf-8", delay=True)
    log = logging.Logger(FILE)
    log.addHandler(file)

    def write(entry: Entry) -> None:
        at = entry.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "number": entry.number, "entry": entry.sequence, "act": entry.act, "by": entry.by}
        log.info(json.dumps(told, ensure_ascii=False))

    return write
