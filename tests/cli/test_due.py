"""What falls due, as a desk sees it and as its calendar shows it; no server is needed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from activities.register import RegisterEntries
from models.clock import Clock
from models.entry import Entry, OpenClock, Standing
from models.law.degree import Degree
from models.messages import ENGLISH, read_in
from models.parties import Party
from models.subjects import Product
from office.desk import morning
from procedures.be_umn.words import Kind, Phase, Role
from procedures.books import applicable_law
from tests.cli.desk import Desk, civil_today

TODAY = civil_today()
LAW = applicable_law("CUP", Kind.APPLICATION, TODAY - timedelta(days=100))
HOSTILE = "Élan;Pharma, \\n BEGIN:VEVENT\r\nUID:x\x07\u202eevil " + "a long name " * 12


def opinion(started_on: date, *stops: tuple[date, date | None]) -> OpenClock:
    clock = LAW.clock("commission-opinion", started_on)
    for asked_on, answered_on in stops:
        clock.stop(asked_on, "questions")
        if answered_on:
            clock.restart(answered_on)
    return running(clock, Role.COMMISSION)


def running(clock: Clock, desk: Role) -> OpenClock:
    due_on = clock.due_on(LAW.calendar)
    return OpenClock(ref=clock.clause, desk=desk, due_on=due_on, clock=clock, degree=Degree.ASSUMED)


def fixed(ref: str, due_on: date, desk: Role = Role.DESK) -> OpenClock:
    return OpenClock(ref=ref, desk=desk, due_on=due_on)


def entry(number: str, *clocks: OpenClock, sequence: int = 1, **standing: Any) -> Entry:
    stands = {
        "kind": "application",
        "procedure": "CUP",
        "applicant": Party(id="p", name="Élan Pharma"),
        "subject": Product(
            trade_name="Novamab", active_substance="novamab", indication="A rare anaemia."
        ).subject,
        "phase": Phase.OPINION,
        "possible": ("give-opinion",),
        "clocks": clocks,
        "law": LAW.digest,
    }
    return Entry(
        number=number,
        sequence=sequence,
        recorded_at=datetime(2026, 3, sequence, 9, 30, tzinfo=UTC),
        happened_on=TODAY - timedelta(days=30 - sequence),
        act="Filed",
        by="A. Peeters",
        standing=Standing(**(stands | standing)),
    )


def days(clock: dict[str, Any]) -> int | None:
    return clock["working_days"]


def test_a_desk_sees_its_clocks_overdue_first_in_working_days(
    nowhere: Desk, register: RegisterEntries
) -> None:
    late, soon = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
    register.enter(entry("CUP-2026-001", fixed("decision", soon), fixed("payment", late)))
    register.enter(entry("CUP-2026-002", opinion(TODAY - timedelta(days=5), (TODAY, None))))

    first, second, third = nowhere.does("due")

    assert (first["number"], first["clock"], first["overdue"]) == ("CUP-2026-001", "payment", True)
    assert days(first) == LAW.calendar.working_days_between(TODAY, late) < 0
    assert (second["clock"], second["due_on"], second["overdue"]) == ("decision", str(soon), False)
    assert days(second) == LAW.calendar.working_days_between(TODAY, soon) > 0
    assert (third["desk"], third["due_on"], days(third)) == ("commission", None, None)
    assert third["degree"] == "assumed"
    assert {"kind", "title", "holder", "phase", "assumed", "possible", "flags", "entry"} <= third.keys()

    table = nowhere.asks("due").ended(0).out
    assert table.index("\ndesk\n") < table.index("\ncommission\n")
    assert f"{-days(first)} working days late" in table
    assert f"in {days(second)} working days" in table
    assert "stopped" in table
    assert "3 listed, due within 30 days or overdue; 1 of them overdue" in table


def test_the_day_itself_is_today_and_not_late(nowhere: Desk, register: RegisterEntries) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    (clock,) = nowhere.does("due", "0")
    assert (days(clock), clock["overdue"]) == (0, False)
    assert "  today\n" in nowhere.asks("due", "0").out


def test_once_the_earlier_of_two_days_has_passed_the_later_one_is_counted_to(
    nowhere: Desk, register: RegisterEntries
) -> None:
    passed, later = TODAY - timedelta(days=20), TODAY + timedelta(days=9)
    register.enter(entry("CUP-2026-001", fixed("evaluation", passed).model_copy(update={"late_on": later})))
    (clock,) = nowhere.does("due")
    assert (clock["overdue"], clock["due_on"], clock["counted_to"]) == (False, str(passed), str(later))
    assert days(clock) == LAW.calendar.working_days_between(TODAY, later) > 0
    said = f"earlier day passed; in {days(clock)} working days on the later reading"
    table = nowhere.asks("due").ended(0).out
    assert said in table
    assert str(later) in table  # the count stands beside the day that it counts to
    assert str(passed) not in table
    drawn = nowhere.asks("timeline", "CUP-2026-001").ended(0).out
    assert f"due {later}, {said}" in " ".join(drawn.split())


def test_what_is_late_on_both_readings_is_as_many_days_late_as_the_day_that_is_shown_lies_back(
    nowhere: Desk, register: RegisterEntries
) -> None:
    earlier, later = TODAY - timedelta(days=20), TODAY - timedelta(days=9)
    register.enter(entry("CUP-2026-001", fixed("evaluation", earlier).model_copy(update={"late_on": later})))
    many = -LAW.calendar.working_days_between(TODAY, later)
    for asked in ("due", "desk"):
        rows = re.findall(r"^CUP-2026-001 .*", nowhere.asks(asked).ended(0).out, re.MULTILINE)
        line = rows[0]
        assert re.search(rf"{later}\s.*{many} working days late", line)
        assert str(earlier) not in line


def test_a_day_is_marked_when_it_is_not_confirmed_assumed_or_counted_without_a_calendar(
    nowhere: Desk, register: RegisterEntries
) -> None:
    beyond = LAW.calendar.last + timedelta(days=1)
    unsure = fixed("decision", beyond).model_copy(update={"degree": Degree.READ})
    register.enter(entry("CUP-2026-001", unsure, assumed=True))
    table = nowhere.asks("due", "5000").out
    assert f"{beyond}†  read" in table
    assert "working days‡" in table
    for mark in ("† its day of authorisation", "‡ counted from Monday to Friday"):
        assert mark in table


def test_the_desk_tells_once_what_marks_beside_days_mean_and_only_of_those_that_stand_there(
    nowhere: Desk, register: RegisterEntries, capsys: pytest.CaptureFixture[str]
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    assert "†" not in nowhere.asks("desk").ended(0).out
    for number in ("CUP-2026-002", "CUP-2026-003"):
        register.enter(entry(number, fixed("decision", TODAY), assumed=True))
    for language, meaning in (
        ("en", "† its day of authorisation is assumed."),
        ("nl", "† de dag van de goedkeuring is verondersteld."),
        ("fr", "† le jour de l’approbation est supposé."),
        ("de", "† der Tag der Genehmigung ist unterstellt."),
    ):
        read_in(language)
        morning.show(morning.lies(nowhere.settings.register_url, TODAY, datetime.now(UTC)), "table")
        read_in(ENGLISH)
        told = capsys.readouterr().out
        assert told.count(f"{TODAY}†") == 2
        assert told.count(meaning) == 1


def test_a_desk_can_ask_for_its_own_clocks_only(nowhere: Desk, register: RegisterEntries) -> None:
    register.enter(
        entry("CUP-2026-001", fixed("decision", TODAY), fixed("payment", TODAY, Role.INVOICE_ADDRESSEE))
    )
    for name in ("invoice-addressee", "invoice_addressee"):
        assert [clock["clock"] for clock in nowhere.does("due", "--desk", name)] == ["payment"]
    assert "invoice-addressee" in nowhere.asks("due", "--desk", "nobody").ended(2).err


def events(text: str) -> list[Any]:
    return Calendar.from_ical(text).walk("VEVENT")


def test_the_calendar_feed_has_one_event_for_each_clock_that_has_a_day(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path
) -> None:
    soon = TODAY + timedelta(days=9)
    register.enter(entry("CUP-2026-001", fixed("a.b", soon), fixed("a", soon), fixed("b", soon)))
    register.enter(entry("CUP-2026-001/list-2027", fixed("a", soon), fixed("later", date.max)))
    register.enter(entry("CUP-2026-002", opinion(TODAY - timedelta(days=5), (TODAY, None))))
    into = tmp_path / "due.ics"

    said = nowhere.asks("due", "--ical", str(into)).ended(0).out

    found = events(into.read_text("utf-8"))
    assert "4 clocks; 1 without a day" in said
    assert len({str(event["uid"]) for event in found}) == len(found) == 4
    for event in found:
        assert event.decoded("dtstart") == soon
        assert event["transp"] == "TRANSPARENT"
        assert event["dtstart"].params["VALUE"] == "DATE"
    shown = {clock["number"] for clock in nowhere.does("due", "--ical", str(into))}
    assert shown == {"CUP-2026-001", "CUP-2026-001/list-2027", "CUP-2026-002"}


@pytest.mark.parametrize(
    ("due_on", "rings"),
    [("2028-05-03", "2028-05-02"), ("2028-05-01", "2028-04-28"), ("2028-05-07", "2028-05-05")],
)
def test_a_calendar_rings_on_the_last_weekday_before(
    nowhere: Desk, register: RegisterEntries, due_on: str, rings: str
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", date.fromisoformat(due_on))))
    (event,) = events(nowhere.asks("due", "9999", "--ical", "-").ended(0).out)
    (alarm,) = event.walk("VALARM")
    begins = datetime.combine(event.decoded("dtstart"), datetime.min.time())
    assert f"{begins + alarm.decoded('trigger')}" == f"{rings} 09:00:00"
    assert (alarm["action"], alarm["description"]) == ("DISPLAY", event["summary"])


def test_a_day_that_moves_moves_the_same_event(nowhere: Desk, register: RegisterEntries) -> None:
    started_on = TODAY - timedelta(days=15)
    register.enter(entry("CUP-2026-001", opinion(started_on)))
    (before,) = events(nowhere.asks("due", "60", "--ical", "-").ended(0).out)
    moved = opinion(started_on, (TODAY - timedelta(days=9), TODAY - timedelta(days=2)))
    register.enter(entry("CUP-2026-001", moved, sequence=2))
    (after,) = events(nowhere.asks("due", "60", "--ical", "-").ended(0).out)

    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == moved.due_on > before.decoded("dtstart")
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert (
        after.decoded("dtstamp") == after.decoded("last-modified") == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    )


def test_the_same_register_gives_the_same_feed(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY), fixed("payment", TODAY)))
    first, second = tmp_path / "first.ics", tmp_path / "second.ics"
    nowhere.types("due", "--ical", str(first)).ended(0)
    nowhere.types("due", "--ical", str(second)).ended(0)
    assert first.read_bytes() == second.read_bytes()
    assert b"\r\n" in first.read_bytes()


def test_what_an_applicant_wrote_is_only_text_in_the_feed(nowhere: Desk, register: RegisterEntries) -> None:
    product = Product.model_construct(trade_name=HOSTILE, active_substance="novamab", indication="x").subject
    party = Party.model_construct(id="p", name=HOSTILE)
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY), subject=product, applicant=party))
    text = nowhere.asks("due", "--ical", "-").ended(0).out
    (event,) = events(text)
    assert str(event["uid"]) == "CUP-2026-001.decision@umn"
    assert "Élan;Pharma, \\n BEGIN:VEVENT UID:x evil" in str(event["summary"])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_feed_says_whose_turn_it_is_and_what_is_not_confirmed(
    nowhere: Desk, register: RegisterEntries
) -> None:
    register.enter(entry("CUP-2026-001", opinion(TODAY - timedelta(days=5))))
    (event,) = events(nowhere.asks("due", "60", "--ical", "-").ended(0).out)
    assert event.categories == ["commission"]
    assert str(event["summary"]) == "CUP-2026-001: opinion of the commission (Novamab)"
    for said in ("Phase: opinion.", "Whose turn it is: commission.", "Assumed: no text"):
        assert said in str(event["description"])


def test_a_feed_that_cannot_be_written_leaves_the_old_one(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    nowhere.asks("due", "--ical", str(tmp_path / "nowhere" / "due.ics")).ended(5)
    (tmp_path / "taken.ics").mkdir()
    nowhere.asks("due", "--ical", str(tmp_path / "taken.ics")).ended(5)
    assert [path.name for path in tmp_path.glob("*.ics*")] == ["taken.ics"]
    assert not list(tmp_path.glob(".*.ics*"))


def test_an_option_without_its_file_is_not_taken_for_a_name(nowhere: Desk, register: RegisterEntries) -> None:
    answer = nowhere.asks("due", "--ical", "--desk").ended(2)
    assert "./--desk" in answer.err
