"""What can be done next in a case: each act that is possible now, as the command that does it."""

from __future__ import annotations

import inspect
from collections.abc import Container, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from models.acts import ACTS, Act
from models.messages import worded
from models.people import who_may
from office.commands import Form
from office.desk.acting import WRITTEN, command_of
from office.desk.person import who_looks
from office.settings import Settings
from procedures.registry import Procedure, powers, procedure
from register import people
from register.case import case

FEW = 4
"""Words of which one is chosen, at most, that stand in a command; of more its help tells all."""


def possible(settings: Settings, number: str, today: date) -> dict[str, Any]:
    """Where a case stands, and the commands of its possible acts, each with who may do it if not who asks.

    Raises: NotFound; NotReachable.
    """
    state = case(settings.register_url, number, today).state
    known = people.known(settings.register_url)
    asks = who_looks(settings, today)
    acts = {act.command: act for act in ACTS}
    told, said = [], _said_in(procedure(state.procedure), state.kind)
    for command in state.possible:
        may = who_may(command, state.procedure, powers(state.procedure), known.values(), today)
        told.append(
            {
                "act": command,
                "command": usage(acts[command], number, said),
                "says": worded(f"command.{command}"),
                "may": [*may],
                "you": bool(asks) and asks.name in may,
            }
        )
    return {
        "number": number,
        "phase": state.phase,
        "ended": state.ended,
        "falls_due": [due.said(today) for due in state.falls_due],
        "possible": told,
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The same for people: each command on a line of its own, to be pasted."""
    for due in told["falls_due"]:
        yield worded("case.falls-due", due=due)
    if not told["possible"]:
        yield worded("next.nothing", number=told["number"])
    for one in told["possible"]:
        yield one["command"]
        yield f"    {one['says']}" + ("" if one["you"] else f" {_others(one['may'])}")


def _said_in(known: Procedure, kind: str) -> set[str]:
    """The words of its own that a procedure has for a case of a kind: bodies, outcomes, capacities."""
    examined = {str(of): examination for of, examination in known.examinations.items()}
    rulings = examined[kind].outcomes if kind in examined else known.life.outcomes
    said = [ruling.outcome for ruling in rulings] + [one.capacity for one in known.competences]
    return {*map(_typed, said), *(_typed(b) for one in examined.values() for b in one.opinions)}


def usage(act: type[Act], number: str, said: Container[str]) -> str:
    """The command of an act with all that must be said, as far as it is known before.

    Of the words that procedures have for the same thing those stand there that are `said` in this one.
    """
    parameters = inspect.signature(command_of(act, Form)).parameters.values()
    must = [one for one in parameters if one.kind is one.KEYWORD_ONLY and one.default is one.empty]
    options = (f"{_option(one.name)} {_place(one, said)}" for one in must)
    return " ".join([f"umn {act.command} {number}", *options])


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _place(option: inspect.Parameter, said: Container[str]) -> str:
    """What stands in the place of a value: the words of which one is chosen, where they are few."""
    kind = get_args(option.annotation)[0]
    if kind is date:
        return "DAY"
    words = _words(kind)
    words = [word for word in words if word in said] or words
    if 0 < len(words) <= FEW:
        return "|".join(words)
    if option.name in WRITTEN or kind == list[str]:
        return '"…"'
    return "FILE" if kind is Path else "N" if kind is int else option.name.replace("_", "-").upper()


def _words(kind: Any) -> list[str]:
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return [name.lower().replace("_", "-") for name in kind.__members__]
    choices = [choice for choice in get_args(kind) if isinstance(choice, str | Enum)]
    return [*map(_typed, choices)]


def _typed(word: Any) -> str:
    return str(getattr(word, "value", word)).replace("_", "-")


def _others(may: list[str]) -> str:
    return worded("next.others-may", may=may) if may else worded("next.nobody-may")
