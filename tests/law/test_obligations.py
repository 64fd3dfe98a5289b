"""What is owed under a programme: counted from its entry into force, and never twice or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from models.clock import Limit, Rules, Unit, add_months, anniversary
from models.decision import Condition
from models.errors import NoRuleInForce, UnknownClause
from models.law.applicable import Law
from models.law.clause import InForce, Source
from models.notes import DossierEnded, DossierFiled
from models.obligations import Obligation, Press, ends_in
from models.programme import Programme
from models.subjects import Product
from procedures.be_umn.procedure import EVALUATION, LIST, NOT_STATED
from procedures.be_umn.words import Kind
from procedures.books import applicable_law, shipped

SOURCE = Source("a decree", "art. 1")
ON = date(2024, 8, 31)
PRODUCT = Product(trade_name="Exemplaris", active_substance="exemplarinib", indication="A rare disease.")
APPLIED = {"marketing-application": date(2014, 7, 1)}
"""A marketing authorisation was applied for before all: what is owed is owed yearly."""


def every(months: int, clause: str = "evaluation") -> Law:
    """The law of a year in which a clause has that interval."""
    interval = InForce(Limit(amount=months, unit=Unit.MONTHS), date(2014, 7, 1), SOURCE, shipped=False)
    return applicable_law("CUP", None, date(2026, 6, 1), shipped().confirmed(clause, interval))


def programme(law: Law, authorised_on: date = ON, facts: dict[str, date] = APPLIED, **more: Any) -> Programme:
    said: dict[str, Any] = {
        "number": "CUP-2024-001",
        "procedure": "CUP",
        "applicant": None,
        "subject": PRODUCT.subject,
        "authorised_on": authorised_on,
        "granted_on": authorised_on,
        "opened_on": authorised_on,
        "last_update_on": authorised_on,
        "facts": dict(facts),
        "law": law,
    }
    begun = Programme(**(said | more))
    begun.open_year()
    return begun


def turned(of: Programme, law: Law) -> None:
    """The anniversary, under the law of the new year."""
    of.year, of.law = of.year + 1, law
    of.open_year()


def of_kind(of: Programme, ref: str) -> list[Obligation]:
    return [each for each in of.obligations if each.owed == ref]


def filed(on: date) -> DossierFiled:
    return DossierFiled(dossier="CUP-2024-001/list", on=on, kind="list")


def ended(note: DossierFiled, outcome: str) -> DossierEnded:
    return DossierEnded(
        dossier=note.dossier, on=note.on, kind=note.kind, outcome=outcome, effective_on=note.on
    )


def test_a_dossier_is_examined_by_a_law_that_owes_nothing():
    assert applicable_law("CUP", Kind.APPLICATION, ON).obligations == ()


@pytest.mark.parametrize(
    ("months", "due"),
    [
        (6, ["2024-08-29", "2025-02-28", "2025-08-29", "2026-02-28", "2026-08-29"]),
        (8, ["2024-10-29", "2025-06-29", "2026-02-28"]),
        (12, ["2025-02-28", "2026-02-28"]),
        (18, ["2025-08-29"]),
        (24, ["2026-02-28"]),
    ],
)
def test_a_period_ends_by_its_interval_whatever_its_length(months: int, due: list[str]):
    law = every(months)
    found = [ends_in(EVALUATION, date(2024, 2, 29), year, law, APPLIED) for year in (1, 2, 3)]
    days = [str(ends_on) for year in found for ends_on, _ in year]
    assert [day for day in days if day <= "2026-08-31"] == due


@given(
    some.dates(date(2015, 1, 1), date(2060, 12, 31)),
    some.lists(some.sampled_from([1, 5, 6, 8, 12, 18, 24, 36]), min_size=1, max_size=12),
    some.booleans(),
)
@settings(max_examples=50, deadline=None)
def test_no_day_drifts_and_no_day_of_a_period_is_lost_whatever_each_year_the_law_is(began, law_of, settle):
    at_once = (EVALUATION.model_copy(update={"within": ""}),)  # a calendar does not reach so many years
    laws = {n: every(n).model_copy(update={"obligations": at_once}) for n in set(law_of)}
    life = programme(laws[law_of[0]], began)
    seen: dict[str, Obligation] = {}
    for year, months in enumerate(law_of, start=1):
        if year > 1:
            turned(life, laws[months])
        life.open_year()  # a run may begin anew at any rest of a year
        of_year = [each for each in of_kind(life, "evaluation") if each.ref not in seen]
        first, last = anniversary(began, year - 1), anniversary(began, year)
        multiples = [add_months(began, months * nth) for nth in range(1, 12 * year // months + 1)]
        assert [each.ends_on for each in of_year] == [day for day in multiples if first < day <= last]
        seen |= {each.ref: each for each in of_year}
        if settle:
            for each in of_year:
                each.done_on = each.due_on
    periods = sorted(seen.values(), key=lambda each: each.due_on)
    assert not periods or periods[0].from_on == began
    assert all(after.from_on == before.ends_on for before, after in pairwise(periods))
    if settle:  # what was done in earlier years is not carried for ever
        kept = of_kind(life, "evaluation")
        assert all(each.ends_on > anniversary(began, len(law_of) - 1) for each in kept)


def test_an_interval_of_less_than_a_month_is_refused_before_it_applies():
    with pytest.raises(NoRuleInForce, match="a month at least"):
        every(0, "evaluation-half-yearly")


def test_a_list_counts_for_the_earliest_period_that_has_begun_and_for_none_before_it():
    life = programme(applicable_law("CUP", None, ON), facts={})
    first, second = of_kind(life, "list")
    assert life.file(filed(ON + timedelta(days=100))) is first
    assert life.file(filed(first.ends_on - timedelta(days=1))) is None
    assert life.file(filed(first.ends_on)) is second


def test_filed_early_on_time_or_late_by_the_first_reminder_and_the_day_on_the_later_reading():
    law = applicable_law("CUP", None, ON)
    due_on, late_on, said = date(2028, 3, 31), date(2028, 4, 3), []
    for on in (date(2028, 1, 30), date(2028, 1, 31), due_on, late_on, date(2028, 4, 4)):
        obligation = Obligation(owed="list", of="1", due_on=due_on, late_on=late_on)
        obligation.file("d", on, LIST, law)
        said.append(obligation.filed)
    assert said == ["early", "on time", "on time", "on time", "late"]


@pytest.mark.parametrize("outcome", ["withdrawn", "inadmissible", "without_object"])
def test_what_was_filed_and_not_examined_on_the_merits_is_owed_again(outcome: str):
    life = programme(applicable_law("UMN", None, ON))
    (owed,) = of_kind(life, "list")
    note = filed(ON)
    assert life.file(note) is owed
    assert not owed.is_open
    life.settle(ended(note, outcome))
    assert owed.is_open


def test_a_list_that_was_noted_is_not_asked_for_again_in_its_period():
    """Also when a run begins anew in the middle of the year."""
    life = programme(applicable_law("UMN", None, ON))
    note = filed(ON)
    life.file(note)
    life.settle(ended(note, "noted"))
    life.open_year()
    assert [each.is_open for each in of_kind(life, "list")] == [False]


def test_conditions_are_numbered_on_from_those_that_were_met():
    life = programme(applicable_law("UMN", None, ON))
    life.owes([Condition(text="Report.", due_on=ON)])
    life.obligation("condition-1")[1].done_on = ON
    life.owes([Condition(text="Registry.", due_on=ON)])
    assert [(c.number, c.text) for c in life.conditions] == [(2, "Registry.")]


def test_silence_flags_after_the_later_reading_and_proposes_once_its_escalation_has_passed():
    law = applicable_law("CUP", None, ON)
    later, pressed = ON + timedelta(days=10), {}
    for owed in law.obligations:
        late_on = later if owed.every else None
        obligation = Obligation(owed=owed.ref, of="1", due_on=ON, late_on=late_on, text="t", reminders=9)
        after = []
        while press := obligation.next_press(owed, law, suspended=False):
            after.append(((press[0] - ON).days, press[1]))
            match press[1]:
                case Press.MISSED:
                    obligation.missed_on = press[0]
                case Press.PROPOSED:
                    obligation.proposed_on = press[0]
        pressed[owed.ref] = after
    assert pressed == {
        "evaluation": [(11, Press.MISSED), (41, Press.PROPOSED)],
        "list": [(11, Press.MISSED)],
        "condition": [(1, Press.MISSED)],
    }


def test_no_change_is_proposed_while_the_programme_is_suspended():
    law = applicable_law("UMN", None, ON)
    obligation = Obligation(owed="evaluation", of="2025", due_on=ON, missed_on=ON)
    assert obligation.next_press(EVALUATION, law, suspended=True) is None


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"every": "an-interval"}, "an-interval"),
        ({"reminders": "none-of-ours"}, "none-of-ours"),
        ({"meanwhile": "a-half-year"}, "a-half-year"),
        ({"every": "condition-reminder"}, "condition-reminder"),  # it does not recur
        ({"ahead": "payment"}, "payment"),  # nor does that
    ],
)
def test_a_life_that_owes_what_its_clauses_lack_is_refused_when_its_folder_is_read(change, lacks: str):
    owed = EVALUATION.model_copy(update=change)
    with pytest.raises(UnknownClause, match=f"lack: {lacks}"):
        replace(NOT_STATED.life, obligations=(owed,))


# What ends before its day.


def test_nothing_falls_due_after_the_last_day_unless_a_decision_moves_it():
    life = programme(applicable_law("CUP", None, ON), facts={})
    first, second = (each.due_on for owed, each in life.owing if owed.review)
    life.valid_until(second - timedelta(days=1), ON)
    assert [each.due_on for owed, each in life.owing if owed.review] == [first]
    assert all(each.due_on < second for _, each in life.owing)
    life.valid_until(first - timedelta(days=1), ON)
    assert life.review_on is None
    assert life.file(filed(ON))  # it may ask for more time
    life.valid_until(first, ON)
    assert life.review_on == first


def test_what_is_owed_ahead_of_the_end_of_its_period_is_counted_back_from_it():
    """Two months before the anniversary of 31 August: 30 June, told on the working day before a day off."""
    report = LIST.model_copy(
        update={"ref": "report", "within": "", "meanwhile": "", "until": "", "ahead": "list-term"}
    )
    law = every(12).model_copy(update={"obligations": (report,)})
    begun = programme(law, date(2025, 8, 31))
    (each,) = begun.obligations
    assert (each.ends_on, each.due_on) == (date(2026, 8, 31), date(2026, 6, 30))
    assert begun.clock_to(report, each) is not None
    later = programme(law, date(2025, 7, 4))  # 4 May 2026 is a Monday; 4 July two months earlier
    assert [owed.due_on for owed in later.obligations] == [date(2026, 5, 4)]
    off = programme(law, date(2025, 8, 20))  # 20 June 2026 is a Saturday
    (owed,) = off.obligations
    assert (owed.due_on, owed.passed_after) == (date(2026, 6, 19), date(2026, 6, 22))


def test_by_regulation_1182_71_what_is_counted_back_is_not_moved_from_a_day_off():
    """Art. 3(4), second subparagraph: 20 June 2026 is a Saturday, and the day all the same."""
    ahead = shipped().clause("be_umn/list-term").applied_on(date(2026, 6, 1))
    counted = ahead.model_copy(update={"rules": Rules.EU_1182_71})
    report = LIST.model_copy(
        update={"ref": "report", "within": "", "meanwhile": "", "until": "", "ahead": "list-term"}
    )
    law = every(12)
    law = law.model_copy(update={"obligations": (report,), "clauses": {**law.clauses, "list-term": counted}})
    (owed,) = programme(law, date(2025, 8, 20)).obligations
    assert (owed.due_on, owed.passed_after) == (date(2026, 6, 20), date(2026, 6, 20))
