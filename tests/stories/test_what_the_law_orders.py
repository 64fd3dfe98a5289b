"""What is examined, in which order, and what follows, is said by the law that a dossier carries."""

from __future__ import annotations

import pytest

from models.acts import Decided, DeclaredAdmissible
from models.decision import Ruling
from models.law.applicable import Law
from models.phases import Course, Stage
from procedures.be_umn.words import Kind, Outcome, Phase, Role
from procedures.books import applicable_law

pytestmark = pytest.mark.server


STRAIGHT = {
    "stages": (Stage.ADMISSIBILITY, Stage.DECISION),
    "opinions": {},
    "binding": (),
    "contribution": None,
    "contribution_gap": "",
}


async def law_with(office, **said) -> Law:
    """The law of an application of today, but for what is said."""
    law = applicable_law("CUP", Kind.APPLICATION, await office.looks_at_the_calendar())
    return law.model_copy(update=said).revised()


async def test_an_application_without_contribution_and_opinions_is_decided_once_it_is_admissible(office):
    number = await office.submits(law=await law_with(office, **STRAIGHT))
    receipt = await office.performs(number, DeclaredAdmissible)
    assert receipt.phase == Phase.DECISION
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="No treatment exists.")
    assert receipt.phase == Phase.SET_UP
    assert not office.shows(number).invoices
    told = {letter for _, letter, _ in await office.letters(number)}
    assert told == {"acknowledgement", "for-information", "admissible", "decision"}


async def test_an_application_whose_law_opens_no_life_ends_when_it_is_granted(office):
    number = await office.submits(law=await law_with(office, **STRAIGHT, opens_life=False))
    await office.performs(number, DeclaredAdmissible)
    receipt = await office.performs(number, Decided, outcome="authorised", grounds="No treatment exists.")
    assert (receipt.phase, receipt.possible) == (Phase.GRANTED, ())
    state = office.shows(number).state
    assert (state.kind, state.ended) == (Kind.APPLICATION, True)


async def test_whoever_has_copies_by_the_law_is_told_what_halts_a_programme_and_nobody_else(office):
    closed = (Ruling(outcome=Outcome.CLOSED, course=Course.ENDED, burdens=True),)
    end = {"grounds": "Reimbursed.", "continuity_plan": "Patients switch to the product."}
    for copies_to in ((Role.DESK,), ()):
        said = {"outcomes": closed, "opens_life": False, "copies_to": copies_to}
        number = await office.submits(law=await law_with(office, **STRAIGHT, **said))
        await office.performs(number, DeclaredAdmissible)
        await office.performs(number, Decided, outcome="closed", **end)
        told = [role for _, letter, role in await office.letters(number) if letter == "decision"]
        assert told == ["applicant", *copies_to]
