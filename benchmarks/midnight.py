"""A midnight that comes when a benchmark wants it: on a real server nobody can let time pass.

The office counts its days in the zone of `models.clock`. Here that zone is another one, whose day begins at
the instant that was asked for; nothing else differs. The ground has worker and postman run this file.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

AT = "BENCHMARKS_MIDNIGHT"
"""The variable that tells the instant to a process that is started."""


def begin_days_at(instant: datetime) -> None:
    """From now on the civil days of this process begin at the time of day of an instant."""
    from models import clock

    at = instant.astimezone(UTC)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    clock.BRUSSELS = timezone(timedelta() - (at - midnight))  # type: ignore[assignment]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    begin_days_at(datetime.fromisoformat(os.environ[AT]))

    from office.service.ending import leave
    from worker import main

    leave(main(sys.argv[1:]))
