"""Decades of a programme, day by day of the calendar, on a server of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import (
    Closed,
    Decided,
    DeclaredAdmissible,
    ProgrammeConfirmed,
    SuspensionDeclined,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import anniversary
from models.law.procedures.shape import Kind
from tests.stories.steps import END, WIDER, authorised, modified, re_evaluated, reported, until_act

pytestmark = pytest.mark.server


async def test_thirty_years_of_a_programme(office):
    """Re-evaluated each year, once missed, suspended over an anniversary, modified, then closed.

    A medical need programme, whose safety report comes in once a year before anybody asks for it.
    """
    number = await authorised(office, procedure="MNP")
    began = office.today
    expected = office.acts(number)
    for year in range(1, 31):
        due_on = anniversary(began, year)
        await office.waits_until(due_on - timedelta(days=100))
        await reported(office, number)
        expected += ["DossierFiled", "DossierEnded"]
        match year:
            case 7:  # never filed: four reminders, flagged, then a proposal that a person declines
                await office.waits_until(due_on + timedelta(days=40))
                expected += ["ReEvaluationReminded"] * 3 + ["YearTurned", "ReEvaluationReminded"]
                expected += ["ReEvaluationMissed", "SuspensionProposed", "SuspensionDeclined"]
                await office.performs(number, SuspensionDeclined, grounds="Filed late, with reasons.")
                await re_evaluated(office, number, due_on.year)
                expected += ["DossierFiled", "DossierEnded"]
            case 12:  # suspended over the anniversary, re-evaluated all the same
                await office.waits_until(due_on - timedelta(days=45))
                await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
                await re_evaluated(office, number, due_on.year)
                await office.waits_until(due_on + timedelta(days=10))
                assert office.shows(number).state.phase == "suspended"
                await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
                expected += ["ReEvaluationReminded"] * 2 + ["SuspensionImposed", "DossierFiled"]
                expected += ["DossierEnded", "YearTurned", "SuspensionLifted"]
            case 20:
                await office.waits_until(due_on - timedelta(days=75))
                await modified(office, number, "authorised", WIDER)
                await re_evaluated(office, number, due_on.year)
                await office.waits_until(due_on + timedelta(days=1))
                expected += ["ReEvaluationReminded", "DossierFiled", "DossierEnded"]
                expected += ["DossierFiled", "DossierEnded", "YearTurned"]
            case _:
                await office.waits_until(due_on - timedelta(days=75))
                await re_evaluated(office, number, due_on.year)
                await office.waits_until(due_on + timedelta(days=1))
                expected += ["ReEvaluationReminded", "DossierFiled", "DossierEnded", "YearTurned"]
        await until_act(office, number, "YearTurned" if year not in (7, 12) else expected[-1])
        assert office.acts(number) == expected, f"year {year}"
        assert office.shows(number).state.re_evaluation_on == anniversary(began, year + 1)
    await office.performs(number, Closed, **END)
    found = office.shows(number)
    assert office.acts(number) == [*expected, "Closed"]
    assert [line.sequence for line in found.entries] == list(range(1, len(expected) + 2))
    turned = [line.happened_on for line in found.entries if line.act == "YearTurned"]
    assert turned == [anniversary(began, year) for year in range(1, 31)]  # no drift
    assert found.state.public_list == "closed"
    assert len(found.dossiers) == 61
    events = len((await office.handle(number).fetch_history()).events)
    assert events <= 40  # one run is one year: it does not grow


async def test_authorised_on_29_february_keeps_its_day(office):
    number = await office.imports(date(2024, 2, 29))
    await office.performs(number, ProgrammeConfirmed, authorised_on=date(2024, 2, 29))
    year = office.shows(number).state.re_evaluation_on.year
    for _ in range(5):
        on = office.shows(number).state.re_evaluation_on
        leap = on.year % 4 == 0
        assert on == date(on.year, 2, 29 if leap else 28)
        dossier = await office.submits(Kind.RE_EVALUATION, "CUP", number, on.year)
        await office.performs(dossier, DeclaredAdmissible)
        await office.performs(dossier, Decided, outcome="continued", grounds="g")
        await office.waits_until(date(on.year, 3, 2))
        await until_act(office, number, "YearTurned")
    assert office.shows(number).state.re_evaluation_on.year == year + 5
