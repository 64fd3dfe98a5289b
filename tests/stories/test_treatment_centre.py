"""A centre is certified: the whole life of a procedure that nobody ships (tests/toy), told as one story."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from models.acts import ConditionMet, Decided, DeclaredAdmissible, OpinionGiven, SuspensionImposed
from models.clock import anniversary, start_of
from models.errors import ActRefused
from office.publication.schedule import published
from office.settings import Settings
from procedures import registry
from register.database import migrate
from tests.stories.desk import Office
from tests.toy import taken_in
from worker import postman_of, worker_of

pytestmark = pytest.mark.server

_deliveries = itertools.count(1)
GROUNDS = "The centre has the beds and the people."


@pytest.fixture(scope="module", autouse=True)
def toy() -> Iterator[None]:
    with taken_in():
        yield


@pytest.fixture(scope="module")
async def centres(skipping, toy, tmp_path_factory) -> AsyncIterator[Office]:  # type: ignore[no-untyped-def]
    """An office that serves the invented procedure beside those that are shipped."""
    settings = Settings(var=tmp_path_factory.mktemp("centres"), task_queue="umn-centres")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            office = Office(skipping, settings)
            await office.looks_at_the_calendar()
            yield office


async def files(office: Office, name: str, into: Path, **said: object) -> str:
    """Files a sample of the procedure, as the platform delivers it. Returns: its number."""
    known, now = registry.intake("CTR"), await office.environment.get_current_time()
    delivery = f"{name}-{next(_deliveries)}"
    package = known.sample(name, into, cesp_number=delivery, received_at=now.astimezone(UTC), **said)
    receipt, findings = await office.hands_in(package)
    assert findings == []
    return receipt.number


def pages(office: Office, into: Path) -> dict[str, str]:
    """What the public reads of each register, in English."""
    at = start_of(office.today) + timedelta(hours=12)
    published(office.settings, into, at, write=True)
    return {
        name: (into / name / "current" / "en" / "index.html").read_text()
        for name in registry.public_registers()
    }


@pytest.fixture(scope="module")
async def certified(centres: Office, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A centre that was certified on a condition, by the steps of its decree."""
    number = await files(centres, "centre-application", tmp_path_factory.mktemp("filed"))
    assert number.startswith(f"CTR-{centres.today.year}-")
    receipt = await centres.performs(number, DeclaredAdmissible)
    assert (receipt.phase, receipt.letters) == ("opinion", ("admissible", "opinion-request"))
    receipt = await centres.performs(number, OpinionGiven, body="centres_council", view="favourable")
    assert receipt.phase == "decision"
    by = centres.today + timedelta(days=90)
    receipt = await centres.performs(
        number,
        Decided,
        outcome="certified_with_conditions",
        grounds=GROUNDS,
        conditions=({"text": "Train the night shift.", "due_on": by},),
    )
    assert receipt.phase == "certified"
    return number


async def test_a_centre_is_certified_after_one_body_was_heard_and_nothing_was_paid(centres, certified):
    found = centres.shows(certified)
    assert found.state.subject["parts"] == {
        "name": "Exemplar Centre",
        "place": "Nergenshuizen",
        "treatment": "Exemplary syndrome of adults",
    }
    assert not found.invoices
    told = [letter for _, letter, _ in await centres.letters(certified)]
    assert told == ["acknowledgement", "admissible", "opinion-request", "decision", "decision", "publication"]


async def test_its_decisions_rest_on_its_own_decree_and_not_on_anybody_elses(centres, certified):
    for document in centres.settings.outbox.glob("*.eml"):
        assert b"Royal Decree" not in document.read_bytes()
    assert centres.shows(certified).state.procedure == "CTR"


async def test_it_stands_in_its_own_register_and_in_no_other(centres, certified, tmp_path):
    shown = pages(centres, tmp_path)
    assert certified in shown["centres"]
    assert "Nergenshuizen" in shown["centres"]
    assert certified not in shown["umn"]
    assert "Exemplar Centre" not in shown["umn"]


async def test_another_body_is_not_heard_and_another_outcome_is_none(centres, tmp_path):
    number = await files(centres, "centre-application", tmp_path)
    await centres.performs(number, DeclaredAdmissible)
    with pytest.raises(ActRefused, match="open: council"):
        await centres.performs(number, OpinionGiven, body="ethics_committee", view="favourable")
    await centres.performs(number, OpinionGiven, body="centres_council", view="unfavourable")
    with pytest.raises(ActRefused, match="certified"):
        await centres.performs(number, Decided, outcome="authorised", grounds=GROUNDS)
    receipt = await centres.performs(number, Decided, outcome="declined", grounds="No night shift.")
    assert (receipt.phase, receipt.possible) == ("declined", ())


async def test_it_lives_a_year_with_one_report_and_its_condition(centres, certified, tmp_path):
    certified_on = centres.shows(certified).state.authorised_on
    await centres.performs(certified, ConditionMet, condition=1)
    due_on = anniversary(certified_on, 1)
    await centres.waits_until(due_on - timedelta(days=30))
    assert centres.acts(certified)[-1] == "ActivityReportReminded"
    year = due_on.year
    report = await files(centres, "centre-report", tmp_path, programme=certified, year=year)
    assert report == f"{certified}/activity-report-{year}"
    await centres.performs(report, DeclaredAdmissible)
    receipt = await centres.performs(report, Decided, outcome="seen", grounds="Nothing to remark.")
    assert receipt.phase == "seen"
    await centres.waits_until(due_on + timedelta(days=1))
    found = centres.shows(certified).state
    assert (found.phase, found.flags) == ("certified", ())
    assert found.review_on == anniversary(certified_on, 2)


async def test_a_report_that_nobody_files_is_told_the_day_after(centres, certified):
    due_on: date = centres.shows(certified).state.review_on
    await centres.waits_until(due_on + timedelta(days=1))
    found = centres.shows(certified).state
    assert found.flags == (f"activity-report-overdue:{due_on.year}",)
    letters = [(letter, role) for _, letter, role in await centres.letters(certified)]
    assert {("activity-report-overdue", "applicant"), ("activity-report-overdue", "desk")} <= {*letters}


async def test_what_is_interrupted_moves_to_its_own_list(centres, certified, tmp_path):
    receipt = await centres.performs(
        certified, SuspensionImposed, grounds="The night shift was missing.", for_safety=True
    )
    assert receipt.phase == "interrupted"
    shown = pages(centres, tmp_path)["centres"]
    listed = shown.partition('id="interrupted"')[2]
    assert certified in listed
