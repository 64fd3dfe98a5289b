"""Is the dossier complete and rightly filed?

Law: the clause `admissibility`, the clause of the limit to complete, and `late-recording` of the law that the
dossier carries. The limit to check stands still from the day on which the notice of what is missing was sent
until all of it has come, and then goes on with what was left; a notice after its last day stops nothing.
Silence: of the agency, no tacit admissibility, only a flag; of the applicant, as the clause of the limit to
complete says. Nothing is forfeited by a notice that came late or went by a way whose day no law gives, nor
where something came in time: then a person decides.
"""

from __future__ import annotations

from models.acts import (
    AdmissibilityCorrected,
    CompletionReceived,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    Silence,
)
from models.clock import ONE_DAY
from models.decision import Outcome
from models.entry import LetterKind
from models.law.silence import SilencePolicy
from models.notes import LetterLeft
from models.phases import Phase, Stage
from workflows import beside
from workflows.case import in_facts
from workflows.phases.contribution import ask_contribution
from workflows.revision import tell_moved
from workflows.under_examination import DossierUnderExamination, Ended

MISSING = "missing"
"""Why the limit to check stands still: something is missing."""


async def check_admissibility(dossier: DossierUnderExamination) -> None:
    """The agency checks the dossier, and may ask for what is missing."""
    while True:
        due_on = dossier.due("admissibility")
        match await dossier.next_act(
            DeclaredAdmissible,
            DeclaredIncomplete,
            DeclaredInadmissible,
            phase=Phase.ADMISSIBILITY,
            due_on=due_on,
            wake_on=dossier.wakes_on("admissibility"),
            only_tells=dossier.silence("admissibility").only_tells,
            overdue=dossier.overdue("admissibility"),
            rests_on=("admissibility",),
        ):
            case DeclaredAdmissible() as act:  # that day is day 0 of the examination
                return begin_examination(dossier, act)
            case DeclaredIncomplete() as act:
                return ask_completion(dossier, act)
            case DeclaredInadmissible() as act:
                raise _inadmissible(dossier, act)
            case Silence():  # no tacit admissibility: the desk is told, the act stays awaited
                dossier.limit_passed(Phase.ADMISSIBILITY, "admissibility")


def begin_examination(dossier: DossierUnderExamination, act: DeclaredAdmissible) -> None:
    """Day 0: the limit to decide starts where no opinion comes before it; the applicant has the timetable."""
    admissible_on = act.on or dossier.today
    dossier.filed.admissible_on = admissible_on
    dossier.filed.heard_as = act.heard_as
    if act.heard_as:
        dossier.note(heard_as=act.heard_as)
    dossier.filed.go_on()
    dossier.filed.checked = dossier.clocks.pop("admissibility")
    law = dossier.law
    if not law.awaits_opinions:
        dossier.start(law.decision, admissible_on)
    heard = dossier.filed.hears
    # from day 0, as phases/opinions.py starts them
    first = {body: clause for body, clause in heard.items() if law.follows.get(body) not in heard}
    timetable = law.timetable(heard, admissible_on)
    if not law.awaits_opinions:
        timetable["due_on"] = dossier.due(law.decision)
    dossier.notify(
        LetterKind.ADMISSIBLE,
        rests_on=(law.decision, *law.opinions.values(), *law.questions.values()),
        counts=tuple(law.clock(clause, admissible_on) for clause in first.values()),
        signatory=act.signatory(law),
        admissible_on=admissible_on,
        **timetable,
    )
    ask_contribution(dossier, admissible_on)
    if law.decision in dossier.clocks:
        dossier.hold_to_be_established(Phase.DECISION, law.decision)


def correct_admissibility(dossier: DossierUnderExamination, act: AdmissibilityCorrected) -> None:
    """What ran from a wrong day runs from the right one; without any such decision nothing runs at all.

    What silence had brought about is looked at anew: it may not exist yet, or turn out to exist already.
    """
    filed, law = dossier.filed, dossier.law
    was, filed.admissible_on = filed.admissible_on, act.admissible_on
    filed.opinions = [opinion for opinion in filed.opinions if not opinion.tacit]
    filed.to_establish, filed.two_readings = [], None
    dossier.note(was=was, admissible_on=act.admissible_on, grounds=act.grounds)
    were = {clause: dossier.last_day(clause) for clause in dossier.clocks}
    waiting = {filed.awaited_by(body): body for body in filed.bodies_awaited}
    begun = law.begun_by(DeclaredAdmissible.__name__)
    if act.admissible_on is None:
        for clause in (law.decision, *law.opinions.values(), *law.questions.values(), *begun):
            dossier.clocks.pop(clause, None)
        filed.stage = Stage.ADMISSIBILITY
        assert filed.checked is not None
        dossier.count("admissibility", filed.checked)
        return
    for clause in begun:
        beside.begin_anew(dossier, clause, act.admissible_on)
    from_day_0 = () if law.awaits_opinions else (law.decision,)
    since = dict.fromkeys(from_day_0, act.admissible_on)
    later = {clause for clause, body in waiting.items() if law.follows.get(body) in filed.hears}
    later &= dossier.clocks.keys()  # asked since an opinion, whatever the day of admissibility
    timed = {c: body for c, body in waiting.items() if law.has_limit(c) and c not in later}
    since |= {clause: filed.asked_since(body) for clause, body in timed.items()}
    for clause, day in since.items():
        stops = dossier.clocks[clause].stops if clause in dossier.clocks else []
        dossier.start(clause, day).stops = stops
    tell_moved(dossier, were)
    for clause in since:
        dossier.hold_to_be_established(Phase.DECISION if clause == law.decision else Phase.OPINION, clause)
    filed.stage = Stage.OPINIONS if waiting or filed.looked_at_again else Stage.DECISION


def ask_completion(dossier: DossierUnderExamination, incomplete: DeclaredIncomplete) -> None:
    """The applicant is told what is missing, and until when it may be completed. The notice leaves today."""
    clause = dossier.law.completion
    dossier.clocks["admissibility"].stop(dossier.today, MISSING, dossier.today)
    dossier.start_by_letter(clause, LetterKind.INCOMPLETE, incomplete.on or dossier.today)
    asked = {"missing": list(incomplete.missing)} | in_facts("findings", incomplete.findings)
    dossier.note(**asked, **in_facts("struck", incomplete.struck), **too_late(dossier))
    dossier.tell(
        LetterKind.INCOMPLETE,
        rests_on=(clause,),
        **asked,
        due_on=dossier.due(clause),
        forfeits=dossier.may_forfeit and dossier.law.silence(clause) is SilencePolicy.FORFEITED,
        too_late=dossier.asked_late,
    )
    dossier.filed.stage = Stage.COMPLETION


async def obtain_completion(dossier: DossierUnderExamination) -> None:
    """The applicant completes the dossier within the limit; what follows after it, the clause says."""
    if dossier.filed.lost_after:
        return await outwait_late_entries(dossier)
    clause = dossier.law.completion
    passing = {c: day for c in (clause, "admissibility") if (day := dossier.wakes_on(c))}
    wake_on = min(passing.values(), default=None)
    match await dossier.next_act(
        CompletionReceived,
        DeclaredInadmissible,
        phase=Phase.COMPLETION,
        due_on=dossier.last_day(clause),  # none while the letter that asks for it came back
        wake_on=wake_on,
        only_tells=dossier.only_tells(wake_on, passing),
        overdue=dossier.overdue(clause),
        rests_on=(clause,),
    ):
        case LetterLeft():
            asked_when_it_left(dossier)
        case CompletionReceived() as act:
            take_completion(dossier, act)
        case DeclaredInadmissible() as act:
            raise _inadmissible(dossier, act)
        case Silence():  # the limit to check has passed if the notice came too late to stop it
            passed = min(passing, key=lambda c: passing[c])
            if dossier.limit_passed(Phase.COMPLETION, passed) is SilencePolicy.FORFEITED:
                forfeit(dossier)


def asked_when_it_left(dossier: DossierUnderExamination) -> None:
    """What is missing was asked on the day on which the notice really left: only then the check stopped."""
    began = dossier.filed.began[dossier.law.completion]
    stop = dossier.clocks["admissibility"].stops[-1]
    for left in dossier.docket.left:
        if (left.entry, left.letter) == (began, LetterKind.INCOMPLETE.value):
            stop.asked_on, stop.first = left.on, left.on + ONE_DAY
    dossier.note(**too_late(dossier))


def too_late(dossier: DossierUnderExamination) -> dict[str, bool]:
    """That the notice of what is missing came after the limit to check, where it did."""
    return {"too_late": True} if dossier.asked_late else {}


def take_completion(dossier: DossierUnderExamination, act: CompletionReceived) -> None:
    """What was missing has come: the check goes on from the day after, with what was left of its limit.

    A part of it changes nothing but that nothing is forfeited by itself any more.
    """
    filed, received_on = dossier.filed, act.on or dossier.today
    dossier.note(
        documents=[document.name for document in act.documents],
        **act.model_dump(mode="json", include={"partial", "posted_on"}, exclude_defaults=True),
    )
    if act.partial:
        filed.partly_completed = True
        return
    dossier.clocks.pop(dossier.law.completion)
    dossier.clocks["admissibility"].restart(received_on, dossier.today)
    filed.stage = Stage.ADMISSIBILITY


def forfeit(dossier: DossierUnderExamination) -> None:
    """The right to complete is lost by law, and the applicant is told so as of a decision.

    The dossier stays open for what came in time and is not entered yet.
    """
    lost_after = dossier.passes_on(dossier.law.completion) - ONE_DAY
    dossier.filed.lost_after = lost_after
    dossier.start("late-recording", lost_after)
    dossier.notify(
        LetterKind.INADMISSIBLE,
        rests_on=(dossier.law.completion,),
        silent_until=lost_after,
        open_until=dossier.due("late-recording"),
    )


async def outwait_late_entries(dossier: DossierUnderExamination) -> None:
    """A completion that came in time undoes the forfeiture; without one the dossier ends as inadmissible."""
    filed = dossier.filed
    lost_after, due_on = filed.lost_after, dossier.due("late-recording")
    assert lost_after is not None
    match await dossier.next_act(
        CompletionReceived,
        phase=Phase.COMPLETION,
        due_on=due_on,
        wake_on=dossier.passes_on("late-recording"),
        rests_on=("late-recording",),
    ):
        case CompletionReceived() as act:
            filed.lost_after = None
            dossier.clocks.pop("late-recording")
            dossier.note(not_lost=lost_after)
            take_completion(dossier, act)
            if not act.partial:
                dossier.tell(
                    LetterKind.COMPLETED_IN_TIME,
                    rests_on=("admissibility",),
                    received_on=act.on or dossier.today,
                    due_on=dossier.due("admissibility"),
                    not_lost=lost_after,
                )
        case Silence():
            dossier.happens("Concluded", due_on + ONE_DAY)
            raise Ended(
                Outcome.INADMISSIBLE,
                lost_after + ONE_DAY,
                silent_until=lost_after,
                told_on=lost_after + ONE_DAY,
            )


def _inadmissible(dossier: DossierUnderExamination, act: DeclaredInadmissible) -> Ended:
    """The end of a dossier that the agency declares inadmissible."""
    on, signatory = act.on or dossier.today, act.signatory(dossier.law)
    return Ended(Outcome.INADMISSIBLE, on, act.grounds, signatory=signatory, unmet=act.unmet)
