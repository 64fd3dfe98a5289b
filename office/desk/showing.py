"""What people and programs see at the desk: receipts, lists of cases, what falls due, clocks, documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import flags
from models.due import on_its_day, sentence, what
from models.law.degree import Degree, least
from models.messages import figures, word, worded
from office.showing import ASSUMED, WIDE, Showing, by_name, left, print_json, say, short, with_degrees
from office.tables import Cells, show_table

if TYPE_CHECKING:
    from models.receipts import Receipt
    from office.desk.documents import Verified
    from office.desk.timeline import Picture
    from register.case import KeptDocument
    from register.clocks import DueClock
    from register.finding import Found
    from register.views import Listed, State


class DeskShowing(Showing):
    """Shows what the desk asks for, in the form that was asked for."""

    def receipt(
        self,
        receipt: Receipt,
        findings: Sequence[str] = (),
        warnings: Sequence[str] = (),
        letters: Sequence[str] = (),
        today: date | None = None,
    ) -> None:
        """The answer to an act; `letters` say to whom each goes, and `today` which limits have passed.

        Of letters that wait for a person people are warned on standard error.
        """
        if self._json:
            lists = {"findings": list(findings), "warnings": list(warnings)}
            return print_json({**receipt.model_dump(mode="json"), **lists})
        late = date.max if receipt.overdue else today  # its day has passed, whatever day it is now
        said = [
            worded("receipt.phase", number=receipt.number, phase=word(receipt.phase)),
            sentence(receipt.falls_due, late),
            worded("receipt.possible", commands=receipt.possible) if receipt.possible else "",
            worded("receipt.entry", entry=receipt.entry),
            worded("receipt.letters", letters=letters or receipt.letters) if receipt.letters else "",
        ]
        say(" ".join(filter(None, said)))
        if receipt.unconfirmed:
            say(worded("receipt.unconfirmed", clauses=with_degrees(receipt.unconfirmed, receipt.procedure)))
        for finding in findings:
            say(worded("receipt.finding", finding=finding))
        for warning in warnings:
            say(warning, file=sys.stderr)

    def cases(self, states: Sequence[State | Listed], possible: bool = False) -> None:
        """A list of dossiers and programmes; what is possible in each only where that was asked."""
        if self._json:
            return print_json([by_name(state) for state in states])
        if not states:
            say(worded("list.nothing-fits"), file=sys.stderr)
            return None
        columns = [
            "number",
            "kind",
            "subject",
            "holder",
            "phase",
            "due",
            "degree",
            "falls-due",
            "by",
            "flags",
        ]
        rows = list[Cells]()
        known, called, known_degree = cache(word), cache(what), cache(_degree)  # few words, many rows
        for state in states:
            first = on_its_day(state.falls_due, state.due_on)
            rows.append(
                (
                    state.number,
                    known(state.kind),
                    short(state.title, 28),
                    short(state.holder, 24),
                    known(state.phase),
                    _due(state),
                    known_degree(*state.unconfirmed.values()),
                    short(", ".join(called(due.ref) for due in first), 60),
                    ", ".join(dict.fromkeys(known(due.desk) for due in first if not due.by_itself)),
                    short(", ".join(map(flags.said, state.flags)), 44),
                )
            )
        if possible:
            columns.append("possible")
            rows = [(*row, ", ".join(state.possible)) for row, state in zip(rows, states, strict=True)]
        show_table(columns, rows, brief=not possible)
        marks = []
        if any(s.assumed and s.due_on for s in states):
            marks.append(worded(ASSUMED))
        say(worded("language.semicolon").join([worded("list.listed", n=len(states)), *marks]))
        return None

    def found(self, text: str, found: list[Found]) -> None:
        """Where a text stands in the register."""
        if self._json:
            return print_json([by_name(one) for one in found])
        if not found:
            return say(worded("find.nothing", text=text), file=sys.stderr)
        show_table(("number", "what", "found"), [(one.number, word(one.what), one.text) for one in found])
        return None

    def due(self, clocks: list[DueClock], letters: int = 0, within: int = 30) -> None:
        """What falls due, desk by desk, and how many letters wait for a person."""
        if self._json:
            return print_json([due_clock(told) for told in clocks])
        if letters:
            say(worded("list.letters-wait", n=letters), file=sys.stderr)
        if not clocks:
            say(worded("list.nothing-fits"), file=sys.stderr)
            return None
        columns = ("number", "falls-due", "subject", "holder", "phase", "due", "degree", "left")
        known, called, known_degree = cache(word), cache(what), cache(_degree)
        rows = [
            (
                told.clock.number,
                called(told.clock.ref),
                short(told.clock.title, 28),
                short(told.clock.holder, 24),
                known(told.clock.phase),
                marked(told),
                known_degree(told.clock.degree),
                time_left(told),
            )
            for told in clocks
        ]
        desks = [(word(desk), len([*its])) for desk, its in groupby(clocks, key=lambda told: told.clock.desk)]
        show_table(columns, rows, brief=True, groups=desks)
        overdue = sum(told.overdue for told in clocks)
        marks = [worded("list.overdue", n=overdue)] if overdue else []
        marks += legend(clocks)
        say(
            worded("language.semicolon").join(
                [worded("list.due-within", n=len(clocks), within=within), *marks]
            )
        )
        return None

    def due_written(self, clocks: list[DueClock], into: Path) -> None:
        """What a calendar feed has; for a program the list itself."""
        if self._json:
            return self.due(clocks)
        stopped = sum(told.clock.due_on is None for told in clocks)
        key = "list.feed-with-some-left-out" if stopped else "list.feed"
        say(worded(key, into=into, n=len(clocks) - stopped, stopped=stopped))
        return None

    def timeline(self, picture: Picture) -> None:
        """The clocks of a case, drawn."""
        if self._json:
            return print_json(picture.model_dump(mode="json"))
        from shutil import get_terminal_size

        from office.desk.drawing import drawn

        say("\n".join(drawn(picture, get_terminal_size((WIDE, 24)).columns)))
        return None

    def timeline_written(self, picture: Picture, into: Path) -> None:
        """Where the picture is; for a program what it is drawn from."""
        if self._json:
            return self.timeline(picture)
        say(worded("list.at", into=into, title=picture.title))
        return None

    def documents(self, documents: Sequence[KeptDocument]) -> None:
        """The documents of a case, by entry."""
        if self._json:
            return print_json([by_name(document) for document in documents])
        columns = ("entry", "name", "bytes", "sha256", "letter")
        rows = [(str(d.entry), d.name, figures(d.size), d.sha256[:12], d.letter or "") for d in documents]
        show_table(columns, rows)
        say(worded("list.listed", n=len(documents)))
        return None

    def extracted(self, into: Path, names: dict[str, str]) -> None:
        """Where documents were written, each with the name it was filed under."""
        if self._json:
            return print_json({"folder": str(into), "documents": names})
        for place, name in names.items():
            as_filed = place.partition("/")[2] == name
            say(place if as_filed else worded("document.filed-as", place=place, name=name))
        say(worded("document.written-into", folder=into, n=len(names)))
        return None

    def verified(self, verified: Verified) -> int:
        """Whether the store holds what it should. Returns: the exit code."""
        if self._json:
            missing = [by_name(name) for name in verified.missing]
            print_json({"whole": verified.whole, **by_name(verified), "missing": missing})
        else:
            say(
                worded(
                    "document.counted",
                    n=verified.documents,
                    bytes=verified.bytes,
                    filed=verified.filed,
                )
            )
            for sha256 in verified.changed:
                say(worded("document.changed-on-disk", sha256=sha256))
            for name in verified.missing:
                say(
                    worded(
                        "document.missing" if name.entry else "document.history-missing",
                        entry=name.entry,
                        number=name.number,
                        name=name.name,
                        sha256=name.sha256[:12],
                    )
                )
            for path in verified.strange:
                say(worded("document.not-ours", path=path))
            say(worded("document.store-whole" if verified.whole else "document.restore"))
        return 0 if verified.whole else 5


def _due(state: State | Listed) -> str:
    if state.due_on is None:
        return ""
    marks = "†" if state.assumed else ""
    return f"{state.due_on}{marks}" + (f" {worded('days.overdue')}" if state.overdue else "")


def _degree(*degrees: str) -> str:
    """The least degree of truth of what a day rests on, in one word."""
    known = least(Degree(degree) for degree in degrees if degree)
    return word(known.value) if known else ""


def marked(told: DueClock) -> str:
    """The day to which `time_left` counts, with a mark where it rests on one that is assumed."""
    if told.counted_to is None:
        return ""
    return f"{told.counted_to}{'†' if told.clock.assumed else ''}"


def time_left(told: DueClock) -> str:
    """How far that day is, or how late."""
    if told.working_days is None or told.calendar_days is None:
        return worded("days.overdue" if told.overdue else "days.stopped")
    mark = "‡" if told.weekdays_only else ""
    return left(told.working_days, told.calendar_days, told.counted_to != told.clock.due_on, mark)


def legend(clocks: Iterable[DueClock]) -> list[str]:
    """What the marks beside days mean, of those that stand there."""
    clocks = [told for told in clocks if told.clock.due_on]
    return [
        *([worded(ASSUMED)] if any(told.clock.assumed for told in clocks) else []),
        *([worded("list.weekdays-only")] if any(told.weekdays_only for told in clocks) else []),
    ]


def due_clock(told: DueClock) -> dict[str, Any]:
    """The same for programs."""
    clock = told.clock
    return {
        **{name: getattr(clock, name) for name in clock.__slots__ if name not in ("ref", "law", "late")},
        "clock": clock.ref,
        **{name: getattr(told, name) for name in told.__slots__ if name != "clock"},
    }
