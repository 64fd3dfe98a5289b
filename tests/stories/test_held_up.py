"""A case that the register does not answer says so itself, and goes on when it answers again."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from models.acts import DeclaredAdmissible
from office.service.asking import describe
from tests.stories.test_temporal_ui import details
from workflows.search import HINDERED_SINCE

pytestmark = pytest.mark.server


async def is_hindered(office, number: str) -> bool:
    look = await describe(office.client, number)
    assert look is not None
    since = look.workflow_execution_info.search_attributes.indexed_fields.get(HINDERED_SINCE.name)
    return since is not None and since.data not in (b"", b"null", b"[]")


async def until_hindered(office, number: str, hindered: bool) -> None:
    for _ in range(6000):
        if await is_hindered(office, number) is hindered:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{number} is {'not ' if hindered else ''}held up")


async def test_a_case_is_held_up_while_its_entry_is_refused_and_says_since_when(office):
    number = await office.submits()
    register = office.settings.var / "register.db"
    with sqlite3.connect(register) as database:
        database.execute("ALTER TABLE entry RENAME TO entry_away")
    waiting = asyncio.create_task(office.performs(number, DeclaredAdmissible))
    try:
        await until_hindered(office, number, True)
        subject, *_, held_up = (await details(office, number)).split("\n\n")
    finally:
        with sqlite3.connect(register) as database:
            database.execute("ALTER TABLE entry_away RENAME TO entry")
    assert (await waiting).entry == 2
    assert subject == "**Voorbeeldra** (voorbeeldinib), Exemplar Pharma"  # the page still says whose it is
    assert held_up.startswith("Held up, nothing lost: ")
    await until_hindered(office, number, False)
    assert office.acts(number) == ["Received", "DeclaredAdmissible"]


async def test_what_a_case_was_told_is_entered_when_the_register_takes_entries_again(office):
    number = await office.submits()
    register = office.settings.var / "register.db"
    with sqlite3.connect(register) as database:
        database.execute("ALTER TABLE entry RENAME TO entry_away")
    try:
        await office.handle(number).cancel()
        await until_hindered(office, number, True)
    finally:
        with sqlite3.connect(register) as database:
            database.execute("ALTER TABLE entry_away RENAME TO entry")
    await until_hindered(office, number, False)
    assert office.acts(number) == ["Received", "CancellationRequested"]
