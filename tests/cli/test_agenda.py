"""The agenda of a morning: who has one on which day, what it says, and that nobody has it twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from activities.register import RegisterEntries
from models.agenda import Agenda, Mail, Sent
from models.messages import Message
from office.connection import connect
from office.desk import agenda
from office.law.agency import add_closing_day, closing_day
from office.publication.schedule import zone
from office.service.launching import wait_for
from office.settings import Settings
from register import restores
from register.database import transaction
from tests.cli.desk import Desk
from tests.cli.test_due import TODAY, entry, fixed
from worker import agendas_of

OFFICES = """
[be_umn]
language = "en"
head_of_unit = "head@agency.example"
addresses.desk = "desk@agency.example"

[be_umn.MNP.addresses]
desk = "need@agency.example, desk@agency.example"
"""
OF_OTHER_PROCEDURES = ("hospital-exemption@agency.invalid", "conditional-authorisations@agency.invalid")
"""The desks of what else is shipped, as it is shipped: no closing day of the agency counts there."""

MONDAY = date(2026, 12, 7)


def at_eight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, agenda.HOUR, tzinfo=zone())


@pytest.fixture
def office(nowhere: Desk, register: RegisterEntries) -> Settings:
    """An office with two desks and a head of unit, in which nothing runs."""
    (nowhere.settings.var / "offices.toml").write_text(OFFICES)
    return nowhere.settings


def due(settings: Settings, day: date) -> list[tuple[str, bool]]:
    """Who has an agenda on the morning of a day, of the desks that this file is about."""
    by_key = {(one.key, one.weekly): one.address for one in agenda.readers(settings)}
    told = [(by_key[one.reader, one.weekly], one.weekly) for one in agenda.due_at(settings, at_eight(day))]
    return [one for one in told if one[0] not in OF_OTHER_PROCEDURES]


def of(settings: Settings, address: str, day: date, weekly: bool = False) -> Mail | None:
    """What a reader is told on a day."""
    (key,) = {one.key for one in agenda.readers(settings) if (one.address, one.weekly) == (address, weekly)}
    asked = Agenda(reader=key, day=day, weekly=weekly, until=at_eight(day) + timedelta(hours=16))
    return agenda.written(settings, asked)


def test_each_desk_has_it_on_each_working_day_and_the_head_of_unit_on_the_first_of_a_week(
    office: Settings,
) -> None:
    desks = [("desk@agency.example", False), ("need@agency.example", False)]
    assert sorted(due(office, MONDAY)) == [desks[0], ("head@agency.example", True), desks[1]]
    assert sorted(due(office, MONDAY + timedelta(days=1))) == desks
    assert due(office, MONDAY - timedelta(days=1)) == []  # Sunday
    assert due(office, date(2026, 12, 25)) == []  # Christmas
    (both,) = (one for one in agenda.readers(office) if (one.address, one.weekly) == desks[0])
    assert {"CUP", "MNP"} <= {*both.procedures}


def test_a_closing_day_of_the_agency_has_none_and_the_week_begins_on_the_day_after(office: Settings) -> None:
    closed = closing_day(
        day=MONDAY, reason="bridge", published=date(2026, 1, 5), by="Ann", entered_on=date(2026, 1, 6)
    )
    add_closing_day(office.law, closed)
    assert due(office, MONDAY) == []
    assert ("head@agency.example", True) in due(office, MONDAY + timedelta(days=1))


def test_a_desk_is_told_of_its_own_procedures_what_is_due_late_and_new_since_the_one_before(
    office: Settings, register: RegisterEntries
) -> None:
    soon = TODAY + timedelta(days=5)
    silent = fixed("decision", soon).model_copy(
        update={"silence": "refused", "effect_on": soon + timedelta(days=1)}
    )
    new = datetime.now(UTC)
    register.enter(entry("CUP-2026-001", silent, fixed("publication", TODAY - timedelta(days=9))))
    register.enter(entry("MNP-2026-001", fixed("decision", soon), procedure="MNP"))
    register.enter(entry("CUP-2026-002").model_copy(update={"recorded_at": new}))

    told = of(office, "desk@agency.example", TODAY)
    assert told is not None
    assert told.subject == f"Agenda of {TODAY}: 3 due, 1 overdue"
    assert f"CUP-2026-001 (Novamab): decision, by the desk, until {soon}" in told.body
    assert f"silence refuses it from {soon + timedelta(days=1)}" in told.body
    assert "overdue" in told.body.partition("publication")[2].partition("\n")[0]
    assert "CUP-2026-002 (Novamab): Filed, by A. Peeters; phase: opinion." in told.body

    of_need = of(office, "need@agency.example", TODAY)
    assert of_need is not None
    assert "MNP-2026-001" in of_need.body
    assert "CUP" not in of_need.body.replace("CUP-2026-", "CUP")
    week = of(office, "head@agency.example", MONDAY, weekly=True)
    assert week is not None
    assert week.subject.startswith(f"Agenda of the week from {MONDAY}")


def test_what_would_leave_now_is_shown_in_the_words_of_the_mail_and_nothing_is_sent(
    office: Settings, nowhere: Desk, register: RegisterEntries
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    told = {(one["recipient"], one["weekly"]): one for one in nowhere.does("desk", "--mail")}
    for weekly, address in ((False, "desk@agency.example"), (True, "head@agency.example")):
        mail, shown = of(office, address, TODAY, weekly), told[address, weekly]
        assert mail
        assert (shown["subject"], shown["body"]) == (mail.subject, mail.body)
    need = told["need@agency.example", False]
    assert (need["subject"], need["body"]) == (None, None)

    shown = nowhere.asks("desk", "--mail").ended(0).out
    assert f"To desk@agency.example: Agenda of {TODAY}: 1 due, 0 overdue\n" in shown
    assert "Nothing would leave for need@agency.example: nothing lies there." in shown
    assert shown.endswith("Nothing was sent or entered.\n")
    assert not office.outbox.exists()


def test_nothing_is_foreseen_while_a_restore_keeps_back_what_leaves(
    office: Settings, nowhere: Desk, register: RegisterEntries
) -> None:
    with transaction(office.register_url) as session:
        restores.begin(session, "2026-12-01T00:00:00+00:00", datetime.now(UTC), "Ann", 100)
    assert "A restore keeps back what leaves" in nowhere.asks("desk", "--mail").ended(2).err


def test_it_is_in_the_language_of_the_office(office: Settings, register: RegisterEntries) -> None:
    office.offices.write_text(OFFICES.replace('"en"', '"fr"'))
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    told = of(office, "desk@agency.example", TODAY)
    assert told is not None
    assert Message("desk.ours", n=1).in_words("fr") in told.body
    assert Message("desk.ours", n=1).in_words("en") not in told.body


def test_where_nothing_lies_on_a_desk_nothing_is_sent(office: Settings) -> None:
    assert of(office, "desk@agency.example", MONDAY) is None
    (first, *_) = agenda.due_at(office, at_eight(MONDAY))
    assert agendas_of(office).send(first) is Sent.NOTHING_TO_SAY
    assert not office.outbox.exists()


def test_without_a_mail_server_it_lies_in_the_outbox_once(
    office: Settings, register: RegisterEntries
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    for asked in (*agenda.due_at(office, at_eight(MONDAY)), *agenda.due_at(office, at_eight(MONDAY))):
        assert agendas_of(office).send(asked) in (Sent.LEFT, Sent.NOTHING_TO_SAY)
    written = [message_from_bytes(file.read_bytes(), policy=default) for file in office.outbox.iterdir()]
    assert sorted(message["To"] for message in written) == ["desk@agency.example", "head@agency.example"]
    assert all("CUP-2026-001" in message.get_content() for message in written)


def test_what_a_restore_keeps_back_and_an_address_as_shipped_in_production_have_none(
    office: Settings,
) -> None:
    office.offices.write_text("")
    assert due(replace(office, profile="production"), MONDAY) == []
    assert due(office, MONDAY) == [("umn-desk@agency.invalid", False)]
    with transaction(office.register_url) as session:
        restores.begin(session, "2026-12-01T00:00:00+00:00", datetime.now(UTC), "Ann", 100)
    assert due(office, MONDAY) == []


def test_the_schedule_of_an_office_that_runs_begins_it_at_eight(desk: Desk) -> None:
    async def now() -> tuple[int, str, int]:
        client = await connect(desk.settings)
        handle = client.get_schedule_handle(f"{desk.settings.task_queue}-agenda")
        spec = (await handle.describe()).schedule.spec
        await handle.trigger()
        while not (begun := (await handle.describe()).info.recent_actions):
            await asyncio.sleep(0.1)
        run = client.get_workflow_handle(begun[0].action.workflow_id)
        return spec.calendars[0].hour[0].start, spec.time_zone_name or "", await run.result()

    due = len(agenda.due_at(desk.settings, datetime.now(UTC)))
    assert wait_for(now()) == (agenda.HOUR, "Europe/Brussels", due)
