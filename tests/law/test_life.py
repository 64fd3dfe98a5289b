"""What becomes of a programme, act by act: what is published of each, and what each act has to do with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.acts import (
    Act,
    Closed,
    ClosedToNewPatients,
    Evaluated,
    FactRecorded,
    FormalNoticeReceived,
    OpinionGiven,
    ProposalDeclined,
    ProvisionallyAuthorised,
    PublicationRecorded,
    SuccessorDecided,
    SuspensionImposed,
)
from models.clock import ONE_DAY
from models.errors import ImproperAct
from models.law.states import Effect, Fact, IntoForce
from models.notes import DossierEnded
from models.parties import Body, Party
from models.phases import Course, Kind
from procedures.books import applicable_law
from tests.law.test_obligations import programme
from workflows import beside
from workflows.case import Happened
from workflows.life import ProgrammeLife, possible_after, possible_in
from workflows.phases import publicity

IN_FORCE, ENDED = date(2026, 3, 1), date(2026, 11, 2)
TODAY = date(2026, 11, 29)
DECIDER = {"decided_by": "Ann", "capacity": "minister"}


class Lived(ProgrammeLife):
    """A programme on a day that the test names, and the acts that are performed on it."""

    day = TODAY

    @property
    def today(self) -> date:
        return self.day

    def act(self, kind: type[Act], **said: Any) -> None:
        """What the act has to satisfy, and what follows from it. Raises: ImproperAct."""
        act = kind(by="Ann", request_id="request-1", **said)
        act.check(self.programme, self.today)
        self.happened = Happened(kind.__name__, act.by, act.on or self.today, act)
        if answer := self.beside.get(kind):
            answer(act)
        else:
            self.answer(act, self.programme.next_step())
        beside.take_act(self)

    def published_by(self) -> date | None:
        """The last day to publish."""
        return self.last_day("publication") if "publication" in self.clocks else None


def living(procedure: str = "CUP", on: date = IN_FORCE, **said: Any) -> Lived:
    return Lived(programme(applicable_law(procedure, None, on), on, procedure=procedure, **said))


def lists(life: Lived) -> None:
    life.happens("SetUp")
    publicity.list_for_publication(life, life.programme)


def test_what_was_published_before_an_event_ends_no_time_to_publish_that_event():
    life = living()
    lists(life)
    assert life.published_by() == date(2026, 3, 6)
    publicity.to_be_published(life, life.programme, ENDED)
    publicity.to_be_published(life, life.programme, ENDED)
    assert life.published_by() == date(2026, 3, 6)  # the earlier day stands
    life.act(PublicationRecorded, on=date(2026, 3, 4))
    (done,) = life.happened.facts["done"]
    assert (done["due_on"], done["late"]) == (date(2026, 3, 6), False)
    assert life.published_by() == date(2026, 11, 9)
    with pytest.raises(ImproperAct, match="2026-11-02"):  # nothing of it was published by then
        life.act(PublicationRecorded, on=date(2026, 10, 6))
    life.act(PublicationRecorded, on=date(2026, 11, 10))
    assert (life.published_by(), life.happened.facts["done"][0]["late"]) == (None, True)


def test_one_publication_ends_the_time_to_publish_all_that_came_before_it_and_tells_of_each():
    life = living()
    for day in (ENDED, IN_FORCE):  # what was entered last happened first
        publicity.to_be_published(life, life.programme, day)
    life.act(PublicationRecorded)
    assert [done["due_on"] for done in life.happened.facts["done"]] == [date(2026, 3, 6), date(2026, 11, 9)]
    assert life.published_by() is None
    assert life.programme.waiting == {}


@pytest.mark.parametrize(
    "modality",
    [
        {
            "outcome": "continued_with_conditions",
            "conditions": ({"text": "A registry.", "due_on": date(2027, 6, 30)},),
        },
        {"outcome": "continued", "until_on": date(2027, 6, 30)},
    ],
)
def test_a_modality_of_an_evaluation_is_published_and_an_evaluation_without_any_is_not(modality):
    life = living()
    life.act(Evaluated, outcome="continued", grounds="g", **DECIDER)
    assert life.published_by() is None
    life.act(Evaluated, grounds="g", **modality, **DECIDER)
    assert life.published_by() == date(2026, 12, 4)
    assert life.programme.last_update_on == TODAY


def test_the_agency_evaluates_what_goes_on_as_it_is_and_changes_nothing():
    life = living()
    by_the_agency = {"grounds": "g", "decided_by": "Ann", "capacity": "agency"}
    life.act(Evaluated, outcome="continued", **by_the_agency)
    signed = life.happened.facts["signatory"]
    assert (signed["capacity"], signed["clause"]) == ("agency", "power-to-evaluate")
    for change in ({"outcome": "continued", "until_on": date(2027, 6, 30)}, {"outcome": "suspended"}):
        with pytest.raises(ImproperAct, match="minister, administrator-general, staff"):
            life.act(Evaluated, **change, **by_the_agency)


def test_what_ends_a_programme_does_not_happen_before_its_decision():
    life = living()
    with pytest.raises(ImproperAct, match=f"possible from {IN_FORCE}"):
        life.act(FactRecorded, fact="on-the-market", source="Its holder.", on=IN_FORCE - ONE_DAY)
    life.act(FactRecorded, fact="on-the-market", source="Its holder.", on=IN_FORCE)
    assert life.programme.closed_on == IN_FORCE
    assert life.programme.review_on is None  # nothing is judged anew of what has ended


def test_before_its_entry_into_force_a_programme_is_evaluated_ended_and_its_proposals_declined():
    """Set up by silence against an opinion, it can be modified or suppressed before anything is supplied."""
    life = living(granted_on=None)
    assert {Evaluated, ProvisionallyAuthorised, Closed} <= {*possible_in(life.programme)}
    assert not {SuspensionImposed, ClosedToNewPatients, ProposalDeclined} & {*possible_in(life.programme)}
    life.act(FactRecorded, fact="authorisation-refused", source="Its holder.")
    assert ProposalDeclined in possible_in(life.programme)
    life.act(ProposalDeclined, grounds="Another application is prepared.")
    plan = {"continuity_plan": "Nobody was included.", "grounds": "g"}
    life.act(Evaluated, outcome="closed", **plan, **DECIDER)
    assert life.programme.closed_on == TODAY


def test_notice_may_be_given_to_decide_on_the_entry_into_force_and_four_months_later_it_is_flagged():
    life = living(granted_on=None)
    assert FormalNoticeReceived in life.beside
    life.act(FormalNoticeReceived)
    assert life.last_day("formal-notice") == date(2027, 3, 30)  # Easter Monday is no day to end on
    life.day = date(2027, 3, 31)
    beside.passes(life, life.programme.phase)
    assert (life.happened.act, life.happened.facts["silence"]) == ("LimitPassed", "refused")
    assert beside.flags(life) == ("limit-passed:formal-notice:2027-03-30",)
    life.docket.since = TODAY  # what silence decided was established today
    life.act(ProvisionallyAuthorised, requested_by="importer", grounds="g", on=IN_FORCE, **DECIDER)
    assert "formal-notice" not in life.clocks
    assert FormalNoticeReceived not in life.beside


def test_after_the_end_the_market_ends_who_is_responsible_and_sets_up_what_nobody_decided_on():
    life = living()
    refused = {"fact": "authorisation-refused-in-part", "indications": "For children."}
    life.act(FactRecorded, **refused, source="The decision of the Commission.")
    life.act(Closed, grounds="g", continuity_plan="None is lost.", on=date(2026, 11, 27), **DECIDER)
    assert possible_after(life.programme) == (FactRecorded, SuccessorDecided)
    assert life.programme.recordable == ("on-the-market", "no-patient-left")
    assert "successor" in {clock.ref for clock in life.open_clocks()}
    life.act(FactRecorded, fact="on-the-market", source="Its holder.")
    assert life.programme.closed_on == date(2026, 11, 27)
    assert (life.programme.succession.outcome, life.programme.outlived) == ("tacit", False)
    assert possible_after(life.programme) == ()


def under_a_condition() -> Lived:
    """A programme that was authorised on the condition that a fact comes, and has not come yet."""
    law = applicable_law("CUP", None, IN_FORCE)
    assert law.into_force
    met = Fact(name="condition-met", does=Effect.FULFILS, clause=law.into_force.clause)
    into_force = IntoForce(
        clause=law.into_force.clause, awaits=met.name, letter="publication", state=law.into_force.state
    )
    law = law.model_copy(update={"into_force": into_force, "facts": (*law.facts, met)})
    return Lived(programme(law, IN_FORCE, granted_on=None))


def test_what_was_authorised_under_a_suspensive_condition_is_in_force_from_the_day_of_the_fact():
    life = under_a_condition()
    assert ProvisionallyAuthorised not in possible_in(life.programme)
    assert (life.programme.in_force_on, life.programme.obligations) == (None, [])
    met_on = date(2026, 4, 9)
    life.act(FactRecorded, fact="condition-met", source="The committee's letter.", on=met_on)
    assert (life.programme.in_force_on, life.programme.year_ends_on) == (met_on, date(2027, 4, 9))
    assert life.programme.phase == life.law.states[Course.GOES_ON].phase
    assert {each.owed for each in life.programme.obligations} == {"evaluation", "list"}
    with pytest.raises(ImproperAct):
        life.act(FactRecorded, fact="condition-met", source="The committee's letter.")


def test_a_fact_that_fulfils_a_condition_is_none_of_a_programme_that_is_in_force():
    life = living()
    law = under_a_condition().law
    life.programme.law = law.model_copy(update={"into_force": None})
    assert "condition-met" not in life.programme.recordable


def test_a_programme_is_handed_over_to_whoever_filed_the_dossier_that_says_so():
    life = living()
    heir = Party(id="0987", name="Another house")
    life.happened = Happened("DossierEnded", "the procedure", TODAY)
    ended = DossierEnded(
        dossier="CUP-2024-001/transfer-2026",
        on=TODAY,
        kind=Kind("transfer").value,
        outcome="authorised",
        course=Course.GOES_ON,
        effective_on=TODAY,
        applicant=heir,
    )
    life.answer(ended, life.programme.next_step())
    assert life.programme.applicant == heir
    assert life.programme.last_update_on == TODAY


def test_once_it_has_ended_nothing_is_to_come_or_proposed_any_more():
    life = living()
    life.act(SuspensionImposed, grounds="g", effective_on=TODAY + 48 * ONE_DAY, **DECIDER)
    assert f"suspension-to-come:{TODAY + 48 * ONE_DAY}" in life.programme.flags
    life.act(Closed, grounds="g", continuity_plan="They go on.", **DECIDER)
    assert life.programme.flags == ()


def test_what_a_body_is_heard_on_is_neither_suspended_nor_changed_before_it_spoke_where_the_law_says_so():
    life, (first, second) = living(), (Body("commission"), Body("ethics_committee"))
    doubt = Fact(
        name="doubted",
        does=Effect.PROPOSES,
        clause="authorisation-refused",
        hears=(first, second),
        changed_after=(first,),
    )
    life.programme.law = life.law.model_copy(update={"facts": (doubt,)})
    life.act(FactRecorded, fact="doubted", source="A report.")
    condition = {"text": "A registry.", "due_on": date(2027, 6, 30)}
    changes = {"outcome": "continued_with_conditions", "conditions": (condition,)}
    for kind, said in ((SuspensionImposed, {}), (Evaluated, changes)):
        with pytest.raises(ImproperAct, match="after the opinion of: commission"):
            life.act(kind, grounds="g", **said, **DECIDER)
    life.act(SuspensionImposed, grounds="g", requested_by="applicant", **DECIDER)
    life.act(Evaluated, outcome="continued", grounds="g", **DECIDER)
    life.act(OpinionGiven, body=first, view="unfavourable")
    life.act(SuspensionImposed, grounds="g", **DECIDER)
    life.act(Evaluated, grounds="g", **changes, **DECIDER)
    with pytest.raises(ImproperAct, match="after the opinion of: ethics committee"):
        life.act(Closed, grounds="g", continuity_plan="p", **DECIDER)
