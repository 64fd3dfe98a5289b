"""How long what was authorised is valid, where a decision fixed a last day.

The day is a term of the decision: it moves for no weekend and no closing day. The programme is warned
before it, and when it has passed the programme has ended, without anybody's act.
"""

from __future__ import annotations

from datetime import date

from models.clock import ONE_DAY, Limit, Unit, add_months, days_before
from models.travelling import Travelling

LONGEST = 50
"""Years within which a last day lies; a later one is a slip of the pen."""


class Validity(Travelling):
    """Valid until the end of a day; `warned` is how many warnings before it lie behind us.

    Where renewals were filed in time, those dossiers have `kept_by` them, until each is decided.
    `renewable_until` is the last day to file one, where the last day was fixed too late for that of the law.
    `refused_on` is the day on which a renewal was refused: nothing was renewed since. The law gives its last
    day where it is `counted_from` another one.
    """

    until_on: date
    warned: int = 0
    kept_by: tuple[str, ...] = ()
    renewable_until: date | None = None
    refused_on: date | None = None
    counted_from: date | None = None

    def keep(self, dossier: str, filed_on: date, ahead: Limit) -> bool:
        """A renewal was filed, so long ahead of the last day as the law asks: it stays valid meanwhile.

        Counted back from the last day to the same date, which no day off moves; where it could not be kept,
        to the later day that is said. Returns: whether in time.
        """
        months = ahead.amount * (12 if ahead.unit is Unit.YEARS else 1)
        in_time = filed_on <= (self.renewable_until or add_months(self.until_on, -months))
        if in_time and dossier not in self.kept_by:
            self.kept_by = (*self.kept_by, dossier)
        return in_time

    def release(self, dossier: str, on: date) -> None:
        """What kept it valid was decided: it is valid to the end of that day, or of its own last one.

        Where another one that was filed in time is still open, that keeps it.
        """
        if dossier in self.kept_by:
            self.kept_by = tuple(one for one in self.kept_by if one != dossier)
            self.until_on = self.until_on if self.kept_by else max(self.until_on, on)

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
