"""What a restore from a backup leaves behind in the register: what waits, and which numbers are left out.

A register that was restored is older than what people were told. So nothing leaves until a person lets it
go, each series of numbers goes on behind those that may have been given since the copy, and a message that is
known to have left before is not sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from register.reading import Questions, questions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class Outbound(Enum):
    """Whether what leaves us may leave."""

    FREE = auto()
    COMPARED = auto()
    """A restore was released: what had left before is not sent again."""
    KEPT_BACK = auto()
    """A restore waits for a person to release it."""


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore: of the set that was made at an instant, when, by whom, and when it was released."""

    restore: int
    copied_at: str
    restored_at: str
    by: str
    skip: int
    released_at: str
    released_by: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that had left before, when, and where it was seen."""

    message_id: str
    sent_at: datetime
    proof: str


def outbound(ask: Questions) -> Outbound:
    """Whether what leaves us may leave, as it is to be asked before anything does."""
    rows = ask("SELECT released_at FROM restored ORDER BY restore DESC LIMIT 1")
    if not rows:
        return Outbound.FREE
    return Outbound.COMPARED if rows[0][0] else Outbound.KEPT_BACK


def waiting(url: str) -> Restore | None:
    """The restore that waits to be released, if one does. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask(
            "SELECT restore, copied_at, restored_at, by, skip, released_at, released_by FROM restored "
            "ORDER BY restore DESC LIMIT 1"
        )
    found = Restore(*rows[0]) if rows else None
    return found if found and not found.released_at else None


def left_out(url: str) -> list[tuple[str, int, int]]:
    """The serials that restores leave out: by series, the first and the last one. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT series, after, until FROM skipped WHERE until > after ORDER BY series, restore")
    return [(series, after + 1, until) for series, after, until in rows]


def seen_before(ask: Questions, message_id: str) -> Seen | None:
    """When and where a message was seen that had left before a restore."""
    rows = ask("SELECT sent_at, proof FROM left_before WHERE message_id = ?", [message_id])
    return Seen(message_id, datetime.fromisoformat(rows[0][0]), rows[0][1]) if rows else None


def begin(session: Session, copied_at: str, at: datetime, by: str, skip: int) -> None:
    """Writes down that the register was restored: from now on nothing leaves, and numbers are left out."""
    from sqlalchemy import func, select

    from models.register import (
        AllottedNumber,
        CreditNoteRow,
        InvoiceRow,
        PublicationRow,
        RestoredRow,
        SkippedRow,
    )

    restore = (session.scalar(select(func.max(RestoredRow.restore))) or 0) + 1
    session.add(
        RestoredRow(restore=restore, copied_at=copied_at, restored_at=_instant(at), by=by[:120], skip=skip)
    )
    last_ones: list[tuple[Any, Any, Callable[[Any], str]]] = [
        (AllottedNumber.series, AllottedNumber.serial, str),
        (InvoiceRow.year, InvoiceRow.serial, of_invoices),
        (CreditNoteRow.year, CreditNoteRow.serial, of_credit_notes),
        (PublicationRow.public_register, PublicationRow.number, of_publications),
    ]
    given: dict[str, int] = {}
    for series, serial, named in last_ones:
        newest = select(series, func.max(serial)).group_by(series)
        given |= {named(one): last for one, last in session.execute(newest)}
    for name, last in given.items():
        after = max(last, _skipped_until(session, name))
        session.add(SkippedRow(series=name, restore=restore, after=after, until=after + skip))


def next_serial(session: Session, series: str, last: int | None) -> int:
    """The serial after the last one of a series, behind what restores leave out of it."""
    until = _skipped_until(session, series)
    if last is None and not until:
        until = _skips_unknown(session, series)
    return max(last or 0, until) + 1


def of_invoices(year: int) -> str:
    """The series of the invoices of a year."""
    return f"invoice/{year}"


def of_credit_notes(year: int) -> str:
    """The series of the credit notes of a year."""
    return f"credit-note/{year}"


def of_publications(public_register: str) -> str:
    """The series of the publications of a public register: readers of its feeds know them by number."""
    return f"publication/{public_register}"


def release(session: Session, restore: int, at: datetime, by: str, seen: Iterable[Seen]) -> bool:
    """Lets go on what leaves us, but for what was seen to have left. Returns: whether nobody did before."""
    from models.register import LeftBeforeRow, RestoredRow

    row = session.get_one(RestoredRow, restore, with_for_update=True)
    if row.released_at:
        return False
    row.released_at, row.released_by = _instant(at), by[:120]
    for one in seen:
        if session.get(LeftBeforeRow, one.message_id[:200]) is None:
            session.add(
                LeftBeforeRow(
                    message_id=one.message_id[:200],
                    restore=restore,
                    sent_at=_instant(one.sent_at),
                    proof=one.proof[:400],
                )
            )
            session.flush()
    return True


def _skipped_until(session: Session, series: str) -> int:
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import SkippedRow

    return session.scalar(select(func.max(SkippedRow.until)).where(col(SkippedRow.series) == series)) or 0


def _skips_unknown(session: Session, series: str) -> int:
    """Where a series begins that no copy knew: it may have begun between the copy and the restore.

    Not so one of a later year, nor one of a case that itself had its number since.
    """
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import AllottedNumber, RestoredRow, SkippedRow

    newest = select(RestoredRow).order_by(col(RestoredRow.restore).desc()).limit(1)
    restore = session.scalar(newest)
    if restore is None:
        return 0
    if any(int(year) > datetime.fromisoformat(restore.restored_at).year for year in _YEAR.findall(series)):
        return 0
    parent = session.get(AllottedNumber, series.rpartition("/")[0])
    if parent is not None:
        left_out = session.get(SkippedRow, (parent.series, restore.restore))
        if left_out is None or parent.serial > left_out.until:
            return 0
    session.add(SkippedRow(series=series, restore=restore.restore, after=0, until=restore.skip))
    return restore.skip


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
