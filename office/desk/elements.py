"""The file in which a decision states its elements: each a name with its words, as TOML.

The duration is a day and stands on the command line; an element that is left empty refers to the version of
the protocol that the act names.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from models.decision import DURATION
from models.errors import InputRefused, NotReachable
from models.messages import worded
from models.parties import Language
from procedures.registry import procedure


def empty(code: str, language: Language) -> str:
    """A file to fill in: every element of a procedure but the duration. Raises: UnknownClause."""
    from activities.wording import wording_of

    words, lines = wording_of(code).words(language)["elements"], [f"# {worded('elements.how')}"]
    for element in procedure(code).elements:
        if element != DURATION:
            lines += ["", f"# {words[element]}", f'{element} = """"""']
    return "\n".join(lines) + "\n"


def hand_out(code: str, language: Language, into: Path) -> Path:
    """Writes an empty file. Raises: InputRefused when it is there already, or cannot be written."""
    content = empty(code, language)
    try:
        with into.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise InputRefused("form.there-already", file=into) from None
    except OSError as error:
        raise NotReachable("letter.not-written", file=into, why=error.strerror) from None
    return into


def read(file: Path) -> dict[str, str]:
    """What a filled file states; what is empty is left out. Raises: InputRefused."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputRefused("typed.unreadable", option="--elements", file=file, why=error.strerror) from None
    except UnicodeDecodeError:
        raise InputRefused("typed.not-utf8", option="--elements", file=file) from None
    except tomllib.TOMLDecodeError as wrong:
        raise InputRefused("elements.unreadable", file=file, why=str(wrong)) from None
    if others := [name for name, words in said.items() if not isinstance(words, str)]:
        raise InputRefused("elements.no-words", file=file, elements=others)
    return {element: words.strip() for element, words in said.items() if words.strip()}
