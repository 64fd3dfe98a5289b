"""The opinions that the procedure asks for.

Law: the bodies that the law of the dossier hears, each with the clause of its limit, which runs from the
decision that the dossier is admissible, or since the body that it follows has spoken; where the clause runs
from the receipt of the request, from that. One whose opinion is contested gives it again
(workflows/phases/contest.py), and so does one whose opinion is sent back (workflows/phases/sent_back.py).
Silence: of a body, as its clause says: flagged, so that its opinion stays awaited, or a favourable opinion by
law. An opinion that was given after its day overwrites nothing: it is kept as late beside the tacit one, and
the desk is alerted. One that came in time and is entered after the silence has two readings, between which a
person chooses.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.acts import OpinionGiven, Reading, ReadingChosen
from models.clock import ONE_DAY
from models.decision import Opinion, View
from models.dossier import Readings
from models.entry import LetterKind
from models.flags import flag
from models.law.applicable import cites
from models.law.silence import SilencePolicy
from models.parties import Body, Role
from models.phases import Phase
from workflows.case import Case
from workflows.in_force import ProgrammeInForce
from workflows.phases.contest import give_again, tell_opinion
from workflows.phases.questions import go_on
from workflows.phases.sent_back import give_after_return
from workflows.under_examination import DossierUnderExamination


def ask_bodies(dossier: DossierUnderExamination) -> None:
    """Every body is asked once; its limit runs from day 0 of the examination, or from what it follows.

    One is asked again whose opinion is contested, and so is whoever follows it. Whoever looks at an opinion
    that was sent back was asked with that.
    """
    filed = dossier.filed
    asked = {body: filed.awaited_by(body) for body in filed.bodies_awaited}
    for body, clause in asked.items():
        if clause in dossier.clocks or not dossier.law.has_limit(clause):
            continue
        dossier.start_by_letter(clause, LetterKind.OPINION_REQUEST, filed.asked_since(body))
        again = {"again": True} if clause != dossier.law.opinions[body] else {}
        asks: dict[str, Any] = {"body": body.value, "due_on": dossier.due(clause), **again}
        asks |= _followed(dossier, body)
        dossier.tell(LetterKind.OPINION_REQUEST, body.role, (clause,), **asks)
        dossier.hold_to_be_established(Phase.OPINION, clause)


def _followed(dossier: DossierUnderExamination, body: Body) -> dict[str, Any]:
    """What the body thinks that one follows, where it has spoken; it is final, or nobody would be asked."""
    first = dossier.law.follows.get(body)
    opinion = first and dossier.filed.opinion_of(first)
    if first is None or not opinion:
        return {}
    told = opinion.model_dump(mode="json", include={"body", "view", "given_on"})
    return {"follows": told | ({"final": True} if first in dossier.law.contests else {})}


def hear(dossier: DossierUnderExamination, act: OpinionGiven) -> None:
    """A body gives its opinion, within its limit or after it.

    A tacit opinion stands beside a late one; where the body spoke in time after all and differs from it, a
    person chooses between the two readings.
    """
    filed, clause = dossier.filed, dossier.filed.awaited_by(act.body)
    give_again(dossier, act.body)
    give_after_return(dossier, act.body)
    given_on, tacit = act.on or dossier.today, filed.opinion_of(act.body)
    go_on(dossier, act.body, given_on)
    ends = dossier.passes_on(clause) if clause in dossier.clocks else None
    last_day = (tacit.given_on if tacit else ends or given_on + ONE_DAY) - ONE_DAY
    opinion = take_opinion(dossier, act, given_on, last_day)
    dossier.clocks.pop(clause, None)
    if clause in filed.to_establish:
        filed.to_establish.remove(clause)
    if tacit is None or act.view.favours:
        filed.opinions.append(opinion)
    elif opinion.late:
        filed.opinions.append(opinion)
        dossier.tell(
            LetterKind.LATE_OPINION, Role.DESK, (), **_of(opinion), silent_until=last_day, decided=False
        )
    else:
        filed.two_readings = Readings(opinion=opinion, silent_until=last_day)
        dossier.tell(LetterKind.CONFLICT, Role.DESK, (), **_of(opinion), silent_until=last_day)
    tell_opinion(dossier, act.body)


def take_opinion(case: Case, act: OpinionGiven, given_on: date, last_day: date) -> Opinion:
    """What a body said, as it stands in the entry; it is late when it was given after the last day."""
    opinion = Opinion(
        body=act.body,
        view=act.view,
        given_on=given_on,
        arrived_on=act.arrived_on,
        text=act.text,
        late=given_on > last_day,
    )
    told = opinion.model_dump(mode="json", include={"view", "given_on", "arrived_on", "late"})
    case.note(body=act.body.value, text=act.text, **told)
    return opinion


def hear_after_decision(life: ProgrammeInForce, act: OpinionGiven) -> None:
    """A body speaks after silence has decided: the programme stands, and whoever decides is alerted.

    Law: none undoes it; what is left is to evaluate, to modify or to suppress.
    """
    last_day = life.programme.unheard.pop(act.body)
    opinion = take_opinion(life, act, act.on or life.today, last_day)
    if not act.view.favours:
        life.tell(LetterKind.LATE_OPINION, Role.DESK, (), **_of(opinion), silent_until=last_day, decided=True)


def choose_reading(dossier: DossierUnderExamination, act: ReadingChosen) -> None:
    """A person chose: the silence keeps its effect, or the opinion counts that came in time."""
    filed, readings = dossier.filed, dossier.filed.two_readings
    assert readings is not None
    filed.two_readings, opinion = None, readings.opinion
    dossier.note(reading=act.reading.value, grounds=act.grounds, body=opinion.body.value)
    opinion.late = act.reading is Reading.AS_IT_STANDS
    filed.opinions.append(opinion)
    tell_opinion(dossier, opinion.body)


def opinion_passed(dossier: DossierUnderExamination, clause: str) -> None:
    """The limit of a body has passed: by its clause the silence is flagged, or is a favourable opinion."""
    passes_on = dossier.passes_on(clause)
    if dossier.silence(clause) is not SilencePolicy.FAVOURABLE:
        dossier.limit_passed(Phase.OPINION, clause)
        return
    if not reached(dossier, body_of(dossier, clause)):  # by the words the opinion exists all the same
        dossier.happens("LimitPassed", passes_on, clause=clause, article=cites(dossier.law.digest, clause))
        dossier.hold_to_be_established(Phase.OPINION, clause)
        return
    dossier.limit_passed(Phase.OPINION, clause, Role.APPLICANT)
    count_as_favourable(dossier, clause, passes_on)


def reached(dossier: DossierUnderExamination, body: Body) -> bool:
    """Whether the request has left to a body and not come back; else what its silence means is not entered.

    Where its law does not ask that the file leaves, nobody tells that it has: it counts as gone.
    """
    request, docket = LetterKind.OPINION_REQUEST.value, dossier.docket
    of_body = f"/{request}/{body.role.value}/"
    came_back = any(of_body in f"{one.notice}/" for one in docket.undelivered)
    left = any(of_body in f"{one.notice}/" for one in docket.left)
    return not came_back and (left or not dossier.law.awaits(request, body.role))


def establish_opinion(dossier: DossierUnderExamination, clause: str) -> None:
    """A person establishes that the silence of a body counts as a favourable opinion since its day."""
    exists_from = dossier.established(clause)
    dossier.tell(
        LetterKind.LIMIT_PASSED,
        Role.APPLICANT,
        (clause,),
        phase=Phase.OPINION.value,
        due_on=dossier.due(clause),
        **dossier.effect_of(clause),
    )
    count_as_favourable(dossier, clause, exists_from)


def count_as_favourable(dossier: DossierUnderExamination, clause: str, exists_from: date) -> None:
    """The silence of a body is on the file as its favourable opinion."""
    body = body_of(dossier, clause)
    opinion = Opinion(body=body, view=View.FAVOURABLE, given_on=exists_from, tacit=True)
    dossier.filed.opinions.append(opinion)
    dossier.note(body=body.value, view=opinion.view.value)
    dossier.clocks.pop(clause)


def body_of(dossier: DossierUnderExamination, clause: str) -> Body:
    """The body whose limit a clause is."""
    (body,) = (body for body, of_body in dossier.law.opinions.items() if of_body == clause)
    return body


def flag_readings(dossier: DossierUnderExamination) -> str:
    """What a person should see at once while two readings lie before the desk."""
    readings = dossier.filed.two_readings
    assert readings is not None
    opinion = readings.opinion
    return flag("opinion-recorded-late", opinion.body.value, opinion.given_on, readings.silent_until)


def _of(opinion: Opinion) -> dict[str, Any]:
    return opinion.model_dump(mode="json", include={"body", "given_on", "arrived_on"}, exclude_none=True)
