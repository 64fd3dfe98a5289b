"""What was authorised until a last day: warned, extended, or ended by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.acts import (
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    InvoicePaid,
    PublicationRecorded,
    SuspensionImposed,
)
from models.clock import ONE_DAY
from models.errors import UntimelyAct
from models.phases import Phase
from procedures.be_umn.words import Kind
from tests.stories.steps import authorised, evaluated, until_act

pytestmark = pytest.mark.server

IN_200_DAYS = timedelta(days=200)


async def test_a_programme_is_warned_before_its_last_day_and_has_ended_on_the_next(office):
    until_on = await office.looks_at_the_calendar() + IN_200_DAYS
    number = await authorised(office, procedure="MNP", until_on=until_on)
    found = office.shows(number)
    assert found.state.due_on == until_on
    assert found.state.falls_due[0].ref == "validity"
    decided = next(line for line in found.entries if line.act == "Decided")
    assert decided.facts["until_on"] == str(until_on)
    await office.waits_until(until_on)
    acts = office.acts(number)
    assert acts.count("ValidityWarned") == 3
    assert acts[-1] == "ValidityWarned"  # its last day counts
    assert office.shows(number).state.phase == "authorised"
    await office.waits_until(until_on + ONE_DAY)
    await until_act(office, number, "Lapsed")
    found = office.shows(number)
    assert (found.state.phase, found.state.public_list) == ("closed", "closed")
    assert (found.entries[-1].happened_on, found.entries[-1].by) == (until_on + ONE_DAY, "the procedure")
    assert found.state.last_update_on == until_on + ONE_DAY
    letters = [(kind, role) for _, kind, role in await office.letters(number)]
    assert letters.count(("validity-ends", "applicant")) == 3
    assert letters[-2:] == [("closure", "applicant"), ("closure", "physicians")]
    await office.performs(number, PublicationRecorded)
    with pytest.raises(UntimelyAct, match="nothing is possible any more"):
        await office.performs(number, SuspensionImposed, grounds="g")


async def test_an_evaluation_with_a_later_last_day_extends_it_and_its_warnings(office):
    until_on = await office.looks_at_the_calendar() + IN_200_DAYS
    number = await authorised(office, procedure="MNP", until_on=until_on)
    later = until_on + timedelta(days=60)
    await office.waits_until(until_on - timedelta(days=80))
    assert office.acts(number).count("ValidityWarned") == 1
    await evaluated(office, number, until_on=later)
    (last,) = (due for due in office.shows(number).state.falls_due if due.ref == "validity")
    assert last.due_on == later
    await office.waits_until(until_on + ONE_DAY)
    assert office.shows(number).state.phase == "authorised"
    assert office.acts(number).count("ValidityWarned") == 2  # ninety days before the later one
    await office.waits_until(later + ONE_DAY)
    await until_act(office, number, "Lapsed")
    assert office.shows(number).entries[-1].facts["valid_until"] == str(later)


async def test_an_extension_that_takes_effect_on_the_day_after_the_last_one_is_in_time(office):
    until_on = await office.looks_at_the_calendar() + IN_200_DAYS
    number = await authorised(office, procedure="MNP", until_on=until_on)
    said = {"effective_on": until_on + ONE_DAY, "until_on": until_on + timedelta(days=10)}
    await evaluated(office, number, **said)
    await office.waits_until(until_on + ONE_DAY)
    await until_act(office, number, "DecisionTookEffect")
    assert office.shows(number).state.phase == "authorised"


async def test_a_programme_lapses_while_suspended_and_what_is_examined_under_it_is_without_object(office):
    until_on = await office.looks_at_the_calendar() + IN_200_DAYS
    number = await authorised(office, procedure="MNP", until_on=until_on)
    await office.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    await office.waits_until(until_on - timedelta(days=10))
    dossier = await office.submits(Kind.LIST, "MNP", number)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=9)
    await office.waits_until(until_on + ONE_DAY)
    await until_act(office, number, "Lapsed")
    assert office.shows(number).state.phase == "closed"
    await office.performs(number, PublicationRecorded)
    receipt = await office.performs(dossier, Decided, outcome="noted", grounds="g")
    assert receipt.phase == Phase.WITHOUT_OBJECT


async def test_a_decision_without_a_last_day_leaves_the_one_there_is(office):
    until_on = await office.looks_at_the_calendar() + IN_200_DAYS
    number = await authorised(office, procedure="MNP", until_on=until_on)
    await evaluated(office, number)
    assert "validity" in [due.ref for due in office.shows(number).state.falls_due]
