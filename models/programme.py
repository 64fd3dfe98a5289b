"""An authorised programme: all that is carried from one authorisation year to the next.

Dates are civil dates in Brussels, derived from the day of authorisation; what has been done is
kept, what is due is computed from it. Long because all that a programme carries, and what follows from it, is
one model.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from models.clock import Clock, Limit, Rules, Unit, add_months, anniversary, months_between
from models.counts import Count
from models.decision import DURATION, WITHOUT_MERITS, Condition, Content, Opinion, SetUpBySilence, Words
from models.dossier import Carried
from models.due import what
from models.errors import BeyondHorizon
from models.flags import flag
from models.law.applicable import Law
from models.law.beside import RECORDED
from models.law.owed import Owed
from models.law.states import Effect, State
from models.notes import DossierEnded, DossierFiled
from models.obligations import Obligation, Press, clock_of, ends_in, of_period, on_request
from models.parties import Body, Language, Party
from models.phases import Course, Phase, PublicList
from models.subjects import Subject
from models.travelling import Travelling
from models.validity import Validity


class Suspension(Travelling):
    """A suspension: who asked for it, why, and from which day it has effect."""

    imposed_on: date
    effective_on: date
    requested_by: str
    grounds: str
    for_safety: bool = False
    in_effect: bool = False


class Succession(Travelling):
    """The programme of another procedure that may take the place of this one.

    `fact` is what asks for it, `indications` what it would be for. `outcome` is empty until a person has
    decided, or the end of this programme has set it up by itself; `number` is that of the other one.
    """

    fact: str
    asked_on: date
    indications: str
    outcome: str = ""
    number: str = ""


class StepKind(StrEnum):
    """What a programme does by itself when a day comes, beside pressing for what it owes."""

    SUSPENSION_TAKES_EFFECT = "suspension takes effect"
    DECISION_TAKES_EFFECT = "decision takes effect"
    VALIDITY_WARNED = "warning before the validity ends"
    LAPSES = "validity has ended"
    YEAR_TURNS = "year turns"


class Step(Travelling, frozen=True):
    """A step and the day at whose beginning it is taken; `ref` names the obligation that is pressed for."""

    on: date
    does: StepKind | Press
    ref: str = ""

    @property
    def only_tells(self) -> bool:
        """Whether somebody is warned, reminded or asked on the day, and nothing takes effect."""
        return isinstance(self.does, Press) or self.does is StepKind.VALIDITY_WARNED

    def __str__(self) -> str:
        return f"{what(self.ref)} {self.does.value}" if self.ref else self.does.value


class Programme(Carried):
    """One programme. `year` is the authorisation year it is in, 1 for the first.

    `granted_on` is the day of its provisional authorisation, where it enters into force by one.
    `assumed` means that the day of authorisation was not stated where the programme was imported from:
    nothing is counted from it until a person confirms it. `facts` are those of its life, each with its day;
    `withdrawn` names those that were taken back later. `periods_from` is the day from which the next period
    runs of each thing that is owed by an interval. `unheard` are bodies that had said nothing when silence
    set it up, each with its last day. `elements` and `protocol` are what its decision states, and
    `translations` what a person added to the words in other languages.
    `proposals` are the facts that put an end before a person, and `awaited` the bodies that are heard on it.
    `counts` are the last numbers that were reported, and `allowed` those that are authorised over a period.
    `succeeds` is the programme in whose place it was set up, and `tacit` whether silence did that. `silence`
    is what its application ended by where nobody decided; one that was `refused` in time never was.
    """

    number: str
    procedure: str
    applicant: Party | None
    subject: Subject
    authorised_on: date
    granted_on: date | None = None
    assumed: bool = False
    last_update_on: date
    year: int = 1

    suspensions: list[Suspension] = Field(default_factory=list)
    to_take_effect: list[DossierEnded] = Field(default_factory=list)
    closed_to_new_patients_on: date | None = None
    closed_on: date | None = None
    obligations: list[Obligation] = Field(default_factory=list)
    periods_from: dict[str, date] = Field(default_factory=dict)
    facts: dict[str, date] = Field(default_factory=dict)
    withdrawn: list[str] = Field(default_factory=list)
    validity: Validity | None = None
    unheard: dict[Body, date] = Field(default_factory=dict)
    silence: SetUpBySilence | None = None
    refused: Phase | None = None
    elements: Words = Field(default_factory=dict)
    translations: Words = Field(default_factory=dict)
    protocol: str = ""
    proposals: list[str] = Field(default_factory=list)
    awaited: list[Body] = Field(default_factory=list)
    opinions: list[Opinion] = Field(default_factory=list)
    counts: dict[str, Count] = Field(default_factory=dict)
    allowed: dict[str, int] = Field(default_factory=dict)
    succession: Succession | None = None
    succeeds: str = ""
    tacit: bool = False
    imported_from: str = ""
    imported_by: str = ""

    @property
    def in_force_on(self) -> date | None:
        """The day on which it entered into force: that of its decision, unless its law asks for more."""
        return self.granted_on if self.law.into_force else self.authorised_on

    @property
    def awaits_fact(self) -> bool:
        """Whether the suspensive condition is not met yet under which it was authorised."""
        into_force = self.law.into_force
        return bool(into_force and into_force.awaits) and self.in_force_on is None

    @property
    def counts_from(self) -> date:
        """The day from which its years run: its entry into force, and until then the day of its decision."""
        return self.in_force_on or self.authorised_on

    @property
    def set_up_on(self) -> date:
        """The day of its decision."""
        return self.authorised_on

    @property
    def to_publish_since(self) -> date:
        """The day of the first thing that is to be published, or since which it lacks a language."""
        asked = [self.clocks[c].started_on for c in self.law.ended_by(RECORDED) if c in self.clocks]
        return min(asked, default=self.opened_on)

    @property
    def set_up_by_silence(self) -> SetUpBySilence | None:
        """What silence set up, while a decision of before may still be entered."""
        return self.silence

    @property
    def readings_open(self) -> bool:
        """Whether a decision that was taken in time lies before a person beside what silence set up."""
        return self.silence is not None and self.silence.decision is not None

    @property
    def bodies_unheard(self) -> tuple[Body, ...]:
        """Bodies whose opinion may still come after silence has decided, and those that a fact has heard."""
        return (*self.unheard, *self.awaited)

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The elements of which nobody has determined anything: silence determines none.

        What a decision states that was taken before it was taken over is not asked for anew.
        """
        if self.imported_from:
            return ()
        stated = {*self.stated_in} | ({DURATION} if self.validity else set())
        known = self.law.elements
        return tuple(e for e in known if e not in stated and (e == DURATION or not self.protocol))

    @property
    def stated_in(self) -> dict[str, tuple[Language, ...]]:
        """The elements that its decision states in words, each with the languages of these."""
        elements = dict.fromkeys(element for words in self.elements.values() for element in words)
        return {e: tuple(t for t, words in self.elements.items() if e in words) for e in elements}

    @property
    def words(self) -> Words:
        """What its decision states in words, and what was added to them, by language."""
        languages = (*self.elements, *self.translations)
        return {t: self.translations.get(t, {}) | self.elements.get(t, {}) for t in languages}

    @property
    def untranslated(self) -> tuple[Language, ...]:
        """The languages in which the law has it published and that some of the words lack."""
        words = self.words
        return tuple(t for t in self.law.published_in if self.stated_in.keys() - words.get(t, {}).keys())

    @property
    def content(self) -> Content | None:
        """What its decision determines, where its law names what that is."""
        if not self.law.elements or (self.imported_from and not (self.stated_in or self.protocol)):
            return None
        return Content(
            until_on=self.validity.until_on if self.validity else None,
            elements=self.words,
            protocol=self.protocol,
            undetermined=self.undetermined,
        )

    def determine(self, until_on: date | None, elements: Words, protocol: str, today: date) -> None:
        """Takes over what a decision states; what it leaves out stays as it is, and old words go with all."""
        self.valid_until(until_on, today)
        anew = {element for words in elements.values() for element in words}
        for before in (*self.elements.values(), *self.translations.values()):
            for element in anew & before.keys():
                del before[element]
        for language, words in elements.items():
            self.elements[language] = self.elements.get(language, {}) | words
        self.protocol = protocol or self.protocol

    def translate(self, elements: Words) -> None:
        """Takes over words in another language."""
        for language, words in elements.items():
            self.translations[language] = self.translations.get(language, {}) | words

    @property
    def state(self) -> State:
        """The state of the programme; a closure outweighs a suspension, which outweighs the rest."""
        if self.refused:
            return State(phase=self.refused)
        if self.closed_on:
            return self.law.states[Course.ENDED]
        if self.law.into_force and not self.in_force_on:
            return self.law.into_force.state
        if self.suspended:
            return self.law.states[Course.HALTED]
        admits = self.closed_to_new_patients_on is None
        return self.law.states[Course.GOES_ON if admits else Course.ADMITS_NO_MORE]

    @property
    def phase(self) -> Phase:
        """What its state is called."""
        return self.state.phase

    @property
    def suspended(self) -> bool:
        """Whether at least one suspension is in effect."""
        return any(suspension.in_effect for suspension in self.suspensions)

    @property
    def suspensions_to_come(self) -> list[Suspension]:
        """Suspensions that were imposed from a later day."""
        return [suspension for suspension in self.suspensions if not suspension.in_effect]

    @property
    def public_list(self) -> PublicList | None:
        """The public list on which it stands; none where the public sees nothing of it."""
        return self.state.public_list

    @property
    def year_ends_on(self) -> date:
        """The anniversary at which the present authorisation year ends."""
        return anniversary(self.counts_from, self.year)

    @property
    def bodies_awaited(self) -> tuple[Body, ...]:
        """Those that are heard on a proposed end."""
        return tuple(self.awaited)

    @property
    def bodies_before_change(self) -> tuple[Body, ...]:
        """Those of them before whose opinion it is not suspended or changed, either."""
        proposed = [fact for fact in self.law.facts if fact.name in self.proposals]
        first = {body for fact in proposed for body in fact.changed_after}
        return tuple(body for body in self.awaited if body in first)

    @property
    def recordable(self) -> tuple[str, ...]:
        """The facts that can be recorded now, each once; after the end those that concern who is left in it.

        What ends a programme and leaves nobody in it bears on one that has ended otherwise, too: on who is
        responsible, and on what may take its place.
        """
        ended = self.closed_on is not None
        met = {f.name for f in self.law.facts if f.does is Effect.FULFILS and not self.awaits_fact}
        lapses = {fact.name for fact in self.law.facts if fact.does is Effect.LAPSES}
        outlives = {fact.name for fact in self.law.facts if fact.leaves_nobody} | lapses
        known = {fact.name for fact in self.law.facts if not fact.a_decision} - self.facts.keys() - met
        return tuple(
            fact.name
            for fact in self.law.facts
            if fact.name in known and (fact.name in outlives if ended else fact.name not in lapses)
        )

    @property
    def beyond(self) -> tuple[Count, ...]:
        """The numbers that were reported and are higher than what is authorised, until a person declines."""
        reported = (count for count in self.counts.values() if not count.declined)
        return tuple(c for c in reported if c.count > self.allowed.get(c.counted, c.count))

    def decline_counts(self) -> None:
        """A person looked at the numbers beyond what is authorised, and lets it go on."""
        for count in self.beyond:
            self.counts[count.counted] = count.model_copy(update={"declined": True})

    @property
    def outlived(self) -> bool:
        """Whether something of a programme that has ended is still to be recorded or decided."""
        return self.holds_patients or self.successor_awaited

    def subject_of_successor(self) -> Subject:
        """What the programme in its place is about: the same, for the indications that were refused."""
        assert self.succession is not None
        fact = self.law.fact(self.succession.fact)
        assert fact is not None
        return self.subject.model_copy(
            update={"parts": {**self.subject.parts, fact.part: self.succession.indications}}
        )

    @property
    def successor_awaited(self) -> bool:
        """Whether it is still to be decided what takes its place."""
        return self.succession is not None and not self.succession.outcome

    @property
    def holds_patients(self) -> bool:
        """Whether patients may still be in a programme that has ended, and its authorisation with them."""
        over = [fact for fact in self.law.facts if fact.name in self.facts]
        emptied = any(fact.leaves_nobody or fact.does is Effect.LAPSES for fact in over)
        return self.law.lapses_by is not None and self.granted_on is not None and not emptied

    @property
    def term(self) -> Validity | None:
        """Its last day, where it has one and nothing keeps it valid beyond."""
        return None if self.validity and self.validity.kept_by else self.validity

    @property
    def owing(self) -> list[tuple[Owed, Obligation]]:
        """What it owes and has not fulfilled, in the order of its law; nothing that its law does not know.

        Nothing falls due by an interval after its last day: the programme has ended. While a renewal pends
        that keeps it valid, no other one is asked for.
        """
        last = self.term.until_on if self.term else date.max
        pends = self.law.renewed_by if self.validity and self.validity.kept_by else ""
        return [
            (owed, each)
            for owed, each in self._open
            if (each.from_on is None or each.due_on <= last) and owed.fulfilled_by != pends
        ]

    @property
    def _open(self) -> list[tuple[Owed, Obligation]]:
        """What it has not fulfilled, whether or not it lasts until then."""
        return [
            (owed, each)
            for owed in self.law.obligations
            for each in self.obligations
            if each.owed == owed.ref and each.is_open
        ]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions not yet met."""
        return tuple(
            Condition(number=int(each.of), text=each.text, due_on=each.due_on)
            for owed, each in self.owing
            if not owed.every
        )

    @property
    def conditions_open(self) -> tuple[int, ...]:
        """Numbers of the conditions not yet met."""
        return tuple(condition.number for condition in self.conditions)

    @property
    def review_on(self) -> date | None:
        """The next day of what its procedure calls its review; none once it has ended."""
        if self.closed_on:
            return None
        return min((each.due_on for owed, each in self.owing if owed.review), default=None)

    @property
    def requestable(self) -> tuple[str, ...]:
        """What may be asked for at any time beside its interval, once it is in force and until it ends."""
        lives = self.in_force_on is not None and not self.assumed and self.closed_on is None
        return tuple(owed.ref for owed in self.law.obligations if owed.on_request and lives)

    def owed_by(self, report: str, on: date) -> date | None:
        """The day by which what is asked for is owed already; none where nothing of it is."""
        of_it = (each for owed, each in self.owing if owed.ref == report)
        return min((each.due_on for each in of_it if each.requested_on or each.due_on <= on), default=None)

    def ask_for(self, report: str, on: date, due_on: date | None) -> tuple[Owed, Obligation]:
        """What is asked for is owed from the day on which it is; what recurs keeps its own days."""
        owed = next(owed for owed in self.law.obligations if owed.ref == report)
        self.obligations.append(each := on_request(owed, on, due_on, self.law))
        return owed, each

    @property
    def days_in_doubt(self) -> tuple[str, ...]:
        """What is owed by days that a person may drop since a fact came."""
        return tuple(each.ref for _, each in self.owing if each.in_doubt)

    def stands_since(self, fact: str) -> date | None:
        """The day of a fact of its life; none where it did not come, or was taken back."""
        return None if fact in self.withdrawn else self.facts.get(fact)

    @property
    def proposal_open(self) -> bool:
        """Whether a proposal to change or to end it lies before a person."""
        return any(each.proposal_open for each in self.obligations) and not self.suspensions

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once."""
        coming = [] if self.closed_on else self._coming
        withdrawn = [flag("fact-withdrawn", fact) for fact in self.withdrawn]
        proposed = []
        if self.succession and self.successor_awaited:
            proposed.append(flag("successor-awaited", self.succession.asked_on))
        if self.silence and self.silence.decision:
            proposed.append(
                flag("decision-recorded-late", self.silence.decision.decided_on, self.silence.until)
            )
        open_ = [flag("elements-undetermined")] if self.undetermined and not self.closed_on else []
        open_ += [] if self.closed_on else [flag("elements-untranslated", t.value) for t in self.untranslated]
        return (*coming, *withdrawn, *proposed, *open_, *self.money_flags, *self.docket.flags)

    @property
    def _coming(self) -> list[str]:
        """What is late, in doubt, to come or proposed: nothing of it is, once the programme has ended."""
        found = [flag(owed.late_letter, each.of) for owed, each in self.owing if each.missed_on]
        found += [flag("day-in-doubt", ref) for ref in self.days_in_doubt]
        found += [flag("suspension-to-come", s.effective_on) for s in self.suspensions_to_come]
        found += [flag("effect-to-come", ended.effective_on) for ended in self.to_take_effect]
        if self.validity and self.validity.kept_by:
            keeps = ", ".join(self.validity.kept_by)
            found.append(flag("kept-valid", keeps, self.validity.until_on))
        found += [
            flag("count-beyond", c.counted, c.count, self.allowed[c.counted], c.period_until)
            for c in self.beyond
        ]
        found += [flag("renewal-at-once", each.late_on) for owed, each in self.owing if each.at_once(owed)]
        found += [flag("change-proposed")] if self.proposal_open else []
        return found + [flag("end-proposed", fact) for fact in self.proposals]

    @property
    def due_on(self) -> date | None:
        """The next day that counts: what is owed first, its last day, or what takes effect later."""
        days = [each.due_on for _, each in self.owing]
        days += [suspension.effective_on for suspension in self.suspensions_to_come]
        days += [ended.effective_on for ended in self.to_take_effect]
        days += [self.succession.asked_on] if self.succession and self.successor_awaited else []
        days += [self.term.until_on] if self.term else []
        return min(days, default=None)

    def open_year(self) -> None:
        """Opens what is owed for the periods that end in this year, once; what was done before is dropped.

        A period begins where the one before it ended, also when the interval has changed since. What was due
        before the programme was carried here is not asked for: nobody told us whether it was filed. Nothing
        is asked by an interval before it is in force, nor while the day that it is counted from is assumed.
        """
        if self.in_force_on is None:
            return
        began_on = anniversary(self.counts_from, self.year - 1)
        done = [o for o in self.obligations if o.done_on and (over := o.over_on) and over <= began_on]
        self.obligations = [each for each in self.obligations if each not in done]
        if not self.assumed:
            self._open_periods(self.year)

    def _open_periods(self, year: int) -> None:
        known = {each.ref for each in self.obligations}
        for owed in self.law.obligations:
            if not owed.every or (owed.renews and self.validity):
                continue
            every = self.law.months(owed.every)
            running = add_months(self.counts_from, every * (12 * (year - 1) // every))
            from_on = self.periods_from.get(owed.ref, running)
            for ends_on, interval in ends_in(owed, self.counts_from, year, self.law, self.facts):
                if ends_on <= from_on:
                    continue
                each = of_period(owed, from_on, ends_on, interval, self.counts_from, self.law)
                if each.due_on >= self.opened_on and each.ref not in known:
                    self.obligations.append(each)
                from_on = ends_on
            self.periods_from[owed.ref] = from_on

    def learn(self, fact: str, on: date) -> list[Obligation]:
        """A fact of its life came on a day: from then on the longer interval counts.

        A day by the shorter one is asked no more where its period had not ended when the fact came. A day
        that was told, and one whose period had ended, stay: they are in doubt until a person drops them.

        Returns: what is asked no more.
        """
        self.facts[fact] = on
        self.withdrawn = [known for known in self.withdrawn if known != fact]
        dropped: list[Obligation] = []
        for owed, each in self._open:
            if owed.until != fact or each.interval != owed.meanwhile or each.ends_on is None:
                continue
            if self._ends_a_longer_one(owed, each.ends_on):
                each.interval = owed.every
            elif each.was_told or each.ends_on < on:
                each.in_doubt = True
            else:
                dropped.append(each)
        for each in dropped:
            self._take_away(each)
        return dropped

    def _ends_a_longer_one(self, owed: Owed, ends_on: date) -> bool:
        """Whether a period of the longer interval ends on the day, too."""
        return months_between(self.counts_from, ends_on) % self.law.months(owed.every) == 0

    def _take_away(self, dropped: Obligation) -> None:
        """A day is asked no more; its period is part of the one that follows."""
        assert dropped.from_on
        assert dropped.ends_on
        self.obligations.remove(dropped)
        if self.periods_from.get(dropped.owed) == dropped.ends_on:
            self.periods_from[dropped.owed] = dropped.from_on
        for each in self.obligations:
            if each.owed == dropped.owed and each.from_on == dropped.ends_on:
                each.from_on = dropped.from_on

    def drop(self, ref: str) -> tuple[Owed, Obligation]:
        """A person drops a day that is in doubt. Returns: what was owed by it."""
        owed, each = self.obligation(ref)
        self._take_away(each)
        return owed, each

    def fulfil(self, command: str, on: date) -> Obligation | None:
        """What an act fulfils: the earliest of its kind whose period has ended. One before is beside them."""
        for owed, each in sorted(self._open, key=lambda one: one[1].due_on):
            if owed.fulfilled_by == command and each.ends_on and each.ends_on <= on:
                each.fulfil(on, owed, self.law)
                return each
        return None

    def clock_to(self, owed: Owed, each: Obligation) -> Clock | None:
        """The clock that leads to the day of what is owed; nothing when that comes from an earlier law."""
        if each.requested_on and self.law.has_limit(each.interval):
            return self.law.clock_to(each.interval, each.requested_on, each.due_on)
        if each.ends_on is None:
            return None
        if clock := clock_of(owed, each.ends_on, self.counts_from, self.law):
            try:
                return clock if clock.due_on(self.law.calendar) == each.due_on else None
            except BeyondHorizon:  # owed since years ago
                return None
        passed = months_between(self.counts_from, each.ends_on)
        limit = Limit(amount=passed, unit=Unit.MONTHS)
        leads_there = passed % self.law.months(each.interval) == 0
        plain = Clock(clause=each.interval, limit=limit, rules=Rules.PLAIN, started_on=self.counts_from)
        return plain if leads_there else None

    @property
    def renewal(self) -> Obligation | None:
        """The renewal that is owed ahead of its last day, until it is filed."""
        return next((each for owed, each in self._open if owed.renews), None)

    @property
    def clock_of_validity(self) -> Clock | None:
        """The clock that leads to its last day; nothing where a decision fixed that."""
        validity = self.validity
        if validity is None or validity.counted_from is None:
            return None
        return self.law.clock_to(self.law.valid_for, validity.counted_from, validity.until_on)

    def obligation(self, ref: str) -> tuple[Owed, Obligation]:
        """What is owed under the name of its day."""
        return next((owed, each) for owed, each in self.owing if each.ref == ref)

    def next_step(self) -> Step:
        """The earliest thing the programme does by itself; at the latest the turn of its year."""
        steps = [Step(on=self.year_ends_on, does=StepKind.YEAR_TURNS)]
        for suspension in self.suspensions_to_come:
            steps.append(Step(on=suspension.effective_on, does=StepKind.SUSPENSION_TAKES_EFFECT))
        for ended in self.to_take_effect:
            steps.append(Step(on=ended.effective_on, does=StepKind.DECISION_TAKES_EFFECT))
        if self.term:
            on = self.term.warned_on(self.law.ladder("validity-warnings"))
            lapses = on == self.term.ends_on
            steps.append(Step(on=on, does=StepKind.LAPSES if lapses else StepKind.VALIDITY_WARNED))
        for owed, each in self.owing:
            if press := each.next_press(owed, self.law, suspended=bool(self.suspensions)):
                steps.append(Step(on=press[0], does=press[1], ref=each.ref))
        return min(steps, key=lambda step: step.on)

    def confirm(self, in_force_on: date, law: Law, today: date) -> None:
        """The day is known from which everything is counted: what is owed since is opened, none of it twice.

        So is the procedure, whose law of the year it follows. A period that ended in the year before may be
        answered still. What a decision fixed stays.
        """
        self.procedure, self.law = law.procedure, law
        self.authorised_on, self.assumed = in_force_on, False
        self.granted_on = in_force_on if law.into_force else None
        self.count_anew(today)

    def enter_into_force(self, on: date, today: date) -> None:
        """The provisional authorisation was given: from its day it is in force, and its years run.

        Where that is entered late, all is owed that was due since.
        """
        self.granted_on = self.last_update_on = on
        self.count_anew(today, since=1)

    def count_anew(self, today: date, since: int = 0) -> None:
        """Opens what is owed from the day on which its years begin, as it is known now.

        `since` is the first year of it; without one it is the year before this one.
        """
        self.year = authorisation_year(self.counts_from, today)
        for year in range(since or max(1, self.year - 1), self.year + 1):
            self._open_periods(year)

    def owes(self, conditions: tuple[Condition, ...] | list[Condition]) -> list[Condition]:
        """Takes over the conditions of a decision. Returns: them, numbered on from those it has had."""
        if not conditions:
            return []
        owed = self.law.owed_by_decision
        assert owed is not None
        had = [int(each.of) for each in self.obligations if each.owed == owed.ref]
        first = max(had, default=0) + 1
        numbered = [c.model_copy(update={"number": n}) for n, c in enumerate(conditions, start=first)]
        self.obligations += [
            Obligation(owed=owed.ref, of=str(c.number), due_on=c.due_on, text=c.text) for c in numbered
        ]
        return numbered

    def file(self, filed: DossierFiled) -> Obligation | None:
        """What a dossier that was filed fulfils: that of its year, else the earliest whose period has begun.

        Our reading where it says no year: a package does not say the days of its period. One of after the
        last day counts too: another decision may move that day.
        """
        if self.validity and filed.kind == self.law.renewed_by:
            self.validity.keep(filed.dossier, filed.on, self.law.limit(self.law.renewed_ahead))
        for owed, each in sorted(self._open, key=lambda one: one[1].due_on):
            of_its_year = each.due_on.year == filed.year
            since = each.from_on or each.requested_on
            begun = filed.year is None and (since is None or since <= filed.on)
            if owed.fulfilled_by == filed.kind and (of_its_year or begun):
                each.file(filed.dossier, filed.on, owed, self.law)
                return each
        return None

    def settle(self, ended: DossierEnded, today: date | None = None) -> None:
        """A dossier that was examined on the merits closes what it was filed for; any other does not.

        `today` is the day on which that is heard of, where it is not that of its end.
        """
        if self.validity:
            last = self.validity.until_on
            self.validity.release(ended.dossier, ended.on)
            on_merits = not any(ended.outcome == ruling.outcome for ruling in WITHOUT_MERITS)
            if ended.kind == self.law.renewed_by and ended.course is Course.GOES_ON:
                self._renew(last, ended, today or ended.on)
            elif ended.kind == self.law.renewed_by and on_merits:
                self.validity.refused_on = ended.on
        for each in self.obligations:
            if each.dossier == ended.dossier and not each.done_on:
                if any(ended.outcome == ruling.outcome for ruling in WITHOUT_MERITS):
                    each.reopen()
                else:
                    each.done_on = ended.on

    def _renew(self, last: date, ended: DossierEnded, today: date) -> None:
        """What was renewed goes on from its last day.

        Interpretation: where so long from its last day has passed already, from the day of the decision.
        """
        by_law = ((until, day) for day in (last, ended.on) if (until := self.law.lasts_from(day)))
        given, since = next((one for one in by_law if one[0] > ended.on), (None, None))
        self.valid_until(ended.until_on or given, today, None if ended.until_on else since)

    def valid_until(self, until_on: date | None, today: date, counted_from: date | None = None) -> None:
        """A decision fixes the last day; one that says none leaves it. Warnings behind us are passed.

        Where the law gives that day, it is `counted_from` another one.
        """
        before = self.validity
        if until_on and not (before and before.until_on == until_on):
            kept_by = before.kept_by if before else ()
            self.validity = Validity(until_on=until_on, kept_by=kept_by, counted_from=counted_from)
            self.validity.pass_warnings(self.law.ladder("validity-warnings"), today)
            for owed in (owed for owed in self.law.obligations if owed.renews):
                self._owe_renewal(owed, self.validity, today)

    def _owe_renewal(self, owed: Owed, validity: Validity, today: date) -> None:
        """What renews it is owed ahead of its last day, in the place of what was owed ahead of another one.

        Where the day ahead has passed, it is due at once: nothing lapses because a decision came late.
        """
        self.obligations = [each for each in self.obligations if each.owed != owed.ref or not each.is_open]
        ends_on, every = validity.until_on, self.law.months(owed.every)
        from_on = max(self.counts_from, add_months(ends_on, -every))
        each = of_period(owed, from_on, ends_on, owed.every, self.counts_from, self.law)
        if each.due_on < today <= ends_on:
            late = {"of": str(today), "due_on": today, "late_on": ends_on}
            each, validity.renewable_until = each.model_copy(update=late), ends_on
        self.obligations.append(each)


def authorisation_year(authorised_on: date, today: date) -> int:
    """Which authorisation year a day lies in: 1 until the first anniversary."""
    year = max(1, today.year - authorised_on.year)
    while anniversary(authorised_on, year) <= today:
        year += 1
    return year
