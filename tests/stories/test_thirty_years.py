"""Decades of a programme, day by day of the calendar, on a server on which few others live.

Seven years by default, in which all happens that is told here; `make long` lives thirty.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.acts import (
    FactRecorded,
    MarketingApplication,
    ProgrammeConfirmed,
    ProposalDeclined,
    PublicationRecorded,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import ONE_DAY, add_months, anniversary
from models.errors import ImproperAct
from models.parties import Language
from office.desk.exporting import export
from office.service import anchoring
from office.service.reconciling import in_silence
from office.service.verifying import verify
from procedures.be_umn.words import Phase
from tests.stories.steps import WIDER, authorised, evaluated, listed, modified, until_act
from verifier.verify import Verification

pytestmark = pytest.mark.server


YEARS = int(os.environ.get("UMN_TEST_YEARS", "7"))


async def test_all_the_years_of_a_programme(office, tmp_path):
    """Evaluated each half-year, each year once applied for; missed once; then its duration ends.

    A medical need programme, whose list comes in before anybody asks for it. Suspended over an anniversary,
    modified, and warned of before its last day, after which nothing is owed. Register, documents and second
    place verify, and its file does so in seconds.
    """
    began = await office.looks_at_the_calendar()
    last = anniversary(began, YEARS) + timedelta(days=100)
    number = await authorised(office, procedure="MNP", until_on=last)
    expected = office.acts(number)
    for half in range(1, 2 * YEARS + 1):
        year, turns = (half + 1) // 2, half % 2 == 0
        ends_on = add_months(began, 6 * half)
        if half == 5:  # within the first half of the third year, which is evaluated as a whole
            await office.waits_until(ends_on - timedelta(days=60))
            await office.performs(number, MarketingApplication)
            expected += ["MarketingApplication"]
        if half >= 5 and not turns:
            continue
        if half == 8:  # neither listed nor evaluated: reminded of, flagged, put before a person
            await office.waits_until(ends_on + timedelta(days=160))
            told = Counter(office.acts(number)[len(expected) :])
            flagged = ["YearTurned", "ListOverdue", "EvaluationMissed", "ChangeProposed"]
            assert told == Counter(["ListReminded", "EvaluationReminded"] * 3 + flagged)
            expected = office.acts(number)
            await office.performs(number, ProposalDeclined, grounds="Under way.")
            await listed(office, number)
            await until_act(office, number, "DossierEnded")
            await evaluated(office, number)
            expected += ["ProposalDeclined", "DossierFiled", "DossierEnded", "Evaluated"]
            continue
        await office.waits_until(ends_on - timedelta(days=50))
        await listed(office, number)
        await until_act(office, number, "DossierEnded")
        expected += ["DossierFiled", "DossierEnded"]
        if half == 10:
            await modified(office, number, "authorised", WIDER)
            await until_act(office, number, "DossierEnded")
            await office.performs(number, PublicationRecorded)
            expected += ["DossierFiled", "DossierEnded"]
        if half == 12:  # suspended over the anniversary, evaluated all the same
            await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
            await office.performs(number, PublicationRecorded)
            expected += ["SuspensionImposed"]
        await office.waits_until(ends_on)
        expected += ["YearTurned"] * turns
        if half == 12:
            assert office.shows(number).state.phase == "suspended"
            await office.performs(number, SuspensionLifted, grounds="Not confirmed.")
            await office.performs(number, PublicationRecorded)
            expected += ["SuspensionLifted"]
        await evaluated(office, number)
        expected += ["Evaluated"]
        assert office.acts(number) == expected, f"year {year}"
    assert "evaluation" not in {due.ref.partition("-")[0] for due in office.shows(number).state.falls_due}
    await office.waits_until(last + ONE_DAY)
    await until_act(office, number, "Lapsed")
    found = office.shows(number)
    expected += ["ValidityWarned"] * 3 + ["Lapsed"]
    assert office.acts(number) == expected
    assert [line.sequence for line in found.entries] == list(range(1, len(found.entries) + 1))
    turned = [line.happened_on for line in found.entries if line.act == "YearTurned"]
    assert turned == [anniversary(began, year) for year in range(1, YEARS + 1)]  # no drift
    assert found.state.public_list == "closed"
    assert len(found.dossiers) == 4 + (YEARS - 2) + 1
    events = len((await office.handle(number).fetch_history()).events)
    assert events <= 80  # one run is one year: it does not grow
    await office.postman_rests()
    settings = replace(office.settings, anchors=tmp_path / "second place")
    anchoring.nightly(settings, office.today)
    whole = await verify(settings, False, in_silence)
    assert (whole.problems, whole.lost) == ((), ())
    assert whole.looked["documents"] > len(expected)
    made = export(office.settings, number, tmp_path / "file.zip", Language.EN)
    assert (made.wrong, len(made.cases)) == ((), 1 + len(found.dossiers))
    began_at = time.perf_counter()
    assert Verification(made.file).wrong == []
    seconds = time.perf_counter() - began_at
    print(
        f"{YEARS} years: {made.parts} parts, {made.file.stat().st_size:,} bytes, verified in {seconds:.1f} s"
    )
    assert seconds < 10


async def test_in_force_on_29_february_keeps_its_day(office):
    number = await office.imports(date(2024, 2, 29))
    said = {"procedure": "MNP", "holder": "Exemplar", "marketing_application": date(2023, 1, 2)}
    await office.performs(number, ProgrammeConfirmed, in_force_on=date(2024, 2, 29), **said)
    year = office.shows(number).state.review_on.year
    for _ in range(5):
        on = office.shows(number).state.review_on
        # three months from 28 or 29 February end on 31 May; a day off moves that
        assert date(on.year, 5, 31) <= on <= date(on.year, 6, 3)
        if office.today < (ended := date(on.year, 3, 2)):
            await office.waits_until(ended)
        await evaluated(office, number)
    assert office.shows(number).state.review_on.year == year + 5


async def test_the_same_act_is_applied_once_also_across_the_change_of_year(office):
    number = await authorised(office)
    began = office.today
    run = (await office.handle(number).describe()).run_id
    first = await office.performs(number, SuspensionImposed, "same-id-1", grounds="A signal.")
    await office.waits_until(anniversary(began, 1) + timedelta(days=3))
    assert (await office.handle(number).describe()).run_id != run
    again = await office.performs(number, SuspensionImposed, "same-id-1", grounds="A signal.")
    assert again == first
    assert office.acts(number).count("SuspensionImposed") == 1


async def test_an_imported_programme_owes_nothing_until_a_person_confirms_it(office):
    """One task, and neither half-years nor years: nobody knows since when, or whether it was applied for."""
    await office.looks_at_the_calendar()
    number = await office.imports(office.today - timedelta(days=800))
    state = office.shows(number).state
    assert (state.assumed, state.due_on, state.review_on) == (True, None, None)
    assert [due.ref for due in state.falls_due] == ["confirmation"]
    await office.days_pass(400)
    assert office.acts(number) == ["Imported", "YearTurned"]
    began = anniversary(office.today, -4)
    said = {"holder": "Exemplar Pharma", "in_force_on": began, "marketing_application": "none"}
    with pytest.raises(ImproperAct, match="Say with --procedure which procedure"):
        await office.performs(number, ProgrammeConfirmed, **said)
    said["procedure"] = "CUP"
    receipt = await office.performs(number, ProgrammeConfirmed, **said)
    state = office.shows(number).state
    assert (state.assumed, state.authorised_on, state.holder) == (False, began, "Exemplar Pharma")
    assert not {"confirm-programme", "determine"} & {*receipt.possible}
    assert state.content == {}  # its decision was taken elsewhere
    assert "elements-undetermined" not in state.flags
    assert {due.ref.partition("-")[0] for due in state.falls_due} >= {"evaluation", "list"}
    applied = await office.performs(number, MarketingApplication, on=office.today)
    assert applied.phase == Phase.AUTHORISED
    await office.performs(number, FactRecorded, fact="on-the-market", source="Its holder.")
    found = office.shows(number).state
    assert (found.procedure, found.phase, found.in_force_on) == ("CUP", "closed", began)
