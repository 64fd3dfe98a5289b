"""An operator as stories need one: speaks like an operator and hides the client."""

from __future__ import annotations

import itertools
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from models.acts import Act, Decided, IndividualAct
from models.clock import anniversary, civil_day, start_of
from models.dossier import Dossier
from models.envelope import Envelope, OfficeAct, telling
from models.law.applicable import Law
from models.notes import TELLS, Note
from models.parties import Contact, Language
from models.people import Person, StaffRole, Takes
from models.programme import Programme, authorisation_year
from models.receipts import Receipt
from models.register import AllottedNumber
from models.subjects import Product
from models.waking import BY_MORNING
from office.desk.envelopes import Sign, memo_of, of_cases, signed
from office.desk.person import Acting, Power
from office.desk.sending import send
from office.intake.taking_in import submit
from office.settings import Settings
from procedures import registry
from procedures.be_umn.words import Kind, Role
from procedures.books import applicable_law
from register import recipients
from register.case import Case, case
from register.database import transaction
from register.keys import OFFICE, kept
from register.laws import keep as keep_law
from register.notices import notices
from register.numbers import foreseen
from register.outbox import is_at_rest
from register.parties import keep
from workflows.examination import DossierExamination
from workflows.life import ProgrammeLife

EXEMPLAR = Contact(
    name="Exemplar Pharma",
    language=Language.FR,
    email="regulatory@exemplar.example",
    private_undertaking=True,
    country="BE",
    postal_code="1050",
)
PRODUCT = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease.")


def signs_as(settings: Settings, by: str, at: datetime) -> Sign:
    """Signs as the one person of the office, certified for every act, at an instant of the server."""
    own = settings.var / "people" / by
    signer, _ = kept(own), kept(settings.keys / OFFICE)

    def sign(number: str, act: Act | OfficeAct) -> Envelope:
        roles = StaffRole.words()
        person = Person(name=by, function=by, roles=roles, since=date.min, keys=(signer.public,))
        takes = Takes.ONE if act.command in registry.by_two() else None
        return signed(settings, Power(Acting(person, signer), takes=takes), number, act, at)

    return sign


def signs_note(settings: Settings, number: str, note: Note) -> Envelope:
    """The envelope of what a case is told, as the worker signs it."""
    return of_cases(settings)(number, telling(note), datetime.now(UTC))


BY_LETTERS = {
    "admissibility-notice": ({"admissible", "inadmissible"}, {"applicant"}),
    "exemption-notice": ({"admissible", "inadmissible", "incomplete"}, {"applicant"}),
    "passing-on": (
        {"opinion-request", "for-information"},
        {"ethics_committee", "commission", "medical_directors"},
    ),
}
"""Limits that end when letters have left: by which letters, and to whom."""


KEYS = set[str]()
"""The public key of each office whose cases leave their histories."""


class Office:
    """Speaks like an operator and hides the client."""

    def __init__(self, environment: WorkflowEnvironment, settings: Settings, first: int = 1) -> None:
        self.environment = environment
        self.settings = settings
        KEYS.add(kept(settings.keys / OFFICE).public)
        self.client: Client = environment.client
        self.today = date.min
        self.hears = True
        self._serial = itertools.count(first)
        self._requests = itertools.count(1)
        self.numbers: list[str] = []

    async def looks_at_the_calendar(self) -> date:
        self.today = civil_day(await self.environment.get_current_time())
        return self.today

    async def postman_rests(self) -> None:
        """Waits until every letter was made and tried: before that no time may pass."""
        import asyncio

        for _ in range(2000):
            if is_at_rest(self.settings.register_url):
                return
            await asyncio.sleep(0.06)
        raise AssertionError([f"{n}" for n in notices(self.settings.register_url)])

    async def days_pass(self, days: int) -> None:
        await self.postman_rests()
        await self.time_passes(timedelta(days=days))
        await self.looks_at_the_calendar()

    async def waits_until(self, day: date, at: timedelta = BY_MORNING + timedelta(minutes=5)) -> None:
        """The early morning of a civil day in Brussels: every case has heard by then that it has come."""
        await self.postman_rests()
        now = await self.environment.get_current_time()
        await self.time_passes(start_of(day) - now + at)
        await self.looks_at_the_calendar()
        assert self.today == day

    async def time_passes(self, left: timedelta) -> None:
        """Every programme on the server lives meanwhile, each woken at an hour of its own: that may last."""
        asked = SleepRequest()
        asked.duration.FromTimedelta(left)
        patience = timedelta(minutes=5)
        await self.client.test_service.unlock_time_skipping_with_sleep(asked, timeout=patience)

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
        serial = self._takes(f"{procedure}-{today.year}")
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
            subject=product.subject,
            year=year,
            law=law or applicable_law(procedure, kind, opened_on),
            **{"applicant": party, "invoice_addressee": party, **filed},
        )
        await self._start(DossierExamination.run, dossier)
        return number

    def _takes(self, series: str) -> int:
        """The serial of the next case of a series, which nothing that is handed in is given as well."""
        url = self.settings.register_url
        serial = max(next(self._serial), int(foreseen(url, series).rpartition("-")[2]))
        self._serial = itertools.count(serial + 1)
        number = f"{series}-{serial:03d}"
        told = AllottedNumber(number=number, series=series, serial=serial, claim=number, digest="")
        with transaction(url) as session:
            session.add(told)
        return serial

    async def hands_in(self, package: Path) -> tuple[Receipt, list[str]]:
        """Has a package taken in, as the command line does. Returns: the receipt, and what was found."""
        today = await self.looks_at_the_calendar()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TEMPORAL_ADDRESS", self.client.service_client.config.target_host)
            patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
            sign = await self.signs("Ann")
            receipt, found = await submit(self.settings, package, "Ann", today, sign=sign)
        self.numbers.append(receipt.number)
        return receipt, found

    async def imports(self, last_update: date, product: Product = PRODUCT) -> str:
        """Takes over one programme as the agency's page tells it."""
        today = await self.looks_at_the_calendar()
        programme = Programme(
            number=f"UMN-{today.year}-{next(self._serial):03d}",
            procedure="UMN",
            applicant=None,
            subject=product.subject,
            authorised_on=last_update,
            assumed=True,
            opened_on=today,
            last_update_on=last_update,
            year=authorisation_year(last_update, today),
            law=applicable_law("UMN", None, today),
            imported_from="page.txt, line 1",
            imported_by="Ann",
        )
        await self._start(ProgrammeLife.run, programme)
        return programme.number

    async def _start(self, run: Any, carried: Dossier | Programme) -> None:
        self.numbers.append(carried.number)
        speaks = recipients.Said(language=Language.FR)
        recipients.keep(self.settings.register_url, carried.number, Role.PHYSICIANS, speaks, "Ann")
        keep_law(self.settings.register_url, carried.law)
        carried.law = carried.law.brief()
        queue, memo = self.settings.task_queue, await self.begun(carried)
        await self.client.start_workflow(run, carried, id=carried.number, task_queue=queue, memo=memo)
        await self.is_written(carried.number, 1)

    async def begun(self, case: Dossier | Programme, by: str = "Ann") -> dict[str, Any]:
        """The memo of a case that is begun as it is carried."""
        command = "submit" if isinstance(case, Dossier) else "import-register"
        command = "reopen" if case.docket.entries else command
        return memo_of(await self.signs(by), command, by, case.number, case.written())

    async def is_written(self, number: str, entry: int) -> Case:
        """Waits until the register holds an entry that no receipt tells of."""
        import asyncio

        for _ in range(2000):
            try:
                found = self.shows(number)
                if found.state.entry >= entry:
                    return found
            except Exception:
                pass
            await asyncio.sleep(0.06)
        raise AssertionError(f"entry {entry} of {number} was not written")

    async def performs(self, number: str, act: type[Act], request_id: str = "", **said: Any) -> Receipt:
        """Performs an act as the command line does. Raises: ActRefused."""
        request_id = request_id or f"request-{next(self._requests)}"
        said = self.signed(number, act, said)
        made = act(**{"by": "Ann", **said}, request_id=request_id)
        receipt = await send(self.client, self.settings, number, made, sign=await self.signs(made.by))
        if self.hears:
            await self.letters_are_heard_of(number)
        return receipt

    async def signs(self, by: str) -> Sign:
        """Signs as whoever acts, at the instant that the server has."""
        return signs_as(self.settings, by, await self.environment.get_current_time())

    async def letters_are_heard_of(self, number: str) -> None:
        """Waits until a case has heard of the letters that left and end a limit of its."""
        import asyncio

        for _ in range(2000):
            runs = {clock["ref"] for clock in self.shows(number).entries[-1].clocks} & BY_LETTERS.keys()
            if not runs:
                return
            told = [n for n in notices(self.settings.register_url, number) if n.state == "sent"]
            ends = [
                ref
                for ref, (letters, roles) in BY_LETTERS.items()
                if ref in runs and roles <= {one.role for one in told if one.letter in letters}
            ]
            if not ends and is_at_rest(self.settings.register_url):
                return
            await asyncio.sleep(0.06)
        raise AssertionError(f"{number} has not heard of its letters")

    def signed(self, number: str, act: type[Act], said: dict[str, Any]) -> dict[str, Any]:
        """What is said of an act, with who took it where the procedure asks in which capacity."""
        signs = issubclass(act, IndividualAct) and not act.admits
        of = self.shows(number).state.procedure if signs else ""
        if of and (asks := registry.procedure(of).competences):
            said = {"decided_by": "Ann", "capacity": asks[0].capacity, **said}
        if act is Decided and str(said["outcome"]).startswith("authorised") and "/" not in number:
            said = {"until_on": anniversary(self.today, 45), "protocol": "version 1", **said}
        return said

    def shows(self, number: str) -> Case:
        return case(self.settings.register_url, number, self.today)

    def acts(self, number: str) -> list[str]:
        """What happened, in order; not that letters had left which end a limit."""
        return [line.act for line in self.shows(number).entries if "done" not in line.facts]

    async def letters(self, number: str) -> list[tuple[int, str, str]]:
        """Letters that went out, once all of them have: entry, kind, role."""
        await self.postman_rests()
        found = notices(self.settings.register_url, number)
        assert all(n.state == "sent" for n in found), found
        return sorted((n.entry, n.letter, n.role) for n in found)

    async def tells(self, number: str, note: Note) -> None:
        """Tells a case something as a dossier or the postman does, signed by the worker."""
        await self.handle(number).signal(TELLS, args=[note, signs_note(self.settings, number, note)])

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
