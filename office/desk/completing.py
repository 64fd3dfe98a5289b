"""What a shell offers while somebody types: commands, options and their words, numbers, clauses, rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ProcedureError
from office.settings import Settings

if TYPE_CHECKING:
    from cyclopts import App
    from cyclopts.argument import Argument

SCRIPTS = Path(__file__).resolve().parents[2] / "templates" / "completion"
"""What tells each shell to ask us."""

MOST = 200
"""Numbers that are offered at most; of more a few letters are typed first."""


def script(shell: str) -> str:
    """What a shell reads when it starts, to ask us."""
    return (SCRIPTS / f"umn.{shell}").read_text()


def offered(app: App, typed: Sequence[str]) -> Iterator[str]:
    """What can stand in the place of the last word that is typed, as far as it is typed."""
    *before, last = typed or [""]
    found = dict.fromkeys(_of_place(app, before, last))
    yield from (one for one in found if one.startswith(last) and one != last)


def _of_place(app: App, before: Sequence[str], last: str) -> Iterator[str]:
    at, words = app, list(before)
    while words and not words[0].startswith("-") and words[0] in at:
        at = at[words.pop(0)]
    commands = [name for name in at if not name.startswith("-")]
    if commands and not words:
        yield from commands
    if at.default_command is None:
        return
    arguments = list(at.assemble_argument_collection())
    option = next((one for one in arguments if words and words[-1] in one.names), None)
    if option is not None and option.hint is not bool:
        yield from _values(option, words)
    elif last.startswith("-"):
        yield from (name for one in arguments for name in one.names if name.startswith("--"))
    elif any("CLAUSE" in one.names for one in arguments):
        yield from _clauses()
    else:
        yield from _numbers(last)


def _values(option: Argument, words: Sequence[str]) -> Iterator[str]:
    yield from option.get_choices() or ()
    if "--rule" in option.names:
        yield from _rules(words)
    if {"--clause", "--limit"} & set(option.names):
        yield from _clauses()
    if "--number" in option.names:
        yield from _numbers("")


def _clauses() -> Iterator[str]:
    from procedures.books import named, shipped

    yield from (named(clause) for clause in shipped().clauses)


def _rules(words: Sequence[str]) -> Iterator[str]:
    """The rules of the checklist of the dossier that is named."""
    from datetime import date

    from office.desk.examining import checklist
    from register.case import case

    for number in words:
        try:
            yield from (line["rule"] for line in checklist(case(_register(), number, date.max)))
        except ProcedureError:
            continue


def _numbers(last: str) -> Iterator[str]:
    from register.views import natural, numbers

    try:
        known = [number for number in numbers(_register(), "") if number.startswith(last.upper())]
    except ProcedureError:
        return
    yield from sorted(known, key=natural)[:MOST]


def _register() -> str:
    return Settings.read().register_url
