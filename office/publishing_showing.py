"""What people and programs see of a publication, and of the summaries for it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from office.showing import Output, aligned, print_json

if TYPE_CHECKING:
    from office.page_comparison import Comparison
    from register.publishing import Publication
    from register.summaries import KeptSummary

_DIFFERENCES = ("added", "missing", "moved", "changed")

_NAMED = 10
"""Programmes that are named each; JSON names all."""


class PublishingShowing:
    """Shows publications on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def published(self, told: Publication) -> None:
        """What a publication did, or would do."""
        if self._json:
            return print_json({**asdict(told), "differs": told.differs})
        if not told.version:
            print(f"{told.programmes} programmes would be published to {told.folder}; nothing was written.")
        elif told.published:
            size = f"{told.files:,} files, {told.bytes / 1_000_000:.1f} MB"
            print(f"{told.programmes} programmes published: {told.folder}/current ({size}).")
        else:
            print(f"Nothing has changed: {told.folder}/current stands as it was.")
        for what in ("added", "moved", "changed", "gone"):
            if numbers := getattr(told, what):
                print(f"{what}: {_named(numbers)}")
        for numbers, says in (
            (told.gaps, "published with a gap"),
            (told.held_back, "held back, not published"),
        ):
            if numbers:
                lacks = [f"{number} ({', '.join(missing)})" for number, missing in numbers.items()]
                print(f"{says}: {_named(lacks)}")
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
                (d.what, d.number, *(_cut(text) for text in (d.trade_name, d.part, d.ours, d.page)))
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


def _cut(text: str) -> str:
    """A text as a table shows it."""
    return text if len(text) <= 40 else text[:39] + "…"


def _count(found: Comparison, what: str) -> int:
    return sum(difference.what == what for difference in found.differences)


def _named(numbers: tuple[str, ...] | list[str]) -> str:
    more = len(numbers) - _NAMED
    return ", ".join(numbers[:_NAMED]) + (f" and {more} more" if more > 0 else "")
