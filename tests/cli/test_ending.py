"""A command that waits ends at once when it is told to, and says what became of its act."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from office.service.running import recall
from tests.cli.desk import PROJECT, Answer, Desk, eventually, kill, office

pytestmark = pytest.mark.server

SOON = 1.5
"""Seconds in which a command that was told to end has ended: one, and a half for a busy machine."""

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.fixture(scope="module", autouse=True)
def in_the_foreground() -> Iterator[None]:
    """Ctrl-C and a hang-up reach what is started here, also where a shell or `nohup` shields tests."""
    found = signal.signal(signal.SIGINT, signal.default_int_handler)
    shielded = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, found)
    signal.signal(signal.SIGHUP, shielded)


@pytest.fixture(scope="module")
def nobody_works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """An operator in an office whose worker was killed, and a dossier of the two that lie there."""
    with office(tmp_path_factory.mktemp("nobody-works") / "var") as desk:
        number, _ = (desk.submits(tmp_path_factory.mktemp("package")) for _ in range(2))
        running = recall(desk.settings.var)
        assert running is not None
        kill(running.worker)
        yield desk, number


@pytest.fixture(scope="module")
def untouched(nobody_works: tuple[Desk, str]) -> str:
    """Another dossier there, on which nobody has acted."""
    desk, first = nobody_works
    return str(next(case["number"] for case in desk.does("list") if case["number"] != first))


def told(process: subprocess.Popen[str], *numbers: int) -> tuple[Answer, float]:
    """Sends signals to a command. Returns: what it left behind, and after how many seconds."""
    began = time.monotonic()
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.05)  # the pause of a person who types Ctrl-C again
    out, err = process.communicate(timeout=60)
    return Answer(tuple(process.args[2:]), process.returncode, out, err), time.monotonic() - began


def on_its_way(desk: Desk, number: str, act: str) -> str:
    """Waits until an act has left. Returns: its request id."""
    eventually(lambda: act in desk.on_their_way(number), 40)
    files = [json.loads(file.read_text()) for file in (desk.settings.var / "requests").glob("*.json")]
    return str(next(said["request_id"] for said in files if (said["number"], said["act"]) == (number, act)))


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_an_act_that_waits_ends_at_once_and_keeps_its_request_id(
    nobody_works: tuple[Desk, str], number: int, code: int
) -> None:
    desk, dossier = nobody_works
    words = ("judge", dossier, "--rule", "E-02", "--verdict", "pass", "--grounds", f"seen {code}")
    process = desk.starts(*words, "-o", "json")
    request_id = on_its_way(desk, dossier, "judge")
    answer, seconds = told(process, number)
    answer.ended(code)
    assert seconds < SOON
    assert answer.document["error"] == "Interrupted"
    assert f"judge of {dossier} was sent and is not answered yet" in answer.document["message"]
    assert request_id in answer.err
    assert on_its_way(desk, dossier, "judge") == request_id
    for file in (desk.settings.var / "requests").glob("*.json"):
        file.unlink()  # the next one is another person's act


def test_ctrl_c_twice_leaves_no_traceback_and_no_zero(nobody_works: tuple[Desk, str]) -> None:
    desk, dossier = nobody_works
    process = desk.starts("withdraw", dossier, "--grounds", "The applicant changed its mind.")
    on_its_way(desk, dossier, "withdraw")
    answer, seconds = told(process, signal.SIGINT, signal.SIGINT)
    answer.ended(130)
    assert seconds < SOON
    assert answer.err.count("Stopped by Ctrl-C.") == 1


def test_what_was_not_sent_yet_is_said_to_be_so(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        process = desk.starts("withdraw", "CUP-2026-001", TEMPORAL_ADDRESS=address)
        silent.settimeout(40)
        with silent.accept()[0]:
            answer, seconds = told(process, signal.SIGINT)
    answer.ended(130)
    assert seconds < SOON
    assert "withdraw of CUP-2026-001 was not sent; nothing was changed." in answer.err


def test_ctrl_c_while_a_command_is_still_loaded_ends_it_without_a_word(nowhere: Desk) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "starter.py", "list"],
        env=nowhere.environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "cyclopts." not in (line := process.stderr.readline()):
        assert line, "it never came to load the command line"
    answer, seconds = told(process, signal.SIGINT)
    answer.ended(-signal.SIGINT)  # a shell says 130
    assert seconds < SOON


def test_a_look_at_a_locked_register_ends_too(desk: Desk, tmp_path: Path) -> None:
    desk.submits(tmp_path / "package")
    copied = tmp_path / "var" / "register.db"
    copied.parent.mkdir()
    with sqlite3.connect(desk.settings.var / "register.db") as ours, sqlite3.connect(copied) as copy:
        ours.backup(copy)
    holder = sqlite3.connect(copied, isolation_level=None)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    process = desk.starts("list", UMN_VAR=str(copied.parent))
    eventually(lambda: _opened(process, copied))
    answer, seconds = told(process, signal.SIGINT)
    holder.close()
    answer.ended(130)
    assert seconds < SOON
    assert answer.err == "Stopped by Ctrl-C. No act was on its way.\n"


def _opened(process: subprocess.Popen[str], file: Path) -> bool:
    folder = Path(f"/proc/{process.pid}/fd")
    return any(os.path.realpath(link) == str(file) for link in folder.iterdir())


def test_what_nohup_shields_from_a_closed_terminal_goes_on(nobody_works: tuple[Desk, str]) -> None:
    desk, dossier = nobody_works
    shielded = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "os.execv(sys.executable, [sys.executable, 'starter.py', *sys.argv[1:]])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", shielded, "receive-completion", dossier],
        env=desk.environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    on_its_way(desk, dossier, "receive-completion")
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(SOON)
    told(process, signal.SIGTERM)[0].ended(143)


def test_the_same_command_typed_after_ctrl_c_is_applied_once(
    nobody_works: tuple[Desk, str], untouched: str
) -> None:
    desk, _ = nobody_works
    process = desk.starts("declare-admissible", untouched)
    request_id = on_its_way(desk, untouched, "declare-admissible")
    told(process, signal.SIGINT)[0].ended(130)
    desk.types("up").ended(0)
    desk.does("declare-admissible", untouched)
    made = [entry for entry in desk.sees(untouched)["entries"] if entry["act"] == "DeclaredAdmissible"]
    assert [entry["request_id"] for entry in made] == [request_id]


def stands_without_an_answer(desk: Desk, number: str, *words: str) -> int:
    """Has an act stand whose command was stopped before its answer came. Returns: its entry."""
    running = recall(desk.settings.var)
    assert running is not None
    assert running.worker is not None
    os.kill(running.worker.pid, signal.SIGSTOP)
    process = desk.starts(*words)
    request_id = on_its_way(desk, number, words[0])
    eventually(lambda: desk.waits_for_the_worker(number), 40)
    told(process, signal.SIGINT)[0].ended(130)
    os.kill(running.worker.pid, signal.SIGCONT)

    def entry() -> int:
        entries = desk.sees(number)["entries"]
        return next((line["sequence"] for line in entries if line["request_id"] == request_id), 0)

    return int(eventually(entry, 40))


def unanswered(desk: Desk, number: str) -> list[str]:
    problems = json.loads(desk.types("status", "-o", "json").out)["problems"]
    return [one["sentence"] for one in problems if (one["kind"], one["number"]) == ("unanswered-act", number)]


def test_an_act_that_stands_without_an_answer_is_told_once_and_recognised_until_somebody_acts_after_it(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path / "package")
    judged = ("judge", number, "--rule", "E-02", "--verdict", "pass", "--grounds", "Seen.")
    entry = stands_without_an_answer(desk, number, *judged)
    (sentence,) = unanswered(desk, number)
    assert f"judge of {number} stands as entry {entry}, although" in sentence
    assert sentence in desk.types("list").ended(0).err.splitlines()
    assert desk.types("list").ended(0).err == ""

    again = desk.types(*judged).ended(0)
    assert f"stands already, as entry {entry}" in again.err
    assert f"Entry {entry}." in again.out
    assert unanswered(desk, number) == []
    assert desk.acts(number).count("RuleJudged") == 1

    assert f"Entry {entry + 1}." in desk.types(*judged).ended(0).out  # meant once more


def test_the_same_words_are_a_new_act_once_somebody_acted_after_the_one_without_an_answer(
    desk: Desk, tmp_path: Path
) -> None:
    number = desk.submits(tmp_path / "package")
    desk.does("declare-incomplete", number)
    entry = stands_without_an_answer(desk, number, "receive-completion", number)
    desk.does("declare-incomplete", number)
    second = desk.types("receive-completion", number).ended(0)
    assert f"The same words stand as entry {entry} of" in second.err
    assert desk.acts(number).count("CompletionReceived") == 2
