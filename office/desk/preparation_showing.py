"""What people and programs see of what one person prepared for another one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from models.messages import worded
from office.desk.foreseen import lines
from office.showing import Showing, by_name, each_fact, print_json, say
from office.tables import show_table
from register.preparations import Preparation

INSTANT = "%Y-%m-%d %H:%M"


class PreparationShowing(Showing):
    """Shows preparations, in the form that was asked for."""

    def prepared(self, one: Preparation, may: Sequence[str]) -> None:
        """That something was prepared and is not done, and who may sign it."""
        if self._json:
            return print_json({**_told(one), "may_sign": list(may)})
        say(worded("preparation.prepared", **_facts(one)))
        if may:
            return say(worded("preparation.may-sign", preparation=one.preparation, may=may))
        return say(worded("preparation.nobody-may-sign", command=one.command))

    def waiting(self, waits: Sequence[Preparation]) -> None:
        """What waits for another person."""
        if self._json:
            return print_json([_told(one) for one in waits])
        if not waits:
            return say(worded("preparation.none"), file=sys.stderr)
        rows = [(str(one.preparation), one.command, one.number, one.by, _at(one)) for one in waits]
        return show_table(("preparation", "what", "number", "prepared-by", "since"), rows)

    def shown(self, one: Preparation, foreseen: dict[str, Any]) -> None:
        """What was prepared, and what it would do now; nothing is foreseen of what is no act on a case."""
        if self._json:
            return print_json({**_told(one), "foreseen": foreseen})
        return say("\n".join([*said(one), *(lines(foreseen) if foreseen else ())]))

    def declined(self, one: Preparation) -> None:
        """That somebody put it back."""
        if self._json:
            return print_json(_told(one))
        return say(worded("preparation.declined", **_facts(one), answered_by=one.answered_by, why=one.why))


def said(one: Preparation) -> Iterator[str]:
    """What was prepared, by whom, and all that it says."""
    yield worded("preparation.head", **_facts(one), by=one.by, since=_at(one))
    yield from each_fact(one.act)


def _facts(one: Preparation) -> dict[str, Any]:
    return {"preparation": one.preparation, "command": one.command, "number": one.number}


def _told(one: Preparation) -> dict[str, Any]:
    return {name: value for name, value in by_name(one).items() if name != "envelope"}


def _at(one: Preparation) -> str:
    return f"{datetime.fromisoformat(one.prepared_at).astimezone():{INSTANT}}"
