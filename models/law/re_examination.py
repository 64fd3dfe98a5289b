"""An opinion that is contested: within which times, as data of the law of a file.

The applicant gives notice, then its grounds; the body looks at its opinion again. Each time is a clause.
Without a notice, or without grounds, the opinion stands as it was given; a body that is late is awaited.
"""

from __future__ import annotations

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
