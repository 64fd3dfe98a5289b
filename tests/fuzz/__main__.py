"""Lets chance look for a file that is neither read nor refused in our words.

    python -m tests.fuzz statements --minutes 10 [--seed 1] [--case 4711]

It starts from our samples and from the cases that lie beside the project, changes them and has the project's
own functions read them. What is looked for: an exception that is no refusal, a case that takes more than
`SECONDS` of work, memory beyond `MEGABYTES`, and a reading that nobody could keep. Each finding is told once,
with its number: `--case` reads that one alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

from models.errors import InputRefused
from models.register import MovementRow
from models.statements import StatementFile
from office.intake.authority_page import read_text
from office.intake.filled_forms import check
from office.intake.package import read_package
from office.money.reading import read
from procedures.be_umn.agency_page.reading import read as read_page
from procedures.be_umn.samples import HERE as SAMPLES
from samples.statements.make import SAMPLE, Payment, camt, coda
from tests.fuzz.mutating import bytes_of, marked_up, packed, records, tree

SECONDS = 10
"""Of the processor's time for one case; a busy machine does not count."""

MEGABYTES = 1_000
ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared"
TODAY = date(2026, 11, 29)
MOST_FINDINGS = 20

Way = Callable[[Random, bytes, list[bytes]], bytes]


class Slow(BaseException):
    """A case took too long; no `except Exception` takes it for something else."""


def statements() -> Iterable[tuple[str, bytes]]:
    """Statements of both forms, ours and those from the field."""
    many = (*SAMPLE, Payment(-250, "costs"), Payment(-1000, reverses="REF"), Payment(5, "x" * 200, free=True))
    yield "a.cod", coda(many, TODAY, last=False) + coda(many, TODAY, 2)
    yield "a.xml", camt(many, TODAY)
    yield "b.xml", camt(many, TODAY, version="08")
    yield from _beside("camt-*/*.xml", "coda-*/*.cod", "statement-*/*.*")


def forms() -> Iterable[tuple[str, bytes]]:
    """Forms as JSON and as spreadsheets."""
    for file in sorted(SAMPLES.rglob("form.*")):
        yield file.name, file.read_bytes()
    yield from _beside("form-*/*.xlsx")


def page() -> Iterable[tuple[str, bytes]]:
    """The agency's page, as text and as markup."""
    yield "a.txt", (SAMPLES / "agency-page-nl.txt").read_bytes()
    yield from _beside("page-*/*.html")
    for file in sorted((BESIDE / "data").glob("**/*.txt")):
        if "law" not in file.parts:
            yield file.name, file.read_bytes()


def packages() -> Iterable[tuple[str, bytes]]:
    """Good packages and hostile ones."""
    from tests.intake.hostile import archive, corpus, good

    yield "good.zip", archive(good())
    with tempfile.TemporaryDirectory() as made:
        for place, hostile in enumerate(corpus()):
            into = Path(made) / str(place)
            into.mkdir()
            package = hostile.make(into)
            if package.is_file() and package.suffix == ".zip" and package.stat().st_size < 100_000:
                yield f"{hostile.id}.zip", package.read_bytes()
    yield from _beside("zip-*/*.zip")


def _beside(*patterns: str) -> Iterable[tuple[str, bytes]]:
    for pattern in patterns:
        for file in sorted((BESIDE / "cases").glob(pattern)):
            if file.name != "README.md":
                yield file.name, file.read_bytes()


def read_statement(path: Path) -> None:
    """Reads a statement as the command does, and looks whether the register could keep it."""
    file: StatementFile = read(path, ["BE49999000000171"])
    limits = {
        name: column.type.length
        for name, column in MovementRow.__table__.columns.items()
        if hasattr(column.type, "length")
    }
    for statement in file.statements:
        assert statement.opening + sum(one.cents for one in statement.movements) == statement.closing
        assert len(f"{statement.number}") <= 60
        assert len(statement.account) <= 34
        assert statement.currency.isascii()
        for one in statement.movements:
            for name in type(one).__slots__:
                said = getattr(one, name)
                if isinstance(said, str):
                    assert len(said) <= (limits.get(name) or 10**9), (name, said)
                    assert said.isprintable(), (name, said)
    json.dumps([str(remark) for remark in file.remarks]).encode()


def read_form(path: Path) -> None:
    """Checks a form as the command does."""
    about, told = check(path)
    json.dumps([about, [str(one) for one in told]], default=str).encode()


def read_agency_page(path: Path) -> None:
    """Reads a page as its import does."""
    captured = read_page(read_text(path), TODAY)
    assert captured.rows


def read_delivery(path: Path) -> None:
    """Reads a package as its submission does."""
    package = read_package(path)
    package.model_dump_json() if hasattr(package, "model_dump_json") else repr(package)


KINDS: dict[str, tuple[Callable[[], Iterable[tuple[str, bytes]]], Callable[[Path], None], dict[str, Way]]] = {
    "statements": (statements, read_statement, {"cod": records, "xml": marked_up, "zip": packed}),
    "forms": (forms, read_form, {"json": tree, "xlsx": packed}),
    "page": (page, read_agency_page, {"html": marked_up}),
    "packages": (packages, read_delivery, {"zip": packed}),
}


class Fuzzer:
    """Cases of one kind, one after the other, each by its number."""

    def __init__(self, kind: str, seed: int, folder: Path, *, raises: bool = False) -> None:
        sown, self._read, self._ways = KINDS[kind]
        self._sown = [(name, content) for name, content in sown() if content]
        self._kind, self._seed, self._folder = kind, seed, folder
        self._raises = raises
        self.findings: dict[str, str] = {}
        self.refused = self.taken = 0
        signal.signal(signal.SIGVTALRM, self._too_slow)

    def one(self, number: int) -> None:
        """Makes a case and reads it."""
        chance = Random(f"{self._kind} {self._seed} {number}")
        name, content = chance.choice(self._sown)
        alike = [other for called, other in self._sown if called[-4:] == name[-4:]]
        way = self._ways.get(name.rpartition(".")[2], bytes_of)
        way = bytes_of if chance.random() < 0.15 else way
        path = self._folder / f"case.{name.rpartition('.')[2]}"
        path.write_bytes(way(chance, content, alike))
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            self._read(path)
            self.taken += 1
        except InputRefused as refused:
            self.refused += 1
            with suppress(UnicodeError):  # surrogates of a name are put into signs where they are shown
                refused.message.encode()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self._found(error, number)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if used > MEGABYTES:
            self._found(MemoryError(f"{used} MB"), number)
            raise SystemExit(self.told())

    def told(self) -> str:
        """What was found, and where."""
        return "\n".join(f"{why}" for why in self.findings.values())

    def _found(self, error: BaseException, number: int) -> None:
        if self._raises:
            raise error
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if ".venv" not in frame.filename] or frames
        where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "memory"
        key = f"{type(error).__name__} {where}"
        if key not in self.findings:
            self.findings[key] = f"{self._kind} --seed {self._seed} --case {number}: {key}: {error!s:.200}"
            print(self.findings[key], file=sys.stderr, flush=True)

    @staticmethod
    def _too_slow(_signal: int, _frame: object) -> None:
        raise Slow(f"more than {SECONDS} seconds")


def main() -> int:
    """Reads cases until the time is over. Returns: 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="only this one, with its traceback")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (8 * MEGABYTES << 20, 8 * MEGABYTES << 20))
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(asked.kind, asked.seed, Path(folder), raises=asked.case is not None)
        if asked.case is not None:
            fuzzer.one(asked.case)
            return 0
        ends, number = time.monotonic() + asked.minutes * 60, 0
        while time.monotonic() < ends and len(fuzzer.findings) < MOST_FINDINGS:
            fuzzer.one(number)
            number += 1
    print(f"{asked.kind}: {number} cases, {fuzzer.taken} read, {fuzzer.refused} refused", flush=True)
    print(fuzzer.told())
    return int(bool(fuzzer.findings))


if __name__ == "__main__":
    sys.exit(main())
