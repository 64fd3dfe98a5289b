"""The clauses of the conditional marketing authorisation: every period and power, each with its article.

Law: Regulation (EC) No 726/2004 in its state of 5 June 2013, with what Regulation (EU) 2019/5 put in the
place of it, and Commission Regulation (EC) No 507/2006 as enacted; all read in public copies, nothing is
confirmed. Later amendments were not checked: the consolidated text may give the Member States less time.
Periods are counted by Regulation (EEC, Euratom) No 1182/71. What expires, and what is owed ahead of that, no
day off moves.
Long because every number and power of both regulations stands here, so that any of them is found at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.clock import Limit, Rules, Unit
from models.law.clause import (
    Clause,
    InForce,
    Instrument,
    Source,
    calendar_days,
    months,
    working_days,
    years,
)
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.parties import Role as AnyRole
from procedures.eu_cma.words import Role

REGULATION = Instrument(
    "Regulation (EC) No 726/2004",
    "32004R0726",
    "http://data.europa.eu/eli/reg/2004/726/oj",
    "state of 5 June 2013, articles 6 to 10, 14 and 20, with article 1 of Regulation (EU) 2019/5, English, "
    "seen in a public copy",
    numbered="CELEX",
)
CONDITIONAL = Instrument(
    "Commission Regulation (EC) No 507/2006",
    "32006R0507",
    "http://data.europa.eu/eli/reg/2006/507/oj",
    "as enacted, English, seen in a public copy",
    numbered="CELEX",
)
VARIATIONS = Instrument(
    "Commission Regulation (EC) No 1234/2008",
    "32008R1234",
    "http://data.europa.eu/eli/reg/2008/1234/oj",
    numbered="CELEX",
)
"""The regulation on variations. Its text was not found: what is counted of it is assumed."""

SINCE = date(2006, 4, 2)
"""The first day of Regulation 507/2006, and of this procedure."""

WARNED = (working_days(10), working_days(3), working_days(1))
"""How long before a limit ends whoever has to act is warned. Practice, not law."""

TOLD = (calendar_days(14), working_days(3), working_days(1))
"""The same of the notice: for the first time on the day after the opinion, where no day off moves its end."""

DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
RECURRING = (Unit.MONTHS, Unit.YEARS)

PRACTICE = "working assumption; no text that was read gives a time"


def _clause(clause: str, governs: str, value: InForce, desk: AnyRole = Role.DESK, **more: Any) -> Clause:
    return Clause(clause, governs, (value,), desk=desk, **more)


def _days(
    clause: str,
    governs: str,
    days: int,
    source: Source,
    desk: AnyRole = Role.DESK,
    reading: str = "",
    **said: Any,
) -> Clause:
    """A number of days of a regulation: calendar days, whose end moves off a day off."""
    said = {"rules": Rules.EU_1182_71, "degree": Degree.READ, "warnings": WARNED, **said}
    value = InForce(calendar_days(days), SINCE, source, reading=reading, **said)
    return _clause(clause, governs, value, desk, units=DAYS)


def _assumed(
    clause: str,
    governs: str,
    limits: Limit | tuple[Limit, ...],
    source: Source,
    desk: AnyRole = Role.DESK,
    **said: Any,
) -> Clause:
    value = InForce(limits, SINCE, source, **{"rules": Rules.EU_1182_71, **said})
    return _clause(clause, governs, value, desk, units=DAYS)


def _recurs(
    clause: str, governs: str, value: Limit, source: Source, desk: AnyRole = Role.DESK, **said: Any
) -> Clause:
    found = InForce(value, SINCE, source, **{"rules": Rules.PLAIN, "degree": Degree.READ, **said})
    return _clause(clause, governs, found, desk, units=RECURRING, recurs=True)


def _words(
    clause: str,
    governs: str,
    says: str,
    source: Source,
    reading: str = "",
    degree: Degree = Degree.READ,
) -> Clause:
    return _clause(clause, governs, InForce(says, SINCE, source, degree=degree, reading=reading))


def _of(article: str, remark: str = "") -> Source:
    return Source(REGULATION, article, remark)


def _also(article: str, remark: str = "") -> Source:
    return Source(CONDITIONAL, article, remark)


# Validation.

VALIDATION = _assumed(
    "admissibility",
    "time to validate what is filed",
    calendar_days(16),
    _of("art. 6(3)", "the time to give an opinion runs from a valid application; no text gives one before"),
    warnings=(working_days(5), working_days(1)),
)
COMPLETION = _assumed(
    "cma-completion",
    "time to supply what a valid application lacks",
    calendar_days(30),
    _of("art. 6(1)", PRACTICE),
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.PROPOSE,
)
LATE_RECORDING = _assumed(
    "late-recording",
    "time for what came within a limit to be entered after it",
    working_days(10),
    _of("art. 6(1)", PRACTICE),
)

# Opinion, draft decision, Member States, decision.

OPINION = _days(
    "cma-opinion",
    "opinion of the committee on an application",
    210,
    _of("art. 6(3)"),
    Role.CHMP,
    "from the day on which the application was found valid; silence is no opinion",
)
ANSWERS = _assumed(
    "cma-answers",
    "time to supplement the particulars, or to prepare explanations",
    calendar_days(180),
    _of("art. 7(c)", "the committee sets it; no text gives a longest one"),
    Role.APPLICANT,
    warnings=WARNED,
    sending_of="questions",
)
CONTEST_NOTICE = _days(
    "cma-contest-notice",
    "notice that the opinion of the committee is to be re-examined",
    15,
    _of("art. 9(2)"),
    Role.APPLICANT,
    "from the receipt of the letter that tells the opinion, unless the notice says a later day; of any "
    "opinion of the committee, on renewals, variations and conversions, too; once; without a notice the "
    "opinion is final",
    warnings=TOLD,
    receipt_of="opinion-told",
    silence=SilencePolicy.STANDS,
)
CONTEST_GROUNDS = _days(
    "cma-contest-grounds",
    "grounds for a re-examination of the opinion",
    60,
    _of("art. 9(2)"),
    Role.APPLICANT,
    "from the receipt of the opinion and not from the notice; no text says what follows without grounds: the "
    "opinion stands as it was given",
    silence=SilencePolicy.STANDS,
)
RE_EXAMINATION = _days(
    "cma-re-examination",
    "re-examination of its opinion by the committee",
    60,
    _of("art. 9(2)"),
    Role.CHMP,
    "from the receipt of the grounds; questions, which suspend the time of art. 6(3), do not suspend it; "
    "silence is no opinion",
)
SENT_BACK = _words(
    "cma-sent-back",
    "what follows when observations raise important new questions",
    "the procedure is suspended and the application referred back to the agency for further consideration",
    _of("art. 10(4)", "art. 10(5) leaves times to provisions that were not read: none is counted"),
    "the committee gives its opinion again; draft and observations are asked anew from then on; no text says "
    "what becomes of those that there were",
)
DRAFT = _days(
    "cma-draft-decision",
    "draft of the decision",
    15,
    _of("art. 10(1)"),
    Role.EUROPEAN_COMMISSION,
    "from the receipt of the letter with which the final opinion leaves, which art. 9(3) gives the agency 15 "
    "days for: it leaves once the opinion can be contested no more",
    receipt_of="opinion-request",
)
MEMBER_STATES = _days(
    "cma-member-states",
    "observations of the Member States on the draft",
    22,
    _of("art. 10(3)(b)"),
    Role.STANDING_COMMITTEE,
    "from the day on which the one before it spoke: the file passes on with the entry of that; a shorter "
    "time that is set for urgency is not counted",
)
DECISION = _days(
    "cma-decision",
    "decision after the opinion of the standing committee",
    15,
    _of("art. 10(2)"),
    reading="before Regulation (EU) 2019/5 from the end of that procedure: the same number; no text says "
    "what silence means",
)

# Renewal: Regulation 507/2006, art. 6.

VALIDITY = _clause(
    "cma-validity",
    "how long a conditional authorisation is valid",
    InForce(
        years(1),
        SINCE,
        _of("art. 14-a(7)", "before Regulation (EU) 2019/5: art. 14(7)"),
        rules=Rules.PLAIN,
        degree=Degree.READ,
        reading="from the day on which the decision takes effect by its notification, to the end of the same "
        "date; a renewal counts on from the last day before it",
    ),
    Role.APPLICANT,
    units=RECURRING,
)
RENEWAL = _recurs(
    "cma-renewal",
    "interval between renewals",
    months(12),
    _also("art. 6(1)"),
    Role.APPLICANT,
    reading="to the last day of validity, wherever decisions on renewals have moved it",
)
RENEWAL_AHEAD = _recurs(
    "cma-renewal-ahead",
    "time between the application for renewal and the end of validity",
    months(6),
    _also("art. 6(2)"),
    Role.APPLICANT,
    rules=Rules.EU_1182_71,
    reading="counted back to the same date: a day off moves it neither way",
)
RENEWAL_AT_ONCE = _words(
    "cma-renewal-at-once",
    "what follows when a renewal is decided less than six months before the new end of validity",
    "the next application is due at once; filed by the last day, it keeps the authorisation valid",
    _also("art. 6(2) and (4)", "no text says so; by recital 9 only public health takes one off the market"),
    "nobody can apply six months before a day that is known only later",
    degree=Degree.ASSUMED,
)
RENEWAL_REMINDERS = _assumed(
    "cma-renewal-reminders",
    "reminders before an application for renewal",
    (calendar_days(60), calendar_days(30), calendar_days(7)),
    _also("art. 6(2)", PRACTICE),
    Role.APPLICANT,
)
RENEWAL_OPINION = _days(
    "cma-renewal-opinion",
    "opinion of the committee on a renewal",
    90,
    _also("art. 6(3)"),
    Role.CHMP,
    "from the day on which the application was found valid; also on whether the obligations or their "
    "timeframes stay",
)
BRIDGE = _words(
    "cma-bridge",
    "what an authorisation is while its renewal is examined",
    "once its renewal was filed in time it stays valid until the decision on that",
    _also("art. 6(4)"),
    "in time: by the day of the article before it; with the interim report, which the intake asks for",
)

# What is owed meanwhile.

SAFETY_UPDATE = _recurs(
    "cma-safety-update",
    "interval between periodic safety update reports",
    months(6),
    _also("art. 9"),
    Role.APPLICANT,
    reading="from the grant, in one row that a renewal does not begin anew; one that comes within six months "
    "answers for them",
)
SAFETY_UPDATE_REMINDERS = _assumed(
    "cma-safety-update-reminders",
    "reminders before a safety update",
    (calendar_days(30), calendar_days(7)),
    _also("art. 9", PRACTICE),
    Role.APPLICANT,
)
ON_REQUEST = _words(
    "cma-safety-update-on-request",
    "safety updates between two periods",
    "immediately upon request",
    _also("art. 9"),
    "owed on the day of the request, since no text counts the days of a letter, unless whoever asks says "
    "a later one; it is none of those that are owed every six months, and answers none of them",
)
SAFETY_UPDATE_NOTED = _assumed(
    "cma-safety-update-noted",
    "time to take note of a safety update",
    calendar_days(60),
    _also("art. 9", "a plan of the desk; no text that was read gives a time"),
    warnings=(working_days(5),),
)
REVIEW = _recurs(
    "cma-obligations-review",
    "interval between reviews of the specific obligations",
    months(12),
    _of("art. 14-a(4)", "before Regulation (EU) 2019/5: art. 14(7)"),
    reading="by the anniversary of the authorisation",
)
REVIEW_REMINDERS = _assumed(
    "cma-obligations-review-reminders",
    "reminders before a review of the specific obligations",
    (calendar_days(60), calendar_days(30), calendar_days(7)),
    _of("art. 14-a(4)", PRACTICE),
)
OBLIGATION_REMINDER = _assumed(
    "cma-obligation-reminder",
    "reminder before a specific obligation falls due",
    calendar_days(30),
    _also("art. 5(2)", PRACTICE),
    Role.APPLICANT,
)
VALIDITY_WARNINGS = _assumed(
    "validity-warnings",
    "warnings before what was authorised ends",
    (calendar_days(90), calendar_days(30), calendar_days(7)),
    _of("art. 14-a(7)", PRACTICE),
    Role.APPLICANT,
)

# Variation and conversion.

VARIATION_OPINION = _assumed(
    "cma-variation-opinion",
    "opinion of the committee on a variation",
    calendar_days(60),
    Source(VARIATIONS, "article not found", "its text was not found; no time was read, 60 days are assumed"),
    Role.CHMP,
    warnings=WARNED,
)
CONVERSION_OPINION = _assumed(
    "cma-conversion-opinion",
    "opinion of the committee that the specific obligations are fulfilled",
    calendar_days(210),
    _of("art. 14-a(8)", "no text gives a time: that of an application is taken"),
    Role.CHMP,
    warnings=WARNED,
)

# Powers, conditions and facts, in words.

POWER_TO_GRANT = _words(
    "cma-power-to-grant", "power to grant, renew or refuse", "the European Commission", _of("art. 10(2)")
)
POWER_TO_VALIDATE = _words(
    "cma-power-to-validate",
    "power to say whether an application is valid",
    "the European Medicines Agency",
    _of("art. 6(3)"),
    "no text that was read says so in words",
)
POWER_TO_REVIEW = _words(
    "cma-power-to-review",
    "power to review the specific obligations",
    "the European Medicines Agency",
    _of("art. 14-a(4)"),
    "what changes an authorisation is for the Commission",
)
POWER_TO_NOTE = _words(
    "cma-power-to-note",
    "power to take note of a safety update",
    "the European Medicines Agency",
    _also("art. 9"),
    "the reports go to the agency and to the Member States; no text that was read says who takes note",
)
POWER_TO_REQUEST = _words(
    "cma-power-to-request",
    "power to ask for a safety update between two periods",
    "the European Medicines Agency",
    _also("art. 9"),
    "the article does not say who asks: whoever the reports go to; what a Member State asks for itself is "
    "sent from there",
)
POWER_TO_SUSPEND = _words(
    "power-to-suspend", "power to suspend an authorisation", "the European Commission", _of("art. 20 and 20a")
)
POWER_TO_CLOSE = _words(
    "power-to-close", "power to revoke an authorisation", "the European Commission", _of("art. 20 and 20a")
)
OBLIGATIONS_PUBLIC = _words(
    "cma-obligations-public",
    "what the public is told of the specific obligations",
    "the specific obligations and the timeframe for each are made public",
    _also("art. 5(3)"),
)
PRODUCT_INFORMATION = _words(
    "cma-product-information",
    "what the product information says",
    "that the authorisation is conditional; the summary of product characteristics also says when it is due "
    "for renewal",
    _also("art. 8"),
)
OBLIGATIONS_FAILED = _words(
    "cma-obligations-failed",
    "what follows when the agency concludes that obligations were not kept",
    "the Commission varies, suspends or revokes the authorisation",
    _of("art. 20a"),
)
RISK = _words(
    "cma-benefit-risk",
    "what may follow when the benefit-risk balance is in doubt",
    "the Commission takes the measures that are called for, after the opinion of the agency",
    _of("art. 20(2) and (3)"),
)
CONVERTED = _words(
    "cma-converted",
    "what follows when all specific obligations are fulfilled",
    "on application and a favourable opinion an authorisation of five years takes its place",
    _of("art. 14-a(8)"),
    "that one is not kept here: the conditional one has ended with it",
)
SUNSET = _recurs(
    "cma-sunset",
    "time without being on the market after which an authorisation ceases to be valid",
    years(3),
    _of("art. 14(4) and (5)"),
    reading="from the decision, to the same date: the register does not know since when it was on the market",
)
SUNSET_NEVER = _words(
    "cma-never-marketed",
    "what follows when it was never placed on the market",
    "three years after it was authorised the authorisation ceases to be valid",
    _of("art. 14(4)"),
    "a person records it: the register does not know what is on the market",
)
SUNSET_LEFT = _words(
    "cma-left-the-market",
    "what follows when it is no longer on the market",
    "after three consecutive years the authorisation ceases to be valid",
    _of("art. 14(5)"),
    "a person records it: the register does not know what is on the market",
)
WITHDRAWN = _words(
    "cma-withdrawn-by-holder",
    "what follows when its holder withdraws it",
    "the authorisation ends",
    _of("art. 14", "no text on withdrawal was read"),
    degree=Degree.ASSUMED,
)

COMPETENT = (POWER_TO_GRANT, POWER_TO_VALIDATE, POWER_TO_REVIEW, POWER_TO_NOTE, POWER_TO_REQUEST)
EXAMINED = (VALIDATION, LATE_RECORDING, POWER_TO_GRANT)
LIVED = (
    *(VALIDITY, RENEWAL, RENEWAL_AHEAD, RENEWAL_AT_ONCE, RENEWAL_REMINDERS, BRIDGE),
    *(SAFETY_UPDATE, SAFETY_UPDATE_REMINDERS, ON_REQUEST, REVIEW, REVIEW_REMINDERS),
    *(OBLIGATION_REMINDER, VALIDITY_WARNINGS, POWER_TO_SUSPEND, POWER_TO_CLOSE),
    *(OBLIGATIONS_PUBLIC, PRODUCT_INFORMATION, OBLIGATIONS_FAILED, RISK, CONVERTED),
    *(SUNSET, SUNSET_NEVER, SUNSET_LEFT, WITHDRAWN),
)
LIMITS = (
    *(COMPLETION, OPINION, ANSWERS, DRAFT, MEMBER_STATES, DECISION),
    *(CONTEST_NOTICE, CONTEST_GROUNDS, RE_EXAMINATION, SENT_BACK),
    *(RENEWAL_OPINION, VARIATION_OPINION, CONVERSION_OPINION, SAFETY_UPDATE_NOTED),
)
CLAUSES = tuple(dict.fromkeys((*COMPETENT, *EXAMINED, *LIMITS, *LIVED)))
