"""How long what was authorised is valid: a term of the decision, that rolls for nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import Decided
from models.clock import ONE_DAY, anniversary
from models.dossier import Dossier
from models.errors import ImproperAct
from models.parties import Party
from models.phases import Course
from models.subjects import Product
from models.validity import LONGEST, Validity
from procedures.be_umn.words import Kind
from procedures.books import applicable_law

TODAY = date(2026, 11, 27)
SATURDAY = date(2027, 5, 1)
PRODUCT = Product(trade_name="Exemplaris", active_substance="exemplarinib", indication="A disease.")
PARTY = Party(id="p", name="Exemplar Pharma")


def decided(outcome: str, until_on: date, kind: Kind = Kind.APPLICATION, **said: object) -> None:
    """Checks a decision on a dossier. Raises: ImproperAct."""
    filed = Dossier(
        number="CUP-2026-001",
        kind=kind,
        procedure="CUP",
        opened_on=TODAY,
        taken_in_by="Ann",
        applicant=PARTY,
        invoice_addressee=PARTY,
        subject=PRODUCT.subject,
        law=applicable_law("CUP", kind, TODAY).model_copy(update={"binding": ()}),
    )
    said = {"decided_by": "Ann", "capacity": "minister", "protocol": "1", "until_on": until_on, **said}
    act = Decided(by="Ann", request_id="request-1", outcome=outcome, grounds="g", **said)
    act.check(filed, TODAY)


def test_a_last_day_on_a_day_off_stays_and_the_programme_has_ended_on_the_next():
    validity = Validity(until_on=SATURDAY)
    assert validity.ends_on == SATURDAY + ONE_DAY


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2027-03-01", "2027-03-08"),  # a grant on a Monday: the five days are those after it
        ("2027-02-28", "2027-03-05"),  # a last day on a Sunday does not roll: the Friday after
        ("2027-05-05", "2027-05-13"),  # Ascension Day and a week-end do not count
    ],
)
def test_what_becomes_of_a_programme_is_published_within_five_working_days(since: str, until: str):
    law = applicable_law("CUP", None, date(2027, 1, 4))
    clock = law.clock(law.publication, date.fromisoformat(since))
    assert clock.due_on(law.calendar) == date.fromisoformat(until)


def test_it_is_warned_of_by_the_ladder_and_ends_after_the_last_warning():
    ladder = applicable_law("CUP", None, TODAY).ladder("validity-warnings")
    validity, days = Validity(until_on=SATURDAY), []
    while not days or days[-1] < validity.ends_on:
        days.append(validity.warned_on(ladder))
        validity.pass_warnings(ladder, days[-1])
    assert [(SATURDAY - day).days for day in days] == [90, 30, 7, -1]


def test_warnings_that_lie_behind_when_the_day_is_fixed_are_passed_over():
    ladder = applicable_law("CUP", None, TODAY).ladder("validity-warnings")
    validity = Validity(until_on=SATURDAY)
    validity.pass_warnings(ladder, SATURDAY - timedelta(days=20))
    assert validity.warned_on(ladder) == SATURDAY - timedelta(days=7)


def test_what_opens_or_continues_no_programme_has_no_last_day():
    refused = []
    for kind in Kind.words():
        for ruling in applicable_law("CUP", kind, TODAY).outcomes:
            if ruling.course is not Course.GOES_ON:
                plan = {"continuity_plan": "c"} if ruling.ends_inclusion else {}
                with pytest.raises(ImproperAct, match="has no last day"):
                    decided(ruling.outcome.value, SATURDAY, kind, **plan)
                refused.append(ruling.outcome.value)
    assert {*refused} == {"refused", "noted", "acknowledged", "not_fulfilled"}


def test_a_last_day_lies_after_the_decision_takes_effect_and_in_this_century():
    decided("authorised", TODAY)
    later = TODAY + timedelta(days=30)
    for until_on in (later - ONE_DAY, anniversary(later, LONGEST) + ONE_DAY):
        with pytest.raises(ImproperAct, match="cannot be valid until"):
            decided("authorised", until_on, effective_on=later)
