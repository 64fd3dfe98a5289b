"""What a change of law or calendar would move, before anyone signs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.clock import ClosingDay, Limit, Unit
from models.entry import Entry, OpenClock, Standing
from models.errors import InputRefused
from models.law.applicable import Law
from models.law.clause import InForce, Source, Transition, calendar_days, working_days
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.parties import Party
from models.programme import Programme
from models.receipts import Rest
from models.subjects import Product
from office.law.revising import (
    Move,
    apply_clause,
    impact_of_clause,
    impact_of_closing_day,
    misjudged,
)
from office.settings import Settings
from procedures.be_umn.words import Kind, Phase
from procedures.books import applicable_law, shipped
from register import laws
from register.database import migrate
from workflows.case import Case
from workflows.in_force import ProgrammeInForce
from workflows.life import clocks_of, standing_of

APPLICANT = Party(id="a", name="Exemplar Pharma")
PRODUCT = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease.")
SOURCE = Source("a royal decree to come", "art. 1")


@pytest.fixture
def register(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    migrate(url)
    return url


def enter(url: str, number: str, standing: Standing, law: Law, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    laws.keep(url, law)
    RegisterEntries(url).enter(
        Entry(
            number=number,
            sequence=1,
            recorded_at=at,
            happened_on=on,
            act="Received",
            by="Ann",
            standing=standing,
        )
    )


def dossier(url: str, number: str, clause: str, received_on: date) -> None:
    law = applicable_law("CUP", Kind.APPLICATION, received_on)
    clock = law.clock(clause, received_on)
    standing = Standing(
        kind="application",
        procedure="CUP",
        applicant=APPLICANT,
        subject=PRODUCT.subject,
        phase=Phase.DECISION,
        possible=("decide",),
        due_on=clock.due_on(law.calendar),
        law=law.digest,
        clocks=(
            OpenClock(
                ref=clause,
                desk=law.desk(clause),
                due_on=clock.due_on(law.calendar),
                clock=clock,
                degree=Degree.ASSUMED,
            ),
        ),
    )
    enter(url, number, standing, law, received_on)


def programme(
    url: str,
    number: str,
    authorised_on: date,
    year: int = 1,
    procedure: str = "UMN",
    facts: dict[str, date] | None = None,
    published_since: date | None = None,
) -> None:
    began_on = authorised_on.replace(year=authorised_on.year + year - 1)
    law = applicable_law(procedure, None, began_on)
    carried = Programme(
        number=number,
        procedure=procedure,
        applicant=APPLICANT,
        subject=PRODUCT.subject,
        authorised_on=authorised_on,
        opened_on=authorised_on,
        last_update_on=authorised_on,
        year=year,
        facts=facts or {},
        law=law,
    )
    carried.open_year()
    life = ProgrammeInForce(carried)
    if published_since:
        life.start(law.publication, published_since)
    rest = Rest(phase=Phase.AUTHORISED, possible=("suspend",), due_on=carried.due_on)
    enter(url, number, standing_of(carried, rest, clocks_of(carried, Case.open_clocks(life))), law, began_on)


def test_a_value_that_reaches_files_by_their_own_date_moves_no_open_dossier(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    shorter = InForce(working_days(10), date(2026, 11, 23), SOURCE)
    assert list(impact_of_clause(register, shipped().clause("decision"), shorter, date(2026, 11, 22))) == []


def test_a_value_that_reaches_running_clocks_shows_old_and_new_dates(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    dossier(register, "CUP-2026-002", "completion", date(2026, 11, 2))
    longer = InForce(working_days(56), date(2026, 11, 23), SOURCE, transition=Transition.RUNNING)
    longer = replace(longer, silence=SilencePolicy.GRANTED)
    moves = impact_of_clause(register, shipped().clause("decision"), longer, date(2026, 11, 22))
    was, now = "55 working days", "56 working days"
    assert list(moves) == [
        Move("CUP-2026-001", "decision", date(2026, 11, 23), date(2027, 1, 21), date(2027, 1, 22)),
        # it decides later, by the law that the file will have then
        Move("CUP-2026-002", "decision", date(2026, 11, 23), f"{was}; read", f"{now}; assumed"),
    ]


def test_a_limit_that_ended_before_the_change_stands(register):
    dossier(register, "CUP-2026-001", "completion", date(2026, 3, 2))
    longer = InForce(calendar_days(90), date(2026, 11, 23), SOURCE, transition=Transition.RUNNING)
    longer = replace(longer, silence=SilencePolicy.PROPOSE)
    was = "30 calendar days; read; silence: forfeited"
    now = "90 calendar days; assumed; silence: proposed to a person"
    assert list(impact_of_clause(register, shipped().clause("completion"), longer, date(2026, 11, 22))) == [
        Move("CUP-2026-001", "completion", date(2026, 11, 23), was, now)
    ]


def test_a_value_that_was_wrong_from_its_first_day_is_corrected_by_a_person_only(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    dossier(register, "CUP-2026-002", "decision", date(2026, 10, 30))  # of a day before it
    clause, today = shipped().clause("decision"), date(2026, 11, 22)
    shorter = InForce(working_days(30), date(2026, 11, 1), SOURCE, shipped=False)
    assert list(impact_of_clause(register, clause, shorter, today)) == []
    assert misjudged(register, clause, shorter) == ["CUP-2026-001"]
    assert list(impact_of_clause(register, clause, shorter, today, correction=True)) == [
        Move("CUP-2026-001", "decision", today, date(2027, 1, 21), date(2026, 12, 15))
    ]
    running = replace(shorter, transition=Transition.RUNNING)
    assert misjudged(register, clause, running) == []  # its transition reaches them


def test_what_is_confirmed_only_now_is_a_correction_too(register):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    clause, today = shipped().clause("decision"), date(2026, 11, 22)
    same = replace(clause.values[0], confirmed_on=today, confirmed_by="Ann", shipped=False)
    assert list(impact_of_clause(register, clause, same, today, correction=True)) == [
        Move("CUP-2026-001", "decision", today, "55 working days; read", "55 working days; confirmed")
    ]
    warned = replace(clause.values[0], warnings=(working_days(5),), transition=Transition.RUNNING)
    (move,) = impact_of_clause(register, clause, warned, today)
    assert str(move.now) == "55 working days; warned 5 working days before"


async def test_a_value_of_one_law_book_reaches_no_case_of_another(register, tmp_path):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    today = date(2026, 11, 22)
    of_others = replace(shipped().clause("decision"), book="be_try")
    longer = InForce(working_days(56), date(2026, 11, 23), SOURCE, transition=Transition.RUNNING)
    longer = replace(longer, silence=SilencePolicy.GRANTED)
    wrong = InForce(working_days(30), date(2026, 11, 1), SOURCE, shipped=False)
    assert list(impact_of_clause(register, of_others, longer, today)) == []
    assert list(impact_of_clause(register, of_others, wrong, today, correction=True)) == []
    assert misjudged(register, of_others, wrong) == []
    settings = Settings(var=tmp_path, database_url=register)
    assert await apply_clause(settings, of_others, longer, "Ann", lambda done, of: None) == []


def test_a_contribution_is_never_corrected_on_an_open_case(register):
    dossier(register, "CUP-2017-001", "decision", date(2017, 11, 2))
    clause = shipped().clause("contribution-cup-application")
    other = InForce(12345, date(2017, 1, 1), SOURCE, shipped=False)
    assert misjudged(register, clause, other) == []
    assert list(impact_of_clause(register, clause, other, date(2017, 11, 3), correction=True)) == []


def test_a_programme_meets_a_new_value_at_its_next_anniversary(register):
    programme(register, "CUP-2020-001", date(2020, 6, 1), year=7)
    four_months = InForce(Limit(amount=4, unit=Unit.MONTHS), date(2026, 12, 1), SOURCE)
    clause = shipped().clause("evaluation-term")
    moves = list(impact_of_clause(register, clause, four_months, date(2026, 11, 22)))
    assert moves[0] == Move(
        "CUP-2020-001", "evaluation:2028-03-01", date(2027, 6, 1), date(2028, 3, 1), "not due"
    )
    assert (
        Move("CUP-2020-001", "evaluation:2028-04-03", date(2027, 6, 1), "not due", date(2028, 4, 3)) in moves
    )  # 1 April 2028 is a Saturday
    earlier = InForce(tuple(calendar_days(n) for n in (90, 30, 7)), date(2026, 12, 1), SOURCE)
    clause = shipped().clause("evaluation-reminders")
    assert [
        (move.what, move.was, move.now)
        for move in impact_of_clause(register, clause, earlier, date(2026, 11, 22))
    ] == [
        ("evaluation-reminder:2028-03-01:1", date(2028, 1, 1), date(2027, 12, 2)),
        ("evaluation-reminder:2028-09-01:1", date(2028, 7, 3), date(2028, 6, 3)),
    ]


def test_what_is_evaluated_yearly_since_a_marketing_application_meets_no_other_half_year(register):
    programme(register, "CUP-2020-001", date(2020, 6, 1), year=7)
    applied = {"marketing-application": date(2022, 1, 3)}
    programme(register, "MNP-2020-001", date(2020, 6, 1), year=7, procedure="MNP", facts=applied)
    yearly = InForce(Limit(amount=12, unit=Unit.MONTHS), date(2026, 12, 1), SOURCE)
    clause = shipped().clause("evaluation-half-yearly")
    moves = list(impact_of_clause(register, clause, yearly, date(2026, 11, 22)))
    assert moves[0] == Move(
        "CUP-2020-001", "evaluation:2028-03-01", date(2027, 6, 1), date(2028, 3, 1), "not due"
    )
    told = [move for move in moves if move.number == "MNP-2020-001"]
    assert [(move.what, move.was, move.now) for move in told] == [
        ("evaluation-half-yearly", "6 months; read", "12 months; assumed")
    ]


def test_the_change_of_13_december_2020_touches_the_programmes_open_on_both_sides_of_it(register):
    programme(register, "CUP-2019-001", date(2019, 9, 1), year=2)  # its third year begins after the change
    programme(register, "CUP-2021-001", date(2021, 2, 1))  # began under the new condition
    dossier(register, "CUP-2020-009", "decision", date(2020, 12, 1))  # keeps the condition of its own day
    clause = shipped().clause("alternative-treatment")
    new = clause.on(date(2020, 12, 13))
    (move,) = impact_of_clause(register, clause, new, date(2020, 12, 1))
    assert (move.number, move.from_on) == ("CUP-2019-001", date(2021, 9, 1))
    assert str(move.was).endswith("authorised and marketed; assumed")
    assert str(move.now).endswith("reimbursed; read")


def test_a_closing_day_shows_every_date_that_would_move(register):
    dossier(
        register, "CUP-2026-001", "completion", date(2026, 11, 2)
    )  # 30 calendar days, on Wednesday 2 December
    dossier(register, "CUP-2026-002", "decision", date(2026, 11, 2))  # counts working days across it
    dossier(register, "CUP-2026-003", "admissibility", date(2026, 11, 19))  # ended before it
    # an anniversary is not moved by it; the five working days to publish a suspension of 27 November are
    programme(register, "CUP-2025-001", date(2025, 12, 2), published_since=date(2026, 11, 27))
    in_time = {"published_on": date(2025, 12, 1), "entered_on": date(2025, 12, 2)}
    closing = ClosingDay(day=date(2026, 12, 2), reason="A bridging day.", by="Ann", **in_time)
    assert list(impact_of_closing_day(register, closing, date(2026, 11, 22))) == [
        Move("CUP-2025-001", "publication", date(2026, 11, 22), date(2026, 12, 4), date(2026, 12, 7)),
        Move("CUP-2026-002", "decision", date(2026, 11, 22), date(2027, 1, 21), date(2027, 1, 22)),
    ]
    late = closing.model_copy(update={"published_on": date(2026, 1, 5)})
    assert list(impact_of_closing_day(register, late, date(2026, 11, 22))) == []


async def test_a_value_that_reaches_files_by_their_own_date_is_sent_to_nobody(register, tmp_path):
    dossier(register, "CUP-2026-001", "decision", date(2026, 11, 2))
    clause = shipped().clause("decision")
    settings = Settings(var=tmp_path)
    with pytest.raises(InputRefused, match="only a value with the transition `running`"):
        await apply_clause(settings, clause, clause.values[0], "Ann", lambda done, of: None)
