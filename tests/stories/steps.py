"""Steps that several stories take: an authorised programme, its evaluation, its lists, its modification."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from temporalio.api.enums.v1 import EventType
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowExecutionDescription

from models.acts import (
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    Evaluated,
    InvoicePaid,
    OpinionGiven,
    ProvisionallyAuthorised,
    PublicationRecorded,
)
from models.findings import Finding
from models.receipts import Receipt
from models.subjects import Product
from procedures.be_umn.words import Kind

END = {"grounds": "Reimbursed for the indication.", "continuity_plan": "Patients switch to the product."}


async def authorised(
    office,
    *conditions: dict,
    procedure: str = "CUP",
    in_force: bool = True,
    published: bool = True,
    findings: tuple[Finding, ...] = (),
    number: str = "",
    **said,
) -> str:
    """A programme, the short way, its contribution paid; of a dossier that was filed, if it is given."""
    number = number or await office.submits(procedure=procedure, findings=findings)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    outcome = "authorised_with_conditions" if conditions else "authorised"
    await office.performs(number, Decided, outcome=outcome, grounds="g", conditions=conditions, **said)
    if procedure == "CUP" and in_force:
        await provisionally_authorised(office, number)
    if published and (in_force or procedure != "CUP"):
        await office.performs(number, PublicationRecorded)
    return number


async def provisionally_authorised(office, number: str, **said) -> Receipt:
    """A compassionate use programme enters into force."""
    said = {"requested_by": "manufacturer", "grounds": "g", **said}
    return await office.performs(number, ProvisionallyAuthorised, **said)


async def evaluated(office, number: str, outcome: str = "continued", **said) -> Receipt:
    return await office.performs(number, Evaluated, outcome=outcome, grounds="g", **said)


async def listed(office, number: str) -> str:
    """The list of reactions of a programme, examined and noted."""
    dossier = await office.submits(Kind.LIST, number[:3], number)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=9)
    await office.performs(dossier, Decided, outcome="noted", grounds="g")
    return dossier


async def until_act(office, number: str, act: str) -> None:
    """Waits for an entry that a dossier brought about."""
    for _ in range(6000):
        if act in office.acts(number)[-3:]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{act} is not among {office.acts(number)}: {await as_it_stands(office, number)}")


async def as_it_stands(office, number: str) -> str:
    """What Temporal holds of a case that does not go on, for whoever looks for the reason."""
    case = office.handle(number)
    found = await case.describe()
    attempts = [f"{one.activity_type.name} {one.attempt}: {one.last_failure}" for one in pending(found)]
    history = [event async for event in case.fetch_history_events()]
    events = [EventType.Name(event.event_type) for event in history]
    why = history[-1].workflow_execution_failed_event_attributes.failure
    return f"{found.status}, attempts {attempts}, events {events}, failure {why}"


def pending(found: WorkflowExecutionDescription) -> Iterable[PendingActivityInfo]:
    """The activities that a run waits for."""
    return found.raw_description.pending_activities


async def modified(
    office, number: str, outcome: str, product: Product, hearing: str = "substantial", **said
) -> str:
    dossier = await office.submits(Kind.MODIFICATION, number[:3], number, product=product)
    await office.performs(dossier, DeclaredAdmissible, heard_as=hearing)
    await office.performs(dossier, ContributionFixed, cents=7, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=7)
    for body in ("ethics_committee", "commission") if hearing == "substantial" else ():
        await office.performs(dossier, OpinionGiven, body=body, view="favourable")
    await office.performs(dossier, Decided, outcome=outcome, grounds="g", **said)
    return dossier


WIDER = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="And children.")
