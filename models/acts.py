"""Every act that a person can perform, in the order of the procedure.

An act is a fact when it arrives, hence the past tense; its command at the shell is imperative.
Each says who did it (`by`), on which civil day it really happened (`on`; none means today), and
carries a request id, by which the same act sent twice is applied once.

`check` refuses what is awaited but cannot stand. It changes nothing and sees only the carried
model, so that it gives the same answer in the workflow's validator and in its run.
"""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from models.clock import anniversary
from models.decision import Condition, Outcome, View
from models.dossier import FiledDocument
from models.eligibility import Verdict
from models.entry import LetterKind
from models.errors import ImproperAct, LawSilent
from models.findings import Finding, Struck
from models.law.applicable import Law
from models.law.clause import Applied
from models.law.time_limits import BY_YEAR
from models.parties import Body, Product, Role

LATEST_EFFECT = 5
"""Years after a decision within which it must take effect; a later day is a slip of the pen."""

Sentence = Annotated[str, Field(min_length=1, max_length=4000)]


class Concerned(Protocol):
    """What an act may look at: the dossier or programme it is performed on."""

    @property
    def law(self) -> Law: ...
    @property
    def number(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def invoiced_on(self) -> date: ...
    @property
    def asked_on(self) -> date: ...
    @property
    def bodies_awaited(self) -> tuple[Body, ...]: ...
    @property
    def conditions_open(self) -> tuple[int, ...]: ...
    @property
    def opened_on(self) -> date: ...
    @property
    def rules(self) -> tuple[str, ...]: ...
    @property
    def open_cents(self) -> int: ...
    @property
    def owed_cents(self) -> int: ...
    @property
    def surplus_cents(self) -> int: ...
    @property
    def received_cents(self) -> int: ...
    @property
    def creditable_cents(self) -> int: ...
    @property
    def undelivered(self) -> tuple[str, ...]: ...


class Reading(StrEnum):
    """The two readings of a fact that was recorded late: silence keeps its effect, or loses it."""

    AS_IT_STANDS = "as_it_stands"
    AS_IT_HAPPENED = "as_it_happened"


class Act(BaseModel):
    """Something a person did in the procedure."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    command: ClassVar[str]
    added_later: ClassVar[frozenset[str]] = frozenset()
    """Fields that earlier releases did not have; empty, they do not change what an act says."""

    by: str = Field(min_length=1, max_length=120)
    on: date | None = None
    request_id: str = Field(min_length=8, max_length=80)

    def check(self, concerned: Concerned, today: date) -> None:
        """Refuses what cannot stand. Raises: ImproperAct."""
        on = self.on or today
        if on > today:
            raise ImproperAct(f"The day {on} lies in the future; today is {today}.")
        since = self.earliest(concerned)
        if on < since:
            raise ImproperAct(
                f"{self.command} of {concerned.number} is possible from {since}; {on} lies before it."
            )

    def earliest(self, concerned: Concerned) -> date:
        """The first day on which it can have happened: when what it answers to began."""
        return concerned.since

    @property
    def digest(self) -> str:
        """What the act says, short: a request id that returns with another content is refused."""
        late = {name for name in self.added_later if not getattr(self, name)}
        return hashlib.sha256(self.model_dump_json(exclude=late).encode()).hexdigest()[:16]


class DeclaredIncomplete(Act):
    """The agency finds the dossier incomplete and lists what is missing.

    What the intake found and nobody has mended is listed by itself; a person strikes what is not to be
    asked, with a reason, and adds in words what else is missing.
    """

    command = "declare-incomplete"
    act: Literal["DeclaredIncomplete"] = "DeclaredIncomplete"
    added_later = frozenset({"findings", "struck"})
    missing: tuple[Sentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    struck: tuple[Struck, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """At least one thing is asked; nothing is asked that was struck."""
        super().check(concerned, today)
        if not (self.missing or self.findings):
            raise ImproperAct(f"Nothing is said to be missing in {concerned.number}.")
        asked = {finding.ref for finding in self.findings}
        both = sorted(asked & {struck.finding.ref for struck in self.struck})
        if both:
            raise ImproperAct(f"{both[0]} is struck and asked at once in {concerned.number}.")


class CompletionReceived(Act):
    """The applicant completed the dossier."""

    command = "receive-completion"
    act: Literal["CompletionReceived"] = "CompletionReceived"
    documents: tuple[FiledDocument, ...] = ()


class DeclaredAdmissible(Act):
    """The dossier is complete and rightly filed; its examination begins on that day."""

    command = "declare-admissible"
    act: Literal["DeclaredAdmissible"] = "DeclaredAdmissible"


class DeclaredInadmissible(Act):
    """The dossier is out of scope, or was not completed."""

    command = "declare-inadmissible"
    act: Literal["DeclaredInadmissible"] = "DeclaredInadmissible"
    grounds: Sentence


class RuleJudged(Act):
    """A person judges a rule of eligibility, with grounds; possible at any moment before the decision."""

    command = "judge"
    act: Literal["RuleJudged"] = "RuleJudged"
    rule: str = Field(min_length=1, max_length=20)
    verdict: Literal[Verdict.PASS, Verdict.FAIL]
    grounds: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a rule of the dossier's own checklist."""
        super().check(concerned, today)
        if self.rule not in concerned.rules:
            known = ", ".join(concerned.rules) or "none"
            raise ImproperAct(f"{concerned.number} is not examined by rule {self.rule}; its rules: {known}.")

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class ContributionFixed(Act):
    """A person fixes the contribution that the law as we hold it does not tell, with its source."""

    command = "fix-contribution"
    act: Literal["ContributionFixed"] = "ContributionFixed"
    cents: int = Field(gt=0, le=100_000_000)
    source: Sentence


class InvoicePaid(Act):
    """The contribution arrived on the agency's account."""

    command = "book-payment"
    act: Literal["InvoicePaid"] = "InvoicePaid"
    cents: int = Field(gt=0, le=100_000_000)

    def check(self, concerned: Concerned, today: date) -> None:
        """Matches to the cent; anything else is for the accounts to settle first."""
        super().check(concerned, today)
        if self.cents != concerned.open_cents:
            raise ImproperAct(
                f"The open invoice of {concerned.number} is for {concerned.open_cents / 100:.2f} euro, "
                f"not {self.cents / 100:.2f}."
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nobody pays before the invoice."""
        return concerned.invoiced_on


class Booking(Act):
    """What the accounts tell of an invoice: possible in every phase, beside what is awaited."""

    def earliest(self, concerned: Concerned) -> date:
        """Nothing is booked on an invoice before it was issued."""
        return concerned.invoiced_on


class PaymentReceived(Booking):
    """A movement of a bank statement was matched with the invoice, in full or in part.

    It has no command for one case: `umn payments import` and `umn payments assign` send it.
    `in_collection` says that a person books it although the invoice was handed over.
    """

    command = "receive-payment"
    act: Literal["PaymentReceived"] = "PaymentReceived"
    added_later = frozenset({"in_collection"})
    cents: int = Field(gt=0, le=100_000_000)
    movement: str = Field(min_length=1, max_length=40)
    in_collection: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """At most what is open: a surplus is not the invoice's."""
        super().check(concerned, today)
        open_cents = concerned.owed_cents if self.in_collection else concerned.open_cents
        if self.cents > open_cents:
            raise ImproperAct(
                f"{self.cents / 100:.2f} euro cannot be booked on {concerned.number}: "
                f"{open_cents / 100:.2f} are open."
            )


class PaymentReversed(Booking):
    """The bank took a payment back that had been matched; what it paid is owed again."""

    command = "reverse-payment"
    act: Literal["PaymentReversed"] = "PaymentReversed"
    cents: int = Field(gt=0, le=100_000_000)
    movement: str = Field(min_length=1, max_length=40)

    def check(self, concerned: Concerned, today: date) -> None:
        """At most what has arrived."""
        super().check(concerned, today)
        if self.cents > concerned.received_cents:
            raise ImproperAct(
                f"{self.cents / 100:.2f} euro cannot be taken back from {concerned.number}: "
                f"{concerned.received_cents / 100:.2f} have arrived."
            )


class SurplusRefunded(Booking):
    """What had arrived beyond what the invoice asks since a credit note went back to the payer.

    It has no command for one case: `umn payments refund` sends it.
    """

    command = "refund-surplus"
    act: Literal["SurplusRefunded"] = "SurplusRefunded"
    cents: int = Field(gt=0, le=100_000_000)
    movement: str = Field(min_length=1, max_length=40)

    def check(self, concerned: Concerned, today: date) -> None:
        """At most the surplus."""
        super().check(concerned, today)
        if self.cents > concerned.surplus_cents:
            raise ImproperAct(
                f"{self.cents / 100:.2f} euro cannot go back from {concerned.number}: "
                f"{concerned.surplus_cents / 100:.2f} have arrived beyond what its invoice asks."
            )


class InvoiceCredited(Booking):
    """A credit note takes the invoice back, whole or in part; the invoice itself stays as it was issued."""

    command = "credit-invoice"
    act: Literal["InvoiceCredited"] = "InvoiceCredited"
    cents: int | None = Field(default=None, gt=0, le=100_000_000)
    reason: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """At most what the invoice asked and no credit note has taken back."""
        super().check(concerned, today)
        left = concerned.creditable_cents
        if not left or (self.cents or 0) > left:
            raise ImproperAct(
                f"The invoice of {concerned.number} can be credited for {left / 100:.2f} euro at most"
                + (f", not {self.cents / 100:.2f}." if self.cents else ": there is nothing to credit.")
            )


class PostReported(Act):
    """What the post tells of a letter of ours: possible in every phase, beside what is awaited.

    `notice` is its key in the register; where it went, and what a mail server said, stay there.
    """

    notice: str = Field(min_length=1, max_length=200)
    letter: LetterKind
    role: Role
    entry: int = Field(ge=1)

    def earliest(self, concerned: Concerned) -> date:
        """It concerns a letter, and not the phase."""
        return concerned.opened_on


class NoticeBounced(PostReported):
    """A letter came back: what runs from its receipt does not run.

    It has no command for one case: `umn notices bounced` sends it.
    """

    command = "notices bounced"
    act: Literal["NoticeBounced"] = "NoticeBounced"

    def check(self, concerned: Concerned, today: date) -> None:
        """A letter comes back once; sent again, it is another notice."""
        super().check(concerned, today)
        if self.notice in concerned.undelivered:
            raise ImproperAct(f"{self.notice} is known already to have come back.")


class NoticeDelivered(PostReported):
    """A letter that had come back has reached its addressee: what runs from its receipt starts on that day.

    It has no command for one case: `umn notices again` and `umn notices delivered` send it.
    """

    command = "notices delivered"
    act: Literal["NoticeDelivered"] = "NoticeDelivered"

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a letter that came back."""
        super().check(concerned, today)
        if self.notice not in concerned.undelivered:
            known = ", ".join(concerned.undelivered) or "none"
            raise ImproperAct(f"{self.notice} is not known to have come back; known: {known}.")


class OpinionGiven(Act):
    """A body gives its opinion; it binds nobody by itself."""

    command = "give-opinion"
    act: Literal["OpinionGiven"] = "OpinionGiven"
    body: Body
    view: View
    text: str = Field(default="", max_length=4000)

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a body whose opinion is awaited."""
        super().check(concerned, today)
        _awaited(self.body, concerned)


class OpinionForgone(Act):
    """The agency goes on without the opinion of a body, and says why."""

    command = "forgo-opinion"
    act: Literal["OpinionForgone"] = "OpinionForgone"
    body: Body
    grounds: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a body whose opinion is awaited."""
        super().check(concerned, today)
        _awaited(self.body, concerned)


class QuestionsRaised(Act):
    """Questions to the applicant; they stop the clock."""

    command = "raise-questions"
    act: Literal["QuestionsRaised"] = "QuestionsRaised"
    questions: tuple[Sentence, ...] = Field(min_length=1)


class AnswersReceived(Act):
    """The applicant answered; the clock starts again."""

    command = "receive-answers"
    act: Literal["AnswersReceived"] = "AnswersReceived"
    documents: tuple[FiledDocument, ...] = ()

    def earliest(self, concerned: Concerned) -> date:
        """Nobody answers before the questions, also when the answers are entered late."""
        return concerned.asked_on


class ReadingChosen(Act):
    """A person chooses how a fact counts that was recorded after a silence had its effect."""

    command = "choose-reading"
    act: Literal["ReadingChosen"] = "ReadingChosen"
    reading: Reading
    grounds: Sentence


class Decided(Act):
    """The Minister or the delegate decides, with grounds."""

    command = "decide"
    act: Literal["Decided"] = "Decided"
    outcome: Outcome
    grounds: Sentence
    conditions: tuple[Condition, ...] = ()
    effective_on: date | None = None
    continuity_plan: str = Field(default="", max_length=4000)

    def check(self, concerned: Concerned, today: date) -> None:
        """An outcome that this examination knows, conditions exactly where the outcome has them."""
        super().check(concerned, today)
        if self.outcome not in concerned.law.outcomes:
            allowed = ", ".join(o.value for o in concerned.law.outcomes)
            raise ImproperAct(f"{concerned.number} cannot end as {self.outcome.value}; it may: {allowed}.")
        if self.outcome.with_conditions != bool(self.conditions):
            raise ImproperAct(
                f"The outcome {self.outcome.value} "
                + ("needs at least one condition." if self.outcome.with_conditions else "has no conditions.")
            )
        if self.outcome.ends_inclusion != bool(self.continuity_plan):
            raise ImproperAct(
                f"The outcome {self.outcome.value} "
                + ("needs a continuity plan." if self.outcome.ends_inclusion else "has no continuity plan.")
            )
        on = self.on or today
        for condition in self.conditions:
            if condition.due_on <= on:
                raise ImproperAct(f"The condition due on {condition.due_on} is due before the decision.")
        if self.effective_on and not on <= self.effective_on <= anniversary(on, LATEST_EFFECT):
            raise ImproperAct(f"A decision of {on} cannot take effect on {self.effective_on}.")


class Withdrawn(Act):
    """The applicant withdraws the dossier, at any moment before the decision."""

    command = "withdraw"
    act: Literal["Withdrawn"] = "Withdrawn"
    grounds: str = Field(default="", max_length=4000)


class SuspensionImposed(Act):
    """The programme is suspended, by the agency or at the applicant's request.

    With `for_safety` it takes effect at once; otherwise on the day given, at the earliest today.
    """

    command = "suspend"
    act: Literal["SuspensionImposed"] = "SuspensionImposed"
    grounds: Sentence
    requested_by: Literal["agency", "applicant"] = "agency"
    for_safety: bool = False
    effective_on: date | None = None

    def check(self, concerned: Concerned, today: date) -> None:
        """Safety does not wait."""
        super().check(concerned, today)
        if self.effective_on and self.for_safety and self.effective_on > today:
            raise ImproperAct("A suspension for safety takes effect at once; leave the day out.")
        if self.effective_on and self.effective_on < (self.on or today):
            raise ImproperAct(
                f"A suspension cannot take effect on {self.effective_on}, before it is imposed."
            )


class SuspensionDeclined(Act):
    """A person looked at a proposal to suspend and declines it, with grounds."""

    command = "decline-suspension"
    act: Literal["SuspensionDeclined"] = "SuspensionDeclined"
    grounds: Sentence


class SuspensionLifted(Act):
    """The grounds of a suspension are gone; the programme goes on as before it."""

    command = "lift-suspension"
    act: Literal["SuspensionLifted"] = "SuspensionLifted"
    grounds: Sentence


class ConditionMet(Act):
    """The applicant fulfilled a condition of a decision."""

    command = "meet-condition"
    act: Literal["ConditionMet"] = "ConditionMet"
    condition: int = Field(ge=1)

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a condition that is open."""
        super().check(concerned, today)
        if self.condition not in concerned.conditions_open:
            known = ", ".join(map(str, concerned.conditions_open)) or "none"
            raise ImproperAct(f"{concerned.number} has no open condition {self.condition}; open: {known}.")


class ProgrammeConfirmed(Act):
    """A person confirms from the file what the agency's page does not say: the day of authorisation."""

    command = "confirm-programme"
    act: Literal["ProgrammeConfirmed"] = "ProgrammeConfirmed"
    authorised_on: date

    def check(self, concerned: Concerned, today: date) -> None:
        """An authorisation lies in the past."""
        super().check(concerned, today)
        if self.authorised_on > today:
            raise ImproperAct(f"The authorisation of {self.authorised_on} lies in the future.")


class ClosedToNewPatients(Act):
    """No new patients; treated patients keep their supply under the continuity plan."""

    command = "close-to-new-patients"
    act: Literal["ClosedToNewPatients"] = "ClosedToNewPatients"
    grounds: Sentence
    continuity_plan: Sentence


class Closed(Act):
    """The programme ends, with its continuity plan for treated patients."""

    command = "close"
    act: Literal["Closed"] = "Closed"
    grounds: Sentence
    continuity_plan: Sentence


class Revision(Act):
    """A change of law or calendar that a person signed for all; it reaches every open case it touches.

    It has no command for one case: `umn law apply` and `umn calendar add` send it.
    """

    def earliest(self, concerned: Concerned) -> date:
        """It is not an event of the case."""
        return date.min


class ClosingDayAdded(Revision):
    """The agency is closed on one more day; what ends on it ends on the next working day."""

    command = "calendar add"
    act: Literal["ClosingDayAdded"] = "ClosingDayAdded"
    day: date
    reason: Sentence


def reaches_running(applied: Applied) -> bool:
    """Whether a clause can change under a case that is open.

    An amount stands on its invoice; re-evaluations and safety reports follow the authorisation year.
    """
    return applied.cents is None and applied.clause not in BY_YEAR


class LawChanged(Revision):
    """A clause has a new value that running clocks follow: its transition rule says so.

    `correction`: or a person signed that the case had carried a wrong value from its own day on.
    """

    command = "law apply"
    act: Literal["LawChanged"] = "LawChanged"
    applied: Applied
    correction: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """A value that the case can count; one that it cannot would stop it."""
        super().check(concerned, today)
        if not reaches_running(self.applied):
            raise ImproperAct(f"{self.applied.clause} reaches cases by their own date only.")
        try:
            concerned.law.revised(applied=self.applied).countable(self.applied.clause, today)
        except LawSilent as silent:
            raise ImproperAct(f"{concerned.number} cannot follow it: {silent.message}") from silent


AnyAct = Annotated[
    DeclaredIncomplete
    | CompletionReceived
    | DeclaredAdmissible
    | DeclaredInadmissible
    | RuleJudged
    | ContributionFixed
    | InvoicePaid
    | PaymentReceived
    | PaymentReversed
    | SurplusRefunded
    | InvoiceCredited
    | NoticeBounced
    | NoticeDelivered
    | OpinionGiven
    | OpinionForgone
    | QuestionsRaised
    | AnswersReceived
    | ReadingChosen
    | Decided
    | Withdrawn
    | SuspensionImposed
    | SuspensionDeclined
    | SuspensionLifted
    | ConditionMet
    | ProgrammeConfirmed
    | ClosedToNewPatients
    | Closed
    | ClosingDayAdded
    | LawChanged,
    Field(discriminator="act"),
]
"""Any act of a person; the field `act` tells which."""

ACTS: tuple[type[Act], ...] = (
    DeclaredIncomplete,
    CompletionReceived,
    DeclaredAdmissible,
    DeclaredInadmissible,
    RuleJudged,
    ContributionFixed,
    InvoicePaid,
    InvoiceCredited,
    OpinionGiven,
    OpinionForgone,
    QuestionsRaised,
    AnswersReceived,
    ReadingChosen,
    Decided,
    Withdrawn,
    SuspensionImposed,
    SuspensionDeclined,
    SuspensionLifted,
    ConditionMet,
    ProgrammeConfirmed,
    ClosedToNewPatients,
    Closed,
)
"""All acts of one case, in the order of the procedure; a test compares this with AnyAct."""

REVISIONS: tuple[type[Revision], ...] = (ClosingDayAdded, LawChanged)
"""Acts that a person signs once for all cases."""

STATEMENT_ACTS: tuple[type[Booking], ...] = (PaymentReceived, PaymentReversed, SurplusRefunded)
"""Acts that a bank statement brings, or a person who assigns its movements."""


POST_ACTS: tuple[type[PostReported], ...] = (NoticeBounced, NoticeDelivered)
"""Acts by which the desk tells what became of a letter."""


class Note(BaseModel):
    """What a dossier tells its programme. It travels by signal and cannot be refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request_id: str
    dossier: str
    on: date


class DossierFiled(Note):
    """A modification, safety report or re-evaluation of the programme was filed."""

    note: Literal["DossierFiled"] = "DossierFiled"
    kind: str
    year: int | None = None


class DossierEnded(Note):
    """The examination of such a dossier ended, by a decision or without one."""

    note: Literal["DossierEnded"] = "DossierEnded"
    kind: str
    year: int | None = None
    outcome: Outcome
    grounds: str = ""
    effective_on: date
    conditions: tuple[Condition, ...] = ()
    product: Product | None = None


AnyNote = Annotated[DossierFiled | DossierEnded, Field(discriminator="note")]
"""Any note of a dossier to its programme."""


class Silence(BaseModel):
    """The day that was waited for came, and nobody had acted."""

    on: date


def _awaited(body: Body, concerned: Concerned) -> None:
    if body not in concerned.bodies_awaited:
        open_bodies = ", ".join(b.value for b in concerned.bodies_awaited) or "none"
        raise ImproperAct(
            f"No opinion of the {body.value} is awaited in {concerned.number}; open: {open_bodies}."
        )
