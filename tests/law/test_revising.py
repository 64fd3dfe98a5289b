"""What a change of law or calendar would move, before anyone signs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.clock import ClosingDay, Limit, Unit
from models.entry import Entry, OpenClock, Standing
from models.errors import InputRefused
from models.law.applicable import Law, applicable_law
from models.law.book import SHIPPED
from models.law.clause import InForce, Source, Transition, calendar_days, working_days
from models.law.procedures.shape import Kind
from models.parties import Language, Party, Product
from models.phases import Phase
from models.programme import Programme
from models.receipts import Rest
from office.revising import (
    Move,
    apply_clause,
    impact_of_clause,
    impact_of_closing_day,
    misjudged,
    not_looked_at,
    terms_that_stand,
)
from office.settings import Settings
from register.database import migrate
from workflows.programme import clocks_of, standing_of

APPLICANT = Party(id="a", name="Exemplar Pharma", language=Language.NL)
PRODUCT = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease.")
SOURCE = Source("a royal decree to come", "art. 1")


@pytest.fixture
def register(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    migrate(url)
    return url


def enter(url: str, number: str, standing: Standing, law: Law, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    RegisterEntries(url).enter(
        Entry(
            number=number,
            sequence=1,
            recorded_at=at,
            happened_on=on,
            act="Received",
            by="Ann",
            standing=standing,
            law=law,
        )
    )


def dossier(url: str, number: str, clause: str, received_on: date) -> None:
    law = applicable_law("CUP", Kind.APPLICATION, received_on)
    clock = law.clock(clause, received_on)
    standing = Standing(
        kind="application",
        procedure="CUP",
        applicant=APPLICANT,
        product=PRODUCT,
        phase=Phase.DECISION,
        awaits=("decide",),
        due_on=clock.due_on(law.calendar),
        law=law.digest,
        clocks=(
            OpenClock(
                ref=clause,
                desk=law.desk(clause),
                due_on=clock.due_on(law.calendar),
                clock=clock,
                unverified=True,
            ),
        ),
    )
    enter(url, number, standing, law, received_on)


def programme(url: str, number: str, authorised_on: date, year: int = 1, procedure: str = "UMN") -> None:
    began_on = authorised_on.replace(year=authorised_on.year + year - 1)
    law = applicable_law(procedure, None, began_on)
    carried = Programme(
        number=number,
        procedure=procedure,
        applicant=APPLICANT,
        product=PRODUCT,
        authorised_on=authorised_on,
        opened_on=authorised_on,
        last_update_on=authorised_on,
        year=year,
        law=law,
    )
    carried.open_year()
    rest = Rest(phase=Phase.AUTHORISED, awaits=("suspend",), due_on=carried.due_on)
    enter(url, number, standing_of(carried, rest, clocks_of(carried, [])), law, began_on)


def test_a_value_that_reaches_files_by_their_own_date_moves_no_open_dossier(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    shorter = InForce(working_days(10), date(2026, 11, 23), SOURCE)
    assert list(impact_of_clause(register, SHIPPED.clause("decision"), shorter, date(2026, 11, 22))) == []


def test_a_value_that_reaches_running_clocks_shows_old_and_new_dates(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    dossier(register, "CUP-2026-002", "answers", date(2026, 11, 2))
    longer = InForce(working_days(41), date(2026, 11, 23), SOURCE, transition=Transition.RUNNING)
    moves = impact_of_clause(register, SHIPPED.clause("decision"), longer, date(2026, 11, 22))
    assert list(moves) == [
        Move("CUP-2026-001", "decision", date(2026, 11, 23), date(2026, 12, 30), date(2026, 12, 31)),
        # it decides later, by the law that the file will have then
        Move("CUP-2026-002", "decision", date(2026, 11, 23), "40 working days", "41 working days"),
    ]


def test_a_limit_that_ended_before_the_change_stands(register):
    dossier(register, "CUP-2026-001", "answers", date(2026, 3, 2))
    longer = InForce(calendar_days(90), date(2026, 11, 23), SOURCE, transition=Transition.RUNNING)
    assert list(impact_of_clause(register, SHIPPED.clause("answers"), longer, date(2026, 11, 22))) == [
        Move("CUP-2026-001", "answers", date(2026, 11, 23), "30 calendar days", "90 calendar days")
    ]


def test_a_value_that_was_wrong_from_its_first_day_is_corrected_by_a_person_only(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    dossier(register, "CUP-2026-002", "decision", date(2026, 10, 30))  # of a day before it
    clause, today = SHIPPED.clause("decision"), date(2026, 11, 22)
    shorter = InForce(working_days(30), date(2026, 11, 1), SOURCE, shipped=False)
    assert list(impact_of_clause(register, clause, shorter, today)) == []
    assert misjudged(register, clause, shorter) == ["CUP-2026-001"]
    assert list(impact_of_clause(register, clause, shorter, today, correction=True)) == [
        Move("CUP-2026-001", "decision", today, date(2026, 12, 30), date(2026, 12, 15))
    ]
    running = replace(shorter, transition=Transition.RUNNING)
    assert misjudged(register, clause, running) == []  # its transition reaches them


def test_what_is_verified_only_now_is_a_correction_too(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    clause, today = SHIPPED.clause("decision"), date(2026, 11, 22)
    same = replace(clause.values[0], verified_on=today, verified_by="Ann", shipped=False)
    assert list(impact_of_clause(register, clause, same, today, correction=True)) == [
        Move("CUP-2026-001", "decision", today, "40 working days; not verified", "40 working days")
    ]
    warned = replace(clause.values[0], warnings=(working_days(5),), transition=Transition.RUNNING)
    (move,) = impact_of_clause(register, clause, warned, today)
    assert str(move.now) == "40 working days; warned 5 working days before"


def test_a_contribution_is_never_corrected_on_an_open_case(register):
    dossier(register, "CUP-2017-001", "decision", date(2017, 11, 2))
    clause = SHIPPED.clause("contribution-cup-application")
    other = InForce(12345, date(2017, 1, 1), SOURCE, shipped=False)
    assert misjudged(register, clause, other) == []
    assert list(impact_of_clause(register, clause, other, date(2017, 11, 3), correction=True)) == []


def test_an_invoice_that_is_payable_until_a_closing_day_is_named(register):
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 2))
    term = law.clock("payment", date(2026, 11, 2)).due_on(law.calendar)
    dossier(register, "CUP-2026-001", "payment", date(2026, 11, 2))
    closing = ClosingDay(day=term, reason="A bridging day.", by="Ann", entered_on=date(2026, 11, 22))
    assert list(impact_of_closing_day(register, closing, date(2026, 11, 22))) == []
    assert terms_that_stand(register, closing) == ["CUP-2026-001"]
    assert terms_that_stand(register, closing.model_copy(update={"day": term - timedelta(1)})) == []


def test_a_programme_meets_a_new_value_at_its_next_anniversary(register):
    programme(register, "CUP-2020-001", date(2020, 6, 1), year=7)
    every_third = InForce(Limit(amount=36, unit=Unit.MONTHS), date(2026, 12, 1), SOURCE)
    clause = SHIPPED.clause("re-evaluation")
    moves = list(impact_of_clause(register, clause, every_third, date(2026, 11, 22)))
    assert moves[0] == Move(
        "CUP-2020-001", "re-evaluation 2028", date(2027, 6, 1), date(2028, 6, 1), "not due"
    )
    assert len(moves) == 6  # with its four reminders, and the proposal to suspend
    earlier = InForce(tuple(calendar_days(n) for n in (120, 60, 30, 0)), date(2026, 12, 1), SOURCE)
    clause = SHIPPED.clause("re-evaluation-reminders")
    assert list(impact_of_clause(register, clause, earlier, date(2026, 11, 22))) == [
        Move(
            "CUP-2020-001",
            "reminder 1 of the re-evaluation 2028",
            date(2027, 6, 1),
            date(2028, 3, 3),
            date(2028, 2, 2),
        )
    ]


def test_an_annual_safety_report_of_a_programme_that_reported_twice_a_year_shows_what_is_not_due(register):
    programme(register, "CUP-2020-001", date(2020, 6, 1), year=7, procedure="CUP")
    programme(register, "MNP-2020-001", date(2020, 6, 1), year=7, procedure="MNP")  # by a clause of its own
    yearly = InForce(Limit(amount=12, unit=Unit.MONTHS), date(2026, 12, 1), SOURCE)
    clause = SHIPPED.clause("safety-report-cup")
    moves = list(impact_of_clause(register, clause, yearly, date(2026, 11, 22)))
    assert moves[0] == Move(
        "CUP-2020-001", "safety report 2027-12-01", date(2027, 6, 1), date(2027, 12, 1), "not due"
    )
    assert [move.what for move in moves[1:]] == [
        "reminder 1 of the safety report 2027-12-01",
        "reminder 2 of the safety report 2027-12-01",
        "reminder 3 of the safety report 2027-12-01",
        "safety report 2027-12-01 overdue",
    ]


def test_the_change_of_13_december_2020_touches_the_programmes_open_on_both_sides_of_it(register):
    programme(register, "CUP-2019-001", date(2019, 9, 1), year=2)  # its third year begins after the change
    programme(register, "CUP-2021-001", date(2021, 2, 1))  # began under the new condition
    dossier(register, "CUP-2020-009", "decision", date(2020, 12, 1))  # keeps the condition of its own day
    clause = SHIPPED.clause("alternative-treatment")
    new = clause.on(date(2020, 12, 13))
    (move,) = impact_of_clause(register, clause, new, date(2020, 12, 1))
    assert (move.number, move.from_on) == ("CUP-2019-001", date(2021, 9, 1))
    assert str(move.was).endswith("authorised and marketed")
    assert str(move.now).endswith("reimbursed")


def test_a_closing_day_shows_every_date_that_would_move(register):
    dossier(register, "CUP-2026-001", "answers", date(2026, 11, 2))  # ends on Wednesday 2 December
    dossier(register, "CUP-2026-002", "decision", date(2026, 11, 2))  # counts working days across it
    dossier(register, "CUP-2026-003", "admissibility", date(2026, 11, 19))  # ended before it
    programme(register, "CUP-2025-001", date(2025, 12, 2))  # an anniversary is not moved by it
    closing = ClosingDay(
        day=date(2026, 12, 2), reason="A bridging day.", by="Ann", entered_on=date(2026, 11, 22)
    )
    assert list(impact_of_closing_day(register, closing, date(2026, 11, 22))) == [
        Move("CUP-2026-001", "answers", date(2026, 11, 22), date(2026, 12, 2), date(2026, 12, 3)),
        Move("CUP-2026-002", "decision", date(2026, 11, 22), date(2026, 12, 30), date(2026, 12, 31)),
    ]


async def test_a_value_that_reaches_files_by_their_own_date_is_sent_to_nobody(register, tmp_path):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    clause = SHIPPED.clause("decision")
    settings = Settings(var=tmp_path)
    with pytest.raises(InputRefused, match="only a value with the transition `running`"):
        await apply_clause(settings, clause, clause.values[0], "Ann", lambda done, of: None)


def test_cases_whose_law_is_not_held_are_named_and_not_passed_over(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    earlier = Standing(
        kind="application",
        procedure="CUP",
        applicant=APPLICANT,
        product=PRODUCT,
        phase=Phase.DECISION,
        awaits=("decide",),
        due_on=date(2026, 12, 30),
    )
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    RegisterEntries(register).enter(
        Entry(
            number="CUP-2026-002",
            sequence=1,
            recorded_at=at,
            happened_on=date(2026, 11, 2),
            act="Received",
            by="Ann",
            standing=earlier,
        )
    )
    assert not_looked_at(register) == ["CUP-2026-002"]
