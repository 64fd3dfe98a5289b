"""An opinion that is looked at again, because it is contested or sent back: data of the law of a file.

The applicant who contests gives notice, then its grounds; the body looks at its opinion again. Each time is a
clause. Without a notice, or without grounds, the opinion stands as it was given; a body that is late is
awaited. Whoever sends an opinion back says why, at once; a clause says within which time it is looked at, or
in words that there is none.
"""

from __future__ import annotations

from models.parties import Body
from models.travelling import Travelling


class ReExamination(Travelling, frozen=True):
    """How the opinion of a body is contested, by the clauses of three times.

    `notice` and `grounds` run from the receipt of the opinion, and are the applicant's; `again` runs from the
    receipt of the grounds, and is the body's.
    """

    notice: str
    grounds: str
    again: str

    @property
    def clauses(self) -> tuple[str, ...]:
        """The three clauses, in their order."""
        return self.notice, self.grounds, self.again


class SendingBack(Travelling, frozen=True):
    """Who sends the opinion of a body back, once its own turn has come, and by which clause.

    `again` is the clause of the time of the body to look at it; where it is in words there is no time.
    """

    by: Body
    again: str
