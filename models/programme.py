"""An authorised programme: all that is carried from one authorisation year to the next.

Dates are civil dates in Brussels, derived from the day of authorisation; what has been done is
kept, what is due is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.acts import DossierEnded
from models.clock import Clock, Limit, Rules, Unit, add_months, anniversary, days_before
from models.decision import Condition, Outcome
from models.dossier import Carried
from models.law.applicable import Law
from models.parties import Body, Party, Product
from models.phases import Phase, PublicList


class Suspension(BaseModel):
    """A suspension: who asked for it, why, and from which day it has effect."""

    imposed_on: date
    effective_on: date
    requested_by: str
    grounds: str
    for_safety: bool = False
    in_effect: bool = False


class ReEvaluation(BaseModel):
    """The yearly re-evaluation of one anniversary: filed early, on time, late, or not at all."""

    year: int
    due_on: date
    reminders: int = 0
    filed_on: date | None = None
    dossier: str | None = None
    filed: Literal["", "early", "on time", "late"] = ""
    missed_on: date | None = None
    proposed_on: date | None = None
    declined_on: date | None = None


class StepKind(StrEnum):
    """What a programme does by itself when a day comes."""

    SUSPENSION_TAKES_EFFECT = "suspension takes effect"
    DECISION_TAKES_EFFECT = "decision takes effect"
    CONDITION_REMINDED = "condition reminded"
    CONDITION_OVERDUE = "condition overdue"
    RE_EVALUATION_REMINDED = "re-evaluation reminded"
    RE_EVALUATION_MISSED = "re-evaluation missed"
    SUSPENSION_PROPOSED = "suspension proposed"
    YEAR_TURNS = "year turns"


class Step(BaseModel):
    """A step and the day at whose beginning it is taken."""

    model_config = ConfigDict(frozen=True)

    on: date
    kind: StepKind
    ref: int = 0


class Programme(Carried):
    """One programme. `year` is the authorisation year it is in, 1 for the first.

    `assumed` means that the day of authorisation was not stated where the programme was imported
    from: every date that rests on it is marked until a person confirms it.
    """

    number: str
    procedure: str
    applicant: Party | None
    product: Product
    authorised_on: date
    assumed: bool = False
    last_update_on: date
    year: int = 1
    law: Law

    suspensions: list[Suspension] = Field(default_factory=list)
    to_take_effect: list[DossierEnded] = Field(default_factory=list)
    closed_to_new_patients_on: date | None = None
    closed_on: date | None = None
    conditions: list[Condition] = Field(default_factory=list)
    re_evaluations: list[ReEvaluation] = Field(default_factory=list)
    imported_from: str = ""

    @property
    def phase(self) -> Phase:
        """The state of the programme; a closure outweighs a suspension, which outweighs the rest."""
        if self.closed_on:
            return Phase.CLOSED
        if self.suspended:
            return Phase.SUSPENDED
        return Phase.CLOSED_TO_NEW_PATIENTS if self.closed_to_new_patients_on else Phase.AUTHORISED

    @property
    def suspended(self) -> bool:
        """Whether at least one suspension is in effect."""
        return any(suspension.in_effect for suspension in self.suspensions)

    @property
    def suspensions_to_come(self) -> list[Suspension]:
        """Suspensions that were imposed from a later day."""
        return [suspension for suspension in self.suspensions if not suspension.in_effect]

    @property
    def public_list(self) -> PublicList:
        """The list of the public page on which it stands (closed to new patients: still authorised)."""
        match self.phase:
            case Phase.CLOSED:
                return PublicList.CLOSED
            case Phase.SUSPENDED:
                return PublicList.SUSPENDED
            case _:
                return PublicList.AUTHORISED

    @property
    def year_ends_on(self) -> date:
        """The anniversary at which the present authorisation year ends."""
        return anniversary(self.authorised_on, self.year)

    @property
    def asked_on(self) -> date:
        """A programme is asked no questions; its dossiers are."""
        return self.since

    @property
    def bodies_awaited(self) -> tuple[Body, ...]:
        """A programme awaits no opinions; its dossiers do."""
        return ()

    @property
    def conditions_open(self) -> tuple[int, ...]:
        """Numbers of the conditions not yet met."""
        return tuple(c.number for c in self.conditions if c.met_on is None)

    @property
    def proposal_open(self) -> bool:
        """Whether a proposal to suspend lies before a person."""
        open_proposals = any(r.proposed_on and not r.declined_on for r in self.re_evaluations)
        return open_proposals and not self.suspensions

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should see at once."""
        missed = [
            f"re-evaluation {r.year} missed" for r in self.re_evaluations if r.missed_on and not r.filed_on
        ]
        late = [f"condition {c.number} overdue" for c in self.conditions if c.overdue and not c.met_on]
        later = [f"suspension from {s.effective_on}" for s in self.suspensions_to_come]
        proposed = ["suspension proposed"] if self.proposal_open else []
        owed = self.invoice.flags if self.invoice else ()
        return (*missed, *late, *later, *proposed, *owed, *self.docket.flags)

    @property
    def due_on(self) -> date | None:
        """The next day that counts: a re-evaluation or condition owed, a suspension or decision to come."""
        owed = [r.due_on for r in self.re_evaluations if r.filed_on is None]
        owed += [c.due_on for c in self.conditions if c.met_on is None]
        owed += [suspension.effective_on for suspension in self.suspensions_to_come]
        owed += [ended.effective_on for ended in self.to_take_effect]
        return min(owed, default=None)

    def open_year(self) -> None:
        """Opens the re-evaluation that falls due in this year, once; by its clause, mostly one a year.

        Always counted from the day of authorisation, so that it never drifts.
        """
        due_on = due_in_year(self.authorised_on, self.year, self.law)
        if due_on and not self.re_evaluation(due_on.year):
            self.re_evaluations.append(ReEvaluation(year=due_on.year, due_on=due_on))

    def re_evaluation_clock(self, owed: ReEvaluation) -> Clock | None:
        """The clock that leads to a re-evaluation; nothing when its day comes from an earlier law."""
        every = self.law.months("re-evaluation")
        passed = (owed.due_on.year - self.authorised_on.year) * 12
        passed += owed.due_on.month - self.authorised_on.month
        limit = Limit(amount=passed, unit=Unit.MONTHS)
        clock = Clock(clause="re-evaluation", limit=limit, rules=Rules.PLAIN, started_on=self.authorised_on)
        leads_there = passed % every == 0 and add_months(self.authorised_on, passed) == owed.due_on
        return clock if leads_there else None

    def re_evaluation(self, year: int | None) -> ReEvaluation | None:
        """The open re-evaluation of a year."""
        return next((r for r in self.re_evaluations if r.year == year), None)

    def next_step(self) -> Step:
        """The earliest thing the programme does by itself; at the latest the turn of its year."""
        steps = [Step(on=self.year_ends_on, kind=StepKind.YEAR_TURNS)]
        for suspension in self.suspensions_to_come:
            steps.append(Step(on=suspension.effective_on, kind=StepKind.SUSPENSION_TAKES_EFFECT))
        for ended in self.to_take_effect:
            steps.append(Step(on=ended.effective_on, kind=StepKind.DECISION_TAKES_EFFECT))
        for c in self.conditions:
            if c.met_on is None and not c.overdue:
                kind = StepKind.CONDITION_OVERDUE if c.reminded else StepKind.CONDITION_REMINDED
                on = c.due_on + timedelta(days=1)
                if not c.reminded:
                    on = min(on, days_before(c.due_on, self.law.limit("condition-reminder")))
                steps.append(Step(on=on, kind=kind, ref=c.number))
        ladder = self.law.ladder("re-evaluation-reminders")
        for r in self.re_evaluations:
            if r.filed_on is not None:
                continue
            if r.missed_on is None:
                if r.reminders < len(ladder):
                    on = days_before(r.due_on, ladder[r.reminders])
                    steps.append(Step(on=on, kind=StepKind.RE_EVALUATION_REMINDED, ref=r.year))
                else:
                    on = r.due_on + timedelta(days=1)
                    steps.append(Step(on=on, kind=StepKind.RE_EVALUATION_MISSED, ref=r.year))
            elif r.proposed_on is None and not self.suspensions:
                on = r.missed_on + timedelta(days=self.law.limit("re-evaluation-escalation").amount)
                steps.append(Step(on=on, kind=StepKind.SUSPENSION_PROPOSED, ref=r.year))
        return min(steps, key=lambda step: step.on)

    def confirm(self, authorised_on: date, today: date) -> None:
        """The day of authorisation is known: every anniversary is counted anew from it.

        A re-evaluation that was filed or missed stays, flags and proposals included.
        """
        self.authorised_on, self.assumed = authorised_on, False
        self.year = authorisation_year(authorised_on, today)
        self.re_evaluations = [r for r in self.re_evaluations if r.filed_on or r.missed_on]
        self.open_year()

    def owes(self, conditions: tuple[Condition, ...] | list[Condition]) -> None:
        """Takes over the conditions of a decision, numbered on from those it has."""
        first = max((c.number for c in self.conditions), default=0) + 1
        for offset, condition in enumerate(conditions):
            self.conditions.append(condition.model_copy(update={"number": first + offset}))

    def settle(self, year: int | None, outcome: Outcome) -> None:
        """A re-evaluation was decided, which closes it; or it ended without a decision, which does not."""
        found = self.re_evaluation(year)
        if found is None:
            return
        if outcome in (Outcome.WITHDRAWN, Outcome.INADMISSIBLE, Outcome.WITHOUT_OBJECT):
            found.filed_on, found.dossier, found.filed = None, None, ""
        else:
            self.re_evaluations.remove(found)


def authorisation_year(authorised_on: date, today: date) -> int:
    """Which authorisation year a day lies in: 1 until the first anniversary."""
    year = max(1, today.year - authorised_on.year)
    while anniversary(authorised_on, year) <= today:
        year += 1
    return year


def due_in_year(authorised_on: date, year: int, law: Law) -> date | None:
    """The re-evaluation that falls due in an authorisation year, by its clause: mostly one a year."""
    every, nth = law.months("re-evaluation"), 1
    while (due_on := add_months(authorised_on, every * nth)) <= anniversary(authorised_on, year - 1):
        nth += 1
    return due_on if due_on <= anniversary(authorised_on, year) else None


def timetable(
    authorised_on: date, year: int, law: Law, conditions: Iterable[tuple[int, date]] = ()
) -> dict[str, date]:
    """What falls due in one authorisation year under a law, if nothing is filed: by what it is.

    `conditions` are numbers and due dates of conditions that are not met.
    """
    days: dict[str, date] = {}
    if due_on := due_in_year(authorised_on, year, law):
        days[f"re-evaluation {due_on.year}"] = due_on
        for rung, reminder in enumerate(law.ladder("re-evaluation-reminders"), start=1):
            days[f"reminder {rung} of the re-evaluation {due_on.year}"] = days_before(due_on, reminder)
        escalates = timedelta(days=1 + law.limit("re-evaluation-escalation").amount)
        days[f"suspension proposed, re-evaluation {due_on.year}"] = due_on + escalates
    for number, condition_due_on in conditions:
        days[f"reminder of condition {number}"] = days_before(
            condition_due_on, law.limit("condition-reminder")
        )
    return days
