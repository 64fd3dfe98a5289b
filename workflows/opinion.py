"""The opinions that the procedure asks for; questions to the applicant stop the clock.

Law: Medicines Act of 25 March 1964, art. 6 § 1 and 6quater; Royal Decree of 14 December 2006, art. 106
and 108. Interpretation: the agency asks one ethics committee, and the commission for an application
(domain notes 12, Q1 and Q3, open).
Silence: of a body, no tacit opinion, only a flag; the agency may go on without it and says why. Of
the applicant to questions, the clock starts again and the examination goes on with the file as it is;
answers may still be entered until the decision, from the day on which they arrived.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.acts import AnswersReceived, OpinionForgone, OpinionGiven, QuestionsRaised, Silence
from models.entry import LetterKind
from models.parties import Body
from models.phases import Phase

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination

CLAUSES = {Body.ETHICS_COMMITTEE: "ethics-opinion", Body.COMMISSION: "commission-opinion"}


async def obtain_opinions(dossier: DossierExamination) -> None:
    """Every body gives its opinion within its limit, or the agency goes on without it."""
    filed = dossier.filed
    for body in filed.bodies_awaited:
        clock = dossier.clocks[body] = filed.law.clock(CLAUSES[body], dossier.admissible_on)
        dossier.tell(
            LetterKind.OPINION_REQUEST,
            body.role,
            (CLAUSES[body],),
            body=body.value,
            due_on=clock.due_on(filed.law.calendar),
        )
    flagged: set[Body] = set()
    while filed.bodies_awaited:
        due = {body: dossier.due(dossier.clocks[body]) for body in filed.bodies_awaited}
        running = [on for body, on in due.items() if body not in flagged or on >= dossier.today]
        match await dossier.next_act(
            OpinionGiven,
            OpinionForgone,
            QuestionsRaised,
            *dossier.late_answers,
            phase=Phase.OPINION,
            due_on=min(running or due.values()),
            overdue=not running,
            rests_on=tuple(CLAUSES[body] for body in due),
        ):
            case OpinionGiven() as act:
                dossier.hear(act.body, act.view, act.on, act.text)
            case OpinionForgone() as act:
                dossier.hear(act.body, None, act.on, act.grounds)
            case QuestionsRaised() as act:
                await obtain_answers(dossier, act)
            case AnswersReceived() as act:
                take_late_answers(dossier, act)
            case Silence():  # no tacit opinion
                late = {body: on for body, on in due.items() if on < dossier.today}
                flagged.update(late)
                first = min(late, key=lambda body: late[body])
                dossier.limit_passed(Phase.OPINION, CLAUSES[first], late[first])


async def obtain_answers(dossier: DossierExamination, raised: QuestionsRaised) -> None:
    """The clock stands still until the applicant answers, or until the limit to answer has passed."""
    asked_on = raised.on or dossier.today
    dossier.answers_were_due_on = None  # the new questions take the place of the old
    for clock in dossier.clocks.values():
        clock.stop(asked_on)
    due_on = dossier.limit("answers", asked_on)
    dossier.note(questions=list(raised.questions))
    dossier.tell(LetterKind.QUESTIONS, rests_on=("answers",), questions=list(raised.questions), due_on=due_on)
    match await dossier.next_act(
        AnswersReceived, phase=Phase.QUESTIONS, due_on=due_on, rests_on=("answers",)
    ):
        case AnswersReceived() as act:
            answered_on = act.on or dossier.today
            dossier.note(documents=[document.name for document in act.documents])
            dossier.tell(
                LetterKind.CLOCK_RESTARTED,
                rests_on=("decision",),
                answered_on=answered_on,
                due_on=restart(dossier, answered_on),
            )
        case Silence():
            restart(dossier, due_on)
            dossier.limit_passed(Phase.QUESTIONS, "answers", due_on, silence="decided_on_file")
            dossier.answers_were_due_on = due_on


def take_late_answers(dossier: DossierExamination, act: AnswersReceived) -> None:
    """Answers entered after the limit still join the file; if they arrived in time the stop ends then."""
    due_on = dossier.answers_were_due_on
    assert due_on is not None
    answered_on = act.on or dossier.today
    for clock in dossier.clocks.values():
        for stop in clock.stops:
            if stop.last == due_on:
                stop.last = min(answered_on, due_on)
    dossier.note(documents=[document.name for document in act.documents], late=answered_on > due_on)
    dossier.answers_were_due_on = None


def restart(dossier: DossierExamination, answered_on: date) -> date:
    """Starts every clock of the dossier again.

    Returns: the new last day of the limit to decide.
    """
    for clock in dossier.clocks.values():
        clock.restart(answered_on)
    return dossier.due(dossier.decision_clock)
