"""Draws the picture of a case's clocks: with characters for a terminal, and as SVG for everything else.

Colour never tells anything alone: in a terminal each kind of day has a sign of its own, in the SVG a
pattern or a shape, and a description in sentences for those who do not see it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from models.messages import word, worded
from office.desk.timeline import ONE_DAY, Picture, Row, Span, SpanKind

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

SIGNS = {
    SpanKind.RAN: "█",
    SpanKind.FIXED: "─",
    SpanKind.EXTENDED: "▒",
    SpanKind.MOVED: ">",
    SpanKind.LATE: "!",
    SpanKind.STOPPED: "·",
}
"""The sign of each kind of day. A later kind hides an earlier one in the same column."""

STARTED, DUE, TODAY = "●", "◆", "│"

_ARTICLE = re.compile(r"(§|[Aa]rt\.) (?=\d)")
"""Where a line is not broken: before the number of an article or paragraph."""

STEPS = (7, 1, 3, 12, 60, 240)
"""What a scale may be divided in: weeks (7 days), else so many months."""


def scale(picture: Picture, most: int) -> list[tuple[date, str]]:
    """The finest division of the days that has no more than so many names."""
    divisions: list[tuple[date, str]] = []
    for step in STEPS:
        begins = _weeks(picture) if step == 7 else _months(picture, step)
        divisions = [(day, _named(day, step)) for day in begins]
        if len(divisions) <= most:
            break
    return divisions


def _named(day: date, step: int) -> str:
    """How a division is named that begins on a day: by day and month, month and year, or year."""
    if step >= 12:
        return f"{day.year}"
    month = worded(f"month.{day.month}")
    return worded("timeline.day", day=day.day, month=month) if step == 7 else f"{month} {day.year}"


def _in_words(day: date) -> str:
    """A day as the picture writes it: day, month and year."""
    return f"{_named(day, 7)} {day.year}"


def _weeks(picture: Picture) -> Iterator[date]:
    monday = picture.first + timedelta(days=-picture.first.weekday() % 7)
    while monday <= picture.last:
        yield monday
        monday += timedelta(days=7)


def _months(picture: Picture, step: int) -> Iterator[date]:
    for month in range(picture.first.year * 12, picture.last.year * 12 + 12):
        day = date(month // 12, month % 12 + 1, 1)
        if month % step == 0 and picture.first <= day <= picture.last:
            yield day


def told(row: Row) -> str:
    """What a row shows, in sentences."""
    said = []
    if row.started_on and row.ref:
        said.append(worded("timeline.from", day=row.started_on))
    if row.counted_to:
        said.append(worded("timeline.due", due_on=row.counted_to, marks=row.marks, left=row.left))
    elif row.ref:
        said.append(worded("timeline.no-last-day", left=row.left))
    for span in row.spans:
        if span.kind in (SpanKind.STOPPED, SpanKind.EXTENDED, SpanKind.MOVED):
            reason = f" ({span.says})" if span.says else ""
            said.append(f"{word(span.kind)} {_days(span)}{reason}")
        elif span.kind is SpanKind.PHASE:
            said.append(worded("timeline.phase-from", phase=span.says, first=span.first))
    return worded("language.semicolon").join([*said, row.says] if row.says else said)


# For a terminal.


def drawn(picture: Picture, width: int) -> list[str]:
    """The picture as lines of that width, readable without colour."""
    margin = min(max(len(row.title) for row in picture.rows) + 2, max(width // 3, 14))
    columns = max(width - margin, 20)

    def column(day: date) -> int:
        return (day - picture.first).days * columns // picture.days

    lines = [picture.title, picture.says, ""]
    if picture.first <= picture.today <= picture.last:
        label = worded("timeline.today", today=picture.today)
        start = min(column(picture.today), max(columns - len(label), 0))
        lines.append(_placed(columns, [(start, label)], margin))
    names = [(column(day), f"╷{name}") for day, name in scale(picture, columns // 10)]
    lines.append(_placed(columns, names, margin))
    if off := _days_off(picture, columns, column):
        lines.append(f"{worded('timeline.days-off'):<{margin}}{off}")
    for row in picture.rows:
        title, *more = _in_two_lines(row.title, margin - 1)
        lines += [f"{title:<{margin}}{_bar(row, picture, columns, column)}".rstrip(), *more]
        if row.ref or any(_cut(span, _columns(span, picture, column)) for span in row.spans):
            lines += textwrap.wrap(told(row), width, initial_indent="    ", subsequent_indent="    ")
    lines += ["", *_legend(picture, off, width)]
    for remark in picture.remarks:
        lines += textwrap.wrap(remark, width)
    return lines


def _columns(span: Span, picture: Picture, column: Any) -> int:
    """Columns that the name of a phase has within its bar."""
    return max(column(span.last + ONE_DAY) - column(picture.within(span.first)) - 2, 0)


def _cut(span: Span, room: int) -> bool:
    """Whether a phase has no room for its whole name."""
    return span.kind is SpanKind.PHASE and len(span.says) > room


def _placed(columns: int, texts: list[tuple[int, str]], margin: int) -> str:
    """Texts that begin at their columns; the last one is cut where the line ends."""
    line = [" "] * columns
    for start, text in texts:
        line[start : start + len(text)] = text[: columns - start]
    return (" " * margin + "".join(line)).rstrip()


def _bar(row: Row, picture: Picture, columns: int, column: Any) -> str:
    line = [" "] * columns
    if picture.first <= picture.today <= picture.last:
        line[column(picture.today)] = TODAY
    for kind in (SpanKind.PHASE, *SIGNS):
        for span in (span for span in row.spans if span.kind is kind):
            first = column(picture.within(span.first))
            length = max(column(span.last + ONE_DAY) - first, 1)
            if kind is SpanKind.PHASE:
                line[first : first + length] = f"[{span.says[: length - 2]:<{max(length - 2, 0)}}]"[:length]
            else:
                line[first : first + length] = SIGNS[kind][0] * length
    if row.ref and row.started_on and row.started_on >= picture.first:
        line[max(column(row.started_on), column(row.started_on + ONE_DAY) - 1)] = STARTED
    if row.counted_to:
        line[max(column(row.counted_to), column(row.counted_to + ONE_DAY) - 1)] = DUE
    return "".join(line[:columns])


def _days_off(picture: Picture, columns: int, column: Any) -> str:
    line = [" "] * columns
    if columns >= picture.days:
        for day in _weekends(picture):
            line[column(day)] = "-"
    for off in picture.days_off:
        line[column(off.day)] = "c" if off.closing else "h"
    return "".join(line).rstrip()


def _weekends(picture: Picture) -> list[date]:
    days = (picture.first + timedelta(days=n) for n in range(picture.days))
    return [day for day in days if day.weekday() >= 5]


def _legend(picture: Picture, days_off: str, width: int) -> list[str]:
    kinds = {span.kind for row in picture.rows for span in row.spans}
    signs = [f"{sign} {_meaning(kind)}" for kind, sign in SIGNS.items() if kind in kinds]
    if any(row.started_on and row.ref for row in picture.rows):
        signs.insert(0, worded("timeline.starts", sign=STARTED))
    if any(row.due_on for row in picture.rows):
        signs.append(worded("timeline.last-day-sign", sign=DUE))
    off = (
        ("-", worded("timeline.weekend")),
        ("h", worded("timeline.public-holiday")),
        ("c", worded("timeline.closing-day")),
    )
    signs += [f"{sign} {meaning}" for sign, meaning in off if sign in days_off]
    whole = "   ".join(sign.replace(" ", "\N{NO-BREAK SPACE}") for sign in signs)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in textwrap.wrap(whole, width)]


# As SVG.

WIDTH, LEFT, RIGHT, TOP, ROW, BAND, BAR, LINE = 1080, 300, 30, 118, 84, 46, 20, 15
"""Measures of the drawing: width, column of names, margins, and heights of clocks, phases, bars and lines."""


def template(name: str) -> Any:
    """A template that is filled with values alone: each of them is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


def as_svg(picture: Picture) -> str:
    """The picture as one SVG that needs nothing else: no script, no font, no address."""
    day_wide = (WIDTH - LEFT - RIGHT) / picture.days

    def x(day: date) -> float:
        return round(LEFT + (day - picture.first).days * day_wide, 1)

    def box(span: Span) -> dict[str, Any]:
        left, right = x(picture.within(span.first)), x(span.last + ONE_DAY)
        wide = max(right - left, 5 if span.kind is SpanKind.PHASE else 1.5)
        label = (
            span.says
            if span.kind is SpanKind.PHASE
            else worded("timeline.stopped")
            if span.kind is SpanKind.STOPPED
            else ""
        )
        return {
            "kind": span.kind.value,
            "x": left,
            "width": round(wide, 1),
            "label": label if (beside := span in named_beside) else _fitted(label, _letters(wide)),
            "beside": beside,
            "told": f"{span.says or _meaning(span.kind)}: {_days(span)}"
            if span.kind is SpanKind.PHASE
            else f"{_meaning(span.kind)}, {_days(span)}" + (f": {span.says}" if span.says else ""),
        }

    def cut(span: Span) -> bool:
        return _cut(span, _letters(x(span.last + ONE_DAY) - x(picture.within(span.first))))

    # the last phase has room behind its bar: on its first day it would have no name there
    last_phases = [row.spans[-1] for row in picture.rows if row.spans]
    named_beside = [
        span
        for span in last_phases
        if cut(span) and len(span.says) <= _letters(WIDTH - RIGHT - x(span.last + ONE_DAY))
    ]
    titles = [_in_two_lines(row.title, int((LEFT - 40) / 7.4)) for row in picture.rows]
    said = [_lines(row) for row in picture.rows]
    highs = [
        max(ROW if row.ref else BAND, LINE * (len(title) + len(says)) + 14)
        for row, title, says in zip(picture.rows, titles, said, strict=True)
    ]
    heights = list(accumulate(highs, initial=TOP))
    rows = [
        {
            "y": y,
            "ref": row.ref,
            "title": title,
            "says": says,
            "told": f"{row.title}{worded('language.colon')}{told(row)}.",
            "boxes": sorted((box(span) for span in row.spans), key=lambda b: list(SpanKind).index(b["kind"])),
            "start": x(row.started_on) + day_wide / 2
            if row.ref and row.started_on and row.started_on >= picture.first
            else None,
            "due": x(row.counted_to) + day_wide / 2 if row.counted_to else None,
            "due_on": f"{_in_words(row.counted_to)}{row.marks}" if row.counted_to else "",
            "left": row.left,
            "stands_still": worded("timeline.no-last-day", left=row.left),
            "late": bool(row.counted_to and row.counted_to < picture.today),
        }
        for y, row, title, says in zip(heights[:-1], picture.rows, titles, said, strict=True)
    ]
    kinds = {span.kind for row in picture.rows for span in row.spans}
    bottom = heights[-1]
    legend = [(kind.value, _meaning(kind)) for kind in SIGNS if kind in kinds]
    if any(row.ref and row.started_on for row in picture.rows):
        legend.insert(0, ("start", worded("timeline.starts-not-counted")))
    if any(row.due_on for row in picture.rows):
        legend.append(("due", worded("timeline.last-day")))
    days_off = picture.days_off if day_wide >= 0.5 else ()  # thinner, and they hide what is between them
    if days_off:
        legend.append(("holiday", worded("timeline.day-off")))
    per_line = 4 if all(len(meaning) <= 36 for _, meaning in legend) else 3
    unnamed = [
        f"{row.title}{worded('language.colon')}{told(row)}."
        for row in picture.rows
        if any(cut(span) and span not in named_beside for span in row.spans)
    ]
    remarks = [part for remark in (*unnamed, *picture.remarks) for part in textwrap.wrap(remark, 150)]
    legend_bottom = bottom + 34 + 22 * -(-len(legend) // per_line)
    return template("timeline.svg.j2").render(
        picture=picture,
        about=worded("timeline.picture", number=picture.number, today=picture.today),
        width=WIDTH,
        height=legend_bottom + 16 * len(remarks) + 14,
        left=LEFT,
        chart=WIDTH - LEFT - RIGHT,
        top=TOP,
        bottom=bottom,
        bar=BAR,
        line=LINE,
        rows=rows,
        scale=[(x(day), name) for day, name in scale(picture, (WIDTH - LEFT - RIGHT) // 62)],
        weekends=[x(day) for day in _weekends(picture)] if day_wide >= 2 else [],
        days_off=[(x(off.day), off) for off in days_off],
        day_wide=round(max(day_wide, 1.2), 2),
        today=x(picture.today) + day_wide / 2 if picture.first <= picture.today <= picture.last else None,
        today_says=worded("timeline.today", today=_in_words(picture.today)).lstrip("▼ "),
        legend=[
            (
                20 + (WIDTH - 40) // per_line * (n % per_line),
                bottom + 34 + 22 * (n // per_line),
                kind,
                meaning,
            )
            for n, (kind, meaning) in enumerate(legend)
        ],
        remarks=[(legend_bottom + 16 * n + 4, remark) for n, remark in enumerate(remarks)],
    )


def _lines(row: Row) -> list[str]:
    """What stands below the name of a row: where its clock comes from, and whose turn it is."""
    between = worded("language.semicolon")
    *source, turn = row.says.split(between)
    said = _ARTICLE.sub("\\1\N{NO-BREAK SPACE}", between.join(source))
    return [*textwrap.wrap(said, 43, max_lines=3, placeholder=" …"), turn]


def _in_two_lines(text: str, room: int) -> list[str]:
    """The name of a row; what finds no room on two lines either is cut."""
    return textwrap.wrap(text, room, max_lines=2, placeholder="…") or [""]


def _meaning(kind: SpanKind) -> str:
    return worded(f"sign.{kind.value}")


def _days(span: Span) -> str:
    return (
        f"{span.first}"
        if span.first == span.last
        else worded("timeline.span", first=span.first, last=span.last)
    )


def _letters(wide: float) -> int:
    """How many letters fit into a bar."""
    return max(int((wide - 8) / 6.3), 0)


def _fitted(text: str, room: int) -> str:
    """The text, cut where it would run out of its place; nothing where not even three letters fit."""
    if len(text) <= room:
        return text
    return text[: room - 1] + "…" if room >= 4 else ""
