"""The sample of every procedure goes from its package to the last stage, and lives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from models.acts import (
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    OpinionContested,
    OpinionGiven,
    RuleJudged,
)
from models.clock import ONE_DAY
from models.phases import Course
from office.desk.examining import checklist
from office.settings import Settings
from procedures import books, registry
from register.database import migrate
from register.notices import notices
from tests.contract.folders import FILEABLE, opening, packed
from tests.stories.desk import Office
from worker import postman_of, worker_of

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
async def office(
    toy: None, skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """An office that serves every folder."""
    settings = Settings(var=tmp_path_factory.mktemp("contract"), task_queue="umn-contract")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            yield Office(skipping, settings)


@pytest.mark.parametrize("code", FILEABLE)
async def test_the_sample_goes_from_its_package_to_the_life_that_it_opens(
    office: Office, code: str, tmp_path: Path
) -> None:
    now = await office.environment.get_current_time()
    receipt, _ = await office.hands_in(packed(code, tmp_path, now))
    law = books.applicable_law(code, opening(code), office.today)
    (first, *_) = (ruling for ruling in law.outcomes if ruling.course is Course.GOES_ON)
    stated: dict[str, Any] = {}
    if law.elements:
        stated = {"until_on": office.today.replace(year=2050, day=1), "protocol": "1"}
    if first.with_conditions:
        owed = {"text": "Report on the study.", "due_on": office.today.replace(year=2050, day=1)}
        stated |= {"conditions": (owed,)}
    asked: dict[str, tuple[Any, dict[str, Any]]] = {
        "declare-admissible": (DeclaredAdmissible, {}),
        "fix-contribution": (ContributionFixed, {"cents": 100, "source": "The list of the authority"}),
        "decide": (Decided, {"outcome": first.outcome, "grounds": "All conditions are met.", **stated}),
    }
    heard = iter(law.opinions)
    walked = []
    while (found := office.shows(receipt.number)).state.kind == opening(code):
        unjudged = [line["rule"] for line in checklist(found) if line["verdict"] == "open"]
        if "decide" in found.state.possible and unjudged:
            act, said = RuleJudged, {"rule": unjudged[0], "verdict": "pass", "grounds": "It is so."}
        elif "give-opinion" in found.state.possible:
            act, said = OpinionGiven, {"body": next(heard), "view": "favourable"}
        elif OpinionContested.command in found.state.possible:  # nobody does
            assert found.state.due_on is not None
            await office.waits_until(found.state.due_on + ONE_DAY)
            continue
        else:
            command = next(name for name in asked if name in found.state.possible)
            act, said = asked.pop(command)
        walked.append(act.__name__)
        await office.performs(receipt.number, act, **said)
    life = registry.procedure(code).life
    first_of_life = life.into_force.state if life.into_force else life.states[Course.GOES_ON]
    assert found.state.phase == first_of_life.phase
    assert walked.count("OpinionGiven") == len(law.opinions)
    assert all(state == "sent" for state in await states_of_letters(office, receipt.number))


async def states_of_letters(office: Office, number: str) -> list[str]:
    """How each letter of a case went, once all of them were tried."""
    await office.postman_rests()
    return [notice.state for notice in notices(office.settings.register_url, number)]
