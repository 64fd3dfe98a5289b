"""What people ask the register."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from activities.register import RegisterEntries
from models.clock import ClosingDay
from models.dossier import FiledDocument
from models.due import on_its_day
from models.entry import Entry, OpenClock
from models.errors import NotFound, NotReachable
from models.law.applicable import Law
from models.law.degree import Degree
from models.parties import Party
from models.register import NoticeRow
from procedures.be_umn.words import Phase, PublicList, Role
from register import case, database, laws, views
from register.clocks import DueClock, working_days_between
from register.clocks import due as falling_due
from register.views import natural
from tests.register.cases import LAW

TODAY = date(2026, 3, 10)


@pytest.fixture
def peopled(database_url: str, entry) -> str:
    """A register of six cases, on both sides of today."""
    register = RegisterEntries(database_url)
    solo = Party(id="p2", name="Solo BV")
    for asked in (
        entry("CUP-2026-100", due_on=TODAY + timedelta(days=7)),
        entry("CUP-2026-99", due_on=TODAY),
        entry("CUP-2026-014", kind="programme", phase=Phase.AUTHORISED, due_on=TODAY + timedelta(days=8)),
        entry("CUP-2026-014/list-2027", kind="list", parent="CUP-2026-014"),
        entry("MNP-2026-003", procedure="MNP", applicant=solo, due_on=TODAY - timedelta(days=1)),
        entry("MNP-2025-001", procedure="MNP", ended=True, due_on=None, phase=Phase.CLOSED, applicant=None),
    ):
        register.enter(asked)
    return database_url


def _numbers(found: list[views.State]) -> list[str]:
    return [state.number for state in found]


def _due(url: str, within: int) -> list[str]:
    return [told.clock.number for told in falling_due(url, TODAY, within)]


def test_requests_to_cancel_wait_in_their_order_until_they_are_answered_or_the_case_ends(
    database_url: str, entry
) -> None:
    register = RegisterEntries(database_url)
    asked = {
        "act": "CancellationRequested",
        "flags": ("cancellation-requested:2026-03-02",),
        "possible": ("dismiss-cancellation",),
    }
    for number in ("CUP-2026-001", "CUP-2026-002", "CUP-2026-003", "CUP-2026-004"):
        register.enter(entry(number))
    for minutes, number in enumerate(("CUP-2026-004", "CUP-2026-001", "CUP-2026-002")):
        at = datetime(2026, 3, 2, 10, minutes, tzinfo=UTC)
        register.enter(entry(number, sequence=2, recorded_at=at, **asked))
    waits = views.requests_to_cancel(database_url)
    assert [one.number for one in waits] == ["CUP-2026-004", "CUP-2026-001", "CUP-2026-002"]
    assert waits[0].possible == ("dismiss-cancellation",)
    assert waits[0].recorded_at.startswith("2026-03-02T10:00")

    register.enter(entry("CUP-2026-004", sequence=3, act="CancellationDismissed"))
    register.enter(entry("CUP-2026-001", sequence=3, act="Withdrawn", ended=True, flags=asked["flags"]))
    assert [one.number for one in views.requests_to_cancel(database_url)] == ["CUP-2026-002"]


def test_cases_are_listed_as_people_count(peopled: str) -> None:
    assert _numbers(views.cases(peopled, today=TODAY)) == [
        "CUP-2026-014",
        "CUP-2026-014/list-2027",
        "CUP-2026-99",
        "CUP-2026-100",
        "MNP-2025-001",
        "MNP-2026-003",
    ]
    assert _numbers(views.cases(peopled, today=TODAY, limit=1)) == ["CUP-2026-014"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "programme"}, ["CUP-2026-014"]),
        ({"phase": "closed"}, ["MNP-2025-001"]),
        ({"procedure": "MNP"}, ["MNP-2025-001", "MNP-2026-003"]),
        ({"procedure": "MNP", "open_only": True}, ["MNP-2026-003"]),
        ({"holder": "solo"}, ["MNP-2026-003"]),
        ({"holder": "ÉLAN", "kind": "programme"}, ["CUP-2026-014"]),
        ({"holder": "Nobody"}, []),
        ({"overdue": True}, ["MNP-2026-003"]),
        ({"phase": "closed' OR '1'='1"}, []),
    ],
)
def test_only_cases_that_fit_are_listed(peopled: str, asked: dict, expected: list[str]) -> None:
    assert _numbers(views.cases(peopled, today=TODAY, **asked)) == expected


def test_what_is_overdue_comes_first_and_the_last_day_counts(peopled: str) -> None:
    assert _due(peopled, 7) == [
        "MNP-2026-003",
        "CUP-2026-99",
        "CUP-2026-014/list-2027",
        "CUP-2026-100",
    ]
    assert _due(peopled, 0) == ["MNP-2026-003", "CUP-2026-99"]
    assert len(_due(peopled, 10**9)) == 5


CLOSED = ClosingDay(day=date(2026, 3, 11), reason="Force majeure.", by="A. Peeters", entered_on=TODAY)


def _runs(ref: str, desk: Role, due_on: date | None, **more: Any) -> OpenClock:
    return OpenClock(ref=ref, desk=desk, due_on=due_on, **more)


def _under(url: str, law: Law, entry: Entry) -> Entry:
    """The entry, with the law that its clocks rest on."""
    laws.keep(url, law)
    return entry.model_copy(update={"standing": entry.standing.model_copy(update={"law": law.digest})})


def _clocks(told: list[DueClock]) -> list[tuple[str, str, int | None]]:
    return [(one.clock.desk, one.clock.ref, one.working_days) for one in told]


def test_each_desk_sees_what_is_overdue_then_what_comes_then_what_stands_still(
    database_url: str, entry
) -> None:
    clocks = (
        _runs("decision", Role.DESK, None),
        _runs("admissibility", Role.DESK, TODAY + timedelta(days=1)),
        _runs("ethics-opinion", Role.ETHICS_COMMITTEE, TODAY),
        _runs("payment", Role.INVOICE_ADDRESSEE, TODAY - timedelta(days=1)),
        _runs("condition-2", Role.INVOICE_ADDRESSEE, TODAY + timedelta(days=2)),
        _runs("condition-1", Role.APPLICANT, TODAY + timedelta(days=60)),
    )
    RegisterEntries(database_url).enter(entry(clocks=clocks))
    assert _clocks(falling_due(database_url, TODAY, 30)) == [
        ("invoice_addressee", "payment", -1),
        ("invoice_addressee", "condition-2", 2),
        ("ethics_committee", "ethics-opinion", 0),
        ("desk", "admissibility", 1),
        ("desk", "decision", None),
    ]
    assert _clocks(falling_due(database_url, TODAY, 30, "applicant")) == []
    assert _clocks(falling_due(database_url, TODAY, 60, "applicant")) == [("applicant", "condition-1", 41)]


def test_a_case_has_one_line_for_each_of_its_clocks_and_none_once_it_has_ended(
    database_url: str, entry
) -> None:
    clocks = (_runs("payment", Role.INVOICE_ADDRESSEE, TODAY), _runs("decision", Role.DESK, TODAY))
    register = RegisterEntries(database_url)
    register.enter(entry(clocks=clocks))
    register.enter(entry("CUP-2026-002", clocks=clocks, ended=True))
    found = falling_due(database_url, TODAY, 0)
    assert [(one.clock.number, one.clock.ref) for one in found] == [
        ("CUP-2026-001", "decision"),
        ("CUP-2026-001", "payment"),
    ]


def test_working_days_are_those_of_the_law_of_the_case(database_url: str, entry) -> None:
    closed = LAW.revised(closing=CLOSED)
    clocks = (_runs("decision", Role.DESK, TODAY + timedelta(days=2)),)
    register = RegisterEntries(database_url)
    register.enter(entry(clocks=clocks))
    register.enter(_under(database_url, closed, entry("CUP-2026-002", clocks=clocks)))
    found = falling_due(database_url, TODAY, 30)
    assert [(one.working_days, one.weekdays_only) for one in found] == [(2, False), (1, False)]


def test_days_beyond_the_calendar_are_counted_by_weekdays_and_said_to_be(database_url: str, entry) -> None:
    beyond = LAW.calendar.last + timedelta(days=1)
    clocks = (_runs("decision", Role.DESK, beyond),)
    RegisterEntries(database_url).enter(entry(clocks=clocks))
    (found,) = falling_due(database_url, TODAY, 10**6)
    assert found.weekdays_only


DAYS = st.dates(LAW.calendar.first, LAW.calendar.last)
WEEKDAYS_OFF = [str(day) for day in LAW.calendar.holidays if day.weekday() < 5]


@given(DAYS, DAYS)
def test_working_days_are_counted_as_the_clock_counts_them(day: date, later: date) -> None:
    counted = working_days_between(day, later, WEEKDAYS_OFF)
    assert counted == LAW.calendar.working_days_between(day, later)


@pytest.mark.parametrize("asked", [{}, {"due_within": 400}, {"procedure": "MNP"}, {"overdue": True}])
@pytest.mark.parametrize("days", [0, 1, 400])
def test_a_line_of_a_list_tells_what_the_whole_case_tells(peopled: str, asked: dict, days: int) -> None:
    today = TODAY + timedelta(days=days)
    whole = views.cases(peopled, today=today, **asked)
    lines = views.listed(peopled, today=today, **asked)
    assert lines
    for line, state in zip(lines, whole, strict=True):
        said = {**line._asdict(), "falls_due": on_its_day(line.falls_due, line.due_on)}
        on_the_day = on_its_day(state.falls_due, state.due_on)
        assert said == {name: getattr(state, name) for name in said} | {"falls_due": on_the_day}


def test_a_case_is_overdue_the_day_after_its_day_or_when_its_entry_says_so(database_url: str, entry) -> None:
    RegisterEntries(database_url).enter(entry("CUP-2026-001", due_on=TODAY))
    RegisterEntries(database_url).enter(entry("CUP-2026-002", due_on=None, overdue=True))
    for today, expected in ((TODAY, [False, True]), (TODAY + timedelta(days=1), [True, True])):
        found = views.cases(database_url, today=today)
        assert [state.overdue for state in found] == expected
        assert len(views.cases(database_url, today=today, overdue=True)) == sum(expected)


def test_the_first_day_is_listed_before_the_day_that_counts(database_url: str, entry) -> None:
    late, counts = TODAY - timedelta(days=9), TODAY + timedelta(days=200)
    clocks = tuple(
        OpenClock(ref=ref, desk=Role.DESK, due_on=on) for ref, on in (("payment", late), ("list", counts))
    )
    RegisterEntries(database_url).enter(entry("CUP-2026-001", due_on=counts, clocks=clocks))
    for asked in ({}, {"overdue": True}, {"due_within": 10}):
        (line,) = views.listed(database_url, today=TODAY, **asked)
        assert (line.due_on, line.overdue, [due.ref for due in line.falls_due]) == (late, True, ["payment"])
        (state,) = views.cases(database_url, today=TODAY, **asked)
        assert (state.due_on, state.overdue) == (late, True)
        whole = case.case(database_url, "CUP-2026-001", TODAY).state
        assert whole.due_on == counts  # it rests there
        for one in (state, whole):
            assert [due.ref for due in one.falls_due] == ["payment", "list"]
    (line,) = views.listed(database_url, today=late)
    assert (line.due_on, line.overdue, [due.ref for due in line.falls_due]) == (late, False, ["payment"])
    assert views.listed(database_url, today=late, overdue=True) == []


def test_what_somebody_has_to_do_first_is_listed_and_what_comes_by_itself_is_not(
    database_url: str, entry
) -> None:
    soon, right, effect = (TODAY + timedelta(days=days) for days in (9, 3, 1))
    told = {"list": soon, "payment-appeal": right, "effect": effect}
    clocks = tuple(OpenClock(ref=ref, desk=Role.DESK, due_on=on) for ref, on in told.items())
    RegisterEntries(database_url).enter(entry("CUP-2026-001", due_on=None, clocks=clocks))
    (line,) = views.listed(database_url, today=TODAY)
    assert (line.due_on, line.overdue) == (soon, False)


def test_a_state_says_what_its_entry_said(database_url: str, entry) -> None:
    told = {
        "flags": ("evaluation-missed:2027-06-01",),
        "unconfirmed": {"evaluation": Degree.ASSUMED},
        "public_list": PublicList.AUTHORISED,
        "last_update_on": date(2026, 3, 1),
        "authorised_on": date(2025, 2, 28),
        "review_on": date(2027, 2, 28),
        "assumed": True,
    }
    RegisterEntries(database_url).enter(entry(**told))
    (state,) = views.cases(database_url, today=TODAY)
    assert {name: getattr(state, name) for name in told} == told
    assert (state.holder, state.title, state.opened_on) == (
        "Élan Pharma",
        "Novamab",
        date(2026, 3, 2),
    )


def test_a_case_shows_its_programme_and_a_programme_its_dossiers(peopled: str) -> None:
    dossier = case.case(peopled, "CUP-2026-014/list-2027", TODAY)
    assert dossier.programme is not None
    assert dossier.programme.number == "CUP-2026-014"
    programme = case.case(peopled, "CUP-2026-014", TODAY)
    assert programme.programme is None
    assert _numbers(list(programme.dossiers)) == ["CUP-2026-014/list-2027"]


def test_a_case_shows_documents_invoice_and_how_far_its_notices_are(database_url: str, entry, demand) -> None:
    paper = FiledDocument(name="protocol.pdf", sha256="a" * 64, size=1200)
    RegisterEntries(database_url).enter(entry(demand=demand, documents=(paper,)))
    with Session(database.engine(database_url)) as session, session.begin():
        session.add(
            NoticeRow(
                key="k",
                of="k",
                number="CUP-2026-001",
                entry=1,
                letter="acknowledgement",
                role="applicant",
                recipient="desk@agency.invalid",
                message_id="<k@agency.invalid>",
                subject="Your dossier",
                body="",
                document="acknowledgement.pdf",
                sha256="b" * 64,
            )
        )
    held = case.case(database_url, "CUP-2026-001", TODAY)
    assert [(d.name, d.size, d.letter) for d in held.documents] == [("protocol.pdf", 1200, None)]
    assert [(i.invoice, i.cents, i.due_on) for i in held.invoices] == [
        ("2026-00001", 1_234_567, date(2026, 4, 3))
    ]
    assert [(n.letter, n.state, n.sent_at) for n in held.notices] == [("acknowledgement", "pending", None)]


@pytest.mark.parametrize("meant", ["cup-2026-14", "CUP-2026-0014", " CUP-2026-014", "CUP-2026-O14"])
def test_a_number_mistyped_is_not_found_but_the_nearest_is_named(peopled: str, meant: str) -> None:
    with pytest.raises(NotFound, match="CUP-2026-014") as refused:
        case.case(peopled, meant, TODAY)
    assert refused.value.possible[0] == "show CUP-2026-014"


def test_an_unknown_number_leads_to_the_list(database_url: str) -> None:
    with pytest.raises(NotFound, match="umn list"):
        case.case(database_url, "XYZ-1", TODAY)


def test_a_register_not_yet_made_says_which_command_makes_it(empty_database: str) -> None:
    with pytest.raises(NotReachable, match="umn up"):
        views.cases(empty_database, today=TODAY)


def test_reading_cannot_write(database_url: str) -> None:
    from register.reading import questions

    with pytest.raises(NotReachable), questions(database_url) as ask:
        ask("DELETE FROM current_state")


def test_a_list_costs_no_heavy_library(database_url: str) -> None:
    asked = (
        "import sys, datetime; from register import clocks, views; "
        "views.cases(sys.argv[1], today=datetime.date(2026, 3, 10)); "
        "heavy = {'sqlalchemy', 'sqlmodel', 'alembic', 'pydantic', 'temporalio'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", asked, database_url], check=True, cwd=root)


@given(st.lists(st.text("CUP-209/é²٣", max_size=12)))
def test_any_numbers_can_be_put_in_order(numbers: list[str]) -> None:
    assert sorted(sorted(numbers, key=natural), key=natural) == sorted(numbers, key=natural)
