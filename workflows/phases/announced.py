"""An application on which a dossier rests was filed, or is announced: linked, or awaited until a day.

Law: the clause of the law of the dossier that says how far off the day may be that the desk sets.
Silence: a flag; the dossier stays open after its decision until the application is linked.
"""

from __future__ import annotations

from functools import partial

from models.acts import Act, ApplicationAnnounced, ApplicationLinked
from models.clock import Limit, Unit
from models.decision import Outcome
from models.entry import LetterKind
from models.objection import LIMITS
from models.phases import Phase
from workflows import beside
from workflows.proceeding import Answer
from workflows.under_examination import DossierUnderExamination


def answers(dossier: DossierUnderExamination) -> dict[type[Act], Answer]:
    """What may be done beside the examination until an application is linked."""
    if not dossier.law.announced or dossier.filed.application:
        return {}
    return {ApplicationAnnounced: partial(announce, dossier), ApplicationLinked: partial(link, dossier)}


def announce(dossier: DossierUnderExamination, act: ApplicationAnnounced) -> None:
    """From now on the application is awaited until the day that the desk sets."""
    on, clause = act.on or dossier.today, dossier.law.announced
    days = (act.expected_on - on).days
    dossier.start(clause, on).limit = Limit(amount=days, unit=Unit.CALENDAR_DAYS)
    dossier.note(expected_on=act.expected_on)


def link(dossier: DossierUnderExamination, act: ApplicationLinked) -> None:
    """The application is there, and is awaited no more."""
    dossier.filed.application = act.application
    dossier.note(application=act.application)
    if dossier.law.announced in dossier.clocks:
        beside.end(dossier, dossier.law.announced, act.on or dossier.today)


def leave_awaited(dossier: DossierUnderExamination) -> None:
    """Nothing of the examination is due any more but, where what was filed is accepted, the application.

    An objection to the invoice outlives it, and so does what ends by itself, or with the letter of its end.
    """
    left = (*LIMITS, dossier.law.announced if dossier.ruling.accepts else "")
    for clause in [c for c in dossier.clocks if c not in left and not _outlives(dossier, c)]:
        dossier.clocks.pop(clause)


def _outlives(dossier: DossierUnderExamination, clause: str) -> bool:
    """Whether a limit runs on after the end: it ends by itself on its day, or with the letter of that end."""
    beside = dossier.law.clauses[clause].beside if clause in dossier.law.clauses else None
    told = LetterKind.INADMISSIBLE if dossier.decision.outcome == Outcome.INADMISSIBLE else ""
    return beside is not None and (
        (beside.lapses and not beside.after) or any(told in sent.letters for sent in beside.sent)
    )


async def await_application(dossier: DossierUnderExamination, phase: Phase) -> None:
    """Keeps a dossier that was accepted open until the application is linked; its day may be set anew."""
    while (clause := dossier.law.announced) in dossier.clocks:
        match await dossier.next_act(
            ApplicationAnnounced,
            ApplicationLinked,
            phase=phase,
            due_on=dossier.due(clause),
            overdue=dossier.overdue(clause),
            rests_on=(clause,),
        ):
            case ApplicationAnnounced() as act:
                announce(dossier, act)
            case ApplicationLinked() as act:
                link(dossier, act)
