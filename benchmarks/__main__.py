"""`make bench`, or `python -m benchmarks [NAME ...] [-o json]`: measures, shows, asserts nothing."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figures import Figure, Tell

BENCHMARKS = (
    "clock",
    "impact",
    "events",
    "dossiers",
    "thirty-years",
    "cold-start",
    "letters",
    "invoices",
    "intake",
    "payments",
    "publication",
    "verify",
    "scale",
)
"""Each is a module with `measure`, its hyphens as underscores."""

app = App(name="benchmarks", help=__doc__, version_flags=[])


@app.default
def bench(
    *names: Literal[BENCHMARKS],  # type: ignore[valid-type]
    sizes: str = "100,1000",
    into: Path | None = None,
    output: Annotated[Literal["table", "json"], Parameter(name=["--output", "-o"])] = "table",
) -> None:
    """Measures what is named, or everything.

    Args:
        names: the benchmarks to run.
        sizes: how many programmes are open, for `scale`: numbers with commas between them.
        into: a folder for the figures, as `figures.json`, and for the chart of `scale`, as `growth.svg`.
        output: table for people, json for programs.
    """
    from benchmarks.figures import as_json, show

    _keep_the_sdk_quiet()
    figures: list[Figure] = []
    for name in names or BENCHMARKS:
        began = time.perf_counter()
        measure = import_module(f"benchmarks.{name.replace('-', '_')}").measure
        if name == "scale":
            measure = partial(measure, sizes=[int(size) for size in sizes.split(",")])
        with _progress(name) as tell:
            figures += measure(tell)
        print(f"{name}: measured in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        if into:  # after each, so that what was measured stays whatever becomes of the next one
            (into / "figures.json").write_text(as_json(figures))
            if name == "scale":
                from benchmarks.chart import drawn

                (into / "growth.svg").write_text(drawn(figures))
    show(figures, output)


def _keep_the_sdk_quiet() -> None:
    """Its core writes warnings to standard output, where only results may stand."""
    from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

    quiet = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=quiet)))
    logging.getLogger("temporalio").setLevel(logging.ERROR)


@contextmanager
def _progress(name: str) -> Iterator[Tell]:
    """Shows on standard error what is being measured."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    if not sys.stderr.isatty():
        began = time.perf_counter()
        yield lambda what: print(f"{time.perf_counter() - began:6.0f} s {name}: {what}", file=sys.stderr)
        return
    parts = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda what: bar.update(task, description=f"{name}: {what}")


def main() -> None:
    """Runs, flushes, and leaves at once: ending the interpreter itself can abort inside the SDK."""
    code = 0
    # an end from outside still takes the servers away
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app(sys.argv[1:], result_action="return_value")
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
