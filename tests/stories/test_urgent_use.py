"""A notification of urgent use for one patient, from its form to the application on which it rests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.acts import ApplicationAnnounced, ApplicationLinked, Decided, RuleJudged
from models.errors import ActRefused, ImproperAct, InputRefused
from models.subjects import Product
from office.desk.linking import linked
from procedures.be_umn.urgent_use import RULES
from tests.intake.test_urgent_use import form
from tests.stories.desk import Office

pytestmark = pytest.mark.server

DAY = timedelta(days=1)
OTHER = Product(trade_name="Sluitium", active_substance="closurestat", indication="A rare disease.")


async def notified(office: Office, into: Path, reference: str) -> str:
    """Hands in the form of a notification, of today. Returns: its number."""
    today, file = await office.looks_at_the_calendar(), into / "notified.json"
    file.write_text(form(reference=reference, received_on=str(today)), encoding="utf-8")
    receipt, found = await office.hands_in(file)
    assert receipt.phase == "decision"
    assert any("Set the day" in said for said in found)
    return receipt.number


async def judges(office: Office, number: str, fails: str = "") -> None:
    for rule in RULES:
        verdict = "fail" if rule.id == fails else "pass"
        await office.performs(number, RuleJudged, rule=rule.id, verdict=verdict, grounds="As in the file.")


async def test_an_announced_application_is_awaited_until_it_is_linked(office, tmp_path):
    number = await notified(office, tmp_path, "UU-1")
    assert number.startswith(f"URG-{office.today.year}-")
    with pytest.raises(ActRefused, match="U-00"):
        await office.performs(number, Decided, outcome="acknowledged", grounds="As in the file.")
    far = office.today + timedelta(days=400)
    with pytest.raises(ImproperAct, match="no later than"):
        await office.performs(number, ApplicationAnnounced, expected_on=far)
    await judges(office, number)
    expected_on = office.today + timedelta(days=20)
    await office.performs(number, ApplicationAnnounced, expected_on=expected_on)
    receipt = await office.performs(number, Decided, outcome="acknowledged", grounds="As in the file.")
    assert (receipt.phase, receipt.due_on) == ("acknowledged", expected_on)
    assert receipt.possible == ("announce-application", "link-application")
    told = [letter for _, letter, role in await office.letters(number) if role == "applicant"]
    assert told == ["acknowledgement", "decision"]

    await office.waits_until(expected_on + DAY)
    found = office.shows(number)
    assert found.state.flags == (f"limit-passed:announced-application:{expected_on}",)
    again = expected_on + timedelta(days=10)
    receipt = await office.performs(number, ApplicationAnnounced, expected_on=again)
    assert (receipt.phase, receipt.due_on, office.shows(number).state.flags) == ("acknowledged", again, ())

    with pytest.raises(ImproperAct, match="itself"):
        await office.performs(number, ApplicationLinked, application=number)
    application, other = await office.submits(), await office.submits(product=OTHER)
    assert linked(office.settings, number, {"application": application}) == {"application": application}
    with pytest.raises(
        InputRefused, match=r"Voorbeeldra \(voorbeeldinib\), .* about Sluitium \(closurestat\)"
    ):
        linked(office.settings, number, {"application": other})
    linked(office.settings, number, {"application": other, "confirmed": True})
    with pytest.raises(InputRefused, match=f"{number} is none: its kind is notification of urgent use"):
        linked(office.settings, number, {"application": number})
    receipt = await office.performs(number, ApplicationLinked, application=application)
    assert (receipt.phase, receipt.possible) == ("acknowledged", ())
    found = office.shows(number)
    assert found.entries[-1].facts["application"] == application
    assert found.state.ended
    assert not found.invoices


async def test_a_condition_that_is_not_fulfilled_ends_it_and_nothing_is_awaited(office, tmp_path):
    number = await notified(office, tmp_path, "UU-2")
    due_on = office.shows(number).state.due_on
    await office.performs(number, ApplicationLinked, application="CUP-2027-005")
    await judges(office, number, fails="U-02")
    await office.waits_until(due_on + DAY)  # no text gives silence an effect
    assert office.shows(number).state.phase == "decision"
    with pytest.raises(ActRefused, match="U-02"):
        await office.performs(number, Decided, outcome="acknowledged", grounds="As in the file.")
    receipt = await office.performs(number, Decided, outcome="not_fulfilled", grounds="One is on the market.")
    assert (receipt.phase, receipt.possible) == ("not_fulfilled", ())
    assert office.shows(number).state.ended
