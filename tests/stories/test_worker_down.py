"""What happens must not depend on whether a worker ran at midnight.

The time-skipping server does not let time pass while no worker asks for work, so the cases here are
started as they stood long ago, and the worker comes today.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from models.acts import DeclaredAdmissible
from models.clock import anniversary
from models.dossier import Dossier
from models.programme import Programme
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from register import laws
from register.database import migrate
from register.parties import keep
from tests.stories.desk import EXEMPLAR, PRODUCT, Office
from worker import postman_of, worker_of
from workflows.examination import DossierExamination
from workflows.life import ProgrammeLife

pytestmark = pytest.mark.server


async def test_a_worker_that_was_down_on_the_day_finds_the_same_dates(skipping, tmp_path):
    settings = Settings(var=tmp_path)
    migrate(settings.register_url)
    office = Office(skipping, settings)
    today = await office.looks_at_the_calendar()
    party = keep(settings.register_url, EXEMPLAR)
    began = today - timedelta(days=380)
    programme = Programme(
        number="CUP-2020-001",
        procedure="CUP",
        applicant=party,
        subject=PRODUCT.subject,
        authorised_on=began,
        granted_on=began,
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
        subject=PRODUCT.subject,
        law=applicable_law("CUP", Kind.APPLICATION, filed),
    )
    for case in (programme, dossier):
        laws.keep(settings.register_url, case.law)
    queue = settings.task_queue
    for run, case in ((ProgrammeLife.run, programme), (DossierExamination.run, dossier)):
        memo = await office.begun(case)
        await skipping.client.start_workflow(run, case, id=case.number, task_queue=queue, memo=memo)
    act = asyncio.create_task(office.performs(dossier.number, DeclaredAdmissible))
    await asyncio.sleep(0.5)  # the act is on its way before anybody works
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            await act
            lived = (await office.is_written(programme.number, 8)).entries
    assert office.acts(dossier.number) == ["Received", "LimitPassed", "DeclaredAdmissible"]
    assert Counter(line.act for line in lived) == {
        "Imported": 1,
        "ListReminded": 2,  # once for each, not three letters at once
        "ListOverdue": 1,
        "EvaluationReminded": 1,
        "EvaluationMissed": 1,
        "ChangeProposed": 1,
        "YearTurned": 1,
    }
    told = {line.act: line for line in lived}
    assert told["YearTurned"].happened_on == anniversary(began, 1)
    for missed in (told["ListOverdue"], told["EvaluationMissed"]):
        last = missed.facts.get("late_on", missed.facts["due_on"])
        assert missed.happened_on == date.fromisoformat(last) + timedelta(days=1)
    assert told["ChangeProposed"].happened_on == told["EvaluationMissed"].happened_on + timedelta(days=30)
