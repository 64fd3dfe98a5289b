"""Taking in a package as large as may be, of 500 and 1,000 files: seconds and peak memory, alone each time.

What is measured is all that `umn submit` does with the files: the archive read and checked, every file
looked at and hashed, then kept in the document store, each file flushed to the disk. The dossier itself
is what the benchmark `dossiers` measures.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import data_folder
from office.settings import Settings

LIMITS = Settings()
FILES = 500
BYTES = LIMITS.package_most_bytes
ROUNDS = 5
SHAPES = {
    "PDF, stored": FILES,
    "PDF, deflated": FILES,
    "text, deflated": FILES,
    "text, deflated, as many as may be": LIMITS.package_most_files,
    "PDF, a folder": FILES,
}
"""How many files each shape of a package has; all are as large as a package may be."""


def measure(tell: Tell) -> list[Figure]:
    """Seconds and MiB for each shape of the package."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="umn-bench-") as folder:
        for shape, files in SHAPES.items():
            tell(f"making {shape}")
            package = made(Path(folder) / shape, shape, files)
            tell(shape)
            runs = [_taken_in(package) for _ in range(ROUNDS)]
            what = f"{files} files, {BYTES // 1_000_000} MB ({shape})"
            seconds, memory = ([run[part] for run in runs] for part in (0, 1))
            figures.append(median("intake", what, seconds, "seconds", aim="2"))
            figures.append(median("intake", f"{what}, peak memory", memory, "MiB", aim="256"))
    return figures


def made(into: Path, shape: str, files: int) -> Path:
    """A package of that shape below a folder, from the sample of an application."""
    from procedures.be_umn.samples import sample

    into.mkdir(parents=True)
    package = sample("mnp-application", into)
    (package / "08_other").mkdir(exist_ok=True)
    have = sum(1 for file in package.rglob("*") if file.is_file())
    size = BYTES // (files - have + 1)
    line = b"Day %d of the report: nothing to be told of the %d patients of this group.\n"
    for number in range(files - have):
        if shape.startswith("text"):
            content = b"".join(line % (n, n * number) for n in range(size // 60))[:size]
            (package / "08_other" / f"{number}.txt").write_bytes(content)
        else:
            content = b"%PDF-1.7\n" + os.urandom(size - 20) + b"\n%%EOF\n"
            (package / "08_other" / f"{number}.pdf").write_bytes(content)
    if shape.endswith("folder"):
        return package
    archive = into / "package.zip"
    method = zipfile.ZIP_STORED if shape.endswith("stored") else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w", method, compresslevel=6) as written:
        for file in sorted(file for file in package.rglob("*") if file.is_file()):
            written.write(file, file.relative_to(package).as_posix())
    return archive


def _taken_in(package: Path) -> tuple[float, float]:
    """One run in a process of its own: seconds, and the most memory that it held, in MiB."""
    with data_folder() as settings:
        command = [sys.executable, "-m", "benchmarks.intake", str(package), str(settings.var)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def _alone(package: Path, var: Path) -> None:
    """What the process of its own does."""
    import temporalio.client  # noqa: F401  (`umn submit` holds it in memory as well)

    from office.intake.package import read_package
    from office.intake.taking_in import keep_files

    settings = Settings(var=var)
    began = time.perf_counter()
    keep_files(settings, read_package(package, settings=settings), package)
    seconds = time.perf_counter() - began
    print(seconds, _peak())


def _peak() -> float:
    """The most memory that this process held, in MiB.

    Linux counts the process that started this one into `ru_maxrss`, and not into what it tells of the memory.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _alone(Path(sys.argv[1]), Path(sys.argv[2]))
