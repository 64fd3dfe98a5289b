"""Every period of time in the procedures.

The operative text of art. 106 to 109 of the Royal Decree in its version of 2014 could not be
obtained. The periods below are working assumptions (domain notes, 8.3) so that the procedure can
run; none is verified, and everything that rests on one says so.
"""

from __future__ import annotations

from datetime import date

from models.clock import Limit, Rules, Unit
from models.law.clause import (
    COUNCIL_OF_STATE_ACTS_1973,
    FAMHP_ACT_2006,
    ROYAL_DECREE_2006,
    Clause,
    InForce,
    Instrument,
    Source,
    calendar_days,
    months,
    working_days,
)
from models.parties import Body, Role

_SINCE = date(2014, 7, 1)  # the Royal Decree of 25 April 2014 applies to files from this day

WARNED = (working_days(10), working_days(3), working_days(1))
"""How long before a limit ends whoever has to act is warned. Practice of the agency, not law."""

ON_RECEIPT = "runs from receipt of the letter, presumed on its day until it comes back"
"""Our reading, and not verified: what `receipt_of` means for the clauses below."""

WHICH_OWES_WHICH = "annual or semi-annual: which programme owes which is assumed; text not obtained"

DAYS = (Unit.CALENDAR_DAYS,)
RECURRING = (Unit.MONTHS, Unit.YEARS)


def _assumed(
    clause: str,
    governs: str,
    value: Limit | tuple[Limit, ...],
    desk: Role = Role.DESK,
    *,
    rules: Rules = Rules.BELGIAN,
    warnings: tuple[Limit, ...] = (),
    receipt_of: str = "",
    units: tuple[Unit, ...] = tuple(Unit),
    instrument: Instrument = ROYAL_DECREE_2006,
    article: str = "art. 106 and 108",
    remark: str = "working assumption; text not obtained",
) -> Clause:
    source = Source(instrument, article, remark)
    in_force = InForce(value, _SINCE, source, rules=rules, warnings=warnings, receipt_of=receipt_of)
    return Clause(clause, governs, (in_force,), desk=desk, units=units)


ADMISSIBILITY = _assumed("admissibility", "time to check a dossier", working_days(3), warnings=WARNED)
COMPLETION = _assumed(
    "completion",
    "time to complete a dossier",
    calendar_days(30),
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    remark=f"working assumption; text not obtained; {ON_RECEIPT}",
)
ETHICS_OPINION = _assumed(
    "ethics-opinion",
    "opinion of the ethics committee",
    working_days(20),
    Role.ETHICS_COMMITTEE,
    warnings=WARNED,
)
COMMISSION_OPINION = _assumed(
    "commission-opinion", "opinion of the commission", calendar_days(30), Role.COMMISSION, warnings=WARNED
)
ANSWERS = _assumed(
    "answers",
    "time to answer questions",
    calendar_days(30),
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="questions",
    remark=f"working assumption; text not obtained; {ON_RECEIPT}",
)
DECISION = _assumed("decision", "time to decide", working_days(40), warnings=WARNED)
RE_EVALUATION = _assumed(
    "re-evaluation",
    "interval between re-evaluations",
    months(12),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=RECURRING,
)
RE_EVALUATION_REMINDERS = _assumed(
    "re-evaluation-reminders",
    "reminders before a re-evaluation",
    (calendar_days(90), calendar_days(60), calendar_days(30), calendar_days(0)),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
)
RE_EVALUATION_ESCALATION = _assumed(
    "re-evaluation-escalation",
    "time until a suspension is proposed",
    calendar_days(30),
    rules=Rules.PLAIN,
    units=DAYS,
)
CONDITION_REMINDER = _assumed(
    "condition-reminder",
    "reminder before a condition falls due",
    calendar_days(30),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
)
CUP_SAFETY_REPORT = _assumed(
    "safety-report-cup",
    "interval between safety reports of a CUP",
    months(6),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=RECURRING,
    article="art. 106 § 5",
    remark=WHICH_OWES_WHICH,
)
MNP_SAFETY_REPORT = _assumed(
    "safety-report-mnp",
    "interval between safety reports of an MNP",
    months(12),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=RECURRING,
    article="art. 108 § 5",
    remark=WHICH_OWES_WHICH,
)
SAFETY_REPORT_REMINDERS = _assumed(
    "safety-report-reminders",
    "reminders before a safety report",
    (calendar_days(60), calendar_days(30), calendar_days(0)),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark="steps assumed",
)
SAFETY_REPORT_ESCALATION = _assumed(
    "safety-report-escalation",
    "time until a late safety report is flagged",
    calendar_days(15),
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark="time assumed",
)
PAYMENT = _assumed(
    "payment",
    "term of payment",
    calendar_days(30),
    Role.INVOICE_ADDRESSEE,
    instrument=FAMHP_ACT_2006,
    article="art. 14/15",
    receipt_of="invoice",
    remark=f"15 days seen as an example; term assumed; {ON_RECEIPT}",
)
PAYMENT_REMINDERS = _assumed(
    "payment-reminders",
    "reminders of an unpaid invoice",
    (calendar_days(1), calendar_days(30), calendar_days(60)),
    Role.INVOICE_ADDRESSEE,
    rules=Rules.PLAIN,
    units=DAYS,
    instrument=FAMHP_ACT_2006,
    article="art. 14/20",
    remark="steps assumed",
)
COLLECTION = _assumed(
    "collection",
    "hand-over of an unpaid invoice to collection",
    calendar_days(90),
    rules=Rules.PLAIN,
    units=DAYS,
    instrument=FAMHP_ACT_2006,
    article="art. 14/20 and 14/22",
    remark="moment assumed",
)
PAYMENT_APPEAL = _assumed(
    "payment-appeal",
    "objection to a payment notice",
    calendar_days(30),
    Role.INVOICE_ADDRESSEE,
    rules=Rules.PLAIN,
    units=DAYS,
    instrument=FAMHP_ACT_2006,
    article="art. 14/20",
    receipt_of="invoice",
    remark=f"seen in a consolidated text; {ON_RECEIPT}",
)
REMEDY_ANNULMENT = _assumed(
    "remedy-annulment",
    "annulment proceedings before the Council of State",
    calendar_days(60),
    Role.APPLICANT,
    units=DAYS,
    instrument=COUNCIL_OF_STATE_ACTS_1973,
    article="art. 14 and 19",
    remark="text not obtained; period and form are general knowledge: from notification, by a petition sent "
    "by registered post or through the Council's electronic procedure",
)

OPINION_OF: dict[Body, Clause] = {
    Body.ETHICS_COMMITTEE: ETHICS_OPINION,
    Body.COMMISSION: COMMISSION_OPINION,
}
"""The limit within which each body gives its opinion."""

BY_YEAR = frozenset(clause.id for clause in (RE_EVALUATION, CUP_SAFETY_REPORT, MNP_SAFETY_REPORT))
"""What recurs in a programme: it changes from one authorisation year to the next, never within one."""

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
    CUP_SAFETY_REPORT,
    MNP_SAFETY_REPORT,
    SAFETY_REPORT_REMINDERS,
    SAFETY_REPORT_ESCALATION,
    PAYMENT,
    PAYMENT_REMINDERS,
    COLLECTION,
    PAYMENT_APPEAL,
    REMEDY_ANNULMENT,
)
