"""Numbers that a holder reports over a period: measured against what was authorised, and only proposed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from models.acts import CountRecorded, ProposalDeclined
from models.counts import Count
from models.errors import ImproperAct, UnknownClause
from models.law.counted import Counted
from models.law.states import Effect, Fact
from models.notes import DossierEnded
from models.parties import Body
from models.phases import Course
from procedures import registry
from procedures.shape import Life
from tests.law.test_life import TODAY, Lived, living

CLAUSE = "authorisation-refused"
TOO_MANY = Fact(name="too-many", does=Effect.PROPOSES, clause=CLAUSE, hears=(Body("commission"),))
YEAR = {"period_from": date(2025, 10, 1), "period_until": date(2026, 9, 30)}


def counting(**allowed: int) -> Lived:
    """A programme whose law counts patients and lots."""
    life = living()
    counted = tuple(Counted(name=name, clause=CLAUSE, proposes="too-many") for name in ("patients", "lots"))
    life.programme.law = life.law.model_copy(
        update={"facts": (TOO_MANY,), "counted": counted, "elements": ()}
    )
    life.programme.allowed = allowed
    return life


def reports(life: Lived, count: int, counted: str = "patients", **said: Any) -> None:
    life.act(CountRecorded, counted=counted, count=count, source="Report.", **{**YEAR, **said})


def test_as_many_as_are_authorised_propose_nothing_and_one_more_is_put_before_a_person_with_its_article():
    life = counting(patients=8)
    reports(life, 8)
    assert (life.programme.flags, life.programme.proposals) == ((), [])
    reports(life, 9)
    assert life.programme.flags == ("count-beyond:patients:9:8:2026-09-30", "end-proposed:too-many")
    assert life.programme.bodies_awaited == (Body("commission"),)
    (told,) = life.happened.facts["counts"]
    assert told == {
        "counted": "patients",
        "count": 9,
        "period_from": "2025-10-01",
        "period_until": "2026-09-30",
        "allowed": 8,
        "clause": CLAUSE,
        "proposes": "too-many",
    }
    assert life.happened.facts["source"] == "Report."
    assert "too-many" in life.programme.recordable  # nobody has said that it is so


def test_where_nothing_is_authorised_a_number_is_kept_and_compared_with_nothing():
    life = counting()
    reports(life, 400, "lots")
    assert life.programme.counts["lots"].count == 400
    assert life.programme.flags == ()


def test_what_a_decision_allows_is_what_the_next_number_is_measured_against():
    life = counting(patients=8)
    said = {"counted": "patients", "count": 12, "source": "Decision of 3 March 2026, condition 2."}
    life.act(CountRecorded, allowed=True, **said)
    reports(life, 12)
    assert life.programme.flags == ()
    life.act(CountRecorded, allowed=True, **{**said, "count": 11})
    assert life.programme.flags[0] == "count-beyond:patients:12:11:2026-09-30"
    assert life.programme.proposals == ["too-many"]


def test_what_was_declined_is_proposed_anew_by_the_number_of_the_next_year():
    life = counting(patients=8)
    reports(life, 9)
    life.act(ProposalDeclined, grounds="One was treated twice.")
    assert life.programme.flags == ()
    reports(life, 10, period_from=date(2026, 10, 1), period_until=date(2026, 11, 1))
    assert "end-proposed:too-many" in life.programme.flags


def test_a_number_that_was_recorded_wrongly_is_recorded_again():
    life = counting(patients=8)
    reports(life, 90)
    reports(life, 7)
    assert not any(flag.startswith("count-beyond") for flag in life.programme.flags)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"counted": "nurses"}, "counted is: patients, lots"),
        ({"period_from": None}, "--period-from and --period-until"),
        ({"allowed": True}, "no period of its own"),
        ({"period_until": date(2026, 12, 31)}, "is none that is over"),
        ({"period_from": date(2026, 10, 1)}, "is none that is over"),
    ],
    ids=str,
)
def test_a_number_is_of_what_is_counted_and_over_days_that_have_passed(said, why):
    with pytest.raises(ImproperAct, match=why):
        reports(counting(), 3, **said)


@pytest.mark.parametrize("count", [-1, 2.5, "3", 1_000_001])
def test_a_count_is_a_whole_number_and_nothing_else(count):
    with pytest.raises(ValidationError):
        Count(counted="patients", count=count)


def ended(outcome: str, course: Course | None, *counts: Count) -> DossierEnded:
    return DossierEnded(
        dossier="CUP-2024-001/report-2026",
        on=TODAY,
        kind="report",
        outcome=outcome,
        course=course,
        effective_on=TODAY,
        counts=counts,
    )


def told(life: Lived, note: DossierEnded) -> None:
    life.happens("DossierEnded")
    life.answer(note, life.programme.next_step())


def test_a_report_is_measured_when_it_is_decided_on_and_not_where_it_was_never_looked_at():
    life, nine = counting(patients=8), Count(counted="patients", count=9, **YEAR)
    told(life, ended("inadmissible", None, nine))
    assert life.programme.counts == {}
    told(life, ended("noted", None, nine))
    assert life.programme.flags[0] == "count-beyond:patients:9:8:2026-09-30"
    assert life.happened.facts["counts"][0]["count"] == 9


def test_what_a_refused_modification_asked_for_is_not_authorised_and_what_was_granted_is():
    life, twelve = counting(patients=8), Count(counted="patients", count=12)
    told(life, ended("refused", None, twelve))
    assert life.programme.allowed == {"patients": 8}
    told(life, ended("authorised", Course.GOES_ON, twelve))
    assert life.programme.allowed == {"patients": 12}


def test_a_life_that_counts_towards_a_fact_that_proposes_nothing_is_no_life():
    whole = registry.procedure("CUP").life
    counted = Counted(name="patients", clause=whole.clauses[0].id, proposes="on-the-market")
    said = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    with pytest.raises(UnknownClause, match="on-the-market"):
        Life(**{**said, "counts": (counted,)})
