"""An opinion is sent back: the body looks at it again, within a time or without one; who follows it waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.acts import OpinionSentBack
from models.clock import ONE_DAY
from models.decision import View
from models.entry import LetterKind
from models.errors import ImproperAct, UnknownClause
from models.law.applicable import Law
from models.law.clause import Applied, calendar_days
from models.law.re_examination import SendingBack
from models.phases import Stage
from procedures.be_umn import procedure as of_folder
from procedures.shape import Examination, Returned
from tests.law.test_contest import DAY_0, FIRST, GIVEN, LAST, SECOND, TIMES, Examined, days, examined, law
from workflows.phases import contest
from workflows.phases.merits import begin_to_decide, possible
from workflows.phases.opinions import ask_bodies, count_as_favourable
from workflows.phases.sent_back import flags_of_returns, send_back

AGAIN = "considered-again"


def returning(*limits: int, **differs: object) -> Law:
    """The second body may send the opinion of the first one back, which has so many days, or no time."""
    said = {"limits": tuple(calendar_days(one) for one in limits)} if limits else {"text": "no time is given"}
    clauses = {**law().clauses, AGAIN: Applied(clause=AGAIN, from_on=DAY_0, desk=FIRST.role, **said)}
    return law(clauses=clauses, sends_back={FIRST: SendingBack(by=SECOND, again=AGAIN)}, **differs)


class Case(Examined):
    """A dossier under examination whose opinion can be sent back."""

    def returns(self, **said: object) -> None:
        send_back(self, self.hears(OpinionSentBack, body=FIRST, grounds="New questions.", **said))
        ask_bodies(self)


def spoken(of: Law) -> Case:
    """The first body has spoken against it, which is final; the second one is asked since."""
    case = examined(of, Case)
    case.day = GIVEN
    case.gives(FIRST, "unfavourable")
    case.passes(TIMES.notice)
    return case


def test_who_follows_waits_while_an_opinion_is_looked_at_again_without_a_time():
    case = spoken(returning())
    case.day = GIVEN + timedelta(days=20)
    assert "send-back-opinion" in {act.command for act in possible(case)}
    case.returns()
    assert days(case) == {}  # neither of the body, nor of who follows, nor to contest
    assert flags_of_returns(case) == (f"opinion-sent-back:{FIRST.value}:{case.day}",)
    assert case.filed.bodies_awaited == case.filed.bodies_unheard == (FIRST,)
    assert not {"decide", "raise-questions", "send-back-opinion"} & {one.command for one in possible(case)}
    (letter,) = case.happened.letters
    assert (letter.kind, letter.role) == (LetterKind.OPINION_SENT_BACK, FIRST.role)
    assert letter.facts == {"body": FIRST.value, "grounds": "New questions."}


def test_the_opinion_given_then_takes_the_place_of_the_first_one_and_who_follows_is_asked_anew():
    case = spoken(returning())
    case.gives(SECOND, "unfavourable")
    begin_to_decide(case)
    case.filed.stage = Stage.DECISION
    case.day = GIVEN + timedelta(days=25)
    case.returns()
    assert (case.filed.stage, case.happened.facts["fallen"]) == (Stage.OPINIONS, [SECOND.value])
    with pytest.raises(ImproperAct) as refused:
        case.gives(FIRST, "favourable", on=GIVEN)  # nobody had asked yet
    assert refused.value.said.key == "act.before-its-time"
    case.day = GIVEN + timedelta(days=400)
    case.gives(FIRST, "favourable")
    assert [(one.body, one.view, one.late) for one in case.filed.opinions] == [
        (FIRST, View.FAVOURABLE, False)
    ]
    assert days(case) == {TIMES.notice: case.day}  # nobody had contested the first one
    case.passes(TIMES.notice)
    assert days(case) == {case.law.opinions[SECOND]: case.day - ONE_DAY}
    assert flags_of_returns(case) == ()
    assert [*case.filed.returnable] == [FIRST]  # as often as there is reason


def test_where_the_clause_gives_a_time_it_runs_from_the_day_on_which_it_is_sent_back():
    case = spoken(returning(30))
    case.day = GIVEN + timedelta(days=25)
    case.returns()
    assert days(case) == {AGAIN: case.day}
    assert case.happened.letters[-1].facts["due_on"] == case.due(AGAIN)
    assert flags_of_returns(case) == ()
    case.day = case.passes_on(AGAIN)
    case.gives(FIRST, "favourable")
    (opinion,) = case.filed.opinions
    assert opinion.late
    assert AGAIN not in case.clocks


def test_nothing_is_contested_while_it_is_looked_at_again_and_what_was_contested_once_stays_so():
    case = spoken(returning())
    case.returns()
    assert (case.filed.contestable, contest.answers(case)) == ({}, {})
    case.gives(FIRST, "unfavourable")
    case.contests()
    assert case.filed.returnable == {}  # it is not final
    case.grounds()
    case.gives(FIRST, "unfavourable")
    case.returns()
    case.gives(FIRST, "favourable")
    assert case.filed.contestable == {}
    assert days(case) == {case.law.opinions[SECOND]: case.day}


def test_an_opinion_that_stands_after_a_contest_and_is_sent_back_counts_since_it_was_given_again():
    case = spoken(returning())
    case.contests(on=LAST)
    case.passes(TIMES.grounds)
    case.returns()
    case.day += timedelta(days=3)
    case.gives(FIRST, "favourable")
    assert days(case) == {case.law.opinions[SECOND]: case.day}


def test_only_an_opinion_that_was_given_is_sent_back_and_by_who_is_asked():
    case = examined(returning())
    assert case.filed.returnable == {}
    nobody_first = examined(returning(follows={}))
    assert nobody_first.filed.returnable == {}
    count_as_favourable(nobody_first, nobody_first.law.opinions[FIRST], GIVEN)
    assert nobody_first.filed.returnable == {}  # its silence is nothing to look at
    with pytest.raises(ImproperAct) as refused:
        case.hears(OpinionSentBack, body=FIRST, grounds="Too early.")
    assert refused.value.said.key == "act.not-to-be-sent-back"
    with pytest.raises(ImproperAct) as refused:
        spoken(returning()).hears(OpinionSentBack, body=FIRST, grounds="x", on=LAST - timedelta(days=1))
    assert refused.value.said.key == "act.before-its-time"


def test_a_limit_to_decide_that_waits_for_no_opinion_goes_on_and_nobody_decides():
    case = examined(returning(decides_after=Stage.ADMISSIBILITY), Case)
    case.start(case.law.decision, DAY_0)
    case.day = GIVEN
    case.gives(FIRST, "unfavourable")
    case.passes(TIMES.notice)
    case.returns()
    assert days(case) == {case.law.decision: DAY_0}
    assert "decide" not in {act.command for act in possible(case)}


def test_how_an_opinion_is_sent_back_is_no_condition_of_the_decision():
    assert AGAIN not in returning().conditions


@pytest.mark.parametrize(("body", "by"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_only_bodies_that_are_heard_send_back_and_are_sent_back(body, by):
    heard = next(iter(of_folder.FOLDER.procedures[0].examinations.values()))
    said = {name: getattr(heard, name) for name in heard.__dataclass_fields__}
    opinions = {SECOND: heard.opinions[SECOND]}
    some = {body: Returned(by, heard.decision)}
    with pytest.raises(UnknownClause):
        Examination(**said | {"opinions": opinions, "questions": {}, "binding": (), "sends_back": some})


def test_who_was_to_look_again_and_follows_an_opinion_that_is_contested_is_asked_anew_instead():
    of = returning()
    back = {SECOND: SendingBack(by=FIRST, again=AGAIN)}
    case = spoken(of.model_copy(update={"sends_back": back}))
    case.gives(SECOND, "favourable")
    send_back(case, case.hears(OpinionSentBack, body=SECOND, grounds="New questions."))
    ask_bodies(case)
    assert [one.body for one in case.filed.in_return] == [SECOND]
    case.contests(on=LAST)
    assert case.filed.in_return == ()
    case.grounds()
    case.gives(FIRST, "favourable")
    assert days(case) == {case.law.opinions[SECOND]: case.day}
