"""What happens must not depend on whether a worker ran at midnight.

The time-skipping server does not let time pass while no worker asks for work, so the cases here are
started as they stood long ago, and the worker comes today.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.acts import DeclaredAdmissible
from models.clock import add_months, anniversary
from models.dossier import Dossier
from models.law.applicable import applicable_law
from models.law.procedures.shape import Kind
from models.programme import Programme
from office.settings import Settings
from register.database import migrate
from register.parties import keep
from tests.stories.desk import EXEMPLAR, PRODUCT, Office
from worker import worker_of
from workflows.dossier import DossierExamination
from workflows.programme import ProgrammeLife

pytestmark = pytest.mark.server


async def test_a_worker_that_was_down_on_the_day_finds_the_same_dates(skipping, tmp_path):
    settings = Settings(var=tmp_path)
    migrate(settings.register_url)
    office = Office(skipping, settings)
    today = await office.looks_at_the_calendar()
    party = keep(settings.register_url, EXEMPLAR)
    began = today - timedelta(days=400)
    programme = Programme(
        number="CUP-2020-001",
        procedure="CUP",
        applicant=party,
        product=PRODUCT,
        authorised_on=began,
        opened_on=began,
        last_update_on=began,
        law=applicable_law("CUP", None, began),
    )
    filed = today - timedelta(days=30)
    dossier = Dossier(
        number="CUP-2020-002",
        kind=Kind.APPLICATION,
        procedure="CUP",
        opened_on=filed,
        taken_in_by="Ann",
        applicant=party,
        invoice_addressee=party,
        product=PRODUCT,
        law=applicable_law("CUP", Kind.APPLICATION, filed),
    )
    queue = settings.task_queue
    await skipping.client.start_workflow(ProgrammeLife.run, programme, id=programme.number, task_queue=queue)
    await skipping.client.start_workflow(DossierExamination.run, dossier, id=dossier.number, task_queue=queue)
    act = asyncio.create_task(office.performs(dossier.number, DeclaredAdmissible))
    await asyncio.sleep(0.5)  # the act is on its way before anybody works
    with ThreadPoolExecutor(10) as threads:
        async with worker_of(skipping.client, settings, threads):
            await act
            lived = (await office.is_written(programme.number, 9)).entries
    assert office.acts(dossier.number) == ["Received", "LimitPassed", "DeclaredAdmissible"]
    assert [line.act for line in lived] == [
        "Imported",
        "SafetyReportReminded",
        "SafetyReportOverdue",
        "ReEvaluationReminded",  # once, not four letters at once
        "SafetyReportReminded",
        "YearTurned",
        "ReEvaluationMissed",
        "SafetyReportOverdue",
        "SuspensionProposed",
    ]
    assert lived[2].happened_on == add_months(began, 6) + timedelta(days=15)
    assert lived[5].happened_on == anniversary(began, 1)
    assert lived[6].happened_on == anniversary(began, 1) + timedelta(days=1)
    assert lived[6].facts["due_on"] == anniversary(began, 1).isoformat()
