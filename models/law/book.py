"""A law book: every clause of a folder of procedures, with what the agency entered laid over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from models.clock import ClosingDay
from models.errors import UnknownClause
from models.law.clause import Clause, InForce


@dataclass(frozen=True)
class LawBook:
    """All clauses by id, and the agency's closing days. `name` is that of its folder."""

    name: str
    clauses: tuple[Clause, ...]
    closing_days: tuple[ClosingDay, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    def clause(self, clause: str) -> Clause:
        """The clause of that id. Raises: UnknownClause naming the nearest ones."""
        if clause not in self._by_id:
            from difflib import get_close_matches

            near = get_close_matches(clause, self._by_id, n=3, cutoff=0.5)
            if not near:
                raise UnknownClause("law.no-clause", clause=clause, possible=("law list",))
            raise UnknownClause("law.no-clause-but-near", clause=clause, near=near)
        return self._by_id[clause]

    def confirmed(self, clause: str, value: InForce) -> LawBook:
        """The book with one value of the agency more. Raises: UnknownClause, RulesOverlap."""
        changed = self.clause(clause).confirmed(value)
        return replace(self, clauses=tuple(changed if c.id == clause else c for c in self.clauses))

    def closed_on(self, closing_days: Iterable[ClosingDay]) -> LawBook:
        """The book with closing days more."""
        return replace(self, closing_days=(*self.closing_days, *closing_days))
