"""Publishes the register as it stands, for the schedule of every night and after every decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from temporalio import activity


class Publishing:
    """Publishes by what it is given: a function that takes the instant and writes the site."""

    def __init__(self, publish: Callable[..., Any]) -> None:
        self._publish = publish

    @activity.defn
    def publish_register(self) -> str:
        """Publishes the register as it is. Returns: the version that stands then.

        Idempotent: by content; what stands already is left as it is.

        Raises: OutsideWorldFailed when the folder cannot be written; NotReachable when the register does
        not answer. Both are tried again; what stood before still stands.
        """
        return str(self._publish(datetime.now(UTC)).version)
