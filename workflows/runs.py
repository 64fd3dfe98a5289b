"""How a run of a case ends and the next one begins, with what is carried and nothing awaited in between.

A run that finds itself behind the register, because Temporal was set back, goes on from what stands there.
"""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

from pydantic import BaseModel
from temporalio import workflow

from models import receipts
from models.acts import Act
from models.dossier import Dossier
from models.entry import Entered, TakenUp
from models.envelope import Envelope
from models.errors import ActRefused, ImproperAct, YearTurning
from models.notes import AnyNote, CancellationRequested, LetterNote, RegisterAhead, Reopened, Told
from models.programme import Programme
from workflows import conflict, effects, search
from workflows.case import AnyCarried, Case, Happened
from workflows.refusal import refusal


class Runs(Case):
    """A case whose life has many runs, each begun at a rest of the one before."""

    hears: tuple[type[BaseModel], ...] = (CancellationRequested, LetterNote, RegisterAhead, Reopened)
    """What it is told that it takes up at its next rest; the rest waits for a later run."""

    def __init__(self, carried: AnyCarried) -> None:
        super().__init__(carried)
        self._turn = asyncio.Lock()
        """An act that waits, or is taken up."""
        self._turning = False
        self._anew = False
        self._possible: tuple[type[Act], ...] = ()
        self._refused: ActRefused | None = None
        """Why an act that was taken up cannot be entered here."""

    @property
    def _told(self) -> AnyNote | CancellationRequested | Reopened | None:
        """What it was told and hears next; of an entry that it has yet to hear of after an act that waits.

        The task that entered it was lost, and is done again.
        """
        return next((n for n in self.docket.told if isinstance(n, self.hears) and self._may_hear(n)), None)

    def _may_hear(self, note: Any) -> bool:
        ahead = isinstance(note, RegisterAhead | LetterNote) and note.entry > self.docket.entries
        return not (ahead and self._turn.locked())

    def _next_told(self) -> Any:
        """Takes up the next thing that the case was told and hears, or nothing."""
        if note := self._told:
            self.docket.told.remove(note)
            self.happened = Happened(type(note).__name__, note.said_by, note.on)
            self.happened.told = note
        return note

    async def _unless_declined(self, envelope: Envelope | None) -> None:
        """Raises: what somebody prepared and another one declined is refused, as Temporal carries it."""
        if envelope and envelope.prepared and (one := await effects.declined(envelope.request_id)):
            told = {"preparation": one.preparation, "by": one.by, "answer": "declined"}
            raise refusal(ImproperAct("preparation.answered", **told, possible=("sign",)))

    def _refuse_late(self, refused: ActRefused | None) -> None:
        """An act that was taken up cannot stand by what the register holds: nothing of it is entered."""
        if refused:
            self._refused, self.happened = refused, None

    def _refused_once(self) -> ActRefused:
        """Why an act is refused, told to whoever sent it: a later one is looked at by itself."""
        refused, self._refused = self._refused, None
        assert refused is not None
        return refused

    @property
    def _is_long(self) -> bool:
        """Whether the history of this run has become long: it ends at the next rest."""
        info = workflow.info()
        long = info.get_current_history_length() >= receipts.EVENTS_OF_A_RUN
        return long or info.is_continue_as_new_suggested()

    async def _begin_anew_when_long(self) -> None:
        """Carries the case over to a new run at its rest, when the history of this one has become long."""
        if not self._is_long:
            return
        self._turning = self._anew = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        self.carry_over()

    def carry_over(self, run: Any = None) -> NoReturn:
        """Ends this run; the next one begins with what is carried, and nothing is awaited in between."""
        workflow.continue_as_new(self.carries.written(), workflow=run)

    async def _catch_up(self) -> None:
        """Goes on from the register where that holds more than this run knows; else nothing has happened."""
        happened, self.happened = self.happened, None
        assert happened is not None
        found = await effects.taken_up(self.carried.number, self.docket.entries)
        if found.entries > self.docket.entries:
            await self._go_on_from(found, happened, None)

    async def _go_on_from_register(self, happened: Happened, entered: Entered | None) -> NoReturn:
        """Another entry stands in the place of the next one, or acts that came after the one that stood.

        `entered` is the entry that stood already and was taken over. Raises: Over.
        """
        found = await effects.taken_up(self.carried.number, self.docket.entries)
        await self._go_on_from(found, happened, entered)

    async def _go_on_from(self, found: TakenUp, happened: Happened, entered: Entered | None) -> NoReturn:
        """Temporal was set back, or lost a task: what the register holds of the case beyond this run stands.

        An act whose place is taken is refused. The next run begins at the last entry of the register, and
        enters that it did. Raises: Over.
        """
        act, number = None if entered else happened.request, self.carried.number
        if act and act.request_id in found.requests:  # it stands, and is answered when it is asked again
            act = None
        self._refused = (
            conflict.refused(number, act, found) if act else YearTurning("act.carried-over", number=number)
        )
        self._turning = self._anew = True
        self._possible = ()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if found.ended:
            raise conflict.Over(found.phase)
        reopened = Reopened(on=self.today, entries=found.entries, refused=type(act).__name__ if act else "")
        self.carry_on(conflict.kept(found), [*conflict.still_told(self, happened, found), reopened])

    def carry_on(self, kept: Dossier | Programme | None, told: list[Told]) -> NoReturn:
        """Ends this run; the next one begins with what the register keeps of the case, and hears this."""
        assert kept is not None
        assert kept.docket.rest is not None  # an entry was written at it
        conflict.tell_again(kept.docket, kept.number, told, self.today)
        workflow.upsert_search_attributes(search.where_it_rests(kept.docket.rest))
        kind = "Programme" if isinstance(kept, Programme) else "Dossier"
        workflow.continue_as_new(args=[kept.written()], workflow=kind)
