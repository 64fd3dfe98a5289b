"""Whatever run is current: a case that begins anew at any of its rests goes on as if nothing had been."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from models.acts import (
    AnswersReceived,
    Closed,
    CompletionReceived,
    ConditionMet,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionGiven,
    ProgrammeConfirmed,
    PublicationRecorded,
    QuestionsRaised,
    ReadingChosen,
    SuspensionImposed,
    SuspensionLifted,
    Withdrawn,
)
from models.clock import add_months
from office.service.payloads import CONVERTER
from office.settings import Settings
from register.database import migrate
from tests.conftest import binary
from tests.stories.anew import anew
from tests.stories.desk import Office
from tests.stories.steps import END
from worker import postman_of, worker_of
from workflows import search


@pytest.fixture
async def office(tmp_path):
    """An office on a server of its own: its copies are left on it, each in a namespace that nobody keeps."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary("temporal-test-server"), data_converter=CONVERTER
    ) as environment:
        named = {key.name: int(key.indexed_value_type) for key in search.ALL}
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="default", search_attributes=named)
        )
        settings = Settings(var=tmp_path / "office")
        migrate(settings.register_url)
        with ThreadPoolExecutor(10) as threads:
            async with (
                worker_of(environment.client, settings, threads),
                postman_of(environment.client, settings, threads),
            ):
                yield Office(environment, settings)


@pytest.mark.long
async def test_a_dossier_from_its_submission_to_its_programme(office, tmp_path):
    """Completion, a contribution that is fixed, questions, late answers, two readings, a later effect."""
    number = await office.submits()
    async with anew(office, number, tmp_path) as case:
        await case.performs(DeclaredIncomplete, missing=("Annex II",))
        await case.performs(CompletionReceived)
        await case.days_pass(8)  # the limit to check it passes in silence
        await case.performs(DeclaredAdmissible)
        await case.performs(ContributionFixed, cents=500, source="the accounts")
        asked = {"body": "commission", "questions": ("How is it destroyed?",), "days": 10}
        await case.performs(QuestionsRaised, **asked)
        await case.days_pass(20)  # the limit to answer passes in silence
        await case.performs(AnswersReceived)
        await case.performs(OpinionGiven, body="commission", view="favourable")
        clocks = office.shows(number).entries[-1].clocks
        (last,) = (date.fromisoformat(c["due_on"]) for c in clocks if c["ref"] == "ethics-opinion")
        await case.days_pass((last - office.today).days + 1)  # the committee is silent
        against = {"body": "ethics_committee", "view": "unfavourable", "on": last}
        await case.performs(OpinionGiven, **against)
        await case.performs(ReadingChosen, reading="as_it_stands", grounds="Nobody proves it.")
        effective_on = office.today + timedelta(days=20)
        await case.performs(
            Decided,
            outcome="authorised_with_conditions",
            grounds="g",
            conditions=({"text": "a report", "due_on": office.today + timedelta(days=90)},),
            effective_on=effective_on,
        )
        await case.days_pass(21)  # an invoice is reminded of, and the decision takes effect
        assert office.shows(number).state.kind == "programme"
        receipt = await case.performs(InvoicePaid, cents=500)
        assert "meet-condition" in receipt.possible


async def test_the_year_of_a_programme(office, tmp_path):
    """Reminded, missed, proposed, suspended from a later day, lifted; the year turns; closed."""
    number = await office.imports((await office.looks_at_the_calendar()) - timedelta(days=300))
    async with anew(office, number, tmp_path) as case:
        began = add_months(office.today, -11)
        said = {"procedure": "MNP", "holder": "Exemplar", "marketing_application": "none"}
        await case.performs(ProgrammeConfirmed, in_force_on=began, **said)
        await case.days_pass(33)  # reminded of its list, and the year turns
        assert "YearTurned" in office.acts(number)
        await case.performs(SuspensionImposed, grounds="g", effective_on=office.today + timedelta(days=3))
        await case.days_pass(5)
        await case.performs(SuspensionLifted, grounds="g")
        await case.days_pass(90)
        await case.days_pass(90)  # missed, and put before a person
        assert "ChangeProposed" in office.acts(number)
        await case.days_pass(0)
        await case.performs(Closed, **END)
        await case.performs(PublicationRecorded)


@pytest.mark.long
async def test_a_dossier_that_is_withdrawn_and_not_paid_for(office, tmp_path):
    """The case has ended and its invoice has not: reminded of, and paid after the last reminder but one."""
    number = await office.submits()
    async with anew(office, number, tmp_path) as case:
        await case.performs(DeclaredAdmissible)
        await case.performs(ContributionFixed, cents=500, source="the accounts")
        await case.days_pass(36)  # warned of the opinions, one limit passes, and the invoice's term
        await case.performs(Withdrawn, grounds="g")
        await case.days_pass(31)
        await case.performs(InvoicePaid, cents=500)
        assert office.shows(number).state.ended


async def test_a_condition_is_met_by_a_programme_that_began_anew(office, tmp_path):
    """What a decision asked is carried: reminded of, late, met."""
    from tests.stories.steps import authorised

    due_on = (await office.looks_at_the_calendar()) + timedelta(days=40)
    number = await authorised(office, {"text": "a report", "due_on": due_on})
    async with anew(office, number, tmp_path) as case:
        await case.days_pass(15)
        await case.days_pass(30)
        assert office.shows(number).state.flags == ("condition-overdue:1",)
        receipt = await case.performs(ConditionMet, condition=1)
        assert "meet-condition" not in receipt.possible
