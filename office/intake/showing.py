"""What people and programs see of what comes in: refused packages, an imported page, and forms."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.messages import Message, worded
from office.showing import Showing, by_name, one_line, print_json, say, short
from office.tables import show_table

if TYPE_CHECKING:
    from register.refused_packages import RefusedPackage


class IntakeShowing(Showing):
    """Shows what was taken in or refused, in the form that was asked for."""

    def refused_packages(self, refused: Sequence[RefusedPackage]) -> None:
        """The packages that were refused, and why."""
        if self._json:
            return print_json([by_name(fact) for fact in refused])
        if not refused:
            say(worded("package.none-refused"), file=sys.stderr)
            return None
        columns = ("refused", "by", "package", "sha256", "code", "why")
        rows = [
            (
                fact.refused_at[:16].replace("T", " "),
                short(fact.by, 20),
                short(fact.name, 32),
                (fact.sha256 or "")[:12],
                fact.code,
                short(one_line(fact.message.partition("\n")[2]), 60),
            )
            for fact in refused
        ]
        show_table(columns, rows)
        say(worded("list.listed", n=len(refused)))
        return None

    def imported(self, numbers: list[tuple[str, bool]]) -> None:
        """What an import started."""
        new = [number for number, fresh in numbers if fresh]
        if self._json:
            return print_json({"programmes": [n for n, _ in numbers], "new": new})
        say(worded("page.programmes", n=len(numbers), new=len(new)))
        if new:
            say(worded("page.assumed"))
        return None

    def form(self, written: Path, how: str = "form.written") -> None:
        """Where an empty form was written, and how it is filled in."""
        if self._json:
            return print_json({"form": str(written)})
        say(worded(how, file=written))
        return None

    def form_checked(self, file: Path, about: dict[str, Any], problems: list[str]) -> int:
        """What is wrong with a filled form, in its language. Returns: the exit code."""
        from models.parties import Language
        from office.intake.forms import texts

        unanswered = about.get("unanswered", [])
        if self._json:
            print_json({"form": str(file), **about, "problems": problems, "unanswered": unanswered})
            return 2 if problems else 0
        spoken = texts(Language(about["language"])).get("said", {})
        found = Message("form.problems", file=file, n=len(problems))
        head = found if problems else Message("form.can-be-filed", file=file)
        say("\n".join([head.in_words(spoken=spoken), *(f"- {problem}" for problem in problems)]))
        if unanswered:
            asked = Message("form.not-answered").in_words(spoken=spoken)
            say("\n".join([asked, *(f"- {each}" for each in unanswered)]))
        return 2 if problems else 0
