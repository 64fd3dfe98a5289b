"""Tells what is no longer as it was sealed: rows, seals, heads and the second place, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import Malformed, ProcedureError
from models.messages import Message
from models.signing import fingerprint
from office.service import anchoring
from office.service.case_by_case import FROM_BACKUP, Tell
from office.service.problems import Problem
from office.settings import Settings
from register import heads, office_keys
from register.heads import Head
from register.keys import OFFICE, read
from register.reading import questions
from register.sealed import Compared, Difference, differences

WORDS = (
    *("row-changed", "row-gone", "row-without-seal", "row-changed-before", "moved-past-us", "past-us"),
    *("seal-changed", "seal-missing", "seal-rewritten", "head-changed", "head-missing", "head-not-signed"),
    *("no-trigger",),
)
"""What may differ, each with its sentence; programs read it as the kind of a problem."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, what differs, and the heads that a restore lost, which is no difference."""

    looked: dict[str, int]
    problems: tuple[Problem, ...]
    lost: tuple[Head, ...]

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        lost = [{"head": one.head, "at": one.at} for one in self.lost]
        problems = [problem.told() for problem in self.problems]
        return {"looked": self.looked, "lost_with_a_restore": lost, "problems": problems}


def sealed(settings: Settings, tell: Tell) -> Verified:
    """Every row against its seals, the seals against the heads, and these against the second place.

    Raises: NotReachable when the register does not answer.
    """
    looked = Compared()
    problems = [_told(one) for one in differences(settings.register_url, looked, tell)]
    problems += _keys(settings)
    anchors, lost = anchoring.compared(settings, datetime.now(UTC))
    return Verified(asdict(looked), (*problems, *anchors), tuple(lost))


def _keys(settings: Settings) -> Iterator[Problem]:
    """Heads that another key signed than the office's own, since it is that."""
    with suppress(ProcedureError):
        own = read(settings.keys / OFFICE).public
        with questions(settings.register_url) as ask:
            now = office_keys.last(ask)
            for head in heads.every(ask):
                if head.key != own and (now is None or head.at > now.since):
                    said = Message("verify.head-other-key", head=head.head, key=_fingerprint(head.key))
                    yield Problem("head-other-key", said)


def _fingerprint(key: str) -> str:
    try:
        return fingerprint(key)
    except Malformed:
        return key


def _told(one: Difference) -> Problem:
    """A difference in a sentence; of a case with its number."""
    facts = {
        "stream": one.stream,
        "sequence": one.sequence,
        "table": one.table,
        "key": _joined(one.key),
        "columns": list(one.columns) or [Message("verify.some-column")],
    }
    number = "" if one.stream in (one.table, "head") else one.stream
    possible = (FROM_BACKUP, *([f"show {number}"] if number else []))
    return Problem(one.what, Message(f"verify.{one.what}", **facts), number, possible=possible)


def _joined(parts: Iterable[Any]) -> str:
    return ", ".join(map(str, parts))
