"""What an applicant files, and all that its examination carries.

Long because what an act may look at is said of every case, and what it finds of a dossier, in one place.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from models.clock import ONE_DAY, Clock
from models.counts import Count
from models.decision import Decision, Opinion, SetUpBySilence
from models.eligibility import Assessed, Verdict
from models.findings import Finding
from models.flags import flag
from models.law.shared import SharedLaw
from models.messages import Message, word_key
from models.notes import DossierFiled
from models.objection import APPEAL, Objection
from models.parties import Body, Language, Party
from models.phases import Kind, Stage
from models.receipts import Docket
from models.subjects import Subject
from models.travelling import Travelling


class FiledDocument(Travelling, frozen=True):
    """A file of the e-submission: its name as data, its content by hash. Never the content."""

    name: str
    sha256: str
    size: int


class Invoice(Travelling):
    """A contribution asked for: integer cents, structured communication, and how far it is paid.

    `cents` is what was asked and never changes. `paid_cents` is what arrived, `credited_cents` what credit
    notes took back. One that came back and reached its addressee later has `received_on`, and
    `payable_until`, the last day of its term since then. `clock` is how that day was counted, and
    `late_on` that day on the later of two readings; they stand, whatever becomes of law and calendar.
    `objectable` is the time to object to it, as the channel or a proof of its receipt made it start.
    """

    invoice: str
    cents: int
    communication: str
    issued_on: date
    due_on: date
    paid_on: date | None = None
    reminders: int = 0
    collected_on: date | None = None
    paid_cents: int = 0
    credited_cents: int = 0
    reopened_on: date | None = None
    received_on: date | None = None
    payable_until: date | None = None
    late_on: date | None = None
    clock: Clock | None = None
    objectable: Clock | None = None

    @property
    def owed_cents(self) -> int:
        """What is still to be paid in cents, also once it is in collection; never below nothing."""
        return max(0, self.cents - self.credited_cents - self.paid_cents)

    @property
    def surplus_cents(self) -> int:
        """What has arrived beyond what is asked in cents, since a credit note; it goes back."""
        return max(0, self.paid_cents + self.credited_cents - self.cents)

    @property
    def is_open(self) -> bool:
        """Neither paid, nor credited whole, nor handed over to collection."""
        return self.paid_on is None and self.collected_on is None and self.owed_cents > 0

    def receive(self, cents: int, on: date) -> None:
        """Money arrived; the invoice is paid on the day on which nothing is owed any more."""
        self.paid_cents += cents
        self._settle(on)

    def take_back(self, cents: int, on: date) -> None:
        """Money that had arrived was taken back; a paid invoice is open again, and reminded of from then."""
        self.paid_cents -= cents
        was_paid = self.paid_on is not None
        if was_paid and self.owed_cents:
            self.paid_on, self.reopened_on, self.reminders = None, on, 0

    @property
    def pressed_from(self) -> date:
        """The day from which reminders are counted: the due date, or the day it was open again after it."""
        return max(self.term_ends_on, self.reopened_on or self.term_ends_on)

    @property
    def term_ends_on(self) -> date:
        """The last day to pay: the one that it names, or the later one that follows from its receipt."""
        return self.payable_until or self.due_on

    @property
    def passed_after(self) -> date:
        """The last day to pay on every reading: only after it anybody is late."""
        return max(self.late_on or self.term_ends_on, self.term_ends_on)

    def credit(self, cents: int, on: date) -> None:
        """A credit note takes back what was asked; what was paid beyond it is a surplus."""
        self.credited_cents += cents
        self._settle(on)

    def _settle(self, on: date) -> None:
        if self.paid_on is None and self.paid_cents and not self.owed_cents:
            self.paid_on = on

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once: an invoice that was reminded of is overdue.

        Where its term has two readings the first reminder comes before the later one has passed, and flags
        nothing.
        """
        friendly = 1 if self.late_on else 0
        return (flag("invoice-overdue", self.invoice),) if self.is_open and self.reminders > friendly else ()


class Unfixed(Travelling, frozen=True):
    """A contribution that is due and whose amount the law as we hold it does not tell: a person fixes it.

    It is due for the `kind` of dossier since the day `since`, and `addressee` has the invoice.
    """

    kind: Kind
    addressee: Party
    since: date


class CreditNote(Travelling, frozen=True):
    """What an invoice no longer asks for: integer cents, with the reason. The invoice itself stays."""

    credit_note: str
    invoice: str
    cents: int
    reason: str
    issued_on: date


class Warned(Travelling):
    """How many rungs of a ladder are behind us, for the due date that they were counted from."""

    due_on: date
    rungs: int


class Readings(Travelling):
    """An opinion that came in time, entered after the silence of its body had an effect of its own."""

    opinion: Opinion
    silent_until: date


class Inquiry(Travelling):
    """Questions of a body to the applicant: when they were sent, for how many days, and when answered."""

    body: Body
    asked_on: date
    days: int
    answered_on: date | None = None


class Contested(Travelling):
    """An opinion that the applicant contests: the day of its notice, and that of its receipt of the opinion.

    `grounds_on` is the day on which the grounds came. It is over once the body has given its opinion again,
    or where none came in time: then the opinion stands as it was given, final since the day `stands_since`.
    """

    body: Body
    noticed_on: date
    received_on: date
    grounds_on: date | None = None
    stands_since: date | None = None
    given_again: bool = False

    @property
    def pending(self) -> bool:
        """Whether the opinion is not final yet."""
        return not (self.given_again or self.stands_since)


class SentBack(Travelling):
    """An opinion that was sent back, on which day; it is over once the body has given its opinion again."""

    body: Body
    on: date
    given_again: bool = False


class Carried(Travelling):
    """What a dossier and a programme carry alike through every run.

    `unfixed` is the contribution that is due until its amount is fixed; from then on there is an `invoice`.
    `objection` is the one that stands against the invoice; services may be suspended until it is paid.
    `clocks` are the limits that run, by their clause; `began` the entry that each of them began with, whose
    letters told of it; `warned` how far its ladder of warnings has come; `passed` the last day of each limit
    that was told to have passed. `waiting` are limits of a clause that runs already, each for what asked for
    the same later: they run once what came first was done.
    """

    opened_on: date
    law: SharedLaw
    docket: Docket = Field(default_factory=Docket)
    invoice: Invoice | None = None
    unfixed: Unfixed | None = None
    objection: Objection | None = None
    services_suspended_on: date | None = None
    clocks: dict[str, Clock] = Field(default_factory=dict)
    began: dict[str, int] = Field(default_factory=dict)
    warned: dict[str, Warned] = Field(default_factory=dict)
    passed: dict[str, date] = Field(default_factory=dict)
    waiting: dict[str, list[Clock]] = Field(default_factory=dict)

    def written(self, *without: str) -> dict[str, Any]:
        """All that is carried, as it travels and is kept: only what is not a matter of course."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={*without})

    def end(self, clause: str) -> None:
        """A limit has ended, and what was told of its passing with it."""
        self.clocks.pop(clause)
        self.passed.pop(clause, None)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of eligibility that a person may judge; a dossier has some."""
        return ()

    @property
    def days_in_doubt(self) -> tuple[str, ...]:
        """The days that a person may drop; a programme may have some."""
        return ()

    @property
    def requestable(self) -> tuple[str, ...]:
        """What may be asked for beside its interval; a programme may owe some of it."""
        return ()

    def owed_by(self, report: str, on: date) -> date | None:
        """The day by which what is asked for is owed already; only a programme owes any."""
        return None

    def stands_since(self, fact: str) -> date | None:
        """The day of a fact of its life; a programme has a life."""
        return None

    @property
    def lacks(self) -> tuple[Message, ...]:
        """What is missing before anything may be granted; a dossier may lack something."""
        return ()

    @property
    def examined_from(self) -> date:
        """Day 0 of an examination; only a dossier has one."""
        return self.opened_on

    @property
    def decided_from(self) -> date:
        """The first day of a decision; only a dossier has one that is not that of the examination."""
        return self.examined_from

    @property
    def asked_on(self) -> date:
        """The day of the last questions; only a dossier has any."""
        return self.opened_on

    @property
    def checked_from(self) -> date:
        """The day from which its check goes on; only a dossier is checked."""
        return self.opened_on

    @property
    def set_up_on(self) -> date:
        """The day of its decision; only a programme was set up."""
        return self.opened_on

    @property
    def to_publish_since(self) -> date:
        """The day of the first thing that is to be published; only a programme is."""
        return self.opened_on

    @property
    def bodies_unheard(self) -> tuple[Body, ...]:
        """Bodies that may still give an opinion; only a dossier has any."""
        return ()

    @property
    def bodies_awaited(self) -> tuple[Body, ...]:
        """Bodies whose opinion is awaited; only a dossier has any."""
        return ()

    @property
    def bodies_before_change(self) -> tuple[Body, ...]:
        """Those of them before whose opinion nothing is suspended or changed; only a programme has any."""
        return ()

    @property
    def bodies_asking(self) -> tuple[Body, ...]:
        """Bodies that may put questions; only a dossier has any."""
        return ()

    @property
    def contestable(self) -> dict[Body, date]:
        """Opinions that may be contested, each with its day; only a dossier has any."""
        return {}

    @property
    def grounds_awaited(self) -> dict[Body, tuple[date, date]]:
        """Contested opinions that lack grounds: the first and the last day for these; only in a dossier."""
        return {}

    def received_since(self, body: Body) -> date:
        """The day on which the applicant had the opinion of a body; only in a dossier."""
        return self.opened_on

    def contested_until(self, body: Body, received_on: date | None) -> date | None:
        """The last day to contest the opinion of a body; only in a dossier."""
        return None

    @property
    def returnable(self) -> dict[Body, date]:
        """Opinions that may be sent back, each with the first day for it; only a dossier has any."""
        return {}

    def heard_since(self, body: Body) -> date:
        """The first day on which a body can have given its opinion."""
        return self.examined_from

    @property
    def exists_by_law(self) -> dict[str, date]:
        """What silence brought about and nobody has established; only in a dossier."""
        return {}

    @property
    def decided_on_one_reading(self) -> tuple[date, date] | None:
        """From and until when silence has decided on one reading alone; only in a dossier."""
        return None

    @property
    def set_up_by_silence(self) -> SetUpBySilence | None:
        """What silence set up, while a decision of before may still be entered; only a programme is."""
        return None

    def carried_past(self, body: Body, asked_on: date, days: int) -> tuple[date, date] | None:
        """How far questions carry an opinion past the decision; only in a dossier."""
        return None

    @property
    def readings_open(self) -> bool:
        """Whether two readings lie before a person."""
        return False

    @property
    def completable_until(self) -> date | None:
        """The last day of a right to complete that was forfeited; a dossier may have lost one."""
        return None

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The elements of which nobody has determined anything; a programme may have some."""
        return ()

    @property
    def stated_in(self) -> dict[str, tuple[Language, ...]]:
        """The elements that a decision states in words, with their languages; a programme may have some."""
        return {}

    @property
    def recordable(self) -> tuple[str, ...]:
        """The facts that a person may record; a programme has some."""
        return ()

    @property
    def since(self) -> date:
        """The day on which the present phase began."""
        return self.docket.since or self.opened_on

    @property
    def undelivered(self) -> tuple[str, ...]:
        """The notices of letters that came back."""
        return tuple(letter.notice for letter in self.docket.undelivered)

    @property
    def invoiced_on(self) -> date:
        """The day of the invoice."""
        return self.invoice.issued_on if self.invoice else self.opened_on

    @property
    def due_since(self) -> date:
        """The day since which the contribution is due whose amount is not fixed."""
        return self.unfixed.since if self.unfixed else self.opened_on

    @property
    def money_flags(self) -> tuple[str, ...]:
        """What a person should see at once of its contribution."""
        if self.unfixed or not self.invoice:
            return (flag("contribution-unfixed"),) if self.unfixed else ()
        suspended = self.services_suspended_on if self.owed_cents else None
        services = (flag("services-suspended", suspended),) if suspended else ()
        return (*self.invoice.flags, *services)

    @property
    def payable_until(self) -> date:
        """The last day to pay on every reading; today's acts find nothing late where nothing was asked."""
        return self.invoice.passed_after if self.invoice else date.max

    @property
    def to_be_heard(self) -> bool:
        """Whether a debtor asked to be heard on an objection, and was not."""
        return self.objection is not None and self.objection.to_be_heard

    @property
    def time_to_object(self) -> Clock | None:
        """The time to object to the invoice; it has no last day while the invoice came back.

        Interpretation: an invoice counts as received on its day; on that presumption nobody loses a right.
        """
        if self.invoice is None:
            return None
        clock = self.invoice.objectable
        if clock is None:
            clock = self.law.clock(APPEAL, self.invoice.issued_on)
            clock.presumed = True
        clock = clock.as_it_stands()
        if self.docket.waits_for(APPEAL):
            clock.await_receipt()
        return clock

    @property
    def open_cents(self) -> int:
        """What is still to be paid, in cents."""
        return self.invoice.owed_cents if self.invoice and self.invoice.is_open else 0

    @property
    def owed_cents(self) -> int:
        """What is still to be paid in cents, also when it was handed over to collection."""
        return self.invoice.owed_cents if self.invoice else 0

    @property
    def surplus_cents(self) -> int:
        """What has arrived beyond what the invoice asks, in cents."""
        return self.invoice.surplus_cents if self.invoice else 0

    @property
    def received_cents(self) -> int:
        """What has arrived for the invoice, in cents."""
        return self.invoice.paid_cents if self.invoice else 0

    @property
    def creditable_cents(self) -> int:
        """What credit notes can still take back of the invoice, in cents."""
        return self.invoice.cents - self.invoice.credited_cents if self.invoice else 0


class Dossier(Carried):
    """One dossier: what was filed, the law of its own date, and where its examination stands.

    `opened_on` is the day on which the agency received it: the law of that day applies.
    `delivered_at` is the platform's receipt and `taken_in_at` the agency's own, two instants in UTC (check
    P-13); the day that counts is that of the first.
    `programme` is the number it was filed under, or nothing for an application. `findings` are what
    the intake found, `checklist` the rules of eligibility as they stand, `counts` the numbers that its form
    says.
    `lost_after` is the last day of a right to complete that was forfeited; where it was `partly_completed`
    nothing is forfeited by itself.
    `checked` is the clock of the check once that has ended, and `admissible_on` day 0 of the examination.
    `inquiries` are the questions that were put, `contested` the opinions that were, and `sent_back` those
    that another body sent back. `to_establish` are the clauses whose silence turned out afterwards to have
    had its effect, which a person establishes; `application` is the number of the one that it rests on, once
    it is linked. `two_readings` lie before a person when an opinion had come in time after all.
    `heard_as` is what the desk said of who is heard, where that depends on the dossier.
    """

    number: str
    kind: Kind
    procedure: str
    programme: str | None = None
    taken_in_by: str
    cesp_number: str = ""
    delivered_at: datetime | None = None
    taken_in_at: datetime | None = None
    applicant: Party
    invoice_addressee: Party
    subject: Subject
    documents: tuple[FiledDocument, ...] = ()
    year: int | None = None
    period: str = ""
    findings: tuple[Finding, ...] = ()
    checklist: tuple[Assessed, ...] = ()
    counts: tuple[Count, ...] = ()

    stage: Stage = Stage.RECEIVED
    lost_after: date | None = None
    partly_completed: bool = False
    checked: Clock | None = None
    admissible_on: date | None = None
    inquiries: list[Inquiry] = Field(default_factory=list)
    contested: list[Contested] = Field(default_factory=list)
    sent_back: list[SentBack] = Field(default_factory=list)
    to_establish: list[str] = Field(default_factory=list)
    heard_as: str = ""
    two_readings: Readings | None = None
    opinions: list[Opinion] = Field(default_factory=list)
    decision: Decision | None = None
    application: str = ""

    def go_on(self) -> None:
        """Goes on to the stage that follows in the order of its law."""
        self.stage = self.law.after(self.stage)

    def end(self, clause: str) -> None:
        """A limit has ended: nothing exists by its silence that a person has to establish."""
        super().end(clause)
        self.to_establish = [held for held in self.to_establish if held != clause]

    @property
    def as_filed(self) -> DossierFiled:
        """What its programme takes note of as soon as it is filed."""
        return DossierFiled(dossier=self.number, on=self.opened_on, kind=self.kind.value, year=self.year)

    @property
    def completable_until(self) -> date | None:
        """The last day of the right to complete, once it was forfeited."""
        return self.lost_after

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of eligibility that its checklist holds."""
        return tuple(line.rule for line in self.checklist)

    @property
    def examined_from(self) -> date:
        """Day 0 of the examination, before which nothing of it can have happened."""
        return self.admissible_on or self.opened_on

    @property
    def decided_from(self) -> date:
        """The first day on which it can be decided: of its examination, or once all were heard for good."""
        if not self.law.awaits_opinions:
            return self.examined_from
        spoken = (self.final_since(body) for body in self.hears if self.opinion_of(body))
        return max(spoken, default=self.examined_from)

    @property
    def checked_from(self) -> date:
        """The day from which its check goes on: that of receipt, or on which what was missing had come."""
        clock = self.clocks.get("admissibility")
        if clock is None or not clock.stops:
            return self.opened_on
        stop = clock.stops[-1]
        return stop.last or stop.asked_on or stop.first

    @property
    def asked_on(self) -> date:
        """The day of the last questions."""
        return max((inquiry.asked_on for inquiry in self.inquiries), default=self.opened_on)

    @property
    def unanswered(self) -> Inquiry | None:
        """The last questions, while no answer to them was entered."""
        last = self.inquiries[-1] if self.inquiries else None
        return last if last and last.answered_on is None else None

    def opinion_of(self, body: Body) -> Opinion | None:
        """The opinion of a body that counts.

        A late one takes the place of a tacit one only where both are favourable: it has reasons.
        """
        of_body = [opinion for opinion in self.opinions if opinion.body == body]
        tacit = next((opinion for opinion in of_body if opinion.tacit), None)
        given = next((opinion for opinion in of_body if not opinion.tacit), None)
        if given and tacit and given.late and not given.view.favours:
            return tacit
        return given or tacit

    @property
    def bodies_awaited(self) -> tuple[Body, ...]:
        """Bodies whose opinion the procedure asks for and that have not been heard, nor count as heard.

        Of those that are heard one after another, the next one. One whose opinion is contested is awaited
        again once the grounds have come, and one whose opinion is sent back from that day.
        """
        return tuple(b for b in self._asked if self.opinion_of(b) is None or self._looks_again(b))

    @property
    def _asked(self) -> tuple[Body, ...]:
        """Bodies whose turn has come: one that follows another is asked once the opinion of that is final."""
        follows = {body: self.law.follows.get(body) for body in self.hears}
        return tuple(b for b, first in follows.items() if first not in self.hears or self._is_final(first))

    def _is_final(self, body: Body | None) -> bool:
        spoken = body is not None and self.opinion_of(body) is not None
        again = {one.body for one in self.looked_at_again}
        return spoken and body not in again and body not in self.still_contestable

    @property
    def bodies_unheard(self) -> tuple[Body, ...]:
        """Bodies that have said nothing yet, also where their silence counts as an opinion."""
        heard = {opinion.body for opinion in self.opinions if not opinion.tacit}
        heard |= {self.two_readings.opinion.body} if self.two_readings else set()
        return tuple(body for body in self._asked if body not in heard or self._looks_again(body))

    @property
    def bodies_asking(self) -> tuple[Body, ...]:
        """Bodies that may put questions while their opinion is awaited.

        Interpretation: not while it is looked at again; the time for that stands still for nothing.
        """
        asking = (body for body in self.bodies_awaited if body in self.law.questions)
        return tuple(body for body in asking if not self._looks_again(body))

    # An opinion that is looked at again: because it is contested, or sent back.

    @property
    def looked_at_again(self) -> tuple[Contested | SentBack, ...]:
        """What keeps an opinion from being final: nobody decides, or is heard after it."""
        return (*self.in_contest, *self.in_return)

    @property
    def still_contestable(self) -> tuple[Body, ...]:
        """Bodies whose opinion is not final because the time for a notice runs: nobody decides meanwhile."""
        return tuple(body for body, times in self.law.contests.items() if times.notice in self.clocks)

    @property
    def in_return(self) -> tuple[SentBack, ...]:
        """The opinions that were sent back and not given again yet."""
        return tuple(one for one in self.sent_back if not one.given_again)

    @property
    def returnable(self) -> dict[Body, date]:
        """Final opinions that whoever has been asked since may send back, each with the day since when.

        Interpretation: the silence of a body is nothing that could be looked at again.
        """
        asked = {body: one.by for body, one in self.law.sends_back.items() if one.by in self._asked}
        given = {body: by for body, by in asked.items() if self._is_final(body)}
        tacit = {opinion.body for opinion in self.opinions if opinion.tacit}
        return {body: self.asked_since(by) for body, by in given.items() if body not in tacit}

    @property
    def in_contest(self) -> tuple[Contested, ...]:
        """The opinions that are contested and not final yet."""
        return tuple(one for one in self.contested if one.pending)

    def contest_of(self, body: Body) -> Contested | None:
        """How the opinion of a body was contested: it is once."""
        return next((one for one in self.contested if one.body == body), None)

    @property
    def contestable(self) -> dict[Body, date]:
        """Opinions that may be contested, each with its day: those that were given, and were not contested.

        Whether it is in time the act says that contests one.
        """
        again = {one.body for one in self.looked_at_again}
        heard = [body for body in self.law.contests if body in self.hears and body not in again]
        free = (body for body in heard if not self.contest_of(body))
        given = {body: opinion for body in free if (opinion := self.opinion_of(body)) and not opinion.tacit}
        return {body: opinion.given_on for body, opinion in given.items()}

    def received_since(self, body: Body) -> date:
        """The day from which the time to contest runs: of receipt where a letter tells it, else its own."""
        clock, opinion = self.clocks.get(self.law.contests[body].notice), self.opinion_of(body)
        assert opinion is not None
        return clock.started_on if clock else opinion.received_on or opinion.given_on

    def contested_until(self, body: Body, received_on: date | None) -> date | None:
        """The last day to contest it on every reading; none while the letter that tells it has come back.

        None either where its receipt is presumed: on a day that nobody proved no right is lost.
        """
        notice, opinion = self.law.contests[body].notice, self.opinion_of(body)
        clock = None if received_on else self.clocks.get(notice)
        if not received_on and (clock.presumed if clock else opinion and opinion.presumed):
            return None
        clock = clock or self.law.clock(notice, received_on or self.received_since(body))
        return clock.late_on(self.law.calendar)

    def presumed_until(self, body: Body) -> date | None:
        """The last day to contest it as its receipt is presumed; none where it is proven, or has no day."""
        clock, opinion = self.clocks.get(self.law.contests[body].notice), self.opinion_of(body)
        if clock:
            return clock.late_on(self.law.calendar) if clock.presumed else None
        return opinion.final_since if opinion and opinion.presumed else None

    @property
    def grounds_awaited(self) -> dict[Body, tuple[date, date]]:
        """Contested opinions that lack grounds: the day of the notice, and the last day on every reading."""
        found = {}
        for one in (one for one in self.contested if one.grounds_on is None):
            clock = self.law.clock(self.law.contests[one.body].grounds, one.received_on)
            found[one.body] = (one.noticed_on, clock.late_on(self.law.calendar) or date.max)
        return found

    def _looks_again(self, body: Body) -> bool:
        contested = any(one.body == body and one.grounds_on for one in self.in_contest)
        return contested or any(one.body == body for one in self.in_return)

    def heard_since(self, body: Body) -> date:
        """The first day on which it can have spoken: day 0, or that of what it looks at again."""
        contest = self.contest_of(body)
        returned = next((one.on for one in self.in_return if one.body == body), None)
        return returned or (contest and contest.grounds_on) or self.examined_from

    def awaited_by(self, body: Body) -> str:
        """The clause of the limit within which the opinion of a body is awaited; it may give no time."""
        if any(one.body == body for one in self.in_return):
            return self.law.sends_back[body].again
        return self.law.contests[body].again if self._looks_again(body) else self.law.opinions[body]

    def asked_since(self, body: Body) -> date:
        """The day from which that limit runs: day 0, or since the body that it follows has spoken finally."""
        first = self.law.follows.get(body)
        if self._looks_again(body) or first not in self.hears:
            return self.heard_since(body)
        assert first is not None
        return self.final_since(first)

    def final_since(self, body: Body) -> date:
        """The day since which the opinion of a body is final: its own, or the last one to contest it."""
        contest, opinion = self.contest_of(body), self.opinion_of(body)
        assert opinion is not None
        stands_since = contest.stands_since if contest else opinion.final_since
        return max(stands_since or opinion.given_on, opinion.given_on)  # given again, where sent back since

    def heard_after(self, body: Body) -> tuple[Body, ...]:
        """Bodies that are heard once another one has spoken, and those that are heard once these have."""
        next_ = tuple(later for later, first in self.law.follows.items() if first == body)
        return (*next_, *(last for later in next_ for last in self.heard_after(later)))

    @property
    def hears(self) -> dict[Body, str]:
        """The bodies that are heard on it, each with the clause of its limit."""
        of_law, heard = self.law.opinions, self.law.hearings.get(self.heard_as, tuple(self.law.opinions))
        return {body: clause for body, clause in of_law.items() if body in heard}

    @property
    def lacks(self) -> tuple[Message, ...]:
        """What is missing before anything may be granted: opinions that bind and favour, rules that are kept.

        Interpretation: a rule that nobody judged is not fulfilled.
        """
        found = []
        for body in (body for body in self.law.binding if body in self.hears):
            opinion = self.opinion_of(body)
            if opinion is None or not opinion.view.favours:
                key = "lacks.unfavourable" if opinion else "lacks.opinion"
                found.append(Message(key, body=Message(word_key(body.value))))
        for line in self.checklist:
            if line.verdict is not Verdict.PASS:
                key = "lacks.rule-fails" if line.verdict is Verdict.FAIL else "lacks.judgement"
                found.append(Message(key, rule=line.rule))
        return tuple(found)

    def last_day_of(self, body: Body) -> date | None:
        """The last day of a body whose silence has been told."""
        opinion = self.opinion_of(body)
        tacit = opinion is not None and opinion.tacit
        return opinion.given_on - ONE_DAY if opinion and tacit else self.passed.get(self.awaited_by(body))

    @property
    def exists_by_law(self) -> dict[str, date]:
        """What silence brought about and nobody has established: the day of its effect, by its clause."""
        ends = {c: self.clocks[c].late_on(self.law.calendar) for c in self.to_establish if c in self.clocks}
        return {clause: day + ONE_DAY for clause, day in ends.items() if day}

    @property
    def decided_on_one_reading(self) -> tuple[date, date] | None:
        """From and until when silence has decided on the earlier of two readings alone."""
        clock, calendar = self.clocks.get(self.law.decision), self.law.calendar
        if clock is None or not self.law.silence(self.law.decision).decides:
            return None
        due_on, later_on = clock.due_on(calendar), clock.later_on(calendar)
        return (due_on + ONE_DAY, later_on) if due_on and later_on and due_on < later_on else None

    def carried_past(self, body: Body, asked_on: date, days: int) -> tuple[date, date] | None:
        """The last day of a body and that of the decision, where questions carry the one past the other."""
        clock, deciding = self.clocks.get(self.law.opinions[body]), self.clocks.get(self.law.decision)
        if clock is None or deciding is None:
            return None
        carried = clock.as_it_stands()
        carried.suspend(asked_on, asked_on + ONE_DAY, asked_on + ONE_DAY * days)
        ends, decided = carried.due_on(self.law.calendar), deciding.due_on(self.law.calendar)
        return (ends, decided) if ends and decided and ends > decided else None

    @property
    def readings_open(self) -> bool:
        """Whether two readings lie before a person."""
        return self.two_readings is not None

    @property
    def conditions_open(self) -> tuple[int, ...]:
        """A dossier has no conditions of its own; its programme has."""
        return ()
