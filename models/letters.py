"""What each letter states: its facts, typed. A missing fact, or one too many, is no letter.

Facts travel as JSON values in `models.entry.Letter`; they are read by these models before a word is
written. A field with a default is one that a letter may leave unsaid. Long because all letters
stand here, each with its facts, so that what is said to whom is read in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from models.clock import Limit, Reckoning
from models.decision import Capacity, Condition, Opinion, Outcome, View
from models.eligibility import Assessed
from models.entry import LetterKind
from models.findings import Finding
from models.interest import Terms
from models.law.silence import SilencePolicy
from models.messages import Message
from models.objection import Hearing, Lack
from models.parties import Body, Language
from models.phases import Kind, Phase
from models.travelling import Travelling


class Counted(Travelling, frozen=True):
    """How one date of a letter was counted; `off` are the closing days of the agency, with reasons."""

    clause: str
    article: str
    reckoning: Reckoning
    off: dict[date, str] = Field(default_factory=dict)


class Stated(Travelling, frozen=True):
    """What any letter may state: how its dates were counted.

    One that goes `to_offices` reaches a body or the desk only; there is no German of it. An `act` is one to
    which the rule of language for acts applies; whatever has a remedy is one (models/languages.py).
    """

    to_offices: ClassVar[bool] = False
    act: ClassVar[bool] = False

    reckonings: tuple[Counted, ...] = ()


class Remedy(Travelling, frozen=True):
    """A period of the remedy against an individual act, and where that is written."""

    within: Limit
    article: str


class Signed(Travelling, frozen=True):
    """Who took an act of the authority: person and capacity, the designation if any, and the article."""

    person: str
    capacity: Capacity
    designation: str = ""
    article: str


class Contestable(Stated):
    """What may be contested: the remedies, by their clause."""

    act: ClassVar[bool] = True

    remedies: dict[str, Remedy] = Field(min_length=1)


class Notified(Contestable):
    """An act of the authority, and who took it where somebody did."""

    signatory: Signed | None = None


class Acknowledgement(Stated):
    """The e-submission was received; `billed`: a contribution may be asked for it."""

    kind: Kind
    cesp_number: str = ""
    received_on: date
    due_on: date
    decides: bool = False
    billed: bool = True


class Incomplete(Stated):
    """What the applicant has to complete, and by when; where it came too late, it stops nothing."""

    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...]
    due_on: date
    forfeits: bool
    too_late: bool = False


class Inadmissible(Notified):
    """The dossier ends before the merits, with the grounds; or because it was not completed by a day.

    `unmet` is the condition of admissibility that it does not meet, where the law knows some. `open_until` is
    the last day on which a completion can be entered that came in time.
    """

    grounds: str = ""
    unmet: str = ""
    silent_until: date | None = None
    open_until: date | None = None


class OpinionDue(Travelling, frozen=True):
    """A body that is heard, the last day of its opinion, and what its silence means.

    One that is heard once another one has spoken has no day yet: its opinion comes `within` so long `after`.
    """

    body: Body
    due_on: date | None = None
    after: Body | None = None
    within: Limit | None = None
    silence: SilencePolicy = SilencePolicy.FLAG


class TimeToAnswer(Travelling, frozen=True):
    """A body that may put questions, and the longest time that it can set for the answer.

    `until_answered`: its own limit stands still until the answer has come, and not for the time that it sets.
    """

    body: Body
    within: Limit
    until_answered: bool = False


class Admissible(Notified):
    """Day 0: the timetable of the opinions, of questions and of the decision, with what silence means.

    Where the limit to decide runs from the last opinion it has no day yet, and is `within` so long of it.
    `billed`: a contribution may be asked for it. `once_final`: whoever is heard after another one is so once
    nobody can contest what that one said.
    """

    admissible_on: date
    due_on: date | None = None
    within: Limit | None = None
    silence: Literal[SilencePolicy.FLAG, SilencePolicy.GRANTED, SilencePolicy.REFUSED]
    opinions: tuple[OpinionDue, ...]
    once_final: bool = False
    billed: bool = True
    answers: tuple[TimeToAnswer, ...] = ()


class Objectable(Travelling, frozen=True):
    """Within how long of receipt a debtor objects, is decided on, and goes to court after that."""

    within: Limit
    decided: Limit
    court: Limit


class InvoiceIssued(Stated):
    """A contribution is due; the invoice itself travels beside the facts."""

    kind: Kind
    source: str
    objection: Objectable | None = None


class OwedAltogether(Travelling, frozen=True):
    """What a debtor owes that is late, on all its invoices, and the interest on that; in cents."""

    cents: int
    interest: int


class InvoiceReminded(Stated):
    """The how-manieth reminder of an unpaid invoice, and the interest on all that its debtor owes.

    `owed` is that interest in figures, once it is asked.
    """

    reminder: int
    interest: Terms | None = None
    owed: OwedAltogether | None = None


class AmountFixed(Travelling, frozen=True):
    """The decision on an objection: when, by whom, how much and why; within how long to go to court."""

    on: date
    by: str
    cents: int
    grounds: str
    court: Limit


class ObjectionAnswered(Stated):
    """What became of an objection: null for what it `lacks`; received, to be decided by a day; or decided.

    `too_late_since`: it came when the time to object had passed.
    """

    article: str
    received_on: date
    hearing: Hearing
    too_late_since: date | None = None
    lacks: tuple[Lack, ...] = ()
    decide_by: date | None = None
    decision: AmountFixed | None = None


class ServicesSuspended(Notified):
    """Services are suspended until the invoice is paid, also to companies linked with the debtor."""

    grounds: str
    on: date
    article: str
    linked: tuple[str, ...] = ()


class Credited(Stated):
    """An invoice asks for less; the credit note itself travels beside the facts."""

    reason: str = ""


class OpinionFollowed(Travelling, frozen=True):
    """What the body thinks that another one follows, its day, and whether that is final."""

    body: Body
    view: View
    given_on: date
    final: bool = False


class OpinionRequested(Stated):
    """Which body is asked, and by when; or asked `again`, because its opinion is contested.

    One that follows another body is told what that one thinks.
    """

    to_offices: ClassVar[bool] = True

    body: Body
    due_on: date
    again: bool = False
    follows: OpinionFollowed | None = None


class OpinionTold(Stated):
    """What a body thinks, and by when the applicant may contest it and say why; no days where it is final."""

    body: Body
    view: Literal[View.FAVOURABLE, View.FAVOURABLE_WITH_REMARKS, View.UNFAVOURABLE]
    given_on: date
    text: str = ""
    contest_by: date | None = None
    grounds_by: date | None = None


class OpinionReturned(Stated):
    """Why the opinion of a body is sent back, and by when it is given again, where the law says a day."""

    to_offices: ClassVar[bool] = True

    body: Body
    grounds: str
    due_on: date | None = None


class Questions(Stated):
    """What a body asks the applicant, and within how many days of the sending it is answered.

    `until_answered`: the limit of the body stands still until the answer has come, and not for these days.
    """

    body: Body
    questions: tuple[str, ...] = Field(min_length=1)
    days: int
    due_on: date
    until_answered: bool = False


class CompletedInTime(Stated):
    """A completion that came in time was entered later: the right to complete was not lost after all."""

    received_on: date
    not_lost: date
    due_on: date


class LimitWarned(Stated):
    """A limit ends soon, with what silence will mean and from which day; the last warning says it always.

    `unfavourable` and `missing` are bodies without whose favourable opinion nothing may be granted, and
    `unpaid` says that the contribution is; they are said where silence would grant nevertheless. A letter
    that leaves by post today arrives `by_post_on`, where that is too late.
    """

    phase: Phase
    clause: str
    due_on: date
    working_days_left: int
    last: bool
    silence: SilencePolicy
    effect_on: date
    unfavourable: tuple[Body, ...] = ()
    missing: tuple[Body, ...] = ()
    unpaid: bool = False
    by_post_on: date | None = None


class LimitPassed(Stated):
    """A limit has passed in silence, with what that means, and since which day.

    `to_establish`: that shows only afterwards, and a person has to establish it.
    """

    phase: Phase
    due_on: date
    silence: SilencePolicy
    effect_on: date
    to_establish: bool = False


class DateMoved(Stated):
    """A last day that was told is another one now. `received_on`: since when the limit runs after all."""

    clause: str
    was: date
    due_on: date
    received_on: date | None = None


class Conflict(Stated):
    """An unfavourable opinion that came in time, recorded after the silence had its effect: two readings."""

    to_offices: ClassVar[bool] = True

    body: Body
    given_on: date
    arrived_on: date | None = None
    silent_until: date


class LateOpinion(Stated):
    """An unfavourable opinion after its day, beside a tacit one; or after silence has `decided`."""

    to_offices: ClassVar[bool] = True

    body: Body
    given_on: date
    arrived_on: date | None = None
    silent_until: date
    decided: bool = False


class ElementStated(Travelling, frozen=True):
    """What is stated of an element: in words of one language or several, or, without any, by the protocol."""

    element: str
    words: dict[Language, str] = Field(default_factory=dict)


class ValidByLaw(Travelling, frozen=True):
    """For how long it is valid by an article, and by when its renewal is applied for, where that is known."""

    within: Limit
    article: str
    renew_by: date | None = None


class Decided(Notified):
    """The decision: outcome, grounds, conditions and dates, and the rules that were examined.

    It names a last day where what is authorised has one, also by law, and quotes the opinions. Where silence
    took its place until a day, `source` says by which article, `filed_on` when the request was filed that it
    grants, and `undetermined` what nobody has determined. Of what is authorised and `not_in_force` by it, the
    letter says by what it comes into force. There is no remedy against what decides nothing.
    """

    remedies: dict[str, Remedy]
    kind: Kind
    outcome: Outcome
    grounds: str
    continuity_plan: str = ""
    conditions: tuple[Condition, ...] = ()
    rules: tuple[Assessed, ...] = ()
    decided_on: date
    effective_on: date
    not_in_force: bool = False
    until_on: date | None = None
    valid_for: ValidByLaw | None = None
    elements: tuple[ElementStated, ...] = ()
    protocol: str = ""
    opinions: tuple[Opinion, ...] = ()
    silent_until: date | None = None
    source: str = ""
    filed_on: date | None = None
    undetermined: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        """No grounds, no letter; silence alone has none."""
        if not (self.grounds or self.silent_until):
            raise ValueError(Message("letter.no-grounds"))
        return self


class Determination(Notified):
    """What silence left open, and is determined now: the last day, and elements."""

    grounds: str = Field(min_length=1)
    until_on: date | None = None
    elements: tuple[ElementStated, ...] = ()
    protocol: str = ""
    on: date


class Publication(Stated):
    """From which day the programme is on its public list."""

    on: date


class WithdrawalNoted(Stated):
    """The applicant withdrew; whether the contribution stays due."""

    withdrawn_on: date
    fee_due: bool


class WithoutObject(Contestable):
    """The programme was closed meanwhile: there is nothing more to state."""


class ConditionOwed(Stated):
    """A condition of a decision, by its number, with its day."""

    condition: int
    text: str
    due_on: date


class ReportAsked(Stated):
    """What is asked for beside its interval and why; at once, or by a day that the request says."""

    clause: str
    at_once: bool = False
    due_on: date
    grounds: str


class RequestedReportOverdue(Stated):
    """What was asked for on a day has not come."""

    clause: str
    requested_on: date
    due_on: date


class DayDropped(Stated):
    """A day is asked no more, with the grounds; `clause` names what was owed by it."""

    clause: str
    due_on: date
    grounds: str


class Suspended(Notified):
    """A suspension: who asked for it, why, by which power, and from which day."""

    powers: tuple[str, ...] = ()

    grounds: str
    effective_on: date
    requested_by: Literal["agency", "applicant"]
    for_safety: bool = False


class Lifted(Notified):
    """A suspension ends; `again_on`: the day from which another one, decided already, takes effect."""

    powers: tuple[str, ...] = ()

    grounds: str
    on: date
    again_on: date | None = None


class Ending(Notified):
    """A programme takes no new patients; with the plan for those under treatment."""

    powers: tuple[str, ...] = ()

    grounds: str
    continuity_plan: str
    on: date


class Closure(Stated):
    """A programme is closed, by a decision with power, grounds, plan, remedies; or its last day has passed.

    `renewal_refused_on` is the day on which its renewal was refused, where that is why.
    """

    act: ClassVar[bool] = True

    remedies: dict[str, Remedy] = Field(default_factory=dict)
    signatory: Signed | None = None
    powers: tuple[str, ...] = ()
    grounds: str = ""
    continuity_plan: str = ""
    valid_until: date | None = None
    renewal_refused_on: date | None = None
    fact: str = ""
    on: date


class ValidityEnds(Stated):
    """The last day of what was authorised comes near; its `article`, where the law gives that day."""

    until_on: date
    article: str = ""


class Renewed(Stated):
    """What was renewed has another last day, by its article where the law gives it.

    The next renewal is applied for by `renew_by`; where the day for that has passed already, `at_once`, since
    then, and on the last day at the latest.
    """

    until_on: date
    article: str = ""
    renew_by: date | None = None
    at_once: bool = False


class HolderChanged(Contestable):
    """To whoever had it until a day: who has it from then on, by a decision on which dossier, and of when."""

    holder: str
    dossier: str
    decided_on: date
    on: date


class Reopened(Stated):
    """A case goes on from the last entry that the register holds: by a person, or past an act it refused."""

    to_offices: ClassVar[bool] = True

    entries: int
    grounds: str = ""
    refused: str = ""


STATES: Mapping[LetterKind, type[Stated]] = {
    LetterKind.ACKNOWLEDGEMENT: Acknowledgement,
    LetterKind.INCOMPLETE: Incomplete,
    LetterKind.INADMISSIBLE: Inadmissible,
    LetterKind.ADMISSIBLE: Admissible,
    LetterKind.INVOICE: InvoiceIssued,
    LetterKind.INVOICE_REMINDER: InvoiceReminded,
    LetterKind.CREDIT_NOTE: Credited,
    LetterKind.OBJECTION: ObjectionAnswered,
    LetterKind.SERVICES_SUSPENDED: ServicesSuspended,
    LetterKind.OPINION_REQUEST: OpinionRequested,
    LetterKind.OPINION_TOLD: OpinionTold,
    LetterKind.OPINION_SENT_BACK: OpinionReturned,
    LetterKind.COMPLETED_IN_TIME: CompletedInTime,
    LetterKind.QUESTIONS: Questions,
    LetterKind.LIMIT_WARNING: LimitWarned,
    LetterKind.LIMIT_PASSED: LimitPassed,
    LetterKind.DATE_MOVED: DateMoved,
    LetterKind.CONFLICT: Conflict,
    LetterKind.LATE_OPINION: LateOpinion,
    LetterKind.DECISION: Decided,
    LetterKind.DETERMINATION: Determination,
    LetterKind.PUBLICATION: Publication,
    LetterKind.WITHDRAWAL: WithdrawalNoted,
    LetterKind.WITHOUT_OBJECT: WithoutObject,
    LetterKind.CONDITION_DUE: ConditionOwed,
    LetterKind.CONDITION_OVERDUE: ConditionOwed,
    LetterKind.REPORT_REQUESTED: ReportAsked,
    LetterKind.REQUESTED_REPORT_OVERDUE: RequestedReportOverdue,
    LetterKind.DAY_DROPPED: DayDropped,
    LetterKind.SUSPENSION: Suspended,
    LetterKind.SUSPENSION_LIFTED: Lifted,
    LetterKind.CLOSED_TO_NEW_PATIENTS: Ending,
    LetterKind.CLOSURE: Closure,
    LetterKind.VALIDITY_ENDS: ValidityEnds,
    LetterKind.VALIDITY_RENEWED: Renewed,
    LetterKind.HOLDER_CHANGED: HolderChanged,
    LetterKind.REOPENED: Reopened,
}
"""What each letter states that the engine writes; a procedure adds its own (procedures/registry.py)."""
