"""Where rules of an application meet: examples that were computed by hand, each with its dates.

Admissible on Monday 1 March 2027; Easter Monday, Ascension Day and Whit Monday lie within its working days.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import FactRecorded
from models.clock import Clock
from models.decision import Opinion, View
from models.dossier import Dossier
from models.law.applicable import Law
from models.law.silence import SilencePolicy
from models.parties import Channel, Party
from models.programme import Programme
from models.subjects import Product
from procedures.be_umn.words import Body, Kind
from procedures.books import applicable_law
from tests.law.test_obligations import programme
from workflows.case import Case
from workflows.in_force import ProgrammeInForce
from workflows.phases.facts import take_fact
from workflows.phases.opinions import opinion_passed
from workflows.phases.publicity import list_for_publication
from workflows.under_examination import DossierUnderExamination

DAY = timedelta(days=1)
ADMISSIBLE = date(2027, 3, 1)
LAST_DAY_OF_THE_BODIES, LAST_DAY_TO_DECIDE = date(2027, 4, 27), date(2027, 5, 20)
PARTY = Party(id="a", name="Exemplar Pharma")
PRODUCT = Product(trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease.")


def law(kind: Kind = Kind.APPLICATION, procedure: str = "CUP") -> Law:
    return applicable_law(procedure, kind, ADMISSIBLE)


def running() -> dict[str, Clock]:
    its = law()
    return {clause: its.clock(clause, ADMISSIBLE) for clause in (*its.opinions.values(), its.decision)}


def asked(clock: Clock, on: date, days: int) -> Clock:
    clock.suspend(on, on + DAY, on + days * DAY)
    return clock


def dossier(**said: object) -> Dossier:
    return Dossier(
        number="CUP-2027-001",
        kind=Kind.APPLICATION,
        procedure="CUP",
        opened_on=date(2027, 2, 22),
        taken_in_by="Ann",
        applicant=PARTY,
        invoice_addressee=PARTY,
        subject=PRODUCT.subject,
        law=law(),
        admissible_on=ADMISSIBLE,
        clocks=running(),
        **said,
    )


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
def test_both_bodies_have_forty_working_days_and_the_decision_fifty_five(procedure):
    its = law(procedure=procedure)
    due = {clause: its.clock(clause, ADMISSIBLE).due_on(its.calendar) for clause in its.opinions.values()}
    assert due == dict.fromkeys(("ethics-opinion", "commission-opinion"), LAST_DAY_OF_THE_BODIES)
    assert its.clock(its.decision, ADMISSIBLE).due_on(its.calendar) == LAST_DAY_TO_DECIDE


def test_silence_is_an_opinion_of_the_committee_none_of_the_commission_and_authorises():
    its = law()
    silences = {clause: its.silence(clause) for clause in (*its.opinions.values(), its.decision)}
    assert silences == {
        "ethics-opinion": SilencePolicy.FAVOURABLE,
        "commission-opinion": SilencePolicy.FLAG,
        "decision": SilencePolicy.GRANTED,
    }
    assert its.tacit_outcome(its.decision) == "authorised"


@pytest.mark.parametrize("kind", [kind for kind in Kind.words() if kind != Kind.APPLICATION])
def test_silence_has_an_effect_for_an_application_alone(kind):
    its = law(kind)
    limits = (*its.opinions.values(), its.decision)
    assert {its.silence(clause) for clause in limits} == {SilencePolicy.FLAG}


def test_questions_stop_exactly_the_days_that_were_set_and_on_the_last_day_end_with_the_stop():
    calendar, commission = law().calendar, running()["commission-opinion"]
    asked(commission, LAST_DAY_OF_THE_BODIES, 10)
    assert (commission.due_on(calendar), commission.later_on(calendar)) == (
        date(2027, 5, 7),
        date(2027, 5, 10),
    )
    left = calendar.working_days_between(date(2027, 5, 7), LAST_DAY_TO_DECIDE)
    assert left == 8  # the limit to decide did not move


def test_one_round_of_questions_never_carries_the_commission_past_the_decision_and_a_third_one_does():
    for n in range(41):
        assert dossier().carried_past(Body.COMMISSION, ADMISSIBLE + n * DAY, 10) is None
    found, calendar = dossier(), law().calendar
    commission = found.clocks["commission-opinion"]
    for ends in (date(2027, 5, 7), date(2027, 5, 18)):  # each round on the last day of the one before
        asked(commission, commission.due_on(calendar), 10)
        assert commission.due_on(calendar) == ends
    assert found.carried_past(Body.COMMISSION, ends, 10) == (date(2027, 5, 28), LAST_DAY_TO_DECIDE)


@pytest.mark.parametrize(
    ("channel", "left_on", "first"),
    [
        (Channel.EMAIL, date(2027, 3, 5), date(2027, 3, 6)),
        (Channel.REGISTERED, date(2027, 3, 5), date(2027, 3, 6)),
        (Channel.EBOX, date(2027, 3, 5), date(2027, 3, 8)),  # Friday: Monday is day 1
        (Channel.EBOX, date(2027, 3, 29), date(2027, 3, 30)),  # on Easter Monday
    ],
)
def test_a_period_from_the_sending_begins_on_the_day_after_and_by_ebox_on_a_working_day(
    channel, left_on, first
):
    assert law().sent(channel, left_on).on + DAY == first


def test_a_late_unfavourable_opinion_stands_beside_the_tacit_one_and_a_favourable_one_takes_its_place():
    tacit = Opinion(
        body=Body.ETHICS_COMMITTEE,
        view=View.FAVOURABLE,
        given_on=LAST_DAY_OF_THE_BODIES + DAY,
        tacit=True,
    )
    late = {"body": Body.ETHICS_COMMITTEE, "given_on": date(2027, 4, 28), "late": True}
    against, for_it = (Opinion(view=view, **late) for view in (View.UNFAVOURABLE, View.FAVOURABLE))
    assert dossier(opinions=[tacit, against]).opinion_of(Body.ETHICS_COMMITTEE) is not against
    assert dossier(opinions=[tacit, for_it]).opinion_of(Body.ETHICS_COMMITTEE).text == for_it.text
    assert dossier(opinions=[tacit, against]).bodies_awaited == (Body.COMMISSION,)


def test_what_silence_brought_exists_from_the_day_after_the_last_day_until_a_person_establishes_it():
    found = dossier(to_establish=["ethics-opinion", "decision"])
    assert found.exists_by_law == {
        "ethics-opinion": date(2027, 4, 28),
        "decision": date(2027, 5, 21),
    }


class Examined(DossierUnderExamination):
    """An application, on a day that the test names."""

    day = LAST_DAY_OF_THE_BODIES + DAY

    @property
    def today(self) -> date:
        return self.day


@pytest.mark.parametrize("left", [True, False])
def test_the_silence_of_a_committee_counts_by_itself_only_if_the_file_has_left_for_it(left):
    """By the words the opinion exists all the same: a person establishes it."""
    case = Examined(dossier())
    if left:
        notice = "CUP-2027-001/2/opinion-request/ethics_committee/to-1"
        case.docket.letter_left(notice, "opinion-request", 2, ADMISSIBLE, "email", "")
    opinion_passed(case, "ethics-opinion")
    assert case.filed.to_establish == ([] if left else ["ethics-opinion"])
    assert case.happened.act == ("TacitOpinion" if left else "LimitPassed")
    assert [opinion.tacit for opinion in case.filed.opinions] == ([True] if left else [])


class Living(ProgrammeInForce):
    """A programme, on a day that the test names."""

    day = ADMISSIBLE

    @property
    def today(self) -> date:
        return self.day


def test_refused_in_part_the_programme_ends_on_the_market_and_another_is_set_up_in_the_same_moment():
    of_life = applicable_law("CUP", None, ADMISSIBLE)
    programme = Programme(
        number="CUP-2027-001",
        procedure="CUP",
        applicant=PARTY,
        subject=PRODUCT.subject,
        authorised_on=date(2026, 3, 2),
        granted_on=date(2026, 3, 2),
        opened_on=date(2026, 3, 2),
        last_update_on=date(2026, 3, 2),
        law=of_life,
    )
    life = Living(programme)
    said = {"by": "Ann", "request_id": "request-1", "source": "The decision."}
    life.happens("FactRecorded")
    in_part = FactRecorded(fact="authorisation-refused-in-part", indications="For children.", **said)
    take_fact(life, in_part)
    assert programme.due_on == ADMISSIBLE  # at once, and late from the day after
    assert f"successor-awaited:{ADMISSIBLE}" in programme.flags
    life.day = date(2027, 4, 15)
    life.happens("FactRecorded")
    take_fact(life, FactRecorded(fact="on-the-market", **said))
    assert (programme.closed_on, programme.succession.outcome) == (date(2027, 4, 15), "tacit")
    assert programme.subject_of_successor().parts["indication"] == "For children."
    assert life.due("publication") == date(2027, 4, 22)


def test_what_silence_set_up_is_published_by_the_earlier_day_and_late_after_the_later_one():
    """Decided by silence after 20 May 2027: counted from that day, or from the 21st as the decision's own."""
    since = LAST_DAY_TO_DECIDE + DAY
    life = programme(applicable_law("MNP", None, since), since)
    case = Case(life)
    case.happens("TacitDecision", since)
    list_for_publication(case, life, LAST_DAY_TO_DECIDE)
    clock, calendar = case.clocks["publication"], case.law.calendar
    assert (clock.due_on(calendar), clock.late_on(calendar)) == (date(2027, 5, 27), date(2027, 5, 28))
