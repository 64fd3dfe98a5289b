"""A report that is asked for beside those at regular intervals: owed from then on, told, and kept apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from models.acts import ReportRequested
from models.clock import ONE_DAY
from models.decision import Capacity, Competence
from models.errors import ImproperAct, UnknownClause
from models.law.applicable import Law
from models.notes import DossierEnded, DossierFiled
from models.obligations import Press
from models.programme import Programme, Step
from procedures import registry
from procedures.shape import Life
from tests.law.test_life import TODAY, Lived, living

ASKS = Competence(capacity=Capacity("agency"), clause="power-to-evaluate", asks=True)
AGENCY = {"decided_by": "Ann", "capacity": "agency"}


def words_of(law: Law) -> str:
    """A clause of the life that says something in words."""
    return next(name for name in law.clauses if not law.has_limit(name))


def timed_of(law: Law) -> str:
    """A clause of the life that gives a time in days."""
    return next(name for name, one in law.clauses.items() if [*one.limits][1:] == [] and one.limits)


def asking(timed: bool = False) -> Lived:
    """A programme whose law lets its list be asked for by the agency, at once or within a time."""
    life = living()
    law = life.law
    clause = timed_of(law) if timed else words_of(law)
    owed = tuple(
        one.model_copy(update={"on_request": clause}) if one.ref == "list" else one for one in law.obligations
    )
    life.programme.law = law.model_copy(
        update={"obligations": owed, "competences": (*law.competences, ASKS), "elements": ()}
    )
    return life


def asks(life: Lived, **said: Any) -> None:
    life.act(ReportRequested, **{"report": "list", "grounds": "Two deaths.", **AGENCY, **said})


def asked_for(programme: Programme) -> list[str]:
    return [each.ref for _, each in programme.owing if each.requested_on]


def filed(life: Lived, on: date) -> None:
    life.happens("DossierFiled")
    note = DossierFiled(dossier="CUP-2026-001/list-1", kind="list", year=None, on=on)
    life.answer(note, life.programme.next_step())


def test_what_is_asked_for_is_owed_on_that_day_is_told_and_leaves_the_other_days_as_they_were():
    life = asking()
    before = [each.ref for _, each in life.programme.owing]
    asks(life)
    assert asked_for(life.programme) == [f"list-{TODAY}"]
    assert [each.ref for _, each in life.programme.owing if not each.requested_on] == before
    assert life.happened.facts["requested"] == f"list-{TODAY}"
    assert life.happened.facts["signatory"]["clause"] == "power-to-evaluate"
    (letter,) = life.happened.letters
    assert (letter.kind, letter.role, letter.facts["at_once"]) == ("report-requested", "applicant", True)
    assert letter.facts["due_on"] == TODAY
    owed, each = life.programme.obligation(f"list-{TODAY}")
    assert each.behind(owed) == (words_of(life.law),)


def test_a_day_that_the_request_says_is_the_day_by_which_it_is_owed_and_none_before_it():
    life = asking()
    with pytest.raises(ImproperAct, match="cannot be due on"):
        asks(life, due_on=TODAY - ONE_DAY)
    asks(life, due_on=TODAY + timedelta(days=20))
    assert life.happened.letters[0].facts["at_once"] is False
    assert life.programme.due_on == TODAY + timedelta(days=20)


def test_a_law_that_gives_a_time_has_it_counted_from_the_request():
    life = asking(timed=True)
    asks(life)
    owed, each = life.programme.obligation(f"list-{TODAY}")
    clock = life.programme.clock_to(owed, each)
    assert clock.started_on == TODAY
    assert each.due_on == clock.due_on(life.law.calendar) > TODAY
    assert life.happened.letters[0].facts["reckonings"]


def test_only_whoever_the_law_names_asks_and_only_for_what_may_be_asked_for():
    life = asking()
    with pytest.raises(ImproperAct, match="it is done as: agency"):
        asks(life, capacity="minister")
    with pytest.raises(ImproperAct, match="what can: list"):
        asks(life, report="evaluation")
    life.programme.law = life.law.model_copy(
        update={"competences": tuple(one for one in life.law.competences if not one.asks)}
    )
    asks(life, capacity="minister")  # where the law names nobody for it, whoever decides


def test_what_is_owed_already_is_not_asked_for_anew():
    life = asking()
    asks(life, due_on=TODAY + timedelta(days=20))
    with pytest.raises(ImproperAct, match=f"owed .* already, by {TODAY + timedelta(days=20)}"):
        asks(life)


def test_one_that_did_not_come_is_flagged_and_told_the_day_after_and_leads_to_no_proposal():
    life = asking()
    asks(life)
    step = life.programme.next_step()
    assert step == Step(on=TODAY + ONE_DAY, does=Press.MISSED, ref=f"list-{TODAY}")
    life.day = step.on
    life.take(step)
    assert f"list-overdue:{TODAY}" in life.programme.flags
    assert [(one.kind, one.role) for one in life.happened.letters] == [
        ("requested-report-overdue", "applicant"),
        ("requested-report-overdue", "desk"),
    ]
    assert life.programme.next_step().ref != f"list-{TODAY}"


def test_the_same_kind_of_dossier_answers_it_and_the_year_that_turns_takes_it_away():
    life = asking()
    asks(life)
    filed(life, TODAY - ONE_DAY)  # one that was filed before answers nothing
    assert asked_for(life.programme) == [f"list-{TODAY}"]
    life = asking()
    asks(life)
    filed(life, TODAY)
    (each,) = (one for one in life.programme.obligations if one.requested_on)
    assert (each.filed, each.is_open) == ("on time", False)
    ended = {"kind": "list", "outcome": "noted", "course": None, "effective_on": TODAY}
    life.programme.settle(DossierEnded(dossier="CUP-2026-001/list-1", on=TODAY, **ended))
    life.programme.year += 1
    life.programme.open_year()
    assert not any(one.requested_on for one in life.programme.obligations)


def test_nothing_is_asked_for_before_it_is_in_force_nor_after_its_end():
    life = asking()
    assert life.programme.requestable == ("list",)
    life.programme.closed_on = TODAY
    assert life.programme.requestable == ()


def test_a_life_in_which_something_is_owed_on_request_alone_is_no_life():
    whole = registry.procedure("CUP").life
    (condition,) = (owed for owed in whole.obligations if not owed.every)
    said = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    alone = condition.model_copy(update={"on_request": whole.clauses[0].id})
    with pytest.raises(UnknownClause, match=whole.clauses[0].id):
        Life(**{**said, "obligations": (alone,)})
