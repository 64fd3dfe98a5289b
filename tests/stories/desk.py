"""An operator as stories need one: speaks like an operator and hides the client."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from models.acts import Act
from models.clock import civil_day, start_of
from models.dossier import Dossier
from models.law.applicable import Law, applicable_law
from models.law.procedures.shape import Kind
from models.parties import Contact, Language, Product
from models.programme import Programme, authorisation_year
from models.receipts import Receipt
from office.sending import send
from office.settings import Settings
from register.parties import keep
from register.views import Case, case
from workflows.dossier import DossierExamination
from workflows.programme import ProgrammeLife

EXEMPLAR = Contact(name="Exemplar Pharma", language=Language.FR, email="regulatory@exemplar.example")
PRODUCT = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease.")


class Office:
    """Speaks like an operator and hides the client."""

    def __init__(self, environment: WorkflowEnvironment, settings: Settings) -> None:
        self.environment = environment
        self.settings = settings
        self.client: Client = environment.client
        self.today = date.min
        self._serial = itertools.count(1)
        self._requests = itertools.count(1)
        self.numbers: list[str] = []
        self.first_runs: dict[str, str | None] = {}

    async def looks_at_the_calendar(self) -> date:
        self.today = civil_day(await self.environment.get_current_time())
        return self.today

    async def days_pass(self, days: int) -> None:
        await self.environment.sleep(timedelta(days=days))
        await self.looks_at_the_calendar()

    async def waits_until(self, day: date) -> None:
        """The first minutes of a civil day in Brussels."""
        now = await self.environment.get_current_time()
        await self.environment.sleep(start_of(day) - now + timedelta(minutes=5))
        await self.looks_at_the_calendar()
        assert self.today == day

    async def submits(
        self,
        kind: Kind = Kind.APPLICATION,
        procedure: str = "CUP",
        programme: str | None = None,
        year: int | None = None,
        opened_on: date | None = None,
        product: Product = PRODUCT,
        law: Law | None = None,
        **filed: Any,
    ) -> str:
        """Files a dossier and waits until it is in the register."""
        today = await self.looks_at_the_calendar()
        opened_on = opened_on or today
        serial = next(self._serial)
        number = f"{procedure}-{today.year}-{serial:03d}"
        if programme:
            number = f"{programme}/{kind.value}-{year or serial}"
        party = keep(self.settings.register_url, EXEMPLAR)
        dossier = Dossier(
            number=number,
            kind=kind,
            procedure=procedure,
            programme=programme,
            opened_on=opened_on,
            taken_in_by="Ann",
            cesp_number=f"D-{serial}",
            applicant=party,
            invoice_addressee=party,
            product=product,
            year=year,
            law=law or applicable_law(procedure, kind, opened_on),
            **filed,
        )
        await self._start(DossierExamination.run, dossier)
        return number

    async def imports(self, last_update: date) -> str:
        """Takes over one programme as the agency's page tells it."""
        today = await self.looks_at_the_calendar()
        programme = Programme(
            number=f"UMN-{today.year}-{next(self._serial):03d}",
            procedure="UMN",
            applicant=None,
            product=PRODUCT,
            authorised_on=last_update,
            assumed=True,
            opened_on=today,
            last_update_on=last_update,
            year=authorisation_year(last_update, today),
            law=applicable_law("UMN", None, today),
        )
        await self._start(ProgrammeLife.run, programme)
        return programme.number

    async def _start(self, run: Any, carried: Dossier | Programme) -> None:
        self.numbers.append(carried.number)
        queue = self.settings.task_queue
        handle = await self.client.start_workflow(run, carried, id=carried.number, task_queue=queue)
        self.first_runs[carried.number] = handle.first_execution_run_id
        await self.is_written(carried.number, 1)

    async def is_written(self, number: str, entry: int) -> Case:
        """Waits until the register holds an entry that no receipt tells of."""
        import asyncio

        for _ in range(600):
            try:
                found = self.shows(number)
                if found.state.entry >= entry:
                    return found
            except Exception:
                pass
            await asyncio.sleep(0.02)
        raise AssertionError(f"entry {entry} of {number} was not written")

    async def performs(self, number: str, act: type[Act], request_id: str = "", **said: Any) -> Receipt:
        """Performs an act as the command line does. Raises: ActRefused."""
        request_id = request_id or f"request-{next(self._requests)}"
        made = act(**{"by": "Ann", **said}, request_id=request_id)
        return await send(self.client, self.settings, number, made)

    def shows(self, number: str) -> Case:
        return case(self.settings.register_url, number, self.today)

    def acts(self, number: str) -> list[str]:
        """What happened, in order."""
        return [line.act for line in self.shows(number).entries]

    def letters(self, number: str) -> list[tuple[int, str, str]]:
        """Letters that went out: entry, kind, role."""
        notices = self.shows(number).notices
        assert all(n.state == "sent" for n in notices)
        return sorted((n.entry, n.letter, n.role) for n in notices)

    def handle(self, number: str) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(number)

    def remember_what_was_walked(self, walked: set[tuple[str, str, str, str]]) -> None:
        """Notes each step between phases, for the drawing."""
        for number in self.numbers:
            found = self.shows(number)
            before = "filed"
            kind = "programme" if found.state.kind == "programme" else "dossier"
            for line in found.entries:
                walked.add((kind, before, line.act, line.phase))
                before = line.phase

    async def keep_histories(self, folder: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        runs = [(n, "first", first) for n, first in self.first_runs.items()]
        runs += [(n, "last", None) for n in self.first_runs]
        runs += [(f"{n}/account", "last", None) for n in self.first_runs if self._has_account(n)]
        for number, name, run_id in runs:
            history = await self.client.get_workflow_handle(number, run_id=run_id).fetch_history()
            file = f"{history.events[0].workflow_execution_started_event_attributes.workflow_type.name}"
            (Path(folder) / f"{file}@{number.replace('/', '_')}@{name}.json").write_text(history.to_json())

    def _has_account(self, number: str) -> bool:
        """Whether something was booked after the end of a case."""
        found = self.shows(number)
        return 0 < found.ended_with < len(found.entries)
