"""Heads of the register: where every stream of seals stood at a moment, chained, signed, and kept elsewhere.

A head names the streams that moved since the head before it. Whoever rewrites a case with its seals has to
rewrite every head since; of these a second place holds its own copy, signed by the office. What is chained
and signed is one digest for each stream, so that a head can be shown with one case and names no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.signing import Purpose, canonical, is_signed
from register.reading import Questions, questions
from register.rows import digest
from register.seals import FIRST, SEALING

if TYPE_CHECKING:
    from register.keys import Key

_COLUMNS = 'head, "at", occasion, until, heads, chain, key, signature'


@dataclass(frozen=True, slots=True)
class Head:
    """One head, as it is kept here and in a second place. `heads` is JSON, as its text."""

    head: int
    at: str
    occasion: str
    until: int
    heads: str
    chain: str
    key: str
    signature: str

    @property
    def text(self) -> str:
        """What is written to a second place."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @property
    def named(self) -> str:
        """What its file is called there: two heads of one number, as a restore leaves them, are two files."""
        return f"{self.head:07d}-{self.chain[:16]}.json"

    @property
    def signed(self) -> bytes:
        """What the office signs of it, and a time stamp is given for."""
        return canonical({"head": self.head, "at": self.at, "chain": self.chain})

    def chained(self, before: str) -> str:
        """What its chain must be after the head before it. Raises: ValueError where it names no streams."""
        return digest("\n".join((before, str(self.head), self.at, str(self.until), *self.digests())))

    def is_signed(self) -> bool:
        """Whether it is signed by the key that it names."""
        return is_signed(Purpose.HEAD, self.signed, self.signature, self.key)

    def streams(self) -> dict[str, tuple[int, str]]:
        """The last seal of each stream that it names: sequence and chain. Raises: ValueError."""
        try:
            return {stream: (seal[0], seal[1]) for stream, seal in json.loads(self.heads).items()}
        except (TypeError, AttributeError, LookupError) as error:
            raise ValueError from error

    def digests(self) -> list[str]:
        """What it says of each stream, as a digest that tells nobody of which one. Raises: ValueError."""
        told = self.streams().items()
        return sorted(digest(f"{stream}\n{sequence}\n{chain}") for stream, (sequence, chain) in told)


def read(text: str) -> Head:
    """A head as a second place holds it. Raises: ValueError when it is none."""
    found = json.loads(text)
    if not isinstance(found, dict) or found.keys() != set(Head.__dataclass_fields__):
        raise ValueError
    head = Head(**found)
    head.streams()
    return head


def make(url: str, occasion: str, key: Key) -> None:
    """Makes the head of this moment. Idempotent: by its occasion.

    Raises: NotReachable when the database does not answer.
    """
    from models.register import HeadRow
    from register.database import asking, one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, SEALING)  # a seal that is on its way has its place before it is counted
        ask = asking(session)
        if ask("SELECT 1 FROM head WHERE occasion = ?", [occasion]):
            return
        last = ask("SELECT head, until, chain FROM head ORDER BY head DESC LIMIT 1")
        number, since, before = last[0] if last else (0, 0, FIRST)
        ((until,),) = ask("SELECT coalesce(max(id), 0) FROM seal")
        moved = ask(
            "SELECT s.stream, s.sequence, s.chain FROM seal s JOIN "
            "(SELECT stream, max(sequence) AS newest FROM seal WHERE id > ? GROUP BY stream) l "
            "ON l.stream = s.stream AND l.newest = s.sequence ORDER BY s.stream",
            [since],
        )
        heads = {stream: [sequence, chain] for stream, sequence, chain in moved}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        text = json.dumps(heads)
        made = Head(number + 1, at, occasion, until, text, "", key.public, "")
        made = replace(made, chain=made.chained(before))
        signature = key.sign(Purpose.HEAD, made.signed)
        row = asdict(made) | {"heads": heads, "signature": signature}
        session.execute(HeadRow.__table__.insert(), row)


def every(ask: Questions) -> Iterator[Head]:
    """All heads, in their order."""
    return (Head(*row) for row in ask(f"SELECT {_COLUMNS} FROM head ORDER BY head"))


def one(ask: Questions, number: int) -> Head | None:
    """The head of that number, if it was made."""
    return next((Head(*row) for row in ask(f"SELECT {_COLUMNS} FROM head WHERE head = ?", [number])), None)


def newest(ask: Questions) -> Head | None:
    """The head that was made last."""
    return next((Head(*row) for row in ask(f"SELECT {_COLUMNS} FROM head ORDER BY head DESC LIMIT 1")), None)


def not_at(url: str, place: str) -> list[Head]:
    """The heads of which it is not known that they were written to a second place. Raises: NotReachable."""
    asked = (
        f"SELECT {_COLUMNS} FROM head WHERE NOT EXISTS "
        "(SELECT 1 FROM anchor WHERE anchor.head = head.head AND anchor.place = ?) ORDER BY head"
    )
    with questions(url) as ask:
        return [Head(*row) for row in ask(asked, [place])]


def written(url: str, head: int, place: str) -> None:
    """A head was written to a second place. Idempotent: by both. Raises: NotReachable."""
    from sqlalchemy.exc import IntegrityError

    from models.register import AnchorRow
    from register.database import transaction

    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    try:
        with transaction(url) as session:
            session.execute(AnchorRow.__table__.insert(), {"head": head, "place": place, "at": at})
    except IntegrityError:
        pass  # another one was faster


def anchored(ask: Questions, place: str) -> dict[int, str]:
    """Which heads were written to a second place, and when."""
    return dict(ask("SELECT head, at FROM anchor WHERE place = ?", [place]))
