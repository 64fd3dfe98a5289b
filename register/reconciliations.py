"""What a comparison with Temporal and the store asks of the register, and how the last one is kept.

Only the last comparison is kept: what was mended since is not told for ever.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models.errors import NotReachable
from register.reading import as_day, questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A comparison: when, at how many of what it looked, and what it found.

    `findings` are told as problems of `umn status`; of one kind the first are kept, and `many` counts all.
    """

    began_at: str
    ended_at: str
    deep: bool
    looked: dict[str, int]
    findings: tuple[dict[str, Any], ...]
    many: int


SHORT = 12
"""Signs of a digest by which a history knows the line that stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register, as far as a history tells it as well."""

    act: str
    by: str
    happened_on: date
    request_id: str | None
    phase: str
    facts: dict[str, Any]
    digest: str

    @property
    def says(self) -> str:
        """How the digest of what people read in it begins, whatever stands beside it as `digest`."""
        read = [self.act, self.by, str(self.happened_on), self.request_id, self.phase, self.facts]
        return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:SHORT]


def keep(url: str, made: Reconciliation) -> None:
    """Keeps a comparison in the place of the last one. Raises: NotReachable."""
    from models.register import ReconciliationRow
    from register.database import transaction

    with transaction(url) as session:
        session.merge(
            ReconciliationRow(
                one=1,
                began_at=made.began_at,
                ended_at=made.ended_at,
                deep=made.deep,
                looked=made.looked,
                findings=list(made.findings),
                many=made.many,
            )
        )


def last(url: str) -> Reconciliation | None:
    """The last comparison, if there was one. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT began_at, ended_at, deep, looked, findings, many FROM reconciliation")
    if not rows:
        return None
    ((began_at, ended_at, deep, looked, findings, many),) = rows
    return Reconciliation(
        began_at, ended_at, bool(deep), json.loads(looked), tuple(json.loads(findings)), many
    )


def moved_since(url: str, instant: str) -> set[str]:
    """The cases that have written an entry since an instant. Raises: NotReachable."""
    with questions(url) as ask:
        return {
            number for (number,) in ask("SELECT number FROM current_state WHERE recorded_at > ?", [instant])
        }


def forget(session: Session) -> None:
    """Forgets the last comparison, as after a restore: it was of another place."""
    from register.database import change

    change(session, "DELETE FROM reconciliation")


def since(url: str) -> datetime | None:
    """When the first entry was written: from then on there is something to compare. Raises: NotReachable."""
    try:
        with questions(url) as ask:
            first = ask("SELECT min(recorded_at) FROM entry")[0][0]
    except NotReachable:
        return None
    return datetime.fromisoformat(first) if first else None


def last_digests(url: str) -> dict[str, str]:
    """The digest of the last line of every case, by number. Raises: NotReachable."""
    asked = (
        "SELECT e.number, e.digest FROM current_state s "
        "JOIN entry e ON e.number = s.number AND e.sequence = s.entry"
    )
    with questions(url) as ask:
        return dict(ask(asked))


def gaps(url: str) -> dict[str, tuple[int, int, int]]:
    """Cases of which lines are missing: the last entry by their state, how many there are, and the last one.

    Raises: NotReachable.
    """
    asked = (
        "SELECT n.number, coalesce(s.entry, 0), coalesce(e.lines, 0), coalesce(e.newest, 0) FROM "
        "(SELECT number FROM current_state UNION SELECT number FROM entry) n "
        "LEFT JOIN current_state s ON s.number = n.number LEFT JOIN "
        "(SELECT number, count(*) AS lines, max(sequence) AS newest FROM entry GROUP BY number) e "
        "ON e.number = n.number "
        "WHERE coalesce(s.entry, 0) <> coalesce(e.lines, 0) OR coalesce(s.entry, 0) <> coalesce(e.newest, 0)"
    )
    with questions(url) as ask:
        return {number: (state, lines, newest) for number, state, lines, newest in ask(asked)}


def states_unlike(url: str) -> list[tuple[str, int]]:
    """Cases whose state is not that of their last line: number and entry. Raises: NotReachable."""
    asked = (
        "SELECT s.number, s.entry FROM current_state s JOIN entry e ON e.number = s.number "
        "AND e.sequence = s.entry "
        "WHERE s.phase <> e.phase OR s.ended <> e.ended OR s.recorded_at <> e.recorded_at ORDER BY s.number"
    )
    with questions(url) as ask:
        return [(number, entry) for number, entry in ask(asked)]


def lines(url: str, number: str) -> dict[int, Line]:
    """The lines of a case, by sequence. Raises: NotReachable."""
    asked = (
        'SELECT sequence, act, "by", happened_on, request_id, phase, facts, digest FROM entry '
        "WHERE number = ?"
    )
    with questions(url) as ask:
        rows = ask(asked, [number])
    found = {}
    for sequence, act, by, on, request_id, phase, facts, digest in rows:
        day = as_day(on)
        assert day is not None
        found[sequence] = Line(act, by, day, request_id, phase, json.loads(facts), digest)
    return found


def invoices(url: str, number: str) -> dict[str, int]:
    """What was asked for in a case, in cents, by invoice. Raises: NotReachable."""
    with questions(url) as ask:
        return dict(ask("SELECT invoice, cents FROM invoice WHERE number = ?", [number]))


def letters_without_notice(url: str) -> list[tuple[str, str]]:
    """Letters that were made and have no notice to leave by: key and number. Raises: NotReachable."""
    asked = (
        "SELECT l.key, l.number FROM letter l WHERE l.state = 'made' "
        "AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.of = l.key) ORDER BY l.key"
    )
    with questions(url) as ask:
        return [(key, number) for key, number in ask(asked)]


def letters_not_told(url: str, before: datetime) -> list[tuple[str, str, str]]:
    """Letters whose case was to be told what became of them before an instant: key, number and since when.

    Those that a fault of ours stopped (`not_told`) are listed with what waits for a person.
    """
    asked = (
        "SELECT key, number, since FROM notice WHERE tells > '' AND state <> 'not_told' AND since < ? "
        "ORDER BY key"
    )
    with questions(url) as ask:
        return [(key, number, at) for key, number, at in ask(asked, [before.isoformat()])]


def counted(url: str) -> dict[str, int]:
    """How many entries, letters and histories the register holds. Raises: NotReachable."""
    with questions(url) as ask:
        return {
            what: int(ask(f"SELECT count(*) FROM {table}")[0][0])
            for what, table in (("entries", "entry"), ("letters", "letter"), ("histories", "history"))
        }
