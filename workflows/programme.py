"""The life of a programme, one run per authorisation year.

Law: Royal Decree of 14 December 2006, art. 106 to 109. A run ends at the anniversary, also while the
programme is suspended, and the next one begins with the law of the new year: so no change of this
code is ever older than thirteen months in a running programme.
"""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from models.acts import (
    Act,
    AnyNote,
    Closed,
    ClosedToNewPatients,
    ConditionMet,
    DossierEnded,
    DossierFiled,
    InvoicePaid,
    ProgrammeConfirmed,
    Silence,
    SuspensionDeclined,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import anniversary
from models.decision import Decision
from models.dossier import Dossier
from models.entry import LetterKind, OpenClock, Standing
from models.law.applicable import Law
from models.parties import Role
from models.phases import Phase
from models.programme import Programme, Step, StepKind
from models.receipts import Rest
from workflows import re_evaluation
from workflows.closure import close_programme, close_to_new_patients
from workflows.effects import law_of_year
from workflows.invoicing import await_payment, book_payment, settle_invoice
from workflows.proceeding import Proceeding
from workflows.safety_report import press_report
from workflows.suspension import decline_suspension, impose_suspension, lift_suspension, take_effect


@workflow.defn(name="Programme")
class ProgrammeLife(Proceeding):
    """One programme, from its authorisation to its closure."""

    @workflow.init
    def __init__(self, programme: Programme) -> None:
        super().__init__(programme)
        self.programme = programme

    @workflow.run
    async def run(self, programme: Programme) -> str:
        """Lives one authorisation year, then carries itself over to the next."""
        programme.open_year()
        if programme.docket.entries == 0:
            self.happens(
                "Imported",
                programme.opened_on,
                last_update_on=programme.last_update_on,
                imported_from=programme.imported_from,
                assumed=["authorised_on"] if programme.assumed else [],
            )
        if programme.open_cents:
            await_payment(self)
        while not programme.closed_on:
            step = programme.next_step()
            due_on = programme.due_on
            heard = await self.next_act(
                *awaited_by(programme),
                phase=programme.phase,
                due_on=due_on,
                wake_on=step.on,
                overdue=due_on is not None and due_on < self.today,
                rests_on=rests_on(programme),
            )
            if isinstance(heard, Silence) and step.kind is StepKind.YEAR_TURNS:
                await self.turn_year()
            self.answer(heard, step)
        await settle_invoice(self, Phase.CLOSED)
        await self.conclude(Phase.CLOSED)
        return Phase.CLOSED.value

    def answer(self, heard: Act | DossierFiled | DossierEnded | Silence, step: Step) -> None:
        """What follows from an act of a person, from a dossier, or from the day that came."""
        match heard:
            case SuspensionImposed():
                impose_suspension(self, heard)
            case SuspensionDeclined():
                decline_suspension(self, heard)
            case SuspensionLifted():
                lift_suspension(self, heard)
            case ConditionMet():
                self.meet_condition(heard)
            case ProgrammeConfirmed():
                self.programme.confirm(heard.authorised_on, self.today)
                self.note(authorised_on=heard.authorised_on)
            case ClosedToNewPatients():
                close_to_new_patients(self, heard)
            case Closed():
                close_programme(self, heard)
            case InvoicePaid():
                book_payment(self, heard)
            case DossierFiled():
                re_evaluation.take_note_filed(self, heard)
            case DossierEnded():
                re_evaluation.take_note_ended(self, heard)
            case Silence():
                self.take(step)

    def take(self, step: Step) -> None:
        """What the programme does by itself when a day comes."""
        programme = self.programme
        match step.kind:
            case StepKind.SUSPENSION_TAKES_EFFECT:
                self.happens("SuspensionTookEffect", step.on)
                take_effect(self)
            case StepKind.DECISION_TAKES_EFFECT:
                self.happens("DecisionTookEffect", step.on)
                re_evaluation.apply_decisions(self)
            case StepKind.CONDITION_REMINDED | StepKind.CONDITION_OVERDUE:
                self.press_condition(step)
            case StepKind.SAFETY_REPORT_REMINDED | StepKind.SAFETY_REPORT_OVERDUE:
                press_report(self, step)
            case _:
                due = programme.re_evaluation(step.ref)
                assert due is not None
                match step.kind:
                    case StepKind.RE_EVALUATION_REMINDED:
                        re_evaluation.remind(self, due)
                    case StepKind.RE_EVALUATION_MISSED:
                        re_evaluation.flag_missed(self, due, step.on)
                    case StepKind.SUSPENSION_PROPOSED:
                        re_evaluation.propose_suspension(self, due, step.on)

    def announce(self, letter: LetterKind, rests_on: tuple[str, ...], **facts: Any) -> None:
        """Adds a letter to the applicant, and its copy to the physicians, who treat under the programme."""
        for role in (Role.APPLICANT, Role.PHYSICIANS):
            self.tell(letter, role, rests_on, **facts)

    def press_condition(self, step: Step) -> None:
        """A condition is about to fall due, or did: the applicant is told, and the desk when it is late."""
        condition = next(c for c in self.programme.conditions if c.number == step.ref)
        facts: dict[str, Any] = {
            "condition": condition.number,
            "text": condition.text,
            "due_on": condition.due_on,
        }
        if step.kind is StepKind.CONDITION_REMINDED:
            condition.reminded = True
            self.happens("ConditionReminded", **facts)
            self.tell(LetterKind.CONDITION_DUE, **facts)
        else:
            condition.overdue = True
            self.happens("ConditionOverdue", step.on, **facts)
            self.tell(LetterKind.CONDITION_OVERDUE, **facts)
            self.tell(LetterKind.CONDITION_OVERDUE, Role.DESK, **facts)

    def meet_condition(self, act: ConditionMet) -> None:
        """The applicant did what a decision asked."""
        condition = next(c for c in self.programme.conditions if c.number == act.condition)
        condition.met_on = act.on or self.today
        self.note(condition=condition.number, text=condition.text)

    async def turn_year(self) -> None:
        """The anniversary: a new authorisation year, under the law of its first day, in a new run.

        Interpretation: a change of law reaches a running programme at its anniversary, not before.
        """
        programme = self.programme
        began_on = programme.year_ends_on
        self.happens("YearTurned", began_on, year=programme.year + 1)
        programme.law = await law_of_year(programme.procedure, began_on)
        programme.year += 1
        programme.open_year()
        programme.docket.forget_before(anniversary(began_on, -2))
        await self.conclude(programme.phase, programme.due_on, awaited_by(programme), rests_on(programme))
        while note := self.next_note():  # told while the year was turning
            self.answer(note, programme.next_step())
            closed = programme.closed_on is not None  # then the next run only ends
            await self.conclude(
                programme.phase,
                programme.due_on,
                () if closed else awaited_by(programme),
                rests_on(programme),
            )
        workflow.continue_as_new(programme)

    @workflow.signal(description="What a dossier tells its programme; sent by workflows only.")
    def take_note(self, note: AnyNote) -> None:
        """A dossier of this programme was filed, or ended."""
        self.hear_note(note)

    def open_clocks(self) -> list[OpenClock]:
        """Every day that counts in the programme, and the term of its invoice."""
        return clocks_of(self.programme, super().open_clocks())

    def standing(self, rest: Rest) -> Standing:
        """The programme's row in the register."""
        return standing_of(self.programme, rest, self.open_clocks())


def begin(dossier: Dossier, decision: Decision, law: Law) -> Programme:
    """The programme that an authorised application becomes, in its first authorisation year."""
    programme = Programme(
        number=dossier.number,
        procedure=dossier.procedure,
        applicant=dossier.applicant,
        product=dossier.product,
        authorised_on=decision.effective_on,
        opened_on=dossier.opened_on,
        last_update_on=decision.effective_on,
        law=law,
        docket=dossier.docket,
        invoice=dossier.invoice,
    )
    programme.owes(decision.conditions)
    programme.open_year()
    return programme


def awaited_by(programme: Programme) -> tuple[type[Act], ...]:
    """What may be done with a programme in its present state."""
    acts: list[type[Act]] = []
    if programme.conditions_open:
        acts.append(ConditionMet)
    if programme.open_cents:
        acts.append(InvoicePaid)
    if programme.proposal_open:
        acts.append(SuspensionDeclined)
    acts.append(SuspensionImposed)
    if programme.suspensions:
        acts.append(SuspensionLifted)
    if programme.assumed:
        acts.append(ProgrammeConfirmed)
    if not programme.closed_to_new_patients_on:
        acts.append(ClosedToNewPatients)
    return (*acts, Closed)


def rests_on(programme: Programme) -> tuple[str, ...]:
    """The clauses behind the day that counts: that of a re-evaluation or safety report comes from one."""
    evaluations = [r.due_on for r in programme.re_evaluations if r.filed_on is None]
    reports = [r.due_on for r in programme.safety_reports_owed]
    owed = (("re-evaluation", evaluations), (programme.law.safety_report, reports))
    return tuple(clause for clause, days in owed if programme.due_on in days)


def clocks_of(programme: Programme, others: list[OpenClock]) -> list[OpenClock]:
    """The days that count in a programme: what is owed, and what takes effect later."""
    if programme.closed_on:
        return others
    law = programme.law
    return [
        *(
            OpenClock(
                ref=f"re-evaluation-{owed.year}",
                desk=law.desk("re-evaluation"),
                due_on=owed.due_on,
                clock=programme.clock_to("re-evaluation", owed.due_on),
                unverified=bool(law.unverified("re-evaluation")),
            )
            for owed in programme.re_evaluations
            if owed.filed_on is None
        ),
        *(
            OpenClock(
                ref=f"safety-report-{owed.due_on}",
                desk=law.desk(law.safety_report),
                due_on=owed.due_on,
                clock=programme.clock_to(law.safety_report, owed.due_on),
                unverified=bool(law.unverified(law.safety_report)),
            )
            for owed in programme.safety_reports_owed
        ),
        *(
            OpenClock(ref=f"condition-{owed.number}", desk=Role.APPLICANT, due_on=owed.due_on)
            for owed in programme.conditions
            if owed.met_on is None
        ),
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


def standing_of(programme: Programme, rest: Rest, clocks: list[OpenClock]) -> Standing:
    """The programme's row in the register, with what the public page shows of it."""
    coming = [r.due_on for r in programme.re_evaluations if r.filed_on is None]
    return Standing(
        kind="programme",
        procedure=programme.procedure,
        applicant=programme.applicant,
        product=programme.product,
        phase=rest.phase,
        awaits=rest.awaits,
        due_on=rest.due_on,
        overdue=rest.overdue,
        ended=programme.closed_on is not None and not rest.awaits,
        flags=programme.flags,
        unverified=rest.unverified,
        public_list=programme.public_list,
        last_update_on=programme.last_update_on,
        authorised_on=programme.authorised_on,
        re_evaluation_on=min(coming, default=None),
        assumed=programme.assumed,
        conditions=tuple(c for c in programme.conditions if c.met_on is None),
        clocks=tuple(clocks),
        law=programme.law.digest,
    )
