"""What people and programs see of what runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.messages import ENGLISH, catalogue, figures, word, worded
from office.showing import Showing, print_json, say
from office.tables import Cells, show_table

if TYPE_CHECKING:
    from office.service.running import Running
    from register.histories import KeptHistory


class ServiceShowing(Showing):
    """Shows what was started, stopped and found running, in the form that was asked for."""

    def running(self, running: Running) -> None:
        """What `up` found or started."""
        if self._json:
            return print_json(running.model_dump(mode="json"))
        say(
            worded("office.up-with-ui" if running.ui else "office.up", address=running.address, ui=running.ui)
        )
        return None

    def stopped(self, stopped: list[str]) -> None:
        """What `down` stopped."""
        if self._json:
            return print_json({"stopped": stopped})
        say(worded("office.stopped" if stopped else "office.nothing-ran", stopped=stopped))
        return None

    def status(self, status: dict[str, Any]) -> None:
        """What runs."""
        if self._json:
            return print_json(status)
        rows = [
            (_label(name, key), _shown(part))
            for name, value in status.items()
            for key, part in (value.items() if isinstance(value, dict) else [("", value)])
            if name != "problems"
        ]
        show_table(("", ""), rows)
        for problem in status["problems"]:
            say(in_one_line(problem))
        if not status["problems"]:
            say(worded("problem.none"))
        return None

    def histories(self, kept: list[KeptHistory], files: list[Path]) -> None:
        """The runs of a case that have ended, and the files into which their histories were written."""
        if self._json:
            return print_json(
                {"histories": [asdict(history) for history in kept], "files": [str(f) for f in files]}
            )
        columns, rows = ("run", "began", "ended", "how", "events", "bytes"), list[Cells]()
        for one in kept:
            began, ended = one.began_at[:16].replace("T", " "), one.ended_at[:16].replace("T", " ")
            counts = (str(one.events), figures(one.size))
            rows.append((f"{one.kind} {one.run}", began, ended, word(one.how), *counts))
        show_table(columns, rows)
        say(worded("history.written", n=len(files)) if files else worded("history.kept", n=len(kept)))
        return None


def in_one_line(problem: dict[str, Any]) -> str:
    """A problem as people read it: what, since when, and what can be done."""
    said = [f"{problem['kind']}: {problem['sentence']}"]
    if problem["since"]:
        said.append(worded("problem.since", since=problem["since"]))
    if problem["possible"]:
        said.append(worded("problem.possible", commands=problem["possible"]))
    return " ".join(said)


def _label(name: str, part: str) -> str:
    """What a line of `umn status` tells; the version of what has no words of ours by its own name."""
    key = f"head.{name}-{part}".lower().replace("_", "-").replace(" ", "-").strip("-")
    return worded(key) if key in catalogue(ENGLISH) else worded("head.version-of", name=part)


def _shown(part: Any) -> str:
    """What stands beside it."""
    if isinstance(part, bool):
        return word("yes" if part else "no")
    if isinstance(part, list):
        return ", ".join(map(str, part))
    return "" if part is None else str(part)
