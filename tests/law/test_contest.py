"""An opinion is contested: notice, grounds, and the body looks at it again; who follows it waits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

import pytest

from models.acts import (
    AdmissibilityCorrected,
    GroundsReceived,
    OpinionContested,
    OpinionGiven,
    QuestionsRaised,
)
from models.decision import Opinion, View
from models.dossier import Dossier
from models.entry import LetterKind
from models.errors import ImproperAct, NoRuleInForce, UnknownClause
from models.law.applicable import Law, sealed
from models.law.clause import Applied, calendar_days
from models.law.re_examination import ReExamination
from models.law.silence import SilencePolicy
from models.parties import Party, Role
from models.phases import Phase, Stage
from procedures.be_umn import procedure as of_folder
from procedures.be_umn.words import Body, Kind
from procedures.books import applicable_law
from procedures.shape import Contest, Examination
from tests.letters.as_told import Examined as Told
from workflows.phases import contest
from workflows.phases.admissibility import correct_admissibility
from workflows.phases.merits import begin_to_decide, not_final, possible
from workflows.phases.opinions import ask_bodies, count_as_favourable, hear

DAY_0 = date(2027, 3, 1)
GIVEN = date(2027, 3, 8)
LAST = GIVEN + timedelta(days=15)
"""The last day for a notice."""

FIRST, SECOND = Body.COMMISSION, Body.ETHICS_COMMITTEE
TIMES = ReExamination(notice="contest-notice", grounds="contest-grounds", again="contest-again")


class Examined(Told):
    """A dossier under examination whose bodies speak."""

    day = DAY_0

    def gives(self, body: Body, view: str, **said: Any) -> None:
        hear(self, self.hears(OpinionGiven, body=body, view=view, **said))
        ask_bodies(self)

    def contests(self, **said: Any) -> None:
        contest.take_notice(self, self.hears(OpinionContested, body=FIRST, **said))
        ask_bodies(self)

    def grounds(self, **said: Any) -> None:
        contest.take_grounds(self, self.hears(GroundsReceived, body=FIRST, **said))
        ask_bodies(self)

    def passes(self, clause: str) -> None:
        self.day = self.passes_on(clause)
        contest.contest_passed(self, Phase.OPINION, clause)
        ask_bodies(self)


def law(**differs: object) -> Law:
    """One body after another, then the decision; the opinion of the first one may be contested."""
    of_today = applicable_law("CUP", Kind.APPLICATION, DAY_0)
    stands = {"silence": SilencePolicy.STANDS, "desk": Role.APPLICANT}
    contests = {
        clause: Applied(clause=clause, limits=(calendar_days(days),), from_on=DAY_0, **said)
        for clause, days, said in (
            (TIMES.notice, 15, stands),
            (TIMES.grounds, 60, stands),
            (TIMES.again, 60, {"desk": FIRST.role}),
        )
    }
    said = {
        "clauses": {**of_today.clauses, **contests},
        "contests": {FIRST: TIMES},
        "follows": {SECOND: FIRST},
        "decides_after": Stage.OPINIONS,
    }
    return sealed(of_today.model_copy(update=said | differs))


Of = TypeVar("Of", bound=Examined)


def examined(of: Law, as_: type[Of] = Examined) -> Of:
    party = Party(id="1", name="Exemplar Pharma")
    said = {"kind": Kind.APPLICATION, "procedure": "CUP", "taken_in_by": "Ann", "stage": Stage.OPINIONS}
    subject = {"kind": "product", "parts": {"trade_name": "V"}}
    parties = {"applicant": party, "invoice_addressee": party}
    filed = Dossier(
        number="CUP-2027-001",
        opened_on=DAY_0,
        admissible_on=DAY_0,
        law=of,
        subject=subject,
        **said,
        **parties,
    )
    case = as_(filed)
    case.happens("DeclaredAdmissible")
    ask_bodies(case)
    return case


@pytest.fixture
def case() -> Examined:
    """The first body has spoken against it; the second one is asked once that is final."""
    case = examined(law())
    case.day = GIVEN
    case.gives(FIRST, "unfavourable")
    return case


def days(case: Examined) -> dict[str, date]:
    return {clause: clock.started_on for clause, clock in case.clocks.items()}


def test_while_an_opinion_may_be_contested_nobody_follows_it_and_nobody_decides(case: Examined):
    assert days(case) == {TIMES.notice: GIVEN}
    assert case.due(TIMES.notice) == LAST
    assert contest.awaited(case) == [TIMES.notice]
    assert (case.filed.bodies_awaited, case.filed.bodies_unheard) == ((), ())
    assert not {"give-opinion", "decide", "raise-questions"} & {act.command for act in possible(case)}
    assert [*contest.answers(case)] == [OpinionContested]


def test_who_follows_is_asked_since_the_last_day_for_a_notice(case: Examined):
    case.passes(TIMES.notice)
    assert days(case) == {case.law.opinions[SECOND]: LAST}
    assert case.filed.bodies_awaited == (SECOND,)
    assert case.happened.letters[-1].kind == LetterKind.OPINION_REQUEST


def test_nobody_decides_on_the_last_opinion_before_the_time_for_a_notice_has_passed():
    case = examined(law(follows={}))
    case.day = GIVEN
    case.gives(SECOND, "favourable")
    case.gives(FIRST, "unfavourable")
    assert case.filed.bodies_awaited == ()
    assert not_final(case)
    case.filed.stage = Stage.DECISION
    assert "decide" not in {act.command for act in possible(case)}
    case.passes(TIMES.notice)
    assert not not_final(case)
    begin_to_decide(case)
    assert days(case) == {case.law.decision: LAST}


def test_with_a_late_entry_of_a_notice_what_runs_for_who_follows_ends_and_grounds_are_awaited(case: Examined):
    case.passes(TIMES.notice)
    case.contests(on=LAST)
    assert days(case) == {TIMES.grounds: GIVEN}  # from the opinion, not from the notice
    assert case.happened.facts["ended"] == [case.law.opinions[SECOND]]
    assert case.filed.bodies_awaited == ()
    assert [*contest.answers(case)] == [GroundsReceived]
    assert not {"give-opinion", "decide", "raise-questions"} & {act.command for act in possible(case)}


def test_the_opinion_given_again_takes_the_place_of_the_first_one_and_is_final(case: Examined):
    case.contests()
    case.day = GIVEN + timedelta(days=40)
    case.grounds()
    assert days(case) == {TIMES.again: case.day}
    assert case.happened.letters[-1].kind == LetterKind.OPINION_REQUEST
    assert case.filed.bodies_awaited == case.filed.bodies_unheard == (FIRST,)
    with pytest.raises(ImproperAct) as refused:  # the grounds had not come yet
        case.hears(OpinionGiven, body=FIRST, view="favourable", on=GIVEN)
    assert refused.value.said.key == "act.before-its-time"
    given_again = case.day = case.day + timedelta(days=60)
    case.gives(FIRST, "favourable")
    assert [(one.body, one.view, one.late) for one in case.filed.opinions] == [
        (FIRST, View.FAVOURABLE, False)
    ]
    assert days(case) == {case.law.opinions[SECOND]: given_again}
    assert case.filed.contestable == {}
    with pytest.raises(ImproperAct) as refused:
        case.contests()
    assert refused.value.said.key == "act.not-contestable"


def test_what_was_said_on_a_contested_opinion_falls_and_so_does_the_time_to_decide(case: Examined):
    case.passes(TIMES.notice)
    case.gives(SECOND, "unfavourable")
    begin_to_decide(case)
    case.filed.stage = Stage.DECISION
    assert case.law.decision in case.clocks
    case.contests(on=LAST)
    assert (case.filed.stage, days(case)) == (Stage.OPINIONS, {TIMES.grounds: GIVEN})
    assert [one.body for one in case.filed.opinions] == [FIRST]
    assert case.happened.facts["fallen"] == [SECOND.value]


def test_a_limit_to_decide_that_waits_for_no_opinion_goes_on(case: Examined):
    case = examined(law(decides_after=Stage.ADMISSIBILITY))
    case.start(case.law.decision, DAY_0)
    case.day = GIVEN
    case.gives(FIRST, "unfavourable")
    case.contests()
    assert days(case) == {case.law.decision: DAY_0, TIMES.grounds: GIVEN}
    assert "decide" not in {act.command for act in possible(case)}


def test_without_grounds_in_time_the_opinion_stands_and_who_follows_is_asked_since_the_last_day(
    case: Examined,
):
    case.contests()
    last = case.due(TIMES.grounds)
    case.passes(TIMES.grounds)
    assert (case.happened.act, case.happened.facts["silence"]) == ("LimitPassed", "stands")
    told = [(one.kind, one.role) for one in case.happened.letters]
    assert told[0] == (LetterKind.LIMIT_PASSED, Role.DESK)
    assert days(case) == {case.law.opinions[SECOND]: last}
    assert case.filed.bodies_awaited == (SECOND,)
    assert [one.view for one in case.filed.opinions] == [View.UNFAVOURABLE]
    assert contest.answers(case) == {}
    with pytest.raises(ImproperAct) as refused:
        case.grounds()
    assert refused.value.said.key == "act.grounds-too-late"
    case.grounds(on=last)  # they had come in time
    assert days(case) == {TIMES.again: last}


def test_the_limit_to_decide_runs_from_the_last_day_for_grounds_where_nobody_follows():
    case = examined(law(follows={}))
    case.day = GIVEN
    case.gives(SECOND, "favourable")
    case.gives(FIRST, "unfavourable")
    case.contests()
    last = case.due(TIMES.grounds)
    case.passes(TIMES.grounds)
    begin_to_decide(case)
    assert days(case) == {case.law.decision: last}


def test_without_a_notice_in_time_the_opinion_is_final_and_a_late_one_is_refused(case: Examined):
    until = case.due(TIMES.notice)
    case.passes(TIMES.notice)
    assert contest.answers(case) == {}
    with pytest.raises(ImproperAct) as refused:
        case.contests()
    assert (refused.value.said.key, refused.value.said.facts["until"]) == ("act.contested-too-late", until)
    case.contests(on=until)  # it had come in time
    assert days(case) == {TIMES.grounds: GIVEN}


def test_who_received_the_opinion_later_has_its_times_from_then(case: Examined):
    until = case.due(TIMES.notice)
    case.passes(TIMES.notice)
    received_on = until + timedelta(days=1)
    case.contests(received_on=received_on)
    assert days(case) == {TIMES.grounds: received_on}


@pytest.mark.parametrize("received_on", [GIVEN - timedelta(days=1), GIVEN + timedelta(days=1)])
def test_an_opinion_is_received_between_the_day_on_which_it_was_given_and_the_notice(case, received_on):
    with pytest.raises(ImproperAct) as refused:
        case.contests(received_on=received_on)
    assert refused.value.said.key == "act.received-out-of-reach"


def test_the_silence_of_a_body_is_no_opinion_that_is_contested():
    case = examined(law(contests={SECOND: TIMES}, follows={}))
    count_as_favourable(case, case.law.opinions[SECOND], GIVEN)
    assert case.filed.opinion_of(SECOND) == Opinion(
        body=SECOND, view=View.FAVOURABLE, given_on=GIVEN, tacit=True
    )
    assert case.filed.contestable == {}


def test_nobody_gives_grounds_without_a_notice_or_before_it(case: Examined):
    with pytest.raises(ImproperAct) as refused:
        case.grounds()
    assert refused.value.said.key == "act.no-grounds-awaited"
    case.day = GIVEN + timedelta(days=3)
    case.contests()
    with pytest.raises(ImproperAct) as refused:
        case.grounds(on=GIVEN)
    assert refused.value.said.key == "act.before-its-time"


def test_a_body_that_looks_again_asks_nothing(case: Examined):
    case = examined(law(questions={FIRST: "answers"}))
    case.day = GIVEN
    assert case.filed.bodies_asking == (FIRST,)
    case.gives(FIRST, "unfavourable")
    case.contests()
    case.grounds()
    assert (case.filed.bodies_awaited, case.filed.bodies_asking) == ((FIRST,), ())
    with pytest.raises(ImproperAct, match="no questions"):
        case.hears(QuestionsRaised, body=FIRST, questions=("Why?",), days=5)


def test_another_day_of_admissibility_moves_nothing_that_runs_since_an_opinion(case: Examined):
    on = DAY_0 + timedelta(days=1)
    correct_admissibility(case, case.hears(AdmissibilityCorrected, admissible_on=on, grounds="A slip."))
    assert days(case) == {TIMES.notice: GIVEN}
    case.contests()
    on += timedelta(days=1)
    correct_admissibility(case, case.hears(AdmissibilityCorrected, admissible_on=on, grounds="A slip."))
    assert (case.filed.stage, days(case)) == (Stage.OPINIONS, {TIMES.grounds: GIVEN})


def test_silence_on_a_contest_means_that_the_opinion_stands_and_nothing_else():
    for clause in (TIMES.notice, TIMES.grounds):
        flags = law().clauses[clause].model_copy(update={"silence": SilencePolicy.FLAG})
        with pytest.raises(NoRuleInForce):
            law(clauses={**law().clauses, clause: flags})


def test_only_a_body_that_is_heard_is_contested():
    heard = next(iter(of_folder.FOLDER.procedures[0].examinations.values()))
    some = Contest(heard.decision, heard.decision, heard.decision)
    said = {name: getattr(heard, name) for name in heard.__dataclass_fields__}
    with pytest.raises(UnknownClause):
        Examination(**said | {"opinions": {}, "questions": {}, "binding": (), "contests": {FIRST: some}})


def by_letter() -> Examined:
    """The times to contest run from the receipt of the letter that tells the opinion."""
    letter = {"receipt_of": LetterKind.OPINION_TOLD.value}
    of = law()
    timed = {c: of.clauses[c].model_copy(update=letter) for c in (TIMES.notice, TIMES.grounds)}
    case = examined(law(clauses={**of.clauses, **timed}))
    case.day = GIVEN
    return case


def test_the_applicant_is_told_an_opinion_and_until_when_it_can_be_contested():
    case = by_letter()
    case.gives(FIRST, "unfavourable", text="The risks are not known.")
    (letter,) = (one for one in case.happened.letters if one.kind == LetterKind.OPINION_TOLD)
    assert letter.role == Role.APPLICANT
    assert (letter.facts["view"], letter.facts["text"]) == ("unfavourable", "The risks are not known.")
    assert letter.facts["contest_by"] == case.due(TIMES.notice)
    assert letter.facts["grounds_by"] == case.law.clock(TIMES.grounds, GIVEN).due_on(case.law.calendar)
    case.contests()
    case.grounds()
    case.gives(FIRST, "favourable")
    (final,) = (one for one in case.happened.letters if one.kind == LetterKind.OPINION_TOLD)
    assert "contest_by" not in final.facts
    case.gives(SECOND, "favourable")  # whose opinion nobody can contest
    assert LetterKind.OPINION_TOLD not in {one.kind for one in case.happened.letters}


def test_an_opinion_that_is_entered_late_is_contested_from_the_day_on_which_it_was_told():
    case = by_letter()
    case.day = told_on = GIVEN + timedelta(days=9)
    case.gives(FIRST, "unfavourable", on=GIVEN)
    assert case.clocks[TIMES.notice].presumed
    until = case.due(TIMES.notice)
    assert until == told_on + timedelta(days=15)
    case.passes(TIMES.notice)
    with pytest.raises(ImproperAct) as refused:
        case.contests(received_on=told_on)  # the receipt is proven
    assert refused.value.said.facts["until"] == until
    case.contests(on=until)
    assert days(case) == {TIMES.grounds: told_on}


def test_on_a_day_of_receipt_that_is_presumed_the_right_to_contest_is_not_lost():
    case = by_letter()
    case.gives(FIRST, "unfavourable")
    case.passes(TIMES.notice)
    assert case.filed.opinion_of(FIRST).presumed
    case.day += timedelta(days=4)
    case.contests()
    assert days(case) == {TIMES.grounds: case.day}  # it had received the opinion by then, as far as is known


def test_whoever_contests_before_the_letter_had_come_is_in_time():
    case = by_letter()
    case.day = GIVEN + timedelta(days=9)
    case.gives(FIRST, "unfavourable", on=GIVEN)
    case.contests(on=GIVEN + timedelta(days=2))
    assert days(case) == {TIMES.grounds: GIVEN + timedelta(days=2)}


def test_while_the_letter_has_come_back_no_time_to_contest_runs():
    case = by_letter()
    case.gives(FIRST, "unfavourable")
    case.clocks[TIMES.notice].await_receipt(GIVEN)
    case.day = GIVEN + timedelta(days=90)
    assert case.last_day(TIMES.notice) is None
    case.contests(received_on=case.day)
    assert days(case) == {TIMES.grounds: case.day}
