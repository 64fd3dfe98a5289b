"""The clauses of the hospital exemption: every period and power of its decree, each with its article.

Law: Royal Decree of 8 January 2017 on the hospital exemption (numac 2017020076), in force since 1 September
2017, read in a public copy; nothing is confirmed. The copy leaves out parts of art. 2, and says nowhere what
a "day" is, nor what becomes of an end on a day off.
Interpretation: every number of days has two readings: calendar days that nothing moves, and as many working
days. The first one is told and warned of; nothing follows against anybody before the second one is over.
Closing days of the agency count in neither: they are a rule of another decree.
Long because every number and power of the decree stands here, so that any of them is found at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.clock import Limit, Rules, SecondReading, Unit
from models.law.beside import Beside, Sent
from models.law.clause import Clause, InForce, Instrument, Source, calendar_days, months, working_days
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.parties import Role as AnyRole
from procedures.be_hospital_exemption.words import Role

DECREE = Instrument(
    "Royal Decree of 8 January 2017 on the hospital exemption",
    "2017020076",
    "https://www.ejustice.just.fgov.be/eli/arrete/2017/01/08/2017020076/justel",
    "as published on 1 March 2017, no amendment marked, in part, French, seen in a public copy",
)
SINCE = date(2017, 9, 1)

WARNED = (working_days(10), working_days(3), working_days(1))
"""How long before a limit ends whoever has to act is warned. Practice, not law."""

DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
RECURRING = (Unit.MONTHS, Unit.YEARS)

CALENDAR = "days are calendar days, and an end on a day off stays"
WORKING = "days are working days"
MOVES = "days are calendar days, and an end on a day off moves to the next working day"
BRACKET = "the decree does not say what a day is: both are kept"
PRACTICE = "working assumption; no text gives a time"


def _clause(clause: str, governs: str, value: InForce, desk: AnyRole = Role.DESK, **more: Any) -> Clause:
    return Clause(clause, governs, (value,), desk=desk, **more)


def _days(
    clause: str,
    governs: str,
    days: int,
    article: str,
    desk: AnyRole = Role.DESK,
    *,
    reading: str = "",
    second: SecondReading | None = None,
    **said: Any,
) -> Clause:
    """A number of days of the decree, in both readings."""
    value = InForce(
        calendar_days(days),
        SINCE,
        Source(DECREE, article),
        rules=Rules.PLAIN,
        says=CALENDAR,
        second=second or SecondReading(says=WORKING, limit=working_days(days), rules=Rules.BELGIAN),
        degree=Degree.READ,
        reading="; ".join(filter(None, (BRACKET, reading))),
        **said,
    )
    return _clause(clause, governs, value, desk, units=DAYS)


def _assumed(
    clause: str,
    governs: str,
    limits: Limit | tuple[Limit, ...],
    article: str,
    desk: AnyRole = Role.DESK,
    remark: str = PRACTICE,
    **said: Any,
) -> Clause:
    value = InForce(limits, SINCE, Source(DECREE, article, remark), rules=Rules.PLAIN, **said)
    return _clause(clause, governs, value, desk, units=DAYS)


def _words(clause: str, governs: str, says: str, article: str, reading: str = "") -> Clause:
    value = InForce(says, SINCE, Source(DECREE, article), degree=Degree.READ, reading=reading)
    return _clause(clause, governs, value)


# Art. 8: whether it can be received.

ADMISSIBILITY = _days(
    "admissibility",
    "time to check a dossier",
    20,
    "art. 8, subpar. 1; art. 11, subpar. 3; art. 21 § 2",
    warnings=(working_days(5), working_days(1)),
    reading="what was left of it goes on once the dossier is complete: no text gives a time after that",
)
ADMISSIBILITY_NOTICE = _days(
    "exemption-notice",
    "time to inform of whether a dossier is admissible",
    20,
    "art. 8, subpar. 1; art. 11, subpar. 3; art. 21 § 2",
    warnings=(working_days(1),),
    reading="it is kept when the letter has left",
    beside=Beside(
        since=("Received",),
        sent=(Sent(letters=("admissible", "inadmissible", "incomplete"), role=Role.APPLICANT),),
        until=("Withdrawn",),
    ),
)
COMPLETION = _days(
    "exemption-completion",
    "time to complete an application",
    20,
    "art. 8, subpar. 2; art. 11, subpar. 3",
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.PROPOSE,
    reading="on pain of nullity, but rejected by the Minister or the delegate: nothing ends by itself; from "
    "the receipt of the notice",
)
REJECTION = _days(
    "exemption-rejection",
    "time to notify the rejection of what was not completed",
    20,
    "art. 8, subpar. 3; art. 11, subpar. 3",
    warnings=(working_days(5), working_days(1)),
    beside=Beside(
        after="exemption-completion",
        sent=(Sent(letters=("inadmissible",), role=Role.APPLICANT),),
        until=("CompletionReceived", "Withdrawn"),
    ),
)
LATE_RECORDING = _assumed(
    "late-recording", "time for what came within a limit to be entered after it", working_days(10), "art. 8"
)

# Art. 9 and 10: opinion and decision; art. 11 for a substantial modification.

OPINION = _days(
    "exemption-opinion",
    "opinion of the commission",
    90,
    "art. 9, subpar. 2; art. 11, subpar. 3",
    Role.COMMISSION,
    warnings=WARNED,
)
ANSWERS = _days(
    "exemption-answers",
    "time to answer questions of the commission",
    60,
    "art. 9, subpar. 3; art. 11, subpar. 3",
    Role.APPLICANT,
    warnings=WARNED,
    sending_of="questions",
    silence=SilencePolicy.ON_FILE,
    second=SecondReading(says=MOVES, rules=Rules.BELGIAN),
    reading="the commission sets it, at most so long from sending; its own time stands still for the days "
    "that it set, and without an answer it goes on with the file as it is",
)
DECISION = _days(
    "exemption-decision",
    "time to decide after the opinion of the commission",
    20,
    "art. 10 § 1, subpar. 1; art. 11, subpar. 3",
    warnings=(working_days(5), working_days(1)),
    reading="from the day of the opinion; no text says what silence means, and an opinion need not "
    "be followed",
)
PRINCIPLE = _words(
    "principle-authorisation",
    "suspensive condition under which an exemption is granted",
    "the authorisation in principle of the sectoral committee of social security and of health",
    "art. 10 § 1, subpar. 2; art. 23 § 3",
    "in force from the day of that authorisation, and not from that of the grant; which body has taken "
    "the place "
    "of the committee no text at hand says",
)

# Art. 21 § 2 and art. 20: report and evaluation of a year.

REPORT_COMPLETION = _days(
    "exemption-report-completion",
    "time to complete a report",
    20,
    "art. 21 § 2, subpar. 2",
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.PROPOSE,
    reading="no text says what silence means: it is put before a person",
)
REPORT_NOTED = _assumed(
    "exemption-report-noted",
    "time to take note of a report that is complete",
    working_days(20),
    "art. 21 § 2",
    remark="a plan of the desk; no text gives a time, nor an effect to silence: the evaluation rests on it",
    warnings=(working_days(5),),
)
REPORT = _clause(
    "exemption-report",
    "interval between activity reports",
    InForce(
        months(12),
        SINCE,
        Source(DECREE, "art. 21 § 1"),
        rules=Rules.PLAIN,
        degree=Degree.READ,
        reading="the anniversary is that of the entry into force, by the fulfilment of the condition, and "
        "not that of the grant",
    ),
    Role.APPLICANT,
    units=RECURRING,
    recurs=True,
)
REPORT_AHEAD = _clause(
    "exemption-report-ahead",
    "time between the activity report and the anniversary",
    InForce(
        months(2),
        SINCE,
        Source(DECREE, "art. 21 § 1"),
        rules=Rules.BELGIAN,
        degree=Degree.READ,
        reading="counted back from the anniversary; asked for on the working day before a day off, and "
        "nobody is late before the one after it",
    ),
    Role.APPLICANT,
    units=RECURRING,
    recurs=True,
)
REPORT_REMINDERS = _assumed(
    "exemption-report-reminders",
    "reminders before an activity report",
    (calendar_days(60), calendar_days(30), calendar_days(7)),
    "art. 21 § 1",
    Role.APPLICANT,
)
EVALUATION = _clause(
    "exemption-evaluation",
    "interval between evaluations of an exemption",
    InForce(
        months(12),
        SINCE,
        Source(DECREE, "art. 20"),
        rules=Rules.PLAIN,
        degree=Degree.READ,
        reading="the anniversary is that of the entry into force, by the fulfilment of the condition, and "
        "not that of the grant",
    ),
    units=RECURRING,
    recurs=True,
)
EVALUATION_TERM = _clause(
    "exemption-evaluation-term",
    "time to evaluate an exemption after its anniversary",
    InForce(
        months(3),
        SINCE,
        Source(DECREE, "art. 20"),
        rules=Rules.PLAIN,
        says="three months are counted from the day after the anniversary, and no day off moves their end",
        second=SecondReading(
            says="the third month is the third one of the calendar after it, to its last day, or to the next "
            "working day",
            rules=Rules.WHOLE_MONTHS,
        ),
        degree=Degree.READ,
        reading="before the end of the third month: three months to the eve, or the third month of "
        "the calendar",
    ),
    units=RECURRING,
    recurs=True,
)
EVALUATION_REMINDERS = _assumed(
    "exemption-evaluation-reminders",
    "reminders before an evaluation of an exemption",
    (calendar_days(60), calendar_days(30), calendar_days(7)),
    "art. 20",
)

# Art. 10 § 3: transfer. Art. 4 § 2: emergency.

TRANSFER = _days(
    "exemption-transfer",
    "time to adapt an exemption to a transfer",
    15,
    "art. 10 § 3, subpar. 2",
    warnings=(working_days(5), working_days(1)),
    reading="from receipt of the notice of both; no text says what silence means",
)
EMERGENCY_ANSWER = _assumed(
    "emergency-answer",
    "time to look at a notification of emergency use",
    working_days(3),
    "art. 4 § 2",
    remark="a plan of the desk; the decree asks for a notification, and for no answer",
    warnings=(working_days(1),),
)
EMERGENCY_WINDOW = _days(
    "emergency-window",
    "time in which a medicine may be made available in emergencies before its exemption",
    90,
    "art. 4 § 2, subpar. 5",
    Role.APPLICANT,
    warnings=WARNED,
    beside=Beside(since=("Received",), until=("Withdrawn",), lapses=True),
    reading="from the first notification for the medicine; after it, until the decision, for whoever is "
    "notified once an application is admissible (subpar. 6)",
)

# What the engine asks of every life, and what no text here knows.

CONDITION_REMINDER = _assumed(
    "exemption-condition-reminder",
    "reminder before an additional condition falls due",
    calendar_days(30),
    "art. 10 § 1",
    Role.APPLICANT,
)
VALIDITY_WARNINGS = _assumed(
    "validity-warnings",
    "warnings before what was authorised ends",
    (calendar_days(90), calendar_days(30)),
    "art. 10",
    Role.APPLICANT,
    remark="the decree knows no end of validity: of use only where a decision names a last day all the same",
)

# Powers, conditions and facts, in words.

DECIDER = "the Minister responsible for Public Health, or the delegate"

POWER_TO_DECIDE = _words("exemption-power-to-decide", "power to grant or refuse", DECIDER, "art. 10 § 1")
POWER_TO_REJECT = _words(
    "exemption-power-to-reject", "power to reject what was not completed", DECIDER, "art. 8, subpar. 3"
)
POWER_TO_ADMIT = _words(
    "exemption-power-to-admit",
    "power to say whether a dossier is admissible",
    "the agency",
    "art. 8, subpar. 1",
)
POWER_TO_EVALUATE = _words(
    "exemption-power-to-evaluate",
    "power to evaluate an exemption that goes on as it is",
    "the agency",
    "art. 20",
    "art. 20 does not say by whom; to repeal, suspend or modify is for the Minister or the delegate "
    "(art. 24)",
)
POWER_TO_NOTE = _words(
    "exemption-power-to-note",
    "power to take note of an activity report",
    "the agency",
    "art. 21",
    "no text says so in words: the report is sent to the agency, which says whether it is complete",
)
POWER_TO_SUSPEND = _words("power-to-suspend", "power to suspend an exemption", DECIDER, "art. 24 § 1")
POWER_TO_CLOSE = _words("power-to-close", "power to repeal an exemption", DECIDER, "art. 24 § 1 and 2")
DELEGATION = _words(
    "exemption-delegation",
    "who is the delegate of the Minister for the hospital exemption",
    "the administrator-general of the agency; other members of its staff within the limits of a designation",
    "art. 3",
)
CONTINUED_USE = _words(
    "continued-use",
    "who may still be treated after a repeal or in a suspension",
    "patients who were treated before, unless it is decided otherwise, as far as no trial, programme or "
    "authorised "
    "medicine is open to them",
    "art. 25",
)
KEEPING = _words(
    "keeping",
    "how long data of traceability are kept",
    "at least thirty years after the expiry date of the medicine, or longer if the agency imposes it in the "
    "exemption, and never more than fifty",
    "art. 22 § 1, subpar. 4",
    "no day is counted: the expiry date of a medicine is not in the register",
)

ACTIVITY_COUNTED = _words(
    "activity-counted",
    "what an activity report counts",
    "the doses that were prepared and the patients who were treated",
    "art. 21 § 1, 1° and 2°; art. 7 § 1, 5°",
    "the patients of a period are measured against those that the application foresaw for it; no text gives "
    "a number of doses",
)
LOTS_COUNTED = _words(
    "lots-counted",
    "what is looked at every year of whether the preparation is not routine",
    "how many patients were treated, how many lots were released, and how often it was made",
    "annex 2; art. 6 § 1, subpar. 2",
    "no number is given: few, as many as are admitted to a clinical trial of the first phase",
)
REPEAL_TRIAL = _words(
    "repeal-trial",
    "repeal when patients can enter a clinical trial",
    "the exemption is repealed when a trial with the same medicine is open to its patients",
    "art. 24 § 2, 1°",
)
REPEAL_PROGRAMME = _words(
    "repeal-programme",
    "repeal when patients can enter a compassionate use programme",
    "the exemption is repealed when a compassionate use programme with the same medicine is open to its "
    "patients",
    "art. 24 § 2, 2°",
    "the same medicine is one that names the same active substance: whether it is, a person says",
)
REPEAL_AVAILABLE = _words(
    "repeal-available",
    "repeal when the medicine is authorised and available",
    "the exemption is repealed when the medicine has a marketing authorisation and is available to its "
    "patients, "
    "such as in a medical need programme",
    "art. 24 § 2, 3°",
    "the same medicine is one that names the same active substance: whether it is, a person says",
)
CONDITIONS_LOST = _words(
    "conditions-lost",
    "what may follow when the conditions are no longer met, or the balance of benefits and risks is no "
    "longer positive",
    "the exemption may be repealed, suspended or modified, on the opinion of the commission",
    "art. 24 § 1, subpar. 1 and 3",
)
DUTIES_BROKEN = _words(
    "duties-broken",
    "what may follow when duties are not kept",
    "the exemption may be repealed, suspended or modified, on the opinion of the commission",
    "art. 24 § 1, subpar. 2 and 3",
)

COMPETENT = (POWER_TO_DECIDE, POWER_TO_REJECT, POWER_TO_ADMIT, POWER_TO_EVALUATE, POWER_TO_NOTE, DELEGATION)
EXAMINED = (ADMISSIBILITY, ADMISSIBILITY_NOTICE, LATE_RECORDING, POWER_TO_DECIDE)
REPORTED = (ADMISSIBILITY, ADMISSIBILITY_NOTICE, LATE_RECORDING, POWER_TO_NOTE)
APPLIED_FOR = (*EXAMINED, REJECTION)
LIVED = (
    PRINCIPLE,
    REPORT,
    REPORT_AHEAD,
    REPORT_REMINDERS,
    EVALUATION,
    EVALUATION_TERM,
    EVALUATION_REMINDERS,
    CONDITION_REMINDER,
    VALIDITY_WARNINGS,
    POWER_TO_SUSPEND,
    POWER_TO_CLOSE,
    CONTINUED_USE,
    KEEPING,
    REPEAL_TRIAL,
    REPEAL_PROGRAMME,
    REPEAL_AVAILABLE,
    CONDITIONS_LOST,
    DUTIES_BROKEN,
    ACTIVITY_COUNTED,
    LOTS_COUNTED,
)
LIMITS = (
    *(COMPLETION, OPINION, ANSWERS, DECISION, REPORT_COMPLETION, REPORT_NOTED),
    *(TRANSFER, EMERGENCY_ANSWER, EMERGENCY_WINDOW),
)
CLAUSES = tuple(dict.fromkeys((*COMPETENT, *APPLIED_FOR, *LIMITS, *LIVED)))
