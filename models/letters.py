"""What each letter states: the facts of every kind, typed. A missing fact, or one too many, is no letter.

Facts travel as JSON values in `models.entry.Letter`; they are read by these models before a word is
written. A field with a default is one that letters of earlier releases do not carry, or that a letter
may leave unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.clock import Limit, Reckoning
from models.decision import Condition, Outcome
from models.eligibility import Assessed
from models.entry import LetterKind
from models.findings import Finding
from models.law.procedures.shape import Kind
from models.parties import Body
from models.phases import Phase, PublicList

SilenceMeans = Literal["no_tacit_decision", "inadmissible", "decided_on_file"]
"""What it means that nobody acted, as the last warning and the letter after the limit say it."""


class Counted(BaseModel):
    """How one date of a letter was counted; `off` are the closing days of the agency, with reasons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str
    article: str
    reckoning: Reckoning
    off: dict[date, str] = Field(default_factory=dict)


class Stated(BaseModel):
    """What any letter may state: how its dates were counted, and whether one of them is assumed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reckonings: tuple[Counted, ...] = ()
    assumed: bool = False


class Remedy(BaseModel):
    """Where a decision is contested: within how long of its notification, and where that is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    within: Limit
    article: str


class Contestable(Stated):
    """What may be contested; letters under a law of an earlier release do not say within how long."""

    remedy: Remedy | None = None


class Acknowledgement(Stated):
    """The e-submission was received."""

    kind: Kind
    cesp_number: str = ""
    received_on: date
    due_on: date


class Incomplete(Stated):
    """What the applicant has to complete, and by when."""

    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...]
    due_on: date


class Inadmissible(Contestable):
    """The dossier ends before the merits, with the grounds."""

    grounds: str


class OpinionDue(BaseModel):
    """A body that is heard, and the last day of its opinion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: Body
    due_on: date


class Admissible(Stated):
    """Day 0: the bodies that are heard, and the timetable: the opinions, the answers, the decision."""

    admissible_on: date
    due_on: date
    bodies: tuple[Body, ...]
    opinions: tuple[OpinionDue, ...] = ()
    answers: Limit | None = None


class InvoiceIssued(Stated):
    """A contribution is due; the invoice itself travels beside the facts."""

    kind: Kind | None = None
    source: str = ""
    appeal_until: date | None = None


class InvoiceReminded(Stated):
    """The how-manieth reminder of an unpaid invoice."""

    reminder: int


class Credited(Stated):
    """An invoice asks for less; the credit note itself travels beside the facts."""

    reason: str = ""


class OpinionRequested(Stated):
    """Which body is asked, and by when."""

    body: Body
    due_on: date


class Questions(Stated):
    """What the applicant is asked while the clock stands still."""

    questions: tuple[str, ...] = Field(min_length=1)
    due_on: date


class ClockRestarted(Stated):
    """The answers came, and the limit runs again."""

    answered_on: date
    due_on: date


class LimitWarned(Stated):
    """A limit ends soon; the last warning says what silence will mean."""

    phase: Phase
    clause: str
    due_on: date
    working_days_left: int
    last: bool
    silence: SilenceMeans


class LimitPassed(Stated):
    """A limit has passed in silence."""

    phase: Phase
    due_on: date
    silence: SilenceMeans


class DateMoved(Stated):
    """A last day that was told is another one now; `received_on`: as the letter had come back until then."""

    clause: str
    was: date
    due_on: date
    received_on: date | None = None


class Conflict(Stated):
    """Answers recorded late that had come in time: the two readings."""

    answered_on: date
    silence_on: date
    due_as_it_stands: date
    due_as_it_happened: date


class Decided(Contestable):
    """The decision: outcome, grounds, conditions and dates, and the rules that were examined."""

    kind: Kind
    outcome: Outcome
    grounds: str
    continuity_plan: str = ""
    conditions: tuple[Condition, ...] = ()
    rules: tuple[Assessed, ...] = ()
    decided_on: date
    effective_on: date


class Publication(Stated):
    """From which day the programme is on the list of authorised ones: the only list this is sent for."""

    public_list: Literal[PublicList.AUTHORISED] = PublicList.AUTHORISED
    on: date


class WithdrawalNoted(Stated):
    """The applicant withdrew; whether the contribution stays due."""

    withdrawn_on: date
    fee_due: bool


class WithoutObject(Stated):
    """The programme was closed meanwhile: there is nothing more to state."""


class ConditionOwed(Stated):
    """A condition of a decision, by its number, with its day."""

    condition: int
    text: str
    due_on: date


class SafetyReportOwed(Stated):
    """The period that a safety report covers, and the day by which it is filed."""

    from_on: date
    until_on: date
    due_on: date


class ReEvaluationOwed(Stated):
    """The re-evaluation of one year, with its day."""

    year: int
    due_on: date


class SuspensionProposed(Stated):
    """A missed re-evaluation, and the proposal that follows from it."""

    year: int
    due_on: date
    missed_on: date


class Suspended(Contestable):
    """A suspension: who asked for it, why, and from which day."""

    grounds: str
    effective_on: date
    requested_by: Literal["agency", "applicant"]
    for_safety: bool = False


class Lifted(Stated):
    """A suspension ends; `again_on`: the day from which another one, decided already, takes effect."""

    grounds: str
    on: date
    again_on: date | None = None


class Ending(Contestable):
    """A programme takes no new patients, or is closed; with the plan for those under treatment."""

    grounds: str
    continuity_plan: str
    on: date


STATES: Mapping[LetterKind, type[Stated]] = {
    LetterKind.ACKNOWLEDGEMENT: Acknowledgement,
    LetterKind.INCOMPLETE: Incomplete,
    LetterKind.INADMISSIBLE: Inadmissible,
    LetterKind.ADMISSIBLE: Admissible,
    LetterKind.INVOICE: InvoiceIssued,
    LetterKind.INVOICE_REMINDER: InvoiceReminded,
    LetterKind.CREDIT_NOTE: Credited,
    LetterKind.OPINION_REQUEST: OpinionRequested,
    LetterKind.QUESTIONS: Questions,
    LetterKind.CLOCK_RESTARTED: ClockRestarted,
    LetterKind.LIMIT_WARNING: LimitWarned,
    LetterKind.LIMIT_PASSED: LimitPassed,
    LetterKind.DATE_MOVED: DateMoved,
    LetterKind.CONFLICT: Conflict,
    LetterKind.DECISION: Decided,
    LetterKind.PUBLICATION: Publication,
    LetterKind.WITHDRAWAL: WithdrawalNoted,
    LetterKind.WITHOUT_OBJECT: WithoutObject,
    LetterKind.CONDITION_DUE: ConditionOwed,
    LetterKind.CONDITION_OVERDUE: ConditionOwed,
    LetterKind.SAFETY_REPORT_DUE: SafetyReportOwed,
    LetterKind.SAFETY_REPORT_OVERDUE: SafetyReportOwed,
    LetterKind.RE_EVALUATION_DUE: ReEvaluationOwed,
    LetterKind.RE_EVALUATION_MISSED: ReEvaluationOwed,
    LetterKind.SUSPENSION_PROPOSED: SuspensionProposed,
    LetterKind.SUSPENSION: Suspended,
    LetterKind.SUSPENSION_LIFTED: Lifted,
    LetterKind.CLOSED_TO_NEW_PATIENTS: Ending,
    LetterKind.CLOSURE: Ending,
}
"""What each kind of letter states."""

TO_OFFICES = (
    LetterKind.OPINION_REQUEST,
    LetterKind.LIMIT_PASSED,
    LetterKind.CONFLICT,
    LetterKind.SUSPENSION_PROPOSED,
)
"""Letters that only a committee or the desk receives; there is no German of them."""


def stated(kind: LetterKind, facts: Mapping[str, Any]) -> Stated:
    """The facts of a letter of that kind.

    Raises: ValidationError for a fact that is missing, unknown, or not what it should be.
    """
    return STATES[kind].model_validate(dict(facts))
