from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.acts import ACTS, Act
from office.commands import Form
from office.desk.acting import command_of
from office.service.showing import ServiceShowing
from office.service.status import status
from office.settings import Settings
from register.database import migrate
from starter import LIGHT
from tests.cli.desk import IMPORT, PROJECT, SAMPLES, STARTER, Desk

pytestmark = pytest.mark.server


def test_every_command_has_help(nowhere: Desk) -> None:
    commands = [*LIGHT, *(act.command for act in ACTS)]
    for answer in nowhere.types_all(*((name, "--help") for name in commands)):
        answer.ended(0)
        assert f"umn {answer.words[0]}" in answer.out
        assert len(answer.out.splitlines()) > 2


def test_help_lists_the_acts_in_the_order_of_the_procedure(nowhere: Desk) -> None:
    said = nowhere.types("--help").ended(0).out
    places = [said.index(f" {act.command} ") for act in ACTS]
    assert places == sorted(places)
    assert "the day on which it really happened" in nowhere.types("decide", "--help").ended(0).out


WRONG = [
    (("nonsense",), "Unknown command"),
    (("list", "--nonsense"), "Unknown option"),
    (("list", "--due-within=-1"), "-1 is not possible"),
    (("list", "--due-within", "soon"), "soon"),
    (("list", "--phase", "nonsense"), "nonsense"),
    (("list", "--kind", "nonsense"), "nonsense"),
    (("due", "-5"), "-5 is not possible"),
    (("show",), "NUMBER"),
    (("show", "a\udcff"), "UTF-8"),
    (("submit", "/nowhere/at/all"), "no package at /nowhere/at/all"),
    (("import-register", "/nowhere/at/all"), "/nowhere/at/all"),
    (("decide", "CUP-2026-001", "--grounds", "x"), "--outcome"),
    (("decide", "CUP-2026-001", "--grounds", "x", "--outcome", "perhaps"), "perhaps"),
    (("withdraw", "CUP-2026-001", "--on", "2026-02-30"), "--on"),
    (("withdraw", "CUP-2026-001", "--request-id", "short"), "--request-id"),
    (("receive-answers", "CUP-2026-001", "--documents", "/nowhere/at/all"), "is not there"),
    (("book-payment", "CUP-2026-001", "--amount", "12.345"), "12.345"),
    (("book-payment", "CUP-2026-001", "--amount", "-1"), "-1"),
    (("book-payment", "CUP-2026-001", "--amount", "twelve"), "1234.56"),
    (("book-payment", "CUP-2026-001", "--amount", "Infinity"), "Infinity"),
    (("book-payment", "CUP-2026-001", "--amount", "1e999999"), "1e999999"),
    (("book-payment", "CUP-2026-001", "--amount", "9000000"), "--amount: "),
]


def test_wrong_usage_ends_with_2_and_one_document(known: Desk) -> None:
    for (_, said), answer in zip(
        WRONG, known.types_all(*((*words, "-o", "json") for words, _ in WRONG)), strict=True
    ):
        answer.ended(2)
        assert set(answer.document) == {"error", "message", "possible"}
        assert said in answer.document["message"], answer
        assert answer.document["message"] in answer.err
    assert not known.settings.law.exists()
    assert known.does("list") == []


DECIDE = ("decide", "CUP-2026-001", "--outcome", "authorised_with_conditions", "--grounds", "x")


def test_a_condition_begins_with_its_due_date_and_says_something(nowhere: Desk) -> None:
    wrong = ("soon: x", "2027-05-31", "2027-05-31:", ": x", "2027-13-01: x")
    for answer in nowhere.types_all(*((*DECIDE, "--condition", condition) for condition in wrong)):
        assert "--condition" in answer.ended(2).err


def test_an_act_larger_than_64_kib_is_refused_before_it_leaves(nowhere: Desk) -> None:
    missing = [word for _ in range(20) for word in ("--missing", "é" * 3_900)]
    answer = nowhere.types("declare-incomplete", "CUP-2026-001", *missing, "-o", "json").ended(2)
    assert "65,536 are possible" in answer.document["message"]


NUMBERS = ("85.07.30-033.28", "85 07 30 033 28", "85073003328", "850730/033-28", "17.47.30-033.73")
"""A national number as people spell it, and a bis number of somebody born in 2017."""


def test_a_national_number_in_a_text_is_refused_and_not_repeated(nowhere: Desk, tmp_path: Path) -> None:
    written = tmp_path / "grounds.txt"
    written.write_text(f"The patient {NUMBERS[0]} needs it.")
    act = ("suspend", "CUP-2026-001", "--grounds")
    said = [(*act, f"of {number}") for number in NUMBERS]
    said += [
        (*act, f"@{written}"),
        (
            "raise-questions",
            "CUP-2026-001",
            "--body",
            "commission",
            "--question",
            "x",
            "--question",
            NUMBERS[1],
        ),
        ("declare-incomplete", "CUP-2026-001", "--missing", f"page {NUMBERS[0]}"),
        (*DECIDE, "--condition", f"2027-05-31: treat {NUMBERS[0]}"),
        ("notices", "bounced", "--notice", "x", "--reason", f"unknown: {NUMBERS[2]}"),
        ("recipients", "set", "CUP-2026-001", "applicant", f"--why={NUMBERS[0]}"),
        ("submit", f"{NUMBERS[0]}.zip"),
    ]
    for answer in nowhere.types_all(*((*words, "-o", "json") for words in said)):
        answer.ended(2)
        assert "national number" in answer.document["message"], answer
        assert not any(number in answer.out + answer.err for number in NUMBERS)
    assert not nowhere.settings.var.exists()


def test_grounds_are_as_long_as_a_decision_needs_and_the_help_says_how_long(known: Desk) -> None:
    act = ("suspend", "CUP-2026-001", "--grounds")
    long, too_long = known.types_all((*act, "é" * 20_000), (*act, "é" * 20_001, "-o", "json"))
    assert "No Temporal server was started" in long.ended(5).err
    assert too_long.ended(2).document["message"] == (
        "suspend: --grounds: has 20,001 characters; 20,000 are possible"
    )
    assert "20,000 characters at most" in " ".join(known.types("suspend", "--help").out.split())


def test_errors_follow_the_form_however_it_is_written(nowhere: Desk) -> None:
    forms = [("-o", "json"), ("-o=json",), ("--output", "json"), ("--output=json",)]
    for answer in nowhere.types_all(*(("list", *form) for form in forms)):
        assert answer.ended(5).document["possible"] == ["up"]


def test_without_json_a_refusal_says_everything_on_standard_error(nowhere: Desk) -> None:
    answer = nowhere.types("list").ended(5)
    assert answer.out == ""
    assert "There is no register" in answer.err
    assert "possible now: umn up\n" in answer.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("UMN_TEMPORAL_PORT", "abc"),
        ("UMN_SMTP_TLS", "maybe"),
        ("UMN_DATABASE_URL", "mysql://somewhere/else"),
    ],
)
def test_a_variable_that_cannot_be_read_ends_with_2_and_is_named(
    nowhere: Desk, variable: str, value: str
) -> None:
    assert variable in nowhere.types("list", "-o", "json", **{variable: value}).ended(2).document["message"]


def test_an_empty_variable_is_one_that_was_not_set(nowhere: Desk) -> None:
    assert "There is no register" in nowhere.types("list", UMN_TEMPORAL_PORT="", UMN_SMTP_TLS="").ended(5).err


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("UMN_VAR", "", "No Temporal server was started"),
        ("TEMPORAL_PROFILE", "nowhere", "nowhere"),
        ("TEMPORAL_ADDRESS", "127.0.0.1:1", "nothing listens there"),
    ],
)
def test_without_temporal_acts_and_intake_end_with_5_and_the_way_out(
    known: Desk, variable: str, value: str, said: str
) -> None:
    if value:
        known.environment[variable] = value
    known.asks("submit", "--help")  # a busy machine may take long to load the command line
    began = time.monotonic()
    for answer in known.types_all(
        ("withdraw", "CUP-2026-001", "-o", "json"),
        ("submit", str(SAMPLES / "mnp-application"), "-o", "json"),
        (*IMPORT, "-o", "json"),
    ):
        assert answer.ended(5).document["error"] == "NotReachable"
        assert said in answer.document["message"]
        assert answer.document["possible"]
    assert time.monotonic() - began < 45  # what is sent has a minute


def test_status_and_down_are_harmless_where_nothing_runs(nowhere: Desk) -> None:
    told = nowhere.asks("status", "-o", "json").ended(5).document
    assert {problem["kind"] for problem in told["problems"]} == {"temporal", "no-worker"}
    assert nowhere.does("down") == {"stopped": []}


def test_every_line_of_status_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(var=tmp_path / "var", publish_to=tmp_path / "site")
    migrate(settings.register_url)
    told = status(settings)
    ServiceShowing("table").status(told)
    lines = [re.split(r"\s{2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
    shown = {line[0]: line[1:] for line in lines}
    assert [label for label in shown if label.startswith("versions ")] == [
        f"versions {part}" for part in told["versions"]
    ]
    assert {"letters to post", "publication failed since"} <= shown.keys()
    assert (shown["temporal answers"], shown["worker task queue"], shown["worker pid"]) == (
        ["no"],
        ["umn"],
        [],
    )


def test_a_list_and_help_import_nothing_heavy_from_a_cold_start(desk: Desk) -> None:
    programme = (
        "import sys, os, starter\n"
        "code = starter.run(sys.argv[1:])\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'temporalio', 'pydantic_core', 'pydantic', 'rich'}\n"
        "heavy -= {'rich'} if '--help' in sys.argv else set()  # it draws help\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
        "os._exit(code)\n"
    )
    for words in (["list"], ["due"], ["show", "nonsense"], ["--help"], ["submit", "--help"]):
        answer = subprocess.run(
            [sys.executable, "-c", programme, *words, "-o", "json"],
            env=desk.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.stderr.splitlines()[-1] == "[]", words


def test_whoever_reads_half_a_list_gets_no_complaint(desk: Desk) -> None:
    for words in ("list", "list -o json", "--help", "show nonsense -o json 2>&1"):
        piped = subprocess.run(
            ["bash", "-c", f'"{sys.executable}" "{STARTER}" {words} | true; echo "${{PIPESTATUS[0]}}"'],
            env=desk.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert piped.stdout.strip() == ("4" if "nonsense" in words else "0"), words
        assert piped.stderr in ("", "Nothing fits.\n"), words


def test_a_result_that_cannot_be_written_ends_with_5(desk: Desk) -> None:
    with open("/dev/full", "w") as full:
        code = subprocess.run(
            [sys.executable, str(STARTER), "list", "-o", "json"],
            env=desk.environment,
            cwd=PROJECT,
            stdout=full,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    assert code == 5


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_terminal_that_knows_few_signs_is_told_the_nearest(nowhere: Desk, output: str) -> None:
    words = ("clock", "--start", "2026-04-30", "--limit", "14 calendar_days", "--lang", "fr", "-o", output)
    environment = {**nowhere.environment, "PYTHONIOENCODING": "ascii"}
    asked = subprocess.run(
        [sys.executable, str(STARTER), *words], env=environment, capture_output=True, check=True
    )
    told = asked.stdout.decode("ascii")
    if output == "json":
        assert "délai" in json.loads(told)["readings"][0]["steps"][0]["text"]
    else:
        assert "Le delai de 14 jours" in told
        assert "n'est pas compte." in told


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.command)
def test_every_option_of_an_act_says_what_it_is(act: type[Act]) -> None:
    silent = [
        parameter.name
        for parameter in inspect.signature(command_of(act, Form)).parameters.values()
        if not any(getattr(said, "help", "") for said in parameter.annotation.__metadata__)
    ]
    assert silent == []
