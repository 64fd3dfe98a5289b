"""Every period of time in the procedures.

Those of an application were read in a copy of art. 106 to 109 of the Royal Decree of 14 December 2006, in the
version of 2014; where no text gives one, it is a plan of the agency. None is confirmed, and everything that
rests on one says so.
Long because every period stands here, those of payment too, so that any of them is found at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from models.clock import Limit, Rules, SecondReading, Unit
from models.law.beside import ANNOUNCED, LINKED, Beside, Sent
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
from models.parties import Channel
from procedures.be_umn.law.instruments import (
    FAMHP_ACT_2006,
    FEE_DECREE_2014,
    FEES_SINCE,
    LANGUAGE_LAWS_1966,
    ROYAL_DECREE_2006,
)
from procedures.be_umn.words import Role

_SINCE = date(2014, 7, 1)  # the Royal Decree of 25 April 2014 applies to files from this day

WARNED = (working_days(10), working_days(3), working_days(1))
"""How long before a limit ends whoever has to act is warned. Practice of the agency, not law."""

ON_RECEIPT = "runs from receipt of the letter, presumed on its day until it comes back"
"""Our reading: what `receipt_of` means for the clauses below."""

OF_THE_PROGRAMME = "counted from the entry into force of the programme, and not by the calendar year"
PRACTICE = "practice of the agency, not law"

THREE_MONTHS_FROM = "three months are counted from the day after the end of the year or half-year"
THIRD_MONTH_OF_THE_CALENDAR = "the third month is the third one of the calendar after it, to its last day"

TERM_AFTER_SENDING = "the term is counted from the day of sending (art. 14/15)"
TERM_COMMENCES_LATER = (
    "the term commences on the third working day after sending, unless it was notified by PEPPOL "
    "(art. 14/17 § 1), and an end on a day off moves"
)
TERM_STAYS = "an end on a day off stays: no text moves it"
TERM_MOVES = "an end on a day off moves to the next working day"

NO_PERIOD = "no text gives a period, nor an effect to silence: as for an application, a plan of the agency"

AT_ONCE = calendar_days(0)
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
    sending_of: str = "",
    silence: SilencePolicy = SilencePolicy.FLAG,
    beside: Beside | None = None,
    units: tuple[Unit, ...] = tuple(Unit),
    instrument: Instrument = ROYAL_DECREE_2006,
    article: str = "art. 106 and 108",
    remark: str = PRACTICE,
    degree: Degree = Degree.ASSUMED,
    reading: str = "",
) -> Clause:
    source = Source(instrument, article, remark)
    in_force = InForce(
        value,
        _SINCE,
        source,
        rules=rules,
        warnings=warnings,
        receipt_of=receipt_of,
        sending_of=sending_of,
        silence=silence,
        beside=beside,
        degree=degree,
        reading=reading,
    )
    return Clause(clause, governs, (in_force,), desk=desk, units=units, recurs=units is RECURRING)


def _read(
    clause: str, governs: str, value: Limit, desk: Role = Role.DESK, *, reading: str, **more: Any
) -> Clause:
    """A value that stands in the text, with what is ours in how it is counted."""
    held = _assumed(clause, governs, value, desk, remark="", **more)
    values = tuple(replace(known, degree=Degree.READ, reading=reading) for known in held.values)
    return replace(held, values=values)


ADMISSIBILITY = _read(
    "admissibility",
    "time to check a dossier",
    working_days(6),
    warnings=(working_days(2), working_days(1)),
    article="art. 106 § 8 and 108 § 8",
    reading="that the six days of an application start with its receipt, as the time to tell what is missing "
    "does; what is filed under a programme is checked as long",
)
COMPLETION = _read(
    "completion",
    "time to complete an application",
    calendar_days(30),
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.FORFEITED,
    units=DAYS,
    article="art. 106 § 8 and 108 § 8",
    reading="that it is kept by what was posted in time, and that what lapses is the right to complete; it "
    "is neither extended nor shortened (Judicial Code, art. 50, by art. 263/1)",
)
ADMISSIBILITY_NOTICE = _read(
    "admissibility-notice",
    "time to notify the decision on admissibility",
    working_days(3),
    warnings=(working_days(1),),
    article="art. 106 § 8 and 108 § 8",
    reading="that it is kept when the letter has left",
    beside=Beside(
        since=("DeclaredAdmissible", "DeclaredInadmissible"),
        sent=(Sent(letters=("admissible", "inadmissible"), role=Role.APPLICANT),),
    ),
)
PASSING_ON = _read(
    "passing-on",
    "time to pass the file on to both bodies",
    working_days(3),
    warnings=(working_days(1),),
    article="art. 106 § 9 and 108 § 8",
    reading="that it is kept when the file has left for both, and with it the copy for the college of "
    "medical directors, for which no text gives a time",
    beside=Beside(
        since=("DeclaredAdmissible",),
        sent=(
            Sent(letters=("opinion-request",), role=Role.ETHICS_COMMITTEE),
            Sent(letters=("opinion-request",), role=Role.COMMISSION),
            Sent(letters=("for-information",), role=Role.MEDICAL_DIRECTORS, written=True),
        ),
    ),
)
EUROPEAN_AGENCY = _read(
    "european-agency",
    "notice of an application to the European agency",
    AT_ONCE,
    article="art. 106 § 10",
    reading="that it is told at once when the notice leaves on the day on which the application is entered, "
    "or on the next working day where that is none",
    beside=Beside(
        since=("Received",),
        sent=(Sent(letters=("for-information",), role=Role.EUROPEAN_AGENCY, written=True),),
    ),
)
COMPLETION_UNDER_A_PROGRAMME = _assumed(
    "completion-under-a-programme",
    "time to complete what is filed under a programme",
    calendar_days(30),
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.PROPOSE,
    remark="working assumption; no text gives a time, nor an effect to silence",
)
LATE_RECORDING = _assumed(
    "late-recording",
    "time for what came within a limit to be entered after it",
    working_days(10),
    remark="working assumption; no text gives a time for it",
)
ETHICS_OPINION = _assumed(
    "ethics-opinion",
    "opinion of the ethics committee",
    working_days(40),
    Role.ETHICS_COMMITTEE,
    warnings=WARNED,
    silence=SilencePolicy.FAVOURABLE,
    article="art. 106 § 11 and 108 § 8",
    remark="from the decision that the application is admissible",
    degree=Degree.READ,
)
COMMISSION_OPINION = _assumed(
    "commission-opinion",
    "opinion of the commission",
    working_days(40),
    Role.COMMISSION,
    warnings=WARNED,
    article="art. 106 § 12 and 108 § 8",
    remark="from the decision that the application is admissible",
    degree=Degree.READ,
)
ANSWERS = _assumed(
    "answers",
    "time to answer questions",
    calendar_days(10),
    Role.APPLICANT,
    warnings=(working_days(3), working_days(1)),
    sending_of="questions",
    silence=SilencePolicy.ON_FILE,
    units=DAYS,
    article="art. 106 § 12 and 108 § 8",
    remark="the commission sets it, at most so long; whether that subparagraph is in force is open",
    degree=Degree.READ,
    reading="that without an answer the opinion is given on the file as it is",
)
DECISION = _assumed(
    "decision",
    "time to decide on an application",
    working_days(55),
    warnings=WARNED,
    silence=SilencePolicy.GRANTED,
    article="art. 106 § 13 and 108 § 8",
    remark="from the decision that the application is admissible; never suspended",
    degree=Degree.READ,
)
MODIFICATION_OPINION = _assumed(
    "modification-opinion",
    "opinion of the ethics committee on a modification",
    working_days(40),
    Role.ETHICS_COMMITTEE,
    warnings=WARNED,
    article="art. 106 § 5 and 108 § 5",
    remark=NO_PERIOD,
)
MODIFICATION_COMMISSION_OPINION = _assumed(
    "modification-commission-opinion",
    "opinion of the commission on a modification",
    working_days(40),
    Role.COMMISSION,
    warnings=WARNED,
    article="art. 106 § 5 and 108 § 5",
    remark=NO_PERIOD,
)
MODIFICATION_DECISION = _assumed(
    "modification-decision",
    "time to decide on a modification",
    working_days(55),
    warnings=WARNED,
    article="art. 106 § 5 and 108 § 5",
    remark=NO_PERIOD,
)
REPORT_DECISION = _assumed(
    "report-decision",
    "time to decide on what a programme files",
    working_days(55),
    warnings=WARNED,
    article="art. 106 § 5 and 108 § 5",
    remark=NO_PERIOD,
)
EVALUATION = _read(
    "evaluation",
    "interval between evaluations",
    months(12),
    rules=Rules.PLAIN,
    units=RECURRING,
    article="art. 106 § 5 and 108 § 5, subpar. 1",
    reading=OF_THE_PROGRAMME,
)
EVALUATION_HALF_YEARLY = _read(
    "evaluation-half-yearly",
    "interval between evaluations until a marketing authorisation is applied for",
    months(6),
    rules=Rules.PLAIN,
    units=RECURRING,
    article="art. 106 § 5 and 108 § 5, subpar. 2",
    reading=f"{OF_THE_PROGRAMME}; an application before the half-year ends makes it part of the year",
)
_WITHIN = _read(
    "evaluation-term",
    "time to evaluate after the end of a year or half-year",
    months(3),
    units=RECURRING,
    article="art. 106 § 5 and 108 § 5, subpar. 1 and 2",
    reading="three months to the eve, moved from a day off",
)
EVALUATION_TERM = replace(
    _WITHIN,
    values=tuple(
        replace(
            value,
            says=THREE_MONTHS_FROM,
            second=SecondReading(says=THIRD_MONTH_OF_THE_CALENDAR, rules=Rules.WHOLE_MONTHS),
        )
        for value in _WITHIN.values
    ),
)
EVALUATION_REMINDERS = _assumed(
    "evaluation-reminders",
    "reminders before an evaluation",
    (calendar_days(60), calendar_days(30), calendar_days(7)),
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark=PRACTICE,
)
EVALUATION_ESCALATION = _assumed(
    "evaluation-escalation",
    "time until a change or the end of a programme is proposed",
    calendar_days(30),
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark=PRACTICE,
)
LIST_TERM = _read(
    "list-term",
    "time between the list of suspected serious adverse reactions and the end of the time to evaluate",
    months(2),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=RECURRING,
    article="art. 106 § 5 and 108 § 5, subpar. 3",
    reading="counted back from the end before that is moved, and itself not moved",
)
LIST_REMINDERS = _assumed(
    "list-reminders",
    "reminders before a list of suspected serious adverse reactions",
    (calendar_days(60), calendar_days(30), calendar_days(0)),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark=PRACTICE,
)
CONDITION_REMINDER = _assumed(
    "condition-reminder",
    "reminder before a condition falls due",
    calendar_days(30),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 5 and 108 § 5",
    remark=PRACTICE,
)
VALIDITY_WARNINGS = _assumed(
    "validity-warnings",
    "warnings before what was authorised ends",
    (calendar_days(90), calendar_days(30), calendar_days(7)),
    Role.APPLICANT,
    rules=Rules.PLAIN,
    units=DAYS,
    article="art. 106 § 1 and 108 § 1",
    remark="the decision states the duration; how long before its last day to warn is practice, not law",
)
PUBLICATION = Clause(
    "publication",
    "time to publish a decision on a programme, or its end",
    (
        InForce(
            working_days(5),
            _SINCE,
            Source(
                ROYAL_DECREE_2006,
                "art. 106 § 2 and 108 § 2",
                "from the entry into force (CUP), a modification, modality, suppression or end",
            ),
            beside=Beside(until=("Published", "PublishedInPart", "PublicationRecorded"), each=True),
            degree=Degree.READ,
            reading="the text names no starting point for the setting up of an MNP: from the decision, "
            "and of a tacit one from the last day of the silence or the day after, both kept; a suspension "
            "and its lifting are modalities; the entry is published with the texts that there are",
        ),
    ),
)
PUBLICATION_TEXTS = _assumed(
    "publication-texts",
    "time to add the languages that a publication lacks",
    calendar_days(30),
    rules=Rules.PLAIN,
    units=DAYS,
    instrument=LANGUAGE_LAWS_1966,
    article="art. 40",
    remark="French and Dutch are mandatory, German is made available; no text gives a time: a plan",
    beside=Beside(since=("PublishedInPart",), until=("Published", "PublicationRecorded"), each=True),
)


def _term(days: int, from_on: date, until_on: date | None, source: Source, **said: Any) -> InForce:
    """A term of payment; whether an end on a day off moves no text says: both readings are kept."""
    second = SecondReading(says=TERM_MOVES, rules=Rules.BELGIAN)
    reading: dict[str, Any] = {"says": TERM_STAYS, "second": second, "rules": Rules.PLAIN}
    reading |= {"until_on": until_on, "receipt_of": "invoice"} | said
    return InForce(calendar_days(days), from_on, source, **reading)


PAYMENT = Clause(
    "payment",
    "term of payment",
    (
        _term(
            15,
            _SINCE,
            date(2018, 4, 4),
            Source(
                FEE_DECREE_2014, "article not read", "paid with the request; a term for an invoice is assumed"
            ),
        ),
        _term(
            15,
            date(2018, 4, 5),
            date(2023, 12, 31),
            Source(
                FAMHP_ACT_2006,
                "art. 14/15",
                "of the fees that the King names; that these are among them is assumed",
            ),
        ),
        _term(
            15,
            date(2024, 1, 1),
            date(2026, 6, 13),
            Source(FAMHP_ACT_2006, "art. 14/15", "as by the Act of 22 December 2023, art. 136"),
            degree=Degree.READ,
            reading=ON_RECEIPT,
        ),
        _term(
            30,
            date(2026, 6, 14),
            None,
            Source(
                FAMHP_ACT_2006,
                "art. 14/15 and 14/17 § 1",
                f"read in a copy; that these articles name two starts is our reading; {ON_RECEIPT}",
            ),
            says=TERM_AFTER_SENDING,
            second=SecondReading(
                says=TERM_COMMENCES_LATER,
                after=working_days(3),
                not_by=(Channel.PEPPOL.value,),
                rules=Rules.BELGIAN,
            ),
            degree=Degree.READ,
            reading="two starts, both kept; an end on a day off moves on the later reading alone",
        ),
    ),
    desk=Role.INVOICE_ADDRESSEE,
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
    remark=PRACTICE,
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
    remark="on pain of forfeiture; from receipt of the notice",
    degree=Degree.READ,
    reading=ON_RECEIPT,
).read_from(FEES_SINCE)


def _of_claims(
    clause: str, governs: str, value: Limit, article: str, desk: Role = Role.DESK, **said: Any
) -> Clause:
    """A period of the chapter on fees; it has no counting rule of its own, and nothing is moved."""
    source = Source(
        FAMHP_ACT_2006, article, "as by the Act of 11 March 2018; no rule of counting: nothing moves"
    )
    read = InForce(value, _SINCE, source, rules=Rules.PLAIN, degree=Degree.READ, **said)
    return Clause(clause, governs, (read,), desk=desk).read_from(FEES_SINCE)


OBJECTION_DECISION = _of_claims(
    "objection-decision",
    "time to decide on an objection to a payment notice",
    months(3),
    "art. 14/20 § 1",
    beside=Beside(until=("ObjectionDecided", "CourtSeised")),
)
OBJECTION_COURT = _of_claims(
    "objection-court",
    "time to go to court after an objection",
    months(3),
    "art. 14/20 § 2",
    Role.INVOICE_ADDRESSEE,
    receipt_of="objection-answered",
    beside=Beside(until=("CourtSeised",), after="objection-decision", lapses=True),
    reading="from knowledge of the decision, so from receipt of its letter; without one from the end of the "
    "time to decide",
)
_LAPSES = _of_claims("limitation", "time after which a claim for a fee lapses", years(5), "art. 14/24")
LIMITATION = replace(
    _LAPSES,
    values=(
        *_LAPSES.values[:-1],
        replace(_LAPSES.values[-1], until_on=date(2023, 12, 31)),
        replace(
            _LAPSES.values[-1],
            from_on=date(2024, 1, 1),
            source=Source(FAMHP_ACT_2006, "art. 14/24", "as by the Acts of 22-12-2023 and 30-5-2026"),
            sending_of="demand",
            reading="it begins anew on the day after what interrupts it; what suspends it is not counted",
        ),
    ),
)
"""Since 1 January 2024 it begins anew with the sending of a demand, too."""

URGENT_USE_ANSWER = _assumed(
    "urgent-use-answer",
    "time to answer a notification of urgent use",
    working_days(3),
    warnings=(working_days(1),),
    article="art. 107/1",
    remark="no text gives a period, nor an effect to silence: a plan of the agency",
)
ANNOUNCED_APPLICATION = _assumed(
    "announced-application",
    "how far off the day may be that is set for an announced application",
    months(12),
    warnings=(working_days(10), working_days(1)),
    rules=Rules.PLAIN,
    article="art. 107/1",
    remark="the notifier declares that it will apply; no text says when: the desk sets a day",
    beside=Beside(since=(ANNOUNCED,), until=(LINKED,)),
)

TIME_LIMITS: tuple[Clause, ...] = (
    ADMISSIBILITY,
    COMPLETION,
    ADMISSIBILITY_NOTICE,
    PASSING_ON,
    EUROPEAN_AGENCY,
    COMPLETION_UNDER_A_PROGRAMME,
    LATE_RECORDING,
    ETHICS_OPINION,
    COMMISSION_OPINION,
    ANSWERS,
    DECISION,
    MODIFICATION_OPINION,
    MODIFICATION_COMMISSION_OPINION,
    MODIFICATION_DECISION,
    REPORT_DECISION,
    EVALUATION,
    EVALUATION_HALF_YEARLY,
    EVALUATION_TERM,
    EVALUATION_REMINDERS,
    EVALUATION_ESCALATION,
    LIST_TERM,
    LIST_REMINDERS,
    CONDITION_REMINDER,
    VALIDITY_WARNINGS,
    PUBLICATION,
    PUBLICATION_TEXTS,
    PAYMENT,
    PAYMENT_REMINDERS,
    COLLECTION,
    PAYMENT_APPEAL,
    OBJECTION_DECISION,
    OBJECTION_COURT,
    LIMITATION,
    URGENT_USE_ANSWER,
    ANNOUNCED_APPLICATION,
)
