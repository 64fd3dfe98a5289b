"""The law as data: each day has one value or a named gap, and nothing is guessed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from jurisdictions.be.calendars import belgium
from jurisdictions.be.remedies import FORMAL_NOTICE, REMEDIES
from models.clock import ClosingDay
from models.errors import BeyondHorizon, NoRuleInForce, RulesOverlap, UnknownClause
from models.law.applicable import Law
from models.law.clause import Clause, InForce, Source, Transition, calendar_days
from models.phases import Stage
from procedures.be_umn.law.conditions import CONDITIONS
from procedures.be_umn.law.contributions import CONTRIBUTIONS, INTEREST
from procedures.be_umn.law.time_limits import TIME_LIMITS
from procedures.be_umn.words import Kind
from procedures.books import applicable_law, governs, shipped
from procedures.registry import every, fileable, folder_of, kinds, procedure
from procedures.shape import ASKS, BILLED_BY

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
    with pytest.raises(NoRuleInForce, match="unknown: due under Annex VII"):
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


def test_nothing_is_confirmed_that_no_person_has_confirmed():
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    assert law.unconfirmed(*law.clauses).keys() == law.clauses.keys()
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


@pytest.mark.parametrize(("procedure", "kind"), [(p, k) for p in fileable() for k in kinds(p)])
def test_every_procedure_tells_how_each_kind_of_dossier_is_examined(procedure, kind):
    law = applicable_law(procedure, kind, date(2026, 11, 22))
    assert law.outcomes
    assert law.procedure == procedure


def test_an_unknown_procedure_or_clause_stops():
    with pytest.raises(UnknownClause, match=r"No procedure is called 'XYZ', .*UMN_PROCEDURES"):
        applicable_law("XYZ", Kind.APPLICATION, date(2026, 1, 1))
    with pytest.raises(UnknownClause, match="no clause 'coffee'"):
        applicable_law("CUP", Kind.APPLICATION, date(2026, 1, 1)).limit("coffee")


def in_code(tree: ast.Module) -> Iterator[str]:
    """Texts that code uses: no comment, and nothing that only documents."""
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node.value


def test_every_clause_has_a_caller():
    """A limit that no wait uses would be a deadline engine that was never wired."""
    files = [
        *Path("workflows").rglob("*.py"),
        Path("models/programme.py"),
        Path("models/obligations.py"),
        Path("models/law/applicable.py"),
        Path("models/objection.py"),
        Path("office/money/debts.py"),
    ]
    trees = [ast.parse(file.read_text()) for file in files]
    clauses = [*TIME_LIMITS, *CONDITIONS, *INTEREST]
    attributes = {n.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    # each procedure names its own clauses
    assert {"every", "reminders", "escalation", "opinions"} <= attributes
    known = {code: one for code, one in every().items() if folder_of(code) == "be_umn"}
    by_procedure = {c for p in known.values() for owed in p.life.obligations for c in owed.clauses}
    by_procedure |= {
        clause.id for p in known.values() for e in p.examinations.values() for clause in e.limits
    }
    by_procedure |= {*applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22)).conditions}
    by_procedure |= {c.id for c in clauses if any(value.beside for value in c.values)}
    by_procedure |= {p.public.gap.id for p in known.values() if p.public}
    by_procedure |= {c.clause for p in known.values() for c in p.competences}
    by_procedure |= {fact.clause for p in known.values() for fact in p.life.facts}
    by_procedure |= {p.life.into_force.clause for p in known.values() if p.life.into_force}
    used = {text for tree in trees for text in in_code(tree)}
    used -= by_procedure  # a kind of decision may be called as a clause is
    assert {clause.id for clause in clauses} - used == by_procedure
    assert all(governs(clause.id, "CUP") != clause.id for clause in clauses)
    carried = {
        clause
        for procedure, kind in [(code, kind) for code in known for kind in (*known[code].examinations, None)]
        for clause in applicable_law(procedure, kind, date(2026, 11, 22)).clauses
    }
    # how the register is published is a matter of the house, and of no case
    of_the_land = {clause.id for clause in (*REMEDIES, FORMAL_NOTICE)}
    assert carried == {clause.id for clause in clauses} - {"publication-gap"} | of_the_land
    contributions = {e.contribution for p in known.values() for e in p.examinations.values()}
    assert contributions - {None} == set(CONTRIBUTIONS)


EXAMINATION = procedure("CUP").examinations[Kind.APPLICATION]


def test_a_stage_asks_for_the_clauses_that_its_phase_names():
    phases = ("filing", "admissibility", "contribution", "merits", "opinions", "questions", "decision")
    trees = [ast.parse((Path("workflows/phases") / f"{phase}.py").read_text()) for phase in phases]
    named = {text for tree in trees for text in in_code(tree)} & {c.id for c in EXAMINATION.clauses}
    asked = {*BILLED_BY, *(clause for clauses in ASKS.values() for clause in clauses)}
    assert named <= asked


@pytest.mark.parametrize(
    ("without", "lacks"),
    [
        ({"clauses": EXAMINATION.clauses[1:]}, "admissibility"),
        ({"stages": (Stage.ADMISSIBILITY, Stage.DECISION)}, "opinions"),
        ({"stages": (Stage.DECISION,)}, "opinions"),
        ({"completion": None}, "completion"),
        ({"clauses": tuple(c for c in EXAMINATION.clauses if c.id != "collection")}, "collection"),
    ],
)
def test_an_examination_that_lacks_something_is_refused_before_any_dossier_is_filed(without, lacks):
    with pytest.raises(UnknownClause, match=f"{EXAMINATION.article} lacks .*: {lacks}"):
        replace(EXAMINATION, **without)


@pytest.mark.parametrize(
    "stages",
    [
        (),
        (Stage.OPINIONS,),
        EXAMINATION.stages[:-1],
        (Stage.ADMISSIBILITY, Stage.OPINIONS, Stage.OPINIONS, Stage.DECISION),
        (Stage.ADMISSIBILITY, Stage.COMPLETION, Stage.DECISION),
    ],
)
def test_an_order_of_stages_that_leads_to_no_decision_is_refused(stages):
    with pytest.raises(UnknownClause, match="each stage once, from admissibility to decision"):
        replace(EXAMINATION, stages=stages)


def test_every_wait_that_has_a_day_names_its_clause():
    """Only a day that a person fixed in a decision needs none."""
    without = []
    for path in sorted(Path("workflows").rglob("*.py")):
        for within in ast.walk(ast.parse(path.read_text())):
            if isinstance(within, ast.AsyncFunctionDef | ast.FunctionDef):
                without += [(path.name, within.name)] * sum(
                    isinstance(node, ast.Call)
                    and getattr(node.func, "attr", "") == "next_act"
                    and {"due_on"} <= {k.arg for k in node.keywords}
                    and "rests_on" not in {k.arg for k in node.keywords}
                    for node in ast.walk(within)
                )
    assert without == [("examination.py", "take_effect")]  # the day on which a granted decision takes effect


def test_a_due_date_is_derived_anew_from_a_changed_calendar_or_refused():
    """A due date does not survive a change of what it rests on: it is derived anew, or refused."""
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    clock = law.clock("decision", date(2026, 11, 23))
    was = clock.due_on(law.calendar)
    closed = law.revised(closing=ClosingDay(day=was, reason="r", by="Ann", entered_on=was))
    assert clock.due_on(closed.calendar) == law.calendar.working_day_from(was + timedelta(1))
    short = law.calendar.model_copy(update={"last": was - timedelta(1)})
    with pytest.raises(BeyondHorizon):
        clock.due_on(short)
    assert closed.digest != law.digest


def test_the_change_of_13_december_2020_reaches_files_by_the_day_they_were_received():
    """Rules E-02 and E-03: from that day on the alternative treatment must also be reimbursed."""

    def judged_by(day: date) -> str:
        return applicable_law("CUP", Kind.APPLICATION, day).clauses["alternative-treatment"].text

    assert judged_by(date(2020, 12, 12)).endswith("authorised and marketed")
    assert judged_by(date(2020, 12, 13)).endswith("authorised, marketed and reimbursed")
    assert shipped().clause("alternative-treatment").on(date(2020, 12, 13)).transition is Transition.FILED


def test_a_programme_open_on_both_sides_of_the_change_follows_it_from_its_next_year():
    """Authorised in June 2020: its first year knows two conditions, its second year three."""
    years = [applicable_law("UMN", None, date(year, 6, 1)) for year in (2020, 2021)]
    texts = [law.clauses["alternative-treatment"].text for law in years]
    assert ["reimbursed" in text for text in texts] == [False, True]


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
    clause = shipped().clause("completion").confirmed(announced)
    assert clause.on(date(2027, 6, 1)).value == calendar_days(30)


@pytest.mark.parametrize(
    ("clause", "day", "cents"),
    [
        ("contribution-cup-application", date(2018, 4, 4), 4_728_95),
        ("contribution-cup-application", date(2018, 4, 5), 18_525_00),
        ("contribution-mnp-application", date(2018, 4, 5), 11_296_00),
        ("contribution-mnp-modification", date(2018, 4, 4), 4_728_95),
        ("contribution-cup-list", date(2018, 4, 4), 2_940_67),
        ("contribution-cup-list", date(2018, 4, 5), 2_671_00),
        ("contribution-mnp-list", date(2018, 12, 31), 2_410_00),
        ("contribution-cup-application", date(2019, 1, 1), 18_960_32),
    ],
)
def test_annex_vii_takes_the_place_of_the_fee_decree_on_5_april_2018(clause, day, cents):
    value = shipped().clause(clause).on(day)
    assert value.value == cents
    assert ("2014018178" in str(value.source)) == (day <= date(2018, 4, 4))


@pytest.mark.parametrize("clause", CONTRIBUTIONS, ids=lambda clause: clause.id)
def test_an_amount_that_is_not_held_is_unknown_and_never_none(clause):
    for day in (date(2015, 1, 1), date(2020, 1, 1), date(2026, 6, 14), date(2040, 1, 1)):
        with pytest.raises(NoRuleInForce, match="unknown: due under"):
            clause.on(day)
