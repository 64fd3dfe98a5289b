"""What people and programs see of a publication, and of the summaries for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from models.messages import word, worded
from office.showing import Showing, by_name, print_json, say
from office.tables import show_table

if TYPE_CHECKING:
    from office.intake.page_comparison import Comparison
    from register.publications import Line
    from register.publishing import Publication
    from register.summaries import KeptSummary

_DIFFERENCES = ("added", "missing", "moved", "changed")

_NAMED = 10
"""Lines of a page that are named each; JSON names all."""


class PublishingShowing(Showing):
    """Shows publications on standard output, in the form that was asked for."""

    def published(self, told: list[Publication], gaps: bool = False) -> None:
        """What publications did, or would do; of languages that lack as before, only how many, or `gaps`."""
        if self._json:
            return print_json([_as_json(one) for one in told])
        for one in told:
            self._published(one, gaps)
        return None

    def _published(self, told: Publication, gaps: bool) -> None:
        if not told.version:
            say(worded("public.would-be-published", n=told.programmes, folder=told.folder))
        elif told.published:
            say(
                worded(
                    "public.published",
                    n=told.programmes,
                    folder=told.folder,
                    files=told.files,
                    megabytes=told.bytes / 1_000_000,
                )
            )
        else:
            say(worded("public.nothing-changed", folder=told.folder))
        for line in told.lines:
            say(_change(line))
        if told.rewritten and not told.lines:
            say(worded("public.rewritten" if told.version else "public.would-be-rewritten"))
        named = told.lacking if gaps else {line.number for line in told.lines}
        for numbers, key in ((told.gaps, "public.with-a-gap"), (told.held_back, "public.held-back")):
            for number in (number for number in numbers if number in named):
                say(worded(key, number=number, lacking=lacks(told.lacking[number])))
            if as_before := sum(number not in named for number in numbers):
                say(worded(f"{key}-as-before", n=as_before))
        if any(number in named for number in told.lacking):
            say(worded("public.how-to-fill"), file=sys.stderr)

    def compared(self, found: Comparison) -> None:
        """How a page differs from our register, and which of its lines look stale."""
        if self._json:
            told = asdict(found)
            told["stale"] = [{"trade_name": name, "last_update": f"{on}"} for name, on in found.stale]
            return print_json({**told, "stale_before": f"{found.stale_before}"})
        counts = [f"{n} {word(what)}" for what in _DIFFERENCES if (n := _count(found, what))]
        told = {"rows": found.rows, "programmes": found.programmes, "same": found.same}
        say(
            worded("public.compared", page=found.page, **told, counts=counts)
            if counts
            else worded("public.compared-alike", page=found.page, **told)
        )
        if found.differences:
            columns = ("what", "number", "product", "part", "ours", "page")
            rows = [
                (
                    word(d.what),
                    d.number,
                    _cut(d.trade_name),
                    word(d.part),
                    *map(_cut, _from_difference(d.ours, d.page)),
                )
                for d in found.differences
            ]
            show_table(columns, rows)
        if found.stale:
            named = [f"{name} ({on})" for name, on in found.stale]
            say(worded("public.stale", n=len(named), stale_before=found.stale_before, named=_named(named)))
        return None

    def summaries(self, number: str, kept: list[KeptSummary]) -> None:
        """What a case says for publication, by language."""
        if self._json:
            return print_json([asdict(one) for one in kept])
        if not kept:
            say(worded("public.no-summary", number=number), file=sys.stderr)
            return None
        columns = ("language", "version", "summary", "indication", "by", "recorded")
        rows = [
            (
                one.language,
                str(one.version),
                worded("public.characters", n=len(one.text)) if one.text else worded("language.none"),
                one.indication[:60] or worded("language.none"),
                one.by,
                one.recorded_at[:10],
            )
            for one in kept
        ]
        show_table(columns, rows)
        return None


def _as_json(told: Publication) -> dict[str, Any]:
    lines = [
        {
            "what": line.what,
            "number": line.number,
            "title": line.title,
            "from": line.was or None,
            "to": line.public_list or None,
            "parts": line.parts,
        }
        for line in told.lines
    ]
    return {**by_name(told), "lines": lines, "differs": told.differs}


def _change(line: Line) -> str:
    """What a publication changes of one programme, as a line for people."""
    parts = [f"{_part(part)}{f' ({_tongues(t)})' if t else ''}" for part, t in line.parts.items()]
    who = f"{line.number} {line.title}"
    match line.what:
        case "added":
            return worded("public.added", who=who, list=line.public_list)
        case "moved" if parts:
            return worded(
                "public.moved-and-changed", who=who, was=line.was, list=line.public_list, parts=parts
            )
        case "moved":
            return worded("public.moved", who=who, was=line.was, list=line.public_list)
        case "changed":
            return worded("public.changed", who=who, parts=parts)
        case "held-back":
            return worded("public.gone-held-back", who=who)
    return worded("public.gone", who=who)


def lacks(lacking: dict[str, tuple[str, ...]]) -> str:
    """What a programme lacks, by language: `indication (fr), summary (fr, de)`."""
    asked = sorted({part for parts in lacking.values() for part in parts}, key="summary".__eq__)
    named = {part: [t for t, parts in lacking.items() if part in parts] for part in asked}
    return ", ".join(f"{_part(part)} ({_tongues(tongues)})" for part, tongues in named.items())


_OF_EVERY_REGISTER = ("elements", "summary", "last_update_on", "past")
"""What every register tells beside the parts of its subject."""


def _part(part: str) -> str:
    return worded(f"public.{part}") if part in _OF_EVERY_REGISTER else part.replace("_", " ")


def _tongues(tongues: Iterable[str]) -> str:
    return ", ".join(tongue or worded("public.language-not-known") for tongue in tongues)


def _from_difference(ours: str, page: str) -> tuple[str, str]:
    """Two texts from the first word in which they differ, with the word before it."""
    mine, theirs = ours.split(), page.split()
    same = next((n for n, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), None)
    first = min(len(mine), len(theirs)) if same is None else same
    if first < 2:
        return ours, page
    return f"… {' '.join(mine[first - 1 :])}", f"… {' '.join(theirs[first - 1 :])}"


def _cut(text: str) -> str:
    """A text as a table shows it."""
    return text if len(text) <= 40 else text[:39] + "…"


def _count(found: Comparison, what: str) -> int:
    return sum(difference.what == what for difference in found.differences)


def _named(numbers: tuple[str, ...] | list[str]) -> str:
    more = len(numbers) - _NAMED
    named = numbers[:_NAMED]
    return worded("public.and-more", named=named, n=more) if more > 0 else ", ".join(named)
