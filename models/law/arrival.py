"""When a letter of ours counts as received: a rule for each channel, carried by the law of the case.

What starts with the receipt of a letter runs from that day, which is not counted. Where the words also allow
that day as the first one, the limit has two readings (`models.clock.SecondReading`). A later day that the
addressee proves always counts. Where a channel gives no day by law, the limit is told as if the letter had
been received when it left, and nothing is forfeited on that presumption.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from models.clock import ONE_DAY, Calendar, Clock, Limit, Rules
from models.law.degree import Degree
from models.parties import Channel
from models.travelling import Travelling


class Start(NamedTuple):
    """The day from which a limit runs; that of the later reading, if there is one; whether law gives it."""

    on: date
    later_on: date | None = None
    proven: bool = True


class Arrival(Travelling, frozen=True):
    """The rule of one channel, and the clause that says it: article, degree of truth, what is our reading.

    `counts` is the fact that it starts from: the letter `left` (was sent, or became accessible), was
    `presented`, or was `proven` to have been received. `after`: so much later than that. `or_day_one`: the
    words also allow that day as the first of the limit. `sent_after`: a limit that runs from the sending has
    that day as its first one.
    """

    channel: Channel
    counts: Literal["left", "presented", "proven"] = "left"
    after: Limit | None = None
    or_day_one: bool = False
    clause: str = ""
    sent_after: Limit | None = None
    article: str = ""
    degree: Degree = Degree.ASSUMED
    reading: str = ""

    def brief(self) -> Arrival:
        """What counts of it, without its article and our reading."""
        return self.model_copy(update={"article": "", "reading": ""})

    def sent(self, left_on: date, calendar: Calendar) -> date:
        """The day before the first one of a limit that runs from the sending. Raises: BeyondHorizon."""
        if self.sent_after is None:
            return left_on
        first = Clock(limit=self.sent_after, rules=Rules.PLAIN, started_on=left_on).due_on(calendar)
        return (first or left_on + ONE_DAY) - ONE_DAY

    def start(self, left_on: date, presented_on: date | None, calendar: Calendar) -> Start:
        """From which day a limit runs whose letter went by this channel. Raises: BeyondHorizon."""
        day = {"left": left_on, "presented": presented_on, "proven": None}[self.counts]
        if day is None:
            return Start(left_on, proven=False)
        if self.after:
            day = Clock(limit=self.after, rules=Rules.PLAIN, started_on=day).due_on(calendar) or day
        if presented_on and presented_on > day:  # known to be later than the law presumes
            return Start(presented_on)
        return Start(day - ONE_DAY, day) if self.or_day_one else Start(day)
