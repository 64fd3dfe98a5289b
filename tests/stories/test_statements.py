"""A statement of an account whose dossier does not answer: it waits, and all of it is booked in the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.worker import Worker

from activities.payments import Payments
from models.acts import Act
from models.entry import ToBook
from office.money.reading import understood
from register import accounts
from register.database import migrate
from register.statements import take_in
from samples.statements.make import Payment, coda
from tests.register.cases import ON, Cases
from worker import RUNNER
from workflows.statement import StatementBooking

pytestmark = pytest.mark.server

MOVEMENTS = 7


class StandsStill(Cases):
    """A dossier that answers no act until it has been asked often enough."""

    asked, answers_at = 0, 12

    async def send(self, number: str, act: Act) -> None:
        self.asked += 1
        self.stands_still = {number} if self.asked < self.answers_at else set()
        await super().send(number, act)


async def test_movements_wait_for_a_dossier_that_does_not_answer_and_are_booked_when_it_does(
    skipping, tmp_path: Path
):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    migrate(url)
    cases = StandsStill(url, MOVEMENTS * 100)
    [number] = cases.invoices
    file = understood(coda([Payment(100, cases.ogm(number))] * MOVEMENTS, ON), "s.cod")
    take_in(url, file, "Ann", ON)
    movements = tuple(accounts.to_judge(url, file.sha256))
    began = await skipping.get_current_time()
    async with Worker(
        skipping.client,
        task_queue="statements",
        workflows=[StatementBooking],
        activities=[Payments(url, cases.send).book],
        workflow_runner=RUNNER,
    ):
        await skipping.client.execute_workflow(
            StatementBooking.run, ToBook(movements=movements), id="statement/waits", task_queue="statements"
        )
    assert await skipping.get_current_time() - began >= timedelta(minutes=1)
    assert accounts.to_judge(url, file.sha256) == []
    report = accounts.report(url, ON.year)
    assert (report.differences, report.open, report.matched) == ((), 0, MOVEMENTS * 100)
