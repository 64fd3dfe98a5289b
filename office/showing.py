"""What people and programs see: tables and sentences, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from models.due import Due
from models.errors import InputRefused
from models.messages import ENGLISH, Message, named_word, reader, word, worded
from models.signs import OURS, visible

if TYPE_CHECKING:
    from models.clock import Limit

Output = Literal["table", "json"]

WIDE = 160
"""Columns of a table when the output is not a terminal: programs and logs do not wrap."""

ASSUMED = "list.assumed"


class Showing:
    """Shows results on standard output, in the form that was asked for, and trouble on standard error."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def told(self, document: dict[str, Any], lines: Iterator[str]) -> None:
        """A document for programs, or its lines for people."""
        if self._json:
            return print_json(document)
        say("\n".join(lines))
        return None

    def error(
        self, error: str, message: str, possible: Sequence[str], code: int, reason: str | None = None
    ) -> int:
        """What was asked, why not, what is possible now; `reason` is the code of a refused package.

        Returns: the exit code.
        """
        with suppress(OSError):  # the exit code still tells
            if self._json:
                told = {"code": reason} if reason else {}
                print_json({"error": error, **told, "message": message, "possible": list(possible)})
            say(message, file=sys.stderr)
            if len(possible) == 1:
                say(worded("list.possible-now", commands=possible), file=sys.stderr)
            elif possible:
                say(
                    "\n  ".join([worded("list.possible-now", commands="").rstrip(), *possible]),
                    file=sys.stderr,
                )
        return code

    def fault(self, error: Exception, log: Path) -> int:
        """A fault of ours: the traceback goes to the log, a sentence to the operator."""
        import traceback
        from datetime import UTC, datetime

        where = Message("fault.not-written-down")
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a") as out:
                out.write(f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}\n")
                out.write("".join(traceback.format_exception(error)))
            where = Message("fault.see", log=log)
        except OSError:
            pass
        return self.error("Fault", worded("fault.ours", kind=type(error).__name__, where=where), (), 1)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """Shows on standard error how far something slow has come."""
        if not sys.stderr.isatty():
            yield lambda done, of: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)


def written(into: Path, text: str) -> bool:
    """Writes a whole file at once, or standard output for `-`. Returns: whether it was a file."""
    if str(into) == "-":
        sys.stdout.write(text)
        return False
    if str(into).startswith("-"):
        raise InputRefused("list.no-option", file=into)
    from office.modes import whole

    with whole(into) as file:
        file.write(text.encode())
    return True


def one_line(text: str) -> str:
    """A text of others on one line, without signs that steer a screen or turn the direction of writing."""
    import unicodedata

    unseen = ("C", "Zl", "Zp")
    seen = (" " if unicodedata.category(sign).startswith(unseen) else sign for sign in text)
    return " ".join("".join(seen).split())


def say(words: str, file: TextIO | None = None) -> None:
    """Writes words for people on standard output, or elsewhere: each sign of them is seen."""
    print(visible(words), file=file)


def tell_aside(message: Message) -> None:
    """Tells people something beside the result, on standard error."""
    say(message.in_words(), file=sys.stderr)


def speak_as_the_terminal() -> None:
    """Has signs that a terminal cannot show told by their nearest letters, else as a question mark."""
    import codecs
    import io

    codecs.register_error("nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


_NEAREST = str.maketrans("‘’“”«»–…●█▒·◆│▼╷─", '\'\'""""-.o#=.*|v|-') | {ord("€"): "EUR"}
"""Signs of ours that have no letters in them, and what stands for them, as wide as they are in tables."""


def _nearest(error: UnicodeError) -> tuple[str, int]:
    import unicodedata

    if not isinstance(error, UnicodeEncodeError):
        raise error
    told = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_NEAREST))
    letters = (sign for sign in told if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in letters), error.end


def print_json(value: Any) -> None:
    """One JSON document, at once; signs that would steer a screen are escaped, as JSON allows."""
    plain = sys.stdout.encoding.lower().replace("-", "") != "utf8" if sys.stdout.encoding else False
    written = json.dumps(value, default=_json, ensure_ascii=plain)  # at once: ten times faster than piecemeal
    if not written.isprintable():
        written = "".join(sign if visible(sign) == sign else json.dumps(sign)[1:-1] for sign in written)
    print(written)


def _json(value: Any) -> Any:
    if isinstance(value, Due):
        return vars(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def by_name(row: Any) -> dict[str, Any]:
    """What a row of the register says, by the names of its columns."""
    return {name: getattr(row, name) for name in row.__slots__}


def left(working_days: int, calendar_days: int, later: bool = False, mark: str = "") -> str:
    """How far a day is, or how late, in words; `later`: the one of the later reading, the earlier passed."""
    said = f"{far(working_days, calendar_days).in_words()}{mark}"
    return worded("days.later-reading", left=said) if later and calendar_days >= 0 else said


def far(working_days: int, calendar_days: int) -> Message:
    """How far a day is, or how late."""
    if calendar_days < 0:
        key = "days.late" if working_days else "days.passed"
    elif working_days:
        key = "days.within"
    else:
        key = "days.before-the-next" if calendar_days else "days.today"
    return Message(key, n=abs(working_days)) if working_days else Message(key)


def short(text: str, length: int) -> str:
    """A text cut at so many signs; a day or a number in it is told whole or not at all."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    before, blank, last = kept.rpartition(" ")
    if blank and text[length - 1] != " " and any(map(str.isdigit, last)):
        kept = before
    return kept + "…"


def with_degrees(clauses: Mapping[str, str], code: str) -> list[Message]:
    """What clauses of a procedure are about, each with its degree of truth."""
    return [
        Message("law.with-degree", governs=governs(clause, code), degree=named_word(degree))
        for clause, degree in clauses.items()
    ]


def who_acted(by: str) -> str:
    """Who acted: a person by name; what acted where no person did, in words."""
    return word(by) if by in OURS else by


def governs(clause: str, code: str = "") -> str:
    """What a clause is about, in a procedure or in all; its table is read only where one is told."""
    from procedures.books import governs as about

    named = _in_letters(code, "clause", clause)
    return about(clause, code) if named == clause else named


def cited(article: str, code: str) -> str:
    """An article as the letters of a procedure name it, in the language of whoever reads."""
    return _in_letters(code, "source", article)


def lasting(limit: Limit, code: str) -> str:
    """A limit as the letters of a procedure tell it, in the language of whoever reads."""
    return _in_letters(code, "value", limit)


def _in_letters(code: str, how: str, what: Any) -> str:
    """What the law says as letters put it; in English, in which it is held, as it is."""
    if reader() == ENGLISH:
        return str(what)
    from activities.wording import wording_of
    from models.parties import Language
    from procedures.registry import every

    if code not in every():
        return str(what)

    return str(getattr(wording_of(code), how)(what, Language(reader())))


def each_fact(facts: Mapping[str, Any]) -> Iterator[str]:
    """All that an act or an entry says, a line for each of its facts, as it is kept."""
    for name, value in facts.items():
        yield f"  {name.replace('_', '-')}: {_fact(value)}"


def _fact(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_fact, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_fact(part)}" for name, part in value.items())
    return str(value)
