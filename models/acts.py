"""Every act that a person can perform, in the order of the procedure.

An act is a fact when it arrives, hence the past tense; its command at the shell is imperative.
Each says who did it (`by`), on which civil day it really happened (`on`; none means today), and
carries a request id, by which the same act sent twice is applied once. Long because all acts stand here,
each with its words and its check, so that they are read in their order.

`check` refuses what is possible but cannot stand. It changes nothing and sees only the carried
model, so that it gives the same answer in the workflow's validator and in its run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol

from pydantic import Field

from models.clock import ONE_DAY, Clock, add_months, anniversary
from models.counts import Whole
from models.decision import (
    DURATION,
    Capacity,
    Competence,
    Condition,
    Outcome,
    Ruling,
    SetUpBySilence,
    Signatory,
    View,
)
from models.dossier import FiledDocument
from models.eligibility import Verdict
from models.entry import LetterKind
from models.errors import ImproperAct, LawSilent
from models.findings import Finding, Struck
from models.law.applicable import Law
from models.law.choices import ALSO_LINKED
from models.law.clause import Applied
from models.law.states import Effect
from models.messages import Message, named_word
from models.objection import Hearing, Interruption, Lack
from models.parties import Body, Language, Role
from models.phases import Course
from models.texts import Grounds, GroundsIfAny, Line, Name, Remark, RequestId, Sentence
from models.travelling import Travelling
from models.validity import LONGEST

LATEST_EFFECT = 5
"""Years after a decision within which it must take effect; a later day is a slip of the pen."""


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
    def due_since(self) -> date: ...
    @property
    def payable_until(self) -> date: ...
    @property
    def time_to_object(self) -> Clock | None: ...
    @property
    def to_be_heard(self) -> bool: ...
    @property
    def asked_on(self) -> date: ...
    @property
    def checked_from(self) -> date: ...
    @property
    def set_up_on(self) -> date: ...
    @property
    def to_publish_since(self) -> date: ...
    @property
    def lacks(self) -> tuple[Message, ...]: ...
    @property
    def examined_from(self) -> date: ...
    @property
    def decided_from(self) -> date: ...
    @property
    def undetermined(self) -> tuple[str, ...]: ...
    @property
    def stated_in(self) -> dict[str, tuple[Language, ...]]: ...
    @property
    def bodies_awaited(self) -> tuple[Body, ...]: ...
    @property
    def bodies_before_change(self) -> tuple[Body, ...]: ...
    @property
    def bodies_unheard(self) -> tuple[Body, ...]: ...
    @property
    def bodies_asking(self) -> tuple[Body, ...]: ...
    @property
    def contestable(self) -> dict[Body, date]: ...
    @property
    def grounds_awaited(self) -> dict[Body, tuple[date, date]]: ...
    def received_since(self, body: Body) -> date: ...
    def contested_until(self, body: Body, received_on: date | None) -> date | None: ...
    @property
    def returnable(self) -> dict[Body, date]: ...
    def heard_since(self, body: Body) -> date: ...
    @property
    def exists_by_law(self) -> dict[str, date]: ...
    @property
    def set_up_by_silence(self) -> SetUpBySilence | None: ...
    @property
    def decided_on_one_reading(self) -> tuple[date, date] | None: ...
    @property
    def readings_open(self) -> bool: ...
    def carried_past(self, body: Body, asked_on: date, days: int) -> tuple[date, date] | None: ...
    @property
    def recordable(self) -> tuple[str, ...]: ...
    @property
    def conditions_open(self) -> tuple[int, ...]: ...
    @property
    def days_in_doubt(self) -> tuple[str, ...]: ...
    @property
    def requestable(self) -> tuple[str, ...]: ...
    def owed_by(self, report: str, on: date) -> date | None: ...
    def stands_since(self, fact: str) -> date | None: ...
    @property
    def opened_on(self) -> date: ...
    @property
    def rules(self) -> tuple[str, ...]: ...
    @property
    def completable_until(self) -> date | None: ...
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


class Act(Travelling, frozen=True):
    """Something a person did in the procedure."""

    command: ClassVar[str]
    outlives: ClassVar[bool] = False
    """Whether it may come after the end of its case, to the account."""
    ordered_by: ClassVar[str] = ""
    """What a person does in the office, and the worker does this by it; nothing where a person does it."""
    decides: ClassVar[bool] = False
    """Whether it decides or ends something: at a terminal a person is asked before it is sent."""

    by: Name
    on: date | None = None
    request_id: RequestId

    def check(self, concerned: Concerned, today: date) -> None:
        """Refuses what cannot stand. Raises: ImproperAct."""
        on = self.on or today
        if on > today:
            raise ImproperAct("act.in-the-future", on=on, today=today)
        since = self.earliest(concerned)
        if on < since:
            raise ImproperAct(
                "act.before-its-time", command=self.command, number=concerned.number, since=since, on=on
            )

    def earliest(self, concerned: Concerned) -> date:
        """The first day on which it can have happened: when what it answers to began."""
        return concerned.since

    def as_ordered(self, number: str) -> dict[str, Any]:
        """What was said in the office where it was ordered there, for the case of a number."""
        return {}

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text in it, by its field; none of the ids and hashes by which it names something."""
        return _texts(self.model_dump(mode="json", exclude={"act", "request_id", "movement", "notice"}))

    @property
    def digest(self) -> str:
        """What the act says, short: a request id that returns with another content is refused.

        The same for every build: neither the order of fields counts, nor one at its default.
        """
        says = [type(self).__name__, self.model_dump(mode="json", exclude_defaults=True)]
        return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()[:16]


def _texts(said: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield field, said
    elif isinstance(said, dict):
        for name, part in said.items():
            if name != "sha256":
                yield from _texts(part, field or name)
                yield from _texts(name, field) if field else ()
    elif isinstance(said, list):
        for part in said:
            yield from _texts(part, field)


class IndividualAct(Act, frozen=True):
    """An act of the authority on one case, which is notified: it says who took it, and in which capacity.

    Where the law knows one capacity only, that is meant, and the person is whoever enters the act, unless
    nobody of the office has it.
    """

    admits: ClassVar[bool] = False
    rejects: ClassVar[bool] = False
    asks: ClassVar[bool] = False
    decides = True

    decided_by: Name | None = None
    capacity: Capacity | None = None
    designation: Remark = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """A capacity that the law gives this power, a person, and the designation where one is needed."""
        super().check(concerned, today)
        possible = self.competent(concerned.law)
        said: dict[str, Any] = {"command": self.command, "number": concerned.number}
        capacities = [one.capacity.value for one in possible]
        if len(possible) > 1 and not (self.decided_by and self.capacity):
            raise ImproperAct("act.who-decided", **said, capacities=capacities)
        competence = self.competence(concerned.law)
        if competence and competence.elsewhere and not self.decided_by:
            raise ImproperAct("act.decided-elsewhere", **said, capacity=competence.capacity.value)
        if self.capacity and competence is None:
            raise ImproperAct("act.no-such-capacity", **said, capacity=self.capacity.value, known=capacities)
        if bool(self.designation) != (competence is not None and competence.designated):
            key = "act.has-no-designation" if self.designation else "act.needs-designation"
            raise ImproperAct(key, **said, capacity=self.capacity.value if self.capacity else None)

    def signatory(self, law: Law) -> Signatory | None:
        """Who took it; nobody is named where the law names no capacity."""
        competence = self.competence(law)
        if competence is None:
            return None
        return Signatory(
            person=self.decided_by or self.by,
            capacity=competence.capacity,
            designation=self.designation,
            clause=competence.clause,
        )

    def competent(self, law: Law) -> tuple[Competence, ...]:
        """Who may take it."""
        return law.competent(self.admits, rejects=self.rejects, asks=self.asks)

    def competence(self, law: Law) -> Competence | None:
        """By which competence it was taken; none where the law names none."""
        possible = self.competent(law)
        if self.capacity is None and len(possible) == 1:
            return possible[0]
        return next((one for one in possible if one.capacity == self.capacity), None)


def _decided_by_silence(concerned: Concerned, on: date) -> Iterator[tuple[str, date]]:
    """The clauses whose silence is the decision by that day, not yet established; each with its day."""
    for clause, since in concerned.exists_by_law.items():
        if concerned.law.silence(clause).decides and on >= since:
            yield clause, since


def _not_decided_by_silence(concerned: Concerned, on: date) -> None:
    """Refuses what a decision excludes that exists by law already."""
    for clause, since in _decided_by_silence(concerned, on):
        raise ImproperAct(
            "act.decided-by-silence",
            possible=(f"establish {concerned.number} --limit {clause}",),
            number=concerned.number,
            since=since,
        )


class OfTheCheck(Act):
    """What ends the check of a dossier, or holds it up."""

    def earliest(self, concerned: Concerned) -> date:
        """The day of receipt, or on which all that was missing had come; not that on which the phase began.

        The check goes on as before where a decision on it turns out never to have been taken.
        """
        return concerned.checked_from


class DeclaredIncomplete(OfTheCheck):
    """The agency finds the dossier incomplete and lists what is missing.

    What the intake found and nobody has mended is listed by itself; a person strikes what is not to be
    asked, with a reason, and adds in words what else is missing.
    """

    command = "declare-incomplete"
    act: Literal["DeclaredIncomplete"] = "DeclaredIncomplete"
    missing: tuple[Sentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    struck: tuple[Struck, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """At least one thing is asked; nothing is asked that was struck."""
        super().check(concerned, today)
        _not_decided_by_silence(concerned, self.on or today)
        if not (self.missing or self.findings):
            raise ImproperAct("act.nothing-missing", number=concerned.number)
        asked = {finding.ref for finding in self.findings}
        both = sorted(asked & {struck.finding.ref for struck in self.struck})
        if both:
            raise ImproperAct("act.struck-and-asked", finding=both[0], number=concerned.number)


class CompletionReceived(Act):
    """The applicant completed the dossier: all that was missing has come, unless it is partial.

    It is received on its day; `posted_on` is the day on which it was posted, where that is known.
    """

    command = "receive-completion"
    act: Literal["CompletionReceived"] = "CompletionReceived"
    documents: tuple[FiledDocument, ...] = ()
    partial: bool = False
    posted_on: date | None = None

    def check(self, concerned: Concerned, today: date) -> None:
        """Posted before it was received; once the right to complete was forfeited, in time."""
        super().check(concerned, today)
        received_on, until = self.on or today, concerned.completable_until
        if self.posted_on and self.posted_on > received_on:
            raise ImproperAct("act.posted-after", posted_on=self.posted_on, on=received_on)
        if until and min(self.posted_on or received_on, received_on) > until:
            raise ImproperAct("act.completed-too-late", number=concerned.number, until=until)


class DeclaredAdmissible(OfTheCheck, IndividualAct):
    """The dossier is complete and rightly filed; its examination begins on that day.

    Where it depends on the dossier who is heard, such as on whether a modification is substantial, the desk
    says it here.
    """

    command = "declare-admissible"
    admits = True
    act: Literal["DeclaredAdmissible"] = "DeclaredAdmissible"
    heard_as: Remark = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """A way of hearing that the law knows, exactly where it knows several."""
        super().check(concerned, today)
        _not_decided_by_silence(concerned, self.on or today)
        known = tuple(concerned.law.hearings)
        if self.heard_as not in (known or ("",)):
            key = "act.needs-hearing" if known else "act.has-no-hearing"
            raise ImproperAct(key, number=concerned.number, heard_as=self.heard_as, known=known)


class DeclaredInadmissible(OfTheCheck, IndividualAct):
    """The dossier does not meet a condition of admissibility, or was not completed; it says which one."""

    command = "declare-inadmissible"
    admits = rejects = True
    act: Literal["DeclaredInadmissible"] = "DeclaredInadmissible"
    unmet: Line | Literal[""] = ""
    grounds: Grounds

    def check(self, concerned: Concerned, today: date) -> None:
        """Exactly where the law knows such conditions, it names the one of them that is not met."""
        super().check(concerned, today)
        _not_decided_by_silence(concerned, self.on or today)
        known = concerned.law.admissible_if
        if self.unmet not in (known or ("",)):
            raise ImproperAct("act.no-such-unmet", number=concerned.number, unmet=self.unmet, known=known)


class RuleJudged(Act):
    """A person judges a rule of eligibility, with grounds; possible at any moment before the decision."""

    command = "judge"
    act: Literal["RuleJudged"] = "RuleJudged"
    rule: Line = Field(max_length=20)
    verdict: Literal[Verdict.PASS, Verdict.FAIL]
    grounds: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a rule of the dossier's own checklist."""
        super().check(concerned, today)
        if self.rule not in concerned.rules:
            raise ImproperAct(
                "act.not-its-rule", number=concerned.number, rule=self.rule, known=concerned.rules
            )

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class ContributionFixed(Act):
    """A person fixes the contribution that the law as we hold it does not tell, with its source.

    Possible in every phase from the day on which it is due, and awaited until it is done. Whether there is a
    lower amount for small and medium-sized undertakings we do not know; who is one attests it until that day.
    """

    command = "fix-contribution"
    act: Literal["ContributionFixed"] = "ContributionFixed"
    cents: int = Field(gt=0, le=100_000_000)
    source: Sentence
    sme_attested_on: date | None = None

    def check(self, concerned: Concerned, today: date) -> None:
        """An attestation that came after the contribution was due makes nobody a small undertaking."""
        super().check(concerned, today)
        if self.sme_attested_on and self.sme_attested_on > concerned.due_since:
            raise ImproperAct(
                "act.attested-too-late",
                number=concerned.number,
                on=self.sme_attested_on,
                since=concerned.due_since,
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nothing is fixed before it is due."""
        return concerned.due_since


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
                "act.not-the-open-amount",
                number=concerned.number,
                open=concerned.open_cents,
                cents=self.cents,
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nobody pays before the invoice."""
        return concerned.invoiced_on


class Booking(Act):
    """What the accounts tell of an invoice: possible in every phase, and never listed."""

    outlives = True

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
    cents: int = Field(gt=0, le=100_000_000)
    movement: Line = Field(max_length=40)
    in_collection: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """At most what is open: a surplus is not the invoice's."""
        super().check(concerned, today)
        open_cents = concerned.owed_cents if self.in_collection else concerned.open_cents
        if self.cents > open_cents:
            raise ImproperAct(
                "act.more-than-open", cents=self.cents, number=concerned.number, open=open_cents
            )


class PaymentReversed(Booking):
    """The bank took a payment back that had been matched; what it paid is owed again."""

    command = "reverse-payment"
    act: Literal["PaymentReversed"] = "PaymentReversed"
    cents: int = Field(gt=0, le=100_000_000)
    movement: Line = Field(max_length=40)

    def check(self, concerned: Concerned, today: date) -> None:
        """At most what has arrived."""
        super().check(concerned, today)
        if self.cents > concerned.received_cents:
            raise ImproperAct(
                "act.more-than-arrived",
                cents=self.cents,
                number=concerned.number,
                received=concerned.received_cents,
            )


class SurplusRefunded(Booking):
    """What had arrived beyond what the invoice asks since a credit note went back to the payer.

    It has no command for one case: `umn payments refund` sends it.
    """

    command = "refund-surplus"
    ordered_by = "payments refund"
    act: Literal["SurplusRefunded"] = "SurplusRefunded"
    cents: int = Field(gt=0, le=100_000_000)
    movement: Line = Field(max_length=40)

    def as_ordered(self, number: str) -> dict[str, Any]:
        """The movement that gives back what the invoice of this number had received."""
        return {"movement": self.movement, "of": number}

    def check(self, concerned: Concerned, today: date) -> None:
        """At most the surplus."""
        super().check(concerned, today)
        if self.cents > concerned.surplus_cents:
            raise ImproperAct(
                "act.more-than-surplus",
                cents=self.cents,
                number=concerned.number,
                surplus=concerned.surplus_cents,
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
                "act.more-than-creditable" if self.cents else "act.nothing-to-credit",
                number=concerned.number,
                left=left,
                cents=self.cents,
            )


class OnInvoice(Act):
    """What follows upon an invoice, and so never comes before it; also once the case has ended."""

    outlives = True

    def earliest(self, concerned: Concerned) -> date:
        """Nobody objects to an invoice, and nothing is late with it, before it was issued."""
        return concerned.invoiced_on


class ObjectionRecorded(OnInvoice):
    """An objection to the invoice came in: the desk notes what it holds, and so whether it stands.

    Possible whenever there is an invoice and no objection stands against it. One that lacks what is asked for
    on pain of nullity is null; whether one without reasons stands a person says. One that came too late is
    lost by law where the receipt of the invoice is proven, unless a person says why it is `excused`.
    """

    command = "record-objection"
    act: Literal["ObjectionRecorded"] = "ObjectionRecorded"
    hearing: Hearing
    addressed: bool = False
    signed: bool = False
    notice: bool = False
    reasoned: bool = False
    excused: Remark = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """A right is lost on no day that is presumed; nothing is excused that is in time."""
        super().check(concerned, today)
        too_late_since = self.too_late_since(concerned, today)
        if self.excused and not too_late_since:
            raise ImproperAct("act.not-too-late", number=concerned.number)
        clock = concerned.time_to_object
        if too_late_since and not self.excused and clock and clock.presumed:
            raise ImproperAct("act.receipt-not-proven", number=concerned.number, since=too_late_since)

    def too_late_since(self, concerned: Concerned, today: date) -> date | None:
        """The first day on which it was too late on every reading, where it came then."""
        clock = concerned.time_to_object
        until = clock.late_on(concerned.law.calendar) if clock else None
        return until + ONE_DAY if until and (self.on or today) > until else None

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What the law asks for on pain of nullity and the objection does not hold."""
        holds = {
            Lack.ADDRESSEE: self.addressed,
            Lack.SIGNATURE: self.signed,
            Lack.HEARING: self.hearing is not Hearing.NOT_SAID,
            Lack.NOTICE: self.notice,
        }
        return tuple(lack for lack, held in holds.items() if not held)


class ObjectionHeard(OnInvoice):
    """The debtor was heard on its objection, or duly summoned."""

    command = "hear-objection"
    act: Literal["ObjectionHeard"] = "ObjectionHeard"


class ObjectionDecided(OnInvoice):
    """The administrator-general, or the delegate, decides on the objection and fixes the amount."""

    command = "decide-objection"
    act: Literal["ObjectionDecided"] = "ObjectionDecided"
    cents: int = Field(ge=0, le=100_000_000)
    grounds: Grounds
    decided_by: Name

    def check(self, concerned: Concerned, today: date) -> None:
        """Never more than the invoice asks, and not before a debtor is heard who asked for it."""
        super().check(concerned, today)
        if self.cents > concerned.creditable_cents:
            raise ImproperAct(
                "act.more-than-asked",
                number=concerned.number,
                cents=self.cents,
                asked=concerned.creditable_cents,
            )
        if concerned.to_be_heard:
            raise ImproperAct("act.not-heard", number=concerned.number, possible=("hear-objection",))


class CourtSeised(OnInvoice):
    """The debtor brought its objection to court: what is asked is not final before judgment."""

    command = "record-court"
    act: Literal["CourtSeised"] = "CourtSeised"


class ClaimInterrupted(OnInvoice):
    """The time after which the claim lapses was interrupted, and begins anew on the day after.

    By a registered demand with acknowledgement and a statement, or by what interrupts any claim, such as a
    summons or an acknowledgement of the debt: the `source` says what it is and where it is kept.
    """

    command = "record-interruption"
    act: Literal["ClaimInterrupted"] = "ClaimInterrupted"
    manner: Interruption
    acknowledgement: bool = False
    statement: bool = False
    source: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Something is owed; a demand went with acknowledgement and statement."""
        super().check(concerned, today)
        if not concerned.owed_cents:
            raise ImproperAct("act.owes-nothing", number=concerned.number)
        if self.manner is Interruption.DEMAND and not (self.acknowledgement and self.statement):
            raise ImproperAct("act.demand-interrupts-nothing", number=concerned.number)


class ServicesSuspended(OnInvoice, IndividualAct):
    """Services to a debtor are suspended until all that it owes is paid: an express act, with reasons.

    It stops no limit, and silence goes on having its effect: a decision for this reason is taken in time.
    `linked` are companies linked with the debtor to which it extends.
    """

    command = "suspend-services"
    outlives = False
    act: Literal["ServicesSuspended"] = "ServicesSuspended"
    grounds: Grounds
    linked: tuple[Name, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """Only once the term has passed on every reading; linked companies where the law reaches them."""
        super().check(concerned, today)
        if not concerned.owed_cents or (self.on or today) <= concerned.payable_until:
            raise ImproperAct("act.nothing-late", number=concerned.number)
        if self.linked and concerned.law.text("services-suspension") != ALSO_LINKED:
            raise ImproperAct("act.linked-not-reached", number=concerned.number)


class PostReported(Act):
    """What the post tells of a letter of ours: possible in every phase, and never listed.

    `notice` is its key in the register; where it went, and what a mail server said, stay there. It may be
    told by a mail server, and not by a person.
    """

    by: Line
    notice: Line = Field(max_length=200)
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
            raise ImproperAct("act.came-back-already", notice=self.notice)


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
            raise ImproperAct("act.did-not-come-back", notice=self.notice, known=concerned.undelivered)


class OpinionGiven(Act):
    """A body gives its opinion; the day is that on which it was given."""

    command = "give-opinion"
    act: Literal["OpinionGiven"] = "OpinionGiven"
    body: Body
    view: View
    text: GroundsIfAny = ""
    arrived_on: date | None = None
    documents: tuple[FiledDocument, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """Of a body that was asked and has said nothing; a conditional opinion is asked which it is."""
        super().check(concerned, today)
        if self.body not in concerned.bodies_unheard:
            raise ImproperAct(
                "act.no-opinion-awaited",
                body=self.body.value,
                number=concerned.number,
                open=[named_word(body.value) for body in concerned.bodies_unheard],
            )
        exists_from = concerned.exists_by_law.get(concerned.law.opinions.get(self.body, ""))
        if exists_from and (self.on or today) >= exists_from:
            raise ImproperAct(
                "act.opinion-by-silence",
                possible=(f"establish {concerned.number} --limit {concerned.law.opinions[self.body]}",),
                body=self.body.value,
                number=concerned.number,
                since=exists_from,
            )
        if self.view is View.CONDITIONAL:
            views = [view.value for view in View if view is not View.CONDITIONAL]
            raise ImproperAct("act.conditional-opinion", views=views)
        if self.arrived_on and not (self.on or today) <= self.arrived_on <= today:
            raise ImproperAct("act.arrived-before", on=self.on or today, arrived_on=self.arrived_on)

    def earliest(self, concerned: Concerned) -> date:
        """Day 0 of the examination, or that of the grounds of a contest, whatever has happened since."""
        return concerned.heard_since(self.body)


class QuestionsRaised(Act):
    """A body puts questions to the applicant, for days that it sets; its own limit stands still for these."""

    command = "raise-questions"
    act: Literal["QuestionsRaised"] = "QuestionsRaised"
    body: Body
    questions: tuple[Sentence, ...] = Field(min_length=1)
    days: int = Field(ge=1)
    confirmed: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a body that may ask and has said nothing, for no more days than its clause allows.

        What would carry its opinion past the last day to decide has to be confirmed.
        """
        super().check(concerned, today)
        law, asking = concerned.law, concerned.bodies_asking
        if self.body not in asking:
            raise ImproperAct(
                "act.may-not-ask",
                body=self.body.value,
                number=concerned.number,
                asking=[named_word(body.value) for body in asking],
            )
        longest = law.limit(law.questions[self.body])
        if self.days > longest.amount:
            raise ImproperAct("act.too-long-to-answer", days=self.days, longest=longest)
        past = concerned.carried_past(self.body, self.on or today, self.days)
        if past and not self.confirmed:
            ends, decided = past
            raise ImproperAct("act.questions-past-decision", body=self.body.value, ends=ends, decided=decided)

    def earliest(self, concerned: Concerned) -> date:
        """Day 0 of the examination."""
        return concerned.examined_from


class AnswersReceived(Act):
    """The applicant answered the questions; no limit starts or stops by that."""

    command = "receive-answers"
    act: Literal["AnswersReceived"] = "AnswersReceived"
    documents: tuple[FiledDocument, ...] = ()

    def earliest(self, concerned: Concerned) -> date:
        """Nobody answers before the questions, also when the answers are entered late."""
        return concerned.asked_on


class OpinionContested(Act):
    """The applicant contests the opinion of a body: it gives notice that it wants it looked at again.

    `received_on` is the day on which it had received the opinion, where that is later than the day on which
    it was given, or than that from which its time runs: then it runs from the day that is said.
    """

    command = "contest-opinion"
    act: Literal["OpinionContested"] = "OpinionContested"
    body: Body
    received_on: date | None = None
    documents: tuple[FiledDocument, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """An opinion that was given and not contested, in time on every reading; not what is decided."""
        super().check(concerned, today)
        on, given_on = self.on or today, concerned.contestable.get(self.body)
        _not_decided_by_silence(concerned, on)
        if given_on is None:
            raise ImproperAct(
                "act.not-contestable",
                body=self.body.value,
                number=concerned.number,
                open=[named_word(body.value) for body in concerned.contestable],
            )
        received_on = self.received_on or min(concerned.received_since(self.body), on)
        if not given_on <= received_on <= on:
            raise ImproperAct("act.received-out-of-reach", given_on=given_on, received_on=received_on, on=on)
        until = concerned.contested_until(self.body, self.received_on)
        if until and on > until:
            raise ImproperAct(
                "act.contested-too-late", body=self.body.value, number=concerned.number, until=until, on=on
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nobody contests an opinion before it was given, also when the notice is entered late."""
        return concerned.contestable.get(self.body, concerned.examined_from)


class GroundsReceived(Act):
    """The applicant says why it contests an opinion; the body looks at it again, within a time of its own."""

    command = "receive-grounds"
    act: Literal["GroundsReceived"] = "GroundsReceived"
    body: Body
    documents: tuple[FiledDocument, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """Of a contest that lacks them, in time on every reading."""
        super().check(concerned, today)
        awaited, on = concerned.grounds_awaited, self.on or today
        _not_decided_by_silence(concerned, on)
        if self.body not in awaited:
            raise ImproperAct(
                "act.no-grounds-awaited",
                body=self.body.value,
                number=concerned.number,
                open=[named_word(body.value) for body in awaited],
            )
        _, until = awaited[self.body]
        if on > until:
            raise ImproperAct(
                "act.grounds-too-late", body=self.body.value, number=concerned.number, until=until, on=on
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nobody gives grounds before the notice, also when they are entered late."""
        since, _ = concerned.grounds_awaited.get(self.body, (concerned.examined_from, None))
        return since


class OpinionSentBack(Act):
    """Whoever is heard after a body sends its opinion back: the body is asked to look at it again."""

    command = "send-back-opinion"
    act: Literal["OpinionSentBack"] = "OpinionSentBack"
    body: Body
    grounds: Sentence
    documents: tuple[FiledDocument, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """A final opinion, since who sends it back is asked; not what is decided."""
        super().check(concerned, today)
        _not_decided_by_silence(concerned, self.on or today)
        if self.body not in concerned.returnable:
            raise ImproperAct(
                "act.not-to-be-sent-back",
                body=self.body.value,
                number=concerned.number,
                open=[named_word(body.value) for body in concerned.returnable],
            )

    def earliest(self, concerned: Concerned) -> date:
        """Nobody sends an opinion back before being asked, also when that is entered late."""
        return concerned.returnable.get(self.body, concerned.examined_from)


class ReadingChosen(Act):
    """A person chooses how a fact counts that was recorded after a silence had its effect."""

    command = "choose-reading"
    decides = True
    act: Literal["ReadingChosen"] = "ReadingChosen"
    reading: Reading
    grounds: Sentence


class FormalNoticeReceived(Act):
    """An interested party gives formal notice to decide, where no rule says what silence means."""

    command = "receive-formal-notice"
    act: Literal["FormalNoticeReceived"] = "FormalNoticeReceived"
    text: Remark = ""

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class ApplicationAnnounced(Act):
    """An application is announced on which the dossier rests: the desk sets the day by which it is expected.

    Announced again, it is expected by another day. The day has no effect by law: it is warned of and flagged.
    """

    command = "announce-application"
    act: Literal["ApplicationAnnounced"] = "ApplicationAnnounced"
    expected_on: date

    def check(self, concerned: Concerned, today: date) -> None:
        """A day to come, and no later than the clause lets the desk set."""
        super().check(concerned, today)
        on, law = self.on or today, concerned.law
        last = law.clock(law.announced, on).due_on(law.calendar) if law.announced else None
        if last and not on < self.expected_on <= last:
            raise ImproperAct("act.expected-out-of-reach", on=on, last=last, expected_on=self.expected_on)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class ApplicationLinked(Act):
    """The application was filed on which the dossier rests: it is linked by its number."""

    command = "link-application"
    act: Literal["ApplicationLinked"] = "ApplicationLinked"
    application: Line = Field(max_length=80)
    confirmed: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """Another dossier than itself."""
        super().check(concerned, today)
        if self.application == concerned.number:
            raise ImproperAct("act.linked-to-itself", number=concerned.number)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class AdmissibilityCorrected(Act):
    """The decision that the dossier is admissible was of another day than was entered, or was never taken."""

    decides = True
    command = "correct-admissibility"
    act: Literal["AdmissibilityCorrected"] = "AdmissibilityCorrected"
    admissible_on: date | None = None
    grounds: Grounds

    def check(self, concerned: Concerned, today: date) -> None:
        """No day before the dossier was received, none to come, and another than the one that stands."""
        super().check(concerned, today)
        if self.admissible_on is None:
            return
        if self.admissible_on == concerned.examined_from:
            raise ImproperAct("act.stands-already", number=concerned.number, on=self.admissible_on)
        if not concerned.opened_on <= self.admissible_on <= today:
            raise ImproperAct(
                "act.before-its-time" if self.admissible_on <= today else "act.in-the-future",
                command=self.command,
                number=concerned.number,
                since=concerned.opened_on,
                on=self.admissible_on,
                today=today,
            )


class Established(Act):
    """A person establishes what silence brought about by law, and what showed only afterwards."""

    command = "establish"
    decides = True
    act: Literal["Established"] = "Established"
    limit: Line

    def check(self, concerned: Concerned, today: date) -> None:
        """Only what lies before a person."""
        super().check(concerned, today)
        if self.limit not in concerned.exists_by_law:
            raise ImproperAct(
                "act.nothing-to-establish",
                limit=self.limit,
                number=concerned.number,
                known=tuple(concerned.exists_by_law),
            )


def _after_opinions(concerned: Concerned, bodies: tuple[Body, ...]) -> None:
    """Refuses what is decided after the opinion of bodies that have not given it yet."""
    if bodies:
        open_ = [named_word(body.value) for body in bodies]
        raise ImproperAct("act.bodies-not-heard", number=concerned.number, open=open_)


class Stating(IndividualAct):
    """An act that states elements of what is set up: some in words, the others by a filed version.

    The words may be of several languages: what is published in more than one is complete at once then.

    Interpretation: all but the duration may refer to a version of the protocol that was filed.
    """

    until_on: date | None = None
    elements: dict[Language, dict[Line, Sentence]] = Field(default_factory=dict)
    protocol: Remark = Field(default="", max_length=300)

    def states(self, element: str) -> bool:
        """Whether it states an element, in words or by the protocol; of the duration, a last day."""
        in_words = any(element in words for words in self.elements.values())
        return bool(self.until_on if element == DURATION else self.protocol or in_words)

    def check_elements(self, concerned: Concerned, asked: tuple[str, ...]) -> None:
        """Refuses what the law does not call an element, and what leaves one out that is asked."""
        _known(self.elements, concerned)
        if lacks := [element for element in asked if not self.states(element)]:
            raise ImproperAct("act.leaves-elements-out", number=concerned.number, lacks=lacks)


def _known(elements: dict[Language, dict[str, str]], concerned: Concerned) -> None:
    """Refuses words for what the law does not call an element."""
    known = [element for element in concerned.law.elements if element != DURATION]
    said = dict.fromkeys(element for words in elements.values() for element in words)
    if unknown := [element for element in said if element not in known]:
        raise ImproperAct("act.no-such-element", number=concerned.number, elements=unknown, known=known)


class Decided(Stating):
    """The decision is taken, with its grounds."""

    command = "decide"
    act: Literal["Decided"] = "Decided"
    outcome: Outcome
    grounds: Grounds
    conditions: tuple[Condition, ...] = ()
    effective_on: date | None = None
    continuity_plan: GroundsIfAny = ""
    confirmed: bool = False
    documents: tuple[FiledDocument, ...] = ()

    def check(self, concerned: Concerned, today: date) -> None:
        """An outcome that this examination knows, with all that it asks; nothing granted that may not be.

        Two favourable opinions oblige nobody: a refusal stands beside them.
        """
        super().check(concerned, today)
        silence = concerned.set_up_by_silence
        ruling = _decides(self, concerned, today, silence.rulings if silence else concerned.law.outcomes)
        if (self.elements or self.protocol) and ruling.course is not Course.GOES_ON:
            raise ImproperAct("act.states-nothing-else", outcome=self.outcome.value)
        opens = (concerned.law.opens_life or silence) and ruling.course is Course.GOES_ON
        self.check_elements(concerned, concerned.law.elements if opens else ())
        self._in_time(concerned, self.on or today, bool(ruling.course))

    def _in_time(self, concerned: Concerned, on: date, grants: bool) -> None:
        """Refuses what silence has decided already, or may have decided, and what two readings leave open."""
        silence = concerned.set_up_by_silence
        if silence and on > silence.until:
            raise ImproperAct(
                "act.decided-after-silence", number=concerned.number, until=silence.until, on=on
            )
        _not_decided_by_silence(concerned, on)
        doubted = concerned.decided_on_one_reading
        if doubted and on >= doubted[0] and not self.confirmed:
            since, until = doubted
            raise ImproperAct("act.decided-on-one-reading", number=concerned.number, since=since, until=until)
        if concerned.readings_open and grants:
            raise ImproperAct(
                "act.readings-open", possible=(f"choose-reading {concerned.number}",), number=concerned.number
            )

    def earliest(self, concerned: Concerned) -> date:
        """Day 0 of the examination, or the last opinion it follows: it counts on the day it was taken."""
        return concerned.decided_from


class Evaluated(IndividualAct):
    """The authority evaluated the programme on the state of science, and says how it goes on.

    Possible at any time: what is learnt may ask for it. It answers what is owed for a period that has ended.
    """

    command = "evaluate"
    act: Literal["Evaluated"] = "Evaluated"
    outcome: Outcome
    grounds: Grounds
    conditions: tuple[Condition, ...] = ()
    effective_on: date | None = None
    until_on: date | None = None
    continuity_plan: GroundsIfAny = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """What a decision of that outcome may hold; nothing is changed while a body is to be heard on it."""
        super().check(concerned, today)
        ruling = _decides(self, concerned, today, concerned.law.outcomes)
        if ruling.course is Course.ENDED:
            _after_opinions(concerned, concerned.bodies_awaited)
        elif ruling.halts or ruling.with_conditions or self.until_on:
            _after_opinions(concerned, concerned.bodies_before_change)

    def competent(self, law: Law) -> tuple[Competence, ...]:
        """Whoever may only evaluate takes one that changes nothing."""
        rulings = [one for one in law.outcomes if one.outcome == self.outcome]
        as_it_is = any(one.course is Course.GOES_ON and not one.with_conditions for one in rulings)
        return law.competent(self.admits, evaluates=as_it_is and self.until_on is None)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to no phase."""
        return concerned.opened_on


class MarketingApplication(Act):
    """A marketing authorisation was applied for, on its own day, or that application was withdrawn.

    The law counts other periods from then on. One that was withdrawn changes nothing back: it is flagged.
    """

    command = "marketing-application"
    act: Literal["MarketingApplication"] = "MarketingApplication"
    withdrawn: bool = False

    def check(self, concerned: Concerned, today: date) -> None:
        """Known once, and withdrawn only once it is known."""
        super().check(concerned, today)
        since = concerned.stands_since(self.command)
        if since and not self.withdrawn:
            raise ImproperAct("act.application-known", number=concerned.number, since=since)
        if self.withdrawn and (since is None or (self.on or today) < since):
            raise ImproperAct("act.no-application-to-withdraw", number=concerned.number)

    def earliest(self, concerned: Concerned) -> date:
        """It is no event of the programme, and may be older."""
        return date.min


class ReportRequested(IndividualAct):
    """The authority asks for a report beside those at regular intervals; the holder is told, and owes it.

    At once, or by a day that is said; what recurs keeps its own days. One that is owed already is not asked
    for anew.
    """

    command = "request-report"
    act: Literal["ReportRequested"] = "ReportRequested"
    asks = True
    decides = False
    report: Line = Field(max_length=40)
    grounds: Grounds
    due_on: date | None = None

    def check(self, concerned: Concerned, today: date) -> None:
        """Only what the law lets be asked for, and what is not owed by now; by no day before it is."""
        super().check(concerned, today)
        said: dict[str, Any] = {"number": concerned.number, "report": self.report}
        on = self.on or today
        if self.report not in concerned.requestable:
            raise ImproperAct("act.not-on-request", **said, known=concerned.requestable)
        if due_on := concerned.owed_by(self.report, on):
            raise ImproperAct("act.owed-already", **said, due_on=due_on)
        if self.due_on and not on <= self.due_on <= anniversary(on, LATEST_EFFECT):
            raise ImproperAct("act.report-out-of-reach", on=on, due_on=self.due_on)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to no phase."""
        return concerned.set_up_on


class DayDropped(Act):
    """A person drops a day that is in doubt since a fact came, with grounds; whoever owed it is told."""

    command = "drop-day"
    act: Literal["DayDropped"] = "DayDropped"
    day: Line = Field(max_length=60)
    grounds: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a day that is in doubt."""
        super().check(concerned, today)
        if self.day not in concerned.days_in_doubt:
            raise ImproperAct(
                "act.day-not-in-doubt", number=concerned.number, day=self.day, known=concerned.days_in_doubt
            )


class Determined(Stating):
    """What silence left open of a programme is determined: its duration, and the other elements."""

    command = "determine"
    act: Literal["Determined"] = "Determined"
    grounds: Grounds

    def check(self, concerned: Concerned, today: date) -> None:
        """Something that is open, and a last day that is not over."""
        super().check(concerned, today)
        self.check_elements(concerned, ())
        open_ = concerned.undetermined
        stated = [element for element in concerned.law.elements if self.states(element)]
        if not {*stated} & {*open_}:
            raise ImproperAct("act.determines-nothing", number=concerned.number, open=open_)
        on = self.on or today
        if self.until_on and not on <= self.until_on <= anniversary(on, LONGEST):
            raise ImproperAct("act.last-day-out-of-reach", effective_on=on, until_on=self.until_on)


class Translated(Act):
    """What a decision states in words is told in another language, in which it is published, too.

    It is no decision and changes none; what was translated before may be said better. Possible as long as the
    programme goes on, and never listed: a flag says what lacks a language.
    """

    command = "translate"
    act: Literal["Translated"] = "Translated"
    elements: dict[Language, dict[Line, Sentence]] = Field(min_length=1)

    def check(self, concerned: Concerned, today: date) -> None:
        """Words for what the decision states in others, and in a language in which it does not."""
        super().check(concerned, today)
        _known(self.elements, concerned)
        for language, words in self.elements.items():
            for element in words:
                stated_in = concerned.stated_in.get(element, ())
                if not stated_in:
                    raise ImproperAct("act.not-stated-in-words", number=concerned.number, element=element)
                if language in stated_in:
                    raise ImproperAct(
                        "act.stated-by-the-decision",
                        number=concerned.number,
                        element=element,
                        language=language.value,
                    )

    def earliest(self, concerned: Concerned) -> date:
        """It answers to no phase."""
        return concerned.opened_on


class Withdrawn(Act):
    """The applicant withdraws the dossier, at any moment before the decision."""

    command = "withdraw"
    decides = True
    act: Literal["Withdrawn"] = "Withdrawn"
    grounds: Remark = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """It undoes no decision that silence has taken."""
        super().check(concerned, today)
        for _, since in _decided_by_silence(concerned, self.on or today):
            raise ImproperAct("act.withdrawn-too-late", number=concerned.number, since=since)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to nothing that began: the dossier is there."""
        return concerned.opened_on


class ProvisionallyAuthorised(IndividualAct):
    """The provisional authorisation is given that brings a programme into force, on its own day.

    No text sets a period for it, and silence does nothing. The programme is in force from the day of the
    grant and never from an earlier one.
    """

    command = "authorise-provisionally"
    act: Literal["ProvisionallyAuthorised"] = "ProvisionallyAuthorised"
    requested_by: Line = Field(max_length=40)
    grounds: Grounds

    def check(self, concerned: Concerned, today: date) -> None:
        """Asked for by one whom the law names."""
        super().check(concerned, today)
        into_force = concerned.law.into_force
        may_ask = into_force.asked_by if into_force else ()
        if self.requested_by not in may_ask:
            raise ImproperAct("act.may-not-ask-for-it", requested_by=self.requested_by, may_ask=may_ask)

    def earliest(self, concerned: Concerned) -> date:
        """The day of the decision, also where that was established later: there is no effect before it."""
        return concerned.set_up_on


class FactRecorded(Act):
    """Something happened outside the case that bears on the programme; a person records it with its day.

    Which facts there are, and what each does, is data of the procedure. `indications` are those that an
    authorisation was refused for, where it was refused in part.
    """

    command = "record-fact"
    decides = True
    act: Literal["FactRecorded"] = "FactRecorded"
    fact: Line = Field(max_length=40)
    source: Sentence
    indications: Remark = ""

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a fact that the procedure knows, that can come now, and once."""
        super().check(concerned, today)
        fact = concerned.law.fact(self.fact)
        said: dict[str, Any] = {"number": concerned.number, "fact": self.fact}
        if fact is None or self.fact not in concerned.recordable:
            raise ImproperAct("act.no-such-fact", **said, known=concerned.recordable)
        if bool(self.indications) != bool(fact.successor):
            key = "act.needs-indications" if fact.successor else "act.has-no-indications"
            raise ImproperAct(key, **said)

    def earliest(self, concerned: Concerned) -> date:
        """It may have happened before anybody here knew of it, and ends nothing that was not there yet.

        What only time brings about takes that time, to the same date.
        """
        fact = concerned.law.fact(self.fact)
        if fact and fact.takes:
            return add_months(concerned.set_up_on, concerned.law.months(fact.takes))
        proposes = fact is not None and fact.does is Effect.PROPOSES
        return min(concerned.opened_on, concerned.set_up_on) if proposes else concerned.set_up_on


class CountRecorded(Act):
    """A number that the holder reports over a period is recorded, or how many a decision allows at most.

    Of doses, patients or lots, never of whom: which ones are counted is data of the procedure. A later number
    of the same thing takes the place of the one before.
    """

    command = "record-count"
    act: Literal["CountRecorded"] = "CountRecorded"
    counted: Line = Field(max_length=40)
    count: Whole
    period_from: date | None = None
    period_until: date | None = None
    allowed: bool = False
    source: Sentence

    def check(self, concerned: Concerned, today: date) -> None:
        """Only what is counted; over a period that is over where it was reported, over none where allowed."""
        super().check(concerned, today)
        known = tuple(one.name for one in concerned.law.counted)
        if self.counted not in known:
            raise ImproperAct("act.not-counted", number=concerned.number, counted=self.counted, known=known)
        days = [day for day in (self.period_from, self.period_until) if day]
        if len(days) != (0 if self.allowed else 2):
            key = "act.has-no-period" if self.allowed else "act.needs-period"
            raise ImproperAct(key, counted=self.counted)
        if days and not days[0] <= days[1] <= today:
            raise ImproperAct("act.no-such-period", since=days[0], until=days[1], today=today)

    def earliest(self, concerned: Concerned) -> date:
        """It answers to no phase."""
        return concerned.opened_on


class SuccessorDecided(IndividualAct):
    """A programme of another procedure is set up in the place of this one, or that is rejected."""

    command = "decide-successor"
    act: Literal["SuccessorDecided"] = "SuccessorDecided"
    outcome: Literal["established", "rejected"]
    grounds: Grounds


class PublicationRecorded(Act):
    """What was to be published stands on the website of the authority, and a person says since when.

    In every language that is asked for. Possible while something is to be published or lacks a language, and
    listed only once nothing else is left to do.
    """

    command = "record-publication"
    act: Literal["PublicationRecorded"] = "PublicationRecorded"

    def earliest(self, concerned: Concerned) -> date:
        """It answers to what was to be published, and not to the phase."""
        return concerned.to_publish_since


class SuspensionImposed(IndividualAct):
    """The programme is suspended, by the agency or at the applicant's request.

    With `for_safety` it takes effect at once; otherwise on the day given, at the earliest today.
    """

    command = "suspend"
    act: Literal["SuspensionImposed"] = "SuspensionImposed"
    grounds: Grounds
    requested_by: Literal["agency", "applicant"] = "agency"
    for_safety: bool = False
    effective_on: date | None = None

    def check(self, concerned: Concerned, today: date) -> None:
        """Safety does not wait, but for the bodies that the law has heard first; nor does a request."""
        super().check(concerned, today)
        if self.requested_by == "agency":
            _after_opinions(concerned, concerned.bodies_before_change)
        if self.effective_on and self.for_safety and self.effective_on > today:
            raise ImproperAct("act.safety-at-once")
        if self.effective_on and self.effective_on < (self.on or today):
            raise ImproperAct("act.effect-before-suspension", effective_on=self.effective_on)


class ProposalDeclined(Act):
    """A person looked at a proposal to change or end the programme and declines it, with grounds."""

    command = "decline-proposal"
    act: Literal["ProposalDeclined"] = "ProposalDeclined"
    grounds: Sentence


class SuspensionLifted(IndividualAct):
    """The grounds of a suspension are gone; the programme goes on as before it."""

    command = "lift-suspension"
    act: Literal["SuspensionLifted"] = "SuspensionLifted"
    grounds: Grounds


class ConditionMet(Act):
    """The applicant fulfilled a condition of a decision."""

    command = "meet-condition"
    act: Literal["ConditionMet"] = "ConditionMet"
    condition: int = Field(ge=1)

    def check(self, concerned: Concerned, today: date) -> None:
        """Only a condition that is open."""
        super().check(concerned, today)
        if self.condition not in concerned.conditions_open:
            raise ImproperAct(
                "act.no-such-condition",
                number=concerned.number,
                condition=self.condition,
                known=concerned.conditions_open,
            )


class ProgrammeConfirmed(Act):
    """A person confirms from the file what the authority's page does not say of a programme.

    That is who holds it, which procedure it follows where the page leaves that open, since when it is in
    force, and when a marketing authorisation was applied for.
    """

    command = "confirm-programme"
    act: Literal["ProgrammeConfirmed"] = "ProgrammeConfirmed"
    procedure: Line | Literal[""] = Field(default="", max_length=40)
    holder: Line = Field(max_length=200)
    in_force_on: date
    marketing_application: date | Literal["none"]

    def check(self, concerned: Concerned, today: date) -> None:
        """All of it lies in the past; a procedure of those that it may follow, exactly where it may."""
        super().check(concerned, today)
        known = concerned.law.stated_by
        if self.procedure not in (known or ("",)):
            key = "act.needs-procedure" if known else "act.has-no-procedure"
            raise ImproperAct(key, number=concerned.number, known=known)
        if self.in_force_on > today:
            raise ImproperAct("act.in-force-in-the-future", in_force_on=self.in_force_on)
        if self.marketing_application != "none" and self.marketing_application > today:
            raise ImproperAct("act.applied-in-the-future", on=self.marketing_application)


class CancellationDismissed(Act):
    """A person looked at a cancellation that was requested of Temporal: the case goes on."""

    command = "dismiss-cancellation"
    act: Literal["CancellationDismissed"] = "CancellationDismissed"
    grounds: Sentence

    def earliest(self, concerned: Concerned) -> date:
        """It answers to the request, and not to the phase."""
        return concerned.opened_on


class ClosedToNewPatients(IndividualAct):
    """No new patients; treated patients keep their supply under the continuity plan."""

    command = "close-to-new-patients"
    act: Literal["ClosedToNewPatients"] = "ClosedToNewPatients"
    grounds: Grounds
    continuity_plan: Grounds


class Closed(IndividualAct):
    """The programme ends, with its continuity plan for treated patients."""

    command = "close"
    act: Literal["Closed"] = "Closed"
    grounds: Grounds
    continuity_plan: Grounds

    def check(self, concerned: Concerned, today: date) -> None:
        """Not while a body is still to be heard on it."""
        super().check(concerned, today)
        _after_opinions(concerned, concerned.bodies_awaited)


class Corrected(Act):
    """A slip of the pen in an entry is put right: what was wrong, what is right, and why; the entry stays.

    `corrects` is the act of that entry and `was` what it says, as the register has them. What can be put
    right is in models/correction.py.
    """

    command = "correct"
    outlives = True
    decides = True
    act: Literal["Corrected"] = "Corrected"
    entry: int = Field(ge=1)
    fact: Line
    right: Grounds
    reason: Sentence
    corrects: Line
    was: Grounds

    def earliest(self, concerned: Concerned) -> date:
        """It is no event of the phase."""
        return concerned.opened_on


class NotedOnFile(Act):
    """Something is noted on the file, in words or with documents: it has no effect, and nobody is written to.

    Possible in every phase, and never listed.
    """

    command = "note-on-file"
    act: Literal["NotedOnFile"] = "NotedOnFile"
    text: Grounds
    documents: tuple[FiledDocument, ...] = ()

    def earliest(self, concerned: Concerned) -> date:
        """It is no event of the phase."""
        return concerned.opened_on


class Assigned(Act):
    """Somebody of the office takes a case on: it has no effect, and nobody is written to.

    Whoever enters it, where no `officer` is named; `nobody`: it is nobody's own again. Possible in every
    phase, and never listed.
    """

    command = "assign"
    act: Literal["Assigned"] = "Assigned"
    officer: Line | None = Field(default=None, max_length=200)
    nobody: bool = False

    def earliest(self, concerned: Concerned) -> date:
        """It is no event of the phase."""
        return concerned.opened_on

    @property
    def whose(self) -> str:
        """Who has the case from now on; empty for nobody."""
        return "" if self.nobody else self.officer or self.by


class Revision(Act):
    """A change of law or calendar that a person signed for all; it reaches every open case it touches.

    It has no command for one case: `umn law apply` and `umn calendar add` send it.
    """

    def earliest(self, concerned: Concerned) -> date:
        """It is not an event of the case."""
        return date.min


class ClosingDayAdded(Revision):
    """The agency is closed on one more day, published in time; where working days are counted it is none."""

    command = "calendar add"
    act: Literal["ClosingDayAdded"] = "ClosingDayAdded"
    day: date
    published_on: date
    reason: Sentence


def reaches_running(applied: Applied) -> bool:
    """Whether a clause can change under a case that is open.

    An amount stands on its invoice; what recurs follows the authorisation year.
    """
    return applied.cents is None and not applied.recurs


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
            raise ImproperAct("act.by-their-own-date", clause=self.applied.clause)
        try:
            law = concerned.law.revised(self.applied)
            law.countable(self.applied.clause, today)
            law.can_be_silent(self.applied.clause)
        except LawSilent as silent:
            raise ImproperAct("act.cannot-follow", number=concerned.number, why=silent.said) from silent


ACTS: tuple[type[Act], ...] = (
    DeclaredIncomplete,
    CompletionReceived,
    DeclaredAdmissible,
    DeclaredInadmissible,
    RuleJudged,
    ContributionFixed,
    InvoicePaid,
    InvoiceCredited,
    ObjectionRecorded,
    ObjectionHeard,
    ObjectionDecided,
    CourtSeised,
    ClaimInterrupted,
    ServicesSuspended,
    OpinionGiven,
    QuestionsRaised,
    AnswersReceived,
    OpinionContested,
    GroundsReceived,
    OpinionSentBack,
    ReadingChosen,
    FormalNoticeReceived,
    ApplicationAnnounced,
    ApplicationLinked,
    AdmissibilityCorrected,
    Established,
    Decided,
    Determined,
    Translated,
    Withdrawn,
    ProvisionallyAuthorised,
    Evaluated,
    MarketingApplication,
    ReportRequested,
    DayDropped,
    PublicationRecorded,
    FactRecorded,
    CountRecorded,
    SuccessorDecided,
    SuspensionImposed,
    ProposalDeclined,
    SuspensionLifted,
    ConditionMet,
    ProgrammeConfirmed,
    CancellationDismissed,
    ClosedToNewPatients,
    Closed,
    NotedOnFile,
    Assigned,
    Corrected,
)
"""All acts of one case that are typed, in the order of the procedure."""

REVISIONS: tuple[type[Revision], ...] = (ClosingDayAdded, LawChanged)
"""Acts that a person signs once for all cases."""

STATEMENT_ACTS: tuple[type[Booking], ...] = (PaymentReceived, PaymentReversed, SurplusRefunded)
"""Acts that a bank statement brings, or a person who assigns its movements."""

POST_ACTS: tuple[type[PostReported], ...] = (NoticeBounced, NoticeDelivered)
"""Acts by which the desk tells what became of a letter."""

EVERY_ACT: tuple[type[Act], ...] = (*ACTS, *REVISIONS, *STATEMENT_ACTS, *POST_ACTS)
"""All acts: a case takes each as an update by the name of its command."""


class Silence(Travelling):
    """The day that was waited for came, and nobody had acted."""

    on: date


def _decides(
    act: Decided | Evaluated, concerned: Concerned, today: date, rulings: tuple[Ruling, ...]
) -> Ruling:
    """Refuses an outcome that is not among these, and what such an outcome cannot hold."""
    ruling = next((one for one in rulings if one.outcome == act.outcome), None)
    if ruling is None:
        raise ImproperAct(
            "act.no-such-outcome",
            number=concerned.number,
            outcome=act.outcome.value,
            allowed=[one.outcome.value for one in rulings],
        )
    if (ruling.course is Course.GOES_ON or ruling.accepts) and (lacks := concerned.lacks):
        raise ImproperAct(
            "act.not-to-be-granted",
            number=concerned.number,
            outcome=act.outcome.value,
            lacks=lacks,
            refusals=[one.outcome.value for one in rulings if one.refuses],
        )
    if ruling.with_conditions != bool(act.conditions):
        key = "act.needs-conditions" if ruling.with_conditions else "act.has-no-conditions"
        raise ImproperAct(key, outcome=act.outcome.value)
    if ruling.ends_inclusion != bool(act.continuity_plan):
        key = "act.needs-continuity-plan" if ruling.ends_inclusion else "act.has-no-continuity-plan"
        raise ImproperAct(key, outcome=act.outcome.value)
    on = act.on or today
    for condition in act.conditions:
        if condition.due_on <= max(on, act.effective_on or on):
            raise ImproperAct("act.condition-due-before", due_on=condition.due_on)
    if act.effective_on and ruling.course is None:
        raise ImproperAct("act.has-no-day-of-effect", outcome=act.outcome.value)
    if act.effective_on and not on <= act.effective_on <= anniversary(on, LATEST_EFFECT):
        raise ImproperAct("act.effect-out-of-reach", on=on, effective_on=act.effective_on)
    if act.until_on and ruling.course is not Course.GOES_ON:
        raise ImproperAct("act.states-nothing-else", outcome=act.outcome.value)
    if act.until_on and concerned.law.valid_for:
        raise ImproperAct("act.valid-by-law", number=concerned.number, clause=concerned.law.valid_for)
    effective_on = act.effective_on or on
    if act.until_on and not effective_on <= act.until_on <= anniversary(effective_on, LONGEST):
        raise ImproperAct("act.last-day-out-of-reach", effective_on=effective_on, until_on=act.until_on)
    return ruling
