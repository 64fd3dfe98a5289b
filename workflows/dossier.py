"""The examination of a dossier, from e-submission to decision: start reading here.

Law: Royal Decree of 14 December 2006, art. 106 (compassionate use) and art. 108 (medical need), as
rewritten by the Royal Decree of 25 April 2014. Which limits, contribution and opinions apply is the
dossier's own law, put together on the day it was received (models/law/procedures).
"""

from __future__ import annotations

from datetime import date, datetime

from temporalio import workflow
from temporalio.exceptions import FailureError

from models.acts import (
    Act,
    AnswersReceived,
    DossierEnded,
    DossierFiled,
    Note,
    QuestionsRaised,
    ReadingChosen,
    RuleJudged,
    Silence,
    Withdrawn,
)
from models.decision import Decision, Opinion, Outcome, View
from models.dossier import Dossier
from models.eligibility import Assessed, Verdict, judged
from models.entry import LetterKind, OpenClock, Standing
from models.law.applicable import Law
from models.law.procedures.shape import Kind
from models.parties import Body, Role
from models.phases import ENDS, Phase
from models.programme import Programme
from models.receipts import Rest
from workflows import search
from workflows.admissibility import check_admissibility
from workflows.decision import decide_without_merits, notify_decision, take_decision
from workflows.effects import law_of_year
from workflows.invoicing import ask_contribution, hold_until_paid, settle_invoice
from workflows.opinion import CLAUSES, Readings, obtain_opinions
from workflows.proceeding import Ended, Proceeding, in_facts
from workflows.programme import ProgrammeLife, awaited_by, begin, clocks_of, rests_on, standing_of


@workflow.defn(name="Dossier")
class DossierExamination(Proceeding):
    """One dossier. When an application is authorised, the same number continues as its programme."""

    @workflow.init
    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier)
        self.filed = dossier
        self.admissible_on = dossier.opened_on
        self.answers_were_due_on: date | None = None
        self.two_readings: Readings | None = None
        self.passed: dict[str, date] = {}  # the last day of each limit that was told to have passed
        self.programme: Programme | None = None

    @workflow.run
    async def run(self, dossier: Dossier) -> str:
        """Examines the dossier, phase by phase, and hands over what was decided."""
        self.acknowledge()
        await self.tell_programme(DossierFiled)
        self.always[Withdrawn] = self.withdraw  # at any moment before the decision
        self.beside[RuleJudged] = self.judge
        try:
            self.begin_examination(await check_admissibility(self))  # complete and rightly filed
            await ask_contribution(self)  # Act of 20 July 2006, art. 14/14
            await obtain_opinions(self)  # ethics committee, commission
            await hold_until_paid(self)  # only where the clause unpaid-blocks says so
            decision = await take_decision(self)
        except Ended as end:  # withdrawn or inadmissible: legal ends, not failures
            decision = decide_without_merits(self, end)
        self.always.pop(Withdrawn, None)
        self.beside.pop(RuleJudged, None)
        return await self.hand_over(decision)

    def acknowledge(self) -> None:
        """The e-submission was received: the first entry, and an acknowledgement to the applicant."""
        filed = self.filed
        self.start("admissibility", filed.opened_on)
        self.happens(
            "Received",
            filed.opened_on,
            by=filed.taken_in_by,
            cesp_number=filed.cesp_number,
            law=filed.law.digest,
            **_instant("delivered_at", filed.delivered_at),
            **_instant("taken_in_at", filed.taken_in_at),
            **in_facts("findings", filed.findings),
            **in_facts("checklist", filed.checklist),
        )
        self.tell(
            LetterKind.ACKNOWLEDGEMENT,
            rests_on=("admissibility",),
            kind=filed.kind.value,
            cesp_number=filed.cesp_number,
            received_on=filed.opened_on,
            due_on=self.due("admissibility"),
        )

    def begin_examination(self, admissible_on: date) -> None:
        """Day 0: the limit to decide starts, and the applicant receives the timetable."""
        self.admissible_on = admissible_on
        self.clocks.pop("admissibility")
        self.start("decision", admissible_on)
        law = self.filed.law
        # from day 0, as workflows/opinion.py starts them, also when a contribution is fixed in between
        opinions = {body: law.clock(CLAUSES[body], admissible_on) for body in law.opinions}
        self.tell(
            LetterKind.ADMISSIBLE,
            rests_on=("decision", *(clock.clause for clock in opinions.values()), "answers"),
            counts=tuple(opinions.values()),
            admissible_on=admissible_on,
            due_on=self.due("decision"),
            bodies=[body.value for body in law.opinions],
            opinions=[{"body": b.value, "due_on": c.due_on(law.calendar)} for b, c in opinions.items()],
            answers=law.limit("answers").model_dump(mode="json"),
        )

    async def judge(self, act: RuleJudged) -> None:
        """A person judges a rule of eligibility; it binds nobody, and the phase goes on."""
        (before,) = (line for line in self.filed.checklist if line.rule == act.rule)
        judgement = Assessed(
            rule=act.rule,
            verdict=Verdict(act.verdict),
            article=before.article,
            by=act.by,
            on=act.on or self.today,
            grounds=act.grounds,
        )
        self.filed.checklist = judged(self.filed.checklist, judgement)
        self.note(rule=act.rule, verdict=act.verdict.value, grounds=act.grounds)

    async def withdraw(self, act: Withdrawn) -> None:
        """The applicant withdraws: possible at any moment before the decision."""
        raise Ended(Outcome.WITHDRAWN, act, act.grounds)

    async def hand_over(self, decision: Decision) -> str:
        """An authorised application becomes a programme; any other end is told to its programme.

        The programme takes over the number, the entries and an unpaid invoice in one step: there is no
        moment with neither or with both. A decision on a programme that has closed meanwhile is without
        object.
        """
        self.clocks.clear()  # nothing of the examination is due any more
        if self.filed.kind is Kind.APPLICATION and decision.outcome.phase is Phase.GRANTED:
            later = self.filed.law.first_law_on_first_day
            law = None if later else await law_of_year(self.filed.procedure, decision.effective_on)
            notify_decision(self, decision)
            await self.take_effect(decision)
            law = law or await law_of_year(self.filed.procedure, decision.effective_on)
            self.programme = programme = begin(self.filed, decision, law)
            self.note(handed_over_for_publication=programme.public_list.value)
            if self.follows("publication-notice-2026-11"):
                public_list = programme.public_list.value
                self.tell(LetterKind.PUBLICATION, public_list=public_list, on=decision.effective_on)
            workflow.upsert_search_attributes([search.KIND.value_set("programme")])
            await self.conclude(programme.phase, programme.due_on, awaited_by(programme), rests_on(programme))
            workflow.continue_as_new(programme, workflow=ProgrammeLife.run)
        heard = await self.tell_programme(DossierEnded, decision)
        if not heard and decision.outcome.phase not in (Phase.WITHDRAWN, Phase.INADMISSIBLE):
            decision.outcome = Outcome.WITHOUT_OBJECT
        notify_decision(self, decision)
        await settle_invoice(self, decision.outcome.phase)
        await self.conclude(decision.outcome.phase)
        return decision.outcome.value

    async def take_effect(self, decision: Decision) -> None:
        """A decision that takes effect on a later day is notified at once, and waits for that day."""
        on = decision.effective_on
        while self.today < on:
            heard = await self.next_act(phase=Phase.GRANTED, due_on=on, wake_on=on)
            if isinstance(heard, Silence):
                self.happens("TookEffect", on)

    async def tell_programme(self, what: type[Note], decision: Decision | None = None) -> bool:
        """Tells the programme, if the dossier was filed under one, what became of it.

        Returns: False when that programme is no longer there to hear it.
        """
        filed = self.filed
        if filed.programme is None:
            return True
        request_id = f"{filed.number}#{what.__name__}"
        note: Note
        if decision is None:
            note = DossierFiled(
                request_id=request_id,
                dossier=filed.number,
                on=filed.opened_on,
                kind=filed.kind.value,
                year=filed.year,
            )
        else:
            note = DossierEnded(
                request_id=request_id,
                dossier=filed.number,
                on=decision.decided_on,
                kind=filed.kind.value,
                year=filed.year,
                outcome=decision.outcome,
                grounds=decision.grounds,
                effective_on=decision.effective_on,
                conditions=tuple(decision.conditions),
                product=filed.product if filed.kind is Kind.MODIFICATION else None,
            )
        try:
            await workflow.get_external_workflow_handle(filed.programme).signal("take_note", note)
        except FailureError:
            return False
        return True

    # What the phases ask of the dossier.

    @property
    def law(self) -> Law:
        """The dossier's own law, or its programme's from the moment it has become one."""
        return self.programme.law if self.programme else self.filed.law

    @property
    def may_ask(self) -> tuple[type[Act], ...]:
        """Questions may be raised, but not while two readings lie before a person."""
        return () if self.two_readings else (QuestionsRaised,)

    @property
    def late_acts(self) -> tuple[type[Act], ...]:
        """What a limit to answer that has passed leaves possible, while nothing has been decided.

        Answers may still be entered; when they turn out to have come in time, a person chooses.
        """
        answers = (AnswersReceived,) if self.answers_were_due_on else ()
        return (*answers, *((ReadingChosen,) if self.two_readings else ()))

    def open_clocks(self) -> list[OpenClock]:
        """The limits that run; the day on which a granted decision takes effect; a programme's own."""
        if self.programme:
            return clocks_of(self.programme, super().open_clocks())
        decision, open_clocks = self.filed.decision, super().open_clocks()
        if decision and decision.outcome.phase is Phase.GRANTED and decision.effective_on > self.today:
            open_clocks.append(OpenClock(ref="effect", desk=Role.DESK, due_on=decision.effective_on))
        return open_clocks

    def hear(self, body: Body, view: View | None, on: date | None, text: str) -> None:
        """Adds what a body said to the file; no view means that the agency went on without it."""
        self.filed.opinions.append(Opinion(body=body, view=view, given_on=on or self.today, text=text))
        self.note(body=body.value, view=view.value if view else None, text=text)

    def limit_passed(
        self, phase: Phase, clause: str, due_on: date, silence: str = "no_tacit_decision"
    ) -> None:
        """A limit has passed in silence: entered with what that means, and the desk is told."""
        self.happens("LimitPassed", phase=phase.value, due_on=due_on, silence=silence)
        self.tell_limit_passed(phase, clause, due_on, silence)

    def tell_limit_passed(
        self, phase: Phase, clause: str, due_on: date, silence: str = "no_tacit_decision"
    ) -> None:
        """The desk is told of a limit that has passed."""
        self.passed[clause] = due_on
        kind, told = LetterKind.LIMIT_PASSED, phase.value
        self.tell(kind, Role.DESK, (clause,), phase=told, due_on=due_on, silence=silence)

    def standing(self, rest: Rest) -> Standing:
        """The dossier's row, or its programme's from the moment it has become one."""
        if self.programme:
            return standing_of(self.programme, rest, self.open_clocks())
        filed = self.filed
        readings = (self.two_readings.flag(self),) if self.two_readings and self.clocks else ()
        return Standing(
            kind=filed.kind.value,
            procedure=filed.procedure,
            programme=filed.programme,
            applicant=filed.applicant,
            product=filed.product,
            phase=rest.phase,
            awaits=rest.awaits,
            due_on=rest.due_on,
            overdue=rest.overdue,
            ended=rest.phase in ENDS and not rest.awaits,
            flags=(*readings, *(filed.invoice.flags if filed.invoice else ()), *filed.docket.flags),
            unverified=rest.unverified,
            clocks=tuple(self.open_clocks()),
            law=filed.law.digest,
        )


def _instant(name: str, at: datetime | None) -> dict[str, str]:
    """An instant as a fact of an entry; dossiers of earlier releases carry none."""
    return {name: at.isoformat()} if at else {}
