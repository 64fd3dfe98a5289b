"""What becomes of a programme, act by act: what is published of each, and what each act has to do with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.acts import Act, Evaluated, PublicationRecorded
from models.errors import ImproperAct
from procedures.books import applicable_law
from tests.law.test_obligations import programme
from workflows import beside
from workflows.case import Happened
from workflows.life import ProgrammeLife
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
        if kind is not PublicationRecorded:
            self.answer(act, self.programme.next_step())
        beside.take_act(self, self.happened)

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
