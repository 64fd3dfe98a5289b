"""Letters as the procedure made them, beside what is put together for those that are to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.acts import (
    AnswersReceived,
    Closed,
    ClosedToNewPatients,
    CompletionReceived,
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    OpinionGiven,
    QuestionsRaised,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import anniversary
from models.entry import LetterBatch, LetterKind
from models.letters import Counted
from office.letters.preview import foreseen
from office.letters.to_come import put_together, roles_of
from register.letters import MadeLetter, made
from tests.stories.steps import END, provisionally_authorised

pytestmark = pytest.mark.server


def put_together_again(office: Any, number: str, one: MadeLetter) -> LetterBatch:
    """The letter from the facts of its act and the case at its entry, as if it were to come."""
    facts = {k: v for k, v in one.made_from.letters[0].facts.items() if k != "reckonings"}
    case = office.shows(number)
    then = replace(case, entries=case.entries[: one.entry])
    url = office.settings.register_url
    return put_together(url, then, one.kind, one.role, facts, one.made_from.on).batch


async def test_letters_put_together_rest_on_what_the_procedure_rests_them_on(office):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("Annex IV in French",))
    await office.performs(number, CompletionReceived)
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=1928461, source="the accounts")
    await office.days_pass(10)
    await office.performs(
        number, QuestionsRaised, body="commission", days=10, questions=("How is unused product destroyed?",)
    )
    await office.performs(number, AnswersReceived)
    for body in ("ethics_committee", "commission"):
        await office.performs(number, OpinionGiven, body=body, view="favourable")
    owed = {"text": "Report on the first patients.", "due_on": office.today + timedelta(days=40)}
    await office.performs(
        number, Decided, outcome="authorised_with_conditions", grounds="g", conditions=(owed,)
    )
    await provisionally_authorised(office, number)
    began = office.today
    url = office.settings.register_url
    await office.postman_rests()
    went = next(one for one in made(url, number) if one.kind == LetterKind.DECISION)
    assert went.made_from.article == "art. 106"  # the law of the entry is already that of the programme
    await office.performs(number, SuspensionImposed, grounds="g", effective_on=office.today)
    await office.performs(number, SuspensionLifted, grounds="g")
    await office.waits_until(anniversary(began, 1) + timedelta(days=40))  # all that a year brings
    await office.performs(number, ClosedToNewPatients, **END)
    await office.performs(number, Closed, **END)
    await office.postman_rests()
    found = made(url, number)
    seen = {one.kind for one in found}
    assert len(seen) >= 20, sorted(seen)
    for one in found:
        (sent,) = one.made_from.letters
        again = put_together_again(office, number, one)
        (letter,) = again.letters
        assert sent.role in roles_of(one.made_from.procedure, one.kind), one
        assert letter.unconfirmed == sent.unconfirmed, one
        assert again.article == one.made_from.article, one
        assert again.applicant == one.made_from.applicant, one
        counted = [Counted.model_validate(told) for told in letter.facts.get("reckonings", ())]
        assert counted == [Counted.model_validate(told) for told in sent.facts.get("reckonings", ())], one
    # the list on which it stands has changed since; the letter that said so has not
    told = foreseen(office.settings, number, "publication", "en", [], None, office.today)
    assert "is on the list of authorised programmes" in " ".join(told["words"])
    assert office.shows(number).state.public_list != "authorised"


async def test_a_letter_to_come_knows_its_addressee_and_how_its_day_is_counted(office):
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=5, source="the accounts")
    warned = ["clause=ethics-opinion", "working_days_left=3", "last=yes", "silence=flag"]
    warned.append("effect_on=2027-02-01")
    told = foreseen(office.settings, number, "limit-warning", "nl", warned, None, office.today)
    assert (told["role"], told["recipient"]) == ("ethics_committee", ["Ethisch comité"])
    assert "Geachte leden van het comité," in told["words"]
    assert list(told["unconfirmed"]) == ["ethics-opinion"]
    words = " ".join(told["words"])
    assert "Hoe deze datum werd berekend" in words
    assert "Nog niet bevestigd" in words
    due_on = next(c for c in office.shows(number).entries[-1].clocks if c["ref"] == "ethics-opinion")[
        "due_on"
    ]
    assert told["facts"]["due_on"] == due_on
    decided = ["outcome=refused", "grounds=g", "decided_by=Ann", "capacity=minister"]
    told = foreseen(office.settings, number, "decision", "fr", decided, None, office.today)
    assert (told["article"], told["recipient"]) == ("art. 106", ["Exemplar Pharma"])
    remedies = ["remedy-annulment", "remedy-from-europe", "remedy-from-overseas"]
    decided_by = ["alternative-treatment", "decision-elements", "power-to-decide"]
    assert list(told["unconfirmed"]) == [*decided_by, *remedies]
    assert told["facts"]["remedies"]["remedy-annulment"]["within"]["amount"] == 60
    told = foreseen(office.settings, number, "decision", "fr", decided, None, office.today, role="physicians")
    assert told["recipient"] == ["Médecins du programme"]
