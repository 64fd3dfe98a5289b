"""The histories of runs that have ended, as they are kept: what Temporal forgets, the register proves.

Each is a document by its content (register/documents.py); a row says of which run it is, and how that ended.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from register.reading import questions


@dataclass(frozen=True)
class KeptHistory:
    """A run that has ended, and where its history is kept; instants are UTC."""

    run: str
    number: str
    workflow: str
    kind: str
    began_at: str
    ended_at: str
    how: str
    events: int
    sha256: str
    size: int


_COLUMNS = ", ".join(KeptHistory.__annotations__)


def keep(url: str, history: KeptHistory) -> None:
    """Writes down whose history a document is. Idempotent: by the run.

    Raises: NotReachable when the database does not answer.
    """
    from sqlalchemy.exc import IntegrityError

    from models.register import HistoryRow
    from register.database import transaction

    try:
        with transaction(url) as session:
            session.execute(HistoryRow.__table__.insert(), asdict(history))
    except IntegrityError:
        if not kept_of(url, [history.run]):  # else another worker was faster
            raise


def kept(url: str, number: str) -> list[KeptHistory]:
    """The histories of a case, of its account too, in the order in which they began.

    Raises: NotReachable when the register does not answer.
    """
    asked = f"SELECT {_COLUMNS} FROM history WHERE number = ? ORDER BY began_at, ended_at"
    with questions(url) as ask:
        return [KeptHistory(*row) for row in ask(asked, [number])]


def kept_of(url: str, runs: Collection[str]) -> set[str]:
    """Which of these runs have their history kept."""
    places = ", ".join("?" * len(runs))
    with questions(url) as ask:
        return {str(row[0]) for row in ask(f"SELECT run FROM history WHERE run IN ({places})", list(runs))}


def last_ended(url: str) -> str | None:
    """When the run ended whose kept history is the newest."""
    with questions(url) as ask:
        return ask("SELECT max(ended_at) FROM history")[0][0]


def every(url: str) -> list[KeptHistory]:
    """All of them, by case. Raises: NotReachable when the register does not answer."""
    with questions(url) as ask:
        return [KeptHistory(*row) for row in ask(f"SELECT {_COLUMNS} FROM history ORDER BY number, ended_at")]


def none_of(url: str, before: datetime) -> list[tuple[str, str]]:
    """Cases that ended before an instant and of which no history is kept: number and last entry's instant."""
    asked = (
        "SELECT s.number, s.recorded_at FROM current_state s WHERE s.ended AND s.recorded_at < ? "
        "AND NOT EXISTS (SELECT 1 FROM history h WHERE h.number = s.number) ORDER BY s.number"
    )
    with questions(url) as ask:
        return [(number, at) for number, at in ask(asked, [before.isoformat()])]
