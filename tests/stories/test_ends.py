"""How a programme begins to be in force, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jurisdictions.be import BELGIUM
from models.acts import (
    Closed,
    DeclaredAdmissible,
    FactRecorded,
    FormalNoticeReceived,
    OpinionGiven,
    ProposalDeclined,
    PublicationRecorded,
    SuccessorDecided,
    SuspensionImposed,
)
from models.clock import add_months, anniversary
from models.errors import ImproperAct, UntimelyAct
from models.findings import Finding, Severity
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from tests.stories.steps import END, WIDER, authorised, modified, provisionally_authorised, until_act

pytestmark = pytest.mark.server


async def test_a_compassionate_use_programme_is_in_force_from_its_provisional_authorisation(office):
    number = await authorised(office, in_force=False)
    decided = office.today
    found = office.shows(number).state
    assert (found.phase, found.public_list, found.in_force_on) == ("set_up", None, None)
    assert found.review_on is None  # no period runs, and nothing recurs
    assert {due.ref for due in found.falls_due} == {"validity"}
    with pytest.raises(UntimelyAct):
        await office.performs(number, SuspensionImposed, grounds="g")
    with pytest.raises(ImproperAct, match="cannot be asked for by 'sponsor': the law names manufacturer"):
        await provisionally_authorised(office, number, requested_by="sponsor")
    with pytest.raises(ImproperAct, match="lies before it"):  # no effect before the decision
        await provisionally_authorised(office, number, on=decided - timedelta(days=1))
    await office.performs(number, FormalNoticeReceived)  # no rule says what silence means
    await office.waits_until(anniversary(decided, 1) + timedelta(days=13))
    passed = next(line for line in office.shows(number).entries if line.act == "LimitPassed")
    assert (passed.facts["clause"], passed.facts["silence"]) == ("formal-notice", "refused")
    assert office.shows(number).state.phase == "set_up"  # a person sees to it
    granted = office.today - timedelta(days=11)  # entered late
    receipt = await provisionally_authorised(office, number, on=granted)
    assert receipt.phase == "authorised"
    found = office.shows(number).state
    assert (found.authorised_on, found.in_force_on, found.public_list) == (decided, granted, "authorised")
    # its half-years run from there, and not from the decision: evaluated three months after the first
    nine_months = add_months(granted, 9)
    assert found.review_on == BELGIUM.calendar(nine_months.year, ()).working_day_from(nine_months)
    with pytest.raises(UntimelyAct):  # once
        await provisionally_authorised(office, number)
    # the five working days from the grant are over: overdue at once, and not counted anew
    (due,) = (due for due in found.falls_due if due.ref == "publication")
    clock = applicable_law("CUP", None, granted).clock("publication", granted)
    assert due.due_on == clock.due_on(BELGIUM.calendar(granted.year, ())) < office.today
    await until_act(office, number, "LimitPassed")
    passed = office.shows(number).entries[-1]
    assert (passed.facts["clause"], passed.facts["due_on"]) == ("publication", str(due.due_on))
    await office.performs(number, SuspensionImposed, grounds="g", for_safety=True)
    yesterday = office.today - timedelta(days=1)
    await office.performs(number, PublicationRecorded, on=yesterday)
    (done,) = office.shows(number).entries[-1].facts["done"]
    assert (done["due_on"], done["on"]) == (str(due.due_on), str(yesterday))
    assert "publication" in {due.ref for due in office.shows(number).state.falls_due}  # what came after it
    await office.performs(number, PublicationRecorded)
    assert "publication" not in {due.ref for due in office.shows(number).state.falls_due}
    letters = {(kind, role) for _, kind, role in await office.letters(number)}
    assert {("provisional-authorisation", "applicant"), ("publication", "applicant")} <= letters


async def test_a_medical_need_programme_is_in_force_from_the_day_of_its_decision(office):
    number = await authorised(office, procedure="MNP")
    found = office.shows(number).state
    assert (found.phase, found.in_force_on) == ("authorised", office.today)


REFUSED_IN_PART = {"fact": "authorisation-refused-in-part", "source": "The decision of the Commission."}


async def test_what_was_refused_in_part_goes_on_without_a_day_between_when_the_medicine_reaches_the_market(
    office,
):
    number = await authorised(office)
    with pytest.raises(ImproperAct, match="--indications"):
        await office.performs(number, FactRecorded, **REFUSED_IN_PART)
    receipt = await office.performs(number, FactRecorded, **REFUSED_IN_PART, indications="For children.")
    assert receipt.due_on == office.today  # at once: the text gives no days
    assert f"successor-awaited:{office.today}" in office.shows(number).state.flags
    await office.days_pass(30)
    on = office.today - timedelta(days=2)  # recorded two days later
    receipt = await office.performs(number, FactRecorded, fact="on-the-market", source="Its holder.", on=on)
    assert {"closure", "successor"} <= {*receipt.letters}
    ended = office.shows(number)
    line = next(line for line in ended.entries if line.facts.get("fact") == "on-the-market")
    successor = line.facts["successor"]
    assert (line.happened_on, ended.state.phase) == (on, "closed")
    began = await office.is_written(successor, 1)
    assert (began.entries[0].act, began.entries[0].happened_on) == ("SetUpTacitly", on)
    assert began.entries[0].facts["succeeds"] == number
    assert (began.state.phase, began.state.public_list) == ("authorised", "authorised")
    assert (began.state.procedure, began.state.in_force_on) == ("MNP", on)
    assert began.state.subject["parts"]["indication"] == "For children."


@pytest.mark.parametrize("outcome", ["established", "rejected"])
async def test_a_person_decides_what_takes_the_place_of_a_programme(office, outcome):
    number = await authorised(office)
    await office.performs(number, FactRecorded, **REFUSED_IN_PART, indications="For children.")
    if outcome == "established":  # also after the end
        receipt = await office.performs(number, Closed, **END)
        assert receipt.possible == ("record-fact", "decide-successor")
    receipt = await office.performs(number, SuccessorDecided, outcome=outcome, grounds="g")
    assert "decide-successor" not in receipt.possible
    successor = office.shows(number).entries[-1].facts.get("successor")
    assert bool(successor) is (outcome == "established")
    if successor:
        assert (await office.is_written(successor, 1)).entries[0].act == "SetUp"
    await office.performs(number, FactRecorded, fact="on-the-market", source="Its holder.")
    assert office.shows(number).state.phase == "closed"
    assert "successor" not in office.shows(number).entries[-1].facts  # silence does nothing any more


async def test_a_refused_authorisation_is_put_before_a_person_after_both_bodies(office):
    number = await authorised(office)
    receipt = await office.performs(number, FactRecorded, fact="authorisation-refused", source="The holder.")
    assert {"give-opinion", "decline-proposal"} <= set(receipt.possible)
    assert "end-proposed:authorisation-refused" in office.shows(number).state.flags
    with pytest.raises(ImproperAct, match="after the opinion of"):
        await office.performs(number, Closed, **END)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="unfavourable")  # it binds nobody here
    await office.performs(number, Closed, **END)
    assert office.shows(number).state.phase == "closed"
    await office.performs(number, PublicationRecorded)
    found = office.shows(number).state  # open while patients may be left in it
    assert (found.ended, found.possible) == (False, ("record-fact",))
    await office.performs(number, FactRecorded, fact="no-patient-left", source="The person responsible.")
    assert office.shows(number).state.ended


async def test_a_medical_need_programme_ends_when_its_indication_is_authorised(office):
    told = Finding(check="R-02", severity=Severity.INFO, what="authorised-when-set-up")  # by its form
    number = await authorised(office, procedure="MNP", findings=(told,))
    said = {"source": "The file."}
    found = office.shows(number).state  # the Act and the decree conflict: a person looks
    assert (found.phase, found.flags) == ("authorised", ("end-proposed:authorised-when-set-up",))
    with pytest.raises(ImproperAct, match="cannot be recorded of"):  # it is known
        await office.performs(number, FactRecorded, fact="authorised-when-set-up", **said)
    receipt = await office.performs(number, ProposalDeclined, grounds="It is not marketed yet.")
    assert "decline-proposal" not in receipt.possible
    with pytest.raises(ImproperAct, match="cannot be recorded of"):
        await office.performs(number, FactRecorded, fact="on-the-market", **said)
    receipt = await office.performs(number, FactRecorded, fact="indication-authorised", **said)
    assert receipt.letters.count("closure") == 2  # the physicians have a copy
    assert office.shows(number).state.phase == "closed"


async def test_only_a_substantial_modification_hears_both_bodies_and_none_is_taken_for_granted(office):
    number = await authorised(office)
    dossier = await office.submits(Kind.MODIFICATION, "CUP", number, product=WIDER)
    with pytest.raises(ImproperAct, match="it knows: not-substantial, substantial, substantial-with-opinion"):
        await office.performs(dossier, DeclaredAdmissible)
    receipt = await office.performs(dossier, DeclaredAdmissible, heard_as="substantial")
    assert {due.desk for due in receipt.falls_due} >= {"ethics_committee", "commission"}
    await office.performs(dossier, OpinionGiven, body="ethics_committee", view="favourable")
    assert office.shows(dossier).state.phase == "opinion"  # both are heard
    for hearing in ("not-substantial", "substantial-with-opinion-of-chmp"):
        dossier = await modified(office, number, "authorised", WIDER, hearing)
        heard = {line.act for line in office.shows(dossier).entries}
        assert "OpinionGiven" not in heard
    application = await office.submits()
    with pytest.raises(ImproperAct, match="leave --heard-as out"):
        await office.performs(application, DeclaredAdmissible, heard_as="substantial")
