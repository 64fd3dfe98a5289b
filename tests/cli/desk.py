"""An operator at a terminal: every command is a process of its own, with an environment of its own."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.clock import civil_day
from models.people import StaffRole
from office.connection import connect
from office.desk import peopling
from office.service import server
from office.service.launching import wait_for
from office.service.running import Process, Running
from office.settings import Settings
from procedures.be_umn.samples import sample
from register.database import migrate
from register.keys import OFFICE, kept
from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
STARTER = PROJECT / "starter.py"
SAMPLES = PROJECT / "procedures" / "be_umn" / "samples"
IMPORT = (
    "import-register",
    str(SAMPLES / "agency-page-nl.txt"),
    "--known",
    str(SAMPLES / "known-products.csv"),
)

MINISTER = ("--decided-by", "Ann", "--capacity", "minister")
STATED = ("--until", "2070-12-31", "--protocol", "version 1")
SIGNED = (
    *("decide", "authorise-provisionally", "suspend", "lift-suspension", "close-to-new-patients", "close"),
    "decide-successor",
)

_numbers = itertools.count(1)


def kill(*processes: Process | None) -> None:
    """Takes processes away as a failing machine does, and returns when they are gone."""
    for process in processes:
        if process is not None and process.alive:
            os.kill(process.pid, signal.SIGKILL)
    while any(process is not None and process.alive for process in processes):
        time.sleep(0.005)


def eventually(true: Callable[[], Any], patience: float = 20.0, instead: Callable[[], Any] = str) -> Any:
    """Waits until something holds, and returns it. `instead` tells what is the case when it does not."""
    until = time.monotonic() + patience
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.05)
    assert found, instead()
    return found


class TerminalLost(BrokenPipeError):
    """A terminal was taken away while a command was typed in it; `shown` is what was seen of its result."""

    def __init__(self, words: tuple[str, ...], shown: str) -> None:
        super().__init__(f"the terminal was taken away: {words}")
        self.shown = shown


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    def ended(self, code: int) -> Answer:
        """Asserts the exit code, and what holds for every command: no operator sees a traceback."""
        assert self.code == code, self
        assert "Traceback" not in self.out + self.err, self
        return self


class Desk:
    """An operator of one installation."""

    def __init__(self, settings: Settings, by: str = "Case officer A") -> None:
        self.settings = replace(settings, key=settings.key or self._key(settings, by))
        self.by = by
        self._console: subprocess.Popen[str] | None = None
        self._typing = threading.Lock()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TEMPORAL_", "UMN_"))},
            **self.settings.made,
            "TEMPORAL_CONFIG_FILE": os.devnull,
        }

    @staticmethod
    def _key(settings: Settings, name: str) -> Path:
        """The key of whoever is called so: beside the data folder, never in it."""
        return settings.var.with_name(f"{settings.var.name}-{name.replace(' ', '-').lower()}")

    def first(self) -> Desk:
        """Whoever starts the office is the one person that it knows, with every role."""
        self.settings.var.mkdir(parents=True, exist_ok=True)
        migrate(self.settings.register_url)
        kept(self.settings.keys / OFFICE)
        peopling.first(self.settings, self.by, civil_today())
        return self

    def colleague(self, name: str, *roles: StaffRole) -> Desk:
        """Somebody else of the office, with a key of one's own and every role, or these."""
        own = Desk(replace(self.settings, key=self._key(self.settings, name)), by=name)
        kept(own.settings.own_key)
        public = f"{own.settings.own_key}.pub"
        told = (roles or StaffRole.words(), civil_today(), None, public, civil_today())
        peopling.add(self.settings, name, name, *told)
        return own

    @contextmanager
    def beside(self, name: str, *roles: StaffRole) -> Iterator[Desk]:
        """A colleague who is gone afterwards: whoever stays does alone again what takes two people."""
        colleague = self.colleague(name, *roles)
        yield colleague
        colleague.leaves()
        peopling.end(self.settings, name, civil_today() - timedelta(days=1), civil_today())

    @staticmethod
    def signed(words: tuple[str, ...]) -> tuple[str, ...]:
        """A command as typed, with who took the act where its procedure asks for that."""
        if len(words) < 2 or words[0] not in SIGNED or words[1].startswith("CTR") or "--capacity" in words:
            return words
        sets_up = "/" not in words[1] and any(word.startswith("authorised") for word in words)
        return (*words, *MINISTER, *(STATED if sets_up else ()))

    def starts(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Types a command and does not wait for its answer."""
        return subprocess.Popen(
            [sys.executable, str(STARTER), *self.signed(words)],
            env=self.environment | environment,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def types(self, *words: str, **environment: str) -> Answer:
        """Types a command and waits for its answer."""
        process = self.starts(*words, **environment)
        out, err = process.communicate(timeout=100)
        return Answer(words, process.returncode, out, err)

    def types_all(self, *commands: tuple[str, ...]) -> list[Answer]:
        """Types commands one after the other in a terminal that stays open, to save the time of starting."""
        with self._typing:
            if self._console is None or self._console.poll() is not None:
                self.leaves()
                self._console = subprocess.Popen(
                    [sys.executable, str(Path(__file__).with_name("console.py"))],
                    env=self.environment | {"PYTHONPATH": str(PROJECT)},
                    cwd=PROJECT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            assert self._console.stdin is not None
            assert self._console.stdout is not None
            answers = []
            for words in commands:
                self._console.stdin.write(json.dumps(self.signed(words)) + "\n")
                self._console.stdin.flush()
                answers.append(self._seen(words, self._console))
            return answers

    @staticmethod
    def _seen(words: tuple[str, ...], console: subprocess.Popen[str]) -> Answer:
        """What a command shows until it ends. Raises: TerminalLost."""
        shown = {"out": "", "err": ""}
        assert console.stdout is not None
        for line in console.stdout:
            name, said = json.loads(line)
            if name == "code":
                return Answer(words, said, **shown)
            shown[name] += said
        console.wait()
        raise TerminalLost(words, shown["out"])

    def loses_its_terminal(self) -> None:
        """Takes the terminal that stays open away by -9, with whatever is typed in it."""
        if (console := self._console) is not None:
            console.kill()

    def asks(self, *words: str) -> Answer:
        """Types one command in the terminal that stays open."""
        return self.types_all(words)[0]

    def leaves(self) -> None:
        """Closes the terminal."""
        if self._console is not None:
            with suppress(OSError):  # one that was taken away takes no more words
                self._console.communicate()
            self._console = None

    def does(self, *words: str) -> Any:
        """Types a command that must be done. Returns: its JSON document."""
        return self.asks(*words, "-o", "json").ended(0).document

    def up(self) -> Running:
        return server.up(self.settings, say=lambda line: None)

    def package(
        self, into: Path, name: str = "cup-application", days_ago: int = 0, cesp: str = "", **more: Any
    ) -> Path:
        """A package of the samples under a delivery number of its own."""
        return sample(
            name,
            into,
            cesp_number=cesp or f"TEST-{os.getpid()}-{next(_numbers):04d}",
            received_at=datetime.now(UTC) - timedelta(days=days_ago),
            **more,
        )

    def submits(self, into: Path, **more: Any) -> str:
        """Submits an application. Returns: the number of its dossier."""
        return str(self.does("submit", str(self.package(into, **more)))["number"])

    def sees(self, number: str) -> Any:
        """All that the register holds of a case."""
        return self.does("show", number)

    def acts(self, number: str) -> list[str]:
        """What happened in a case, without the letters that left meanwhile and ended a limit."""
        return [line["act"] for line in self.sees(number)["entries"] if line["act"] != "LetterLeft"]

    def sees_at_rest(self, number: str) -> Any:
        """All that the register holds of a case, once every letter of it has left and it knows."""
        seen = [self.sees(number)]

        def rests() -> bool:
            seen.append(self.sees(number))
            # a case is told of some of its letters after they left
            left = {(letter["state"], letter["tells"]) for letter in seen[-1]["notices"]} == {("sent", "")}
            return left and seen[-1] == seen[-2]

        eventually(rests)
        return seen[-1]

    def on_their_way(self, number: str) -> list[str]:
        """The acts on a case that have left and have no answer yet."""
        files = (self.settings.var / "requests").glob("*.json")
        return [
            said["act"]
            for said in (json.loads(file.read_text()) for file in files)
            if said["number"] == number
        ]

    def entries_in_history(self, number: str) -> int:
        """How many entries Temporal remembers to have written, over all runs of a case."""

        async def ask() -> int:
            client = await connect(self.settings)
            described = await client.get_workflow_handle(number).describe()
            run: str | None = described.raw_description.workflow_execution_info.first_run_id
            written = set[str]()
            while run:
                history = await client.get_workflow_handle(number, run_id=run).fetch_history()
                for event in history.events:
                    said = event.user_metadata.summary.data.decode().strip('"')
                    if said.startswith("entry "):
                        written.add(said.partition(":")[0])
                last = history.events[-1].workflow_execution_continued_as_new_event_attributes
                run = last.new_execution_run_id
            return len(written)

        return wait_for(ask())

    def waits_for_the_worker(self, number: str) -> bool:
        """Whether Temporal holds something of a case that its worker has not heard yet."""

        async def ask() -> bool:
            client = await connect(self.settings)
            described = await client.get_workflow_handle(number).describe()
            return described.raw_description.HasField("pending_workflow_task")

        return wait_for(ask())

    def events(self, number: str) -> int:
        """How many events Temporal holds of a case's current run."""

        async def ask() -> int:
            client = await connect(self.settings)
            return (await client.get_workflow_handle(number).describe()).history_length

        return wait_for(ask())


@contextmanager
def office(var: Path, **made: Any) -> Iterator[Desk]:
    """An office that runs, with an operator in it; everything is stopped afterwards."""
    settings = Settings(
        var=var, temporal_port=free_port(), ui_port=free_port(), task_queue="umn-desk", **made
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("TEMPORAL_", "UMN_"))]:
            patch.delenv(name)
        patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
        desk = Desk(settings)
        try:
            desk.types("up", "--person", desk.by).ended(0)
            yield desk
        finally:
            desk.leaves()
            server.down(settings, say=lambda line: None)


def civil_today() -> date:
    return civil_day(datetime.now(UTC))
