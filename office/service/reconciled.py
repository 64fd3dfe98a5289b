"""What `umn status` tells of the last comparison: of which moment it is, and what it found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.messages import Message
from office.publication.schedule import there
from office.service.problems import Problem
from office.settings import Settings
from register import reconciliations

TWO_NIGHTS = timedelta(hours=50)
"""One night may be missed: the machine was off. Two are told."""

SEEN_NOW = (
    *("held-up", "task-fails", "letters-stand", "letters-returned", "letters-wait"),
    *("documents", "unanswered-act"),
)
"""Kinds that `umn status` sees by itself, and as they are now."""


OF_A_RUN = ("not-running", "behind")
"""Kinds that are over once the case has written an entry: it runs, and knows the register."""


def last_comparison(settings: Settings, now: datetime) -> tuple[dict[str, Any], list[Problem]]:
    """When everything was compared last, with what it found; or that there was no comparison for two nights.

    Raises: NotReachable when the register does not answer.
    """
    made = reconciliations.last(settings.register_url)
    at = datetime.fromisoformat(made.began_at) if made else reconciliations.since(settings.register_url)
    told = [_of_then(finding, made.began_at) for finding in made.findings] if made else []
    told = [problem for problem in told if problem.kind not in SEEN_NOW]
    if any(problem.kind in OF_A_RUN for problem in told) and made:
        moved = reconciliations.moved_since(settings.register_url, made.began_at)
        told = [one for one in told if one.kind not in OF_A_RUN or one.number not in moved]
    if at and now - at > TWO_NIGHTS:
        said = Message("reconcile.late", at=at) if made else Message("reconcile.never")
        told.append(Problem("not-reconciled", said, since=at, possible=("reconcile", "up")))
    return {"at": made.began_at, "differences": made.many} if made else {}, told


def _of_then(finding: dict[str, Any], at: str) -> Problem:
    """A finding as a problem of that moment: it may have been mended since."""
    return Problem(
        finding["kind"],
        Message("reconcile.of-then", at=there(at), sentence=finding["sentence"]),
        finding["number"] or "",
        datetime.fromisoformat(finding["since"]) if finding["since"] else None,
        (*finding["possible"], "reconcile"),
    )
