"""The agenda of a morning on the real server: tried until its day is over, and nobody has it twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from temporalio import activity
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.register import RegisterEntries
from models.agenda import Agenda, Sent
from office.desk import agenda
from office.publication.schedule import zone
from office.settings import Settings
from procedures.registry import shipped
from register.database import migrate
from register.laws import keep
from tests.cli.test_agenda import at_eight
from tests.cli.test_due import LAW, TODAY, entry, fixed
from tests.letters.letter_desk import Postman
from tests.ports import free_port
from worker import RUNNER, agendas_of
from workflows.agenda import AgendaForReader, AgendaOfMorning


@pytest.fixture
def mail_server() -> Iterator[Postman]:
    """The mail server of the desk, which can be told to refuse, or to hang up."""
    postman = Postman(port=free_port())
    controller = Controller(postman, hostname="127.0.0.1", port=postman.port)
    controller.start()
    yield postman
    controller.stop()


@asynccontextmanager
async def listening(skipping: WorkflowEnvironment, office: Settings, postman: Postman) -> AsyncIterator[str]:
    """A worker that sends agendas through that mail server, on a morning. Gives: its task queue."""
    queue = f"umn-agendas-{postman.port}"
    settings = replace(office, smtp_host="127.0.0.1", smtp_port=postman.port)
    await sleeps_until_a_morning(skipping, settings)
    agendas = agendas_of(settings)
    with ThreadPoolExecutor(2) as threads:
        async with Worker(
            skipping.client,
            task_queue=queue,
            workflows=[AgendaOfMorning, AgendaForReader],
            activities=[agendas.of_morning, agendas.send],
            activity_executor=threads,
            workflow_runner=RUNNER,
        ):
            yield queue


async def sleeps_until_a_morning(skipping: WorkflowEnvironment, office: Settings) -> None:
    """Until eight on the next day on which somebody works; time on this server only goes forwards."""
    now = (await skipping.get_current_time()).astimezone(zone())
    morning = at_eight(now.date() + timedelta(days=1))
    while not agenda.due_at(office, morning):
        morning += timedelta(days=1)
    asked = SleepRequest()
    asked.duration.FromTimedelta(morning - now)
    await skipping.client.test_service.unlock_time_skipping_with_sleep(asked, timeout=timedelta(minutes=2))


@pytest.fixture
def one_desk(tmp_path: Path) -> Settings:
    """An office in which nothing runs: one desk for all that is shipped, and one case on it."""
    office = Settings(var=tmp_path)
    migrate(office.register_url)
    keep(office.register_url, LAW)
    of_each = (f'[{folder}.addresses]\ndesk = "desk@agency.example"\n' for folder in shipped())
    office.offices.write_text("".join(of_each))
    RegisterEntries(office.register_url).enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    return office


async def test_what_the_mail_server_did_not_take_is_tried_again_until_the_day_is_over(
    skipping: WorkflowEnvironment, one_desk: Settings, mail_server: Postman
) -> None:
    mail_server.refusals = ["451 Not now", "451 Not now"]
    async with listening(skipping, one_desk, mail_server) as queue:
        (asked,) = agenda.due_at(one_desk, await skipping.get_current_time())
        sent = await skipping.client.start_workflow("AgendaMail", asked, id=f"{queue}-one", task_queue=queue)
        assert await sent.result() == "left"
        await sleeps_until_a_morning(skipping, one_desk)  # of a later day
        mail_server.refusals = ["451 Not now"] * 2
        late = await skipping.client.start_workflow("AgendaMail", asked, id=f"{queue}-late", task_queue=queue)
        assert await late.result() == "later"
        assert len(mail_server.refusals) == 1
    (taken,) = mail_server.taken
    assert taken["To"] == "desk@agency.example"
    assert "CUP-2026-001" in taken.get_content()


async def test_a_morning_that_is_begun_twice_sends_each_agenda_once_also_one_that_is_in_doubt(
    skipping: WorkflowEnvironment, one_desk: Settings, mail_server: Postman
) -> None:
    mail_server.hang_up_after_data = True
    async with listening(skipping, one_desk, mail_server) as queue:
        (asked,) = agenda.due_at(one_desk, await skipping.get_current_time())
        for nth in range(2):
            begun = await skipping.client.start_workflow("Agenda", id=f"{queue}-{nth}", task_queue=queue)
            assert await begun.result() == 1
            sent = skipping.client.get_workflow_handle(f"{queue}-agenda-{asked.day}-{asked.reader}")
            assert await sent.result() == "in doubt"
    assert len(mail_server.taken) == 1


async def test_an_attempt_of_which_nobody_knows_how_it_ended_is_in_doubt_and_not_made_again(
    skipping: WorkflowEnvironment,
) -> None:
    tried = []

    @activity.defn(name="send_agenda")
    async def breaks_off(agenda: Agenda) -> Sent:
        tried.append(agenda.reader)
        raise RuntimeError("as where the machine went away")

    async with Worker(
        skipping.client,
        task_queue="umn-broken-off",
        workflows=[AgendaForReader],
        activities=[breaks_off],
        workflow_runner=RUNNER,
    ):
        until = await skipping.get_current_time() + timedelta(hours=16)
        asked = Agenda(reader="desk", day=until.date(), weekly=False, until=until)
        sent = await skipping.client.start_workflow(
            "AgendaMail", asked, id="umn-broken-off", task_queue="umn-broken-off"
        )
        assert await sent.result() == "in doubt"
    assert tried == ["desk"]
