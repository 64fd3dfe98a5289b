"""What the Treaty says of an act of an institution: when it was received, and where it is contested.

Law: Treaty on the Functioning of the European Union, art. 263, sixth paragraph (annulment), art. 265 (failure
to act) and art. 297 (notification). It was not read for this: all of it is assumed. No day of receipt is
presumed for any channel, so that what runs from a receipt is told as if the letter was received when it left,
and nothing is lost on that presumption. More days on account of distance, which the rules of procedure of the
court give, are a named gap: no letter tells any. letters/remedies/ says it in words.
Silence: the period of the remedy is the addressee's. After a call to act silence is no refusal: it opens the
way to the court, so that it is flagged.
"""

from __future__ import annotations

from datetime import date

from models.clock import Rules, Unit
from models.law.arrival import Arrival
from models.law.beside import Beside
from models.law.clause import Clause, InForce, Instrument, Source, months
from models.parties import Channel, Role

TREATY = Instrument(
    "Treaty on the Functioning of the European Union",
    "12016E/TXT",
    "http://data.europa.eu/eli/treaty/tfeu_2016/oj",
    numbered="CELEX",
)

BEFORE = date(2004, 5, 20)
"""The first day on which a file of the Union can have begun here."""

BY_NOTIFICATION = Clause(
    "union-arrival",
    "when a letter of an institution counts as received",
    (
        InForce(
            "the day on which its receipt is proven",
            BEFORE,
            Source(TREATY, "art. 297", "not read; no text that was read gives a day for any channel"),
            reading="no text gives a day: without proof there is none, and nothing is lost",
        ),
    ),
    choices=("the day on which its receipt is proven",),
)

RULES = (BY_NOTIFICATION,)
ARRIVALS = tuple(Arrival(channel=channel, counts="proven", clause=BY_NOTIFICATION.id) for channel in Channel)

ANNULMENT = Clause(
    "union-annulment",
    "action for annulment before the General Court",
    (
        InForce(
            months(2),
            BEFORE,
            Source(TREATY, "art. 263, sixth par.", "not read; from notification to the addressee"),
            rules=Rules.EU_1182_71,
        ),
    ),
    desk=Role.APPLICANT,
    units=(Unit.MONTHS,),
)
REMEDIES = (ANNULMENT,)

CALL_TO_ACT = Clause(
    "union-call-to-act",
    "time to define a position after a call to act",
    (
        InForce(
            months(2),
            BEFORE,
            Source(TREATY, "art. 265, second par.", "not read; silence opens the way to the court"),
            rules=Rules.EU_1182_71,
            beside=Beside(
                since=("FormalNoticeReceived",),
                until=("DeclaredAdmissible", "DeclaredInadmissible", "Decided", "Withdrawn"),
            ),
        ),
    ),
    units=(Unit.MONTHS,),
)
