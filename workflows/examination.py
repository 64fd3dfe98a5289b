"""The examination of a dossier, from e-submission to decision: start reading here.

Law: the dossier's own, put together for the day on which it was received. It says which stages there are and
in which order, which limits, bodies and contribution apply, and how the examination may end; its articles
stand in the folder of the procedure (procedures/).
"""

from __future__ import annotations

from datetime import date
from functools import partial

from temporalio import workflow

from models.acts import Act, Established, FormalNoticeReceived, RuleJudged, Silence, Withdrawn
from models.decision import Decision, Outcome
from models.dossier import Dossier
from models.entry import OpenClock, Standing
from models.flags import flag
from models.law.applicable import Law
from models.notes import DossierEnded
from models.parties import Role
from models.phases import Phase, Stage
from models.programme import Programme
from models.receipts import Rest
from workflows import effects
from workflows.life import ProgrammeLife, begin, clocks_of, possible_in, rests_on, standing_of
from workflows.phases import announced, contest
from workflows.phases.admissibility import check_admissibility, obtain_completion
from workflows.phases.contribution import settle_invoice
from workflows.phases.decision import (
    decide_without_merits,
    establish_decision,
    notify_decision,
    take_formal_notice,
)
from workflows.phases.eligibility import judge
from workflows.phases.filing import acknowledge
from workflows.phases.merits import obtain_opinions, take_decision
from workflows.phases.opinions import flag_readings
from workflows.phases.publicity import list_for_publication
from workflows.phases.remaining import see_done
from workflows.phases.sent_back import flags_of_returns
from workflows.proceeding import Answer
from workflows.under_examination import DossierUnderExamination, Ended


@workflow.defn(name="Dossier")
class DossierExamination(DossierUnderExamination):
    """One dossier. When an application is authorised, the same number continues as its programme."""

    @workflow.init
    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier)
        self.programme: Programme | None = None

    @workflow.run
    async def run(self, dossier: Dossier) -> str:
        """Examines the dossier, from the stage that it has reached, and hands over what was decided."""
        return await self.uncancelled(self.examine(dossier))

    async def examine(self, dossier: Dossier) -> str:
        """The stages in the order of the law; each ends by saying which one follows."""
        while dossier.stage is not Stage.ENDED:
            try:
                match dossier.stage:
                    case Stage.RECEIVED:
                        await self.receive()
                    case Stage.ADMISSIBILITY:  # complete and rightly filed
                        await check_admissibility(self)
                    case Stage.COMPLETION:
                        await obtain_completion(self)
                    case Stage.OPINIONS:
                        await obtain_opinions(self)
                    case Stage.DECISION:
                        await take_decision(self)
                    case Stage.DECIDED:
                        await self.notify_end()
                    case Stage.EFFECT:  # an application that was authorised
                        await self.become_programme()
                    case Stage.SETTLEMENT:
                        await self.settle()
            except Ended as end:  # withdrawn or inadmissible: legal ends, not failures
                decide_without_merits(self, end)
        return self.decision.outcome.value

    async def receive(self) -> None:
        """The e-submission is acknowledged, and its programme told of it."""
        acknowledge(self)
        if self.filed.programme:  # where Temporal has lost it, it hears of this when it is reopened
            await effects.tell_case(self.filed.programme, self.filed.as_filed)
        self.filed.go_on()

    def withdraw(self, act: Withdrawn) -> None:
        """The applicant withdraws: possible at any moment before the decision."""
        raise Ended(Outcome.WITHDRAWN, act.on or self.today, act.grounds)

    async def notify_end(self) -> None:
        """The decision is notified; an end other than an authorisation is told to the programme first.

        A decision on a programme that has closed meanwhile is without object.
        """
        decision = self.decision
        announced.leave_awaited(self)
        if self.filed.law.opens_life and self.ruling.course:
            notify_decision(self, decision)
            self.filed.stage = Stage.EFFECT
            return
        programme = self.filed.programme
        heard = programme is None or await self.tell_end(programme, decision)
        if not heard and decision.outcome not in (Outcome.WITHDRAWN, Outcome.INADMISSIBLE):
            decision.outcome = Outcome.WITHOUT_OBJECT
        notify_decision(self, decision)
        self.filed.stage = Stage.SETTLEMENT

    async def become_programme(self) -> None:
        """An authorised application becomes a programme on the day on which its decision takes effect.

        The programme takes over the number, the entries, what is to be invoiced or paid and what was told to
        it already in one step: there is no moment with neither or with both.
        """
        decision = self.decision
        await self.take_effect(decision.effective_on)
        law = await effects.law_of_year(self.filed.procedure, decision.effective_on)
        self.programme = programme = begin(self.filed, decision, law)
        list_for_publication(self, programme, decision.silent_until)
        await self.conclude(programme.phase, programme.due_on, possible_in(programme), rests_on(programme))
        self.carry_over(ProgrammeLife.run)

    async def settle(self) -> None:
        """The case stays open until what it awaits has come, its contribution is settled and all is done."""
        phase = self.ruling.phase
        await announced.await_application(self, phase)
        await settle_invoice(self, phase)
        await see_done(self, phase)
        self.filed.stage = Stage.ENDED
        await self.end(phase)

    async def take_effect(self, on: date) -> None:
        """A decision that takes effect on a later day was notified at once, and waits for that day."""
        while self.today < on or not self.happened:
            if isinstance(await self.next_act(phase=Phase.GRANTED, due_on=on, wake_on=on), Silence):
                self.happens("TookEffect", on)

    async def tell_end(self, programme: str, decision: Decision) -> bool:
        """Tells the programme under which the dossier was filed what became of it.

        Returns: False when that programme has ended: nobody is there to hear it.
        """
        filed = self.filed
        note = DossierEnded(
            dossier=filed.number,
            on=decision.decided_on,
            kind=filed.kind.value,
            year=filed.year,
            outcome=decision.outcome,
            course=self.ruling.course,
            fact=self.ruling.fact,
            grounds=decision.grounds,
            effective_on=decision.effective_on,
            until_on=decision.until_on,
            conditions=tuple(decision.conditions),
            elements=decision.elements,
            protocol=decision.protocol,
            subject=filed.subject if filed.law.changes_subject else None,
            applicant=filed.applicant if filed.law.changes_applicant else None,
            counts=filed.counts,
        )
        return await effects.tell_end(programme, note)

    # What the phases ask of the dossier.

    @property
    def carries(self) -> Dossier | Programme:
        """The dossier, or its programme from the moment it has become one."""
        return self.programme or self.filed

    @property
    def always(self) -> dict[type[Act], Answer]:
        """The applicant may withdraw at any moment before the decision, and contest an opinion in time.

        What silence after a formal notice brought about may be established in every phase.
        """
        if self.filed.decision:
            return super().always
        answers: dict[type[Act], Answer] = {Withdrawn: self.withdraw} | announced.answers(self)
        answers |= contest.answers(self)
        if self.filed.law.formal_notice in self.filed.exists_by_law:
            answers[Established] = partial(establish_decision, self)
        return answers | super().always

    @property
    def beside(self) -> dict[type[Act], Answer]:
        """Until then a rule may be judged, and formal notice given to decide where no rule does.

        What contests an opinion and came in time may be entered late.
        """
        filed = self.filed
        if filed.decision:
            return super().beside
        answers: dict[type[Act], Answer] = {RuleJudged: partial(judge, self)} | contest.unlisted(self)
        if filed.law.notice_means_something(filed.admissible_on is not None):
            answers[FormalNoticeReceived] = partial(take_formal_notice, self)
        return answers | super().beside

    @property
    def law(self) -> Law:
        """The dossier's own law, or its programme's from the moment it has become one."""
        return self.programme.law if self.programme else self.filed.law

    def open_clocks(self) -> list[OpenClock]:
        """The limits that run; the day on which a granted decision takes effect; a programme's own."""
        if self.programme:
            return clocks_of(self.programme, super().open_clocks())
        decision, open_clocks = self.filed.decision, super().open_clocks()
        if decision and self.ruling.course and decision.effective_on > self.today:
            open_clocks.append(OpenClock(ref="effect", desk=Role.DESK, due_on=decision.effective_on))
        return open_clocks

    def standing(self, rest: Rest) -> Standing:
        """The dossier's row, or its programme's from the moment it has become one."""
        if self.programme:
            return standing_of(self.programme, rest, self.open_clocks())
        filed = self.filed
        coming = filed.decision.effective_on if filed.decision and filed.stage is Stage.EFFECT else self.today
        later = (flag("effect-to-come", coming),) if coming > self.today else ()
        readings = (flag_readings(self),) if filed.two_readings and self.clocks else ()
        last = self.asked_on_last_day
        asked = (flag("asked-on-last-day", last),) if last else ()
        to_establish = tuple(
            flag("exists-by-law", clause, since) for clause, since in filed.exists_by_law.items()
        )
        return Standing(
            kind=filed.kind.value,
            procedure=filed.procedure,
            parent=filed.programme,
            officer=filed.docket.officer,
            applicant=filed.applicant,
            subject=filed.subject,
            phase=rest.phase,
            possible=rest.possible,
            due_on=rest.due_on,
            overdue=rest.overdue,
            ended=filed.stage in (Stage.SETTLEMENT, Stage.ENDED) and not (rest.possible or self.clocks),
            flags=(
                *readings,
                *flags_of_returns(self),
                *asked,
                *later,
                *to_establish,
                *filed.money_flags,
                *filed.docket.flags,
            ),
            unconfirmed=rest.unconfirmed,
            clocks=tuple(self.open_clocks()),
            law=filed.law.digest,
        )
