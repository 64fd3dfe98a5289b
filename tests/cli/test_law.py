"""A lawyer at the command line: sees what the law is held to be, and completes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.envelope import Envelope, OfficeAct, signers
from models.errors import ImproperAct, InputRefused
from models.law.clause import spoken
from models.people import StaffRole
from office.settings import Settings
from procedures.books import shipped
from register import preparations
from register.numbers import allotted
from register.office_acts import every_of, keep, of
from starter import app
from tests.cli.desk import Desk, civil_today

CONFIRM = ("law", "confirm", "decision", "--value", "50", "--unit", "working_days")
CONFIRM += (
    "--source",
    "Royal Decree of 14 December 2006, art. 106 § 4 (numac 2006023298)",
    "--text",
    "Official Journal of 12 June 2014",
    "--from",
    "2026-01-01",
)


def row(desk: Desk, clause: str, *words: str) -> Any:
    return next(found for found in desk.does("law", "list", *words) if found["clause"] == clause)


@pytest.fixture
def nowhere(known: Desk) -> Desk:
    """An operator whom the office knows; nothing was ever started."""
    return known


@pytest.fixture(scope="module")
def all_confirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of an agency that confirmed every value in force today: together what was read in a text."""
    desk = Desk(Settings(var=tmp_path_factory.mktemp("confirmed"))).first()
    held = [found for found in desk.does("law", "list") if found["value"] and not found["confirmed_on"]]
    read = [f"{one['book']}/{one['clause']}" for one in held if one["degree"] == "read"]
    confirmations = [("law", "confirm", *read, "--text", "Official Journal")]
    for one in held:
        if one["degree"] != "read":
            typed = ("law", "confirm", f"{one['book']}/{one['clause']}", "--text", "Official Journal")
            typed += ("--value", one["value"], "--unit", one["unit"])
            confirmations.append((*typed, "--source", one["source"], "--from", one["from"]))
    for answer in desk.types_all(*confirmations):
        answer.ended(0)
    yield desk.settings.law
    desk.leaves()


def test_every_command_of_law_explains_itself(nowhere: Desk) -> None:
    commands = [name for name in app["law"] if not name.startswith("-")]
    assert {"list", "show", "confirm", "check"} <= set(commands)
    for answer in nowhere.types_all(*(("law", name, "--help") for name in commands)):
        assert f"umn law {answer.words[1]}" in answer.ended(0).out


def test_the_list_tells_of_each_clause_what_applies_and_its_degree_of_truth(nowhere: Desk) -> None:
    listed = nowhere.does("law", "list")
    assert [found["clause"] for found in listed] == [clause.id for clause in shipped().clauses]
    assert all(found["value"] or found["gap"] for found in listed)
    decision = row(nowhere, "decision")
    assert (decision["value"], decision["unit"], decision["confirmed_by"]) == ("55", "working_days", None)
    assert "2006023298" in decision["source"]
    said = nowhere.asks("law", "list").ended(0).out
    assert "assumed" in said
    assert "gap: unknown" in said
    assert "0 confirmed" in said
    assert all(clause.id in said for clause in shipped().clauses)


def test_the_list_of_another_day_tells_what_applied_then(nowhere: Desk) -> None:
    old = row(nowhere, "contribution-mnp-application", "--on", "2019-06-01")
    assert (old["value"], old["unit"]) == ("11561.45", "euro")
    assert row(nowhere, "decision", "--on", "2000-01-01")["gap"] == "no value is held for this day"


def test_one_clause_is_shown_with_all_its_values_and_gaps(nowhere: Desk) -> None:
    nowhere.asks(*CONFIRM, "--warnings", "5 working_days", "--remark", "seen in the journal").ended(0)
    nowhere.asks(*CONFIRM[:-1], "2030-01-01", "--announced").ended(0)
    shown = nowhere.does("law", "show", "decision")["values"]
    assert [(v["value"], v["from"], v["announced"], v["shipped"]) for v in shown] == [
        ("55", "2014-07-01", False, True),
        ("50", "2026-01-01", False, False),
        ("50", "2030-01-01", True, False),
    ]
    assert (shown[1]["warnings"], shown[1]["remark"]) == (["5 working days"], "seen in the journal")
    said = nowhere.asks("law", "show", "decision").ended(0).out
    for part in ("announced: 50 working days", "numac 2006023298", "Case officer A", "seen in the journal"):
        assert part in said
    assert "2014-07-01 to 2025-12-31: 55 working days; read\n" in said
    gaps = [part["gap"] for part in nowhere.does("law", "show", "contribution-cup-application")["values"]]
    assert [gap.split(":")[0] for gap in gaps if gap] == ["unknown"] * 3


def test_a_clause_says_in_four_languages_what_its_article_says_and_where_the_official_text_is(
    nowhere: Desk,
) -> None:
    shown = nowhere.does("law", "show", "decision")
    assert shown["says"].keys() == {"nl", "fr", "de", "en"}
    held = spoken(shipped().clause("decision").values[0].value)
    assert held in shown["says"]["en"]
    (value,) = shown["values"]
    assert value["address"].endswith(f"{value['number']}/justel")
    in_french = nowhere.asks("law", "show", "decision", "--lang", "fr").ended(0).out
    for told in (shown["says"]["fr"], value["address"], "silence: ", "before: desk"):
        assert told in in_french
    every = nowhere.does("law", "show")
    assert [one["clause"] for one in every] == [clause.id for clause in shipped().clauses]
    assert shown in every


def test_a_confirmation_says_what_applies_from_when_and_what_it_took_the_place_of(nowhere: Desk) -> None:
    said = nowhere.asks(*CONFIRM, "--transition", "running").ended(0).out
    assert said.startswith("decision: 50 working days applies from 2026-01-01, confirmed by Case officer A.")
    assert "the place of 55 working days (since 2014-07-01, of this release, read)" in said
    assert str(nowhere.settings.law) in said
    assert "umn law impact --from 2026-01-01 --clause decision" in said
    assert row(nowhere, "decision")["confirmed_by"] == "Case officer A"
    assert row(nowhere, "decision")["confirmed_on"] == str(civil_today())


def test_the_file_may_be_kept_elsewhere(nowhere: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "under" / "version-control.toml"
    nowhere.types(*CONFIRM, UMN_LAW_FILE=str(kept)).ended(0)
    assert "50" in kept.read_text()
    assert not nowhere.settings.law.exists()


REFUSED: list[tuple[tuple[str, ...], int, str]] = [
    (("law", "show", "decisions"), 3, "The nearest are decision"),
    (("law", "confirm", "decisions", *CONFIRM[3:]), 3, "The nearest are decision"),
    (CONFIRM[:5], 2, "--text"),
    ((*CONFIRM[:5], "--text", "a note"), 2, "of one clause alone, with --value, --unit"),
    ((*CONFIRM[:6], "euro", *CONFIRM[7:]), 2, "--unit is 'euro'"),
    ((*CONFIRM[:6], "days", *CONFIRM[7:]), 2, "--unit"),
    ((*CONFIRM[:4], "soon", *CONFIRM[5:]), 2, "--value is 'soon'"),
    ((*CONFIRM[:-1], "2026-02-30"), 2, "--from"),
    ((*CONFIRM, "--until", "2025-01-01"), 2, "--until is 2025-01-01"),
    ((*CONFIRM, "--rules", "roman"), 2, "--rules"),
    ((*CONFIRM, "--warnings", "10"), 2, "--warnings cannot be read: The limit '10' has no unit"),
    ((*CONFIRM, "--transition", "all"), 2, "--transition"),
    (("law", "list", "--on", "soon"), 2, "--on"),
]


def test_what_cannot_be_confirmed_is_refused_and_nothing_is_written(nowhere: Desk) -> None:
    answers = nowhere.types_all(*((*words, "-o", "json") for words, _, _ in REFUSED))
    for (_, code, said), answer in zip(REFUSED, answers, strict=True):
        assert said in answer.ended(code).document["message"], answer
    assert not nowhere.settings.law.exists()


def test_a_second_value_from_the_same_day_is_refused(nowhere: Desk) -> None:
    nowhere.asks(*CONFIRM).ended(0)
    nowhere.asks(*CONFIRM).ended(0)  # the same typed again stands once
    assert len(nowhere.does("law", "show", "decision")["values"]) == 2
    refused = nowhere.asks(*CONFIRM, "--remark", "another", "-o", "json").ended(3).document
    assert refused["error"] == "RulesOverlap"
    assert "entered by Case officer A" in refused["message"]


def test_a_file_that_cannot_be_read_stops_everything_that_rests_on_it(nowhere: Desk) -> None:
    nowhere.settings.law.write_text('[[value]]\nclause = "decision"\n')
    for words in (("law", "list"), ("law", "show", "decision"), CONFIRM):
        message = nowhere.asks(*words, "-o", "json").ended(2).document["message"]
        assert f"{nowhere.settings.law} cannot be applied" in message
        assert "[[value]] 1 (decision): unit is missing" in message
    checked = [problem["sentence"] for problem in nowhere.does("law", "check")]
    assert "[[value]] 1 (decision): unit is missing" in checked


def test_the_check_lists_what_is_to_be_done_until_nothing_is(nowhere: Desk, all_confirmed: Path) -> None:
    found = nowhere.does("law", "check")
    assert {problem["clause"] for problem in found} == {clause.id for clause in shipped().clauses}
    said = nowhere.asks("law", "check").ended(0).out
    unconfirmed = [problem for problem in found if "contribution" not in problem["clause"]]
    assert f"not confirmed ({len(unconfirmed)}):" in said
    decision = next(problem for problem in found if problem["clause"] == "decision")
    assert (decision["numbered"], decision["number"]) == ("numac", "2006023298")
    assert decision["degree"] in ("assumed", "read")
    assert decision.keys() >= {"article", "address", "copy", "reading", "command"}
    assert "umn law confirm decision --value 55 --unit working_days" in said

    nowhere.settings.law.write_text(all_confirmed.read_text())
    for signed in every_of(f"sqlite:///{all_confirmed.with_name('register.db')}", "law confirm"):
        keep(nowhere.settings.register_url, signed)
    for clause in (clause.id for clause in shipped().clauses if "contribution" in clause.id):
        amount = ("--value", "18960.32", "--unit", "euro", "--source", "list of 2026", "--text", "website")
        nowhere.asks("law", "confirm", clause, *amount, "--from", "2026-01-01").ended(0)
    assert nowhere.does("law", "check") == []
    assert nowhere.asks("law", "check").ended(0).out.startswith("Nothing to do")


# In production nothing new rests on a value that nobody confirmed.


def test_a_profile_that_is_none_is_refused(nowhere: Desk) -> None:
    for profile in ("test", "Production"):
        assert "UMN_PROFILE" in nowhere.types("law", "list", UMN_PROFILE=profile).ended(2).err
    nowhere.types("law", "list", UMN_PROFILE="").ended(0)


def test_a_data_folder_of_production_stays_one_whatever_a_shell_forgets(tmp_path: Path) -> None:
    var = {"UMN_VAR": str(tmp_path)}
    assert Settings.read(var).profile == "demo"
    Settings.read({**var, "UMN_PROFILE": "production"}).production_mark.touch()
    assert Settings.read(var).profile == "production"
    assert Settings.read(var).made["UMN_PROFILE"] == "production"
    with pytest.raises(InputRefused, match="data folder of production"):
        Settings.read({**var, "UMN_PROFILE": "demo"})
    assert Settings.read({"UMN_VAR": str(tmp_path / "other")}).profile == "demo"


def test_in_production_no_dossier_is_opened_on_a_value_that_nobody_confirmed(
    nowhere: Desk, all_confirmed: Path, tmp_path: Path
) -> None:
    package = nowhere.package(tmp_path)
    submits = ("submit", str(package), "-o", "json")

    elsewhere = nowhere.types(*submits, UMN_PROFILE="production").ended(2).document
    assert elsewhere["message"].startswith("CUP is not carried on here")
    nowhere.settings.offices.write_text("[be_umn]\n")
    refused = nowhere.types(*submits, UMN_PROFILE="production").ended(3).document

    assert refused["error"] == "NotConfirmed"
    assert (
        "time to decide on an application (decision): Royal Decree of 14 December 2006 (numac 2006023298)"
        in refused["message"]
    )
    (command,) = (line for line in refused["possible"] if line.startswith("law confirm decision --"))
    assert command.startswith("law confirm decision --value 55 --unit working_days --source 'Royal Decree")
    assert command.endswith('--from 2014-07-01 --text "…"')
    assert allotted(nowhere.settings.register_url, f"delivery {package.name}") is None
    assert not nowhere.settings.documents.exists()

    nowhere.settings.law.write_text(all_confirmed.read_text())
    accepted = nowhere.types(*submits, UMN_PROFILE="production").ended(5).document
    assert accepted["error"] == "NotReachable"  # the law stands; only Temporal is not there


def test_one_clause_that_nobody_confirmed_is_enough_to_refuse(
    nowhere: Desk, all_confirmed: Path, tmp_path: Path
) -> None:
    values = all_confirmed.read_text().split("\n# ")
    nowhere.settings.law.write_text(
        "\n# ".join(value for value in values if 'clause = "be_umn/answers"' not in value)
    )
    nowhere.settings.offices.write_text("[be_umn]\n")
    submits = ("submit", str(nowhere.package(tmp_path)), "-o", "json")
    refused = nowhere.types(*submits, UMN_PROFILE="production").ended(3).document
    assert [command.split()[2] for command in refused["possible"]] == ["answers"]
    assert nowhere.types(*submits).ended(5).document["error"] == "NotReachable"  # the demo runs on it


@pytest.mark.server
def test_in_production_a_dossier_that_is_open_goes_on(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    number = desk.does("submit", str(package))["number"]
    desk.does("declare-incomplete", number, "--missing", "Annex IV in French")
    completion = desk.package(tmp_path, "cup-completion", dossier=number)
    desk.types("submit", str(completion), UMN_PROFILE="production").ended(0)
    again = desk.types("submit", str(package), "-o", "json", UMN_PROFILE="production").ended(0)
    assert again.document["number"] == number


@pytest.mark.server
def test_a_dossier_opened_after_a_confirmation_has_the_new_limit_and_an_earlier_one_keeps_its_own(
    desk: Desk, tmp_path: Path
) -> None:
    law = tmp_path / "law.toml"
    before = desk.submits(tmp_path)
    typed = ("law", "confirm", "be_umn/admissibility", "--value", "0", "--unit", "calendar_days")
    typed += ("--rules", "plain", "--source", "a try-out", "--from", str(civil_today()), "--text", "a note")
    desk.types(*typed, UMN_LAW_FILE=str(law)).ended(0)
    package = desk.package(tmp_path)
    after = desk.types("submit", str(package), "-o", "json", UMN_LAW_FILE=str(law)).ended(0).document
    assert after["due_on"] == str(civil_today())
    assert after["unconfirmed"] == {}
    assert desk.sees(before)["due_on"] != after["due_on"]
    assert desk.sees(before)["unconfirmed"] == {"admissibility": "read"}


def test_a_value_that_two_people_compared_is_confirmed_once_the_other_one_signed(nowhere: Desk) -> None:
    with nowhere.beside("Bob", StaffRole.ADMINISTRATOR) as bob:
        prepared = nowhere.does(*CONFIRM)
        assert (prepared["number"], prepared["may_sign"]) == ("decision", ["Bob"])
        assert row(nowhere, "decision")["confirmed_by"] is None
        assert "takes another person" in nowhere.asks("sign", "1").ended(3).err
        assert bob.does("sign", "1")["after"]["value"] == "50"
        assert row(bob, "decision")["confirmed_by"] == "Bob"
        written = nowhere.settings.law.read_text()
        assert f"Prepared by {nowhere.by}." in written
        assert bob.does("sign") == []
        assert bob.does("sign", "1")["after"]["value"] == "50"  # the first answer was lost
        assert nowhere.settings.law.read_text() == written
        nowhere.settings.law.unlink()  # as where a crash came before it was written
        assert bob.does("sign", "1")["after"]["value"] == "50"
        assert nowhere.settings.law.read_text() == written
        assert "was signed by Bob" in nowhere.asks("sign", "1").ended(3).err
    (kept,) = of(nowhere.settings.register_url, "law confirm", ["decision"])
    assert [one["person"] for one in signers(kept)] == ["Bob", nowhere.by]


def test_values_of_one_text_are_confirmed_together_as_they_are_held(nowhere: Desk) -> None:
    clauses = ("ethics-opinion", "commission-opinion")
    with nowhere.beside("Bob", StaffRole.ADMINISTRATOR) as bob:
        nowhere.asks("law", "confirm", *clauses, "--text", "Official Journal of 12 June 2014").ended(0)
        assert [one["number"] for one in bob.does("sign")] == [*clauses]
        bob.asks("sign", "1", "2").ended(0)
        assert bob.does("sign") == []
        for clause in clauses:
            (now,) = (one for one in nowhere.does("law", "show", clause)["values"] if one["confirmed_by"])
            assert (now["value"], now["unit"], now["confirmed_by"]) == ("40", "working_days", "Bob")
            assert now["from"] == "2014-07-01"
    for wrong, said in (
        ((*clauses, "--value", "30"), "of one clause alone"),
        (("decision", "--unit", "months"), "with --value, --unit, --source and --from"),
        (
            ("decision", "contribution-cup-application"),
            "Nothing is held today of contribution-cup-application",
        ),
    ):
        assert said in nowhere.asks("law", "confirm", *wrong, "--text", "…").ended(2).err
    assert nowhere.does("sign") == []  # of several nothing is prepared where one cannot stand


def test_a_value_that_was_declined_or_prepared_long_ago_is_not_confirmed(nowhere: Desk) -> None:
    with nowhere.beside("Bob", StaffRole.ADMINISTRATOR) as bob:
        prepared = nowhere.does(*CONFIRM)
        one, url = preparations.prepared(nowhere.settings.register_url, 1), nowhere.settings.register_url
        bob.does("sign", "1", "--decline", "--why", "Not this one.")
        act = OfficeAct(command=one.command, by="Bob", request_id=one.request_id, said=one.act)
        with pytest.raises(ImproperAct, match="1 was declined by Bob"):
            keep(url, Envelope.model_validate(one.envelope).kept(act))
        assert nowhere.does(*CONFIRM)["preparation"] == prepared["preparation"] + 1
    later = preparations.prepared(url, 2)
    assert later.waits(datetime.now(UTC) + timedelta(days=29))
    assert not later.waits(datetime.now(UTC) + timedelta(days=31))
    assert of(url, "law confirm", ["decision"]) == []


def test_in_production_nobody_decides_alone_even_where_nobody_else_is_there(nowhere: Desk) -> None:
    nowhere.settings.production_mark.touch()
    prepared = nowhere.does(*CONFIRM)
    assert (prepared["preparation"], prepared["may_sign"]) == (1, [])
    assert "Nobody else in this office may" in nowhere.asks("sign", "1").ended(3).err


def test_a_value_that_the_file_calls_confirmed_and_nobody_signed_is_told(nowhere: Desk) -> None:
    def unsigned() -> list[str]:
        found = nowhere.does("law", "check")
        return [one["sentence"] for one in found if one["kind"] == "confirmed and signed by nobody"]

    nowhere.asks(*CONFIRM).ended(0)
    nowhere.asks(*CONFIRM[:-1], "2030-01-01", "--announced").ended(0)
    assert unsigned() == []
    law = nowhere.settings.law
    law.write_text(law.read_text().replace("value = 50", "value = 40", 1))
    (told,) = unsigned()
    assert f"the file says that {nowhere.by} confirmed it, and nobody signed that in this office" in told
