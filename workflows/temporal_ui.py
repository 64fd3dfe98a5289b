"""What the Temporal UI shows of a case: search attributes, current details, the summaries of its timers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from temporalio import workflow

from models import flags
from models.due import BY_ITSELF, LAPSES, what
from models.entry import Standing
from models.receipts import Rest
from workflows import beside, invoicing, search, warning
from workflows.case import Case


def show(case: Case, rest: Rest, before: Rest | None) -> None:
    """Search attributes where they changed since the rest before, in one event, and where the case stands."""
    standing = case.standing(rest)
    begun_with = workflow.info().typed_search_attributes
    changed: list[Any] = []
    for key, value in ((search.KIND, standing.kind), (search.PROCEDURE, standing.procedure)):
        if begun_with.get(key) not in (None, value):
            changed.append(key.value_set(value))
    if before is None or before.phase != rest.phase:
        changed.append(search.PHASE.value_set(rest.phase.value))
    if before is None or before.due_on != rest.due_on:
        due = search.DUE_ON
        changed.append(due.value_set(str(rest.due_on)) if rest.due_on else due.value_unset())
    if changed:
        workflow.upsert_search_attributes(changed)
    workflow.set_current_details(details(case, standing))


def details(case: Case, standing: Standing) -> str:
    """Where the case stands: what it is about first, then what is to be done."""
    title, name = unmarked(standing.subject.title), unmarked(standing.subject.name)
    about = f"**{title}**{name.removeprefix(title)}"
    if standing.applicant:
        about += f", {unmarked(standing.applicant.name)}"
    if standing.public_list:
        about += f": {standing.kind} {case.carried.number}, on the list *{standing.public_list.value}*"
    phase = standing.phase.value.replace("_", " ").capitalize()
    stands = " ".join(f"{part}." for part in (phase, *map(flags.said, standing.flags)))
    due = [f"- {due.said(case.today)}" for due in standing.falls_due]
    parts = [
        about,
        "\n".join([f"{unmarked(stands)} {'Falls due:' if due else 'Nothing falls due.'}", *due]),
        f"Possible: {', '.join(standing.possible)}." if standing.possible else "Nothing is possible.",
    ]
    return "\n\n".join(parts)


def comes_on(case: Case, day: date) -> str:
    """What comes at the beginning of a day, for whoever looks at the timers."""
    eve = day - timedelta(days=1)
    ends = [what(due.ref) for due in case.open_clocks() if due.due_on == eve and due.ref not in LAPSES]
    if ends:
        return f"until {eve}: {', '.join(ends)}"
    effects = [due.ref for due in case.open_clocks() if due.due_on == day]
    comes = [what(ref) for ref in effects if ref.startswith(BY_ITSELF)]
    comes += [f"{what(c)} is missed" for c in beside.running(case) if case.wakes_on(c) == day]
    if warned := [what(c) for c in case.clocks if day in warning.coming(case, c)]:
        comes.append(f"warning before {' and '.join(warned)}")
    if invoicing.pressing_day(case) == day:
        comes.append("reminder of the invoice")
    return f"until {day}" + (f": {', '.join(comes)}" if comes else "")


def unmarked(text: str) -> str:
    """What people wrote, so that no sign in it marks anything in the UI."""
    return re.sub(r"([\\`*_\[\]<>~|])", r"\\\1", " ".join(text.split()))
