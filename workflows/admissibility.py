"""Is the dossier complete and rightly filed?

Law: Royal Decree of 14 December 2006, art. 106 and 108 (the "complete file"; paragraph not verified).
Silence: of the agency, no tacit admissibility, only a flag; of the applicant, a flag and a notice to
the desk, which may declare the dossier inadmissible. Nothing ends by itself.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.acts import (
    CompletionReceived,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    Silence,
)
from models.decision import Outcome
from models.entry import LetterKind
from models.phases import Phase
from workflows.proceeding import Ended, in_facts

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination


async def check_admissibility(dossier: DossierExamination) -> date:
    """The agency checks the dossier, and may ask for what is missing as often as needed.

    Returns: the day on which the dossier was declared admissible, day 0 of the examination.
    """
    overdue = False
    while True:
        due_on = dossier.due("admissibility")
        overdue = overdue and due_on < dossier.today
        match await dossier.next_act(
            DeclaredAdmissible,
            DeclaredIncomplete,
            DeclaredInadmissible,
            phase=Phase.ADMISSIBILITY,
            due_on=due_on,
            overdue=overdue,
            rests_on=("admissibility",),
        ):
            case DeclaredAdmissible() as act:
                return act.on or dossier.today
            case DeclaredIncomplete() as act:
                dossier.start("admissibility", await obtain_completion(dossier, act))
                overdue = False
            case DeclaredInadmissible() as act:
                raise Ended(Outcome.INADMISSIBLE, act, act.grounds)
            case Silence():  # no tacit admissibility: the desk is told, the act stays awaited
                dossier.limit_passed(Phase.ADMISSIBILITY, "admissibility", due_on)
                overdue = True


async def obtain_completion(dossier: DossierExamination, incomplete: DeclaredIncomplete) -> date:
    """The applicant completes the dossier within the limit; after it, a person decides what follows.

    A completion that arrived on the last day can thus be entered the day after.

    Returns: the day on which the completion arrived; the check begins anew from it.
    """
    dossier.clocks.pop("admissibility")
    dossier.start_by_letter("completion", LetterKind.INCOMPLETE, incomplete.on or dossier.today)
    overdue, silence = False, "inadmissible"
    asked = {"missing": list(incomplete.missing)} | in_facts("findings", incomplete.findings)
    dossier.note(**asked, **in_facts("struck", incomplete.struck))
    dossier.tell(
        LetterKind.INCOMPLETE,
        rests_on=("completion",),
        **asked,
        due_on=dossier.due("completion"),
    )
    while True:
        due_on = dossier.last_day("completion")  # none while the letter that asks for it came back
        overdue = overdue and due_on is not None and due_on < dossier.today
        match await dossier.next_act(
            CompletionReceived,
            DeclaredInadmissible,
            phase=Phase.COMPLETION,
            due_on=due_on,
            overdue=overdue,
            rests_on=("completion",),
            silence=silence,
        ):
            case CompletionReceived() as act:
                dossier.clocks.pop("completion")
                dossier.note(documents=[document.name for document in act.documents])
                return act.on or dossier.today
            case DeclaredInadmissible() as act:
                raise Ended(Outcome.INADMISSIBLE, act, act.grounds)
            case Silence() if due_on:  # the desk is told that the dossier may be declared inadmissible
                dossier.limit_passed(Phase.COMPLETION, "completion", due_on, silence)
                overdue = True
