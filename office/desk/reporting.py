"""The report of a head of unit: as tables, for programs, as CSV files, as a picture, and as one page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.messages import act_name, amount, figures, for_programs, reader, word, worded
from office.desk.drawing import template
from office.showing import Showing, print_json, say, written
from office.tables import Cells, show_table
from register.overview import AGES, Month, Overview

WIDE, HIGH, LEFT, TOP, BAR = 720, 200, 76, 44, 22
"""Measures of one chart: its field, what lies left of and above it, and the width of a bar."""

TICKS = 4


@dataclass(frozen=True)
class Table:
    """A part of the report: its name, its heads, and its rows as they are written in a file."""

    name: str
    columns: tuple[str, ...]
    rows: list[Cells]

    @property
    def title(self) -> str:
        """What it is about, in words."""
        return worded(f"overview.{self.name}")


def tables(told: Overview, euro: Callable[[int], str] = amount) -> list[Table]:
    """The parts of the report in which something is told; `euro` writes an amount in cents."""
    ages = tuple(f"to-{age}" for age in AGES)
    found = [
        Table("desks", ("desk", "soon", "overdue", "stands-still"), [_row(one) for one in told.desks]),
        Table("people", ("person", "acts", "cases"), [_row(one) for one in told.people]),
        Table(
            "pace",
            ("procedure", "kind", "ended", "decisions", "shortest", "lower", "median", "upper", "longest"),
            [_row(one, ended=act_name(one.ended)) for one in told.pace],
        ),
        Table(
            "ages",
            ("procedure", "kind", *ages, "older"),
            [(one.procedure, word(one.kind), *map(str, one.counts)) for one in told.ages],
        ),
        Table(
            "silence",
            ("what", "times"),
            [
                (worded("overview.avoided"), str(told.avoided)),
                *((act_name(act), str(n)) for act, n in sorted(told.suffered.items())),
            ],
        ),
        Table(
            "money",
            ("month", "invoiced", "received"),
            [(one.month, euro(one.invoiced), euro(one.received)) for one in told.money],
        ),
        Table(
            "forecast",
            ("month", "with-us", "with-others"),
            [(one.month, str(one.ours), str(one.others)) for one in told.forecast],
        ),
    ]
    return [table for table in found if table.rows]


class ReportShowing(Showing):
    """Shows the report, in the form that was asked for."""

    def report(self, told: Overview) -> None:
        """All parts, one below the other."""
        if self._json:
            return print_json(asdict(told))
        say(worded("overview.head", since=told.since, until=told.until))
        for table in tables(told):
            show_table(table.columns, table.rows, title=table.title)
        return None

    def report_written(self, told: Overview, files: Sequence[Path]) -> None:
        """Where it was written; for a program the report itself."""
        if self._json:
            return self.report(told)
        for file in files:
            say(worded("overview.at", file=file))
        return None


def as_csv(told: Overview, into: Path) -> list[Path]:
    """Writes one file for each part into a folder, in English: programs read them. Returns: the files."""
    into.mkdir(parents=True, exist_ok=True)
    files = []
    with for_programs():
        for table in tables(told, _plain):
            text = io.StringIO()
            heads = [worded(f"head.{column}") for column in table.columns]
            csv.writer(text).writerows([heads, *table.rows])
            files.append(into / f"{table.name}.csv")
            written(files[-1], text.getvalue())
    return files


def as_picture(told: Overview) -> str:
    """Two charts as one SVG that needs nothing else: what falls due, and what was invoiced and received."""
    return template("report/report.svg.j2").render(
        charts=_charts(told), wide=WIDE, high=HIGH, left=LEFT, top=TOP
    )


def as_page(told: Overview) -> str:
    """The report as one page that needs nothing else, its charts in it."""
    from markupsafe import Markup

    parts = [
        {
            "title": table.title,
            "heads": [worded(f"head.{column}") for column in table.columns],
            "rows": table.rows,
            "figures": [_figures_only(column) for column in zip(*table.rows, strict=True)],
        }
        for table in tables(told)
    ]
    head = worded("overview.head", since=told.since, until=told.until)
    return template("report/report.html.j2").render(
        head=head, today=told.today, parts=parts, picture=Markup(as_picture(told)), language=reader()
    )


def _figures_only(column: tuple[str, ...]) -> bool:
    """Whether a column tells how many, or how much: such stand one below the other, by their ends."""
    return all(cell.lstrip("-")[:1].isdigit() and "-" not in cell[1:] for cell in column if cell)


def _charts(told: Overview) -> list[dict[str, Any]]:
    charts = (
        ("forecast", told.forecast, {"with-us": "ours", "with-others": "others"}, 1),
        ("money", told.money, {"invoiced": "invoiced", "received": "received"}, 100),
    )
    return [
        {
            "title": worded(f"overview.{name}"),
            "names": [worded(f"head.{head}") for head in heads],
            **_bars(months, [*heads.values()], unit),
        }
        for name, months, heads, unit in charts
        if months
    ]


def _bars(months: Sequence[Month], fields: Sequence[str], unit: int) -> dict[str, Any]:
    """Bars side by side for each month, scaled to a round number above the highest."""
    values = [[getattr(month, field) / unit for field in fields] for month in months]
    top = _round_above(max(max(row) for row in values))
    step = WIDE / len(months)
    bar = min(2 * BAR, step / (len(fields) + 1))
    return {
        "ticks": [{"y": HIGH - HIGH * n / TICKS, "told": figures(top * n / TICKS)} for n in range(TICKS + 1)],
        "months": [
            {
                "name": _month(month.month, with_year=not place or month.month.endswith("-01")),
                "x": step * place + step / 2,
                "bars": [
                    {
                        "x": step * place + (step - bar * len(fields)) / 2 + bar * nth,
                        "y": HIGH - HIGH * max(0, value) / top,
                        "high": HIGH * max(0, value) / top,
                        "told": figures(value),
                    }
                    for nth, value in enumerate(row)
                ],
            }
            for place, (month, row) in enumerate(zip(months, values, strict=True))
        ],
        "bar": bar,
    }


def _month(written: str, with_year: bool) -> str:
    """A month as other pictures name it; the year, for which each has no room, where one begins."""
    year, month = written.split("-")
    return " ".join([worded(f"month.{int(month)}"), *([year] if with_year else [])])


def _round_above(value: float) -> int:
    """The next number above whose quarters people like to read on a scale."""
    power = 1
    while True:
        for size in (4, 8, 12, 20):
            if value <= size * power:
                return size * power
        power *= 10


def _row(one: Any, **words: str) -> Cells:
    """A line of the report, in words; `words` are those that have a word of their own."""
    told = asdict(one) | words
    return tuple(word(value) if name in ("desk", "kind") else str(value) for name, value in told.items())


def _plain(cents: int) -> str:
    """An amount as programs read it."""
    return f"{cents / 100:.2f}"
