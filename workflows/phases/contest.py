"""The applicant contests an opinion: notice, grounds, and the body looks at it again.

Law: the three clauses of `contests` of the law that the dossier carries. The applicant is told the opinion.
The time to give notice and the time to say why run from its receipt: of the letter that tells it where the
clause says so, else on the day on which it was given, unless the notice says a later one; the time to look
again runs from the grounds. An opinion is contested once: the one that is given then is final, and takes
the place of the first one, which stays in its entry. Until it is final nobody decides, and whoever follows
that body is not heard: neither while the time for a notice runs, nor while it is contested. Of a notice that
comes afterwards and counts all the same, what ran for these ends, what they had said falls, and they are
asked anew. A limit to decide that does not wait for opinions goes on.
Silence: without a notice in time the opinion is final. Without grounds in time it stands as it was given, and
those who follow are asked since the last day for either. What came in time may be entered until the decision,
and so may a notice where the day of receipt is presumed: on such a day no right is lost. Interpretation: one
that comes after the presumed time shows a receipt by its own day, from which the time for the grounds runs.
"""

from __future__ import annotations

from functools import partial

from models.acts import Act, GroundsReceived, OpinionContested
from models.clock import ONE_DAY
from models.dossier import Contested
from models.entry import LetterKind
from models.parties import Body, Role
from models.phases import Phase, Stage
from workflows.proceeding import Answer
from workflows.under_examination import DossierUnderExamination


def answers(dossier: DossierUnderExamination) -> dict[type[Act], Answer]:
    """What the applicant may do while its time runs."""
    filed, contests = dossier.filed, dossier.law.contests
    times: dict[type[Act], set[str]] = {
        OpinionContested: {contests[body].notice for body in filed.contestable},
        GroundsReceived: {contests[body].grounds for body in filed.grounds_awaited},
    }
    possible = unlisted(dossier)
    return {act: answer for act, answer in possible.items() if times[act] & dossier.clocks.keys()}


def unlisted(dossier: DossierUnderExamination) -> dict[type[Act], Answer]:
    """The same once that time has passed: what came in it and is entered late; a refusal that says why."""
    if not (dossier.law.contests and dossier.filed.stage in (Stage.OPINIONS, Stage.DECISION)):
        return {}
    return {OpinionContested: partial(take_notice, dossier), GroundsReceived: partial(take_grounds, dossier)}


def tell_opinion(dossier: DossierUnderExamination, body: Body) -> None:
    """Where the opinion of a body may be contested the applicant is told it, and the time for that runs.

    Of one that is final, too, which cannot be contested any more.
    """
    filed, law = dossier.filed, dossier.law
    opinion = filed.opinion_of(body)
    if body not in law.contests or opinion is None or opinion.tacit:
        return
    told = opinion.model_dump(mode="json", include={"body", "view", "given_on", "text"})
    if body not in filed.contestable:
        dossier.tell(LetterKind.OPINION_TOLD, **told)
        return
    times = law.contests[body]
    notice = dossier.start_by_letter(times.notice, LetterKind.OPINION_TOLD, opinion.given_on)
    grounds = law.clock(times.grounds, notice.started_on)
    told |= {"contest_by": dossier.due(times.notice), "grounds_by": grounds.due_on(law.calendar)}
    dossier.tell(LetterKind.OPINION_TOLD, Role.APPLICANT, (times.notice, times.grounds), grounds, **told)


def take_notice(dossier: DossierUnderExamination, act: OpinionContested) -> bool:
    """The opinion is contested: from now on its grounds are awaited. Returns: True."""
    filed, contest = dossier.filed, dossier.law.contests[act.body]
    on = act.on or dossier.today
    until = filed.presumed_until(act.body)
    late = until and on > until
    received_on = act.received_on or (on if late else min(filed.received_since(act.body), on))
    filed.contested.append(Contested(body=act.body, noticed_on=on, received_on=received_on))
    dossier.clocks.pop(contest.notice, None)
    dossier.start(contest.grounds, received_on)
    dossier.note(
        body=act.body.value, received_on=received_on, documents=[document.name for document in act.documents]
    )
    return hear_anew(dossier, act.body)


def take_grounds(dossier: DossierUnderExamination, act: GroundsReceived) -> bool:
    """The body looks at its opinion again, also where the time for the grounds had passed. Returns: True."""
    contest = dossier.filed.contest_of(act.body)
    assert contest is not None
    contest.grounds_on, contest.stands_since = act.on or dossier.today, None
    dossier.clocks.pop(dossier.law.contests[act.body].grounds, None)
    dossier.note(body=act.body.value, documents=[document.name for document in act.documents])
    return hear_anew(dossier, act.body)


def hear_anew(dossier: DossierUnderExamination, body: Body) -> bool:
    """What rests on an opinion that is not final ends, and is asked anew once it is. Returns: True."""
    filed, law = dossier.filed, dossier.law
    later = filed.heard_after(body)
    ends = {*(of[one] for of in (law.opinions, law.questions) for one in later if one in of)}
    ends |= {law.decision} if law.awaits_opinions else set()
    ended = [clause for clause in dossier.clocks if clause in ends]
    for clause in ended:
        filed.end(clause)
    filed.sent_back = [one for one in filed.sent_back if one.given_again or one.body not in later]
    fallen = [opinion.body.value for opinion in filed.opinions if opinion.body in later]
    filed.opinions = [opinion for opinion in filed.opinions if opinion.body not in later]
    if ended or fallen:
        dossier.note(ended=ended, fallen=fallen)
    filed.stage = Stage.OPINIONS
    return True


def running(dossier: DossierUnderExamination) -> list[str]:
    """The times of the applicant that run: of notices, and of grounds."""
    return [clause for clause in dossier.law.contested_within if clause in dossier.clocks]


def awaited(dossier: DossierUnderExamination) -> list[str]:
    """The times that are waited for before anything rests on an opinion: of notices, and of grounds."""
    contests, filed = dossier.law.contests, dossier.filed
    notices = [contests[body].notice for body in filed.still_contestable]
    return [*notices, *(contests[one.body].grounds for one in filed.in_contest if one.grounds_on is None)]


def contest_passed(dossier: DossierUnderExamination, phase: Phase, clause: str) -> None:
    """Nobody gave notice, or no grounds came: the opinion stands as it was given, and the desk is told."""
    last_day, clock = dossier.passes_on(clause) - ONE_DAY, dossier.clocks[clause]
    for body in (body for body in dossier.filed.contestable if dossier.law.contests[body].notice == clause):
        opinion = dossier.filed.opinion_of(body)
        assert opinion is not None
        opinion.received_on, opinion.presumed = clock.started_on, clock.presumed
        opinion.final_since = last_day
    dossier.limit_passed(phase, clause)
    dossier.filed.end(clause)
    contests, pending = dossier.law.contests, dossier.filed.in_contest
    for one in (one for one in pending if contests[one.body].grounds == clause):
        one.stands_since = last_day


def give_again(dossier: DossierUnderExamination, body: Body) -> None:
    """The opinion that a body gives now takes the place of the one that was contested."""
    for one in (one for one in dossier.filed.in_contest if one.body == body):
        one.given_again = True
        dossier.filed.opinions = [o for o in dossier.filed.opinions if o.body != body]
