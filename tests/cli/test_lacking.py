"""What a machine lacks is said with its place and its remedy; who cannot go on ends, and is started again."""

from __future__ import annotations

import errno
import os
import re
import resource
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from office.service.lacking import lack_of
from office.service.launching import log_path
from office.service.running import recall
from tests.cli.desk import eventually, office


@pytest.mark.parametrize(
    ("number", "says", "remedy"),
    [
        (errno.ENOSPC, "The disk of {place} is full: ", "make room"),
        (errno.EDQUOT, "The disk of {place} is full: ", "make room"),
        (errno.EROFS, "{place} cannot be written or read: Read-only file system.", "who may write there"),
        (errno.EACCES, "{place} cannot be written or read: Permission denied.", "who may write there"),
    ],
)
def test_a_disk_that_takes_nothing_is_named_by_its_place_and_its_remedy(
    tmp_path: Path, number: int, says: str, remedy: str
) -> None:
    (documents := tmp_path / "documents").mkdir()
    named = OSError(number, os.strerror(number), str(documents / "aa" / "new"))
    nameless = OSError(number, os.strerror(number))  # as a write says it
    for error, place in ((named, documents), (nameless, tmp_path)):
        lack = lack_of(error, tmp_path)
        assert lack is not None
        assert lack.message.startswith(says.format(place=place))
        assert remedy in lack.possible[0]


@pytest.mark.server
def test_a_worker_that_gets_no_more_memory_ends_and_says_so_and_up_starts_another(tmp_path: Path) -> None:
    with office(tmp_path / "var") as desk:
        refused = desk.asks("up", "--no-ui").ended(2)
        assert "runs already" in refused.err
        number = desk.submits(tmp_path)
        running = recall(desk.settings.var)
        assert running is not None
        worker = running.worker
        assert worker is not None

        submitting: list[subprocess.Popen[str]] = []

        def gets_no_more() -> bool:
            """Has it work while the limit follows what it gives back, and says whether it has ended."""
            if not submitting or submitting[-1].poll() is not None:
                submitting.append(desk.starts("submit", str(desk.package(tmp_path))))
            with suppress(ProcessLookupError, FileNotFoundError):
                uses = int(Path(f"/proc/{worker.pid}/statm").read_text().split()[0]) * resource.getpagesize()
                resource.prlimit(worker.pid, resource.RLIMIT_AS, (uses + 4 * 2**20, resource.RLIM_INFINITY))
            return not worker.alive

        log = log_path(desk.settings, "worker")
        eventually(gets_no_more, patience=240, instead=log.read_text)
        submitting[-1].kill()  # it would wait for the next worker
        said = log.read_text()
        assert re.search(r"The worker ends, and nothing is lost: .* no more (memory|threads)", said)
        told = desk.asks("status", "-o", "json").ended(5).document["problems"]
        assert "no-worker" in [problem["kind"] for problem in told]
        desk.up()
        assert desk.does("declare-incomplete", number, "--missing", "Annex IV")["phase"] == "completion"
