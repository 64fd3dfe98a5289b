"""Keeps the law that cases rest on, whole, by its hash: cases carry it in brief.

It is written before a case names it: many files of a day share one, and none of them is ever changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import RegisterConflict
from models.law.applicable import Law

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.law.applicable import Change


def keep(url: str, law: Law) -> None:
    """Keeps a law. Idempotent: by its hash. Raises: NotReachable when the database does not answer."""
    from sqlalchemy.exc import IntegrityError

    from register.database import transaction

    try:
        with transaction(url) as session:
            keep_within(session, law)
    except IntegrityError:
        pass  # somebody else kept the same one at this very moment


def keep_within(session: Session, law: Law) -> None:
    """Keeps a law in the transaction of what names it. Idempotent: by its hash."""
    if _is_kept(session, law.digest):
        return
    from models.register import LawRow

    table = LawRow.__table__
    session.execute(table.insert(), {"digest": law.digest, "body": law.model_dump(mode="json")})


def keep_changed(session: Session, change: Change, becomes: str) -> None:
    """Keeps what a change makes of a law that is kept, under the hash that its case names.

    Idempotent: by that hash. Raises: RegisterConflict when the law before the change is not kept, or becomes
    another one than the case says: the entry waits, visibly, until a person has looked.
    """
    before = held(session, change.of)
    if before is None:
        raise RegisterConflict("register.law-of-case-not-kept", law=change.of[:12])
    law = before.changed(change)
    if law.digest != becomes:
        raise RegisterConflict("register.law-differs", here=law.digest[:12], there=becomes[:12])
    keep_within(session, law)


def held(session: Session, digest: str) -> Law | None:
    """The law under a hash, or nothing."""
    if not _is_kept(session, digest):
        return None
    if digest not in _read:
        from sqlalchemy import select

        from models.register import LawRow

        table = LawRow.__table__
        _read[digest] = Law.model_validate(
            session.execute(select(table.c.body).where(table.c.digest == digest)).scalar_one()
        )
    return _read[digest]


_read: dict[str, Law] = {}
"""The laws that this process has read, by their hash: each letter names one, and a year has a few dozen."""


def _is_kept(session: Session, digest: str) -> bool:
    from sqlalchemy import select

    from models.register import LawRow

    table = LawRow.__table__
    return session.scalar(select(table.c.digest).where(table.c.digest == digest)) is not None
