"""Lets a fuzzer look for a package that is neither taken in nor refused with a code.

    python -m tests.intake.fuzz_package var/fuzz -max_total_time=600

It starts from the hostile corpus and keeps what it finds of interest in the folder that is named. It needs
atheris, which runs on Linux only and is no dependency of the tests: `uv sync --group fuzz`.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path


def one_package(content: bytes) -> None:
    """Reads one package. Raises: whatever is no refusal, which is what is looked for."""
    from models.errors import PackageRefused
    from office.intake.package import read_package

    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(content)
        file.flush()
        with suppress(PackageRefused):
            read_package(Path(file.name))


def sow(folder: Path) -> None:
    """Writes the corpus, and a good package, as files to start from."""
    from tests.intake.hostile import archive, corpus, good

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good").write_bytes(archive(good()))
    with tempfile.TemporaryDirectory() as made:
        for place, hostile in enumerate(corpus()):
            into = Path(made) / str(place)
            into.mkdir()
            package = hostile.make(into)
            if package.is_file() and package.suffix == ".zip" and package.stat().st_size < 100_000:
                (folder / hostile.id).write_bytes(package.read_bytes())


def main() -> int:
    """Sows the corpus and starts the fuzzer; further words are the fuzzer's own."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed; install it with `uv sync --group fuzz`.", file=sys.stderr)
        return 2
    # Only what is imported in here is followed by the fuzzer, hence no import of ours above.
    with atheris.instrument_imports(include=["office", "models"]):
        import tests.intake.hostile  # noqa: F401
    words = sys.argv[1:]
    folder = next((word for word in words if not word.startswith("-")), "var/fuzz")
    sow(Path(folder))
    atheris.Setup([sys.argv[0], folder, "-max_len=200000", *(w for w in words if w != folder)], one_package)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
