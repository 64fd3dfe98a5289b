"""How long a debtor has to pay: by the day of the notice, the channel it went by, and either reading."""

from __future__ import annotations

from datetime import date

import pytest

from models.clock import ClosingDay
from models.parties import Channel
from procedures.be_umn.words import Kind
from procedures.books import applicable_law


def days(sent_on: date, channel: Channel | None) -> tuple[date | None, date | None]:
    """The earlier and the later last day of a term whose notice was sent on a day."""
    law = applicable_law("CUP", Kind.APPLICATION, sent_on)
    clock = law.clock("payment", sent_on)
    clock.second = law.second_reading("payment", channel)
    return clock.due_on(law.calendar), clock.late_on(law.calendar)


@pytest.mark.parametrize(
    ("sent_on", "channel", "due_on", "late_on"),
    [
        # Monday 1 February 2027: 30 days after sending, or from Thursday 4 February to a Saturday, that moves
        (date(2027, 2, 1), Channel.EMAIL, date(2027, 3, 3), date(2027, 3, 8)),
        (date(2027, 2, 1), Channel.REGISTERED, date(2027, 3, 3), date(2027, 3, 8)),
        (date(2027, 2, 1), Channel.PEPPOL, date(2027, 3, 3), date(2027, 3, 3)),
        # a proven day is one start, and a Sunday stays on one reading
        (date(2027, 2, 5), None, date(2027, 3, 7), date(2027, 3, 8)),
        (date(2027, 2, 5), Channel.PEPPOL, date(2027, 3, 7), date(2027, 3, 8)),
        # Ascension is no working day: the third one after Wednesday 5 May 2027 is Tuesday 11 May
        (date(2027, 5, 5), Channel.EMAIL, date(2027, 6, 4), date(2027, 6, 10)),
        (date(2026, 6, 13), Channel.EMAIL, date(2026, 6, 28), date(2026, 6, 29)),
        (date(2026, 6, 14), Channel.PEPPOL, date(2026, 7, 14), date(2026, 7, 14)),
    ],
)
def test_a_notice_is_reminded_of_after_the_earlier_day_and_late_only_after_the_later(
    sent_on, channel, due_on, late_on
):
    assert days(sent_on, channel) == (due_on, late_on)


def test_a_closing_day_of_the_agency_is_no_day_off_for_a_debtor():
    law = applicable_law("CUP", Kind.APPLICATION, date(2027, 2, 1))
    closed = law.revised(closing=ClosingDay(day=date(2027, 2, 3), reason="r", by="Ann"))
    clock = law.clock("payment", date(2027, 2, 1))
    assert clock.late_on(closed.calendar) == clock.late_on(law.calendar) == date(2027, 3, 8)
