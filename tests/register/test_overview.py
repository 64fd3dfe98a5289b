"""What a head of unit reads from the register: reckoned by hand here, and by the report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from activities.register import RegisterEntries
from models.entry import Entry, OpenClock
from register import laws
from register.overview import Age, Load, Pace, Work, overview
from tests.cli.test_due import LAW, entry, fixed

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 3, 20)


@pytest.fixture
def register(database_url: str) -> RegisterEntries:
    laws.keep(database_url, LAW)
    return RegisterEntries(database_url)


def line(number: str, sequence: int, on: date, act: str, *clocks: OpenClock, by: str = "", **standing):
    """An entry of a day; what a person typed has a name."""
    typed = {"by": by, "request_id": f"{number}-{sequence}-typed"} if by else {"by": "the procedure"}
    told = entry(number, *clocks, sequence=sequence, **{"opened_on": date(2026, 1, 5), **standing})
    return told.model_copy(update={"happened_on": on, "act": act, **typed})


def test_the_pace_of_decisions_is_told_by_its_middle_and_its_quarters(
    register: RegisterEntries, database_url: str
) -> None:
    for nth, days in enumerate((10, 20, 30, 40, 90), start=1):
        on = date(2026, 1, 5) + timedelta(days=days)
        register.enter(line(f"CUP-2026-{nth:03d}", 1, date(2026, 1, 5), "Received", by="Ann"))
        register.enter(line(f"CUP-2026-{nth:03d}", 2, on, "Decided", by="Bob", ended=True))
    told = overview(database_url, SINCE, UNTIL, TODAY, "desk")
    assert told.pace == (Pace("CUP", "application", "Decided", 5, 10, 20, 30, 40, 90),)
    assert told.people == (Work("Ann", 5, 5), Work("Bob", 5, 5))
    assert overview(database_url, date(2026, 3, 1), UNTIL, TODAY, "desk").pace[0].decisions == 1


def test_load_age_and_forecast_are_those_of_the_open_cases(
    register: RegisterEntries, database_url: str
) -> None:
    late, soon, later = TODAY - timedelta(days=3), TODAY + timedelta(days=9), date(2026, 7, 1)
    register.enter(
        line("CUP-2026-001", 1, date(2026, 1, 5), "Received", fixed("a", late), fixed("b", soon), by="Ann")
    )
    register.enter(
        line(
            "CUP-2026-002",
            1,
            date(2026, 3, 1),
            "Received",
            fixed("c", later),
            by="Ann",
            opened_on=date(2026, 3, 1),
        )
    )
    told = overview(database_url, SINCE, UNTIL, TODAY, "desk")
    assert told.desks == (Load("desk", soon=1, overdue=1, stands_still=0),)
    assert told.ages == (Age("CUP", "application", (1, 1, 0, 0, 0)),)
    assert [(one.month, one.ours) for one in told.forecast if one.ours] == [("2026-03", 1), ("2026-07", 1)]
    assert len(told.forecast) == 12


def test_silence_that_an_act_came_before_is_avoided_and_what_it_did_is_suffered(
    register: RegisterEntries, database_url: str
) -> None:
    effect = date(2026, 2, 1)
    silent = fixed("decision", effect - timedelta(days=1)).model_copy(
        update={"silence": "refused", "effect_on": effect}
    )
    for number, on, act, by in (
        ("CUP-2026-001", effect - timedelta(days=2), "Decided", "Bob"),  # before its day
        ("CUP-2026-002", effect, "TacitDecision", ""),
        ("CUP-2026-003", effect, "Decided", "Bob"),  # on its day it is too late
    ):
        register.enter(line(number, 1, date(2026, 1, 5), "Received", silent, by="Ann"))
        register.enter(line(number, 2, on, act, by=by, ended=True))
    told = overview(database_url, SINCE, UNTIL, TODAY, "desk")
    assert (told.avoided, told.suffered) == (1, {"TacitDecision": 1})


def test_what_a_person_established_ended_the_examination_on_the_day_from_which_it_exists(
    register: RegisterEntries, database_url: str
) -> None:
    exists_from, known_on = date(2026, 2, 4), date(2026, 3, 1)
    register.enter(line("CUP-2026-001", 1, date(2026, 1, 5), "Received", by="Ann"))
    opinion = {"clause": "ethics-opinion", "effect_on": "2026-02-01"}
    register.enter(with_facts(line("CUP-2026-001", 2, known_on, "Established", by="Ann"), opinion))
    decided = {"clause": "decision", "effective_on": str(exists_from), "silent_until": "2026-02-03"}
    register.enter(with_facts(line("CUP-2026-001", 3, known_on, "Established", by="Ann"), decided))
    told = overview(database_url, SINCE, UNTIL, TODAY, "desk")
    assert told.suffered == {"Established": 2}
    assert told.pace == (Pace("CUP", "application", "Established", 1, 30, 30, 30, 30, 30),)


def with_facts(entry: Entry, facts: dict[str, str]) -> Entry:
    """The same entry with facts of its own."""
    return entry.model_copy(update={"facts": facts})
