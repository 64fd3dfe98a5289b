"""The command line by subject: a module is one command with its own commands, loaded when asked.

Four hold commands that stand alone: looking, service, recovery and intake. Here is what all share: how
options are written, what an exit code says, and what day it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from models.errors import ActRefused, InputRefused, LawSilent, NotFound, NotReachable, OutsideWorldFailed
from models.signs import line
from models.words import Word
from office.showing import Output

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Form = Annotated[Output, Parameter(name=["--output", "-o"], help="table for people, json for programs")]
Number = Annotated[
    str,
    Parameter(
        converter=lambda kind, tokens: number_of(tokens[0].value),
        help="number of the dossier or programme, as `umn list` shows it",
    ),
]
Day = Annotated[date, Parameter(converter=lambda kind, tokens: day_of(tokens[0].value, tokens[0].keyword))]
Whole = Annotated[int, Parameter(converter=lambda kind, tokens: whole_of(tokens[0].value, tokens[0].keyword))]
Reason = Annotated[str, Parameter(converter=lambda kind, tokens: line(tokens[0].value))]
Into = Annotated[Path, Parameter(allow_leading_hyphen=True)]
Switch = Annotated[bool, Parameter(negative=())]


TYPED = {
    "cents": "amount",
    "conditions": "condition",
    "questions": "question",
    "struck": "strike",
    "until_on": "until",
}
"""Fields of acts that people type under another name."""


def one_of(words: Iterable[Word]) -> Any:
    """Words of procedures, as the choices of an option."""
    return StrEnum("Choice", {word.upper().replace("-", "_"): str(word) for word in words})


def word_of(option: str, said: str, words: Iterable[str]) -> str:
    """A word of procedures that was typed, - for _. Raises: InputRefused naming all that there are."""
    known = {word.replace("_", "-"): str(word) for word in words}
    for word in known:
        if word.casefold() == said.replace("_", "-").casefold():
            return known[word]
    raise InputRefused("typed.no-word", option=option, said=said, known=tuple(known))


_MOST = 10**12
"""Cents that nobody owes; an act itself has the real limit."""


def number_of(written: str) -> str:
    """The number of the register that can be meant, whatever its capitals and noughts; else as written."""
    from office.settings import Settings
    from register.views import numbers

    try:
        return alike(written, numbers(Settings.read().register_url, written))
    except NotReachable:
        return written  # the command itself says so


def alike(written: str, known: Iterable[str]) -> str:
    """What is known that differs only by capitals, signs between, and noughts before digits; else itself."""
    there = tuple(known)
    found = [one for one in there if _loose(one) == _loose(written)]
    return found[0] if len(found) == 1 and written not in there else written


def _loose(written: str) -> tuple[str, ...]:
    parts = re.findall(r"[^\W\d_]+|\d+", written.casefold())
    return tuple(str(int(part)) if part.isdecimal() else part for part in parts)


def day_of(written: str, option: str | None) -> date:
    """A day, as people type it where that can mean one only. Raises: InputRefused."""
    with suppress(ValueError):
        if len(written) == len("2026-05-03"):
            return date.fromisoformat(written)
    from office.intake.typed import days

    match days(written):
        case (day,):
            return day
        case ():
            raise InputRefused("typed.no-day", option=option or "", written=written)
        case several:
            raise InputRefused("typed.several-days", option=option or "", written=written, days=several)


def whole_of(written: str, option: str | None) -> int:
    """A whole number in figures, and nothing that would have to be rounded. Raises: InputRefused."""
    if not re.fullmatch(r"-?[0-9]{1,12}", written):
        raise InputRefused("typed.no-whole-number", option=option or "N", written=written)
    return int(written)


def cents_of(written: str, option: str = "--amount") -> int:
    """An amount in euro, as people type it where that can mean one only, in cents. Raises: InputRefused."""
    from office.intake.typed import amounts

    in_cents = [euros * 100 for euros in amounts(written)]
    if len(in_cents) != 1 or in_cents[0] != int(in_cents[0]):
        raise InputRefused("typed.no-amount", option=option, written=written)
    if not 0 < (cents := int(in_cents[0])) < _MOST:
        raise InputRefused("typed.no-such-amount", option=option, written=written)
    return cents


EXIT = {ActRefused: 3, LawSilent: 3, NotFound: 4, OutsideWorldFailed: 5, InputRefused: 2}
"""Exit codes by what was raised; anything else is a fault of ours."""


def here() -> ZoneInfo:
    """The zone of the office; not by models/clock.py, which would cost a list half its time."""
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The civil date in Brussels."""
    return now().astimezone(here()).date()


def by_whom(command: str) -> str:
    """The name of the person whose key signs here, who may do that.

    Raises: NotEmpowered naming who may; OutsideWorldFailed for a key that cannot be used; NotReachable.
    """
    from office.desk.person import empowered
    from office.settings import Settings

    return empowered(Settings.read(), command, today()).person.name
