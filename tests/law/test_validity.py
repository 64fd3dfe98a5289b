"""How long what was authorised is valid: a term of the decision, that rolls for nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import Decided
from models.clock import ONE_DAY, add_months, anniversary
from models.decision import Opinion, View
from models.dossier import Dossier
from models.errors import ImproperAct
from models.law.owed import Owed
from models.notes import DossierEnded, DossierFiled
from models.parties import Party
from models.phases import Course
from models.programme import Programme, Step, StepKind
from models.subjects import Product
from models.validity import LONGEST, Validity
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from tests.law.test_life import Lived
from tests.law.test_obligations import programme

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


# Kept valid by a renewal that was filed in time.

RENEWABLE = {"renewed_by": "renewal", "renewed_ahead": "list-term"}  # two months ahead, of any procedure


def renewable(until_on: date) -> Programme:
    """A programme that a renewal keeps valid, filed two months before its last day."""
    law = applicable_law("CUP", None, TODAY).model_copy(update=RENEWABLE)
    begun = programme(law, TODAY)
    begun.valid_until(until_on, TODAY)
    return begun


def filed(number: str, on: date) -> DossierFiled:
    return DossierFiled(dossier=f"{number}/renewal-2027", on=on, kind="renewal")


def ended(number: str, on: date, **said: object) -> DossierEnded:
    told = {"kind": "renewal", "outcome": "refused", "effective_on": on, **said}
    return DossierEnded(dossier=f"{number}/renewal-2027", on=on, **told)


@pytest.mark.parametrize(("filed_on", "kept"), [(date(2027, 3, 1), True), (date(2027, 3, 2), False)])
def test_a_renewal_keeps_it_valid_that_was_filed_by_the_same_date_of_the_month_asked_for(filed_on, kept):
    begun = renewable(SATURDAY)
    begun.file(filed(begun.number, filed_on))
    assert begun.validity is not None
    assert bool(begun.validity.kept_by) is kept
    assert begun.term == (None if kept else Validity(until_on=SATURDAY))
    assert any(flag.startswith("kept-valid:") for flag in begun.flags) is kept


def test_what_is_kept_valid_lapses_on_no_day_and_ends_with_the_day_of_a_refusal():
    begun = renewable(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    assert begun.due_on != SATURDAY
    refused_on = date(2027, 9, 28)
    begun.settle(ended(begun.number, refused_on))
    assert begun.validity == Validity(until_on=refused_on, refused_on=refused_on)
    assert begun.validity.ends_on == refused_on + ONE_DAY


def test_of_two_renewals_that_were_filed_in_time_the_withdrawal_of_one_takes_nothing_from_the_other():
    begun = renewable(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    second = DossierFiled(dossier=f"{begun.number}/renewal-2027-2", on=date(2027, 2, 10), kind="renewal")
    begun.file(second)
    withdrawn = {"kind": "renewal", "outcome": "withdrawn", "effective_on": date(2027, 2, 11)}
    begun.settle(DossierEnded(dossier=second.dossier, on=date(2027, 2, 11), **withdrawn))
    assert begun.term is None
    assert f"kept-valid:{begun.number}/renewal-2027:{SATURDAY}" in begun.flags
    begun.settle(ended(begun.number, date(2027, 9, 28)))
    assert begun.term == Validity(until_on=date(2027, 9, 28), refused_on=date(2027, 9, 28))


def test_a_refusal_before_the_last_day_takes_none_of_its_days():
    begun = renewable(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.settle(ended(begun.number, date(2027, 4, 1)))
    assert begun.validity == Validity(until_on=SATURDAY, refused_on=date(2027, 4, 1))


def lapsed(begun: Programme) -> Lived:
    life = Lived(begun)
    assert begun.validity is not None
    life.day = begun.validity.ends_on
    life.take(Step(on=life.day, does=StepKind.LAPSES))
    return life


def test_the_letter_of_the_end_tells_that_a_renewal_was_refused_and_only_then():
    begun, refused_on = renewable(SATURDAY), date(2027, 9, 28)
    assert "renewal_refused_on" not in lapsed(renewable(SATURDAY)).happened.letters[0].facts
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.settle(ended(begun.number, refused_on))
    life = lapsed(begun)
    said = life.happened.letters[0].facts
    assert (said["valid_until"], said["renewal_refused_on"]) == (refused_on, refused_on)
    assert life.happened.facts["renewal_refused_on"] == refused_on


@pytest.mark.parametrize("outcome", ["withdrawn", "inadmissible"])
def test_a_renewal_that_ended_without_the_merits_was_not_refused(outcome):
    begun = renewable(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.settle(ended(begun.number, date(2027, 4, 1), outcome=outcome))
    assert begun.validity == Validity(until_on=SATURDAY)


# Valid for so long by law.

LASTING = {**RENEWABLE, "valid_for": "evaluation"}  # six months, of any procedure


def lasting(until_on: date) -> Programme:
    """A programme that its law keeps valid for so long, and that a renewal continues."""
    begun = renewable(until_on)
    begun.law = begun.law.model_copy(update=LASTING)
    return begun


def test_a_law_gives_a_last_day_that_is_the_same_date_so_much_later_on_whatever_day_that_is():
    begun = lasting(SATURDAY)
    months = begun.law.months("evaluation")
    assert begun.law.lasts_from(date(2026, 11, 1)) == add_months(date(2026, 11, 1), months)
    assert renewable(SATURDAY).law.lasts_from(TODAY) is None


@pytest.mark.parametrize("decided_on", [date(2027, 4, 1), date(2027, 9, 28)], ids=["before", "after"])
def test_what_is_renewed_goes_on_from_the_last_day_that_it_had(decided_on):
    begun = lasting(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.settle(ended(begun.number, decided_on, outcome="continued", course=Course.GOES_ON))
    assert begun.validity is not None
    assert begun.validity.until_on == begun.law.lasts_from(SATURDAY)


def test_a_renewal_that_names_its_last_day_is_valid_until_then():
    begun = lasting(SATURDAY)
    said = {"outcome": "continued", "course": Course.GOES_ON, "until_on": date(2030, 1, 1)}
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.settle(ended(begun.number, date(2027, 4, 1), **said))
    assert begun.validity == Validity(until_on=date(2030, 1, 1), warned=begun.validity.warned)


# What renews it is owed ahead of its last day, and not of an anniversary.

RENEWAL = Owed(
    ref="renewal",
    every="evaluation",
    ahead="list-term",
    renews="power-to-decide",
    reminders="list-reminders",
    fulfilled_by="renewal",
)


def owing_renewal(until_on: date, today: date = TODAY) -> Programme:
    law = applicable_law("CUP", None, TODAY).model_copy(update={**RENEWABLE, "obligations": (RENEWAL,)})
    begun = programme(law, TODAY)
    begun.valid_until(until_on, today)
    return begun


def renewals(begun: Programme) -> list[tuple[str, date]]:
    return [(each.ref, each.due_on) for _, each in begun.owing]


def test_a_renewal_is_owed_ahead_of_the_last_day_and_of_the_one_that_takes_its_place():
    begun = owing_renewal(SATURDAY)
    assert renewals(begun) == [("renewal-2027-03-01", date(2027, 3, 1))]
    begun.valid_until(date(2027, 9, 15), TODAY)
    assert renewals(begun) == [("renewal-2027-07-15", date(2027, 7, 15))]
    begun.year = 2
    begun.open_year()
    assert len(renewals(begun)) == 1


def test_one_whose_day_had_passed_when_the_last_day_was_fixed_is_due_at_once_and_bridges_to_the_last_day():
    fixed_on = date(2027, 3, 9)
    begun = owing_renewal(SATURDAY, fixed_on)
    assert renewals(begun) == [(f"renewal-{fixed_on}", fixed_on)]
    assert f"renewal-at-once:{SATURDAY}" in begun.flags
    ((owed, each),) = begun.owing
    assert each.behind(owed) == ("evaluation", "list-term", "power-to-decide")
    step = each.next_press(owed, begun.law, suspended=False)
    assert step is not None
    assert step[0] <= fixed_on  # it is told of on the day itself
    each.remind(owed, begun.law, fixed_on)
    assert each.next_press(owed, begun.law, suspended=False)[0] == SATURDAY + ONE_DAY
    begun.file(filed(begun.number, SATURDAY))
    assert (begun.term, renewals(begun), each.filed) == (None, [], "on time")
    assert not any(flag.startswith("renewal-at-once") for flag in begun.flags)


def test_a_decision_on_something_else_leaves_what_keeps_it_valid():
    begun = owing_renewal(SATURDAY)
    begun.file(filed(begun.number, date(2027, 2, 3)))
    begun.valid_until(SATURDAY, date(2027, 2, 20))
    assert begun.term is None
    begun.valid_until(date(2027, 6, 1), date(2027, 2, 20))
    assert begun.term is None


# One after another.


def test_a_body_that_follows_another_is_awaited_once_that_one_has_spoken():
    law = applicable_law("CUP", Kind.APPLICATION, TODAY)
    first, second = law.opinions
    filed_now = Dossier(
        number="CUP-2026-001",
        kind=Kind.APPLICATION,
        procedure="CUP",
        opened_on=TODAY,
        taken_in_by="Ann",
        applicant=PARTY,
        invoice_addressee=PARTY,
        subject=PRODUCT.subject,
        law=law.model_copy(update={"follows": {second: first}}),
    )
    assert filed_now.bodies_awaited == filed_now.bodies_unheard == (first,)
    filed_now.opinions.append(Opinion(body=first, view=View.UNFAVOURABLE, given_on=TODAY))
    assert filed_now.bodies_awaited == (second,)
    filed_now.opinions.append(Opinion(body=second, view=View.FAVOURABLE, given_on=TODAY))
    assert filed_now.bodies_awaited == ()
