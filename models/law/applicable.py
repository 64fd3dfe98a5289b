"""The law of one file on one day, put together once and carried in that file's input.

A later edit of the values can therefore never bend a running dossier: its history shows what was
applied. A programme receives the law of the new year at each anniversary.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

from pydantic import BaseModel, ConfigDict

from models.clock import Calendar, Clock, Limit, Unit, anniversary
from models.decision import Outcome
from models.errors import BeyondHorizon, NoRuleInForce, UnknownClause
from models.law import conditions, time_limits
from models.law.book import SHIPPED, LawBook
from models.law.calendars import belgium
from models.law.clause import Applied, Clause
from models.law.procedures.compassionate_use import COMPASSIONATE_USE
from models.law.procedures.medical_need import MEDICAL_NEED
from models.law.procedures.shape import Examination, Kind, Procedure
from models.law.time_limits import BY_YEAR, OPINION_OF
from models.parties import Body, Role

PROCEDURES: dict[str, Procedure] = {p.code: p for p in (COMPASSIONATE_USE, MEDICAL_NEED)}

LONGEST = 5
"""Years that a limit may last at most; a calendar reaches further, so that stops find room in it."""

NOT_STATED = "UMN"
"""The code of imported programmes: the agency's page does not say whether they are CUP or MNP."""


class Law(BaseModel):
    """What applies to one file: its clauses, who gives an opinion, how it may end, its calendar.

    `edition` is how a file waits; files of earlier releases go on as they began.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: str
    article: str
    on: date
    clauses: dict[str, Applied]
    contribution: Applied | None = None
    contribution_gap: str = ""
    opinions: tuple[Body, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    calendar: Calendar
    edition: int = 1
    digest: str = ""

    def _applied(self, clause: str) -> Applied:
        if clause not in self.clauses:
            raise UnknownClause(f"The law of this file has no clause {clause!r}.")
        return self.clauses[clause]

    def limit(self, clause: str) -> Limit:
        """The one limit of a clause. Raises: UnknownClause."""
        return self._applied(clause).limits[0]

    def months(self, clause: str) -> int:
        """The limit of a clause that recurs, in months. Raises: NoRuleInForce when it is none.

        Not coded: a re-evaluation more often than once a year.
        """
        limit = self.limit(clause)
        months = limit.amount * {Unit.MONTHS: 1, Unit.YEARS: 12}.get(limit.unit, 0)
        least, spoken = (12, "a year") if clause == time_limits.RE_EVALUATION.id else (1, "a month")
        if months < least:
            raise NoRuleInForce(
                f"{governs(clause)} ({clause}) is {limit}; it must be in months or years, {spoken} at least."
            )
        return months

    @property
    def safety_report(self) -> str:
        """The clause of its safety reports: none where the procedure is not stated, or in earlier laws."""
        known = PROCEDURES.get(self.procedure)
        return known.safety_report.id if known and known.safety_report.id in self.clauses else ""

    def ladder(self, clause: str) -> tuple[Limit, ...]:
        """The steps of a clause that has several. Raises: UnknownClause."""
        return self._applied(clause).limits

    def clock(self, clause: str, started_on: date) -> Clock:
        """A clock of that clause, started. Raises: UnknownClause."""
        return self._applied(clause).clock(started_on)

    def clock_to(self, clause: str, started_on: date, due_on: date) -> Clock | None:
        """The clock of a clause when it leads to a day that was told; nothing when it does not."""
        if clause not in self.clauses:
            return None
        clock = self.clock(clause, started_on)
        try:
            return clock if clock.due_on(self.calendar) == due_on else None
        except BeyondHorizon:  # told under a law of years ago
            return None

    @property
    def last_day_stops(self) -> bool:
        """Whether questions stop the clock also when no day of the limit is left."""
        return self.edition >= 2

    @property
    def every_limit_is_told(self) -> bool:
        """Whether a limit that passes is told also in another phase than its own."""
        return self.edition >= 2

    @property
    def first_law_on_first_day(self) -> bool:
        """Whether a programme's first law is looked up on its first day, not on that of its decision."""
        return self.edition >= 2

    def desk(self, clause: str) -> Role:
        """Whose turn it is while the limit runs; the agency's desk where this law does not say."""
        return self.clauses[clause].desk if clause in self.clauses else Role.DESK

    def warnings(self, clause: str) -> tuple[Limit, ...]:
        """How long before its end somebody is warned: the longest first. None in earlier releases."""
        return self.clauses[clause].warnings if clause in self.clauses else ()

    def starts_on_receipt(self, clause: str, letter: str, role: Role) -> bool:
        """Whether the limit starts when that letter is received. No clause of earlier releases says so."""
        applied = self.clauses.get(clause)
        return applied is not None and (applied.receipt_of, applied.desk) == (letter, role)

    def text(self, clause: str) -> str:
        """The words of a clause; none where this law does not carry it, as those of earlier releases."""
        return self.clauses[clause].text if clause in self.clauses else ""

    def unverified(self, *clauses: str) -> tuple[str, ...]:
        """Which of these clauses no person has compared with the text.

        A clause that this law does not carry (it was put together by an earlier release) is one.
        """
        return tuple(c for c in clauses if c not in self.clauses or not self.clauses[c].verified)

    def countable(self, clause: str, on: date) -> None:
        """Refuses a value that no case could count from a day. Raises: NoRuleInForce, BeyondHorizon."""
        applied = self._applied(clause)
        if clause in BY_YEAR:
            self.months(clause)
        elif len(applied.limits) == 1:
            ends = applied.clock(on).due_on(self.calendar)
            if ends is None or ends > anniversary(on, LONGEST):
                raise BeyondHorizon(
                    f"{governs(clause)} ({clause}) of {applied.limits[0]} is more than {LONGEST} years."
                )

    def revised(self, applied: Applied | None = None, calendar: Calendar | None = None) -> Law:
        """The law after an explicit change of one clause, or of the calendar; with a hash of its own."""
        clauses = {**self.clauses, applied.clause: applied} if applied else self.clauses
        changed = self.model_copy(
            update={"clauses": clauses, "calendar": calendar or self.calendar, "digest": ""}
        )
        return _sealed(changed)


def applicable_law(procedure: str, kind: Kind | None, on: date, book: LawBook = SHIPPED) -> Law:
    """The law of a file of that day: the clauses that it uses. `kind` None is a programme's year.

    Raises: UnknownClause for a procedure we do not hold, NoRuleInForce when a clause has no value.
    A contribution without a published amount is carried as a named gap: a person fixes it later.
    """
    known = PROCEDURES.get(procedure)
    if known is None and not (procedure == NOT_STATED and kind is None):
        raise UnknownClause(f"No procedure is called {procedure!r}.", tuple(PROCEDURES))
    examination = known.examinations[kind] if known and kind else None
    contribution, gap = None, ""
    if examination and examination.contribution:
        try:
            contribution = book.clause(examination.contribution.id).applied_on(on)
        except NoRuleInForce as silent:
            gap = silent.message
    clauses = {c.id: book.clause(c.id).applied_on(on) for c in clauses_used(examination, known)}
    if contribution:
        clauses[contribution.clause] = contribution
    law = Law(
        procedure=procedure,
        article=examination.article if examination else known.article if known else "",
        on=on,
        clauses=clauses,
        contribution=contribution,
        contribution_gap=gap,
        opinions=examination.opinions if examination else (),
        outcomes=examination.outcomes if examination else (),
        calendar=belgium(on.year, book.closing_days),
        edition=2,
    )
    if law.text("unpaid-blocks") not in ("", conditions.FLAG_ONLY, conditions.BLOCK):
        raise NoRuleInForce(
            f"{governs('unpaid-blocks')}: {law.text('unpaid-blocks')!r} is neither; enter one of the two."
        )
    for clause in BY_YEAR & clauses.keys():
        law.months(clause)  # refused here, not in the middle of a programme's life
    return _sealed(law)


def clauses_used(examination: Examination | None, procedure: Procedure | None) -> tuple[Clause, ...]:
    """The clauses, contribution apart, that an examination uses; None is a programme's year.

    A programme whose procedure is not stated owes no safety report: nobody knows which.
    """
    payment = (
        time_limits.PAYMENT,
        time_limits.PAYMENT_REMINDERS,
        time_limits.COLLECTION,
        time_limits.PAYMENT_APPEAL,
    )
    if examination is None:
        owed = (
            (
                procedure.safety_report,
                time_limits.SAFETY_REPORT_REMINDERS,
                time_limits.SAFETY_REPORT_ESCALATION,
            )
            if procedure
            else ()
        )
        return (
            time_limits.RE_EVALUATION,
            time_limits.RE_EVALUATION_REMINDERS,
            time_limits.RE_EVALUATION_ESCALATION,
            time_limits.CONDITION_REMINDER,
            *owed,
            *payment,
            conditions.ALTERNATIVE_TREATMENT,
            conditions.POWER_TO_SUSPEND,
            conditions.POWER_TO_CLOSE,
            time_limits.REMEDY_ANNULMENT,
        )
    return (
        time_limits.ADMISSIBILITY,
        time_limits.COMPLETION,
        *(OPINION_OF[body] for body in examination.opinions),
        time_limits.ANSWERS,
        time_limits.DECISION,
        *(payment if examination.contribution else ()),
        *((conditions.UNPAID_BLOCKS,) if examination.contribution else ()),
        *((conditions.ALTERNATIVE_TREATMENT,) if examination.opinions else ()),
        conditions.POWER_TO_DECIDE,
        time_limits.REMEDY_ANNULMENT,
    )


def _sealed(law: Law) -> Law:
    text = json.dumps(law.model_dump(mode="json"), sort_keys=True)
    return law.model_copy(update={"digest": hashlib.sha256(text.encode()).hexdigest()})


def governs(clause: str) -> str:
    """What a clause governs, in words."""
    try:
        return SHIPPED.clause(clause).governs
    except UnknownClause:
        return clause
