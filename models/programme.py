"""An authorised programme: all that is carried from one authorisation year to the next.

Dates are civil dates in Brussels, derived from the day of authorisation; what has been done is
kept, what is due is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


class SafetyReport(BaseModel):
    """The safety report of one period, due on the day after its last one."""

    from_on: date
    due_on: date
    reminders: int = 0
    filed_on: date | None = None
    dossier: str | None = None
    overdue: bool = False
    noted: bool = False

    @property
    def until_on(self) -> date:
        """The last day of its period."""
        return self.due_on - timedelta(days=1)


class StepKind(StrEnum):
    """What a programme does by itself when a day comes."""

    SUSPENSION_TAKES_EFFECT = "suspension takes effect"
    DECISION_TAKES_EFFECT = "decision takes effect"
    CONDITION_REMINDED = "condition reminded"
    CONDITION_OVERDUE = "condition overdue"
    RE_EVALUATION_REMINDED = "re-evaluation reminded"
    RE_EVALUATION_MISSED = "re-evaluation missed"
    SUSPENSION_PROPOSED = "suspension proposed"
    SAFETY_REPORT_REMINDED = "safety report reminded"
    SAFETY_REPORT_OVERDUE = "safety report overdue"
    YEAR_TURNS = "year turns"


class Step(BaseModel):
    """A step and the day at whose beginning it is taken.

    `ref` is the number of a condition or the year of a re-evaluation, `due_on` the day of a safety report.
    """

    model_config = ConfigDict(frozen=True)

    on: date
    kind: StepKind
    ref: int = 0
    due_on: date | None = None


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
    safety_reports: list[SafetyReport] = Field(default_factory=list)
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
    def safety_reports_owed(self) -> list[SafetyReport]:
        """The safety reports not yet filed, the earliest first; none while its law knows of none."""
        return [r for r in self.safety_reports if r.filed_on is None and self.law.safety_report]

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
        late += [f"safety report {r.due_on} overdue" for r in self.safety_reports_owed if r.overdue]
        later = [f"suspension from {s.effective_on}" for s in self.suspensions_to_come]
        proposed = ["suspension proposed"] if self.proposal_open else []
        owed = self.invoice.flags if self.invoice else ()
        return (*missed, *late, *later, *proposed, *owed, *self.docket.flags)

    @property
    def due_on(self) -> date | None:
        """The next day that counts: what is owed first, or a suspension or decision to come."""
        owed = [r.due_on for r in self.re_evaluations if r.filed_on is None]
        owed += [r.due_on for r in self.safety_reports_owed]
        owed += [c.due_on for c in self.conditions if c.met_on is None]
        owed += [suspension.effective_on for suspension in self.suspensions_to_come]
        owed += [ended.effective_on for ended in self.to_take_effect]
        return min(owed, default=None)

    def open_year(self) -> None:
        """Opens what falls due in this year by its clause, once: the re-evaluation and the safety reports.

        Always counted from the day of authorisation, so that it never drifts. A safety report of before the
        programme was carried here is not asked for: nobody told us whether it was filed.
        """
        due_on = due_in_year(self.authorised_on, self.year, self.law)
        if due_on and not self.re_evaluation(due_on.year):
            self.re_evaluations.append(ReEvaluation(year=due_on.year, due_on=due_on))
        began_on = anniversary(self.authorised_on, self.year - 1)
        self.safety_reports = [r for r in self.safety_reports if not r.noted or r.due_on > began_on]
        known = {r.due_on for r in self.safety_reports}
        for report in reports_in_year(self.authorised_on, self.year, self.law):
            if report.due_on not in known and report.due_on >= self.opened_on:
                self.safety_reports.append(report)

    def clock_to(self, clause: str, due_on: date) -> Clock | None:
        """The clock of what recurs that leads to a day; nothing when the day comes from an earlier law."""
        passed = (due_on.year - self.authorised_on.year) * 12 + due_on.month - self.authorised_on.month
        limit = Limit(amount=passed, unit=Unit.MONTHS)
        clock = Clock(clause=clause, limit=limit, rules=Rules.PLAIN, started_on=self.authorised_on)
        leads_there = passed % self.law.months(clause) == 0
        return clock if leads_there and add_months(self.authorised_on, passed) == due_on else None

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
        steps += self._safety_report_steps()
        return min(steps, key=lambda step: step.on)

    def _safety_report_steps(self) -> Iterator[Step]:
        for owed in self.safety_reports_owed:
            ladder = self.law.ladder("safety-report-reminders")
            if owed.reminders < len(ladder):
                on = days_before(owed.due_on, ladder[owed.reminders])
                yield Step(on=on, kind=StepKind.SAFETY_REPORT_REMINDED, due_on=owed.due_on)
            elif not owed.overdue:
                on = overdue_on(owed.due_on, self.law)
                yield Step(on=on, kind=StepKind.SAFETY_REPORT_OVERDUE, due_on=owed.due_on)

    def confirm(self, authorised_on: date, today: date) -> None:
        """The day of authorisation is known: every anniversary is counted anew from it.

        What was filed or missed stays, flags and proposals included.
        """
        self.authorised_on, self.assumed = authorised_on, False
        self.year = authorisation_year(authorised_on, today)
        self.re_evaluations = [r for r in self.re_evaluations if r.filed_on or r.missed_on]
        self.safety_reports = [r for r in self.safety_reports if r.filed_on or r.overdue]
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

    def settle_safety_report(self, dossier: str, outcome: Outcome) -> None:
        """A safety report was noted, which closes it; or its dossier ended otherwise, which does not."""
        for report in (r for r in self.safety_reports if r.dossier == dossier):
            if outcome is Outcome.NOTED:
                report.noted = True
            else:
                report.filed_on, report.dossier = None, None


def authorisation_year(authorised_on: date, today: date) -> int:
    """Which authorisation year a day lies in: 1 until the first anniversary."""
    year = max(1, today.year - authorised_on.year)
    while anniversary(authorised_on, year) <= today:
        year += 1
    return year


def due_in_year(authorised_on: date, year: int, law: Law) -> date | None:
    """The re-evaluation that falls due in an authorisation year, by its clause: mostly one a year."""
    return next((due_on for _, due_on in _periods(authorised_on, year, law.months("re-evaluation"))), None)


def reports_in_year(authorised_on: date, year: int, law: Law) -> list[SafetyReport]:
    """The safety reports that fall due in an authorisation year; none when its law knows of none."""
    every = law.months(law.safety_report) if law.safety_report else None
    periods = _periods(authorised_on, year, every) if every else ()
    return [SafetyReport(from_on=from_on, due_on=due_on) for from_on, due_on in periods]


def overdue_on(due_on: date, law: Law) -> date:
    """The day on which a safety report that was not filed is flagged."""
    return due_on + timedelta(days=law.limit("safety-report-escalation").amount)


def _periods(authorised_on: date, year: int, every: int) -> Iterator[tuple[date, date]]:
    """Periods of so many months since the authorisation that end in one authorisation year."""
    nth = 12 * (year - 1) // every + 1  # the first that ends after the anniversary at which it begins
    while every * nth <= 12 * year:
        yield add_months(authorised_on, every * (nth - 1)), add_months(authorised_on, every * nth)
        nth += 1


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
    for report in reports_in_year(authorised_on, year, law):
        what = f"safety report {report.due_on}"
        days[what] = report.due_on
        for rung, reminder in enumerate(law.ladder("safety-report-reminders"), start=1):
            days[f"reminder {rung} of the {what}"] = days_before(report.due_on, reminder)
        days[f"{what} overdue"] = overdue_on(report.due_on, law)
    for number, condition_due_on in conditions:
        days[f"reminder of condition {number}"] = days_before(
            condition_due_on, law.limit("condition-reminder")
        )
    return days
