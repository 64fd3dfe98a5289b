"""An objection that came too late: lost where the receipt of the invoice is proven, and there alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.acts import ObjectionRecorded
from models.dossier import Invoice
from models.entry import LetterKind
from models.errors import ImproperAct
from models.notes import LetterLeft
from models.parties import Channel, Role
from tests.law.test_beside import OfTheDay
from tests.law.test_traps import dossier
from workflows import delivery, objection

DAY = timedelta(days=1)
INVOICED = date(2027, 3, 1)
NUMBER = "CUP-2027-001"


def invoiced(channel: Channel, **told: date) -> OfTheDay:
    """A case whose invoice left on its day by a channel."""
    words = {"invoice": "2027-00001", "cents": 100_00, "communication": "090933755493"}
    found = dossier(invoice=Invoice(**words, issued_on=INVOICED, due_on=INVOICED + 30 * DAY))
    found.clocks.clear()
    case = OfTheDay(found)
    case.docket.entries, case.day = 3, INVOICED + 60 * DAY
    role, notice = Role.INVOICE_ADDRESSEE, f"{NUMBER}/3/invoice/invoice_addressee/to-1"
    left = {"dossier": NUMBER, "notice": notice, "letter": "invoice", "role": role, "entry": 3, "by": "Ann"}
    case.happens("LetterLeft")
    delivery.take_note(case, LetterLeft(**left, request_id=notice, on=INVOICED, channel=channel, **told))
    return case


def objects(case: OfTheDay, on: date, **said: str) -> ObjectionRecorded:
    whole = {"hearing": "not_wanted", "addressed": True, "signed": True, "notice": True, "reasoned": True}
    return ObjectionRecorded(by="Ann", on=on, request_id="objection-1", **whole, **said)


def recorded(case: OfTheDay, act: ObjectionRecorded) -> dict:
    act.check(case.carried, case.day)
    case.happens("ObjectionRecorded", act.on)
    objection.record(case, act)
    (letter,) = case.happened.letters
    assert (letter.kind, letter.role) == (LetterKind.OBJECTION, Role.INVOICE_ADDRESSEE)
    return letter.facts


def test_it_is_lost_after_thirty_days_from_the_day_on_which_the_invoice_was_presented():
    presented = INVOICED + 2 * DAY
    case = invoiced(Channel.REGISTERED_WITH_ACKNOWLEDGEMENT, presented_on=presented)
    assert recorded(case, objects(case, presented + 31 * DAY))["too_late_since"] == presented + 31 * DAY
    assert case.carried.objection is None
    assert recorded(case, objects(case, presented + 30 * DAY))["decide_by"] == date(2027, 7, 2)
    assert case.carried.objection is not None


def test_it_is_lost_on_no_day_that_is_presumed_and_a_person_may_excuse_it():
    case = invoiced(Channel.EMAIL)
    late = INVOICED + 31 * DAY
    with pytest.raises(ImproperAct, match="presumed"):
        recorded(case, objects(case, late))
    with pytest.raises(ImproperAct, match="in time"):
        recorded(case, objects(case, late - DAY, excused="Seen on the 20th."))
    assert "lacks" not in recorded(case, objects(case, late, excused="Seen on the 20th."))


def test_an_invoice_that_was_posted_loses_it_on_the_later_of_the_two_readings_alone():
    case = invoiced(Channel.REGISTERED)  # the third working day is Thursday 4 March
    clock = case.carried.time_to_object
    calendar = case.law.calendar
    assert (clock.due_on(calendar), clock.late_on(calendar)) == (date(2027, 4, 2), date(2027, 4, 3))
    assert "decide_by" in recorded(case, objects(case, date(2027, 4, 3)))
