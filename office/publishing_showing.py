"""What people and programs see of a publication, and of the summaries for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from office.showing import Output, aligned, print_json

if TYPE_CHECKING:
    from office.page_comparison import Comparison
    from register.publications import Line
    from register.publishing import Publication
    from register.summaries import KeptSummary

_DIFFERENCES = ("added", "missing", "moved", "changed")

_NAMED = 10
"""Lines of a page that are named each; JSON names all."""

_PARTS = {
    "trade_name": "trade name",
    "active_substance": "active substance",
    "indication": "indication",
    "summary": "summary",
    "last_update_on": "last update",
    "past": "history",
}
"""What a publication tells apart of a programme, beside its list."""


class PublishingShowing:
    """Shows publications on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def published(self, told: Publication) -> None:
        """What a publication did, or would do."""
        if self._json:
            return print_json(_as_json(told))
        if not told.version:
            print(f"{told.programmes} programmes would be published to {told.folder}; nothing was written.")
        elif told.published:
            size = f"{told.files:,} files, {told.bytes / 1_000_000:.1f} MB"
            print(f"{told.programmes} programmes published: {told.folder}/current ({size}).")
        else:
            print(f"Nothing has changed: {told.folder}/current stands as it was.")
        for line in told.lines:
            print(_change(line))
        if told.rewritten and not told.lines:
            written = "were" if told.version else "would be"
            print(f"The pages {written} written anew: the folder, name, words or layout changed.")
        for numbers, says in (
            (told.gaps, "published with a gap"),
            (told.held_back, "held back, not published"),
        ):
            for number in numbers:
                print(f"{says}: {number} lacks {_lacks(told.lacking[number])}")
        if told.gaps or told.held_back:
            print("umn summary NUMBER FILE --lang nl --indication … fills a gap.", file=sys.stderr)
        return None

    def compared(self, found: Comparison) -> None:
        """How a page differs from our register, and which of its lines look stale."""
        if self._json:
            told = asdict(found)
            told["stale"] = [{"trade_name": name, "last_update": f"{on}"} for name, on in found.stale]
            return print_json({**told, "stale_before": f"{found.stale_before}"})
        counts = [f"{n} {what}" for what in _DIFFERENCES if (n := _count(found, what))]
        print(
            f"{found.page}: {found.rows} rows; our register: {found.programmes} programmes. "
            f"{found.same} are the same" + (f", {', '.join(counts)}." if counts else ".")
        )
        if found.differences:
            rows = [("what", "number", "product", "part", "ours", "page")]
            rows += [
                (d.what, d.number, _cut(d.trade_name), d.part, *map(_cut, _from_difference(d.ours, d.page)))
                for d in found.differences
            ]
            print("\n".join(aligned(rows)))
        if found.stale:
            named = [f"{name} ({on})" for name, on in found.stale]
            print(f"{len(named)} look stale, last updated before {found.stale_before}: {_named(named)}")
        return None

    def summaries(self, number: str, kept: list[KeptSummary]) -> None:
        """What a case says for publication, by language."""
        if self._json:
            return print_json([asdict(one) for one in kept])
        if not kept:
            print(f"{number} has no summary for publication.", file=sys.stderr)
            return None
        rows = [("language", "version", "summary", "indication", "by", "recorded")]
        rows += [
            (
                one.language,
                str(one.version),
                f"{len(one.text)} characters" if one.text else "none",
                one.indication[:60] or "none",
                one.by,
                one.recorded_at[:10],
            )
            for one in kept
        ]
        print("\n".join(aligned(rows)))
        return None


def _as_json(told: Publication) -> dict[str, Any]:
    lines = [
        {
            "what": line.what,
            "number": line.number,
            "trade_name": line.trade_name,
            "from": line.was or None,
            "to": line.public_list or None,
            "parts": line.parts,
        }
        for line in told.lines
    ]
    return {**asdict(told), "lines": lines, "differs": told.differs}


def _change(line: Line) -> str:
    """What a publication changes of one programme, as a line for people."""
    parts = [f"{_PARTS[part]}{f' ({_tongues(t)})' if t else ''}" for part, t in line.parts.items()]
    who, also = f"{line.number} {line.trade_name}", ", ".join(parts)
    match line.what:
        case "added":
            return f"added {who}: {line.public_list}"
        case "moved":
            return f"moved {who}: {line.was} → {line.public_list}" + (f"; {also}" if also else "")
        case "changed":
            return f"changed {who}: {also}"
        case "held-back":
            return f"gone {who} (held back)"
    return f"gone {who}"


def _lacks(lacking: dict[str, tuple[str, ...]]) -> str:
    """What a programme lacks, by language: `indication (fr), summary (fr, de)`."""
    named = {part: [t for t, parts in lacking.items() if part in parts] for part in ("indication", "summary")}
    return ", ".join(f"{part} ({_tongues(tongues)})" for part, tongues in named.items() if tongues)


def _tongues(tongues: Iterable[str]) -> str:
    return ", ".join(tongue or "language not known" for tongue in tongues)


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
    return ", ".join(numbers[:_NAMED]) + (f" and {more} more" if more > 0 else "")
