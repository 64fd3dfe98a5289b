"""A case: what it carries, what it counts, and what it says of what has just happened.

Nothing here knows Temporal, and nothing waits; that is workflows/proceeding.py. What counts in every case
beside its limits (an invoice, letters that came back, warnings, a change of the law) are functions over it,
each in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel

from models.account import Account
from models.acts import Act, Assigned, NotedOnFile
from models.clock import ONE_DAY, Clock
from models.decision import Signatory
from models.dossier import Dossier
from models.entry import Credit, Demand, Letter, LetterKind, OpenClock, Standing
from models.envelope import Envelope
from models.law.applicable import Change, Law, cites
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.notes import Told
from models.parties import Party, Role
from models.phases import Phase
from models.programme import Programme
from models.receipts import Rest
from models.signs import THE_PROCEDURE

AnyCarried = Dossier | Programme | Account
"""What a case may carry."""

ENTERED = dict.fromkeys(SilencePolicy, "LimitPassed") | {
    SilencePolicy.FAVOURABLE: "TacitOpinion",
    SilencePolicy.GRANTED: "TacitDecision",
    SilencePolicy.REFUSED: "TacitDecision",
    SilencePolicy.FORFEITED: "Forfeited",
}
"""What is entered where silence has an effect of its own; else that the limit passed."""


class Happened:
    """What has happened since the last rest, as it will stand in the next entry."""

    def __init__(self, act: str, by: str, on: date, request: Act | None = None) -> None:
        self.act = act
        self.by = by
        self.on = on
        self.request = request
        self.envelope: Envelope | None = None
        """In which the act came."""
        self.facts: dict[str, Any] = {}
        self.letters: list[Letter] = []
        self.demand: Demand | None = None
        self.credit: Credit | None = None
        self.change: Change | None = None
        self.told: Told | None = None
        """What the case was told, where that is what happened."""


class Case:
    """A dossier, a programme or an account in hand: the carried model, and the verbs over it."""

    def __init__(self, carried: AnyCarried) -> None:
        self.carried = carried
        self.docket = carried.docket
        self.happened: Happened | None = None
        self.demanded: Demand | None = None
        """The contribution that the entry being written asks for; from then on there is its invoice."""

    # What each kind of case says of itself.

    @property
    def today(self) -> date:
        """The civil date in Brussels."""
        raise NotImplementedError

    def standing(self, rest: Rest) -> Standing:
        """The row that lists are made from."""
        raise NotImplementedError

    @property
    def carries(self) -> AnyCarried:
        """What a run that begins at this rest carries."""
        return self.carried

    @property
    def law(self) -> Law:
        """The law that applies to the case now."""
        return self.carried.law

    @property
    def unlisted(self) -> dict[type[Act], Callable[[Any], None]]:
        """Acts that are possible at any time and have no effect, and what answers them."""
        return {NotedOnFile: lambda act: self.note(text=act.text), Assigned: self.assign}

    def assign(self, act: Assigned) -> None:
        """Somebody of the office has the case in hand from now on."""
        self.docket.officer = act.whose
        self.note(officer=act.whose)

    # What it counts.

    @property
    def clocks(self) -> dict[str, Clock]:
        """The limits that run, by their clause."""
        return self.carries.clocks

    def start(self, clause: str, since: date) -> Clock:
        """Starts the clock of a clause; the day itself is not counted."""
        return self.count(clause, self.law.clock(clause, since))

    def count(self, clause: str, clock: Clock) -> Clock:
        """Has a clock count for its clause from the next entry on."""
        self.clocks[clause] = clock
        self.carries.began[clause] = self.docket.entries + 1
        self.carries.passed.pop(clause, None)
        return clock

    def start_by_letter(self, clause: str, letter: LetterKind, on: date) -> Clock:
        """Starts a limit that a letter of an act of a day begins.

        Where it runs from receipt, and the act is entered late, it starts when the letter really leaves:
        nobody is late with what nobody asked yet. So does one that runs from the sending.
        """
        desk = self.law.desk(clause)
        presumed = self.law.starts_on_receipt(clause, letter.value, desk)
        leaves = presumed or self.law.starts_on_sending(clause, letter.value, desk)
        clock = self.start(clause, self.today if leaves and on < self.today else on)
        clock.presumed = presumed
        return clock

    def started_anew(self, clause: str) -> None:
        """A limit starts on another day than was told; what hangs on it moves with it."""

    def silence(self, clause: str) -> SilencePolicy:
        """What it means that a clock passes in silence: nothing is forfeited on a day that is presumed."""
        silence, clock = self.law.silence(clause), self.clocks.get(clause)
        forfeits_nothing = silence is SilencePolicy.FORFEITED and clock is not None and clock.presumed
        return SilencePolicy.PROPOSE if forfeits_nothing else silence

    def due(self, clause: str) -> date:
        """The last day of a clock that runs."""
        due_on = self.last_day(clause)
        assert due_on is not None
        return due_on

    def last_day(self, clause: str) -> date | None:
        """The last day of a clock, or nothing while it stands still."""
        return self.clocks[clause].due_on(self.law.calendar)

    def passes_on(self, clause: str) -> date:
        """The day at whose beginning a clock has passed on every reading, and silence has its effect."""
        return (self.clocks[clause].late_on(self.law.calendar) or self.due(clause)) + ONE_DAY

    def wakes_on(self, clause: str) -> date | None:
        """The day on which its silence is heard; none while it stands still, or once that was told."""
        return None if self.last_day(clause) is None or self.overdue(clause) else self.passes_on(clause)

    def only_tells(self, on: date | None, clauses: Iterable[str]) -> bool:
        """Whether it only is told, of those of the limits that pass on a day, that they have passed."""
        return all(self.silence(clause).only_tells for clause in clauses if self.wakes_on(clause) == on)

    def effect_of(self, clause: str) -> dict[str, Any]:
        """What it means by its clause that a clock passes in silence, and from which day, for letters."""
        return {"silence": self.silence(clause).value, "effect_on": self.passes_on(clause)}

    def alarms(self, clause: str) -> dict[str, Any]:
        """What a warning says beside the effect of silence, where it would grant what nobody could."""
        return {}

    def overdue(self, clause: str) -> bool:
        """Whether a limit has passed and this was told; one that ends later after all is waited for anew."""
        if self.last_day(clause) and self.passes_on(clause) <= self.today:
            return clause in self.carried.passed
        self.carried.passed.pop(clause, None)
        return False

    def degree(self, clause: str) -> Degree | None:
        """The degree of truth of a clause; of one that runs, as it was counted."""
        counted = self.clocks[clause].degree if clause in self.clocks else None
        return counted or self.law.degree(clause)

    def unconfirmed(self, *clauses: str) -> dict[str, Degree]:
        """Which of these clauses no person has confirmed, each with its degree of truth."""
        degrees = {clause: self.degree(clause) for clause in clauses}
        return {c: degree for c, degree in degrees.items() if degree and degree is not Degree.CONFIRMED}

    def open_clocks(self) -> list[OpenClock]:
        """Every day that counts, with the clock that leads to it, as the register keeps it."""
        return [
            OpenClock(
                ref=clause,
                desk=self.law.desk(clause),
                due_on=clock.due_on(self.law.calendar),
                late_on=clock.later_on(self.law.calendar),
                clock=clock.as_it_stands(),
                degree=self.degree(clause),
                **self._silence(clause),
            )
            for clause, clock in self.clocks.items()
            if self.listed(clause)
        ]

    def listed(self, clause: str) -> bool:
        """Whether the day of a clock is in lists: what is done at once only when it was not done."""
        return not self.clocks[clause].limit.at_once or clause in self.carried.passed

    def _silence(self, clause: str) -> dict[str, Any]:
        """The effect of silence for lists: where something follows, and the limit does not stand still."""
        flags_only = self.silence(clause) is SilencePolicy.FLAG
        return {} if flags_only or self.last_day(clause) is None else self.effect_of(clause)

    def beside_passed(self, phase: Phase, clause: str) -> None:
        """A limit that no phase waits for has passed in silence."""
        self.limit_passed(phase, clause)

    def limit_passed(self, phase: Phase, clause: str, *also: Role) -> SilencePolicy:
        """A limit has passed in silence: entered with what that means by its clause, and told to the desk.

        `also` are others who are told. Returns: what its stage has to do by itself.
        """
        silence, passes_on = self.silence(clause), self.passes_on(clause)
        self.carried.passed[clause] = self.due(clause)
        told: dict[str, Any] = {"phase": phase.value, "due_on": self.due(clause), **self.effect_of(clause)}
        self.happens(
            ENTERED[silence],
            passes_on,
            clause=clause,
            article=cites(self.law.digest, clause),
            **told,
        )
        for role in (Role.DESK, *also):
            self.tell(LetterKind.LIMIT_PASSED, role, (clause,), **told)
        self.start_after(clause)
        return silence

    def start_after(self, clause: str) -> None:
        """What comes after a limit that has passed runs from its last day."""
        for later, applied in self.law.clauses.items():
            if applied.beside and applied.beside.after == clause and later not in self.clocks:
                self.start(later, self.due(clause))

    # What it says of what has just happened.

    def happens(self, act: str, on: date | None = None, by: str = THE_PROCEDURE, **facts: Any) -> None:
        """Begins the next entry with something that is not an act sent to this case."""
        self.happened = Happened(act, by, on or self.today)
        self.note(**facts)

    def note(self, **facts: Any) -> None:
        """Adds facts to the next entry."""
        assert self.happened is not None
        self.happened.facts.update(facts)

    def tell(
        self,
        letter: LetterKind,
        role: Role = Role.APPLICANT,
        rests_on: tuple[str, ...] = (),
        counts: Clock | tuple[Clock, ...] | None = None,
        party: Party | None = None,
        **facts: Any,
    ) -> None:
        """Adds a letter that leaves once the next entry is written.

        `rests_on` are the clauses behind what it says: the letter tells how the days of their clocks
        were counted, and which clauses nobody has confirmed. `counts` are clocks that are none of
        the limits that run. It goes to the `party` of the case in that role, or to another one.
        """
        assert self.happened is not None
        unconfirmed = self.unconfirmed(*rests_on)
        clocks = [self.clocks[clause] for clause in rests_on if clause in self.clocks]
        clocks += counts if isinstance(counts, tuple) else [counts] if counts else []
        if counted := [self._counted(clock) for clock in clocks if clock.due_on(self.law.calendar)]:
            facts["reckonings"] = counted
        awaited = self.law.awaits(letter.value, role)
        self.happened.letters.append(
            Letter(kind=letter, role=role, facts=facts, unconfirmed=unconfirmed, awaited=awaited, party=party)
        )

    def notify(
        self,
        letter: LetterKind,
        role: Role = Role.APPLICANT,
        rests_on: tuple[str, ...] = (),
        counts: Clock | tuple[Clock, ...] | None = None,
        signatory: Signatory | None = None,
        contestable: bool = True,
        party: Party | None = None,
        **facts: Any,
    ) -> None:
        """Tells of an individual act of the authority, as `tell` does: with who took it, and the remedies.

        The entry says who took it, too. A remedy is the addressee's: no clock of the case runs for it. There
        is none against what is not `contestable`.
        """
        law = self.law
        facts["remedies"] = remedies_of(law) if contestable else {}
        if signatory:
            self.note(signatory=signatory.model_dump(mode="json", exclude_defaults=True))
            signed = signatory.model_dump(mode="json", exclude={"clause"}, exclude_defaults=True)
            facts["signatory"] = signed | {"article": cites(law.digest, signatory.clause)}
            rests_on = (*rests_on, signatory.clause)
        rests_on = (*rests_on, *(law.remedies if contestable else ()))
        self.tell(letter, role, tuple(dict.fromkeys(rests_on)), counts, party, **facts)

    def _counted(self, clock: Clock) -> dict[str, Any]:
        """How the day of a clock was counted, as a letter tells it."""
        return {
            "clause": clock.clause,
            "article": cites(clock.law or self.law.digest, clock.clause),
            "reckoning": clock.reckon(self.law.calendar, self.today).model_dump(
                mode="json", exclude_defaults=True
            ),
            "off": cites(self.law.digest),
        }

    def ask_payment(self, demand: Demand) -> None:
        """Has the register issue an invoice with the next entry."""
        assert self.happened is not None
        self.happened.demand = self.demanded = demand

    def credit(self, credit: Credit) -> None:
        """Has the register issue a credit note with the next entry."""
        assert self.happened is not None
        self.happened.credit = credit

    def go_on_under(self, change: Change) -> None:
        """Goes on under a changed law, which the register keeps whole with the next entry."""
        assert self.happened is not None
        self.happened.change, self.carried.law = change, self.law.changed(change).brief()


def remedies_of(law: Law) -> dict[str, Any]:
    """Within how long an act under a law is contested, and where that is written, as a letter states it."""
    return {
        clause: {"within": law.limit(clause).model_dump(mode="json"), "article": cites(law.digest, clause)}
        for clause in law.remedies
    }


def in_facts(name: str, told: Iterable[BaseModel]) -> dict[str, Any]:
    """What an entry or a letter tells under a name; nothing when there is nothing to tell."""
    lines = [line.model_dump(mode="json", exclude_defaults=True) for line in told]
    return {name: lines} if lines else {}
