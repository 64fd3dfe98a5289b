"""The picture of a case's clocks, from the register alone; no server is needed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.register import RegisterEntries
from models.clock import Clock, ClosingDay, Limit, Rules, Unit
from models.decision import Condition
from models.entry import OpenClock
from models.errors import NotFound
from models.law.applicable import Law
from models.law.clause import calendar_days, working_days
from models.law.degree import Degree
from models.parties import Party
from models.subjects import Product
from office.desk.drawing import as_svg, drawn, told
from office.desk.timeline import Picture, Row, SpanKind, picture_of
from procedures.be_umn.words import Kind, Phase, Role
from procedures.books import applicable_law
from register import case, laws, views
from register.database import migrate
from tests.cli.desk import Desk
from tests.cli.test_due import HOSTILE, entry, fixed
from tests.cli.test_due import LAW as LAW_OF_ENTRIES

SVG = "{http://www.w3.org/2000/svg}"
OF_ITS_DAY = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))
LIMITS = {"commission-opinion": calendar_days(30), "decision": working_days(40)}
DRAWN = {c: OF_ITS_DAY.clauses[c].model_copy(update={"limits": (limit,)}) for c, limit in LIMITS.items()}
LAW = OF_ITS_DAY.model_copy(update={"clauses": {**OF_ITS_DAY.clauses, **DRAWN}}).revised()
"""Limits of other lengths than the law has them: what is drawn does not hang on its values."""

TODAY = date(2026, 4, 27)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a register without entries."""
    address = f"sqlite:///{tmp_path / 'register.db'}"
    migrate(address)
    return address


def enters(
    url: str,
    on: date,
    phase: Phase,
    *clocks: OpenClock,
    law: Law = LAW,
    facts: dict[str, Any] | None = None,
    **standing: Any,
) -> None:
    """Writes the next entry of the one case of a register."""
    number = "CUP-2026-001"
    try:
        sequence = len(case.case(url, number, on).entries) + 1
    except NotFound:
        sequence = 1
    made = entry(number, *clocks, sequence=sequence, phase=phase, law=law.digest, **standing)
    laws.keep(url, law)
    RegisterEntries(url).enter(made.model_copy(update={"happened_on": on, "facts": facts or made.facts}))


def picture(url: str, today: date = TODAY) -> Picture:
    found = case.case(url, "CUP-2026-001", today)
    return picture_of(found, views.laws(url, {line.law for line in found.entries}), today)


def runs(clock: Clock, desk: Role = Role.COMMISSION, law: Law = LAW) -> OpenClock:
    return OpenClock(
        ref=clock.clause, desk=desk, due_on=clock.due_on(law.calendar), clock=clock, degree=Degree.ASSUMED
    )


def stopped_and_extended() -> Clock:
    clock = LAW.clock("commission-opinion", date(2026, 3, 5))
    clock.stop(date(2026, 3, 20), "How is it destroyed?")
    clock.restart(date(2026, 4, 3))
    clock.extend(10, "a complex file", date(2026, 4, 6))
    return clock


def spans(row: Row) -> list[tuple[str, date, date]]:
    return [(span.kind.value, span.first, span.last) for span in row.spans]


def clock_row(drawing: Picture, ref: str) -> Row:
    return next(row for row in drawing.rows if row.ref == ref)


def test_a_clock_is_drawn_from_its_start_over_its_stop_and_extension_to_its_day(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.OPINION, runs(stopped_and_extended()))
    row = clock_row(picture(url), "commission-opinion")
    assert spans(row) == [
        ("ran", date(2026, 3, 6), date(2026, 3, 20)),
        ("stopped", date(2026, 3, 21), date(2026, 4, 3)),
        ("ran", date(2026, 4, 4), date(2026, 4, 20)),
        ("extended", date(2026, 4, 21), date(2026, 4, 28)),
    ]
    assert (row.title, row.started_on, row.due_on) == (
        "opinion of the commission",
        date(2026, 3, 5),
        date(2026, 4, 28),
    )
    assert (row.left, row.marks) == ("in 1 working day", "")
    assert "30 calendar days" in row.says
    assert "art. 106" in row.says


def test_an_end_on_a_holiday_is_drawn_as_moved_to_the_next_working_day(url: str) -> None:
    term = LAW.clock("commission-opinion", date(2026, 3, 6))  # its 30th day is Easter Sunday
    enters(url, date(2026, 3, 6), Phase.OPINION, runs(term))
    row = clock_row(picture(url), "commission-opinion")
    assert spans(row) == [
        ("ran", date(2026, 3, 7), date(2026, 4, 5)),
        ("moved", date(2026, 4, 6), date(2026, 4, 7)),
        ("late", date(2026, 4, 8), TODAY),
    ]
    assert row.left == "14 working days late"


def test_a_clock_that_stands_still_is_drawn_to_today_and_has_no_day(url: str) -> None:
    clock = LAW.clock("commission-opinion", date(2026, 3, 5))
    clock.stop(date(2026, 4, 1), "questions")
    enters(url, date(2026, 4, 1), Phase.OPINION, runs(clock))
    drawing = picture(url)
    row = clock_row(drawing, "commission-opinion")
    assert spans(row)[-1] == ("stopped", date(2026, 4, 2), TODAY)
    assert (row.due_on, row.left) == (None, "stopped")
    assert "no last day while it does not run" in as_svg(drawing)


def test_public_holidays_and_closing_days_are_drawn_by_their_names(url: str) -> None:
    closing = ClosingDay(day=date(2026, 5, 15), reason="Bridging day", by="A", entered_on=date(2026, 3, 2))
    closed = LAW.revised(closing=closing)
    clock = closed.clock("decision", date(2026, 3, 5))
    enters(url, date(2026, 3, 5), Phase.OPINION, runs(clock, Role.DESK, closed), law=closed)
    drawing = picture(url)
    assert [(off.day, off.closing) for off in drawing.days_off] == [
        (date(2026, 4, 6), False),
        (date(2026, 5, 1), False),
    ]
    enters(
        url,
        date(2026, 3, 6),
        Phase.OPINION,
        runs(closed.clock("decision", date(2026, 3, 25)), law=closed),
        law=closed,
    )
    named = {off.day: off.name for off in picture(url).days_off}
    assert named[date(2026, 4, 6)] == "Easter Monday"
    assert named[date(2026, 5, 15)] == "Bridging day"


def test_the_phases_are_drawn_in_their_order_and_the_last_one_to_today(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.ADMISSIBILITY)
    enters(url, date(2026, 3, 5), Phase.OPINION)
    enters(url, date(2026, 3, 9), Phase.OPINION)
    enters(url, date(2026, 3, 20), Phase.DECISION, fixed("decision", date(2026, 6, 1)))
    assert [(span.says, span.first, span.last) for span in picture(url).rows[0].spans] == [
        ("admissibility", date(2026, 3, 2), date(2026, 3, 4)),
        ("opinion", date(2026, 3, 5), date(2026, 3, 19)),
        ("decision", date(2026, 3, 20), TODAY),
    ]


def test_a_programme_is_drawn_by_its_authorisation_year_conditions_and_suspension(url: str) -> None:
    authorised_on, reported_on = date(2024, 6, 14), date(2026, 5, 29)
    year = Clock(
        clause="evaluation",
        limit=Limit(amount=12, unit=Unit.MONTHS),
        rules=Rules.PLAIN,
        started_on=date(2025, 6, 14),
    )
    standing = {
        "kind": "programme",
        "authorised_on": authorised_on,
        "review_on": date(2026, 6, 14),
        "conditions": (Condition(number=1, text="Report on twenty patients.", due_on=reported_on),),
    }
    evaluation = OpenClock(
        ref="evaluation-2026-06-14", desk=Role.APPLICANT, due_on=date(2026, 6, 14), clock=year
    )
    clocks = (evaluation, fixed("condition-1", reported_on, Role.APPLICANT))
    enters(url, authorised_on, Phase.AUTHORISED, *clocks, **standing)
    enters(url, date(2026, 1, 10), Phase.SUSPENDED, *clocks, **standing)
    enters(url, date(2026, 2, 20), Phase.AUTHORISED, *clocks, **standing)

    drawing = picture(url)

    phases, years, condition, owed = drawing.rows
    assert [span.says for span in phases.spans] == ["authorised", "suspended", "authorised"]
    assert [(span.says, span.last) for span in years.spans] == [("year 2", date(2026, 6, 13))]
    assert "Report on twenty patients." in condition.says
    assert spans(condition) == [("fixed", authorised_on, reported_on)]  # the picture begins later
    assert told(phases).startswith("authorised from 2024-06-14; ")
    assert spans(owed) == [("ran", date(2025, 6, 15), date(2026, 6, 14))]
    assert drawing.first == date(2025, 6, 13)


def test_what_passed_before_the_year_and_stands_open_is_drawn_at_its_day(url: str) -> None:
    passed, authorised_on = date(2026, 1, 10), date(2026, 3, 20)
    programme = {"kind": "programme", "authorised_on": authorised_on}
    enters(url, authorised_on, Phase.AUTHORISED, fixed("contribution", passed), **programme)
    drawing = picture(url)
    assert drawing.first < passed
    (bar,) = (line for line in drawn(drawing, 120) if line.startswith("amount of the contribution"))
    assert bar.index("◆") < bar.index("!")
    assert "a task since that day" in clock_row(drawing, "contribution").says


def test_what_silence_brought_about_is_drawn_from_its_own_day(url: str) -> None:
    since, known_on = date(2026, 4, 1), date(2026, 4, 20)
    enters(url, date(2026, 3, 2), Phase.OPINION)
    silent = {"silent_until": str(since - timedelta(days=1)), "effective_on": str(since)}
    enters(url, known_on, Phase.AUTHORISED, facts=silent)
    assert [(s.says, s.first, s.last) for s in picture(url).rows[0].spans] == [
        ("opinion", date(2026, 3, 2), date(2026, 3, 31)),
        ("authorised", since, TODAY),
    ]


def test_what_was_filed_before_a_phase_began_or_is_entered_late_begins_none(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.ADMISSIBILITY)
    enters(url, date(2026, 3, 20), Phase.AUTHORISED)
    enters(url, date(2026, 3, 9), Phase.AUTHORISED)  # a modification, received before
    assert [(s.says, s.first) for s in picture(url).rows[0].spans] == [
        ("admissibility", date(2026, 3, 2)),
        ("authorised", date(2026, 3, 20)),
    ]
    enters(url, date(2026, 3, 15), Phase.SUSPENDED)  # as it was entered late
    assert [(s.says, s.first, s.last) for s in picture(url).rows[0].spans] == [
        ("admissibility", date(2026, 3, 2), date(2026, 3, 14)),
        ("suspended", date(2026, 3, 15), TODAY),
    ]


def test_a_day_that_no_calendar_covers_is_counted_from_monday_to_friday_and_marked(url: str) -> None:
    beyond = LAW.calendar.last + timedelta(days=1)
    enters(url, date(2026, 3, 2), Phase.AUTHORISED, fixed("condition-1", beyond))
    drawing = picture(url, LAW.calendar.last)
    assert clock_row(drawing, "condition-1").left.endswith("‡")
    assert "‡ counted from Monday to Friday: no calendar of its law covers these days." in drawing.remarks


def test_a_case_without_clocks_says_so(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.WITHDRAWN, ended=True)
    drawing = picture(url)
    assert drawing.remarks == ("No clock runs in CUP-2026-001: it has ended.",)
    assert "No clock runs in CUP-2026-001: it has ended." in drawn(drawing, 100)
    assert "No clock runs" in as_svg(drawing)


def test_a_day_that_was_told_is_drawn_also_when_this_release_would_count_another(url: str) -> None:
    told = runs(LAW.clock("commission-opinion", date(2026, 3, 5))).model_copy(
        update={"due_on": date(2026, 4, 30)}
    )
    enters(url, date(2026, 3, 5), Phase.OPINION, told)
    drawing = picture(url)
    assert clock_row(drawing, "commission-opinion").due_on == date(2026, 4, 30)
    assert "2026-04-30 was told and stands; this release counts 2026-04-07" in " ".join(drawing.remarks)


# The drawings.


def line_of(lines: list[str], title: str) -> str:
    return next(line for line in lines if line.startswith(title))


def test_the_terminal_shows_each_kind_of_day_by_a_sign_of_its_own(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.OPINION, runs(stopped_and_extended()))
    for width in (60, 80, 110, 200):
        lines = drawn(picture(url), width)
        assert all(len(line) <= width for line in lines), width
        bar = line_of(lines, "opinion of the")
        assert re.search(r"●█+·+█+▒*◆", bar), (width, bar)
        assert any("▼ today, 2026-04-27" in line for line in lines)
    for meaning in ("· clock-stop: does not run", "▒ runs by an extension", "◆ last day", "h public holiday"):
        assert meaning in "\n".join(lines)


def test_a_phase_without_room_for_its_name_is_named_beneath(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.ADMISSIBILITY)
    enters(url, date(2026, 3, 3), Phase.OPINION)
    enters(url, date(2026, 4, 20), Phase.DECISION, runs(stopped_and_extended()))
    said = "admissibility from 2026-03-02; opinion from 2026-03-03; decision from 2026-04-20"
    root = ElementTree.fromstring(as_svg(picture(url)))
    shown = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert f"phase: {said}." in " ".join(shown)
    assert said in " ".join(" ".join(drawn(picture(url), 80)).split())


def texts(drawing: Picture) -> list[str]:
    """What stands in the picture, in the order in which it is drawn."""
    return [element.text or "" for element in ElementTree.fromstring(as_svg(drawing)).iter(f"{SVG}text")]


def test_the_phase_of_a_case_of_one_day_has_its_name_beside_its_bar(url: str) -> None:
    enters(url, TODAY, Phase.ADMISSIBILITY, runs(LAW.clock("decision", TODAY), Role.DESK))
    drawing = picture(url)
    shown = texts(drawing)
    assert "admissibility" in shown
    assert not [text for text in shown if text.startswith("phase: ")]


def test_the_name_of_a_row_is_whole_and_a_text_of_law_has_its_name_and_no_number(url: str) -> None:
    refs = ("admissibility-notice", "passing-on", "commission-opinion")
    clocks = [runs(LAW.clock(ref, date(2026, 3, 5)), Role.DESK) for ref in refs]
    enters(url, date(2026, 3, 5), Phase.OPINION, *clocks)
    drawing = picture(url)
    said = " ".join(texts(drawing)).replace("\N{NO-BREAK SPACE}", " ")
    for row in drawing.rows:
        assert row.title in said
    assert "…" not in " ".join(drawn(drawing, 80))
    assert "Royal Decree of 14 December 2006, art. 106" in said
    assert "numac" not in said


def test_a_start_on_the_last_day_or_near_it_is_drawn_over_it(url: str) -> None:
    at_once = LAW.clock("commission-opinion", TODAY).model_copy(
        update={"limit": Limit(amount=1, unit=Unit.CALENDAR_DAYS)}
    )
    enters(url, TODAY, Phase.OPINION, runs(at_once))
    marks = re.findall(r'class="(start|due)" (?:cx|d)=', as_svg(picture(url)))
    assert marks.index("due") < marks.index("start")


def test_the_time_that_is_left_is_told_apart_from_the_limit(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.OPINION, runs(stopped_and_extended()))
    assert picture(url).rows[1].says.startswith("limit: 30 calendar days")


def test_the_svg_needs_nothing_else_and_is_told_in_sentences(url: str) -> None:
    enters(url, date(2026, 3, 2), Phase.OPINION, runs(stopped_and_extended()))
    text = as_svg(picture(url))
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == "CUP-2026-001: application, opinion"
    told = root.find(f"{SVG}desc").text
    for said in (
        "due 2026-04-28, in 1 working day",
        "stopped 2026-03-21 to 2026-04-03 (How is it destroyed?)",
    ):
        assert said in told
    assert "prefers-color-scheme: dark" in text
    outside = re.findall(r"https?://[^\"'\s<]+", text)
    assert outside == ["http://www.w3.org/2000/svg"]
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {
        "svg",
        "title",
        "desc",
        "style",
        "defs",
        "pattern",
        "g",
        "rect",
        "line",
        "path",
        "circle",
        "text",
        "tspan",
    }
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_what_people_wrote_is_only_text_in_the_svg_and_the_terminal(url: str) -> None:
    wrote = f"<script>alert(1)</script> & {HOSTILE}\x1b[31m"
    clock = LAW.clock("commission-opinion", date(2026, 3, 5))
    clock.stop(date(2026, 3, 20), wrote)
    clock.restart(date(2026, 4, 3))
    enters(
        url,
        date(2026, 3, 5),
        Phase.OPINION,
        runs(clock),
        subject=Product.model_construct(
            trade_name=wrote[:250], active_substance="novamab", indication="x"
        ).subject,
        applicant=Party.model_construct(id="p", name=wrote[:250]),
    )
    drawing = picture(url)
    root = ElementTree.fromstring(as_svg(drawing))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>alert(1)</script> &" in "".join(root.itertext())
    assert "\x1b" not in "\n".join(drawn(drawing, 100))


some_days = st.integers(0, 60)


@st.composite
def any_clock(draw: st.DrawFn) -> Clock:
    unit = draw(st.sampled_from(Unit))
    most = {Unit.HOURS: 900, Unit.WEEKS: 30, Unit.MONTHS: 30, Unit.YEARS: 3}.get(unit, 60)
    clock = Clock(
        limit=Limit(amount=draw(st.integers(0, most)), unit=unit),
        rules=draw(st.sampled_from(Rules)),
        started_on=date(2026, 3, 2) + timedelta(days=draw(some_days)),
    )
    asked_on = clock.started_on
    for _ in range(draw(st.integers(0, 3))):
        asked_on += timedelta(days=draw(some_days))
        clock.stop(asked_on, draw(st.sampled_from(("", "questions"))))
        if draw(st.booleans()):
            asked_on += timedelta(days=draw(some_days))
            clock.restart(asked_on)
    if draw(st.booleans()):
        clock.extend(draw(st.integers(1, min(most, 30))), "", None)
    return clock


@settings(deadline=None, max_examples=60)
@given(any_clock(), st.integers(-30, 200), st.integers(20, 250))
def test_every_clock_can_be_drawn_and_each_of_its_days_once(clock: Clock, later: int, width: int) -> None:
    due_on, today = clock.due_on(LAW.calendar), clock.started_on + timedelta(days=max(later, 0))
    told = OpenClock(ref="decision", desk=Role.DESK, due_on=due_on, clock=clock)
    line = case.Line(
        sequence=1,
        recorded_at="2026-03-02T09:00:00+00:00",
        happened_on=clock.started_on,
        act="Filed",
        by="A",
        request_id=None,
        phase="opinion",
        possible=(),
        due_on=due_on,
        overdue=False,
        ended=False,
        facts={},
        unconfirmed={},
        clocks=(told.model_dump(mode="json"),),
        law=LAW.digest,
    )
    drawing = picture_of(_case(line, clock.started_on), {LAW.digest: LAW.model_dump(mode="json")}, today)
    row = clock_row(drawing, "decision")
    shown = [
        span.first + timedelta(days=n) for span in row.spans for n in range((span.last - span.first).days + 1)
    ]
    assert shown == sorted(set(shown))
    stopped = [span for span in row.spans if span.kind is SpanKind.STOPPED]
    assert all(not clock.runs_on(span.first) and not clock.runs_on(span.last) for span in stopped)
    assert drawn(drawing, width)
    ElementTree.fromstring(as_svg(drawing))


def _case(line: case.Line, opened_on: date) -> case.Case:
    state = views.State(
        number="CUP-2026-001",
        entry=1,
        kind="application",
        procedure="CUP",
        parent=None,
        holder="Élan Pharma",
        title="Novamab",
        subject={"kind": "product", "parts": {"trade_name": "Novamab", "active_substance": "novamab"}},
        phase="opinion",
        possible=(),
        due_on=line.due_on,
        overdue=False,
        ended=False,
        flags=(),
        unconfirmed={},
        public_list=None,
        last_update_on=None,
        authorised_on=None,
        in_force_on=None,
        review_on=None,
        assumed=False,
        opened_on=opened_on,
        recorded_at=line.recorded_at,
        conditions=(),
    )
    return case.Case(state, (line,), (), (), (), None, ())


# The command.


def test_the_command_draws_writes_the_svg_and_gives_the_same_as_a_document(
    nowhere: Desk, tmp_path: Path
) -> None:
    migrate(nowhere.settings.register_url)
    laws.keep(nowhere.settings.register_url, LAW_OF_ENTRIES)
    RegisterEntries(nowhere.settings.register_url).enter(
        entry("CUP-2026-001", fixed("decision", date(2030, 1, 2)))
    )
    into = tmp_path / "picture.svg"
    assert "◆ last day" in nowhere.asks("timeline", "CUP-2026-001").ended(0).out
    assert str(into) in nowhere.asks("timeline", "CUP-2026-001", "--svg", str(into)).ended(0).out
    ElementTree.parse(into)
    document = nowhere.does("timeline", "CUP-2026-001")
    assert [row["ref"] for row in document["rows"]] == ["", "decision"]
    assert document["rows"][1]["due_on"] == "2030-01-02"
    assert nowhere.asks("timeline", "CUP-2026-001", "--svg", "-").ended(0).out == into.read_text("utf-8")
    assert nowhere.asks("timeline", "CUP-2026-002", "-o", "json").ended(4).document["possible"]
