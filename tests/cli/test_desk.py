"""The day of an operator, what can be done next, and what is found; no server is needed."""

from __future__ import annotations

import sqlite3
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

from activities.register import RegisterEntries
from office.desk.drawing import TEMPLATES
from office.letters.contestable import undated
from register.case import case
from register.notices import Notice
from register.numbers import allot
from register.views import laws
from tests.cli.desk import Desk
from tests.cli.filled import NOW, Office
from tests.cli.test_due import TODAY, entry, fixed

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def test_the_desk_shows_what_is_due_first_with_what_silence_does_and_its_command(
    nowhere: Desk,
    register: RegisterEntries,
) -> None:
    late, soon, far = (TODAY + timedelta(days=days) for days in (-9, 5, 40))
    silent = fixed("decision", soon).model_copy(
        update={"silence": "refused", "effect_on": soon + timedelta(days=1)}
    )
    register.enter(entry("CUP-2026-001", silent, fixed("publication", far)))
    register.enter(entry("CUP-2026-002", fixed("publication", late)))

    told = nowhere.does("desk")
    assert [(one["number"], one["clock"]) for one in told["ours"]] == [
        ("CUP-2026-002", "publication"),
        ("CUP-2026-001", "decision"),
    ]
    assert told["person"] is None

    shown = nowhere.asks().ended(0).out  # `umn` alone
    assert "2 things are due with us within two weeks, or overdue:" in shown
    assert f"silence refuses it from {soon + timedelta(days=1)}" in shown
    assert "umn next CUP-2026-002" in shown
    assert str(far) not in shown
    assert shown == nowhere.asks("desk").ended(0).out


def test_where_nothing_was_started_umn_alone_tells_its_commands(nowhere: Desk) -> None:
    assert nowhere.asks().ended(0).out.startswith("Usage: umn COMMAND")
    assert nowhere.asks("help", "suspend").ended(0).out.startswith("Usage: umn suspend")
    assert nowhere.asks("--version").ended(0).out.startswith("unmet-medical-need ")


def test_a_day_on_which_nothing_lies_on_the_desk_says_so(
    nowhere: Desk,
    register: RegisterEntries,
) -> None:
    assert "Nothing is due, nothing waits, and nothing is new." in nowhere.asks("desk").ended(0).out


def test_next_tells_each_act_that_is_possible_as_a_command_to_paste(
    nowhere: Desk,
    register: RegisterEntries,
) -> None:
    possible = ("give-opinion", "judge", "raise-questions", "withdraw")
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY), possible=possible))
    told = nowhere.does("next", "cup-2026-1")
    assert [one["act"] for one in told["possible"]] == [*possible]
    shown = nowhere.asks("next", "CUP-2026-001").ended(0).out
    assert 'umn judge CUP-2026-001 --rule RULE --verdict pass|fail --grounds "…"\n' in shown
    assert "umn withdraw CUP-2026-001\n" in shown
    assert f"until {TODAY}" in shown
    register.enter(entry("CUP-2026-001", sequence=2, possible=(), ended=True))
    assert (
        "Nothing is possible in CUP-2026-001 any more." in nowhere.asks("next", "CUP-2026-001").ended(0).out
    )


def test_next_names_the_body_whose_opinion_is_awaited_and_no_other(
    nowhere: Desk, register: RegisterEntries
) -> None:
    awaited = fixed("commission-opinion", TODAY)
    register.enter(entry("CUP-2026-001", awaited, fixed("decision", TODAY), possible=("give-opinion",)))
    (one,) = nowhere.does("next", "CUP-2026-001")["possible"]
    assert "--body commission " in one["command"]


def test_what_can_be_done_next_is_told_while_somebody_else_writes(
    nowhere: Desk, register: RegisterEntries
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY), possible=("withdraw",)))
    writes = sqlite3.connect(nowhere.settings.var / "register.db")
    try:
        writes.execute("BEGIN IMMEDIATE")
        (withdraw,) = nowhere.does("next", "CUP-2026-001")["possible"]
    finally:
        writes.close()
    assert withdraw["command"] == "umn withdraw CUP-2026-001"


def test_a_decision_has_a_command_for_each_outcome_with_what_that_one_asks(
    nowhere: Desk, register: RegisterEntries
) -> None:
    checked = entry("CUP-2026-001", fixed("decision", TODAY), possible=("judge", "decide"))
    rules = [{"rule": rule, "verdict": verdict} for rule, verdict in (("E-01", "pass"), ("E-02", "open"))]
    register.enter(checked.model_copy(update={"facts": {"checklist": rules}}))
    judge, *decide = nowhere.does("next", "CUP-2026-001")["possible"]
    assert judge["open_rules"] == ["E-02"]
    by = '--decided-by "…" --capacity minister|administrator-general|staff'
    told = {one["command"]: one["open_rules"] for one in decide}
    grants = f'--grounds "…" --until DAY --protocol "…" {by}'
    with_conditions = f'--grounds "…" --condition "DAY: …" --until DAY --protocol "…" {by}'
    assert told == {
        f"umn decide CUP-2026-001 --outcome authorised {grants}": ["E-02"],
        f"umn decide CUP-2026-001 --outcome authorised-with-conditions {with_conditions}": ["E-02"],
        f'umn decide CUP-2026-001 --outcome refused --grounds "…" {by}': [],
    }
    shown = nowhere.asks("next", "CUP-2026-001").ended(0).out
    assert "To be judged as fulfilled before anything is granted: E-02." in shown


def test_a_case_is_found_by_product_name_or_number_whatever_its_capitals_and_accents(
    nowhere: Desk,
    register: RegisterEntries,
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    assert nowhere.does("find", "elan ph") == [
        {"number": "CUP-2026-001", "what": "holder", "text": "Élan Pharma"}
    ]
    assert {one["what"] for one in nowhere.does("find", "NOVA")} == {"trade_name", "active_substance"}
    assert [one["what"] for one in nowhere.does("find", "cup-2026-001")] == ["number"]
    allot(nowhere.settings.register_url, "CUP-2026", "delivery 0000412345", "digest")
    given = {"number": "CUP-2026-001", "what": "delivery", "text": "0000412345"}
    assert nowhere.does("find", "412345") == [given]
    nothing = nowhere.asks("find", "Nergens").ended(0)
    assert (nothing.out, nothing.err) == ("", "Nothing in the register holds 'Nergens'.\n")
    nowhere.asks("find", " ").ended(2)


def test_the_report_is_told_as_tables_files_a_picture_and_one_page(
    nowhere: Desk,
    register: RegisterEntries,
    tmp_path: Path,
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    month = f"{TODAY:%Y-%m}"
    assert nowhere.does("report")["forecast"][0] == {
        "month": month,
        "invoiced": 0,
        "received": 0,
        "ours": 1,
        "others": 0,
    }
    assert "What lies with each desk\ndesk  within 30 days" in nowhere.asks("report").ended(0).out
    written = [tmp_path / name for name in ("csv", "report.svg", "report.html")]
    nowhere.asks(
        "report", "--csv", str(written[0]), "--svg", str(written[1]), "--html", str(written[2])
    ).ended(0)
    assert (written[0] / "forecast.csv").read_text().splitlines()[:2] == [
        "month,with us,with others",
        f"{month},1,0",
    ]
    assert written[1].read_text() in written[2].read_text()
    timeline = nowhere.asks("timeline", "CUP-2026-001", "--svg", "-").ended(0).out
    look = (TEMPLATES / "picture.css").read_text()
    assert all(look.strip() in picture for picture in (timeline, written[1].read_text()))
    assert f">{MONTHS[TODAY.month - 1]} {TODAY.year}</text>" in written[1].read_text()
    page = written[2].read_text()
    assert '<th scope="col" class="figure">' in page
    assert f"<td>{month}</td>" in page  # a month is no figure
    assert "http" not in written[2].read_text().replace(
        "http://www.w3.org/2000/svg", ""
    )  # it needs nothing else
    nowhere.asks("report", "--since", str(TODAY), "--until", str(TODAY - timedelta(days=1))).ended(2)


def test_what_a_colleague_has_in_hand_is_told_as_a_count_until_nobody_of_that_name_is_here(
    known: Desk, register: RegisterEntries
) -> None:
    late = TODAY - timedelta(days=9)
    for number, officer in (("CUP-2026-001", known.by), ("CUP-2026-002", "Bob"), ("CUP-2026-003", "")):
        register.enter(entry(number, fixed("decision", late), officer=officer))
    nobodys = [one["number"] for one in known.does("desk")["ours"]]
    assert nobodys == ["CUP-2026-001", "CUP-2026-002", "CUP-2026-003"]  # there is no Bob
    with known.beside("Bob"):
        told = known.does("desk")
        assert [one["number"] for one in told["ours"]] == ["CUP-2026-001", "CUP-2026-003"]
        assert told["colleagues"] == 1
        shown = known.asks("desk").ended(0).out
        assert "One more falls due in a case that a colleague has in hand: `umn due 14 --desk desk`." in shown
        for command, mine in (("list", known.does("list", "--mine")), ("due", known.does("due", "--mine"))):
            assert [one["number"] for one in mine] == ["CUP-2026-001"]
            assert [one["number"] for one in known.does(command, "--officer", "bob")] == ["CUP-2026-002"]
        assert "in the hands of: Bob" in known.asks("show", "CUP-2026-002").ended(0).out
    refused = known.asks("list", "--officer", "Bob").ended(2).err
    assert f"Nobody in this office is called 'Bob', or several are. There are: {known.by}." in refused


def test_a_case_is_given_to_somebody_who_is_here_or_to_nobody_and_not_to_both(
    known: Desk, register: RegisterEntries
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY)))
    assert "not both" in known.asks("assign", "CUP-2026-001", "--officer", "x", "--nobody").ended(2).err
    refused = known.asks("assign", "CUP-2026-001", "--officer", "Nobody Here").ended(2).err
    assert f"There are: {known.by}." in refused


def sent(number: str, entry: int, letter: str) -> Notice:
    """A letter to the applicant that left on the day of the decision."""
    said = {"key": f"{number}/{entry}/{letter}/applicant", "number": number, "entry": entry, "letter": letter}
    of_it = {**said, "role": "applicant", "state": "sent", "channel": "email", "left_on": date(2026, 3, 2)}
    return Notice(**{field.name: None for field in fields(Notice)} | of_it)


def test_letters_that_start_no_known_day_are_told_of_in_one_sentence(filled: Office) -> None:
    number, url = "CUP-2026-002", filled.settings.register_url
    found = case(url, number, NOW.date())
    bodies = laws(url, (line.law for line in found.entries))
    decided, provisional = sent(number, 11, "decision"), sent(number, 12, "provisional-authorisation")

    (alone,) = undated(replace(found, notices=(decided,)), bodies)
    assert alone.startswith("letter decision of entry 11 to the applicant notifies an act by e-mail: ")
    assert f"umn notices posted {decided.key} --channel" in alone
    (both,) = undated(replace(found, notices=(decided, provisional)), bodies)
    assert both.startswith("2 letters notify acts by e-mail: ")
    assert both.count("no day is known") == 1
    for key in (decided.key, provisional.key):
        assert f"to the applicant (NOTICE: {key})" in both


def test_what_a_person_wrote_stands_as_it_was_written_and_a_code_in_words(
    nowhere: Desk, register: RegisterEntries
) -> None:
    first = entry("CUP-2026-001", fixed("decision", TODAY))
    said = {"outcome": "authorised_with_conditions", "grounds": "see annex_iv"}
    register.enter(first.model_copy(update={"facts": said}))
    told = nowhere.asks("show", "CUP-2026-001").ended(0).out
    assert "authorised with conditions; see annex_iv" in " ".join(told.split())
