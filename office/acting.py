"""Makes a command of the command line from an act: its options are the act's fields.

A command is the act in the imperative; its help is the first line of the act's docstring. What people
type differs from what travels in three places: amounts in euro, conditions as "day: text", and files.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from cyclopts import Parameter

from models.acts import Act, AnswersReceived, CompletionReceived, DeclaredIncomplete
from models.dossier import FiledDocument
from models.errors import InputRefused
from office.settings import Settings
from office.showing import Showing

TYPED = {"cents": "amount", "conditions": "condition", "questions": "question", "struck": "strike"}
"""Fields that people type under another name."""

NOT_TYPED = ("act", "by", "on", "request_id", "findings")
"""Fields that are no options of their own: told for all acts, or read from the register."""

_BLANK_LINE = re.compile(r"\n(?:[ \t]*\n)+")

WRITTEN = ("grounds", "text", "continuity_plan", "reason", "question", "missing")
"""Options of words that may stand in a file: @FILE reads them from there."""

_NO_AMOUNT = 10**12
"""Cents that no contribution reaches; the act itself has the real limit."""

_HELP = {
    "by": "who did it",
    "on": "the day on which it really happened; today when left out",
    "request_id": "the same id twice is applied once",
    "missing": "what else is missing; may be repeated",
    "strike": 'a finding that is not asked, as "P-07-fr: reason"; may be repeated',
    "rule": "a rule of its checklist, such as E-01",
    "question": "a question to the applicant; may be repeated",
    "condition": 'what the applicant owes, as "2027-05-31: text"; may be repeated',
    "amount": "in euro, such as 1234.56",
    "grounds": "in words, or @FILE to read them from a text file",
    "documents": "files or folders to keep with the act; may be repeated",
    "condition number": "number of the condition",
}


def command_of(act: type[Act], form: Any) -> Callable[..., Any]:
    """The command that performs an act. `form` is the annotation of the output option."""
    hints = get_type_hints(act, include_extras=True)
    fields = [name for name in act.model_fields if name not in NOT_TYPED]
    parameters = [
        inspect.Parameter(
            "number",
            inspect.Parameter.POSITIONAL_ONLY,
            annotation=Annotated[str, Parameter(help="its number")],
        )
    ]
    for name in fields:
        parameters.append(_option(act, name, hints[name]))
    parameters += [
        _keyword("by", Annotated[str, Parameter(env_var="UMN_BY", help=_HELP["by"])]),
        _keyword("on", Annotated[datetime | None, Parameter(help=_HELP["on"])], None),
        _keyword("request_id", Annotated[str | None, Parameter(help=_HELP["request_id"])], None),
        _keyword("output", form, "table"),
    ]

    async def command(number: str, **options: Any) -> None:
        from office.sending import perform

        settings = Settings.read()
        output, request_id = options.pop("output", "table"), options.pop("request_id", None)
        said = _said(settings, {name: value for name, value in options.items() if value is not None})
        if act is DeclaredIncomplete:
            from office.examining import incomplete

            said = incomplete(settings, number, said)
        receipt = await perform(settings, number, act, said, request_id)
        if act in (CompletionReceived, AnswersReceived) and options.get("documents"):
            from office.summaries import keep_documents

            keep_documents(settings, number, options["documents"], said["by"])
        Showing(output).receipt(receipt)

    command.__name__ = act.__name__
    command.__doc__ = inspect.cleandoc(act.__doc__ or "")
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def _option(act: type[Act], name: str, hint: Any) -> inspect.Parameter:
    field = act.model_fields[name]
    typed = TYPED.get(name, name)
    kind: Any = _plain(hint)
    if name == "cents":
        kind = str
    elif name == "documents":
        kind = list[Path]
    elif get_origin(kind) is tuple:
        kind = list[str]
    elif date in get_args(kind) or kind is date:
        kind = datetime
    help_ = _HELP.get("condition number" if kind is int else typed, "")
    shape = Parameter(help=help_, negative=())
    if field.is_required():
        return _keyword(typed, Annotated[kind, shape])
    if kind is bool:
        return _keyword(typed, Annotated[bool, shape], False)
    return _keyword(typed, Annotated[kind | None, shape], None)


def _keyword(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _plain(hint: Any) -> Any:
    """The type behind annotations that only pydantic reads."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return reduce(or_, (_plain(part) for part in get_args(hint)))
    return hint


def _said(settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the act holds it."""
    said: dict[str, Any] = {}
    for name, value in options.items():
        if name in WRITTEN:
            value = _written(name, value)
        match name:
            case "amount":
                said["cents"] = cents_of(value)
            case "condition" if isinstance(value, list):
                said["conditions"] = tuple(_condition(text) for text in value)
            case "strike":
                said["struck"] = tuple(value)
            case "question":
                said["questions"] = tuple(value)
            case "documents":
                said["documents"] = _kept(settings, value)
            case _ if isinstance(value, datetime):
                said[name] = value.date()
            case _ if isinstance(value, list):
                said[name] = tuple(value)
            case _:
                said[name] = value
    return said


def _written(name: str, typed: Any) -> Any:
    """Words as typed, or read from what @FILE names; where an option repeats, each paragraph is one of it.

    Raises: InputRefused when the file cannot be read as text.
    """
    if isinstance(typed, list):
        read = (_BLANK_LINE.split(_written(name, one)) if one.startswith("@") else [one] for one in typed)
        return [part for parts in read for part in parts]
    if not isinstance(typed, str) or not typed.startswith("@"):
        return typed
    option = f"--{name.replace('_', '-')}"
    try:
        text = Path(typed[1:]).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise InputRefused(f"{option} {typed}: the file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputRefused(f"{option} {typed}: the file is no text in UTF-8; save it as one.") from None
    if not text:
        raise InputRefused(f"{option} {typed}: nothing is written in the file.")
    return text


def cents_of(written: str, option: str = "--amount") -> int:
    """An amount in euro, as people type it, in cents. Raises: InputRefused."""
    try:
        cents = Decimal(written) * 100
        if cents.is_finite() and cents == cents.to_integral_value() and 0 < cents < _NO_AMOUNT:
            return int(cents)
    except InvalidOperation:
        raise InputRefused(f"{option} {written!r} is no amount; write it as 1234.56.") from None
    except ArithmeticError:
        pass  # beyond all numbers
    raise InputRefused(f"{option} {written!r} is no amount of whole cents above nothing.")


def _condition(written: str) -> dict[str, Any]:
    day, _colon, text = written.partition(":")
    try:
        return {"due_on": date.fromisoformat(day.strip()).isoformat(), "text": text.strip()}
    except ValueError:
        raise InputRefused(
            f'--condition {written!r} does not begin with its due date; write it as "2027-05-31: text".'
        ) from None


def _kept(settings: Settings, paths: list[Path]) -> tuple[FiledDocument, ...]:
    """Keeps files by content, and says which: an act carries hashes, never documents."""
    from register.documents import DocumentStore

    store = DocumentStore(settings.documents)
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InputRefused(f"{path} is not there.")
        files += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    names = [file.name for file in files]
    for name in names:
        if not name.isprintable():
            raise InputRefused(f"The file name {name!a} cannot be written in a letter; rename the file.")
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise InputRefused(f"Two files are called {doubles[0]}; give each a name of its own.")
    return tuple(
        FiledDocument(name=file.name, sha256=store.keep(file.read_bytes()), size=file.stat().st_size)
        for file in files
    )
