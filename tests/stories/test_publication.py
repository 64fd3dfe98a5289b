"""After every decision that changes a list the public register is published, by a durable workflow."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio import activity
from temporalio.worker import Worker

import starter
from models.acts import Closed, ClosingDayAdded, SuspensionImposed, SuspensionLifted
from models.entry import Publications
from office.intake.authority_page import read_text
from office.settings import Settings
from procedures.be_umn.agency_page.reading import read_page
from register.database import migrate
from register.summaries import Summary, keep
from tests.stories.desk import Office
from tests.stories.steps import END, authorised
from worker import RUNNER, postman_of, worker_of
from workflows.publication import PublicationOfRegister

GROUNDS = "A safety signal is being examined."


@pytest.fixture(scope="module")
async def publishing(skipping, tmp_path_factory):
    """An office that publishes its register."""
    var = tmp_path_factory.mktemp("publishing")
    settings = Settings(var=var, publish_to=var / "site", task_queue="umn-publishing")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            yield Office(skipping, settings)


async def listed(office: Office, lists: list[str]) -> None:
    """Waits until the published page shows these lists; time passes meanwhile."""
    page = office.settings.publish_to / "umn" / "current" / "nl" / "index.html"
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


async def published(office: Office, number: str, as_told: str) -> None:
    """Waits until a case was told that it was published; time passes meanwhile."""
    for _ in range(40):
        await office.environment.sleep(30)
        await asyncio.sleep(0.05)
        if office.shows(number).entries[-1].act == as_told:
            return
    raise AssertionError(office.acts(number))


async def test_the_time_to_publish_ends_when_the_register_was_published(publishing, monkeypatch, capsys):
    number = await authorised(publishing, procedure="MNP", published=False)
    (was,) = (due for due in publishing.shows(number).state.falls_due if due.ref == "publication")
    before = {"published_on": date(was.due_on.year - 1, 12, 1), "reason": "A bridging day."}
    await publishing.performs(number, ClosingDayAdded, day=was.due_on, **before)
    (now,) = (due for due in publishing.shows(number).state.falls_due if due.ref == "publication")
    assert now.due_on > was.due_on  # also in the life of a programme the agency is closed on a closing day
    await published(publishing, number, "PublishedInPart")
    last = publishing.shows(number)
    # no text was filed: the entry stands in time, and the languages that it lacks are a task
    assert {"publication", "publication-texts"} & {due.ref for due in last.state.falls_due} == {
        "publication-texts"
    }
    (done,) = last.entries[-1].facts["done"]
    assert (done["clause"], done["late"]) == ("publication", False)
    lacks = ["indication", "summary"]
    assert last.entries[-1].facts["lacking"] == dict.fromkeys(("nl", "fr", "de"), lacks)
    monkeypatch.setenv("UMN_VAR", str(publishing.settings.var))
    assert await asyncio.to_thread(starter.run, ["show", number]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "lacks indication" in said, said
    texts = [Summary(language, "Text.", f"Indication ({language}).") for language in ("nl", "fr", "de")]
    told = {"translates": last.state.translated, "by": "Ann", "at": datetime.now(UTC)}
    keep(publishing.settings.register_url, number, texts, **told)
    await publishing.performs(number, Closed, **END)
    await published(publishing, number, "Published")
    (to_publish, to_complete) = publishing.shows(number).entries[-1].facts["done"]
    assert (to_publish["clause"], to_complete["clause"]) == ("publication-texts", "publication")
    assert publishing.shows(number).state.ended  # once its end was published too, in every language


async def test_a_publication_that_somebody_cancels_is_published(publishing):
    queue = publishing.settings.task_queue
    handle = await publishing.client.start_workflow("Publication", id="by-hand", task_queue=queue)
    await handle.cancel()
    assert await handle.result()


async def test_a_decision_that_changes_no_list_is_not_published(publishing):
    number, *_ = publishing.numbers
    workflow = publishing.handle("umn-publishing-publication")
    before = await workflow.describe()
    later = await publishing.looks_at_the_calendar() + timedelta(days=30)
    await publishing.performs(number, SuspensionImposed, grounds=GROUNDS, effective_on=later)
    assert (await workflow.describe()).run_id == before.run_id


async def test_a_list_that_changes_while_it_is_published_is_published_again(skipping):
    begun, changed = asyncio.Event(), asyncio.Event()
    versions = iter(("before", "after"))

    @activity.defn(name="publish_register")
    async def publishes() -> Publications:
        begun.set()
        await changed.wait()
        return Publications(versions=next(versions))

    queue = "umn-nightly"
    async with Worker(
        skipping.client,
        task_queue=queue,
        workflows=[PublicationOfRegister],
        activities=[publishes],
        workflow_runner=RUNNER,
    ):
        nightly = await skipping.client.start_workflow(
            PublicationOfRegister.run, id=f"{queue}-publication", task_queue=queue
        )
        await begun.wait()
        await nightly.signal(PublicationOfRegister.lists_changed)
        changed.set()
        assert await nightly.result() == "after"
