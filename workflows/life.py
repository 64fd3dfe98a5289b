"""The life of a programme, one run per authorisation year.

Law: that of the year, as its procedure lays it down. A run ends at the anniversary, also while the
programme is suspended, and the next one begins with the law of the new year: so no change of this
code is ever older than thirteen months in a running programme. Long because a year, what may be done in it
and what its row shows are read together.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from temporalio import workflow

from models.acts import (
    Act,
    Closed,
    ClosedToNewPatients,
    ConditionMet,
    ContributionFixed,
    CountRecorded,
    DayDropped,
    Decided,
    Determined,
    Evaluated,
    FactRecorded,
    FormalNoticeReceived,
    InvoicePaid,
    MarketingApplication,
    OpinionGiven,
    ProgrammeConfirmed,
    ProposalDeclined,
    ProvisionallyAuthorised,
    PublicationRecorded,
    ReadingChosen,
    ReportRequested,
    Silence,
    SuccessorDecided,
    SuspensionImposed,
    SuspensionLifted,
    Translated,
)
from models.clock import anniversary
from models.decision import Decision, SetUpBySilence
from models.dossier import Dossier
from models.entry import OpenClock, Standing
from models.law.applicable import Law
from models.law.beside import RECORDED
from models.notes import DossierEnded, DossierFiled, FactTold, Note, PublicNote, PublishedInPart
from models.objection import LIMITS
from models.obligations import Press
from models.parties import Role
from models.programme import Programme, Step, StepKind
from models.receipts import Rest
from models.signs import THE_PROCEDURE
from models.validity import Validity
from workflows.effects import law_of_year
from workflows.in_force import ProgrammeInForce
from workflows.invoicing import book_payment, fix_contribution
from workflows.phases import counts, dossiers, facts, obligation, publicity, validity
from workflows.phases.closure import close_programme, close_to_new_patients
from workflows.phases.contribution import next_until_settled, unsettled
from workflows.phases.decision import choose_decision, take_after_silence, take_formal_notice
from workflows.phases.determination import determine, translate
from workflows.phases.evaluation import evaluate
from workflows.phases.force import enter_into_force
from workflows.phases.opinions import hear_after_decision
from workflows.phases.remaining import see_done
from workflows.phases.suspension import impose_suspension, lift_suspension, take_effect
from workflows.proceeding import Answer


@workflow.defn(name="Programme")
class ProgrammeLife(ProgrammeInForce):
    """One programme, from its authorisation to its closure."""

    hears = (*ProgrammeInForce.hears, DossierFiled, DossierEnded, FactTold, PublicNote)

    @workflow.init
    def __init__(self, programme: Programme) -> None:
        super().__init__(programme)

    @workflow.run
    async def run(self, programme: Programme) -> str:
        """Lives one authorisation year, then carries itself over to the next."""
        return await self.uncancelled(self.live(programme))

    @property
    def beside(self) -> dict[type[Act], Answer]:
        """After silence decided a body may still speak, and a decision of before be entered.

        What is published is recorded, and translated.
        """
        answers: dict[type[Act], Answer] = {}
        if self.programme.unheard:
            answers[OpinionGiven] = partial(hear_after_decision, self)
        if self.programme.silence and not self.programme.readings_open:
            answers[Decided] = partial(take_after_silence, self)
        if self.programme.stated_in:
            answers[Translated] = partial(translate, self)
        if self.law.formal_notice and not (self.programme.in_force_on or self.programme.closed_on):
            answers[FormalNoticeReceived] = partial(take_formal_notice, self)
        if self.clocks.keys() & self.law.ended_by(RECORDED):
            answers[PublicationRecorded] = publicity.recorded
        return answers | super().beside

    async def live(self, programme: Programme) -> str:
        """The days of the year, one after the other, as they come."""
        programme.open_year()
        if programme.docket.entries == 0 and programme.succeeds:
            facts.begin_in_its_place(self)
        elif programme.docket.entries == 0:
            self.happens(
                "Imported",
                programme.opened_on,
                by=programme.imported_by or THE_PROCEDURE,
                last_update_on=programme.last_update_on,
                imported_from=programme.imported_from,
                assumed=["authorised_on"] if programme.assumed else [],
            )
        while not programme.closed_on:
            step = programme.next_step()
            due_on = programme.due_on
            heard = await self.next_act(
                *possible_in(programme),
                phase=programme.phase,
                due_on=due_on,
                wake_on=step.on,
                only_tells=step.only_tells,
                overdue=due_on is not None and due_on < self.today,
                rests_on=rests_on(programme),
            )
            if isinstance(heard, Silence) and step.does is StepKind.YEAR_TURNS:
                await self.turn_year()
            if isinstance(heard, ProgrammeConfirmed):
                await obligation.confirm(self, heard)
            self.answer(heard, step)
            await facts.set_up_successor(self)
        if self.law.formal_notice in self.clocks:  # nothing is left that could be refused
            programme.end(self.law.formal_notice)
        while unsettled(self) or programme.outlived:
            if heard := await next_until_settled(self, programme.phase, *possible_after(programme)):
                self.answer(heard, programme.next_step())
                await facts.set_up_successor(self)
        await see_done(self, programme.phase)
        await self.end(programme.phase)
        return programme.phase.value

    def answer(self, heard: Act | Note | Silence, step: Step) -> None:
        """What follows from an act of a person, from a dossier, or from the day that came."""
        match heard:
            case ProvisionallyAuthorised():
                enter_into_force(self, heard)
            case SuspensionImposed():
                impose_suspension(self, heard)
            case ProposalDeclined():
                obligation.decline_proposal(self, heard)
            case SuspensionLifted():
                lift_suspension(self, heard)
            case ConditionMet():
                obligation.meet_condition(self, heard)
            case Evaluated():
                evaluate(self, heard)
            case MarketingApplication():
                obligation.learn_of_application(self, heard)
            case ReportRequested():
                obligation.request_report(self, heard)
            case DayDropped():
                obligation.drop_day(self, heard)
            case Determined():
                determine(self, heard)
            case ClosedToNewPatients():
                close_to_new_patients(self, heard)
            case Closed():
                close_programme(self, heard)
            case ContributionFixed():
                fix_contribution(self, heard)
            case FactRecorded():
                facts.take_fact(self, heard)
            case CountRecorded():
                counts.record_count(self, heard)
            case OpinionGiven() if heard.body in self.programme.awaited:
                facts.hear_body(self, heard)
            case OpinionGiven():
                hear_after_decision(self, heard)
            case ReadingChosen():
                choose_decision(self, heard)
            case SuccessorDecided():
                facts.decide_successor(self, heard)
            case InvoicePaid():
                book_payment(self, heard)
            case DossierFiled():
                obligation.take_filed(self, heard)
            case DossierEnded():
                dossiers.take_note_ended(self, heard)
            case FactTold():
                facts.hear_of_fact(self, heard)
            case PublishedInPart():
                self.note(lacking=heard.lacking)
            case Silence():
                self.take(step)

    def take(self, step: Step) -> None:
        """What the programme does by itself when a day comes."""
        match step.does:
            case StepKind.SUSPENSION_TAKES_EFFECT:
                self.happens("SuspensionTookEffect", step.on)
                take_effect(self)
            case StepKind.DECISION_TAKES_EFFECT:
                self.happens("DecisionTookEffect", step.on)
                dossiers.apply_decisions(self)
            case StepKind.VALIDITY_WARNED:
                validity.warn(self)
            case StepKind.LAPSES:
                validity.lapse(self, step)
            case Press():
                obligation.press(self, step)

    async def turn_year(self) -> None:
        """The anniversary: a new authorisation year, under the law of its first day, in a new run.

        Interpretation: a change of law reaches a running programme at its anniversary, not before.
        """
        programme = self.programme
        began_on = programme.year_ends_on
        self.happens("YearTurned", began_on, year=programme.year + 1)
        publicity.keep_its_day(self)
        programme.law = await law_of_year(programme.procedure, began_on)
        programme.year += 1
        programme.open_year()
        programme.docket.forget_before(anniversary(began_on, -2))
        await self.conclude(programme.phase, programme.due_on, possible_in(programme), rests_on(programme))
        self.carry_over()

    def open_clocks(self) -> list[OpenClock]:
        """Every day that counts in the programme, and what is to be invoiced or paid."""
        return clocks_of(self.programme, super().open_clocks())

    def comes_on(self, day: date) -> str:
        """What a programme does by itself on a day, for whoever looks at its timers."""
        step = self.programme.next_step()
        return f"until {day}: {step}" if step.on == day else super().comes_on(day)

    def standing(self, rest: Rest) -> Standing:
        """The programme's row in the register."""
        return standing_of(self.programme, rest, self.open_clocks())


def begin(dossier: Dossier, decision: Decision, law: Law) -> Programme:
    """The programme that an authorised application becomes, in its first authorisation year."""
    programme = Programme(
        number=dossier.number,
        procedure=dossier.procedure,
        applicant=dossier.applicant,
        subject=dossier.subject,
        authorised_on=decision.effective_on,
        opened_on=dossier.opened_on,
        last_update_on=decision.effective_on,
        law=law,
        docket=dossier.docket,
        invoice=dossier.invoice,
        unfixed=dossier.unfixed,
        objection=dossier.objection,
        **{part: _of_objection(getattr(dossier, part)) for part in ("clocks", "began", "passed")},
        services_suspended_on=dossier.services_suspended_on,
    )
    if decision.silent_until:
        until = decision.silent_until
        programme.unheard = {body: dossier.last_day_of(body) or until for body in dossier.bodies_unheard}
        programme.silence = SetUpBySilence(kind=dossier.kind, until=until, rulings=dossier.law.outcomes)
    found = {finding.what for finding in dossier.findings}
    programme.proposals = [fact.name for fact in law.facts if fact.name in found]
    programme.facts = dict.fromkeys(programme.proposals, decision.effective_on)
    if MarketingApplication.command in found:  # no later than the form that says so
        programme.facts[MarketingApplication.command] = dossier.opened_on
    known = {counted.name for counted in law.counted}
    programme.allowed = {c.counted: c.count for c in dossier.counts if c.counted in known}
    programme.owes(decision.conditions)
    if by_law := None if decision.until_on else dossier.law.lasts_from(decision.effective_on):
        programme.valid_until(by_law, decision.effective_on, decision.effective_on)
    programme.determine(decision.until_on, decision.elements, decision.protocol, decision.effective_on)
    programme.open_year()
    return programme


def _of_objection(limits: dict[str, Any]) -> dict[str, Any]:
    return {clause: limits[clause] for clause in LIMITS if clause in limits}


def possible_in(programme: Programme) -> tuple[type[Act], ...]:
    """What may be done with a programme in its present state."""
    acts: list[type[Act]] = []
    if programme.conditions_open:
        acts.append(ConditionMet)
    if programme.unfixed:
        acts.append(ContributionFixed)
    if programme.open_cents:
        acts.append(InvoicePaid)
    if any(owed.until == MarketingApplication.command for owed in programme.law.obligations):
        acts.append(MarketingApplication)
    if programme.undetermined:
        acts.append(Determined)
    if programme.readings_open:
        acts.append(ReadingChosen)
    if programme.recordable:
        acts.append(FactRecorded)
    if programme.law.counted:
        acts.append(CountRecorded)
    if programme.awaited:
        acts.append(OpinionGiven)
    if programme.successor_awaited:
        acts.append(SuccessorDecided)
    in_force = programme.in_force_on is not None
    if not in_force and not programme.awaits_fact:
        acts.append(ProvisionallyAuthorised)
    if any(owed.fulfilled_by == Evaluated.command for owed in programme.law.obligations):
        acts.append(Evaluated)
    if programme.requestable:
        acts.append(ReportRequested)
    if programme.days_in_doubt:
        acts.append(DayDropped)
    if programme.proposal_open or programme.proposals:
        acts.append(ProposalDeclined)
    if in_force:
        acts.append(SuspensionImposed)
    if programme.suspensions:
        acts.append(SuspensionLifted)
    if programme.assumed:
        acts.append(ProgrammeConfirmed)
    if in_force and not programme.closed_to_new_patients_on:
        acts.append(ClosedToNewPatients)
    return (*acts, Closed)


def possible_after(programme: Programme) -> tuple[type[Act], ...]:
    """What may still be recorded of a programme that has ended, and decided on what takes its place."""
    if not programme.outlived:
        return ()
    records = (FactRecorded,) if programme.recordable else ()
    return (*records, SuccessorDecided) if programme.successor_awaited else records


def rests_on(programme: Programme) -> tuple[str, ...]:
    """The clauses behind the day that counts, where it is that of something owed by an interval."""
    due = ((owed, each) for owed, each in programme.owing if each.due_on == programme.due_on)
    behind = (each.behind(owed) for owed, each in due)
    return tuple(dict.fromkeys(clause for clauses in behind for clause in clauses))


def clocks_of(programme: Programme, others: list[OpenClock]) -> list[OpenClock]:
    """The days that count in a programme: what is owed, and what takes effect later."""
    law, last = programme.law, programme.term
    follows = (
        [OpenClock(ref="successor", desk=Role.DESK, due_on=programme.succession.asked_on)]
        if programme.succession and programme.successor_awaited
        else []
    )
    if programme.closed_on:
        return [*follows, *others]
    return [
        *(
            OpenClock(
                ref=each.ref,
                desk=owed.owes,
                due_on=each.due_on,
                late_on=each.late_on,
                clock=programme.clock_to(owed, each),
                degree=law.degree(*each.behind(owed)),
            )
            for owed, each in programme.owing
        ),
        *(
            [OpenClock(ref="confirmation", desk=Role.DESK, due_on=programme.opened_on)]
            if programme.assumed
            else []
        ),
        *follows,
        *([_to_last_day(programme, last)] if last else []),
        *(
            OpenClock(ref=f"suspension-{day}", desk=Role.DESK, due_on=day)
            for day in sorted({coming.effective_on for coming in programme.suspensions_to_come})
        ),
        *(
            OpenClock(ref=f"effect-{coming.dossier}", desk=Role.DESK, due_on=coming.effective_on)
            for coming in programme.to_take_effect
        ),
        *others,
    ]


def _to_last_day(programme: Programme, last: Validity) -> OpenClock:
    """Its last day, with the clock that leads to it where the law gives it."""
    clock, law = programme.clock_of_validity, programme.law
    degree = law.degree(law.valid_for) if clock else None
    return OpenClock(ref="validity", desk=Role.DESK, due_on=last.until_on, clock=clock, degree=degree)


def standing_of(programme: Programme, rest: Rest, clocks: list[OpenClock]) -> Standing:
    """The programme's row in the register, with what the public page shows of it."""
    return Standing(
        kind="programme",
        procedure=programme.procedure,
        officer=programme.docket.officer,
        applicant=programme.applicant,
        subject=programme.subject,
        phase=rest.phase,
        possible=rest.possible,
        due_on=rest.due_on,
        overdue=rest.overdue,
        ended=programme.closed_on is not None and not (rest.possible or programme.clocks),
        flags=programme.flags,
        unconfirmed=rest.unconfirmed,
        public_list=programme.public_list,
        last_update_on=programme.last_update_on,
        authorised_on=programme.authorised_on,
        in_force_on=programme.in_force_on,
        review_on=programme.review_on,
        assumed=programme.assumed,
        conditions=() if programme.closed_on else programme.conditions,  # it owes nothing any more
        facts=programme.facts,
        content=programme.content,
        clocks=tuple(clocks),
        law=programme.law.digest,
    )
