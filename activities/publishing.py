"""Publishes the registers as they stand, for the schedule of every night and after every decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from temporalio import activity

from models.entry import Publications


class Publishing:
    """Publishes by what it is given: a function that takes the instant and writes the sites."""

    def __init__(self, publish: Callable[..., Any]) -> None:
        self._publish = publish

    @activity.defn
    def publish_register(self) -> Publications:
        """Publishes every public register as it is.

        Returns: the versions that stand then, and the cases for which something ends with them.

        Idempotent: by content; what stands already is left as it is.

        Raises: OutsideWorldFailed when the folder cannot be written; NotReachable when the register does
        not answer. Both are tried again; what stood before still stands.
        """
        told = self._publish(datetime.now(UTC))
        return Publications(
            versions=", ".join(one.version for one in told),
            told={number: lacking for one in told for number, lacking in one.told.items()},
        )
