"""What remains to be done when a case has ended: it stays open until then.

Law: the clauses of the case that no phase waits for (`models/law/beside.py`), such as the notice of a
decision within so many days.
Silence: a flag; the case stays open and listed.
"""

from __future__ import annotations

from models.notes import DossierEnded, DossierFiled, FactTold
from models.phases import Phase
from workflows import beside
from workflows.proceeding import Proceeding


async def see_done(proceeding: Proceeding, phase: Phase) -> None:
    """Keeps a case that has ended open until what runs beside its phases was done."""
    beside.take_act(proceeding)  # what ended it may begin such a limit
    while clauses := beside.running(proceeding):
        ends = {act for limit in clauses.values() for act in limit.until}
        heard = await proceeding.next_act(
            *(act for act in proceeding.beside if act.__name__ in ends),
            phase=phase,
            due_on=min(filter(None, map(proceeding.last_day, clauses)), default=None),
            overdue=all(map(proceeding.overdue, clauses)),
            rests_on=tuple(clauses),
        )
        if isinstance(heard, DossierFiled | DossierEnded | FactTold):  # the programme has closed
            proceeding.note(without_object=True)
        beside.take_act(proceeding)  # what it ends is over before it is asked what remains
