"""Questions of a body to the applicant: its own limit stands still for the days that it set, and no other.

Law: the clause of the longest time to answer, of the law that the dossier carries, by the body that may ask.
It runs from the day on which the questions were sent. The limit of the body stands still on exactly the days
that it set, whatever day the answer comes, or until it comes, as that law says; the other body and the
decision never wait.
Silence: of the applicant, as the clause says; as shipped the body gives its opinion on the file as it is,
which is our reading. Answers may still be entered until the decision.
"""

from __future__ import annotations

from datetime import date, timedelta

from models.acts import AnswersReceived, QuestionsRaised
from models.clock import ONE_DAY, Limit
from models.dossier import Inquiry
from models.entry import LetterKind
from models.parties import Body
from models.phases import Phase
from workflows.under_examination import ASKED, DossierUnderExamination


def put_questions(dossier: DossierUnderExamination, raised: QuestionsRaised) -> None:
    """The applicant is asked, and the limit of the body stands still from the day after."""
    law = dossier.law
    clause, of_body = law.questions[raised.body], law.opinions[raised.body]
    answers = dossier.start_by_letter(clause, LetterKind.QUESTIONS, raised.on or dossier.today)
    answers.limit = Limit(amount=raised.days, unit=answers.limit.unit)
    asked_on = answers.started_on
    last = asked_on + timedelta(days=raised.days)
    if law.stops_until_answered:
        dossier.clocks[of_body].stop(asked_on, ASKED, dossier.today)
    else:
        dossier.clocks[of_body].suspend(asked_on, asked_on + ONE_DAY, last, ASKED, dossier.today)
    dossier.filed.inquiries.append(Inquiry(body=raised.body, asked_on=asked_on, days=raised.days))
    dossier.note(body=raised.body.value, questions=list(raised.questions), days=raised.days)
    dossier.tell(
        LetterKind.QUESTIONS,
        rests_on=(clause,),
        body=raised.body.value,
        questions=list(raised.questions),
        days=raised.days,
        due_on=dossier.due(clause),
        until_answered=law.stops_until_answered,
    )


def take_answers(dossier: DossierUnderExamination, act: AnswersReceived) -> None:
    """The answers join the file, whenever they come."""
    asked = dossier.filed.unanswered
    assert asked is not None
    asked.answered_on = act.on or dossier.today
    go_on(dossier, asked.body, asked.answered_on)
    dossier.clocks.pop(dossier.law.questions[asked.body], None)
    dossier.note(body=asked.body.value, documents=[document.name for document in act.documents])


def go_on(dossier: DossierUnderExamination, body: Body, on: date) -> None:
    """The limit of a body goes on that stood still until answers came, or until it needed none."""
    clock = dossier.clocks.get(dossier.law.opinions[body])
    if clock and dossier.law.stops_until_answered:
        clock.restart(on, dossier.today)


def questions_passed(dossier: DossierUnderExamination, phase: Phase, clause: str) -> None:
    """Nobody answered within the days that were set: the body that asked is told."""
    asked = dossier.filed.unanswered
    assert asked is not None
    dossier.limit_passed(phase, clause, asked.body.role)
    dossier.clocks.pop(clause)
