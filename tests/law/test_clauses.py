"""The law as data: each day has one value or a named gap, and nothing is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.errors import NoRuleInForce, UnknownClause
from models.law.applicable import PROCEDURES, applicable_law, governs
from models.law.clause import Clause, InForce, Source, calendar_days
from models.law.contributions import CONTRIBUTIONS
from models.law.procedures.shape import Kind
from models.law.time_limits import TIME_LIMITS

SOURCE = Source("a decree", "art. 1")


@pytest.mark.parametrize("clause", TIME_LIMITS, ids=lambda clause: clause.id)
def test_every_day_since_the_first_has_exactly_one_limit(clause):
    first = clause.values[0].from_on
    for day in (first, first + timedelta(1), date(2020, 2, 29), date(2026, 11, 22), date(2100, 12, 31)):
        assert clause.on(day)
    with pytest.raises(NoRuleInForce):
        clause.on(first - timedelta(1))


@pytest.mark.parametrize("clause", CONTRIBUTIONS, ids=lambda clause: clause.id)
def test_a_day_without_a_published_contribution_is_a_named_gap(clause):
    day = date(2014, 7, 1)
    while day < date(2031, 1, 1):
        values = [v for v in clause.values if v.from_on <= day <= (v.until_on or date.max)]
        gaps = [g for g in clause.gaps if g.from_on <= day <= (g.until_on or date.max)]
        assert len(values) + len(gaps) == 1, day
        day += timedelta(1)
    with pytest.raises(NoRuleInForce, match="the published amount was not found"):
        clause.on(date(2026, 11, 22))


def test_two_values_of_a_clause_never_overlap():
    with pytest.raises(ValueError, match="overlap on 2020-01-01"):
        Clause(
            "x",
            "x",
            (
                InForce(calendar_days(1), date(2014, 1, 1), SOURCE),
                InForce(calendar_days(2), date(2020, 1, 1), SOURCE),
            ),
        )


def test_nothing_is_verified_that_no_person_has_verified():
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    assert law.unverified(*law.clauses) == tuple(law.clauses)
    assert all(law.clauses[clause].article for clause in law.clauses)


def test_the_law_of_a_file_is_that_of_its_own_day():
    old = applicable_law("MNP", Kind.APPLICATION, date(2019, 6, 1))
    assert old.contribution is not None
    assert old.contribution.cents == 1156145
    new = applicable_law("MNP", Kind.APPLICATION, date(2026, 6, 1))
    assert new.contribution is None
    assert "2026-06-01" in new.contribution_gap
    assert old.digest != new.digest
    assert applicable_law("MNP", Kind.APPLICATION, date(2019, 6, 1)).digest == old.digest


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("kind", Kind)
def test_every_procedure_tells_how_each_kind_of_dossier_is_examined(procedure, kind):
    law = applicable_law(procedure, kind, date(2026, 11, 22))
    assert law.outcomes
    assert law.procedure == procedure


def test_an_unknown_procedure_or_clause_stops():
    with pytest.raises(UnknownClause, match="No procedure is called 'XYZ'"):
        applicable_law("XYZ", Kind.APPLICATION, date(2026, 1, 1))
    with pytest.raises(UnknownClause, match="no clause 'coffee'"):
        applicable_law("CUP", Kind.APPLICATION, date(2026, 1, 1)).limit("coffee")


def test_every_clause_has_a_caller():
    """A limit that no wait uses would be a deadline engine that was never wired."""
    from pathlib import Path

    text = "".join(path.read_text() for path in Path("workflows").glob("*.py"))
    text += Path("models/programme.py").read_text()
    uncalled = [clause.id for clause in TIME_LIMITS if f'"{clause.id}"' not in text]
    assert uncalled == []
    assert all(governs(clause.id) != clause.id for clause in TIME_LIMITS)
