"""The command line by subject: a module is one command with its own commands, loaded when asked.

Four hold commands that stand alone: looking, service, recovery and intake. Here is what all share: how
options are written, what an exit code says, and what day it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from models.errors import ActRefused, InputRefused, LawSilent, NotFound, OutsideWorldFailed
from models.signs import line
from models.words import Word
from office.showing import Output

Form = Annotated[Output, Parameter(name=["--output", "-o"], help="table for people, json for programs")]
Number = Annotated[str, Parameter(help="number of the dossier or programme, as `umn list` shows it")]
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


EXIT = {ActRefused: 3, LawSilent: 3, NotFound: 4, OutsideWorldFailed: 5, InputRefused: 2}
"""Exit codes by what was raised; anything else is a fault of ours."""


def today() -> date:
    """The civil date in Brussels; not by models/clock.py, which would cost a list half its time."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Europe/Brussels")).date()


def by_whom(command: str) -> str:
    """The name of the person whose key signs here, who may do that.

    Raises: NotEmpowered naming who may; OutsideWorldFailed for a key that cannot be used; NotReachable.
    """
    from office.desk.person import empowered
    from office.settings import Settings

    return empowered(Settings.read(), command, today()).person.name
