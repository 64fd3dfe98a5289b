"""A statement whose dossier does not answer, or that is cancelled: all of it is booked in the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.payments import Payments
from models.acts import Act
from models.entry import ToBook
from office.money.reading import understood
from register import accounts
from register.database import migrate
from register.statements import take_in
from samples.statements.make import Payment, coda
from tests.register.cases import ON, Cases
from workflows import statement

PER_RUN, MOVEMENTS = 5, 17


class Answering(Cases):
    """A dossier that stands still until so many acts have been sent to it."""

    asked = 0

    async def send(self, number: str, act: Act) -> None:
        self.asked += 1
        self.stands_still = {number} if self.asked < MOVEMENTS // 2 else set()
        await super().send(number, act)


async def test_more_movements_than_one_run_tries_again_are_all_booked(skipping, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(statement, "PER_RUN", PER_RUN)  # five hundred take a minute
    await all_are_booked(skipping, tmp_path, Answering, MOVEMENTS)


async def test_a_request_to_cancel_a_statement_ends_nothing(skipping, tmp_path: Path):
    # in one run: the time-skipping server cannot carry a cancelled one over
    await all_are_booked(skipping, tmp_path, Cases, MOVEMENTS, cancelled=True)


async def all_are_booked(
    skipping, folder: Path, kind: type[Cases], movements: int, cancelled: bool = False
) -> None:
    url = f"sqlite:///{folder / 'register.db'}"
    migrate(url)
    cases = kind(url, movements * 100)
    [number] = cases.invoices
    file = understood(coda([Payment(100, cases.ogm(number))] * movements, ON), "s.cod")
    take_in(url, file, "Ann", ON)
    ids = tuple(accounts.to_judge(url, file.sha256))
    assert len(ids) == movements
    async with Worker(
        skipping.client,
        task_queue="statements",
        workflows=[statement.StatementBooking],
        activities=[Payments(url, cases.send).book],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        booking = await skipping.client.start_workflow(
            statement.StatementBooking.run,
            ToBook(movements=ids),
            id=f"statement/{folder.name}",
            task_queue="statements",
            execution_timeout=timedelta(hours=1),
        )
        if cancelled:
            await booking.cancel()
        await booking.result()
    assert accounts.to_judge(url, file.sha256) == []
    report = accounts.report(url, ON.year)
    assert (report.differences, report.open, report.matched) == ((), 0, movements * 100)
