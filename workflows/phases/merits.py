"""Between admissibility and decision: the bodies give their opinions, and whoever has the power decides.

Law: the bodies of the law that the dossier carries, and its clauses of their limits, of the time to answer
and of the time to decide. A decision is possible at any moment, and no question and no missing opinion stops
its limit; where that limit comes after the opinions, nobody decides before the last of them, and nobody
while an opinion is or may be contested (workflows/phases/contest.py) or is sent back
(workflows/phases/sent_back.py).
Silence: as each clause says. What silence brings about is entered when its day passes in the running of
time. What turns out only afterwards to exist, because a day was entered late or corrected or a request never
left, a person establishes; until then what it excludes is refused.
"""

from __future__ import annotations

from models.acts import (
    AdmissibilityCorrected,
    AnswersReceived,
    Decided,
    Established,
    OpinionGiven,
    OpinionSentBack,
    QuestionsRaised,
    ReadingChosen,
    Silence,
)
from models.phases import Phase, Stage
from workflows.phases import contest
from workflows.phases.admissibility import correct_admissibility
from workflows.phases.decision import decide, decision_passed, establish_decision
from workflows.phases.opinions import ask_bodies, choose_reading, establish_opinion, hear, opinion_passed
from workflows.phases.questions import put_questions, questions_passed, take_answers
from workflows.phases.sent_back import send_back
from workflows.under_examination import DossierUnderExamination


async def obtain_opinions(dossier: DossierUnderExamination) -> None:
    """Every body is asked once, and gives its opinion within its limit; one may follow another."""
    while dossier.filed.stage is Stage.OPINIONS:
        ask_bodies(dossier)
        if not (dossier.filed.bodies_awaited or not_final(dossier)):
            begin_to_decide(dossier)
            return dossier.filed.go_on()
        await next_of_examination(dossier, Phase.OPINION)


def not_final(dossier: DossierUnderExamination) -> bool:
    """Whether an opinion is looked at again, or may still be contested."""
    return bool(dossier.filed.looked_at_again or dossier.filed.still_contestable)


def begin_to_decide(dossier: DossierUnderExamination) -> None:
    """The last opinion is final: a limit to decide that comes after them runs from its day."""
    filed, law = dossier.filed, dossier.law
    if not law.awaits_opinions or law.decision in dossier.clocks:
        return
    assert filed.admissible_on is not None
    final_since = (filed.final_since(opinion.body) for opinion in filed.opinions)
    dossier.start(law.decision, max(final_since, default=filed.admissible_on))
    dossier.hold_to_be_established(Phase.DECISION, law.decision)


async def take_decision(dossier: DossierUnderExamination) -> None:
    """Whoever has the power decides within the limit."""
    while dossier.filed.stage is Stage.DECISION:
        await next_of_examination(dossier, Phase.DECISION)


async def next_of_examination(dossier: DossierUnderExamination, phase: Phase) -> None:
    """Waits for the next act, or for the next limit that passes in silence."""
    filed, law = dossier.filed, dossier.law
    awaited = [filed.awaited_by(body) for body in filed.bodies_awaited]
    opinions = [clause for clause in awaited if law.has_limit(clause)]
    contests = contest.running(dossier)
    counts = [*opinions, *contest.awaited(dossier)] or ([] if awaited else [law.decision])
    running = [clause for clause in counts if not dossier.overdue(clause)]
    to_come = [clause for clause in (*opinions, *contests, *law.questions.values(), law.decision)]
    wakes_on = {clause: dossier.wakes_on(clause) for clause in to_come if clause in dossier.clocks}
    coming = {clause: day for clause, day in wakes_on.items() if day}
    wake_on = min(coming.values(), default=None)
    last_days = [day for clause in (running or counts) if (day := dossier.last_day(clause))]
    match await dossier.next_act(
        *possible(dossier),
        phase=phase,
        due_on=min(last_days, default=None),  # none while what counts stands still
        wake_on=wake_on,
        only_tells=dossier.only_tells(wake_on, coming),
        overdue=bool(counts) and not running,
        rests_on=(*counts, *(clause for clause in awaited if clause not in counts)),
    ):
        case OpinionGiven() as act:
            hear(dossier, act)
        case QuestionsRaised() as act:
            put_questions(dossier, act)
        case AnswersReceived() as act:
            take_answers(dossier, act)
        case OpinionSentBack() as act:
            send_back(dossier, act)
        case ReadingChosen() as act:
            choose_reading(dossier, act)
        case AdmissibilityCorrected() as act:
            correct_admissibility(dossier, act)
        case Established() as act if act.limit in law.opinions.values():
            establish_opinion(dossier, act.limit)
        case Established() as act:
            establish_decision(dossier, act)
        case Decided() as act:
            decide(dossier, act)
        case Silence():  # each limit in an entry of its own, the earliest first
            passed = min(coming, key=lambda clause: coming[clause])
            if passed == law.decision:
                decision_passed(dossier, phase)
            elif passed in opinions:
                opinion_passed(dossier, passed)
            elif passed in contests:
                contest.contest_passed(dossier, phase, passed)
            else:
                questions_passed(dossier, phase, passed)


def possible(dossier: DossierUnderExamination) -> tuple[type, ...]:
    """What may be done: what nothing answers to is not possible."""
    filed, law = dossier.filed, dossier.law
    undecidable = not_final(dossier) or (law.awaits_opinions and filed.bodies_awaited)
    holds = (
        (OpinionGiven, bool(filed.bodies_unheard)),
        (QuestionsRaised, bool(filed.bodies_asking)),
        (AnswersReceived, filed.unanswered is not None),
        (OpinionSentBack, bool(filed.returnable)),
        (ReadingChosen, filed.readings_open),
        (Established, bool(filed.exists_by_law.keys() - {law.formal_notice})),  # that one: always
        (Decided, not undecidable),
        (AdmissibilityCorrected, filed.admissible_on is not None),
    )
    return tuple(act for act, holds_now in holds if holds_now)
