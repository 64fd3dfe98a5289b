"""Draws how what an open programme costs grows with their number, from the figures of `scale`.

Colour tells nothing alone: each line has a mark of its own, and its name and last value stand at its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.scale import AT_ONCE, SILENCES

TEMPLATE = Path(__file__).with_name("growth.svg.j2")

WIDE, HIGH, LEFT, TOP, NAMES, GAP = 300, 200, 70, 124, 190, 112
"""Measures of one panel: the field that is drawn in, what lies left of and above it, its names at the right,
and what lies below it."""


@dataclass(frozen=True)
class Panel:
    """One field: what it shows, in which unit, and the lines in it by the name of their figure."""

    title: str
    unit: str
    lines: dict[str, str]


PANELS = (
    Panel(
        "An act, until its receipt",
        "milliseconds, 95 of 100 are faster",
        {
            "an act alone, p95": "alone",
            f"an act, {AT_ONCE} at once, p95": f"{AT_ONCE} at once",
            f"{SILENCES}: an act meanwhile, p95": "while a day comes",
            "a bare update alone, p95": "a bare update",
        },
    ),
    Panel(
        "A day comes for a tenth of them, 1,000 at most",
        "seconds from 00:00 until the last is entered",
        {f"{SILENCES}: all entered": "what takes effect"},
    ),
    Panel(
        "Memory",
        "MiB, each process",
        {f"memory of the {name}": name for name in ("server", "worker", "postman")},
    ),
    Panel("Disk", "KiB for each programme", {"databases on disk": "both databases"}),
)


def drawn(figures: Iterable[Figure]) -> str:
    """One SVG that needs nothing else: no script, no font, no address."""
    from jinja2 import Environment, StrictUndefined

    found: dict[str, list[tuple[int, float]]] = {}
    for figure in figures:
        if figure.programmes:
            found.setdefault(figure.what, []).append((figure.programmes, figure.value))
    sizes = sorted({programmes for points in found.values() for programmes, _ in points})
    panels = [_panel(panel, found, sizes, n) for n, panel in enumerate(PANELS)]
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(TEMPLATE.read_text())
    return template.render(
        panels=panels,
        width=2 * (LEFT + WIDE + NAMES),
        height=TOP + 2 * (HIGH + GAP) - 56,
        wide=WIDE,
        high=HIGH,
        sizes=sizes,
    )


def _panel(panel: Panel, found: dict[str, list[tuple[int, float]]], sizes: Sequence[int], n: int) -> Any:
    lines = {name: sorted(found[what]) for what, name in panel.lines.items() if what in found}
    most = max((value for points in lines.values() for _, value in points), default=1.0)
    step = _step(most)
    top = step * math.ceil(most / step)
    first, last = math.log(sizes[0]), math.log(sizes[-1])

    def x(programmes: int) -> float:
        return round((math.log(programmes) - first) / ((last - first) or 1) * WIDE, 1)

    def y(value: float) -> float:
        return round(HIGH - value / top * HIGH, 1)

    names = _apart({name: y(points[-1][1]) for name, points in lines.items()})
    return {
        "x": LEFT + (n % 2) * (LEFT + WIDE + NAMES),
        "y": TOP + (n // 2) * (HIGH + GAP),
        "title": panel.title,
        "unit": panel.unit,
        "across": [(x(size), f"{size:,}") for size in sizes],
        "up": [(y(step * k), f"{step * k:,g}") for k in range(round(top / step) + 1)],
        "lines": [
            {
                "name": name,
                "last": _short(points[-1][1]),
                "label_y": names[name],
                "points": [(x(size), y(value), f"{size:,}: {_short(value)}") for size, value in points],
            }
            for name, points in lines.items()
        ],
    }


def _step(most: float) -> float:
    """A round step of which four or so reach the highest value."""
    rough = most / 4 or 1
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)


def _apart(places: dict[str, float], least: float = 17) -> dict[str, float]:
    """Names beside the ends of their lines, none over another one; none below the field."""
    found: dict[str, float] = {}
    below = HIGH + least / 2
    for name, place in sorted(places.items(), key=lambda one: -one[1]):
        found[name] = below = min(place, below - least)
    return found


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
