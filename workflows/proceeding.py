"""What every procedure shares: acts in order, receipts, waits, and entries in the register.

With effects.py this is the only file that knows how Temporal works.

One verb waits: `next_act`. It names the phase, the acts awaited and the day that counts; it writes
the entry of what has happened, answers whoever acted, and waits. What is awaited is what is allowed.

Acts reach `run` one at a time through the update `perform`: only `run` changes anything. A receipt is
given when the case is at rest and its entry is in the register.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.account import Account
from models.acts import (
    Act,
    AnyAct,
    Booking,
    ClosingDayAdded,
    LawChanged,
    Note,
    PostReported,
    Revision,
    Silence,
)
from models.clock import Clock, ClosingDay, civil_day, start_of
from models.decision import Outcome
from models.dossier import Dossier
from models.entry import (
    Credit,
    Demand,
    Entered,
    Entry,
    Letter,
    LetterBatch,
    LetterKind,
    OpenClock,
    Standing,
)
from models.errors import ActRefused, ImproperAct, UntimelyAct, YearTurning
from models.law.applicable import Law
from models.law.calendars import closed_also
from models.law.clause import Applied
from models.parties import Role
from models.phases import Phase
from models.programme import Programme
from models.receipts import Given, Receipt, Rest
from workflows import delivery, effects, invoicing, search, warning

SYSTEM = "the procedure"
"""Who acted, in an entry that a day brought about and not a person."""

Acts = tuple[type[Act], ...]
Answer = Callable[[Any], Awaitable[None]]


class Ended(Exception):
    """The examination ends before a decision on the merits: a legal end, caught once in `run`."""

    def __init__(self, outcome: Outcome, act: Act | Silence, grounds: str = "") -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.act = act
        self.grounds = grounds


class Happened:
    """What has happened since the last rest, as it will stand in the next entry."""

    def __init__(self, act: str, by: str, on: date, request: Act | None = None) -> None:
        self.act = act
        self.by = by
        self.on = on
        self.request = request
        self.facts: dict[str, Any] = {}
        self.letters: list[Letter] = []
        self.demand: Demand | None = None
        self.credit: Credit | None = None


class Proceeding:
    """A dossier's examination or a programme's life, as it is carried by Temporal."""

    def __init__(self, carried: Dossier | Programme | Account) -> None:
        self.carried = carried
        self.docket = carried.docket
        self._turn = asyncio.Lock()
        self._at_rest = False
        self._turning = False
        self._in_hand: Act | None = None
        self._wakes_on: date | None = None
        self._awaited: Acts = ()
        self._notes: deque[Note] = deque()
        self._happened: Happened | None = None
        self._alarm_set: tuple[date, asyncio.Task[None]] | None = None
        self.clocks: dict[str, Clock] = {}
        """The limits that run, by their clause."""
        self.began: dict[str, int] = {}
        """The entry that each of them began with; its letters told of it."""
        self.warned: dict[str, warning.Warned] = {}
        self.demanded: Demand | None = None
        self.always: dict[type[Act], Answer] = {}
        """Acts possible at any time beside the phase, and what answers them."""
        self.beside: dict[type[Act], Answer] = {}
        """The same for acts that nobody waits for: possible, and not listed among what is awaited."""

    # What the procedure says of itself; each kind of proceeding has its own.

    def standing(self, rest: Rest) -> Standing:
        """The row that lists are made from."""
        raise NotImplementedError

    @property
    def law(self) -> Law:
        """The law that applies to the case now."""
        return self.carried.law

    # The calendar and the clocks.

    @property
    def today(self) -> date:
        """The civil date in Brussels."""
        return civil_day(workflow.now())

    def start(self, clause: str, since: date) -> Clock:
        """Starts the clock of a clause; the day itself is not counted."""
        self.clocks[clause] = self.law.clock(clause, since)
        self.began[clause] = self.docket.entries + 1
        return self.clocks[clause]

    def start_by_letter(self, clause: str, letter: LetterKind, on: date) -> Clock:
        """Starts a limit that a letter of an act of a day begins.

        Where it runs from receipt, and the act is entered late, it starts when the letter really leaves:
        nobody is late with what nobody asked yet.
        """
        late = on < self.today and self.law.starts_on_receipt(clause, letter.value, self.law.desk(clause))
        return self.start(clause, self.today if late and self.follows("letter-leaves-2026-11") else on)

    def due(self, clause: str) -> date:
        """The last day of a clock that runs."""
        due_on = self.last_day(clause)
        assert due_on is not None
        return due_on

    def last_day(self, clause: str) -> date | None:
        """The last day of a clock, or nothing while it stands still."""
        return self.clocks[clause].due_on(self.law.calendar)

    def unverified(self, *clauses: str) -> tuple[str, ...]:
        """Which of these clauses no person compared with the text; one that runs, as it was counted."""
        counted = {c: clock.verified for c, clock in self.clocks.items() if clock.verified is not None}
        asked = {c: counted[c] if c in counted else not self.law.unverified(c) for c in clauses}
        return tuple(clause for clause, verified in asked.items() if not verified)

    def open_clocks(self) -> list[OpenClock]:
        """Every day that counts, with the clock that leads to it, as the register keeps it."""
        open_clocks = [
            OpenClock(
                ref=clause,
                desk=self.law.desk(clause),
                due_on=clock.due_on(self.law.calendar),
                clock=clock.model_copy(deep=True),
                unverified=bool(self.unverified(clause)),
            )
            for clause, clock in self.clocks.items()
        ]
        return [*open_clocks, *invoicing.open_clock(self), *delivery.tasks(self)]

    def follows(self, change: str) -> bool:
        """Whether a case follows a change of this code: those that began the step before it do not."""
        return workflow.patched(change)

    # What a phase says about what has just happened.

    def happens(self, act: str, on: date | None = None, by: str = SYSTEM, **facts: Any) -> None:
        """Begins the next entry with something that is not an act sent to this case."""
        self._happened = Happened(act, by, on or self.today)
        self._happened.facts.update(facts)

    def note(self, **facts: Any) -> None:
        """Adds facts to the next entry."""
        assert self._happened is not None
        self._happened.facts.update(facts)

    def tell(
        self,
        letter: LetterKind,
        role: Role = Role.APPLICANT,
        rests_on: tuple[str, ...] = (),
        counts: Clock | tuple[Clock, ...] | None = None,
        **facts: Any,
    ) -> None:
        """Adds a letter that leaves once the next entry is written.

        `rests_on` are the clauses behind what it says: the letter tells how the days of their clocks
        were counted, and which clauses nobody has verified. `counts` are clocks that are none of
        the limits that run.
        """
        assert self._happened is not None
        unverified = self.unverified(*rests_on)
        clocks = [self.clocks[clause] for clause in rests_on if clause in self.clocks]
        clocks += counts if isinstance(counts, tuple) else [counts] if counts else []
        if counted := [self._counted(clock) for clock in clocks if clock.due_on(self.law.calendar)]:
            facts["reckonings"] = counted
        self._happened.letters.append(Letter(kind=letter, role=role, facts=facts, unverified=unverified))

    def _counted(self, clock: Clock) -> dict[str, Any]:
        """How the day of a clock was counted, as a letter tells it."""
        calendar = self.law.calendar
        return {
            "clause": clock.clause,
            "article": clock.article or self.law.clauses[clock.clause].article,
            "reckoning": clock.reckon(calendar).model_dump(mode="json", exclude_defaults=True),
            "off": {closing.day.isoformat(): closing.reason for closing in calendar.closing_days},
        }

    def ask_payment(self, demand: Demand) -> None:
        """Has the register issue an invoice with the next entry."""
        assert self._happened is not None
        self._happened.demand = self.demanded = demand

    def credit(self, credit: Credit) -> None:
        """Has the register issue a credit note with the next entry."""
        assert self._happened is not None
        self._happened.credit = credit

    # The one verb that waits.

    async def next_act(
        self,
        *awaited: type[Act],
        phase: Phase,
        due_on: date | None = None,
        wake_on: date | None = None,
        overdue: bool = False,
        rests_on: tuple[str, ...] = (),
        silence: str = "no_tacit_decision",
    ) -> Any:
        """Rests in a phase until one of the awaited acts, a note of a dossier, or silence.

        Args:
            awaited: the acts that are possible here, beside those that are always possible.
            phase: the phase that the case rests in.
            due_on: the last day of the time limit, as told to people.
            wake_on: the day at whose beginning silence is heard; the day after `due_on` when not
                given. Nothing wakes once the limit is overdue.
            overdue: the limit has passed and this has been said; the act is still awaited.
            rests_on: the clauses behind `due_on`.
            silence: what it will mean that nobody acted; the last warning says it.

        Returns: the act, a note, or Silence; or the Revision of the law, the Booking on the invoice, or what
            the post reports, after which the day that counts has to be asked for anew.
        """
        if wake_on is None and due_on is not None and not overdue:
            wake_on = due_on + timedelta(days=1)
        while True:
            allowed = (*awaited, *(a for a in self.always if a not in awaited))
            self._wakes_on = wake_on
            await self._come_to_rest(
                Rest(
                    phase=phase,
                    awaits=tuple(a.command for a in allowed),
                    due_on=due_on,
                    overdue=overdue,
                    unverified=self.unverified(*rests_on),
                ),
                allowed,
            )
            # what runs beside every phase: an unpaid invoice, and the warnings before a limit ends
            presses_on, warns_on = invoicing.presses_on(self), warning.warns_on(self)
            heard = await self._listen(min(filter(None, (wake_on, presses_on, warns_on)), default=None))
            answers = self.always | self.beside
            answer = answers.get(type(heard)) if type(heard) not in awaited else None
            if answer:
                await answer(heard)
            elif isinstance(heard, Revision):
                self._revise(heard)
                return heard
            elif isinstance(heard, Booking):
                invoicing.take_booking(self, heard)
                return heard
            elif isinstance(heard, PostReported):
                delivery.take_report(self, heard)
                return heard
            elif isinstance(heard, Silence) and presses_on and self.today >= presses_on:
                invoicing.press_for_payment(self)
            elif isinstance(heard, Silence) and not (wake_on and self.today >= wake_on):
                warning.warn(self, phase, silence)
            else:
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
        again at once when `next_run` says what its next run awaits.
        """
        self._turning = True
        if self._happened is None and self.docket.rest and self.docket.rest.phase is not phase:
            self.happens("Concluded")
        await self._come_to_rest(
            Rest(
                phase=phase,
                awaits=tuple(a.command for a in next_run),
                due_on=due_on,
                overdue=due_on is not None and due_on < self.today,
                unverified=self.unverified(*rests_on),
            ),
            next_run,
        )
        await workflow.wait_condition(workflow.all_handlers_finished)

    # Acts, one at a time.

    @workflow.update(description="An act of a person: applied once, answered with a receipt.")
    async def perform(self, act: AnyAct) -> Receipt:
        """Applies an act in its turn, and answers when the case is at rest again."""
        if known := self._known(act):
            return known
        async with self._turn:
            await workflow.wait_condition(lambda: self._rests or self._turning)
            if known := self._known(act):
                return known
            self._refuse_unless_possible(act)
            self._in_hand = act
            self._at_rest = False
            await workflow.wait_condition(lambda: act.request_id in self.docket.given)
            return self.docket.given[act.request_id].receipt

    @perform.validator
    def refuse_early(self, act: AnyAct) -> None:
        """Refuses what is plainly not possible before anything is written to the history."""
        if not self._known(act) and self._rests and not self._turning:
            self._refuse_unless_possible(act)

    @property
    def _rests(self) -> bool:
        """Whether an act may be taken up now.

        A day that has come is heard first: what happens must not depend on whether a worker ran at
        midnight.
        """
        return self._at_rest and not (self._wakes_on and self.today >= self._wakes_on)

    def _known(self, act: Act) -> Receipt | None:
        given = self.docket.given.get(act.request_id)
        if given is None:
            return None
        if given.digest != act.digest:
            raise refusal(ImproperAct(f"The request id {act.request_id} was used for another act."))
        return given.receipt

    def _refuse_unless_possible(self, act: Act) -> None:
        try:
            if self._turning and self._awaited:
                raise YearTurning(f"{self.carried.number} is being carried over to its next run; ask again.")
            unlisted = isinstance(act, Revision | Booking | PostReported) or type(act) in self.beside
            if type(act) not in self._awaited and (self._turning or not unlisted):
                raise UntimelyAct(self._untimely(act), tuple(a.command for a in self._awaited))
            act.check(self.carried, self.today)
        except ActRefused as refused:
            raise refusal(refused) from refused

    def _untimely(self, act: Act) -> str:
        rest = self.docket.rest
        phase = rest.phase.value if rest else "being opened"
        said = f"{act.command} is not possible in {self.carried.number}: its phase is {phase}"
        if not self._awaited:
            return f"{said}, and nothing is awaited any more."
        until = f" until {rest.due_on}" if rest and rest.due_on else ""
        return f"{said} and awaits {', '.join(a.command for a in self._awaited)}{until}."

    # A change of law or calendar that reaches running cases.

    def _revise(self, revision: Revision) -> None:
        """The law of the case is changed, and every day that moves is noted and told."""
        law = self.law
        were = {clause: clock.due_on(law.calendar) for clause, clock in self.clocks.items()}
        match revision:
            case ClosingDayAdded():
                closing = ClosingDay(
                    day=revision.day, reason=revision.reason, by=revision.by, entered_on=self.today
                )
                self.carried.law = law.revised(calendar=closed_also(law.calendar, (closing,)))
                self.note(day=revision.day, reason=revision.reason)
            case LawChanged():
                applied = revision.applied
                self.carried.law = law.revised(applied=applied)
                self._follow(applied)
                self.note(clause=applied.clause, article=applied.article, from_on=applied.from_on)
                self.note(transition="correction" if revision.correction else "running")
        now = {clause: clock.due_on(self.law.calendar) for clause, clock in self.clocks.items()}
        self.warned = {c: warned for c, warned in self.warned.items() if warned.due_on == now.get(c)}
        moved = [clause for clause in now if now[clause] != were[clause]]
        self.note(moved=[{"clause": c, "was": were[c], "due_on": now[c]} for c in moved])
        for clause in moved:
            desk = self.law.desk(clause)
            told = (desk, Role.APPLICANT) if desk is Role.DESK else (desk,)  # our own limits we told it
            was, due_on = were[clause], now[clause]
            for role in told:
                self.tell(LetterKind.DATE_MOVED, role, (clause,), clause=clause, was=was, due_on=due_on)

    def _follow(self, applied: Applied) -> None:
        """A clock takes over a new limit; not one that has ended, nor one that it would have ended."""
        clock = self.clocks.get(applied.clause)
        self.warned.pop(applied.clause, None)
        if clock is None or not applied.limits:
            return
        ends = clock.due_on(self.law.calendar)
        changed = clock.model_copy(update={"limit": applied.limits[0], "rules": applied.rules})
        would_end = changed.due_on(self.law.calendar)
        if all(day is None or day >= self.today for day in (ends, would_end)):
            clock.follow(
                changed.limit, changed.rules, applied.article, applied.from_on, applied.verified, self.today
            )

    # Rest, and what ends it.

    async def _come_to_rest(self, rest: Rest, awaited: Acts) -> None:
        happened, self._happened = self._happened, None
        before = self.docket.rest
        if happened:
            self.docket.enter_phase(rest.phase, happened.on)
        self.docket.rest = rest
        self._awaited = awaited
        if happened:
            self.docket.entries += 1
            entered = await effects.enter(self._entry(happened, rest))
            self._book(entered)
            if happened.request:
                self._answer(happened, rest, entered)
        self._show(rest, before)
        self._at_rest = True
        if happened and happened.letters:
            await effects.send(self._letters(happened, entered))

    def _entry(self, happened: Happened, rest: Rest) -> Entry:
        request = happened.request
        standing = self.standing(rest)
        law = self.law if self.docket.law != standing.law else None
        self.docket.law = standing.law
        return Entry(
            number=self.carried.number,
            sequence=self.docket.entries,
            recorded_at=workflow.now(),
            happened_on=happened.on,
            act=happened.act,
            by=happened.by,
            request_id=request.request_id if request else None,
            facts=happened.facts,
            standing=standing,
            law=law,
            demand=happened.demand,
            credit=happened.credit,
            invoice=self.carried.invoice,
            documents=getattr(request, "documents", ()) if request else self._filed(),
        )

    def _filed(self) -> Any:
        first = self.docket.entries == 1
        return self.carried.documents if first and isinstance(self.carried, Dossier) else ()

    def _book(self, entered: Entered) -> None:
        if entered.invoice and self.carried.invoice is None:
            self.carried.invoice, self.demanded = entered.invoice, None
            entered.invoice.clock = invoicing.term_clock(self, entered.invoice.issued_on)

    def _answer(self, happened: Happened, rest: Rest, entered: Entered) -> None:
        request = happened.request
        assert request is not None
        receipt = Receipt(
            number=self.carried.number,
            phase=rest.phase,
            awaits=rest.awaits,
            due_on=rest.due_on,
            overdue=rest.overdue,
            entry=self.docket.entries,
            act=happened.act,
            on=happened.on,
            letters=tuple(letter.kind.value for letter in happened.letters),
            invoice=entered.invoice.invoice if entered.invoice else None,
            unverified=rest.unverified,
        )
        self.docket.given[request.request_id] = Given(digest=request.digest, receipt=receipt)

    def _letters(self, happened: Happened, entered: Entered) -> LetterBatch:
        carried = self.carried
        return LetterBatch(
            number=carried.number,
            entry=self.docket.entries,
            on=self.today,
            procedure=carried.procedure,
            applicant=carried.applicant,
            invoice_addressee=carried.invoice_addressee
            if isinstance(carried, Dossier)
            else carried.applicant,
            product=carried.product,
            article=carried.law.article,
            invoice=carried.invoice,
            credit_note=entered.credit_note,
            letters=tuple(happened.letters),
        )

    def _show(self, rest: Rest, before: Rest | None) -> None:
        """What the Temporal UI shows: search attributes where they changed, and one sentence."""
        changed: list[Any] = []
        if before is None or before.phase != rest.phase:
            changed.append(search.PHASE.value_set(rest.phase.value))
        if before is None or before.due_on != rest.due_on:
            due = search.DUE_ON
            changed.append(due.value_set(start_of(rest.due_on)) if rest.due_on else due.value_unset())
        if changed:
            workflow.upsert_search_attributes(changed)
        until = f" until {rest.due_on}{' (overdue)' if rest.overdue else ''}" if rest.due_on else ""
        awaits = f"Awaits {', '.join(rest.awaits)}{until}." if rest.awaits else "Nothing is awaited any more."
        workflow.set_current_details(f"{rest.phase.value.replace('_', ' ').capitalize()}. {awaits}")

    async def _listen(self, wake_on: date | None) -> Any:
        """Waits for an act, a note, or the beginning of a civil day in Brussels."""
        self._wakes_on = wake_on
        while not (self._in_hand or self._notes):
            if wake_on is None:
                await workflow.wait_condition(self._stirs)
            elif self.today >= wake_on:
                self._at_rest = False
                return Silence(on=self.today)
            else:
                alarm = self._alarm(wake_on)
                await workflow.wait_condition(partial(self._stirs, alarm))
        self._at_rest = False
        if self._in_hand:
            act, self._in_hand = self._in_hand, None
            self._happened = Happened(type(act).__name__, act.by, act.on or self.today, act)
            return act
        return self.next_note()

    def _stirs(self, alarm: asyncio.Task[None] | None = None) -> bool:
        return bool(self._in_hand or self._notes) or (alarm is not None and alarm.done())

    def _alarm(self, wake_on: date) -> asyncio.Task[None]:
        """The timer that ends at the beginning of a day; one that still runs for that day is kept."""
        if self._alarm_set and self._alarm_set[0] == wake_on and not self._alarm_set[1].done():
            return self._alarm_set[1]
        if self._alarm_set:
            self._alarm_set[1].cancel()
        lasts = start_of(wake_on) - workflow.now()
        self._alarm_set = (
            wake_on,
            asyncio.create_task(workflow.sleep(lasts, summary=f"until {wake_on}")),
        )
        return self._alarm_set[1]

    def hear_note(self, note: Note) -> None:
        """Queues what a dossier tells, once."""
        if note.request_id not in self.docket.noted:
            self.docket.noted.append(note.request_id)
            self._notes.append(note)

    def next_note(self) -> Any:
        """Takes up the next note of a dossier, or nothing."""
        if not self._notes:
            return None
        note = self._notes.popleft()
        self._happened = Happened(type(note).__name__, note.dossier, note.on)
        return note


def in_facts(name: str, told: Iterable[BaseModel]) -> dict[str, Any]:
    """What an entry or a letter tells under a name; nothing when there is nothing to tell."""
    lines = [line.model_dump(mode="json", exclude_defaults=True) for line in told]
    return {name: lines} if lines else {}


def refusal(refused: ActRefused) -> ApplicationError:
    """A refusal as Temporal carries it: its kind in the type, what is possible in the details."""
    return ApplicationError(
        refused.message, list(refused.possible), type=type(refused).__name__, non_retryable=True
    )
