from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from models.acts import ACTS
from models.clock import civil_day
from office.connection import connect
from office.service.launching import wait_for
from office.service.running import recall
from tests.cli.desk import STARTER, Answer, Desk, civil_today, eventually, kill

pytestmark = pytest.mark.server


def state(desk: Desk, number: str) -> tuple[Any, int]:
    """What a refused act must not change: the register, and Temporal's history."""
    return desk.sees(number)["entries"], desk.events(number)


def quiet(desk: Desk, number: str) -> tuple[Any, int]:
    """The state once the letters of the last entry are written down and nothing moves any more."""
    seen = [state(desk, number)]

    def settled() -> bool:
        time.sleep(0.2)
        seen.append(state(desk, number))
        sent = [letter for letter in desk.sees(number)["notices"] if letter["state"] == "sent"]
        return bool(sent) and all(one == seen[-1] for one in seen[-4:]) and len(seen) > 4

    eventually(settled)
    return seen[-1]


def test_a_receipt_says_where_the_case_stands_and_what_comes_next(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    receipt = desk.does("declare-incomplete", number, "--missing", "the summary in French")
    seen = desk.sees(number)
    assert {"number", "phase", "possible", "due_on", "entry"} <= receipt.keys()
    assert (receipt["number"], receipt["phase"], receipt["entry"]) == (number, "completion", 2)
    assert "receive-completion" in receipt["possible"]
    (falls_due,) = receipt["falls_due"]
    assert falls_due == {
        "ref": "completion",
        "desk": "applicant",
        "due_on": receipt["due_on"],
        "degree": "read",
        "silence": "propose",
        "effect_on": str(date.fromisoformat(receipt["due_on"]) + timedelta(days=1)),
        "late_on": None,
        "presumed": True,
    }
    standing_still = {"ref": "admissibility", "due_on": None}
    assert seen["falls_due"][0] == falls_due
    assert seen["falls_due"][1].items() >= standing_still.items()
    for part in ("phase", "possible", "due_on", "entry"):
        assert receipt[part] == seen[part]
    assert seen["entries"][1]["by"] == "Case officer A"

    series, year, serial = number.split("-")
    written = f"{series.lower()} {year}-{int(serial)}"  # it can mean nothing else
    with desk.beside("Case officer B") as colleague:
        said = colleague.types("withdraw", written).ended(0)
    assert said.err == ""
    assert said.out.startswith(f"{number}: withdrawn. Entry 3.")
    assert desk.sees(number)["entries"][2]["by"] == "Case officer B"


def test_the_history_of_a_case_names_who_acted_and_from_which_machine(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    with desk.beside("Case officer Zoë") as colleague:
        colleague.types("withdraw", number).ended(0)

    async def identities() -> list[str]:
        client = await connect(desk.settings)
        events = (await client.get_workflow_handle(number).fetch_history()).events
        started = events[0].workflow_execution_started_event_attributes.identity
        asked = [
            event.workflow_execution_update_accepted_event_attributes.accepted_request.meta.identity
            for event in events
            if event.HasField("workflow_execution_update_accepted_event_attributes")
        ]
        return [started, *asked]

    host = socket.gethostname()
    assert wait_for(identities()) == [f"Case officer A@{host}", f"Case officer Zoë@{host}"]


def test_a_list_says_what_falls_due_and_by_whom_and_what_is_possible_only_when_asked(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    (line,) = (one for one in desk.asks("list").ended(0).out.splitlines() if one.startswith(number))
    assert re.split(r"\s{2,}", line.rstrip())[-2:] == ["check of the dossier", "desk"]
    assert "declare-admissible" not in line
    asked = desk.asks("list", "--possible").ended(0).out
    assert "declare-admissible, declare-incomplete" in asked
    shown = desk.asks("show", number).ended(0).out
    assert "falls due: check of the dossier, by the desk, until 2" in shown
    assert "\npossible: declare-admissible, declare-incomplete" in shown


def test_words_are_read_from_a_text_file_as_they_were_written(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    (tmp_path / "missing.txt").write_text("Bijlage IV in het Frans\n\nDe étiquette\nvan de doos\n")
    (tmp_path / "grounds.txt").write_text("\ufeffNot for this group.\n\n@ is no file here.\n")
    desk.does("declare-incomplete", number, "--missing", f"@{tmp_path / 'missing.txt'}", "--missing", "a map")
    desk.does(
        "declare-inadmissible", number, "--unmet", "reasons", "--grounds", f"@{tmp_path / 'grounds.txt'}"
    )
    entries = desk.sees(number)["entries"]
    assert entries[1]["facts"]["missing"] == ["Bijlage IV in het Frans", "De étiquette\nvan de doos", "a map"]
    assert entries[2]["facts"]["grounds"] == "Not for this group.\n\n@ is no file here."


@pytest.mark.parametrize(
    ("content", "answer"), [(None, "cannot be read"), (b"\xff\xfe", "no text in UTF-8"), (b" \n", "nothing")]
)
def test_a_file_that_holds_no_words_is_refused_and_nothing_is_asked_of_the_case(
    nowhere: Desk, tmp_path: Path, content: bytes | None, answer: str
) -> None:
    file = tmp_path / "grounds.txt"
    if content is not None:
        file.write_bytes(content)
    typed = (
        "declare-inadmissible",
        "CUP-2026-001",
        "--unmet",
        "reasons",
        "--grounds",
        f"@{file}",
    )
    assert answer in nowhere.types(*typed).ended(2).err.replace("\n", " ")


def test_a_refused_act_says_what_is_possible_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    before = quiet(desk, number)
    tomorrow = str(civil_today() + timedelta(days=1))

    refused = desk.types_all(
        ("give-opinion", number, "--body", "commission", "--view", "favourable", "-o", "json"),
        ("decide", number, "--outcome", "refused", "--grounds", "x", "-o", "json"),
        ("lift-suspension", number, "--grounds", "x", "-o", "json"),
        ("declare-admissible", number, "--on", tomorrow, "-o", "json"),
        ("declare-admissible", number, "--on", "2020-01-01", "-o", "json"),
    )

    for answer in refused:
        answer.ended(3)
        assert answer.document["message"] in answer.err
    assert [answer.document["error"] for answer in refused] == ["UntimelyAct"] * 3 + ["ImproperAct"] * 2
    possible = ["declare-admissible", "declare-incomplete", "declare-inadmissible", "withdraw"]
    assert refused[0].document["possible"] == possible
    assert "Falls due: check of the dossier, by the desk, until" in refused[0].document["message"]
    assert "future" in refused[3].document["message"]
    assert state(desk, number) == before
    assert not desk.on_their_way(number)


def test_an_unknown_number_ends_with_4_and_the_nearest_ones(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    wrong = number.replace("CUP", "CPU")
    for answer in desk.types_all(
        ("show", wrong, "-o", "json"),
        ("withdraw", wrong, "-o", "json"),
        ("withdraw", "x" * 300, "-o", "json"),
    ):
        answer.ended(4)
        if wrong in answer.words:
            assert answer.document["possible"][0] == f"show {number}"


def test_in_an_ended_case_nothing_is_possible_and_it_says_so(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    desk.does("declare-inadmissible", number, "--unmet", "reasons", "--grounds", "out of scope")
    answer = desk.asks("withdraw", number, "-o", "json").ended(3)
    assert "nothing is possible any more" in answer.document["message"]
    assert len(desk.acts(number)) == 2


def test_the_same_request_id_twice_is_applied_once_and_gets_the_same_receipt(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    words = ("declare-incomplete", number, "--missing", "Annex IV", "--request-id", "letter-2026-77")
    first = desk.does(*words)
    desk.does("receive-completion", number)
    assert desk.does(*words) == first
    assert len(desk.acts(number)) == 3

    other = desk.asks(*words[:3], "Annex V", *words[4:], "-o", "json").ended(3)
    assert "was used for another act" in other.document["message"]
    assert len(desk.acts(number)) == 3


def test_the_request_id_of_the_act_that_ended_a_case_finds_its_receipt_again(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    words = ("withdraw", number, "--grounds", "no longer needed", "--request-id", "letter-2026-78")
    first = desk.does(*words)
    assert desk.does(*words) == first
    with desk.beside("Case officer B") as colleague:
        other = colleague.types(*words, "-o", "json").ended(3)
    assert "was used for another act" in other.document["message"]
    assert len(desk.acts(number)) == 2


def test_a_case_that_temporal_lost_is_not_taken_for_an_ended_one(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)

    async def lose() -> None:
        await (await connect(desk.settings)).get_workflow_handle(number).terminate("a test")

    wait_for(lose())
    answer = desk.asks("withdraw", number, "-o", "json").ended(5)
    assert "holds no open case" in answer.document["message"]


def test_an_act_can_say_on_which_day_it_happened(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path, days_ago=2)
    yesterday = str(civil_today() - timedelta(days=1))
    receipt = desk.does("declare-incomplete", number, "--missing", "Annex IV", "--on", yesterday)
    assert receipt["on"] == yesterday
    line = desk.sees(number)["entries"][-1]
    assert line["happened_on"] == yesterday
    assert civil_day(datetime.fromisoformat(line["recorded_at"])) > date.fromisoformat(yesterday)


def test_two_operators_at_once_are_two_acts_in_order(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    before = len(desk.acts(number))
    with desk.beside("Case officer B") as colleague:
        both = [
            who.starts("declare-incomplete", number, "--missing", what, "-o", "json")
            for what, who in (("Annex IV", desk), ("Annex V", colleague))
        ]
        answers = [Answer((), 0, *p.communicate(timeout=60)) for p in both]
    assert sorted(p.returncode for p in both) == [0, 3]
    refused = next(a for a, p in zip(answers, both, strict=True) if p.returncode == 3)
    assert "declare-incomplete is not possible" in refused.document["message"]
    assert len(desk.acts(number)) == before + 1


def test_two_who_type_the_same_words_at_once_get_one_answer(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    words = ("declare-incomplete", number, "--missing", "Annex IV", "-o", "json")
    both = [desk.starts(*words) for _ in range(2)]
    said = [p.communicate(timeout=60) for p in both]
    # Either both share one request id, or the second came after the first was answered.
    assert sorted(p.returncode for p in both) in ([0, 0], [0, 3]), said
    if [p.returncode for p in both] == [0, 0]:
        assert json.loads(said[0][0]) == json.loads(said[1][0])
    assert len(desk.acts(number)) == 2


def test_typed_again_after_a_killed_command_line_an_act_is_applied_once(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    words = ("declare-incomplete", number, "--missing", "Annex IV")
    running = recall(desk.settings.var)
    assert running is not None
    kill(running.worker)
    command = desk.starts(*words)
    eventually(lambda: desk.on_their_way(number))
    eventually(lambda: command.poll() is None)
    command.kill()
    command.communicate()
    desk.up()

    receipt = desk.does(*words)

    assert receipt["entry"] == 2
    lines = desk.sees(number)["entries"]
    assert [line["act"] for line in lines] == ["Received", "DeclaredIncomplete"]
    assert not desk.on_their_way(number)
    # With an answer given, the same words are a new act.
    desk.asks(*words).ended(3)


def on_its_way_or_done(desk: Desk, number: str, command: subprocess.Popen[str]) -> bool:
    return bool(desk.on_their_way(number)) or command.poll() is not None


def test_a_command_line_killed_after_the_act_was_applied_gets_its_receipt_later(
    desk: Desk, tmp_path: Path
) -> None:
    for _ in range(5):  # a fast machine may answer before it is killed
        number = desk.submits(tmp_path)
        words = ("declare-incomplete", number, "--missing", "Annex IV")
        command = desk.starts(*words)
        eventually(partial(on_its_way_or_done, desk, number, command))
        command.kill()
        command.communicate()
        if desk.on_their_way(number):
            break

    assert desk.does(*words)["entry"] == 2
    assert len(desk.acts(number)) == 2


@pytest.mark.parametrize("times", [2, pytest.param(7, marks=pytest.mark.long)])
def test_no_command_ends_by_an_abort(desk: Desk, tmp_path: Path, times: int) -> None:
    """Acts and refusals, each in a process that opened a connection to Temporal and leaves at once."""
    number = desk.submits(tmp_path)
    asked = [
        *[(3, ("decide", number, "--outcome", "refused", "--grounds", "x"))] * times,
        *[(4, ("withdraw", "CUP-1999-001"))] * times,
        *[(0, ("declare-incomplete", number, "--missing", "x", "--request-id", "many-times"))] * times,
    ]
    with ThreadPoolExecutor(3) as operators:
        answers = list(operators.map(lambda one: desk.types(*one[1]), asked))
    assert [answer.code for answer in answers] == [code for code, _ in asked]
    for answer in answers:
        assert "panicked" not in answer.err
        assert "Fatal Python error" not in answer.err


def test_every_act_is_refused_in_words_and_never_by_a_fault(desk: Desk, tmp_path: Path) -> None:
    """All acts on a dossier in which none of them is possible: code 3, whatever their fields."""
    number = desk.submits(tmp_path)
    desk.does("declare-inadmissible", number, "--unmet", "reasons", "--grounds", "out of scope")
    fields = {
        "declare-incomplete": ("--missing", "x"),
        "judge": ("--rule", "E-01", "--verdict", "pass", "--grounds", "x"),
        "fix-contribution": ("--amount", "1.00", "--source", "x"),
        "book-payment": ("--amount", "0.01"),
        "credit-invoice": ("--reason", "x"),
        "record-objection": ("--hearing", "wanted"),
        "record-interruption": ("--manner", "any_claim", "--source", "x"),
        "decide-objection": ("--amount", "1.00", "--grounds", "x", "--decided-by", "x"),
        "suspend-services": ("--grounds", "x"),
        "give-opinion": ("--body", "commission", "--view", "favourable"),
        "raise-questions": ("--body", "commission", "--question", "x", "--days", "3"),
        "contest-opinion": ("--body", "commission"),
        "receive-grounds": ("--body", "commission"),
        "send-back-opinion": ("--body", "commission", "--grounds", "x"),
        "announce-application": ("--expected-on", "2026-12-31"),
        "link-application": ("--application", number),
        "correct-admissibility": ("--grounds", "x"),
        "establish": ("--limit", "decision"),
        "choose-reading": ("--reading", "as-it-stands", "--grounds", "x"),
        "decide": ("--outcome", "authorised", "--grounds", "x", "--effective-on", "2026-11-01"),
        "authorise-provisionally": ("--requested-by", "importer", "--grounds", "x"),
        "record-fact": ("--fact", "on-the-market", "--source", "x"),
        "record-count": ("--counted", "patients", "--count", "9", "--allowed", "--source", "x"),
        "decide-successor": ("--outcome", "rejected", "--grounds", "x"),
        "suspend": ("--grounds", "x", "--for-safety"),
        "meet-condition": ("--condition", "1"),
        "evaluate": ("--outcome", "continued", "--grounds", "x"),
        "request-report": ("--report", "list", "--grounds", "x"),
        "drop-day": ("--day", "list-2027-10-01", "--grounds", "x"),
        "confirm-programme": (
            *("--procedure", "CUP", "--holder", "x", "--in-force-on", "2024-02-29"),
            *("--marketing-application", "none"),
        ),
        "close-to-new-patients": ("--grounds", "x", "--continuity-plan", "x"),
        "close": ("--grounds", "x", "--continuity-plan", "x"),
    }
    grounds = (
        "determine",
        "declare-inadmissible",
        "lift-suspension",
        "decline-proposal",
        "dismiss-cancellation",
    )
    fields["note-on-file"] = ("--text", "x")
    fields["assign"] = ()
    fields["correct"] = ("1", "--fact", "on", "--right", "2026-11-27", "--reason", "x")
    elements = tmp_path / "elements.toml"
    elements.write_text('[fr]\ndistribution = "Par la pharmacie."\n')
    fields["translate"] = ("--elements", str(elements))
    commands = [
        (act.command, number, *fields.get(act.command, ("--grounds", "x") if act.command in grounds else ()))
        for act in ACTS
    ]
    for answer in desk.types_all(*commands):
        answer.ended(3)
        # an invoice outlives its case, and a slip of the pen; this one has neither
        outlives = {"credit-invoice": "nothing to credit", "correct": "is not corrected"}
        assert outlives.get(answer.words[0], "nothing is possible any more") in answer.err


def test_a_letter_that_waits_for_a_person_is_told_with_the_answer(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    receipt = desk.does("declare-incomplete", number, "--missing", "Annex 日")
    (warning,) = receipt["warnings"]
    assert "日 (U+65E5) in “Annex 日”" in warning
    assert f"umn letter preview {number} incomplete" in warning


def test_another_script_than_letters_are_set_in_is_told_before_the_act_and_with_its_answer(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    act = ("declare-incomplete", number, "--missing", "Annex עברית")
    shown = desk.asks(*act, "--dry-run").ended(0).out
    assert "! incomplete holds another script than Latin, Greek and Cyrillic: ע (U+05E2)" in shown
    (warning,) = desk.does(*act)["warnings"]
    assert "ע (U+05E2) in “Annex עברית”" in warning
    (waits,) = eventually(
        lambda: [
            one["key"]
            for one in desk.does("notices", "--number", number)
            if one["letter"] == "incomplete" and one["state"] == "not_made"
        ]
    )
    desk.does("notices", "again", waits)
    eventually(lambda: waits not in [one["key"] for one in desk.does("notices")])


def test_an_act_whose_receipt_nobody_saw_is_recognised_when_it_is_typed_again(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path)
    words = ("declare-incomplete", number, "--missing", "Annex IV in French")
    with open("/dev/full", "w") as full:  # it stands, and its receipt cannot be shown
        process = subprocess.run(
            [sys.executable, str(STARTER), *words], env=desk.environment, stdout=full, stderr=subprocess.PIPE
        )
    assert process.returncode
    assert desk.on_their_way(number) == ["declare-incomplete"]
    assert desk.does(*words)["entry"] == 2
    assert desk.on_their_way(number) == []
    assert desk.acts(number) == ["Received", "DeclaredIncomplete"]
