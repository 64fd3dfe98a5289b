"""The safety reports that a programme owes: suspected unexpected serious adverse reactions of a period.

Law: Royal Decree of 14 December 2006, art. 106 § 5 and 108 § 5 (annual or semi-annual; which programme
owes which is not known, and assumed). Counted from the day of authorisation, and from no other report.

Silence: a report that is not filed is reminded of, then flagged and told to the applicant and the desk.
It proposes no suspension: that a late report is a ground for one was found nowhere. A person may suspend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.acts import DossierEnded, DossierFiled
from models.clock import days_before
from models.entry import LetterKind
from models.parties import Role
from models.programme import SafetyReport, Step, StepKind

if TYPE_CHECKING:
    from workflows.programme import ProgrammeLife


def press_report(life: ProgrammeLife, step: Step) -> None:
    """A safety report falls due soon, or is late: the applicant is told, and the desk when it is late."""
    owed = next(r for r in life.programme.safety_reports_owed if r.due_on == step.due_on)
    if step.kind is StepKind.SAFETY_REPORT_REMINDED:
        remind(life, owed)
    else:
        flag_overdue(life, owed, step)


def remind(life: ProgrammeLife, owed: SafetyReport) -> None:
    """Reminds of a safety report; reminders missed while nothing ran are sent as one."""
    law = life.programme.law
    ladder = law.ladder("safety-report-reminders")
    while owed.reminders < len(ladder) and days_before(owed.due_on, ladder[owed.reminders]) <= life.today:
        owed.reminders += 1
    facts = facts_of(life, owed)
    life.happens("SafetyReportReminded", **facts)
    if life.today <= owed.due_on:
        counts = life.programme.clock_to(law.safety_report, owed.due_on)
        life.tell(LetterKind.SAFETY_REPORT_DUE, rests_on=(law.safety_report,), counts=counts, **facts)


def flag_overdue(life: ProgrammeLife, owed: SafetyReport, step: Step) -> None:
    """The day passed and nothing was filed: flagged, and told to the applicant and the desk."""
    owed.overdue = True
    facts = facts_of(life, owed)
    life.happens("SafetyReportOverdue", step.on, **facts)
    for role in (Role.APPLICANT, Role.DESK):
        life.tell(LetterKind.SAFETY_REPORT_OVERDUE, role, (life.programme.law.safety_report,), **facts)


def take_report_filed(life: ProgrammeLife, filed: DossierFiled) -> None:
    """A safety report was filed: it is the earliest one owed whose period has begun.

    Our reading: a package does not say the days of its period.
    """
    begun = (owed for owed in life.programme.safety_reports_owed if owed.from_on <= filed.on)
    owed = next(begun, None)
    if owed is None:
        return
    owed.filed_on, owed.dossier = filed.on, filed.dossier
    life.note(due_on=owed.due_on, filed="late" if filed.on > owed.due_on else "on time")


def take_report_ended(life: ProgrammeLife, ended: DossierEnded) -> None:
    """Its dossier ended: noted, it is done with; withdrawn or inadmissible, it is owed again."""
    life.programme.settle_safety_report(ended.dossier, ended.outcome)


def facts_of(life: ProgrammeLife, owed: SafetyReport) -> dict[str, Any]:
    """What the entry and the letter say of a safety report that is owed."""
    return {
        "from_on": owed.from_on,
        "until_on": owed.until_on,
        "due_on": owed.due_on,
        "assumed": life.programme.assumed,
    }
