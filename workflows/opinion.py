"""The opinions that the procedure asks for; questions to the applicant stop the clock.

Law: Medicines Act of 25 March 1964, art. 6 § 1 and 6quater; Royal Decree of 14 December 2006, art. 106
and 108. Interpretation: the agency asks one ethics committee, and the commission for an application
(domain notes 12, Q1 and Q3, open).
Silence: of a body, no tacit opinion, only a flag; the agency may go on without it and says why. Of
the applicant to questions, the clock starts again and the examination goes on with the file as it is;
answers may still be entered until the decision. When they turn out to have arrived in time, the silence
has already had its effect: nothing is undone by itself, a person chooses between the two readings.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from models.acts import (
    AnswersReceived,
    OpinionForgone,
    OpinionGiven,
    QuestionsRaised,
    Reading,
    ReadingChosen,
    Silence,
)
from models.clock import Clock
from models.entry import LetterKind
from models.parties import Body, Role
from models.phases import Phase

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination

CLAUSES = {Body.ETHICS_COMMITTEE: "ethics-opinion", Body.COMMISSION: "commission-opinion"}


class Readings(NamedTuple):
    """Answers that arrived on `answered_on`, recorded after the silence of `silence_on` had its effect."""

    answered_on: date
    silence_on: date

    def facts(self, dossier: DossierExamination) -> dict[str, date]:
        """The two readings with the limit to decide in each, as clock and law stand today."""
        happened = dossier.clocks["decision"].model_copy(deep=True)
        end_stop(happened, self.silence_on, self.answered_on, dossier.today)
        due_as_it_happened = happened.due_on(dossier.law.calendar)
        assert due_as_it_happened is not None
        return {
            **self._asdict(),
            "due_as_it_stands": dossier.due("decision"),
            "due_as_it_happened": due_as_it_happened,
        }

    def flag(self, dossier: DossierExamination) -> str:
        """What a person should see at once."""
        facts = self.facts(dossier)
        return (
            f"answers of {self.answered_on} recorded late: decision due {facts['due_as_it_stands']} "
            f"or {facts['due_as_it_happened']}"
        )


async def obtain_opinions(dossier: DossierExamination) -> None:
    """Every body gives its opinion within its limit, or the agency goes on without it."""
    filed = dossier.filed
    for body in filed.bodies_awaited:
        clause = CLAUSES[body]
        dossier.start(clause, dossier.admissible_on)
        dossier.tell(
            LetterKind.OPINION_REQUEST, body.role, (clause,), body=body.value, due_on=dossier.due(clause)
        )
    flagged: dict[str, date] = {}  # the day of each limit that was told to have passed
    beside = ("decision",) if filed.law.every_limit_is_told else ()
    while filed.bodies_awaited:
        awaited = [CLAUSES[body] for body in filed.bodies_awaited]
        due = {clause: dossier.due(clause) for clause in (*awaited, *beside)}
        running = [due[c] for c in awaited if c not in flagged or due[c] >= dossier.today]
        coming = [on for c, on in due.items() if c not in flagged or on >= dossier.today]
        match await dossier.next_act(
            OpinionGiven,
            OpinionForgone,
            *dossier.may_ask,
            *dossier.late_acts,
            phase=Phase.OPINION,
            due_on=min(running or [due[clause] for clause in awaited]),
            wake_on=min(coming) + timedelta(days=1) if beside and coming else None,
            overdue=not running,
            rests_on=tuple(awaited),
        ):
            case OpinionGiven() as act:
                dossier.hear(act.body, act.view, act.on, act.text)
                dossier.clocks.pop(CLAUSES[act.body])
            case OpinionForgone() as act:
                dossier.hear(act.body, None, act.on, act.grounds)
                dossier.clocks.pop(CLAUSES[act.body])
            case QuestionsRaised() as act:
                await obtain_answers(dossier, act)
            case AnswersReceived() as act:
                take_late_answers(dossier, act)
            case ReadingChosen() as act:
                choose_reading(dossier, act)
            case Silence():  # no tacit opinion
                late = {c: on for c, on in due.items() if on < dossier.today and flagged.get(c) != on}
                flagged.update(late)
                first, *others = sorted(late, key=lambda clause: late[clause])
                dossier.limit_passed(phase_of(first), first, late[first])
                for clause in others:
                    dossier.tell_limit_passed(phase_of(clause), clause, late[clause])


def phase_of(clause: str) -> Phase:
    """The phase whose limit it is, in the words of a letter."""
    return Phase.DECISION if clause == "decision" else Phase.OPINION


async def obtain_answers(dossier: DossierExamination, raised: QuestionsRaised) -> None:
    """The clock stands still until the applicant answers, or until the limit to answer has passed."""
    asked_on = raised.on or dossier.today
    dossier.answers_were_due_on = None  # the new questions take the place of the old
    for clock in dossier.clocks.values():
        clock.stop(asked_on, Phase.QUESTIONS.value, dossier.today, dossier.law.last_day_stops)
    dossier.start_by_letter("answers", LetterKind.QUESTIONS, asked_on)
    silence = "decided_on_file"
    dossier.note(questions=list(raised.questions))
    dossier.tell(
        LetterKind.QUESTIONS,
        rests_on=("answers",),
        questions=list(raised.questions),
        due_on=dossier.due("answers"),
    )
    while True:
        due_on = dossier.last_day("answers")  # none while the questions came back
        match await dossier.next_act(
            AnswersReceived,
            phase=Phase.QUESTIONS,
            due_on=due_on,
            rests_on=("answers",),
            silence=silence,
        ):
            case AnswersReceived() as act:
                answered_on = act.on or dossier.today
                dossier.note(documents=[document.name for document in act.documents])
                restart(dossier, answered_on)
                return
            case Silence() if due_on:
                restart(dossier, due_on, told=False)
                dossier.limit_passed(Phase.QUESTIONS, "answers", due_on, silence)
                dossier.answers_were_due_on = due_on
                return


def restart(dossier: DossierExamination, answered_on: date, told: bool = True) -> None:
    """Starts every clock of the examination again; an answer has the applicant told of the new date."""
    dossier.clocks.pop("answers")
    for clock in dossier.clocks.values():
        clock.restart(answered_on, dossier.today)
    if told:
        tell_restart(dossier, answered_on)


def tell_restart(dossier: DossierExamination, answered_on: date) -> None:
    """The applicant is told that the clock runs again, and until when."""
    dossier.tell(
        LetterKind.CLOCK_RESTARTED,
        rests_on=("decision",),
        answered_on=answered_on,
        due_on=dossier.due("decision"),
    )


def take_late_answers(dossier: DossierExamination, act: AnswersReceived) -> None:
    """Answers entered after the limit still join the file.

    If they arrived in time, the silence has nevertheless had its effect: the two readings are put
    before a person. Until 22 November 2026 the stop was shortened at once.
    """
    due_on = dossier.answers_were_due_on
    assert due_on is not None
    answered_on = act.on or dossier.today
    dossier.answers_were_due_on = None
    dossier.note(documents=[document.name for document in act.documents], late=answered_on > due_on)
    if answered_on >= due_on:  # on the last day the stop ends on the same day in both readings
        return
    if not dossier.follows("two-readings-2026-11"):
        for clock in dossier.clocks.values():
            end_stop(clock, due_on, answered_on, dossier.today)
        return
    dossier.two_readings = Readings(answered_on, due_on)
    facts = dossier.two_readings.facts(dossier)
    dossier.note(**facts)
    dossier.tell(LetterKind.CONFLICT, Role.DESK, ("decision",), None, **facts)


def choose_reading(dossier: DossierExamination, act: ReadingChosen) -> None:
    """A person chose: the silence keeps its effect, or the stop ends on the day of the answer."""
    readings = dossier.two_readings
    assert readings is not None
    dossier.two_readings = None
    dossier.note(reading=act.reading.value, grounds=act.grounds)
    if act.reading is Reading.AS_IT_HAPPENED:
        for clock in dossier.clocks.values():
            end_stop(clock, readings.silence_on, readings.answered_on, dossier.today)
        tell_restart(dossier, readings.answered_on)


def end_stop(clock: Clock, ended_on: date, ends_on: date, recorded_on: date) -> None:
    """Lets the stop that ended on one day end on another."""
    for stop in clock.stops:
        if stop.last == ended_on:
            stop.last, stop.ended_recorded_on = ends_on, recorded_on
