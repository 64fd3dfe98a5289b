"""Steps that several stories take: an authorised programme, its re-evaluation, its modification."""

from __future__ import annotations

import asyncio

from models.acts import ContributionFixed, Decided, DeclaredAdmissible, InvoicePaid, OpinionGiven
from models.law.procedures.shape import Kind
from models.parties import Product
from models.receipts import Receipt

END = {"grounds": "Reimbursed for the indication.", "continuity_plan": "Patients switch to the product."}


async def authorised(office, *conditions: dict, procedure: str = "CUP") -> str:
    """A programme, the short way, its contribution paid."""
    number = await office.submits(procedure=procedure)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    await office.performs(number, InvoicePaid, cents=5)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    outcome = "authorised_with_conditions" if conditions else "authorised"
    await office.performs(number, Decided, outcome=outcome, grounds="g", conditions=conditions)
    return number


async def re_evaluated(office, number: str, year: int, outcome: str = "continued", **said) -> Receipt:
    dossier = await office.submits(Kind.RE_EVALUATION, number[:3], number, year)
    await office.performs(dossier, DeclaredAdmissible)
    return await office.performs(dossier, Decided, outcome=outcome, grounds="g", **said)


async def reported(office, number: str) -> str:
    """The safety report of a programme, examined and noted."""
    dossier = await office.submits(Kind.SAFETY_REPORT, number[:3], number)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=9, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=9)
    await office.performs(dossier, Decided, outcome="noted", grounds="g")
    return dossier


async def until_act(office, number: str, act: str) -> None:
    """Waits for an entry that a dossier brought about."""
    for _ in range(300):
        if act in office.acts(number)[-3:]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{act} is not among {office.acts(number)}")


async def modified(office, number: str, outcome: str, product: Product) -> str:
    dossier = await office.submits(Kind.MODIFICATION, number[:3], number, product=product)
    await office.performs(dossier, DeclaredAdmissible)
    await office.performs(dossier, ContributionFixed, cents=7, source="the accounts")
    await office.performs(dossier, InvoicePaid, cents=7)
    await office.performs(dossier, OpinionGiven, body="ethics_committee", view="favourable")
    await office.performs(dossier, Decided, outcome=outcome, grounds="g")
    return dossier


WIDER = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="And children.")
