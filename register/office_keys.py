"""Keeps which key is the office's: what one machine certifies, the others must take for the office's word.

Without this a second machine with a key of its own would stand there, and refuse all that the first one
certified. A key that was lost for good is followed by a new one, by a person's word and never by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.errors import InputRefused, NotFound, OutsideWorldFailed
from models.messages import Message
from models.signing import fingerprint
from register.addresses import spoken
from register.keys import OFFICE, Key, kept, read
from register.reading import Questions


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A key of the office: its public half, the instant since which it is that, and who said so."""

    key: str
    since: str
    by: str


def last(ask: Questions) -> OfficeKey | None:
    """The key that is the office's now; none before the first start."""
    rows = ask('SELECT key, since, "by" FROM office_key ORDER BY change DESC LIMIT 1')
    return OfficeKey(*rows[0]) if rows else None


def every(ask: Questions) -> list[str]:
    """All keys that were the office's, the newest first."""
    return [str(row[0]) for row in ask("SELECT key FROM office_key ORDER BY change DESC")]


def hold(url: str, folder: Path, by: str) -> Key:
    """The office's key in a folder of keys, held to what the register knows; the first one becomes it.

    Idempotent: by the key in the folder and in the register. Of two machines that start at once with keys of
    their own, the second is refused.

    Raises: OutsideWorldFailed when the office's key is another one or is not there, or cannot be read or
    written; NotReachable when the database does not answer.
    """
    expected = _known(url)
    if expected is None:
        _told(url, kept(folder / OFFICE), by, after=None)
        expected = _known(url)
    if foreign := stranger(url, folder, expected):
        raise OutsideWorldFailed(foreign.key, **foreign.facts)
    return read(folder / OFFICE)


def renew(url: str, folder: Path, by: str) -> Key:
    """Makes the key in the folder the office's from now on, or a new one where none lies there.

    Idempotent: by the key. What was signed before stays signed by the key before it.

    Raises: InputRefused when that key was the office's once, and another one followed; as `hold` does.
    """
    key = kept(folder / OFFICE)
    expected = _known(url)
    if expected is None or expected.key != key.public:
        _told(url, key, by, after=expected and expected.key)
    return hold(url, folder, by)


def stranger(url: str, folder: Path, expected: OfficeKey | None) -> Message | None:
    """Why the key in a folder is not the office's; nothing when it is, or the register knows none yet."""
    if expected is None:
        return None
    file = folder / OFFICE
    told = {"file": file, "url": spoken(url), "expected": fingerprint(expected.key), "since": expected.since}
    try:
        here = read(file).public
    except NotFound:
        return Message("key.of-office-lost", **told)
    if here == expected.key:
        return None
    return Message("key.of-another-office", **told, here=fingerprint(here))


def _known(url: str) -> OfficeKey | None:
    from register.database import asking, transaction

    with transaction(url) as session:
        return last(asking(session))


def _told(url: str, key: Key, by: str, after: str | None) -> None:
    """Enters a key after the last one that is known. Whoever was slower than another one enters nothing."""
    from sqlalchemy.exc import IntegrityError

    from models.register import OfficeKeyRow
    from register.database import asking, transaction

    try:
        with transaction(url) as session:
            rows = asking(session)("SELECT change, key FROM office_key ORDER BY change")
            if (rows[-1][1] if rows else None) != after:
                return
            if key.public in (row[1] for row in rows):
                raise InputRefused("key.was-of-office", key=fingerprint(key.public))
            since = datetime.now(UTC).isoformat(timespec="milliseconds")
            row = {"change": len(rows) + 1, "key": key.public, "since": since, "by": by}
            session.execute(OfficeKeyRow.__table__.insert(), row)
    except IntegrityError:
        pass  # another process was faster
