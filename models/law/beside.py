"""A limit that no phase waits for: what it runs from, and what ends it, as data of its clause.

It runs beside whatever phase the case rests in, from the day of an act that begins it, and ends when the
letters that it asks for have left, or with an act. What it means that it passes is never more than a flag:
no right under the procedure hangs on it.
"""

from __future__ import annotations

from models.parties import Role
from models.travelling import Travelling

ANNOUNCED, LINKED = "ApplicationAnnounced", "ApplicationLinked"
"""The acts that begin and end the wait for an application that was announced, as entries name them."""

RECORDED = "PublicationRecorded"
"""The act by which a person says that what was to be published stands, as entries name it."""


class Sent(Travelling, frozen=True):
    """One of these letters has left, to whom it is for.

    One that is `written` no phase writes: the limit itself does, with the act by which it begins.
    """

    letters: tuple[str, ...]
    role: Role
    written: bool = False


class Beside(Travelling, frozen=True):
    """What begins and ends a limit that no phase waits for.

    `since` are acts as entries name them: the limit runs from the day of the first of them, and one that runs
    already goes on. Without any, a stage that finds the clause under a name of its own starts it, or it
    begins `after` the last day of another one that has passed. It ends when all that is `sent` has left, or
    with one of the acts `until`; one that `lapses` ends by itself when it passes, with the one before it.
    `each`: such an act does only what was asked for by its day; what was asked for later waits, and then has
    its own time.
    """

    since: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()
    until: tuple[str, ...] = ()
    each: bool = False
    after: str = ""
    lapses: bool = False
