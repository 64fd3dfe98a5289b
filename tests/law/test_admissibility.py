"""The six working days of admissibility: suspended by a notice in time, resumed with what was left."""

from __future__ import annotations

from datetime import date

import pytest

from models.acts import AdmissibilityCorrected, CompletionReceived, DeclaredAdmissible, DeclaredIncomplete
from models.clock import ClosingDay
from models.dossier import Dossier
from models.errors import ImproperAct
from models.law.silence import SilencePolicy
from models.parties import Party, Role
from models.phases import Phase
from procedures.be_umn.words import Kind
from procedures.books import applicable_law
from workflows import beside, warning
from workflows.case import Happened
from workflows.phases.admissibility import ask_completion, begin_examination, correct_admissibility
from workflows.under_examination import DossierUnderExamination

RECEIVED, FOURTH, SIXTH = date(2027, 3, 1), date(2027, 3, 5), date(2027, 3, 9)
LAW = applicable_law("CUP", Kind.APPLICATION, RECEIVED)


class Checked(DossierUnderExamination):
    """An application that is checked, on a day that the test names."""

    day = RECEIVED

    @property
    def today(self) -> date:
        return self.day


def begun(case: Checked, act):
    """An act that is in hand, with what it begins beside the phases."""
    case.happened = Happened(type(act).__name__, act.by, act.on or case.today, act)
    beside.take_act(case)
    return act


@pytest.fixture
def checked() -> Checked:
    party = Party(id="1", name="Exemplar Pharma")
    filed = {"kind": Kind.APPLICATION, "procedure": "CUP", "taken_in_by": "Ann"}
    parties = {"applicant": party, "invoice_addressee": party}
    subject = {"kind": "product", "parts": {"trade_name": "V"}}
    dossier = Dossier(number="CUP-2027-001", opened_on=RECEIVED, law=LAW, subject=subject, **filed, **parties)
    case = Checked(dossier)
    case.start("admissibility", RECEIVED)
    return case


def test_from_the_fourth_day_a_letter_by_post_comes_too_late(checked):
    assert checked.due("admissibility") == SIXTH
    checked.day = date(2027, 3, 3)
    assert checked.alarms("admissibility") == {}
    checked.day = FOURTH
    assert checked.alarms("admissibility") == {"by_post_on": date(2027, 3, 10)}


def test_a_notice_stops_the_six_days_and_what_was_left_goes_on_after_the_completion(checked):
    clock = checked.clocks["admissibility"]
    clock.stop(FOURTH)  # four of six days were used
    assert checked.last_day("admissibility") is None
    assert not checked.asked_late
    clock.restart(date(2027, 3, 30))
    assert checked.due("admissibility") == date(2027, 4, 1)


def test_after_a_notice_on_the_sixth_day_none_is_left_or_one(checked):
    clock = checked.clocks["admissibility"]
    clock.stop(SIXTH)
    assert checked.last_day("admissibility") is None
    clock.restart(date(2027, 4, 1))
    assert clock.due_on(LAW.calendar) == date(2027, 4, 1)
    assert clock.late_on(LAW.calendar) == date(2027, 4, 2)


def test_a_notice_on_the_sixth_day_is_flagged_and_one_before_or_after_it_is_not(checked):
    for on, flagged in ((FOURTH, None), (SIXTH, SIXTH), (date(2027, 3, 10), None)):
        checked.clocks["admissibility"].stops = []
        checked.day = on
        checked.happens("DeclaredIncomplete")
        ask_completion(checked, DeclaredIncomplete(by="Ann", request_id="request-1", missing=("A protocol",)))
        assert checked.asked_on_last_day == flagged


def test_a_closing_day_is_none_of_the_six_days_and_ends_and_moves_none_of_the_thirty(checked):
    """It was published in time; a completion that is received on it is received."""
    closing = (ClosingDay(day=date(2027, 3, 31)), ClosingDay(day=date(2027, 4, 12)))
    calendar = LAW.calendar.closed_also(closing)
    clock = checked.clocks["admissibility"]
    clock.stop(FOURTH)
    clock.restart(date(2027, 3, 31))
    assert (clock.due_on(LAW.calendar), clock.due_on(calendar)) == (date(2027, 4, 2), date(2027, 4, 2))
    clock.stops[0].last = date(2027, 3, 30)
    assert (clock.due_on(LAW.calendar), clock.due_on(calendar)) == (date(2027, 4, 1), date(2027, 4, 2))
    assert LAW.clock("completion", date(2027, 3, 11)).due_on(calendar) == date(
        2027, 4, 12
    )  # the 10th is Saturday
    assert LAW.clock("completion", date(2027, 3, 13)).due_on(calendar) == date(
        2027, 4, 12
    )  # closed, and stays


def test_what_was_posted_on_the_thirtieth_day_and_received_on_the_thirty_second_came_in_time(checked):
    checked.filed.lost_after = date(2027, 4, 12)
    came = {"by": "Ann", "request_id": "request-1", "on": date(2027, 4, 14)}
    CompletionReceived(**came, posted_on=date(2027, 4, 12)).check(checked.filed, date(2027, 4, 15))
    with pytest.raises(ImproperAct, match="lost after 2027-04-12"):
        CompletionReceived(**came, posted_on=date(2027, 4, 13)).check(checked.filed, date(2027, 4, 15))


def test_nobody_decides_on_admissibility_until_four_months_after_a_formal_notice_it_is_refused(checked):
    """No rule gives that silence an effect: it is warned of, flagged, and stays awaited."""
    assert warning.coming(checked, "admissibility") == [FOURTH, date(2027, 3, 8)]
    checked.day = date(2027, 3, 10)
    assert checked.limit_passed(Phase.ADMISSIBILITY, "admissibility") is SilencePolicy.FLAG
    assert (checked.happened.act, checked.happened.on) == ("LimitPassed", checked.day)
    assert [one.role for one in checked.happened.letters] == [Role.DESK]
    assert (checked.overdue("admissibility"), checked.wakes_on("admissibility")) == (True, None)
    checked.day = date(2027, 3, 15)
    checked.happens("FormalNoticeReceived")
    beside.take_act(checked)
    assert checked.due("formal-notice") == date(2027, 7, 15)
    checked.day = date(2027, 7, 16)
    checked.beside_passed(Phase.ADMISSIBILITY, "formal-notice")
    assert checked.filed.exists_by_law == {"formal-notice": date(2027, 7, 16)}  # a person establishes it
    assert checked.law.tacit_outcome("formal-notice") == "refused"


def test_a_notice_after_the_sixth_day_stops_nothing(checked):
    checked.clocks["admissibility"].stop(date(2027, 3, 10))
    assert checked.asked_late
    assert checked.due("admissibility") == SIXTH


@pytest.mark.parametrize(
    ("channel", "presented_on", "last_day", "later_on"),
    [
        ("registered", None, date(2027, 4, 12), date(2027, 4, 12)),
        ("registered_with_acknowledgement", date(2027, 3, 10), date(2027, 4, 9), date(2027, 4, 9)),
    ],
)
def test_the_thirty_days_start_as_the_channel_of_the_notice_says(channel, presented_on, last_day, later_on):
    start = LAW.start(channel, SIXTH, presented_on, None)
    for on, ends in ((start.on, last_day), (start.later_on or start.on, later_on)):
        assert LAW.clock("completion", on).due_on(LAW.calendar) == ends


def test_by_email_no_law_gives_a_day():
    assert not LAW.start("email", SIXTH, None, None).proven
    assert LAW.start("email", SIXTH, None, date(2027, 3, 11)) == (date(2027, 3, 11), None, True)


def test_where_no_such_decision_was_taken_the_check_goes_on_with_the_stops_that_it_had(checked):
    clock = checked.clocks["admissibility"]
    clock.stop(FOURTH)
    checked.day = date(2027, 3, 31)
    clock.restart(date(2027, 3, 30))
    said = {"by": "Ann", "request_id": "request-1"}
    begin_examination(checked, begun(checked, DeclaredAdmissible(on=date(2027, 3, 31), **said)))
    correct_admissibility(checked, begun(checked, AdmissibilityCorrected(grounds="g", **said)))
    assert {*checked.clocks} == {"admissibility"}
    assert checked.due("admissibility") == date(2027, 4, 1)
    DeclaredAdmissible(on=date(2027, 3, 30), **said).check(checked.filed, checked.today)
    with pytest.raises(ImproperAct, match="possible from 2027-03-30"):  # something was missing until then
        DeclaredAdmissible(on=date(2027, 3, 29), **said).check(checked.filed, checked.today)
    checked.clocks["admissibility"].stop(checked.today)
    checked.start("completion", checked.today)
    assert checked.silence("completion") is SilencePolicy.PROPOSE  # not the one notice that forfeits


def test_notice_and_passing_on_run_from_the_day_on_which_it_was_admissible_after_all(checked):
    checked.day = date(2027, 3, 8)
    said = {"by": "Ann", "request_id": "request-1"}
    begin_examination(checked, begun(checked, DeclaredAdmissible(**said)))
    assert checked.due("passing-on") == date(2027, 3, 11)
    checked.docket.entries, began = 3, dict(checked.filed.began)
    earlier = AdmissibilityCorrected(admissible_on=FOURTH, grounds="g", **said)
    correct_admissibility(checked, begun(checked, earlier))
    assert {checked.due("passing-on"), checked.due("admissibility-notice")} == {date(2027, 3, 10)}
    assert checked.filed.began["passing-on"] == began["passing-on"]  # what left since then counts
    moved = {moved["clause"]: moved["due_on"] for moved in checked.happened.facts["moved"]}
    assert moved["passing-on"] == date(2027, 3, 10)
