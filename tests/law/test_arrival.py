"""When a letter counts as received, by its channel: the traps are those of a Friday before a holiday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jurisdictions.be.arrivals import ARRIVALS, RULES
from models.law.arrival import Start
from models.law.degree import Degree
from models.parties import Channel
from procedures.be_umn.words import Kind
from procedures.books import applicable_law

DAY = timedelta(1)
FRIDAY = date(2027, 5, 14)  # Whit Monday is the 17th
LAW = applicable_law("CUP", Kind.APPLICATION, date(2027, 1, 4))


def start(channel: Channel, left_on: date = FRIDAY, **known: date) -> Start:
    return LAW.start(channel, left_on, known.get("presented_on"), known.get("received_on"))


def test_every_channel_has_one_rule_with_its_article():
    assert sorted(arrival.channel.value for arrival in ARRIVALS) == sorted(Channel)
    assert {arrival.clause for arrival in ARRIVALS} == {rule.id for rule in RULES}
    assert [arrival.channel for arrival in LAW.arrivals] == [arrival.channel for arrival in ARRIVALS]
    assert all(arrival.article and arrival.degree is not Degree.CONFIRMED for arrival in LAW.arrivals)
    assert {rule.id for rule in RULES} <= LAW.every_unconfirmed.keys()


def test_a_case_carries_the_rules_without_their_words():
    assert LAW.brief().start(Channel.POST, FRIDAY, None, None) == start(Channel.POST)
    assert not any(arrival.article for arrival in LAW.brief().arrivals)


@pytest.mark.parametrize("channel", [Channel.POST, Channel.REGISTERED])
def test_post_counts_as_received_on_the_third_working_day_in_two_readings(channel):
    third = date(2027, 5, 20)  # Tuesday, Wednesday, Thursday
    assert start(channel) == Start(third - DAY, third)
    assert start(channel, presented_on=date(2027, 5, 18)) == Start(third - DAY, third)  # never earlier
    later = date(2027, 5, 25)
    assert start(channel, presented_on=later) == start(channel, received_on=later) == Start(later)


def test_registered_post_with_acknowledgement_counts_from_the_day_on_which_it_was_presented():
    with_it = Channel.REGISTERED_WITH_ACKNOWLEDGEMENT
    assert start(with_it, presented_on=date(2027, 5, 18)) == Start(date(2027, 5, 18))
    assert start(with_it) == Start(FRIDAY, proven=False)  # until the post tells it


def test_by_hand_the_day_counts_and_in_the_ebox_the_first_working_day_after():
    assert start(Channel.BY_HAND) == Start(FRIDAY)
    assert start(Channel.EBOX) == Start(date(2027, 5, 17), date(2027, 5, 18))


def test_an_e_mail_proves_nothing_until_its_receipt_is_proven():
    assert start(Channel.EMAIL) == Start(FRIDAY, proven=False)
    assert start(Channel.EMAIL, received_on=date(2027, 5, 19)) == Start(date(2027, 5, 19))
