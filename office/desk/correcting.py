"""What a correction says of the entry that it puts right: which act it is, and what stands there now."""

from __future__ import annotations

from typing import Any

from office.settings import Settings
from register.corrections import stands


def corrected(settings: Settings, number: str, said: dict[str, Any]) -> dict[str, Any]:
    """What was typed of a correction, with what the register holds of its entry.

    What is not there is said by the case itself. Raises: NotFound; NotReachable.
    """
    entry = stands(settings.register_url, number, said["entry"])
    fact = said["fact"].replace("-", "_")
    told = {"corrects": entry.act if entry else "?", "was": entry.facts.get(fact, "?") if entry else "?"}
    return {**said, "fact": fact, **told}
