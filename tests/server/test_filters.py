"""The filters that operators are given for the Temporal UI, each asked of the real server."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from office.connection import connect
from office.settings import Settings
from workflows import search

pytestmark = pytest.mark.server

OPERATORS = Path(__file__).resolve().parents[2] / "docs" / "operators.md"
SECTION = OPERATORS.read_text("utf-8").partition("## In the Temporal UI")[2].partition("\n## ")[0]
FILTERS = dict(re.findall(r"^\| ([^|`]+) \| `([^`|]+)` \|$", SECTION, re.M))

KEYS = {
    "procedure": search.PROCEDURE,
    "kind": search.KIND,
    "phase": search.PHASE,
    "applicant": search.APPLICANT,
    "programme": search.PROGRAMME,
    "due_on": search.DUE_ON,
}

LATE, OPINION, DECEMBER, REVIEW, SUSPENDED, ENDED, UNDATED, STATEMENT, ACCOUNT = (
    *("CUP-2026-003", "CUP-2026-004", "CUP-2026-001", "CUP-2026-001/list-2027", "MNP-2026-001"),
    *("CUP-2026-005", "CUP-2026-006", "statement/1", "CUP-2026-007/account"),
)
"""Cases that the examples of the documentation are about; `ENDED` was ended by hand."""

CASES: dict[str, dict[str, str]] = {
    LATE: {"kind": "application", "phase": "admissibility", "due_on": "2026-11-27", "applicant": "Other"},
    OPINION: {"kind": "application", "phase": "opinion", "due_on": "2027-01-04", "programme": OPINION},
    DECEMBER: {"kind": "programme", "phase": "authorised", "due_on": "2026-12-31", "programme": DECEMBER},
    REVIEW: {"kind": "list", "phase": "decision", "due_on": "2026-11-28", "programme": DECEMBER},
    SUSPENDED: {"kind": "programme", "phase": "suspended", "due_on": "2027-02-01", "procedure": "MNP"},
    ENDED: {"kind": "application", "phase": "opinion", "due_on": "2026-12-01"},
    UNDATED: {"kind": "application", "phase": "invoice", "applicant": "Exemplar Pharma BV"},
}

FOUND = {
    "overdue on 28 November 2026": {LATE},
    "due in December": {DECEMBER},
    "open, and nothing falls due": {UNDATED},
    "with a body for its opinion": {OPINION},
    "one programme, and all that was filed under it": {DECEMBER, REVIEW},
    "lists of reactions under examination": {REVIEW},
    "all of an applicant": {UNDATED},
    "medical need programmes that are suspended": {SUSPENDED},
    "cases whose tasks fail": set(),
    "ended by hand, or failed": {ENDED},
    "bank statements and decisions on movements that are being booked": {STATEMENT},
    "accounts: money moves after the end of a case": {ACCOUNT},
}


async def starts(client: Client, number: str, workflow: str, **said: str) -> None:
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(KEYS[name], value) for name, value in {"procedure": "CUP", **said}.items()
    ]
    await client.start_workflow(
        workflow, id=number, task_queue="nobody-listens", search_attributes=TypedSearchAttributes(pairs)
    )


async def asked(client: Client, query: str) -> set[str]:
    return {found.id async for found in client.list_workflows(f"({query}) AND TaskQueue = 'nobody-listens'")}


async def test_every_filter_of_the_documentation_finds_what_it_says(office: Settings) -> None:
    client = await connect(office)
    for number, said in CASES.items():
        await starts(client, number, "Programme" if said["kind"] == "programme" else "Dossier", **said)
    await starts(client, STATEMENT, "Statement")
    await starts(client, ACCOUNT, "Account")
    await client.get_workflow_handle(ENDED).terminate("by hand")
    for _ in range(200):  # visibility follows a moment later
        if await asked(client, "ExecutionStatus = 'Terminated'") and await asked(
            client, "WorkflowType = 'Account'"
        ):
            break
        await asyncio.sleep(0.05)
    found = {what: await asked(client, query) for what, query in FILTERS.items()}
    assert found == FOUND


async def test_days_stand_in_their_order_whatever_the_time_zone(office: Settings) -> None:
    client = await connect(office)
    for month in ("2030-01", "2030-09", "2030-10"):
        await starts(client, f"CUP-{month}", "Dossier", due_on=f"{month}-01")
    for _ in range(200):
        if len(await asked(client, 'DueOn > "2030"')) == 3:
            break
        await asyncio.sleep(0.05)
    assert await asked(client, 'DueOn >= "2030-01-01" AND DueOn < "2030-10-01"') == {
        "CUP-2030-01",
        "CUP-2030-09",
    }
    assert await asked(client, 'DueOn > "2030-09-01"') == {"CUP-2030-10"}
