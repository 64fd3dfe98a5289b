"""When a letter counts as received under Belgian law, by the channel that it went by.

Each text is a clause in words, so that a person can confirm it; beside it stands what the engine counts by.
Whether the third working day after posting, or the first one of the eBox, is itself day 1 the words leave
open: both readings are kept. The addressee may prove a later day.
"""

from __future__ import annotations

from datetime import date

from models.clock import Limit, Unit
from models.law.arrival import Arrival
from models.law.clause import Clause, InForce, Instrument, Source
from models.law.degree import Degree
from models.parties import Channel

_JUSTEL = "https://www.ejustice.just.fgov.be/eli/loi"
_COPY = "French, seen in a public copy on 28 November 2026"
JUDICIAL_CODE = Instrument(
    "Judicial Code of 10 October 1967",
    "1967101052",
    f"{_JUSTEL}/1967/10/10/1967101052/justel",
    f"consolidated text in force on 1 January 2025, {_COPY}",
)
EBOX_ACT = Instrument(
    "Act of 27 February 2019 on the electronic exchange of messages by eBox",
    "2019040657",
    f"{_JUSTEL}/2019/02/27/2019040657/justel",
    f"consolidated text, state of 27 November 2023, {_COPY}",
)
AGENCY_ACT = Instrument(
    "Act of 20 July 2006 on the FAMHP",
    "2006022888",
    f"{_JUSTEL}/2006/07/20/2006022888/justel",
    f"consolidated text with the acts of 30 May 2026, {_COPY}",
)
_FIRST_DAY = date(2014, 7, 1)


def _rule(clause: str, governs: str, *values: InForce) -> Clause:
    says = tuple(dict.fromkeys(str(value.value) for value in values))
    return Clause(clause, governs, values, choices=says)


BY_POST = _rule(
    "arrival-by-post",
    "when a letter on paper counts as received",
    InForce(
        "with acknowledgement: the day on which it was presented; otherwise by post: the third working day "
        "after posting; against a dated receipt: that day",
        _FIRST_DAY,
        Source(JUDICIAL_CODE, "art. 53bis § 1"),
        degree=Degree.READ,
        reading="whether the third working day after posting is itself day 1 is left open: both are kept",
    ),
)
BY_EBOX = _rule(
    "arrival-by-ebox",
    "when a message in the eBox counts as received",
    InForce(
        "the first working day after it became accessible",
        date(2023, 12, 1),
        Source(EBOX_ACT, "art. 5"),
        degree=Degree.READ,
        reading="whether that first working day is itself day 1 is left open: both are kept",
    ),
)
BY_PEPPOL = _rule(
    "arrival-by-peppol",
    "when a payment notice by PEPPOL counts as received",
    InForce(
        "the day on which it was notified",
        _FIRST_DAY,
        Source(AGENCY_ACT, "art. 14/17 § 1", "no rule before 14 June 2026: the same is assumed"),
        until_on=date(2026, 6, 13),
    ),
    InForce(
        "the day on which it was notified",
        date(2026, 6, 14),
        Source(AGENCY_ACT, "art. 14/17 § 1"),
        degree=Degree.READ,
    ),
)
BY_EMAIL = _rule(
    "arrival-by-e-mail",
    "when an e-mail counts as received",
    InForce(
        "the day on which its receipt is proven",
        _FIRST_DAY,
        Source(JUDICIAL_CODE, "art. 53bis", "speaks of letters on paper and of judicial addresses only"),
        reading="no text gives a day: without proof there is none, and nothing is forfeited",
    ),
)

RULES = (BY_POST, BY_EBOX, BY_PEPPOL, BY_EMAIL)

_THIRD = Limit(amount=3, unit=Unit.WORKING_DAYS)
_FIRST = Limit(amount=1, unit=Unit.WORKING_DAYS)

ARRIVALS = (
    Arrival(channel=Channel.REGISTERED_WITH_ACKNOWLEDGEMENT, counts="presented", clause=BY_POST.id),
    Arrival(channel=Channel.REGISTERED, after=_THIRD, or_day_one=True, clause=BY_POST.id),
    Arrival(channel=Channel.POST, after=_THIRD, or_day_one=True, clause=BY_POST.id),
    Arrival(channel=Channel.BY_HAND, clause=BY_POST.id),
    Arrival(channel=Channel.EBOX, after=_FIRST, or_day_one=True, sent_after=_FIRST, clause=BY_EBOX.id),
    Arrival(channel=Channel.PEPPOL, clause=BY_PEPPOL.id),
    Arrival(channel=Channel.EMAIL, counts="proven", clause=BY_EMAIL.id),
)
