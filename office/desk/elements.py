"""The file in which a decision states its elements: names with their words by language, as TOML.

The duration is a day and stands on the command line; an element that is left empty refers to the version of
the protocol that the act names.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from models.decision import DURATION
from models.errors import InputRefused, NotReachable
from models.messages import worded
from models.parties import Language
from procedures.registry import procedure


def empty(code: str) -> str:
    """A file to fill in: every element of a procedure but the duration, in each language that is asked.

    Raises: UnknownClause.
    """
    from activities.wording import wording_of

    known, lines = procedure(code), [f"# {worded('elements.how')}"]
    for language in known.public.required if known.public else (known.authority.language,):
        words = wording_of(code).words(language)["elements"]
        lines += ["", f"[{language.value}]"]
        for element in known.elements:
            if element != DURATION:
                lines += ["", f"# {words[element]}", f'{element} = """"""']
    return "\n".join(lines) + "\n"


def hand_out(code: str, into: Path) -> Path:
    """Writes an empty file. Raises: InputRefused when it is there already, or cannot be written."""
    content = empty(code)
    try:
        with into.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise InputRefused("form.there-already", file=into) from None
    except OSError as error:
        raise NotReachable("letter.not-written", file=into, why=error.strerror) from None
    return into


def read(file: Path) -> dict[str, dict[str, str]]:
    """What a filled file states, by language; what is empty is left out. Raises: InputRefused."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputRefused("typed.unreadable", option="--elements", file=file, why=error.strerror) from None
    except UnicodeDecodeError:
        raise InputRefused("typed.not-utf8", option="--elements", file=file) from None
    except tomllib.TOMLDecodeError as wrong:
        raise InputRefused("elements.unreadable", file=file, why=str(wrong)) from None
    if others := [name for name, words in said.items() if not _is_in_words(name, words)]:
        raise InputRefused("elements.no-words", file=file, elements=others)
    stated = {t: {e: w.strip() for e, w in words.items() if w.strip()} for t, words in said.items()}
    return {language: words for language, words in stated.items() if words}


def _is_in_words(name: str, words: Any) -> bool:
    """Whether a table of a file is that of a language, with nothing but texts."""
    spoken = name in [language.value for language in Language] and isinstance(words, dict)
    return spoken and all(isinstance(text, str) for text in words.values())
