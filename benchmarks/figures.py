"""What a benchmark found: figures with their unit and, where there is one, the aim."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Tell = Callable[[str], None]
"""Says on standard error what is being measured now."""


@dataclass(frozen=True)
class Figure:
    """One measured value. `runs` are the single measurements behind it, `aim` what was hoped for.

    `programmes`: how many were open; where several sizes are measured, all have the same `what`.
    """

    benchmark: str
    what: str
    value: float
    unit: str
    aim: str = ""
    runs: tuple[float, ...] = ()
    detail: dict[str, int] | None = None
    programmes: int | None = None

    def at(self, programmes: int) -> Figure:
        """The same, with so many open programmes."""
        return replace(self, programmes=programmes)


def median(benchmark: str, what: str, runs: Sequence[float], unit: str, aim: str = "") -> Figure:
    """The median of several runs, with all of them."""
    return Figure(benchmark, what, statistics.median(runs), unit, aim, tuple(round(run, 4) for run in runs))


def percentile(runs: Sequence[float], share: int) -> float:
    """What so many of a hundred runs do not exceed."""
    return sorted(runs)[min(len(runs) - 1, len(runs) * share // 100)]


def as_json(figures: Sequence[Figure]) -> str:
    """All figures as one document, one to a line."""
    lines = (json.dumps(asdict(figure), ensure_ascii=False) for figure in figures)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def show(figures: Sequence[Figure], output: str) -> None:
    """Shows all figures on standard output, as a table or as one JSON document."""
    if output == "json":
        sys.stdout.write(as_json(figures))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("benchmark", "open", "what", "value", "unit", "aim", "lowest", "highest", box=box.SIMPLE)
    for column in (1, 3, 6, 7):
        table.columns[column].justify = "right"
    for figure in figures:
        lowest, highest = (_short(f(figure.runs)) if figure.runs else "" for f in (min, max))
        programmes = f"{figure.programmes:,}" if figure.programmes else ""
        row = (figure.benchmark, programmes, figure.what, _short(figure.value), figure.unit, figure.aim)
        table.add_row(*row, lowest, highest)
    console = Console() if sys.stdout.isatty() else Console(width=140, no_color=True)
    console.print(table)
    _show_details(console, [figure for figure in figures if figure.detail])


FAMILIES = {
    "workflow tasks": ("WorkflowTask",),
    "activities": ("ActivityTask",),
    "local activities": ("MarkerRecorded",),
    "timers": ("Timer",),
    "updates": ("WorkflowExecutionUpdate",),
    "upserts": ("UpsertWorkflow",),
    "signals": ("WorkflowExecutionSignaled", "SignalExternal", "ExternalWorkflow"),
}
"""Types of events by what brings them about, for the table; JSON has every type."""


def _show_details(console: Console, figures: Sequence[Figure]) -> None:
    """The events of each history, by what brings them about."""
    from rich import box
    from rich.table import Table

    if not figures:
        return
    table = Table("events", "all", *FAMILIES, "start and end", box=box.SIMPLE)
    for column in table.columns[1:]:
        column.justify = "right"
    for figure in figures:
        counts = dict.fromkeys(FAMILIES, 0)
        for kind, times in (figure.detail or {}).items():
            for family, beginnings in FAMILIES.items():
                counts[family] += times if kind.startswith(beginnings) else 0
        rest = int(figure.value) - sum(counts.values())
        table.add_row(figure.what, *map(str, (int(figure.value), *counts.values(), rest)))
    console.print(table)


def _short(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"
