"""What Temporal carries of every case: acts in their order, one wait, entries at rest, receipts.

This file knows how Temporal works, and nothing of what a case counts or says (workflows/case.py).

One verb waits: `next_act`. It names the phase, the acts that are possible and the day that counts; it
writes the entry of what has happened, answers whoever acted, and waits.

Every act is an update by the name of its command, and all of them go through `perform`, one at a time:
only `run` changes anything. A receipt is given when the case is at rest and its entry is in the register.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from models.acts import (
    EVERY_ACT,
    Act,
    Booking,
    CancellationDismissed,
    Corrected,
    PostReported,
    Revision,
    Silence,
)
from models.clock import civil_day
from models.entry import Entered, OpenClock
from models.envelope import Envelope
from models.errors import ActRefused, ImproperAct, YearTurning
from models.notes import AnyNote, CancellationRequested, LetterNote, RegisterAhead, Reopened
from models.phases import Phase
from models.receipts import Receipt, Rest
from workflows import (
    beside,
    cancellation,
    conflict,
    correction,
    delivery,
    effects,
    invoicing,
    objection,
    temporal_ui,
    warning,
)
from workflows.case import AnyCarried, Happened
from workflows.entries import entry_of, given
from workflows.refusal import refusal, untimely
from workflows.revision import revise
from workflows.runs import Runs
from workflows.updates import update_of
from workflows.waking import Waking, next_waking

Acts = tuple[type[Act], ...]
Answer = Callable[[Any], bool | None]
"""What answers an act beside the phase. Returns: True where other acts are possible in the phase since."""
T = TypeVar("T")


class Proceeding(Runs):
    """A dossier's examination or a programme's life, as it is carried by Temporal.

    All that matters is in what it carries: a run may begin at any rest, with the carried model of that rest.
    """

    def __init__(self, carried: AnyCarried) -> None:
        super().__init__(carried)
        self._at_rest = False
        self._in_hand: tuple[Act, Envelope | None] | None = None
        self._wakes_on: date | None = None
        self._receipts: dict[int, Receipt] = {}
        self._alarm_set: tuple[Waking, asyncio.Task[None]] | None = None

    @property
    def today(self) -> date:
        """The civil date in Brussels."""
        return civil_day(workflow.now())

    def open_clocks(self) -> list[OpenClock]:
        """Every day that counts: limits that run, the invoice, letters that came back, what was asked."""
        tasks = [*delivery.tasks(self), *cancellation.tasks(self)]
        return [*super().open_clocks(), *invoicing.clocks(self), *tasks]

    # What is possible beside the phase.

    @property
    def always(self) -> dict[type[Act], Answer]:
        """Acts possible at any time beside the phase, and what answers them."""
        answers: dict[type[Act], Answer] = {**invoicing.answers(self), **objection.answers(self)}
        if self.docket.cancellation:
            answers[CancellationDismissed] = partial(cancellation.dismiss, self)
        return answers

    @property
    def beside(self) -> dict[type[Act], Answer]:
        """The same for acts that are not listed among what is possible."""
        return {**self.unlisted, **objection.unlisted(self), **invoicing.unlisted(self)}

    # The one verb that waits.

    async def next_act(
        self,
        *possible: type[Act],
        phase: Phase,
        due_on: date | None = None,
        wake_on: date | None = None,
        only_tells: bool = False,
        overdue: bool = False,
        rests_on: tuple[str, ...] = (),
    ) -> Any:
        """Rests in a phase until one of the acts that are possible, a note, or silence.

        A run that has become long ends here, and the next one begins at the same rest.

        Args:
            possible: the acts that are possible here, beside those that are always possible.
            phase: the phase that the case rests in.
            due_on: the last day of the time limit, as told to people.
            wake_on: the day on which silence is heard, if any.
            only_tells: nothing takes effect on that day, and somebody is told: by the morning, then.
            overdue: the limit has passed and this has been said; the act is still possible.
            rests_on: the clauses behind `due_on`.

        Returns: the act, a note, or Silence; or the Revision of the law, the Booking on the invoice, what the
            post reports, or nothing where the day that counts and what is possible have to be asked for anew.
        """
        while True:
            beside.take_act(self)  # what it ends is over before it is said what is possible
            always = self.always
            allowed = (*possible, *(a for a in always if a not in possible))
            self._wakes_on = wake_on
            await self._come_to_rest(
                Rest(
                    phase=phase,
                    possible=tuple(a.command for a in allowed),
                    due_on=due_on,
                    overdue=overdue,
                    unconfirmed=self.unconfirmed(*rests_on),
                ),
                allowed,
            )
            if not self._stirs():
                await self._begin_anew_when_long()
            passes_on, presses_on = beside.wakes_on(self), invoicing.pressing_day(self)
            heard = await self._listen(next_waking(self, wake_on, only_tells))
            await invoicing.as_of_its_notice(self, heard)
            answers = always | self.beside
            match heard:
                case _ if type(heard) in answers and type(heard) not in possible:
                    if answers[type(heard)](heard):
                        return None
                case Revision():
                    revise(self, heard)
                    return heard
                case Booking():
                    invoicing.take_booking(self, heard)
                    return heard
                case PostReported():
                    delivery.take_report(self, heard)
                    return heard
                case Corrected():
                    return self._refuse_late(await correction.correct(self, heard))
                case RegisterAhead() | LetterNote() if heard.entry > self.docket.entries:
                    await self._catch_up()
                case RegisterAhead() | LetterNote():
                    limits = beside.running(self).keys()
                    entered = delivery.take_note(self, heard)
                    if entered or limits != beside.running(self).keys():  # it was done at once: no entry
                        return heard if entered else None
                case CancellationRequested():
                    cancellation.take_note(self, heard)
                case Reopened():
                    conflict.take_note(self, heard)
                case Silence() if passes_on and self.today >= passes_on:
                    if beside.passes(self, phase):
                        return None
                case Silence() if presses_on and self.today >= presses_on:
                    invoicing.press_for_payment(self)
                    return None
                case Silence() if not (wake_on and self.today >= wake_on):
                    warning.warn(self, phase)
                case _:
                    return heard

    async def conclude(
        self,
        phase: Phase,
        due_on: date | None = None,
        next_run: Acts = (),
        rests_on: tuple[str, ...] = (),
    ) -> None:
        """Writes the last entry of this run and answers whoever acted.

        Acts that arrive from here on are refused: for good when the case has ended, or to be asked
        again at once when `next_run` says what is possible in its next run.
        """
        self._turning = True
        if self.happened is None and self.docket.rest and self.docket.rest.phase != phase:
            self.happens("Concluded")
        beside.take_act(self)
        await self._come_to_rest(
            Rest(
                phase=phase,
                possible=tuple(a.command for a in next_run),
                due_on=due_on,
                overdue=due_on is not None and due_on < self.today,
                unconfirmed=self.unconfirmed(*rests_on),
            ),
            next_run,
        )
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def end(self, phase: Phase) -> None:
        """Writes the last entry of the case. What it is told until then is entered, and changes nothing."""
        self.docket.cancellation = None
        await self.conclude(phase)
        while told := self._next_told():
            if isinstance(told, RegisterAhead | LetterNote) and not delivery.take_note(self, told):
                continue
            self.note(without_object=True)
            await self.conclude(phase)

    # Acts, one at a time.

    async def perform(self, act: Act, envelope: Envelope | None = None) -> Receipt:
        """Applies an act in its turn, and answers when the case is at rest again.

        Its envelope was looked at before it came here (workflows/envelopes.py), and stands with its entry.
        """
        if entry := self._known(act):
            return await self._receipt(entry)
        async with self._turn:
            await self._unless_declined(envelope)
            await workflow.wait_condition(lambda: self._rests or self._turning)
            if entry := self._known(act):
                return await self._receipt(entry)
            self._refuse_unless_possible(act)
            self._in_hand = act, envelope
            self._at_rest = False
            await workflow.wait_condition(lambda: act.request_id in self.docket.given or bool(self._refused))
            if self._refused and act.request_id not in self.docket.given:
                raise refusal(self._refused_once())
            return await self._receipt(self.docket.given[act.request_id].entry)

    def refuse_early(self, act: Act) -> None:
        """Refuses what is plainly not possible before anything is written to the history."""
        if not self._known(act) and self._rests and not self._turning:
            self._refuse_unless_possible(act)

    @workflow.update(dynamic=True, description="What is no act is refused, with what is possible.")
    async def unknown(self, command: str, said: Sequence[RawValue]) -> Receipt:
        """Never entered: no case knows an act of that name."""
        raise refusal(untimely(self, command, self._possible))

    @unknown.validator
    def refuse_unknown(self, command: str, said: Sequence[RawValue]) -> None:
        """Refuses what is no act."""
        raise refusal(untimely(self, command, self._possible))

    @property
    def _rests(self) -> bool:
        """Whether an act may be taken up: a day that has come is heard first, then what it was told."""
        return self._at_rest and not self._day_has_come and not self._told

    @property
    def _day_has_come(self) -> bool:
        return self._wakes_on is not None and self.today >= self._wakes_on

    def _known(self, act: Act) -> int | None:
        """The entry of an act that was answered before."""
        given = self.docket.given.get(act.request_id)
        if given is None:
            return None
        if given.digest != act.digest:
            raise refusal(ImproperAct("act.request-id-used", request_id=act.request_id))
        return given.entry

    async def _receipt(self, entry: int) -> Receipt:
        """The receipt of this run, or of an earlier one as the register keeps it."""
        return self._receipts.get(entry) or await effects.receipt_of(self.carried.number, entry)

    def _refuse_unless_possible(self, act: Act) -> None:
        try:
            if self._anew or (self._turning and (self._possible or act.outlives)):
                raise YearTurning("act.carried-over", number=self.carried.number)
            unlisted = (
                isinstance(act, Revision | Booking | PostReported | Corrected) or type(act) in self.beside
            )
            if type(act) not in self._possible and (self._turning or not unlisted):
                raise untimely(self, act.command, self._possible)
            act.check(self.carried, self.today)
        except ActRefused as refused:
            raise refusal(refused) from refused

    # Rest, and what ends it.

    async def _come_to_rest(self, rest: Rest, possible: Acts) -> None:
        happened, self.happened, before = self.happened, None, self.docket.rest
        if happened:
            self.docket.enter_phase(rest.phase, happened.on)
        self.docket.rest = rest
        self._possible = possible
        if happened:
            self.docket.entries += 1
            entry = entry_of(self, happened, rest, workflow.now())
            entered = await effects.enter(entry, ends_run=self._turning or self._is_long)
            if entered:
                self._take(entered, happened, entry.receipt)
            if entered is None or entered.goes_on:
                await self._go_on_from_register(happened, entered)
        temporal_ui.show(self, rest, before)
        self._at_rest = True

    def _take(self, entered: Entered, happened: Happened, receipt: Receipt | None) -> None:
        """What the entry brought: an invoice of the case from now on, and the answer to whoever acted."""
        if entered.invoice and self.carried.invoice is None:
            self.carried.invoice, self.demanded = entered.invoice, None
        if receipt and (request := happened.request):
            issued = {"invoice": entered.invoice.invoice} if entered.invoice else {}
            if not entered.goes_on:  # else the register has another one
                self._receipts[self.docket.entries] = receipt.model_copy(update=issued)
            self.docket.given[request.request_id] = given(self, happened, request)

    async def _listen(self, waking: Waking | None) -> Any:
        """Waits for an act, a note, or a civil day in Brussels; one that has come is heard first."""
        self._wakes_on = waking.on if waking else None
        while not (self._day_has_come or self._stirs()):
            alarm = self._alarm(waking) if waking else None
            await workflow.wait_condition(partial(self._stirs, alarm))
        self._at_rest = False
        if self._day_has_come:
            return Silence(on=self.today)
        if self._in_hand:
            (act, envelope), self._in_hand = self._in_hand, None
            self.happened = Happened(type(act).__name__, act.by, act.on or self.today, act)
            self.happened.envelope = envelope
            return act
        return self._next_told()

    def _stirs(self, alarm: asyncio.Task[None] | None = None) -> bool:
        return bool(self._in_hand or self._told or (alarm and (alarm.done() or self._day_has_come)))

    def _alarm(self, waking: Waking) -> asyncio.Task[None]:
        """The timer that wakes the case; one that still runs until that instant is kept."""
        if self._alarm_set and self._alarm_set[0] == waking and not self._alarm_set[1].done():
            return self._alarm_set[1]
        if self._alarm_set:
            self._alarm_set[1].cancel()
        lasts = waking.at - workflow.now()
        alarm = asyncio.create_task(workflow.sleep(lasts, summary=self.comes_on(waking.on)))
        self._alarm_set = (waking, alarm)
        return alarm

    def comes_on(self, day: date) -> str:
        """What comes at the beginning of a day, for whoever looks at the timers."""
        return temporal_ui.comes_on(self, day)

    # What the case is told by others than people.

    @workflow.signal(description="What a dossier tells its programme, or the postman a case.")
    def take_note(self, note: AnyNote, envelope: Envelope | None = None) -> None:
        """A dossier of this number was filed or ended, or a letter left: heard once, across runs."""
        if not self.docket.hear(self.carried.number, note, self.today):
            workflow.logger.warning("A %s of %s is not heard here.", type(note).__name__, note.dossier)

    async def uncancelled(self, run: Coroutine[Any, Any, T]) -> T | str:
        """Goes on when Temporal is asked to cancel: the request is entered, and a person looks at it.

        Returns: what the run does, or the phase in which the register holds the case ended already.
        """
        try:
            return await cancellation.unless_cancelled(run, self._ask_to_cancel)
        except conflict.Over as over:
            return over.phase

    def _ask_to_cancel(self, reason: str) -> None:
        self.docket.told.append(CancellationRequested(on=self.today, reason=reason))


for _kind in EVERY_ACT:
    setattr(Proceeding, _kind.__name__, update_of(_kind))
