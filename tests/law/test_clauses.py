"""The law as data: each day has one value or a named gap, and nothing is guessed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from models.clock import ClosingDay, Limit, Unit
from models.errors import BeyondHorizon, NoRuleInForce, RulesOverlap, UnknownClause
from models.law.applicable import PROCEDURES, Law, applicable_law, governs
from models.law.book import SHIPPED
from models.law.calendars import belgium, closed_also
from models.law.clause import Clause, InForce, Instrument, Source, Transition, calendar_days
from models.law.conditions import CONDITIONS
from models.law.contributions import CONTRIBUTIONS
from models.law.procedures.shape import Kind
from models.law.time_limits import TIME_LIMITS
from models.programme import due_in_year, reports_in_year

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
    with pytest.raises(RulesOverlap, match="overlap on 2020-01-01"):
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


@pytest.mark.parametrize("clause", SHIPPED.clauses, ids=lambda clause: clause.id)
def test_every_value_has_its_unit_its_article_and_its_number_in_the_official_journal(clause):
    for value in clause.values:
        assert isinstance(value.source.instrument, Instrument)
        assert value.source.instrument.numac.isdecimal()
        assert value.source.article
        assert all(limit.unit in Unit for limit in value.limits)


def in_code(tree: ast.Module) -> Iterator[str]:
    """Texts that code uses: no comment, and nothing that only documents."""
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node.value


def test_every_clause_has_a_caller():
    """A limit that no wait uses would be a deadline engine that was never wired."""
    files = [*Path("workflows").glob("*.py"), Path("models/programme.py"), Path("office/publishing.py")]
    trees = [ast.parse(file.read_text()) for file in files]
    clauses = [*TIME_LIMITS, *CONDITIONS]
    attributes = {n.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert "safety_report" in attributes  # each procedure names its own clause
    by_procedure = {procedure.safety_report.id for procedure in PROCEDURES.values()}
    used = {text for tree in trees for text in in_code(tree)}
    assert {clause.id for clause in clauses} - used == by_procedure
    assert all(governs(clause.id) != clause.id for clause in clauses)
    carried = {
        clause
        for procedure, kind in [*product(PROCEDURES, [*Kind, None]), ("UMN", None)]
        for clause in applicable_law(procedure, kind, date(2026, 11, 22)).clauses
    }
    # how the register is published is a matter of the house, and of no case
    assert carried == {clause.id for clause in clauses} - {"publication-gap"}
    contributions = {e.contribution for p in PROCEDURES.values() for e in p.examinations.values()}
    assert contributions - {None} == set(CONTRIBUTIONS)


def test_every_wait_that_has_a_day_names_its_clause():
    """Only a day that a person fixed in a decision needs none."""
    without = []
    for path in sorted(Path("workflows").glob("*.py")):
        for within in ast.walk(ast.parse(path.read_text())):
            if isinstance(within, ast.AsyncFunctionDef | ast.FunctionDef):
                without += [(path.name, within.name)] * sum(
                    isinstance(node, ast.Call)
                    and getattr(node.func, "attr", "") == "next_act"
                    and {"due_on"} <= {k.arg for k in node.keywords}
                    and "rests_on" not in {k.arg for k in node.keywords}
                    for node in ast.walk(within)
                )
    assert without == [("dossier.py", "take_effect")]  # the day on which a granted decision takes effect


def test_a_due_date_is_derived_anew_from_a_changed_calendar_or_refused():
    """A due date does not survive a change of what it rests on: it is derived anew, or refused."""
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    clock = law.clock("decision", date(2026, 11, 23))
    was = clock.due_on(law.calendar)
    closed = closed_also(law.calendar, (ClosingDay(day=was, reason="r", by="Ann", entered_on=was),))
    assert clock.due_on(law.revised(calendar=closed).calendar) == law.calendar.working_day_from(
        was + timedelta(1)
    )
    short = law.calendar.model_copy(update={"last": was - timedelta(1)})
    with pytest.raises(BeyondHorizon):
        clock.due_on(short)
    assert law.revised(calendar=closed).digest != law.digest


def test_the_change_of_13_december_2020_reaches_files_by_the_day_they_were_received():
    """Rules E-02 and E-03: from that day on the alternative treatment must also be reimbursed."""

    def judged_by(day: date) -> str:
        return applicable_law("CUP", Kind.APPLICATION, day).clauses["alternative-treatment"].text

    assert judged_by(date(2020, 12, 12)).endswith("authorised and marketed")
    assert judged_by(date(2020, 12, 13)).endswith("authorised, marketed and reimbursed")
    assert SHIPPED.clause("alternative-treatment").on(date(2020, 12, 13)).transition is Transition.FILED


def test_a_programme_open_on_both_sides_of_the_change_follows_it_from_its_next_year():
    """Authorised in June 2020: its first year knows two conditions, its second year three."""
    years = [applicable_law("UMN", None, date(year, 6, 1)) for year in (2020, 2021)]
    texts = [law.clauses["alternative-treatment"].text for law in years]
    assert ["reimbursed" in text for text in texts] == [False, True]


def test_a_re_evaluation_more_often_than_yearly_is_refused_before_it_applies():
    half_a_year = InForce(Limit(amount=6, unit=Unit.MONTHS), date(2026, 1, 1), SOURCE, shipped=False)
    book = SHIPPED.confirmed("re-evaluation", half_a_year)
    with pytest.raises(NoRuleInForce, match="a year at least"):
        applicable_law("UMN", None, date(2026, 6, 1), book)


def test_a_safety_report_is_owed_every_half_year_or_year_by_the_procedure_and_by_no_other():
    on = date(2024, 8, 31)
    due = {
        procedure: [r.due_on for r in reports_in_year(on, 2, applicable_law(procedure, None, on))]
        for procedure in ("CUP", "MNP", "UMN")
    }
    assert due == {
        "CUP": [date(2026, 2, 28), date(2026, 8, 31)],
        "MNP": [date(2026, 8, 31)],
        "UMN": [],
    }
    (annual,) = reports_in_year(on, 2, applicable_law("MNP", None, on))
    assert (annual.from_on, annual.until_on) == (date(2025, 8, 31), date(2026, 8, 30))


def test_safety_reports_of_an_interval_that_fits_no_year_follow_the_day_of_authorisation():
    every_eighth = InForce(Limit(amount=8, unit=Unit.MONTHS), date(2014, 7, 1), SOURCE, shipped=False)
    law = applicable_law("CUP", None, date(2026, 6, 1), SHIPPED.confirmed("safety-report-cup", every_eighth))
    due = [[r.due_on for r in reports_in_year(date(2024, 1, 1), year, law)] for year in (1, 2)]
    assert due == [[date(2024, 9, 1)], [date(2025, 5, 1), date(2026, 1, 1)]]


def test_a_safety_report_more_often_than_monthly_is_refused_before_it_applies():
    never = InForce(Limit(amount=0, unit=Unit.MONTHS), date(2026, 1, 1), SOURCE, shipped=False)
    with pytest.raises(NoRuleInForce, match="a month at least"):
        applicable_law("MNP", None, date(2026, 6, 1), SHIPPED.confirmed("safety-report-mnp", never))


def test_a_re_evaluation_every_second_year_falls_due_in_every_second_year():
    biennial = InForce(Limit(amount=2, unit=Unit.YEARS), date(2014, 7, 1), SOURCE, shipped=False)
    law = applicable_law("UMN", None, date(2026, 6, 1), SHIPPED.confirmed("re-evaluation", biennial))
    due = [due_in_year(date(2020, 2, 29), year, law) for year in range(1, 9)]
    assert due == [
        None,
        date(2022, 2, 28),
        None,
        date(2024, 2, 29),
        None,
        date(2026, 2, 28),
        None,
        date(2028, 2, 29),
    ]


def test_the_calendar_goes_on_where_the_library_stops_without_saying_so():
    assert not belgium(2099).is_working(date(2101, 11, 11))
    assert date(2101, 12, 25) in belgium(2095).holidays
    assert belgium(2115).last == date(2120, 12, 31)
    with pytest.raises(BeyondHorizon):
        belgium(2115).is_working(date(2121, 1, 4))


def test_a_library_update_never_moves_a_date_that_was_told():
    """The calendar travels with the law of the file; a later edition is another law, with another hash."""
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    carried = Law.model_validate_json(law.model_dump_json())
    fewer = law.calendar.model_copy(update={"holidays": (), "version": "holidays 99"})
    due = carried.clock("decision", date(2026, 11, 23)).due_on
    assert due(carried.calendar) == due(law.calendar) != due(fewer)
    assert carried.digest == law.digest


def test_beyond_what_was_shipped_announced_law_does_not_apply():
    announced = InForce(calendar_days(9), date(2027, 1, 1), SOURCE, announced=True, shipped=False)
    clause = SHIPPED.clause("answers").confirmed(announced)
    assert clause.on(date(2027, 6, 1)).value == calendar_days(30)
