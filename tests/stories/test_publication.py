"""After every decision that changes a list the public register is published, by a durable workflow."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.acts import SuspensionImposed, SuspensionLifted
from office.page import read_page, read_text
from office.settings import Settings
from register.database import migrate
from tests.stories.desk import Office
from worker import worker_of

GROUNDS = "A safety signal is being examined."


@pytest.fixture(scope="module")
async def publishing(skipping, tmp_path_factory):
    """An office that publishes its register."""
    var = tmp_path_factory.mktemp("publishing")
    settings = Settings(var=var, publish_to=var / "site", task_queue="umn-publishing")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with worker_of(skipping.client, settings, threads):
            yield Office(skipping, settings)


async def listed(office: Office, lists: list[str]) -> None:
    """Waits until the published page shows these lists; time passes meanwhile."""
    page = office.settings.publish_to / "current" / "nl" / "index.html"
    shown = None
    for _ in range(40):
        await office.environment.sleep(30)
        await asyncio.sleep(0.05)
        await office.looks_at_the_calendar()
        shown = page.exists() and [row.public_list for row in read_page(read_text(page), office.today)]
        if shown == lists:
            return
    raise AssertionError(f"{lists} was not published; {shown} is")


async def test_a_decision_that_changes_a_list_is_published(publishing):
    number = await publishing.imports(await publishing.looks_at_the_calendar())
    await listed(publishing, ["authorised"])
    await publishing.performs(number, SuspensionImposed, grounds=GROUNDS, for_safety=True)
    await listed(publishing, ["suspended"])
    await publishing.performs(number, SuspensionLifted, grounds="Not confirmed.")
    await listed(publishing, ["authorised"])


async def test_a_decision_that_changes_no_list_is_not_published(publishing):
    number, *_ = publishing.numbers
    workflow = publishing.handle("umn-publishing-publication")
    before = await workflow.describe()
    later = publishing.today + timedelta(days=30)
    await publishing.performs(number, SuspensionImposed, grounds=GROUNDS, effective_on=later)
    assert (await workflow.describe()).run_id == before.run_id
