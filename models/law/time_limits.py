"""Every period of time in the procedures.

The operative text of art. 106 to 109 of the Royal Decree in its version of 2014 could not be
obtained. The periods below are working assumptions (domain notes, 8.3) so that the procedure can
run; none is verified, and everything that rests on one says so.
"""

from __future__ import annotations

from datetime import date

from models.clock import Limit
from models.law.clause import (
    FAMHP_ACT_2006,
    ROYAL_DECREE_2006,
    Clause,
    InForce,
    Source,
    calendar_days,
    months,
    working_days,
)

_SINCE = date(2014, 7, 1)  # the Royal Decree of 25 April 2014 applies to files from this day
_ARTICLES = "art. 106 and 108"


def _assumed(clause: str, governs: str, value: Limit | tuple[Limit, ...], article: str = _ARTICLES) -> Clause:
    source = Source(ROYAL_DECREE_2006, article, "working assumption; text not obtained")
    return Clause(clause, governs, (InForce(value, _SINCE, source),))


ADMISSIBILITY = _assumed("admissibility", "time to check a dossier", working_days(3))
COMPLETION = _assumed("completion", "time to complete a dossier", calendar_days(30))
ETHICS_OPINION = _assumed("ethics-opinion", "opinion of the ethics committee", working_days(20))
COMMISSION_OPINION = _assumed("commission-opinion", "opinion of the commission", calendar_days(30))
ANSWERS = _assumed("answers", "time to answer questions", calendar_days(30))
DECISION = _assumed("decision", "time to decide", working_days(40))
RE_EVALUATION = _assumed("re-evaluation", "interval between re-evaluations", months(12))
RE_EVALUATION_REMINDERS = _assumed(
    "re-evaluation-reminders",
    "reminders before a re-evaluation",
    (calendar_days(90), calendar_days(60), calendar_days(30), calendar_days(0)),
)
RE_EVALUATION_ESCALATION = _assumed(
    "re-evaluation-escalation", "time until a suspension is proposed", calendar_days(30)
)
CONDITION_REMINDER = _assumed(
    "condition-reminder", "reminder before a condition falls due", calendar_days(30)
)
PAYMENT = Clause(
    "payment",
    "term of payment",
    (
        InForce(
            calendar_days(30),
            _SINCE,
            Source(FAMHP_ACT_2006, "art. 14/15", "15 days seen as an example; term assumed"),
        ),
    ),
)
PAYMENT_REMINDERS = Clause(
    "payment-reminders",
    "reminders of an unpaid invoice",
    (
        InForce(
            (calendar_days(1), calendar_days(30), calendar_days(60)),
            _SINCE,
            Source(FAMHP_ACT_2006, "art. 14/20", "steps assumed"),
        ),
    ),
)
COLLECTION = Clause(
    "collection",
    "hand-over of an unpaid invoice to collection",
    (
        InForce(
            calendar_days(90),
            _SINCE,
            Source(FAMHP_ACT_2006, "art. 14/20 and 14/22", "moment assumed"),
        ),
    ),
)

TIME_LIMITS: tuple[Clause, ...] = (
    ADMISSIBILITY,
    COMPLETION,
    ETHICS_OPINION,
    COMMISSION_OPINION,
    ANSWERS,
    DECISION,
    RE_EVALUATION,
    RE_EVALUATION_REMINDERS,
    RE_EVALUATION_ESCALATION,
    CONDITION_REMINDER,
    PAYMENT,
    PAYMENT_REMINDERS,
    COLLECTION,
)
