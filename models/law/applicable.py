"""The law of one file on one day, put together once and carried in that file's input.

A later edit of the values can therefore never bend a running dossier: its history shows what was
applied. A programme receives the law of the new year at each anniversary.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

from pydantic import BaseModel, ConfigDict

from models.clock import Calendar, Clock, Limit
from models.decision import Outcome
from models.errors import NoRuleInForce, UnknownClause
from models.law.calendars import belgium
from models.law.clause import Applied
from models.law.procedures.compassionate_use import COMPASSIONATE_USE
from models.law.procedures.medical_need import MEDICAL_NEED
from models.law.procedures.shape import Kind, Procedure
from models.law.time_limits import TIME_LIMITS
from models.parties import Body

PROCEDURES: dict[str, Procedure] = {p.code: p for p in (COMPASSIONATE_USE, MEDICAL_NEED)}

NOT_STATED = "UMN"
"""The code of imported programmes: the agency's page does not say whether they are CUP or MNP."""

_NAMES = {clause.id: clause.governs for clause in TIME_LIMITS}


class Law(BaseModel):
    """What applies to one file: its clauses, who gives an opinion, how it may end, its calendar."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: str
    article: str
    on: date
    clauses: dict[str, Applied]
    contribution: Applied | None = None
    contribution_gap: str = ""
    opinions: tuple[Body, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    calendar: Calendar
    digest: str = ""

    def _applied(self, clause: str) -> Applied:
        if clause not in self.clauses:
            raise UnknownClause(f"The law of this file has no clause {clause!r}.")
        return self.clauses[clause]

    def limit(self, clause: str) -> Limit:
        """The one limit of a clause. Raises: UnknownClause."""
        return self._applied(clause).limits[0]

    def ladder(self, clause: str) -> tuple[Limit, ...]:
        """The steps of a clause that has several. Raises: UnknownClause."""
        return self._applied(clause).limits

    def clock(self, clause: str, started_on: date) -> Clock:
        """A clock of that clause, started. Raises: UnknownClause."""
        return Clock(limit=self.limit(clause), started_on=started_on)

    def unverified(self, *clauses: str) -> tuple[str, ...]:
        """Which of these clauses no person has compared with the text."""
        return tuple(c for c in clauses if not self._applied(c).verified)


def applicable_law(procedure: str, kind: Kind | None, on: date) -> Law:
    """The law of a file of that day. `kind` None is the law of a programme's year.

    Raises: UnknownClause for a procedure we do not hold, NoRuleInForce when a limit has no value.
    A contribution without a published amount is carried as a named gap: a person fixes it later.
    """
    known = PROCEDURES.get(procedure)
    if known is None and not (procedure == NOT_STATED and kind is None):
        raise UnknownClause(f"No procedure is called {procedure!r}.", tuple(PROCEDURES))
    examination = known.examinations[kind] if known and kind else None
    contribution, gap = None, ""
    if examination and examination.contribution:
        try:
            contribution = examination.contribution.applied_on(on)
        except NoRuleInForce as silent:
            gap = silent.message
    clauses = {clause.id: clause.applied_on(on) for clause in TIME_LIMITS}
    if contribution:
        clauses[contribution.clause] = contribution
    law = Law(
        procedure=procedure,
        article=examination.article if examination else known.article if known else "",
        on=on,
        clauses=clauses,
        contribution=contribution,
        contribution_gap=gap,
        opinions=examination.opinions if examination else (),
        outcomes=examination.outcomes if examination else (),
        calendar=belgium(on.year),
    )
    text = json.dumps(law.model_dump(mode="json"), sort_keys=True)
    return law.model_copy(update={"digest": hashlib.sha256(text.encode()).hexdigest()})


def governs(clause: str) -> str:
    """What a clause governs, in words."""
    return _NAMES.get(clause, clause)
