"""The clauses of the certificate of a treatment centre: its own law book, as invented as its decree."""

from __future__ import annotations

from datetime import date

from models.clock import Limit, Rules, Unit
from models.law.clause import Clause, InForce, Instrument, Source, calendar_days, months, working_days
from models.law.silence import SilencePolicy
from models.parties import Role as AnyRole
from procedures.be_centre.words import Role

DECREE = Instrument("Decree on Treatment Centres", "2020000001")
SINCE = date(2020, 1, 1)
WARNED = (working_days(5), working_days(1))


def _clause(
    clause: str,
    governs: str,
    value: Limit | tuple[Limit, ...] | str,
    article: str,
    desk: AnyRole = Role.DESK,
    *,
    rules: Rules = Rules.BELGIAN,
    warnings: tuple[Limit, ...] = (),
    receipt_of: str = "",
    sending_of: str = "",
    silence: SilencePolicy = SilencePolicy.FLAG,
    recurs: bool = False,
) -> Clause:
    in_force = InForce(
        value,
        SINCE,
        Source(DECREE, article),
        rules=rules,
        warnings=warnings,
        receipt_of=receipt_of,
        sending_of=sending_of,
        silence=silence,
    )
    units = (Unit.MONTHS, Unit.YEARS) if recurs else tuple(Unit)
    return Clause(clause, governs, (in_force,), desk=desk, units=units, recurs=recurs)


ADMISSIBILITY = _clause(
    "admissibility", "time to check an application", working_days(5), "art. 3", warnings=WARNED
)
COMPLETION = _clause(
    "completion",
    "time to complete an application",
    calendar_days(20),
    "art. 3",
    Role.APPLICANT,
    warnings=WARNED,
    receipt_of="incomplete",
    silence=SilencePolicy.FORFEITED,
)
LATE_RECORDING = _clause("late-recording", "time to enter what came in time", calendar_days(10), "art. 3")
COUNCIL_OPINION = _clause(
    "council-opinion", "opinion of the council", calendar_days(30), "art. 4", Role.COUNCIL, warnings=WARNED
)
ANSWERS = _clause(
    "answers",
    "time to answer questions",
    calendar_days(15),
    "art. 4",
    Role.APPLICANT,
    warnings=WARNED,
    sending_of="questions",
    silence=SilencePolicy.ON_FILE,
)
DECISION = _clause("decision", "time to decide", calendar_days(60), "art. 5", warnings=WARNED)
POWER_TO_DECIDE = _clause("power-to-decide", "power to decide", "the director of the office", "art. 5")

ACTIVITY_REPORT = _clause(
    "activity-report",
    "interval between reports",
    months(12),
    "art. 8",
    Role.APPLICANT,
    rules=Rules.PLAIN,
    recurs=True,
)
ACTIVITY_REPORT_REMINDERS = _clause(
    "activity-report-reminders",
    "reminders before a report",
    (calendar_days(30),),
    "art. 8",
    Role.APPLICANT,
    rules=Rules.PLAIN,
)
CONDITION_REMINDER = _clause(
    "condition-reminder",
    "reminder before a condition falls due",
    calendar_days(14),
    "art. 6",
    Role.APPLICANT,
    rules=Rules.PLAIN,
)
VALIDITY_WARNINGS = _clause(
    "validity-warnings",
    "warnings before a certificate ends",
    (calendar_days(60),),
    "art. 7",
    Role.APPLICANT,
    rules=Rules.PLAIN,
)
POWER_TO_SUSPEND = _clause(
    "power-to-suspend", "power to interrupt a certificate", "the director of the office", "art. 10"
)
POWER_TO_CLOSE = _clause(
    "power-to-close", "power to end a certificate", "the director of the office", "art. 11"
)

EXAMINED = (ADMISSIBILITY, LATE_RECORDING, POWER_TO_DECIDE)
LIVED = (
    ACTIVITY_REPORT,
    ACTIVITY_REPORT_REMINDERS,
    CONDITION_REMINDER,
    VALIDITY_WARNINGS,
    POWER_TO_SUSPEND,
    POWER_TO_CLOSE,
)
CLAUSES = (*EXAMINED, COMPLETION, COUNCIL_OPINION, ANSWERS, DECISION, *LIVED)
