"""How long what was authorised is valid, where a decision fixed a last day.

The day is a term of the decision: it moves for no weekend and no closing day. The programme is warned
before it, and when it has passed the programme has ended, without anybody's act.
"""

from __future__ import annotations

from datetime import date

from models.clock import ONE_DAY, Limit, days_before
from models.travelling import Travelling

LONGEST = 50
"""Years within which a last day lies; a later one is a slip of the pen."""


class Validity(Travelling):
    """Valid until the end of a day; `warned` is how many warnings before it lie behind us."""

    until_on: date
    warned: int = 0

    @property
    def ends_on(self) -> date:
        """The day at whose beginning it has ended."""
        return self.until_on + ONE_DAY

    def warned_on(self, ladder: tuple[Limit, ...]) -> date:
        """The day of the next warning; after the last one, the day on which it ends."""
        days = sorted(days_before(self.until_on, rung) for rung in ladder)
        return days[self.warned] if self.warned < len(days) else self.ends_on

    def pass_warnings(self, ladder: tuple[Limit, ...], today: date) -> None:
        """Passes the warnings whose day has come: those missed while nothing ran are one."""
        self.warned = sum(days_before(self.until_on, rung) <= today for rung in ladder)
